"""What is asked of a unit: which returns, by when, which of their fields, and what the record holds already.

Nothing is asked twice (减负): what a list, a plan or an earlier event says is given, never asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.intake.domain.known.asked import Formalities, Node, Nodes, Place
from services.intake.domain.known.permits import PermitLife
from services.intake.domain.known.projects import Course
from services.intake.domain.known.returns import ReturnMade, before, made
from shared.core.calendar import Cadence, Period
from shared.core.events import ListPublished, ProjectExited, ProjectListed, ProjectReplaced
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.numbers import MoneyUnit
from shared.core.regime.management import RECORDED_FIELDS, Field, Reporting
from shared.core.regime.model import Regime, Title
from shared.core.regime.terms import Stage
from shared.core.register import FAR_FUTURE, listing_of, members, regime_for, spans
from shared.core.responsibilities import local_day
from shared.core.returns import filing_unit, is_owed

FINAL_STAGES: frozenset[Stage] = frozenset({"benefit_reached", "terminated"})
"""After these nothing moves any more: the stage is not asked for again."""
_DONE_PERMITS = frozenset({"issued", "refused"})
_FINEST: Sequence[MoneyUnit] = ("元", "万元", "亿元")


class WantedPermit(NamedTuple):
    """A permit that is planned and not issued; without a state nobody has filed for it."""

    id: str
    name: str
    office: str
    due_on: date | None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One return about one project for one period, asked once however many lists ask for it.

    `list` is the one that wants it first, `lists` all of them; `due` the first instant that is too late, None where no
    day is named. `unit` files it. `fields` are those that people must fill, in the regime's order. Amounts are in yuan;
    `money_unit` is the one to write them in. `bases` are those on which a stage counts, `titles` what the regime calls
    them. `made` is the return of the period, `last` the latest one before it.
    """

    list: str
    lists: tuple[str, ...]
    year: int
    project: str
    name: str
    unit: str
    cadence: Cadence
    period: str
    due: datetime | None
    fields: tuple[Field, ...]
    takes_nil: bool
    money_unit: MoneyUnit
    bases: tuple[str, ...] = ()
    titles: Mapping[str, Title] = field(default_factory=dict)
    total_investment_yuan: Decimal | None = None
    annual_plan_yuan: Decimal | None = None
    stage: Stage | None = None
    milestones: tuple[Node, ...] = ()
    permits: tuple[WantedPermit, ...] = ()
    last: ReturnMade | None = None
    made: ReturnMade | None = None

    @property
    def is_made(self) -> bool:
        """Whether there is a return that stands; one that a reviewer has sent back is owed again."""
        return self.made is not None and not self.made.is_sent_back


def asked_of(ledger: Ledger, unit: str, *, at: datetime) -> Sequence[Asked]:
    """All that is owed by a unit for periods that have begun by an instant and is not made yet; first due, first."""
    found = [one for one in _all(ledger, unit, local_day(ledger, at), None) if not one.is_made]
    return sorted(found, key=lambda one: (one.due or FAR_FUTURE, Period.parse(one.period), one.project))


def asked_in(ledger: Ledger, unit: str, period: Period) -> Sequence[Asked]:
    """All that is asked of a unit for one period, made or not, in the order of listing."""
    return list(_all(ledger, unit, period.last_day, period))


def asked_until(ledger: Ledger, day: date) -> Sequence[Asked]:
    """All that was asked of anybody for periods that have begun by a day, made or not."""
    return list(_all(ledger, None, day, None))


def _all(ledger: Ledger, unit: str | None, day: date, only: Period | None) -> Iterator[Asked]:
    """What is asked by any list, of a unit or of all, merged by project and period."""
    merged: dict[tuple[str, str], Asked] = {}
    for published in ledger.all(ListPublished).values():
        if only is None or published.year == only.year:
            for one in _by_list(ledger, published, unit, day, only):
                key = (one.project, one.period)
                merged[key] = _together(merged[key], one) if key in merged else one
    yield from merged.values()


def _together(one: Asked, other: Asked) -> Asked:
    first, second = (other, one) if (other.due or FAR_FUTURE) < (one.due or FAR_FUTURE) else (one, other)
    return replace(
        first, lists=(*one.lists, *other.lists), fields=tuple(dict.fromkeys((*first.fields, *second.fields))),
        takes_nil=one.takes_nil and other.takes_nil, bases=tuple(dict.fromkeys((*first.bases, *second.bases))),
        titles={**second.titles, **first.titles},
        money_unit=min(one.money_unit, other.money_unit, key=_FINEST.index),
    )  # fmt: skip


