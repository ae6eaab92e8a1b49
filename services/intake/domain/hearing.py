"""Is whoever submits something heard at all: is the place open, the token good, the post held, the record readable?

Whoever is not learns nothing else: neither which keys are used, nor what is parked and why.
"""

from services.intake.domain import authority
from services.intake.domain.known import Unreadable
from services.intake.domain.submission import Submission
from shared.core.errors import Fault
from shared.core.events import SHAPES, JurisdictionOpened, UnitClosed, entity_of
from shared.core.ledger import Ledger
from shared.core.register import posts_of
from shared.core.revoked import is_revoked


def unheard(submission: Submission, ledger: Ledger) -> Fault | None:
    """Why nothing that is submitted so is looked at; None where it is."""
    opened = ledger.get(JurisdictionOpened, "")
    if isinstance(submission.data, JurisdictionOpened):
        if opened is not None or ledger.position:
            return Fault("already_open", "/jurisdiction", "The jurisdiction is open already.")
        if not submission.is_operator:
            return Fault("operator_only", "", "Only the operator opens a jurisdiction.")
        return None
    if opened is None:
        return Fault("not_open", "/jurisdiction", "No such jurisdiction is open.")
    if is_revoked(ledger, submission.token_id, submission.actor, submission.token_issued_at):
        return Fault("token_revoked", "", "This token was revoked: ask for another one.")
    return _nobody(submission, ledger) or _parked(submission, ledger)


def _nobody(submission: Submission, ledger: Ledger) -> Fault | None:
    unit = submission.unit
    if submission.is_clock or (submission.is_operator and authority.is_the_operators(submission.data)):
        return None
    if not unit:
        return Fault("no_post", "/unit", "Name the unit in whose name you submit.")
    if not any(of == unit for _, of, _ in posts_of(ledger, submission.actor)):
        return Fault("no_post", "/unit", "You hold no post in {unit}.", {"unit": unit})
    if ledger.get(UnitClosed, unit) is not None:
        return Fault("unit_closed", "/unit", "The unit {unit} is closed.", {"unit": unit})
    return None


def _parked(submission: Submission, ledger: Ledger) -> Fault | None:
    if not ledger.all(Unreadable):
        return None
    kind, entity = SHAPES[type(submission.data)].kind, entity_of(submission.data, submission.jurisdiction)
    parked = ledger.get(Unreadable, "") or ledger.get(Unreadable, f"{kind}/{entity}")
    if parked is None:
        return None
    named = {"entity": parked.entity, "reason": parked.reason}
    return Fault("parked", "", "The record of {entity} is parked: {reason}", named)
