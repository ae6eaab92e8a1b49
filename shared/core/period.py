"""Which stretch of time is it: a day, a week, ten days, a month, a quarter, a year, and the one after it?"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering
from typing import TypeVar

from shared.core.regime.due import Cadence, Days, EveryDays, NamedCadence

T = TypeVar("T")

_MONTHS: Mapping[Cadence, int] = {"monthly": 1, "quarterly": 3, "half_year": 6, "yearly": 12}
_PARTS: Mapping[Cadence, int] = {"ten_days": 3, "half_month": 2}
_DAYS_OF_PARTS = 30  # the last part of a month takes what the month has more, or less
_DAY = r"(\d{4})-(\d\d)-(\d\d)"
_FORMS: Mapping[NamedCadence | None, str] = {
    "daily": _DAY,
    "weekly": r"(\d{4})-W(\d\d)",
    "ten_days": r"(\d{4})-(\d\d)-T([1-3])",
    "half_month": r"(\d{4})-(\d\d)-M([12])",
    "monthly": r"(\d{4})-(\d\d)",
    "quarterly": r"(\d{4})-Q([1-4])",
    "half_year": r"(\d{4})-H([12])",
    "yearly": r"(\d{4})",
    None: _DAY + r"-P([1-9]\d{0,2})D",
}
_KEPT_MAX = 8_192


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026.

    Every three days: 2026-01-05-P3D, by its first day. Periods sort by their end, then the shorter first.
    """

    cadence: Cadence
    first_day: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read the printed form. ValueError if it is none."""
        return _parse(text)

    @classmethod
    def holding(cls, day: date, cadence: Cadence, *, anchor: date | None = None) -> "Period":
        """The period of a cadence in which a day lies; `anchor` is a first day, where n days are counted."""
        if isinstance(cadence, EveryDays):
            into = (day - (anchor or cadence.anchor)).days % cadence.every.days
            return cls(cadence, day - timedelta(days=into))
        if cadence == "weekly":
            return cls(cadence, day - timedelta(days=day.weekday()))
        if cadence in _PARTS:
            days = _DAYS_OF_PARTS // _PARTS[cadence]
            return cls(cadence, day.replace(day=min((day.day - 1) // days, _PARTS[cadence] - 1) * days + 1))
        if cadence in _MONTHS:
            return cls(cadence, date(day.year, (day.month - 1) // _MONTHS[cadence] * _MONTHS[cadence] + 1, 1))
        return cls(cadence, day)

    def __str__(self) -> str:
        day, year = self.first_day, f"{self.first_day.year:04d}"
        match self.cadence:
            case "weekly":
                week = day.isocalendar()
                return f"{week.year:04d}-W{week.week:02d}"
            case "ten_days" | "half_month":
                return f"{year}-{day.month:02d}-{'T' if self.cadence == 'ten_days' else 'M'}{self.number}"
            case "monthly":
                return f"{year}-{day.month:02d}"
            case "quarterly" | "half_year":
                return f"{year}-{'Q' if self.cadence == 'quarterly' else 'H'}{self.number}"
            case "yearly":
                return year
            case EveryDays(every=every):
                return f"{day.isoformat()}-P{every.days}D"
            case _:
                return day.isoformat()

    def __lt__(self, other: "Period") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[date, int, str]:
        return (self.last_day, -self.first_day.toordinal(), str(self))

    @property
    def last_day(self) -> date:
        return _last_day(self.first_day, self.cadence)

    @property
    def year(self) -> int:
        """The year in which it ends: to that year's list it belongs."""
        return self.last_day.year

    @property
    def last_month(self) -> int:
        return self.last_day.month

    @property
    def number(self) -> int:
        """Which one it is: of its month, of its ISO year (weeks), else of the year in which it begins."""
        first = self.first_day
        if self.cadence in _MONTHS:
            return (first.month - 1) // _MONTHS[self.cadence] + 1
        if self.cadence in _PARTS:
            return (first.day - 1) // (_DAYS_OF_PARTS // _PARTS[self.cadence]) + 1
        if self.cadence == "weekly":
            return first.isocalendar().week
        return (first.timetuple().tm_yday - 1) // _days(self.cadence) + 1

    @property
    def ordinal(self) -> int:
        """A number that goes up by one from each period of a cadence to the next."""
        first, months = self.first_day, self.first_day.year * 12 + self.first_day.month - 1
        if self.cadence in _MONTHS:
            return months // _MONTHS[self.cadence]
        if self.cadence in _PARTS:
            return months * _PARTS[self.cadence] + self.number
        return first.toordinal() // _days(self.cadence)

    def next(self) -> "Period":
        return Period.holding(self.last_day + timedelta(days=1), self.cadence, anchor=self.first_day)


