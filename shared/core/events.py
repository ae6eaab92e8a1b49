"""The vocabulary: every event that may stand in the three streams, and the envelope it comes in.

Classes here are for ever: fields are added with defaults, never renamed or removed; a new meaning is a new
class. Money is in yuan. Kind and entity of a class stand in its `@event` line, not in its fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from re import sub
from typing import Any, Generic, Literal, TypeVar

from shared.core.calendar import Cadence
from shared.core.regime.model import Classification, LightName, Regime, SignStep, Stage, SubjectKind, UnitKind

Mode = Literal["live", "simulated", "imported"]
PostName = Literal[
    "unit_head", "deputy", "liaison", "sponsor_leader", "reporter", "reviewer", "inspector", "drafter",
    "checker", "signer", "supervisor",
]  # fmt: skip

C = TypeVar("C", bound=type)
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a class of events is addressed: its kind, and the field that names its entity ("": none)."""

    kind: str
    entity: str
    type: str


SHAPES: dict[type, Shape] = {}
CLASSES: dict[str, type] = {}


def event(kind: str, entity: str = "") -> Callable[[C], C]:
    """Enter a class into the vocabulary under `duban.<kind>.<class_name>.v1`."""

    def enter(cls: C) -> C:
        name = sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        SHAPES[cls] = Shape(kind, entity, f"duban.{kind}.{name}.v1")
        CLASSES[SHAPES[cls].type] = cls
        return cls

    return enter


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[D]):
    """One event of the record with its envelope. `position` is its place in RECORD, 0 before it has one."""

    position: int
    id: str
    jurisdiction: str
    data: D
    time: datetime
    recorded_at: datetime
    unit: str = ""
    actor: str = ""
    submission: str = ""
    submission_digest: str = ""
    causation: str = ""

    @property
    def shape(self) -> Shape:
        return SHAPES[type(self.data)]

    @property
    def entity(self) -> str:
        return entity_of(self.data, self.jurisdiction)


def entity_of(data: object, jurisdiction: str) -> str:
    field = SHAPES[type(data)].entity
    return str(getattr(data, field)) if field else jurisdiction


# --- RECORD: written by intake only -------------------------------------------------------------------------


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

# --- STANDINGS: written by scoring only ---------------------------------------------------------------------


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class LineDrawn:
    """One subject's results at a moment: measures unrounded (null is not judged), and as they print."""

    moment: str
    list: str
    period: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    lane: str
    project_count: int
    not_judged_count: int
    missing_count: int
    late_count: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]
    amounts_yuan: Mapping[str, Decimal]
    stages: tuple[Stage, ...]
    light: LightName | None
    points: Mapping[str, Decimal | None]
    rank: int | None


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A supervision rule holds for a subject at a moment. It proposes; it decides nothing."""

    moment: str
    list: str
    period: str
    rule: str
    ladder: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    consecutive: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsDrawn:
    """The draw of a moment is complete: this many lines and hits, of the record up to this position."""

    moment: str
    list: str
    kind: str
    period: str
    at: datetime
    position: int
    count: int
    digest: str
    regime: str
    regime_version: int
    engine: str
    parked_count: int


StandingsEvent = LineDrawn | RuleHit | StandingsDrawn

# --- NOTICES: written by notify only ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One matter in a notice: which rule was hit by what, on which figures as they print."""

    matter: str
    rule: str
    subject: str
    name: str
    displayed: Mapping[str, str]


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterProposed:
    matter: str
    list: str
    rule: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    moment: str
    displayed: Mapping[str, str]


@event("reminder", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent:
    """A due-date reminder: unsigned, its clock runs from the moment that called for it."""

    notice: str
    list: str
    step: str
    unit: str
    moment: str
    at: datetime
    items: tuple[Item, ...]
    title: str
    text: str


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDrafted:
    """A notice that waits for its signers. The digest covers all that a signer sees."""

    notice: str
    list: str
    step: str
    unit: str
    moment: str
    items: tuple[Item, ...]
    title: str
    text: str
    sign_off: tuple[SignStep, ...]
    rectify_within_working_days: int | None
    digest: str


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeServed:
    """A signed notice is served (送达): from `served_at` the recipient's clock runs."""

    notice: str
    list: str
    step: str
    unit: str
    number: str
    issuer: str
    signed_by: str
    signed_at: datetime
    served_at: datetime
    rectify_by: datetime | None
    items: tuple[Item, ...]
    title: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinLine:
    subject: str
    name: str
    unit_name: str
    lane: str
    rank: int | None
    light: LightName | None
    displayed: Mapping[str, str]
    points: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a bulletin prints, as it prints: the digest covers this and the text."""

    list: str
    list_name: str
    jurisdiction_name: str
    time_zone: str
    mode: Mode
    kind: str
    title: str
    issuer: str
    writes_as: str
    year: int
    period: str
    as_of: datetime
    position: int
    regime: str
    regime_version: int
    sections: tuple[str, ...]
    money_unit: str
    project_count: int
    not_judged_count: int
    amounts: Mapping[str, str]
    totals: Mapping[str, str]
    units: tuple[BulletinLine, ...]
    not_started: tuple[BulletinLine, ...]
    behind: tuple[BulletinLine, ...]


@event("bulletin", "bulletin")
@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDrafted:
    bulletin: str
    list: str
    moment: str
    facts: Facts
    paragraphs: tuple[str, ...]
    sign_off: tuple[SignStep, ...]
    parked_count: int
    digest: str


@event("bulletin", "bulletin")
@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinSealed:
    """A bulletin as it went out: bound for ever to a position, a regime version and a digest of its text."""

    bulletin: str
    list: str
    number: str
    sealed_at: datetime
    signed_by: str
    facts: Facts
    paragraphs: tuple[str, ...]
    digest: str


NoticesEvent = MatterProposed | ReminderSent | NoticeDrafted | NoticeServed | BulletinDrafted | BulletinSealed
Event = RecordEvent | StandingsEvent | NoticesEvent
AnyRecorded = Recorded[Any]
