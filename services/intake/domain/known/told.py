"""In which words does the record say what somebody is asked to do, and where may that be read?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.intake.domain.known.receipts import Receipt
from shared.core.events import (
    AnyRecorded,
    ExitRequested,
    MatterOpened,
    MeetingCalled,
    MinutesIssued,
    NoticeDrafted,
    NoticeServed,
    ObjectionFiled,
    PermitFiled,
    PermitReturned,
    ProblemRaised,
    Recorded,
    ReminderSent,
)
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Told:
    """Kept under `notice/id` and `proposal/matter` as notices say it, under all else as the record does.

    That is `matter/id`, `problem/id`, `meeting/id`, `objection/id`, `exit/list/year/project`, `permit/project/id`.

    `receipt` is the key of the receipt of what was submitted: that has its position, once the stream gave it one.
    """

    text: str = ""
    receipt: str = ""


def words(ledger: Ledger, *keys: str) -> str:
    """The text under the first key that has one."""
    found = (kept.text for key in keys if (kept := ledger.get(Told, key)))
    return next(filter(None, found), "")


def position(ledger: Ledger, *keys: str) -> int:
    """Where the record says it; 0 where it was not submitted by itself, or stands in no stream yet."""
    kept = (ledger.get(Told, key) for key in keys)
    receipts = (ledger.get(Receipt, one.receipt) for one in kept if one and one.receipt)
    return next((one.position for one in receipts if one), 0)


def note(ledger: Ledger, stated: AnyRecorded) -> None:
    """Keep the title of a notice, for itself and for the matters that it is about."""
    match stated.data:
        case NoticeDrafted() | NoticeServed() | ReminderSent() as data:
            for key in (f"notice/{data.notice}", *(f"proposal/{item.matter}" for item in data.items)):
                ledger.put(key, Told(data.title))


def _keep(ledger: Ledger, recorded: AnyRecorded, key: str, text: str) -> None:
    """Told again without words, the words that were told stand."""
    kept = ledger.get(Told, key) or Told()
    receipt = f"{recorded.unit}/{recorded.submission}" if recorded.submission else kept.receipt
    ledger.put(key, Told(text or kept.text, receipt))


def _opened(ledger: Ledger, recorded: Recorded[MatterOpened]) -> None:
    _keep(ledger, recorded, f"matter/{recorded.data.matter}", recorded.data.text)


def _decided(ledger: Ledger, recorded: Recorded[MinutesIssued]) -> None:
    for one in recorded.data.decisions:
        if ledger.get(Told, f"matter/{one.id}") is None:
            _keep(ledger, recorded, f"matter/{one.id}", one.what)


def _raised(ledger: Ledger, recorded: Recorded[ProblemRaised]) -> None:
    _keep(ledger, recorded, f"problem/{recorded.data.problem}", recorded.data.text)


def _called(ledger: Ledger, recorded: Recorded[MeetingCalled]) -> None:
    data = recorded.data
    _keep(ledger, recorded, f"meeting/{data.meeting}", " ".join(filter(None, (f"{data.on}", data.place))))


def _contested(ledger: Ledger, recorded: Recorded[ObjectionFiled]) -> None:
    _keep(ledger, recorded, f"objection/{recorded.data.matter}", recorded.data.reason)


def _to_leave(ledger: Ledger, recorded: Recorded[ExitRequested]) -> None:
    data = recorded.data
    _keep(ledger, recorded, f"exit/{data.list}/{data.year}/{data.project}", data.reason)


def _filed(ledger: Ledger, recorded: Recorded[PermitFiled | PermitReturned]) -> None:
    _keep(ledger, recorded, f"permit/{recorded.data.project}/{recorded.data.permit}", "")


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    MatterOpened: _opened,
    MinutesIssued: _decided,
    ProblemRaised: _raised,
    MeetingCalled: _called,
    ObjectionFiled: _contested,
    ExitRequested: _to_leave,
    PermitFiled: _filed,
    PermitReturned: _filed,
}
