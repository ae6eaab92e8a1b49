"""A document of the cases as an imported jurisdiction: its list, invented objects that add up to it, what it declares.

Real: names and numbers that the document prints. Invented: every single object that it does not name, every single
amount, and the units; names and narratives say so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

from deploy.local.evaluate import evaluate
from deploy.local.evaluation import ListEvaluated
from deploy.local.event_file import read_lines, write_events
from deploy.local.regime_file import parse_regime
from shared.core.declared import Declared
from shared.core.declared_check import Checked
from shared.core.digest import digest
from shared.core.events import (
    AnyRecorded,
    JurisdictionOpened,
    ListPublished,
    ProgressReported,
    ProjectListed,
    Recorded,
    RegimeAdopted,
    StageChanged,
    TimeReached,
    UnitRegistered,
)
from shared.core.numbers import Rounding
from shared.core.regime.model import Stage
from shared.infra.streams import partition_of

YI = Decimal(100_000_000)
SAID = "单项为虚构,合计等于文件所列"

_ZONE = timezone(timedelta(hours=8))
_AT = datetime(2020, 7, 3, 10, tzinfo=_ZONE).astimezone(UTC)
_REGIME = """
regime: "{code}"
version: 1
title: {{ zh: {code}文件口径, en: How document {code} reports }}
issuer: {{ body: "{code}", writes_as: "{code}" }}
numbers:
  money_unit: 亿元
  money_decimals: 2
  rounding: {rounding}
  decimals: {{ investment_ratio: 2, tertiary_share: 1, start_rate: 2 }}
reporting:
  - {{ cadence: monthly, due: {{ day: 5, of: next_month }}, fields: [investment], chosen_by_operator: [due] }}
measures:
  investment_ratio: {{ ratio: investment_completed, over: annual_planned_investment }}
  start_rate: {{ share_of: {{ stage: started }} }}
  tertiary_share: {{ share_of: {{ category: tertiary }} }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One object of a list."""

    name: str
    category: str = ""
    unit: str = "unit-1"
    stage: Stage | None = None
    total: Decimal | None = None
    plan: Decimal | None = None
    done: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    code: str
    things: tuple[Thing, ...] = ()
    declared: tuple[Declared, ...] = ()
    rounding: Rounding = "half_up"
    published: Mapping[str, Any] | None = None


def invented(count: int, kind: str, **alike: Any) -> tuple[Thing, ...]:
    return tuple(Thing(name=f"{kind}{place}号(虚构)", **alike) for place in range(1, count + 1))


def spread(yi: str, count: int) -> list[Decimal]:
    """Whole yuan, unevenly, that add up to an amount in 亿元 exactly."""
    whole, weights = int(Decimal(yi) * YI), [place % 7 + 2 for place in range(count)]
    ends = [whole * sum(weights[: place + 1]) // sum(weights) for place in range(count)]
    return [Decimal(end - start) for start, end in zip([0, *ends], ends, strict=False)]


def with_amounts(things: tuple[Thing, ...], **totals: str) -> tuple[Thing, ...]:
    """The same objects with `total`, `plan` or `done` amounts that add up to totals in 亿元."""
    parts: dict[str, list[Any]] = {name: spread(yi, len(things)) for name, yi in totals.items()}
    return tuple(
        replace(one, **{name: amounts[place] for name, amounts in parts.items()}) for place, one in enumerate(things)
    )


def evaluated(document: Document) -> ListEvaluated:
    """What `evaluate` says of the document's list, from a file of events."""
    stream = BytesIO()
    write_events([_recorded(place, document, data) for place, data in enumerate(_events(document), 1)], stream)
    found = evaluate(read_lines(stream.getvalue().splitlines()))
    [jurisdiction] = found.jurisdictions
    assert jurisdiction.parked == ()
    assert jurisdiction.mode == "imported"
    return found.of(document.code, document.code)


def checked(document: Document) -> dict[str, Checked]:
    return {one.id: one for one in evaluated(document).declared}


def _recorded(position: int, document: Document, data: Any) -> AnyRecorded:
    event = digest([document.code, position])[:32]
    return Recorded(position=position, id=event, jurisdiction=document.code, data=data, time=_AT, recorded_at=_AT)


def _events(document: Document) -> Iterator[object]:
    code = document.code
    yield JurisdictionOpened(
        name=f"{code}(导入:{SAID})",
        level="county",
        time_zone="Asia/Shanghai",
        partition=partition_of(code),
        mode="imported",
        office="office",
        office_name="督查室(虚构)",
        first_person="office-1",
    )
    for unit in dict.fromkeys(one.unit for one in document.things):
        yield UnitRegistered(code=unit, name=unit, kind="department")
    regime = parse_regime(_REGIME.format(code=code, rounding=document.rounding))
    yield RegimeAdopted(list=code, effective_on=date(2020, 1, 1), regime=regime)
    named: dict[str, Any] = {"list": code, "name": f"{code}({SAID})", "level": "county", "year": 2020}
    yield ListPublished(**named, declared=document.declared, **(document.published or {}))
    for place, thing in enumerate(document.things, start=1):
        yield from _of(f"{code}-{place:03d}", code, thing)
    yield TimeReached(at=_AT)


def _of(project: str, code: str, thing: Thing) -> Iterator[object]:
    yield ProjectListed(
        list=code,
        year=2020,
        project=project,
        name=thing.name,
        lead_unit=thing.unit,
        category=thing.category,
        total_investment_yuan=thing.total,
        annual_planned_investment_yuan=thing.plan,
    )
    if thing.stage:
        yield StageChanged(project=project, stage=thing.stage, on=date(2020, 6, 1))
    if thing.done is not None:
        yield ProgressReported(
            project=project, cadence="monthly", period="2020-06", investment_ytd_yuan=thing.done, narrative=SAID
        )
