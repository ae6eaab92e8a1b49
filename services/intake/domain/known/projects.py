"""Where a project stands: plan, milestones, stage, leaving its list."""

from collections.abc import Callable, Mapping

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger

CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {}
