"""How is scoring's projection made anew beside the one in use, compared with it, and put in its place?

The same reader and the same use case, effects off: nothing is stated, only remembered to be compared. What differs is
published as drift; then the pointer moves only if the office accepted exactly these differences. What was published
stays what it was.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import nats
import structlog
from nats.aio.client import Client

from services.scoring.drift import Differences, Said, compared, is_accepted, statements_of
from shared.core.errors import CannotApply
from shared.core.ledger import Ledger
from shared.core.register import opening
from shared.infra import wire
from shared.infra.aside import Aside
from shared.infra.bus import Message
from shared.infra.database import Database
from shared.infra.follow import Follower, Take
from shared.infra.generations import Generations, NotCaughtUp, Pointer, checkpoints
from shared.infra.ledgers import Checkpoint, ParkedRow, Saving, SqlLedgers
from shared.infra.reader import read_to_end
from shared.infra.runtime import keep_what_lasts
from shared.infra.streams import RECORD, SubjectParts, partition_filter
from shared.infra.wire import EntryCodec

EVENTS_AT_ONCE = 20_000
"""That are folded before what they changed is saved in one transaction."""
_ATTEMPTS_MAX = 50
_PAUSE_S = 0.1

REBUILD_FAILED = "rebuild_failed"
_log = structlog.stdlib.get_logger("duban.rebuild")

Replayed = dict[str, dict[str, Said]]
"""The statements of each jurisdiction, by id."""


class Running(Exception):
    """A rebuild is going on already."""


class NoWayBack(Exception):
    """There is no generation before this one that this code made."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that a process needs to refold partitions: it may be sent to another one."""

    nats: Mapping[str, Any] = field(repr=False)
    database_url: str = field(repr=False)
    codec: EntryCodec
    take: Take

    def ledgers(self, database: Database, generation: int) -> SqlLedgers:
        return SqlLedgers(database, self.codec, service="rebuild", source="", generation=generation)


class Refold:
    """One partition, from where a generation stands to a position of the record; effects off."""

    def __init__(self, ledgers: SqlLedgers, take: Take, partition: int) -> None:
        self._ledgers, self._take, self._partition = ledgers, take, partition
        self._kept: dict[str, Ledger] = {}
        self._changed: dict[str, Ledger] = {}
        self._parked: list[ParkedRow] = []
        self.replayed: Replayed = {}

    async def run(self, client: Client, until: int) -> None:
        self._saved = self._reached = await self._ledgers.checkpoint(RECORD, str(self._partition))
        self._aside = Aside(await self._ledgers.parked(partition=self._partition))
        if self._saved.position >= until:
            return
        subject = partition_filter(RECORD, self._partition)
        reading = read_to_end(client, stream=RECORD, filter_subject=subject, after=self._saved.position)
        async with aclosing(reading) as batches:
            async for messages in batches:
                within = [one for one in messages if one.position <= until]
                for message in within:
                    await self._take_one(message)
                if self._count(self._reached) - self._count(self._saved) >= EVENTS_AT_ONCE:
                    await self._save()
                if len(within) < len(messages) or self._reached.position >= until:
                    break
        await self._save()

    async def _take_one(self, message: Message) -> None:
        parts = SubjectParts.leniently(message.subject)
        row: ParkedRow | None = None
        try:
            reason = self._aside.reason_for(parts.jurisdiction, parts.kind, parts.entity)
            if reason is not None or not parts.kind:
                raise CannotApply(reason or "the subject is none of ours")
            await self._apply(message, parts.jurisdiction)
        except CannotApply as cannot:
            row = self._aside.park(message, str(cannot), held=False)
            self._parked.append(row)
        self._reached = self._reached.beyond(message.position, message.id, is_parked=row is not None)

    async def _apply(self, message: Message, code: str) -> None:
        recorded = wire.decode_of(code, message.body, position=message.position)
        if code not in self._kept:
            self._kept[code] = await self._ledgers.ledger(code)
        self._changed[code] = ledger = self._kept[code]
        said = self.replayed.setdefault(code, {})
        for one in self._take(ledger, recorded, parked=self._aside.parked(code)):
            said[one.recorded.id] = Said.of(one.recorded)

    async def _save(self) -> None:
        if self._reached == self._saved:
            return
        saving = Saving(
            RECORD, str(self._partition), self._saved, self._reached, list(self._changed.values()), [], self._parked
        )
        await self._ledgers.save(saving)
        self._saved, self._parked = self._reached, []
        self._changed.clear()

    @staticmethod
    def _count(checkpoint: Checkpoint) -> int:
        return checkpoint.applied_count + checkpoint.parked_count


