"""Accept a submission or refuse it, with every reason: the one place where the record is guarded.

What is decided here sees the whole jurisdiction, so its invariants are exact; what a fold can refuse
(`CannotApply`) is refused here first, so that nothing recorded is ever parked for what could be known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain import authority, plausible, rules
from services.intake.domain.known import Receipt, Unreadable, is_revoked
from services.intake.domain.submission import Case, Submission
from shared.core.errors import Fault
from shared.core.events import SHAPES, JurisdictionOpened, Recorded, RecordEvent, TimeReached, entity_of
from shared.core.ledger import Ledger
from shared.core.register import posts_of

CLOCK = "@clock"
"""The actor of what intake's own clock records; no person code can begin so."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is recorded, in order: what was submitted, then what it brings about. The first has the receipt."""

    events: tuple[Recorded[Any], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a submission is not recorded. `retryable`: the same submission may be accepted later."""

    code: str
    faults: tuple[Fault, ...]
    retryable: bool = False


Decision = Accepted | Receipt | Refused


def decide(submission: Submission, ledger: Ledger, *, now: datetime, new_id: Callable[[], str]) -> Decision:
    """The events to record, or the first receipt of a submission seen before, or all reasons against it."""
    known = ledger.get(Receipt, f"{submission.unit}/{submission.key}")
    if known is not None and known.digest == submission.digest:
        return known
    refused = _may_not(submission, ledger)  # first: a stranger does not learn which keys are used
    if known is not None:
        refused = refused or _refuse("key_reused", "/key", "This key stands for another submission.")
    if refused:
        return refused
    case = Case(submission, ledger, recorded_at_of(submission, ledger, now))
    return _wrong(case) or _accepted(case, new_id)


def _accepted(case: Case, new_id: Callable[[], str]) -> Accepted:
    submission, main_id = case.submission, new_id()

    def recorded(data: RecordEvent, event_id: str, **more: str) -> Recorded[Any]:
        return Recorded(
            position=0, id=event_id, jurisdiction=submission.jurisdiction, data=data, unit=submission.unit,
            time=submission.time or case.at, recorded_at=case.at, actor=submission.actor,
            on_behalf_of=submission.on_behalf_of, **more,
        )  # fmt: skip

    main = recorded(rules.completed(case), main_id, submission=submission.key, submission_digest=submission.digest)
    return Accepted((main, *(recorded(data, new_id(), causation=main_id) for data in rules.follows(case))))


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
    opened = ledger.get(JurisdictionOpened, "")
    if isinstance(submission.data, JurisdictionOpened):
        if opened is not None or ledger.position:
            return _refuse("already_open", "/jurisdiction", "The jurisdiction is open already.")
        if not submission.is_operator:
            return _refuse("operator_only", "", "Only the operator opens a jurisdiction.")
        return None
    if opened is None:
        return _refuse("not_open", "/jurisdiction", "No such jurisdiction is open.")
    if is_revoked(ledger, submission.token_id, submission.actor, submission.token_issued_at):
        return _refuse("token_revoked", "", "This token was revoked: ask for another one.")
    kind, entity = SHAPES[type(submission.data)].kind, entity_of(submission.data, submission.jurisdiction)
    parked = ledger.get(Unreadable, "") or ledger.get(Unreadable, f"{kind}/{entity}")
    if parked is not None:
        message = "The record of {entity} is parked: {reason}"
        return _refuse("parked", "", message, entity=parked.entity, reason=parked.reason)
    if submission.is_clock or any(unit == submission.unit for _, unit, _ in posts_of(ledger, submission.actor)):
        return None
    if submission.is_operator and authority.is_the_operators(submission.data):
        return None
    if not submission.unit:
        return _refuse("no_post", "/unit", "Name the unit in whose name you submit.")
    return _refuse("no_post", "/unit", "You hold no post in {unit}.", unit=submission.unit)


def _wrong(case: Case) -> Refused | None:
    faults = [*plausible.check(case.submission, case.at), *authority.refusals(case), *rules.check(case)]
    if case.submission.override:
        faults = [*rules.overridden(case, faults)]
    if not faults:
        return None
    return Refused(faults[0].code, tuple(faults), retryable=all(fault.code in rules.RETRYABLE for fault in faults))


def _refuse(code: str, pointer: str, message: str, **values: str) -> Refused:
    return Refused(code, (Fault(code, pointer, message, values),))
