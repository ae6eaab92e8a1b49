"""How long after it was handed in does a return show in the standings, at a thousand returns a second?

Intake and scoring in processes of their own, five lists of 2,000 projects whose returns for January come in together.
Beside the steady stream one reader hands in returns of the first list, one after the other, and asks for that list as
of each: the wait ends with the answer.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from shared.infra.runtime import keep_what_lasts
from tests.bench import load
from tests.support.builders import LIST
from tests.support.client import Client, client_of
from tests.support.processes import Processes, running
from tests.support.world import OFFICE, World

PER_S = 1_000
SECONDS = 8
WORLDS = 5
CONNECTIONS = 64
_UNITS = tuple("abcdefgh")
_PROJECTS_PER_UNIT = 250


def visible() -> dict[str, object]:
    keep_what_lasts()
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running(Path(folder), services=["intake", "scoring"]) as installation,
            client_of(installation) as client,
        ):
            worlds = [
                World(client, f"visible-{number}", units=_UNITS, projects=_PROJECTS_PER_UNIT)
                for number in range(WORLDS)
            ]  # fmt: skip
            for world in worlds:
                await world.open()
            waits = sorted(await _waits(installation, client, worlds))
    return {
        "visible_samples": len(waits), "visible_p50_ms": round(1000 * waits[len(waits) // 2], 1),
        "visible_p99_ms": round(1000 * waits[len(waits) * 99 // 100], 1), "visible_p99_ms_target": 200,
    }  # fmt: skip


async def _waits(installation: Processes, client: Client, worlds: Sequence[World]) -> list[float]:
    returns = _returns(worlds)
    own, rest = returns[0 : PER_S * WORLDS : WORLDS], returns[PER_S * WORLDS :]
    others = [*rest, *(one for at, one in enumerate(returns[: PER_S * WORLDS]) if at % WORLDS)][: PER_S * SECONDS]
    requests = [
        load.post("/v1/submissions", client.token(f"reporter-{one['unit']}"), json.dumps(one).encode())
        for one in others
    ]  # fmt: skip
    port = int(installation.service("intake").url.rpartition(":")[2])
    waits: list[float] = []
    async with httpx.AsyncClient(timeout=30) as http:
        await _wait(http, installation, client, own.pop())  # until scoring knows the list
        stream = asyncio.create_task(load.paced(port, requests, per_s=PER_S, connections=CONNECTIONS))
        for one in own:
            if stream.done():
                break
            waits.append(await _wait(http, installation, client, one))
    await stream
    return waits


async def _wait(http: httpx.AsyncClient, installation: Processes, client: Client, one: dict[str, Any]) -> float:
    started = time.perf_counter()
    reporter = client.token(f"reporter-{one['unit']}")
    theirs = {"authorization": f"Bearer {reporter}"}
    accepted = await http.post(f"{installation.service('intake').url}/v1/submissions", json=one, headers=theirs)
    asked = {"min_position": accepted.json()["position"]}
    path = f"{installation.service('scoring').url}/v1/jurisdictions/{one['jurisdiction']}/lists/{LIST}/standings"
    office = {"authorization": f"Bearer {client.token(OFFICE)}"}
    while (await http.get(path, params=asked, headers=office)).status_code == httpx.codes.SERVICE_UNAVAILABLE:
        pass
    return time.perf_counter() - started


def _returns(worlds: Sequence[World]) -> list[dict[str, Any]]:
    """January's returns, which are due, of every project, the worlds in turn."""
    by_world = [[world.report(project, unit, 1_000_000) for project, unit in world.projects] for world in worlds]
    return [one for together in zip(*by_world, strict=True) for one in together]
