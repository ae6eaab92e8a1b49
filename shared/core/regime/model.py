"""The language of a regime: one place's written rules as data.

Few pieces that combine. A *subject* is a set of objects, or a row of a table. A *measure* is a number asked of a
subject; a *condition* tests measures, and what stands in objects and rows; a *due* moment is counted from a period or
an anchor; a *ladder* says what follows, step by step; a *chain* who approves. Every rule may say where it stands
(`source`) and which of its values no document gives (`chosen_by_operator`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.core.numbers import MoneyUnit, Rounding
from shared.core.regime.due import Cadence, Days, Due, EveryDays, Hours, Issue, Months, Season, Shift, Span, WorkingDays
from shared.core.regime.language import (
    Bound,
    Cells,
    Chain,
    ChainStep,
    Condition,
    Every,
    Has,
    Last,
    Not,
    Some,
    Sourced,
    Tests,
    Where,
    Window,
)
from shared.core.regime.management import (
    RECORDED_FIELDS,
    Assessment,
    Burden,
    ClassScheme,
    Consultation,
    Duty,
    Fault,
    Feed,
    Gate,
    ListChanges,
    OnEvent,
    Replacement,
    Reporting,
    Requirement,
    Reward,
    Rotation,
    Selection,
    Task,
)
from shared.core.regime.measures import (
    Amount,
    AmountName,
    Count,
    DayCount,
    DayOf,
    Deviation,
    Fixed,
    Growth,
    Holders,
    Measure,
    Met,
    Objects,
    Overlap,
    Panel,
    Part,
    Place,
    Portion,
    Ratio,
    Scored,
    Share,
    Shortfall,
    Slots,
    Taken,
    TimeProgress,
    Weighted,
)
from shared.core.regime.publishing import Board, Bulletin, Pick, Publication, PublicChannel, Section
from shared.core.regime.pursuit import AppealRight, Held, Ladder, MatterRules, Step, SupervisionRule
from shared.core.regime.scoring import (
    AllOrNothing,
    Award,
    Band,
    Bonus,
    ByCount,
    Component,
    Counted,
    Deducted,
    InProportion,
    Lane,
    Light,
    LightMemory,
    Multiplied,
    Proportional,
    Ranking,
    Rate,
    Repeated,
    Scoring,
    Steps,
    Tiers,
    Times,
    Veto,
)
from shared.core.regime.terms import (
    Classification,
    LightName,
    SignStep,
    Stage,
    Status,
    SubjectKind,
    Treatment,
    UnitKind,
)

__all__ = [
    "RECORDED_FIELDS", "AllOrNothing", "Amount", "AmountName", "AppealRight", "Assessment", "Award", "Band", "Board",
    "Bonus", "Bound", "Bulletin", "Burden", "ByCount", "Cadence", "Cells", "Chain", "ChainStep", "ClassScheme",
    "Classification", "Component", "Condition", "Consultation", "Count", "Counted", "DayCount", "DayOf", "Days",
    "Deducted", "Deviation", "Due", "Duty", "Every", "EveryDays", "Fault", "Feed", "Fixed", "Gate", "Growth", "Has",
    "Held", "Holders", "Hours", "InProportion", "Issue", "Issuer", "Ladder", "Lane", "Last", "Light", "LightMemory",
    "LightName", "ListChanges", "MatterRules", "Measure", "Met", "Months", "Multiplied", "Not", "Numbers", "Objects",
    "OnEvent", "Overlap", "Panel", "Part", "Pick", "Place", "Portion", "Proportional", "PublicChannel", "Publication",
    "Ranking", "Rate", "Ratio", "Regime", "Repeated", "Replacement", "Reporting", "Requirement", "Reward", "Rotation",
    "Scored", "Scoring", "Season", "Section", "Selection", "Share", "Shift", "Shortfall", "SignStep", "Slots", "Some",
    "Sourced", "Span", "Stage", "Status", "Step", "Steps", "SubjectKind", "SupervisionRule", "Taken", "Task", "Tests",
    "Tiers", "TimeProgress", "Times", "Title", "Treatment", "UnitKind", "Veto", "Weighted", "Where", "Window",
    "WorkingDays",
]  # fmt: skip


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
    """How numbers print; compared are always the unrounded ones."""

    money_unit: MoneyUnit = "亿元"
    money_decimals: int = 2
    rounding: Rounding = "half_up"
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity(Sourced):
    """For how long the scheme stands from its adoption, and whether it says that it is provisional."""

    within: Span
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """All the rules of one list.

    `names`: what a measure, a rule, a band, a tag… that the regime names itself is called in words: texts that people
    read give this name first, then the catalogue's, then the identifier.
    """

    regime: str
    version: int
    title: Title
    issuer: Issuer
    numbers: Numbers
    reporting: tuple[Reporting, ...]
    measures: Mapping[str, Measure]
    classification: Classification = "internal"
    validity: Validity | None = None
    classes: Mapping[str, ClassScheme] | None = None
    stages: tuple[Gate, ...] = ()
    status: Mapping[Status, Treatment] | None = None
    schedule: tuple[Task, ...] = ()
    chains: Mapping[str, Chain] | None = None
    plan_approval: str = ""
    on_event: tuple[OnEvent, ...] = ()
    duties: tuple[Duty, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    lights: tuple[Light, ...] = ()
    light_memory: LightMemory | None = None
    scoring: Scoring | None = None
    bulletins: tuple[Bulletin, ...] = ()
    supervision_rules: tuple[SupervisionRule, ...] = ()
    ladders: Mapping[str, Ladder] | None = None
    matters: MatterRules | None = None
    appeal_right: AppealRight | None = None
    list_changes: ListChanges | None = None
    rewards: tuple[Reward, ...] = ()
    assessment: Assessment | None = None
    publication: Publication | None = None
    burden: Burden | None = None
    names: Mapping[str, Title] | None = None

    def chain(self, name: str) -> Chain:
        """A chain by its name. Empty where there is none: nobody is asked in particular."""
        return (self.chains or {}).get(name, ())
