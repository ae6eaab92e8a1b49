"""Accept a submission or refuse it, with every reason: the one place where the record is guarded.

What is decided here sees the whole jurisdiction, so its invariants are exact; what a fold can refuse
(`CannotApply`) is refused here first, so that nothing recorded is ever parked for what could be known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain import authority, plausible, rules
from services.intake.domain.hearing import unheard
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Case, Submission
from shared.core.errors import Fault
from shared.core.events import JurisdictionOpened, Recorded, RecordEvent, TimeReached, TokenRevoked
from shared.core.ledger import Ledger

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
    fault = unheard(submission, ledger)  # first: a stranger does not learn which keys are used
    if fault is None and known is not None:
        fault = Fault("key_reused", "/key", "This key stands for another submission.")
    if fault:
        return Refused(fault.code, (fault,))
    case = Case(submission, ledger, recorded_at_of(submission, ledger, now))
    return _wrong(case) or _accepted(case, now, new_id)


def _accepted(case: Case, now: datetime, new_id: Callable[[], str]) -> Accepted:
    submission, main_id = case.submission, new_id()
    # Tokens are issued by the clock on the wall, also where the jurisdiction's own is moved.
    time = submission.time or (now if isinstance(submission.data, TokenRevoked) else case.at)

    def recorded(data: RecordEvent, event_id: str, **more: str) -> Recorded[Any]:
        return Recorded(
            position=0, id=event_id, jurisdiction=submission.jurisdiction, data=data, unit=submission.unit,
            time=time, recorded_at=case.at, actor=submission.actor,
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


def _wrong(case: Case) -> Refused | None:
    faults = [*plausible.check(case.submission, case.at)]
    if not_theirs := [*authority.refusals(case)]:
        faults += not_theirs  # and nothing more: whose it is not does not learn how things stand
    else:
        faults += rules.check(case)
        if case.submission.override:
            faults = [*rules.overridden(case, faults)]
    if not faults:
        return None
    return Refused(faults[0].code, tuple(faults), retryable=all(fault.code in rules.RETRYABLE for fault in faults))
