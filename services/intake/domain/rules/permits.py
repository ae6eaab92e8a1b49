"""What must be true of permits, and of problems and their solutions."""

from services.intake.domain.rules.references import Rules
from shared.core.events import (
    AgentAssigned,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
)

RULES: Rules = {
    AgentAssigned: (),
    PermitFiled: (),
    PermitAccepted: (),
    PermitReturned: (),
    PermitIssued: (),
    PermitRefused: (),
    ProblemRaised: (),
    ProblemEscalated: (),
    ProblemSolved: (),
}
