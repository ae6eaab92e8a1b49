"""The record as a file, over HTTP: one made elsewhere is entered as it is; this one is read by those who may."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.intake import feed, importer, readers
from services.intake.desk import Desk
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.bus import WrongSequence
from shared.infra.durable import Durability
from shared.infra.openapi import refused
from shared.infra.web import Fault, Problem

NDJSON = "application/x-ndjson"
POSITION_MAX = 2**63 - 1
Jurisdiction = Annotated[str, Path(max_length=64)]
After = Annotated[int, Query(ge=0, le=POSITION_MAX, description="the last position that is known already")]

_LINES: dict[str, Any] = {
    NDJSON: {
        "schema": {"type": "string", "description": "one CloudEvent a line"},
        "example": '{"position":42,"specversion":"1.0","id":"0199d6b1","type":"duban.time.time_reached.v1"}\n',
    }
}
_RECORD: dict[str, Any] = {"description": "The record", "content": _LINES}
_RECORD_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": _LINES}}
_CODES: dict[str, Any] = {"content": {"application/json": {"example": ["d003"]}}}


class ClockOut(BaseModel):
    """The last position of a jurisdiction's record, and the time at which that was recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"position": 42, "clock": "2026-04-03T02:00:01Z"}]})

    position: int
    clock: datetime


class EnteredOut(BaseModel):
    """How many events a file has, and how many of them the record did not hold yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"events": 42, "entered": 0, "durability": "durable"}]})

    events: int
    entered: int
    durability: Durability


def record_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["record"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.post(
        "/v1/jurisdictions/{jurisdiction}/record", status_code=202, openapi_extra=_RECORD_BODY,
        responses=refused({
            403: ("operator_only",), 409: ("another_record",), 422: ("not_a_record",), **readers.TROUBLES
        }),
    )  # fmt: skip
    async def import_record(request: Request, jurisdiction: Jurisdiction, by: who) -> EnteredOut:
        """Enter a file of events (one CloudEvent a line) as it is. For the operator; repeating it changes nothing."""
        readers.insist_on_operator(by)
        events = _events(await request.body())
        entered = await _enter(desk(), jurisdiction, events)
        return EnteredOut(events=len(events), entered=entered, durability=desk().durability)

    @router.get(
        "/v1/jurisdictions/{jurisdiction}/record", response_class=StreamingResponse,
        responses={200: _RECORD, **readers.answers({403: ("not_the_office",)})},
    )  # fmt: skip
    async def export_record(jurisdiction: Jurisdiction, by: who, after: After = 0) -> StreamingResponse:
        """The record after a position, one CloudEvent a line with its position. For the operator and the office."""
        ledger = await desk().ledger(jurisdiction, by)
        readers.insist_on_office(ledger, by)
        shown = partial(feed.is_shown, ledger, readers.standpoint_of(ledger, by))
        return StreamingResponse(feed.lines(desk().client, jurisdiction, after, shown), media_type=NDJSON)

    @router.get("/v1/jurisdictions", responses={200: _CODES, **refused({403: ("operator_only",)})})
    async def jurisdictions(by: who) -> list[str]:
        """The codes of all jurisdictions that are open. For the operator."""
        readers.insist_on_operator(by)
        return sorted(writer.jurisdiction for writer in desk().known())

    @router.get("/v1/jurisdictions/{jurisdiction}/clock", responses=readers.answers({403: ("not_the_office",)}))
    async def clock(jurisdiction: Jurisdiction, by: who) -> ClockOut:
        """Where the record stands: its last position and recorded time. For the operator and the office."""
        ledger = await desk().ledger(jurisdiction, by)
        readers.insist_on_office(ledger, by)
        return ClockOut(position=ledger.position, clock=ledger.clock)

    return router


def _events(body: bytes) -> list[AnyRecorded]:
    faults, events = [], []
    for place, line in enumerate(body.splitlines()):
        if not line.strip():
            continue
        try:
            events.append(wire.decode(line))
        except CannotApply as reason:
            faults.append(Fault(f"/{place}", "not_an_event", str(reason)))
    if faults or not events:
        raise Problem(422, "not_a_record", "The file is not a file of events.", faults=faults[:100])
    return events


async def _enter(desk: Desk, jurisdiction: str, events: list[AnyRecorded]) -> int:
    faults = importer.faults_in(jurisdiction, events)
    if faults:
        told = [Fault(one.pointer, one.code, one.message.format(**one.values)) for one in faults]
        raise Problem(422, "not_a_record", "The events do not follow from one another.", faults=told)
    try:
        with desk.troubles():
            entered = await importer.enter(desk.client, jurisdiction, events, source=desk.source)
    except (CannotApply, WrongSequence) as error:
        raise Problem(409, "another_record", "The stream holds something else.", str(error)) from error
    writer = await desk.of(jurisdiction, opens=True)
    if writer:
        writer.forget()
    return entered
