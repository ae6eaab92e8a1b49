"""The moments of a jurisdiction: derived from its regimes and calendars, never recorded.

So a draft regime tried on the past meets its own cut-offs, and an outage of the clock changes nothing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.core import deadlines
from shared.core.calendar import Cadence, Moment, Period, WorkingCalendar, end_of, instant, last_day_before
from shared.core.events import ListPublished
from shared.core.ledger import Ledger
from shared.core.period import is_long
from shared.core.regime.model import Bulletin, Regime, Reporting
from shared.core.register import Adopted, spans, working_calendar, zone_of


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


def due_at(ledger: Ledger, period: Period, rule: Reporting) -> datetime | None:
    """The first instant at which a return for the period is late; None where no day is said, or none known."""
    zone, calendar = _zone_and_calendar(ledger, period)
    return deadlines.due_at(period, rule.due, calendar, zone) if rule.due is not None else None


def close_at(ledger: Ledger, period: Period, rule: Reporting) -> datetime:
    """When what was returned is judged: the reviewers' time after the deadline; after the period's end without one."""
    zone, calendar = _zone_and_calendar(ledger, period)
    due = due_at(ledger, period, rule) or end_of(period.last_day, zone)
    return deadlines.closed_at(due, rule.review_within, calendar, zone)


def issued_at(ledger: Ledger, moment: Moment, regime: Regime) -> list[Bulletin]:
    """The bulletins whose issue a moment is: others of its cadence may have a day of their own.

    None of a period that ends after the scheme does.
    """
    period, until = Period.parse(moment.period), valid_until(ledger, moment.list, regime)
    if until is not None and until < period.last_day:
        return []
    due = [one for one in regime.bulletins if one.cadence == period.cadence and moment.kind == "issue"]
    return [one for one in due if moment in _issue(ledger, moment.list, period, regime, one)]


def valid_until(ledger: Ledger, code: str, regime: Regime) -> date | None:
    """The last day on which a scheme stands, where it says for how long; the first day of its force is one of them."""
    adopted = ledger.get(Adopted, code)
    starts = [start for start, one in (adopted.regimes if adopted else ()) if one.version == regime.version]
    if regime.validity is None or not starts:
        return None
    calendar = working_calendar(ledger, known_at=instant(starts[-1], time(0), zone_of(ledger)))
    return deadlines.day_after(starts[-1] - timedelta(days=1), regime.validity.within, calendar)


def _of_list(ledger: Ledger, published: ListPublished) -> Iterator[Moment]:
    zone = zone_of(ledger)
    for start, end, regime in spans(ledger, published.list):
        for period, moment in _of_regime(ledger, published, regime):
            # A period is its regime's to the end: what falls due after a change of rules is due by the old.
            if start <= instant(period.last_day, time(0), zone) < end:
                yield moment


def _of_regime(ledger: Ledger, published: ListPublished, regime: Regime) -> Iterator[tuple[Period, Moment]]:
    for reporting in regime.reporting:
        if _is_drawn(regime, reporting.cadence):
            for period in _periods(published.year, reporting.cadence):
                for moment in _reporting(ledger, published.list, period, reporting):
                    yield period, moment
    for bulletin in regime.bulletins:
        if bulletin.cadence is not None:
            for period in _periods(published.year, bulletin.cadence):
                for moment in _issue(ledger, published.list, period, regime, bulletin):
                    yield period, moment


def _is_drawn(regime: Regime, cadence: Cadence) -> bool:
    """Whether anything hangs on the closes of a cadence: a year of days is not drawn for nothing."""
    asked = [*(one.held.of for one in regime.supervision_rules), *(one.cadence for one in regime.bulletins)]
    return is_long(cadence) or cadence in asked


def _reporting(ledger: Ledger, code: str, period: Period, rule: Reporting) -> Iterator[Moment]:
    due, close = due_at(ledger, period, rule), close_at(ledger, period, rule)
    if due is not None and due != close:  # where nothing is reviewed, due and close are one moment and drawn once
        yield Moment(code, "due", str(period), due)
    yield Moment(code, "close", str(period), close)


def _issue(ledger: Ledger, code: str, period: Period, regime: Regime, bulletin: Bulletin) -> Iterator[Moment]:
    """The issue of a bulletin: working days after the close of the last returns that it can be about."""
    if bulletin.issue is None:
        return
    zone = zone_of(ledger)
    close, about = max(_closes(ledger, period, regime), default=(end_of(period.last_day, zone), period))
    _, calendar = _zone_and_calendar(ledger, about)
    day = calendar.after(last_day_before(close, zone), bulletin.issue.working_days_after_close)
    yield Moment(code, "issue", str(period), instant(day, bulletin.issue.time, zone))


def _closes(ledger: Ledger, period: Period, regime: Regime) -> Iterator[tuple[datetime, Period]]:
    """The last close of each return within a period; of the returns of its own cadence only, where there are any."""
    own = [one for one in regime.reporting if one.cadence == period.cadence]
    for reporting in own or regime.reporting:
        last = Period.holding(period.last_day, reporting.cadence)
        if last.last_day > period.last_day:
            last = Period.holding(last.first_day - timedelta(days=1), reporting.cadence)
        if last.last_day >= period.first_day:
            yield close_at(ledger, last, reporting), last


def _zone_and_calendar(ledger: Ledger, period: Period) -> tuple[ZoneInfo, WorkingCalendar]:
    # The calendar that was known when the period opened: a later one never moves an old deadline.
    zone = zone_of(ledger)
    return zone, working_calendar(ledger, known_at=instant(period.first_day, time(0), zone))


def _periods(year: int, cadence: Cadence) -> Iterator[Period]:
    """The periods that end in a year."""
    period = Period.holding(date(year, 1, 1), cadence)
    while period.year == year:
        yield period
        period = period.next()


def _at(moment: Moment) -> datetime:
    return moment.at
