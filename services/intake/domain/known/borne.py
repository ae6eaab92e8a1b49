"""What units bear besides returns: who came to see their projects, and which notices they have signed for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.core.events import AnyRecorded, DutyVisitRecorded, InspectionRecorded, NoticeSignedFor, Recorded, VisitHeld
from shared.core.ledger import Ledger


class Came(NamedTuple):
    """Somebody was on the site: on which day, in which role or as what, and by name where one is known."""

    on: date
    as_whom: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """All visits to a project in a year. Kept under `project/year`."""

    came: tuple[Came, ...]


@dataclass(frozen=True, slots=True)
class SignedFor:
    """The addressee has a notice. Kept under it."""


def visits(ledger: Ledger, project: str, year: int) -> tuple[Came, ...]:
    kept = ledger.get(Visited, f"{project}/{year}")
    return kept.came if kept else ()


def _come(ledger: Ledger, project: str, came: Came) -> None:
    ledger.put(f"{project}/{came.on.year}", Visited((*visits(ledger, project, came.on.year), came)))


def _visited(ledger: Ledger, recorded: Recorded[DutyVisitRecorded]) -> None:
    data = recorded.data
    _come(ledger, data.project, Came(data.on, data.role, data.person))


def _inspected(ledger: Ledger, recorded: Recorded[InspectionRecorded]) -> None:
    _come(ledger, recorded.data.project, Came(recorded.data.on, "inspection"))


def _held(ledger: Ledger, recorded: Recorded[VisitHeld]) -> None:
    for project in dict.fromkeys(recorded.data.projects):
        _come(ledger, project, Came(recorded.data.on, "visit"))


def _signed_for(ledger: Ledger, recorded: Recorded[NoticeSignedFor]) -> None:
    ledger.put(recorded.data.notice, SignedFor())


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    DutyVisitRecorded: _visited,
    InspectionRecorded: _inspected,
    VisitHeld: _held,
    NoticeSignedFor: _signed_for,
}
