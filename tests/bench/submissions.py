"""How fast does intake take what people send, on a broker that syncs to disk before it acknowledges?

One broker, one intake in a process of its own, this process in the place of the clients. Each round measures every
way in, and beside it what the broker does when it is asked directly; the ratios are those of one round.
"""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import nats
from nats.aio.client import Client as Nats

from deploy.local.event_file import write_events
from services.intake.bookkeeping import outgoing
from shared.core.events import AnyRecorded, ProgressCorrected
from shared.infra.bus import Outgoing, ask, message_count, publish_batch
from shared.infra.runtime import keep_what_lasts
from shared.infra.streams import RECORD
from tests.bench import load
from tests.bench.evaluate import busy_year
from tests.support.client import OPERATOR, Client, client_of
from tests.support.processes import Processes, running
from tests.support.waits import until
from tests.support.world import OFFICE, World

ROUNDS = 3
CLIENTS = 64
IN_FLIGHT = 64
SINGLES = 12_000
TOGETHER = 100
BATCHES = 200
BATCH_CLIENTS = 8
BARE = 12_000
BARE_BYTES = 1024
PACE_PER_S = 1_000
PACED = 8_000
IMPORTED = 20_000
RAW_BATCH = 1_000
WARM_UP = 500

_BENCH = "BENCH"
_SETTLED_WITHIN_S = 60
_UNITS = tuple("abcdefgh")
_PROJECTS_PER_UNIT = 250
_MONTHS = 12
_NARRATIVE = "主体结构施工至五层,设备基础完成百分之六十,室外管网开挖三百二十米,累计完成投资与形象进度相符。" * 2


def submissions() -> dict[str, object]:
    keep_what_lasts()
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            installation = await stack.enter_async_context(running(Path(folder), services=["intake"], sync_always=True))
            bus = await nats.connect(installation.nats_url)
            stack.push_async_callback(bus.close)
            bench = _Bench(installation, await stack.enter_async_context(client_of(installation)), bus)
            await bench.prepare()
            for number in range(1, ROUNDS + 1):
                await bench.round(number)
            return bench.found()


