"""Was it recorded just now, or did an earlier submission get this receipt already?"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

_CLOCKS_APART = timedelta(seconds=1)
_VERSION_OF_TIME = 7


def is_old(receipt: Mapping[str, Any], began: datetime) -> bool:
    """Whether what a receipt stands for was recorded before the call began."""
    made = _made_at(receipt)
    return made is not None and made < began - _CLOCKS_APART


def _made_at(receipt: Mapping[str, Any]) -> datetime | None:
    """By the clock on the wall, which the event's id tells; a jurisdiction that is simulated has another."""
    try:
        event = UUID(str(receipt.get("event")))
    except ValueError:
        event = None
    if event is not None and event.version == _VERSION_OF_TIME:
        return datetime.fromtimestamp((event.int >> 80) / 1000, UTC)
    return datetime.fromisoformat(receipt["recorded_at"]) if "recorded_at" in receipt else None
