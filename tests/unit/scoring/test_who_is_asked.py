"""Of whom does a rule ask something: who is excluded, exempt, or without a place, and of whom is more remembered?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.language import Bound, Cells, ChainStep, Has
from shared.core.regime.management import Duty, ListChanges, Requirement, Reward
from shared.core.regime.measures import Count, DayCount, Objects, Place
from shared.core.regime.model import Regime
from shared.core.regime.scoring import LightMemory, Repeated, Scoring
from shared.core.regime.terms import Table
from tests.support.builders import (
    a_project,
    a_ranking,
    a_regime,
    a_reporting,
    a_return,
    a_rule,
    a_stage,
    a_year,
    on,
    until,
    with_measures,
)
from tests.support.decided import a_view, decided, rules, told
from tests.support.facts import a_matter, a_reminder, a_responsibility, a_review, an_exemption, an_exit, an_exit_request
from tests.support.spec import given

TERMINATED = a_stage(stage="terminated", on="2026-03-02")

# --- what the status policy excludes ----------------------------------------------------------------------------

EXITS = rules(
    list_changes=ListChanges(exit_when=Has(stage_now="terminated"), exit_chain="exit", urged_at_least=1),
    chains={"exit": (ChainStep(by="drc", act="file"),)},
)
LEAVING = (a_matter(), a_reminder(on="2026-03-03"), an_exit_request(is_special=True))


def test_the_exit_of_an_excluded_object_is_decided() -> None:
    assert told(decided(EXITS, *LEAVING, TERMINATED)) == [("approval", "city/2026/p1", "file")]
    assert told(decided(EXITS, *LEAVING)) == [("exit", "city/2026/p1", "refuse")]


@pytest.mark.parametrize("left", [(), (an_exit(on="2026-03-20"),)])
def test_the_row_of_an_exit_outlives_the_objects_place_in_every_group(left: tuple[Any, ...]) -> None:
    regime = replace(EXITS, measures={**EXITS.measures, "exits": Count(count="exit")})
    view = a_view(regime, *LEAVING, TERMINATED, *left)
    assert [one.row.project for one in view.row_subjects("exit")] == ["p1"]
    assert [view.subject("unit", code).value("exits") for code in ("bureau-a", "bureau-b")] == [1, 0]
    assert view.rows("matter") == []


ASKED = (
    rules(requirements=(Requirement(id="roof", about="project", must=Has(tag="roof")),)),
    rules(duties=(Duty(id="visit", who="sponsor_leader", do="duty_visit", per="monthly", about="project"),)),
    rules(plan_approval="plan", chains={"plan": (ChainStep(by="drc"),)}),
    rules(rewards=(Reward(id="r", about="project", when=Has(kind="project"), award="praise", judged="any_time"),)),
)


@pytest.mark.parametrize("regime", ASKED)
def test_an_excluded_object_owes_nothing_and_is_owed_nothing(regime: Regime) -> None:
    assert len(decided(regime)) == 1
    assert decided(regime, TERMINATED) == []
    judged = replace(regime, status={"terminated": "judged", "not_started": "judged"})
    assert len(decided(judged, TERMINATED)) == 1


def hits(regime: Regime, *events: object) -> list[tuple[str, str]]:
    """Month and subject of each hit, of two objects of one unit that had done nothing by March."""
    head = a_year(a_project("p1"), a_project("p2"), regime=regime)
    behind = [a_return(code, period="2026-02", yi="0") for code in ("p1", "p2")]
    scored = given(*head, *events, on("2026-03-03 10:00", behind[0]), behind[1], until("2026-03-20 12:00")).scored()
    return [(period, subject) for period, subject, _ in scored.hits]


def test_no_rule_is_asked_of_an_excluded_object() -> None:
    ended = a_stage(stage="terminated", on="2026-02-02")
    assert hits(a_regime(), ended) == [("2026-02", "p2")]
    assert hits(a_regime(status={"terminated": "judged"}), ended) == [("2026-02", "p1"), ("2026-02", "p2")]


# --- who is exempt ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("about", "code"), [("unit", "bureau-a"), ("leader", "leader-1"), ("project", "p1")])
def test_any_subject_may_be_exempted_by_itself(about: Any, code: str) -> None:
    rule = a_rule(about=about, exempt=("exemption_granted",), when={"deviation": Bound(below=Decimal(-10))})
    regime, held = a_regime(supervision_rules=(rule,)), a_responsibility(person="leader-1")
    assert ("2026-02", code) in hits(regime, held)
    for granted, is_hit in ((code, False), ("somebody", True)):
        exempted = (a_matter(), an_exemption(subject=granted))
        assert (("2026-02", code) in hits(regime, held, *exempted)) is is_hit


@pytest.mark.parametrize("granted", ["p1", "bureau-a", "m2", "m1"])
def test_a_row_is_exempt_with_its_object_its_unit_or_by_itself(granted: str) -> None:
    rule = a_rule(about="matter", exempt=("exemption_granted",), when=Cells({"matter": "m2"}))
    matters = (a_matter(on="2026-02-02"), a_matter("m2", on="2026-02-02", unit="bureau-a"))
    found = hits(a_regime(supervision_rules=(rule,)), *matters, an_exemption(subject=granted))
    assert found == ([("2026-02", "m2")] if granted == "m1" else [])


# --- who has no place -------------------------------------------------------------------------------------------

BEST = Reward(
    id="best", about="unit", when={"first": Bound(at_most=Decimal(1))}, award="praise", judged="any_time"
)  # fmt: skip
UNITS = (a_project("p1"), a_project("p2", lead="bureau-b"), a_project("p3", lead="bureau-c"))


def rewarded(**ranking: Any) -> list[tuple[str, ...]]:
    """Of three units the first has done most; the last has reported nothing, and so has no place."""
    measures = with_measures(first=Place(place="top")).measures
    scoring = Scoring(ranking=a_ranking(**ranking))
    said = (a_return("p1", period="2026-03", yi="6"), a_return("p2", period="2026-03", yi="3"))
    return told(decided(rules(measures=measures, scoring=scoring, rewards=(BEST,)), *said, projects=UNITS))


def test_who_has_no_place_where_others_have_theirs_is_surely_not_the_first() -> None:
    assert rewarded() == [("reward", "bureau-a", "praise")]


def test_where_nobody_was_placed_it_is_unknown_who_is_the_first() -> None:
    assert [kind for kind, _, _ in rewarded(minimum_group=4)] == ["unknown"] * 3
    assert [kind for kind, _, _ in rewarded(publish="none")] == ["unknown"] * 3


# --- whose lights are remembered --------------------------------------------------------------------------------


def lights(subject: str, *kinds: Any) -> list[tuple[str, str | None]]:
    """Period and light at each close, where every light is red, and a red one turns yellow at its second close."""
    regime = a_regime(
        reporting=(a_reporting(), a_reporting(cadence="quarterly")),
        lights=({"red": "otherwise"},),
        light_memory=LightMemory(repeated=Repeated(light="red", times=2, becomes="yellow")),
        supervision_rules=tuple(a_rule(id=kind, about=kind) for kind in kinds),
    )
    drawn = given(*a_year(a_project(category="roads"), regime=regime), until("2026-07-20 12:00")).scored()
    closes = [period for kind, period in (one.split() for one in drawn.moments) if kind == "close"]
    return [(period, line.light) for period in closes for line in drawn.lines(period) if line.subject == subject]


def test_lights_are_remembered_from_close_to_close_of_the_same_cadence() -> None:
    assert lights("p1") == [
        ("2026-01", "red"), ("2026-02", "yellow"), ("2026-03", "yellow"), ("2026-Q1", "red"), ("2026-04", "yellow"),
        ("2026-05", "yellow"), ("2026-06", "yellow"), ("2026-Q2", "yellow"),
    ]  # fmt: skip


def test_whoever_has_a_light_has_a_memory_of_it() -> None:
    assert [light for _, light in lights("roads", "category")] == [light for _, light in lights("p1")]
    assert ("2026-Q2", "yellow") in lights("roads", "category")


# --- since when an object has stood still -----------------------------------------------------------------------


def idle(*events: object, listed: str = "2026-01-01 00:00", day: str = "2026-03-31") -> Decimal | None:
    regime = rules(measures=with_measures(idle=DayCount(days="since", anchor="last_progress")).measures)
    late = on(listed, a_project("p9"))
    return a_view(regime, late, *events, day=day).subject("project", "p9").value("idle")


def test_an_object_that_never_moved_has_stood_still_since_it_was_listed() -> None:
    assert idle() == 89
    assert idle(listed="2026-02-01 09:00") == 58
    assert idle(on("2026-03-04 09:00", a_return("p9", period="2026-02"))) == 31


# --- what a chain of review asks --------------------------------------------------------------------------------

GATES = (
    ChainStep(by="liaison", act="review"),
    ChainStep(by="line_leader", act="review", when={"days_late": Bound(above=Decimal(0))}),
)


def review(*steps: str, came: str = "2026-03-03", **changes: Any) -> tuple[Any, Decimal | None]:
    """How far the review of February's return has come, and what of it counts."""
    reporting = a_reporting(review_chain="gates", unreviewed="not_judged", **changes)
    regime = rules(chains={"gates": GATES}, reporting=(reporting,))
    said = on(f"{came} 10:00", a_return(period="2026-02"))
    view = a_view(regime, said, *(a_review(period="2026-02", step=step) for step in steps))
    [row] = [one for one in view.rows("return") if one.cells["period"] == "2026-02"]
    return row.cells["review"], view.subject("project", "p1").sum("investment_completed")


def test_a_return_is_approved_once_its_chain_is_through() -> None:
    assert review() == ("unreviewed", None)
    assert review("liaison")[0] == "approved"
    assert review("liaison", came="2026-03-09")[0] == "unreviewed"
    assert review("liaison", "line_leader", came="2026-03-09")[0] == "approved"


def test_a_return_that_somebody_of_its_chain_has_reviewed_is_judged() -> None:
    assert review("liaison")[1] == 100_000_000


# --- all columns of a row ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "there", "elsewhere"), [("unit", "bureau-a", "bureau-b"), ("project", "p1", "p2")])
def test_what_a_row_names_is_a_column_too(column: str, there: str, elsewhere: str) -> None:
    table: Table = "matter"
    measures = with_measures(
        here=Count(count=table, where={column: there}), not_here=Count(count=table, where={column: elsewhere}),
        objects=Objects(objects="all"),
    ).measures  # fmt: skip
    whole = a_view(rules(measures=measures), a_matter(unit="bureau-a")).subject("list", "")
    assert [whole.value(name) for name in ("here", "not_here", "objects")] == [1, 0, 1]
