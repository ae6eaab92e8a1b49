"""How every service answers over HTTP: problems by RFC 9457, limited bodies, reference pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.infra import reference
from shared.infra.auth import Unauthenticated
from shared.infra.logs import REQUEST_FAILED
from shared.infra.texts import Locale, Texts, locale_from
from shared.infra.wrong_values import sentence

_log = structlog.stdlib.get_logger("duban.web")
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what was sent.

    `pointer` is a JSON pointer into the body ("" is the whole body); for parameters it starts with
    /path, /query, /header or /cookie.
    """

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """A refusal to show to the caller, with a reason code that programs may rely on.

    Title and detail are sentences of the catalogue, told in the caller's language; `values` fill their blanks. With
    `retry_after_s` the same request may succeed later, unchanged.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        *,
        values: Mapping[str, str] = MappingProxyType({}),
        faults: Sequence[Fault] = (),
        retry_after_s: int | None = None,
    ) -> None:
        if not _CODE.fullmatch(code):
            raise ValueError(f"{code!r} is not a snake_case reason")
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.values = values
        self.faults = tuple(faults)
        self.retry_after_s = retry_after_s

    def body(self, locale: Locale) -> dict[str, Any]:
        """The members of the problem document; empty ones are left out."""
        members: dict[str, Any] = {
            "type": f"urn:duban:problem:{self.code}",
            "title": _told(self.title, self.values, locale),
            "status": int(self.status),
            "code": self.code,
            "detail": _told(self.detail, self.values, locale),
            "faults": [asdict(fault) for fault in self.faults],
            "retry_after_s": self.retry_after_s,
        }
        return {name: value for name, value in members.items() if value not in ("", [], None)}


PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "The reason, for programs."},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "message")},
            },
        },
        "retry_after_s": {"type": "integer"},
    },
}
PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "Refused, with a reason (RFC 9457)", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}}
}
"""For FastAPI(responses=…): documents problems, and drops FastAPI's own 422 schema, which is never sent."""


