"""Two folds of a jurisdiction, as in the services: scoring's, and notify's, which waits at each moment for its draw."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from deploy.local.evaluation import Draw
from deploy.local.event_file import Unreadable
from services.notify import proceed as notify
from services.notify.domain.text import Say
from services.scoring import project as scoring
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    CorrectionDrawn,
    JurisdictionOpened,
    LineDrawn,
    NoticesEvent,
    RuleHit,
    StandingsDrawn,
    StandingsEvent,
)
from shared.core.ledger import Ledger
from shared.core.parking import Parking

E = TypeVar("E")


@dataclass(slots=True)
class Fold:
    ledger: Ledger
    parking: Parking = field(default_factory=Parking)

    def take(self, event: AnyRecorded | Unreadable, act: Callable[[], list[E]]) -> list[E]:
        """Act, or park the event with its reason, behind whatever holds it."""
        kind = event.kind if isinstance(event, Unreadable) else event.shape.kind
        reason = self.parking.holds(kind, event.entity)
        if reason is None:
            try:
                return act()
            except CannotApply as error:
                reason = str(error)
        self.parking.park(kind, event.entity, event.position, reason)
        return []


class Folds:
    """Both folds of one jurisdiction, what they said, and what notify has not taken yet for want of a draw.

    `keeps` tells which draws are wanted afterwards.
    """

    def __init__(self, code: str, say: Say, keeps: Callable[[Draw], bool]) -> None:
        self.code, self.say, self.keeps = code, say, keeps
        self.position = 0
        self.scoring, self.notify = Fold(Ledger(code)), Fold(Ledger(code))
        self.draws: list[Draw] = []
        self.stated: list[NoticesEvent] = []
        self.waiting: deque[AnyRecorded | Unreadable] = deque()
        self.unplayed: dict[str, list[StandingsEvent]] = {}
        self.awaiting = ""

    def take(self, event: AnyRecorded | Unreadable) -> None:
        """Take one event; one that was taken already changes nothing, parked or not."""
        if 0 < event.position <= self.position:
            return
        self.position = event.position
        self._keep(self.scoring.take(event, lambda: self._project(event)))
        self.waiting.append(event)
        self._proceed_with_waiting()

    def pass_time_to(self, until: datetime) -> None:
        if self._is_open(self.scoring):
            parked = self.scoring.parking.all
            self._keep(scoring.pass_time_to(self.scoring.ledger, until, parked=parked))
        self._proceed_with_waiting()
        if self._is_open(self.notify) and not self.waiting:
            self._until_undrawn(lambda: notify.pass_time_to(self.notify.ledger, until, self.unplayed, say=self.say))

    @staticmethod
    def _is_open(fold: Fold) -> bool:
        is_opened = fold.ledger.get(JurisdictionOpened, "") is not None
        return is_opened and not fold.parking.holds_jurisdiction

    def _project(self, event: AnyRecorded | Unreadable) -> list[StandingsEvent]:
        known = _known(event)
        return scoring.project(self.scoring.ledger, known, parked=self.scoring.parking.all)

    def _keep(self, said: Sequence[StandingsEvent]) -> None:
        for draw in _draws(said):
            moment = draw.drawn.moment
            self.unplayed[moment] = [*draw.corrections, *draw.lines, *draw.hits, draw.drawn]
            if self.keeps(draw):
                self.draws.append(draw)

    def _proceed_with_waiting(self) -> None:
        while self.waiting and self._until_undrawn(self._proceed_with_next):
            self.waiting.popleft()
        self._forget_played()

    def _proceed_with_next(self) -> list[NoticesEvent]:
        event = self.waiting[0]
        return self.notify.take(event, lambda: self._proceed(event))

    def _forget_played(self) -> None:
        if self.unplayed:
            # By notify's own clock: an event that it parked has undone the moments before it, so they come again.
            clock = self.notify.ledger.clock
            self.unplayed = {moment: said for moment, said in self.unplayed.items() if _drawn_at(said) > clock}

    def _proceed(self, event: AnyRecorded | Unreadable) -> list[NoticesEvent]:
        return notify.proceed(self.notify.ledger, _known(event), self.unplayed, say=self.say)

    def _until_undrawn(self, act: Callable[[], list[NoticesEvent]]) -> bool:
        try:
            self.stated += act()
        except notify.AwaitingDraw as awaited:
            self.awaiting = awaited.moment.id
            return False
        self.awaiting = ""
        return True


def _known(event: AnyRecorded | Unreadable) -> AnyRecorded:
    if isinstance(event, Unreadable):
        raise CannotApply(event.reason)
    return event


def _drawn_at(said: Sequence[StandingsEvent]) -> datetime:
    return next(one.at for one in said if isinstance(one, StandingsDrawn))


def _draws(said: Sequence[StandingsEvent]) -> Iterator[Draw]:
    """Each moment's lines and hits come before the statement that closes its draw."""
    lines: list[LineDrawn] = []
    hits: list[RuleHit] = []
    corrections: list[CorrectionDrawn] = []
    for one in said:
        match one:
            case LineDrawn():
                lines.append(one)
            case RuleHit():
                hits.append(one)
            case CorrectionDrawn():
                corrections.append(one)
            case StandingsDrawn():
                yield Draw(drawn=one, lines=tuple(lines), hits=tuple(hits), corrections=tuple(corrections))
                lines, hits, corrections = [], [], []
