"""Which returns were made, and which of them can still be corrected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.core.events import AnyRecorded, ProgressReported, Recorded
from shared.core.ledger import Ledger
from shared.core.register import Project, need


@dataclass(frozen=True, slots=True)
class ReturnMade:
    """The event of a project's return. Kept under `project/period`."""

    event: str


@dataclass(frozen=True, slots=True)
class Correctable:
    """The project and period whose return an event is. Kept under the event."""

    project: str
    period: str


def _reported(ledger: Ledger, recorded: Recorded[ProgressReported]) -> None:
    data = recorded.data
    need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    ledger.put(f"{data.project}/{data.period}", ReturnMade(recorded.id))
    ledger.put(recorded.id, Correctable(data.project, data.period))


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {ProgressReported: _reported}
