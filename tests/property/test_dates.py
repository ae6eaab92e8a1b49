"""Dates, whatever they are: periods cover the year once, and a day off never brings a deadline forward.

Two rules move a deadline earlier by their nature when a day is no longer worked, and are left out where that is the
point: a shift to the previous working day, and working days counted back from a day.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.core.calendar import WorkingCalendar, instant, last_day_before
from shared.core.deadlines import after, closed_at, due_at
from shared.core.period import Period, rotation
from shared.core.regime.due import Cadence, Days, Due, EveryDays, Hours, Months, Shift, Span, WorkingDays

ZONES = st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
NAMED: list[Cadence] = [
    "daily", "weekly", "ten_days", "half_month", "monthly", "quarterly", "half_year", "yearly",
]  # fmt: skip
CADENCES: st.SearchStrategy[Cadence] = st.one_of(
    st.sampled_from(NAMED), st.builds(EveryDays, every=st.builds(Days, days=st.integers(1, 366)), anchor=DAYS)
)
NEAR = st.dates(date(2026, 1, 1), date(2026, 12, 31))
CALENDARS = st.builds(WorkingCalendar, st.frozensets(NEAR, max_size=25), st.frozensets(NEAR, max_size=8))
COUNTS = st.integers(0, 40)
SPANS: st.SearchStrategy[Span] = st.one_of(
    st.builds(Days, days=COUNTS),
    st.builds(WorkingDays, working_days=COUNTS),
    st.builds(Hours, hours=COUNTS),
    st.builds(Months, months=st.integers(0, 5)),
)
FORMS: st.SearchStrategy[dict[str, object]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"day": st.integers(1, 31)}),
    st.fixed_dictionaries({"working_day": st.integers(1, 31)}),
    st.fixed_dictionaries({"weekday": st.sampled_from(["mon", "wed", "sat", "sun"])}),
    st.fixed_dictionaries({"on": st.sampled_from(["01-01", "02-29", "05-31", "12-31"])}),
    st.fixed_dictionaries({"after": SPANS, "anchor": st.sampled_from(["period_start", "period_end", "year_end"])}),
    st.fixed_dictionaries({"before": st.builds(Days, days=COUNTS)}),
)
SHIFTS = st.none() | st.builds(Shift, shift=st.just("next_working_day"), plus=st.integers(0, 3))
RESTS = st.fixed_dictionaries({
    "of": st.sampled_from([None, "same_period", "next_period", "same_month", "next_month"]),
    "month": st.sampled_from([None, 1, 2, 12]),
    "inclusive": st.booleans(),
    "time": st.sampled_from(["24:00", "00:00", "11:30"]),
    "holiday": SHIFTS,
})  # fmt: skip


@st.composite
def dues(draw: st.DrawFn) -> Due:
    due = Due(**{**draw(FORMS), **draw(RESTS)})  # type: ignore[arg-type]
    # What is counted in working days is never a holiday: a rule that moves it from one says nothing.
    is_worked = due.working_day is not None or isinstance(due.after, WorkingDays)
    return replace(due, holiday=None) if is_worked else due


@given(DAYS, CADENCES)
def test_a_day_lies_in_its_period_and_in_no_other_of_the_cadence(day: date, cadence: Cadence) -> None:
    period = Period.holding(day, cadence)
    assert period.first_day <= day <= period.last_day
    assert Period.holding(period.first_day, cadence) == period == Period.holding(period.last_day, cadence)


@given(DAYS, CADENCES)
def test_the_next_period_begins_where_one_ends(day: date, cadence: Cadence) -> None:
    period = Period.holding(day, cadence)
    following = period.next()
    assert following.first_day == period.last_day + timedelta(days=1)
    assert following.ordinal == period.ordinal + 1
    assert following.cadence == cadence
    assert period < following


@given(DAYS, CADENCES)
def test_a_period_is_read_from_what_it_prints_without_an_anchor(day: date, cadence: Cadence) -> None:
    period = Period.holding(day, cadence)
    read = Period.parse(str(period))
    assert (read, hash(read), read.next()) == (period, hash(period), period.next())
    assert set(str(period)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")


@given(st.integers(2000, 2060), CADENCES)
def test_the_periods_that_end_in_a_year_cover_it_up_to_the_one_that_runs_on(year: int, cadence: Cadence) -> None:
    period, covered = Period.holding(date(year, 1, 1), cadence), 0
    while period.year == year:
        covered += (min(period.last_day, date(year, 12, 31)) - max(period.first_day, date(year, 1, 1))).days + 1
        period = period.next()
    running_on = max((date(year, 12, 31) - max(period.first_day, date(year, 1, 1))).days + 1, 0)
    assert covered + running_on == (date(year, 12, 31) - date(year, 1, 1)).days + 1
    assert running_on == 0 or cadence == "weekly" or isinstance(cadence, EveryDays)


@given(st.lists(st.builds(Period.holding, DAYS, CADENCES), min_size=3, max_size=3))
def test_any_two_periods_have_an_order(periods: list[Period]) -> None:
    first, second, third = sorted(periods)
    assert first <= second <= third
    assert first <= third
    assert (first.last_day, -first.first_day.toordinal()) <= (second.last_day, -second.first_day.toordinal())
    assert (first == second) == (not first < second)


@given(DAYS, CADENCES, st.integers(0, 30), st.integers(1, 12))
def test_everyone_has_a_turn_before_anyone_has_a_second(day: date, cadence: Cadence, ahead: int, count: int) -> None:
    period = Period.holding(day, cadence)
    for _ in range(ahead):
        period = period.next()
    turns = []
    for _ in range(count):
        turns.append(rotation(range(count), period, day))
        period = period.next()
    assert sorted(turn for turn in turns if turn is not None) == list(range(count))


@given(NEAR, CADENCES, dues(), CALENDARS, NEAR, ZONES)
def test_a_day_off_never_brings_a_deadline_forward(
    day: date, cadence: Cadence, due: Due, calendar: WorkingCalendar, holiday: date, zone: ZoneInfo
) -> None:
    period = Period.holding(day, cadence)
    more = replace(calendar, days_off=calendar.days_off | {holiday}, make_up_days=calendar.make_up_days - {holiday})
    before, later = (due_at(period, due, one, zone) for one in (calendar, more))
    assert before is not None
    assert later is not None
    assert later >= before


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), SPANS, CALENDARS, NEAR, ZONES)  # noqa: DTZ001 - its zone is drawn
def test_a_day_off_never_shortens_a_span(
    start: datetime, span: Span, calendar: WorkingCalendar, holiday: date, zone: ZoneInfo
) -> None:
    at = start.replace(tzinfo=zone)
    more = replace(calendar, days_off=calendar.days_off | {holiday}, make_up_days=calendar.make_up_days - {holiday})
    assert after(at, span, more, zone) >= after(at, span, calendar, zone) >= at
    assert closed_at(at, span, more, zone) >= closed_at(at, span, calendar, zone) >= at
    assert more.next_office_moment(at, zone) >= calendar.next_office_moment(at, zone) >= at


@given(NEAR, CADENCES, dues(), CALENDARS, ZONES)
def test_a_later_period_is_never_due_earlier(
    day: date, cadence: Cadence, due: Due, calendar: WorkingCalendar, zone: ZoneInfo
) -> None:
    """But for `plus`: what is moved by more than the holiday may be overtaken by the period that needs no moving."""
    plain = replace(due, holiday=due.holiday and replace(due.holiday, plus=0))
    period = Period.holding(day, cadence)
    one, following = (due_at(each, plain, calendar, zone) for each in (period, period.next()))
    assert one is not None
    assert following is not None
    assert following >= one


@given(NEAR, CALENDARS, st.integers(0, 60))
def test_counting_working_days_undoes_going_forward_and_back(day: date, calendar: WorkingCalendar, count: int) -> None:
    ahead = calendar.after(day, count)
    assert calendar.working_days_between(day, ahead) == count
    assert calendar.before(ahead, count) <= ahead
    eve = timedelta(days=1)
    assert calendar.working_days_between(calendar.before(day, count) - eve, day - eve) == count


@given(DAYS, ZONES)
def test_what_ends_with_a_day_ends_on_it(day: date, zone: ZoneInfo) -> None:
    assert last_day_before(instant(day + timedelta(days=1), time(0), zone), zone) == day
    assert last_day_before(instant(day, time(11, 30), zone), zone) == day
