"""Corrections over HTTP: what was drawn of a closed period and is another number now, with what changed it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.scoring.reading import Asked, Reading, When, when_asked
from shared.core.events import SHAPES, CorrectionDrawn
from shared.core.period import Period
from shared.core.regime.check.names import telling_places
from shared.core.regime.terms import PERSONS
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
    seen = {period: _telling(asked, said[0].list, period) for period in {one.period for one in said}}
    for one in said:
        hidden = seen[one.period]
        about, _, measure = one.about.partition(":")
        if one.subject_kind in PERSONS and not asked.sees_unsealed:
            continue
        if hidden is None or not (about in {"rank", "band", "points"} or (about, measure) in hidden):
            yield one


def _telling(asked: Asked, list_code: str, period: str) -> frozenset[tuple[str, str]] | None:
    """What would tell places of a period to who may not know them yet; None for who may."""
    regime = regime_for(asked.then, list_code, Period.parse(period))
    if regime is None or asked.sees_places(list_code, period):
        return None
    return frozenset(("light", "") if kind == "lights" else (kind, name) for kind, name in telling_places(regime))
