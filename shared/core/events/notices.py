"""NOTICES: what notify proposed, drafted, served and sealed; written by notify only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.core.decisions import Form
from shared.core.events.record import Mode
from shared.core.events.standings import About
from shared.core.events.vocabulary import event
from shared.core.regime.due import Span
from shared.core.regime.terms import Body, LightName, SignStep, SubjectKind


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
    subject_kind: About
    subject: str
    name: str
    unit: str
    moment: str
    displayed: Mapping[str, str]


@event("reminder", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent:
    """A due-date reminder: unsigned, its clock runs from the moment that called for it.

    `addressees`, here and in notices: who else is named, as `role:code`; `role:` where nobody holds the role.
    """

    notice: str
    list: str
    step: str
    unit: str
    moment: str
    at: datetime
    items: tuple[Item, ...]
    title: str
    text: str
    addressees: tuple[str, ...] = ()
    competent: Body = "supervision_office"
    form: Form = "acts"


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDrafted:
    """A notice that waits for its signers. The digest covers all that a signer sees.

    `form`: whether the office takes the step itself; else it is proposed, or handed over, to the `competent` body,
    and `unit` is the office. `circulate`: where it is made known once it is served. `worded_by`: the event that gave it
    its words, where a person did.
    """

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
    addressees: tuple[str, ...] = ()
    competent: Body = "supervision_office"
    form: Form = "acts"
    rectify_within: Span | None = None
    reply_within: Span | None = None
    circulate: Literal["", "at_once", "next_bulletin", "media"] = ""
    worded_by: str = ""


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
    addressees: tuple[str, ...] = ()
    competent: Body = "supervision_office"
    form: Form = "acts"
    reply_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinLine:
    """One subject in a bulletin. `rank` is none where bands are published instead, or nothing is."""

    subject: str
    name: str
    unit_name: str
    lane: str
    rank: int | None
    light: LightName | None
    displayed: Mapping[str, str]
    points: Mapping[str, str | None]
    band: str = ""
    project_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The lines of one dimension along which a bulletin is split."""

    kind: SubjectKind
    lines: tuple[BulletinLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who is commended, or criticised, and what they must do at the next meeting of a forum.

    `items`: what notices served since the last bulletin put into this one.
    """

    about: SubjectKind = "unit"
    lines: tuple[BulletinLine, ...] = ()
    must: str = ""
    forum: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a bulletin prints, as it prints: the digest covers this and the text.

    `noted`: section to what it names; a section that is missing is not known, one that is empty has nothing.
    `names`: what the regime has named itself to the name by which it prints.
    """

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
    window: Literal["period", "year_to_date"] = "year_to_date"
    by: tuple[SubjectKind, ...] = ("unit",)
    publish: Literal["ranks", "bands", "none"] = "ranks"
    split: tuple[Split, ...] = ()
    commended: Named | None = None
    criticised: Named | None = None
    unranked: tuple[BulletinLine, ...] = ()
    noted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    next_steps: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


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
    worded_by: str = ""


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
