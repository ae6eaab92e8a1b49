"""The demonstration's district: 28 key projects whose invented single values add up to the totals of source 003.

The totals are real: 28 projects, 170.62 亿元 in all, 39.8 planned for the year, 7.34 completed, 19 started, 18 new,
19 of the tertiary sector, and three tiers of size. Everything single is invented: the names of projects and units,
their amounts, dates and people. The year is 2026, simulated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from chinese_calendar import is_workday

from shared.core.digest import digest
from shared.core.events import (
    SHAPES,
    AnyRecorded,
    CalendarPublished,
    JurisdictionOpened,
    ListPublished,
    PostAssigned,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    Recorded,
    RecordEvent,
    RegimeAdopted,
    StageChanged,
    TimeReached,
    UnitRegistered,
)
from shared.core.regime.model import Regime, UnitKind
from shared.infra.streams import partition_of
from shared.infra.wire import adapter, data_of

JURISDICTION = "d003"
LIST = "key"
YEAR = 2026
OFFICE = "office"
OFFICE_PERSON = "office-1"
SIGNER = "signer-1"

_ZONE = timezone(timedelta(hours=8))
_YUAN_PER_WAN = 10_000

UNITS: Sequence[tuple[str, str, UnitKind]] = (
    ("town-a", "甲镇(虚构)", "town"),
    ("town-b", "乙镇(虚构)", "town"),
    ("town-c", "丙镇(虚构)", "town"),
    ("town-d", "丁镇(虚构)", "town"),
    ("dept-a", "区交通部门(虚构)", "department"),
    ("dept-b", "区工业部门(虚构)", "department"),
    ("dept-c", "区商务部门(虚构)", "department"),
    ("dept-d", "区住建部门(虚构)", "department"),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented project. Amounts in 万元; `done` is the year to date at the end of January, February and March."""

    code: str
    unit: str
    name: str
    category: str
    total: int
    planned: int
    started_on: date | None
    done: tuple[int, int, int]

    @property
    def is_continuing(self) -> bool:
        return self.started_on is not None and self.started_on.year < YEAR


_TERTIARY, _INDUSTRY, _WORKS, _FARMING = "第三产业", "工业", "基础设施", "农业"

