"""Rebuild over HTTP, for the operator: begin one, see how far it is, put it to use, go back."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from services.scoring.reading import insist
from services.scoring.rebuilding import NoWayBack, Rebuilding, Running
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.web import Problem


def rebuild_routes(rebuilding: Callable[[], Rebuilding], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/rebuild")
    async def progress(by: who) -> dict[str, Any]:
        """How the rebuild fares: of each partition where it is and where the one in use is; what differs."""
        insist(by.operator)
        return await rebuilding().progress()

    @router.post("/v1/rebuild", status_code=202)
    async def start(by: who) -> dict[str, Any]:
        """Make the projection anew beside the one in use; it is put to use if nothing differs. 409 while one runs."""
        insist(by.operator)
        with _Conflicts():
            rebuilding().start(now())
        return await rebuilding().progress()

    @router.post("/v1/rebuild/switch", status_code=202)
    async def switch(by: who) -> dict[str, Any]:
        """Compare once more, and put to use what differs if the record holds an override of each rule that it names."""
        insist(by.operator)
        with _Conflicts():
            rebuilding().finish(now())
        return await rebuilding().progress()

    @router.post("/v1/rebuild/rollback", status_code=202)
    async def rollback(by: who) -> dict[str, Any]:
        """Bring the generation before up to date, and put it to use again. 409 unless this version made it."""
        insist(by.operator)
        with _Conflicts():
            await rebuilding().roll_back(now())
        return await rebuilding().progress()

    @router.get("/v1/jurisdictions/{jurisdiction}/statement-ids")
    async def statement_ids(jurisdiction: str, by: who) -> dict[str, Any]:
        """The ids of all that was stated of a jurisdiction, to be held against a replay."""
        insist(by.operator)
        return {"ids": await rebuilding().stated_ids(jurisdiction)}

    return router


class _Conflicts:
    """What cannot be done now is a 409."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _of: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Running):
            raise Problem(409, "rebuild_running", "A rebuild is running.") from error
        if isinstance(error, NoWayBack):
            raise Problem(409, "nothing_to_use", "No generation waits that this version could use.") from error
