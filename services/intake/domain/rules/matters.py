"""What must be true in the life of a supervised matter, and of what holds it up."""

from services.intake.domain.rules.references import Rules
from shared.core.events import (
    AppealDecided,
    AppealRequested,
    ExemptionGranted,
    ExtensionGranted,
    MatterAssigned,
    MatterOpened,
    MatterReceived,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterReturned,
    MatterStruckOff,
    MatterVerified,
    ObjectionDecided,
    ObjectionFiled,
    Paused,
    StepOrdered,
)

RULES: Rules = {
    MatterOpened: (),
    MatterAssigned: (),
    MatterReceived: (),
    MatterReturned: (),
    MatterReminded: (),
    MatterReported: (),
    MatterVerified: (),
    MatterStruckOff: (),
    MatterReopened: (),
    ExtensionGranted: (),
    ExemptionGranted: (),
    Paused: (),
    StepOrdered: (),
    ObjectionFiled: (),
    ObjectionDecided: (),
    AppealRequested: (),
    AppealDecided: (),
}