PROJECTS: Sequence[Invented] = (
    Invented("p01", "town-a", "商贸物流园", _TERTIARY, 120_000, 24_000, date(2025, 3, 18), (2_100, 5_000, 8_200)),
    Invented("p02", "town-a", "温泉度假区", _TERTIARY, 65_000, 14_000, date(2026, 1, 8), (900, 2_300, 4_000)),
    Invented("p03", "town-a", "食品加工厂", _INDUSTRY, 40_000, 8_000, date(2025, 6, 10), (800, 1_700, 2_800)),
    Invented("p04", "town-a", "社区养老院", _TERTIARY, 8_000, 4_000, None, (0, 0, 0)),
    Invented("p05", "town-b", "文化旅游城", _TERTIARY, 80_000, 18_000, date(2025, 4, 2), (1_500, 3_300, 5_400)),
    Invented("p06", "town-b", "环镇公路", _WORKS, 55_000, 12_000, date(2026, 1, 12), (200, 600, 1_400)),
    Invented("p07", "town-b", "特色商业街", _TERTIARY, 30_000, 7_000, None, (300, 700, 1_200)),
    Invented("p08", "town-b", "游客中心", _TERTIARY, 14_200, 3_000, None, (0, 0, 0)),
    Invented("p09", "town-c", "汽车贸易城", _TERTIARY, 70_000, 16_000, date(2025, 9, 1), (1_100, 2_500, 4_002)),
    Invented("p10", "town-c", "设施农业园", _FARMING, 32_000, 9_000, date(2026, 1, 15), (500, 1_200, 2_000)),
    Invented("p11", "town-c", "星级酒店", _TERTIARY, 20_000, 5_000, None, (0, 0, 0)),
    Invented("p12", "town-d", "滨水新城商业综合体", _TERTIARY, 110_000, 22_000, date(2025, 5, 20), (400, 880, 1_760)),
    Invented("p13", "town-d", "职业培训基地", _TERTIARY, 45_000, 10_000, date(2026, 1, 20), (300, 700, 1_480)),
    Invented("p14", "town-d", "包装材料厂", _INDUSTRY, 9_000, 4_000, None, (0, 0, 0)),
    Invented("p15", "dept-a", "城市快速路", _WORKS, 150_000, 36_000, date(2024, 11, 5), (700, 1_800, 3_600)),
    Invented("p16", "dept-a", "客运枢纽站", _TERTIARY, 75_000, 20_000, date(2026, 1, 6), (1_200, 2_800, 4_400)),
    Invented("p17", "dept-a", "公交停保场", _TERTIARY, 42_000, 14_000, date(2026, 2, 3), (400, 1_000, 2_000)),
    Invented("p18", "dept-a", "冷链配送中心", _TERTIARY, 28_000, 10_000, None, (0, 0, 0)),
    Invented("p19", "dept-b", "装备制造基地", _INDUSTRY, 130_000, 28_000, date(2025, 2, 26), (2_400, 5_600, 8_960)),
    Invented("p20", "dept-b", "软件服务园", _TERTIARY, 68_000, 18_000, date(2025, 7, 8), (1_400, 3_200, 5_040)),
    Invented("p21", "dept-b", "检验检测中心", _TERTIARY, 35_000, 11_000, date(2026, 1, 9), (900, 2_100, 3_360)),
    Invented("p22", "dept-b", "标准厂房", _INDUSTRY, 24_000, 5_000, None, (0, 0, 0)),
    Invented("p23", "dept-c", "区域会展中心", _TERTIARY, 120_000, 25_000, date(2025, 8, 12), (1_500, 3_500, 5_500)),
    Invented("p24", "dept-c", "农产品批发市场", _TERTIARY, 60_000, 15_000, date(2026, 1, 16), (600, 1_600, 2_600)),
    Invented("p25", "dept-c", "社区菜市场", _TERTIARY, 6_000, 5_000, None, (0, 0, 0)),
    Invented("p26", "dept-d", "老城更新", _TERTIARY, 140_000, 32_000, date(2025, 1, 10), (700, 1_600, 3_698)),
    Invented("p27", "dept-d", "供热管网", _WORKS, 72_000, 15_000, date(2026, 2, 5), (400, 1_200, 2_000)),
    Invented("p28", "dept-d", "装配式构件厂", _INDUSTRY, 58_000, 8_000, None, (0, 0, 0)),
)

_NIL = ("p11", 3)  # a nil return: nothing changed since February
_LATE = ("p24", 3)  # handed in on 8 April, due on the 5th
_CORRECTED, _SAID_AT_FIRST = ("p16", 3), 4_600  # one invoice was counted twice


@dataclass(frozen=True, slots=True)
class Act:
    """One submission as the HTTP interface takes it, and the person who makes it; the operator where none is named.

    A correction needs the event of an earlier submission: `corrects` is that submission's key, `naming` fills it in.
    """

    person: str
    submission: Mapping[str, Any]
    corrects: str = ""

    @property
    def key(self) -> str:
        return str(self.submission["key"])

    @property
    def clock(self) -> datetime:
        """The clock of the jurisdiction when this is recorded."""
        return datetime.fromisoformat(self.submission["time"]).astimezone(UTC)

    @property
    def is_clock_move(self) -> bool:
        return str(self.submission["type"]) == SHAPES[TimeReached].type

    def naming(self, event: str) -> "Act":
        data = {**self.submission["data"], "corrected_event": event}
        return replace(self, submission={**self.submission, "data": data})


