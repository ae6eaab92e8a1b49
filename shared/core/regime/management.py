"""Who owes what and when, what must be filled, how lists change, what is rewarded, what all of it costs the units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.core.regime.due import Anchor, Cadence, Due, Season, Span
from shared.core.regime.language import Condition, Sourced, Where
from shared.core.regime.terms import Body, Role, Stage, SubjectKind, Table

# --- returns ------------------------------------------------------------------------------------------------

Field = Literal[
    "investment", "investment_in_period", "funds", "physical_progress", "stage", "narrative", "next_plan", "problems",
    "experience", "suggestions", "milestones", "permits", "photos",
    "name", "lead_unit", "owner", "total_investment", "annual_plan", "planned_start", "planned_completion", "location",
]  # fmt: skip
RECORDED_FIELDS: frozenset[Field] = frozenset({
    "name", "lead_unit", "owner", "total_investment", "annual_plan", "planned_start", "planned_completion", "location",
})  # fmt: skip
"""What the record holds already: a return that asks for it again is refused (减负)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a late, malformed, unsigned or worthless return counts as, and whether it is named in the bulletin."""

    counts_as: Literal["reported", "no_progress", "not_judged"] = "reported"
    circulate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnEvent(Sourced):
    """A report that an event calls for, within so long of it; an emergency comes first, while it is handled.

    The record knows days only: hours end with the day in which they end, and only after it a report is late.
    """

    event: Literal["important_progress", "good_practice", "leaders_needed", "emergency", "incident"]
    within: Span
    to: Body = "supervision_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(Sourced):
    """One return that units owe. `missing` says what a project without any return in the year counts as.

    `filed_by`: the role whose unit reports for a project, the lead unit where nobody holds it. `unreviewed` is what a
    return counts as that nobody has reviewed at the close; `worthless` what one does that copies the last, or comes
    bundled with others. Where nothing happened a nil return is what is owed (零报告), or it is `refused` as malformed;
    silence is never a return. Without `due` the document names no day: nothing is ever late.
    """

    cadence: Cadence
    due: Due | None = None
    fields: tuple[Field, ...] = ("investment",)
    sign_off: tuple[Literal["unit_head"], ...] = ()
    review: tuple[Body, ...] = ()
    review_chain: str = ""
    review_within: Span | None = None
    unreviewed: Literal["reported", "not_judged"] = "reported"
    missing: Literal["not_judged", "no_progress"] = "not_judged"
    late: Fault = Fault()
    malformed: Fault = Fault()
    worthless: Fault = Fault()
    nil_return: Literal["required", "refused"] = "required"
    filed_by: Role = "lead_unit"
    channel: tuple[Literal["system", "email", "paper", "disk"], ...] = ("system",)


# --- duties -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Takes turns over the classes of a scheme, in this order, from an event on; each has its own convener."""

    over: Literal["category", "territory", "unit"]
    order: tuple[str, ...]
    conveners: tuple[str, ...] = ()
    from_anchor: Anchor = "list_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """So many of the subjects at a time, those first whose last turn lies longest ago."""

    count: int
    of: SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Sourced):
    """Somebody does something so often: a visit, a round, a meeting, a report upward. A row discharges it.

    How each stands is a row of its own: what follows a missed one is said by a supervision rule about `duty`.

    `about`: for each of these subjects by itself; `list` means once for all. `among`: only while this holds, so a
    second duty can ask for more in special periods. `at_most` limits instead (inspections). `agenda`: what is taken
    up; `joined_by`: who must be there.
    """

    id: str
    who: Role | Body
    do: Table
    per: Cadence | None = None
    where: Where | None = None
    at_least: int | None = 1
    at_most: int | None = None
    about: SubjectKind = "list"
    among: Condition | None = None
    season: Season | None = None
    due: Due | None = None
    to: Body | None = None
    rotate: Rotation | None = None
    select: Selection | None = None
    agenda: Literal["all", "open_problems"] = "all"
    then_forum: str = ""
    joined_by: tuple[Body, ...] = ()
    circulate_to: tuple[Body, ...] = ()


# --- what must be there -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Sourced):
    """What must be true of every subject, or row: slots filled, a leader's portfolio within bounds, a count kept.

    What is unmet is a row: what follows is said by a supervision rule about `requirement`.
    """

    id: str
    about: SubjectKind | Table
    must: Condition
    among: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScheme(Sourced):
    """A named scheme of classes: by an attribute with its closed set of names, or by thresholds of a measure.

    `table` rows are threshold and name; `includes` says to which side a value on a threshold belongs.
    """

    of: str
    names: tuple[str, ...] = ()
    table: tuple[tuple[Decimal, str], ...] = ()
    includes: Literal["lower", "upper"] = "lower"
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Sourced):
    """A stage counts as reached only on one of these bases, and only after these stages."""

    stage: Stage
    basis: tuple[str, ...] = ()
    after: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Sourced):
    """A milestone, or a permit, that every object has by rule: its last day is counted from a date of the object."""

    id: str
    of: Literal["milestone", "permit"]
    due: Due
    office: Body | None = None
    among: Condition | None = None


# --- changes, rewards, results ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What takes the place of an object that leaves must be like it: amounts within a share, of the same class."""

    investment_within: Decimal
    same: tuple[Literal["category", "territory", "batch"], ...] = ()
    policy_compliant: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation(Sourced):
    """These bodies step in early where an object has this property."""

    when: Condition
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges(Sourced):
    exit_when: Condition | None = None
    exit_chain: str = ""
    urged_at_least: int = 0
    special_reason: Literal["required", "no"] = "required"
    replacement: Replacement | None = None
    count_must_not_fall: bool = False
    investment_must_not_fall: bool = False
    remove_when: Condition | None = None
    revise: tuple[Cadence, ...] = ()
    change_chain: str = ""
    assignment_chain: str = ""
    consult: tuple[Consultation, ...] = ()
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward(Sourced):
    """What follows from good results: praise, an award, priority, a speech; `suspended_when` takes it away.

    What is judged at the end of the year waits for the year's result, where that is assessed. The steps of its
    `approval` are told as those of an assessment whose scheme is the reward.
    """

    id: str
    about: SubjectKind
    when: Condition
    award: Literal[
        "praise",
        "commendation",
        "heavy_award",
        "advanced_unit",
        "separate_award",
        "best_practice_statement",
        "priority_support",
        "land_supply",
        "funds_priority",
        "permit_priority",
    ]
    to: tuple[Role, ...] = ("lead_unit",)
    judged: Literal["any_time", "half_year", "year_end"] = "year_end"
    approval: str = ""
    among: Condition | None = None
    suspended_when: Condition | None = None
    competent: Body = "government"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Sourced):
    """The result of this scheme enters another: with a weight, or as its basis."""

    scheme: str
    of: str
    weight: Decimal | None = None
    to: Body = "assessment_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Sourced):
    """How a year's result becomes final, what else it feeds, and what it means for those assessed."""

    approval: str
    first_appraisal: Literal["none", "half_year"] = "none"
    feeds: tuple[Feed, ...] = ()
    consequences: tuple[Literal["cadre_use", "pay", "appointment"], ...] = ()
    assessed: tuple[SubjectKind, ...] = ("unit",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden(Sourced):
    """How much may be asked of a unit in a month; more is a finding of `duban regime burden` and of the check."""

    returns_at_most: int | None = None
    fields_at_most: int | None = None
    visits_at_most: int | None = None
    meetings_at_most: int | None = None
    documents_at_most: int | None = None
