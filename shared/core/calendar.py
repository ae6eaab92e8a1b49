"""Working days, instants and moments: every question about time, asked of a time that is given.

A moment is an instant at which something falls due, closes or is issued. Moments are derived, not recorded.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shared.core.period import Period
from shared.core.regime.due import Cadence

__all__ = ["Cadence", "Moment", "MomentKind", "Period", "WorkingCalendar", "end_of", "instant", "last_day_before"]

MomentKind = Literal["due", "close", "issue"]

_KIND_ORDER: dict[MomentKind, int] = {"due": 0, "close": 1, "issue": 2}
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


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
            day += _DAY
            working_days -= self.is_working(day)
        return day

    def before(self, day: date, working_days: int) -> date:
        """The n-th working day before a day; the day itself never counts."""
        while working_days > 0:
            day -= _DAY
            working_days -= self.is_working(day)
        return day

    def working_days_between(self, day: date, until: date) -> int:
        """The working days after a day up to another, which counts: `after` them one arrives there."""
        return sum(self.is_working(day + timedelta(days=place)) for place in range(1, (until - day).days + 1))

    def days_left(self, day: date, until: date, *, working: bool = True) -> int:
        """The days from one to another, both counted: how long there still is (001: 「再除去周末」)."""
        return self.working_days_between(day - _DAY, until) if working else max((until - day).days + 1, 0)

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
    return instant(day + _DAY, time(0), zone)


def last_day_before(at: datetime, zone: ZoneInfo) -> date:
    """The last day that has begun before an instant: what is due at 24:00 is due on the day that ends there."""
    return (at - _TICK).astimezone(zone).date()
