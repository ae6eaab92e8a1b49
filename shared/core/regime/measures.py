"""What can be measured of a subject: a number, unknown where what is known does not give one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.core.numbers import MoneyUnit
from shared.core.regime.language import Condition, Sourced, Where, Window
from shared.core.regime.terms import Role, Table

AmountName = Literal[
    "investment_completed", "investment_in_period", "investment_since_start", "annual_planned_investment",
    "original_annual_planned_investment", "planned_to_date", "total_investment", "funds_in_place", "funds_paid",
    "funds_allocated",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Sourced):
    """One amount over another, summed over the subject's objects.

    An object lacking either stays out of both sums, as the status policy says. `among`: only these objects.
    """

    ratio: AmountName
    over: AmountName
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Sourced):
    """One amount summed over the subject's objects, in a unit of money."""

    amount: AmountName
    unit: MoneyUnit
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Sourced):
    """Objects for which the condition holds over all the subject's objects, by count or weighed by an amount.

    `out_of: list` divides by the whole list instead, which is how the share of a class is printed.
    """

    share_of: Condition
    among: Condition | None = None
    weigh_by: AmountName | None = None
    out_of: Literal["subject", "list"] = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects(Sourced):
    """How many of the subject's objects meet a condition."""

    objects: Condition | Literal["all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeProgress(Sourced):
    """The part of the year that has passed at the end of the period (序时进度), by whole months or by days.

    `months` gives it by a table instead (month of the period's end to ratio); `scaled` multiplies it.
    """

    linear: Literal["year"]
    step: Literal["month", "day"] = "month"
    months: Mapping[int, Decimal] | None = None
    scaled: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation(Sourced):
    """How far one measure leads (+) or lags (-) another, in percentage points, from unrounded values."""

    deviation_pp: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall(Sourced):
    """How far one measure lags another, relative to that other: 1 where nothing is done, negative where it leads."""

    shortfall: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth(Sourced):
    """A measure against itself a year, or a period, earlier: relative, or in percentage points."""

    growth_of: str
    since: Literal["last_year", "last_period"] = "last_year"
    unit: Literal["ratio", "pp"] = "ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(Sourced):
    """1 where the condition holds, 0 where it does not; judged at the year's end only if `judged` says so."""

    met: Condition
    judged: Literal["any_time", "year_end"] = "any_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Sourced):
    """How many rows of a table, in the window, are the subject's and have these cells. None is zero, not unknown."""

    count: Table
    where: Where | None = None
    window: Window = "year_to_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion(Sourced):
    """Rows with these cells over all the subject's rows, or over those `among`; unknown where there are none."""

    portion_of: Table
    where: Where
    among: Where | None = None
    window: Window = "since_start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Sourced):
    """One number out of a column of the subject's rows: the sum, the extremes, the mean, or the latest."""

    take: Literal["sum", "max", "min", "mean", "latest"]
    column: str
    of: Table
    where: Where | None = None
    window: Window = "year_to_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Sourced):
    """The mean score of a panel: in each group of scorers the extremes are dropped, then groups are weighed.

    Scores of one's own project never count. `weights` maps a group to its weight; without, all scorers are one group.
    """

    panel: Literal["visit_score"]
    drop_highest: int = 0
    drop_lowest: int = 0
    weights: Mapping[str, Decimal] | None = None
    where: Where | None = None
    window: Window = "period"


DayOf = Literal[
    "planned_start_on", "planned_completion_on", "started_on", "year_end", "next_milestone", "last_progress",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount(Sourced):
    """Days until, or since, a date of the object; of several objects the most pressing. Working days if `working`.

    `last_progress` is the last day on which a report, a stage or a milestone said something new; of an object that
    never moved, the first day on which it stood on the list of the year: 1 January, or the day of its listing.
    """

    days: Literal["until", "since"]
    anchor: DayOf
    working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders(Sourced):
    """How many different units or persons hold a role for the subject's objects."""

    holders: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots(Sourced):
    """How many of the roles that must be filled are filled, over how many there must be, for all the objects."""

    slots: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Sourced):
    """How many units or persons hold both roles."""

    overlap: tuple[Role, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    of: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted(Sourced):
    """The sum of measures, each times its weight; unknown as soon as one of them is."""

    weighted: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored(Sourced):
    """The points of a component of the scoring, or their `total`, at the last close of the window named."""

    points: str
    at: Literal["now", "half_year"] = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Sourced):
    """The place of the subject in its lane, counted from the top or from the bottom; unknown where none is given."""

    place: Literal["top", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Sourced):
    """A fixed number that a document gives: a target, a threshold that several rules share."""

    value: Decimal


Measure = (
    Ratio | Amount | Share | Objects | TimeProgress | Deviation | Shortfall | Growth | Met | Count | Portion | Taken
    | Panel | DayCount | Holders | Slots | Overlap | Weighted | Scored | Place | Fixed
)  # fmt: skip
