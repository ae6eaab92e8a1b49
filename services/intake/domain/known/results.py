"""How far a year's results have come in their chain of approval."""

from collections.abc import Callable, Mapping

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
