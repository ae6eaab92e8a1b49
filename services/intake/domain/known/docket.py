"""The docket: drafts that wait for signatures, as NOTICES has them, and what the record did with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from services.intake.domain.known import matters
from shared.core.calendar import last_day_before
from shared.core.decisions import Form
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


class Signer(NamedTuple):
    """Who has signed some draft of a notice or bulletin, and on which day."""

    person: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A draft that waits for signatures, as NOTICES has it, and what the record did with it.

    Kept under `notice/id` or `bulletin/id`: a bulletin's id given as a notice's is that of no draft. Either stream may
    be read before the other: each changes its own fields only. Until the draft was read nobody signs (`sign_off`).
    `drawn`: how many drafts were read, `reworded`: how often other words were put, of which each makes another draft;
    `acted_on`: the draft that was signed last, by `steps`; `signers`: whoever signed any of them.
    `is_declined`: for good, or until a day (`declined_until`).
    """

    # as NOTICES has it
    digest: str = ""
    sign_off: tuple[SignStep, ...] = ()
    unit: str = ""
    parked_count: int = 0
    is_done: bool = False
    list: str = ""
    step: str = ""
    form: Form = "acts"
    competent: str = ""
    matters: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    served_on: date | None = None
    drawn: int = 0
    # what the record did with it
    acted_on: str = ""
    steps: tuple[SignStep, ...] = ()
    signers: tuple[Signer, ...] = ()
    reworded: int = 0
    is_declined: bool = False
    declined_until: date | None = None
    is_talk_recorded: bool = False

    @property
    def signed(self) -> tuple[SignStep, ...]:
        """The steps that were signed of the draft as it is now."""
        return self.steps if self.acted_on == self.digest else ()

    @property
    def turn(self) -> SignStep | None:
        """The step whose signature is next; None where all have signed."""
        return self.sign_off[len(self.signed)] if len(self.signed) < len(self.sign_off) else None

    @property
    def is_redrawn(self) -> bool:
        """Whether its words were set otherwise, and the newer draft is still to come."""
        return 0 < self.drawn <= self.reworded


@dataclass(frozen=True, slots=True)
class DocketAt:
    """How far NOTICES was read."""

    position: int


# --- what notify states -------------------------------------------------------------------------------------------


def note(ledger: Ledger, stated: AnyRecorded) -> None:
    """Enter a statement of NOTICES into the docket. A newer draft voids the signatures on the older."""
    key = f"{'bulletin' if stated.shape.entity == 'bulletin' else 'notice'}/{stated.entity}"
    match stated.data:
        case MatterProposed():
            matters.propose(ledger, stated.data)
        case NoticeDrafted() as data:
            _enter(ledger, key, _draft(ledger, key, data, data.digest, data.sign_off))
        case BulletinDrafted() as data:
            _enter(ledger, key, replace(
                _kept(ledger, key), digest=data.digest, sign_off=data.sign_off, parked_count=data.parked_count,
                list=data.list, sections=data.facts.sections,
            ))  # fmt: skip
        case ReminderSent() as data:
            on = local_day(ledger, data.at)
            _enter(ledger, key, replace(_draft(ledger, key, data), is_done=True, served_on=on))
            matters.serve(ledger, (item.matter for item in data.items), on)
        case NoticeServed() as data:
            _serve(ledger, key, data)
        case BulletinSealed():
            ledger.put(key, replace(_kept(ledger, key), is_done=True))


def _draft(
    ledger: Ledger, key: str, data: NoticeDrafted | ReminderSent, digest: str = "", sign_off: tuple[SignStep, ...] = ()
) -> Drafted:
    return replace(
        _kept(ledger, key), digest=digest, sign_off=sign_off, unit=data.unit, list=data.list, step=data.step,
        form=data.form, competent=data.competent, matters=tuple(item.matter for item in data.items),
    )  # fmt: skip


def _enter(ledger: Ledger, key: str, drafted: Drafted) -> None:
    ledger.put(key, replace(drafted, drawn=drafted.drawn + 1))
    if drafted.drawn:
        return
    # What became of it may have been read before it was read itself.
    for signer in drafted.signers:
        matters.open_signed(ledger, drafted.matters, signer.person, signer.on)
    for matter in drafted.matters:
        matters.end_late(ledger, matter, of=key.partition("/")[2])


def _serve(ledger: Ledger, key: str, data: NoticeServed) -> None:
    on = local_day(ledger, data.served_at)
    ledger.put(key, replace(_kept(ledger, key), is_done=True, served_on=on))
    if data.form == "acts":
        due_on = last_day_before(data.rectify_by, zone_of(ledger)) if data.rectify_by else None
        matters.serve(ledger, (item.matter for item in data.items), on, due_on)


# --- what the record does with it ---------------------------------------------------------------------------------


def _signed(ledger: Ledger, recorded: Recorded[NoticeApproved | BulletinApproved]) -> None:
    """Of one draft all signatures count; the first on another one begins anew."""
    data, key = recorded.data, f"{recorded.shape.kind}/{recorded.entity}"
    drafted, signer = _kept(ledger, key), Signer(recorded.actor, local_day(ledger, recorded.recorded_at))
    before = drafted.steps if drafted.acted_on == data.draft_digest else ()
    ledger.put(key, replace(
        drafted, acted_on=data.draft_digest, steps=(*before, data.step), signers=(*drafted.signers, signer)
    ))  # fmt: skip
    matters.open_signed(ledger, drafted.matters, signer.person, signer.on)


def _put_otherwise(ledger: Ledger, recorded: Recorded[NoticeTextSet | BulletinTextSet]) -> None:
    """The signatures are void, and none is taken until the newer draft is read."""
    drafted = _kept(ledger, key := f"{recorded.shape.kind}/{recorded.entity}")
    ledger.put(key, replace(drafted, steps=(), reworded=drafted.reworded + 1))


def _declined(ledger: Ledger, recorded: Recorded[NoticeDeclined]) -> None:
    drafted = _kept(ledger, key := f"notice/{recorded.entity}")
    ledger.put(key, replace(drafted, is_declined=True, declined_until=recorded.data.until_on))


def _kept(ledger: Ledger, key: str) -> Drafted:
    """An act may be read before its draft: after a crash, from another intake, in a record written elsewhere."""
    return ledger.get(Drafted, key) or Drafted()


def _talked(ledger: Ledger, recorded: Recorded[TalkRecorded]) -> None:
    drafted = _kept(ledger, key := f"notice/{recorded.entity}")
    ledger.put(key, replace(drafted, is_talk_recorded=True))


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
