"""How scoring is read: the ledger of now or of the past, who asks, and what keeps an answer from being stale."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from nats.errors import ConnectionClosedError

from services.scoring import reads
from services.scoring.past import Past, Until
from services.scoring.snapshots import Snapshots
from shared.core.events import JurisdictionOpened
from shared.core.ledger import Ledger
from shared.core.register import is_of_the_office, opening, sees_unsealed, zone_of
from shared.infra.auth import Bearer
from shared.infra.bus import Refused, Unanswered
from shared.infra.ledgers import SqlLedgers
from shared.infra.unrevoked import unrevoked
from shared.infra.web import Problem

_WAIT_S = 15.0
_PATIENCE_S = 2.0
"""How long one waits who reads his own writes: what was just handed in is mostly there before."""
_RETRY_AFTER_S = 5
_POSITION = re.compile(r"[0-9]{1,18}")


@dataclass(slots=True)
class Reading:
    """The saved ledgers, each loaded once per position, those of the past, and a bell that rings when one moves on."""

    ledgers: SqlLedgers
    past: Past = field(default_factory=Past)
    snapshots: Snapshots = field(init=False)
    _bell: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.snapshots = Snapshots(self.ledgers)

    async def ledger(self, jurisdiction: str) -> Ledger:
        """The ledger at its last saved position. Problem 404 where there is none."""
        position = await self.ledgers.position(jurisdiction)
        if not position:
            raise Problem(404, "not_open", "No such jurisdiction is open.")
        return await self.snapshots.at(jurisdiction, position)

    async def changed(self, jurisdiction: str, after: int, *, within_s: float = _WAIT_S) -> int:
        """The position once it is beyond `after`, or `after` itself when nothing came for a while."""
        async with self._bell:
            try:
                async with asyncio.timeout(within_s):
                    while (position := await self.ledgers.position(jurisdiction)) <= after:
                        await self._bell.wait()
                    return position
            except TimeoutError:
                return after

    async def ring(self) -> None:
        async with self._bell:
            self._bell.notify_all()

    async def asked(self, jurisdiction: str, by: Bearer, when: "When") -> "Asked":
        """What a question is put to, for one who holds a post there. Who may read what is always as it is now."""
        now = await self._now(jurisdiction, by)
        if now.position < when.min_position:
            await self.changed(jurisdiction, when.min_position - 1, within_s=_PATIENCE_S)
            now = await self._now(jurisdiction, by)
        if now.position < when.min_position:
            raise Problem(503, "not_there_yet", "The standings do not reach this position yet.", retry_after_s=1)
        then = now
        if when.known_at is not None and when.known_at != now.position:
            insist_on_past(now, when.known_at)
            with record_at_hand():
                then = (await self.past.fold(jurisdiction, opening(now).partition, when.known_at)).ledger
            if then.get(JurisdictionOpened, "") is None:
                raise Problem(404, "not_open", "No such jurisdiction is open.")
        if when.true_on is not None and when.true_on > then.clock.astimezone(zone_of(then)).date():
            raise Problem(422, "true_on_ahead", "The record does not reach so far yet: ask for an earlier time.")
        return Asked(now, then, by, when)

    async def _now(self, jurisdiction: str, by: Bearer) -> Ledger:
        now = unrevoked(await self.ledger(jurisdiction), by)
        insist(by.operator or reads.belongs(now, by.person))
        return now


@dataclass(frozen=True, slots=True)
class When:
    """As of when a question is put: to what was known then, about the figures of a day. None is now."""

    known_at: Until | None = None
    true_on: date | None = None
    min_position: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """`then` is what was known; `now` decides what the one who asks may read."""

    now: Ledger
    then: Ledger
    by: Bearer
    when: When

    @property
    def is_past(self) -> bool:
        return self.then is not self.now

    @property
    def known_at(self) -> str:
        """How this very state is asked for again: by the instant that was asked for, else by its position."""
        asked = self.when.known_at
        return asked.isoformat() if isinstance(asked, datetime) else str(self.then.position)

    @property
    def is_of_the_office(self) -> bool:
        return self.by.operator or is_of_the_office(self.now, self.by.person)

    @property
    def sees_unsealed(self) -> bool:
        """The supervision office and the approvers; the operator keeps machines, and sees no place before it is out."""
        return sees_unsealed(self.now, self.by.person)

    def sees_places(self, list_code: str, period: str | None) -> bool:
        return reads.sees_places(self.now, self.by.person, list_code=list_code, period=period)


def when_asked(
    known_at: Annotated[
        str | None,
        Query(max_length=40, description="what was known at a position of the record, or at an instant"),
    ] = None,
    true_on: Annotated[date | None, Query(description="the figures of this day, as they are known")] = None,
    min_position: Annotated[
        int, Query(ge=0, le=2**62, description="read your own writes: 503, after a moment, until it is taken so far")
    ] = 0,
) -> When:  # fmt: skip
    """The three ways to ask for another time, as every read takes them."""
    return When(None if known_at is None else until_of(known_at), true_on, min_position)


@contextmanager
def record_at_hand() -> Iterator[None]:
    """Where the record is read for an answer: Problem 503 while the broker does not give it."""
    try:
        yield
    except (Unanswered, Refused, ConnectionClosedError) as error:
        raise Problem(
            503, "record_away", "The record cannot be read at the moment.", retry_after_s=_RETRY_AFTER_S
        ) from error


def insist(allowed: bool) -> None:
    if not allowed:
        raise Problem(403, "no_post", "You hold no post that may read this.")


def until_of(text: str) -> Until:
    if _POSITION.fullmatch(text):
        return int(text)
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that nobody escaped
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Problem(
            422, "known_at_unreadable",
            "Give a position of the record, or an instant with its offset such as 2026-04-01T09:00:00+08:00.",
        )  # fmt: skip
    return at


def insist_on_past(now: Ledger, known_at: Until) -> None:
    is_ahead = known_at > now.position if isinstance(known_at, int) else known_at > now.clock
    if is_ahead:
        raise Problem(422, "known_at_ahead", "The record does not reach so far yet: ask for an earlier time.")
