"""Whatever the values: places follow them, whoever stands first in the list, and points are a plain sum."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.points import points_of
from services.scoring.domain.rank import places, ranked
from shared.core.events import LineDrawn
from shared.core.regime.model import (
    AllOrNothing,
    Award,
    Component,
    InProportion,
    Multiplied,
    Proportional,
    Regime,
    Steps,
    Times,
)
from tests.support.builders import a_ranking, a_regime, a_scoring
from tests.unit.scoring.test_points import ASubject, scored_by
from tests.unit.scoring.test_rank import a_line

QUICK = settings(max_examples=100, deadline=None)

values = st.none() | st.decimals("-1", "2", places=5) | st.sampled_from([Decimal("0.5"), Decimal("0.50001")])
orders: Any = st.sampled_from(["high_first", "low_first"])
ties_on: Any = st.sampled_from(["displayed", "exact"])


@st.composite
def lanes(draw: st.DrawFn) -> list[LineDrawn]:
    found = draw(st.lists(st.tuples(values, st.sampled_from(["towns", "departments"])), max_size=8))
    return [a_line(f"u{at}", None if value is None else str(value), lane) for at, (value, lane) in enumerate(found)]


def _regime(**ranking: Any) -> Regime:
    return a_regime(scoring=a_scoring(ranking=a_ranking(**ranking)))


def _ranks(regime: Regime, lines: Sequence[LineDrawn]) -> dict[str, int | None]:
    return {line.subject: line.rank for line in ranked(regime, lines)}


@QUICK
@given(lanes(), st.randoms(use_true_random=False), orders, ties_on, st.sampled_from(["dense", "standard"]))
def test_ranks_ignore_the_order_in_which_units_come(
    lines: list[LineDrawn], chance: Any, order: str, tie_on: str, ties: str
) -> None:
    regime = _regime(order=order, tie_on=tie_on, ties=ties)
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert _ranks(regime, lines) == _ranks(regime, shuffled)


@QUICK
@given(lanes(), st.sampled_from(["dense", "standard"]), orders)
def test_a_rank_follows_the_value(lines: list[LineDrawn], ties: str, order: str) -> None:
    found = _ranks(_regime(ties=ties, tie_on="exact", order=order), lines)
    judged = [(one, value) for one in lines if (value := one.measures["investment_ratio"]) is not None]
    sign = 1 if order == "high_first" else -1
    for one, value in judged:
        for other, than in judged:
            if one.lane == other.lane:
                better, worse = found[one.subject], found[other.subject]
                assert better is not None
                assert worse is not None
                assert (better < worse) == (value * sign > than * sign)


@QUICK
@given(lanes())
def test_dense_places_have_no_gaps_from_either_end(lines: list[LineDrawn]) -> None:
    found = places(_regime(ties="dense"), lines)
    for lane in ("towns", "departments"):
        of_lane = [found[one.subject] for one in lines if one.lane == lane and one.subject in found]
        for end in zip(*of_lane, strict=True):
            assert set(end) == set(range(1, max(end) + 1))


@QUICK
@given(lanes())
def test_standard_places_say_how_many_stand_ahead(lines: list[LineDrawn]) -> None:
    after = ranked(_regime(ties="standard"), lines)
    for one in after:
        if one.rank is not None:
            ahead = [other for other in after if other.lane == one.lane and (other.rank or one.rank) < one.rank]
            assert one.rank == 1 + len(ahead)


@st.composite
def components(draw: st.DrawFn) -> list[Component]:
    """Shares with awkward wholes, so that their points are quotients without end, and a factor on the first two."""
    wholes = draw(st.lists(st.sampled_from([3, 7, 11, 13]), min_size=2, max_size=5))
    shares: list[Component] = [
        Proportional(id=f"c{at}", proportional=InProportion(of="done", points=Decimal(10), full_at=Decimal(whole)))
        for at, whole in enumerate(wholes)
    ]
    factor = Times(components=("c0", "c1"), by=Steps(of="done", table=((Decimal(0), Decimal("1.5")),)))
    base = AllOrNothing(id="base", all_or_nothing=Award(when={"done": Decimal(1)}, points=Decimal(60)))
    return [*shares, base, Multiplied(id="factor", multiply=factor)]


@QUICK
@given(components(), st.randoms(use_true_random=False), st.none() | st.decimals("0", "20", places=3))
def test_points_never_depend_on_the_order_of_components(
    parts: list[Component], chance: Any, done: Decimal | None
) -> None:
    """To the last digit: sums of quotients are rounded at the 40th, and so differ by their order."""
    subject = ASubject({"done": done})
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert points_of(scored_by(*parts), subject) == points_of(scored_by(*shuffled), subject)
