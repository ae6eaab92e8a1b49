"""What does a record say? Folds events with the very code of the services, and no server.

Two folds of each jurisdiction, as in the services: scoring's, and notify's, which stops at each moment until it is drawn.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Literal, TypeVar

from deploy.local.evaluation import (
    FORMAT,
    Bulletins,
    Draw,
    Evaluation,
    JurisdictionEvaluated,
    ListEvaluated,
    MatterStands,
    MeasureKind,
    Notices,
    ParkedEvent,
    RegimeInForce,
)
from deploy.local.event_file import Unreadable, read_events
from services.notify import proceed as notify
from services.notify.domain.ledger import BulletinFile, Matter, NoticeFile
from services.notify.domain.text import Say
from services.scoring import project as scoring
from services.scoring.domain.judge import current, current_period
from shared.core.digest import digest_of_all
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BulletinDrafted,
    BulletinSealed,
    JurisdictionOpened,
    LineDrawn,
    ListPublished,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    RegimeAdopted,
    ReminderSent,
    RuleHit,
    StandingsDrawn,
    StandingsEvent,
)
from shared.core.ledger import BEFORE_ALL_TIME, Ledger
from shared.core.parking import Parking
from shared.core.regime.model import Amount, Deviation, Measure, Met, Ratio, Regime, Share, TimeProgress
from shared.core.register import regime_at
from shared.infra.texts import Texts
from shared.infra.wire import statement

E = TypeVar("E")
S = TypeVar("S", bound=NoticesEvent)

_MEASURE_KINDS: dict[type[Measure], MeasureKind] = {
    Ratio: "ratio",
    Amount: "amount",
    Share: "share",
    TimeProgress: "time_progress",
    Deviation: "deviation",
    Met: "met",
}


def evaluate(
    events: Iterable[AnyRecorded | Unreadable],
    *,
    regime: Regime | None = None,
    list_: str | None = None,
    period: str | None = None,
    at: datetime | None = None,
    position: int | None = None,
    say: Say | None = None,
) -> Evaluation:
    """Fold events in the order of the record and say what follows.

    `at`: what was recorded by then, and the moments up to it; `position`: the events up to it; neither: all of them,
    and time stands at the last. `regime` takes the place of every regime adopted (of `list_`, if one is given).
    `list_` and `period` choose the lists and draws to keep. `say` is the language of documents, Chinese unless given.
    """
    found: dict[str, _Jurisdiction] = {}
    chosen = _Chosen(list_, period)
    for one in takewhile(lambda event: position is None or event.position <= position, events):
        if at is None or one.recorded_at <= at:
            code = one.jurisdiction
            where = found.setdefault(code, _Jurisdiction(code, say or Texts.load("zh"), chosen))
            where.take(_under(one, regime, list_))
    for where in found.values():
        if at is not None:
            where.pass_time_to(at)
    return Evaluation(format=FORMAT, jurisdictions=tuple(one.evaluated() for one in found.values()))


@dataclass(frozen=True, slots=True)
class Folded:
    """One fold in two digests: of all that it knows, and of the ids of all that it ever stated."""

    ledger_digest: str
    stated_digest: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What scoring and notify must have come to if they took one jurisdiction's record up to a position."""

    scoring: Folded
    notify: Folded


def replay(events: Iterable[AnyRecorded | Unreadable], *, position: int) -> Replay:
    """Fold one jurisdiction's events up to a position, and name the result as the services do."""
    where: _Jurisdiction | None = None
    for event in takewhile(lambda one: one.position <= position, events):
        where = where or _Jurisdiction(event.jurisdiction, Texts.load("zh"), _Chosen(None, None))
        where.take(event)
    if where is None:
        raise ValueError("there is nothing to replay")
    drawn = [event for draw in where.draws for event in (*draw.lines, *draw.hits, draw.drawn)]
    return Replay(_folded(where.scoring, drawn), _folded(where.notify, where.stated))


def _folded(fold: "_Fold", stated: Sequence[StandingsEvent] | Sequence[NoticesEvent]) -> Folded:
    code = fold.ledger.jurisdiction
    # The id of a statement follows from its content alone; the time does not matter here.
    ids = [statement(one, jurisdiction=code, at=BEFORE_ALL_TIME, causation="").id for one in stated]
    return Folded(fold.ledger.digest(), digest_of_all(ids))


