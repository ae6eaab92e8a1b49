"""Where are the files that prove what was reported? In a folder or a bucket, each under the digest of its bytes.

The same file twice is one. What a file is, its own bytes say, whatever it is called; the digest is what events carry.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url
from starlette.concurrency import run_in_threadpool

from shared.core.errors import Fault

_AT_ONCE_MAX: Final = 8
_SENT_WITHIN_S: Final = 600
_CHUNK_BYTES: Final = 256 * 1024
_UPLOADED_AT_ONCE: Final = 2
_RETRY: Final[Any] = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
ENDINGS: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "video/mp4": "mp4",
    f"{_OFFICE}.wordprocessingml.document": "docx", f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
}  # fmt: skip
_TYPES: Final = {ending: media_type for media_type, ending in ENDINGS.items()}
# What says nothing, and what is widely sent though no register has it.
_UNTOLD: Final = frozenset({"", "application/octet-stream"})
_ALSO_CALLED: Final = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
_STARTS: Final = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"%PDF-": "pdf"}
_OLD_OFFICE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_BOOK_STREAMS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_MP4_BRANDS: Final = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file that is kept; `digest` is `sha256:` and 64 hexadecimal digits."""

    digest: str
    size_bytes: int
    media_type: str


class NotKept(Exception):
    """A file that is not taken, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Unavailable(Exception):
    """The store did not answer; the same may succeed later."""


class EvidenceStore:
    """Files by jurisdiction and digest, at `file://` and a folder, or `s3://` bucket and prefix.

    Credentials come from the environment (`AWS_…`), never from the address.
    """

    def __init__(self, url: str, *, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self._store = _store_at(url)
        self._folder = Path(unquote(urlsplit(url).path)) if url.startswith("file:") else None
        self._turns = asyncio.Semaphore(_AT_ONCE_MAX)

    async def keep(self, jurisdiction: str, chunks: AsyncIterator[bytes], *, declared: str) -> Evidence:
        """Take a file in pieces. NotKept for what is no evidence, Unavailable where it cannot be stored.

        Memory is bounded: what has come is on disk, and so many files are taken at once.
        """
        async with self._turns:
            with TemporaryFile() as spool:
                digest, size_bytes = await self._received(chunks, spool)
                found = Evidence(digest, size_bytes, await run_in_threadpool(_type_of, spool, declared))
                await self._called(lambda: self._put(jurisdiction, found, spool))
                return found

    async def find(self, jurisdiction: str, digest: str) -> Evidence | None:
        """The file with a digest, if it is kept. Raises Unavailable."""
        found: Evidence | None = await self._called(lambda: self._find(jurisdiction, digest))
        return found

    async def read(self, jurisdiction: str, found: Evidence) -> Iterator[bytes]:
        """The bytes of a file, in pieces; each is fetched while the caller waits. Raises Unavailable."""
        got = await self._called(lambda: obstore.get(self._store, _path(jurisdiction, found)))
        return (bytes(piece) for piece in got.stream(min_chunk_size=_CHUNK_BYTES))

    async def _received(self, chunks: AsyncIterator[bytes], spool: IO[bytes]) -> tuple[str, int]:
        hashed, size_bytes = hashlib.sha256(), 0
        try:
            async with asyncio.timeout(_SENT_WITHIN_S):
                async for chunk in chunks:
                    size_bytes += len(chunk)
                    if size_bytes > self.bytes_max:
                        raise too_large(self.bytes_max)
                    hashed.update(chunk)
                    spool.write(chunk)
        except TimeoutError as error:
            raise NotKept(Fault("evidence_too_slow", "", "The file did not arrive in time.")) from error
        if not size_bytes:
            raise NotKept(Fault("evidence_empty", "", "The file is empty."))
        spool.flush()
        return f"sha256:{hashed.hexdigest()}", size_bytes

    async def _called(self, ask: Callable[[], Any]) -> Any:
        # In threads: the library's coroutines abort the process when it ends (PyO3/pyo3-async-runtimes#40).
        try:
            return await run_in_threadpool(ask)
        except (BaseError, OSError) as error:
            first_line = str(error).partition("\n")[0]  # the rest is the library's own tree
            raise Unavailable(f"{type(error).__name__}: {first_line}") from error

    def _put(self, jurisdiction: str, found: Evidence, spool: IO[bytes]) -> None:
        if self._find(jurisdiction, found.digest):
            return
        spool.seek(0)
        path = _path(jurisdiction, found)
        obstore.put(self._store, path, spool, max_concurrency=_UPLOADED_AT_ONCE)
        if self._folder:
            _settle(self._folder / path)

    def _find(self, jurisdiction: str, digest: str) -> Evidence | None:
        for one in obstore.list(self._store, prefix=_folder_of(jurisdiction, digest)).collect():
            media_type = _TYPES.get(one["path"].rpartition(".")[2])
            if media_type:
                return Evidence(digest, one["size"], media_type)
        return None


def too_large(bytes_max: int) -> NotKept:
    message = "The file is too large: at most {count} bytes are taken."
    return NotKept(Fault("evidence_too_large", "", message, {"count": str(bytes_max)}))


def ending_of(content: bytes | mmap) -> str | None:
    """What a file is by its bytes, as the ending of its name; None for anything that is not taken as evidence."""
    head = content[:16]
    for start, ending in _STARTS.items():
        if head.startswith(start):
            return ending
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mp4" if head[8:12] in _MP4_BRANDS else None
    if head.startswith(b"PK\x03\x04"):
        return _ending_of_package(content)
    # Of the old formats, the names of the streams inside tell a workbook from a letter or an installer.
    is_book = head.startswith(_OLD_OFFICE) and any(content.find(name) >= 0 for name in _BOOK_STREAMS)
    return "xls" if is_book else None


def _ending_of_package(content: bytes | mmap) -> str | None:
    # Names stand uncompressed in a package. Nothing is unpacked: a bomb stays packed.
    if content.find(b"[Content_Types].xml") < 0 or content.find(b"vbaProject.bin") >= 0:
        return None
    if content.find(b"word/document.xml") >= 0:
        return "docx"
    return "xlsx" if content.find(b"xl/workbook.xml") >= 0 else None


def _type_of(spool: IO[bytes], declared: str) -> str:
    with mmap(spool.fileno(), 0, access=ACCESS_READ) as content:
        ending = ending_of(content)
    if ending is None:
        allowed = {"allowed": ", ".join(sorted(_TYPES))}
        raise NotKept(Fault("evidence_type", "", "Files of this kind are not taken, only {allowed}.", allowed))
    plain = declared.partition(";")[0].strip().lower()
    if plain not in _UNTOLD and _ALSO_CALLED.get(plain, plain) != _TYPES[ending]:
        told = {"declared": plain[:100], "found": _TYPES[ending]}
        message = "The file is sent as {declared}, but it is {found}."
        raise NotKept(Fault("evidence_type_differs", "", message, told))
    return _TYPES[ending]


def _store_at(url: str) -> ObjectStore:
    if url.startswith("file:"):
        return from_url(url, mkdir=True)
    if url.startswith("s3:"):
        # No client options: they would take the place of those in the environment, AWS_ALLOW_HTTP among them.
        return from_url(url, retry_config=_RETRY)
    return from_url(url)


def _folder_of(jurisdiction: str, digest: str) -> str:
    return f"{jurisdiction}/{digest.replace(':', '-')}"


def _path(jurisdiction: str, found: Evidence) -> str:
    return f"{_folder_of(jurisdiction, found.digest)}/evidence.{ENDINGS[found.media_type]}"


def _settle(file: Path) -> None:
    """Bring a file and its folders to the disk: an event that names it may be there already at a power failure."""
    for path in (file, *list(file.parents)[:3]):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
