"""A fresh broker for one test, and clients of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import nats
from nats.aio.client import Client

from deploy.local.broker import Broker, start_broker
from shared.infra.streams import provision


@asynccontextmanager
async def fresh_broker(folder: Path, *, port: int | None = None) -> AsyncIterator[Broker]:
    """Run a broker on a free port with its streams in `folder` (give `tmp_path`)."""
    broker = await start_broker(folder, port=port)
    try:
        yield broker
    finally:
        await broker.stop()


@asynccontextmanager
async def client_of(broker: Broker) -> AsyncIterator[Client]:
    """Connect as the services do: reconnecting for ever, and fast."""
    client = await nats.connect(
        broker.url, connect_timeout=2, reconnect_time_wait=0.05, max_reconnect_attempts=-1, error_cb=_say_nothing
    )
    try:
        yield client
    finally:
        # nats-py says goodbye to the socket even if a test has taken the broker away.
        # Caught in the middle of a reconnect it cancels itself.
        with suppress(OSError, asyncio.CancelledError):
            await client.close()


@asynccontextmanager
async def provisioned_client(folder: Path) -> AsyncIterator[Client]:
    """Run a fresh broker with the three streams, and connect to it."""
    async with fresh_broker(folder) as broker, client_of(broker) as client:
        await provision(client)
        yield client


async def _say_nothing(_error: Exception) -> None:
    """Lost connections are what some tests are about."""
