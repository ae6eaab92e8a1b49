"""Is every submission answered once and recorded once, however often and from wherever it comes?"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from shared.infra.bus import Message
from tests.support.client import NOBODY, OPERATOR, Answer, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

UNITS = tuple("abcdefgh")
PROJECTS = 125
REQUEST_TIMEOUT_S = 10
BATCH = "/v1/submissions:batch"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("submissions")
    async with running(folder, services=["intake"]) as installation, client_of(installation) as connected:
        yield connected


async def _opened(client: Client, jurisdiction: str, *, projects: int = 1) -> World:
    world = World(client, jurisdiction, units=UNITS, projects=projects)
    await world.open()
    return world


async def _all_at_once(sending: Sequence[Awaitable[Answer]]) -> list[dict[str, Any]]:
    answers = await asyncio.gather(*sending)
    assert {answer.status_code for answer in answers} == {202}
    return [answer.json() for answer in answers]


async def _by_nats(client: Client, submission: dict[str, Any], who: str) -> dict[str, Any]:
    body = {"token": client.token(who), "submission": submission, "language": "en"}
    answer = await client.bus.request("duban.intake.submit", json.dumps(body).encode(), timeout=REQUEST_TIMEOUT_S)
    found: dict[str, Any] = json.loads(answer.data)
    return found


async def _recorded(client: Client, jurisdiction: str) -> list[Message]:
    return await client.stream("RECORD", jurisdiction)


async def test_a_thousand_submissions_of_eight_units_at_once_are_each_recorded_once(client: Client) -> None:
    world = await _opened(client, "thousand", projects=PROJECTS)
    head = await _recorded(client, "thousand")
    reports = [(world.report(project, unit), f"reporter-{unit}") for project, unit in world.projects]
    assert len(reports) == 1000

    receipts = await _all_at_once([client.post(report, who) for report, who in reports])

    recorded = (await _recorded(client, "thousand"))[len(head) :]
    assert {message.id: message.position for message in recorded} == {one["event"]: one["position"] for one in receipts}
    assert len(recorded) == len({one["position"] for one in receipts}) == 1000
    assert [one["key"] for one in receipts] == [report["key"] for report, _ in reports]

    again = []
    for unit in UNITS:
        batch = {"submissions": [report for report, _ in reports if report["unit"] == unit]}
        again += (await client.post(batch, f"reporter-{unit}", path=BATCH)).json()

    assert again == receipts
    assert len(await _recorded(client, "thousand")) == len(head) + 1000


async def test_over_nats_the_same_submission_gets_the_same_receipt_as_over_http(client: Client) -> None:
    world = await _opened(client, "nats")
    before = len(await _recorded(client, "nats"))
    reports = [(world.report(project, unit), f"reporter-{unit}") for project, unit in world.projects]

    by_nats = await asyncio.gather(*[_by_nats(client, report, who) for report, who in reports * 2])
    by_http = await _all_at_once([client.post(report, who) for report, who in reports])

    assert by_nats == by_http * 2
    assert len(await _recorded(client, "nats")) == before + len(reports)


async def test_over_nats_a_refusal_is_a_problem(client: Client) -> None:
    world = await _opened(client, "nats-refusal")
    problem = await _by_nats(client, world.report("b-1", "a"), "reporter-a")
    assert (problem["status"], problem["code"]) == (403, "not_your_project")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"\xff\x00", 400, "not_json"),
        (b'{"token": ', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"[]", 400, "not_an_object"),
        (b'"token"', 400, "not_an_object"),
        (b"{}", 401, "token_missing"),
        (b'{"submission": {}}', 401, "token_missing"),
        (b'{"token": 7, "submission": {}}', 401, "token_malformed"),
        (b'{"token": "nonsense", "submission": {}}', 401, "token_malformed"),
    ],
)
@pytest.mark.parametrize("headers", [None, {"content-type": "application/json"}, {"content-type": "text/plain"}])
async def test_over_nats_every_message_is_answered(
    client: Client, body: bytes, status: int, code: str, headers: dict[str, str] | None
) -> None:
    answer = await client.bus.request("duban.intake.submit", body, timeout=REQUEST_TIMEOUT_S, headers=headers)
    problem = json.loads(answer.data)
    assert (problem["status"], problem["code"]) == (status, code)


@pytest.mark.parametrize("more", [{}, {"submission": None}, {"submission": []}, {"submission": {}}])
async def test_over_nats_a_request_without_a_submission_is_told_every_fault(
    client: Client, more: dict[str, Any]
) -> None:
    body = json.dumps({"token": client.token(OPERATOR), "language": ["en"], **more}).encode()
    answer = await client.bus.request("duban.intake.submit", body, timeout=REQUEST_TIMEOUT_S)
    problem = json.loads(answer.data)
    assert problem["status"] == 422
    assert problem["faults"]


async def test_fifty_copies_sent_at_the_same_instant_make_one_event(client: Client) -> None:
    world = await _opened(client, "instant")
    before = len(await _recorded(client, "instant"))
    receipts = await _all_at_once([client.post(world.report("a-1", "a"), "reporter-a") for _ in range(50)])
    assert len({one["event"] for one in receipts}) == 1
    assert len(await _recorded(client, "instant")) == before + 1


async def test_another_body_under_the_same_key_is_refused_and_the_first_stands(client: Client) -> None:
    world = await _opened(client, "body")
    receipt = await client.submit(world.report("a-1", "a", 1), "reporter-a")
    answer = await client.post(world.report("a-1", "a", 2), "reporter-a")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert await client.submit(world.report("a-1", "a", 1), "reporter-a") == receipt
    assert (await _recorded(client, "body"))[-1].id == receipt["event"]


async def test_a_batch_with_one_bad_item_records_nothing_and_names_the_item(client: Client) -> None:
    world = await _opened(client, "batch", projects=3)
    before = await _recorded(client, "batch")
    batch = [world.report("a-1", "a"), world.report("no-such", "a"), world.report("a-3", "a")]

    answer = await client.post({"submissions": batch}, "reporter-a", path=BATCH)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "unknown_project")
    assert [one["pointer"] for one in problem["faults"]] == ["/submissions/1/data/project"]
    assert await _recorded(client, "batch") == before

    good = [batch[0], batch[2]]
    await client.submit_together(good, "reporter-a")
    assert len(await _recorded(client, "batch")) == len(before) + 2


@pytest.mark.parametrize(
    ("who", "unit", "code"),
    [("reporter-b", "a", "no_post"), ("reporter-b", "b", "not_your_project"), ("nobody", "a", "no_post")],
)
async def test_nobody_reports_for_another_unit(client: Client, who: str, unit: str, code: str) -> None:
    world = await _opened(client, f"other-{who}-{unit}")
    answer = await client.post(world.report("a-1", unit), who)
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    answer = await client.post(world.report("a-1", unit), OPERATOR)
    assert answer.status_code == 403


async def test_without_a_token_nothing_is_taken(client: Client) -> None:
    world = await _opened(client, "token")
    answer = await client.post(world.report("a-1", "a"), NOBODY)
    assert answer.status_code == 401


async def test_a_unit_may_not_move_the_clock(client: Client) -> None:
    world = await _opened(client, "clock")
    move = world.one("move", "time.time_reached", {"at": "2026-03-01T00:00:00Z"}, unit="a")
    assert (await client.post(move, "reporter-a")).status_code == 403
    assert (await client.post({**move, "unit": "office"}, OFFICE)).status_code == 202