def submissions(regime: Regime) -> list[Act]:
    """Everything that is handed in, in order, from the opening on 25 December 2025 to 20 April 2026.

    The clock moves by TimeReached, as the office of a simulated jurisdiction may.
    """
    return [*_opening(regime), *_first_quarter()]


def events_of(acts: Sequence[Act]) -> list[AnyRecorded]:
    """The same as the events of a record, with ids that follow from the keys."""
    return [_event(position, act) for position, act in enumerate(acts, start=1)]


def _event(position: int, act: Act) -> AnyRecorded:
    found = act.naming(_event_id(act.corrects)) if act.corrects else act
    said, of = found.submission, {shape.type: cls for cls, shape in SHAPES.items()}[found.submission["type"]]
    return Recorded(
        position=position,
        id=_event_id(act.key),
        jurisdiction=said["jurisdiction"],
        data=adapter(of).validate_python(said["data"]),
        time=act.clock,
        recorded_at=act.clock,
        unit=said["unit"],
        actor=act.person or "@operator",
        submission=act.key,
    )


def _event_id(key: str) -> str:
    return digest([JURISDICTION, key])[:32]


def _act(person: str, unit: str, key: str, at: datetime, data: RecordEvent, *, corrects: str = "") -> Act:
    submission = {
        "key": key,
        "jurisdiction": JURISDICTION,
        "unit": unit,
        "type": SHAPES[type(data)].type,
        "time": at.isoformat(),
        "data": data_of(data),
    }
    return Act(person, submission, corrects)


def _office(key: str, at: datetime, data: RecordEvent) -> Act:
    return _act(OFFICE_PERSON, OFFICE, key, at, data)


def _reporter(unit: str, key: str, at: datetime, data: RecordEvent, *, corrects: str = "") -> Act:
    return _act(f"reporter-{unit}", unit, key, at, data, corrects=corrects)


def _move(at: datetime) -> Act:
    return _office(f"clock-{at:%Y%m%d-%H%M}", at, TimeReached(at=at.astimezone(UTC)))


def _at(month: int, day: int, hour: int = 10, *, year: int = YEAR) -> datetime:
    return datetime(year, month, day, hour, tzinfo=_ZONE)


def _yuan(wan: int) -> Decimal:
    return Decimal(wan * _YUAN_PER_WAN)


def _opening(regime: Regime) -> Iterator[Act]:
    at = _at(12, 25, 9, year=2025)
    opened = JurisdictionOpened(
        name="某区(模拟)",
        level="county",
        time_zone="Asia/Shanghai",
        partition=partition_of(JURISDICTION),
        mode="simulated",
        office=OFFICE,
        office_name="区重点建设项目督查组(虚构)",
        first_person=OFFICE_PERSON,
    )
    adopted = RegimeAdopted(
        list=LIST, effective_on=date(YEAR, 1, 1), regime=regime, legal_basis=f"依据003号材料({YEAR}年为模拟)"
    )
    yield _act("", "", "open", at, opened)
    yield _office("calendar", at, published_calendar(YEAR))
    yield _office("regime", at, adopted)
    signer = PostAssigned(person=SIGNER, post="signer", unit=OFFICE)
    yield _office("post-signer", at, signer)
    for order, (code, name, kind) in enumerate(UNITS, start=1):
        unit = UnitRegistered(code=code, name=name, kind=kind, protocol_order=order)
        yield _office(f"unit-{code}", at, unit)
        reporter = PostAssigned(person=f"reporter-{code}", post="reporter", unit=code)
        yield _office(f"post-{code}", at, reporter)
    yield _office("list", at, _list())
    for project in PROJECTS:
        yield _office(f"project-{project.code}", at, _listing(project))


