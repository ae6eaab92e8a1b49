"""Who is named in a bulletin: the first and the last, and those who meet a condition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.core.events import LineDrawn
from shared.core.ranking import picked
from shared.core.regime.holds import every, holds
from shared.core.regime.model import Has, Pick, Regime, Where


@dataclass(frozen=True, slots=True)
class LineSubject:
    """A line as what a condition is asked of. What a line does not carry is unknown, and unknown names nobody."""

    line: LineDrawn

    def value(self, name: str) -> Decimal | None:
        return self.line.measures.get(name)

    def lacks(self, name: str) -> bool:  # noqa: ARG002 - a line does not say which of its measures are places
        return False

    def has(self, wanted: Has) -> bool | None:
        return every([*self._carried(wanted)])

    def cells(self, where: Where) -> bool | None:  # noqa: ARG002 - no line is a row
        return None

    def _carried(self, wanted: Has) -> Iterator[bool | None]:
        if wanted.stage is not None:
            yield wanted.stage in self.line.stages
        if wanted.light is not None:
            yield None if self.line.light is None else self.line.light in _several(wanted.light)
        if wanted.unit is not None:
            yield self.line.unit in _several(wanted.unit)
        if wanted != Has(stage=wanted.stage, light=wanted.light, unit=wanted.unit):
            yield None


def named(regime: Regime, lines: Sequence[LineDrawn], pick: Pick, *, by: str = "") -> tuple[LineDrawn, ...]:
    """Those who surely meet the condition; of them the first or last so many, by what the bulletin ranks by."""
    return tuple(line for line, _ in picked(regime, lines, pick, meets=lambda line: _meets(pick, line), by=by))


def _meets(pick: Pick, line: LineDrawn) -> bool:
    return pick.when is None or holds(pick.when, LineSubject(line)) is True


def _several(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted
