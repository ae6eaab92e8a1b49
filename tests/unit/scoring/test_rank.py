"""Points of components, and places among units."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.measure import ProjectFacts
from services.scoring.domain.rank import points_of, ranked
from shared.core.events import LineDrawn
from shared.core.regime.model import Lane
from tests.support.builders import a_ranking, a_regime, a_scoring, a_year, until
from tests.support.spec import given
from tests.unit.scoring.test_measure import facts, measuring

_LINE = given(*a_year(), until("2026-02-10 00:00")).scored().line("bureau-a")


def _points(*projects: ProjectFacts, year_ended: bool = True) -> dict[str, Decimal | None]:
    return dict(points_of(a_regime(), measuring(*projects, year_ended=year_ended)))


def _bonus(done: str) -> Decimal | None:
    return _points(facts(done, "10", "started"))["bonus"]


def test_before_the_years_end_there_is_no_base_and_so_no_total() -> None:
    points = _points(facts("20", "10", "started"), year_ended=False)
    assert points == {"base": None, "weight": 20, "bonus": None, "total": None}


def test_the_base_is_all_or_nothing() -> None:
    assert _points(facts("10", "10", "started"))["base"] == 60
    assert _points(facts("9.99", "10", "started"))["base"] == 0
    assert _points(facts("10", "10"))["base"] == 0, "not started"
    assert _points(facts(None, "10", "started"))["base"] is None, "not judged"


@pytest.mark.parametrize(
    ("plan", "weight"), [("0", 5), ("0.99", 5), ("1", 10), ("4.99", 10), ("5", 15), ("10", 20), ("500", 20)]
)
def test_the_weight_is_that_of_the_highest_row_reached(plan: str, weight: int) -> None:
    assert _points(facts("1", plan, "started"))["weight"] == weight


def test_an_unknown_amount_has_no_weight() -> None:
    assert _points(facts("1", None))["weight"] is None


def test_below_the_first_row_there_are_no_points() -> None:
    scoring = a_scoring()
    weight: Any = scoring.components[1]
    tiers = replace(weight, tiers=replace(weight.tiers, table=weight.tiers.table[1:]))
    regime = a_regime(scoring=replace(scoring, components=(tiers,)))
    assert points_of(regime, measuring(facts("1", "0.5")))["weight"] == 0


@pytest.mark.parametrize(
    ("done", "bonus"), [("10", "0"), ("10.1", "0.5"), ("10.15", "0.75"), ("11", "5"), ("12", "10"), ("50", "10")]
)
def test_the_bonus_grows_by_the_point_and_is_capped(done: str, bonus: str) -> None:
    assert _bonus(done) == Decimal(bonus)


def test_a_total_is_the_sum_of_its_parts() -> None:
    assert _points(facts("11", "10", "started"))["total"] == 60 + 20 + 5


def test_a_regime_without_components_gives_no_points() -> None:
    assert points_of(a_regime(scoring=a_scoring(components=())), measuring(facts("1", "1"))) == {}
    assert points_of(a_regime(scoring=None), measuring(facts("1", "1"))) == {}


# --- places ---------------------------------------------------------------------------------------------------


def _unit(code: str, ratio: str | None, lane: str = "") -> LineDrawn:
    value = None if ratio is None else Decimal(ratio)
    shown = "-" if value is None else f"{(value * 100).quantize(Decimal('0.01'))}%"
    return replace(
        _LINE, subject=code, lane=lane, measures={"investment_ratio": value}, displayed={"investment_ratio": shown}
    )


def _places(*units: LineDrawn, **ranking: Any) -> dict[str, int | None]:
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(**ranking)))
    return {line.subject: line.rank for line in ranked(regime, units)}


_TIED = (_unit("a", "0.5"), _unit("b", "0.7"), _unit("c", "0.5"), _unit("d", "0.3"))


def test_dense_ties_leave_no_gap_and_standard_ties_do() -> None:
    assert _places(*_TIED, ties="dense") == {"b": 1, "a": 2, "c": 2, "d": 3}
    assert _places(*_TIED, ties="standard") == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_the_best_stand_first_and_the_unjudged_last() -> None:
    assert list(_places(_unit("x", None), *_TIED)) == ["b", "a", "c", "d", "x"]


def test_low_may_be_first() -> None:
    assert _places(*_TIED, order="low_first") == {"d": 1, "a": 2, "c": 2, "b": 3}


def test_what_prints_alike_is_tied_if_the_regime_says_so() -> None:
    near = (_unit("a", "0.50001"), _unit("b", "0.50002"))
    assert _places(*near, tie_on="displayed") == {"a": 1, "b": 1}
    assert _places(*near, tie_on="exact") == {"b": 1, "a": 2}


def test_who_is_not_judged_has_no_place() -> None:
    assert _places(_unit("a", "0"), _unit("b", None)) == {"a": 1, "b": None}


def test_too_small_a_group_is_not_ranked() -> None:
    units = (_unit("a", "0.5"), _unit("b", "0.4"), _unit("c", None))
    assert _places(*units, minimum_group=3) == {"a": None, "b": None, "c": None}
    assert _places(*units, minimum_group=2) == {"a": 1, "b": 2, "c": None}


def test_units_are_compared_within_their_lane_only() -> None:
    units = (_unit("a", "0.5", "towns"), _unit("b", "0.7", "departments"), _unit("c", "0.4", "towns"))
    assert _places(*units) == {"a": 1, "c": 2, "b": 1}


def test_without_scoring_nobody_is_ranked() -> None:
    assert [line.rank for line in ranked(a_regime(scoring=None), _TIED)] == [None] * 4


def test_a_lane_takes_units_by_their_kind() -> None:
    lanes = (Lane(id="departments", kinds=("department",)),)
    regime = a_regime(scoring=a_scoring(lanes=lanes))
    scored = given(*a_year(regime=regime), until("2026-02-10 00:00")).scored()
    assert scored.line("bureau-a").lane == "departments"
