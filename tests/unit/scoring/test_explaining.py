"""Does an explanation name rule, inputs and events, and say why something does not count or is not known?"""

from decimal import Decimal

import pytest

from services.scoring.domain.explaining import Explained, UnknownQuestion, events_of, explain, recompute, without_others
from services.scoring.domain.explaining.tree import walk
from services.scoring.domain.explaining.words import told
from services.scoring.domain.view import View
from services.scoring.domain.views import current_view
from shared.infra.texts import Texts
from tests.catalogue.case import regime
from tests.support.builders import (
    LIST,
    YI,
    Timed,
    a_correction,
    a_plan,
    a_project,
    a_return,
    a_stage,
    a_year,
    on,
    until,
)
from tests.support.facts import a_mark, a_responsibility, a_tour, an_incident
from tests.support.spec import given

FIRST = "2026-02-03 10:00"
MEASURES = """measures:
  done: { amount: investment_completed, unit: 亿元 }
  started: { share_of: { stage: started } }
  slow: { met: { deviation_pp: { below: 0 } } }
  incidents: { count: incident }
  marks: { panel: visit_score, drop_highest: 1, drop_lowest: 1 }
  leaders: { holders: sponsor_leader }
  at_the_end: { met: { deviation_pp: { at_least: 0 } }, judged: year_end }"""
SCORING = """scoring:
  components:
    - { id: base, all_or_nothing: { when: { investment_ratio: { at_least: 0.05 } }, points: 9 } }
    - { id: safe, deduct: { per: incident, points: 2 } }
    - { id: late, all_or_nothing: { when: { investment_ratio: { at_least: 1 } }, points: 5 }, judged: year_end }
  vetoes:
    - { id: disaster, when: { incidents: { at_least: 3 } }, result: zero, legal_basis: law, plan_item: item }
  ranking: { by: investment_ratio, legal_basis: law, plan_item: item, at_most: monthly }"""


def view_of(*events: Timed, rules: tuple[str, ...] = (MEASURES, SCORING)) -> View:
    """Two units with a project each of 10 亿, as of the middle of February."""
    listed = (a_project("p1", plan_yi="10"), a_project("p2", lead="bureau-b", plan_yi="10"))
    told = sorted(events, key=lambda one: one.at)
    ledger = given(*a_year(*listed, regime=regime(*rules)), *told, until("2026-02-20 00:00")).scored().ledger
    view = current_view(ledger, LIST, ledger.clock)
    assert view is not None
    return view


def returned(yi: str | None = "1", project: str = "p1", at: str = FIRST) -> Timed:
    return on(at, a_return(project, yi=yi), id=f"return-of-{project}")


def of_unit(view: View, about: str, code: str = "bureau-a") -> Explained:
    found = explain(view, "unit", code, about)
    assert recompute(found) == found.value
    return found


def whys(found: Explained) -> set[str]:
    return {one.why for one in walk(found) if one.why}


# --- measures -----------------------------------------------------------------------------------------------------


def test_a_ratio_is_explained_by_both_amounts_of_each_object_and_the_events_that_said_them() -> None:
    found = of_unit(view_of(returned("1")), "measure:investment_ratio")
    assert (found.value, found.rule, found.how) == (Decimal("0.1"), "/measures/investment_ratio", "ratio")
    (project,) = found.inputs
    assert [(one.part, one.value) for one in project.inputs] == [("done", 1 * YI), ("planned", 10 * YI)]
    assert "return-of-p1" in events_of(found)
    assert len(events_of(found)) == 2


def test_a_corrected_return_names_the_correction_too() -> None:
    corrected = on("2026-02-05 10:00", a_correction("return-of-p1", yi="3"), id="the-correction")
    found = of_unit(view_of(returned("1"), corrected), "measure:investment_ratio")
    assert found.value == Decimal("0.3")
    assert {"return-of-p1", "the-correction"} <= {*events_of(found)}
    assert any("corrected" in one.status for one in walk(found))


def test_a_plan_that_changed_is_explained_by_the_change() -> None:
    changed = on("2026-02-05 10:00", a_plan("p1", yi="5"), id="the-plan")
    found = of_unit(view_of(returned("1"), changed), "measure:investment_ratio")
    assert (found.value, "the-plan" in events_of(found)) == (Decimal("0.2"), True)


def test_what_nobody_reported_is_unknown_because_no_return_came() -> None:
    found = of_unit(view_of(), "measure:investment_ratio")
    assert found.value is None
    assert {"No return came.", "None of its objects is judged."} <= whys(found)


def test_a_return_that_came_late_and_does_not_count_says_so() -> None:
    late = "reporting: [ { cadence: monthly, due: { day: 5 }, late: { counts_as: not_judged } } ]"
    found = of_unit(view_of(returned("1", at="2026-02-09 10:00"), rules=(late,)), "measure:investment_ratio")
    (one,) = [one for one in walk(found) if one.about == "return:2026-01"]
    assert (one.counts, one.status, one.why) == (False, ("late",), "By the rules for returns it does not count.")


def test_a_share_names_the_objects_that_meet_the_condition_and_what_told_it() -> None:
    started = on(FIRST, a_stage("p1"), id="the-start")
    found = explain(view_of(started), "list", "", "measure:started")
    assert (found.value, recompute(found)) == (Decimal("0.5"), Decimal("0.5"))
    assert [one.parts("hit")[0].value for one in found.inputs] == [True, False]
    assert "the-start" in events_of(found.inputs[0])


