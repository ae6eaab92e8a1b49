"""How rows written with a transaction reach their stream exactly once, in order."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nats.aio.client import Client

from shared.infra.bus import BATCH_MAX, Outgoing, Unanswered, WrongSequence, last_message, publish_batch
from shared.infra.faults import crash_point
from shared.infra.streams import partition_filter

# What a broker allows that nobody configured, and what it may have to stage in memory.
_ROWS_MAX = 1000
_BYTES_MAX = 8 * 1024 * 1024
_ATTEMPTS_MAX = 5

_log = logging.getLogger(__name__)


class AnotherWriter(Exception):
    """Somebody else wrote to this partition of the stream: this process has lost it and must leave."""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """One row of the outbox; row numbers only grow, message ids are unique."""

    row: int
    message: Outgoing


class Outbox(Protocol):
    """Where outgoing messages wait, written in the transaction that decided them."""

    async def pending(self, stream: str, partition: int, limit: int) -> list[PendingRow]:
        """Return the oldest rows, by row number, not yet struck off."""
        ...

    async def strike_off(self, stream: str, partition: int, up_to_row: int) -> None:
        """Forget all rows of the partition up to and including one; those already gone do not matter."""
        ...


class Relay:
    """Publish what is pending in one partition of a stream; the only writer there.

    Each batch expects the last position under the partition's filter. So a crash between publishing and
    striking off doubles nothing, and an owner that was paused while another took over is refused.
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
        self._last: int | None = None
        self._published: int | None = None
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
        rows = _within_bytes(await self._outbox.pending(self._stream, self._partition, _ROWS_MAX))
        if not rows:
            return None
        # Until the rows are struck off, an error or a cancellation anywhere leaves a doubt.
        self._is_in_doubt = True
        self._published = await self._publish([row.message for row in rows])
        crash_point(self._crash_name)
        await self._outbox.strike_off(self._stream, self._partition, rows[-1].row)
        self._last, self._is_in_doubt = self._published, False
        return len(rows)

    async def _publish(self, messages: Sequence[Outgoing]) -> int:
        expect_last = self._last or 0
        positions = await publish_batch(
            self._client, self._stream, messages, filter_subject=self._filter_subject, expect_last=expect_last
        )
        return positions[-1]

    async def _settle(self) -> int:
        """Find out what the stream holds, and strike off what is already there."""
        last = await last_message(self._client, self._stream, self._filter_subject)
        position = last.position if last else 0
        relayed = 0
        if last and position != self._last:
            relayed = await self._strike_off_through(last.id)
        if not relayed and not self._is_ours(position):
            raise AnotherWriter(f"{self._filter_subject} ends at {position}, which is not ours; {self._last} was")
        self._last, self._is_in_doubt = position, False
        return relayed

    def _is_ours(self, position: int) -> bool:
        # A fresh relay has nothing to compare with; the rows decide. Without a row, what it stored itself.
        return self._last is None or position in {self._last, self._published}

    async def _strike_off_through(self, message_id: str) -> int:
        # A batch is all or nothing, so the last of a stored batch is among the first rows, BATCH_MAX at most.
        rows = await self._outbox.pending(self._stream, self._partition, BATCH_MAX)
        for count, row in enumerate(rows, start=1):
            if row.message.id == message_id:
                await self._outbox.strike_off(self._stream, self._partition, row.row)
                return count
        return 0


def _within_bytes(rows: Sequence[PendingRow]) -> list[PendingRow]:
    taken: list[PendingRow] = []
    size = 0
    for row in rows:
        size += len(row.message.body)
        if taken and size > _BYTES_MAX:
            break
        taken.append(row)
    return taken
