"""By which instant: the deadlines of the documents, and every form in which a regime can say one."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.core.calendar import Period, WorkingCalendar, instant
from shared.core.deadlines import after, clock_time, closed_at, day_after, day_before, due_at, due_day
from shared.core.regime.due import Days, Due, Hours, Months, Season, Shift, Span, WorkingDays
from shared.infra.holidays import statutory

ZONE = ZoneInfo("Asia/Shanghai")
WEEKENDS = WorkingCalendar()
NEXT = Shift(shift="next_working_day")


def china(*years: int) -> WorkingCalendar:
    published = [statutory("CN", year) for year in years]
    return WorkingCalendar(
        frozenset(day for one in published for day in one.days_off),
        frozenset(day for one in published for day in one.make_up_days),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def late_from(period: str, due: Due, calendar: WorkingCalendar = WEEKENDS, **anchors: date | None) -> str | None:
    found = due_at(Period.parse(period), due, calendar, ZONE, anchors)  # type: ignore[arg-type]
    return f"{found.astimezone(ZONE):%Y-%m-%d %H:%M}" if found else None


# --- the documents (published figures, 3.13) ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "period", "late"),
    [
        # 000-4b: daily by 11:30 of the same day, which has not ended; nothing is said of weekends.
        (Due(time="11:30"), "2026-03-05", "2026-03-05 11:30"),
        (Due(time="11:30"), "2026-03-07", "2026-03-07 11:30"),
        # 000-4b: Saturday 11:30 for this week; the 28th 11:30 for this month.
        (Due(weekday="sat", time="11:30"), "2026-W10", "2026-03-07 11:30"),
        (Due(weekday="sat", time="11:30"), "2026-W01", "2026-01-03 11:30"),
        (Due(day=28, of="same_month", time="11:30"), "2026-03", "2026-03-28 11:30"),
        (Due(day=28, of="same_month", time="11:30"), "2026-02", "2026-02-28 11:30"),
        # 004: 「每月22日前」: neither the time nor whether the 22nd counts is said, so the operator chooses.
        (Due(day=22, of="same_month"), "2026-04", "2026-04-23 00:00"),
        (Due(day=22, of="same_month", inclusive=False), "2026-04", "2026-04-22 00:00"),
        # 000-3: 「于每月25日前」.
        (Due(day=25, of="same_month"), "2026-04", "2026-04-26 00:00"),
        (Due(day=25, of="same_month", inclusive=False), "2026-04", "2026-04-25 00:00"),
        # 000-6: the first day (首日) of each month for the last.
        (Due(day=1), "2026-03", "2026-04-02 00:00"),
        (Due(day=1), "2025-12", "2026-01-02 00:00"),
        # 003, 000-9 and others: no day is said; the period's end is what is left.
        (Due(), "2026-03", "2026-04-01 00:00"),
        (Due(), "2026-03-T1", "2026-03-11 00:00"),
        (Due(), "2026-Q1", "2026-04-01 00:00"),
    ],
)
def test_the_deadlines_of_the_documents(due: Due, period: str, late: str) -> None:
    assert late_from(period, due) == late


@pytest.mark.parametrize(
    ("period", "moved", "one_more"),
    [
        ("2025-12", "2026-01-05 00:00", "2026-01-06 00:00"),  # 1 to 3 January off, Sunday the 4th worked
        ("2026-04", "2026-05-07 00:00", "2026-05-08 00:00"),  # 1 to 5 May off
        ("2026-09", "2026-10-09 00:00", "2026-10-10 00:00"),  # 1 to 7 October off
        ("2026-05", "2026-06-02 00:00", "2026-06-02 00:00"),  # 1 June is worked
    ],
)
def test_a_first_day_that_is_a_holiday_moves_only_where_the_rule_says_so(
    period: str, moved: str, one_more: str
) -> None:
    calendar = china(2025, 2026)
    assert late_from(period, Due(day=1), calendar) == f"{Period.parse(period).next().first_day:%Y-%m}-02 00:00"
    assert late_from(period, Due(day=1, holiday=NEXT), calendar) == moved
    plus = Shift(shift="next_working_day", plus=1)
    assert late_from(period, Due(day=1, holiday=plus), calendar) == one_more


def test_a_holiday_may_move_a_deadline_to_the_working_day_before() -> None:
    earlier = Due(day=1, holiday=Shift(shift="previous_working_day"))
    assert late_from("2026-09", earlier, china(2026)) == "2026-10-01 00:00"
    assert late_from("2026-01", earlier) == "2026-01-31 00:00"


def test_the_last_day_that_counts_is_moved_not_the_first_that_does_not() -> None:
    """Before the 23rd of March, a Monday: the 22nd is a Sunday, so Monday counts after all."""
    assert late_from("2026-03", Due(day=23, of="same_month", inclusive=False, holiday=NEXT)) == "2026-03-24 00:00"


# --- every form -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "period", "late"),
    [
        (Due(day=31, of="same_month"), "2026-02", "2026-03-01 00:00"),
        (Due(day=5), "2026-Q1", "2026-04-06 00:00"),
        (Due(day=5), "2026-03-05", "2026-04-06 00:00"),  # the month after that of a day
        (Due(day=3, of="next_period"), "2026-03-T1", "2026-03-14 00:00"),
        (Due(day=10, of="next_period"), "2026-Q1", "2026-04-11 00:00"),
        (Due(day=10, of="next_period", month=2), "2026-Q1", "2026-05-11 00:00"),
        (Due(day=25, of="same_period", month=3), "2026-Q1", "2026-03-26 00:00"),
        (Due(working_day=1, of="same_period", month=12), "2026", "2026-12-02 00:00"),
        (Due(working_day=5), "2026-01", "2026-02-07 00:00"),
        (Due(working_day=2, of="next_period"), "2026-W10", "2026-03-11 00:00"),
        (Due(weekday="mon", of="next_period", time="09:00"), "2026-W10", "2026-03-09 09:00"),
        (Due(weekday="fri", of="same_month"), "2026-03", "2026-03-07 00:00"),
        (Due(on="05-31"), "2026", "2026-06-01 00:00"),
        (Due(on="01-31", of="next_period"), "2026", "2027-02-01 00:00"),
        (Due(on="02-29"), "2026", "2026-03-01 00:00"),
        (Due(after=Days(days=3)), "2026-03", "2026-04-04 00:00"),
        (Due(after=WorkingDays(working_days=3)), "2026-03", "2026-04-04 00:00"),
        (Due(after=WorkingDays(working_days=1)), "2026-01", "2026-02-03 00:00"),
        (Due(before=Days(days=3), time="17:00"), "2026-03", "2026-03-28 17:00"),
        (Due(before=WorkingDays(working_days=2)), "2026-05", "2026-05-29 00:00"),
        (Due(after=Months(months=1), anchor="year_start"), "2026", "2026-02-02 00:00"),
        (Due(anchor="year_end", inclusive=False), "2026", "2026-12-31 00:00"),
        (Due(after=Hours(hours=25), anchor="period_start"), "2026-03", "2026-03-04 00:00"),
    ],
)
def test_what_is_due_when(due: Due, period: str, late: str) -> None:
    assert late_from(period, due) == late


def test_a_deadline_is_counted_from_a_day_of_the_project() -> None:
    """F08: back from the day of completion; and nothing is due while that day is not known."""
    accepted = Due(before=Months(months=1), anchor="planned_completion_on")
    assert late_from("2026", accepted, planned_completion_on=date(2026, 10, 31)) == "2026-10-01 00:00"
    assert late_from("2026", accepted, planned_completion_on=None) is None
    assert late_from("2026", accepted) is None
    assert late_from("2026", Due(anchor="planned_start_on"), planned_start_on=date(2026, 4, 1)) == "2026-04-02 00:00"


@pytest.mark.parametrize(
    ("text", "last"), [("2026-Q3", "2026-09-30"), ("2026-08", "2026-08-31"), ("2026-05-31", "2026-05-31")]
)
def test_a_deadline_to_the_quarter_the_month_or_the_day_has_a_last_day(text: str, last: str) -> None:
    """A12: 000-4a, 000-6, 000-9 and 004 each say their deadlines more or less finely."""
    assert str(due_day(Period.parse(text), Due(), WEEKENDS)) == last


def test_a_due_moment_knows_in_how_many_ways_its_day_is_said() -> None:
    assert Due().said == ()
    assert Due(day=1, of="same_month").said == ("day",)
    assert Due(day=1, weekday="mon", before=Days(days=1)).said == ("day", "weekday", "before")


@pytest.mark.parametrize("text", ["24:01", "25:00", "9:00", "11", "11:60", "T11:30", "11:30:00", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        clock_time(text)


@pytest.mark.parametrize("text", ["5-31", "13-01", "00-10", "0531"])
def test_what_is_no_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        due_day(Period.parse("2026"), Due(on=text), WEEKENDS)


# --- lengths of time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "end"),
    [
        (Days(days=0), "2026-01-08 10:00"),
        (WorkingDays(working_days=0), "2026-01-08 10:00"),
        (Days(days=1), "2026-01-10 00:00"),
        (WorkingDays(working_days=1), "2026-01-10 00:00"),
        (WorkingDays(working_days=3), "2026-01-14 00:00"),
        (Hours(hours=24), "2026-01-09 10:00"),
        (Months(months=1), "2026-02-09 00:00"),
    ],
)
def test_a_span_of_days_begins_on_the_day_after_and_one_of_hours_at_once(span: Span, end: str) -> None:
    thursday = at("2026-01-08 10:00")
    assert after(thursday, span, WEEKENDS, ZONE) == at(end)


@pytest.mark.parametrize(
    ("span", "closed"),
    [
        (None, "2026-01-09 00:00"),
        (WorkingDays(working_days=0), "2026-01-09 00:00"),
        (WorkingDays(working_days=1), "2026-01-10 00:00"),
        (Days(days=2), "2026-01-11 00:00"),
        (Hours(hours=12), "2026-01-09 12:00"),
    ],
)
def test_reviewers_have_the_days_after_the_last_day_of_the_return(span: Span | None, closed: str) -> None:
    due = at("2026-01-09 00:00")  # 24:00 of Thursday
    assert closed_at(due, span, WEEKENDS, ZONE) == at(closed)
    at_noon = at("2026-01-08 11:30")
    assert closed_at(at_noon, WorkingDays(working_days=1), WEEKENDS, ZONE) == at("2026-01-10 00:00")


def test_a_month_that_lacks_the_day_ends_the_span() -> None:
    assert day_after(date(2026, 1, 31), Months(months=1), WEEKENDS) == date(2026, 2, 28)
    assert day_before(date(2026, 3, 31), Months(months=1), WEEKENDS) == date(2026, 2, 28)
    assert day_before(date(2026, 1, 31), Months(months=2), WEEKENDS) == date(2025, 11, 30)


def test_a_span_over_the_change_of_clocks_ends_at_the_end_of_its_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    saturday = instant(date(2026, 3, 28), time(10), berlin)
    assert after(saturday, Days(days=1), WEEKENDS, berlin) == instant(date(2026, 3, 30), time(0), berlin)


# --- parts of the year ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        (Season(months=(3, 4)), ["2026-03-01", "2026-04-30"], ["2026-02-28", "2026-05-01"]),
        (Season(months=(12, 1)), ["2026-12-31", "2026-01-01"], ["2026-02-01", "2026-11-30"]),
        (Season(first="03-01", last="04-30"), ["2026-03-01", "2026-04-30"], ["2026-02-28", "2026-05-01"]),
        (Season(first="11-15", last="02-29"), ["2026-11-15", "2026-12-31", "2028-02-29"], ["2026-11-14", "2026-03-01"]),
    ],
)
def test_a_season_comes_every_year_and_may_go_over_its_end(
    season: Season, inside: list[str], outside: list[str]
) -> None:
    """D10: 000-5 has its activities by the month (「现场督办。5月份」)."""
    assert [season.holds(date.fromisoformat(day)) for day in inside] == [True] * len(inside)
    assert [season.holds(date.fromisoformat(day)) for day in outside] == [False] * len(outside)
