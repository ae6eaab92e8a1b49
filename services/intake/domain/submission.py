"""What comes to be decided."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.intake.domain.ledger import Drafted
from shared.core.events import SHAPES, RecordEvent
from shared.core.ledger import Ledger
from shared.core.register import zone_of

CODE_MAX = 64
CODE = re.compile(rf"[A-Za-z0-9_-]{{1,{CODE_MAX}}}")


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


@dataclass(frozen=True, slots=True)
class Case:
    """A submission, what is known when it is decided on, and when it would be recorded."""

    submission: Submission
    ledger: Ledger
    at: datetime

    @property
    def data(self) -> Any:
        return self.submission.data

    @property
    def today(self) -> date:
        return self.at.astimezone(zone_of(self.ledger)).date()

    @property
    def drafted(self) -> Drafted | None:
        """The draft, or the notice that was served, which the submission names."""
        shape = SHAPES[type(self.data)]
        return self.ledger.get(Drafted, f"{shape.kind}/{getattr(self.data, shape.entity)}")
