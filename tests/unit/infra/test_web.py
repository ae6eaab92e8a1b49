"""Refusals are problems with a reason and pointers; pages load nothing from outside."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Annotated, Any, Literal

import pytest
import structlog
from fastapi import Body, Depends, FastAPI, Query
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from shared.infra.auth import bearer_from
from shared.infra.web import PROBLEM_RESPONSES, Fault, Problem, install_docs, install_problems, limit_body

from .asgi import ask


class Milestone(BaseModel):
    kind: Literal["milestone"]
    reached_on: str = Field(description="完成日期", examples=["2026-03-02"])


class Amount(BaseModel):
    kind: Literal["amount"]
    invested_yuan: int


class Submission(BaseModel):
    """What a unit reports; see http://example.invalid/guide for more."""

    project: str = Field(max_length=4, examples=["P-01"])
    items: list[Annotated[Milestone | Amount, Field(discriminator="kind")]] = []
    shares: dict[str, int] = {}


def an_app() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, title="Intake", version="1.0", responses=PROBLEM_RESPONSES)
    install_problems(app)

    @app.post("/submissions/{unit}", summary="报送 Submit")
    async def submit(unit: int, submission: Submission, page: Annotated[int, Query(ge=1)] = 1) -> dict[str, int]:
        return {"unit": unit}

    @app.get("/refused")
    async def refused() -> None:
        fault = Fault("/plan", "sum_differs", "The months do not add up.")
        raise Problem(409, "list_sealed", "The list is sealed.", "Since 1 March.", faults=[fault], retry_after_s=30)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2")

    @app.get("/private")
    async def private(token: Annotated[str, Depends(bearer_from)]) -> str:
        return token

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.post("/json")
    async def parsed(body: Annotated[dict[str, Any], Body()]) -> int:
        return len(body)

    return app


EN = {"accept-language": "en"}


def faults_of(**request: Any) -> set[tuple[str, str]]:
    reply = ask(an_app(), "POST", "/submissions/7", **request)
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")
    return {(fault["pointer"], fault["code"]) for fault in reply.json()["faults"]}


def test_a_problem_says_what_why_where_and_when_to_come_back() -> None:
    reply = ask(an_app(), "GET", "/refused", headers=EN)
    assert (reply.status_code, reply.headers["content-type"]) == (409, "application/problem+json")
    assert reply.headers["retry-after"] == "30"
    assert reply.json() == {
        "type": "urn:duban:problem:list_sealed",
        "title": "The list is sealed.",
        "status": 409,
        "code": "list_sealed",
        "detail": "Since 1 March.",
        "faults": [{"pointer": "/plan", "code": "sum_differs", "message": "The months do not add up."}],
        "retry_after_s": 30,
    }


def test_a_reason_is_snake_case() -> None:
    with pytest.raises(ValueError, match="snake_case"):
        Problem(400, "Not Good", "")


def test_all_faults_come_at_once_as_pointers_into_what_was_sent() -> None:
    body = {"project": "P-00001", "items": [{"kind": "amount"}, {"kind": "milestone", "reached_on": 3}, {}]}
    assert faults_of(json=body) == {
        ("/project", "string_too_long"),
        ("/items/0/invested_yuan", "missing"),
        ("/items/1/reached_on", "string_type"),
        ("/items/2", "union_tag_not_found"),
    }


def test_pointers_escape_slash_and_tilde() -> None:
    assert faults_of(json={"project": "P", "shares": {"a/b~c": "x"}}) == {("/shares/a~1b~0c", "int_parsing")}


def test_a_missing_field_of_the_body_is_named() -> None:
    assert faults_of(json={}) == {("/project", "missing")}


def test_a_body_that_is_not_json_or_not_there_is_one_fault_of_the_whole() -> None:
    assert faults_of(content=b"{", headers={"content-type": "application/json"}) == {("", "json_invalid")}
    assert faults_of() == {("", "missing")}


def test_faults_of_parameters_say_where_they_were() -> None:
    reply = ask(an_app(), "POST", "/submissions/x?page=0", json={"project": "P"})
    assert [fault["pointer"] for fault in reply.json()["faults"]] == ["/path/unit", "/query/page"]


