"""How long does `duban evaluate` take for a busy year of one jurisdiction, and does its memory stay flat?

2,000 projects on one list; whatever the number of events, they fall within one year, so the draws are the same.
Each size is one run of the whole command in a process of its own: reading, both folds, every draw, the text.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from deploy.local import district
from deploy.local.event_file import read_events, write_events
from deploy.local.regime_file import read_regime
from shared.core.events import (
    AnyRecorded,
    PlanSet,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    RecordEvent,
    StageChanged,
    TimeReached,
)

PROJECTS = 2_000
SIZES = (20_000, 100_000, 400_000)

_OPENING = {"project", "time"}
_FIRST, _LAST = datetime(2026, 2, 1, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)
"""Returns begin with that for January; by the end of next January December is closed and its bulletin drafted."""
_PLAN_YUAN = 100_000_000
_COMMAND = "from deploy.local.command import main; main()"


def evaluate() -> dict[str, float]:
    """Seconds and the greatest memory of the whole command for each size, and seconds of reading the file alone."""
    measured: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.ndjson"
            with path.open("wb") as stream:
                write_events(busy_year(size), stream)
            started = time.perf_counter()
            count = sum(1 for _ in read_events(path))
            measured[f"evaluate_{count}_read_s"] = round(time.perf_counter() - started, 2)
            command_s, peak_mb = _command(path)
            measured[f"evaluate_{count}_s"] = round(command_s, 2)
            measured[f"evaluate_{count}_peak_mb"] = round(peak_mb)
    return measured


def busy_year(count: int, *, projects: int = PROJECTS) -> Iterator[AnyRecorded]:
    """So many events: the opening, listings, starts, then returns and what goes with them, evenly over the year."""
    acts = district.submissions(read_regime(Path(str(files("shared") / "regimes" / "district-003.yaml"))))
    opening = district.events_of([act for act in acts if act.submission["type"].split(".")[1] not in _OPENING])
    yield from opening
    last, position = opening[-1], len(opening)
    for one in _listed_and_started(projects):
        position += 1
        yield replace(last, position=position, id=f"list-{position}", data=one)
    step = (_LAST - _FIRST) / (count - position)
    at = _FIRST
    while position < count - 1:
        position, at = position + 1, at + step
        data = _event(position, at, projects)
        yield replace(last, position=position, id=f"event-{position}", data=data, time=at, recorded_at=at)
    end = TimeReached(at=_LAST)
    yield replace(last, position=count, id=f"event-{count}", data=end, time=_LAST, recorded_at=_LAST)


def _listed_and_started(projects: int) -> Iterator[RecordEvent]:
    units = [code for code, _, _ in district.UNITS]
    for number in range(projects):
        yield ProjectListed(
            list=district.LIST, year=district.YEAR, project=_project(number), name=f"虚构项目{number}",
            lead_unit=units[number % len(units)], category="第三产业" if number % 3 else "工业",
            total_investment_yuan=Decimal(_PLAN_YUAN * 3), annual_planned_investment_yuan=Decimal(_PLAN_YUAN),
        )  # fmt: skip
    for number in range(0, projects, 2):
        yield StageChanged(project=_project(number), stage="started", on=date(2026, 1, 15))


def _event(position: int, at: datetime, projects: int) -> RecordEvent:
    """Mostly returns for the month before, again and again; one event in ten corrects the one that precedes it."""
    project = _project((position - position % 10 // 9) % projects)
    done = Decimal((at - _FIRST).days * _PLAN_YUAN * (position % 7 + 3) // 3_000)
    if position % 10 == 9:
        return ProgressCorrected(
            project=project, corrected_event=f"event-{position - 1}", investment_ytd_yuan=done, reason="重复计算"
        )
    match position % 1_000:
        case 100:
            return TimeReached(at=at)
        case 200:
            plan = Decimal(_PLAN_YUAN + position)
            return PlanSet(list=district.LIST, year=district.YEAR, project=project, annual_planned_investment_yuan=plan)
        case 300:
            return StageChanged(project=project, stage="started", on=at.date())
        case _:
            month = at.date().replace(day=1) - timedelta(days=1)
            return ProgressReported(
                project=project, cadence="monthly", period=f"{month:%Y-%m}", investment_ytd_yuan=done,
                narrative="主体结构施工", problems="",
            )  # fmt: skip


def _project(number: int) -> str:
    return f"b{number:04d}"


def _command(path: Path) -> tuple[float, float]:
    """Seconds, and the most memory in MB, of one run of the command."""
    started = time.perf_counter()
    command = [sys.executable, "-c", _COMMAND, "evaluate", "--events", str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the command ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024