def refold(work: Work, generation: int, partition: int, until: int) -> Replayed:
    """Refold a partition in a process of its own."""
    with suppress(OSError):
        os.nice(5)  # what is live comes first
    keep_what_lasts()
    return asyncio.run(_refold(work, generation, partition, until))


async def _refold(work: Work, generation: int, partition: int, until: int) -> Replayed:
    database, client = Database(work.database_url), await nats.connect(**work.nats)
    try:
        one = Refold(work.ledgers(database, generation), work.take, partition)
        await one.run(client, until)
        return one.replayed
    finally:
        await client.close()
        await database.dispose()


class Rebuilding:
    """At most one rebuild of a process at a time, and how it fares. `state` says it in a word."""

    def __init__(
        self, ledgers: SqlLedgers, generations: Generations, work: Work, client: Client,
        followers: Mapping[int, Follower], switched: Callable[[], None],
    ) -> None:  # fmt: skip
        self._ledgers, self._generations, self._work = ledgers, generations, work
        self._client, self._followers, self._switched = client, followers, switched
        self._database = generations.database
        self._replayed: Replayed = {}
        self._task: asyncio.Task[None] | None = None
        self._generation = 0
        self._totals: dict[str, tuple[int, str]] = {}
        self._started = self._ended = 0.0
        self.state, self.differences = "idle", list[Differences]()

    def start(self, now: datetime) -> None:
        self._begin(self._run(now))

    def finish(self, now: datetime) -> None:
        """Go on with a rebuild that differed: catch up, compare again, and switch if that was accepted."""
        if not self._generation or self.state != "differs":
            raise NoWayBack("no rebuild waits to be put to use")
        self._begin(self._finish(now))

    async def roll_back(self, now: datetime) -> None:
        """Catch up the generation before with effects off, and put it to use again."""
        live = await self._generations.in_use()
        if not live.before or live.before_made_by != self._generations.made_by:
            raise NoWayBack("no earlier generation was made by this version: start the version that made it")
        self._generation = live.before
        self._begin(self._finish(now, compares=False))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def progress(self) -> dict[str, Any]:
        """How far each partition is; of events those up to which the one in use stands."""
        done: dict[str, int] = {}
        if self._generation and self.state in {"folding", "comparing", "differs"}:
            async with self._database.read() as connection:
                found = await checkpoints(connection, self._generation, RECORD)
            done = {scope: position for scope, (position, _) in found.items()}
        pointer = await self._generations.in_use()
        return {
            "state": self.state, "generation": pointer.generation, "made_by": pointer.made_by,
            "before": pointer.before or None, "is_current": pointer.made_by == self._generations.made_by,
            "elapsed_s": round((self._ended or time.monotonic()) - self._started, 1) if self._started else 0,
            "partitions": [
                {"partition": int(scope), "position": done.get(scope, 0), "of": position}
                for scope, (position, _) in sorted(self._totals.items(), key=lambda one: int(one[0]))
            ],
            "differences": [
                {"jurisdiction": one.jurisdiction, "rule": one.rule, "count": len(one.found),
                 "found": [wire.data_of(each) for each in one.found[:100]]}
                for one in self.differences
            ],
        }  # fmt: skip

    async def stated_ids(self, jurisdiction: str) -> list[str]:
        return await self._ledgers.stated_ids(jurisdiction)

    def _begin(self, work: Any) -> None:
        if self._task is not None and not self._task.done():
            work.close()
            raise Running("a rebuild is running")
        self.state, self.differences = "folding", []
        self._started, self._ended = time.monotonic(), 0.0
        self._task = asyncio.create_task(self._watched(work))

    async def _watched(self, work: Any) -> None:
        try:
            await work
        except Exception as error:
            self.state = f"failed: {type(error).__name__}: {error}"
            _log.error(REBUILD_FAILED, exc_info=error)
        finally:
            self._ended = time.monotonic()

    async def _run(self, now: datetime) -> None:
        live = await self._generations.in_use()
        self._generation, self._replayed = await self._generations.prepare(live), {}
        self._totals = await self._checkpoints(live.generation)
        workers = max(1, min(os.cpu_count() or 1, len(self._totals)))
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            loop = asyncio.get_running_loop()
            found = await asyncio.gather(*(
                loop.run_in_executor(pool, refold, self._work, self._generation, int(scope), position)
                for scope, (position, _) in self._totals.items()
            ))  # fmt: skip
        for one in found:
            self._remember(one)
        await self._finish(now)

    async def _finish(self, now: datetime, *, compares: bool = True) -> None:
        self.state = "comparing"
        for _ in range(_ATTEMPTS_MAX):
            try:
                await self._catch_up(now, is_last=False)
                await self._catch_up(now, is_last=True, compares=compares)
                return
            except NotCaughtUp:  # another process follows a partition of this database
                await asyncio.sleep(_PAUSE_S)
        raise NotCaughtUp("other processes went on faster; stop them for the switch")

    async def _catch_up(self, now: datetime, *, is_last: bool, compares: bool = True) -> None:
        """First while the followers go on, then, shortly, while they stand still."""
        async with AsyncExitStack() as stack:
            paused = self._followers.values() if is_last else ()
            renewals = [await stack.enter_async_context(one.paused()) for one in paused]
            live = await self._generations.in_use()
            self._totals = await self._checkpoints(live.generation)
            target = self._work.ledgers(self._database, self._generation)
            for scope, (position, _) in self._totals.items():
                one = Refold(target, self._work.take, int(scope))
                await one.run(self._client, position)
                self._remember(one.replayed)
            if not is_last:
                return
            self.differences = await self._compare(live, target) if compares else []
            is_switched = await self._are_accepted(target)
            if is_switched:
                reached = await self._checkpoints(self._generation)
                await self._generations.switch(live, self._generation, stream=RECORD, reached=reached)
                for renew in renewals:
                    await renew()
                await self._ledgers.renew()
                self._switched()
        if is_switched and live.before != self._generation:
            await self._generations.drop(live.before)
        await self._publish(target, now)
        self.state = "switched" if is_switched else "differs"

    async def _compare(self, live: Pointer, target: SqlLedgers) -> list[Differences]:
        # Entries of another look cannot be read; statements are compared whichever code made them.
        has_same_look = live.made_by.rpartition("/")[2] == self._generations.made_by.rpartition("/")[2]
        old = self._work.ledgers(self._database, live.generation)
        found = []
        for code in await old.jurisdictions():
            kept = await old.ledger(code) if has_same_look else None
            one = await compared(self._ledgers, kept, await target.ledger(code), self._replayed.get(code, {}))
            found += [one] if one.found else []
        return found

    async def _are_accepted(self, target: SqlLedgers) -> bool:
        for one in self.differences:
            if not await is_accepted(self._client, await _partition(target, one.jurisdiction), one):
                return False
        return True

    async def _publish(self, target: SqlLedgers, now: datetime) -> None:
        for one in self.differences:
            partition = await _partition(target, one.jurisdiction)
            follower = self._followers.get(partition)
            stated = await statements_of(self._ledgers, one, partition, now)
            if stated and follower is not None and follower.state == "following":
                await follower.say(stated)

    def _remember(self, replayed: Replayed) -> None:
        for code, said in replayed.items():
            self._replayed.setdefault(code, {}).update(said)

    async def _checkpoints(self, generation: int) -> dict[str, tuple[int, str]]:
        async with self._database.read() as connection:
            return await checkpoints(connection, generation, RECORD)


async def _partition(ledgers: SqlLedgers, code: str) -> int:
    return opening(await ledgers.ledger(code)).partition


def connecting(servers: Sequence[str], user: str | None, password: str | None) -> dict[str, Any]:
    """How a process of its own connects to the broker."""
    return {"servers": list(servers), "connect_timeout": 5, "user": user, "password": password}
