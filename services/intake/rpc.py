"""Intake over NATS request/reply, for departments' own systems: the same submission, the same answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from faststream.nats import NatsBroker, NatsMessage
from pydantic import BaseModel, Field

from services.intake.answer import as_json
from services.intake.desk import Desk
from shared.core.errors import CannotApply
from shared.infra import wire
from shared.infra.auth import Tokens, Unauthenticated
from shared.infra.web import Problem

SUBJECT = "duban.intake.submit"


class Request(BaseModel):
    """One submission with the sender's token; the answer is the receipt, or a problem by RFC 9457."""

    token: str
    submission: dict[str, Any] = Field(description="as for POST /v1/submissions")
    language: str = "zh"


def serve_requests(
    broker: NatsBroker, desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]
) -> None:
    """Answer requests on the subject; any number of intakes share them."""

    @broker.subscriber(SUBJECT, queue="duban-intake", title="Submit", description=Request.__doc__)
    async def answer(_body: Request, message: NatsMessage) -> dict[str, Any]:
        try:
            return await _answer(wire.load(message.body), desk(), tokens, now())
        except Problem as problem:
            return problem.body()
        except Unauthenticated as error:
            return Problem(401, f"token_{error.reason}", "A valid token is needed.").body()
        except (ValueError, CannotApply) as error:
            return Problem(400, "not_json", "The body is not JSON.", str(error)[:200]).body()


async def _answer(body: dict[str, Any], desk: Desk, tokens: Tokens, now: datetime) -> dict[str, Any]:
    bearer = tokens.verify(str(body["token"]), now)
    locale = "en" if body.get("language") == "en" else "zh"
    receipts = await desk.hand_in(body["submission"], bearer, locale, batch=False)  # type: ignore[arg-type]
    return as_json(receipts[0])
