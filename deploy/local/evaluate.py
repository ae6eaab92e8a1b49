"""What does a record say? Folds events with the very code of the services, and no server."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Literal, TypeVar, get_args

from deploy.local.claims import with_declared
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
from deploy.local.folds import Fold, Folds
from services.notify.domain.ledger import BulletinFile, Matter, NoticeFile
from services.notify.domain.text import Say
from services.scoring.domain.judge import current
from services.scoring.domain.views import current_period, decided
from shared.core.digest import digest_of_all
from shared.core.events import (
    SHAPES,
    AnyRecorded,
    BulletinDrafted,
    BulletinSealed,
    JurisdictionOpened,
    ListPublished,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    Recorded,
    RegimeAdopted,
    ReminderSent,
    StandingsEvent,
)
from shared.core.ledger import BEFORE_ALL_TIME
from shared.core.regime.model import Regime
from shared.core.register import regime_at
from shared.infra.texts import Texts
from shared.infra.wire import statement

E = TypeVar("E")
S = TypeVar("S", bound=NoticesEvent)

_ALLOCATIONS_BETWEEN_COLLECTIONS = 200_000

_KINDS: dict[str, MeasureKind] = {one.replace("_", ""): one for one in get_args(MeasureKind)}


class NothingFound(Exception):
    """What was asked for is not in the file, in a sentence."""


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
    found: dict[str, Folds] = {}
    chosen = _Chosen(list_, period)
    for one in events:
        if (position is None or one.position <= position) and (at is None or one.recorded_at <= at):
            if one.jurisdiction not in found:
                found[one.jurisdiction] = Folds(one.jurisdiction, say or Texts.load("zh"), chosen.keeps)
            found[one.jurisdiction].take(_under(one, regime, list_))
    for folds in found.values():
        if at is not None:
            folds.pass_time_to(at)
    return Evaluation(format=FORMAT, jurisdictions=tuple(_evaluated(folds, chosen) for folds in found.values()))


@dataclass(frozen=True, slots=True)
class Folded:
    """One fold in two digests: of all that it knows, and of the ids of all that it ever stated."""

    ledger_digest: str
    stated_digest: str
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """What scoring and notify must have come to if they took one jurisdiction's record up to a position."""

    scoring: Folded
    notify: Folded


def replay(events: Iterable[AnyRecorded | Unreadable], *, position: int) -> Replay:
    """Fold one jurisdiction's events up to a position, and name the result as the services do."""
    where: Folds | None = None
    for event in takewhile(lambda one: one.position <= position, events):
        where = where or Folds(event.jurisdiction, Texts.load("zh"), lambda _: True)
        where.take(event)
    if where is None:
        raise ValueError("there is nothing to replay")
    drawn: list[StandingsEvent] = []
    for draw in where.draws:
        drawn += [*draw.corrections, *draw.lines, *draw.hits, draw.drawn]
    return Replay(_folded(where.scoring, drawn), _folded(where.notify, where.stated))


def _folded(fold: Fold, stated: Sequence[StandingsEvent] | Sequence[NoticesEvent]) -> Folded:
    code = fold.ledger.jurisdiction
    # The id of a statement follows from its content alone; the time does not matter here.
    ids = [statement(one, jurisdiction=code, at=BEFORE_ALL_TIME, causation="").id for one in stated]
    return Folded(fold.ledger.digest(), digest_of_all(ids), tuple(ids))


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
    """Evaluate a file and print what follows; a bare date is read in UTC.

    BadFile and BadRegime carry every fault; NothingFound says why there is nothing to print.
    """
    from deploy.local import evaluation
    from deploy.local.evaluation_text import as_text
    from deploy.local.reconcile import read_published, reconcile
    from deploy.local.regime_file import read_regime, regime_path

    figures = read_published(published) if published else []
    given = read_regime(regime_path(str(regime))) if regime else None
    with _collecting_seldom():
        found = evaluate(
            read_events(events) if given is None or _adopts(events) else _adopting(read_events(events), given, list_),
            regime=given,
            list_=list_,
            period=period,
            at=at.replace(tzinfo=UTC) if at and at.tzinfo is None else at,
            position=position,
        )
    if nothing := _nothing(found, list_, period):
        raise NothingFound(f"{events}: {nothing}")
    found = replace(found, published=tuple(reconcile(figures, found)))
    print(evaluation.as_json(found) if as_json else as_text(found), end="\n" if as_json else "")


