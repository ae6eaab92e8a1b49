"""Periods, working days and office hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.core.calendar import Moment, Period, WorkingCalendar, end_of, instant, last_day_before
from tests.support.builders import ZONE, local

SPRING_2026 = WorkingCalendar(
    days_off=frozenset(date(2026, 2, day) for day in range(16, 24)),
    make_up_days=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("0001-01", date(1, 1, 1), date(1, 1, 31)),
    ],
)
def test_a_period_reads_prints_and_spans(text: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (str(period), period.first_day, period.last_day) == (text, first, last)


@pytest.mark.parametrize(
    "text",
    ["", "2026-0", "2026-00", "2026-13", "2026-1", "2026-Q0", "2026-Q5", "2026-H3", "26-01", "02026", "0000",
     "2026-", "2026-Q", "-2026", " 2026", "2026-01 ", "２０２６", "2026-۰۱", "2026-" + "9" * 5000, "2026-q1",
     "2026-W0", "2026-02-30"],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


def test_periods_sort_by_their_end_and_then_the_shorter_first() -> None:
    texts = ["2025-12", "2026-01", "2026-03", "2026-Q1", "2026-06", "2026-Q2", "2026-H1", "2026-12", "2026-Q4",
             "2026-H2", "2026", "2027-01"]  # fmt: skip
    assert [str(one) for one in sorted(map(Period.parse, reversed(texts)))] == texts


def test_the_next_period_crosses_the_year() -> None:
    nexts = [str(Period.parse(text).next()) for text in ("2026-12", "2026-Q4", "2026-H2", "2026", "2026-01")]
    assert nexts == ["2027-01", "2027-Q1", "2027-H1", "2027", "2026-02"]


def test_a_make_up_saturday_is_worked_and_a_day_off_is_not() -> None:
    assert SPRING_2026.is_working(date(2026, 2, 14))
    assert not SPRING_2026.is_working(date(2026, 2, 16))
    assert not SPRING_2026.is_working(date(2026, 2, 15))


def test_working_days_are_counted_after_the_day_itself() -> None:
    friday = date(2026, 1, 9)
    calendar = WorkingCalendar()
    assert calendar.after(friday, 0) == friday
    assert calendar.after(friday, 1) == date(2026, 1, 12)
    assert SPRING_2026.after(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert SPRING_2026.after(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_the_nth_working_day_of_a_month() -> None:
    last_of_january = date(2026, 1, 31)
    assert WorkingCalendar().after(last_of_january, 1) == date(2026, 2, 2)
    assert SPRING_2026.after(last_of_january, 11) == date(2026, 2, 14)


def test_working_days_are_counted_back_from_a_day_too() -> None:
    monday = date(2026, 1, 12)
    assert WorkingCalendar().before(monday, 0) == monday
    assert WorkingCalendar().before(monday, 1) == date(2026, 1, 9)
    assert SPRING_2026.before(date(2026, 2, 24), 2) == date(2026, 2, 13)


def test_the_days_between_are_those_after_the_first_up_to_the_last() -> None:
    friday, tuesday = date(2026, 2, 13), date(2026, 2, 24)
    assert SPRING_2026.working_days_between(friday, tuesday) == 2
    assert WorkingCalendar().working_days_between(friday, tuesday) == 7
    assert SPRING_2026.working_days_between(tuesday, friday) == 0


def test_the_days_left_count_both_ends_and_are_none_when_it_is_over() -> None:
    friday, tuesday = date(2026, 2, 13), date(2026, 2, 24)
    assert SPRING_2026.days_left(friday, tuesday) == 3
    assert SPRING_2026.days_left(friday, tuesday, working=False) == 12
    assert SPRING_2026.days_left(friday, friday) == 1
    assert SPRING_2026.days_left(tuesday, friday, working=False) == 0


@pytest.mark.parametrize(
    ("signed", "served"),
    [
        ("2026-01-05 08:59", "2026-01-05 09:00"),
        ("2026-01-05 09:00", "2026-01-05 09:00"),
        ("2026-01-05 16:59", "2026-01-05 16:59"),
        ("2026-01-05 17:00", "2026-01-06 09:00"),
        ("2026-01-09 18:00", "2026-01-12 09:00"),
        ("2026-01-10 10:00", "2026-01-12 09:00"),
        ("2026-02-14 10:00", "2026-02-14 10:00"),
        ("2026-02-15 10:00", "2026-02-24 09:00"),
    ],
)
def test_what_is_signed_is_served_in_office_hours(signed: str, served: str) -> None:
    assert SPRING_2026.next_office_moment(local(signed), ZONE) == local(served)


def test_office_hours_are_those_of_the_place_not_of_the_server() -> None:
    monday_in_shanghai = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)
    assert WorkingCalendar().next_office_moment(monday_in_shanghai, ZONE) == local("2026-01-05 09:00")
    new_york = ZoneInfo("America/New_York")
    assert WorkingCalendar().next_office_moment(monday_in_shanghai, new_york) == instant(
        date(2026, 1, 5), time(9), new_york
    )


def test_a_day_ends_at_the_first_instant_of_the_next() -> None:
    assert end_of(date(2026, 2, 28), ZONE) == local("2026-03-01 00:00")
    # A day of 23 hours ends where the next begins all the same.
    berlin = ZoneInfo("Europe/Berlin")
    assert end_of(date(2026, 3, 29), berlin) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_the_last_day_before_midnight_is_the_one_that_ends_there() -> None:
    assert last_day_before(local("2026-03-01 00:00"), ZONE) == date(2026, 2, 28)
    assert last_day_before(local("2026-03-01 11:30"), ZONE) == date(2026, 3, 1)


def test_moments_of_one_instant_have_a_fixed_order() -> None:
    at = local("2026-04-06 00:00")
    moments = [Moment(code, kind, "2026-03", at) for kind in ("issue", "close", "due") for code in ("b", "a")]
    assert [(one.kind, one.list) for one in sorted(moments, key=lambda one: one.order)] == [
        ("due", "a"), ("due", "b"), ("close", "a"), ("close", "b"), ("issue", "a"), ("issue", "b"),
    ]  # fmt: skip


def test_the_id_of_a_moment_is_the_same_in_every_zone() -> None:
    at = local("2026-02-06 00:00")
    elsewhere = at.astimezone(ZoneInfo("America/New_York"))
    assert Moment("city", "due", "2026-01", at).id == Moment("city", "due", "2026-01", elsewhere).id
