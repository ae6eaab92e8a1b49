"""What is counted of a subject: its rows, the people who are named for its objects, the days to and from a date."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.row import Row
from shared.core.calendar import WorkingCalendar
from shared.core.numbers import EXACT, divide, total
from shared.core.period import Period
from shared.core.regime.language import Last, Where, Window
from shared.core.regime.measures import Count, DayCount, Holders, Overlap, Panel, Portion, Slots, Taken, TimeProgress
from shared.core.regime.terms import Role, Table

_MONTHS = Decimal(12)


class Viewpoint(Protocol):
    """As of when something is counted, and who holds which role then."""

    @property
    def period(self) -> Period: ...
    @property
    def day(self) -> date: ...
    @property
    def calendar(self) -> WorkingCalendar: ...
    def holders(self, project: str, role: Role) -> tuple[str, ...]: ...


class Counting(Protocol):
    """A subject with its objects and its rows."""

    @property
    def view(self) -> Viewpoint: ...
    @property
    def objects(self) -> Sequence[ProjectFacts]: ...
    def rows(self, table: Table, where: Where | None, window: Window) -> Sequence[Row]: ...


def days_of(view: Viewpoint, window: Window) -> tuple[date, date]:
    """The first and the last day of a window."""
    match window:
        case "period":
            return view.period.first_day, view.day
        case "year_to_date":
            return date(view.period.year, 1, 1), view.day
        case Last(days=days, months=months):
            back = view.day - timedelta(days=days or 0)
            for _ in range(months or 0):
                back = back.replace(day=1) - timedelta(days=1)
            return (back if months is None else back.replace(day=1) + _month(back)) + timedelta(days=1), view.day
        case _:
            return date.min, date.max  # what is planned stands in the record, though its day is still to come


def _month(day: date) -> timedelta:
    return timedelta(days=day.day - 1)


# --- of rows ----------------------------------------------------------------------------------------------------------


def _count(subject: Counting, measure: Count) -> Decimal:
    return Decimal(len(subject.rows(measure.count, measure.where, measure.window)))


def _portion(subject: Counting, measure: Portion) -> Decimal | None:
    rows = subject.rows(measure.portion_of, measure.among, measure.window)
    hits = sum(row.has(measure.where) is True for row in rows)
    return divide(Decimal(hits), Decimal(len(rows)))


def _taken(subject: Counting, measure: Taken) -> Decimal | None:
    rows = subject.rows(measure.of, measure.where, measure.window)
    found = [(row.on, value) for row in rows if isinstance(value := row.cells.get(measure.column), Decimal)]
    if not found:
        return None
    values = [value for _, value in found]
    match measure.take:
        case "sum":
            return total(values)
        case "max":
            return max(values)
        case "min":
            return min(values)
        case "mean":
            return divide(total(values), Decimal(len(values)))
        case "latest":
            return max(reversed(found), key=lambda one: one[0])[1]  # of two on one day the one recorded last


def _panel(subject: Counting, measure: Panel) -> Decimal | None:
    """Per group of scorers: drop the extremes, take the mean; then the mean of groups by their weights."""
    rows = [row for row in subject.rows("visit_score", measure.where, measure.window) if row.cells["is_own"] is False]
    if measure.weights is None:
        return _trimmed_mean(rows, measure)
    parts: list[Decimal] = []
    for group, weight in measure.weights.items():
        mean = _trimmed_mean([row for row in rows if row.cells["scorer_group"] == group], measure)
        if mean is None:
            return None
        parts.append(EXACT.multiply(mean, weight))
    return divide(total(parts), total(measure.weights.values()))


def _trimmed_mean(rows: Sequence[Row], measure: Panel) -> Decimal | None:
    scores = sorted(score for row in rows if isinstance(score := row.cells["score"], Decimal))
    kept = scores[measure.drop_lowest : len(scores) - measure.drop_highest]
    return divide(total(kept), Decimal(len(kept)))


# --- of people and days -----------------------------------------------------------------------------------------------


def _held(subject: Counting, role: Role) -> set[str]:
    return {code for one in subject.objects for code in subject.view.holders(one.code, role)}


def _holders(subject: Counting, measure: Holders) -> Decimal:
    return Decimal(len(_held(subject, measure.holders)))


def _slots(subject: Counting, measure: Slots) -> Decimal | None:
    filled = [bool(subject.view.holders(one.code, role)) for one in subject.objects for role in measure.slots]
    return divide(Decimal(sum(filled)), Decimal(len(filled)))


def _overlap(subject: Counting, measure: Overlap) -> Decimal:
    one, other = measure.overlap
    return Decimal(len(_held(subject, one) & _held(subject, other)))


def _day_count(subject: Counting, measure: DayCount) -> Decimal | None:
    """Of several objects the most pressing: the fewest days until, the most days since."""
    view = subject.view
    counts: list[int] = []
    for one in subject.objects:
        day = date(view.period.year, 12, 31) if measure.anchor == "year_end" else one.days.get(measure.anchor)
        if day is not None:
            first, last = (view.day, day) if measure.days == "until" else (day, view.day)
            counts.append(_days_between(view.calendar, first, last, working=measure.working))
    if not counts:
        return None
    return Decimal(min(counts) if measure.days == "until" else max(counts))


def _days_between(calendar: WorkingCalendar, first: date, last: date, *, working: bool) -> int:
    """The days after one up to the other; negative where the other lies before it."""
    if not working:
        return (last - first).days
    return calendar.working_days_between(first, last) if first <= last else -calendar.working_days_between(last, first)


def _time_progress(subject: Counting, measure: TimeProgress) -> Decimal | None:
    view = subject.view
    if measure.months is not None:
        passed = measure.months.get(view.period.last_month)
    elif measure.step == "day":
        first = date(view.period.year, 1, 1)
        passed = divide(Decimal((view.day - first).days + 1), Decimal((date(first.year + 1, 1, 1) - first).days))
    else:
        passed = divide(Decimal(view.period.last_month), _MONTHS)
    return None if passed is None else EXACT.multiply(passed, measure.scaled)


COUNTED: Mapping[type, Callable[[Counting, Any], Decimal | None]] = {
    Count: _count,
    Portion: _portion,
    Taken: _taken,
    Panel: _panel,
    DayCount: _day_count,
    TimeProgress: _time_progress,
    Holders: _holders,
    Slots: _slots,
    Overlap: _overlap,
}