def is_long(cadence: Cadence) -> bool:
    """Whether periods of a cadence are whole months."""
    return cadence in _MONTHS


def month_of(period: Period, number: int) -> Period:
    """The n-th month of a period of whole months; beyond its last month, that one."""
    last = Period.holding(period.last_day, "monthly")
    month = period.first_day.month + number - 1
    return min(last, Period("monthly", period.first_day.replace(month=month, day=1))) if month <= 12 else last


def rotation(order: Sequence[T], period: Period, anchor: date | None) -> T | None:
    """Whose turn it is where they take turns, one a period, from the one that holds the anchor (004: 「每周依次召开」).

    None before it, where it is not known, and where there is nobody.
    """
    if anchor is None or not order:
        return None
    turns = period.ordinal - Period.holding(anchor, period.cadence, anchor=period.first_day).ordinal
    return order[turns % len(order)] if turns >= 0 else None


@lru_cache(maxsize=_KEPT_MAX)
def _parse(text: str) -> Period:
    for cadence, form in _FORMS.items():
        if found := re.fullmatch(form, text, re.ASCII):
            try:
                period = _read(cadence, [int(group) for group in found.groups()])
                if period.last_day <= date.max:  # what ends later has no last day: an OverflowError
                    return period
            except (ValueError, OverflowError):
                break
    raise ValueError(f"not a period: {text[:40]!r} (2026-03-05, 2026-W10, 2026-03-T1, 2026-03, 2026-Q1, 2026-H1, 2026)")


def _read(cadence: NamedCadence | None, numbers: Sequence[int]) -> Period:
    year, *rest = numbers
    match cadence:
        case "weekly":
            return Period(cadence, date.fromisocalendar(year, rest[0], 1))
        case "ten_days" | "half_month":
            days = _DAYS_OF_PARTS // _PARTS[cadence]
            return Period(cadence, date(year, rest[0], (rest[1] - 1) * days + 1))
        case "monthly" | "quarterly" | "half_year" | "yearly":
            return Period(cadence, date(year, ((rest or [1])[0] - 1) * _MONTHS[cadence] + 1, 1))
        case "daily":
            return Period(cadence, date(year, *rest))
        case None:
            first = date(year, rest[0], rest[1])
            return Period(EveryDays(every=Days(days=rest[2]), anchor=first), first)


def _days(cadence: Cadence) -> int:
    if isinstance(cadence, EveryDays):
        return cadence.every.days
    return 7 if cadence == "weekly" else 1


@lru_cache(maxsize=_KEPT_MAX)
def _last_day(first: date, cadence: Cadence) -> date:
    # Asked for a dozen times for each return that comes in.
    months = _MONTHS.get(cadence)
    if months is not None:
        return _month_end(first.replace(month=first.month + months - 1))
    period = Period(cadence, first)
    if cadence in _PARTS:
        days = _DAYS_OF_PARTS // _PARTS[cadence]
        return _month_end(first) if period.number == _PARTS[cadence] else first + timedelta(days=days - 1)
    return first + timedelta(days=_days(cadence) - 1)


@lru_cache(maxsize=_KEPT_MAX)
def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