def problem_response(problem: Problem, asked: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """The HTTP form of a problem, in the language that was asked for; never cached."""
    locale = _locale_of(asked)
    extra = {} if problem.retry_after_s is None else {"retry-after": str(problem.retry_after_s)}
    return JSONResponse(
        problem.body(locale),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", "content-language": locale, **extra, **(headers or {})},
    )


def _locale_of(asked: Scope) -> Locale:
    return locale_from(Headers(scope=asked).get("accept-language"))


def _told(message: str, values: Mapping[str, str], locale: Locale) -> str:
    try:
        return Texts.load(locale)(message, **values)
    except (KeyError, IndexError, ValueError):
        return message  # a library's own words, braces and all


def install_problems(app: FastAPI) -> None:
    """Answer every refusal and failure of the app as application/problem+json."""

    @app.exception_handler(Problem)
    async def refused(request: Request, problem: Problem) -> Response:
        return problem_response(problem, request.scope)

    @app.exception_handler(Unauthenticated)
    async def unauthenticated(request: Request, error: Unauthenticated) -> Response:
        return problem_response(no_token(error), request.scope, {"www-authenticate": "Bearer"})

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = _faults(error, _locale_of(request.scope))
        problem = Problem(422, "invalid_request", "The request does not have the expected form.", faults=faults)
        return problem_response(problem, request.scope)

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        detail = "" if error.detail == status.phrase else str(error.detail)
        problem = Problem(status, status.name.lower(), status.phrase, detail)
        return problem_response(problem, request.scope, error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        _log.error(REQUEST_FAILED, method=request.method, path=request.url.path, exc_info=error)
        return problem_response(failure(), request.scope)


def no_token(error: Unauthenticated) -> Problem:
    """What whoever proves nobody is answered."""
    return Problem(401, f"token_{error.reason}", "A valid token is needed.")


def failure() -> Problem:
    """What is answered where we have failed; the reason is in the log."""
    return Problem(500, "internal_error", "Something failed on our side.")


def _faults(error: RequestValidationError, locale: Locale) -> list[Fault]:
    return [
        Fault(_pointer(fault, error.body), fault["type"], _told(*sentence(fault), locale)) for fault in error.errors()
    ]


def _pointer(fault: Mapping[str, Any], body: object) -> str:
    place, *steps = fault["loc"]
    if place != "body":
        return "".join(map(_step, fault["loc"]))
    if fault["type"] == "json_invalid":
        return ""
    return "".join(map(_step, _steps_within(steps, body, is_missing=fault["type"] == "missing")))


def _step(step: object) -> str:
    return "/" + str(step).replace("~", "~0").replace("/", "~1")


def _steps_within(steps: Sequence[str | int], body: object, *, is_missing: bool) -> list[str | int]:
    # pydantic puts union tags and validator names among the steps; a pointer may only name what was sent.
    if not isinstance(body, (dict, list)):
        return list(steps)
    kept: list[str | int] = []
    for step in steps:
        if step in (body if isinstance(body, dict) else range(_length(body))):
            kept.append(step)
            body = cast(Any, body)[step]
    return [*kept, steps[-1]] if is_missing and steps else kept


def _length(body: object) -> int:
    return len(body) if isinstance(body, list) else 0


def limit_body(app: ASGIApp, max_bytes: int) -> ASGIApp:
    """Wrap an ASGI app so larger bodies, announced or chunked, get a 413; works with `add_middleware`."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        exchange = _LimitedExchange(receive, send, max_bytes)
        if _announced_bytes(scope) <= max_bytes:
            await exchange.run(app, scope)
        else:
            exchange.is_refused = True
        if exchange.is_refused and not exchange.is_answered:
            answer = problem_response(_too_large(max_bytes), scope, {"connection": "close"})
            await answer(scope, receive, send)

    return limited


def _announced_bytes(scope: Scope) -> int:
    announced = dict(scope["headers"]).get(b"content-length", b"")
    return int(announced) if announced.isdigit() else 0


def _too_large(max_bytes: int) -> Problem:
    values = {"count": str(max_bytes)}
    return Problem(413, "content_too_large", "The body is too large.", "At most {count} bytes are read.", values=values)


class _LimitedExchange:
    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._max_bytes = max_bytes
        self._read_bytes = 0
        self.is_refused = False
        self.is_answered = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self.receive, self.send)
        except Exception:
            if not self.is_refused or self.is_answered:
                raise

    async def receive(self) -> Message:
        message = await self._receive()
        self._read_bytes += len(message.get("body", b""))
        if self._read_bytes > self._max_bytes:
            self.is_refused = True
            raise _too_large(self._max_bytes)
        return message

    async def send(self, message: Message) -> None:
        # Frameworks turn our exception into an answer of their own (FastAPI: 400); ours replaces it.
        if self.is_refused and not self.is_answered:
            return
        self.is_answered = True
        await self._send(message)


_PAGE_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-cache",
}


def install_docs(app: FastAPI, title: str, asyncapi: Callable[[], Mapping[str, Any]] | None = None) -> None:
    """Serve /docs, and with an AsyncAPI document also /asyncapi and /asyncapi.json, as plain pages.

    Nothing is loaded from outside: government networks have no Internet. Raises ValueError unless FastAPI's
    own pages, which load scripts from public networks, are switched off (docs_url=None, redoc_url=None).
    """
    if app.docs_url or app.redoc_url:
        raise ValueError("create the app with docs_url=None and redoc_url=None")

    @app.get("/docs", include_in_schema=False)
    async def http_reference() -> Response:
        return _page(reference.from_openapi(app.openapi(), title))

    if asyncapi is not None:
        _install_asyncapi(app, title, asyncapi)


def _install_asyncapi(app: FastAPI, title: str, asyncapi: Callable[[], Mapping[str, Any]]) -> None:
    @app.get("/asyncapi.json", include_in_schema=False)
    async def message_document() -> Response:
        return JSONResponse(asyncapi())

    @app.get("/asyncapi", include_in_schema=False)
    async def message_reference() -> Response:
        return _page(reference.from_asyncapi(asyncapi(), title))


def _page(contents: reference.Reference) -> Response:
    return HTMLResponse(reference.page(contents), headers=_PAGE_HEADERS)
