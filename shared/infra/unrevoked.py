"""May whoever asks still be heard? A token that an event has revoked proves nobody in that jurisdiction."""

from shared.core.ledger import Ledger
from shared.core.revoked import is_revoked
from shared.infra.auth import Bearer
from shared.infra.web import Problem


def unrevoked(ledger: Ledger, by: Bearer) -> Ledger:
    """The ledger, for a bearer whose token stands. Problem where it was revoked there."""
    if is_revoked(ledger, by.token_id, by.person or "@operator", by.issued_at):
        raise Problem(403, "token_revoked", "This token was revoked: ask for another one.")
    return ledger
