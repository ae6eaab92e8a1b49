"""The event feed over HTTP: what is recorded after a position, a page at a time or as it comes (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from services.intake import feed, readers
from services.intake.desk import Desk
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.openapi import Answers
from shared.infra.web import Problem
from shared.infra.wire import Envelope

PAGE_MAX = 1000
STREAMS_MAX = 500
STREAM_S = 3600
POSITION_MAX = 2**63 - 1
_PATH = "/v1/events"
_SSE = "text/event-stream"
_RETRY_AFTER_S = 5

Jurisdiction = Annotated[str, Query(description="whose record is read", max_length=64, examples=["d003"])]
After = Annotated[int, Query(description="the last position that is known already", ge=0, le=POSITION_MAX)]
LastEventId = Annotated[str, Header(description="what a browser sends when it connects again", max_length=64)]


class EventsOut(BaseModel):
    """Events in the order of the record, each a CloudEvent with its position.

    Positions that are missing belong to other jurisdictions, or to events that are not shown to who asks. `is_end`:
    nothing more is there yet.
    """

    events: list[Envelope]
    until: int = Field(description="the position up to which the record was looked at")
    is_end: bool
    next: str = Field(description="where to go on, now or later: an address relative to this one")


class _StreamRoute(APIRoute):
    """Taken only where a stream is asked for: the same address answers with pages otherwise."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_asked = scope["type"] == "http" and _SSE in Headers(scope=scope).get("accept", "")
        return super().matches(scope) if is_asked else (Match.NONE, {})


@dataclass(frozen=True, eq=False, slots=True)
class _Following:
    """A stream that was let in: whose record, from where on, for whom."""

    jurisdiction: str
    after: int
    by: Bearer


def feed_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["feed"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]
    streams: set[object] = set()

    async def let_in(
        jurisdiction: Jurisdiction, by: who, after: After = 0, last_event_id: LastEventId = ""
    ) -> AsyncIterator[_Following]:
        readers.standpoint_of(await desk().current(jurisdiction, by), by)
        if len(streams) >= STREAMS_MAX:
            raise Problem(503, "too_many_streams", "Too many streams are open.", retry_after_s=_RETRY_AFTER_S)
        streams.add(following := _Following(jurisdiction, _position(last_event_id, after), by))
        try:
            yield following
        finally:
            streams.discard(following)

    async def follow(
        request: Request, following: Annotated[_Following, Depends(let_in)]
    ) -> AsyncIterator[ServerSentEvent]:
        """Events as they are recorded; each has its position as id, from which a browser goes on by itself."""
        ended: asyncio.Event = request.app.state.closing
        async for batch in feed.live(
            desk().client, following.jurisdiction, following.after, ended=ended, lasts_s=STREAM_S
        ):
            try:
                ledger = await desk().current(following.jurisdiction, following.by)
                standing = readers.standpoint_of(ledger, following.by)
            except Problem:
                return  # whoever lost the right to read is told so when it connects again
            for message in batch:
                if feed.is_shown(ledger, standing, message):
                    yield ServerSentEvent(raw_data=feed.as_json(message).decode(), id=str(message.position))

    router.add_api_route(
        _PATH, follow, methods=["GET"], response_class=EventSourceResponse, include_in_schema=False,
        route_class_override=_StreamRoute,
    )  # fmt: skip

    @router.get(_PATH, response_model=EventsOut, responses=_ANSWERS, summary="The event feed")
    async def events(
        jurisdiction: Jurisdiction, by: who, after: After = 0,
        limit: Annotated[int, Query(description="events on a page, at most", ge=1, le=PAGE_MAX)] = 100,
    ) -> Response:  # fmt: skip
        """What was recorded after a position, for the operator and the office all of it, for others what is theirs.

        With `Accept: text/event-stream` the same events come as they are recorded, each with its position as id;
        `Last-Event-ID` goes on from there.
        """
        ledger = await desk().current(jurisdiction, by)
        shown = partial(feed.is_shown, ledger, readers.standpoint_of(ledger, by))
        found = await feed.page(desk().client, jurisdiction, after, limit, shown)
        query = urlencode({"jurisdiction": jurisdiction, "after": found.until, "limit": limit})
        return _page(found, f"?{query}")

    return router


def _page(found: feed.Page, address: str) -> Response:
    is_end = "true" if found.is_end else "false"
    content = b'{"events":[%b],"until":%d,"is_end":%b,"next":"%b"}' % (
        b",".join(found.events), found.until, is_end.encode(), address.encode()
    )  # fmt: skip
    headers = {"link": f'<{address}>; rel="next"', "cache-control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


def _position(last_event_id: str, after: int) -> int:
    """From where a stream goes on: what the browser saw last, if it is a position of ours."""
    seen = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
    return max(after, seen) if seen <= POSITION_MAX else after


_EVENT: dict[str, Any] = {
    "position": 42, "specversion": "1.0", "id": "0199d6b1-8f7e-7c3a-9d55-3a5b1c2d3e4f", "source": "/duban/local/intake",
    "type": "duban.project.progress_reported.v1", "subject": "d003/p01", "time": "2026-04-03T02:00:00Z",
    "datacontenttype": "application/json", "dataschema": "urn:duban:schema:duban.project.progress_reported.v1",
    "recordedat": "2026-04-03T02:00:01Z", "unit": "town-a", "actor": "reporter-a", "submission": "town-a-p01-2026-03",
    "data": {"project": "p01", "cadence": "monthly", "period": "2026-03", "investment_ytd_yuan": "26000000"},
}  # fmt: skip
_ANSWER: dict[str, Any] = {
    "headers": {"Link": {"description": "where to go on", "schema": {"type": "string"}}},
    "content": {
        "application/json": {
            "example": {
                "events": [_EVENT], "until": 42, "is_end": True, "next": "?jurisdiction=d003&after=42&limit=100",
            }
        },
        _SSE: {"schema": {"type": "string"}, "example": 'data: {"position":42}\nid: 42\n\n'},
    },
}  # fmt: skip
_ANSWERS: Answers = {
    200: _ANSWER, **readers.answers({403: ("no_post",), 503: ("too_many_streams",)}),
}  # fmt: skip
