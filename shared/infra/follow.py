"""The one way in which scoring and notify follow the record: decode, take, save, relay; batch by batch.

What a batch changes is saved in one transaction with the checkpoint. An event that cannot be applied is parked, and
so is what comes after it for the same entity; where something must come first, the jurisdiction is held back, in
order, and the others go on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog
from nats.aio.client import Client

from shared.core.errors import CannotApply, NotYet
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.infra import wire
from shared.infra.aside import Aside
from shared.infra.bus import Message
from shared.infra.generations import NeedsRebuild, Superseded
from shared.infra.ledgers import Checkpoint, CheckpointLost, ParkedRow, Saving, Snapshot, SqlLedgers, Statement
from shared.infra.outbox import AnotherWriter, Relay
from shared.infra.reader import AnotherHistory, Reader, insist_on_history
from shared.infra.streams import SubjectParts, partition_filter

BATCH_MAX = 1000
STATEMENTS_MAX = 5_000
"""Where many lists are drawn at once, what is said of all of them must not lie in memory together."""
_RETRY_S = 1.0

FOLLOWING_FAILED = "following_failed"
_log = structlog.stdlib.get_logger("duban.follow")


class Take(Protocol):
    """A service's use case: one event in, its statements out. CannotApply and NotYet leave the ledger as it was."""

    def __call__(self, ledger: Ledger, recorded: AnyRecorded, *, parked: Sequence[Parked]) -> list[Statement]: ...


Patience = Callable[[NotYet], Awaitable[bool]]
"""Wait a little for what must come first; whether it came."""


@dataclass(slots=True)
class _Batch:
    """What one batch changes, until it is saved."""

    before: Checkpoint
    after: Checkpoint
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    parked: list[ParkedRow] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    freed: str = ""  # the jurisdiction that is held back no longer


