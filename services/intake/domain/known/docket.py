"""The docket: drafts that wait for signatures, as NOTICES has them, and the steps signed in the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    BulletinDrafted,
    BulletinSealed,
    NoticeApproved,
    NoticeDrafted,
    NoticeServed,
    Recorded,
    ReminderSent,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import SignStep


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that waits for signatures, as NOTICES has it, and the steps signed in the record.

    Kept under `notice/id` or `bulletin/id`: a bulletin's id given as a notice's is that of no draft.
    """

    digest: str
    sign_off: tuple[SignStep, ...]
    unit: str
    parked_count: int
    signed: tuple[SignStep, ...] = ()
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class DocketAt:
    """How far NOTICES was read."""

    position: int


def note(ledger: Ledger, stated: AnyRecorded) -> None:
    """Enter a statement of NOTICES into the docket. A newer draft voids the signatures on the older."""
    match stated.data:
        case NoticeDrafted(notice=notice, digest=digest, sign_off=sign_off, unit=unit):
            _enter(ledger, f"notice/{notice}", Drafted(digest, sign_off, unit, 0))
        case BulletinDrafted(bulletin=bulletin, digest=digest, sign_off=sign_off, parked_count=parked):
            _enter(ledger, f"bulletin/{bulletin}", Drafted(digest, sign_off, "", parked))
        case ReminderSent(notice=notice, unit=unit):
            _enter(ledger, f"notice/{notice}", Drafted("", (), unit, 0, is_done=True))
        case NoticeServed() | BulletinSealed():
            kept = ledger.get(Drafted, key := f"{stated.shape.kind}/{stated.entity}")
            if kept:
                ledger.put(key, replace(kept, is_done=True))


def _enter(ledger: Ledger, key: str, drafted: Drafted) -> None:
    kept = ledger.get(Drafted, key)
    if kept is None or kept.digest != drafted.digest:
        ledger.put(key, drafted)
    elif not kept.sign_off:  # its signatures were read in the record before it was read itself
        ledger.put(key, replace(drafted, signed=kept.signed))


def _signed(ledger: Ledger, recorded: Recorded[NoticeApproved] | Recorded[BulletinApproved]) -> None:
    data = recorded.data
    # A signature may be read before its draft: after a crash, from another intake, in a record written elsewhere.
    key = f"{recorded.shape.kind}/{recorded.entity}"
    drafted = ledger.get(Drafted, key) or Drafted(data.draft_digest, (), "", 0)
    if drafted.digest != data.draft_digest:
        raise CannotApply(f"{recorded.entity} has another draft")
    ledger.put(key, replace(drafted, signed=(*drafted.signed, data.step)))


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {NoticeApproved: _signed, BulletinApproved: _signed}
