"""How much memory does one scoring process need for 100,000 projects, and how fast is it when all of them report?

Fifty jurisdictions of 2,000 projects with the returns of a year stand in its database before it starts. Then every
jurisdiction's projects report in turn, so that hardly any is in memory; then a moment of each list is drawn.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import httpx
import nats
from nats.aio.client import Client

from deploy.local import district
from services.intake.bookkeeping import outgoing
from services.scoring.app import CODEC
from services.scoring.domain.draw import ENGINE
from services.scoring.project import follow
from shared.core.events import AnyRecorded, ProgressReported, TimeReached
from shared.core.ledger import Ledger
from shared.infra.bus import Outgoing, last_message, publish_batch
from shared.infra.database import Database
from shared.infra.ledgers import Checkpoint, Saving, Snapshot, SqlLedgers
from shared.infra.runtime import keep_what_lasts
from shared.infra.streams import RECORD, STANDINGS, jurisdiction_filter
from tests.bench.evaluate import PROJECTS, busy_year
from tests.bench.standings import PARTITION
from tests.support.processes import Child, Processes, running
from tests.support.waits import until

JURISDICTIONS = 50
SPREAD = 40_000
YEAR = 30_000
_READ_AGAIN = 10
_WITHIN_S = 300


def memory() -> dict[str, object]:
    keep_what_lasts()
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    year = list(busy_year(YEAR))
    names = [f"bench-{number}" for number in range(JURISDICTIONS)]
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder), services=[]) as installation:
            until_november = year[: YEAR * 11 // 12]
            await _fill(Path(folder) / "scoring.db", until_november, names)
            reports = list(_spread(until_november[-1], names))
            last = await _publish(installation.nats_url, reports)
            scoring = installation.add("scoring")
            await scoring.ready()
            first, started = await _position(installation, scoring, names[-1]), time.perf_counter()
            await _reached(installation, scoring, names[-1], last)
            per_s = (last - first) / (time.perf_counter() - started)
            reading_ms = [await _read_ms(installation, scoring, names[0]) for _ in range(_READ_AGAIN)]
            moments = [_at_end(year[-1], name, number) for number, name in enumerate(names)]
            started = time.perf_counter()
            last = await _publish(installation.nats_url, moments)
            await _reached(installation, scoring, names[-1], last)
            drawn_s = time.perf_counter() - started
            return {
                "memory_projects": JURISDICTIONS * PROJECTS,
                "memory_peak_mb": round(_peak_mb(scoring)), "memory_peak_mb_target": 400,
                "memory_spread_events_per_s": round(per_s),
                "memory_last_months_drawn_per_s": round(JURISDICTIONS / drawn_s, 2),
                "standings_of_2000_first_ms": round(reading_ms[0], 1),
                "standings_of_2000_ms": round(median(reading_ms), 1), "standings_of_2000_ms_target": 100,
            }  # fmt: skip


async def _fill(path: Path, year: Sequence[AnyRecorded], names: Sequence[str]) -> None:
    """The same ledger under many names; none of it at a position, so that the record may begin anew."""
    ledger = Ledger(year[0].jurisdiction)
    for one in year:
        follow(ledger, one)
    changes = ledger.take_changes()
    database = Database(f"sqlite+aiosqlite:///{path}")
    ledgers = SqlLedgers(
        database, CODEC, service="scoring", source="/bench", outgoing_stream=STANDINGS, engine=ENGINE
    )  # fmt: skip
    await ledgers.create()
    await ledgers.renew()  # so that what stands there is known to be this code's
    for number, name in enumerate(names):
        snapshot = Snapshot(name, 0, ledger.clock, changes)
        await ledgers.save(Saving("BENCH", name, Checkpoint(), Checkpoint(number + 1), [snapshot]))
    await database.dispose()


def _spread(last: AnyRecorded, names: Sequence[str]) -> Iterator[AnyRecorded]:
    """Returns of all projects of all jurisdictions in turn, one after the other in time."""
    for number in range(SPREAD):
        at = last.recorded_at + timedelta(microseconds=number + 1)
        report = ProgressReported(
            project=f"b{number // len(names) % PROJECTS:04d}", cadence="monthly", period="2026-12",
            investment_ytd_yuan=Decimal(number),
        )  # fmt: skip
        name = names[number % len(names)]
        yield replace(last, jurisdiction=name, id=f"spread-{number}", data=report, time=at, recorded_at=at)


def _at_end(last: AnyRecorded, name: str, number: int) -> AnyRecorded:
    return replace(last, jurisdiction=name, id=f"end-{number}", data=TimeReached(at=last.recorded_at))


async def _publish(nats_url: str, events: Sequence[AnyRecorded]) -> int:
    """In the order of the events as far as batches of one jurisdiction let it; the last position."""
    client = await nats.connect(nats_url)
    by_name: dict[str, list[Outgoing]] = {}
    for one in events:
        by_name.setdefault(one.jurisdiction, []).append(outgoing(one, partition=PARTITION, source="/bench"))
    last: dict[str, int] = {}
    longest = max(map(len, by_name.values()))
    for start in range(0, longest, 20):
        for name, messages in by_name.items():
            if some := messages[start : start + 20]:
                within = jurisdiction_filter(RECORD, PARTITION, name)
                before = last.get(name) or await _last(client, within)
                last[name] = (await publish_batch(client, RECORD, some, filter_subject=within, expect_last=before))[-1]
    await client.close()
    return max(last.values())


async def _last(client: Client, within: str) -> int:
    found = await last_message(client, RECORD, within)
    return found.position if found else 0


async def _reached(installation: Processes, scoring: Child, name: str, position: int) -> None:
    async def is_there() -> bool:
        return await _position(installation, scoring, name) >= position

    await until(is_there, _WITHIN_S)


async def _position(installation: Processes, scoring: Child, name: str) -> int:
    async with _client(installation, scoring) as client:
        answer = await client.get(f"/v1/jurisdictions/{name}/position")
        return int(answer.json()["position"]) if answer.is_success else 0


async def _read_ms(installation: Processes, scoring: Child, name: str) -> float:
    async with _client(installation, scoring) as client:
        started, count = time.perf_counter(), 0
        path = f"/v1/jurisdictions/{name}/lists/{district.LIST}/standings"
        page: str | None = ""
        while page is not None:
            answer = (await client.get(path + page)).json()
            page, count = answer["next"], count + len(answer["lines"])
        assert count > PROJECTS
        return (time.perf_counter() - started) * 1000


def _client(installation: Processes, scoring: Child) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {installation.token(None)}"}
    return httpx.AsyncClient(base_url=scoring.url, headers=headers, timeout=60)


def _peak_mb(scoring: Child) -> float:
    assert scoring.process is not None
    status = Path(f"/proc/{scoring.process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
