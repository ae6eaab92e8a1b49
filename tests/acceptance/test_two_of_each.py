"""Can a second process of a service do harm, on the same database or on one of its own?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.client import Client, client_of
from tests.support.processes import Processes, running
from tests.support.world import World, assert_whole

pytestmark = pytest.mark.connected

INTAKES = ("intake", "intake-2")


@pytest.fixture(params=[1, 3], ids=["one-broker", "cluster-of-three"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Processes, Client]]:
    """Two intakes on a database each; three scorings, two of them on one database; two notifies on one database."""
    async with running(tmp_path, members=request.param) as installation:
        installation.add("intake", "intake-2")
        installation.add("scoring", "scoring-same-database", database="scoring")
        installation.add("scoring", "scoring-own-database")
        installation.add("notify", "notify-same-database", database="notify")
        await installation.ready()
        async with client_of(installation) as client:
            yield installation, client


async def test_two_of_each_make_the_same_streams_as_one(pair: tuple[Processes, Client]) -> None:
    installation, client = pair
    world = World(client, "both", to=INTAKES)
    await world.open()
    reports = [(world.report(project, unit, 1), f"reporter-{unit}") for project, unit in world.projects]
    sending = [client.submit(report, who, to=to) for report, who in reports for to in INTAKES]
    receipts = await asyncio.gather(*sending)
    assert receipts[::2] == receipts[1::2]

    position = await world.sign(await world.pass_time())
    streams = await assert_whole(client, "both", position)

    recorded = {one["event"] for one in receipts}
    assert [message.id in recorded for message in streams["RECORD"]].count(True) == len(reports)
    await client.reached("both", position, by=["scoring-own-database"])
    others = [await client.get(name, "/v1/jurisdictions/both/digest") for name in ("scoring", "scoring-own-database")]
    assert others[0] == others[1]

    # One of those on the same database has left the partition; whoever is left must go on with what comes later.
    later = World(client, "later", to=INTAKES, partition=_partition(streams["RECORD"][0].subject))
    await assert_whole(client, "later", await later.live())
    for service in installation.services.values():
        assert service.process is not None
        assert service.process.poll() is None


def _partition(subject: str) -> int:
    return int(subject.split(".")[1])


async def test_an_intake_that_lags_behind_refuses_nothing_that_the_record_allows(tmp_path: Path) -> None:
    async with running(tmp_path, services=["intake"]) as installation, client_of(installation) as client:
        installation.add("intake", "intake-2")
        await installation.ready()
        world = World(client, "lagging")
        await world.open()
        # The second intake reads the record now, and hears nothing of what the first one writes after.
        await client.submit(world.report("a-1", "a"), "reporter-a", to="intake-2")
        hired = {"person": "new", "post": "reporter", "unit": "b"}
        await world.send("hire", "person.post_assigned", hired, "supervisor-1")
        report = world.report("b-1", "b")
        del report["unit"]
        await client.submit(report, "new", to="intake-2")


async def test_a_scoring_that_starts_on_an_empty_database_states_nothing_again(tmp_path: Path) -> None:
    async with running(tmp_path) as installation, client_of(installation) as client:
        world = World(client, "again")
        position = await world.live()
        before = await assert_whole(client, "again", position)
        installation.service("scoring").kill()
        installation.add("scoring", "scoring-anew")
        await client.reached("again", position, by=["scoring-anew"])
        next_world = World(client, "next", partition=_partition(before["RECORD"][0].subject))
        installation.services["scoring"] = installation.services["scoring-anew"]
        await assert_whole(client, "next", await next_world.live())
        assert await assert_whole(client, "again", position) == before
