"""A submission that is refused: who sends what, given what is known, and the reason that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.support.intake import OFFICE, Intake, opened


@dataclass(frozen=True)
class Case:
    """A submission that is refused for one reason, shown by a pointer."""

    code: str
    pointer: str
    data: Any
    by: str = OFFICE
    given: Callable[[], Intake] = opened
    unit: str | None = None
    key: str = ""
    time: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