def published_calendar(year: int) -> CalendarPublished:
    """The days of a year on which mainland China works otherwise than Monday to Friday, by the State Council's notice.

    NotImplementedError for a year that the package does not know yet.
    """
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(366)]
    days = [day for day in days if day.year == year]
    return CalendarPublished(
        region="CN",
        year=year,
        days_off=tuple(day for day in days if day.weekday() < 5 and not is_workday(day)),
        make_up_days=tuple(day for day in days if day.weekday() >= 5 and is_workday(day)),
        calendar_source="chinesecalendar (Python package), after the State Council's yearly notice",
    )


def _list() -> ListPublished:
    return ListPublished(
        list=LIST,
        name="市重点项目(本区28项,单项数值为虚构)",
        level="city",
        year=YEAR,
        declared_count=len(PROJECTS),
        declared_total_investment_yuan=_yuan(sum(one.total for one in PROJECTS)),
        declared_annual_planned_investment_yuan=_yuan(sum(one.planned for one in PROJECTS)),
    )


def _listing(project: Invented) -> ProjectListed:
    return ProjectListed(
        list=LIST,
        year=YEAR,
        project=project.code,
        name=f"{project.name}(虚构)",
        lead_unit=project.unit,
        category=project.category,
        total_investment_yuan=_yuan(project.total),
        annual_planned_investment_yuan=_yuan(project.planned),
        continuing=project.is_continuing,
    )


def _first_quarter() -> Iterator[Act]:
    yield _move(_at(1, 6))
    yield from _launches(_at(1, 6))
    for month, handed_in in ((1, _at(2, 4)), (2, _at(3, 4)), (3, _at(4, 3))):
        yield _move(handed_in)
        yield from _starts(month, handed_in)
        for project in PROJECTS:
            if (project.code, month) != _LATE:
                yield _return(project, month, handed_in)
    late = _at(4, 8)
    yield _move(late)
    yield _return(_project(_LATE[0]), _LATE[1], late)
    corrected = _at(4, 9)
    yield _move(corrected)
    yield _correction(corrected)
    yield _move(_at(4, 20, 12))


def _project(code: str) -> Invented:
    return next(one for one in PROJECTS if one.code == code)


def _launches(at: datetime) -> Iterator[Act]:
    """All 28 are launched; 003 says so of all, and of 19 that they are started: two different things."""
    for one in PROJECTS:
        on = one.started_on if one.started_on and one.is_continuing else at.date()
        launched = StageChanged(project=one.code, stage="launched", on=min(on, at.date()))
        yield _reporter(one.unit, f"launched-{one.code}", at, launched)


def _starts(month: int, at: datetime) -> Iterator[Act]:
    """Starts up to the end of a month; those of earlier years are told with January's."""
    for one in PROJECTS:
        on = one.started_on
        if on and (month == 1 if one.is_continuing else on.month == month):
            started = StageChanged(project=one.code, stage="started", on=on, basis="施工许可证")
            yield _reporter(one.unit, f"started-{one.code}", at, started)


def _return(project: Invented, month: int, at: datetime) -> Act:
    is_nil = (project.code, month) == _NIL
    done = _SAID_AT_FIRST if (project.code, month) == _CORRECTED else project.done[month - 1]
    report = ProgressReported(
        project=project.code,
        cadence="monthly",
        period=f"{YEAR}-{month:02d}",
        investment_ytd_yuan=None if is_nil else _yuan(done),
        narrative="" if is_nil else "按计划施工" if project.started_on else "前期工作",
        is_nil=is_nil,
    )
    return _reporter(project.unit, _return_key(project.code, month), at, report)


def _return_key(code: str, month: int) -> str:
    return f"return-{code}-{YEAR}-{month:02d}"


def _correction(at: datetime) -> Act:
    code, month = _CORRECTED
    corrected = ProgressCorrected(
        project=code,
        corrected_event="",
        investment_ytd_yuan=_yuan(_project(code).done[month - 1]),
        reason="一张发票重复计入",
    )
    return _reporter(_project(code).unit, f"correction-{code}", at, corrected, corrects=_return_key(code, month))
