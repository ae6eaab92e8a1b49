"""Does kill -9 at the worst moments lose or double anything?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from shared.infra.bus import Message, Unanswered, last_message
from tests.support.client import Client, client_of
from tests.support.processes import Child, Processes, running
from tests.support.waits import until
from tests.support.world import World, assert_whole, relayed, story

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Scene:
    """An installation in which one story was told undisturbed."""

    installation: Processes
    client: Client
    undisturbed: dict[str, list[Message]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("crashes")
    async with running(folder) as installation, client_of(installation) as client:
        world = World(client, "undisturbed", partition=0)
        yield Scene(installation, client, await assert_whole(client, "undisturbed", await world.live()))


async def test_the_undisturbed_story_has_everything_in_it(scene: Scene) -> None:
    told = [message.subject.split(".")[-1] for message in scene.undisturbed["RECORD"]]
    assert told.count("progress_reported") == 2
    assert told.count("bulletin_approved") == 2
    kinds = [message.subject.split(".")[3] for message in scene.undisturbed["NOTICES"]]
    assert {"matter", "reminder", "draft", "notice", "bulletin"} == set(kinds)


# The point, and the step of the story before which the service is armed. The first of two signatures on a bulletin
# is a step of its own: its receipt is all that remains of it until the second.
@pytest.mark.parametrize(
    ("point", "before"),
    [
        ("intake.before_publish", "open"),
        ("intake.after_publish", "open"),
        ("intake.after_publish", "sign"),
        ("intake.mid_transaction", "sign"),
        ("intake.after_save", "pass_time"),
        ("scoring.mid_transaction", "pass_time"),
        ("scoring.after_save", "pass_time"),
        ("scoring.after_relay", "pass_time"),
        ("notify.mid_transaction", "pass_time"),
        ("notify.after_save", "pass_time"),
        ("notify.after_relay", "sign"),
    ],
)
async def test_a_kill_loses_and_doubles_nothing(scene: Scene, point: str, before: str) -> None:
    world = World(scene.client, f"{point.replace('.', '-')}-{before}", partition=0)
    service = scene.installation.service(point.partition(".")[0])
    position = 0

    async def sign() -> int:
        return await world.sign(position)

    for step in (world.open, world.report_all, world.pass_time, sign):
        if step.__name__ == before:
            position = await _struck(world, service, point, step, after=position)
        else:
            position = await step()
    streams = await assert_whole(scene.client, world.jurisdiction, position)
    assert story(streams) == story(scene.undisturbed)


async def _struck(world: World, service: Child, point: str, step: Callable[[], Awaitable[int]], *, after: int) -> int:
    """Take a step of the story while a service dies at a point and is started again."""
    if after:
        await world.client.reached(world.jurisdiction, after)
        await relayed(world.client, world.jurisdiction)  # else the service dies of what was left before it is ready
    service.start(crash_at=point)
    await service.ready()
    async with asyncio.TaskGroup() as tasks:
        stepping = tasks.create_task(_position(step))
        await service.died()
        service.start()
    await service.ready()
    return stepping.result()


async def _position(step: Callable[[], Awaitable[int]]) -> int:
    return await step()


CYCLES = 60
LOADS = 3
TIME_LIMIT_S = 900


@pytest.mark.faults
@pytest.mark.parametrize("members", [1, 3], ids=["one-broker", "cluster-of-three"])
async def test_many_kills_at_any_moment_lose_and_double_nothing(tmp_path: Path, members: int) -> None:
    async with (
        asyncio.timeout(TIME_LIMIT_S),
        running(tmp_path, members=members) as installation,
        client_of(installation) as client,
    ):
        calm = story(await assert_whole(client, "calm", await World(client, "calm", partition=0).live()))
        is_over, finished = asyncio.Event(), dict[str, int]()

        async def load(name: str) -> None:
            while not is_over.is_set():
                world = World(client, f"{name}-{len(finished)}", partition=0)
                finished[world.jurisdiction] = await world.live()

        async with asyncio.TaskGroup() as tasks:
            for number in range(LOADS):
                tasks.create_task(load(f"load-{number}"))
            await _strike(installation, client, Random(members))
            is_over.set()
        assert len(finished) >= LOADS
        for jurisdiction, position in finished.items():
            assert story(await assert_whole(client, jurisdiction, position)) == calm, jurisdiction


async def _strike(installation: Processes, client: Client, chance: Random) -> None:
    """Kill one process after another, each after some events more, and start it again."""
    for _ in range(CYCLES):
        await _moved_on(client, by=chance.randrange(1, 60))
        victim = chance.choice([*installation.services, *(["broker"] if len(installation.members) > 1 else [])])
        if victim == "broker":
            place = chance.randrange(len(installation.members))
            installation.kill_member(place)
            await installation.restart_member(place)
        else:
            service = installation.service(victim)
            service.start()  # whatever it was doing
            await service.ready()


async def _moved_on(client: Client, *, by: int) -> None:
    before = await _end(client)

    async def is_further() -> bool:
        return await _end(client) >= before + by

    await until(is_further, TIME_LIMIT_S)


async def _end(client: Client) -> int:
    try:
        last = await last_message(client.bus, "RECORD", "record.>")
    except Unanswered:
        return 0
    return last.position if last else 0
