"""Does what is live still follow from the record? Asked by the service itself, one jurisdiction at a time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

import structlog

from services.scoring.drift import Differences, Said, compared, is_accepted, statements_of
from services.scoring.past import Fold, Past
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.core.register import opening
from shared.infra.bus import Message
from shared.infra.follow import Follower, Take
from shared.infra.ledgers import SqlLedgers
from shared.infra.metrics import Metrics

_ATTEMPTS_MAX = 5
CHECK_FAILED, DRIFT_FOUND = "self_check_failed", "drift_found"
_log = structlog.stdlib.get_logger("duban.self_check")


class _Replay(Fold):
    """The fold of one jurisdiction's record, and what it says."""

    def __init__(self, code: str, take: Take) -> None:
        super().__init__(Ledger(code))
        self.said: dict[str, Said] = {}
        self._take = take

    def take_all(self, messages: list[Message], until: int) -> None:
        for message in messages:
            if message.position <= until:
                self.take(message, self._listen)

    def _listen(self, ledger: Ledger, recorded: AnyRecorded, parked: Sequence[Parked]) -> None:
        for one in self._take(ledger, recorded, parked=parked):
            self.said[one.recorded.id] = Said.of(one.recorded)


class SelfCheck:
    """Replays every jurisdiction of the followed partitions at an interval; publishes what differs as drift."""

    def __init__(
        self, ledgers: SqlLedgers, past: Past, take: Take, followers: Mapping[int, Follower], metrics: Metrics, *,
        every_s: float, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._ledgers, self._past, self._take, self._followers = ledgers, past, take, followers
        self._every_s, self._now = every_s, now
        self._drift = metrics.gauge("drift", "differences", "Of what is live or published from a replay: always 0.")
        self._ok = metrics.gauge("self_check_last_ok", "seconds", "When a replay last agreed, since 1970.")

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s or 3600)
            if not self._every_s:
                continue
            try:
                await self.check()
            except Exception as error:  # a database or a broker that is away for a while comes back
                _log.warning(CHECK_FAILED, exc_info=error)

    async def check(self) -> list[Differences]:
        """Check all of it once; what was found and not accepted."""
        found: list[Differences] = []
        for code in await self._ledgers.jurisdictions():
            one = await self._of(code)
            found += [one] if one is not None and one.found else []
        self._drift.at().set(sum(len(one.found) for one in found))
        if not found:
            self._ok.at().set(self._now().timestamp())
        return found

    async def _of(self, code: str) -> Differences | None:
        for _ in range(_ATTEMPTS_MAX):  # what goes on meanwhile is looked at again
            kept = await self._ledgers.ledger(code)
            partition = opening(kept).partition
            follower = self._followers.get(partition)
            if follower is None or follower.state != "following":
                return None
            replay = _Replay(code, self._take)
            async with aclosing(self._past.messages(code, partition, after=0)) as batches:
                async for messages in batches:
                    await asyncio.to_thread(replay.take_all, messages, kept.position)
            one = await compared(self._ledgers, kept, replay.ledger, replay.said)
            if await self._ledgers.position(code) == kept.position:
                break
        else:
            return None
        client = self._past.client
        if one.found and one.of_statements and client is not None and await is_accepted(client, partition, one):
            return None
        if one.found:
            _log.error(DRIFT_FOUND, jurisdiction=code, count=len(one.found), rule=one.rule)
            if stated := await statements_of(self._ledgers, one, partition, self._now()):
                await follower.say(stated)
        return one
