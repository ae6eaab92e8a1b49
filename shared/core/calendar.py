"""Periods, working days and moments: every question about time, asked of a time that is given.

A moment is an instant at which something falls due, closes or is issued. Moments are derived, not recorded.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import total_ordering
from typing import Literal
from zoneinfo import ZoneInfo

Cadence = Literal["monthly", "quarterly", "half_year", "yearly"]
MomentKind = Literal["due", "close", "issue"]

_MONTHS: dict[Cadence, int] = {"monthly": 1, "quarterly": 3, "half_year": 6, "yearly": 12}
_MARKS: dict[Cadence, str] = {"monthly": "-", "quarterly": "-Q", "half_year": "-H", "yearly": ""}
_KIND_ORDER: dict[MomentKind, int] = {"due": 0, "close": 1, "issue": 2}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of a year: 2026-03, 2026-Q1, 2026-H1 or 2026.

    Periods sort by their end, then the shorter first.
    """

    year: int
    cadence: Cadence
    number: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read the printed form. ValueError if it is none."""
        for cadence, months in _MONTHS.items():
            mark = _MARKS[cadence]
            year, _, number = text.partition(mark) if mark else (text, "", "1")
            if not (year.isdecimal() and len(year) == 4 and number.isdecimal() and len(number) <= 2):
                continue
            period = cls(int(year), cadence, int(number))
            if str(period) == text and 1 <= period.number <= 12 // months and period.year > 0:
                return period
        raise ValueError(f"not a period: {text!r} (2026-03, 2026-Q1, 2026-H1 or 2026)")

    @classmethod
    def holding(cls, day: date, cadence: Cadence) -> "Period":
        return cls(day.year, cadence, (day.month - 1) // _MONTHS[cadence] + 1)

    def __str__(self) -> str:
        number = {"monthly": f"{self.number:02d}", "yearly": ""}.get(self.cadence, str(self.number))
        return f"{self.year:04d}{_MARKS[self.cadence]}{number}"

    def __lt__(self, other: "Period") -> bool:
        return (self.last_day, self.months) < (other.last_day, other.months)

    @property
    def months(self) -> int:
        return _MONTHS[self.cadence]

    @property
    def last_month(self) -> int:
        return self.number * self.months

    @property
    def first_day(self) -> date:
        return date(self.year, self.last_month - self.months + 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    def next(self) -> "Period":
        return Period.holding(self.last_day + timedelta(days=1), self.cadence)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, less the days off, plus the make-up days (调休)."""

    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.days_off)

    def after(self, day: date, working_days: int) -> date:
        """The n-th working day after a day; the day itself never counts."""
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working(day)
        return day

    def nth_of_month(self, first: date, working_day: int) -> date:
        return self.after(first - timedelta(days=1), working_day)

    def next_office_moment(
        self, at: datetime, zone: ZoneInfo, *, opens: time = time(9), closes: time = time(17)
    ) -> datetime:
        """The first moment in office hours at or after an instant: when a signed notice is served (送达)."""
        local = at.astimezone(zone)
        if self.is_working(local.date()) and local.time() < closes:
            return max(at, instant(local.date(), opens, zone))
        return instant(self.after(local.date(), 1), opens, zone)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a list's own calendar. Its identity is all four fields together."""

    list: str
    kind: MomentKind
    period: str
    at: datetime

    @property
    def id(self) -> str:
        return f"{self.list}:{self.kind}:{self.period}:{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """Read an id."""
        code, kind, period, at = text.split(":", 3)
        if kind not in _KIND_ORDER:
            raise ValueError(f"not a moment: {text!r}")
        return cls(code, kind, period, datetime.fromisoformat(at))

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """The fixed order in which every fold plays moments.

        By time, then due before close before issue, then by list.
        """
        return (self.at, _KIND_ORDER[self.kind], self.list, self.period)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of a day: the first instant that is no longer in it."""
    return instant(day + timedelta(days=1), time(0), zone)
