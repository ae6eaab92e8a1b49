"""Who reads the register of baselines, and who what is odd in returns, over HTTP and as of any time?"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from tests.support.builders import LIST
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "checked"
PATH = f"/v1/jurisdictions/{J}/lists/{LIST}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Both units report; then the plan of a-1 is halved, and an inspection finds less than a reported."""
    async with running(tmp_path_factory.mktemp("checked")) as installation, client_of(installation) as client:
        world = World(client, J)
        await world.open()
        for project, unit in world.projects:
            await client.submit(world.report(project, unit, 300_000_000), f"reporter-{unit}")
        await world.send("time", "time.time_reached", {"at": "2026-02-10T01:00:00Z"}, OFFICE)
        reset = {
            "list": LIST, "year": 2026, "project": "a-1", "annual_planned_investment_yuan": "600000000",
            "approver": "mayor", "document_number": "7", "reason": "floods",
        }  # fmt: skip
        await world.send("reset", "project.baseline_reset", reset, OFFICE)
        seen = {
            "project": "a-1", "team": "team-1", "on": "2026-02-10", "method": "on_site", "is_announced": False,
            "found_investment_ytd_yuan": "200000000",
        }  # fmt: skip
        await client.reached(J, await world.send("seen", "duty.inspection_recorded", seen, OFFICE))
        yield client


async def test_a_reset_is_in_the_register_for_all_and_what_it_spared_for_the_office(client: Client) -> None:
    found = {who: await client.get("scoring", f"{PATH}/baselines", who) for who in (OFFICE, "reporter-b", OPERATOR)}
    for one in found.values():
        (reset,) = one["resets"]
        assert (Decimal(reset["difference_yuan"]), reset["approver"]) == (Decimal(-600_000_000), "mayor")
    spared = {who: "freed" in one["resets"][0] or "light_before" in one["resets"][0] for who, one in found.items()}
    assert spared == {OFFICE: True, "reporter-b": False, OPERATOR: False}


async def test_both_plans_stand_side_by_side_and_before_the_reset_they_were_the_same(client: Client) -> None:
    async def ratios(query: str = "") -> tuple[Decimal, Decimal]:
        compared = (await client.get("scoring", f"{PATH}/baselines{query}", OFFICE))["compared"]
        one = next(one for one in compared if one["subject"] == "a-1")
        return Decimal(one["by_original"]), Decimal(one["by_current"])

    assert await ratios() == (Decimal("0.25"), Decimal("0.5"))
    assert await ratios("?known_at=2026-02-09T01:00:00Z") == (Decimal("0.25"), Decimal("0.25"))


async def test_the_office_sees_the_returns_of_all_units_and_a_unit_its_own(client: Client) -> None:
    async def units(who: str) -> dict[str, Any]:
        found = await client.get("scoring", f"{PATH}/authenticity", who)
        return {one["unit"]: one for one in found["units"]}

    of_office, of_a = await units(OFFICE), await units("reporter-a")
    assert (set(of_office), set(of_a)) == ({"a", "b"}, {"a"})
    assert Decimal(of_office["a"]["comparisons"][0]["relative"]) == Decimal("0.5")
    assert of_a["a"]["index"] is None
    assert "others_at_deadline" in of_office["a"]
    assert "others_at_deadline" not in of_a["a"]


async def test_the_operator_keeps_machines_and_reads_no_units_returns(client: Client) -> None:
    assert (await client.ask("GET", "scoring", f"{PATH}/authenticity", OPERATOR)).status_code == 403


@pytest.mark.parametrize("what", ["baselines", "authenticity"])
async def test_a_list_that_is_not_there_is_not_found(client: Client, what: str) -> None:
    answer = await client.ask("GET", "scoring", f"/v1/jurisdictions/{J}/lists/none/{what}", OFFICE)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_list")
