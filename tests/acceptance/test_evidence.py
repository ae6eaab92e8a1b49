"""From the photo to the record and back; and what keeps one client from crowding out the others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.support.client import Client, client_of
from tests.support.files import JPEG
from tests.support.processes import running
from tests.support.world import World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("evidence")
    async with running(folder, services=["intake"]) as installation, client_of(installation) as connected:
        yield connected


async def test_a_photo_proves_the_start_that_names_its_digest(client: Client) -> None:
    world = World(client, "proved")
    await world.open()
    path = "/v1/jurisdictions/proved/evidence"
    sent = await client.ask("POST", "intake", path, "reporter-a", JPEG, **{"content-type": "image/jpeg"})
    assert sent.status_code == 201, sent.text
    kept = sent.json()
    assert kept == {"digest": kept["digest"], "bytes": len(JPEG), "media_type": "image/jpeg"}
    data = {
        "project": "a-1", "stage": "started", "on": "2026-01-20", "basis": "construction_permit",
        "evidence": [kept["digest"]],
    }  # fmt: skip
    await world.send("started", "project.stage_changed", data, "reporter-a", unit="a")
    assert kept["digest"].encode() in await client.record_file("proved")
    found = await client.ask("GET", "intake", f"{path}/{kept['digest']}", "reporter-b")
    assert (found.status_code, found.content) == (200, JPEG)
    assert client.installation.complaints() == {}


async def test_a_submission_may_carry_its_key_in_the_header(client: Client) -> None:
    world = World(client, "keyed")
    await world.open()
    keyless = world.report("a-1", "a")
    key = keyless.pop("key")
    asking = ("POST", "intake", "/v1/submissions", "reporter-a")
    first, again = [await client.ask(*asking, keyless, **{"idempotency-key": f'"{key}"'}) for _ in range(2)]
    assert (first.status_code, first.json()) == (202, again.json())
    assert first.json()["key"] == key
    differs = await client.ask(*asking, {**keyless, "key": key}, **{"idempotency-key": "other"})
    assert (differs.status_code, differs.json()["faults"][0]["code"]) == (422, "key_differs")


async def test_one_client_that_asks_too_often_is_told_to_wait_and_others_are_not(tmp_path: Path) -> None:
    async with running(tmp_path, services=[]) as installation:
        child = installation.add("intake")
        child.environment["DUBAN_INTAKE_RATE_LIMIT_PER_MINUTE"] = "5"
        child.start()
        await installation.ready()
        async with client_of(installation) as client, httpx.AsyncClient(base_url=child.url, timeout=10) as stranger:
            asked = [client.ask("GET", "intake", "/v1/jurisdictions/x/people", "busy") for _ in range(8)]
            statuses = sorted(answer.status_code for answer in await asyncio.gather(*asked))
            assert statuses == [404] * 5 + [429] * 3
            other = await stranger.get("/v1/jurisdictions/x/people")
            assert (other.status_code, other.headers["ratelimit-remaining"]) == (401, "4")
            monitored = [await stranger.get("/readyz") for _ in range(8)]
            assert {answer.status_code for answer in monitored} == {200}
