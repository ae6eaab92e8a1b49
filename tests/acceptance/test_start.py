"""The first day: an office's old ledger is read and recorded, and last month's bulletin is reproduced the same day."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.client import Client
from deploy.local.evaluate import evaluate
from deploy.local.event_file import read_lines
from deploy.local.installation import Installation, installed
from deploy.local.regime_file import read_regime
from shared.infra import wire
from tests.support import old_ledger
from tests.support.foreign import ROOT

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

PERSON, PLACE = "supervisor-1", "mouxian"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("start")
    async with installed(folder) as (running, _server):
        yield running


async def _duban(installation: Installation, *arguments: str) -> str:
    command = [sys.executable, "-c", "from deploy.local.command import main; main()", *arguments]
    where = ["--data", str(installation.folder), "--person", PERSON, "--lang", "en"]
    process = await asyncio.create_subprocess_exec(
        *command, *where, cwd=ROOT, env={**os.environ, "COLUMNS": "200"}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode()
    return said.decode()


async def _submit(client: Client, who: str, kind: str, data: dict[str, Any], **more: Any) -> None:
    one = {"key": kind.replace(".", "-"), "jurisdiction": PLACE, "type": f"duban.{kind}.v1", "data": data, **more}
    await client.submit(one, who)


async def _open(client: Client, operator: str, at: str) -> None:
    opening = {
        "name": "某某县", "level": "county", "time_zone": "Asia/Shanghai", "mode": "imported", "office": "office",
        "office_name": "督查室", "first_person": PERSON,
    }  # fmt: skip
    await _submit(client, operator, "jurisdiction.jurisdiction_opened", opening, time=at)


def _as_shown(yuan: Decimal) -> str:
    return f"{yuan.normalize():f}"


async def test_an_old_ledger_gives_last_months_bulletin_the_same_day_and_next_months_by_its_mapping(
    installation: Installation, tmp_path: Path
) -> None:
    ledger, operator, office = tmp_path / "附表.xls", installation.token(None), installation.token(PERSON)
    ledger.write_bytes(old_ledger.xls())
    client = Client.of(installation.url)
    try:
        await _open(client, operator, "2026-04-03T09:00:00+08:00")
        said = await _duban(installation, "start", str(ledger), "--jurisdiction", PLACE, "--yes")
        for shown in ("22276.5 万元", "as its line of totals says", "26.81%", "县交通运输局", "41 events", "3 names"):
            assert shown in said

        regime = wire.data_of(read_regime(ROOT / "examples" / "worked.yaml"))
        adopted = {"list": "key-projects", "effective_on": "2026-01-01", "regime": regime}
        await _submit(client, office, "regime.regime_adopted", adopted)
        (line,) = [one for one in await _evaluated(client, operator) if one["subject_kind"] == "list"]
        assert (line["period"], line["project_count"], line["missing_count"]) == ("2026-03", 12, 0)
        assert line["displayed"]["investment_ratio"] == f"{old_ledger.DONE / old_ledger.PLAN:.2%}" == "26.81%"
        stated = {
            "investment_completed": old_ledger.DONE,
            "annual_planned_investment": old_ledger.PLAN,
            "total_investment": old_ledger.TOTAL,
        }
        assert line["amounts_yuan"] == {name: _as_shown(value * 10_000) for name, value in stated.items()}

        people = await client.get(f"/intake/v1/jurisdictions/{PLACE}/people", office)
        assert {one.get("name") for one in people["people"]} >= set(old_ledger.LEADERS)
        record = (await client.get_bytes(f"/intake/v1/jurisdictions/{PLACE}/record", operator)).decode()
        assert not [name for name in old_ledger.LEADERS if name in record]

        await _next_month(installation, client, tmp_path)
    finally:
        await client.close()


async def _next_month(installation: Installation, client: Client, folder: Path) -> None:
    done = {one.name: one.done + 100 for one in old_ledger.PROJECTS}
    later, mapping = folder / "4月.xls", folder / "附表.mapping.yaml"
    later.write_bytes(old_ledger.xls(month=4, done=done))
    moved = {"at": "2026-05-03T01:00:00Z"}
    await _submit(client, installation.token(PERSON), "time.time_reached", moved)
    lengths = []
    for _ in range(2):
        await _duban(installation, "import", "--mapping", str(mapping), str(later), "--set", "period=2026-04")
        path = f"/intake/v1/jurisdictions/{PLACE}/record"
        lengths.append(len((await client.get_bytes(path, installation.token(None))).splitlines()))
    assert lengths == [1 + 41 + 2 + 12] * 2  # the opening, the start, regime and clock, and a return of each project
    lines = await _evaluated(client, installation.token(None))
    (line,) = [one for one in lines if one["subject_kind"] == "list"]
    assert line["amounts_yuan"]["investment_completed"] == _as_shown((old_ledger.DONE + 1200) * 10_000)


async def test_the_first_day_may_begin_with_nothing_but_the_ledger(installation: Installation, tmp_path: Path) -> None:
    last = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    ledger = tmp_path / "ledger.xls"
    ledger.write_bytes(old_ledger.xls(year=last.year, month=last.month))
    said = await _duban(installation, "start", str(ledger), "--jurisdiction", "fresh", "--open", "某某县", "--yes")
    assert "41 events are in the record" in said
    mapping = tmp_path / "ledger.mapping.yaml"
    again = await _duban(
        installation, "import", "--mapping", str(mapping), str(ledger), "--set", f"period={last:%Y-%m}"
    )
    assert "41 events are in the record" in again
    client = Client.of(installation.url)
    try:
        path = "/intake/v1/jurisdictions/fresh/record"
        record = await client.get_bytes(path, installation.token(None))
    finally:
        await client.close()
    assert sum(b'"submission":"' in line for line in record.splitlines()) == 1 + 41


async def _evaluated(client: Client, operator: str) -> list[dict[str, Any]]:
    lines = await client.get_bytes(f"/intake/v1/jurisdictions/{PLACE}/record", operator)
    evaluation = evaluate(read_lines(lines.splitlines()))
    (listed,) = evaluation.jurisdictions[0].lists
    assert not evaluation.jurisdictions[0].parked
    return [wire.data_of(one) for one in listed.now]
