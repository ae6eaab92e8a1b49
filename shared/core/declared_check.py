"""Does what a document declares follow from its inputs, under the place's own rounding?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from re import sub
from typing import Literal, Protocol, TypeVar

from shared.core.declared import (
    Declared,
    Figure,
    Left,
    Listed,
    ListedAmount,
    ListedIn,
    Measured,
    Named,
    Names,
    NotListedIn,
    Quantity,
    Shares,
    Term,
)
from shared.core.figures import PrintedFigure, UnknownFigure, read
from shared.core.numbers import EXACT, Range, Rounding, balanced, divide, roundings_of, total, verdict

T = TypeVar("T")

_PER_CENT = Decimal("0.01")

DeclaredVerdict = Literal["consistent", "other_rounding", "inconsistent", "implied", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A declared figure held against what it follows from.

    In the unit of the print: `low` to `high`, what the inputs allow; `value`, what they give as they stand, unrounded;
    `computed`, the same as it prints. `roundings`: the ways of rounding under which it prints as declared; `names`:
    what contradicts a claim about lists, or what is left of one; `reason`: why it is unknown.
    """

    id: str
    source: str
    form: str
    printed: str
    verdict: DeclaredVerdict
    low: Decimal | None = None
    high: Decimal | None = None
    value: Decimal | None = None
    computed: str = ""
    roundings: tuple[Rounding, ...] = ()
    names: tuple[str, ...] = ()
    reason: str = ""


class Known(Protocol):
    """What the record gives; None where nobody said."""

    def measured(self, wanted: Measured, /) -> Decimal | None: ...
    def listed(self, wanted: Listed, /) -> tuple[str, ...]: ...
    def amount(self, wanted: ListedAmount, /) -> Decimal | None: ...


