"""NOTICES: what notify proposed, drafted, served and sealed; written by notify only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.events.record import Mode
from shared.core.events.vocabulary import event
from shared.core.regime.model import LightName, SignStep, SubjectKind


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
