"""Scoring's draws as they arrive: each is handed out whole or not at all, and kept until it is acted on."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from nats.aio.client import Client

from services.notify.proceed import Draws
from shared.core.calendar import Moment
from shared.core.digest import digest_of_all
from shared.core.events import DriftFound, StandingsDrawn, StandingsEvent
from shared.infra import wire
from shared.infra.bus import Message
from shared.infra.ledgers import Checkpoint, CheckpointLost, Saving, SqlLedgers
from shared.infra.reader import Reader
from shared.infra.streams import STANDINGS, partition_filter

PATIENCE_S = 2.0
AHEAD_MAX = 200

_RETRY_S = 1.0

DRAW_BROKEN, LISTENING_FAILED = "draw_broken", "listening_failed"
_log = structlog.stdlib.get_logger("duban.notify.draws")


@dataclass(slots=True)
class _Arriving:
    """One draw: what came of it, and where in STANDINGS it begins."""

    first_position: int
    results: list[StandingsEvent] = field(default_factory=list)


class DrawsHeard:
    """The draws of one partition that are not acted on yet."""

    def __init__(
        self, client: Client, ledgers: SqlLedgers, partition: int, *, completed: Callable[[str], None],
        is_closed: Callable[[str], bool], is_waiting: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._client, self._ledgers, self._partition = client, ledgers, partition
        self._completed, self._is_closed, self._is_waiting = completed, is_closed, is_waiting
        self._arriving: dict[tuple[str, str], _Arriving] = {}
        self._complete: defaultdict[str, dict[str, list[StandingsEvent]]] = defaultdict(dict)
        self._bell = asyncio.Condition()
        self._saving = asyncio.Lock()
        self._clocks: dict[str, datetime] = {}
        self._wanted: set[tuple[str, str]] = set()
        self._checkpoint = Checkpoint()
        self._last = Checkpoint()

    def of(self, jurisdiction: str) -> Draws:
        """The complete draws of a jurisdiction, by moment."""
        return self._complete[jurisdiction]

    async def wait(self, jurisdiction: str, moment: str) -> bool:
        """Wait a little for a draw; whether it is there."""
        key = (jurisdiction, moment)
        self._wanted.add(key)
        try:
            async with asyncio.timeout(PATIENCE_S), self._bell:
                self._bell.notify_all()
                await self._bell.wait_for(lambda: self._has(key))
                return True
        except TimeoutError:
            return self._has(key)  # it may have come while this gave up
        finally:
            self._wanted.discard(key)

    async def settled(self, jurisdiction: str, clock: datetime) -> None:
        """Forget the draws of moments up to a jurisdiction's saved clock: they are acted on for good."""
        self._clocks[jurisdiction] = max(clock, self._clocks.get(jurisdiction, clock))
        for whose, moment in list(self._arriving):
            if whose == jurisdiction and Moment.parse(moment).at <= clock:
                self._drop((whose, moment))
        async with self._bell:
            self._bell.notify_all()
        await self._save()

    async def run(self) -> None:
        """Listen until cancelled; a partition that another process took over is left for good."""
        while True:
            try:
                await self._listen()
            except CheckpointLost:
                return
            except Exception as error:  # a database or a broker that is away for a while comes back
                _log.warning(LISTENING_FAILED, partition=self._partition, exc_info=error)
                await asyncio.sleep(_RETRY_S)

    async def _listen(self) -> None:
        self._arriving.clear()
        self._complete.clear()
        self._clocks.clear()
        self._last = Checkpoint()  # until the checkpoint is read, nothing may be saved
        self._checkpoint = self._last = await self._ledgers.checkpoint(STANDINGS, str(self._partition))
        reader = Reader(
            self._client, stream=STANDINGS, filter_subject=partition_filter(STANDINGS, self._partition),
            after=self._checkpoint.position,
        )  # fmt: skip
        async with aclosing(reader.batches()) as batches:
            async for batch in batches:
                for message in batch:
                    await self._hear(message)
                await self._room()

    async def _hear(self, message: Message) -> None:
        stated = wire.decode(message.body)
        event: StandingsEvent = stated.data
        if isinstance(event, DriftFound):  # of no draw: it asks for a person, not for a notice
            self._last = Checkpoint(message.position, message.id)
            return
        key = (stated.jurisdiction, event.moment)
        if self._has(key):  # a newer draw of the same moment takes the place of the older
            self._drop(key)
        arriving = self._arriving.setdefault(key, _Arriving(message.position))
        arriving.results.append(event)
        self._last = Checkpoint(message.position, message.id)
        if isinstance(event, StandingsDrawn):
            await self._close(key, arriving, event)

    async def _close(self, key: tuple[str, str], arriving: _Arriving, drawn: StandingsDrawn) -> None:
        results = [one for one in arriving.results if not isinstance(one, StandingsDrawn)]
        if len(results) != drawn.count or digest_of_all(results) != drawn.digest:
            # It cannot be acted on; the jurisdiction stays held back, and its reason names the draw.
            _log.error(DRAW_BROKEN, jurisdiction=key[0], moment=key[1], count=len(results))
            self._drop(key)
            return
        if Moment.parse(drawn.moment).at <= await self._clock(key[0]):
            self._drop(key)  # read again after a restart, and acted on long since
            return
        self._complete[key[0]][key[1]] = arriving.results
        async with self._bell:
            self._bell.notify_all()
        self._completed(key[0])

    async def _clock(self, jurisdiction: str) -> datetime:
        if jurisdiction not in self._clocks:
            self._clocks[jurisdiction] = await self._ledgers.clock(jurisdiction)
        return self._clocks[jurisdiction]

    async def _room(self) -> None:
        """Do not read far ahead of what is acted on, unless something waits for a draw that has not come yet."""
        async with self._bell:
            await self._bell.wait_for(
                lambda: self._ahead() < AHEAD_MAX or self._is_waiting() or any(map(self._lacks, self._wanted))
            )

    def _lacks(self, key: tuple[str, str]) -> bool:
        return not self._has(key)

    def _ahead(self) -> int:
        # What nobody will act on, because its jurisdiction is parked for good, must not stop the others.
        return sum(not self._is_closed(jurisdiction) for jurisdiction, _ in self._arriving)

    def _has(self, key: tuple[str, str]) -> bool:
        return key[1] in self._complete[key[0]]

    def _drop(self, key: tuple[str, str]) -> None:
        self._arriving.pop(key, None)
        self._complete[key[0]].pop(key[1], None)

    async def _save(self) -> None:
        """Where to read on after a restart: before the oldest draw that is still to be acted on."""
        async with self._saving:
            oldest = min((one.first_position for one in self._arriving.values()), default=self._last.position + 1)
            after = Checkpoint(oldest - 1)
            if after.position <= self._checkpoint.position:
                return
            try:
                await self._ledgers.save(Saving(STANDINGS, str(self._partition), self._checkpoint, after))
                self._checkpoint = after
            except CheckpointLost:  # another process was here too; whoever is further knows where to read on
                self._checkpoint = await self._ledgers.checkpoint(STANDINGS, str(self._partition))
