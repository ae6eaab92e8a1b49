"""How many points a subject has, and what bars it: by component, in total, by veto.

Three-valued: a component that is not known, or not judged yet, leaves the total unknown. One that is not for the
subject (`among` does not hold) adds nothing and is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from services.scoring.domain.row import Row
from shared.core.numbers import EXACT, divide, settled, total
from shared.core.regime import scoring as rules
from shared.core.regime.holds import Subject, holds, some
from shared.core.regime.language import Where, Window
from shared.core.regime.model import Regime
from shared.core.regime.terms import Table

Components = Mapping[str, rules.Component]

_NONE = Decimal(0)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)


class Assessed(Subject, Protocol):
    """A subject that has rows, and knows what part of the year has ended."""

    @property
    def year_ended(self) -> bool: ...
    @property
    def half_year_ended(self) -> bool: ...

    def rows(self, table: Table, where: Where | None, window: Window) -> Sequence[Row]:
        """Its rows in the window whose cells are surely so."""
        ...


def points_of(regime: Regime, subject: Assessed) -> dict[str, Decimal | None]:
    """The points by component, in the order of the regime, and their `total`; nothing where there are no components.

    A veto can make the total zero; the components keep their points, to explain it.
    """
    components = _components(regime)
    asked = {name: one for name, one in components.items() if _is_for(one, subject) is not False}
    points = {name: _points(one, subject, components) for name, one in asked.items()}
    found = {**points, "total": _total(regime, subject, points.values())} if components else {}
    return {name: None if one is None else settled(one) for name, one in found.items()}


def component_points(regime: Regime, subject: Assessed, name: str) -> Decimal | None:
    """The points of one component, zero where it is not for the subject; or the `total`.

    Only the component and what it multiplies is worked out, so that one may ask for another by a measure.
    """
    if name == "total":
        return points_of(regime, subject).get(name)
    points = _named(name, subject, _components(regime))
    return None if points is None else settled(points)


def vetoes_of(regime: Regime, subject: Assessed, result: str = "") -> dict[str, bool | None]:
    """Whether each veto (of one result) strikes the subject, by its id; None where what is known does not decide it."""
    vetoes = regime.scoring.vetoes if regime.scoring else ()
    return {veto.id: holds(veto.when, subject) for veto in vetoes if result in ("", veto.result)}


def _components(regime: Regime) -> Components:
    return {one.id: one for one in regime.scoring.components} if regime.scoring else {}


def _total(regime: Regime, subject: Assessed, points: Iterable[Decimal | None]) -> Decimal | None:
    zeroed = some([*vetoes_of(regime, subject, "zero").values()])
    return _NONE if zeroed else None if zeroed is None else _sum(points)


def _sum(points: Iterable[Decimal | None]) -> Decimal | None:
    parts = list(points)
    known = [one for one in parts if one is not None]
    # Sorted, since sums of quotients may differ in their 40th digit by the order in which they are added.
    return total(sorted(known)) if len(known) == len(parts) else None


# --- components -----------------------------------------------------------------------------------------------


def _named(name: str, subject: Assessed, components: Components) -> Decimal | None:
    """Unknown also where no component has the name, or where it would multiply itself: the check refuses both."""
    component = components.get(name)
    return None if component is None else _points(component, subject, components)


def _points(component: rules.Component, subject: Assessed, components: Components) -> Decimal | None:
    covered = _is_for(component, subject)
    if covered is False:
        return _NONE
    if covered is None or not _is_due(component.judged, subject):
        return None
    points = _earned(component, subject, components)
    return None if points is None else EXACT.plus(points)  # no negative zero


def _is_for(component: rules.Component, subject: Assessed) -> bool | None:
    return component.among is None or holds(component.among, subject)


def _is_due(judged: rules.Judged, subject: Assessed) -> bool:
    return {"any_time": True, "half_year": subject.half_year_ended, "year_end": subject.year_ended}[judged]


def _earned(component: rules.Component, subject: Assessed, components: Components) -> Decimal | None:
    match component:
        case rules.AllOrNothing(all_or_nothing=award):
            return _award(award, subject)
        case rules.Tiers(tiers=steps):
            return _step(steps, subject, below=_NONE)
        case rules.Bonus(when=when, per=rate):
            held = holds(when, subject)
            return _rate(rate, subject) if held else None if held is None else _NONE
        case rules.Proportional(proportional=share):
            return _share(share, subject)
        case rules.Counted(add=by_count):
            return _count(by_count, subject)
        case rules.Deducted(deduct=by_count):
            taken = _count(by_count, subject)
            return None if taken is None else EXACT.minus(taken)
        case rules.Multiplied(multiply=times):
            return _beyond(times, subject, {name: one for name, one in components.items() if one is not component})


def _award(award: rules.Award, subject: Assessed) -> Decimal | None:
    held = holds(award.when, subject)
    return None if held is None else award.points if held else award.otherwise


def _step(steps: rules.Steps, subject: Assessed, *, below: Decimal) -> Decimal | None:
    value = subject.value(steps.of)
    if value is None:
        return None
    value = settled(value)
    on_it = steps.includes == "lower"
    reached = [row for row in steps.table if value > row[0] or (on_it and value == row[0])]
    return max(reached)[1] if reached else below


def _rate(rate: rules.Rate, subject: Assessed) -> Decimal | None:
    value = subject.value(rate.of)
    if value is None:
        return None
    above_pp = EXACT.multiply(max(settled(EXACT.subtract(value, rate.above)), _NONE), _HUNDRED)
    return _capped(divide(EXACT.multiply(above_pp, rate.points), rate.pp), rate.at_most)


def _share(share: rules.InProportion, subject: Assessed) -> Decimal | None:
    value = subject.value(share.of)
    if value is None:
        return None
    earned = divide(EXACT.multiply(max(value, _NONE), share.points), share.full_at)
    return _capped(earned, abs(share.points) if share.at_most is None else share.at_most)


def _count(by_count: rules.ByCount, subject: Assessed) -> Decimal | None:
    """A row whose value has no points of its own adds none; one that nobody rated leaves the sum unknown."""
    rows = subject.rows(by_count.per, by_count.where, by_count.window)
    if isinstance(by_count.points, Decimal):
        return _capped(EXACT.multiply(by_count.points, Decimal(len(rows))), by_count.at_most)
    rated = [row.told(by_count.by) for row in rows]
    words = [one if isinstance(one, tuple) else (one,) for one in rated]
    each = [None if one is None else by_count.points.get(str(one), _NONE) for of_row in words for one in of_row]
    return _capped(_sum(each), by_count.at_most)


def _beyond(times: rules.Times, subject: Assessed, others: Components) -> Decimal | None:
    """Below the first row of the table no factor applies: nothing is added."""
    factor = _step(times.by, subject, below=_ONE)
    points = _sum(_named(name, subject, others) for name in times.components)
    return None if factor is None or points is None else EXACT.multiply(points, EXACT.subtract(factor, _ONE))


def _capped(points: Decimal | None, at_most: Decimal | None) -> Decimal | None:
    """No further from zero than the cap, to either side: a deduction may be written with points below zero."""
    if points is None or at_most is None:
        return points
    return max(EXACT.minus(at_most), min(points, at_most))
