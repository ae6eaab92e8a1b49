"""How rows written with a transaction reach their stream exactly once, in order."""

import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from nats.aio.client import Client

from shared.infra.bus import Message, Outgoing, Unanswered, WrongSequence, publish_batch
from shared.infra.faults import crash_point
from shared.infra.reader import read_to_end
from shared.infra.streams import partition_filter

# What a broker allows that nobody configured, and what it may have to stage in memory.
_ROWS_MAX = 1000
_BYTES_MAX = 8 * 1024 * 1024
_ATTEMPTS_MAX = 5
_OF_NO_ORDER = ".drift_found"

_log = logging.getLogger(__name__)


class AnotherWriter(Exception):
    """Somebody else wrote to this partition of the stream: this process has lost it and must leave."""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """One row of the outbox; row numbers only grow, message ids are unique."""

    row: int
    message: Outgoing


class Pending(NamedTuple):
    """The oldest rows, by row number, and the position in the stream of the last row that was struck off."""

    relayed_to: int
    rows: list[PendingRow]


class Outbox(Protocol):
    """Where outgoing messages wait, written in the transaction that decided them."""

    async def pending(self, stream: str, partition: int, limit: int) -> Pending:
        """Return at most `limit` rows not yet struck off, and where the last before them stands: one snapshot."""
        ...

    async def strike_off(self, stream: str, partition: int, up_to_row: int, *, position: int) -> None:
        """Forget all rows up to one that stands at a position; those already gone do not matter."""
        ...


class Relay:
    """Publish what is pending in one partition of a stream.

    Each batch expects the last position under the partition's filter. So a crash between publishing and
    striking off doubles nothing. In doubt, what the stream holds since the last strike-off is held against the rows:
    statements have the ids of their contents, so another process that follows the same record, on this database or
    on its own, writes the same in the same order, and whoever comes second only strikes off.
    """

    def __init__(
        self, client: Client, outbox: Outbox, *, stream: str, partition: int, crash_prefix: str = "relay"
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._stream = stream
        self._partition = partition
        self._filter_subject = partition_filter(stream, partition)
        self._crash_name = f"{crash_prefix}.after_relay"
        self._last = 0
        self._is_in_doubt = True

    async def drain(self) -> int:
        """Publish all pending rows; return how many left the outbox.

        Call it at start and after each commit, one call at a time. Raises AnotherWriter, and, after
        several attempts, Unanswered or WrongSequence; the next call then looks again before it writes.
        """
        count = 0
        attempts = 0
        while True:
            try:
                relayed = await self._settle() if self._is_in_doubt else await self._publish_some()
            except (WrongSequence, Unanswered) as error:
                attempts += 1
                _log.warning("relay_in_doubt", extra={"stream": self._stream, "reason": str(error)})
                if attempts >= _ATTEMPTS_MAX:
                    raise
                continue
            if relayed is None:
                return count
            count += relayed

    async def _publish_some(self) -> int | None:
        rows = _within_bytes((await self._outbox.pending(self._stream, self._partition, _ROWS_MAX)).rows)
        if not rows:
            return None
        # Until the rows are struck off, an error or a cancellation anywhere leaves a doubt.
        self._is_in_doubt = True
        positions = await publish_batch(
            self._client,
            self._stream,
            [row.message for row in rows],
            filter_subject=self._filter_subject,
            expect_last=self._last,
        )
        crash_point(self._crash_name)
        await self._outbox.strike_off(self._stream, self._partition, rows[-1].row, position=positions[-1])
        self._last, self._is_in_doubt = positions[-1], False
        return len(rows)

    async def _settle(self) -> int | None:
        """Strike off what the stream already holds; None where it holds more than was ever decided here."""
        relayed_to, rows = await self._outbox.pending(self._stream, self._partition, _ROWS_MAX)
        ours = frozenset(row.message.id for row in rows)
        held, end = await self._held(after=relayed_to, limit=len(rows) + 1, ours=ours)
        for message, row in zip(held, rows, strict=False):
            if message.id != row.message.id:
                raise AnotherWriter(f"{self._filter_subject} holds {message.id} at {message.position}: not ours")
        count = min(len(held), len(rows))
        if count:
            last = held[count - 1].position
            await self._outbox.strike_off(self._stream, self._partition, rows[count - 1].row, position=last)
        if len(held) > len(rows):  # somebody is ahead of us: our rows for it are still to come
            return count or None
        self._last, self._is_in_doubt = end, False
        return count

    async def _held(self, *, after: int, limit: int, ours: frozenset[str]) -> tuple[list[Message], int]:
        """What stands there in the order of statements, and the position of the last that was looked at.

        What one process found to differ no other one has to find: it stands in no order.
        """
        held: list[Message] = []
        end = after
        reading = read_to_end(
            self._client, stream=self._stream, filter_subject=self._filter_subject, after=after, batch_max=limit
        )
        async with aclosing(reading) as batches:
            async for batch in batches:
                held += [one for one in batch if one.id in ours or not one.subject.endswith(_OF_NO_ORDER)]
                end = batch[-1].position if batch else end
                if len(held) >= limit:
                    break
        return held[:limit], end


def _within_bytes(rows: Sequence[PendingRow]) -> list[PendingRow]:
    taken: list[PendingRow] = []
    size = 0
    for row in rows:
        size += len(row.message.body)
        if taken and size > _BYTES_MAX:
            break
        taken.append(row)
    return taken
