"""Scoring's composition root."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import Depends, FastAPI
from nats.aio.client import Client

from services.scoring.api import live_guard, live_view, proof_routes, standings_routes
from services.scoring.correction_routes import correction_routes
from services.scoring.domain import ledger as entries
from services.scoring.page import live_routes
from services.scoring.project import project
from services.scoring.reading import Reading
from services.scoring.settings import ScoringSettings
from shared.core import register
from shared.core.calendar import Moment
from shared.core.errors import NotYet
from shared.core.events import (
    SHAPES,
    AnyRecorded,
    CorrectionDrawn,
    DriftFound,
    LineDrawn,
    RuleHit,
    StandingsDrawn,
    StandingsEvent,
)
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.core.register import opening
from shared.infra import runtime, wire
from shared.infra.database import Database
from shared.infra.follow import Follower
from shared.infra.health import Health
from shared.infra.ledgers import SqlLedgers, Statement
from shared.infra.logs import configure_logs
from shared.infra.metrics import Metrics
from shared.infra.outbox import Relay
from shared.infra.published import declare_published
from shared.infra.streams import RECORD, STANDINGS, check_streams, standings_subject
from shared.infra.watch import watch_followers
from shared.infra.wire import EntryCodec

CODEC = EntryCodec.of(register, entries)
_PUBLISHED = {
    CorrectionDrawn: "standings.*.*.*.correction_drawn",
    DriftFound: "standings.*.*.*.drift_found",
    LineDrawn: "standings.*.*.*.line_drawn",
    RuleHit: "standings.*.*.*.rule_hit",
    StandingsDrawn: "standings.*.*.*.standings_drawn",
}


def take(ledger: Ledger, recorded: AnyRecorded, *, parked: Sequence[Parked]) -> list[Statement]:
    """Scoring's use case as the follower calls it."""
    drawn = project(ledger, recorded, parked=parked)
    return [_statement(ledger, event, recorded) for event in drawn]


def _statement(ledger: Ledger, event: StandingsEvent, cause: AnyRecorded) -> Statement:
    name = SHAPES[type(event)].type.split(".")[2]
    subject = standings_subject(opening(ledger).partition, ledger.jurisdiction, event.list, name)
    at = Moment.parse(event.moment).at
    stated = wire.statement(event, jurisdiction=ledger.jurisdiction, at=at, causation=cause.id)
    return Statement(event.moment, subject, stated, cause.position)


async def _never(_waits: NotYet) -> bool:
    return False


def build(settings: ScoringSettings, *, now: Callable[[], datetime] = runtime.utc_now) -> FastAPI:
    """The whole service as one application; its lifespan connects, checks the streams and follows the record."""
    metrics, health, tokens = Metrics("scoring"), Health("started"), runtime.make_tokens(settings)
    broker = runtime.make_broker(settings, metrics)
    declare_published(broker, _PUBLISHED)
    database = Database(settings.database_url)
    source = f"/duban/{settings.instance}/scoring"
    ledgers = SqlLedgers(database, CODEC, service="scoring", source=source, outgoing_stream=STANDINGS)
    reading = Reading(ledgers)
    bells: set[asyncio.Task[None]] = set()

    def saved(_ledgers: Sequence[Ledger]) -> None:
        bells.add(bell := asyncio.create_task(reading.ring()))
        bell.add_done_callback(bells.discard)

    def follower(client: Client, partition: int) -> Follower:
        relay = Relay(client, ledgers, stream=STANDINGS, partition=partition, crash_prefix="scoring")
        return Follower(
            client, ledgers, stream=RECORD, partition=partition, take=take, relay=relay, patience=_never, saved=saved
        )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await ledgers.create()
        async with runtime.started(broker) as client:
            await check_streams(client)
            reading.past.client = client
            followers = {number: follower(client, number) for number in settings.partition_numbers}
            tasks = {f"partition {number}": one.run for number, one in followers.items()}
            watching = watch_followers(client, followers, metrics, health)
            async with runtime.running(health, {**tasks, "watch": watching}):
                health.report("started", True)
                yield
        await database.dispose()

    app = runtime.make_app(
        "Duban scoring", settings, tokens, now=now, lifespan=lifespan, health=health, metrics=metrics, broker=broker
    )
    app.include_router(standings_routes(reading, tokens, now=now))
    app.include_router(proof_routes(reading, tokens, now=now))
    app.include_router(correction_routes(reading, tokens, now=now))
    guard = live_guard(reading, tokens, now=now)
    app.include_router(live_routes(partial(live_view, reading), reading.changed), dependencies=[Depends(guard)])
    return app


async def main() -> None:
    settings = ScoringSettings()  # type: ignore[call-arg]
    configure_logs("scoring", settings.log_level)
    await runtime.serve(build(settings), host=settings.host, port=settings.port)
