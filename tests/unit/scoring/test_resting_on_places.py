"""What rests on a place, be it a measure, a light, points or a rule, is worked out once the places stand."""

from decimal import Decimal
from typing import Any

from services.scoring.domain.hits import hits_of
from services.scoring.domain.judge import lines_of
from services.scoring.domain.view import View
from shared.core.events import LineDrawn
from shared.core.regime.language import Bound
from shared.core.regime.model import AllOrNothing, Award, Growth, Has, Met, Part, Place, Regime, Weighted
from tests.support.builders import a_project, a_ranking, a_return, a_rule, a_scoring, with_measures
from tests.support.decided import a_view, rules

UNITS = tuple(a_project(f"p{code}", lead=f"bureau-{code}") for code in "abc")
FIRST = {"place": Bound(at_most=Decimal(1))}
IS_LOW = {"is_low": Decimal(1)}


def a_regime_of_places(**changes: Any) -> Regime:
    """Whoever stands last is low; the light of the low is red."""
    measures = with_measures(
        place=Place(place="top"), is_low=Met(met={"from_bottom": Bound(at_most=Decimal(1))}),
        from_bottom=Place(place="bottom"), doubled=Weighted(weighted=(Part(of="place", weight=Decimal(2)),)),
        risen=Growth(growth_of="place", since="last_period", unit="pp"),
    ).measures  # fmt: skip
    scoring = a_scoring(
        ranking=a_ranking(), components=(AllOrNothing(id="ahead", all_or_nothing=Award(when=FIRST, points=Decimal(5))),)
    )
    return rules(measures=measures, scoring=scoring, lights=({"red": IS_LOW}, {"green": "otherwise"}), **changes)


def seen(regime: Regime) -> View:
    done = [
        a_return(f"p{code}", period, yi=yi)
        for code, amounts in (("a", ("1", "6")), ("b", ("2", "3")), ("c", ("3", "2")))
        for period, yi in zip(("2026-02", "2026-03"), amounts, strict=True)
    ]
    return a_view(regime, *done, projects=UNITS)


def units(regime: Regime) -> dict[str, LineDrawn]:
    return {line.subject[-1]: line for line in lines_of(seen(regime), "m") if line.subject_kind == "unit"}


def test_a_measure_of_a_place_is_known_and_so_is_what_rests_on_it() -> None:
    found = units(a_regime_of_places())
    assert {code: (line.rank, line.displayed["place"], line.displayed["is_low"]) for code, line in found.items()} == {
        "a": (1, "1", "0"), "b": (2, "2", "0"), "c": (3, "3", "1"),
    }  # fmt: skip
    assert {code: line.measures["doubled"] for code, line in found.items()} == {"a": 2, "b": 4, "c": 6}


def test_a_light_and_points_may_rest_on_a_place() -> None:
    found = units(a_regime_of_places())
    assert {code: line.light for code, line in found.items()} == {"a": "green", "b": "green", "c": "red"}
    assert {code: line.points["ahead"] for code, line in found.items()} == {"a": 5, "b": 0, "c": 0}


def test_the_place_of_an_earlier_period_is_that_of_its_own_figures() -> None:
    found = units(a_regime_of_places())
    assert {code: line.measures["risen"] for code, line in found.items()} == {"a": -200, "b": 0, "c": 200}


def test_a_rule_may_ask_for_a_place_and_for_what_rests_on_it() -> None:
    by = {"on_place": FIRST, "on_low": IS_LOW, "on_light": Has(light="red")}
    view = seen(a_regime_of_places(supervision_rules=tuple(a_rule(id=id_, about="unit", when=by[id_]) for id_ in by)))
    found = hits_of(view, "m", lines_of(view, "m"))
    assert [(hit.rule, hit.subject) for hit in found.hits] == [
        ("on_place", "bureau-a"), ("on_low", "bureau-c"), ("on_light", "bureau-c"),
    ]  # fmt: skip
    assert found.undecided == ()


def test_whoever_asks_first_gets_the_same_place() -> None:
    view = seen(a_regime_of_places())
    assert view.subject("unit", "bureau-c").value("is_low") == 1
    assert [line.rank for line in lines_of(view, "m") if line.subject_kind == "unit"] == [1, 2, 3]


def test_nobody_asks_for_places_where_no_measure_rests_on_one() -> None:
    view = seen(rules(scoring=a_scoring(ranking=a_ranking())))
    lines_of(view, "m")
    assert view._places == {}
