"""Is a figure read as it is printed, and another printed like it?"""

from decimal import Decimal

import pytest

from shared.core.figures import UnknownFigure, read
from shared.core.numbers import EXACT, Range


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("300", "299.5", "300.5"),
        ("53.4%", "0.5335", "0.5345"),
        ("53.4 %", "0.5335", "0.5345"),
        ("4%", "0.04", "0.04"),
        ("+25.9个百分点", "0.2585", "0.2595"),
        ("−33.9%", "-0.3395", "-0.3385"),
        ("1,078.27亿元", "107826500000", "107827500000"),
        ("39.8亿", "3975000000", "3985000000"),
        ("12.5万元", "124500", "125500"),
        ("6.6万平方米", "65500", "66500"),
        ("480亩", "479.5", "480.5"),
        ("1.5万亿元", "1450000000000", "1550000000000"),
    ],
)
def test_a_printed_figure_counts_in_its_unit(text: str, low: str, high: str) -> None:
    figure = read(text)
    if low == high:
        assert figure.exact == Range.exact(Decimal(low))
    else:
        assert figure.range == Range(Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["", "近200", "二百", "10-31", "%", "1.2.3", "1,07", "NaN", "1e9"])
def test_what_is_no_single_figure_in_digits_is_unknown(text: str) -> None:
    with pytest.raises(UnknownFigure):
        read(text)


@pytest.mark.parametrize(
    ("like", "value", "text"),
    [
        ("0.00%", "0.78947", "78.95%"),
        ("+0.0个百分点", "0.0234", "+2.3个百分点"),
        ("+0.0%", "-0.0234", "-2.3%"),
        ("0.0亿元", "28720000000", "287.2亿元"),
        ("0", "18.5", "19"),
    ],
)
def test_another_number_prints_in_the_same_unit_to_the_same_decimals(like: str, value: str, text: str) -> None:
    assert read(like).like(Decimal(value), rounding="half_up") == text


def test_a_tie_stays_a_tie_though_its_quotient_recurs() -> None:
    third = EXACT.divide(Decimal(1), Decimal(3))
    assert read("0%").like(EXACT.multiply(third, Decimal("0.075")), rounding="half_up") == "3%"
