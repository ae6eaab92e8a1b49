"""What number does a printed figure stand for, and how is a number printed like it?"""

import re
from dataclasses import dataclass
from decimal import Decimal

from shared.core.numbers import EXACT, Range, Rounding, difference, rounded

_FIGURE = re.compile(r"\s*(?P<sign>[+\-\u2212]?)(?P<number>\d+(?:[,\uff0c]\d{3})*(?:\.\d+)?)(?P<unit>\D*)")
_SCALES = {
    "%": Decimal("0.01"),
    "\uff05": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "个百分点": Decimal("0.01"),
    "百分点": Decimal("0.01"),
    "pp": Decimal("0.01"),
    "万亿": Decimal(10) ** 12,
    "万": Decimal(10) ** 4,
    "亿": Decimal(10) ** 8,
}


class UnknownFigure(Exception):
    """A figure that cannot be worked out, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """A number as printed, and the unit after it; `scale` is what one of that unit counts (`%`: 0.01, 万元: 10,000)."""

    number: Decimal
    scale: Decimal
    unit: str
    is_signed: bool

    @property
    def decimals(self) -> int:
        return -int(self.number.as_tuple().exponent)

    @property
    def range(self) -> Range:
        """Every value that prints so."""
        return Range.printed(str(self.number)).times(Range.exact(self.scale))

    @property
    def exact(self) -> Range:
        return Range.exact(EXACT.multiply(self.number, self.scale))

    def in_unit(self, value: Decimal) -> Decimal:
        # To 30 decimals: quotients carry noise in their 40th digit, and a tie must stay a tie.
        return difference(EXACT.divide(value, self.scale), Decimal(0))

    def like(self, value: Decimal, *, rounding: Rounding) -> str:
        """Print another value with the same unit, sign and decimals."""
        return self.text(rounded(self.in_unit(value), decimals=self.decimals, rounding=rounding))

    def text(self, number: Decimal) -> str:
        return f"{number:+f}{self.unit}" if self.is_signed else f"{number:f}{self.unit}"


def read(text: str) -> PrintedFigure:
    """Read one figure in Arabic digits and what follows it. UnknownFigure for anything else, as for 近200."""
    found = _FIGURE.fullmatch(text)
    if found is None:
        raise UnknownFigure(f"{text!r} is not a printed figure")
    sign, digits, unit = found["sign"].replace("\u2212", "-"), re.sub("[,\uff0c]", "", found["number"]), found["unit"]
    scale = next((scale for name, scale in _SCALES.items() if unit.strip().startswith(name)), Decimal(1))
    return PrintedFigure(number=Decimal(sign + digits), scale=scale, unit=unit, is_signed=sign == "+")
