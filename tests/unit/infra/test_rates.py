"""So many requests a minute for each token, and for each address that shows none; the rest waits a little."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import limits.storage.memory
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from shared.infra.auth import Tokens
from shared.infra.keys import KeyFiles, issue_token, make_key_pair
from shared.infra.rates import limit_rate

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PER_MINUTE = 3


class Clock:
    """Stands in for the wall clock, also in the library."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def time(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits.storage.memory, "time", clock)
    return clock


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return make_key_pair(tmp_path)


@pytest.fixture
def app(clock: Clock, keys: KeyFiles) -> ASGIApp:
    return limited(clock, keys, PER_MINUTE)


def limited(clock: Clock, keys: KeyFiles, per_minute: int) -> ASGIApp:
    async def answer(_request: Request) -> Response:
        return JSONResponse({})

    routes = [Route(path, answer, methods=["GET", "POST"]) for path in ("/v1", "/healthz", "/readyz", "/metrics")]
    return limit_rate(Starlette(routes=routes), Tokens(keys.public), now=clock.now, per_minute=per_minute)


def headers_of(keys: KeyFiles, person: str | None, token_id: str = "t1") -> dict[str, str]:
    token = issue_token(
        keys.private, person=person, operator=person is None, now=START, lifetime=timedelta(days=1), token_id=token_id
    )
    return {"authorization": f"Bearer {token}"}


def ask(app: ASGIApp, times: int, path: str = "/v1", address: str = "192.0.2.1", **more: Any) -> list[httpx.Response]:
    async def asking() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://duban.test", timeout=5) as client:
            return [await client.get(path, **more) for _ in range(times)]

    return asyncio.run(asking())


def statuses(answers: list[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_one_request_too_many_is_told_when_to_come_again(app: ASGIApp, keys: KeyFiles) -> None:
    answers = ask(app, PER_MINUTE + 1, headers=headers_of(keys, "p-17"))
    assert statuses(answers) == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["retry_after_s"]) == ("rate_limited", 60)
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"] == "60"


def test_the_window_moves_on_with_its_oldest_request(app: ASGIApp, keys: KeyFiles, clock: Clock) -> None:
    headers = headers_of(keys, "p-17")
    ask(app, 1, headers=headers)
    clock.at += timedelta(seconds=50)
    ask(app, 2, headers=headers)
    clock.at += timedelta(seconds=11)
    first, second = ask(app, 2, headers=headers)
    assert statuses([first, second]) == [200, 429]
    assert second.headers["retry-after"] == "49"


def test_each_token_has_its_own_count_wherever_it_is_shown(app: ASGIApp, keys: KeyFiles) -> None:
    for person, token_id in (("p-17", "t1"), ("p-17", "t2"), ("p-18", "t1")):
        answers = ask(app, PER_MINUTE, headers=headers_of(keys, person, token_id))
        assert statuses(answers) == [200] * PER_MINUTE
    assert statuses(ask(app, 1, address="192.0.2.9", headers=headers_of(keys, "p-17"))) == [429]


def test_who_shows_no_good_token_is_counted_by_address(app: ASGIApp) -> None:
    ask(app, PER_MINUTE - 1)
    invented = [ask(app, 1, headers={"authorization": f"Bearer {token}"})[0] for token in ("a.b.c", "d.e.f")]
    assert statuses(invented) == [200, 429]
    assert statuses(ask(app, 1, address="192.0.2.2")) == [200]


def test_all_addresses_of_one_subscriber_are_counted_together(app: ASGIApp) -> None:
    ask(app, PER_MINUTE, address="2001:db8:0:1::1")
    assert statuses(ask(app, 1, address="2001:db8:0:1:ffff::9")) == [429]
    assert statuses(ask(app, 1, address="2001:db8:0:2::1")) == [200]


def test_the_operator_is_not_counted(app: ASGIApp, keys: KeyFiles) -> None:
    answers = ask(app, PER_MINUTE * 2, headers=headers_of(keys, None))
    assert set(statuses(answers)) == {200}
    assert "ratelimit-limit" not in answers[0].headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_monitoring_is_not_counted_wherever_the_service_is_mounted(app: ASGIApp, path: str) -> None:
    whole = Starlette(routes=[Mount("/intake", app)])
    assert set(statuses(ask(whole, PER_MINUTE * 2, f"/intake{path}"))) == {200}
    assert statuses(ask(whole, PER_MINUTE + 1, "/intake/v1"))[-1] == 429


def test_no_limit_is_no_wrapper(clock: Clock, keys: KeyFiles) -> None:
    assert set(statuses(ask(limited(clock, keys, 0), PER_MINUTE * 2))) == {200}


def test_a_flood_of_addresses_does_not_fill_the_memory(
    app: ASGIApp, clock: Clock, keys: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.infra.rates._CALLERS_MAX", 2)
    ask(app, PER_MINUTE)
    for number in range(2, 5):
        ask(app, 1, address=f"192.0.2.{number}")
    assert statuses(ask(app, 1)) == [200]
