"""What comes to be decided."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.events import RecordEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What someone claims happened. `digest` is that of the body as it was sent."""

    key: str
    jurisdiction: str
    unit: str
    actor: str
    is_operator: bool
    time: datetime | None
    data: RecordEvent
    digest: str
    is_clock: bool = False
