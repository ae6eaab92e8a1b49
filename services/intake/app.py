"""Intake's composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import get_args

from fastapi import FastAPI
from nats.aio.client import Client

from services.intake import clock
from services.intake.api import describe_bodies, intake_routes
from services.intake.desk import Desk
from services.intake.domain import known as entries
from services.intake.rpc import serve_requests
from services.intake.settings import IntakeSettings
from shared.core import register
from shared.core.events import SHAPES, RecordEvent
from shared.infra import runtime
from shared.infra.auth import Tokens
from shared.infra.bus import durability
from shared.infra.database import Database
from shared.infra.health import Health
from shared.infra.ledgers import SqlLedgers
from shared.infra.logs import configure_logs
from shared.infra.metrics import Metrics
from shared.infra.published import declare_published
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
    metrics, health, tokens = Metrics("intake"), Health("started"), Tokens(settings.public_key_file)
    broker = runtime.make_broker(settings, metrics)
    declare_published(broker, _PUBLISHED)
    database = Database(settings.database_url)
    source = f"/duban/{settings.instance}/intake"
    ledgers = SqlLedgers(database, EntryCodec.of(register, entries), service="intake", source=source)
    desks: list[Desk] = []

    def desk() -> Desk:
        return desks[0]

    async def make_desk(client: Client) -> Desk:
        safety = await durability(client, monitor_url=settings.monitor_url)
        return Desk(client, ledgers, source, now, new_id, safety)

    serve_requests(broker, desk, tokens, now=now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await ledgers.create()
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

    app = runtime.make_app("Duban intake", lifespan=lifespan, health=health, metrics=metrics, broker=broker)
    app.include_router(intake_routes(desk, tokens, now=now))
    describe_bodies(app)
    return app


async def main() -> None:
    settings = IntakeSettings()  # type: ignore[call-arg]
    configure_logs("intake", settings.log_level)
    await runtime.serve(build(settings), host=settings.host, port=settings.port)
