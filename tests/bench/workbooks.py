"""How long does a unit with 2,000 projects wait for its workbook, and for its answer when it sends it back?"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.support.client import Client, client_of
from tests.support.processes import running
from tests.support.workbooks import filled
from tests.support.world import World

ROWS = 2_000
ROUNDS = 3
_REPORTER = "reporter-a"


def workbooks() -> dict[str, object]:
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder), services=["intake"]) as installation, client_of(installation) as client:
            taken = sorted([await _round_trip(client, f"wb{number}") for number in range(ROUNDS)], key=sum)
    fetched_s, sent_s = taken[ROUNDS // 2]
    return {"workbook_rows": ROWS, "workbook_fetched_s": round(fetched_s, 2), "workbook_sent_s": round(sent_s, 2)}


async def _round_trip(client: Client, jurisdiction: str) -> tuple[float, float]:
    await World(client, jurisdiction, units="a", projects=ROWS).open()
    path = f"/v1/workbooks/a/2026-01?jurisdiction={jurisdiction}"
    started = time.perf_counter()
    fetched = await client.ask("GET", "intake", path, _REPORTER)
    fetched_s = time.perf_counter() - started
    workbook = filled(fetched.content, {f"E{row}": row for row in range(4, 4 + ROWS)})
    started = time.perf_counter()
    answer = await client.ask("POST", "intake", path, _REPORTER, workbook, accept="*/*")
    sent_s = time.perf_counter() - started
    if answer.status_code != 202:
        raise RuntimeError(answer.text[:500])
    return fetched_s, sent_s
