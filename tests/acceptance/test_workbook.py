"""A unit fetches its return as a workbook, fills it in and sends it back: recorded as a whole, once, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from deploy.local.client import Client as Deployed
from deploy.local.client import Refusal
from deploy.local.command import app
from deploy.local.installation import Installation, installed
from services.intake.workbook.form import Form
from services.intake.workbook.reading import form_in
from services.intake.workbook_routes import XLSX
from shared.infra.bus import BATCH_MAX
from shared.infra.tables import read_tables
from tests.support.client import Client, client_of
from tests.support.hostile import hostile
from tests.support.processes import running
from tests.support.workbooks import a_form, an_asked, at, filled, given_out, parts
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

ROWS = 2000
HOSTILE = 60
REPORTER = "reporter-a"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("workbooks")
    async with running(folder, services=["intake"]) as installation, client_of(installation) as connected:
        yield connected


class Department:
    """A unit of a jurisdiction of its own, before its return for January."""

    def __init__(self, client: Client, jurisdiction: str) -> None:
        self.client, self.jurisdiction = client, jurisdiction

    def path(self, unit: str = "a", period: str = "2026-01", **query: Any) -> str:
        asked = "&".join(f"{name}={value}" for name, value in {"jurisdiction": self.jurisdiction, **query}.items())
        return f"/v1/workbooks/{unit}/{period}?{asked}"

    async def fetch(self, who: str | None = REPORTER, **place: str) -> httpx.Response:
        return await self.client.ask("GET", "intake", self.path(**place), who)

    async def send(self, content: bytes, who: str = REPORTER, *, accept: str = "*/*", **place: Any) -> httpx.Response:
        return await self.client.ask("POST", "intake", self.path(**place), who, content, accept=accept)

    async def recorded(self) -> int:
        return len(await self.client.stream("RECORD", self.jurisdiction))


async def department(client: Client, jurisdiction: str, *, projects: int = 3, units: str = "ab") -> Department:
    await World(client, jurisdiction, units=units, projects=projects).open()
    return Department(client, jurisdiction)


async def test_what_was_filled_in_is_recorded_once_however_often_it_is_sent(client: Client) -> None:
    unit = await department(client, "wbonce")
    workbook = filled((await unit.fetch()).content, {"E4": 1.5, "F6": "是"})
    before = await unit.recorded()

    rehearsed = await unit.send(workbook, dry_run=True)
    assert (rehearsed.status_code, await unit.recorded()) == (200, before)
    assert (rehearsed.json()["rows"], rehearsed.json()["changed"], rehearsed.json()["nil"]) == (3, 2, 1)
    assert rehearsed.json()["totals"] == {"investment_ytd_yuan": "150000000"}

    first, again = await unit.send(workbook), await unit.send(workbook)

    assert (first.status_code, first.json()["receipts"]) == (202, again.json()["receipts"])
    assert len(first.json()["receipts"]) == 2
    assert await unit.recorded() == before + 2


async def test_bad_cells_come_back_marked_and_nothing_is_recorded(client: Client) -> None:
    unit = await department(client, "wbmarks")
    workbook = filled((await unit.fetch()).content, {"E4": "about 5", "E5": 2, "E6": -1})
    before = await unit.recorded()

    refused = await unit.send(workbook)
    marked = await unit.send(workbook, accept=XLSX)

    assert refused.status_code == marked.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["faults"]] == [
        ("/Return/E4", "not_a_number"), ("/Return/E6", "negative_amount"),
    ]  # fmt: skip
    assert marked.headers["content-type"] == XLSX
    comments = parts(marked.content)["xl/comments1.xml"].decode()
    assert 'ref="E4"' in comments
    assert 'ref="E6"' in comments
    assert 'ref="E5"' not in comments
    assert await unit.recorded() == before

    mended = await unit.send(filled(marked.content, {"E4": 5, "E6": 1}))
    assert (mended.status_code, len(mended.json()["receipts"])) == (202, 3)


async def test_another_amount_in_a_later_workbook_is_a_correction_with_its_reason(client: Client) -> None:
    unit = await department(client, "wbcorrect")
    await unit.send(filled((await unit.fetch()).content, {"E4": 1, "E5": 2}))
    fresh = (await unit.fetch()).content

    assert (await unit.send(fresh)).json()["submissions"] == 0
    unexplained = await unit.send(filled(fresh, {"E4": 3}))
    explained = await unit.send(filled(fresh, {"E4": 3, "G4": "a slip"}))

    assert [one["pointer"] for one in unexplained.json()["faults"]] == ["/Return/G4"]
    assert (explained.status_code, explained.json()["corrected"]) == (202, 1)
    kinds = [one.subject.rpartition(".")[2] for one in await client.stream("RECORD", "wbcorrect")]
    assert kinds[-3:] == ["progress_reported", "progress_reported", "progress_corrected"]


async def test_what_reviewers_will_look_at_is_told_at_once_and_taken_all_the_same(client: Client) -> None:
    unit = await department(client, "wbflags")
    workbook = filled((await unit.fetch()).content, {"E4": 1000, "E5": 1})

    for sent in (await unit.send(workbook, dry_run=True), await unit.send(workbook)):
        assert sent.is_success, sent.text
        flagged = [(one["pointer"], one["flag"], one["text"]) for one in sent.json()["flagged"]]
        assert flagged == [("/Return/E4", "over_plan", "over plan")]


async def test_more_than_is_recorded_at_once_is_refused_before_anything_is_decided(client: Client) -> None:
    unit = await department(client, "wbmany")
    form = a_form(*(an_asked(f"p{number}", fields=("narrative",)) for number in range(BATCH_MAX + 1)), period="2026-01")
    own = Form(replace(form.heading, jurisdiction="wbmany", unit="a"), form.lines)
    place = at(form, "narrative").rstrip("4")
    workbook = filled(given_out(own), {f"{place}{row}": "walls" for row in range(4, 4 + BATCH_MAX + 1)})

    refused = await unit.send(workbook, dry_run=True)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_many_submissions")


async def test_the_workbook_of_another_unit_or_period_is_refused(client: Client) -> None:
    unit = await department(client, "wbother")
    own, other = (await unit.fetch()).content, (await unit.fetch(OFFICE, unit="b")).content

    for content, place in ((other, {}), (own, {"period": "2026-02"})):
        refused = await unit.send(content, **place)
        assert (refused.status_code, refused.json()["code"]) == (422, "another_workbook")


async def test_only_the_unit_and_the_office_get_its_workbook_and_the_office_enters_on_its_behalf(
    client: Client,
) -> None:
    unit = await department(client, "wbwho")

    assert (await unit.fetch("reporter-b")).status_code == 403
    assert (await unit.fetch("", unit="a")).status_code == 401
    assert (await unit.fetch(OFFICE, unit="nobody")).status_code == 404
    assert (await unit.fetch(period="2026-W03")).json()["code"] == "nothing_asked"
    assert (await unit.fetch(period="January")).json()["code"] == "bad_period"

    workbook = filled((await unit.fetch(OFFICE)).content, {"E4": 1})
    assert (await unit.send(workbook, "reporter-b")).status_code == 403
    assert (await unit.send(workbook, OFFICE)).json()["code"] == "channel_needed"
    entered = await unit.send(workbook, OFFICE, channel="email")
    assert entered.status_code == 202, entered.text
    last = (await client.stream("RECORD", "wbwho"))[-1]
    assert b'"onbehalfof":"a"' in last.body
    assert b'"channel":"email"' in last.body


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
async def test_what_is_no_workbook_is_refused(client: Client, content: bytes) -> None:
    unit = await department(client, "wbnone")

    refused = await unit.send(content)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


async def test_hostile_workbooks_get_a_clear_answer_and_what_is_recorded_is_what_was_answered(client: Client) -> None:
    unit = await department(client, "wbhostile", projects=6)
    form = form_in(read_tables((await unit.fetch()).content, "a.xlsx"))
    before, events, answers = await unit.recorded(), set[str](), set[int]()

    for content in hostile(form, count=HOSTILE, seed=7):
        answer = await unit.send(content)
        assert answer.status_code == 202 or answer.json()["code"], answer.text
        answers.add(answer.status_code)
        events |= {one["event"] for one in answer.json().get("receipts", ())}

    assert {202, 422} <= answers <= {202, 403, 409, 413, 422}
    assert await unit.recorded() == before + len(events) > before


async def test_two_thousand_rows_are_recorded_as_one(client: Client) -> None:
    unit = await department(client, "wblarge", projects=ROWS, units="a")
    before = await unit.recorded()
    workbook = filled((await unit.fetch()).content, {f"E{row}": row for row in range(4, 4 + ROWS)})
    answer = await unit.send(workbook)
    assert (answer.status_code, len(answer.json()["receipts"])) == (202, ROWS)
    assert await unit.recorded() == before + ROWS


async def test_the_command_fetches_a_workbook_and_sends_it_back_and_writes_it_marked_where_it_is_wrong(
    tmp_path: Path,
) -> None:
    data, file = tmp_path / "data", tmp_path / "a.xlsx"

    def duban(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["workbook", *arguments, "--data", str(data), "--as", REPORTER, "--lang", "en"])

    async with installed(data) as (installation, _server):
        await _opened(installation, "wbcli")
        got = await asyncio.to_thread(duban, "get", "a", "2026-01", "-j", "wbcli", "-o", str(file))
        assert got.exit_code == 0, got.output
        file.write_bytes(filled(file.read_bytes(), {"E4": "lots"}))
        refused = await asyncio.to_thread(duban, "put", str(file))
        assert isinstance(refused.exception, Refusal)
        assert "/Return/E4" in str(refused.exception)
        marked = tmp_path / "a-marked.xlsx"
        marked.write_bytes(filled(marked.read_bytes(), {"E4": 5}))
        rehearsed = await asyncio.to_thread(duban, "put", str(marked), "--dry-run")
        recorded = await asyncio.to_thread(duban, "put", str(marked))

    assert (rehearsed.exit_code, recorded.exit_code) == (0, 0), recorded.output
    assert "filled in: 1" in recorded.output
    assert "Completed in the year to date (亿元): 5\n" in recorded.output
    assert rehearsed.output == recorded.output


async def _opened(installation: Installation, jurisdiction: str) -> None:
    """What `World.open` does, under the paths of a whole installation."""
    world, client = World(cast("Client", None), jurisdiction), Deployed.of(installation.url)
    opened = {
        "name": "Test City", "level": "city", "time_zone": "Asia/Shanghai", "mode": "simulated", "office": "office",
        "office_name": "Supervision Office", "first_person": OFFICE,
    }  # fmt: skip
    first = world.one("open", "jurisdiction.jurisdiction_opened", opened, time="2025-12-25T00:00:00Z")
    try:
        await client.submit(first, installation.token(None))
        head = {"submissions": world._head()}
        await client.post("/intake/v1/submissions:batch", head, installation.token(OFFICE))
    finally:
        await client.close()
