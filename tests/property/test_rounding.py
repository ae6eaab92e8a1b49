"""What holds for every set of shares: they print to exactly 100, none moved by a whole unit of its last place."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.core.numbers import EXACT, PrintedShares, Range, balanced, divide, rounded, roundings_of, total

cents = st.integers(0, 10**15).map(lambda amount: Decimal(amount) / 100)
small = st.integers(0, 9).map(Decimal)
sets = st.lists(st.one_of(small, cents), min_size=1, max_size=12).filter(any)
places = st.integers(0, 4)


def shares(amounts: Sequence[Decimal], decimals: int) -> PrintedShares:
    return balanced([divide(one, total(amounts)) for one in amounts], decimals=decimals)


def printed(found: PrintedShares) -> list[Decimal]:
    known = [one for one in found.printed if one is not None]
    assert len(known) == len(found.printed)
    return known


@given(sets, places)
def test_a_complete_set_of_classes_prints_to_exactly_100(amounts: list[Decimal], decimals: int) -> None:
    found = shares(amounts, decimals)
    assert found.is_balanced
    assert total(printed(found)) == 100


@given(sets, places)
def test_each_share_prints_within_one_unit_of_its_last_place(amounts: list[Decimal], decimals: int) -> None:
    unit = Decimal(1).scaleb(-decimals)
    for amount, one in zip(amounts, printed(shares(amounts, decimals)), strict=True):
        exact = EXACT.divide(EXACT.multiply(amount, Decimal(100)), total(amounts))
        assert abs(EXACT.subtract(one, exact)) < unit
        assert one == one.quantize(unit)


@given(sets, places)
def test_a_larger_class_never_prints_a_smaller_share_and_nothing_prints_as_nothing(
    amounts: list[Decimal], decimals: int
) -> None:
    found = sorted(zip(amounts, printed(shares(amounts, decimals)), strict=True))
    assert [one for _, one in found] == sorted(one for _, one in found)
    assert all(one == 0 for amount, one in found if amount == 0)


@given(st.lists(st.integers(1, 10**6).map(Decimal), min_size=1, max_size=8, unique=True), places)
def test_shares_of_different_classes_do_not_depend_on_their_order(amounts: list[Decimal], decimals: int) -> None:
    there, back = printed(shares(amounts, decimals)), printed(shares(amounts[::-1], decimals))
    assert there == back[::-1]


@given(cents.filter(bool), places)
def test_a_set_of_one_prints_100(amount: Decimal, decimals: int) -> None:
    assert printed(shares([amount], decimals)) == [rounded(Decimal(100), decimals=decimals, rounding="half_up")]


@given(st.lists(st.one_of(st.none(), small), max_size=6), places)
def test_unknown_shares_stay_unknown(ratios: list[Decimal | None], decimals: int) -> None:
    found = balanced(ratios, decimals=decimals)
    assert [one is None for one in found.printed] == [one is None for one in ratios]


@given(cents, places)
def test_a_value_prints_within_the_range_of_its_print(value: Decimal, decimals: int) -> None:
    text = str(rounded(value, decimals=decimals, rounding="half_up"))
    allowed = Range.printed(text)
    assert allowed.low <= value <= allowed.high
    assert "half_up" in roundings_of(text, low=value, high=value)
