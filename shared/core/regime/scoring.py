"""How points are given, lights are shown and places are worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.core.regime.due import Cadence
from shared.core.regime.language import Condition, Sourced, Where, Window
from shared.core.regime.terms import LightName, SubjectKind, Table, UnitKind

Light = Mapping[LightName, Condition | Literal["otherwise"]]
"""The first light whose condition holds is shown; an unknown condition shows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The same light at so many closes in a row becomes another."""

    light: LightName
    times: int
    becomes: LightName


@dataclass(frozen=True, slots=True, kw_only=True)
class LightMemory(Sourced):
    """What earlier closes do to a light: repeated lights harden; one made good at the next close is softened.

    Of each subject that has a line, from close to close of the same cadence: months after months, quarters after
    quarters.

    `made_up` maps the light of the past period to what it becomes, in that past period only, once the present is green.
    """

    repeated: Repeated | None = None
    made_up: Mapping[LightName, LightName] | None = None


# --- points -------------------------------------------------------------------------------------------------

Judged = Literal["any_time", "half_year", "year_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """These points where the condition holds, those `otherwise` where it does not."""

    when: Condition
    points: Decimal
    otherwise: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Points of the highest row whose threshold the measure reaches; below the first row, none.

    `includes`: whether a value exactly on a threshold belongs to the row above it (lower) or below it (upper).
    """

    of: str
    table: tuple[tuple[Decimal, Decimal], ...]
    includes: Literal["lower", "upper"] = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Points for each percentage point of a measure above a ratio."""

    of: str
    above: Decimal
    pp: Decimal
    points: Decimal
    at_most: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InProportion:
    """Full points where the measure reaches `full_at`, and in proportion below it, never less than none."""

    of: str
    points: Decimal
    full_at: Decimal = Decimal(1)
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCount:
    """Points for each row of a table; where `by` names a column, each of its values has its own points."""

    per: Table
    points: Decimal | Mapping[str, Decimal]
    by: str = ""
    where: Where | None = None
    window: Window = "year_to_date"
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The points of other components, multiplied by a factor that a measure reaches in a table."""

    components: tuple[str, ...]
    by: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOrNothing(Sourced):
    id: str
    all_or_nothing: Award
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers(Sourced):
    id: str
    tiers: Steps
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus(Sourced):
    id: str
    when: Condition
    per: Rate
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportional(Sourced):
    id: str
    proportional: InProportion
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Sourced):
    """Points added for each row."""

    id: str
    add: ByCount
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deducted(Sourced):
    """Points taken away for each row."""

    id: str
    deduct: ByCount
    judged: Judged = "any_time"
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplied(Sourced):
    """Adds what a factor makes of other components beyond their own points."""

    id: str
    multiply: Times
    judged: Judged = "any_time"
    among: Condition | None = None


Component = AllOrNothing | Tiers | Bonus | Proportional | Counted | Deducted | Multiplied
"""Each has a name, says when it is judged, and `among` whom it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(Sourced):
    """A single disqualifying item (一票否决): the total is zero, or there is no place, or no award."""

    id: str
    when: Condition
    result: Literal["zero", "not_ranked", "no_award"]
    legal_basis: str
    plan_item: str


# --- places -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Units that are compared with one another only."""

    id: str
    kinds: tuple[UnitKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A group that is published in the place of ranks: by a bound of the value that is ranked by."""

    id: str
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Sourced):
    """Places, or bands, of those who are compared. A table of places needs legal basis, plan item and frequency cap.

    `by` is a measure, or `total` for the points. `rankable`: only these; the rest is bulletined without a place.
    Points tell places: under `bands` a bulletin prints them for leaders only, under `none` for nobody.
    """

    by: str
    legal_basis: str = ""
    plan_item: str = ""
    at_most: Cadence | None = None
    order: Literal["high_first", "low_first"] = "high_first"
    ties: Literal["dense", "standard"] = "dense"
    tie_on: Literal["displayed", "exact"] = "displayed"
    minimum_group: int = 1
    publish: Literal["ranks", "bands", "none"] = "ranks"
    bands: tuple[Band, ...] = ()
    rankable: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring(Sourced):
    """`subjects`: who is scored and compared; lines of persons are for the principal leaders only."""

    ranking: Ranking
    components: tuple[Component, ...] = ()
    lanes: tuple[Lane, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    subjects: tuple[SubjectKind, ...] = ("unit",)
