"""The burden of the units over HTTP: what was asked of whom, how often, beside what the rules would ask."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake import readers
from services.intake.desk import Desk
from services.intake.domain.burden import Borne, borne, ruled
from shared.core.calendar import Period
from shared.core.regime.burden import Kind
from shared.core.responsibilities import local_day
from shared.infra.auth import Bearer, Tokens, who_asks

PAGE_MAX = 1000
_MONTH = r"^(19[5-9]\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$"


class BorneOut(BaseModel):
    """What a unit was asked in a month."""

    id: str = Field(description="its place in the order of units and months: ask `after` it for those that follow")
    unit: str
    month: str
    projects: int = Field(description="for how many projects returns were asked")
    returns: int
    fields: int = Field(description="fields to fill in, in all returns")
    workbooks: int = Field(description="workbooks that all these returns fit into")
    visits: int
    meetings: int
    notices: int
    matters: int = Field(description="matters that it was given")


class RuledOut(BaseModel):
    """What the regime of a list asks of a unit with one project in a month, on the average of a year."""

    list: str
    per_month: dict[Kind, Decimal]
    allowed: dict[Kind, int | None] = Field(description="the most that the regime allows itself, if it says")


class BurdenOut(BaseModel):
    """Unit by unit and month by month; months in which nothing was asked are left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "position": 42, "rows": [{
            "id": "town-a~2026-03", "unit": "town-a", "month": "2026-03", "projects": 12, "returns": 12, "fields": 60,
            "workbooks": 1, "visits": 2, "meetings": 1, "notices": 0,
            "matters": 1,
        }],
        "by_regime": [{
            "list": "city",
            "per_month": {"returns": "1", "fields": "5", "visits": "0", "meetings": "1", "documents": "0.5"},
            "allowed": {"returns": 1, "fields": None, "visits": None, "meetings": 1, "documents": None},
        }],
    }]})  # fmt: skip

    position: int = Field(description="of the record as it was known")
    rows: list[BorneOut]
    by_regime: list[RuledOut]
    next: str | None = Field(None, description="an address relative to this one; absent on the last page")


def burden_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["burden"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/burden", responses=readers.answers({403: ("no_post",)}))
    async def burden(
        response: Response, jurisdiction: Annotated[str, Path(max_length=64)], by: who,
        first: Annotated[str, Query(alias="from", pattern=_MONTH, description="the first month")],
        until: Annotated[str, Query(pattern=_MONTH, description="the last month")],
        after: Annotated[str, Query(max_length=80, examples=["town-a~2026-03"], description="the last row known")] = "",
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="rows on a page, at most")] = 200,
    ) -> BurdenOut:  # fmt: skip
        """What was asked of whom, how often: of all units for the office and the operator, for others of their own."""
        ledger = await desk().current(jurisdiction, by)
        standing = readers.standpoint_of(ledger, by)
        begin, end = Period.parse(first).first_day, Period.parse(until).last_day
        counted = borne(ledger, begin, end, today=local_day(ledger, readers.clock_of(ledger, now())))
        rows = [_out(*key, one) for key, one in counted.items() if standing.reads_all or key[0] in standing.units]
        shown = sorted((one for one in rows if one.id > after), key=lambda one: one.id)
        following = None
        if len(shown) > limit:
            following = f"?{urlencode({'from': first, 'until': until, 'after': shown[limit - 1].id, 'limit': limit})}"
            response.headers["link"] = f'<{following}>; rel="next"'
        return BurdenOut(
            position=ledger.position, rows=shown[:limit], next=following,
            by_regime=[
                RuledOut(list=one.list, per_month=one.per_month, allowed=one.allowed)
                for one in ruled(ledger, end)
            ],
        )  # fmt: skip

    return router


def _out(unit: str, month: str, one: Borne) -> BorneOut:
    return BorneOut(
        id=f"{unit}~{month}", unit=unit, month=month, projects=len(one.projects), returns=one.returns,
        fields=one.fields, workbooks=len(one.workbooks), visits=len(one.visits), meetings=one.meetings,
        notices=one.notices, matters=one.matters,
    )  # fmt: skip