class Follower:
    """Follows one partition of one stream. `state` says in words how it fares; only `following` is good.

    `aside` is what it has parked or holds back.
    """

    def __init__(
        self, client: Client, ledgers: SqlLedgers, *, stream: str, partition: int, take: Take, relay: Relay,
        patience: Patience, saved: Callable[[Sequence[Ledger]], None],
        saving: Callable[[Sequence[Snapshot]], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._client, self._ledgers, self._stream, self._partition = client, ledgers, stream, partition
        self._take, self._relay, self._patience = take, relay, patience
        self._saving, self._saved = saving, saved
        self._cache: dict[str, Ledger] = {}
        self.aside = Aside()
        self._lock = asyncio.Lock()
        self._generation = 0
        self.checkpoint = Checkpoint()
        self.state = "starting"

    async def run(self) -> None:
        """Follow until cancelled. A partition that another process took over is left for good."""
        while True:
            try:
                await self._follow()
            except (CheckpointLost, AnotherWriter, AnotherHistory) as lost:
                self.state = f"left: {lost}"
                _log.error(FOLLOWING_FAILED, partition=self._partition, reason=self.state)
                return
            except Superseded:  # a rebuild was put to use: start anew with it
                continue
            except NeedsRebuild as needs:
                if self.state != str(needs):
                    _log.error(FOLLOWING_FAILED, partition=self._partition, reason=str(needs))
                self.state = str(needs)
                await asyncio.sleep(_RETRY_S)
            except Exception as error:  # a database or a broker that is away for a while comes back
                self.state = f"retrying: {type(error).__name__}: {error}"
                _log.warning(FOLLOWING_FAILED, partition=self._partition, exc_info=error)
                await asyncio.sleep(_RETRY_S)

    async def release(self, jurisdiction: str) -> None:
        """Take up a jurisdiction that was held back, from the first event that waits."""
        while True:
            try:
                async with self._lock:
                    while jurisdiction in self.aside.held and await self._release(jurisdiction):
                        pass
                    await self._relay.drain()
                return
            except (CheckpointLost, AnotherWriter, Superseded):
                return  # the partition is another's now: `run` will find the same and say so
            except Exception as error:  # it stays held back; there may be no other occasion for long
                self._cache.clear()
                _log.warning(FOLLOWING_FAILED, partition=self._partition, exc_info=error)
                await asyncio.sleep(_RETRY_S)

    async def say(self, statements: Sequence[Statement]) -> None:
        """State what no event calls for, in the order of what is stated."""
        async with self._lock:
            batch = _Batch(self.checkpoint, self.checkpoint)
            batch.statements += statements
            await self._save(batch)

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Nothing is taken for as long as the block lasts. What it yields turns to the generation in use then."""
        async with self._lock:
            yield self._start

    # --- following ---

    async def _follow(self) -> None:
        async with self._lock:
            await self._start()
        reader = Reader(
            self._client, stream=self._stream, filter_subject=partition_filter(self._stream, self._partition),
            after=self.checkpoint.position, batch_max=BATCH_MAX, on_open=self._insist_on_history,
        )  # fmt: skip
        self.state = "following"
        for jurisdiction in sorted(self.aside.held):
            await self.release(jurisdiction)
        async with aclosing(reader.batches()) as batches:
            async for messages in batches:
                async with self._lock:
                    await self._take_batch(messages)

    async def _start(self) -> None:
        self._cache.clear()
        await self._ledgers.renew()
        self._generation = self._ledgers.generation if self._ledgers.generations else 0
        self.checkpoint = await self._ledgers.checkpoint(self._stream, str(self._partition))
        await self._insist_on_history()
        self.aside = Aside(await self._ledgers.parked(partition=self._partition))
        await self._relay.drain()

    async def _insist_on_history(self) -> None:
        await insist_on_history(self._client, self._stream, self.checkpoint.position, self.checkpoint.event)

    async def _take_batch(self, messages: Sequence[Message]) -> None:
        batch = _Batch(self.checkpoint, self.checkpoint)
        for message in messages:
            parked = await self._take_message(batch, message)
            batch.parked += [parked] if parked else []
            batch.after = batch.after.beyond(message.position, message.id, is_parked=parked is not None)
            if len(batch.statements) >= STATEMENTS_MAX:
                await self._save(batch)
                batch = _Batch(self.checkpoint, self.checkpoint)
        if batch.after != batch.before:
            await self._save(batch)

    async def _take_message(self, batch: _Batch, message: Message) -> ParkedRow | None:
        """Take one message; the row that sets it aside if it cannot be taken."""
        parts = SubjectParts.leniently(message.subject)
        if parts.jurisdiction in self.aside.held:
            return self.aside.park(message, "the jurisdiction is held back", held=True)
        try:
            self._insist_on_way(parts.jurisdiction, parts.kind, parts.entity)
            await self._take_one(batch, parts.jurisdiction, message.body, message.position)
        except CannotApply as cannot:
            return self.aside.park(message, str(cannot), held=False)
        except NotYet as waits:
            return self.aside.park(message, f"waits for {waits}", held=True)
        return None

    def _insist_on_way(self, jurisdiction: str, kind: str, entity: str) -> None:
        reason = self.aside.reason_for(jurisdiction, kind, entity)
        if reason is not None or not kind:
            raise CannotApply(reason or "the subject is none of ours")

    async def _take_one(self, batch: _Batch, jurisdiction: str, body: bytes | str, position: int) -> None:
        recorded = wire.decode_of(jurisdiction, body, position=position)
        ledger = batch.ledgers.setdefault(jurisdiction, await self._ledger(jurisdiction))
        while True:
            try:
                batch.statements += self._take(ledger, recorded, parked=self.aside.parked(jurisdiction))
                return
            except NotYet as waits:
                if not await self._patience(waits):
                    raise

    async def _ledger(self, jurisdiction: str) -> Ledger:
        if jurisdiction not in self._cache:
            self._cache[jurisdiction] = await self._ledgers.live(jurisdiction)
        return self._cache[jurisdiction]

    async def _save(self, batch: _Batch) -> None:
        snapshots = [Snapshot.of(one) for one in batch.ledgers.values()]
        saving = Saving(
            self._stream, str(self._partition), batch.before, batch.after, snapshots,
            batch.statements, batch.parked, batch.released, self._generation,
        )  # fmt: skip
        self._saving(snapshots)
        try:
            await self._ledgers.save(saving)
        except BaseException:
            self._cache.clear()
            raise
        self.checkpoint = batch.after
        self._ledgers.used(batch.ledgers.values())
        self.aside.held.discard(batch.freed)
        self._saved([*batch.ledgers.values()])
        await self._relay.drain()

    # --- what was held back ---

    async def _release(self, jurisdiction: str) -> bool:
        """Take some of what is held back, in order; whether there may be more to take now."""
        batch = _Batch(self.checkpoint, self.checkpoint)
        rows = await self._ledgers.held(jurisdiction, limit=BATCH_MAX)
        settled = True
        for row in rows:
            settled = await self._retry(batch, row)
            if not settled:
                break
        if settled and len(rows) < BATCH_MAX:
            batch.freed = jurisdiction
        batch.after = self.checkpoint.with_released(len(batch.released))
        await self._save(batch)
        return settled

    async def _retry(self, batch: _Batch, row: ParkedRow) -> bool:
        """Take an event that was held back; whether it is settled now, one way or the other."""
        try:
            self._insist_on_way(row.jurisdiction, row.kind, row.entity)
            await self._take_one(batch, row.jurisdiction, row.body, row.position)
            batch.released.append(row.position)
        except NotYet:
            return False
        except CannotApply as cannot:
            batch.parked.append(self.aside.put(replace(row, held=False, reason=str(cannot))))
        return True
