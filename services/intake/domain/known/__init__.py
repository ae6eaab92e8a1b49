"""What intake keeps beyond the register: what was said, so that what may be said next can be decided.

One module for each part of the vocabulary, beside its rules in `services.intake.domain.rules`.
"""

from collections.abc import Callable, Mapping

from services.intake.domain.known import (
    docket,
    matters,
    permits,
    problems,
    projects,
    receipts,
    results,
    returns,
    supervision,
)
from services.intake.domain.known.docket import DocketAt, Drafted, note
from services.intake.domain.known.matters import MatterLife
from services.intake.domain.known.problems import ProblemLife
from services.intake.domain.known.receipts import Receipt, Revoked, Unreadable, is_revoked
from services.intake.domain.known.returns import Correctable, ReturnMade
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

__all__ = [
    "Correctable", "DocketAt", "Drafted", "MatterLife",
    "ProblemLife", "Receipt", "ReturnMade", "Revoked",
    "Unreadable", "evolve", "is_revoked", "note",
]  # fmt: skip

_PARTS = (docket, matters, permits, problems, projects, receipts, results, returns, supervision)
_CHANGES: Mapping[type, tuple[Callable[[Ledger, AnyRecorded], None], ...]] = {
    event: tuple(part.CHANGES[event] for part in _PARTS if event in part.CHANGES)
    for event in {event for part in _PARTS for event in part.CHANGES}
}


def evolve(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event of the record. CannotApply if the record cannot mean it."""
    receipts.give_receipt(ledger, recorded)
    for change in _CHANGES.get(type(recorded.data), ()):
        change(ledger, recorded)
