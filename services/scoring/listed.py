"""What of a list is shown to one who asks: the lines of a draw, of now, of a position or of a day?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from services.scoring import reads
from services.scoring.domain.judge import standing_on
from services.scoring.domain.views import current_period
from services.scoring.reading import Asked, Reading
from shared.core.calendar import Period
from shared.core.events import SHAPES, LineDrawn, ListPublished, StandingsDrawn
from shared.core.ledger import Ledger
from shared.core.regime.check.names import telling_places
from shared.core.regime.model import Regime
from shared.core.regime.terms import PERSONS, LightName, SubjectKind
from shared.core.register import published_list, regime_at, regime_for
from shared.infra.web import Problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are wanted; None wants all. Of units' lines and of what belongs to a unit, `unit` is its code."""

    kind: SubjectKind | None = None
    unit: str | None = None
    lane: str | None = None
    light: LightName | Literal["none"] | None = None

    def holds(self, line: LineDrawn) -> bool:
        """Whether a line is wanted, going by what is shown of it."""
        return (
            self.kind in {None, line.subject_kind}
            and self.unit in {None, line.unit}
            and self.lane in {None, line.lane}
            and self.light in {None, line.light or "none"}
        )


def wanted(
    kind: Annotated[SubjectKind | None, Query(description="lines of these subjects only")] = None,
    unit: Annotated[str | None, Query(max_length=64, description="of this unit and its projects only")] = None,
    lane: Annotated[str | None, Query(max_length=64, description="of units compared in this lane only")] = None,
    light: Annotated[
        LightName | Literal["none"] | None, Query(description="with this light only, as it is shown")
    ] = None,
) -> Wanted:  # fmt: skip
    """A FastAPI dependency: the filters of a list."""
    return Wanted(kind, unit, lane, light)


@dataclass(frozen=True, slots=True)
class Listed:
    """The lines of a list as one reader may see them; `drawn` where a draw is shown. `regime`: by which it is named."""

    published: ListPublished
    drawn: StandingsDrawn | None
    lines: Sequence[LineDrawn]
    with_places: bool
    at: datetime
    regime: Regime | None


async def listed(reading: Reading, asked: Asked, list_code: str, period: str | None, only: Wanted) -> Listed:
    """The last draw of a period, or without a period the lines of now, or of the time that is asked for.

    Problem 404 where there is no such list, or nothing was drawn.
    """
    published = published_now(asked.then, list_code)
    if published is None:
        raise Problem(404, "unknown_list", "There is no such list here.")
    drawn, lines = await _lines(reading, asked, list_code, period)
    with_places = asked.sees_places(list_code, drawn.period if drawn else None)
    seen = reads.as_seen(asked.then, lines, with_places=with_places, with_persons=asked.sees_unsealed)
    return Listed(
        published, drawn, [line for line in seen if only.holds(line)], with_places,
        drawn.at if drawn else asked.then.clock, _regime_of(asked.then, list_code, lines),
    )  # fmt: skip


def published_now(ledger: Ledger, list_code: str) -> ListPublished | None:
    """The list as it was published for the year that is shown now."""
    regime = regime_at(ledger, list_code, ledger.clock)
    return (
        published_list(ledger, list_code, current_period(ledger, list_code, ledger.clock, regime).year)
        if regime
        else None
    )


def _regime_of(ledger: Ledger, list_code: str, lines: Sequence[LineDrawn]) -> Regime | None:
    of_period = regime_for(ledger, list_code, Period.parse(lines[0].period)) if lines else None
    return of_period or regime_at(ledger, list_code, ledger.clock)


async def _lines(
    reading: Reading, asked: Asked, list_code: str, period: str | None
) -> tuple[StandingsDrawn | None, list[LineDrawn]]:
    ledger = asked.then
    if period is None:
        if asked.when.true_on is not None:
            return None, standing_on(ledger, list_code, asked.when.true_on)
        return None, list(reading.snapshots.lines_of_now(ledger, list_code))
    drawn = await last_draw(reading, asked, list_code, period)
    lines = await reading.ledgers.statements(ledger.jurisdiction, topic=drawn.moment)
    return drawn, [one.data for one in lines if isinstance(one.data, LineDrawn)]


async def last_draw(reading: Reading, asked: Asked, list_code: str, period: str) -> StandingsDrawn:
    """The last draw of a period that had been stated by then."""
    stated = await reading.ledgers.statements(asked.then.jurisdiction, event_type=SHAPES[StandingsDrawn].type)
    draws: Sequence[StandingsDrawn] = [
        one.data
        for one in stated
        if one.data.list == list_code and one.data.period == period and one.data.at <= asked.then.clock
    ]
    if not draws:
        raise Problem(404, "not_drawn", "Nothing was drawn for this list and period.")
    return draws[-1]


def numbers_seen(asked: Asked, list_code: str, period: str | None, regime: Regime) -> Callable[[str, str], bool]:
    """Whether who asks may see a number of a period, or of now: by the kind of its subject and what it is about.

    What it is about is written `measure:<name>`, `points:<component>`, `rank`, `band` or `light`.
    """
    sees_places = asked.sees_places(list_code, period)
    telling = frozenset(("light", "") if kind == "lights" else (kind, name) for kind, name in telling_places(regime))

    def seen(kind: str, about: str) -> bool:
        if kind in PERSONS and not asked.sees_unsealed:
            return False
        name, _, of = about.partition(":")
        return sees_places or not (name in {"rank", "band", "points"} or (name, of) in telling)

    return seen
