"""Scoring's composition root."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import Depends, FastAPI
from nats.aio.client import Client

from services.scoring.api import live_guard, live_view, proof_routes, standings_routes
from services.scoring.check_routes import check_routes
from services.scoring.correction_routes import correction_routes
from services.scoring.domain import ledger as entries
from services.scoring.domain.draw import ENGINE
from services.scoring.explain_routes import explain_routes
from services.scoring.export_routes import export_routes
from services.scoring.moves_routes import moves_routes
from services.scoring.page import live_routes
from services.scoring.project import project
from services.scoring.reading import Reading
from services.scoring.rebuild_routes import rebuild_routes
from services.scoring.rebuilding import Rebuilding, Work, connecting
from services.scoring.self_check import SelfCheck
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
    ledgers = SqlLedgers(database, CODEC, service="scoring", source=source, outgoing_stream=STANDINGS, engine=ENGINE)
    reading = Reading(ledgers)
    rebuildings: list[Rebuilding] = []
    bells: set[asyncio.Task[None]] = set()

    def saved(ledgers: Sequence[Ledger]) -> None:
        reading.snapshots.saved(ledgers)
        bells.add(bell := asyncio.create_task(reading.ring()))
        bell.add_done_callback(bells.discard)

    def follower(client: Client, partition: int) -> Follower:
        relay = Relay(client, ledgers, stream=STANDINGS, partition=partition, crash_prefix="scoring")
        return Follower(
            client,
            ledgers,
            stream=RECORD,
            partition=partition,
            take=take,
            relay=relay,
            patience=_never,
            saved=saved,
            saving=reading.snapshots.saving,
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
            check = SelfCheck(
                ledgers, reading.past, take, followers, metrics, every_s=settings.self_check_every_s, now=now
            )
            rebuildings[:] = [_rebuilding(settings, ledgers, client, followers, reading.snapshots.forget)]
            async with runtime.running(health, {**tasks, "watch": watching, "self-check": check.run}):
                health.report("started", True)
                yield
                await rebuildings[0].stop()
        await database.dispose()

    app = runtime.make_app(
        "Duban scoring", settings, tokens, now=now, lifespan=lifespan, health=health, metrics=metrics, broker=broker
    )
    for routes in (standings_routes, proof_routes, correction_routes, check_routes, explain_routes, moves_routes):
        app.include_router(routes(reading, tokens, now=now))
    app.include_router(rebuild_routes(lambda: rebuildings[0], tokens, now=now))
    app.include_router(export_routes(reading, tokens, now=now))
    guard = live_guard(reading, tokens, now=now)
    app.include_router(live_routes(partial(live_view, reading), reading.changed), dependencies=[Depends(guard)])
    return app


def _rebuilding(
    settings: ScoringSettings, ledgers: SqlLedgers, client: Client,
    followers: Mapping[int, Follower], switched: Callable[[], None],
) -> Rebuilding:  # fmt: skip
    password = settings.nats_password.get_secret_value() if settings.nats_password else None
    work = Work(connecting(settings.nats_servers, settings.nats_user, password), settings.database_url, CODEC, take)
    if ledgers.generations is None:
        raise RuntimeError("scoring's projection has generations")
    return Rebuilding(ledgers, ledgers.generations, work, client, followers, switched)


async def main() -> None:
    settings = ScoringSettings()  # type: ignore[call-arg]
    configure_logs("scoring", settings.log_level)
    await runtime.serve(build(settings), host=settings.host, port=settings.port)
