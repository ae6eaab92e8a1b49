"""Can every moment that a regime names be met by some calendar, and is it said once?"""

import re
from collections.abc import Iterator
from datetime import date

from shared.core.calendar import Period, WorkingCalendar
from shared.core.deadlines import clock_time, due_day
from shared.core.errors import Fault
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pieces import pieces
from shared.core.regime.due import Cadence, Due, Hours, Season
from shared.core.regime.language import Last
from shared.core.regime.management import Duty, Reporting, Rotation, Task
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Board
from shared.core.regime.pursuit import Held

_MONTHS = {"quarterly": 3, "half_year": 6, "yearly": 12}
_OWN_ANCHORS = {"period_start", "period_end", "year_start", "year_end"}
# A leap year that begins on a Monday: every day of a month and every date there can be is in it.
_ANY_YEAR = 2024
_EVERY_DAY_BUT_WEEKENDS = WorkingCalendar()


def moment_faults(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        match piece:
            case Due():
                yield from _due(piece, pointer)
            case Season():
                yield from _season(piece, pointer)
            case Last():
                if (piece.days is None) == (piece.months is None):
                    yield _fault("window_unclear", pointer, "A window is of the last days, or of the last months.")
            case Held():
                yield from _held(regime, piece, pointer)
            case Rotation(from_anchor=anchor) if anchor != "list_published":
                message = "Turns are taken from list_published on: of no other day is it known for the whole list."
                yield _fault("unknown_anchor", f"{pointer}/from_anchor", message)
    for pointer, due, _, is_of_object in dues(regime):
        yield from _anchor(due, pointer, is_of_object=is_of_object)


def calendar_faults(regime: Regime) -> Iterator[Fault]:
    """Due days that no calendar has. Only for a regime whose numbers are in range: it counts by them."""
    for pointer, due, cadence, _ in dues(regime):
        if not any(_due(due, pointer)):
            yield from _in_its_period(due, cadence, pointer)


def dues(regime: Regime) -> Iterator[tuple[str, Due, Cadence | None, bool]]:
    """Every due moment, its pointer, the cadence of what is due, and whether it is one object's."""
    for pointer, piece in pieces(regime):
        match piece:
            case Reporting(due=Due() as due, cadence=cadence):
                yield f"{pointer}/due", due, cadence, False
            case Duty(due=Due() as due, per=per):
                yield f"{pointer}/due", due, per, piece.about == "project"
            case Board(due=Due() as due, renewed=renewed):
                yield f"{pointer}/due", due, renewed, False
            case Task(due=due):
                yield f"{pointer}/due", due, None, True


def _due(due: Due, pointer: str) -> Iterator[Fault]:
    if len(due.said) > 1:
        message = "The day is said in more than one way: {forms}. Give one."
        yield _fault("due_day_unclear", pointer, message, forms=", ".join(due.said))
    if isinstance(due.after, Hours) or isinstance(due.before, Hours):
        where = "after" if isinstance(due.after, Hours) else "before"
        message = "A due day is counted in days, working days or months; an hour of the day is said by `time`."
        yield _fault("due_in_hours", f"{pointer}/{where}", message)
    if due.anchor != "period_end" and {"day", "working_day", "weekday", "on"} & set(due.said):
        message = "A day of the period has no anchor: count `after` or `before` it instead."
        yield _fault("due_day_unclear", f"{pointer}/anchor", message)
    if due.on is not None and not _is_month_day(due.on):
        message = "{text} is no month and day: write 05-31 for 31 May."
        yield _fault("bad_date", f"{pointer}/on", message, text=due.on)
    try:
        clock_time(due.time)
    except ValueError:
        message = '{text} is no time of day: write "11:30", or "24:00" for the end of the day.'
        yield _fault("bad_time", f"{pointer}/time", message, text=due.time)


def _season(season: Season, pointer: str) -> Iterator[Fault]:
    if bool(season.months) == bool(season.first or season.last) or bool(season.first) != bool(season.last):
        message = "A season is either months, or days from `first` to `last`."
        yield _fault("season_unclear", pointer, message)
    for name, text in (("first", season.first), ("last", season.last)):
        if text and not _is_month_day(text):
            message = "{text} is no month and day: write 05-31 for 31 May."
            yield _fault("bad_date", f"{pointer}/{name}", message, text=text)


def _held(regime: Regime, held: Held, pointer: str) -> Iterator[Fault]:
    if held.of not in {one.cadence for one in regime.reporting}:
        message = "No return has the cadence {name}, so there is no close at which this could be asked."
        yield _fault("no_such_close", f"{pointer}/of", message, name=str(held.of))
    if held.in_last is not None and held.in_last < held.consecutive:
        message = "It cannot hold at {times} closes among the last {last}."
        yield _fault("never_held", f"{pointer}/in_last", message, times=held.consecutive, last=held.in_last)


def _in_its_period(due: Due, cadence: Cadence | None, pointer: str) -> Iterator[Fault]:
    months = 1 if due.of in {"same_month", "next_month"} else _MONTHS.get(str(cadence), 1)
    if due.month is not None and not 1 <= due.month <= months:
        message = "What it is counted in has {months} months, and no month {month}."
        yield _fault("no_such_month", f"{pointer}/month", message, months=months, month=due.month)
    elif cadence is not None and (first := _first_before_start(due, cadence)):
        period, day = first
        message = "It would be due before its period begins, that of {period} on {day}."
        yield _fault("due_before_period", pointer, message, day=day, period=period)


def _first_before_start(due: Due, cadence: Cadence) -> tuple[Period, date] | None:
    return next(((period, day) for period, day in due_days(due, cadence) if day < period.first_day), None)


def due_days(due: Due, cadence: Cadence) -> Iterator[tuple[Period, date]]:
    """What a due moment comes to in each period of a year with weekends only; nothing where that cannot be known."""
    period = Period.holding(date(_ANY_YEAR, 1, 1), cadence)
    while period.first_day.year <= _ANY_YEAR:
        try:
            day = due_day(period, due, _EVERY_DAY_BUT_WEEKENDS)
        except (ValueError, OverflowError):
            return  # said by the other checks
        if day is not None:
            yield period, day
        period = period.next()


def _anchor(due: Due, pointer: str, *, is_of_object: bool) -> Iterator[Fault]:
    known = (
        _OWN_ANCHORS | {"list_published"} | ({"planned_start_on", "planned_completion_on"} if is_of_object else set())
    )
    if due.anchor not in known:
        message = "Nothing known here is called {anchor}; there are: {known}."
        yield _fault("unknown_anchor", f"{pointer}/anchor", message, anchor=due.anchor, known=", ".join(sorted(known)))


def _is_month_day(text: str) -> bool:
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date(_ANY_YEAR, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True
