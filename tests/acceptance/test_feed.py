"""Does the event feed show everyone what is theirs, in order, once, from any position on, now and as it comes?"""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.support.client import NOBODY, OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "feed"
_WITHIN_S = 10
_STOPS_WITHIN_S = 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("feed")
    async with running(folder, services=["intake"]) as installation, client_of(installation) as connected:
        world = World(connected, J, units=("a", "b"), projects=2)
        await world.open()
        await world.send("visit", "visit.visit_held", {"visit": "v1", "on": "2026-01-20", "projects": ["a-1"]}, OFFICE)
        mark = {"visit": "v1", "project": "a-1", "criterion": "scale", "score": "9", "scorer_group": "leaders"}
        post = {"person": "inspector-1", "post": "inspector", "unit": "office"}
        await world.send("inspector", "person.post_assigned", post, OFFICE)
        await world.send("mark", "visit.visit_scored", mark, "inspector-1")
        await world.report_all()
        yield connected


def world_of(client: Client) -> World:
    return World(client, J, units=("a", "b"), projects=2)


async def pages(client: Client, who: str | None, *, limit: int) -> list[dict[str, Any]]:
    """Every page up to the first that is empty."""
    found: list[dict[str, Any]] = []
    query = f"?jurisdiction={J}&limit={limit}"
    while not found or found[-1]["events"]:
        answer = await client.ask("GET", "intake", f"/v1/events{query}", who)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        query = found[-1]["next"]
        assert answer.links["next"]["url"] == query
    return found


async def events(client: Client, who: str | None, *, limit: int = 1000) -> list[dict[str, Any]]:
    return [event for page in await pages(client, who, limit=limit) for event in page["events"]]


async def test_all_is_read_by_the_operator_and_all_but_single_marks_by_the_office(client: Client) -> None:
    messages = await client.stream("RECORD", J)
    recorded = [(one.position, one.id) for one in messages]
    marks = {one.position for one in messages if "visit_scored" in one.subject}
    assert [(event["position"], event["id"]) for event in await events(client, OPERATOR)] == recorded
    office = [(event["position"], event["id"]) for event in await events(client, OFFICE)]
    assert office == [one for one in recorded if one[0] not in marks]
    assert len(marks) == 1
    lines = (await client.ask("GET", "intake", f"/v1/jurisdictions/{J}/record", OFFICE)).content.splitlines()
    assert [json.loads(line)["position"] for line in lines] == [position for position, _ in office]


async def test_a_scorer_reads_its_own_mark(client: Client) -> None:
    assert [event["actor"] for event in await events(client, "inspector-1") if "visit_scored" in event["type"]] == [
        "inspector-1"
    ]


async def test_pages_of_any_size_make_up_the_same_record_and_end_with_an_empty_one(client: Client) -> None:
    whole = await events(client, OFFICE)
    for limit in (1, 7):
        found = await pages(client, OFFICE, limit=limit)
        assert [event for page in found for event in page["events"]] == whole
        assert all(len(page["events"]) == limit for page in found[:-2])
        assert [page["is_end"] for page in found[-1:]] == [True]


async def test_a_reporter_reads_what_its_own_unit_said_and_what_is_said_of_its_projects(client: Client) -> None:
    found = await events(client, "reporter-a")
    assert {event["data"].get("project") for event in found if ".project." in event["type"]} == {"a-1", "a-2"}
    assert {event["data"]["code"] for event in found if event["type"].startswith("duban.unit.")} == {"a"}
    assert [event["data"]["visit"] for event in found if event["type"].startswith("duban.visit.")] == ["v1"]
    assert {event["unit"] for event in found if event["type"] == "duban.project.progress_reported.v1"} == {"a"}


async def test_a_stranger_reads_nothing_and_an_unknown_jurisdiction_is_not_there(client: Client) -> None:
    for who, jurisdiction, refused in (
        ("stranger", J, (403, "no_post")),
        (NOBODY, J, (401, "token_missing")),
        (OPERATOR, "nowhere", (404, "not_open")),
        (OPERATOR, "a.b", (404, "not_open")),
    ):
        for accept in ("application/json", "text/event-stream"):
            path = f"/v1/events?jurisdiction={jurisdiction}"
            answer = await client.ask("GET", "intake", path, who, accept=accept)
            assert (answer.status_code, answer.json()["code"]) == refused


async def test_a_stream_begins_with_what_is_there_and_goes_on_with_what_comes(client: Client) -> None:
    before = await events(client, "reporter-b")
    async with streamed(client, "reporter-b") as coming:
        assert [await anext(coming) for _ in before] == before
        world = world_of(client)
        correction = await world.send("stage-a", "project.stage_changed", stage("a-1"), "reporter-a", unit="a")
        position = await world.send("stage-b", "project.stage_changed", stage("b-1"), "reporter-b", unit="b")
        assert position > correction
        assert (await anext(coming))["position"] == position


async def test_a_stream_goes_on_after_the_last_event_that_the_browser_saw(client: Client) -> None:
    whole = await events(client, OFFICE)
    async with streamed(client, OFFICE, **{"last-event-id": str(whole[3]["position"])}) as coming:
        assert await anext(coming) == whole[4]


async def test_a_page_that_looks_past_what_is_not_shown_says_where_to_go_on(client: Client) -> None:
    last = (await client.stream("RECORD", J))[-1].position
    assert (await pages(client, "reporter-a", limit=1000))[-1]["until"] == last


async def test_streams_end_when_the_service_stops(tmp_path: Path) -> None:
    async with running(tmp_path, services=["intake"]) as installation, client_of(installation) as connected:
        await World(connected, J).open()
        async with streamed(connected, OFFICE) as coming:
            await anext(coming)
            process = installation.service("intake").process
            assert process is not None
            process.send_signal(signal.SIGTERM)
            assert [event async for event in coming]
        assert process.wait(_STOPS_WITHIN_S) == -signal.SIGTERM  # uvicorn ends by the signal, after an orderly end
        assert installation.complaints() == {}


def stage(project: str) -> dict[str, Any]:
    return {"project": project, "stage": "started", "on": "2026-01-15", "basis": "construction_permit"}


@asynccontextmanager
async def streamed(client: Client, who: str | None, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of a stream, each with its position as id."""
    url = f"{client.installation.service('intake').url}/v1/events?jurisdiction={J}"
    sent = {**client._headers(who), "accept": "text/event-stream", **headers}
    async with client._http.stream("GET", url, headers=sent, timeout=_WITHIN_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream"), await answer.aread()
        yield _read(answer)


async def _read(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "data":
            event = json.loads(value)
        elif name == "id":
            assert event["position"] == int(value)
            yield event
