"""Corrections over HTTP: what was drawn of a closed period and is another number now, with what changed it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.scoring.listed import numbers_seen
from services.scoring.reading import Asked, Reading, When, when_asked
from shared.core.events import SHAPES, CorrectionDrawn
from shared.core.period import Period
from shared.core.register import regime_for
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.paging import Paging, paging
from shared.infra.tagged import Tagged


def correction_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/corrections")
    async def corrections(
        jurisdiction: str, list_code: str, by: who, when: Annotated[When, Depends(when_asked)],
        page: Annotated[Paging, Depends(paging)],
        period: Annotated[str | None, Query(max_length=16, description="of one period only")] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Old, new and cause of each number that a later event changed, in the order in which they were found.

        What tells places and points is for those who may see them.
        """
        asked = await reading.asked(jurisdiction, by, when)
        stated = await reading.ledgers.statements(jurisdiction, event_type=SHAPES[CorrectionDrawn].type)
        said = [one.data for one in stated if one.recorded_at <= asked.then.clock and one.data.list == list_code]
        of_period = [one for one in said if period in {None, one.period}]
        seen = list(_seen(asked, of_period))
        shown, following = page.cut(seen, known_at=asked.known_at)
        return {
            "jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position,
            "count": len(seen), "next": following, "corrections": [wire.data_of(one) for one in shown],
        }  # fmt: skip

    return router


def _seen(asked: Asked, said: list[CorrectionDrawn]) -> Iterator[CorrectionDrawn]:
    periods = {one.period: regime_for(asked.then, one.list, Period.parse(one.period)) for one in said}
    seen = {
        period: numbers_seen(asked, said[0].list, period, regime)
        for period, regime in periods.items()
        if regime is not None
    }
    yield from (one for one in said if one.period in seen and seen[one.period](one.subject_kind, one.about))
