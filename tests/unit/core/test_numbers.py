"""Exact numbers: rounding for print, and what a printed figure may stand for."""

from decimal import Decimal, localcontext

import pytest

from shared.core.numbers import EXACT, Printed, Rounding, difference, divide, is_amount, rounded, total, verdict


@pytest.mark.parametrize(
    ("value", "truncated", "half_up"),
    [
        ("2.345", "2.34", "2.35"),
        ("2.344", "2.34", "2.34"),
        ("-2.345", "-2.34", "-2.35"),
        ("-2.349", "-2.34", "-2.35"),
        ("0.999", "0.99", "1.00"),
        ("12", "12.00", "12.00"),
        ("-0.001", "0.00", "0.00"),
    ],
)
def test_truncating_goes_towards_zero_and_half_up_away_from_it(value: str, truncated: str, half_up: str) -> None:
    assert str(rounded(Decimal(value), decimals=2, rounding="truncate")) == truncated
    assert str(rounded(Decimal(value), decimals=2, rounding="half_up")) == half_up


def test_a_quotient_by_zero_is_unknown() -> None:
    assert divide(Decimal(1), Decimal(0)) is None


def test_results_do_not_depend_on_the_context_of_the_thread() -> None:
    third = divide(Decimal(1), Decimal(3))
    with localcontext() as context:
        context.prec = 3
        assert divide(Decimal(1), Decimal(3)) == third
        assert total([Decimal("123456.78"), Decimal("0.01")]) == Decimal("123456.79")
        assert Printed.of("123456.78") == Printed(Decimal("123456.775"), Decimal("123456.785"))
        assert rounded(Decimal("123456.789"), decimals=2, rounding="truncate") == Decimal("123456.78")


def test_the_sum_of_nothing_is_zero() -> None:
    assert total([]) == 0


def test_exactly_eight_points_behind_is_not_more_than_eight() -> None:
    """6.5 of 75 is exactly 8 points behind 2 months of 12; both quotients recur."""
    behind = difference(EXACT.divide(Decimal("6.5"), Decimal(75)), EXACT.divide(Decimal(2), Decimal(12)))
    assert behind == Decimal("-0.08")


@pytest.mark.parametrize(
    ("amount", "is_exact"),
    [("0", True), ("-12.34", True), ("9999999999999999.99", True), ("0.0000000001", True), ("1E+15", True),
     ("1E+16", False), ("1E-11", False), ("1E+999999", False), ("NaN", False), ("Infinity", False)],
)  # fmt: skip
def test_an_amount_is_neither_too_large_nor_too_fine(amount: str, is_exact: bool) -> None:
    assert is_amount(Decimal(amount)) is is_exact


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("11.4", "11.35", "11.45"), ("4.28", "4.275", "4.285"), ("12", "11.5", "12.5"), ("-0.5", "-0.55", "-0.45"),
     ("10.0", "9.95", "10.05")],
)  # fmt: skip
def test_a_printed_figure_stands_for_half_a_unit_on_either_side(text: str, low: str, high: str) -> None:
    assert Printed.of(text) == Printed(Decimal(low), Decimal(high))


def _verdict(published: str, numerator: str, denominator: str, rounding: Rounding = "half_up") -> str:
    over, under = Printed.of(numerator), Printed.of(denominator)
    low = EXACT.divide(over.low * 100, under.high)
    high = EXACT.divide(over.high * 100, under.low)
    return verdict(published, low=low, high=high, rounding=rounding)


def test_a_percentage_within_what_its_parts_may_be_is_consistent() -> None:
    assert _verdict("62.4", "11.4", "18.2") == "consistent"


def test_a_percentage_that_no_rounding_of_its_parts_gives_is_inconsistent() -> None:
    assert _verdict("24.25", "4.28", "17.68") == "inconsistent"


def test_a_percentage_that_only_truncation_gives_is_of_another_rounding() -> None:
    exact = EXACT.divide(Decimal(1900), Decimal(28))
    assert verdict("67.8", low=exact, high=exact, rounding="truncate") == "consistent"
    assert verdict("67.8", low=exact, high=exact, rounding="half_up") == "other_rounding"
    assert verdict("67.9", low=exact, high=exact, rounding="truncate") == "other_rounding"
    assert verdict("67.7", low=exact, high=exact, rounding="truncate") == "inconsistent"
