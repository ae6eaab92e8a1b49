"""Where a supervised matter stands in its life, and whose it is to handle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class MatterLife:
    """Kept under the matter. `units`: the handling unit, then those that support it; empty where nobody has it yet."""

    state: str
    units: tuple[str, ...] = ()
    due_on: date | None = None


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
