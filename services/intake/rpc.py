"""Intake over NATS request/reply, for departments' own systems: the same submission, the same answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import structlog
from faststream.message import StreamMessage
from faststream.nats import NatsBroker
from pydantic import BaseModel, Field, WithJsonSchema

from services.intake.answer import as_json
from services.intake.desk import Desk
from shared.infra import wire
from shared.infra.auth import Tokens, Unauthenticated
from shared.infra.texts import Locale
from shared.infra.web import Problem, failure, no_token

SUBJECT = "duban.intake.submit"
_AT_ONCE_MAX = 64

REQUEST_FAILED = "request_failed"
_log = structlog.stdlib.get_logger("duban.rpc")


class Request(BaseModel):
    """One submission with the sender's token. Every message is answered: by the receipt, or a problem by RFC 9457."""

    token: str
    submission: dict[str, Any] = Field(description="as for POST /v1/submissions")
    language: Literal["zh", "en"] = "zh"


# For the AsyncAPI document alone: it is told and not checked, for a message that FastStream refuses gets no answer.
_Told = Annotated[Any, WithJsonSchema(Request.model_json_schema())]


def serve_requests(
    broker: NatsBroker, desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]
) -> None:
    """Answer requests on the subject; any number of intakes share them."""

    @broker.subscriber(
        SUBJECT, queue="duban-intake", title="Submit", description=Request.__doc__, decoder=_undecoded,
        max_workers=_AT_ONCE_MAX,
    )  # fmt: skip
    async def answer(body: _Told) -> dict[str, Any]:
        language: Locale = "zh"
        try:
            request = _request(body)
            language = "en" if request.get("language") == "en" else "zh"
            return await _answer(request, desk(), tokens, now(), language)
        except Problem as problem:
            return problem.body(language)
        except Unauthenticated as error:
            return no_token(error).body(language)
        except Exception as error:  # whoever asks is answered, whatever went wrong here
            _log.exception(REQUEST_FAILED, exc_info=error)
            return failure().body(language)


async def _undecoded(message: StreamMessage[Any]) -> bytes:
    """The body as it came: what FastStream cannot decode would never be answered either."""
    return bytes(message.body)


def _request(body: bytes) -> dict[str, Any]:
    try:
        request = wire.load_from_outside(body)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Problem(400, "not_json", "The body is not JSON.", str(error)[:200]) from error
    if not isinstance(request, dict):
        raise Problem(400, "not_an_object", "The body is not a JSON object with token and submission.")
    return request


async def _answer(
    request: dict[str, Any], desk: Desk, tokens: Tokens, now: datetime, language: Locale
) -> dict[str, Any]:
    token = request.get("token") or ""
    if not isinstance(token, str):
        raise Unauthenticated("malformed")
    bearer = await tokens.verified(token, now)
    receipts = await desk.hand_in(request.get("submission"), bearer, language, batch=False)
    return as_json(receipts[0])
