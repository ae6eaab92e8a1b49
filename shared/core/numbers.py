"""Exact numbers: one decimal context, one way to round for printing, ranges of printed figures.

Decimal, never float: two replicas, or a replay next year, must print the same digits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Literal

EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=90, rounding=ROUND_HALF_EVEN)

MoneyUnit = Literal["元", "万元", "亿元"]
YUAN_PER: dict[MoneyUnit, Decimal] = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

Rounding = Literal["half_up", "truncate"]
_MODES = {"half_up": ROUND_HALF_UP, "truncate": ROUND_DOWN}

Verdict = Literal["consistent", "other_rounding", "inconsistent"]

AMOUNT_YUAN_MAX = Decimal(10) ** 16
AMOUNT_DECIMALS_MAX = 10
_DIGITS_MAX = AMOUNT_YUAN_MAX.adjusted()


def is_amount(value: Decimal) -> bool:
    """Whether sums, quotients and printed forms of such amounts, of either sign, stay exact in 40 digits."""
    # By its exponent, not by arithmetic: a value beyond any context would raise instead of answering.
    return (
        value.is_finite() and (value == 0 or value.adjusted() < _DIGITS_MAX) and _decimals(value) <= AMOUNT_DECIMALS_MAX
    )


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum; the sum of nothing is zero."""
    return reduce(EXACT.add, values, Decimal(0))


def divide(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The exact quotient to 40 digits; unknown where the denominator is zero."""
    return None if denominator == 0 else EXACT.divide(numerator, denominator)


def difference(value: Decimal, other: Decimal) -> Decimal:
    """How much one quotient is greater than another, to 30 decimals.

    Quotients carry noise in their 40th digit: without this, exactly 8 points behind would be more than 8 behind.
    """
    return _WIDE.quantize(_WIDE.subtract(value, other), _place(30))


def rounded(value: Decimal, *, decimals: int, rounding: Rounding) -> Decimal:
    """The value as it is printed, never a negative zero; comparisons use the unrounded one."""
    printed = value.quantize(_place(decimals), rounding=_MODES[rounding], context=EXACT)
    return printed or printed.copy_abs()


@dataclass(frozen=True, slots=True)
class Printed:
    """The range of values that a printed figure may stand for, both ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, text: str) -> "Printed":
        """Half a unit of the last printed place on either side."""
        value = Decimal(text)
        half = EXACT.multiply(_place(_decimals(value)), Decimal("0.5"))
        return cls(EXACT.subtract(value, half), EXACT.add(value, half))


def verdict(published: str, *, low: Decimal, high: Decimal, rounding: Rounding) -> Verdict:
    """Whether a published figure can come from a true value in [low, high].

    consistent: some value of the range prints so under the place's own rounding; other_rounding: only under
    another that regimes know; inconsistent: under none.
    """
    if _may_print(published, low, high, _MODES[rounding]):
        return "consistent"
    # Always rounding up is no one's rule, and would excuse nearly a whole unit of the last place.
    by_another = any(_may_print(published, low, high, mode) for mode in _MODES.values())
    return "other_rounding" if by_another else "inconsistent"


def _may_print(published: str, low: Decimal, high: Decimal, mode: str) -> bool:
    # Rounding never decreases as its argument grows, so the ends decide for the whole range.
    figure = Decimal(published)
    place = _place(_decimals(figure))
    return (
        low.quantize(place, rounding=mode, context=EXACT)
        <= figure
        <= high.quantize(place, rounding=mode, context=EXACT)
    )


def _decimals(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _place(decimals: int) -> Decimal:
    return Decimal((0, (1,), -decimals))
