"""Evidence is kept alike in a folder, in memory and in a bucket of a real S3 server."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto.server import ThreadedMotoServer

from services.intake.evidence import Evidence, EvidenceStore, NotKept, Unavailable
from tests.support.files import JPEG, MP4, PDF, PNG, a_docx, a_zip, an_xls, an_xlsx

pytestmark = pytest.mark.connected
BYTES_MAX = 12 * 1024 * 1024
JURISDICTION = "d003"
_AWS = {
    "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
}  # fmt: skip


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server with a bucket."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        httpx.put(f"{address}/evidence", timeout=10).raise_for_status()
        yield address
    finally:
        server.stop()


@contextmanager
def credentials(s3: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**_AWS, "AWS_ENDPOINT_URL": s3}.items():
            environment.setenv(name, value)
        yield


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceStore:
    if request.param == "bucket":
        with credentials(request.getfixturevalue("s3")):
            return EvidenceStore(f"s3://evidence/{tmp_path.name}", bytes_max=BYTES_MAX)
    url = (tmp_path / "证据 1").as_uri() if request.param == "folder" else "memory:///"
    return EvidenceStore(url, bytes_max=BYTES_MAX)


async def pieces(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def keep(store: EvidenceStore, content: bytes, declared: str = "") -> Evidence:
    return await store.keep(JURISDICTION, pieces(content), declared=declared)


async def fetched(store: EvidenceStore, found: Evidence) -> bytes:
    return b"".join(await store.read(JURISDICTION, found))


async def refusal(store: EvidenceStore, content: bytes, declared: str = "") -> str:
    with pytest.raises(NotKept) as refused:
        await keep(store, content, declared)
    return refused.value.fault.code


@pytest.mark.parametrize("content", [JPEG, PDF, MP4, a_docx(), an_xlsx(), an_xls()])
async def test_what_is_kept_is_found_under_the_digest_of_its_bytes(store: EvidenceStore, content: bytes) -> None:
    kept = await keep(store, content)
    assert kept.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert kept.size_bytes == len(content)
    assert await store.find(JURISDICTION, kept.digest) == kept
    assert await fetched(store, kept) == content


async def test_a_large_file_comes_back_whole(store: EvidenceStore) -> None:
    content = JPEG + bytes(range(256)) * 46_000
    assert await fetched(store, await keep(store, content)) == content


async def test_the_same_file_twice_is_one(store: EvidenceStore) -> None:
    first, again = await keep(store, PNG, "image/png"), await keep(store, PNG, "application/octet-stream")
    assert first == again
    assert await store.find(JURISDICTION, first.digest) == first


async def test_each_jurisdiction_sees_its_own(store: EvidenceStore) -> None:
    kept = await keep(store, PNG)
    assert await store.find("elsewhere", kept.digest) is None
    assert await store.find(JURISDICTION[:-1], kept.digest) is None


async def test_what_was_never_sent_is_not_found(store: EvidenceStore) -> None:
    assert await store.find(JURISDICTION, f"sha256:{'0' * 64}") is None


async def test_a_file_that_is_refused_leaves_nothing_behind(store: EvidenceStore) -> None:
    for content in (b"", b"x", PDF + b"\0" * BYTES_MAX, a_zip(["a.txt"], size=10_000_000)):
        await refusal(store, content)
        assert await store.find(JURISDICTION, f"sha256:{hashlib.sha256(content).hexdigest()}") is None


@pytest.mark.parametrize(
    ("content", "declared", "code"),
    [
        (b"", "image/jpeg", "evidence_empty"),
        (b"plain", "text/plain", "evidence_type"),
        (b"plain", "image/jpeg", "evidence_type"),
        (PNG, "image/jpeg", "evidence_type_differs"),
        (PNG, "督办", "evidence_type_differs"),
        (JPEG + b"\0" * BYTES_MAX, "image/jpeg", "evidence_too_large"),
    ],
)
async def test_a_refusal_says_why(tmp_path: Path, content: bytes, declared: str, code: str) -> None:
    store = EvidenceStore(tmp_path.as_uri(), bytes_max=BYTES_MAX)
    assert await refusal(store, content, declared) == code


@pytest.mark.parametrize(
    "declared", ["image/jpeg", "IMAGE/JPEG; charset=binary", "image/jpg", "", "application/octet-stream"]
)
async def test_what_is_declared_must_be_what_it_is_or_say_nothing(tmp_path: Path, declared: str) -> None:
    store = EvidenceStore(tmp_path.as_uri(), bytes_max=BYTES_MAX)
    assert (await keep(store, JPEG, declared)).media_type == "image/jpeg"


async def test_reading_stops_where_the_limit_is_passed(tmp_path: Path) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 64 * 1024
            yield JPEG.ljust(64 * 1024)

    store = EvidenceStore(tmp_path.as_uri(), bytes_max=BYTES_MAX)
    with pytest.raises(NotKept, match="evidence_too_large"):
        await store.keep(JURISDICTION, endless(), declared="")
    assert sent <= BYTES_MAX + 64 * 1024


async def test_a_file_that_never_ends_to_arrive_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.evidence._SENT_WITHIN_S", 0.05)
    never = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield JPEG
        await never.wait()

    with pytest.raises(NotKept, match="evidence_too_slow"):
        await EvidenceStore(tmp_path.as_uri(), bytes_max=BYTES_MAX).keep(JURISDICTION, stalled(), declared="")


async def test_a_bucket_that_does_not_answer_is_told_without_its_credentials(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    retry: dict[str, Any] = {"max_retries": 0}
    monkeypatch.setattr("services.intake.evidence._RETRY", retry)
    with credentials(s3):
        store = EvidenceStore("s3://no-such-bucket/x", bytes_max=BYTES_MAX)
    with pytest.raises(Unavailable) as told:
        await keep(store, PNG)
    assert "hunter2" not in str(told.value)


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    store = EvidenceStore((tmp_path / "kept").as_uri(), bytes_max=BYTES_MAX)
    (tmp_path / "kept" / JURISDICTION).write_text("a file where a folder should be")
    with pytest.raises(Unavailable):
        await keep(store, PNG)
