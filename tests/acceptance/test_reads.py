"""Are scoring's reads tagged, paged, as of any position, exported, and silent about what is not out yet?"""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from python_calamine import CalamineWorkbook

from tests.support.builders import LIST
from tests.support.client import NOBODY, OPERATOR, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

J = "reads"
HERE = f"/v1/jurisdictions/{J}"
STANDINGS = f"{HERE}/lists/{LIST}/standings"
HIDDEN = {"rank", "points", "band", "vetoed"}
TOLD: dict[int, Any] = {}
"""The standings as the service gave them, by position."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """January of two units with two projects each, read after each return; then the quarter passes, unsealed."""
    folder = tmp_path_factory.mktemp("reads")
    async with running(folder, services=["intake", "scoring"]) as installation, client_of(installation) as connected:
        world = World(connected, J, projects=2)
        await world.open()
        for number, (project, unit) in enumerate(world.projects):
            one = world.report(project, unit, number * 300_000_000 + 1)
            position = (await connected.submit(one, f"reporter-{unit}"))["position"]
            TOLD[position] = await connected.get("scoring", f"{STANDINGS}?min_position={position}", OFFICE)
        last = await world.pass_time()
        await connected.reached(J, last, by=["scoring"])
        yield connected


async def test_nothing_new_is_said_with_304_and_without_a_body(client: Client) -> None:
    for path in (STANDINGS, f"{HERE}/projects/a-1/history", f"{HERE}/lists/{LIST}/corrections", f"{STANDINGS}.xlsx"):
        first = await client.ask("GET", "scoring", path, OFFICE)
        assert first.status_code == 200, first.text
        assert first.headers["cache-control"] == "private, no-cache"
        again = await client.ask("GET", "scoring", path, OFFICE, **{"if-none-match": f'"x", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        other = await client.ask("GET", "scoring", path, OFFICE, **{"if-none-match": '"x"'})
        assert (other.status_code, other.content) == (200, first.content)


async def test_as_of_a_position_the_standings_are_those_that_were_given_there(client: Client) -> None:
    assert len(TOLD) == 4
    for position, told in TOLD.items():
        assert told["position"] == position
        assert await client.get("scoring", f"{STANDINGS}?known_at={position}", OFFICE) == told


async def test_as_of_a_position_a_history_holds_no_later_return(client: Client) -> None:
    first, *_, last = sorted(TOLD)
    path = f"{HERE}/projects/b-2/history"
    counts = [
        len((await client.get("scoring", f"{path}?known_at={at}", OFFICE))["returns"]) for at in (first, last)
    ]  # fmt: skip
    assert counts == [0, 1]


async def test_pages_make_up_the_whole_as_of_one_position(client: Client) -> None:
    whole = await client.get("scoring", STANDINGS, OFFICE)
    found, query = [], "?limit=3"
    while query:
        answer = await client.ask("GET", "scoring", f"{STANDINGS}{query}", OFFICE)
        page = answer.json()
        assert (page["position"], page["count"]) == (whole["position"], len(whole["lines"]))
        found += page["lines"]
        query = page["next"]
        assert ("link" in answer.headers) == bool(query)
        assert not query or f"known_at={whole['position']}" in query
    assert found == whole["lines"]


async def test_lines_are_filtered_by_what_is_shown_of_them(client: Client) -> None:
    found = await client.get("scoring", f"{STANDINGS}?kind=project&unit=b", "reporter-a")
    assert [line["subject"] for line in found["lines"]] == ["b-1", "b-2"]
    assert (await client.get("scoring", f"{STANDINGS}?kind=leader", "reporter-a"))["lines"] == []


async def test_who_asks_ahead_of_the_record_is_told_to_come_again_or_that_it_is_no_past(client: Client) -> None:
    ahead = await client.ask("GET", "scoring", f"{STANDINGS}?min_position=99999", OFFICE)
    assert (ahead.status_code, ahead.headers["retry-after"]) == (503, "1")
    for known_at in ("99999", "2099-01-01T00:00:00Z"):
        answer = await client.ask("GET", "scoring", f"{STANDINGS}?known_at={known_at}", OFFICE)
        assert (answer.status_code, answer.json()["code"]) == (422, "known_at_ahead")
    for day in ("2099-01-01", "9999-12-31"):
        answer = await client.ask("GET", "scoring", f"{STANDINGS}?true_on={day}", OFFICE)
        assert (answer.status_code, answer.json()["code"]) == (422, "true_on_ahead")


async def test_csv_and_workbook_hold_the_lines_in_the_language_that_was_asked_for(client: Client) -> None:
    lines = (await client.get("scoring", STANDINGS, OFFICE))["lines"]
    for lang, place in (("zh", "名次"), ("en", "place")):
        answer = await client.ask("GET", "scoring", f"{STANDINGS}.csv?lang={lang}", OFFICE)
        assert answer.content.startswith(b"\xef\xbb\xbf")
        heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert [row[1] for row in rows] == [line["subject"] for line in lines]
        assert [row[heading.index(place)] for row in rows] == [str(line["rank"] or "") for line in lines]
        book = await client.ask("GET", "scoring", f"{STANDINGS}.xlsx?lang={lang}", OFFICE)
        _, found, *cells = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert (found, len(cells)) == (heading, len(rows))


async def test_who_may_not_know_places_finds_none_in_a_table(client: Client) -> None:
    answer = await client.ask("GET", "scoring", f"{STANDINGS}.csv", "reporter-a")
    heading = answer.content.decode("utf-8-sig").splitlines()[0].split(",")
    assert "code" in heading
    assert not {"place", "band"} & set(heading)
    assert not [name for name in heading if "points" in name]


async def test_an_internal_list_is_no_open_data_and_who_belongs_gets_a_package(client: Client) -> None:
    path = f"{HERE}/lists/{LIST}/oc4ids"
    assert (await client.ask("GET", "scoring", path, NOBODY)).status_code == 401
    package = await client.get("scoring", path, "reporter-a")
    assert (package["version"], len(package["projects"])) == ("0.9", 4)
    first = package["projects"][0]
    assert first["id"] == "oc4ids-000000-a-1"
    assert first["publicAuthority"] == {"id": "a", "name": "a"}
    assert not HIDDEN & members(package)


async def test_no_read_shows_places_to_who_may_not_know_them(client: Client) -> None:
    """Of every route that there is, whoever adds it: what cannot be filled in here is not known, and answers 404."""
    values = {"jurisdiction": J, "list_code": LIST, "project": "a-1", "unit": "a", "subject": "a", "kind": "unit"}
    paths = (await client.get("scoring", "/openapi.json"))["paths"]
    asked = [path for path, one in paths.items() if "get" in one and path.startswith("/v1/")]
    assert len(asked) > 5
    for path in asked:
        if path.endswith((".csv", ".xlsx")):
            continue  # asked for above
        filled = path.format_map(Filled(values))
        for who in ("reporter-a", "reporter-b", OPERATOR):
            for query in ("", "?period=2026-Q1", "?period=2026-03"):
                answer = await client.ask("GET", "scoring", f"{filled}{query}", who)
                if answer.status_code == 200:
                    shown = HIDDEN & members(answer.json(), filled_only=True)
                    assert shown == set(), (filled, who, query)


class Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "x"


def members(told: Any, *, filled_only: bool = False) -> set[str]:
    """The names of all members of a document, or of those that say something."""
    return {name for name, value in pairs(told) if not filled_only or value not in (None, "", [], {})}


def pairs(told: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield name, value
            yield from pairs(value)
    elif isinstance(told, list):
        for one in told:
            yield from pairs(one)
