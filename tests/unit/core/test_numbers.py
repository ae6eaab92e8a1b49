"""Exact numbers: rounding for print, and what a printed figure may stand for."""

from decimal import Decimal, localcontext

import pytest

from shared.core.numbers import (
    EXACT,
    Range,
    Rounding,
    balanced,
    difference,
    divide,
    is_amount,
    rounded,
    roundings_of,
    settled,
    total,
    verdict,
)


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


def test_a_third_times_thirty_is_ten() -> None:
    noisy = EXACT.multiply(EXACT.divide(Decimal(1), Decimal(3)), Decimal(30))
    assert noisy < 10
    assert settled(noisy) == 10
    assert str(rounded(noisy, decimals=2, rounding="truncate")) == "10.00"
    assert str(settled(Decimal("0.1"))) == "0.1"


def test_a_quotient_by_zero_is_unknown() -> None:
    assert divide(Decimal(1), Decimal(0)) is None


def test_results_do_not_depend_on_the_context_of_the_thread() -> None:
    third = divide(Decimal(1), Decimal(3))
    with localcontext() as context:
        context.prec = 3
        assert divide(Decimal(1), Decimal(3)) == third
        assert total([Decimal("123456.78"), Decimal("0.01")]) == Decimal("123456.79")
        assert Range.printed("123456.78") == Range(Decimal("123456.775"), Decimal("123456.785"))
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
    assert Range.printed(text) == Range(Decimal(low), Decimal(high))


def _verdict(published: str, numerator: str, denominator: str, rounding: Rounding = "half_up") -> str:
    over, under = Range.printed(numerator), Range.printed(denominator)
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


def _shares(*amounts: int, decimals: int = 1) -> list[str]:
    found = balanced([divide(Decimal(one), Decimal(sum(amounts))) for one in amounts], decimals=decimals)
    assert found.is_balanced
    return [str(one) for one in found.printed]


def test_of_equal_remainders_the_largest_class_gets_the_missing_unit() -> None:
    """160, 30, 25, 60 and 25 of 300: three remainders are a third, and half up would sum to 99.9."""
    assert _shares(160, 30, 25, 60, 25) == ["53.4", "10.0", "8.3", "20.0", "8.3"]


def test_the_largest_remainder_gets_the_missing_unit_though_its_class_is_small() -> None:
    assert _shares(604, 396, decimals=0) == ["60", "40"]
    assert _shares(334, 333, 333, decimals=0) == ["34", "33", "33"]
    assert _shares(1, 1, 1, decimals=2) == ["33.34", "33.33", "33.33"]


def test_shares_that_leave_out_a_class_are_rounded_half_up_and_said_not_to_be_balanced() -> None:
    found = balanced([Decimal("0.5335"), Decimal("0.3"), None], decimals=1)
    assert (found.is_balanced, [str(one) for one in found.printed]) == (False, ["53.4", "30.0", "None"])


def test_thirds_are_a_whole_though_their_digits_end() -> None:
    third = divide(Decimal(1), Decimal(3))
    assert balanced([third, third, third, None], decimals=0).is_balanced


def test_a_figure_that_stands_alone_is_balanced_by_rounding_half_up() -> None:
    assert str(rounded(Decimal("2.345"), decimals=2, rounding="balance_to_100")) == "2.35"
    assert verdict("2.35", low=Decimal("2.345"), high=Decimal("2.345"), rounding="balance_to_100") == "consistent"


def test_the_ways_of_rounding_that_print_a_figure_are_named() -> None:
    value = EXACT.divide(Decimal(1900), Decimal(28))
    assert roundings_of("67.9", low=value, high=value) == ("half_up",)
    assert roundings_of("67.8", low=value, high=value) == ("truncate",)
    assert roundings_of("67", low=value, high=value) == ("truncate",)
    assert roundings_of("68.5", low=value, high=value) == ()


def test_ranges_add_up_end_by_end() -> None:
    one, two = Range(Decimal(1), Decimal(2)), Range(Decimal(-3), Decimal(5))
    assert one.plus(two) == Range(Decimal(-2), Decimal(7))
    assert one.minus(two) == Range(Decimal(-4), Decimal(5))
    assert one.times(two) == Range(Decimal(-6), Decimal(10))
    assert two.over(one) == Range(Decimal(-3), Decimal(5))


def test_a_quotient_by_what_may_be_zero_is_unknown() -> None:
    assert Range.exact(Decimal(1)).over(Range(Decimal(-1), Decimal(1))) is None
    assert Range.exact(Decimal(1)).over(Range(Decimal(0), Decimal(1))) is None
