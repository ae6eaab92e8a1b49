"""Measure the main path once and print JSON: fold, submit, catch up, each beside something to compare it with.

`python -m tests.bench evaluate` measures that part alone; without a name, all parts but `long`.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from deploy.local import district
from deploy.local.client import Client
from deploy.local.installation import Installation, installed
from deploy.local.regime_file import read_regime
from services.scoring.project import project
from shared.core.events import SHAPES, AnyRecorded, ProgressReported, ProjectListed
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.bus import Outgoing, publish_batch
from shared.infra.logs import configure_logs
from shared.infra.streams import NOTICES
from tests.bench.edge import edge
from tests.bench.evaluate import evaluate
from tests.bench.memory import memory
from tests.bench.standings import long, standings
from tests.bench.submissions import submissions
from tests.bench.visible import visible
from tests.bench.workbooks import workbooks

PROJECTS = 1000
BATCH = 500


def main() -> None:
    configure_logs("bench", "ERROR")
    found: dict[str, object] = {"python": sys.version.split()[0]}
    parts = {**_PARTS, **_LONG}
    for name in sys.argv[1:] or _PARTS:
        found |= parts[name]()
    print(json.dumps(found, indent=2))


def fold() -> dict[str, float]:
    """Events a second of scoring's pure fold, decoded beforehand, against decoding alone."""
    events = [*record(PROJECTS)]
    bodies = [wire.encode(one, source="/bench") for one in events]
    started = time.perf_counter()
    for body in bodies:
        wire.decode(body)
    decoded = time.perf_counter()
    ledger = Ledger(district.JURISDICTION)
    for one in events:
        project(ledger, one)
    folded = time.perf_counter()
    return {
        "events": len(events),
        "decode_events_per_s": round(len(events) / (decoded - started)),
        "fold_events_per_s": round(len(events) / (folded - decoded)),
    }


async def services() -> dict[str, float]:
    """Submissions a second over HTTP in batches, against bare atomic batches; and how long the services need after."""
    with tempfile.TemporaryDirectory() as folder:
        async with installed(Path(folder)) as (installation, _server):
            client = Client.of(installation.url)
            try:
                for act in opening():
                    await client.submit(dict(act.submission), installation.token(act.person or None))
                submitted_s, position = await _submit(installation, client)
                started = time.perf_counter()
                await client.reach(district.JURISDICTION, position, installation.token(None), within_s=300)
                behind_s = time.perf_counter() - started
                bare_s = await _bare(installation)
            finally:
                await client.close()
    return {
        "submissions": PROJECTS * 2,
        "submissions_per_s": round(PROJECTS * 2 / submitted_s),
        "bare_publish_per_s": round(PROJECTS * 2 / bare_s),
        "ratio_to_bare_publish": round(bare_s / submitted_s, 3),
        "services_behind_s": round(behind_s, 3),
    }


async def _submit(installation: Installation, client: Client) -> tuple[float, int]:
    submissions = [*listings(PROJECTS), *returns(PROJECTS)]
    position, started = 0, time.perf_counter()
    for start in range(0, len(submissions), BATCH):
        together = {"submissions": submissions[start : start + BATCH]}
        who = district.OFFICE_PERSON if together["submissions"][0]["unit"] == district.OFFICE else "reporter-town-a"
        receipts = await client.post("/intake/v1/submissions:batch", together, installation.token(who))
        position = receipts[-1]["position"]
    return time.perf_counter() - started, position


async def _bare(installation: Installation) -> float:
    """The same bodies in the same batches straight to the broker: into NOTICES, which no service reads unasked."""
    bodies = [json.dumps(one).encode() for one in [*listings(PROJECTS), *returns(PROJECTS)]]
    client = await installation.connect()
    messages = [Outgoing(f"notices.0.bare.x.x.{at}", f"bare-{at}", body) for at, body in enumerate(bodies)]
    last, started = 0, time.perf_counter()
    for start in range(0, len(messages), BATCH):
        batch = messages[start : start + BATCH]
        positions = await publish_batch(client, NOTICES, batch, filter_subject="notices.0.bare.>", expect_last=last)
        last = positions[-1]
    took_s = time.perf_counter() - started
    await client.close()
    return took_s


def opening() -> Sequence[district.Act]:
    acts = district.submissions(read_regime(Path(str(files("shared") / "regimes" / "district-003.yaml"))))
    return [act for act in acts if act.submission["type"].split(".")[1] not in {"project", "time"}] + [
        next(act for act in acts if act.is_clock_move)
    ]


def listings(count: int) -> list[dict[str, Any]]:
    return [_submission(district.OFFICE, f"list-{one.project}", one) for one in _listed(count)]


def returns(count: int) -> list[dict[str, Any]]:
    reports = [
        ProgressReported(
            project=one.project, cadence="monthly", period="2026-01", investment_ytd_yuan=Decimal(1_000_000)
        )
        for one in _listed(count)
    ]
    return [_submission("town-a", f"return-{one.project}", one) for one in reports]


def record(count: int) -> Iterator[AnyRecorded]:
    """The opening, then every project listed and its returns of a year."""
    opened = district.events_of([act for act in opening() if not act.is_clock_move])
    yield from opened
    last = opened[-1]
    position = len(opened)
    for one in _listed(count):
        position += 1
        yield replace(last, position=position, id=f"l{position}", data=one, submission="")
    for month in range(1, 13):
        at = last.recorded_at + timedelta(days=31 * month)
        for one in _listed(count):
            position += 1
            period = f"2026-{month:02d}"
            report = ProgressReported(
                project=one.project, cadence="monthly", period=period, investment_ytd_yuan=Decimal(month)
            )
            yield replace(last, position=position, id=f"r{position}", data=report, recorded_at=at, submission="")


def _listed(count: int) -> list[ProjectListed]:
    return [
        ProjectListed(
            list=district.LIST, year=district.YEAR, project=f"b{number}", name=f"project {number}", lead_unit="town-a",
            annual_planned_investment_yuan=Decimal(100_000_000), planned_start_on=date(2026, 1, 1),
        )
        for number in range(count)
    ]  # fmt: skip


def _report(project: str, month: int) -> ProgressReported:
    done = Decimal(month * 1_000_000)
    return ProgressReported(
        project=project, cadence="monthly", period=f"{district.YEAR}-{month:02d}", investment_ytd_yuan=done
    )


def _submission(unit: str, key: str, data: ProjectListed | ProgressReported) -> dict[str, Any]:
    return {
        "key": key,
        "jurisdiction": district.JURISDICTION,
        "unit": unit,
        "type": SHAPES[type(data)].type,
        "data": wire.data_of(data),
    }


_PARTS: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "fold": fold,
    "services": lambda: asyncio.run(services()),
    "evaluate": evaluate,
    "edge": edge,
    "submissions": submissions,
    "workbooks": workbooks,
    "standings": standings,
    "memory": memory,
    "visible": visible,
}
_LONG: Mapping[str, Callable[[], Mapping[str, object]]] = {"long": long}
"""Takes minutes: only where it is asked for by name."""

main()
