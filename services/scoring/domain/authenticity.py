"""How far do a unit's returns lie from what inspections found, and what in them is worth an inspector's look?

Signals for inspectors, never points: no rule reads them, and each has an innocent explanation. A count stands beside
every share, and of few comparisons no index is made. What nobody said is unknown and neither agrees nor disagrees.
The thresholds are ours, for no source states any; `CHOSEN` shows them with every answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Literal

from services.scoring.domain.entries import Fact, Return, Returns
from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.pages import ids_of
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.view import View
from shared.core.numbers import EXACT, divide, total
from shared.core.period import Period
from shared.core.regime.terms import Stage

COMPARED_MIN = 3
"""Under three comparisons one odd inspection would be the whole index."""
TOLERANCE = Decimal("0.05")
"""What days between a period's end and the visit may well bring about."""
FLAT_PERIODS = 3
"""A quarter of months without a yuan, on a site that is at work."""
JUMP_OF_PLAN = Decimal("0.4")
"""Nearly five months of an even year in one period."""
LAST_HOURS = 24
"""The day on which reminders are late."""
PROGRESS_GAP = Decimal("0.2")
"""Twice what the usual rules call behind, since money runs ahead of a site and after it for good reasons."""
ROUND_YUAN = Decimal(1_000_000)
"""Returns are made in 万元: a whole million has two zeros more than it needs."""
CHOSEN: Mapping[str, str] = {
    "compared_min": f"{COMPARED_MIN}", "tolerance": f"{TOLERANCE}", "flat_periods": f"{FLAT_PERIODS}",
    "jump_of_plan": f"{JUMP_OF_PLAN}", "last_hours": f"{LAST_HOURS}", "progress_gap": f"{PROGRESS_GAP}",
    "round_yuan": f"{ROUND_YUAN}",
}  # fmt: skip

_UNDER_WAY: frozenset[Stage] = frozenset({"started", "resumed"})

