"""Who holds the file of a permit, since when, and what is still to be handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.core.events import (
    AnyRecorded,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    Recorded,
)
from shared.core.ledger import Ledger

PermitState = Literal["filed", "accepted", "accepted_with_gaps", "returned", "issued", "refused"]


@dataclass(frozen=True, slots=True)
class PermitLife:
    """Kept under `project/permit` from its first filing on; the office is the one that it was with last."""

    state: PermitState
    office: str
    on: date


def _moved(state: PermitState) -> Callable[[Ledger, AnyRecorded], None]:
    def move(ledger: Ledger, recorded: AnyRecorded) -> None:
        data = recorded.data
        ledger.put(f"{data.project}/{data.permit}", PermitLife(state, data.office, data.on))

    return move


def _accepted(ledger: Ledger, recorded: Recorded[PermitAccepted]) -> None:
    data = recorded.data
    state: PermitState = "accepted_with_gaps" if data.gaps else "accepted"
    ledger.put(f"{data.project}/{data.permit}", PermitLife(state, data.office, data.on))


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    PermitFiled: _moved("filed"),
    PermitAccepted: _accepted,
    PermitReturned: _moved("returned"),
    PermitIssued: _moved("issued"),
    PermitRefused: _moved("refused"),
}
