"""Intake's clock: when a moment has passed and nothing newer is recorded, it records that the time was reached."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from services.intake.desk import Desk
from services.intake.domain.decide import CLOCK
from services.intake.domain.submission import Submission
from services.intake.writer import Writer
from shared.core.digest import digest
from shared.core.events import JurisdictionOpened, TimeReached
from shared.core.moments import agenda, between

_LOOK_EVERY_S = 1.0
CLOCK_FAILED = "clock_failed"
_log = structlog.stdlib.get_logger("duban.intake.clock")


async def tick_forever(desk: Callable[[], Desk], *, now: Callable[[], datetime]) -> None:
    while True:
        for writer in desk().known():
            try:
                await tick(writer, now=now())
            except Exception as error:  # one jurisdiction's trouble must not stop the others' clock
                _log.error(CLOCK_FAILED, jurisdiction=writer.jurisdiction, exc_info=error)
        await asyncio.sleep(_LOOK_EVERY_S)


async def tick(writer: Writer, *, now: datetime) -> None:
    """Record the newest moment that has passed since the last event; the folds play those before it too."""
    ledger = await writer.ledger()
    opened = ledger.get(JurisdictionOpened, "")
    if opened is None or opened.mode != "live":
        return
    passed = between(agenda(ledger), after=ledger.clock, until=now)
    if passed:
        at = passed[-1].at
        key = f"time-{at:%Y%m%dT%H%M%SZ}"
        data = TimeReached(at=at)
        await writer.submit([Submission(
            key=key, jurisdiction=writer.jurisdiction, unit=CLOCK, actor=CLOCK, is_operator=False, time=at, data=data,
            digest=digest(data), is_clock=True,
        )])  # fmt: skip