def check(declared: Sequence[Declared], known: Known, *, rounding: Rounding) -> list[Checked]:
    """Every figure and claim in order; a set of shares gives one for each class, `id/name`, before its own."""
    stands, middle = _Inputs(known, is_exact=False), _Inputs(known, is_exact=True)
    return [checked for one in declared for checked in _checked(one, stands, middle, rounding)]


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What terms stand for: all that prints so, or (`is_exact`) the very number printed."""

    known: Known
    is_exact: bool
    figures: dict[str, Range] = field(default_factory=dict)

    def range(self, term: Term) -> Range:
        match term:
            case str():
                return self._printed(read(term))
            case Figure(figure=id_):
                return _need(self.figures.get(id_), f"figure {id_} is not known")
            case Listed() | Named():
                return Range.exact(Decimal(len(self.names(term))))
            case _:
                return Range.exact(self._exact(term))

    def names(self, names: Names) -> tuple[str, ...]:
        return names.named if isinstance(names, Named) else self.known.listed(names)

    def keep(self, one: Declared, computed: Range | None = None) -> None:
        """Let later figures refer to this one: to what is printed, or else to what was computed."""
        if one.printed:
            self.figures[one.id] = self._printed(read(one.printed))
        elif computed is not None:
            self.figures[one.id] = computed

    def _printed(self, figure: PrintedFigure) -> Range:
        return figure.exact if self.is_exact else figure.range

    def _exact(self, term: int | Measured | ListedAmount) -> Decimal:
        match term:
            case Measured(measure=name):
                return _need(self.known.measured(term), f"the record gives no {name}")
            case ListedAmount(amount=name):
                return _need(self.known.amount(term), f"the list does not say every {name}")
            case _:
                return Decimal(term)


def _checked(one: Declared, stands: _Inputs, middle: _Inputs, rounding: Rounding) -> Iterator[Checked]:
    try:
        stands.keep(one)
        middle.keep(one)
        match one.figure:
            case ListedIn() | NotListedIn() as claim:
                against = claim.against(stands)
                yield replace(_blank(one), verdict="inconsistent" if against else "consistent", names=against)
            case Shares(shares=classes) as figure:
                yield from _classes(one, figure, stands, middle, rounding)
                if any(each.printed for each in classes):
                    yield _quantity(one, figure, stands, middle, rounding)
            case figure:
                yield _quantity(one, figure, stands, middle, rounding)
    except UnknownFigure as unknown:
        yield replace(_blank(one), reason=str(unknown))


def _blank(one: Declared) -> Checked:
    return Checked(id=one.id, source=one.source, form=_form(one.figure), printed=one.printed, verdict="unknown")


def _form(figure: object) -> str:
    """The name of a form: same_as, weighted_growth, not_listed_in."""
    return sub(r"(?<!^)(?=[A-Z])", "_", type(figure).__name__).lower()


def _quantity(one: Declared, figure: Quantity, stands: _Inputs, middle: _Inputs, rounding: Rounding) -> Checked:
    pattern = read(one.printed or one.prints_like)
    allowed, computed = figure.value(stands), figure.value(middle)
    stands.keep(one, allowed)
    middle.keep(one, computed)
    low, high = pattern.in_unit(allowed.low), pattern.in_unit(allowed.high)
    return replace(
        _blank(one),
        verdict=verdict(str(pattern.number), low=low, high=high, rounding=rounding) if one.printed else "implied",
        low=low,
        high=high,
        value=pattern.in_unit(computed.low),
        computed=pattern.like(computed.low, rounding=rounding),
        roundings=roundings_of(str(pattern.number), low=low, high=high) if one.printed else (),
        names=figure.names(stands) if isinstance(figure, Left) else (),
    )


def _classes(one: Declared, figure: Shares, stands: _Inputs, middle: _Inputs, rounding: Rounding) -> Iterator[Checked]:
    ranges = [stands.range(each.amount) for each in figure.shares]
    amounts = [middle.range(each.amount).low for each in figure.shares]
    patterns = [read(each.printed or one.prints_like) for each in figure.shares]
    ratios = [_need(divide(amount, total(amounts)), "nothing is a share of nothing") for amount in amounts]
    in_set = balanced(ratios, decimals=max(pattern.decimals for pattern in patterns))
    for place, (each, pattern) in enumerate(zip(figure.shares, patterns, strict=True)):
        allowed = _share_of(ranges, place)
        low, high = pattern.in_unit(allowed.low), pattern.in_unit(allowed.high)
        fitting = _fitting(pattern, low, high, in_set.printed[place]) if each.printed else ()
        yield Checked(
            id=f"{one.id}/{each.name}",
            source=one.source,
            form=_form(figure),
            printed=each.printed,
            verdict=_of_class(fitting, rounding) if each.printed else "implied",
            low=low,
            high=high,
            value=pattern.in_unit(ratios[place]),
            computed=_computed(pattern, ratios[place], in_set.printed[place], rounding),
            roundings=fitting,
        )


def _share_of(amounts: Sequence[Range], place: int) -> Range:
    """Least where the class is small and all others large, greatest the other way round."""
    lows, highs = [max(one.low, Decimal(0)) for one in amounts], [one.high for one in amounts]
    own_low, own_high = lows[place], highs[place]
    least = divide(own_low, EXACT.add(own_low, total([*highs[:place], *highs[place + 1 :]])))
    most = divide(own_high, EXACT.add(own_high, total([*lows[:place], *lows[place + 1 :]])))
    reason = "the whole may be nothing"
    return Range(_need(least, reason), _need(most, reason))


def _fitting(pattern: PrintedFigure, low: Decimal, high: Decimal, in_set: Decimal | None) -> tuple[Rounding, ...]:
    alone = roundings_of(str(pattern.number), low=low, high=high)
    is_balanced = pattern.scale == _PER_CENT and pattern.number == in_set
    return (*alone, "balance_to_100") if is_balanced else alone


def _of_class(fitting: Sequence[Rounding], rounding: Rounding) -> DeclaredVerdict:
    return "consistent" if rounding in fitting else "other_rounding" if fitting else "inconsistent"


def _computed(pattern: PrintedFigure, ratio: Decimal, in_set: Decimal | None, rounding: Rounding) -> str:
    if rounding == "balance_to_100" and pattern.scale == _PER_CENT and in_set is not None:
        return pattern.text(in_set)
    return pattern.like(ratio, rounding=rounding)


def _need(value: T | None, reason: str) -> T:
    if value is None:
        raise UnknownFigure(reason)
    return value
