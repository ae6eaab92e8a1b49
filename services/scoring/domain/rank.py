"""Who may have a place, and who stands where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from services.scoring.domain.points import Assessed, vetoes_of
from shared.core.events import LineDrawn
from shared.core.ranking import picked, places, ranked
from shared.core.regime.check.names import Node
from shared.core.regime.holds import every, holds, opposite, some
from shared.core.regime.model import Regime
from shared.core.regime.terms import SubjectKind

__all__ = ["Contender", "is_rankable", "picked", "places", "ranked", "without_telling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """As much of a line as it takes to compare it: it is known before the lines are, which may tell its place."""

    subject_kind: SubjectKind
    subject: str
    lane: str
    is_rankable: bool | None
    points: Mapping[str, Decimal | None]
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]


def is_rankable(regime: Regime, subject: Assessed) -> bool | None:
    """Whether it may have a place: it is one of those who are `rankable`, and no veto takes its place away."""
    rankable = regime.scoring.ranking.rankable if regime.scoring else None
    barred = some([*vetoes_of(regime, subject, "not_ranked").values()])
    return every([rankable is None or holds(rankable, subject), opposite(barred)])


def without_telling(line: LineDrawn, telling: frozenset[Node]) -> LineDrawn:
    """The line without the measures that tell places or points, as long as those are secret."""
    if not telling:
        return line
    measures = {name: value for name, value in line.measures.items() if ("measure", name) not in telling}
    return replace(line, measures=measures, displayed={name: line.displayed[name] for name in measures})
