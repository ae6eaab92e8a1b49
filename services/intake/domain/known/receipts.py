"""What was answered to whom, and what no longer can be: receipts, revoked tokens, records that cannot be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.events import AnyRecorded, Recorded, TokenRevoked
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission was answered with. Kept for ever under `unit/key`; position 0 until the stream has it."""

    digest: str
    event: str
    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Revoked:
    """When a token, or all that a person had until then, ceased to prove anybody. Under `token/id`, `person/code`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entity, or with an empty kind the jurisdiction, whose record cannot be applied from a position on."""

    kind: str
    entity: str
    position: int
    reason: str


def is_revoked(ledger: Ledger, token_id: str, person: str, issued_at: datetime | None) -> bool:
    """Whether a token was revoked: itself, or with all that its person had when that was recorded."""
    if ledger.get(Revoked, f"token/{token_id}"):
        return True
    revoked = ledger.get(Revoked, f"person/{person}")
    return revoked is not None and issued_at is not None and issued_at <= revoked.at


def give_receipt(ledger: Ledger, recorded: AnyRecorded) -> None:
    if recorded.submission:
        receipt = Receipt(recorded.submission_digest, recorded.id, recorded.position, recorded.recorded_at)
        ledger.put(f"{recorded.unit}/{recorded.submission}", receipt)


def _revoke(ledger: Ledger, recorded: Recorded[TokenRevoked]) -> None:
    for kind, named in (("token", recorded.data.token), ("person", recorded.data.person)):
        if named:
            ledger.put(f"{kind}/{named}", Revoked(recorded.recorded_at))


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {TokenRevoked: _revoke}
