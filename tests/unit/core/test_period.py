"""Periods of every cadence, and whose turn it is in them."""

from datetime import date

import pytest

from shared.core.period import Period, is_long, month_of, rotation
from shared.core.regime.due import Cadence, Days, EveryDays

# 004: nine systems, in the order of the document.
NINE = ("创新", "产业", "市场", "交通", "水利", "城建", "生态", "民生", "脱贫")


def every(days: int, anchor: str = "2026-01-05") -> EveryDays:
    return EveryDays(every=Days(days=days), anchor=date.fromisoformat(anchor))


@pytest.mark.parametrize(
    ("text", "first", "last", "following"),
    [
        ("2026-03-05", "2026-03-05", "2026-03-05", "2026-03-06"),
        ("2026-W10", "2026-03-02", "2026-03-08", "2026-W11"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2026-W02"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2027-W01"),
        ("2026-02-T3", "2026-02-21", "2026-02-28", "2026-03-T1"),
        ("2026-03-T2", "2026-03-11", "2026-03-20", "2026-03-T3"),
        ("2026-03-T3", "2026-03-21", "2026-03-31", "2026-04-T1"),
        ("2026-03-M1", "2026-03-01", "2026-03-15", "2026-03-M2"),
        ("2028-02-M2", "2028-02-16", "2028-02-29", "2028-03-M1"),
        ("2026-01-05-P3D", "2026-01-05", "2026-01-07", "2026-01-08-P3D"),
        ("2026-12-30-P10D", "2026-12-30", "2027-01-08", "2027-01-09-P10D"),
    ],
)
def test_a_short_period_reads_prints_and_spans(text: str, first: str, last: str, following: str) -> None:
    period = Period.parse(text)
    assert (str(period), str(period.first_day), str(period.last_day)) == (text, first, last)
    assert str(period.next()) == following


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "2026-W00", "2027-W53", "2026-W1", "2026-03-T0", "2026-03-T4", "2026-03-M3", "2026-13-T1",
     "2026-01-05-P0D", "2026-01-05-P03D", "2026-01-05-P1000D", "2026-02-30-P3D", "2026-01-05-p3d", "9999-12-31-P2D",
     "9999-W52", "2026-03-05\n", "2026-3-5", "0000-W01"],
)  # fmt: skip
def test_what_is_no_short_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("day", "cadence", "text"),
    [
        ("2026-03-05", "daily", "2026-03-05"),
        ("2026-03-08", "weekly", "2026-W10"),
        ("2027-01-03", "weekly", "2026-W53"),
        ("2026-03-10", "ten_days", "2026-03-T1"),
        ("2026-03-31", "ten_days", "2026-03-T3"),
        ("2026-03-15", "half_month", "2026-03-M1"),
        ("2026-03-16", "half_month", "2026-03-M2"),
        ("2026-08-31", "quarterly", "2026-Q3"),
        ("2026-08-31", "half_year", "2026-H2"),
        ("2026-01-10", every(3), "2026-01-08-P3D"),
        ("2026-01-04", every(3), "2026-01-02-P3D"),
    ],
)
def test_a_day_lies_in_one_period_of_a_cadence(day: str, cadence: Cadence, text: str) -> None:
    assert str(Period.holding(date.fromisoformat(day), cadence)) == text


def test_an_anchor_given_in_asking_comes_before_that_of_the_rule() -> None:
    asked = Period.holding(date(2026, 1, 10), every(3), anchor=date(2026, 1, 1))
    assert (str(asked), str(asked.next())) == ("2026-01-10-P3D", "2026-01-13-P3D")


def test_without_an_anchor_seven_days_are_a_week() -> None:
    weekly = EveryDays(every=Days(days=7))
    found = Period.holding(date(2026, 3, 5), weekly)
    assert (found.first_day, found.last_day) == (date(2026, 3, 2), date(2026, 3, 8))


def test_two_rules_of_every_three_days_have_the_same_cadence_wherever_they_begin() -> None:
    assert Period.parse("2026-01-05-P3D").cadence == every(3, "2026-01-06")
    assert every(3) != every(4)


def test_a_period_belongs_to_the_year_in_which_it_ends() -> None:
    assert [Period.parse(text).year for text in ("2026-W01", "2026-W53", "2026-12-30-P10D", "2026-12-T3")] == [
        2026, 2027, 2027, 2026,
    ]  # fmt: skip
    assert [Period.parse(text).last_month for text in ("2026-W53", "2026-Q3", "2026-02-14")] == [1, 9, 2]


def test_of_periods_that_end_together_the_shorter_comes_first() -> None:
    texts = ["2026-05-31", "2026-W22", "2026-05-T3", "2026-05-M2", "2026-05", "2026-06-30", "2026-06-T3", "2026-06-M2",
             "2026-06", "2026-Q2", "2026-H1"]  # fmt: skip
    assert [str(one) for one in sorted(map(Period.parse, reversed(texts)))] == texts


def test_periods_of_the_same_days_but_other_cadences_have_an_order_too() -> None:
    day, one = Period.parse("2026-01-05"), Period.parse("2026-01-05-P1D")
    assert day != one
    assert (day < one) != (one < day)


def test_cadences_of_whole_months_are_long() -> None:
    assert [is_long(one) for one in ("monthly", "yearly", "half_month", "daily", every(60))] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_the_months_of_a_period_are_counted_from_its_first() -> None:
    found = [str(month_of(Period.parse("2026-Q2"), number)) for number in (1, 3, 4, 12)]
    assert found == ["2026-04", "2026-06", "2026-06", "2026-06"]


def test_nine_systems_take_turns_from_the_week_of_the_event() -> None:
    """004: each week one system, from the day on which the targets were issued."""
    issued = date(2026, 4, 8)
    weeks = [Period.holding(date(2026, 4, 6 + day), "weekly") for day in (0, 7, 14)]
    assert [rotation(NINE, week, issued) for week in weeks] == ["创新", "产业", "市场"]
    after_nine = Period.parse("2026-W24")
    assert rotation(NINE, after_nine, issued) == "创新"


def test_nobody_has_a_turn_before_the_event_or_while_it_is_unknown() -> None:
    week = Period.parse("2026-W14")
    assert rotation(NINE, week, date(2026, 4, 8)) is None
    assert rotation(NINE, week, None) is None
    assert rotation((), week, date(2026, 1, 1)) is None


@pytest.mark.parametrize("cadence", ["daily", "ten_days", "half_month", "monthly", "quarterly", every(3)])
def test_turns_are_taken_in_any_cadence(cadence: Cadence) -> None:
    period, seen = Period.holding(date(2026, 11, 20), cadence), []
    for _ in range(4):
        seen.append(rotation(("a", "b", "c"), period, date(2026, 11, 20)))
        period = period.next()
    assert seen == ["a", "b", "c", "a"]
