"""The language of a regime: one place's written rules as data.

Few pieces that combine: a measure is a number asked of a set of projects, a condition tests measures, a due
moment is counted from a period. Every rule may say where it stands (`source`) and which of its values no
document gives (`chosen_by_operator`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time as time_of_day
from decimal import Decimal
from typing import Literal

from shared.core.calendar import Cadence
from shared.core.numbers import MoneyUnit, Rounding

Stage = Literal[
    "reserve", "information", "intention", "negotiation", "signed", "approved", "early_work", "launched",
    "started", "suspended", "resumed", "substantially_complete", "completed", "accepted", "commissioned",
    "in_use",
    "benefit_reached", "in_statistics", "terminated",
]  # fmt: skip
UnitKind = Literal[
    "department", "county", "town", "village", "park", "owner", "state_firm", "permit_office",
    "supervision_office", "assessment_office", "discipline_body",
]  # fmt: skip
SignStep = Literal["drafter", "checker", "signer"]
LightName = Literal["green", "yellow", "red"]
SubjectKind = Literal["project", "unit", "list"]
Classification = Literal["public", "internal", "work_secret"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where a rule stands, and which values the operator had to choose because no document gives them."""

    source: str = ""
    chosen_by_operator: bool | tuple[str, ...] = False


# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A test of one measure; every bound that is given must hold. An unknown measure makes the test unknown."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Every:
    all: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    any: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class InStage:
    """Every project of the subject has reached the stage."""

    stage: Stage


Tests = Mapping[str, Bound | Decimal]
"""Measure name to bound; a bare number means exactly this value."""

Condition = Every | Some | InStage | Tests


# --- measures -----------------------------------------------------------------------------------------------

AmountName = Literal["investment_completed", "annual_planned_investment", "total_investment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Sourced):
    """One amount over another, summed over the subject's projects.

    A project lacking either stays out of both sums.
    """

    ratio: AmountName
    over: AmountName


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Sourced):
    """One amount summed over the subject's projects, in a unit of money."""

    amount: AmountName
    unit: MoneyUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Sourced):
    """Projects that reached a stage, or are of a category, over all the subject's projects, by count."""

    share_of: "Filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    stage: Stage | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeProgress(Sourced):
    """The part of the year that has passed at the end of the period (序时进度), by whole months."""

    linear: Literal["year"]
    step: Literal["month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation(Sourced):
    """How far one measure leads (+) or lags (-) another, in percentage points, from unrounded values."""

    deviation_pp: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(Sourced):
    """1 where the condition holds, 0 where it does not; judged at the year's end only if `judged` says so."""

    met: Condition
    judged: Literal["any_time", "year_end"] = "any_time"


Measure = Ratio | Amount | Share | TimeProgress | Deviation | Met


# --- reporting and dates ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A moment counted from a period's last month. `24:00` of a day that counts, `00:00` of one that does not."""

    day: int | None = None
    working_day: int | None = None
    of: Literal["same_month", "next_month"] = "next_month"
    inclusive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(Sourced):
    """One return that units owe. `missing` says what a project without any return in the year counts as."""

    cadence: Cadence
    due: Due
    fields: tuple[str, ...] = ("investment",)
    review_within: WorkingDays | None = None
    missing: Literal["not_judged", "no_progress"] = "not_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    working_days_after_close: int
    time: time_of_day = time_of_day(9)


# --- lights, scoring, publishing ----------------------------------------------------------------------------

Light = Mapping[LightName, Condition | Literal["otherwise"]]
"""The first light whose condition holds is shown; an unknown condition shows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Units that are compared with one another only."""

    id: str
    kinds: tuple[UnitKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    when: Condition
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    of: str
    table: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Points for each percentage point of a measure above a ratio."""

    of: str
    above: Decimal
    pp: Decimal
    points: Decimal
    at_most: Decimal


Judged = Literal["any_time", "year_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOrNothing(Sourced):
    id: str
    all_or_nothing: Award
    judged: Judged = "any_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers(Sourced):
    """Points of the highest row whose threshold the measure reaches; below the first row, none."""

    id: str
    tiers: Table
    judged: Judged = "any_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus(Sourced):
    id: str
    when: Condition
    per: Rate
    judged: Judged = "any_time"


Component = AllOrNothing | Tiers | Bonus


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Sourced):
    """A published table of places. Without a legal basis, a plan item and a frequency cap it is refused."""

    by: str
    legal_basis: str
    plan_item: str
    at_most: Cadence
    order: Literal["high_first", "low_first"] = "high_first"
    ties: Literal["dense", "standard"] = "dense"
    tie_on: Literal["displayed", "exact"] = "displayed"
    minimum_group: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring(Sourced):
    ranking: Ranking
    components: tuple[Component, ...] = ()
    lanes: tuple[Lane, ...] = ()


Section = Literal["overview", "shares", "ranking", "not_started", "behind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(Sourced):
    id: str
    kind: str
    cadence: Cadence
    issue: Issue
    sections: tuple[Section, ...]
    sign_off: tuple[SignStep, ...] = ("signer",)
    number: str = "〔{year}〕{n}号"
    audience: tuple[Literal["leaders", "units", "public"], ...] = ("leaders", "units")


# --- supervision --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The condition must hold at this many closes of this cadence, one after another."""

    consecutive: int
    of: Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionRule(Sourced):
    id: str
    about: SubjectKind
    when: Condition
    held: Held
    ladder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Sourced):
    """One rung. Only a due-date reminder may go out unsigned."""

    step: Literal["due_reminder", "supervision_letter", "rectification_notice"]
    serve: tuple[Literal["lead_unit"], ...]
    unsigned: bool = False
    sign_off: tuple[SignStep, ...] = ()
    rectify_within: WorkingDays | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    body: str
    writes_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    money_unit: MoneyUnit = "亿元"
    money_decimals: int = 2
    rounding: Rounding = "half_up"
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """All the rules of one list."""

    regime: str
    version: int
    title: Title
    issuer: Issuer
    numbers: Numbers
    reporting: tuple[Reporting, ...]
    measures: Mapping[str, Measure]
    classification: Classification = "internal"
    lights: tuple[Light, ...] = ()
    scoring: Scoring | None = None
    bulletins: tuple[Bulletin, ...] = ()
    supervision_rules: tuple[SupervisionRule, ...] = ()
    ladders: Mapping[str, tuple[Step, ...]] | None = None