def _nothing(found: Evaluation, list_: str | None, period: str | None) -> str:
    """Why there is nothing to print of what was asked for, if so."""
    if not found.jurisdictions:
        return "there is no event"
    lists = [one for jurisdiction in found.jurisdictions for one in jurisdiction.lists]
    if list_ is not None and not lists:
        return f"no list is called {list_}"
    if period is not None and not any(one.draws for one in lists):
        return f"nothing was drawn of a period {period}; a month is written 2026-02, a quarter 2026-Q1"
    return ""


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let the collector of cycles look seldom: the values of a fold are frozen and hold none, and it takes its time."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _adopts(events: Path) -> bool:
    """Whether the file adopts any regime itself."""
    name = f'"{SHAPES[RegimeAdopted].type}"'.encode()
    with events.open("rb") as lines:
        return any(name in line for line in lines)


def _adopting(
    events: Iterable[AnyRecorded | Unreadable], regime: Regime, code: str | None
) -> Iterator[AnyRecorded | Unreadable]:
    """The events of a file that adopts nothing, each list adopting the regime for its year when it is published."""
    for one in events:
        yield one
        published = None if isinstance(one, Unreadable) else one.data
        if isinstance(one, Recorded) and isinstance(published, ListPublished) and code in {None, published.list}:
            adopted = RegimeAdopted(list=published.list, effective_on=date(published.year, 1, 1), regime=regime)
            yield replace(one, position=0, id=f"{one.id}/regime", data=adopted)


def _under(event: AnyRecorded | Unreadable, regime: Regime | None, code: str | None) -> AnyRecorded | Unreadable:
    if regime is None or isinstance(event, Unreadable) or not isinstance(event.data, RegimeAdopted):
        return event
    is_chosen = code is None or event.data.list == code
    return replace(event, data=replace(event.data, regime=regime)) if is_chosen else event


@dataclass(frozen=True, slots=True)
class _Chosen:
    list: str | None
    period: str | None

    def has(self, code: str) -> bool:
        return self.list in {None, code}

    def keeps(self, draw: Draw) -> bool:
        return self.has(draw.drawn.list) and self.period in {None, draw.drawn.period}


def _evaluated(folds: Folds, chosen: _Chosen) -> JurisdictionEvaluated:
    opened = folds.scoring.ledger.get(JurisdictionOpened, "")
    return JurisdictionEvaluated(
        jurisdiction=folds.code,
        name=opened.name if opened else "",
        mode=opened.mode if opened else None,
        position=folds.position,
        clock=folds.scoring.ledger.clock if opened else None,
        lists=tuple(_list(folds, code) for code in _lists(folds, chosen)),
        parked=(*_parked("scoring", folds.scoring), *_parked("notify", folds.notify)),
        awaiting=folds.awaiting,
    )


def _lists(folds: Folds, chosen: _Chosen) -> list[str]:
    every = dict.fromkeys(one.list for one in folds.scoring.ledger.all(ListPublished).values())
    return [code for code in every if chosen.has(code)]


def _list(folds: Folds, code: str) -> ListEvaluated:
    ledger = folds.scoring.ledger
    regime = regime_at(ledger, code, ledger.clock)
    newest = max((one for one in ledger.all(ListPublished).values() if one.list == code), key=lambda one: one.year)
    drafted, sealed = _said(folds, BulletinDrafted, code), _said(folds, BulletinSealed, code)
    notices = Notices(
        reminders=_said(folds, ReminderSent, code),
        drafted=_said(folds, NoticeDrafted, code),
        served=_said(folds, NoticeServed, code),
    )
    found = ListEvaluated(
        list=code,
        name=newest.name,
        regime=_in_force(regime) if regime else None,
        current_period=str(current_period(ledger, code, ledger.clock, regime)) if regime else None,
        now=tuple(current(ledger, code, ledger.clock)),
        draws=tuple(draw for draw in folds.draws if draw.drawn.list == code),
        matters=tuple(_matters(folds, code)),
        notices=notices,
        bulletins=Bulletins(drafted=drafted, sealed=sealed),
        waiting=tuple(_unsigned(folds, code)),
        decisions=tuple(decided(ledger, code, ledger.clock)),
    )
    return with_declared(found, ledger, newest)


def _said(folds: Folds, of: type[S], code: str) -> tuple[S, ...]:
    return tuple(one for one in folds.stated if isinstance(one, of) and one.list == code)


def _matters(folds: Folds, code: str) -> Iterator[MatterStands]:
    for kept in folds.notify.ledger.all(Matter).values():
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


def _unsigned(folds: Folds, code: str) -> Iterator[str]:
    ledger = folds.notify.ledger
    for notice, kept in ledger.all(NoticeFile).items():
        if kept.draft.list == code and not kept.served:
            yield notice
    for bulletin, filed in ledger.all(BulletinFile).items():
        if filed.draft.list == code and not filed.sealed:
            yield bulletin


def _parked(name: Literal["scoring", "notify"], fold: Fold) -> Iterator[ParkedEvent]:
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
        measures={name: _KINDS[type(measure).__name__.lower()] for name, measure in regime.measures.items()},
        names=regime.names or {},
    )
