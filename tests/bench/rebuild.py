"""How fast is scoring's projection made anew, by one process and by two, of a busy year spread over jurisdictions?"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from nats.aio.client import Client

from services.intake.bookkeeping import outgoing
from services.scoring.app import CODEC, take
from services.scoring.rebuilding import Work, connecting, refold
from shared.core.events import AnyRecorded, JurisdictionOpened, ProgressCorrected
from shared.infra.bus import publish_batch
from shared.infra.database import Database
from shared.infra.generations import Generations
from shared.infra.streams import RECORD, jurisdiction_filter, provision
from tests.bench.evaluate import busy_year
from tests.bench.standings import quiet_events
from tests.support.broker import client_of, fresh_broker

PLACES = 4
_BATCH = 1_000


def rebuild(count: int = 40_000, *, quiet: bool = True) -> dict[str, float]:
    """Events per second of a whole rebuild on SQLite, by workers; `count` events in all, over four partitions.

    `quiet`: all between two draws; else a year with its draws, of some five statements an event.
    """
    return asyncio.run(_measure(count, quiet))


async def _measure(count: int, quiet: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_broker(folder / "nats") as broker, client_of(broker) as client:
            await provision(client)
            totals = [await _recorded(client, place, count // PLACES, quiet) for place in range(PLACES)]
            found: dict[str, float] = {}
            for workers in (1, 2):
                url = f"sqlite+aiosqlite:///{folder / str(workers)}.db"
                seconds = await _rebuilt(Work(connecting([broker.url], None, None), url, CODEC, take), totals, workers)
                found[f"rebuild_{workers}_workers_events_per_s"] = round(count / seconds)
            return found


async def _rebuilt(work: Work, totals: list[int], workers: int) -> float:
    database = Database(work.database_url)
    generations = Generations(database, "bench/1")
    await work.ledgers(database, 1).create()
    generation = await generations.prepare(await generations.in_use())
    loop, started = asyncio.get_running_loop(), time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        await asyncio.gather(*(
            loop.run_in_executor(pool, refold, work, generation, place, last) for place, last in enumerate(totals)
        ))  # fmt: skip
    seconds = time.perf_counter() - started
    await database.dispose()
    return seconds


async def _recorded(client: Client, place: int, count: int, quiet: bool) -> int:
    """A jurisdiction in its partition; the position of its last event."""
    code, last = f"place-{place}", 0
    messages = [outgoing(one, partition=place, source="/bench") for one in _events(code, place, count, quiet)]
    for start in range(0, len(messages), _BATCH):
        within = jurisdiction_filter(RECORD, place, code)
        some = messages[start : start + _BATCH]
        last = (await publish_batch(client, RECORD, some, filter_subject=within, expect_last=last))[-1]
    return last


def _events(code: str, place: int, count: int, quiet: bool) -> Iterator[AnyRecorded]:
    for one in quiet_events(count) if quiet else busy_year(count, projects=500):
        data = one.data
        if isinstance(data, JurisdictionOpened):
            data = replace(data, partition=place)
        if isinstance(data, ProgressCorrected):
            data = replace(data, corrected_event=f"{code}-{data.corrected_event}")
        yield replace(one, jurisdiction=code, data=data, id=f"{code}-{one.id}", causation="")
