"""What must be true of a year's results and awards."""

from services.intake.domain.rules.references import Rules
from shared.core.events import (
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    EligibilityLost,
    ExternalResultRecorded,
)

RULES: Rules = {
    AssessmentProposed: (),
    AssessmentConfirmed: (),
    ExternalResultRecorded: (),
    EligibilityLost: (),
    AwardGranted: (),
}
