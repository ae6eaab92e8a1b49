"""What must be true of rounds, inspections, visits, incidents and failed contacts."""

from services.intake.domain.rules.references import Rules
from shared.core.events import (
    ContactFailed,
    DutyVisitRecorded,
    IncidentRecorded,
    InspectionRecorded,
    ReportSent,
    RoundPlanned,
    RoundReported,
    VisitHeld,
    VisitScored,
)

RULES: Rules = {
    RoundPlanned: (),
    RoundReported: (),
    DutyVisitRecorded: (),
    InspectionRecorded: (),
    ReportSent: (),
    IncidentRecorded: (),
    ContactFailed: (),
    VisitHeld: (),
    VisitScored: (),
}
