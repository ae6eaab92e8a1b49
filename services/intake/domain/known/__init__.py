"""What intake keeps beyond the register: what was said, so that what may be said next can be decided.

One module for each part of the vocabulary, beside its rules in `services.intake.domain.rules`.
"""

from collections.abc import Callable, Mapping

from services.intake.domain.known import (
    asked,
    borne,
    docket,
    matters,
    meetings,
    permits,
    problems,
    projects,
    receipts,
    results,
    returns,
    supervision,
    told,
)
from services.intake.domain.known.asked import Formalities, Nodes, Place
from services.intake.domain.known.borne import GivenTo, Met, SignedFor, Visited
from services.intake.domain.known.docket import DocketAt, Drafted
from services.intake.domain.known.matters import Contest, FindingKnown, MatterLife, Opened
from services.intake.domain.known.meetings import Absent, AgendaItem, MeetingLife, MinutesNumbered
from services.intake.domain.known.permits import PermitLife
from services.intake.domain.known.problems import ProblemLife
from services.intake.domain.known.projects import Course, Leaving, PlanOpen, Roll
from services.intake.domain.known.receipts import Receipt, Unreadable
from services.intake.domain.known.results import Appraised, Ineligible, Responsible
from services.intake.domain.known.returns import Correctable, Inspected, PeriodsTold, ReturnMade, Shown
from services.intake.domain.known.supervision import IncidentKnown, Marked, RoundLife, VisitKnown
from services.intake.domain.known.told import Told
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

__all__ = [
    "Absent", "AgendaItem", "Appraised", "Contest", "Correctable", "Course", "DocketAt", "Drafted",
    "FindingKnown", "Formalities", "GivenTo", "IncidentKnown", "Ineligible", "Inspected", "Leaving", "Marked",
    "MatterLife", "MeetingLife", "Met", "MinutesNumbered", "Nodes", "Opened", "PeriodsTold", "PermitLife",
    "Place", "PlanOpen", "ProblemLife", "Receipt", "Responsible", "ReturnMade", "Roll", "RoundLife", "Shown",
    "SignedFor", "Told", "Unreadable", "VisitKnown", "Visited", "evolve", "note",
]  # fmt: skip

VERSION = 1
"""Raised where the same record gives other entries than before, though their fields are the same."""

_PARTS = (returns, projects, asked, borne, docket, matters, meetings, permits, problems, results, supervision, told)
_CHANGES: Mapping[type, tuple[Callable[[Ledger, AnyRecorded], None], ...]] = {
    event: tuple(part.CHANGES[event] for part in _PARTS if event in part.CHANGES)
    for event in {event for part in _PARTS for event in part.CHANGES}
}


def evolve(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event of the record. CannotApply if the record cannot mean it."""
    receipts.give_receipt(ledger, recorded)
    for change in _CHANGES.get(type(recorded.data), ()):
        change(ledger, recorded)


def note(ledger: Ledger, stated: AnyRecorded) -> None:
    """Enter a statement of NOTICES."""
    docket.note(ledger, stated)
    told.note(ledger, stated)
