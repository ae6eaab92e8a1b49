"""The docket: drafts that wait for signatures, as NOTICES has them, and what the record did with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.intake.domain.known import matters
from shared.core.calendar import last_day_before
from shared.core.decisions import Form
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    AppealDecided,
    BulletinApproved,
    BulletinDrafted,
    BulletinSealed,
    BulletinTextSet,
    MatterProposed,
    NoticeApproved,
    NoticeDeclined,
    NoticeDrafted,
    NoticeServed,
    NoticeTextSet,
    ObjectionDecided,
    Recorded,
    ReminderSent,
    TalkRecorded,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import SignStep
from shared.core.register import zone_of
from shared.core.responsibilities import local_day


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that waits for signatures, as NOTICES has it, and the steps signed in the record.

    Kept under `notice/id` or `bulletin/id`: a bulletin's id given as a notice's is that of no draft. Until the draft
    itself was read nobody signs (`sign_off`). `is_redrawn`: its words were set otherwise, and the newer draft is still
    to come. `is_declined`: for good, or until a day (`declined_until`).
    """

    digest: str
    sign_off: tuple[SignStep, ...] = ()
    unit: str = ""
    parked_count: int = 0
    signed: tuple[SignStep, ...] = ()
    is_done: bool = False
    list: str = ""
    step: str = ""
    form: Form = "acts"
    competent: str = ""
    matters: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    served_on: date | None = None
    is_redrawn: bool = False
    is_declined: bool = False
    declined_until: date | None = None
    is_talk_recorded: bool = False


@dataclass(frozen=True, slots=True)
class DocketAt:
    """How far NOTICES was read."""

    position: int


# --- what notify states -------------------------------------------------------------------------------------------


def note(ledger: Ledger, stated: AnyRecorded) -> None:
    """Enter a statement of NOTICES into the docket. A newer draft voids the signatures on the older."""
    match stated.data:
        case MatterProposed():
            matters.propose(ledger, stated.data)
        case NoticeDrafted() | BulletinDrafted():
            _enter(ledger, f"{stated.shape.kind}/{stated.entity}", _draft(stated.data), stated)
        case ReminderSent():
            on, named = local_day(ledger, stated.data.at), _draft(stated.data)
            ledger.put(f"notice/{stated.entity}", replace(named, is_done=True, served_on=on))
            matters.serve(ledger, named.matters, on)
        case NoticeServed():
            _serve(ledger, stated.data)
        case BulletinSealed():
            if kept := ledger.get(Drafted, key := f"bulletin/{stated.entity}"):
                ledger.put(key, replace(kept, is_done=True))


def _draft(data: NoticeDrafted | ReminderSent | BulletinDrafted) -> Drafted:
    if isinstance(data, BulletinDrafted):
        return Drafted(
            data.digest, data.sign_off, parked_count=data.parked_count, list=data.list, sections=data.facts.sections
        )
    digest, sign_off = ("", ()) if isinstance(data, ReminderSent) else (data.digest, data.sign_off)
    return Drafted(
        digest, sign_off, data.unit, list=data.list, step=data.step, form=data.form, competent=data.competent,
        matters=tuple(item.matter for item in data.items),
    )  # fmt: skip


def _enter(ledger: Ledger, key: str, drafted: Drafted, stated: AnyRecorded) -> None:
    kept = ledger.get(Drafted, key)
    if kept is None:
        ledger.put(key, drafted)
    elif kept.sign_off and (kept.digest != drafted.digest or kept.is_redrawn):
        ledger.put(key, replace(drafted, is_declined=kept.is_declined, declined_until=kept.declined_until))
    elif not kept.sign_off and kept.digest == drafted.digest:  # what became of it was read before it was read itself
        ledger.put(key, replace(
            drafted, signed=kept.signed, signers=kept.signers, is_redrawn=kept.is_redrawn,
            is_declined=kept.is_declined, declined_until=kept.declined_until,
        ))  # fmt: skip
        for signer in kept.signers:
            matters.open_signed(ledger, drafted.matters, signer, local_day(ledger, stated.recorded_at))


def _serve(ledger: Ledger, data: NoticeServed) -> None:
    on = local_day(ledger, data.served_at)
    if kept := ledger.get(Drafted, key := f"notice/{data.notice}"):
        ledger.put(key, replace(kept, is_done=True, served_on=on))
    if data.form == "acts":
        due_on = last_day_before(data.rectify_by, zone_of(ledger)) if data.rectify_by else None
        matters.serve(ledger, (item.matter for item in data.items), on, due_on)


# --- what the record does with it ---------------------------------------------------------------------------------

_Signature = NoticeApproved | BulletinApproved


def _signed(ledger: Ledger, recorded: Recorded[_Signature]) -> None:
    data, key = recorded.data, f"{recorded.shape.kind}/{recorded.entity}"
    drafted = _kept(ledger, key, data.draft_digest)
    if drafted.digest != data.draft_digest:
        raise CannotApply(f"{recorded.entity} has another draft")
    signed, signers = (*drafted.signed, data.step), (*drafted.signers, recorded.actor)
    ledger.put(key, replace(drafted, signed=signed, signers=signers))
    matters.open_signed(ledger, drafted.matters, recorded.actor, local_day(ledger, recorded.recorded_at))


def _put_otherwise(ledger: Ledger, recorded: Recorded[NoticeTextSet | BulletinTextSet]) -> None:
    """The signatures are void, and none is taken until the newer draft is read."""
    data, key = recorded.data, f"{recorded.shape.kind}/{recorded.entity}"
    drafted = _kept(ledger, key, data.draft_digest)
    if drafted.digest == data.draft_digest:
        ledger.put(key, replace(drafted, signed=(), signers=(), is_redrawn=True))


def _declined(ledger: Ledger, recorded: Recorded[NoticeDeclined]) -> None:
    data, key = recorded.data, f"notice/{recorded.entity}"
    drafted = _kept(ledger, key, data.draft_digest)
    ledger.put(key, replace(drafted, is_declined=True, declined_until=data.until_on))


def _kept(ledger: Ledger, key: str, digest: str) -> Drafted:
    """An act may be read before its draft: after a crash, from another intake, in a record written elsewhere."""
    kept = ledger.get(Drafted, key)
    if kept is None or not kept.is_redrawn:
        return kept or Drafted(digest)
    return Drafted(digest, is_declined=kept.is_declined, declined_until=kept.declined_until)


def _talked(ledger: Ledger, recorded: Recorded[TalkRecorded]) -> None:
    if kept := ledger.get(Drafted, key := f"notice/{recorded.entity}"):
        ledger.put(key, replace(kept, is_talk_recorded=True))


def _decided(ledger: Ledger, recorded: Recorded[ObjectionDecided | AppealDecided]) -> None:
    """An objection to a notice is one to its matters."""
    if kept := ledger.get(Drafted, f"notice/{recorded.data.matter}"):
        for matter in kept.matters:
            matters.end(ledger, matter, is_upheld=recorded.data.upheld)


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    NoticeApproved: _signed,
    BulletinApproved: _signed,
    NoticeTextSet: _put_otherwise,
    BulletinTextSet: _put_otherwise,
    NoticeDeclined: _declined,
    TalkRecorded: _talked,
    ObjectionDecided: _decided,
    AppealDecided: _decided,
}