SignalKind = Literal["flat", "jump", "backwards", "ahead_of_site", "behind_site", "paid_beyond_completed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An inspection's amount against the unit's own for the last period that had ended by then; the year to date.

    `relative` is (reported - found) / found; unknown where nothing was found to be done.
    """

    project: str
    inspection: str
    on: date
    period: str
    event: str
    reported_yuan: Decimal
    found_yuan: Decimal
    relative: Decimal | None
    is_within: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """`value`: of a flat line the amount, of a jump and going backwards the step in yuan; else the gap."""

    kind: SignalKind
    project: str
    periods: tuple[str, ...]
    events: tuple[str, ...]
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> Decimal | None:
        return divide(Decimal(self.count), Decimal(self.of))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReturns:
    """A unit's returns of the year. `index`: the mean absolute relative difference; `mean_signed`: above 0, too much.

    Both unknown under COMPARED_MIN known differences, which `compared` counts; `of_nothing`: amounts were reported
    where an inspection found none. `at_deadline`: of the returns in time, those in the last hours; `others_at_deadline`
    those of the list's other units. `round`: of the amounts above nothing; `same_narrative`: of texts that follow one.
    """

    unit: str
    name: str
    project_count: int
    inspected: int
    within: int
    compared: int
    of_nothing: int
    index: Decimal | None
    mean_signed: Decimal | None
    at_deadline: Part
    others_at_deadline: Part
    round: Part
    same_narrative: Part
    comparisons: tuple[Comparison, ...]
    signals: tuple[Signal, ...]


def authenticity(view: View) -> Sequence[UnitReturns]:
    """Every lead unit of the list, in protocol order, with what its projects' returns of the year look like."""
    units = view.subjects("unit")
    late = {one.code: _at_deadline(view, one.objects) for one in units}
    count, of = sum(one.count for one in late.values()), sum(one.of for one in late.values())
    found = []
    for one in units:
        own = late[one.code]
        found.append(
            _of_unit(view, one.code, one.name, one.objects, own, Part(count=count - own.count, of=of - own.of))
        )
    return found


def _of_unit(
    view: View, code: str, name: str, objects: Sequence[ProjectFacts], own: Part, others: Part
) -> UnitReturns:  # fmt: skip
    comparisons = tuple(one for facts in objects for one in _comparisons(view, facts.code))
    known = [one.relative for one in comparisons if one.relative is not None]
    returns = [_returns(view, facts.code) for facts in objects]
    return UnitReturns(
        unit=code, name=name, project_count=len(objects), inspected=len(comparisons),
        within=sum(one.is_within for one in comparisons), compared=len(known),
        of_nothing=sum(one.relative is None and one.reported_yuan > 0 for one in comparisons),
        index=_mean([abs(one) for one in known]), mean_signed=_mean(known), at_deadline=own, others_at_deadline=others,
        round=_round(returns), same_narrative=_same_narrative(returns), comparisons=comparisons,
        signals=tuple(one for facts in objects for one in _signals(view, facts)),
    )  # fmt: skip


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return divide(total(values), Decimal(len(values))) if len(values) >= COMPARED_MIN else None


def _returns(view: View, project: str) -> Sequence[Return]:
    kept = view.ledger.get(Returns, f"{project}/{view.period.year}")
    return [one for one in kept.returns if one.ends_on <= view.day] if kept else []


def _own(one: Return) -> Decimal | None:
    """What the unit said itself, whatever a review made of it."""
    return one.investment_ytd_yuan if one.self_reported_ytd_yuan is None else one.self_reported_ytd_yuan


# --- against inspections ----------------------------------------------------------------------------------------------


def _comparisons(view: View, project: str) -> Iterator[Comparison]:
    returns = [one for one in _returns(view, project) if _own(one) is not None]
    for code in ids_of(view.ledger, "inspection", project):
        fact = view.ledger.get(Fact, code)
        found = fact.numbers.get("found_ytd_yuan") if fact else None
        if fact is None or found is None or fact.on.year != view.period.year or fact.on > view.today:
            continue
        last = next((one for one in reversed(returns) if one.ends_on <= fact.on), None)
        said = _own(last) if last else None
        if last is not None and said is not None:
            apart = EXACT.subtract(said, found)
            yield Comparison(
                project=project, inspection=code, on=fact.on, period=last.period, event=last.event,
                reported_yuan=said, found_yuan=found, relative=divide(apart, found),
                is_within=abs(apart) <= EXACT.multiply(TOLERANCE, abs(found)),
            )  # fmt: skip


# --- signals ----------------------------------------------------------------------------------------------------------


def _signals(view: View, facts: ProjectFacts) -> Iterator[Signal]:
    returns = _returns(view, facts.code)
    if facts.stages and facts.stages[-1] in _UNDER_WAY and not view.standing.is_suspended(facts.code):
        yield from _flat(facts.code, returns)
    yield from _steps(view, facts.code, returns)
    for one in returns:
        yield from _money_and_site(facts, one)


def _flat(project: str, returns: Sequence[Return]) -> Iterator[Signal]:
    """The same amount in so many periods in a row; a nil return says openly that nothing moved, and ends the line."""
    for amount, group in groupby(returns, key=_own):
        line = list(group)
        if amount is not None and len(line) >= FLAT_PERIODS:
            yield _signal("flat", project, line, amount)


def _steps(view: View, project: str, returns: Sequence[Return]) -> Iterator[Signal]:
    """From one return to that of the very next period: what came over a gap may have come at any time in it."""
    plan = view.ledger.get(Plan, f"{view.code}/{view.period.year}/{project}")
    planned = plan.at(view.at).annual_planned_investment_yuan if plan else None
    for one, other in pairwise(returns):
        before, after = _own(one), _own(other)
        if before is None or after is None:
            continue
        step, is_next = EXACT.subtract(after, before), str(Period.parse(one.period).next()) == other.period
        if step < 0:
            yield _signal("backwards", project, [one, other], step)
        elif planned and is_next and step > EXACT.multiply(JUMP_OF_PLAN, planned):
            yield _signal("jump", project, [one, other], step)


def _money_and_site(facts: ProjectFacts, one: Return) -> Iterator[Signal]:
    """The whole project: what was invested of its total against what stands, and what was paid beyond it."""
    done, whole, site = (
        one.investment_since_start_yuan,
        facts.amounts.get("total_investment"),
        one.physical_progress_ratio,
    )
    invested = divide(done, whole) if done is not None and whole is not None else None
    if invested is not None and site is not None:
        gap = EXACT.subtract(invested, site)
        if abs(gap) > PROGRESS_GAP:
            yield _signal("ahead_of_site" if gap > 0 else "behind_site", facts.code, [one], gap)
    if done is not None and one.funds_paid_yuan is not None and one.funds_paid_yuan > done:
        yield _signal("paid_beyond_completed", facts.code, [one], EXACT.subtract(one.funds_paid_yuan, done))


def _signal(kind: SignalKind, project: str, of: Sequence[Return], value: Decimal) -> Signal:
    periods, events = tuple(one.period for one in of), tuple(one.event for one in of)
    return Signal(kind=kind, project=project, periods=periods, events=events, value=value)


# --- parts ------------------------------------------------------------------------------------------------------------


def _at_deadline(view: View, objects: Sequence[ProjectFacts]) -> Part:
    by_cadence = {one.cadence: one for one in view.regime.reporting}
    count = of = 0
    for one in (one for facts in objects for one in _returns(view, facts.code)):
        reporting = by_cadence.get(Period.parse(one.period).cadence)
        due = view.standing.asked.due_at(one.period, reporting) if reporting else None
        if due is not None and one.recorded_at < due:
            of += 1
            count += one.recorded_at >= due - timedelta(hours=LAST_HOURS)
    return Part(count=count, of=of)


def _round(returns: Sequence[Sequence[Return]]) -> Part:
    amounts = [amount for of in returns for one in of if (amount := _own(one))]
    return Part(count=sum(EXACT.remainder(one, ROUND_YUAN) == 0 for one in amounts), of=len(amounts))


def _same_narrative(returns: Sequence[Sequence[Return]]) -> Part:
    pairs = [(one, other) for of in returns for one, other in pairwise(of) if one.narrative and other.narrative]
    return Part(count=sum(one.narrative == other.narrative for one, other in pairs), of=len(pairs))
