"""By which instant must it be done: what a rule says of time, with a period, its working days and its anchors.

A deadline is the first instant that is too late. Pure: what is known of the calendar and the anchors is given.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from shared.core.calendar import Period, WorkingCalendar, end_of, instant, last_day_before
from shared.core.period import is_long, month_of
from shared.core.regime.due import Anchor, Days, Due, Hours, Months, Shift, Span, WorkingDays

Anchors = Mapping[Anchor, date | None]

_NONE: Anchors = MappingProxyType({})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS_OF_DAY = 24


def due_at(
    period: Period, due: Due, calendar: WorkingCalendar, zone: ZoneInfo, anchors: Anchors = _NONE
) -> datetime | None:
    """The first instant that is too late for a period; None where the anchor is not known.

    ValueError for a time or a month and day that there is not.
    """
    day, at = due_day(period, due, calendar, anchors), clock_time(due.time)
    if day is None:
        return None
    return end_of(day, zone) if at is None else instant(day, at, zone)


def due_day(period: Period, due: Due, calendar: WorkingCalendar, anchors: Anchors = _NONE) -> date | None:
    """The last day that still counts, moved where it is not worked and the rule says so."""
    is_anchored = due.after is not None or due.before is not None or due.anchor != "period_end"
    day = _anchored(period, due, calendar, anchors) if is_anchored else _in_unit(_unit(period, due), due, calendar)
    if day is None:
        return None
    return shifted(day if due.inclusive else day - timedelta(days=1), due.holiday, calendar)


def shifted(day: date, shift: Shift | None, calendar: WorkingCalendar) -> date:
    """The day itself if it is worked or nothing is said, else the working day to which it is moved."""
    if shift is None or calendar.is_working(day):
        return day
    move = calendar.after if shift.shift == "next_working_day" else calendar.before
    return move(day, 1 + shift.plus)


def after(at: datetime, span: Span, calendar: WorkingCalendar, zone: ZoneInfo) -> datetime:
    """The first instant after a span that begins at another. Of days, the first is the day after; of none, at once."""
    return _after(at, at.astimezone(zone).date(), span, calendar, zone)


def closed_at(due: datetime, within: Span | None, calendar: WorkingCalendar, zone: ZoneInfo) -> datetime:
    """The end of a span that begins with a deadline: after 24:00 of a day comes the next day, not the one after."""
    return due if within is None else _after(due, last_day_before(due, zone), within, calendar, zone)


def day_after(day: date, span: Span, calendar: WorkingCalendar) -> date:
    """The last day of a span that begins the day after; hours make up whole days."""
    match span:
        case WorkingDays(working_days=count):
            return calendar.after(day, count)
        case Months(months=count):
            return _months_on(day, count)
        case _:
            return day + timedelta(days=_whole_days(span))


def day_before(day: date, span: Span, calendar: WorkingCalendar) -> date:
    """The day from which a span reaches to another: the latest on which what takes so long can begin (倒排工期)."""
    match span:
        case WorkingDays(working_days=count):
            return calendar.before(day, count)
        case Months(months=count):
            return _months_on(day, -count)
        case _:
            return day - timedelta(days=_whole_days(span))


def clock_time(text: str) -> time | None:
    """Read a local time, 11:30; None for 24:00, which is the end of a day. ValueError for what is neither."""
    if text == "24:00":
        return None
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        return time.fromisoformat(text)
    raise ValueError(f"not a time of day: {text!r} (11:30, or 24:00 for the end of the day)")


def _after(at: datetime, day: date, span: Span, calendar: WorkingCalendar, zone: ZoneInfo) -> datetime:
    match span:
        case Hours(hours=hours):
            return at + timedelta(hours=hours)
        case Days(days=0) | WorkingDays(working_days=0) | Months(months=0):
            return at
        case _:
            return end_of(day_after(day, span, calendar), zone)


def _unit(period: Period, due: Due) -> Period:
    unit = Period.holding(period.last_day, "monthly") if due.of in {"same_month", "next_month"} else period
    unit = unit.next() if due.of in {"next_month", "next_period"} else unit
    return unit if due.month is None or not is_long(unit.cadence) else month_of(unit, due.month)


def _in_unit(unit: Period, due: Due, calendar: WorkingCalendar) -> date:
    first, last = unit.first_day, unit.last_day
    if due.day is not None:
        return min(first + timedelta(days=due.day - 1), last)
    if due.working_day is not None:
        return calendar.after(first - timedelta(days=1), due.working_day)
    if due.weekday is not None:
        return min(first + timedelta(days=(_WEEKDAYS.index(due.weekday) - first.weekday()) % 7), last)
    return last if due.on is None else _of_year(unit.year, due.on)


def _of_year(year: int, text: str) -> date:
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        raise ValueError(f"not a month and day: {text!r} (05-31)")
    month = Period("monthly", date(year, int(text[:2]), 1))
    return min(month.first_day + timedelta(days=int(text[3:]) - 1), month.last_day)


def _anchored(period: Period, due: Due, calendar: WorkingCalendar, anchors: Anchors) -> date | None:
    own: Anchors = {
        "period_start": period.first_day, "period_end": period.last_day,
        "year_start": date(period.year, 1, 1), "year_end": date(period.year, 12, 31),
    }  # fmt: skip
    day = own.get(due.anchor, anchors.get(due.anchor))
    if day is None:
        return None
    day = day if due.after is None else day_after(day, due.after, calendar)
    return day if due.before is None else day_before(day, due.before, calendar)


def _whole_days(span: Days | Hours) -> int:
    return span.days if isinstance(span, Days) else -(-span.hours // _HOURS_OF_DAY)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    target = Period("monthly", date(year, month + 1, 1))
    return min(target.first_day + timedelta(days=day.day - 1), target.last_day)
