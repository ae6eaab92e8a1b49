"""`duban person`: entered, shown and erased from the command line."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local import district
from deploy.local.client import Client
from deploy.local.command import app
from deploy.local.installation import installed
from tests.support.world import submission

pytestmark = pytest.mark.connected
PLACE = district.JURISDICTION


async def test_a_person_is_entered_shown_and_erased(tmp_path: Path) -> None:
    async def duban(*words: str) -> str:
        arguments = ["person", *words, "--jurisdiction", PLACE, "--data", str(tmp_path)]
        outcome = await asyncio.to_thread(CliRunner().invoke, app, arguments)
        return outcome.output if outcome.exit_code == 0 else f"{type(outcome.exception).__name__}: {outcome.exception}"

    async with installed(tmp_path) as (installation, _server):
        opened = {
            "name": "Test", "level": "district", "time_zone": "Asia/Shanghai", "mode": "simulated", "office": "office",
            "office_name": "Supervision Office", "first_person": "p1",
        }  # fmt: skip
        one = submission(PLACE, "open", "jurisdiction.jurisdiction_opened", opened, time="2026-01-01T00:00:00Z")
        client = Client.of(installation.url)
        try:
            await client.submit(one, installation.token(None))
        finally:
            await client.close()
        assert await duban("show") == "p1  (unnamed)  supervisor office\n"
        told = "p1  王一  0750-1  周二不在  supervisor office\n"
        assert await duban("set", "p1", "--name", "王一", "--phone", "0750-1", "--note", "周二不在") == told
        assert await duban("show", "p1") == told
        assert f"p1 of {PLACE} was erased at " in await duban("erase", "p1", "--yes")
        assert await duban("show") == "p1  (erased)  supervisor office\n"
        assert "person_erased" in await duban("set", "p1", "--name", "王一")
        assert "no_such_person" in await duban("show", "nobody")