def test_a_failure_tells_the_caller_nothing_and_the_log_everything() -> None:
    with structlog.testing.capture_logs() as lines:
        reply = ask(an_app(), "GET", "/broken")
    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in reply.text
    assert [(line["event"], line["path"], type(line["exc_info"])) for line in lines] == [
        ("request_failed", "/broken", RuntimeError)
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "not_found"), ("PUT", "/refused", 405, "method_not_allowed")],
)
def test_the_frameworks_own_refusals_are_problems_too(method: str, path: str, status: int, code: str) -> None:
    reply = ask(an_app(), method, path)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_a_request_without_a_token_is_told_to_bring_one() -> None:
    reply = ask(an_app(), "GET", "/private")
    assert (reply.status_code, reply.json()["code"]) == (401, "token_missing")
    assert reply.headers["www-authenticate"] == "Bearer"


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 10


@pytest.mark.parametrize("path", ["/raw", "/json"])
def test_a_large_body_is_refused_announced_or_chunked(path: str) -> None:
    app = limit_body(an_app(), 100)
    for content in (b"x" * 101, chunks(11)):
        reply = ask(app, "POST", path, content=content)
        assert (reply.status_code, reply.json()["code"]) == (413, "content_too_large")
        assert reply.headers["content-type"] == "application/problem+json"


def test_a_body_up_to_the_limit_is_read() -> None:
    app = limit_body(an_app(), 100)
    assert ask(app, "POST", "/raw", content=b"x" * 100).text == "100"
    assert ask(app, "POST", "/raw", content=chunks(10)).text == "100"


def test_the_limit_also_holds_as_installed_middleware() -> None:
    app = an_app()
    app.add_middleware(limit_body, max_bytes=100)
    assert ask(app, "POST", "/json", content=chunks(11)).status_code == 413


def test_an_app_that_swallows_the_refusal_still_answers_413() -> None:
    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(20):
            try:
                await receive()
            except Problem:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"fine"})

    assert ask(limit_body(stubborn, 100), "POST", "/", content=chunks(11)).status_code == 413


def test_a_failure_that_is_not_about_size_is_passed_on() -> None:
    with structlog.testing.capture_logs():
        reply = ask(limit_body(an_app(), 100), "GET", "/broken")
    assert reply.json()["code"] == "internal_error"


class Loads(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: set[str] = set()
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses |= {value or "" for name, value in attrs if name in ("src", "href", "action", "data")}
        self.ids |= {value or "" for name, value in attrs if name == "id"}


def an_asyncapi() -> dict[str, Any]:
    broker = NatsBroker()

    @broker.subscriber("notices.*.*.served", description="Served notices <now>.")
    async def on_notice(notice: Submission) -> None: ...

    document = AsyncAPI(broker, title="Notify", version="1.0").to_specification().to_json()
    return dict(json.loads(document))


def a_documented_app() -> FastAPI:
    app = an_app()
    install_docs(app, "Duban intake", an_asyncapi)
    return app


@pytest.mark.parametrize("path", ["/docs", "/asyncapi"])
def test_a_reference_page_loads_nothing_from_outside(path: str) -> None:
    reply = ask(a_documented_app(), "GET", path)
    assert reply.status_code == 200
    assert not re.search(r"""(src|href)\s*=\s*["']?\s*(https?:)?//""", reply.text)
    assert not re.search(r"@import|url\(", reply.text)
    page = Loads(reply.text)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "embed"}
    anchors = {address[1:] for address in page.addresses if address.startswith("#")}
    assert anchors
    assert anchors <= page.ids
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_the_http_page_lists_operations_parameters_schemas_and_examples() -> None:
    page = ask(a_documented_app(), "GET", "/docs").text
    for shown in ("/submissions/{unit}", "报送 Submit", "page", "Submission", "完成日期", "P-01", "4XX"):
        assert shown in page
    assert "HTTPValidationError" not in page


def test_the_message_page_lists_channels_and_schemas_and_escapes_text() -> None:
    page = ask(a_documented_app(), "GET", "/asyncapi").text
    for shown in ("notices.*.*.served", "RECEIVE", "Submission", "reached_on", "Served notices &lt;now&gt;."):
        assert shown in page


def test_the_documents_themselves_stay_available() -> None:
    app = a_documented_app()
    assert ask(app, "GET", "/openapi.json").json()["info"]["title"] == "Intake"
    assert ask(app, "GET", "/asyncapi.json").json()["asyncapi"] == "3.0.0"


def test_the_frameworks_own_pages_must_be_off() -> None:
    with pytest.raises(ValueError, match="docs_url"):
        install_docs(FastAPI(), "Duban")
