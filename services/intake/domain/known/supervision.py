"""Which rounds and visits there are, which marks were given, and what befell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shared.core.events import (
    AnyRecorded,
    IncidentRecorded,
    Recorded,
    RoundPlanned,
    RoundReported,
    VisitHeld,
    VisitScored,
)
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RoundLife:
    """Kept under the round. Of a random round the objects are drawn later: it may name none."""

    from_on: date
    projects: frozenset[str]
    units: frozenset[str]
    is_reported: bool = False


@dataclass(frozen=True, slots=True)
class VisitKnown:
    """A visit whose projects are scored. Kept under the visit."""

    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark was given. Kept under `visit/project/scorer/criterion`."""


@dataclass(frozen=True, slots=True)
class IncidentKnown:
    """Kept under the incident."""


def mark(data: VisitScored, scorer: str) -> str:
    """Under what a mark is kept: of a scorer one for each project and criterion."""
    return f"{data.visit}/{data.project}/{scorer}/{data.criterion}"


def _planned(ledger: Ledger, recorded: Recorded[RoundPlanned]) -> None:
    data = recorded.data
    ledger.put(data.round, RoundLife(data.from_on, frozenset(data.projects), frozenset(data.units)))


def _reported(ledger: Ledger, recorded: Recorded[RoundReported]) -> None:
    kept = ledger.get(RoundLife, recorded.data.round)
    if kept:
        ledger.put(recorded.data.round, replace(kept, is_reported=True))


def _held(ledger: Ledger, recorded: Recorded[VisitHeld]) -> None:
    ledger.put(recorded.data.visit, VisitKnown(frozenset(recorded.data.projects)))


def _scored(ledger: Ledger, recorded: Recorded[VisitScored]) -> None:
    ledger.put(mark(recorded.data, recorded.actor), Marked())


def _befell(ledger: Ledger, recorded: Recorded[IncidentRecorded]) -> None:
    ledger.put(recorded.data.incident, IncidentKnown())


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    RoundPlanned: _planned,
    RoundReported: _reported,
    VisitHeld: _held,
    VisitScored: _scored,
    IncidentRecorded: _befell,
}
