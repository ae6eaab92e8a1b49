"""How far a year's results have come in their chain of approval, who may have no award, and who is known at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shared.core.events import (
    AnyRecorded,
    AssessmentConfirmed,
    AssessmentProposed,
    EligibilityLost,
    Recorded,
    ResponsibilityAssigned,
)
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Appraised:
    """How far a result has come since it was proposed last. Kept under `list/year/scheme`.

    `approved`: who has approved it, in order; `on`: the day of the last step.
    """

    on: date
    approved: tuple[str, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Ineligible:
    """An award, with an empty name any, may not be had until a day, or at all. Kept under `subject/award`."""

    until_on: date | None


@dataclass(frozen=True, slots=True)
class Responsible:
    """A person to whom some responsibility was assigned. Kept under the person."""


def _proposed(ledger: Ledger, recorded: Recorded[AssessmentProposed]) -> None:
    data = recorded.data
    ledger.put(f"{data.list}/{data.year}/{data.scheme}", Appraised(data.on))


def _confirmed(ledger: Ledger, recorded: Recorded[AssessmentConfirmed]) -> None:
    data = recorded.data
    kept = ledger.get(Appraised, key := f"{data.list}/{data.year}/{data.scheme}")
    if kept and data.approved:
        ledger.put(key, replace(kept, on=data.on, approved=(*kept.approved, data.step)))
    elif kept:
        ledger.put(key, replace(kept, on=data.on, is_refused=True))


def _lost(ledger: Ledger, recorded: Recorded[EligibilityLost]) -> None:
    """Of several losses the one that lasts longest counts."""
    data = recorded.data
    kept = ledger.get(Ineligible, key := f"{data.subject}/{data.award}")
    lasts = kept is not None and (kept.until_on is None or (data.until_on and data.until_on < kept.until_on))
    if not lasts:
        ledger.put(key, Ineligible(data.until_on))


def _assigned(ledger: Ledger, recorded: Recorded[ResponsibilityAssigned]) -> None:
    if recorded.data.person:
        ledger.put(recorded.data.person, Responsible())


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    AssessmentProposed: _proposed,
    AssessmentConfirmed: _confirmed,
    EligibilityLost: _lost,
    ResponsibilityAssigned: _assigned,
}
