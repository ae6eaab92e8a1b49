"""How a regime says when: how often, by which moment, for how long, in which part of the year.

Only what is said. The days and instants that follow from it are in `shared.core.deadlines` and `shared.core.period`.
"""

from dataclasses import dataclass, field
from datetime import date
from datetime import time as time_of_day
from typing import Literal

# --- lengths of time ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    months: int


Span = Days | WorkingDays | Hours | Months
"""A length of time. Of nothing is at once; days and months are counted from the day after, hours from the instant."""


# --- how often ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryDays:
    """Every n days, counted from a day that the rule gives. Two that differ in that day only are the same cadence."""

    every: Days
    anchor: date = field(default=date(2001, 1, 1), compare=False)  # a Monday, so that 7 days are a week

    def __str__(self) -> str:
        return f"every {self.every.days} days"


NamedCadence = Literal["daily", "weekly", "ten_days", "half_month", "monthly", "quarterly", "half_year", "yearly"]
Cadence = NamedCadence | EveryDays


# --- by which moment ------------------------------------------------------------------------------------------

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Unit = Literal["same_period", "next_period", "same_month", "next_month"]
Anchor = Literal[
    "period_start", "period_end", "year_start", "year_end",
    "planned_start_on", "planned_completion_on", "list_published", "served", "opened",
]  # fmt: skip
"""A day from which another is counted. Those of the period and its year are always known, the rest the asker gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Where a day that is not worked is moved to, and by how many working days more."""

    shift: Literal["next_working_day", "previous_working_day"]
    plus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last moment that still counts for a period. At most one of the six says the day; none: the unit's last day.

    `day`, `working_day` and `weekday` are counted in a unit (`of`), or in its n-th `month` where it has several: a day
    that the unit lacks is its last, and working days run on beyond it. Where nothing is said, the unit is the next
    month for a day or a working day, else the period itself. `on` is a month and day, 05-31, in the year of the unit.
    `after` and `before` count from an anchor, whose own day is day 0. Not `inclusive`: the day itself no longer
    counts, the one before it does.
    `time` is local, 24:00 the end of the day; at that very minute it is too late.
    """

    day: int | None = None
    working_day: int | None = None
    weekday: Weekday | None = None
    on: str | None = None
    after: Span | None = None
    before: Span | None = None
    of: Unit | None = None
    month: int | None = None
    anchor: Anchor = "period_end"
    inclusive: bool = True
    time: str = "24:00"
    holiday: Shift | None = None

    def __post_init__(self) -> None:
        if self.of is None:
            of = "same_period" if self.day is None and self.working_day is None else "next_month"
            object.__setattr__(self, "of", of)  # frozen, but not finished before this

    @property
    def said(self) -> tuple[str, ...]:
        """The names of the forms by which the day is given: more than one contradict each other."""
        forms = ("day", "working_day", "weekday", "on", "after", "before")
        return tuple(form for form in forms if getattr(self, form) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """When a bulletin goes out: working days after the close of what it is about."""

    working_days_after_close: int
    time: time_of_day = time_of_day(9)


# --- in which part of the year --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A part of every year: months by number, or days from `first` to `last`, 03-01 to 04-30, both included.

    It may go over the end of the year.
    """

    months: tuple[int, ...] = ()
    first: str = ""
    last: str = ""

    def holds(self, day: date) -> bool:
        if self.months:
            return day.month in self.months
        text = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= text <= self.last
        return text >= self.first or text <= self.last
