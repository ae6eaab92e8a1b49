"""Accept a submission or refuse it, with every reason: the one place where the record is guarded.

What is decided here sees the whole jurisdiction, so its invariants are exact; what a fold can refuse
(`CannotApply`) is refused here first, so that nothing recorded is ever parked for what could be known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain import rules
from services.intake.domain.ledger import Receipt, Unreadable
from services.intake.domain.submission import Submission
from shared.core.errors import Fault
from shared.core.events import SHAPES, JurisdictionOpened, Recorded, RecordEvent, TimeReached, entity_of
from shared.core.ledger import Ledger
from shared.core.register import posts_of

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
CLOCK = "@clock"
"""The actor of what intake's own clock records; no person code can begin so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a submission is not recorded. `retryable`: the same submission may be accepted later."""

    code: str
    faults: tuple[Fault, ...]
    retryable: bool = False


Decision = Recorded[Any] | Receipt | Refused


def decide(submission: Submission, ledger: Ledger, *, now: datetime, event_id: str) -> Decision:
    """The event to record, or the first receipt of a submission seen before, or all reasons against it."""
    known = ledger.get(Receipt, f"{submission.unit}/{submission.key}")
    if known is not None:
        return (
            known
            if known.digest == submission.digest
            else _refuse("key_reused", "/key", "This key stands for another submission.")
        )
    refused = _may_not(submission, ledger) or _wrong(submission, ledger, now)
    return refused or _recorded(submission, ledger, now, event_id)


def _recorded(submission: Submission, ledger: Ledger, now: datetime, event_id: str) -> Recorded[RecordEvent]:
    recorded_at = recorded_at_of(submission, ledger, now)
    return Recorded(
        position=0, id=event_id, jurisdiction=submission.jurisdiction, data=submission.data, unit=submission.unit,
        time=submission.time or recorded_at, recorded_at=recorded_at, actor=submission.actor, submission=submission.key,
        submission_digest=submission.digest,
    )  # fmt: skip


def recorded_at_of(submission: Submission, ledger: Ledger, now: datetime) -> datetime:
    """Intake's clock, never earlier than the last event; in a simulated or imported jurisdiction its own clock."""
    opened = ledger.get(JurisdictionOpened, "")
    if opened is None:
        opening = submission.data
        moves = isinstance(opening, JurisdictionOpened) and opening.mode != "live"
        return submission.time if moves and submission.time else now
    if opened.mode == "live":
        return max(now, ledger.clock)
    return submission.data.at if isinstance(submission.data, TimeReached) else ledger.clock


def _may_not(submission: Submission, ledger: Ledger) -> Refused | None:
    opened, opens = ledger.get(JurisdictionOpened, ""), isinstance(submission.data, JurisdictionOpened)
    if opens:
        if opened is not None:
            return _refuse("already_open", "/jurisdiction", "The jurisdiction is open already.")
        return (
            None if submission.is_operator else _refuse("operator_only", "", "Only the operator opens a jurisdiction.")
        )
    if opened is None:
        return _refuse("not_open", "/jurisdiction", "No such jurisdiction is open.")
    unreadable = _unreadable(submission, ledger)
    if unreadable is not None:
        return _refuse(
            "parked",
            "",
            "The record of {entity} is parked: {reason}",
            entity=unreadable.entity,
            reason=unreadable.reason,
        )
    if submission.is_clock:
        return None
    if not any(unit == submission.unit for _, unit, _ in posts_of(ledger, submission.actor)):
        return _refuse("no_post", "/unit", "You hold no post in {unit}.", unit=submission.unit)
    return None


def _unreadable(submission: Submission, ledger: Ledger) -> Unreadable | None:
    kind = SHAPES[type(submission.data)].kind
    return ledger.get(Unreadable, "") or ledger.get(
        Unreadable, f"{kind}/{entity_of(submission.data, submission.jurisdiction)}"
    )


def _wrong(submission: Submission, ledger: Ledger, now: datetime) -> Refused | None:
    faults = [*_form(submission, ledger, now), *rules.check(submission, ledger)]
    if not faults:
        return None
    return Refused(faults[0].code, tuple(faults), retryable=all(fault.code in rules.RETRYABLE for fault in faults))


def _form(submission: Submission, ledger: Ledger, now: datetime) -> Iterator[Fault]:
    for pointer, code in _codes(submission):
        if not CODE.fullmatch(code):
            yield Fault("bad_code", pointer, "A code is 1 to 64 of the characters A-Z a-z 0-9 _ -.")
    at = recorded_at_of(submission, ledger, now)
    if submission.time is not None and submission.time > at + timedelta(minutes=5):
        yield Fault("in_the_future", "/time", "What is reported must have happened.")
    if isinstance(submission.data, JurisdictionOpened) and submission.data.mode != "live" and submission.time is None:
        yield Fault("time_needed", "/time", "A simulated or imported jurisdiction opens at a given time.")


def _codes(submission: Submission) -> Iterator[tuple[str, str]]:
    yield "/key", submission.key
    shape = SHAPES[type(submission.data)]
    if shape.entity:
        yield f"/data/{shape.entity}", str(getattr(submission.data, shape.entity))
    else:
        yield "/jurisdiction", submission.jurisdiction


def _refuse(code: str, pointer: str, message: str, **values: str) -> Refused:
    return Refused(code, (Fault(code, pointer, message, values),))
