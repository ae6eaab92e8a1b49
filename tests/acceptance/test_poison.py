"""What waits behind an event that cannot be applied, and what goes on?"""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.evaluate import replay
from deploy.local.event_file import read_lines
from shared.infra.streams import partition_of, record_subject
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import Processes, running
from tests.support.world import OFFICE, World, assert_whole

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

PARTITION = 5
PUBLISH_TIMEOUT_S = 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Processes]:
    folder: Path = tmp_path_factory.mktemp("poison")
    async with running(folder) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(installation: Processes) -> AsyncIterator[Client]:
    async with client_of(installation) as connected:
        yield connected


async def _poison(client: Client, jurisdiction: str, kind: str, entity: str, event: str, body: bytes) -> int:
    """Write past intake, straight to the record; its position."""
    subject = record_subject(await _partition(client, jurisdiction), jurisdiction, kind, entity, event)
    answer = await client.bus.request(subject, body, timeout=PUBLISH_TIMEOUT_S)
    return int(json.loads(answer.data)["seq"])


async def _partition(client: Client, jurisdiction: str) -> int:
    return int((await client.stream("RECORD", jurisdiction))[0].subject.split(".")[1])


async def _parked(client: Client, jurisdiction: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("scoring", f"/v1/jurisdictions/{jurisdiction}/parked", OFFICE))[
        "parked"
    ]
    return found


def _event(event_type: str, jurisdiction: str, entity: str, data: dict[str, Any]) -> bytes:
    event = {
        "specversion": "1.0", "id": f"poison-{jurisdiction}-{entity}", "source": "/nobody", "type": event_type,
        "subject": f"{jurisdiction}/{entity}", "time": "2026-02-01T01:00:00Z", "data": data,
    }  # fmt: skip
    return json.dumps(event).encode()


def _stage(jurisdiction: str, project: str) -> bytes:
    data = {"project": project, "stage": "started", "on": "2026-01-10"}
    return _event("duban.project.stage_changed.v1", jurisdiction, project, data)


def _february(world: World, project: str) -> dict[str, Any]:
    data = {"project": project, "cadence": "monthly", "period": "2026-02", "investment_ytd_yuan": "1"}
    unit = project.partition("-")[0]
    return world.one(f"february-{project}", "project.progress_reported", data, unit=unit)


POISONS = {
    "bad-json": ("a-1", b'{"specversion": '),
    "unknown-type": ("a-1", _event("duban.project.turned_to_gold.v1", "unknown-type", "a-1", {})),
    "no-such-project": (
        "ghost",
        _event(
            "duban.project.progress_reported.v1", "no-such-project", "ghost",
            {"project": "ghost", "cadence": "monthly", "period": "2026-01", "investment_ytd_yuan": "1"},
        ),
    ),
}  # fmt: skip


async def _assert_agrees(client: Client, jurisdiction: str, position: int) -> None:
    """The record as it is exported, poison and all, comes to the ledgers and statements of both services."""
    await client.reached(jurisdiction, position)
    lines = (await client.record_file(jurisdiction)).splitlines(keepends=True)
    again = replay(read_lines(lines), position=position)
    for name, folded in (("scoring", again.scoring), ("notify", again.notify)):
        proof = await client.get(name, f"/v1/jurisdictions/{jurisdiction}/digest", OPERATOR)
        live = (proof["position"], proof["ledger_digest"], proof["stated_digest"])
        assert live == (position, folded.ledger_digest, folded.stated_digest), name


@pytest.mark.parametrize("name", POISONS)
async def test_a_poison_parks_and_only_its_project_waits(client: Client, name: str) -> None:
    project, body = POISONS[name]
    world = World(client, name, partition=PARTITION)
    neighbour = World(client, f"beside-{name}", partition=PARTITION)
    await asyncio.gather(world.open(), neighbour.open())
    poison = await _poison(client, name, "project", project, "progress_reported", body)
    behind = await _poison(client, name, "project", project, "stage_changed", _stage(name, project))

    last = await client.submit(world.report("b-1", "b"), "reporter-b")
    await client.reached(name, last["position"])

    parked = await _parked(client, name)
    assert [one["position"] for one in parked] == [poison, behind]
    assert parked[0]["subject"].split(".")[4] == project
    assert f"position {poison}" in parked[1]["reason"]
    assert await _parked(client, neighbour.jurisdiction) == []
    await assert_whole(client, neighbour.jurisdiction, await neighbour.live())

    own = await client.post(world.report(project, "a"), "reporter-a")
    assert (own.status_code, own.json()["code"]) == (409, "parked")
    other = await client.submit(_february(world, "b-1"), "reporter-b")
    passed = await world.pass_time()
    assert passed > other["position"]
    drafts = await world.drafts(passed)
    assert drafts["notices"], "the others are pursued"
    (bulletin,) = [one["draft"] for one in drafts["bulletins"]]
    seen = {"bulletin": bulletin["bulletin"], "draft_digest": bulletin["digest"], "step": "checker"}
    unsealed = await client.post(world.one("seal", "bulletin.bulletin_approved", seen), "checker")
    assert (unsealed.status_code, unsealed.json()["code"]) == (409, "list_has_parked_events")
    await _assert_agrees(client, name, passed)


