"""What is told of a project: its place on lists, plan, stages, returns, funds, permits, problems, and its leaving."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.core.events.vocabulary import event
from shared.core.regime.due import Cadence
from shared.core.regime.terms import Level, Liability, ObjectKind, Role, Stage

QualityFlag = Literal[
    "cumulative_falls", "jump", "over_plan", "before_start", "copy_of_last", "duplicate_start", "same_evidence",
]  # fmt: skip
"""What intake found suspicious and took all the same: reviewers see it, and rules may ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A dated node of a plan (时间节点). `measure` says in words how its being reached is seen."""

    id: str
    name: str
    due_on: date
    measure: str = ""
    unit: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """A formality of a plan, with the office that issues it."""

    id: str
    name: str
    office: str
    due_on: date | None = None
    level: Level | None = None


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectListed:
    """A project enters a list for a year.

    Listing it on a second list, or for another year, is another such event.
    """

    list: str
    year: int
    project: str
    name: str
    lead_unit: str
    supporting_units: tuple[str, ...] = ()
    owner: str = ""
    category: str = ""
    batch: str = ""
    territory: str = ""
    investment_nature: str = ""
    total_investment_yuan: Decimal | None = None
    annual_planned_investment_yuan: Decimal | None = None
    planned_start_on: date | None = None
    planned_completion_on: date | None = None
    continuing: bool | None = None
    location: str = ""
    object_kind: ObjectKind = "project"
    tags: tuple[str, ...] = ()
    approving_level: Level | None = None


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSet:
    """The plan of a project on a list for a year; a later one takes its place from then on.

    `by_month_yuan`: month to what is to be completed from January to its end. `approvals`: the bodies of the regime's
    approval chain that have approved it, in order. Milestones and permits are added to those planned before.
    """

    list: str
    year: int
    project: str
    annual_planned_investment_yuan: Decimal
    document_number: str = ""
    reason: str = ""
    by_month_yuan: tuple[tuple[int, Decimal], ...] = ()
    milestones: tuple[Milestone, ...] = ()
    permits: tuple[Permit, ...] = ()
    approvals: tuple[str, ...] = ()


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class StageChanged:
    """`flags` is found by intake; nobody submits it."""

    project: str
    stage: Stage
    on: date
    basis: str = ""
    evidence: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported:
    """One project's part of a unit's return.

    A nil return (零报告) says that nothing changed: it carries no amount. `is_malformed`: it does not keep to the form;
    it is in the record all the same, and counts as the regime says. `evidence`: digests of files. `flags` is found by
    intake; nobody submits it.
    """

    project: str
    cadence: Cadence
    period: str
    investment_ytd_yuan: Decimal | None = None
    investment_since_start_yuan: Decimal | None = None
    funds_in_place_yuan: Decimal | None = None
    funds_paid_yuan: Decimal | None = None
    physical_progress_ratio: Decimal | None = None
    narrative: str = ""
    next_plan: str = ""
    problems: str = ""
    is_nil: bool = False
    investment_in_period_yuan: Decimal | None = None
    is_malformed: bool = False
    channel: str = ""
    evidence: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()
    experience: str = ""
    suggestions: str = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCorrected:
    """Another value for what an earlier return said. The return stays in the record."""

    project: str
    corrected_event: str
    investment_ytd_yuan: Decimal
    reason: str
    approver: str = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineReset:
    """Another plan in the place of the one that was approved; the original stays the original."""

    list: str
    year: int
    project: str
    annual_planned_investment_yuan: Decimal
    approver: str
    document_number: str
    reason: str


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityAssigned:
    """A unit or a person holds a role for a project, from now on; `ends` takes it from them."""

    project: str
    role: Role
    unit: str = ""
    person: str = ""
    liability: Liability | None = None
    ends: bool = False


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnConfirmed:
    """A unit confirms what the office entered on its behalf."""

    project: str
    period: str


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSigned:
    """A unit's head has signed a return."""

    project: str
    period: str
    signer: str


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReviewed:
    """One step of the review of a return: approved, returned, or adjusted to another value with a reason.

    `fault`: what the reviewer found wrong with it, where that has consequences of its own.
    """

    project: str
    period: str
    verdict: Literal["approved", "returned", "adjusted"]
    step: str
    investment_ytd_yuan: Decimal | None = None
    reason: str = ""
    fault: Literal[
        "", "malformed", "misreport", "omission", "concealment", "falsification", "refusal", "copied", "bundled"
    ] = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWithdrawn:
    project: str
    withdrawn_event: str
    reason: str
    approver: str = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReached:
    project: str
    milestone: str
    on: date
    evidence: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class FundsAllocated:
    project: str
    programme: str
    year: int
    amount_yuan: Decimal
    on: date
    document_number: str = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class FundsArrived:
    project: str
    programme: str
    year: int
    amount_yuan: Decimal
    on: date


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class FundsPaid:
    project: str
    programme: str
    year: int
    amount_yuan: Decimal
    on: date


# --- leaving a list --------------------------------------------------------------------------------------------


@event("listing", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExitRequested:
    list: str
    year: int
    project: str
    reason: str
    on: date
    is_special: bool = False


@event("listing", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStepDecided:
    list: str
    year: int
    project: str
    step: str
    approved: bool
    on: date
    document_number: str = ""


@event("listing", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectExited:
    """From this day on the project is off the list; its past stays."""

    list: str
    year: int
    project: str
    on: date
    document_number: str = ""


@event("listing", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReplaced:
    list: str
    year: int
    project: str
    replacement: str
    on: date


@event("listing", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionCredited:
    """A stop that nobody is to blame for: for these days rules that exempt it do not ask."""

    project: str
    from_on: date
    until_on: date | None
    reason: Literal["force_majeure", "policy", "other"]
    document_number: str = ""


ProjectEvent = (
    ProjectListed | PlanSet | StageChanged | ProgressReported | ProgressCorrected | BaselineReset
    | ResponsibilityAssigned | ReturnConfirmed | ReturnSigned | ReturnReviewed | ReportWithdrawn | MilestoneReached
    | FundsAllocated | FundsArrived | FundsPaid | ExitRequested | ExitStepDecided | ProjectExited | ProjectReplaced
    | SuspensionCredited
)  # fmt: skip
