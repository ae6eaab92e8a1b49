"""Does everybody see over HTTP what is due for them, what waits for their review, and what was asked of their unit?"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from shared.infra import wire
from tests.support.builders import LIST, a_regime, a_reporting
from tests.support.client import NOBODY, OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "views"
HEAD = "head-a"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A jurisdiction on 1 February: unit a has reported on a-1 and not on a-2, unit b on nothing."""
    folder: Path = tmp_path_factory.mktemp("views")
    async with running(folder, services=["intake"]) as installation, client_of(installation) as connected:
        world = World(connected, J, units=("a", "b"), projects=2)
        await world.open()
        reporting = a_reporting(sign_off=("unit_head",), review=("supervision_office",))
        regime = {
            "list": LIST,
            "effective_on": "2026-01-01",
            "regime": wire.data_of(a_regime(reporting=(reporting,), version=2)),
        }
        await world.send("regime-2", "regime.regime_adopted", regime, OFFICE)
        await world.send("head", "person.post_assigned", {"person": HEAD, "post": "unit_head", "unit": "a"}, OFFICE)
        await connected.submit(world.report("a-1", "a", 700_000_000), "reporter-a")
        yield connected


async def ask(client: Client, path: str, who: str | None, **headers: str) -> Any:
    answer = await client.ask("GET", "intake", path, who, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_tasks_are_told_with_the_days_left_in_the_language_that_was_asked_for(client: Client) -> None:
    path = f"/v1/tasks?jurisdiction={J}"
    first = (await ask(client, path, "reporter-a"))["tasks"][0]
    assert (first["kind"], first["subject"], first["period"], first["text"]) == (
        "return", "a-2", "2026-01", "Report on Project a-2 for 2026-01."
    )  # fmt: skip
    # 1 February 2026 is a Sunday; Thursday the 5th is the last day.
    assert (first["due"], first["working_days_left"]) == ("2026-02-05T16:00:00Z", 4)
    chinese = (await ask(client, path, "reporter-a", **{"accept-language": "zh-CN"}))["tasks"][0]
    assert chinese["text"] == "报送「Project a-2」2026-01进展。"
    assert chinese["id"] == first["id"]


async def test_a_task_leads_to_where_it_is_done_and_says_what_to_submit(client: Client) -> None:
    first = (await ask(client, f"/v1/tasks?jurisdiction={J}", "reporter-a"))["tasks"][0]
    workbook = await client.ask("GET", "intake", f"/v1/{first['link']}", "reporter-a")
    assert workbook.status_code == 200
    one = {"key": "by-task", "jurisdiction": J, "type": first["event"], "data": {**first["known"], "is_nil": True}}
    assert (await client.submit(one, "reporter-a"))["position"]
    assert first["id"] not in [
        task["id"] for task in (await ask(client, f"/v1/tasks?jurisdiction={J}", "reporter-a"))["tasks"]
    ]


async def test_pages_of_tasks_make_up_all_of_them(client: Client) -> None:
    whole = (await ask(client, f"/v1/tasks?jurisdiction={J}", "reporter-b"))["tasks"]
    found, query = [], f"?jurisdiction={J}&limit=1"
    while query:
        page = await ask(client, f"/v1/tasks{query}", "reporter-b")
        found += page["tasks"]
        query = page["next"]
    assert found == whole
    assert len(whole) > 1


async def test_a_return_waits_for_the_head_and_then_for_the_office(client: Client) -> None:
    path = f"/v1/jurisdictions/{J}/reviews"
    (waiting,) = [one for one in (await ask(client, path, HEAD))["waiting"] if one["review"]["project"] == "a-1"]
    assert (waiting["steps"], waiting["unit"], waiting["review"]["made"]["investment_ytd_yuan"]) == (
        ["unit_head"], "a", "700000000"
    )  # fmt: skip
    assert (await ask(client, path, OFFICE))["count"] == 0
    signed = {"project": "a-1", "period": "2026-01", "signer": HEAD}
    await World(client, J).send("signed", "project.return_signed", signed, HEAD, unit="a")
    inbox = await ask(client, path, OFFICE)
    assert [(one["review"]["project"], one["steps"]) for one in inbox["waiting"]] == [("a-1", ["supervision_office"])]
    assert inbox["working_days_most"] == 0


async def test_a_return_is_seen_by_those_whose_it_is_and_by_reviewers(client: Client) -> None:
    path = f"/v1/jurisdictions/{J}/returns/a-1/2026-01"
    for who in ("reporter-a", OFFICE, OPERATOR):
        assert (await ask(client, path, who))["made"]["said"]["project"] == "a-1"
    for who, status in (("reporter-b", 403), ("stranger", 403), (NOBODY, 401)):
        assert (await client.ask("GET", "intake", path, who)).status_code == status
    assert (await client.ask("GET", "intake", path.replace("2026-01", "2025-01"), OFFICE)).status_code == 404


async def test_the_burden_is_counted_for_the_office_of_all_and_for_a_unit_of_itself(client: Client) -> None:
    path = f"/v1/jurisdictions/{J}/burden?from=2026-01&until=2026-02"
    found = await ask(client, path, OFFICE)
    assert [(one["unit"], one["month"], one["projects"], one["returns"]) for one in found["rows"]] == [
        ("a", "2026-02", 2, 2), ("b", "2026-02", 2, 2)
    ]  # fmt: skip
    assert found["by_regime"][0]["per_month"]["returns"] == "1"
    assert [one["unit"] for one in (await ask(client, path, "reporter-b"))["rows"]] == ["b"]
    page = await ask(client, f"{path}&limit=1", OFFICE)
    assert (await ask(client, f"/v1/jurisdictions/{J}/burden{page['next']}", OFFICE))["rows"] == found["rows"][1:]


async def test_problems_are_told_in_the_language_that_was_asked_for_and_listed_in_both(client: Client) -> None:
    path = f"/v1/tasks?jurisdiction={J}"
    for language, title in (("zh", "需要有效的令牌。"), ("en", "A valid token is needed.")):
        answer = await client.ask("GET", "intake", path, NOBODY, **{"accept-language": language})
        assert (answer.status_code, answer.json()["title"]) == (401, title)
        assert answer.headers["content-language"] == language
    invalid = await client.ask("GET", "intake", f"{path}&limit=x", OFFICE, **{"accept-language": "zh"})
    faults = [(one["pointer"], one["message"]) for one in invalid.json()["faults"]]
    assert faults == [("/query/limit", "此项须为整数。")]
    listed = {one["code"]: one for one in await ask(client, "/v1/problems", NOBODY)}
    assert listed["token_missing"]["sentences"] == [{"zh": "需要有效的令牌。", "en": "A valid token is needed."}]
    assert listed["not_open"]["statuses"] == [404]


async def test_who_may_record_what_is_told_to_whoever_has_a_token(client: Client) -> None:
    rows = await ask(client, "/v1/access", "reporter-a")
    assert {"event": "ReturnSigned", "type": "duban.project.return_signed.v1", "capacity": "unit_head"}.items() <= next(
        row for row in rows if row["event"] == "ReturnSigned"
    ).items()