async def test_a_subject_that_is_none_of_ours_parks_and_nothing_waits(client: Client) -> None:
    world = World(client, "odd-subject", partition=PARTITION)
    await world.open()
    body = _stage("odd-subject", "a-1")
    await client.bus.request(f"record.{PARTITION}.odd-subject.project.a-1", body, timeout=PUBLISH_TIMEOUT_S)

    last = await client.submit(world.report("a-1", "a"), "reporter-a")
    await client.reached("odd-subject", last["position"])

    (parked,) = await _parked(client, "odd-subject")
    assert parked["reason"] == "the subject is none of ours"
    await _assert_agrees(client, "odd-subject", last["position"])


BODIES = {
    "no-members": b"{}", "no-object": b"[1]", "nothing": b"", "no-text": b"\xff\xfe", "no-such-number": b'{"data":NaN}',
    "in-lines": b"\n" + json.dumps(json.loads(_stage("in-lines", "a-1")), indent=2).encode() + b"\r\n",
    "another-kind": _event("duban.list.turned_to_gold.v1", "another-kind", "key", {}),
    "no-data": json.dumps({**json.loads(_stage("no-data", "a-1")), "data": {"project": "a-1"}}).encode(),
    "no-envelope": json.dumps({**json.loads(_stage("no-envelope", "a-1")), "time": "soon"}).encode(),
}  # fmt: skip


async def test_whatever_a_body_is_its_record_can_be_exported_and_evaluated(client: Client) -> None:
    for name, body in BODIES.items():
        world = World(client, name, partition=PARTITION)
        head = await world.open()
        poison = await _poison(client, name, "project", "a-1", "stage_changed", body)
        last = await client.submit(world.report("b-1", "b"), "reporter-b")
        exported = [json.loads(line) for line in (await client.record_file(name)).splitlines()]
        assert [one["position"] for one in exported][-2:] == [poison, last["position"]]
        assert {one["subject"].partition("/")[0] for one in exported} == {name}
        assert poison > head
        await _assert_agrees(client, name, await world.pass_time())


def _two_of_one_partition() -> tuple[str, str]:
    first = "poisoned"
    return first, next(f"healthy{n}" for n in count() if partition_of(f"healthy{n}") == partition_of(first))


async def test_a_poisoned_regime_holds_its_jurisdiction_and_never_another(client: Client) -> None:
    sick, sound = _two_of_one_partition()
    world, neighbour = World(client, sick), World(client, sound)
    head = await world.open()
    await neighbour.open()
    await client.reached(sick, head)
    poison = await _poison(client, sick, "regime", "city", "regime_adopted", b"{}")

    refused = await client.post(world.report("b-1", "b"), "reporter-b")
    assert (refused.status_code, refused.json()["code"]) == (409, "parked")
    behind = await _poison(client, sick, "project", "a-1", "stage_changed", _stage(sick, "a-1"))

    await assert_whole(client, sound, await neighbour.live())
    assert [one["position"] for one in await _parked(client, sick)] == [poison, behind]
    for name in ("scoring", "notify"):
        assert await client.get(name, f"/v1/jurisdictions/{sick}/position") == {"position": head}


async def test_a_poison_met_while_notify_waits_for_a_draw_holds_nothing_else(
    client: Client, installation: Processes
) -> None:
    world, scoring = World(client, "waiting", partition=PARTITION), installation.service("scoring")
    neighbour = World(client, "beside-waiting", partition=PARTITION)
    head = await world.open()
    await neighbour.open()
    await client.reached("waiting", head)
    scoring.kill()
    # One moment only, so that its draw is the only occasion to go on.
    await world.send("february", "time.time_reached", {"at": "2026-02-10T01:00:00Z"}, OFFICE)
    await _poison(client, "waiting", "project", "a-1", "progress_reported", b"{}")
    behind = await client.submit(_february(world, "b-1"), "reporter-b")
    scoring.start()
    await scoring.ready()
    await client.reached("waiting", behind["position"])
    after = await client.submit(world.report("b-1", "b"), "reporter-b")
    await client.reached("waiting", after["position"])
    await assert_whole(client, "beside-waiting", await neighbour.live())
