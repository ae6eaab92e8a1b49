"""Everything in one process on one port: a broker of its own, SQLite files, the three services.

A folder holds it all: `nats/` the streams, `keys/` the token keys, `evidence/` files, one database a service,
`installation.json` the addresses while it runs.
"""

import asyncio
import fcntl
import json
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe

import nats
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse, Response
from nats.aio.client import Client

from deploy.local.broker import BROKER_USER, start_broker
from deploy.local.reached import make_token
from services.intake import app as intake
from services.intake.settings import IntakeSettings
from services.notify import app as notify
from services.notify.settings import NotifySettings
from services.scoring import app as scoring
from services.scoring.settings import ScoringSettings
from shared.infra.durable import Durability
from shared.infra.keys import KeyFiles, make_key_pair
from shared.infra.runtime import Server
from shared.infra.streams import provision

SERVICES = ("intake", "scoring", "notify")
_TOKEN_LIFETIME = timedelta(days=1)
_STOP_S = 15


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a running installation is reached. `databases` are URLs by service."""

    folder: Path
    url: str
    nats_url: str
    nats_password: str = field(repr=False)
    monitor_url: str
    databases: dict[str, str]
    keys: KeyFiles
    durability: Durability = "standard"

    async def connect(self) -> Client:
        """A connection to the broker, for a subscriber downstream."""
        return await nats.connect(self.nats_url, connect_timeout=5, user=BROKER_USER, password=self.nats_password)

    def token(self, person: str | None, *, lifetime: timedelta = _TOKEN_LIFETIME) -> str:
        """A token for a person, or for the operator where none is named."""
        return make_token(self.keys.private.parent, person, lifetime=lifetime)


class InUse(Exception):
    """The folder belongs to an installation that is running."""


@asynccontextmanager
async def installed(
    folder: Path, *, port: int = 0, host: str = "127.0.0.1", durable: bool = False
) -> AsyncIterator[tuple[Installation, uvicorn.Server]]:
    """A running installation, stopped and cleaned up at the end of the block, whatever ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # streams, databases and keys are for whoever runs it
    async with AsyncExitStack() as stack:
        stack.enter_context(_alone_in(folder))
        password = token_urlsafe(24)  # what is not sealed yet must not be read past the services
        broker = await start_broker(folder / "nats", password=password, sync_always=durable)
        stack.push_async_callback(broker.stop)
        await provision_streams(broker.url, user=BROKER_USER, password=password)
        listening = _listen(host, port)
        address = f"http://{host}:{listening.getsockname()[1]}"
        installation = Installation(
            folder,
            address,
            broker.url,
            password,
            broker.monitor_url,
            database_urls(folder),
            make_key_pair(folder / "keys"),
            "durable" if durable else "standard",
        )
        server = Server(whole(installation), timeout_graceful_shutdown=_STOP_S)
        await stack.enter_async_context(_served(server, listening))
        _write_addresses(installation)
        stack.callback((folder / "installation.json").unlink, missing_ok=True)
        yield installation, server


def whole(installation: Installation) -> FastAPI:
    """The three services under /intake, /scoring and /notify of one application."""
    broker = {"nats_url": installation.nats_url, "nats_user": BROKER_USER, "nats_password": installation.nats_password}
    where = {**broker, "public_key_file": str(installation.keys.public), "port": "0"}
    urls = installation.databases
    parts = {
        "intake": intake.build(
            IntakeSettings.model_validate(
                {
                    **where,
                    "database_url": urls["intake"],
                    "monitor_url": installation.monitor_url,
                    "durability": installation.durability,
                    "evidence_url": os.environ.get("DUBAN_INTAKE_EVIDENCE_URL", evidence_url(installation.folder)),
                }
            )
        ),
        "scoring": scoring.build(ScoringSettings.model_validate({**where, "database_url": urls["scoring"]})),
        "notify": notify.build(NotifySettings.model_validate({**where, "database_url": urls["notify"]})),
    }

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in parts.values():
                await stack.enter_async_context(part.router.lifespan_context(part))
            yield

    app = FastAPI(title="Duban", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        pages = ("docs", "asyncapi", "healthz", "readyz", "metrics")
        return JSONResponse({name: {page: f"/{name}/{page}" for page in pages} for name in parts})

    app.state.closing = asyncio.Event()
    for name, part in parts.items():
        part.state.closing = app.state.closing
        app.mount(f"/{name}", part)

    @app.get("/live/{rest:path}", include_in_schema=False)
    async def live(rest: str) -> Response:
        return RedirectResponse(f"/scoring/live/{rest}")

    return app


def database_urls(folder: Path) -> dict[str, str]:
    return {name: f"sqlite+aiosqlite:///{folder / name}.db" for name in SERVICES}


def evidence_url(folder: Path) -> str:
    return (folder / "evidence").resolve().as_uri()


async def provision_streams(
    nats_url: str, *, replicas: int = 1, user: str | None = None, password: str | None = None
) -> None:
    """Run the one migration of the streams."""
    client = await nats.connect(nats_url.split(","), connect_timeout=5, user=user, password=password)
    try:
        await provision(client, replicas=replicas)
    finally:
        await client.close()


def _write_addresses(installation: Installation) -> None:
    content = {
        name: value for name, value in asdict(installation).items() if name in {"url", "nats_url", "monitor_url"}
    }
    (installation.folder / "installation.json").write_text(json.dumps(content))


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


@asynccontextmanager
async def _served(server: uvicorn.Server, listening: socket.socket) -> AsyncIterator[None]:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            if serving.done():
                await serving
                raise RuntimeError("the services did not start")
            await asyncio.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        async with asyncio.timeout(2 * _STOP_S):
            await serving
        listening.close()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: two brokers on the same streams would destroy them."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InUse(f"{folder} is in use by an installation that is running") from error
        yield
