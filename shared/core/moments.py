"""The moments of a jurisdiction: derived from its regimes and calendars, never recorded.

So a draft regime tried on the past meets its own cut-offs, and an outage of the clock changes nothing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.core.calendar import Cadence, Moment, Period, WorkingCalendar, end_of, instant
from shared.core.events import ListPublished
from shared.core.ledger import Ledger
from shared.core.regime.model import Bulletin, Due, Regime, Reporting
from shared.core.register import spans, working_calendar, zone_of


def agenda(ledger: Ledger) -> Sequence[Moment]:
    """Every moment of every list and year published so far, in the order in which folds play them."""
    if ledger.agenda is None:
        # A set: what falls at the same instant of the same period is one moment, played once.
        found = {moment for one in ledger.all(ListPublished).values() for moment in _of_list(ledger, one)}
        ledger.agenda = sorted(found, key=lambda moment: moment.order)
    return ledger.agenda


def between(moments: Sequence[Moment], *, after: datetime, until: datetime) -> Sequence[Moment]:
    """The moments later than `after` and not later than `until`."""
    return moments[bisect_right(moments, after, key=_at) : bisect_right(moments, until, key=_at)]


def due_day(period: Period, rule: Due, calendar: WorkingCalendar) -> date:
    """The last day that still counts; a day that the month lacks is its last day."""
    month = period.last_day if rule.of == "same_month" else period.last_day + timedelta(days=1)
    first = month.replace(day=1)
    if rule.working_day is not None:
        day = calendar.nth_of_month(first, rule.working_day)
    else:
        day = min(first + timedelta(days=(rule.day or 31) - 1), Period.holding(first, "monthly").last_day)
    return day if rule.inclusive else day - timedelta(days=1)


def close_day(period: Period, rule: Reporting, calendar: WorkingCalendar) -> date:
    """The due day, and the working days that reviewers have after it."""
    due = due_day(period, rule.due, calendar)
    return calendar.after(due, rule.review_within.working_days) if rule.review_within else due


def due_at(ledger: Ledger, period: Period, rule: Reporting) -> datetime:
    """The first instant at which a return for the period is late."""
    zone, calendar = _zone_and_calendar(ledger, period)
    return end_of(due_day(period, rule.due, calendar), zone)


def issued_at(ledger: Ledger, moment: Moment, regime: Regime) -> list[Bulletin]:
    """The bulletins whose issue a moment is: others of its cadence may have a day of their own."""
    period = Period.parse(moment.period)
    due = [one for one in regime.bulletins if one.cadence == period.cadence and moment.kind == "issue"]
    return [one for one in due if _issue(ledger, moment.list, period, regime.reporting[0], one) == moment]


def _of_list(ledger: Ledger, published: ListPublished) -> Iterator[Moment]:
    zone = zone_of(ledger)
    for start, end, regime in spans(ledger, published.list):
        for period, moment in _of_regime(ledger, published, regime):
            # A period is its regime's to the end: what falls due after a change of rules is due by the old.
            if start <= instant(period.last_day, time(0), zone) < end:
                yield moment


def _of_regime(ledger: Ledger, published: ListPublished, regime: Regime) -> Iterator[tuple[Period, Moment]]:
    for reporting in regime.reporting:
        for period in _periods(published.year, reporting.cadence):
            for moment in _reporting(ledger, published.list, period, reporting):
                yield period, moment
    for bulletin in regime.bulletins:
        for period in _periods(published.year, bulletin.cadence):
            yield period, _issue(ledger, published.list, period, regime.reporting[0], bulletin)


def _reporting(ledger: Ledger, code: str, period: Period, rule: Reporting) -> Iterator[Moment]:
    zone, calendar = _zone_and_calendar(ledger, period)
    due, close = due_day(period, rule.due, calendar), close_day(period, rule, calendar)
    if due != close:  # where nothing is reviewed, due and close are one moment and drawn once
        yield Moment(code, "due", str(period), end_of(due, zone))
    yield Moment(code, "close", str(period), end_of(close, zone))


def _issue(ledger: Ledger, code: str, period: Period, reporting: Reporting, bulletin: Bulletin) -> Moment:
    last_reported = Period.holding(period.last_day, reporting.cadence)
    zone, calendar = _zone_and_calendar(ledger, last_reported)
    day = calendar.after(close_day(last_reported, reporting, calendar), bulletin.issue.working_days_after_close)
    return Moment(code, "issue", str(period), instant(day, bulletin.issue.time, zone))


def _zone_and_calendar(ledger: Ledger, period: Period) -> tuple[ZoneInfo, WorkingCalendar]:
    # The calendar that was known when the period opened: a later one never moves an old deadline.
    zone = zone_of(ledger)
    return zone, working_calendar(ledger, known_at=instant(period.first_day, time(0), zone))


def _periods(year: int, cadence: Cadence) -> Iterator[Period]:
    period = Period.holding(date(year, 1, 1), cadence)
    while period.year == year:
        yield period
        period = period.next()


def _at(moment: Moment) -> datetime:
    return moment.at
