"""Is the projection made anew beside the one in use, held against it, and put in its place without a gap?"""

import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.infra.streams import partition_of
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import Processes, running
from tests.support.waits import until
from tests.support.world import OFFICE, World, assert_whole

pytestmark = pytest.mark.connected

J, OTHER = "rebuilt", "another"
_WITHIN_S = 60


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[tuple[Processes, Client, World]]:
    """Two jurisdictions of two partitions, each up to its first draws."""
    async with running(tmp_path) as installation, client_of(installation) as client:
        worlds = [World(client, code) for code in (J, OTHER)]
        for world in worlds:
            await world.open()
            await world.report_all()
            await client.reached(world.jurisdiction, await world.pass_time())
        yield installation, client, worlds[0]


def test_the_two_jurisdictions_lie_in_two_partitions() -> None:
    assert partition_of(J) != partition_of(OTHER)


async def progress(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = await client.get("scoring", "/v1/rebuild")
    return found


async def ended(client: Client) -> dict[str, Any]:
    """How the rebuild ended that runs."""
    states: list[dict[str, Any]] = []

    async def has_ended() -> bool:
        states.append(await progress(client))
        return states[-1]["state"] not in {"folding", "comparing"}

    await until(has_ended, _WITHIN_S)
    return states[-1]


async def rebuilt(client: Client, path: str = "/v1/rebuild") -> dict[str, Any]:
    answer = await client.post({}, OPERATOR, to="scoring", path=path)
    assert answer.status_code == 202, answer.text
    return await ended(client)


def in_sql(installation: Processes, *statements: str) -> list[Any]:
    connection = sqlite3.connect(installation.folder / "scoring.db", isolation_level=None, timeout=30)
    try:
        return [connection.execute(one).fetchall() for one in statements]
    finally:
        connection.close()


def tamper(installation: Processes, generation: str = "") -> None:
    """Another amount is kept of a return than was reported."""
    (changed,) = in_sql(
        installation,
        f"update entry{generation} set body = replace(body, '700000000', '900000000') "
        f"where jurisdiction = '{J}' and body like '%700000000%' returning key",
    )
    assert changed


async def drift(client: Client) -> list[str]:
    return [one.subject for one in await client.stream("STANDINGS", J) if one.subject.endswith("drift_found")]


async def test_what_does_not_differ_is_put_to_use_while_the_record_goes_on(
    told: tuple[Processes, Client, World],
) -> None:
    installation, client, world = told
    answer = await client.post({}, OPERATOR, to="scoring", path="/v1/rebuild")
    assert answer.status_code == 202
    position = await world.sign(await world.pass_time())
    found = await ended(client)
    assert (found["state"], found["generation"], found["before"]) == ("switched", 2, 1)
    assert len(found["partitions"]) == 2
    position = await world.send("later", "time.time_reached", {"at": "2026-05-20T01:00:00Z"}, OFFICE)
    await assert_whole(client, J, position)
    assert in_sql(installation, "select position from fold_2 where jurisdiction = 'rebuilt'") == [[(position,)]]

    back = await rebuilt(client, "/v1/rebuild/rollback")
    assert (back["state"], back["generation"]) == ("switched", 1)
    position = await world.send("later-still", "time.time_reached", {"at": "2026-06-20T01:00:00Z"}, OFFICE)
    await assert_whole(client, J, position)


async def test_a_tampered_entry_is_published_as_drift_and_replaced_only_if_the_office_accepts_it(
    told: tuple[Processes, Client, World],
) -> None:
    installation, client, world = told
    tamper(installation)
    found = await rebuilt(client)
    assert (found["state"], found["generation"]) == ("differs", 1)
    (differs,) = found["differences"]
    assert [one["about"] for one in differs["found"]] == ["ledger"]

    async def is_said() -> bool:
        return len(await drift(client)) == 1

    await until(is_said, _WITHIN_S)
    assert (await rebuilt(client, "/v1/rebuild/switch"))["state"] == "differs"

    override = {"rule": differs["rule"], "by": OFFICE, "reason": "the database was changed by hand"}
    position = await world.send("override", "override.override_used", override, OFFICE)
    await client.reached(J, position)
    found = await rebuilt(client, "/v1/rebuild/switch")
    assert (found["state"], found["generation"]) == ("switched", 2)
    position = await world.sign(await world.pass_time())
    await client.reached(J, position)
    proof = await client.get("scoring", f"/v1/jurisdictions/{J}/digest")
    again = await rebuilt(client)
    assert (again["state"], again["differences"], proof["position"] >= position) == ("switched", [], True)


async def test_a_rebuild_that_is_killed_leaves_the_live_one_alone_and_the_next_one_succeeds(
    told: tuple[Processes, Client, World],
) -> None:
    installation, client, world = told
    scoring = installation.service("scoring")
    await client.post({}, OPERATOR, to="scoring", path="/v1/rebuild")
    assert scoring.process is not None
    os.killpg(scoring.process.pid, 9)
    scoring.start()
    await scoring.ready()
    assert (await progress(client))["generation"] == 1
    position = await world.sign(await world.pass_time())
    await assert_whole(client, J, position)
    assert (await rebuilt(client))["state"] == "switched"
    await assert_whole(client, J, position)


async def test_the_self_check_finds_what_was_tampered_with(told: tuple[Processes, Client, World]) -> None:
    installation, client, world = told
    tamper(installation)
    scoring = installation.service("scoring")
    scoring.kill()
    scoring.environment["DUBAN_SCORING_SELF_CHECK_EVERY_S"] = "1"
    scoring.start()
    await scoring.ready()

    async def is_said() -> bool:
        return len(await drift(client)) >= 1

    await until(is_said, _WITHIN_S)

    async def is_measured() -> bool:
        metrics = (await client.ask("GET", "scoring", "/metrics", OPERATOR)).text
        return "duban_scoring_drift_differences 1.0" in metrics

    await until(is_measured, _WITHIN_S)
    # Who reads the draws goes on.
    position = await world.sign(await world.pass_time())
    await client.reached(J, position)


async def test_a_projection_made_by_other_code_is_followed_by_nobody_until_it_is_rebuilt(
    told: tuple[Processes, Client, World],
) -> None:
    installation, client, world = told
    scoring = installation.service("scoring")
    scoring.kill()
    # What the old code could not take it has parked, and what comes after it, too.
    in_sql(installation, "update generation set made_by = '0/other'")
    scoring.start()

    async def says_so() -> bool:
        try:
            answer = await client.ask("GET", "scoring", "/readyz", OPERATOR)
        except httpx.TransportError:
            return False
        return "duban rebuild" in answer.text

    await until(says_so, _WITHIN_S)
    assert (await rebuilt(client))["state"] == "switched"
    position = await world.sign(await world.pass_time())
    await assert_whole(client, J, position)


async def test_what_old_code_had_parked_is_taken_by_a_rebuild(told: tuple[Processes, Client, World]) -> None:
    installation, client, world = told
    scoring = installation.service("scoring")
    scoring.kill()
    columns = "partition, position, jurisdiction, kind, entity, subject, reason, held, body"
    in_sql(
        installation,
        f"insert into parked ({columns}) "
        f"values ({partition_of(J)}, 1, '{J}', 'project', 'a-1', 's', 'a fault', 0, '{{}}')",
    )
    scoring.start()
    await scoring.ready()
    report = {"project": "a-1", "cadence": "monthly", "period": "2026-02", "investment_ytd_yuan": "1"}
    late = world.one("parked", "project.progress_reported", report, unit="a")
    position = int((await client.submit(late, "reporter-a"))["position"])

    await client.reached(J, await world.send("later", "time.time_reached", {"at": "2026-05-20T01:00:00Z"}, OFFICE))

    async def parked() -> bool:
        found = await client.get("scoring", f"/v1/jurisdictions/{J}/parked")
        return {1, position} <= {one["position"] for one in found["parked"]}

    await until(parked, _WITHIN_S)
    found = await rebuilt(client)
    # Of the live ledger something is missing: that is said, and needs the office.
    (differs,) = found["differences"]
    override = {"rule": differs["rule"], "by": OFFICE, "reason": "the code is mended"}
    await client.reached(J, await world.send("override", "override.override_used", override, OFFICE))
    assert (await rebuilt(client, "/v1/rebuild/switch"))["state"] == "switched"
    assert (await client.get("scoring", f"/v1/jurisdictions/{J}/parked"))["parked"] == []
