"""Intake over HTTP: submissions, one or a batch, each answered with its receipt or with every reason against it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.intake import form
from services.intake.answer import ReceiptOut
from services.intake.desk import Desk
from shared.infra import wire
from shared.infra.auth import Tokens, who_asks
from shared.infra.texts import locale_from
from shared.infra.web import Problem

SUBMISSION_PATHS = ("/v1/submissions", "/v1/submissions:batch")
"""Of endpoints that take nothing but the request and return a response (shared/infra/straight.py)."""


def intake_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router, ask = APIRouter(tags=["intake"]), who_asks(tokens, now)

    async def handed_in(request: Request, *, batch: bool) -> list[ReceiptOut]:
        by, language = await ask(request), locale_from(request.headers.get("accept-language"))
        body, key = _json(await request.body()), request.headers.get("idempotency-key", "")
        return await desk().hand_in(body, by, language, batch=batch, header_key=key)

    @router.post(
        "/v1/submissions", status_code=202, response_model=ReceiptOut,
        openapi_extra=_body_of(form.SubmissionForm, "accept-language", "idempotency-key"),
    )  # fmt: skip
    async def submit_one(request: Request) -> Response:
        """Record one. The same key (in the body or in Idempotency-Key) and content: the same receipt, and no change."""
        receipts = await handed_in(request, batch=False)
        return _accepted(wire.adapter(ReceiptOut).dump_json(receipts[0]))

    @router.post(
        "/v1/submissions:batch", status_code=202, response_model=list[ReceiptOut],
        openapi_extra=_body_of(form.BatchForm, "accept-language"),
    )  # fmt: skip
    async def submit_batch(request: Request) -> Response:
        """Record all submissions of a batch or none. Each has its key in the body: Idempotency-Key is not needed."""
        return _accepted(wire.adapter(list[ReceiptOut]).dump_json(await handed_in(request, batch=True)))

    return router


def _body_of(model: type[BaseModel], *headers: str) -> dict[str, Any]:
    # The body is read by hand: a decimal must not pass through a float, and all faults are told at once.
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    named = [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in headers]
    return {"requestBody": {"required": True, "content": body}, "parameters": named}


def _accepted(content: bytes) -> Response:
    return Response(content, status_code=202, media_type="application/json")


def _json(body: bytes) -> Any:
    try:
        return wire.load_from_outside(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "not_json", "The body is not JSON.", str(error)[:200]) from error
