"""What a measure is of a subject: one object, or all those that a unit, a leader, a class, a list has.

Three-valued: None is unknown, and unknown is neither zero nor false.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from services.scoring.domain.counted import COUNTED, Viewpoint, days_of
from services.scoring.domain.facts import ProjectFacts, having
from services.scoring.domain.points import component_points
from services.scoring.domain.row import Row
from shared.core.numbers import EXACT, YUAN_PER, ZERO, difference, divide, settled, total
from shared.core.period import Period
from shared.core.regime import measures as rules
from shared.core.regime.holds import every, holds
from shared.core.regime.language import Condition, Has, Where, Window
from shared.core.regime.measures import AmountName
from shared.core.regime.model import Regime
from shared.core.regime.terms import LightName, SubjectKind, Table

_HUNDRED = Decimal(100)

COMMON = (rules.TimeProgress, rules.Fixed)
"""The measures that are the same of every subject."""


class Asked(Viewpoint, Protocol):
    """What measures need to know of the list and the moment beyond their subject."""

    @property
    def regime(self) -> Regime: ...
    @property
    def year_ended(self) -> bool: ...
    @property
    def half_year_ended(self) -> bool: ...

    def subject(self, kind: SubjectKind, code: str) -> "Measuring": ...
    def meeting(self, condition: Condition) -> frozenset[ProjectFacts]:
        """The objects of the list for which a condition surely holds."""
        ...

    def rows_of(self, subject: "Measuring", table: Table) -> Sequence[Row]: ...
    def light_of(self, subject: "Measuring") -> LightName | None: ...
    def places_of(self, subject: "Measuring") -> tuple[int, int] | None:
        """From the top and from the bottom."""
        ...

    def has_places(self, kind: SubjectKind) -> bool:
        """Whether any subject of a kind was given a place."""
        ...

    def earlier(self, period: Period) -> "Asked":
        """The same list, with what is known now, as of an earlier period."""
        ...


@dataclass(slots=True, eq=False)
class Measuring:
    """A subject under one regime at the end of a period; each measure is worked out once.

    `unit` is whom a notice about it goes to, `objects` what it is measured by, `known` which measures are known so far.
    """

    view: Asked
    kind: SubjectKind
    code: str
    name: str
    unit: str
    objects: Sequence[ProjectFacts]
    known: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def year_ended(self) -> bool:
        return self.view.year_ended

    @property
    def half_year_ended(self) -> bool:
        return self.view.half_year_ended

    def value(self, name: str) -> Decimal | None:
        """The measure, unrounded: ratios with 1 = 100 %, deviations in points, amounts in their unit.

        Unknown where the regime has no measure of the name.
        """
        if name not in self.known:
            measure = self.view.regime.measures.get(name)
            self.known[name] = None if measure is None else _MEASURES[type(measure)](self, measure)
        return self.known[name]

    def lacks(self, name: str) -> bool:
        """Who is vetoed, or cannot be compared, is surely not among the first, nor among the last."""
        return isinstance(self.view.regime.measures.get(name), rules.Place) and self.view.has_places(self.kind)

    def holds(self, condition: Condition) -> bool | None:
        return holds(condition, self)

    def has(self, wanted: Has) -> bool | None:
        if wanted.light is not None:
            light = self.view.light_of(self)
            if light is None:
                return None
            if light != wanted.light and light not in wanted.light:
                return False
        return bool(self.objects) and every(having(self.objects, wanted, self.view.day))

    def cells(self, where: Where) -> bool | None:  # noqa: ARG002 - a set of objects has no columns
        return None

    def rows(self, table: Table, where: Where | None = None, window: Window = "year_to_date") -> Sequence[Row]:
        """Its rows in the window whose cells are surely so."""
        first, last = days_of(self.view, window)
        return [
            row
            for row in self.view.rows_of(self, table)
            if first <= row.on <= last and (where is None or row.has(where))
        ]

    def among(self, condition: Condition | None) -> Sequence[ProjectFacts]:
        """The objects for which a condition surely holds; all of them where there is none."""
        if condition is None:
            return self.objects
        met = self.view.meeting(condition)
        return [one for one in self.objects if one in met]

    def sum(self, name: AmountName, among: Condition | None = None) -> Decimal | None:
        """The amounts that are known; unknown where none is."""
        known: Decimal | None = None
        for one in self.among(among):
            amount = one.amounts.get(name)
            if amount is not None:
                known = EXACT.add(known or ZERO, amount)
        return known


# --- amounts and shares -----------------------------------------------------------------------------------------------


def _ratio(subject: Measuring, measure: rules.Ratio) -> Decimal | None:
    done = planned = ZERO
    for one in subject.among(measure.among):
        part, whole = one.amounts.get(measure.ratio), one.amounts.get(measure.over)
        if one.is_judged and part is not None and whole is not None:
            done, planned = EXACT.add(done, part), EXACT.add(planned, whole)
    return divide(done, planned)


def _amount(subject: Measuring, measure: rules.Amount) -> Decimal | None:
    amount = subject.sum(measure.amount, measure.among)
    return None if amount is None else divide(amount, YUAN_PER[measure.unit])


def _share(subject: Measuring, measure: rules.Share) -> Decimal | None:
    """What is not known to meet the condition counts as not meeting it: documents divide by all that is listed."""
    objects = subject.among(measure.among)
    hits = subject.view.meeting(measure.share_of).intersection(objects)
    whole = objects
    if measure.out_of == "list":
        whole = subject.view.subject("list", "").among(measure.among)
    if measure.weigh_by is None:
        return EXACT.divide(len(hits), len(whole)) if whole else None
    return divide(_weight(hits, measure.weigh_by), _weight(whole, measure.weigh_by))


def _weight(objects: Iterable[ProjectFacts], name: AmountName) -> Decimal:
    return total(amount for one in objects if (amount := one.amounts.get(name)) is not None)


def _objects(subject: Measuring, measure: rules.Objects) -> Decimal:
    chosen = subject.objects if measure.objects == "all" else subject.among(measure.objects)
    return Decimal(len(chosen))


# --- of other measures ------------------------------------------------------------------------------------------------


def _deviation(subject: Measuring, measure: rules.Deviation) -> Decimal | None:
    value, target = subject.value(measure.deviation_pp), subject.value(measure.against)
    return None if value is None or target is None else EXACT.multiply(difference(value, target), _HUNDRED)


def _shortfall(subject: Measuring, measure: rules.Shortfall) -> Decimal | None:
    value, target = subject.value(measure.shortfall), subject.value(measure.against)
    return None if value is None or target is None else divide(difference(target, value), target)


def _growth(subject: Measuring, measure: rules.Growth) -> Decimal | None:
    period = subject.view.period
    back = period.first_day - timedelta(days=1)
    if measure.since == "last_year":
        back = a_year_before(period.last_day)
    before = subject.view.earlier(Period.holding(back, period.cadence)).subject(subject.kind, subject.code)
    now, then = subject.value(measure.growth_of), before.value(measure.growth_of)
    if now is None or then is None:
        return None
    grown = difference(now, then)
    return EXACT.multiply(grown, _HUNDRED) if measure.unit == "pp" else divide(grown, then)


def a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _met(subject: Measuring, measure: rules.Met) -> Decimal | None:
    holding = None if measure.judged == "year_end" and not subject.year_ended else subject.holds(measure.met)
    return None if holding is None else Decimal(holding)


def _weighted(subject: Measuring, measure: rules.Weighted) -> Decimal | None:
    parts = [(subject.value(part.of), part.weight) for part in measure.weighted]
    known = [EXACT.multiply(value, weight) for value, weight in parts if value is not None]
    return settled(total(known)) if len(known) == len(parts) else None


def _scored(subject: Measuring, measure: rules.Scored) -> Decimal | None:
    view = subject.view
    if measure.at == "half_year":
        if not view.half_year_ended:
            return None
        view = view.earlier(Period.parse(f"{view.period.year:04d}-H1"))
    return component_points(view.regime, view.subject(subject.kind, subject.code), measure.points)


def _place(subject: Measuring, measure: rules.Place) -> Decimal | None:
    places = subject.view.places_of(subject)
    return None if places is None else Decimal(places[0 if measure.place == "top" else 1])


def _fixed(_subject: Measuring, measure: rules.Fixed) -> Decimal:
    return measure.value


_MEASURES: Mapping[type, Callable[[Measuring, Any], Decimal | None]] = {
    **COUNTED,
    rules.Ratio: _ratio,
    rules.Amount: _amount,
    rules.Share: _share,
    rules.Objects: _objects,
    rules.Fixed: _fixed,
    rules.Deviation: _deviation,
    rules.Shortfall: _shortfall,
    rules.Growth: _growth,
    rules.Met: _met,
    rules.Weighted: _weighted,
    rules.Scored: _scored,
    rules.Place: _place,
}
