"""What a measure is of a set of projects at the end of a period. A single project is a set of one.

Three-valued: None is unknown, and unknown is neither zero nor false.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shared.core.calendar import Period
from shared.core.numbers import EXACT, YUAN_PER, difference, divide, rounded, total
from shared.core.regime.model import (
    Amount,
    AmountName,
    Bound,
    Condition,
    Deviation,
    Every,
    Filter,
    InStage,
    Measure,
    Met,
    Ratio,
    Regime,
    Share,
    Some,
    Stage,
    TimeProgress,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known of one project at a moment; amounts in yuan, None where nobody said."""

    code: str
    amounts: Mapping[AmountName, Decimal | None]
    stages: frozenset[Stage]
    category: str


@dataclass(slots=True)
class Measuring:
    """One subject under one regime at the end of a period; each measure is worked out once."""

    regime: Regime
    period: Period
    projects: Sequence[ProjectFacts]
    year_ended: bool
    _known: dict[str, Decimal | None] = field(default_factory=dict)

    def all(self) -> dict[str, Decimal | None]:
        return {name: self.value(name) for name in self.regime.measures}

    def value(self, name: str) -> Decimal | None:
        """The measure, unrounded: ratios with 1 = 100 %, deviations in points, amounts in their unit."""
        if name not in self._known:
            self._known[name] = self._measure(self.regime.measures[name])
        return self._known[name]

    def _measure(self, measure: Measure) -> Decimal | None:
        match measure:
            case Ratio():
                return self._ratio(measure)
            case Amount(amount=name, unit=unit):
                amount = self.sum(name)
                return None if amount is None else divide(amount, YUAN_PER[unit])
            case Share(share_of=chosen):
                hits = sum(_is(project, chosen) for project in self.projects)
                return divide(Decimal(hits), Decimal(len(self.projects)))
            case TimeProgress():
                return divide(Decimal(self.period.last_month), Decimal(12))
            case Deviation(deviation_pp=of, against=against):
                return _points_between(self.value(of), self.value(against))
            case Met(met=condition, judged=judged):
                holds = None if judged == "year_end" and not self.year_ended else self.holds(condition)
                return None if holds is None else Decimal(holds)

    def _ratio(self, measure: Ratio) -> Decimal | None:
        judged = [one for one in self.projects if _has(one, measure.ratio) and _has(one, measure.over)]
        done = total(one.amounts[measure.ratio] or Decimal(0) for one in judged)
        planned = total(one.amounts[measure.over] or Decimal(0) for one in judged)
        return divide(done, planned) if judged else None

    def sum(self, name: AmountName) -> Decimal | None:
        known = [amount for project in self.projects if (amount := project.amounts[name]) is not None]
        return total(known) if known else None

    def holds(self, condition: Condition) -> bool | None:
        return holds(condition, value=self.value, in_stage=self._in_stage)

    def _in_stage(self, stage: Stage) -> bool:
        return bool(self.projects) and all(stage in project.stages for project in self.projects)


def holds(
    condition: Condition, *, value: Callable[[str], Decimal | None], in_stage: Callable[[Stage], bool]
) -> bool | None:
    """Whether a condition holds: True, False, or None where what is known does not decide it."""
    match condition:
        case Every(all=parts):
            return every([holds(part, value=value, in_stage=in_stage) for part in parts])
        case Some(any=parts):
            return some([holds(part, value=value, in_stage=in_stage) for part in parts])
        case InStage(stage=stage):
            return in_stage(stage)
        case _:
            return every([within(value(name), bound) for name, bound in condition.items()])


def within(value: Decimal | None, bound: Bound | Decimal) -> bool | None:
    if value is None:
        return None
    if isinstance(bound, Decimal):
        return value == bound
    return (
        (bound.at_least is None or value >= bound.at_least)
        and (bound.above is None or value > bound.above)
        and (bound.at_most is None or value <= bound.at_most)
        and (bound.below is None or value < bound.below)
    )


def every(parts: Sequence[bool | None]) -> bool | None:
    """False if any part is; else unknown if any part is; else True."""
    return False if False in parts else None if None in parts else True


def some(parts: Sequence[bool | None]) -> bool | None:
    """True if any part is; else unknown if any part is; else False."""
    return True if True in parts else None if None in parts else False


def display(regime: Regime, name: str, value: Decimal | None) -> str:
    """The measure as it prints: per cent with its sign, points, or an amount; `-` where it is not judged."""
    if value is None:
        return "-"
    measure, numbers = regime.measures[name], regime.numbers
    if isinstance(measure, Met):
        return "1" if value else "0"
    if isinstance(measure, Amount):
        return str(
            rounded(value, decimals=numbers.decimals.get(name, numbers.money_decimals), rounding=numbers.rounding)
        )
    decimals = numbers.decimals.get(name, 2)
    if isinstance(measure, Deviation):
        return f"{rounded(value, decimals=decimals, rounding=numbers.rounding):+}"
    return f"{rounded(EXACT.multiply(value, Decimal(100)), decimals=decimals, rounding=numbers.rounding)}%"


def _points_between(value: Decimal | None, target: Decimal | None) -> Decimal | None:
    if value is None or target is None:
        return None
    return EXACT.multiply(difference(value, target), Decimal(100))


def _has(project: ProjectFacts, name: AmountName) -> bool:
    return project.amounts[name] is not None


def _is(project: ProjectFacts, chosen: Filter) -> bool:
    in_stage = chosen.stage is None or chosen.stage in project.stages
    return in_stage and (chosen.category is None or chosen.category == project.category)
