"""RECORD: what people and the clock tell; written by intake only."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from shared.core.calendar import Cadence
from shared.core.events.vocabulary import event
from shared.core.regime.model import Classification, Regime, SignStep, Stage, UnitKind

Mode = Literal["live", "simulated", "imported"]
PostName = Literal[
    "unit_head", "deputy", "liaison", "sponsor_leader", "reporter", "reviewer", "inspector", "drafter",
    "checker", "signer", "supervisor",
]  # fmt: skip


@event("jurisdiction")
@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionOpened:
    """A jurisdiction and the first person of its supervision office."""

    name: str
    level: str
    time_zone: str
    partition: int
    mode: Mode
    office: str
    office_name: str
    first_person: str
    currency: str = "CNY"
    parent: str = ""


@event("regime", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeAdopted:
    list: str
    effective_on: date
    regime: Regime
    document_number: str = ""
    legal_basis: str = ""


@event("calendar", "region")
@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished:
    region: str
    year: int
    days_off: tuple[date, ...]
    make_up_days: tuple[date, ...]
    calendar_source: str
    provisional: bool = False


@event("unit", "code")
@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered:
    code: str
    name: str
    kind: UnitKind
    parent: str = ""
    lane: str = ""
    protocol_order: int = 0


@event("person", "person")
@dataclass(frozen=True, slots=True, kw_only=True)
class PostAssigned:
    person: str
    post: PostName
    unit: str
    project: str = ""
    protocol_order: int = 0


@event("person", "person")
@dataclass(frozen=True, slots=True, kw_only=True)
class PostEnded:
    person: str
    post: PostName
    unit: str
    project: str = ""
    reason: str = ""


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublished:
    """A list of key projects for a year; the same code is published again each year."""

    list: str
    name: str
    level: str
    year: int
    document_number: str = ""
    classification: Classification = "internal"
    declared_count: int | None = None
    declared_total_investment_yuan: Decimal | None = None
    declared_annual_planned_investment_yuan: Decimal | None = None


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


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSet:
    """The plan of a project on a list for a year; a later one takes its place from then on."""

    list: str
    year: int
    project: str
    annual_planned_investment_yuan: Decimal
    document_number: str = ""
    reason: str = ""


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class StageChanged:
    project: str
    stage: Stage
    on: date
    basis: str = ""
    evidence: tuple[str, ...] = ()


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported:
    """One project's part of a unit's return.

    A nil return (零报告) says that nothing changed: it carries no amount.
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


@event("project", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCorrected:
    """Another value for what an earlier return said. The return stays in the record."""

    project: str
    corrected_event: str
    investment_ytd_yuan: Decimal
    reason: str
    approver: str = ""


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeApproved:
    """A person let a drafted notice go (签发), or passed it on; the digest is of the draft that was seen."""

    notice: str
    draft_digest: str
    step: SignStep


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSignedFor:
    """The addressee confirms that it has the notice (签收)."""

    notice: str


@event("bulletin", "bulletin")
@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinApproved:
    bulletin: str
    draft_digest: str
    step: SignStep


@event("time")
@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReached:
    """A moment has passed and nothing newer is recorded; or a simulated jurisdiction's clock was moved."""

    at: datetime


RecordEvent = (
    JurisdictionOpened | RegimeAdopted | CalendarPublished | UnitRegistered | PostAssigned | PostEnded
    | ListPublished | ProjectListed | PlanSet | StageChanged | ProgressReported | ProgressCorrected
    | NoticeApproved | NoticeSignedFor | BulletinApproved | TimeReached
)  # fmt: skip
