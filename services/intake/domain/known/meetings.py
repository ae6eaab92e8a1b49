"""Which meetings were called and held, what stands on their agendas, which minutes and absences are recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shared.core.events import (
    AbsenceRecorded,
    AgendaItemAdded,
    AnyRecorded,
    ItemDeferred,
    MeetingCalled,
    MeetingHeld,
    MinutesIssued,
    Recorded,
)
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class MeetingLife:
    """Kept under the meeting. `to`: who was asked to come; nobody in particular where it is empty."""

    forum: str
    on: date
    to: frozenset[str] = frozenset()
    is_held: bool = False
    is_minuted: bool = False


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What stands on an agenda. Kept under `meeting/item`."""

    problem: str
    matter: str
    text: str
    is_deferred: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """An absence was recorded. Kept under `meeting/unit/person`."""


@dataclass(frozen=True, slots=True)
class MinutesNumbered:
    """The minutes of a forum have a number. Kept under `forum/number`."""

    meeting: str


def _called(ledger: Ledger, recorded: Recorded[MeetingCalled]) -> None:
    data = recorded.data
    ledger.put(data.meeting, MeetingLife(data.forum, data.on, frozenset(data.to)))


def _added(ledger: Ledger, recorded: Recorded[AgendaItemAdded]) -> None:
    data = recorded.data
    ledger.put(f"{data.meeting}/{data.item}", AgendaItem(data.problem, data.matter, data.text))


def _deferred(ledger: Ledger, recorded: Recorded[ItemDeferred]) -> None:
    kept = ledger.get(AgendaItem, key := f"{recorded.data.meeting}/{recorded.data.item}")
    if kept:
        ledger.put(key, replace(kept, is_deferred=True))


def _held(ledger: Ledger, recorded: Recorded[MeetingHeld]) -> None:
    data = recorded.data
    kept = ledger.get(MeetingLife, data.meeting) or MeetingLife(data.forum, data.on)
    ledger.put(data.meeting, replace(kept, on=data.on, is_held=True))


def _minuted(ledger: Ledger, recorded: Recorded[MinutesIssued]) -> None:
    """Minutes may be all that is told of a meeting."""
    data = recorded.data
    kept = ledger.get(MeetingLife, data.meeting) or MeetingLife(data.forum, data.on)
    ledger.put(data.meeting, replace(kept, is_held=True, is_minuted=True))
    if data.number:
        ledger.put(f"{data.forum}/{data.number}", MinutesNumbered(data.meeting))


def _missed(ledger: Ledger, recorded: Recorded[AbsenceRecorded]) -> None:
    data = recorded.data
    ledger.put(f"{data.meeting}/{data.unit}/{data.person}", Absent())


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    MeetingCalled: _called,
    AgendaItemAdded: _added,
    ItemDeferred: _deferred,
    MeetingHeld: _held,
    MinutesIssued: _minuted,
    AbsenceRecorded: _missed,
}
