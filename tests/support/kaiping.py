"""开平市 as an imported jurisdiction: eighteen published statements, and invented projects that add up to each.

Real: the three lists, the numbers of projects, plans, amounts completed, rates and leads of six bulletins. Invented:
every single project with its plan and amounts, and the units; their names and narratives say so.
"""

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from deploy.local.reconcile import Statement
from deploy.local.regime_file import parse_regime
from shared.core.calendar import Period
from shared.core.digest import digest
from shared.core.events import (
    AnyRecorded,
    JurisdictionOpened,
    ListPublished,
    PlanSet,
    ProgressReported,
    ProjectListed,
    Recorded,
    RecordEvent,
    RegimeAdopted,
    TimeReached,
    UnitRegistered,
)
from shared.core.regime.model import Regime
from shared.infra.streams import partition_of

JURISDICTION = "kaiping"
LISTS = {"省重点": ("provincial", "province"), "江门市重点": ("jiangmen", "city"), "本级重点": ("own", "county")}
UNITS = ("unit-1", "unit-2", "unit-3", "unit-4")

_ZONE = timezone(timedelta(hours=8))
_YUAN_PER_YI = 100_000_000
_SAID = "单项数值为虚构,合计等于公报数"

REGIME_TEXT = """
regime: kaiping
version: 1
title: { zh: 开平市重点项目通报口径, en: How Kaiping reports key projects }
issuer: { body: 开平市人民政府, writes_as: 开府办 }
numbers:
  money_unit: 亿元
  money_decimals: 1
  rounding: half_up
  decimals: { investment_ratio: 1, deviation_pp: 1, time_progress: 2 }
reporting:
  - { cadence: monthly, due: { day: 5, of: next_month }, fields: [investment], chosen_by_operator: [due] }
measures:
  investment_ratio: { ratio: investment_completed, over: annual_planned_investment }
  time_progress: { linear: year, step: month }
  deviation_pp: { deviation_pp: investment_ratio, against: time_progress }
"""


def bulletins_file() -> Path | None:
    """The given file of published statements: in DUBAN_SHARED, or in the folder `shared` beside the project."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    file = Path(os.environ.get("DUBAN_SHARED", beside)) / "cases" / "published_bulletins.csv"
    return file if file.is_file() else None


@dataclass(frozen=True, slots=True)
class Row:
    """One published statement, and how many projects it covers."""

    place: str
    scope: str
    projects: int
    statement: Statement


def rows(file: Path, place: str) -> list[Row]:
    """The statements of a place, in the order of the file. A row without a year counts as of 2016."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [_row(one) for one in csv.DictReader(stream) if one["place"] == place]


def _row(one: dict[str, str]) -> Row:
    basis, _, _ = one["time_progress_basis"].partition("@")
    code = LISTS.get(one["scope"], (one["scope"], ""))[0]
    statement = Statement(
        list=code,
        period=f"{one['year'] or 2016}-{int(one['month_end']):02d}",
        plan=one["annual_plan_yi_yuan"],
        done=one["cumulative_done_yi_yuan"],
        rate=one["published_rate_pct"],
        lead=one["published_lead_pp"],
        time_progress="" if basis == "100" else str(Decimal(basis) / 100),
    )
    return Row(one["place"], one["scope"], int(one["projects"]), statement)


def regime() -> Regime:
    return parse_regime(REGIME_TEXT)


def yuan(yi: str) -> Decimal:
    return Decimal(yi) * _YUAN_PER_YI


def events(statements: Sequence[Row]) -> list[AnyRecorded]:
    """The record of the imported jurisdiction: lists published each year, plans revised in mid-year, and returns."""
    timed = sorted([*_opening(), *_years(statements)], key=lambda one: one[0])
    return [_recorded(position, at, data) for position, (at, data) in enumerate(timed, start=1)]


Timed = tuple[datetime, RecordEvent]


def _recorded(position: int, at: datetime, data: RecordEvent) -> AnyRecorded:
    event = digest([JURISDICTION, position])[:32]
    return Recorded(position=position, id=event, jurisdiction=JURISDICTION, data=data, time=at, recorded_at=at)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=_ZONE).astimezone(UTC)


def _opening() -> Iterator[Timed]:
    at = _at(2020, 1, 2)
    yield (
        at,
        JurisdictionOpened(
            name=f"开平市(导入:{_SAID})",
            level="county",
            time_zone="Asia/Shanghai",
            partition=partition_of(JURISDICTION),
            mode="imported",
            office="office",
            office_name="督查室(虚构)",
            first_person="office-1",
        ),
    )
    for code in UNITS:
        yield at, UnitRegistered(code=code, name=f"{code}(虚构)", kind="town")
    for code, _ in LISTS.values():
        yield at, RegimeAdopted(list=code, effective_on=date(2020, 1, 1), regime=regime())
    yield _at(2024, 4, 10), TimeReached(at=_at(2024, 4, 10))


def _years(statements: Sequence[Row]) -> Iterator[Timed]:
    for scope in LISTS:
        of_list = [one for one in statements if one.scope == scope]
        for year in sorted({one.statement.period[:4] for one in of_list}):
            yield from _year(scope, int(year), [one for one in of_list if one.statement.period.startswith(year)])


def _year(scope: str, year: int, statements: Sequence[Row]) -> Iterator[Timed]:
    code, level = LISTS[scope]
    name = f"{scope}({_SAID})"
    yield _at(year, 1, 6), ListPublished(list=code, name=name, level=level, year=year)
    count, plan = 0, ""
    for row in sorted(statements, key=lambda one: one.statement.period):
        period = Period.parse(row.statement.period)
        at = _at(year, 1, 7) if not count else _at(year, period.last_month - 1, 20)
        if (row.projects, row.statement.plan) != (count, plan):
            yield from _plans(code, year, at, row, listed=count)
        count, plan = row.projects, row.statement.plan
        yield from _returns(code, period, row)


def _plans(code: str, year: int, at: datetime, row: Row, *, listed: int) -> Iterator[Timed]:
    """List what is new and set every plan anew, so that the plans add up to the printed total."""
    for place, amount in enumerate(_spread(row.statement.plan, row.projects, weight=7)):
        project = f"{code}-{place + 1:03d}"
        if place >= listed:
            yield (
                at,
                ProjectListed(
                    list=code,
                    year=year,
                    project=project,
                    name=f"{row.scope}{place + 1}号(虚构)",
                    lead_unit=UNITS[place % len(UNITS)],
                    annual_planned_investment_yuan=amount,
                ),
            )
        else:
            plan = PlanSet(
                list=code, year=year, project=project, annual_planned_investment_yuan=amount, reason="年中调整"
            )
            yield at, plan


def _returns(code: str, period: Period, row: Row) -> Iterator[Timed]:
    handed_in = period.next().first_day
    for place, amount in enumerate(_spread(row.statement.done, row.projects, weight=5)):
        report = ProgressReported(
            project=f"{code}-{place + 1:03d}",
            cadence="monthly",
            period=str(period),
            investment_ytd_yuan=amount,
            narrative=_SAID,
        )
        yield _at(handed_in.year, handed_in.month, 3), report


def _spread(total: str, count: int, *, weight: int) -> list[Decimal]:
    """Whole yuan, unevenly, that add up to a total in 亿元 exactly."""
    whole = int(yuan(total))
    weights = [place % weight + 2 for place in range(count)]
    ends = [whole * sum(weights[: place + 1]) // sum(weights) for place in range(count)]
    return [Decimal(end - start) for start, end in zip([0, *ends], ends, strict=False)]