def test_a_count_names_each_row_that_counts() -> None:
    befell = on(FIRST, an_incident("i1", on="2026-01-20", projects=("p1",)))
    found = of_unit(view_of(befell), "measure:incidents")
    assert (found.value, [one.given["id"] for one in found.inputs]) == (1, ["i1"])
    assert whys(of_unit(view_of(), "measure:incidents")) == {"Nothing of this kind was recorded in the window."}


def test_a_measure_of_a_condition_shows_the_value_that_was_tested() -> None:
    found = of_unit(view_of(returned("0.5")), "measure:slow")
    (test,) = [one for one in walk(found) if one.about == "test:deviation_pp"]
    assert (test.value, test.inputs[0].value) == (True, of_unit(view_of(returned("0.5")), "measure:deviation_pp").value)


def test_what_is_judged_at_the_year_s_end_says_that_it_is_not_judged_yet() -> None:
    assert of_unit(view_of(returned()), "measure:at_the_end").why == "It is judged at the year's end only."


def test_holders_are_named_with_what_gave_them_the_role() -> None:
    assigned = on("2026-01-05 10:00", a_responsibility("p1", person="leader-1"), id="the-assignment")
    found = of_unit(view_of(assigned), "measure:leaders")
    assert [(one.value, one.events) for one in found.inputs] == [("leader-1", ("the-assignment",))]


def test_marks_of_a_panel_are_named_and_one_s_own_do_not_count() -> None:
    at = "2026-01-20 10:00"
    scores = [on(at, a_mark(score=score, scorer_unit="bureau-b"), id=f"mark-{score}") for score in ("70", "80", "95")]
    own = on(at, a_mark(score="99", scorer_unit="bureau-a"), id="own-mark")
    found = of_unit(view_of(on("2026-01-20 09:00", a_tour(on="2026-01-20")), *scores, own), "measure:marks")
    assert (found.value, {one.events[0]: one.counts for one in found.inputs}) == (
        80, {"mark-70": True, "mark-80": True, "mark-95": True, "own-mark": False},
    )  # fmt: skip


# --- points, lights, places -----------------------------------------------------------------------------------------


def test_points_are_explained_by_condition_rows_and_what_is_not_judged_yet() -> None:
    view = view_of(returned("1"), on(FIRST, an_incident("i1", on="2026-01-20", projects=("p1",))))
    base, safe, late = (of_unit(view, f"points:{name}") for name in ("base", "safe", "late"))
    assert (base.value, safe.value, late.value) == (9, -2, None)
    assert (base.rule, safe.rule) == ("/scoring/components/0", "/scoring/components/1")
    assert late.why == "It is judged at the year's end only."
    total = of_unit(view, "points:total")
    assert (total.value, total.why) == (None, "Not all of its components are known.")


def test_a_veto_is_named_that_takes_the_total_away() -> None:
    befell = [on(FIRST, an_incident(f"i{n}", on="2026-01-20", projects=("p1",))) for n in range(3)]
    total = of_unit(view_of(*befell), "points:total")
    assert (total.value, total.why) == (0, "A veto takes all points away.")
    assert [(one.about, one.value) for one in total.parts("veto")] == [("veto:disaster", True)]


def test_a_light_shows_each_condition_up_to_the_first_that_holds() -> None:
    lights = """lights:
      - { green: { deviation_pp: { at_least: 10 } } }
      - { yellow: { deviation_pp: { at_least: 0 } } }
      - { red: otherwise }"""
    found = of_unit(view_of(returned("1"), rules=(lights,)), "light")
    assert [(one.given["light"], one.value) for one in found.parts("light")] == [("green", False), ("yellow", True)]
    assert (found.value, found.rule) == ("yellow", "/lights/1")


def test_a_light_that_nobody_can_tell_says_why() -> None:
    lights = "lights: [ { red: { deviation_pp: { below: 0 } } }, { green: otherwise } ]"
    found = of_unit(view_of(rules=(lights,)), "light")
    assert (found.value, found.why) == (None, "What is known does not decide which light it is.")


def test_a_place_names_those_whom_it_is_compared_with_and_can_be_told_without_them() -> None:
    view = view_of(returned("1"), returned("2", "p2"))
    found = of_unit(view, "rank")
    assert (found.value, [one.subject for one in found.parts("other")]) == (2, ["bureau-b"])
    assert "bureau-b" not in {one.subject for one in walk(without_others(found))}


def test_one_of_whom_nothing_is_known_has_no_place_and_says_so() -> None:
    found = of_unit(view_of(returned("2", "p2")), "rank")
    assert (found.value, found.why) == (None, "What it is ranked by is not known.")


def test_what_does_not_exist_cannot_be_explained() -> None:
    for kind, code, about in (
        ("unit", "nobody", "light"),
        ("unit", "bureau-a", "measure:x"),
        ("unit", "bureau-a", "x"),
    ):
        with pytest.raises(UnknownQuestion):
            explain(view_of(), kind, code, about)  # type: ignore[arg-type]


# --- in words -------------------------------------------------------------------------------------------------------


def test_a_clerk_reads_the_value_the_rule_and_how_a_return_came_in_both_languages() -> None:
    view = view_of(returned("1"))
    found = of_unit(view, "measure:investment_ratio")
    english, chinese = (told(found, view.regime, Texts.load(locale)) for locale in ("en", "zh"))
    assert english["text"] == "Bureau-A (bureau-a): investment_ratio: 10.00%"
    assert chinese["text"].endswith("10.00%")
    assert "divided by" in english["rule"]["text"]
    assert "除以" in chinese["rule"]["text"]
    done = english["inputs"][0]["inputs"][0]
    assert done["inputs"][0]["text"] == "the return of 2026-01: 1 亿元 (on time)"
    assert done["inputs"][0]["value"] == "100000000"
