"""Does a submission become a ratio, a place, a reminder, a signed notice and a bulletin that downstream receives?"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from nats.js.api import ConsumerConfig

from deploy.local.event_file import read_lines
from services.scoring.project import project
from shared.core.digest import digest_of_all
from shared.core.events import Recorded
from shared.core.ledger import Ledger
from shared.infra.wire import statement
from tests.support.builders import LIST
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World, assert_whole

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

CODE = "flow"
DOWNSTREAM = ("notices.*.*.notice.>", "notices.*.*.reminder.>", "notices.*.*.bulletin.>")
STANDINGS = f"/v1/jurisdictions/{CODE}/lists/{LIST}/standings"
FETCH_TIMEOUT_S = 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("flow")
    async with running(folder) as installation, client_of(installation) as connected:
        yield connected


async def _received(client: Client) -> list[str]:
    """What a subscriber downstream gets: its durable knows nothing of the services, nor they of it."""
    config = ConsumerConfig(filter_subjects=list(DOWNSTREAM))
    durable = await client.bus.jetstream().pull_subscribe("", durable="downstream", stream="NOTICES", config=config)
    found: list[str] = []
    while True:
        try:
            messages = await durable.fetch(100, timeout=FETCH_TIMEOUT_S)
        except TimeoutError:
            await durable.unsubscribe()
            return found
        for message in messages:
            found.append(json.loads(message.data)["type"].split(".")[2])
            await message.ack_sync(timeout=FETCH_TIMEOUT_S)


async def _lines(client: Client, who: str, period: str) -> dict[str, dict[str, Any]]:
    standings = await client.get("scoring", f"{STANDINGS}?period={period}", who)
    return {line["subject"]: line for line in standings["lines"]}


async def test_a_submission_becomes_a_place_a_reminder_a_notice_and_a_bulletin(client: Client) -> None:
    world = World(client, CODE, units=("a", "b", "c"))
    await world.open()
    await world.report_all()
    passed = await world.pass_time()
    drafts = await world.drafts(passed)
    assert await _received(client) == ["reminder_sent"]

    # Unit a stands behind time's progress; b and c are ahead of it.
    office = await _lines(client, OFFICE, "2026-Q1")
    assert {unit: office[unit]["displayed"]["investment_ratio"] for unit in world.units} == {
        "a": "0.00%", "b": "58.33%", "c": "116.66%",
    }  # fmt: skip
    assert [office[unit]["rank"] for unit in ("c", "b", "a")] == [1, 2, 3]
    assert sorted(one["draft"]["unit"] for one in drafts["notices"]) == ["a"]
    await _nobody_else_sees_places(client, sealed=False)

    position = await world.sign(passed)
    await client.reached(CODE, position)

    await _nobody_else_sees_places(client, sealed=True)
    streams = await assert_whole(client, CODE, position)
    assert await _received(client) == ["bulletin_sealed", "notice_served"]
    assert await _received(client) == []
    assert client.installation.complaints() == {}
    kinds = Counter(message.subject.split(".")[3] for message in streams["NOTICES"])
    assert kinds == {"matter": 1, "reminder": 1, "draft": 2, "notice": 1, "bulletin": 1}


async def _nobody_else_sees_places(client: Client, *, sealed: bool) -> None:
    lines = await _lines(client, "reporter-a", "2026-Q1")
    units = [lines[unit] for unit in ("a", "b", "c")]
    assert [line["rank"] is not None for line in units] == [sealed] * 3
    assert [bool(line["points"]) for line in units] == [sealed] * 3
    assert all(line["displayed"] for line in units)


async def test_a_full_replay_of_the_exported_record_comes_to_the_live_ledger(client: Client) -> None:
    events = [one for one in read_lines(await _exported(client)) if isinstance(one, Recorded)]
    ledger, stated = Ledger(CODE), []
    for one in events:
        stated += project(ledger, one)
    live = await client.get("scoring", f"/v1/jurisdictions/{CODE}/digest")
    assert live["position"] == ledger.position
    assert live["ledger_digest"] == ledger.digest()
    ids = [statement(one, jurisdiction=CODE, at=events[-1].time, causation="").id for one in stated]
    assert (live["stated_count"], live["stated_digest"]) == (len(ids), digest_of_all(ids))


async def _exported(client: Client) -> Sequence[bytes]:
    return (await client.record_file(CODE)).splitlines(keepends=True)


async def test_a_record_exported_and_imported_elsewhere_comes_to_the_same(client: Client, tmp_path: Path) -> None:
    lines = b"".join(await _exported(client))
    async with running(tmp_path) as elsewhere, client_of(elsewhere) as other:
        path = f"/v1/jurisdictions/{CODE}/record"
        for entered in (len(lines.splitlines()), 0):
            answer = await other.post(lines, OPERATOR, path=path)
            assert answer.json() == {"events": len(lines.splitlines()), "entered": entered, "durability": "standard"}
        again = (await other.record_file(CODE)).splitlines()
        position = json.loads(again[-1])["position"]
        theirs = await assert_whole(other, CODE, position)
        ours = {stream: await client.stream(stream, CODE) for stream in theirs}
        for stream in ("RECORD", "NOTICES"):
            assert [one.id for one in theirs[stream]] == [one.id for one in ours[stream]]
        for name in ("scoring", "notify"):
            path = f"/v1/jurisdictions/{CODE}/digest"
            here, there = await asyncio.gather(client.get(name, path), other.get(name, path))
            assert here["ledger_digest"] == there["ledger_digest"]
