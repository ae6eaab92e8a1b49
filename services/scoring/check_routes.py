"""What an inspector reads over HTTP: the register of baselines, and returns held against what inspections found."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from services.scoring.domain.authenticity import CHOSEN, Part, authenticity
from services.scoring.domain.baselines import Reset, baselines
from services.scoring.domain.view import View
from services.scoring.domain.views import current_view, view_on
from services.scoring.reading import Asked, Reading, When, insist, when_asked
from shared.core.register import posts_of
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.web import Problem

_SPARED = ("freed", "light_before", "light_after")


def check_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/baselines")
    async def of_baselines(
        jurisdiction: str, list_code: str, by: who, when: Annotated[When, Depends(when_asked)]
    ) -> dict[str, Any]:
        """Every change of a plan in the year, and the ratios by the first plan and by the one in force.

        What a change spared a project is for the supervision office and the approvers.
        """
        asked = await reading.asked(jurisdiction, by, when)
        found = baselines(_view(asked, list_code))
        told = wire.data_of(found)
        told["resets"] = [_reset(one, is_whole=asked.sees_unsealed) for one in found.resets]
        return {"jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position, **told}

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/authenticity")
    async def of_authenticity(
        jurisdiction: str, list_code: str, by: who, when: Annotated[When, Depends(when_asked)]
    ) -> dict[str, Any]:
        """What in a unit's returns is worth a look, each with its events; signals, never points.

        The supervision office and the approvers see all units, a unit's people their own.
        """
        asked = await reading.asked(jurisdiction, by, when)
        own = {unit for _, unit, _ in posts_of(asked.now, by.person or "")}
        insist(asked.sees_unsealed or bool(own))
        view = _view(asked, list_code)
        units = [
            _unit(wire.data_of(one), one.at_deadline, one.others_at_deadline, is_whole=asked.sees_unsealed)
            for one in authenticity(view)
            if asked.sees_unsealed or one.unit in own
        ]
        return {
            "jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position,
            "period": str(view.period), "day": view.day.isoformat(), "chosen": CHOSEN, "units": units,
        }  # fmt: skip

    return router


def _view(asked: Asked, list_code: str) -> View:
    then, day = asked.then, asked.when.true_on
    found = view_on(then, list_code, day) if day else current_view(then, list_code, then.clock)
    if found is None:
        raise Problem(404, "unknown_list", "There is no such list here.")
    return found


def _reset(one: Reset, *, is_whole: bool) -> dict[str, Any]:
    told = wire.data_of(one)
    return told if is_whole else {name: value for name, value in told.items() if name not in _SPARED}


def _unit(told: dict[str, Any], own: Part, others: Part, *, is_whole: bool) -> dict[str, Any]:
    """Of a place with two units, what the others did is what one other did: that is for those who see all."""
    told |= {"at_deadline_share": _share(own), "others_at_deadline_share": _share(others)}
    hidden = () if is_whole else ("others_at_deadline", "others_at_deadline_share")
    return {name: value for name, value in told.items() if name not in hidden}


def _share(part: Part) -> str | None:
    return None if part.share is None else f"{part.share:f}"