def _by_list(
    ledger: Ledger, published: ListPublished, unit: str | None, day: date, only: Period | None
) -> Iterator[Asked]:
    code, year = published.list, published.year
    listings = [listing_of(ledger, code, year, project) for project in members(ledger, code, year)]
    own = [one for one in listings if one.lead_unit == unit]
    for period, regime, reportings in _periods(ledger, published, day, only):
        first, due = reportings[0], due_at(ledger, period, reportings[0])
        for listing in own if unit and first.filed_by == "lead_unit" else listings:
            if unit and filing_unit(ledger, listing, first, on=min(period.last_day, day)) != unit:
                continue
            place = ledger.get(Place, key := f"{code}/{year}/{listing.project}")
            listed_at, exited_on = place.listed_at if place else None, _left_on(ledger, key)
            told = made(ledger, listing.project, str(period))
            if told or is_owed(period, due, listed_at=listed_at, exited_on=exited_on):
                plan = place.annual_plan_yuan if place else None
                yield _asked(ledger, listing, regime, reportings, period, due, plan, told)


def _periods(
    ledger: Ledger, published: ListPublished, day: date, only: Period | None
) -> Iterator[tuple[Period, Regime, Sequence[Reporting]]]:
    """The periods of a list's year that have begun by a day, with what the regime of each asks."""
    regimes = [regime for _, _, regime in spans(ledger, published.list)]
    for cadence in dict.fromkeys(one.cadence for regime in regimes for one in regime.reporting):
        if only is not None and only.cadence != cadence:
            continue
        period = only or Period.holding(date(published.year, 1, 1), cadence)
        while period.year == published.year and period.first_day <= day:
            regime = regime_for(ledger, published.list, period)
            reportings = [one for one in regime.reporting if one.cadence == cadence] if regime else []
            if regime and reportings:
                yield period, regime, reportings
            if only is not None:
                break
            period = period.next()


def _left_on(ledger: Ledger, key: str) -> date | None:
    left = ledger.get(ProjectExited, key) or ledger.get(ProjectReplaced, key)
    return left.on if left else None


def _asked(
    ledger: Ledger, listing: ProjectListed, regime: Regime, reportings: Sequence[Reporting], period: Period,
    due: datetime | None, plan: Decimal | None, told: ReturnMade | None,
) -> Asked:  # fmt: skip
    project, course, nodes = listing.project, ledger.get(Course, listing.project), ledger.get(Nodes, listing.project)
    stage = course.stages[-1].stage if course else None
    ahead = tuple(one for one in nodes.nodes if one.reached_on is None) if nodes else ()
    wanted = tuple(_wanted(ledger, project))
    known: set[Field] = set(RECORDED_FIELDS)
    known |= {"stage"} if stage in FINAL_STAGES else set()
    known |= set() if ahead else {"milestones"}
    known |= set() if wanted else {"permits"}
    bases = tuple(dict.fromkeys(basis for gate in regime.stages for basis in gate.basis))
    return Asked(
        list=listing.list, lists=(listing.list,), year=listing.year, project=project, name=listing.name,
        unit=filing_unit(ledger, listing, reportings[0], on=period.last_day), cadence=period.cadence,
        period=str(period), due=due, fields=_fields(reportings, known),
        takes_nil=all(one.nil_return == "required" for one in reportings), money_unit=regime.numbers.money_unit,
        bases=bases, titles={code: title for code, title in (regime.names or {}).items() if code in bases},
        total_investment_yuan=listing.total_investment_yuan, annual_plan_yuan=plan,
        stage=stage, milestones=ahead, permits=wanted,
        last=before(ledger, project, period, alike=True), made=told,
    )  # fmt: skip


def _fields(reportings: Sequence[Reporting], known: AbstractSet[Field]) -> tuple[Field, ...]:
    every = (name for reporting in reportings for name in reporting.fields)
    return tuple(dict.fromkeys(name for name in every if name not in known))


def _wanted(ledger: Ledger, project: str) -> Iterator[WantedPermit]:
    planned = ledger.get(Formalities, project)
    for one in planned.permits if planned else ():
        life = ledger.get(PermitLife, f"{project}/{one.id}")
        if life is None or life.state not in _DONE_PERMITS:
            yield WantedPermit(one.id, one.name, one.office, one.due_on, life.state if life else "")
