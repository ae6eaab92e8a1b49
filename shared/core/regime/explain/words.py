"""How are the words, numbers and lists of a regime said?

What the regime has a name for goes by that name. A term of the vocabulary is its own key in the catalogue; where a
language has no entry, it is read with spaces.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from shared.core.regime.measures import (
    Amount,
    DayCount,
    Deviation,
    Growth,
    Met,
    Portion,
    Ratio,
    Share,
    Shortfall,
    Slots,
    TimeProgress,
)
from shared.core.regime.model import Regime
from shared.core.regime.names import TERM, Translate, in_column, naming, own_names

_HUNDRED_EXPONENT = 2
_DAYS = ("{count} day", "{count} days")
_WORKING_DAYS = ("{count} working day", "{count} working days")
_RATIOS = (Ratio, Share, TimeProgress, Shortfall, Portion, Slots)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a regime, in a language; `say` gives the regime's own names before the catalogue's."""

    regime: Regime
    say: Translate

    @classmethod
    def of(cls, regime: Regime, say: Translate) -> "Voice":
        return cls(regime, naming(say, own_names(regime, say)))

    def term(self, name: str) -> str:
        """A word of the vocabulary."""
        said = self.name(name)
        return name.replace("_", " ") if said == name and TERM.fullmatch(name) else said

    def name(self, name: str) -> str:
        """What a regime has named itself: a measure, a ladder. In words where it has a name in words."""
        return self.say(name) if TERM.fullmatch(name) or name in (self.regime.names or {}) else name

    def quoted(self, text: str) -> str:
        """A text as it must stand in the record, or the word for it."""
        return self.say("“{text}”", text=self.name(text))

    def cell(self, column: str, text: str) -> str:
        """A text as it must stand in a column, or the word for it."""
        if text in (self.regime.names or {}):
            return self.quoted(text)
        return self.say("“{text}”", text=in_column(column, text, self.say))

    def terms(self, names: Iterable[str]) -> str:
        return self.listed(map(self.term, names))

    def listed(self, parts: Iterable[str]) -> str:
        return self.say(", ").join(parts)

    def the(self, *names: str) -> str:
        """Who acts, or is addressed: English has an article here."""
        return self.listed(self.say("the {name}", name=self.term(name)) for name in names)

    def counted(self, count: int, one: str, many: str) -> str:
        """So many of something, in the sentence for one or in that for several."""
        return self.say(one if count == 1 else many, count=count)

    def times(self, count: int) -> str:
        return self.say({1: "once", 2: "twice"}.get(count, "{count} times"), count=count)

    def points(self, points: Decimal) -> str:
        return self.say("1 point" if points == 1 else "{points} points", points=plain(points))

    def phrases(self, *parts: str) -> str:
        """What belongs together, one thing said after another."""
        said = [part for part in parts if part]
        return reduce(lambda one, other: self.say("{one}, {other}", one=one, other=other), said) if said else ""

    def clauses(self, *parts: str) -> str:
        """One sentence of the parts that say something."""
        return self.say("{clauses}.", clauses=self.say("; ").join(part for part in parts if part))

    def measured(self, value: Decimal, name: str) -> str:
        """A value in the unit of a measure: 50%, 10 percentage points, 3 亿元."""
        measure = self.regime.measures.get(name)
        is_growth = isinstance(measure, Growth)
        if isinstance(measure, _RATIOS) or (is_growth and getattr(measure, "unit", "") == "ratio"):
            return f"{plain(value.scaleb(_HUNDRED_EXPONENT))}%"
        if isinstance(measure, Deviation) or is_growth:
            return self.say("1 percentage point" if value == 1 else "{value} percentage points", value=plain(value))
        if isinstance(measure, Amount):
            return self.say("{value} {unit}", value=plain(value), unit=measure.unit)
        if isinstance(measure, DayCount):
            one, many = _WORKING_DAYS if measure.working else _DAYS
            return self.say(one if value == 1 else many, count=plain(value))
        return plain(value)

    def is_met(self, name: str) -> bool:
        return isinstance(self.regime.measures.get(name), Met)


def plain(value: Decimal) -> str:
    """A number without an exponent, and without decimals that are nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
