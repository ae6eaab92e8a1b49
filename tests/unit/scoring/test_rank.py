"""Places, bands, and who is compared at all."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.rank import is_rankable, places, ranked
from shared.core.events import LineDrawn
from shared.core.regime.model import Band, Regime
from tests.support.builders import LIST, a_ranking, a_regime, a_scoring
from tests.unit.scoring.test_points import a_veto, measured


def a_line(code: str, ratio: str | None, lane: str = "", **changes: Any) -> LineDrawn:
    """A unit's line with its ratio of investment, as it prints with two decimals."""
    value = None if ratio is None else Decimal(ratio)
    shown = "-" if value is None else f"{(value * 100).quantize(Decimal('0.01'))}%"
    line = LineDrawn(
        moment="m", list=LIST, period="2026-03", subject_kind="unit", subject=code, name=code, unit=code, lane=lane,
        project_count=1, not_judged_count=0, missing_count=0, late_count=0, measures={"investment_ratio": value},
        displayed={"investment_ratio": shown}, amounts_yuan={}, stages=(), light=None, points={}, rank=None,
    )  # fmt: skip
    return replace(line, **changes)


def ranking_by(subjects: Any = ("unit",), **ranking: Any) -> Regime:
    return a_regime(scoring=a_scoring(ranking=a_ranking(**ranking), subjects=subjects))


def in_order(*lines: LineDrawn, **ranking: Any) -> list[LineDrawn]:
    return ranked(ranking_by(**ranking), lines)


def ranks(*lines: LineDrawn, **ranking: Any) -> dict[str, int | None]:
    return {line.subject: line.rank for line in in_order(*lines, **ranking)}


_TIED = (a_line("a", "0.5"), a_line("b", "0.7"), a_line("c", "0.5"), a_line("d", "0.3"))

# --- ranks ----------------------------------------------------------------------------------------------------


def test_dense_ties_leave_no_gap_and_standard_ties_do() -> None:
    assert ranks(*_TIED, ties="dense") == {"b": 1, "a": 2, "c": 2, "d": 3}
    assert ranks(*_TIED, ties="standard") == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_the_best_stand_first_and_the_unjudged_last() -> None:
    assert [line.subject for line in in_order(a_line("x", None), *_TIED)] == ["b", "a", "c", "d", "x"]


def test_low_may_be_first() -> None:
    assert ranks(*_TIED, order="low_first") == {"d": 1, "a": 2, "c": 2, "b": 3}


def test_what_prints_alike_is_tied_if_the_regime_says_so() -> None:
    near = (a_line("a", "0.50001"), a_line("b", "0.50002"))
    assert ranks(*near, tie_on="displayed") == {"a": 1, "b": 1}
    assert ranks(*near, tie_on="exact") == {"b": 1, "a": 2}


def test_the_noise_of_a_quotient_parts_nobody() -> None:
    third = "0." + "3" * 40
    assert ranks(a_line("a", third), a_line("b", third[:-1] + "4"), tie_on="exact") == {"a": 1, "b": 1}


def test_a_difference_far_behind_the_point_parts_two() -> None:
    third = "0." + "3" * 29
    assert ranks(a_line("a", third + "3"), a_line("b", third + "4"), tie_on="exact") == {"b": 1, "a": 2}


def test_a_deviation_is_ranked_with_its_sign() -> None:
    lines = [a_line(code, "0", displayed={"investment_ratio": code}) for code in ("+1.20", "-3.40", "0")]
    assert ranks(*lines) == {"+1.20": 1, "0": 2, "-3.40": 3}


def test_who_is_not_judged_has_no_place() -> None:
    assert ranks(a_line("a", "0"), a_line("b", None)) == {"a": 1, "b": None}


def test_too_small_a_group_is_not_ranked() -> None:
    units = (a_line("a", "0.5"), a_line("b", "0.4"), a_line("c", None))
    assert ranks(*units, minimum_group=3) == {"a": None, "b": None, "c": None}
    assert ranks(*units, minimum_group=2) == {"a": 1, "b": 2, "c": None}


def test_units_are_compared_within_their_lane_only() -> None:
    units = (a_line("a", "0.5", "towns"), a_line("b", "0.7", "departments"), a_line("c", "0.4", "towns"))
    assert ranks(*units) == {"a": 1, "c": 2, "b": 1}


def test_leaders_are_compared_among_leaders_and_only_if_they_are_scored() -> None:
    """H18: 考核对象全面化 (003)."""
    lines = (a_line("a", "0.5"), a_line("li", "0.9", subject_kind="leader"), a_line("xu", "0.8", subject_kind="leader"))
    assert ranks(*lines, subjects=("unit", "leader")) == {"a": 1, "li": 1, "xu": 2}
    assert ranks(*lines, subjects=("unit",)) == {"a": 1, "li": None, "xu": None}


def test_without_scoring_nobody_is_ranked() -> None:
    assert ranked(a_regime(scoring=None), _TIED) == list(_TIED)


def _with_total(code: str, total: str | None) -> LineDrawn:
    return a_line(code, "0", points={"total": None if total is None else Decimal(total)})


def test_points_may_decide_the_places() -> None:
    lines = (_with_total("a", "79.999"), _with_total("b", "80"), _with_total("c", None), _with_total("d", "79.991"))
    assert ranks(*lines, by="total", tie_on="exact") == {"b": 1, "a": 2, "d": 3, "c": None}
    assert ranks(*lines, by="total", tie_on="displayed") == {"b": 1, "a": 2, "d": 2, "c": None}, "printed cut off"


def test_who_is_not_surely_rankable_has_no_place_and_takes_none() -> None:
    lines = (*_TIED, a_line("x", "0.9", is_rankable=False), a_line("y", "0.8", is_rankable=None))
    assert ranks(*lines) == {"b": 1, "a": 2, "c": 2, "d": 3, "x": None, "y": None}


# --- who is compared ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scorable", "breaches", "expected"),
    [
        ("1", "0", True), ("0", "0", False), (None, "0", None),
        ("1", "1", False), ("1", None, None), ("0", None, False), (None, "1", False),
    ],
)  # fmt: skip
def test_a_place_needs_what_makes_rankable_and_no_veto(
    scorable: str | None, breaches: str | None, expected: bool | None
) -> None:
    """H07: 不能计分排名的,对其工作完成情况进行通报 (000-6). H16."""
    ranking = a_ranking(rankable={"scorable": Decimal(1)})
    regime = a_regime(scoring=a_scoring(ranking=ranking, vetoes=(a_veto("not_ranked"),)))
    assert is_rankable(regime, measured(scorable=scorable, breaches=breaches)) is expected


@pytest.mark.parametrize("result", ["zero", "no_award"])
def test_a_veto_of_another_kind_takes_no_place(result: str) -> None:
    regime = a_regime(scoring=a_scoring(vetoes=(a_veto(result),)))
    assert is_rankable(regime, measured(breaches="1")) is True


def test_where_nothing_is_said_everybody_is_rankable() -> None:
    assert is_rankable(a_regime(), measured()) is True
    assert is_rankable(a_regime(scoring=None), measured()) is True


# --- bands ----------------------------------------------------------------------------------------------------

_BANDS = (Band(id="good", at_least=Decimal("0.8")), Band(id="fair", at_least=Decimal("0.5")), Band(id="poor"))


def _bands(*lines: LineDrawn, **ranking: Any) -> dict[str, str]:
    found = in_order(*lines, **{"publish": "bands", "bands": _BANDS, **ranking})
    assert {line.rank for line in found} == {None}
    return {line.subject: line.band for line in found}


def test_bands_stand_in_the_place_of_ranks() -> None:
    assert _bands(*_TIED, a_line("e", "0.8"), a_line("x", None)) == {
        "e": "good", "a": "fair", "b": "fair", "c": "fair", "d": "poor", "x": "",
    }  # fmt: skip


def test_a_band_goes_by_the_unrounded_value() -> None:
    assert _bands(a_line("a", "0.799999"))["a"] == "fair"


def test_the_order_within_a_band_gives_nothing_away() -> None:
    lines = (a_line("a", "0.1"), a_line("b", "0.3"), a_line("c", "0.6"))
    assert list(_bands(*lines)) == ["c", "a", "b"]


def test_bands_with_a_bound_each_leave_the_rest_without_one() -> None:
    assert _bands(a_line("a", "0.4"), bands=_BANDS[:2]) == {"a": ""}


def test_a_bound_below_zero_stands_above_the_rest() -> None:
    bands = (Band(id="near", at_least=Decimal(-1)), Band(id="far"))
    assert _bands(a_line("a", "-0.5"), a_line("b", "-2"), bands=bands) == {"a": "near", "b": "far"}


def test_too_small_a_group_and_who_is_not_rankable_have_no_band() -> None:
    assert _bands(*_TIED, minimum_group=5) == {"a": "", "b": "", "c": "", "d": ""}
    assert _bands(a_line("a", "0.9", is_rankable=False)) == {"a": ""}


def test_where_nothing_is_published_the_lines_stay_as_they_were() -> None:
    assert in_order(*_TIED, publish="none") == list(_TIED)


# --- places from both ends ------------------------------------------------------------------------------------


def test_places_are_counted_from_the_top_and_from_the_bottom() -> None:
    assert places(ranking_by(ties="dense"), _TIED) == {"b": (1, 3), "a": (2, 2), "c": (2, 2), "d": (3, 1)}
    assert places(ranking_by(ties="standard"), _TIED) == {"b": (1, 4), "a": (2, 2), "c": (2, 2), "d": (4, 1)}


def test_places_are_those_of_the_lane_and_only_of_the_ranked() -> None:
    lines = (a_line("a", "0.5", "towns"), a_line("b", "0.7", "departments"), a_line("c", "0.4", "towns"))
    found = places(ranking_by(), [*lines, a_line("x", None, "towns")])
    assert found == {"a": (1, 2), "c": (2, 1), "b": (1, 1)}


def test_bands_give_no_places() -> None:
    assert places(ranking_by(publish="bands", bands=(Band(id="all"),)), _TIED) == {}
