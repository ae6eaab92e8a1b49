"""What every service is started with: its broker connection, its HTTP application, its background tasks."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from socket import socket
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from faststream.specification import AsyncAPI
from nats.aio.client import Client
from uuid_utils import uuid7

from shared.infra.auth import Tokens
from shared.infra.health import Health, routes
from shared.infra.logs import broker_logger
from shared.infra.metrics import Metrics, broker_middleware, measure_requests
from shared.infra.oidc import OidcIssuer
from shared.infra.rates import limit_rate
from shared.infra.settings import ServiceSettings
from shared.infra.sign_on import sign_on_routes
from shared.infra.web import PROBLEM_RESPONSES, install_docs, install_problems, limit_body

BODY_MAX_BYTES = 64 * 1024 * 1024
_CONNECT_TIMEOUT_S = 5
_SHUTDOWN_S = 10
_COLLECT_AFTER = (20_000, 50, 50)

TASK_FAILED = "task_failed"
_log = structlog.stdlib.get_logger("duban.runtime")


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7: ids sort by the time at which they were made."""
    return str(uuid7())


def make_broker(settings: ServiceSettings, metrics: Metrics) -> NatsBroker:
    """The service's one connection; it reconnects for ever."""
    password = settings.nats_password.get_secret_value() if settings.nats_password else ""
    return NatsBroker(
        list(settings.nats_servers), name=f"duban-{metrics.service}", logger=broker_logger(), max_reconnect_attempts=-1,
        connect_timeout=_CONNECT_TIMEOUT_S, reconnect_time_wait=1, graceful_timeout=_SHUTDOWN_S,
        middlewares=[broker_middleware(metrics)],
        security=SASLPlaintext(settings.nats_user, password, use_ssl=False) if settings.nats_user else None,
    )  # fmt: skip


@asynccontextmanager
async def started(broker: NatsBroker) -> AsyncIterator[Client]:
    """The broker's client, started with its subscribers and stopped after use."""
    client = await broker.connect()
    await broker.start()
    try:
        yield client
    finally:
        with suppress(OSError):  # the broker may be gone already
            await broker.stop()


def make_tokens(settings: ServiceSettings) -> Tokens:
    """What proves who asks: our own tokens, and those of the issuer that the settings name."""
    if settings.oidc_issuer is None:
        return Tokens(settings.public_key_file)
    issuer = OidcIssuer(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_person_claim)
    return Tokens(settings.public_key_file, issuer)


def make_app(
    title: str, settings: ServiceSettings, tokens: Tokens, *, now: Callable[[], datetime],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]], health: Health, metrics: Metrics,
    broker: NatsBroker,
) -> FastAPI:  # fmt: skip
    """The HTTP application of a service: problems, reference pages, health, metrics, limits, sign-on.

    `app.state.closing` is set when the server begins to stop: what answers for long ends then.
    """
    app = FastAPI(
        title=title, version="1", docs_url=None, redoc_url=None, lifespan=lifespan, responses=PROBLEM_RESPONSES,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing is sent anywhere, nor looked for
    )  # fmt: skip
    app.state.closing = asyncio.Event()
    install_problems(app)
    install_docs(app, title, lambda: AsyncAPI(broker, title=title, version="1").to_specification().to_jsonable())
    app.include_router(routes(health, metrics))
    if isinstance(tokens.issuer, OidcIssuer) and settings.oidc_client_secret:
        secret = settings.oidc_client_secret.get_secret_value()
        app.include_router(sign_on_routes(tokens.issuer, secret, tokens, now=now))
    app.add_middleware(limit_body, max_bytes=BODY_MAX_BYTES)
    app.add_middleware(limit_rate, tokens=tokens, now=now, per_minute=settings.rate_limit_per_minute)
    app.add_middleware(measure_requests, metrics=metrics)
    return app


@asynccontextmanager
async def running(health: Health, tasks: dict[str, Callable[[], Coroutine[Any, Any, None]]]) -> AsyncIterator[None]:
    """Background tasks for as long as the block lasts. One that ends by itself makes the service not ready."""
    spawned = [asyncio.create_task(_watched(health, name, task), name=name) for name, task in tasks.items()]
    try:
        yield
    finally:
        await stopped(spawned)


async def stopped(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they have ended.

    Asked again each second: before Python 3.12 `asyncio.wait_for` loses a cancellation that meets its answer.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1)


async def _watched(health: Health, name: str, task: Callable[[], Awaitable[None]]) -> None:
    health.report(name, True)
    try:
        await task()
        health.report(name, False, "ended")
    except Exception as error:
        _log.error(TASK_FAILED, task=name, exc_info=error)
        health.report(name, False, f"{type(error).__name__}: {error}")


def keep_what_lasts() -> None:
    """Look for cyclic garbage less often: what a service knows of a record lasts, and is much.

    Python's own 700 allocations cost intake a third of its time, and pauses of a quarter of a second.
    """
    gc.set_threshold(*_COLLECT_AFTER)


class Server(uvicorn.Server):
    """Serves an application, and tells what answers for long to end before it waits for all answers to end."""

    def __init__(self, app: FastAPI, **options: Any) -> None:
        # Where no line a request is shown, none is worded.
        is_told = logging.getLogger("uvicorn.access").isEnabledFor(logging.INFO)
        super().__init__(uvicorn.Config(app, log_config=None, access_log=is_told, lifespan="on", **options))
        self._closing: asyncio.Event = app.state.closing

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets)


async def serve(app: FastAPI, *, host: str, port: int) -> None:
    """Serve until a signal asks to stop; requests under way are finished first."""
    keep_what_lasts()
    await Server(app, host=host, port=port, timeout_graceful_shutdown=_SHUTDOWN_S).serve()
