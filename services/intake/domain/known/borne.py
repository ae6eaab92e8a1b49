"""What units bear besides returns: visits to their projects, meetings, matters, and notices they have signed for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.core.events import (
    AnyRecorded,
    DutyVisitRecorded,
    InspectionRecorded,
    MatterAssigned,
    MatterOpened,
    MatterReceived,
    MeetingCalled,
    MeetingHeld,
    MinutesIssued,
    NoticeSignedFor,
    Recorded,
    VisitHeld,
)
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


@dataclass(frozen=True, slots=True)
class Met:
    """Who was asked to a meeting, was there, or was sent its minutes. Kept under it."""

    on: date
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class GivenTo:
    """To which units a matter was given, each on the first day that the record names. Kept under it."""

    units: Mapping[str, date]


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


def _met(ledger: Ledger, recorded: AnyRecorded) -> None:
    data = recorded.data
    kept = ledger.get(Met, data.meeting)
    who = data.attended if isinstance(data, MeetingHeld) else data.to
    # The day of the minutes is theirs: the meeting's own is told before, unless they are all that is told of it.
    on = kept.on if kept and isinstance(data, MinutesIssued) else data.on
    ledger.put(data.meeting, Met(on, (kept.who if kept else frozenset()) | {*who}))


def _given(ledger: Ledger, matter: str, unit: str, on: date) -> None:
    kept = ledger.get(GivenTo, matter) or GivenTo({})
    if unit and unit not in kept.units:
        ledger.put(matter, GivenTo({**kept.units, unit: on}))


def _matter(ledger: Ledger, recorded: Recorded[MatterOpened | MatterAssigned | MatterReceived]) -> None:
    _given(ledger, recorded.data.matter, recorded.data.unit, recorded.data.on)


def _minuted(ledger: Ledger, recorded: Recorded[MinutesIssued]) -> None:
    _met(ledger, recorded)
    for one in recorded.data.decisions:
        _given(ledger, one.id, one.unit, recorded.data.on)


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    DutyVisitRecorded: _visited,
    InspectionRecorded: _inspected,
    VisitHeld: _held,
    NoticeSignedFor: _signed_for,
    MeetingCalled: _met,
    MeetingHeld: _met,
    MinutesIssued: _minuted,
    MatterOpened: _matter,
    MatterAssigned: _matter,
    MatterReceived: _matter,
}
