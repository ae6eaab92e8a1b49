"""Exact numbers: one decimal context, one way to round for printing, ranges of printed figures.

Decimal, never float: two replicas, or a replay next year, must print the same digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache, reduce
from typing import Literal

EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=300, rounding=ROUND_HALF_EVEN)

MoneyUnit = Literal["元", "万元", "亿元"]
YUAN_PER: dict[MoneyUnit, Decimal] = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

Rounding = Literal["half_up", "truncate", "balance_to_100"]
# A figure that stands alone has no others to be balanced against.
_MODES: dict[Rounding, str] = {"half_up": ROUND_HALF_UP, "truncate": ROUND_DOWN, "balance_to_100": ROUND_HALF_UP}

Verdict = Literal["consistent", "other_rounding", "inconsistent"]

AMOUNT_YUAN_MAX = Decimal(10) ** 16
AMOUNT_DECIMALS_MAX = 10
_DIGITS_MAX = AMOUNT_YUAN_MAX.adjusted()
_SETTLED = 30
ZERO = Decimal(0)


def is_amount(value: Decimal) -> bool:
    """Whether sums, quotients and printed forms of such amounts, of either sign, stay exact in 40 digits."""
    # By its exponent, not by arithmetic: a value beyond any context would raise instead of answering.
    return (
        value.is_finite() and (value == 0 or value.adjusted() < _DIGITS_MAX) and _decimals(value) <= AMOUNT_DECIMALS_MAX
    )


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum; the sum of nothing is zero."""
    return reduce(EXACT.add, values, ZERO)


def divide(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """The exact quotient to 40 digits; unknown where the denominator is zero."""
    return None if denominator == 0 else EXACT.divide(numerator, denominator)


def difference(value: Decimal, other: Decimal) -> Decimal:
    """How much one quotient is greater than another, to 30 decimals.

    Quotients carry noise in their 40th digit: without this, exactly 8 points behind would be more than 8 behind.
    """
    return _WIDE.quantize(_WIDE.subtract(value, other), _place(_SETTLED))


def settled(value: Decimal) -> Decimal:
    """A value without the noise of the quotients that it was worked out from: 30 times a third is 10.

    For what is compared or printed, not for what is worked on: there the noise would only come back greater.
    """
    if _decimals(value) <= _SETTLED:
        return value
    plain = difference(value, ZERO).normalize(_WIDE)
    return plain if _decimals(plain) >= 0 else plain.quantize(_place(0), context=_WIDE)


def rounded(value: Decimal, *, decimals: int, rounding: Rounding) -> Decimal:
    """The value as it is printed, never a negative zero; comparisons use the unrounded one."""
    plain = difference(value, ZERO)  # settled, without asking first whether it need be
    printed = plain.quantize(_place(decimals), rounding=_MODES[rounding], context=_WIDE)
    return printed or printed.copy_abs()


@dataclass(frozen=True, slots=True)
class PrintedShares:
    """The shares of a set of classes as they print, in per cent; `is_balanced`: they sum to exactly 100."""

    printed: tuple[Decimal | None, ...]
    is_balanced: bool


def balanced(ratios: Sequence[Decimal | None], *, decimals: int) -> PrintedShares:
    """Print the shares of a complete set of classes (1 = 100 %) so that they sum to exactly 100.

    Each is cut off; the units that are then missing go to the largest remainders, of equal ones to the largest class.
    Reproduces every printed share of 000-9. Unknown shares stay unknown; where the known ones do not add up to the
    whole there is nothing to balance, and each is rounded half up.
    """
    exact = {place: _percent(one) for place, one in enumerate(ratios) if one is not None}
    if total(exact.values()).quantize(_place(20), context=EXACT) != _HUNDRED:
        half_up = {at: rounded(one, decimals=decimals, rounding="half_up") for at, one in exact.items()}
        return PrintedShares(tuple(map(half_up.get, range(len(ratios)))), is_balanced=False)
    unit = _place(decimals)
    printed = {at: one.quantize(unit, rounding=ROUND_FLOOR, context=EXACT) for at, one in exact.items()}
    missing = int(EXACT.divide(EXACT.subtract(_HUNDRED, total(printed.values())), unit))
    by_remainder = sorted(exact, key=lambda at: (EXACT.subtract(printed[at], exact[at]), -exact[at], at))
    for at in by_remainder[:missing]:
        printed[at] = EXACT.add(printed[at], unit)
    return PrintedShares(tuple(map(printed.get, range(len(ratios)))), is_balanced=True)


_HUNDRED = Decimal(100)


def _percent(ratio: Decimal) -> Decimal:
    # Quotients carry noise in their 40th digit; without this, equal remainders would not be equal.
    return _WIDE.quantize(_WIDE.multiply(ratio, _HUNDRED), _place(30))


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a figure may stand for, both ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def exact(cls, value: Decimal) -> "Range":
        return cls(value, value)

    @classmethod
    def printed(cls, text: str) -> "Range":
        """A figure in print: half a unit of its last place on either side."""
        value = Decimal(text)
        half = EXACT.multiply(_place(_decimals(value)), Decimal("0.5"))
        return cls(EXACT.subtract(value, half), EXACT.add(value, half))

    def plus(self, other: "Range") -> "Range":
        return Range(EXACT.add(self.low, other.low), EXACT.add(self.high, other.high))

    def minus(self, other: "Range") -> "Range":
        return Range(EXACT.subtract(self.low, other.high), EXACT.subtract(self.high, other.low))

    def times(self, other: "Range") -> "Range":
        ends = [EXACT.multiply(one, two) for one in (self.low, self.high) for two in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def over(self, other: "Range") -> "Range | None":
        """The quotients; unknown where the denominator may be zero."""
        if other.low <= 0 <= other.high:
            return None
        ends = [EXACT.divide(one, two) for one in (self.low, self.high) for two in (other.low, other.high)]
        return Range(min(ends), max(ends))


def verdict(published: str, *, low: Decimal, high: Decimal, rounding: Rounding) -> Verdict:
    """Whether a published figure can come from a true value in [low, high].

    consistent: some value of the range prints so under the place's own rounding; other_rounding: only under
    another that regimes know; inconsistent: under none.
    """
    fitting = roundings_of(published, low=low, high=high)
    if _MODES[rounding] in {_MODES[one] for one in fitting}:
        return "consistent"
    return "other_rounding" if fitting else "inconsistent"


def roundings_of(published: str, *, low: Decimal, high: Decimal) -> tuple[Rounding, ...]:
    """The ways of rounding under which some value in [low, high] prints as a published figure that stands alone."""
    # Always rounding up is no one's rule, and would excuse nearly a whole unit of the last place.
    alone: tuple[Rounding, ...] = ("half_up", "truncate")
    return tuple(one for one in alone if _may_print(published, low, high, _MODES[one]))


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


@lru_cache(maxsize=64)
def _place(decimals: int) -> Decimal:
    return Decimal((0, (1,), -decimals))
