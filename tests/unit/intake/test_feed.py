"""Are the pages and streams of the feed bounded, whoever reads and whatever comes?"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from services.intake import feed, feed_routes
from shared.core.ledger import Ledger
from shared.infra.auth import Tokens
from shared.infra.bus import Message
from shared.infra.keys import issue_token, make_key_pair
from shared.infra.web import install_problems
from tests.unit.infra.asgi import ask

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CLIENT: Any = None


def a_message(position: int) -> Message:
    body = b'{"specversion":"1.0","id":"%d","data":{}}' % position
    return Message(position, "record.0.j.time.j.time_reached", str(position), body, NOW)


def recorded(monkeypatch: pytest.MonkeyPatch, *positions: int) -> None:
    async def to_end(_client: Any, _code: str, after: int, batch_max: int) -> AsyncGenerator[list[Message], None]:
        left = [a_message(position) for position in positions if position > after]
        for start in range(0, len(left), batch_max):
            yield left[start : start + batch_max]

    monkeypatch.setattr(feed, "_to_end", to_end)


async def test_a_page_ends_where_enough_was_looked_at_though_nothing_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, *range(1, feed.LOOKED_AT_MAX + 2))
    found = await feed.page(CLIENT, "j", 0, 10, lambda _message: False)
    assert (found.events, found.until, found.is_end) == ([], feed.LOOKED_AT_MAX, False)
    rest = await feed.page(CLIENT, "j", found.until, 10, lambda _message: True)
    assert (len(rest.events), rest.until, rest.is_end) == (1, feed.LOOKED_AT_MAX + 1, True)


async def test_a_page_that_is_full_at_the_last_event_says_that_nothing_more_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded(monkeypatch, 1, 2, 5)
    found = await feed.page(CLIENT, "j", 1, 2, lambda _message: True)
    assert (found.until, found.is_end) == (5, True)
    assert found.events[1].startswith(b'{"position":5,')


class _Silent:
    """A reader that yields one batch and then waits for ever."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.is_left = False

    async def batches(self) -> AsyncGenerator[list[Message], None]:
        try:
            yield [a_message(1)]
            await asyncio.Event().wait()
        finally:
            self.is_left = True


@pytest.mark.parametrize(("is_ended", "lasts_s"), [(False, 0.05), (True, 60.0)])
async def test_a_stream_ends_in_time_and_when_the_service_stops(
    monkeypatch: pytest.MonkeyPatch, is_ended: bool, lasts_s: float
) -> None:
    reader, ended = _Silent(), asyncio.Event()
    monkeypatch.setattr(feed, "Reader", lambda *_, **__: reader)
    found = []
    async for batch in feed.live(CLIENT, "j", 0, ended=ended, lasts_s=lasts_s):
        found += batch
        if is_ended:
            ended.set()
    assert [one.position for one in found] == [1]
    assert reader.is_left


class _Desk:
    client = CLIENT

    async def current(self, _jurisdiction: str, _by: Any) -> Ledger:
        return Ledger("j")


def test_more_streams_than_there_may_be_are_refused_for_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(feed_routes, "STREAMS_MAX", 0)
    keys, app = make_key_pair(tmp_path), FastAPI()
    install_problems(app)
    desk: Any = _Desk()
    app.include_router(feed_routes.feed_routes(lambda: desk, Tokens(keys.public), now=lambda: NOW))
    token = issue_token(
        keys.private, person=None, operator=True, now=NOW, lifetime=timedelta(hours=1), token_id="test"
    )  # fmt: skip
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    answer = ask(app, "GET", "/v1/events?jurisdiction=j", headers=headers)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "too_many_streams", "5")


@pytest.mark.parametrize(
    ("seen", "after", "position"),
    [("", 7, 7), ("9", 7, 9), ("3", 7, 7), ("x", 7, 7), ("٣", 7, 7), ("9" * 60, 7, 7), ("-1", 7, 7)],
)
def test_a_stream_goes_on_after_the_last_event_that_was_seen_if_that_is_a_position(
    seen: str, after: int, position: int
) -> None:
    assert feed_routes._position(seen, after) == position
