"""How was the yearly plan of a list's projects changed, by whom, and what did a change of it spare them?

The register of baselines: every other amount that took the place of one that was set, and the ratios by the first plan
and by the plan in force side by side. Amounts in yuan, ratios with 1 = 100 %, unrounded.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from services.scoring.domain.lights import own_light
from services.scoring.domain.measure import Measuring
from services.scoring.domain.plan_history import Plan, PlanChange, PlanSetBy
from services.scoring.domain.view import View
from services.scoring.domain.views import current_period
from shared.core.numbers import EXACT, total
from shared.core.regime.measures import AmountName, Measure, Ratio
from shared.core.regime.model import SupervisionRule
from shared.core.regime.terms import LightName, SubjectKind
from shared.core.register import listing_of, members, regime_at, regime_for

_CURRENT, _ORIGINAL = "baseline/current", "baseline/original"
_DONE: AmountName = "investment_completed"
_PLANNED: AmountName = "annual_planned_investment"
_FIRST_PLANNED: AmountName = "original_annual_planned_investment"
_BY_BOTH: Mapping[str, Measure] = {
    _CURRENT: Ratio(ratio=_DONE, over=_PLANNED), _ORIGINAL: Ratio(ratio=_DONE, over=_FIRST_PLANNED),
}  # fmt: skip
_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """One change of a plan's amount. `by`: a reset, or a plan or a listing that said another amount.

    `freed`: the rules about projects that held of it right before and no longer right after, of all else being the
    same; likewise the light. They are the project's own: what its unit was spared is not said.
    """

    project: str
    name: str
    unit: str
    by: PlanSetBy
    recorded_at: datetime
    event: str
    old_yuan: Decimal
    new_yuan: Decimal | None
    difference_yuan: Decimal | None
    approver: str
    document: str
    reason: str
    is_after_sealing: bool
    freed: tuple[str, ...]
    light_before: LightName | None
    light_after: LightName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A subject by both plans; a ratio is unknown where an amount is."""

    subject_kind: SubjectKind
    subject: str
    name: str
    completed_yuan: Decimal | None
    original_planned_yuan: Decimal | None
    planned_yuan: Decimal | None
    by_original: Decimal | None
    by_current: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """`repeated`: how often the plan was changed of each project for which that was more than once.

    `difference_yuan` adds up the changes of which both amounts are known.
    """

    year: int
    period: str
    resets: tuple[Reset, ...]
    repeated: Mapping[str, int]
    projects_reset: int
    after_sealing: int
    difference_yuan: Decimal
    compared: tuple[Compared, ...]


def baselines(view: View) -> Baselines:
    """The register of the list and year of a view, as it was known at the view's instant."""
    resets = tuple(sorted(_resets(view), key=lambda one: (one.recorded_at, one.project)))
    often = Counter(one.project for one in resets)
    return Baselines(
        year=view.period.year, period=str(view.period), resets=resets,
        repeated={project: count for project, count in sorted(often.items()) if count > 1},
        projects_reset=len(often), after_sealing=sum(one.is_after_sealing for one in resets),
        difference_yuan=total(one.difference_yuan for one in resets if one.difference_yuan is not None),
        compared=tuple(_compared(view)),
    )  # fmt: skip


def _resets(view: View) -> Iterator[Reset]:
    code, year = view.code, view.period.year
    for project in members(view.ledger, code, year):
        plan = view.ledger.get(Plan, f"{code}/{year}/{project}")
        amount: Decimal | None = None
        for change in plan.changes if plan else ():
            new = change.annual_planned_investment_yuan
            if change.recorded_at > view.at:
                break
            if amount is not None and (change.by == "reset" or new != amount):
                yield _reset(view, project, amount, change)
            amount = new if new is not None else amount


def _reset(view: View, project: str, old: Decimal, change: PlanChange) -> Reset:
    listing, new = listing_of(view.ledger, view.code, view.period.year, project), change.annual_planned_investment_yuan
    before, after = (_alone(view, project, at) for at in (change.recorded_at - _BEFORE, change.recorded_at))
    both = (before, after) if before and after else None
    return Reset(
        project=project, name=listing.name, unit=listing.lead_unit, by=change.by, recorded_at=change.recorded_at,
        event=change.event, old_yuan=old, new_yuan=new,
        difference_yuan=None if new is None else EXACT.subtract(new, old), approver=change.approver,
        document=change.document, reason=change.reason, is_after_sealing=change.is_after_sealing,
        freed=tuple(_freed(*both)) if both else (), light_before=_light(before), light_after=_light(after),
    )  # fmt: skip


def _alone(view: View, project: str, at: datetime) -> Measuring | None:
    """The project as it was judged at an instant by all that is known of that day, under the rules in force then."""
    regime = regime_at(view.ledger, view.code, at)
    if regime is None:
        return None
    period, day = current_period(view.ledger, view.code, at, regime), at.astimezone(view.zone).date()
    regime = regime_for(view.ledger, view.code, period) or regime
    then = View(view.ledger, view.code, regime, period, at, day, view.computed)
    facts = then.standing.object(project) if period.year == view.period.year else None
    listing = facts.listing if facts else None
    return Measuring(then, "project", project, listing.name, listing.lead_unit, (facts,)) if facts and listing else None


def _light(subject: Measuring | None) -> LightName | None:
    return own_light(subject.view.regime, subject) if subject else None


def _freed(before: Measuring, after: Measuring) -> Iterator[str]:
    for rule in before.view.regime.supervision_rules:
        if rule.about == "project" and _holds(rule, before) and _holds(rule, after) is False:
            yield rule.id


def _holds(rule: SupervisionRule, subject: Measuring) -> bool | None:
    if rule.among is not None and not subject.holds(rule.among):
        return None
    return False if rule.unless is not None and subject.holds(rule.unless) else subject.holds(rule.when)


def _compared(view: View) -> Iterator[Compared]:
    both = replace(view.regime, measures={**view.regime.measures, **_BY_BOTH})
    by_both = View(view.ledger, view.code, both, view.period, view.at, view.day, view.computed)
    kinds: Sequence[SubjectKind] = ("project", "unit", "list")
    for kind in kinds:
        for one in by_both.subjects(kind):
            yield Compared(
                subject_kind=kind, subject=one.code, name=one.name, completed_yuan=one.sum(_DONE),
                original_planned_yuan=one.sum(_FIRST_PLANNED), planned_yuan=one.sum(_PLANNED),
                by_original=one.value(_ORIGINAL), by_current=one.value(_CURRENT),
            )  # fmt: skip
