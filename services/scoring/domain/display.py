"""How a measure prints: per cent with its sign, points, an amount, a count; `-` where it is not judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from shared.core.events import LineDrawn
from shared.core.numbers import EXACT, balanced, rounded
from shared.core.regime.measures import (
    Amount,
    Count,
    DayCount,
    Deviation,
    Growth,
    Holders,
    Met,
    Objects,
    Overlap,
    Panel,
    Place,
    Scored,
    Share,
    Taken,
    Weighted,
)
from shared.core.regime.model import Regime

WHOLE = (Count, Objects, Holders, Overlap, DayCount, Place, Met)
"""They count: printed without decimals, and 1 or 0 for what is met or not."""
PLAIN = (Taken, Panel, Weighted, Scored)
"""Numbers in the unit of what they are taken from."""

_HUNDRED = Decimal(100)
_UNKNOWN = "-"


class Printing:
    """How the measures of a regime print: how each does is found out once, and each value is printed once."""

    def __init__(self, regime: Regime) -> None:
        self._texts = {name: _Texts(_printed(regime, name)) for name in regime.measures}

    def all(self, measures: Mapping[str, Decimal | None]) -> dict[str, str]:
        texts = self._texts
        return {name: texts[name][value] for name, value in measures.items()}


class _Texts(dict[Decimal | None, str]):
    def __init__(self, text: Callable[[Decimal], str]) -> None:
        super().__init__({None: _UNKNOWN})
        self._text = text

    def __missing__(self, value: Decimal) -> str:
        self[value] = text = self._text(value)
        return text


def display(regime: Regime, name: str, value: Decimal | None) -> str:
    return _UNKNOWN if value is None else _printed(regime, name)(value)


def _printed(regime: Regime, name: str) -> Callable[[Decimal], str]:
    measure, numbers = regime.measures[name], regime.numbers
    decimals = numbers.decimals.get(name, numbers.money_decimals if isinstance(measure, Amount) else 2)

    def at(value: Decimal) -> Decimal:
        return rounded(value, decimals=decimals, rounding=numbers.rounding)

    if isinstance(measure, WHOLE):
        return lambda value: f"{value.to_integral_value():f}"
    if isinstance(measure, (Amount, *PLAIN)):
        return lambda value: f"{at(value):f}"
    if isinstance(measure, Deviation) or (isinstance(measure, Growth) and measure.unit == "pp"):
        return lambda value: f"{at(value):+f}"
    return lambda value: f"{at(EXACT.multiply(value, _HUNDRED)):f}%"


def balance(regime: Regime, lines: Sequence[LineDrawn]) -> list[LineDrawn]:
    """Where the regime balances, the shares of all classes of a kind print so that they add up to 100 (000-9)."""
    if regime.numbers.rounding != "balance_to_100":
        return list(lines)
    for name, measure in regime.measures.items():
        if isinstance(measure, Share) and measure.out_of == "list":
            shares = balanced([line.measures[name] for line in lines], decimals=regime.numbers.decimals.get(name, 2))
            texts = ["-" if one is None else f"{one:f}%" for one in shares.printed]
            lines = [
                replace(line, displayed={**line.displayed, name: text}) for line, text in zip(lines, texts, strict=True)
            ]
    return list(lines)
