"""Is a correction of what is closed said by the services, to whom it may be said, and taken whole by notify?"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from tests.support.builders import LIST
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World, assert_whole

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "corrected"
PATH = f"/v1/jurisdictions/{J}/lists/{LIST}/corrections"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Client, str, int]]:
    """January is closed; then unit b's return is corrected, and the quarter passes. The correction and its position."""
    async with running(tmp_path_factory.mktemp("corrected")) as installation, client_of(installation) as client:
        world = World(client, J)
        await world.open()
        returns = [await client.submit(world.report(*one, 300_000_000), f"reporter-{one[1]}") for one in world.projects]
        await world.send("time", "time.time_reached", {"at": "2026-02-10T01:00:00Z"}, OFFICE)
        corrected = {
            "project": "b-1", "corrected_event": returns[1]["event"], "investment_ytd_yuan": "600000000",
            "reason": "counted once only",
        }  # fmt: skip
        one = world.one("correct", "project.progress_corrected", corrected, unit="b")
        receipt = await client.submit(one, "reporter-b")
        position = await world.pass_time()
        await client.reached(J, position)
        yield client, receipt["event"], position


async def ask(client: Client, who: str | None, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("scoring", f"{PATH}{query}", who))["corrections"]
    return found


async def test_everybody_there_reads_what_a_number_was_and_is_and_which_event_changed_it(
    told: tuple[Client, str, int],
) -> None:
    client, event, _ = told
    (one,) = [
        one
        for one in await ask(client, "reporter-a", "?period=2026-01")
        if (one["subject"], one["about"]) == ("b-1", "measure:investment_ratio")
    ]
    assert (Decimal(one["old"]), Decimal(one["new"])) == (Decimal("0.25"), Decimal("0.5"))
    assert one["causes"] == [event]


async def test_places_that_moved_are_for_the_office_until_they_are_out(told: tuple[Client, str, int]) -> None:
    client, _, _ = told
    abouts = {who: {one["about"] for one in await ask(client, who)} for who in ("reporter-b", OFFICE, OPERATOR)}
    assert "rank" in abouts[OFFICE]
    assert "rank" not in abouts["reporter-b"]
    assert "rank" not in abouts[OPERATOR]


async def test_before_it_was_recorded_nothing_had_been_corrected(told: tuple[Client, str, int]) -> None:
    client, _, _ = told
    assert await ask(client, OFFICE, "?known_at=2026-02-10T01:00:00Z") == []


async def test_notify_takes_draws_with_corrections_whole_and_a_replay_says_the_same(
    told: tuple[Client, str, int],
) -> None:
    client, _, position = told
    await assert_whole(client, J, position)
