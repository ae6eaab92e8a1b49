"""Between two draws, is each move split exactly, and does it begin and end at what was drawn?"""

from collections.abc import AsyncIterator
from decimal import Context, Decimal
from functools import reduce
from typing import Any

import pytest
import pytest_asyncio

from tests.support.builders import LIST
from tests.support.client import Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "moved"
LISTED = f"/v1/jurisdictions/{J}/lists/{LIST}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Both units report for January, unit b for February too; the quarter passes."""
    folder = tmp_path_factory.mktemp("moved")
    async with running(folder, services=["intake", "scoring"]) as installation, client_of(installation) as connected:
        world = World(connected, J)
        await world.open()
        await world.report_all()
        await world.send("time", "time.time_reached", {"at": "2026-03-02T01:00:00Z"}, OFFICE)
        february = {**world.report("b-1", "b", 900_000_000)["data"], "period": "2026-02"}
        await connected.submit(world.one("more", "project.progress_reported", february, unit="b"), "reporter-b")
        await connected.reached(J, await world.pass_time(), by=("scoring",))
        yield connected


async def moves(client: Client, who: str, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("scoring", f"{LISTED}/moves?{query}", who))["moves"]
    return found


async def test_a_move_begins_and_ends_at_what_was_drawn_and_its_parts_add_up(client: Client) -> None:
    draws = {
        period: {
            (line["subject_kind"], line["subject"]): line
            for line in (await client.get("scoring", f"{LISTED}/standings?period={period}", OFFICE))["lines"]
        }
        for period in ("2026-01", "2026-03")
    }
    found = [
        one for one in await moves(client, OFFICE, "from=2026-01&to=2026-03") if one["about"].startswith("measure:")
    ]
    assert found
    for one in found:
        key, name = (one["subject_kind"], one["subject"]), one["about"].partition(":")[2]
        assert one["before"] == draws["2026-01"][key]["measures"][name]
        assert one["after"] == draws["2026-03"][key]["measures"][name]
        assert [step["after"] for step in one["steps"][:-1]] == [step["before"] for step in one["steps"][1:]]
        assert (one["steps"][0]["before"], one["steps"][-1]["after"]) == (one["before"], one["after"])
        if all(step["difference"] is not None for step in one["steps"]):
            parts = [Decimal(step["difference"]) for step in one["steps"]]
            assert reduce(Context(prec=300).add, parts) == Decimal(one["difference"])


async def test_places_that_moved_are_for_the_office_alone_before_they_are_out(client: Client) -> None:
    query = "from=2026-01&to=2026-03"
    assert not {one["about"] for one in await moves(client, "reporter-a", query)} & {"rank", "band"}
    assert not any(one["about"].startswith("points:") for one in await moves(client, "reporter-a", query))


async def test_times_are_asked_for_in_their_order_and_of_what_is_there(client: Client) -> None:
    for query, told in (
        ("from=2026-03&to=2026-01", (422, "not_later")),
        ("from=2025-07", (404, "not_drawn")),
        ("from=99999", (422, "known_at_ahead")),
        ("from=sometime", (422, "known_at_unreadable")),
    ):
        answer = await client.ask("GET", "scoring", f"{LISTED}/moves?{query}", OFFICE)
        assert (answer.status_code, answer.json()["code"]) == told, query