@dataclass(slots=True)
class _Bench:
    installation: Processes
    client: Client
    bus: Nats
    rounds: list[dict[str, float]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.installation.service("intake").url.rpartition(":")[2])

    async def prepare(self) -> None:
        """A stream with the settings of the record's, and one thrown-away round of submissions to warm up."""
        record = (await ask(self.bus, f"STREAM.INFO.{RECORD}"))["config"]
        await ask(self.bus, f"STREAM.CREATE.{_BENCH}", {**record, "name": _BENCH, "subjects": ["bench.>"]})
        requests = self._singles(await self._opened("warm"))[:WARM_UP]
        await load.as_fast_as_possible(self.port, [requests])

    async def round(self, number: int) -> None:
        bare = await self._bare(number)
        single = await self._single(await self._opened(f"single-{number}"))
        batch = await self._batch(await self._opened(f"batch-{number}"))
        waits = await self._paced(await self._opened(f"paced-{number}"))
        raw = await self._raw(number)
        imported = await self._import(number)
        self.rounds.append({
            "bare_publish_per_s": bare, "single_per_s": single, "batch_of_100_per_s": batch,
            "raw_batch_of_1000_per_s": raw, "import_per_s": imported,
            "single_to_bare": single / bare, "batch_to_single": batch / single, "import_to_raw": imported / raw,
            "paced_p50_ms": 1000 * waits[len(waits) // 2], "paced_p99_ms": 1000 * waits[len(waits) * 99 // 100],
        })  # fmt: skip

    def found(self) -> dict[str, object]:
        medians = {name: round(median(one[name] for one in self.rounds), 3) for name in self.rounds[0]}
        return {f"intake_{name}": value for name, value in medians.items()} | {
            "intake_rounds": [{name: round(value, 3) for name, value in one.items()} for one in self.rounds]
        }

    # --- what the broker does by itself ---

    async def _bare(self, number: int) -> float:
        stream, body, turns = self.bus.jetstream(), b"x" * BARE_BYTES, iter(range(BARE))

        async def publish() -> None:
            for turn in turns:
                await stream.publish(f"bench.bare.{number}.{turn % 2_000}", body)

        started = time.perf_counter()
        await asyncio.gather(*(publish() for _ in range(IN_FLIGHT)))
        return BARE / (time.perf_counter() - started)

    async def _raw(self, number: int) -> float:
        events = _moved_record(f"raw-{number}")
        messages = [_to_bench(outgoing(one, partition=0, source="/bench")) for one in events]
        started, last = time.perf_counter(), 0
        for start in range(0, len(messages), RAW_BATCH):
            batch = messages[start : start + RAW_BATCH]
            within = f"bench.0.raw-{number}.>"
            last = (await publish_batch(self.bus, _BENCH, batch, filter_subject=within, expect_last=last))[-1]
        return len(messages) / (time.perf_counter() - started)

    # --- the ways in ---

    async def _single(self, world: World) -> float:
        requests = self._singles(world)[:SINGLES]
        took_s = await load.as_fast_as_possible(self.port, [requests[at::CLIENTS] for at in range(CLIENTS)])
        await self._insist(world, SINGLES)
        return SINGLES / took_s

    async def _batch(self, world: World) -> float:
        batches = []
        for unit in _UNITS:
            returns = _returns(world, unit)
            for start in range(0, len(returns), TOGETHER):
                body = json.dumps({"submissions": returns[start : start + TOGETHER]}, ensure_ascii=False).encode()
                batches.append(load.post("/v1/submissions:batch", self._token(unit), body))
        batches = batches[:BATCHES]
        took_s = await load.as_fast_as_possible(self.port, [batches[at::BATCH_CLIENTS] for at in range(BATCH_CLIENTS)])
        await self._insist(world, BATCHES * TOGETHER)
        return BATCHES * TOGETHER / took_s

    async def _paced(self, world: World) -> list[float]:
        requests = self._singles(world)[:PACED]
        waits = await load.paced(self.port, requests, per_s=PACE_PER_S, connections=CLIENTS)
        await self._insist(world, PACED)
        return waits

    async def _import(self, number: int) -> float:
        jurisdiction, file = f"import-{number}", BytesIO()
        write_events(_moved_record(jurisdiction), file)
        path, token = f"/v1/jurisdictions/{jurisdiction}/record", self.installation.token(OPERATOR)
        took_s = await load.as_fast_as_possible(self.port, [[load.post(path, token, file.getvalue())]])
        await self._position(jurisdiction)  # which makes intake read it
        return IMPORTED / took_s

    # --- what is sent ---

    async def _opened(self, jurisdiction: str) -> World:
        """A jurisdiction of 2,000 projects whose year is over."""
        world = World(self.client, jurisdiction, units=_UNITS, projects=_PROJECTS_PER_UNIT)
        await world.open()
        await world.send("year", "time.time_reached", {"at": "2027-01-31T01:00:00Z"}, OFFICE)
        await self._settled(jurisdiction)
        return world

    def _singles(self, world: World) -> list[bytes]:
        """All returns of a year, each a request, the units in turn."""
        by_unit = []
        for unit in _UNITS:
            bodies = [json.dumps(one, ensure_ascii=False).encode() for one in _returns(world, unit)]
            by_unit.append([load.post("/v1/submissions", self._token(unit), body) for body in bodies])
        return [request for together in zip(*by_unit, strict=True) for request in together]

    def _token(self, unit: str) -> str:
        return self.client.token(f"reporter-{unit}")

    async def _insist(self, world: World, count: int) -> None:
        kept = await message_count(self.bus, RECORD, f"record.*.{world.jurisdiction}.project.*.progress_reported")
        if kept != count:
            raise AssertionError(f"{kept} of {count} submissions are recorded")
        await self._settled(world.jurisdiction)

    async def _settled(self, jurisdiction: str) -> None:
        """Wait until intake has saved what it knows: it must not do that while something else is measured."""
        position = await self._position(jurisdiction)
        with closing(sqlite3.connect(self.installation.folder / "intake.db")) as database:
            saved = "select position from fold where jurisdiction = ?"
            await until(lambda: database.execute(saved, [jurisdiction]).fetchone() == (position,), _SETTLED_WITHIN_S)

    async def _position(self, jurisdiction: str) -> int:
        return int((await self.client.get("intake", f"/v1/jurisdictions/{jurisdiction}/clock"))["position"])


def _returns(world: World, unit: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for month in range(1, _MONTHS + 1):
        for project, of in world.projects:
            if of == unit:
                one, period = world.report(project, unit, month * 1_000_000), f"2026-{month:02d}"
                data = {**one["data"], "period": period, "narrative": _NARRATIVE}
                found.append({**one, "key": f"{project}-{period}", "data": data})
    return found


def _moved_record(jurisdiction: str) -> Sequence[AnyRecorded]:
    """A busy year as the record of another jurisdiction, with ids of its own."""
    return [_moved(one, jurisdiction) for one in busy_year(IMPORTED)]


def _moved(one: AnyRecorded, to: str) -> AnyRecorded:
    data = one.data
    if isinstance(data, ProgressCorrected):
        data = replace(data, corrected_event=f"{to}-{data.corrected_event}")
    return replace(one, jurisdiction=to, id=f"{to}-{one.id}", data=data)


def _to_bench(message: Outgoing) -> Outgoing:
    return replace(message, subject=message.subject.replace("record.", "bench.", 1))
