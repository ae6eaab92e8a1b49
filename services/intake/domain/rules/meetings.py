"""What must be true of meetings: called, their agenda, their minutes, who was absent."""

from services.intake.domain.rules.references import Rules
from shared.core.events import AbsenceRecorded, AgendaItemAdded, ItemDeferred, MeetingCalled, MeetingHeld, MinutesIssued

RULES: Rules = {
    MeetingCalled: (),
    AgendaItemAdded: (),
    ItemDeferred: (),
    MeetingHeld: (),
    MinutesIssued: (),
    AbsenceRecorded: (),
}
