"""Which problems stand in whose way, and which are solved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ProblemLife:
    """Kept under the problem."""

    project: str
    is_solved: bool = False


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
