"""Which streams there are, how they are set, and how a subject says what a message is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nats.aio.client import Client

from shared.infra.bus import MESSAGE_BYTES_MAX, STREAM_NOT_FOUND, Refused, ask

RECORD = "RECORD"
STANDINGS = "STANDINGS"
NOTICES = "NOTICES"
PARTITIONS = 16

_LAYOUTS: Mapping[str, tuple[str, ...]] = {
    RECORD: ("kind", "entity", "event"),
    STANDINGS: ("list_code", "event"),
    NOTICES: ("kind", "level", "unit"),
}
_TOKEN = re.compile(r"[!-~]+")
_TOKEN_SPECIAL = frozenset(".*>")
_SUBJECTS_KEPT_MAX = 10_000
"""Most events are of an entity that had others lately."""
_DUPLICATE_WINDOW_NS = 120 * 1_000_000_000


class StreamMissing(Exception):
    """A stream is absent or not set as it must be; the message says what to run."""


def partition_of(jurisdiction: str) -> int:
    """Return the partition a jurisdiction gets unless its opening says otherwise: FNV-1a 32 of its code."""
    digest = 0x811C9DC5
    for octet in jurisdiction.encode("ascii"):
        digest = (digest ^ octet) * 0x01000193 & 0xFFFFFFFF
    return digest % PARTITIONS


def record_subject(partition: int, jurisdiction: str, kind: str, entity: str, event: str) -> str:
    """Return `record.<partition>.<jurisdiction>.<kind>.<entity>.<event>`."""
    return _subject(RECORD, partition, jurisdiction, kind, entity, event)


def standings_subject(partition: int, jurisdiction: str, list_code: str, event: str) -> str:
    """Return `standings.<partition>.<jurisdiction>.<list>.<event>`."""
    return _subject(STANDINGS, partition, jurisdiction, list_code, event)


def notices_subject(partition: int, jurisdiction: str, kind: str, level: str, unit: str) -> str:
    """Return `notices.<partition>.<jurisdiction>.<kind>.<level>.<unit>`."""
    return _subject(NOTICES, partition, jurisdiction, kind, level, unit)


def jurisdiction_filter(stream: str, partition: int, jurisdiction: str) -> str:
    """Return the filter of one jurisdiction; on RECORD the only one that expectations may name."""
    return f"{_subject(stream, partition, jurisdiction)}.>"


def partition_filter(stream: str, partition: int) -> str:
    """Return the filter of one partition; except on RECORD the only one that expectations may name."""
    return f"{_subject(stream, partition)}.>"


@lru_cache(maxsize=_SUBJECTS_KEPT_MAX)
def _subject(stream: str, partition: int, *tokens: str) -> str:
    if not 0 <= partition < PARTITIONS:
        raise ValueError(f"there is no partition {partition}")
    for token in tokens:
        if not _TOKEN.fullmatch(token) or _TOKEN_SPECIAL.intersection(token):
            raise ValueError(f"{token!r} cannot be part of a subject: printable ASCII without . * >")
    return ".".join((stream.lower(), str(partition), *tokens))


@dataclass(frozen=True, slots=True)
class SubjectParts:
    """What a subject says; parts that its stream does not have are empty."""

    stream: str
    partition: int
    jurisdiction: str
    kind: str = ""
    entity: str = ""
    event: str = ""
    list_code: str = ""
    level: str = ""
    unit: str = ""

    @classmethod
    def parse(cls, subject: str) -> "SubjectParts":
        """Read a subject of one of the three streams; raises ValueError for any other."""
        stream, *tokens = subject.split(".")
        layout = _LAYOUTS.get(stream.upper())
        if layout is None or len(tokens) != len(layout) + 2:
            raise ValueError(f"{subject!r} is no subject of ours")
        partition, jurisdiction, *rest = tokens
        named = dict(zip(layout, rest, strict=True))
        return cls(stream.upper(), int(partition), jurisdiction, **named)

    @classmethod
    @lru_cache(maxsize=_SUBJECTS_KEPT_MAX)
    def leniently(cls, subject: str) -> "SubjectParts":
        """Read any subject of a partition's filter; one that is none of ours has no kind, and itself as entity."""
        try:
            return cls.parse(subject)
        except ValueError:
            stream, partition, jurisdiction, *_ = [*subject.split("."), "", ""]
            return cls(stream.upper(), int(partition), jurisdiction, entity=subject)


async def provision(client: Client, *, replicas: int = 1) -> None:
    """Make the three streams, or bring their settings up to date; a second run changes nothing.

    The migration that a deploy runs; services only check. Keeps settings that are not ours (placement,
    size limits). Raises Refused when a stream exists with a setting that cannot be changed.
    """
    for stream in _LAYOUTS:
        wanted = {**_settings(stream), "num_replicas": replicas}
        present = await _present(client, stream)
        if present is None:
            await ask(client, f"STREAM.CREATE.{stream}", wanted)
        elif _differences(present, wanted):
            await ask(client, f"STREAM.UPDATE.{stream}", {**present, **wanted})


async def check_streams(client: Client) -> None:
    """Make sure that the three streams are there and set as they must be; raises StreamMissing."""
    for stream in _LAYOUTS:
        present = await _present(client, stream)
        if present is None:
            raise StreamMissing(f"stream {stream} is missing: run `duban provision`")
        if different := _differences(present, _settings(stream)):
            raise StreamMissing(f"stream {stream} differs in {', '.join(different)}: run `duban provision`")


def _settings(stream: str) -> dict[str, Any]:
    return {
        "name": stream,
        "subjects": [f"{stream.lower()}.>"],
        "storage": "file",
        "retention": "limits",
        # A full disk must refuse the new, never forget the old.
        "discard": "new",
        "max_age": 0,
        "max_msgs": -1,
        "max_msgs_per_subject": -1,
        "max_msg_size": MESSAGE_BYTES_MAX,
        "duplicate_window": _DUPLICATE_WINDOW_NS,
        "allow_atomic": True,
        "allow_direct": True,
        "deny_delete": True,
        "deny_purge": True,
    }


async def _present(client: Client, stream: str) -> dict[str, Any] | None:
    try:
        config: dict[str, Any] = (await ask(client, f"STREAM.INFO.{stream}"))["config"]
    except Refused as refused:
        if refused.code == STREAM_NOT_FOUND:
            return None
        raise
    return config


def _differences(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if present.get(name) != value]
