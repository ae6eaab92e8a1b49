"""May several scoring processes share the partitions, and may one die, or fall asleep, in the middle of its work?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.client import Client, client_of
from tests.support.processes import Processes, running
from tests.support.waits import until
from tests.support.world import World, assert_whole

pytestmark = pytest.mark.connected

_LOW, _HIGH = 2, 11
_WITHIN_S = 60


@asynccontextmanager
async def two_workers(folder: Path, database: str = "scoring") -> AsyncIterator[tuple[Processes, Client]]:
    """One has the partitions 0-7, `scoring-2` has 8-15, on one database."""
    async with running(folder, services=["intake", "notify"]) as installation:
        installation.add("scoring", database=database, PARTITIONS="0-7")
        await installation.ready()
        installation.add("scoring", "scoring-2", database=database, PARTITIONS="8-15")
        async with client_of(installation) as client:
            yield installation, client


async def take_over(installation: Processes) -> None:
    """The first has all partitions now: it is started again with another setting."""
    service = installation.service("scoring")
    service.environment["DUBAN_SCORING_PARTITIONS"] = "0-15"
    service.start()
    await service.ready()


async def finish(client: Client, worlds: tuple[World, World]) -> None:
    """Both stories go on to their ends, and the streams hold exactly what follows from the record."""
    for world in worlds:
        await world.report_all()
        position = await world.sign(await world.pass_time())
        await assert_whole(client, world.jurisdiction, position)


@pytest.mark.parametrize("point", ["mid_transaction", "after_save", "after_relay"])
async def test_what_a_worker_leaves_half_done_when_it_dies_another_finishes_once(tmp_path: Path, point: str) -> None:
    async with two_workers(tmp_path) as (installation, client):
        low, high = World(client, "low", partition=_LOW), World(client, "high", partition=_HIGH)
        await low.open()
        await client.reached("high", await high.open(), by=["scoring-2"])
        installation.service("scoring-2").start(crash_at=f"scoring.{point}:1")
        await high.report_all()
        position = await high.pass_time()
        await installation.service("scoring-2").died()
        await client.reached("low", await low.report_all(), by=["scoring"])
        await take_over(installation)
        await client.reached("high", position, by=["scoring"])
        await finish(client, (low, high))


async def test_a_worker_that_wakes_up_after_another_took_over_is_fenced_and_says_so(tmp_path: Path) -> None:
    async with two_workers(tmp_path) as (installation, client):
        asleep = installation.service("scoring-2")
        await asleep.ready()
        low, high = World(client, "low", partition=_LOW), World(client, "high", partition=_HIGH)
        await low.open()
        await client.reached("high", await high.open(), by=["scoring-2"])
        asleep.pause()
        try:
            await take_over(installation)
            await client.reached("high", await high.report_all(), by=["scoring"])
        finally:
            asleep.resume()

        async def has_left() -> bool:
            told = (await client.ask("GET", "scoring-2", "/readyz", None)).text
            return f"partition {_HIGH}" in told and "left: " in told

        await until(has_left, _WITHIN_S)
        await finish(client, (low, high))
        assert await has_left()