def run(
    events: Path,
    regime: Path | None = None,
    *,
    list_: str | None = None,
    period: str | None = None,
    at: datetime | None = None,
    position: int | None = None,
    published: Path | None = None,
    as_json: bool = False,
) -> None:
    """Evaluate a file and print what follows. BadFile and BadRegime carry every fault; a bare date is read in UTC."""
    from deploy.local import evaluation
    from deploy.local.evaluation_text import as_text
    from deploy.local.reconcile import read_published, reconcile
    from deploy.local.regime_file import read_regime

    figures = read_published(published) if published else []
    found = evaluate(
        read_events(events),
        regime=read_regime(regime) if regime else None,
        list_=list_,
        period=period,
        at=at.replace(tzinfo=UTC) if at and at.tzinfo is None else at,
        position=position,
    )
    found = replace(found, published=tuple(reconcile(figures, found)))
    print(evaluation.as_json(found) if as_json else as_text(found), end="\n" if as_json else "")


def _under(event: AnyRecorded | Unreadable, regime: Regime | None, code: str | None) -> AnyRecorded | Unreadable:
    if regime is None or isinstance(event, Unreadable) or not isinstance(event.data, RegimeAdopted):
        return event
    is_chosen = code is None or event.data.list == code
    return replace(event, data=replace(event.data, regime=regime)) if is_chosen else event


@dataclass(frozen=True, slots=True)
class _Chosen:
    list: str | None
    period: str | None

    def has(self, code: str, period: str | None = None) -> bool:
        return self.list in {None, code} and (period is None or self.period in {None, period})


@dataclass(slots=True)
class _Fold:
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


