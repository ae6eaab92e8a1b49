"""How is the record read from outside? Event by event with its position, from a position on, a page or for ever."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nats.aio.client import Client

from services.intake.domain.reading import Standpoint, reads
from services.intake.domain.secrecy import is_secret
from shared.core.errors import CannotApply
from shared.core.events import SHAPES
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.bus import Message
from shared.infra.reader import Reader, read_to_end
from shared.infra.runtime import stopped
from shared.infra.streams import RECORD, SubjectParts

LOOKED_AT_MAX = 10_000
"""Events looked at for one page: whoever may read few of many asks again from where the page ended."""
_BATCH_MAX = 200
_ENCODED_START = b'{"specversion":"1.0","id":"'
_SUBJECTS_KEPT_MAX = 10_000
_SECRET = frozenset((*shape.type.split(".")[1:3],) for event, shape in SHAPES.items() if is_secret(event))


@dataclass(frozen=True, slots=True)
class Page:
    """Events as JSON, and the position up to which the record was looked at; `is_end`: nothing more is there yet."""

    events: list[bytes]
    until: int
    is_end: bool


async def lines(
    client: Client, jurisdiction: str, after: int, shown: Callable[[Message], bool]
) -> AsyncIterator[bytes]:
    """All that is shown of the record after a position, a line an event."""
    async with aclosing(_to_end(client, jurisdiction, after, 1000)) as batches:
        async for batch in batches:
            yield b"".join(as_json(message) + b"\n" for message in batch if shown(message))


async def page(client: Client, jurisdiction: str, after: int, limit: int, shown: Callable[[Message], bool]) -> Page:
    """At most so many of the events after a position that are shown."""
    events: list[bytes] = []
    until, count = after, 0
    async with aclosing(_to_end(client, jurisdiction, after, _BATCH_MAX)) as batches:
        async for batch in batches:
            for message in batch:
                if len(events) == limit or count == LOOKED_AT_MAX:
                    return Page(events, until, is_end=False)
                until, count = message.position, count + 1
                if shown(message):
                    events.append(as_json(message))
    return Page(events, until, is_end=True)


async def live(
    client: Client, jurisdiction: str, after: int, *, ended: asyncio.Event, lasts_s: float
) -> AsyncGenerator[list[Message], None]:
    """What is recorded after a position, as it comes, until something ends or so long has passed."""
    reader = Reader(client, stream=RECORD, filter_subject=_subject(jurisdiction), after=after, batch_max=_BATCH_MAX)
    ending = asyncio.ensure_future(ended.wait())
    until_s = asyncio.get_running_loop().time() + lasts_s
    tasks: set[asyncio.Future[Any]] = {ending}
    async with aclosing(reader.batches()) as batches:
        try:
            while True:
                coming = asyncio.ensure_future(anext(batches))
                tasks = {ending, coming}
                left_s = until_s - asyncio.get_running_loop().time()
                done, _ = await asyncio.wait(tasks, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                if coming not in done or ending in done:
                    return
                yield coming.result()
        finally:
            await stopped(tasks)  # type: ignore[arg-type]


def is_shown(ledger: Ledger, by: Standpoint, message: Message) -> bool:
    """Whether somebody may read a message of the record; what cannot be read is for those who may read all."""
    parts = _parts(message.subject)
    if by.is_operator or (by.reads_all and (parts.kind, parts.event) not in _SECRET):
        return True
    try:
        return reads(ledger, by, wire.decode(message.body, position=message.position))
    except CannotApply:
        return False


def as_json(message: Message) -> bytes:
    """One event of the record, on one line. The stored bytes are kept; the position is put in front (events.md)."""
    body = message.body
    if not _is_as_encoded(message) and not _is_event_of(message):
        body = json.dumps(_stand_in(message), ensure_ascii=False, separators=(",", ":")).encode()
    # Whatever else wrote an event may have laid it out in lines: outside of strings, where JSON allows no line break.
    text = body.strip().replace(b"\n", b" ").replace(b"\r", b" ")
    return b'{"position":%d,%b' % (message.position, text[1:])


def _to_end(client: Client, jurisdiction: str, after: int, batch_max: int) -> AsyncGenerator[list[Message], None]:
    return read_to_end(client, stream=RECORD, filter_subject=_subject(jurisdiction), after=after, batch_max=batch_max)


def _subject(jurisdiction: str) -> str:
    return f"record.*.{jurisdiction}.>"  # its partition stands in its first event


def _is_as_encoded(message: Message) -> bool:
    """Whether it looks like what intake writes. Cheap, since nearly all of a record is that."""
    return (
        message.body.startswith(_ENCODED_START) and message.body.endswith(b"}}") and bool(_parts(message.subject).kind)
    )


def _is_event_of(message: Message) -> bool:
    """Whether it can be read; or names, unreadable as it is, kind and entity as its subject does."""
    parts = _parts(message.subject)
    try:
        value = wire.load(message.body)
        named = value["type"].split(".")[1], value["subject"]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return False
    return bool(parts.kind) and named == (parts.kind, f"{parts.jurisdiction}/{parts.entity}")


def _stand_in(message: Message) -> dict[str, Any]:
    """What takes the place of a body that is no event, so that a file parks what the services park."""
    parts = _parts(message.subject)
    kind, event = parts.kind or "unknown", parts.event or "unreadable"
    return {
        "specversion": "1.0", "id": message.id or str(message.position), "source": "/duban/unreadable",
        "type": f"duban.{kind}.{event}.v1", "subject": f"{parts.jurisdiction}/{parts.entity}",
        "time": message.stored_at.isoformat(), "data": {},
    }  # fmt: skip


_parts = lru_cache(maxsize=_SUBJECTS_KEPT_MAX)(SubjectParts.leniently)
