"""Which rounds, visits and meetings there are, and what stands on their agendas."""

from collections.abc import Callable, Mapping

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
