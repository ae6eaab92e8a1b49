"""Who is told why a number or a place is what it is, over HTTP and by the command, and who is not?"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.builders import LIST
from tests.support.client import OPERATOR, Answer, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "explained"
PATH = f"/v1/jurisdictions/{J}/lists/{LIST}/explain"


Told = tuple[Client, str, int]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """January is reported by both units and closed; its bulletin is not sealed. With the event of unit b's return.

    And the position before both.
    """
    async with running(tmp_path_factory.mktemp("explained")) as installation, client_of(installation) as client:
        world = World(client, J)
        await world.open()
        returns = [await client.submit(world.report(*one, 300_000_000), f"reporter-{one[1]}") for one in world.projects]
        await world.send("time", "time.time_reached", {"at": "2026-02-10T01:00:00Z"}, OFFICE)
        await client.reached(J, await world.pass_time())
        yield client, returns[1]["event"], int(returns[0]["position"]) - 1


async def ask(client: Client, who: str | None, about: str, **query: str) -> Answer:
    asked = {"kind": "unit", "subject": "b", "about": about, "lang": "en", **query}
    return await client.ask(
        "GET", "scoring", f"{PATH}?{'&'.join(f'{name}={value}' for name, value in asked.items())}", who
    )


def events(one: dict[str, Any]) -> set[str]:
    return {*one["events"]}.union(*map(events, one["inputs"]))


async def test_everybody_there_is_told_why_a_ratio_is_what_it_is_down_to_the_event(told: Told) -> None:
    client, event, _ = told
    for who in ("reporter-a", OFFICE, OPERATOR):
        answer = await ask(client, who, "measure:investment_ratio", period="2026-01")
        assert answer.status_code == 200
        found = answer.json()["explained"]
        assert (found["value"], event in events(found)) == ("0.25", True)
        assert found["rule"]["pointer"] == "/measures/investment_ratio"


@pytest.mark.parametrize("period", ["", "2026-01"])
async def test_a_place_before_it_is_out_is_explained_to_the_office_alone(told: Told, period: str) -> None:
    client, _, _ = told
    query = {"period": period} if period else {}
    statuses = {who: (await ask(client, who, "rank", **query)).status_code for who in (OFFICE, "reporter-b", OPERATOR)}
    assert statuses == {OFFICE: 200, "reporter-b": 403, OPERATOR: 403}
    refused = await ask(client, "reporter-b", "points:total", **query)
    assert refused.json()["code"] == "not_out"
    assert "explained" not in refused.json()


async def test_lines_of_persons_are_explained_to_few(told: Told) -> None:
    client, _, _ = told
    refused = await ask(client, "reporter-b", "light", kind="leader")
    assert (refused.status_code, refused.json()["code"]) == (403, "of_persons")


async def test_before_the_returns_were_recorded_it_is_said_that_none_came(told: Told) -> None:
    client, event, before = told
    early = {"known_at": str(before), "period": "2026-01"}
    found = (await ask(client, OFFICE, "measure:investment_ratio", **early)).json()["explained"]
    assert (found["value"], event in events(found)) == (None, False)
    assert found["why"] == "None of its objects is judged."


async def test_what_cannot_be_explained_is_refused_in_a_sentence(told: Told) -> None:
    client, _, _ = told
    asked = [
        await ask(client, OFFICE, "measure:nothing"), await ask(client, OFFICE, "light", subject="nobody"),
        await ask(client, OFFICE, "light", period="2026-99"),
    ]  # fmt: skip
    found = [(one.status_code, one.json()["code"]) for one in asked]
    assert found == [(404, "unknown_question"), (404, "unknown_subject"), (422, "period_unreadable")]
