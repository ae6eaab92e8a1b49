"""Which problems stand in whose way, before whom they were brought, and which are solved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shared.core.events import AnyRecorded, ProblemEscalated, ProblemRaised, ProblemSolved, Recorded
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ProblemLife:
    """Kept under the problem. `before`: the forums that it was brought before, in order; `on`: when it last moved."""

    project: str
    is_solved: bool = False
    before: tuple[str, ...] = ()
    on: date | None = None


def _raised(ledger: Ledger, recorded: Recorded[ProblemRaised]) -> None:
    data = recorded.data
    ledger.put(data.problem, ProblemLife(data.project, before=(data.needs,) if data.needs else (), on=data.on))


def _escalated(ledger: Ledger, recorded: Recorded[ProblemEscalated]) -> None:
    data, kept = recorded.data, ledger.get(ProblemLife, recorded.data.problem)
    if kept:
        ledger.put(data.problem, replace(kept, before=(*kept.before, data.needs), on=data.on))


def _solved(ledger: Ledger, recorded: Recorded[ProblemSolved]) -> None:
    data, kept = recorded.data, ledger.get(ProblemLife, recorded.data.problem)
    if kept:
        ledger.put(data.problem, replace(kept, is_solved=True, on=data.on))


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    ProblemRaised: _raised,
    ProblemEscalated: _escalated,
    ProblemSolved: _solved,
}
