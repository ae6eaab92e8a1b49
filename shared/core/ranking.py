"""Who stands where, by what lines of one kind and lane are compared by: places, bands, the first and the last."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

from shared.core.events import LineDrawn
from shared.core.numbers import rounded, settled
from shared.core.regime.model import Band, Pick, Ranking, Regime
from shared.core.regime.terms import SubjectKind

TOTAL_DECIMALS = 2
Ties = Literal["dense", "standard"]


class Compared(Protocol):
    """A line, or as much of one as it takes to compare it."""

    @property
    def subject_kind(self) -> SubjectKind: ...
    @property
    def subject(self) -> str: ...
    @property
    def lane(self) -> str: ...
    @property
    def is_rankable(self) -> bool | None: ...
    @property
    def points(self) -> Mapping[str, Decimal | None]: ...
    @property
    def measures(self) -> Mapping[str, Decimal | None]: ...
    @property
    def displayed(self) -> Mapping[str, str]: ...


C = TypeVar("C", bound=Compared)


def ranked(regime: Regime, lines: Sequence[LineDrawn], *, by: str = "") -> list[LineDrawn]:
    """The lines with a rank, or a band, among those of their kind and lane; the best stand first.

    `by`: a measure to rank by in the place of the regime's own, by the same rules. Who is not judged, not surely
    rankable, or in too small a group has neither. Of those in one band, and where nothing is published, the order
    stays as it was: it must not give the places away.
    """
    if not regime.scoring:
        return list(lines)
    scored, ranking = regime.scoring.subjects, _by(regime.scoring.ranking, by)
    lines = [replace(line, rank=None, band="") for line in lines] if by else lines
    return [
        line
        for (kind, _), group in _groups(lines).items()
        for line in (_placed(regime, ranking, group) if kind in scored else group)
    ]


def places(regime: Regime, lines: Sequence[Compared]) -> dict[str, tuple[int, int]]:
    """Of lines of one kind: their places from the top and from the bottom of the lane, by subject, where published."""
    if not regime.scoring or regime.scoring.ranking.publish != "ranks":
        return {}
    ranking, found = regime.scoring.ranking, dict[str, tuple[int, int]]()
    for group in _groups(lines).values():
        first, last = _from_both_ends(regime, ranking, group)
        found |= {code: (place, last[code]) for code, place in first.items()}
    return found


def picked(
    regime: Regime, lines: Sequence[C], pick: Pick, *, meets: Callable[[C], bool], by: str = ""
) -> list[tuple[C, int | None]]:
    """Whom a pick names, and their places where places are published: all who meet it, or the first or last of them.

    The first so many count in each lane, by what is ranked by, whatever is published of places (regime.md: bands, and
    `commended: {top: 3}`). Nobody stands outside who ties with the last one named; who is not judged, not surely
    rankable, or in too small a group is neither first nor last.
    """
    lines = [line for line in lines if line.subject_kind == pick.about]
    if pick.top is None and pick.bottom is None:
        return [(line, None) for line in lines if meets(line)]
    if not regime.scoring or pick.about not in regime.scoring.subjects:
        return []
    ranking, named = _by(regime.scoring.ranking, by), dict[str, tuple[C, int | None]]()
    for group in _groups(lines).values():
        first, last = _from_both_ends(regime, ranking, group)
        met = [line for line in group if line.subject in first and meets(line)]
        worst_last = sorted(_ahead(met, last, pick.bottom), key=lambda one: -one[1])
        for line, place in (*_ahead(met, first, pick.top), *worst_last):
            named.setdefault(line.subject, (line, place if ranking.publish == "ranks" else None))
    return list(named.values())


def _ahead(lines: Sequence[C], places_of: Mapping[str, int], count: int | None) -> list[tuple[C, int]]:
    placed = sorted(((line, places_of[line.subject]) for line in lines), key=lambda one: one[1])
    last = placed[min(count, len(placed)) - 1][1] if count and placed else 0
    return [one for one in placed if one[1] <= last]


def _groups(lines: Sequence[C]) -> Mapping[tuple[SubjectKind, str], list[C]]:
    groups: dict[tuple[SubjectKind, str], list[C]] = defaultdict(list)
    for line in lines:
        groups[line.subject_kind, line.lane].append(line)
    return groups


def _by(ranking: Ranking, by: str) -> Ranking:
    return replace(ranking, by=by) if by else ranking


def _placed(regime: Regime, ranking: Ranking, group: Sequence[LineDrawn]) -> Sequence[LineDrawn]:
    values = _values(ranking, group)
    if not values or ranking.publish == "none":
        return group
    if ranking.publish == "bands":
        banded = [replace(line, band=_band(ranking, values.get(line.subject))) for line in group]
        order = [*(band.id for band in ranking.bands), ""]
        return sorted(banded, key=lambda line: order.index(line.band))
    ranks, _ = _from_both_ends(regime, ranking, group)
    placed = [replace(line, rank=ranks.get(line.subject)) for line in group]
    return sorted(placed, key=lambda line: (line.rank is None, line.rank or 0))


def _from_both_ends(
    regime: Regime, ranking: Ranking, group: Sequence[Compared]
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    values = _values(ranking, group)
    keys = {line.subject: _key(regime, ranking, line, values[line.subject]) for line in group if line.subject in values}
    is_high_first, ties = ranking.order == "high_first", ranking.ties
    return _ranks(keys, ties=ties, high_first=is_high_first), _ranks(keys, ties=ties, high_first=not is_high_first)


def _ranks(keys: Mapping[str, Decimal], *, ties: Ties, high_first: bool) -> dict[str, int]:
    """Dense: after a tie the next number follows; standard: as many are passed over as tie."""
    in_order = sorted(set(keys.values()) if ties == "dense" else keys.values(), reverse=high_first)
    first: dict[Decimal, int] = {}
    for at, key in enumerate(in_order, start=1):
        first.setdefault(key, at)
    return {code: first[key] for code, key in keys.items()}


def _values(ranking: Ranking, group: Sequence[Compared]) -> dict[str, Decimal]:
    """What those who are compared are compared by; nobody is in too small a group."""
    values = {line.subject: value for line in group if (value := _value(ranking, line)) is not None}
    return values if len(values) >= ranking.minimum_group else {}


def _value(ranking: Ranking, line: Compared) -> Decimal | None:
    """What the line is compared by, unrounded; unknown where it is not compared."""
    if line.is_rankable is not True:
        return None
    return line.points.get("total") if ranking.by == "total" else line.measures[ranking.by]


def bands(regime: Regime, lines: Sequence[Compared]) -> dict[str, str]:
    """Of lines of one kind: the band of each, by subject, where bands are published."""
    if not regime.scoring or regime.scoring.ranking.publish != "bands":
        return {}
    ranking = regime.scoring.ranking
    groups = [_values(ranking, group) for group in _groups(lines).values()]
    return {code: band for values in groups for code, value in values.items() if (band := _band(ranking, value))}


def compared_by(regime: Regime, line: Compared) -> Decimal | None:
    """What a line is compared by under the regime, as it counts for ties; unknown where it is not compared."""
    if regime.scoring is None:
        return None
    ranking = regime.scoring.ranking
    value = _value(ranking, line)
    return None if value is None else _key(regime, ranking, line, value)


def _key(regime: Regime, ranking: Ranking, line: Compared, value: Decimal) -> Decimal:
    if ranking.tie_on == "exact":
        # Quotients carry noise in their 40th digit, which must not part two who are equal.
        return settled(value)
    if ranking.by == "total":
        decimals = regime.numbers.decimals.get("total", TOTAL_DECIMALS)
        return rounded(value, decimals=decimals, rounding=regime.numbers.rounding)
    return Decimal(line.displayed[ranking.by].rstrip("%"))


def _band(ranking: Ranking, value: Decimal | None) -> str:
    """The band with the highest bound that the unrounded value reaches; one without a bound takes the rest."""
    reached = [band for band in ranking.bands if value is not None and _is_in(band, value)]
    if not reached:
        return ""
    return max(reached, key=lambda band: (band.at_least is not None, band.at_least or Decimal(0))).id


def _is_in(band: Band, value: Decimal) -> bool:
    return band.at_least is None or settled(value) >= band.at_least
