"""Intake over HTTP: submissions, one or a batch; a record made elsewhere; the record itself, for those who may."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.intake import form, importer
from services.intake.answer import ReceiptOut
from services.intake.desk import Desk
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded
from shared.core.register import is_of_the_office
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.bus import Message, Unanswered, WrongSequence
from shared.infra.reader import read_to_end
from shared.infra.streams import RECORD, SubjectParts
from shared.infra.texts import locale_from
from shared.infra.web import Fault, Problem

_ENCODED_START = b'{"specversion":"1.0","id":"'
_SUBJECTS_KEPT_MAX = 10_000
NDJSON = "application/x-ndjson"


def intake_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["intake"])

    who = Annotated[Bearer, Depends(who_asks(tokens, now))]
    language = Annotated[str | None, Header(alias="accept-language")]

    @router.post("/v1/submissions", status_code=202, openapi_extra=_body_of(form.SubmissionForm))
    async def submit_one(request: Request, by: who, accept_language: language = None) -> ReceiptOut:
        """Record one submission. The same key and content again: the same receipt, and nothing changes."""
        receipts = await desk().hand_in(_json(await request.body()), by, locale_from(accept_language), batch=False)
        return receipts[0]

    @router.post("/v1/submissions:batch", status_code=202, openapi_extra=_body_of(form.BatchForm))
    async def submit_batch(request: Request, by: who, accept_language: language = None) -> list[ReceiptOut]:
        """Record all submissions of a batch or none."""
        return await desk().hand_in(_json(await request.body()), by, locale_from(accept_language), batch=True)

    @router.post("/v1/jurisdictions/{jurisdiction}/record", status_code=202)
    async def import_record(request: Request, jurisdiction: str, by: who) -> dict[str, int]:
        """Enter a file of events (one CloudEvent a line) as it is. For the operator; repeating it changes nothing."""
        _operator_only(by)
        events = _events(await request.body())
        return {"events": len(events), "entered": await _enter(desk(), jurisdiction, events)}

    @router.get("/v1/jurisdictions/{jurisdiction}/record", response_class=StreamingResponse)
    async def export_record(jurisdiction: str, by: who, after: Annotated[int, Query(ge=0)] = 0) -> StreamingResponse:
        """The record after a position, one CloudEvent a line with its position. For the operator and the office."""
        await _may_read(desk(), jurisdiction, by)
        return StreamingResponse(_lines(desk(), jurisdiction, after), media_type=NDJSON)

    @router.get("/v1/jurisdictions")
    async def jurisdictions(by: who) -> list[str]:
        """The codes of all jurisdictions that are open. For the operator."""
        _operator_only(by)
        return sorted(writer.jurisdiction for writer in desk().known())

    @router.get("/v1/jurisdictions/{jurisdiction}/clock")
    async def clock(jurisdiction: str, by: who) -> dict[str, Any]:
        """Where the record stands: its last position and recorded time."""
        await _may_read(desk(), jurisdiction, by)
        writer = await desk().of(jurisdiction, opens=False)
        ledger = await writer.ledger() if writer else None
        return {"position": ledger.position, "clock": ledger.clock.isoformat()} if ledger else {}

    return router


def _body_of(model: type[BaseModel]) -> dict[str, Any]:
    # The body is read by hand: a decimal must not pass through a float, and all faults are told at once.
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe_bodies(app: FastAPI) -> None:
    """Put the forms of submissions into the application's OpenAPI document, since no route declares them."""
    plain, forms = app.openapi, [(form.SubmissionForm, "validation"), (form.BatchForm, "validation")]
    _, found = models_json_schema(forms, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]

    def described() -> dict[str, Any]:
        document = plain()
        document["components"]["schemas"].update(found["$defs"])
        return document

    app.openapi = described  # type: ignore[method-assign]


def _json(body: bytes) -> Any:
    try:
        return wire.load_from_outside(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "not_json", "The body is not JSON.", str(error)[:200]) from error


def _operator_only(by: Bearer) -> None:
    if not by.operator:
        raise Problem(403, "operator_only", "Only the operator may do this.")


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
        entered = await importer.enter(desk.client, jurisdiction, events, source=desk.source)
    except (CannotApply, WrongSequence) as error:
        raise Problem(409, "another_record", "The stream holds something else.", str(error)) from error
    except Unanswered as error:
        raise Problem(
            503, "unanswered", "The record gave no clear answer; send the same again.", retry_after_s=1
        ) from error
    writer = await desk.of(jurisdiction, opens=True)
    if writer:
        writer.forget()
    return entered


async def _may_read(desk: Desk, jurisdiction: str, by: Bearer) -> None:
    writer = await desk.of(jurisdiction, opens=False)
    if writer is None:
        raise Problem(404, "not_open", "No such jurisdiction is open.")
    ledger = await writer.ledger()
    if not by.operator and not is_of_the_office(ledger, by.person):
        raise Problem(403, "not_the_office", "Only the operator and the supervision office may read the record.")


async def _lines(desk: Desk, jurisdiction: str, after: int) -> AsyncIterator[bytes]:
    subject = f"record.*.{jurisdiction}.>"
    async with aclosing(read_to_end(desk.client, stream=RECORD, filter_subject=subject, after=after)) as batches:
        async for batch in batches:
            yield b"".join(map(_line, batch))


def _line(message: Message) -> bytes:
    """One event of the record. The stored bytes are kept; the position is put in front, as events.md allows."""
    body = message.body
    if not _is_as_encoded(message) and not _is_event_of(message):
        body = json.dumps(_stand_in(message), ensure_ascii=False, separators=(",", ":")).encode()
    # Whatever else wrote an event may have laid it out in lines: outside of strings, where JSON allows no line break.
    text = body.strip().replace(b"\n", b" ").replace(b"\r", b" ")
    return b'{"position":%d,%b\n' % (message.position, text[1:])


def _is_as_encoded(message: Message) -> bool:
    """Whether it looks like what intake writes. Cheap, since nearly all of a record is that."""
    return (
        message.body.startswith(_ENCODED_START) and message.body.endswith(b"}}") and bool(_parts(message.subject).kind)
    )


def _is_event_of(message: Message) -> bool:
    """Whether it can be read; or names, unreadable as it is, kind and entity as its subject does."""
    parts = _parts(message.subject)
    try:
        value = wire.load(message.body)
        named = value["type"].split(".")[1], value["subject"]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return False
    return bool(parts.kind) and named == (parts.kind, f"{parts.jurisdiction}/{parts.entity}")


def _stand_in(message: Message) -> dict[str, Any]:
    """What takes the place of a body that is no event, so that a file parks what the services park."""
    parts = _parts(message.subject)
    kind, event = parts.kind or "unknown", parts.event or "unreadable"
    return {
        "specversion": "1.0", "id": message.id or str(message.position), "source": "/duban/unreadable",
        "type": f"duban.{kind}.{event}.v1", "subject": f"{parts.jurisdiction}/{parts.entity}",
        "time": message.stored_at.isoformat(), "data": {},
    }  # fmt: skip


_parts = lru_cache(maxsize=_SUBJECTS_KEPT_MAX)(SubjectParts.leniently)
