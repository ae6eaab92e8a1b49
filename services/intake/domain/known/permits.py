"""Who holds the file of a permit, and what is still to be handed in."""

from collections.abc import Callable, Mapping

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
