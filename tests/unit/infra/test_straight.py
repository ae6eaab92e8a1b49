"""Does a request that goes straight to its endpoint get what it would get by way of the framework?"""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request, Response

from shared.infra.auth import Unauthenticated
from shared.infra.metrics import Metrics, measure_requests
from shared.infra.straight import go_straight
from shared.infra.web import Problem, install_problems, limit_body

BODY_BYTES_MAX = 100
PATH = "/v1/things"


def _app(metrics: Metrics) -> FastAPI:
    app, router = FastAPI(), APIRouter()

    @router.post(PATH, status_code=202)
    async def take(request: Request) -> Response:
        match body := await request.body():
            case b"problem":
                raise Problem(409, "not_now", "Not now.")
            case b"stranger":
                raise Unauthenticated("missing")
            case b"failure":
                raise RuntimeError("broken")
        return Response(body, 202)

    @router.get("/v1/other")
    async def other() -> str:
        return "other"

    install_problems(app)
    app.add_middleware(limit_body, max_bytes=BODY_BYTES_MAX)
    app.add_middleware(measure_requests, metrics=metrics)
    app.include_router(router)
    go_straight(app, router, [PATH])
    return app


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("test")


@pytest_asyncio.fixture(params=["", "/intake"])
async def client(request: pytest.FixtureRequest, metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = _app(metrics)
    if request.param:
        whole = FastAPI()
        whole.mount(request.param, app)
        app = whole
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://test{request.param}") as connected:
        yield connected


async def test_it_is_answered_by_its_endpoint_and_counted_under_its_route(
    client: httpx.AsyncClient, metrics: Metrics
) -> None:
    answer = await client.post(PATH, content=b"something")
    assert (answer.status_code, answer.content) == (202, b"something")
    counted = f'duban_test_http_requests_total{{method="POST",route="{PATH}",status="2xx"}} 1.0'
    assert counted in metrics.render()[0].decode()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"problem", 409, "not_now"),
        (b"stranger", 401, "token_missing"),
        (b"failure", 500, "internal_error"),
        (b"x" * (BODY_BYTES_MAX + 1), 413, "content_too_large"),
    ],
)
async def test_what_its_endpoint_raises_is_a_problem(
    client: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await client.post(PATH, content=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_everything_else_goes_the_usual_way(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/other")).json() == "other"
    assert (await client.get(PATH)).status_code == 405
    assert (await client.post(f"{PATH}/more")).status_code == 404
