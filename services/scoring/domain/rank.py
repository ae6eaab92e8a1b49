"""Points of a unit's components, and places among the units of a lane."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from services.scoring.domain.measure import Measuring
from shared.core.events import LineDrawn
from shared.core.numbers import EXACT, total
from shared.core.regime.model import AllOrNothing, Bonus, Component, Ranking, Rate, Regime, Table, Tiers


def points_of(regime: Regime, measuring: Measuring) -> Mapping[str, Decimal | None]:
    """Points by component, and their `total`; None is not judged yet, and so is a total that lacks a part."""
    components = regime.scoring.components if regime.scoring else ()
    points = {component.id: _points(component, measuring) for component in components}
    known = [one for one in points.values() if one is not None]
    return {**points, "total": total(known) if len(known) == len(points) else None} if points else {}


def _points(component: Component, measuring: Measuring) -> Decimal | None:
    if component.judged == "year_end" and not measuring.year_ended:
        return None
    match component:
        case AllOrNothing(all_or_nothing=award):
            holds = measuring.holds(award.when)
            return None if holds is None else award.points if holds else Decimal(0)
        case Tiers(tiers=table):
            return _tier(table, measuring.value(table.of))
        case Bonus(when=when, per=rate):
            holds = measuring.holds(when)
            return None if holds is None else _per(rate, measuring.value(rate.of)) if holds else Decimal(0)


def _tier(table: Table, value: Decimal | None) -> Decimal | None:
    reached = [points for threshold, points in table.table if value is not None and value >= threshold]
    return None if value is None else reached[-1] if reached else Decimal(0)


def _per(rate: Rate, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    above_pp = EXACT.multiply(max(EXACT.subtract(value, rate.above), Decimal(0)), Decimal(100))
    return min(EXACT.multiply(EXACT.divide(above_pp, rate.pp), rate.points), rate.at_most)


def ranked(regime: Regime, units: Sequence[LineDrawn]) -> list[LineDrawn]:
    """The units with their places within each lane; who is not judged, or in too small a lane, has none."""
    if not regime.scoring:
        return list(units)
    by_lane: dict[str, list[LineDrawn]] = defaultdict(list)
    for unit in units:
        by_lane[unit.lane].append(unit)
    return [line for lane in by_lane.values() for line in _placed(regime.scoring.ranking, lane)]


def _placed(ranking: Ranking, lane: Sequence[LineDrawn]) -> list[LineDrawn]:
    keys = {line.subject: key for line in lane if (key := _key(ranking, line)) is not None}
    if len(keys) < ranking.minimum_group:
        return list(lane)
    better = sorted(keys.values(), reverse=ranking.order == "high_first")
    places = {key: _place(ranking, better, key) for key in set(better)}
    placed = [replace(line, rank=places[keys[line.subject]] if line.subject in keys else None) for line in lane]
    return sorted(placed, key=lambda line: (line.rank is None, line.rank or 0))


def _key(ranking: Ranking, line: LineDrawn) -> Decimal | None:
    value = line.measures[ranking.by]
    if value is None or ranking.tie_on == "exact":
        return value
    return Decimal(line.displayed[ranking.by].rstrip("%"))


def _place(ranking: Ranking, better: Sequence[Decimal], key: Decimal) -> int:
    ahead = better[: better.index(key)]
    return 1 + (len(set(ahead)) if ranking.ties == "dense" else len(ahead))
