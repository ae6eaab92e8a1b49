"""What supervision does, and what befalls: rounds, visits, inspections, meetings, incidents."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.core.events.vocabulary import event
from shared.core.regime.terms import Role, Stage

Severity = Literal["minor", "ordinary", "serious", "grave"]


@event("unit", "code")
@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed:
    code: str
    name: str


@event("unit", "code")
@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed:
    code: str
    successor: str = ""
    reason: str = ""


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListSealed:
    """From here on the list of that year changes only by its own procedure."""

    list: str
    year: int
    document_number: str = ""


# --- rounds, visits, inspections -------------------------------------------------------------------------------


@event("duty", "round")
@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlanned:
    """A round of supervision: its objects and days, who approved it, and the item of the year's plan it stands on."""

    round: str
    kind: Literal["regular", "special", "random", "joint", "half_year", "year_end", "look_back", "resident"]
    from_on: date
    until_on: date
    projects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    approver: str = ""
    plan_item: str = ""
    topic: str = ""
    joined_by: tuple[str, ...] = ()


@event("duty", "round")
@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReported:
    """The report of a round is made; with it what is to be corrected by when, and whether the file is archived."""

    round: str
    on: date
    is_archived: bool = False
    opinions: str = ""
    correct_by: date | None = None


@event("duty", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class DutyVisitRecorded:
    """A leader, or a team, was on the site."""

    project: str
    person: str
    role: Role
    on: date
    note: str = ""


@event("duty", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionRecorded:
    """What an inspection found on a project: its own values beside the self-report, never over it."""

    project: str
    team: str
    on: date
    method: Literal["on_site", "documents", "hearing", "interview", "comment", "covert"]
    is_announced: bool
    round: str = ""
    person: str = ""
    is_registered: bool = False
    found_investment_ytd_yuan: Decimal | None = None
    found_stage: Stage | None = None
    findings: tuple["Finding", ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    id: str
    kind: Literal["quality", "efficiency", "organisation", "environment", "progress", "service", "safety", "other"]
    severity: Severity
    text: str


@event("duty", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSent:
    """The office's own report went up."""

    list: str
    to: str
    period: str
    on: date


@event("incident", "incident")
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecorded:
    """`kind` inaction … perfunctory are the failures of duty that documents list in words."""

    incident: str
    kind: Literal[
        "safety",
        "heavy_injury",
        "management",
        "discipline",
        "conduct",
        "inaction",
        "slow_action",
        "wrongful_action",
        "falsification",
        "perfunctory",
        "buck_passing",
        "obstruction",
        "works_obstruction",
        "integrity",
        "crime",
        "policy_blocked",
        "low_efficiency",
        "poor_quality",
        "slow_progress",
        "attendance",
    ]
    severity: Severity
    on: date
    projects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    influence: Literal["", "ordinary", "bad"] = ""


@event("contact", "person")
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFailed:
    """A liaison officer could not be reached."""

    person: str
    unit: str
    on: date
    by: str = ""


# --- visits that are scored ------------------------------------------------------------------------------------


@event("visit", "visit")
@dataclass(frozen=True, slots=True, kw_only=True)
class VisitHeld:
    visit: str
    on: date
    projects: tuple[str, ...]


@event("visit", "visit")
@dataclass(frozen=True, slots=True, kw_only=True)
class VisitScored:
    """One mark. `scorer_unit` tells whether it is for one's own project, which does not count."""

    visit: str
    project: str
    criterion: str
    score: Decimal
    scorer_group: str
    scorer_unit: str = ""


# --- meetings --------------------------------------------------------------------------------------------------


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled:
    """A meeting is called for a day; `to` are the units and persons who are asked to come."""

    meeting: str
    forum: str
    on: date
    place: str = ""
    category: str = ""
    to: tuple[str, ...] = ()


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemAdded:
    """An item of the agenda: an open problem, a matter, or what the text says."""

    meeting: str
    item: str
    problem: str = ""
    matter: str = ""
    text: str = ""


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeferred:
    """An item is put off, to another meeting where one is named."""

    meeting: str
    item: str
    reason: str
    to_meeting: str = ""


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld:
    """`forum` is the name under which the regime knows such meetings; `category` whose turn it was.

    `attended`: the bodies that were there.
    """

    meeting: str
    forum: str
    on: date
    category: str = ""
    problems: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who does what by when; each opens a matter."""

    id: str
    what: str
    unit: str
    project: str = ""
    due_on: date | None = None


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesIssued:
    meeting: str
    forum: str
    on: date
    number: str = ""
    decisions: tuple[Decision, ...] = ()
    to: tuple[str, ...] = ()


@event("meeting", "meeting")
@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded:
    meeting: str
    forum: str
    on: date
    unit: str
    person: str = ""
    reason: str = ""
    is_excused: bool = False


SupervisionEvent = (
    UnitRenamed | UnitClosed | ListSealed | RoundPlanned | RoundReported | DutyVisitRecorded | InspectionRecorded
    | ReportSent | IncidentRecorded | ContactFailed | VisitHeld | VisitScored | MeetingCalled | AgendaItemAdded
    | ItemDeferred | MeetingHeld | MinutesIssued | AbsenceRecorded
)  # fmt: skip
