"""Intake's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import get_args

from fastapi import FastAPI
from nats.aio.client import Client

from services.intake import clock
from services.intake.api import SUBMISSION_PATHS, intake_routes
from services.intake.burden_routes import burden_routes
from services.intake.desk import Desk
from services.intake.directory import Directory
from services.intake.domain import known as entries
from services.intake.evidence import EvidenceStore
from services.intake.evidence_routes import evidence_routes
from services.intake.feed_routes import feed_routes
from services.intake.people_routes import people_routes
from services.intake.record_routes import record_routes
from services.intake.reference_routes import describe_intake, reference_routes
from services.intake.review_routes import review_routes
from services.intake.rpc import serve_requests
from services.intake.settings import IntakeSettings
from services.intake.task_routes import task_routes
from services.intake.workbook_routes import workbook_routes
from shared.core import register
from shared.core.events import SHAPES, RecordEvent
from shared.infra import runtime
from shared.infra.database import Database
from shared.infra.durable import insist_on_durability
from shared.infra.health import Health
from shared.infra.ledgers import SqlLedgers
from shared.infra.logs import configure_logs
from shared.infra.metrics import Metrics
from shared.infra.published import declare_published
from shared.infra.straight import go_straight
from shared.infra.streams import check_streams
from shared.infra.wire import EntryCodec

# duban.<kind>.<event>.v1
_NAMES = {event: SHAPES[event].type.split(".") for event in get_args(RecordEvent)}
_PUBLISHED = {event: f"record.*.*.{kind}.*.{name}" for event, (_, kind, name, _) in _NAMES.items()}


def build(
    settings: IntakeSettings,
    *,
    now: Callable[[], datetime] = runtime.utc_now,
    new_id: Callable[[], str] = runtime.new_id,
) -> FastAPI:
    """The whole service as one application; its lifespan connects, checks the streams and starts the clock."""
    metrics, health, tokens = Metrics("intake"), Health("started"), runtime.make_tokens(settings)
    broker = runtime.make_broker(settings, metrics)
    declare_published(broker, _PUBLISHED)
    database = Database(settings.database_url)
    source = f"/duban/{settings.instance}/intake"
    ledgers = SqlLedgers(database, EntryCodec.of(register, entries), service="intake", source=source)
    evidence = EvidenceStore(url, bytes_max=settings.evidence_bytes_max) if (url := settings.evidence_url) else None
    directory = Directory(database)
    desks: list[Desk] = []

    def desk() -> Desk:
        return desks[0]

    async def make_desk(client: Client) -> Desk:
        safety = await insist_on_durability(settings.durability, settings.monitor_urls)
        return Desk(client, ledgers, source, now, new_id, safety)

    serve_requests(broker, desk, tokens, now=now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await ledgers.create(version=entries.VERSION)
        await directory.create()
        client = await broker.connect()
        await check_streams(client)
        desks[:] = [await make_desk(client)]
        await desk().find_all()
        async with (
            runtime.started(broker),
            runtime.running(health, {"clock": lambda: clock.tick_forever(desk, now=now)}),
        ):
            health.report("started", True)
            health.watch(
                "broker", lambda: (client.is_connected, "connected" if client.is_connected else "reconnecting")
            )
            health.watch("record", lambda: (not desk().trouble, desk().trouble))
            yield
            await desk().close()
        await database.dispose()

    app = runtime.make_app(
        "Duban intake", settings, tokens, now=now, lifespan=lifespan, health=health, metrics=metrics, broker=broker
    )
    submissions = intake_routes(desk, tokens, now=now)
    app.include_router(submissions)
    go_straight(app, submissions, SUBMISSION_PATHS)
    for routes in (record_routes, feed_routes, task_routes, review_routes, burden_routes, workbook_routes):
        app.include_router(routes(desk, tokens, now=now))
    app.include_router(evidence_routes(desk, evidence, tokens, now=now))
    app.include_router(people_routes(desk, directory, tokens, now=now))
    app.include_router(reference_routes(tokens, now=now))
    describe_intake(app, issuer=settings.oidc_issuer)
    return app


async def main() -> None:
    settings = IntakeSettings()  # type: ignore[call-arg]
    configure_logs("intake", settings.log_level)
    await insist_on_durability(settings.durability, settings.monitor_urls)  # before a server would bury the reason
    await runtime.serve(build(settings), host=settings.host, port=settings.port)
