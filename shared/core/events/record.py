"""RECORD: what people and the clock tell; written by intake only."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from shared.core.declared import Declared
from shared.core.events.matters import MatterEvent
from shared.core.events.permits import PermitEvent
from shared.core.events.projects import ProjectEvent
from shared.core.events.results import ResultEvent
from shared.core.events.supervision import SupervisionEvent
from shared.core.events.vocabulary import event
from shared.core.regime.model import Regime
from shared.core.regime.terms import Classification, SignStep, UnitKind

Mode = Literal["live", "simulated", "imported"]
PostName = Literal[
    "unit_head", "deputy", "liaison", "sponsor_leader", "reporter", "reviewer", "inspector", "drafter",
    "checker", "signer", "supervisor", "approver", "convener", "principal_leader", "rule_keeper",
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
    declared: tuple[Declared, ...] = ()


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTextSet:
    """The words of a draft are put otherwise; its facts stay. The digest is of the draft that was seen."""

    notice: str
    draft_digest: str
    text: str


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDeclined:
    """A draft is held back until a day (缓发), or for good where there is none (不发), with the reason."""

    notice: str
    draft_digest: str
    step: SignStep
    reason: str
    until_on: date | None = None


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
class LineContested:
    """A unit says, before a bulletin is sealed, that its own figures in it are wrong, and why (数据核对)."""

    bulletin: str
    draft_digest: str
    unit: str
    subject: str
    reason: str


@event("bulletin", "bulletin")
@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinTextSet:
    """The words of one section of a drafted bulletin are put otherwise; figures are never text."""

    bulletin: str
    draft_digest: str
    section: str
    text: str


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
    JurisdictionOpened | RegimeAdopted | CalendarPublished | UnitRegistered | PostAssigned | PostEnded | ListPublished
    | NoticeTextSet | NoticeDeclined | NoticeApproved | NoticeSignedFor | LineContested | BulletinTextSet
    | BulletinApproved | TimeReached
    | ProjectEvent | PermitEvent | SupervisionEvent | MatterEvent | ResultEvent
)  # fmt: skip
