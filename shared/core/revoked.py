"""Which tokens no longer prove anybody in a jurisdiction, since when?"""

from dataclasses import dataclass
from datetime import datetime

from shared.core.events import JurisdictionOpened, Recorded, TokenRevoked
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Revoked:
    """When a token, or all that a person had until then, ceased to prove anybody. Under `token/id`, `person/code`."""

    at: datetime


def revoke(ledger: Ledger, recorded: Recorded[TokenRevoked]) -> None:
    """Up to when it was recorded; where the clock is moved, that says nothing: up to when it happened."""
    opened = ledger.get(JurisdictionOpened, "")
    at = recorded.recorded_at if opened is None or opened.mode == "live" else recorded.time
    for kind, named in (("token", recorded.data.token), ("person", recorded.data.person)):
        if named:
            ledger.put(f"{kind}/{named}", Revoked(at))


def is_revoked(ledger: Ledger, token_id: str, person: str, issued_at: datetime | None) -> bool:
    """Whether a token was revoked: itself, or with all that its person had when that was recorded."""
    if ledger.get(Revoked, f"token/{token_id}"):
        return True
    revoked = ledger.get(Revoked, f"person/{person}")
    return revoked is not None and issued_at is not None and issued_at <= revoked.at