class _Jurisdiction:
    """Both folds of one jurisdiction, what they said, and what notify has not taken yet for want of a draw."""

    def __init__(self, code: str, say: Say, chosen: _Chosen) -> None:
        self.code, self.say, self.chosen = code, say, chosen
        self.position = 0
        self.scoring, self.notify = _Fold(Ledger(code)), _Fold(Ledger(code))
        self.draws: list[Draw] = []
        self.stated: list[NoticesEvent] = []
        self.waiting: deque[AnyRecorded | Unreadable] = deque()
        self.unplayed: dict[str, list[StandingsEvent]] = {}  # each ends with its StandingsDrawn
        self.awaiting = ""

    def take(self, event: AnyRecorded | Unreadable) -> None:
        self.position = event.position
        self._keep(self.scoring.take(event, lambda: self._project(event)))
        self.waiting.append(event)
        self._proceed_with_waiting()

    def pass_time_to(self, until: datetime) -> None:
        if self._is_open(self.scoring):
            count = self.scoring.parking.count
            self._keep(scoring.pass_time_to(self.scoring.ledger, until, parked_count=count))
        self._proceed_with_waiting()
        if self._is_open(self.notify) and not self.waiting:
            self._until_undrawn(lambda: notify.pass_time_to(self.notify.ledger, until, self.unplayed, say=self.say))

    def evaluated(self) -> JurisdictionEvaluated:
        opened = self.scoring.ledger.get(JurisdictionOpened, "")
        return JurisdictionEvaluated(
            jurisdiction=self.code,
            name=opened.name if opened else "",
            mode=opened.mode if opened else None,
            position=self.position,
            clock=self.scoring.ledger.clock if opened else None,
            lists=tuple(self._list(code) for code in self._lists()),
            parked=(*_parked("scoring", self.scoring), *_parked("notify", self.notify)),
            awaiting=self.awaiting,
        )

    @staticmethod
    def _is_open(fold: _Fold) -> bool:
        is_opened = fold.ledger.get(JurisdictionOpened, "") is not None
        return is_opened and not fold.parking.holds_jurisdiction

    def _project(self, event: AnyRecorded | Unreadable) -> list[StandingsEvent]:
        known = _known(event)
        return scoring.project(self.scoring.ledger, known, parked_count=self.scoring.parking.count)

    def _keep(self, said: Sequence[StandingsEvent]) -> None:
        for draw in _draws(said):
            moment = draw.drawn.moment
            self.unplayed[moment] = [*draw.lines, *draw.hits, draw.drawn]
            if self.chosen.has(draw.drawn.list, draw.drawn.period):
                self.draws.append(draw)

    def _proceed_with_waiting(self) -> None:
        while self.waiting and self._until_undrawn(self._proceed_with_next):
            self.waiting.popleft()
        self._forget_played()

    def _proceed_with_next(self) -> list[NoticesEvent]:
        event = self.waiting[0]
        return self.notify.take(event, lambda: self._proceed(event))

    def _forget_played(self) -> None:
        # By notify's own clock: an event that it parked has undone the moments before it, so they come again.
        clock = self.notify.ledger.clock
        self.unplayed = {moment: said for moment, said in self.unplayed.items() if said[-1].at > clock}

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

    def _lists(self) -> list[str]:
        every = dict.fromkeys(one.list for one in self.scoring.ledger.all(ListPublished).values())
        return [code for code in every if self.chosen.has(code)]

    def _list(self, code: str) -> ListEvaluated:
        ledger = self.scoring.ledger
        regime = regime_at(ledger, code, ledger.clock)
        newest = max((one for one in ledger.all(ListPublished).values() if one.list == code), key=lambda one: one.year)
        drafted, sealed = self._said(BulletinDrafted, code), self._said(BulletinSealed, code)
        notices = Notices(
            reminders=self._said(ReminderSent, code),
            drafted=self._said(NoticeDrafted, code),
            served=self._said(NoticeServed, code),
        )
        return ListEvaluated(
            list=code,
            name=newest.name,
            regime=_in_force(regime) if regime else None,
            current_period=str(current_period(ledger, code, ledger.clock, regime)) if regime else None,
            now=tuple(current(ledger, code, ledger.clock)),
            draws=tuple(draw for draw in self.draws if draw.drawn.list == code),
            matters=tuple(self._matters(code)),
            notices=notices,
            bulletins=Bulletins(drafted=drafted, sealed=sealed),
            waiting=tuple(self._unsigned(code)),
        )

    def _said(self, of: type[S], code: str) -> tuple[S, ...]:
        return tuple(one for one in self.stated if isinstance(one, of) and one.list == code)

    def _matters(self, code: str) -> Iterator[MatterStands]:
        for kept in self.notify.ledger.all(Matter).values():
            proposed = kept.proposed
            if proposed.list == code:
                yield MatterStands(
                    matter=proposed.matter,
                    rule=proposed.rule,
                    subject_kind=proposed.subject_kind,
                    subject=proposed.subject,
                    name=proposed.name,
                    unit=proposed.unit,
                    moment=proposed.moment,
                    displayed=proposed.displayed,
                    state=kept.state,
                    step=kept.step,
                    opened_at=kept.opened_at,
                )

    def _unsigned(self, code: str) -> Iterator[str]:
        ledger = self.notify.ledger
        for notice, kept in ledger.all(NoticeFile).items():
            if kept.draft.list == code and not kept.served:
                yield notice
        for bulletin, filed in ledger.all(BulletinFile).items():
            if filed.draft.list == code and not filed.sealed:
                yield bulletin


def _known(event: AnyRecorded | Unreadable) -> AnyRecorded:
    if isinstance(event, Unreadable):
        raise CannotApply(event.reason)
    return event


def _draws(said: Sequence[StandingsEvent]) -> Iterator[Draw]:
    """Each moment's lines and hits come before the statement that closes its draw."""
    lines: list[LineDrawn] = []
    hits: list[RuleHit] = []
    for one in said:
        match one:
            case LineDrawn():
                lines.append(one)
            case RuleHit():
                hits.append(one)
            case StandingsDrawn():
                yield Draw(drawn=one, lines=tuple(lines), hits=tuple(hits))
                lines, hits = [], []


def _parked(name: Literal["scoring", "notify"], fold: _Fold) -> Iterator[ParkedEvent]:
    for one in fold.parking.all:
        yield ParkedEvent(
            fold=name, position=one.position, kind=one.kind, entity=one.entity, reason=one.reason, behind=one.behind
        )


def _in_force(regime: Regime) -> RegimeInForce:
    return RegimeInForce(
        regime=regime.regime,
        version=regime.version,
        money_unit=regime.numbers.money_unit,
        rounding=regime.numbers.rounding,
        measures={name: _MEASURE_KINDS[type(measure)] for name, measure in regime.measures.items()},
    )
