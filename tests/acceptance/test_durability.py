"""Does every receipt say how safe what is recorded is, and does intake refuse to promise more than the broker keeps?"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.client import Client as Here
from deploy.local.installation import installed
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

REQUEST_TIMEOUT_S = 10
START_TIMEOUT_S = 60
_COMMAND = "from deploy.local.command import main; main()"
_OPENED = {
    "name": "Test City", "level": "city", "time_zone": "Asia/Shanghai", "mode": "live", "office": "office",
    "office_name": "Supervision Office", "first_person": "supervisor-1",
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[True, False], ids=["durable", "standard"])
async def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("durability")
    async with (
        running(folder, services=["intake"], sync_always=request.param) as installation,
        client_of(installation) as connected,
    ):
        yield connected


async def test_every_receipt_says_what_the_broker_is(client: Client, request: pytest.FixtureRequest) -> None:
    expected = request.node.callspec.id
    world = World(client, "receipts", projects=3)
    await world.open()
    reports = [world.report(f"a-{number}", "a") for number in (1, 2, 3)]

    single = await client.submit(reports[0], "reporter-a")
    batch = await client.post({"submissions": reports[1:2]}, "reporter-a", path="/v1/submissions:batch")
    body = {"token": client.token("reporter-a"), "submission": reports[2]}
    by_nats = await client.bus.request("duban.intake.submit", json.dumps(body).encode(), timeout=REQUEST_TIMEOUT_S)

    assert single["durability"] == expected
    assert [one["durability"] for one in batch.json()] == [expected]
    assert json.loads(by_nats.data)["durability"] == expected

    record = await client.record_file("receipts")
    entered = await client.post(record, OPERATOR, path="/v1/jurisdictions/receipts/record")
    assert (entered.json()["entered"], entered.json()["durability"]) == (0, expected)


async def test_durable_is_refused_in_a_sentence_where_the_broker_does_not_show_it(
    client: Client, request: pytest.FixtureRequest
) -> None:
    environment = client.installation.service("intake").environment | {"DUBAN_INTAKE_DURABILITY": "durable"}
    if request.node.callspec.id == "durable":
        environment["DUBAN_INTAKE_MONITOR_URL"] = ""  # what cannot be seen is not believed either

    ended = await asyncio.to_thread(_run_intake, environment)

    assert ended.returncode == 1
    assert ended.stderr.startswith("duban: durability is demanded, but the broker does not show")
    assert len(ended.stderr.splitlines()) == 1


def _run_intake(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _COMMAND, "run", "intake"],
        env=os.environ | environment, capture_output=True, text=True, timeout=START_TIMEOUT_S, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("durable", "expected"), [(True, "durable"), (False, "standard")])
async def test_an_installation_in_one_process_is_durable_when_it_is_asked_to_be(
    tmp_path: Path, durable: bool, expected: str
) -> None:
    opened = {"key": "open", "jurisdiction": "here", "type": "duban.jurisdiction.jurisdiction_opened.v1"}
    async with installed(tmp_path, durable=durable) as (installation, _server):
        client = Here.of(installation.url)
        try:
            receipt = await client.submit({**opened, "data": _OPENED}, installation.token(None))
        finally:
            await client.close()
    assert receipt["durability"] == expected
