"""What does a document declare, from what can it be computed, and does the one follow from the other?

The forms are a closed set: what a document may say of its own figures, no language of formulas. A printed input
stands for every value that prints so; a counted one, and what the record gives, is exact. Ratios have 1 = 100 %.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import reduce
from typing import Literal, Protocol

from shared.core.errors import Fault
from shared.core.figures import UnknownFigure, read
from shared.core.numbers import EXACT, Range, total
from shared.core.regime.terms import Stage

# --- inputs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Another figure of the same document, declared before, by its id: as printed, or where it is not, as computed."""

    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measure of the regime, of a unit or project (the whole list if none is named), at the end of a period or now.

    A deviation, in percentage points, counts as 0.01 a point.
    """

    measure: str
    of: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Names that stand on the list in the record: as an input, how many they are."""

    listed: Literal["projects", "categories", "lead_units"]
    category: str = ""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAmount:
    """An amount summed over the list as it was listed, in yuan; unknown where a project does not say it."""

    amount: Literal["total_investment", "annual_planned_investment"]
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Names that the document itself lists: as an input, how many they are."""

    named: tuple[str, ...]


Names = Named | Listed
Term = int | str | Figure | Measured | Listed | ListedAmount | Named
"""A whole number is counted and exact; a text stands as printed (`53.4%`, `287.2`, `6.6万平方米`)."""


class Inputs(Protocol):
    """What the terms of a form stand for. UnknownFigure where nobody said."""

    def range(self, term: Term, /) -> Range: ...
    def names(self, names: Names, /) -> tuple[str, ...]: ...


# --- forms --------------------------------------------------------------------------------------------------

_ONE = Range.exact(Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """Stated twice, or claimed and counted."""

    same_as: Term

    def value(self, inputs: Inputs) -> Range:
        return inputs.range(self.same_as)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    sum: tuple[Term, ...]

    def value(self, inputs: Inputs) -> Range:
        return reduce(Range.plus, map(inputs.range, self.sum), Range.exact(Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    difference: Term
    less: tuple[Term, ...]

    def value(self, inputs: Inputs) -> Range:
        return reduce(Range.minus, map(inputs.range, self.less), inputs.range(self.difference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    product: tuple[Term, ...]

    def value(self, inputs: Inputs) -> Range:
        return reduce(Range.times, map(inputs.range, self.product), _ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    share: Term
    over: Term

    def value(self, inputs: Inputs) -> Range:
        return _over(inputs.range(self.share), inputs.range(self.over))


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    growth: Term
    since: Term

    def value(self, inputs: Inputs) -> Range:
        return _over(inputs.range(self.growth), inputs.range(self.since)).minus(_ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The value before it grew to what it is."""

    previous: Term
    growth: Term

    def value(self, inputs: Inputs) -> Range:
        return _over(inputs.range(self.previous), _ONE.plus(inputs.range(self.growth)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanImplied:
    """The plan, or the whole, of which what is done makes up a stated share."""

    plan_implied: Term
    at: Term

    def value(self, inputs: Inputs) -> Range:
        return _over(inputs.range(self.plan_implied), inputs.range(self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    value: Term
    growth: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """The part of the whole's growth that a part of it brought about (贡献率)."""

    contribution: Grown
    to: Grown

    def value(self, inputs: Inputs) -> Range:
        return _over(_increase(self.contribution, inputs), _increase(self.to, inputs))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedGrowth:
    """The growth of a whole that is the sum of these parts."""

    weighted_growth: tuple[Grown, ...]

    def value(self, inputs: Inputs) -> Range:
        parts = [(inputs.range(one.value), _ONE.plus(inputs.range(one.growth))) for one in self.weighted_growth]
        if not parts or any(value.low < 0 or grown.low <= 0 for value, grown in parts):
            raise UnknownFigure("a growth is weighted by amounts that are not negative, each with its growth")
        # Highest where what grew most is as large as it may be and the rest as small; lowest the other way round.
        fast = sorted(parts, key=lambda part: -part[1].high)
        slow = sorted(parts, key=lambda part: part[1].low)
        return Range(
            min(_whole_growth(slow, large, lambda grown: grown.low) for large in range(len(parts) + 1)),
            max(_whole_growth(fast, large, lambda grown: grown.high) for large in range(len(parts) + 1)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassShare:
    """One class of a complete set: its amount, and its share as printed ("": not printed)."""

    name: str
    amount: Term
    printed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The shares of a complete set of classes, each judged; the figure itself is the sum of what is printed."""

    shares: tuple[ClassShare, ...]

    def value(self, _: Inputs) -> Range:
        if not all(one.printed for one in self.shares):
            raise UnknownFigure("not every share is printed")
        return reduce(Range.plus, [read(one.printed).exact for one in self.shares], Range.exact(Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What stands in one list and not in another; as a figure, how many."""

    left_of: Names
    without: Names

    def value(self, inputs: Inputs) -> Range:
        return Range.exact(Decimal(len(self.names(inputs))))

    def names(self, inputs: Inputs) -> tuple[str, ...]:
        return _without(inputs.names(self.left_of), inputs.names(self.without))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIn:
    """Every name stands in a list; those that do not contradict it."""

    names: Names
    listed_in: Names

    def against(self, inputs: Inputs) -> tuple[str, ...]:
        return _without(inputs.names(self.names), inputs.names(self.listed_in))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotListedIn:
    """No name stands in a list; those that do contradict it."""

    names: Names
    not_listed_in: Names

    def against(self, inputs: Inputs) -> tuple[str, ...]:
        listed = inputs.names(self.not_listed_in)
        return tuple(one for one in inputs.names(self.names) if one in listed)


Quantity = (
    SameAs | Sum | Difference | Product | Share | Growth | Previous | PlanImplied | Contribution | WeightedGrowth
    | Shares | Left
)  # fmt: skip
Form = Quantity | ListedIn | NotListedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One figure, or one claim about lists, of a document: where it stands, as printed, and how it comes about.

    Where nothing is printed, the figure is implied, and `prints_like` (0.00%) tells in which unit and to how many
    decimals to print it.
    """

    id: str
    figure: Form
    printed: str = ""
    source: str = ""
    prints_like: str = "0.00"


def faults(declared: Sequence[Declared], *, under: str = "") -> list[Fault]:
    """What makes figures unreadable: an id twice, a text that is no figure, a figure that is not declared before."""
    found: list[Fault] = []
    before: set[str] = set()
    for place, one in enumerate(declared):
        at = f"{under}/{place}"
        if one.id in before:
            found.append(Fault("duplicate", f"{at}/id", "This id stands twice."))
        texts = [("/printed", one.printed), ("/prints_like", one.prints_like), *_texts(one.figure, "/figure")]
        found += [fault for pointer, text in texts if text for fault in _unreadable(text, at + pointer)]
        found += [
            Fault("unknown_figure", f"{at}{pointer}/figure", "No figure with this id is declared before.")
            for pointer, term in _terms(one.figure, "/figure")
            if isinstance(term, Figure) and term.figure not in before
        ]
        before.add(one.id)
    return found


def _unreadable(text: str, pointer: str) -> Iterator[Fault]:
    try:
        read(text)
    except UnknownFigure:
        yield Fault("not_a_figure", pointer, "{text} is not a printed figure.", {"text": text})


def _texts(form: Form, at: str) -> Iterator[tuple[str, str]]:
    for pointer, term in _terms(form, at):
        if isinstance(term, str):
            yield pointer, term


def _terms(value: object, at: str) -> Iterator[tuple[str, object]]:
    """Every input of a form, with its pointer; names are no figures."""
    if isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _terms(one, f"{at}/{place}")
    elif isinstance(value, Figure | Measured | Listed | ListedAmount | Named) or not is_dataclass(value):
        yield at, value
    else:
        for field in fields(value):
            if field.name != "name":
                yield from _terms(getattr(value, field.name), f"{at}/{field.name}")


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in names if one not in others)


def _over(value: Range, whole: Range) -> Range:
    found = value.over(whole)
    if found is None:
        raise UnknownFigure("the divisor may be zero")
    return found


def _increase(grown: Grown, inputs: Inputs) -> Range:
    """By how much it grew: its value times g / (1 + g), which rises with both."""
    before = _over(_ONE, _ONE.plus(inputs.range(grown.growth)))
    return inputs.range(grown.value).times(_ONE.minus(before))


def _whole_growth(parts: Sequence[tuple[Range, Range]], large: int, of: Callable[[Range], Decimal]) -> Decimal:
    """The growth of the sum where the first parts are as large as they may be and the others as small."""
    values = [value.high if place < large else value.low for place, (value, _) in enumerate(parts)]
    before = [EXACT.divide(value, of(grown)) for value, (_, grown) in zip(values, parts, strict=True)]
    if not total(before):
        raise UnknownFigure("the parts may all be nothing")
    return EXACT.subtract(EXACT.divide(total(values), total(before)), Decimal(1))
