"""A whole installation as separate processes, any of which can be killed and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from deploy.local import broker as brokers
from deploy.local.broker import Broker
from deploy.local.installation import evidence_url, provision_streams
from shared.infra.keys import KeyFiles, issue_token, make_key_pair
from tests.support.waits import until

SERVICES = ("intake", "scoring", "notify")
_ROOT = Path(__file__).resolve().parents[2]
_READY_WITHIN_S = 60
_ASK_TIMEOUT_S = 2
_STOP_WITHIN_S = 10


@dataclass
class Child:
    """One service process. Its address stays the same over restarts."""

    kind: str
    url: str
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, crash_at: str = "") -> None:
        """Start it anew; with `crash_at` it will die at that point (shared/infra/faults.py)."""
        self.kill()
        command = [sys.executable, "-m", f"services.{self.kind}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                # It must not outlive a test run that is itself killed.
                [*brokers._tied_to_parent(), *command],
                cwd=_ROOT,
                env={**os.environ, **self.environment, "DUBAN_CRASH_AT": crash_at},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.kind} ended:\n{self.log.read_text()[-3000:]}"
        try:
            async with httpx.AsyncClient(timeout=_ASK_TIMEOUT_S) as client:
                return (await client.get(f"{self.url}/readyz")).is_success
        except httpx.TransportError:
            return False

    async def ready(self) -> None:
        await until(self.is_ready, _READY_WITHIN_S)

    async def died(self) -> None:
        """Wait until it has killed itself at its crash point."""
        process = self.process
        assert process is not None
        await until(lambda: process.poll() is not None, _READY_WITHIN_S)
        assert process.returncode == -signal.SIGKILL, f"{self.kind} ended otherwise:\n{self.log.read_text()[-3000:]}"

    def pause(self) -> None:
        """Let it do nothing, and not know that time passes."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """Take it away without a warning; nothing happens if it is gone already."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(_STOP_WITHIN_S)


@dataclass
class Processes:
    """A broker or a cluster, the keys, and the services that were started."""

    folder: Path
    members: list[Broker]
    keys: KeyFiles
    services: dict[str, Child] = field(default_factory=dict)

    @property
    def nats_url(self) -> str:
        return ",".join(member.url for member in self.members)

    def service(self, name: str) -> Child:
        return self.services[name]

    def add(self, kind: str, name: str = "", *, database: str = "", crash_at: str = "", **more: str) -> Child:
        """Start one more service; a database of its own unless it shares that of the service named, or has an address.

        `more` are settings of its own, by their names.
        """
        name = name or kind
        url = f"http://127.0.0.1:{brokers.free_ports(1)[0]}"
        settings = {
            "NATS_URL": self.nats_url,
            "DATABASE_URL": (
                database if "://" in database else f"sqlite+aiosqlite:///{self.folder / (database or name)}.db"
            ),
            "PORT": url.rpartition(":")[2],
            "PUBLIC_KEY_FILE": str(self.keys.public),
            "LOG_LEVEL": "WARNING",
            "RATE_LIMIT_PER_MINUTE": "0",
            **({"MONITOR_URL": ",".join(member.monitor_url for member in self.members)} if kind == "intake" else {}),
            **({"EVIDENCE_URL": evidence_url(self.folder)} if kind == "intake" else {}),
        }
        environment = {f"DUBAN_{kind.upper()}_{name}": value for name, value in {**settings, **more}.items()}
        service = Child(kind, url, environment, self.folder / f"{name}.log")
        self.services[name] = service
        service.start(crash_at=crash_at)
        return service

    def complaints(self) -> dict[str, str]:
        """What services have logged; of warnings and worse only, so nothing where nothing happened."""
        logs = {name: service.log.read_text() for name, service in self.services.items()}
        return {name: log for name, log in logs.items() if log}

    async def ready(self) -> None:
        for service in self.services.values():
            await service.ready()

    def token(self, person: str | None) -> str:
        """A token for a person, or for the operator where none is named."""
        return issue_token(
            self.keys.private, person=person, operator=person is None, now=datetime.now(UTC),
            lifetime=timedelta(days=1), token_id="test",
        )  # fmt: skip

    def kill_member(self, place: int) -> None:
        self.members[place].process.kill()
        self.members[place].process.wait(_STOP_WITHIN_S)

    async def restart_member(self, place: int) -> None:
        """Start a member of the cluster again, with its store and at its old addresses."""
        member, folder = self.members[place], self.folder / "nats" / f"member-{place + 1}"
        settings = (folder / "nats-server.conf").read_text()
        port = member.url.rpartition(":")[2]
        process = brokers._start(folder, settings.replace("port: -1", f"port: {port}", 1).splitlines())
        self.members[place] = await brokers._when_listening(folder, process)
        await brokers._when_healthy(folder, self.members[place])

    async def stop(self) -> None:
        for service in self.services.values():
            service.kill()
        for member in self.members:
            await member.stop()


@asynccontextmanager
async def running(
    folder: Path, *, members: int = 1, services: Sequence[str] = SERVICES, sync_always: bool = False
) -> AsyncIterator[Processes]:
    """Run an installation in a folder: one broker or a cluster, and one process a service, all ready."""
    nats = folder / "nats"
    if members > 1:
        started = await brokers.start_cluster(nats, members, sync_always=sync_always)
    else:
        started = [await brokers.start_broker(nats, sync_always=sync_always)]
    installation = Processes(folder, started, make_key_pair(folder / "keys"))
    try:
        await provision_streams(installation.nats_url, replicas=members)
        for kind in services:
            installation.add(kind)
        await installation.ready()
        yield installation
    finally:
        await installation.stop()
