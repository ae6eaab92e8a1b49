"""What was answered to whom, and what no longer can be: receipts, and records that cannot be read."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission was answered with. Kept for ever under `unit/key`; position 0 until the stream has it."""

    digest: str
    event: str
    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entity, or with an empty kind the jurisdiction, whose record cannot be applied from a position on."""

    kind: str
    entity: str
    position: int
    reason: str


def give_receipt(ledger: Ledger, recorded: AnyRecorded) -> None:
    if recorded.submission:
        receipt = Receipt(recorded.submission_digest, recorded.id, recorded.position, recorded.recorded_at)
        ledger.put(f"{recorded.unit}/{recorded.submission}", receipt)
