"""Two real data sets go into a running installation through the command line, killed and repeated."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.client import Client
from deploy.local.installation import Installation, installed
from deploy.local.verify import verify_all
from tests.support.foreign import BRASILIA, BRASILIA_FILES, NEW_YORK, NEW_YORK_FILES, ROOT, real

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

PERSON = "supervisor-1"
_OPENINGS = {"nyc": ("2013-01-01T00:00:00-05:00", "America/New_York"), "brasilia": ("2025-01-01T00:00:00Z", "UTC")}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("foreign")
    async with installed(folder) as (running, _server):
        yield running


async def _open(installation: Installation, jurisdiction: str, like: str) -> None:
    at, zone = _OPENINGS[like]
    data = {
        "name": jurisdiction, "level": "city", "time_zone": zone, "mode": "imported", "office": "office",
        "office_name": "Supervision Office", "first_person": PERSON,
    }  # fmt: skip
    opening = {"key": "open", "jurisdiction": jurisdiction, "type": "duban.jurisdiction.jurisdiction_opened.v1"}
    client = Client.of(installation.url)
    try:
        await client.submit({**opening, "time": at, "data": data}, installation.token(None))
    finally:
        await client.close()


async def _import(
    installation: Installation, mapping: Path, files: Sequence[Path], jurisdiction: str, *more: str, crash_at: str = ""
) -> int | None:
    command = [
        sys.executable, "-c", "from deploy.local.command import main; main()", "import", "--mapping", str(mapping),
        *map(str, files), "--jurisdiction", jurisdiction, "--data", str(installation.folder), "--person", PERSON, *more,
    ]  # fmt: skip
    environment = {**os.environ, "DUBAN_CRASH_AT": crash_at}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode in {0, -signal.SIGKILL}, said.decode()
    return process.returncode


async def _record(installation: Installation, jurisdiction: str) -> list[dict[str, Any]]:
    client = Client.of(installation.url)
    try:
        path = f"/intake/v1/jurisdictions/{jurisdiction}/record"
        lines = await client.get_bytes(path, installation.token(None))
    finally:
        await client.close()
    return [json.loads(line) for line in lines.splitlines()]


def _told(record: Sequence[dict[str, Any]]) -> list[Any]:
    return [[one[name] for name in ("submission", "type", "time", "recordedat", "data")] for one in record[1:]]


async def test_new_york_killed_half_way_and_repeated_is_the_record_of_an_unbroken_import(
    installation: Installation,
) -> None:
    files = real(*NEW_YORK_FILES)
    for jurisdiction in ("whole", "broken"):
        await _open(installation, jurisdiction, "nyc")
    assert await _import(installation, NEW_YORK, files, "whole") == 0
    assert await _import(installation, NEW_YORK, files, "broken", crash_at="import.after_batch:2") == -signal.SIGKILL
    half = await _record(installation, "broken")
    assert len(half) == 1 + 2_000
    assert await _import(installation, NEW_YORK, files, "broken") == 0

    whole, mended = await _record(installation, "whole"), await _record(installation, "broken")
    assert mended[: len(half)] == half
    assert _told(mended) == _told(whole)
    assert len(whole) == 1 + 2_659


async def test_brasilia_repeated_changes_nothing_and_every_service_agrees_on_it(installation: Installation) -> None:
    files = real(*BRASILIA_FILES)
    await _open(installation, "brasilia", "brasilia")
    assert await _import(installation, BRASILIA, files, "brasilia", "--dry-run") == 0
    assert len(await _record(installation, "brasilia")) == 1
    for _ in range(2):
        assert await _import(installation, BRASILIA, files, "brasilia") == 0
        record = await _record(installation, "brasilia")
        assert len(record) == 1 + 3_952
    listed = {one["data"]["project"] for one in record if one["type"] == "duban.project.project_listed.v1"}
    assert len(listed) == 594
    clock = [one["recordedat"] for one in record]
    assert clock == sorted(clock)
    assert clock[-1] == "2025-07-14T02:00:13Z"
    client = Client.of(installation.url)
    try:
        await client.reach("brasilia", record[-1]["position"], installation.token(None))
    finally:
        await client.close()
    assert await verify_all(installation.url, installation.token(None))
