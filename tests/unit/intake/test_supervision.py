"""Rounds are planned and reported, inspections stand beside the self-report, marks are given by those who may."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from services.intake.domain.known import ReturnMade
from services.intake.domain.secrecy import is_secret
from shared.core.events import PostEnded, RecordEvent, VisitHeld, VisitScored
from tests.support.builders import a_project, a_return
from tests.support.facts import (
    a_failed_contact,
    a_finding,
    a_mark,
    a_report_up,
    a_responsibility,
    a_round,
    a_round_report,
    a_tour,
    a_visit,
    an_incident,
    an_inspection,
    day,
)
from tests.support.intake import LEAD, OFFICE, Intake
from tests.support.supervised import FEW_INSPECTIONS, SCORER, WEIGHED, sender, supervised, tell, told, under


def accepts(intake: Intake, data: Any, **more: Any) -> bool:
    return isinstance(intake.decide(data, **{**sender(data), **more}), Accepted)


# --- rounds and inspections ---------------------------------------------------------------------------------------


def test_a_round_is_planned_anew_until_it_is_reported() -> None:
    intake = told(supervised(), a_round(), a_round(until_on="2026-03-09", projects=("p1", "p2")))
    told(intake, an_inspection("p2", round="r1"), a_round_report(on="2026-03-02", correct_by=day("2026-03-31")))
    assert not accepts(intake, a_round())


@pytest.mark.parametrize(
    ("changes", "project", "may"),
    [
        ({}, "p1", True),
        ({}, "p2", False),
        ({"projects": (), "units": ("bureau-b",)}, "p2", True),
        ({"projects": (), "units": ("bureau-b",)}, "p1", False),
        ({"projects": (), "kind": "random"}, "p2", True),
    ],
)
def test_an_inspection_is_of_its_rounds_objects(changes: dict[str, Any], project: str, may: bool) -> None:
    intake = told(supervised(), a_round(**changes))
    assert accepts(intake, an_inspection(project, round="r1")) is may


@pytest.mark.parametrize("changes", [{"approver": "government"}, {"plan_item": "3"}])
def test_where_inspections_are_limited_a_round_stands_on_an_approval_or_on_the_years_plan(changes: Any) -> None:
    intake = under(duties=FEW_INSPECTIONS)
    assert not accepts(intake, a_round())
    assert not accepts(intake, a_round(approver=" "))
    assert accepts(intake, a_round(**changes))


def test_where_nothing_is_limited_a_round_needs_no_approval() -> None:
    unlimited = (replace(FEW_INSPECTIONS[0], at_least=1, at_most=None),)
    assert accepts(under(duties=unlimited), a_round())


def test_an_inspection_changes_no_return() -> None:
    intake = supervised()
    made = intake.accept(a_return(), LEAD)
    tell(
        intake, an_inspection(yi="5", found_stage="started", findings=(a_finding(),), evidence=("sha256:" + "a" * 64,))
    )
    kept = intake.ledger.get(ReturnMade, "p1/2026-01")
    assert kept is not None
    assert kept.event == made.id


# --- who was where ------------------------------------------------------------------------------------------------


def test_a_leaders_visit_may_be_told_before_or_after_the_role_is_taken_away() -> None:
    intake = told(supervised(), a_responsibility(ends=True))
    assert not accepts(intake, a_visit())
    told(intake, a_responsibility(person="leader-5"))
    assert accepts(intake, a_visit(person="leader-5", on="2026-02-01"))  # recorded after the visit


def test_a_team_that_is_a_unit_is_represented_by_its_people() -> None:
    intake = told(supervised(), a_responsibility(role="help_team", unit="bureau-b"))
    assert accepts(intake, a_visit(person="head-b", role="help_team"))
    assert accepts(intake, a_visit(person="bureau-b", role="help_team"))
    assert not accepts(intake, a_visit(person=LEAD, role="help_team"))


def test_a_liaison_officer_who_has_left_could_not_be_reached_on_a_day_before() -> None:
    intake = supervised()
    told(intake, a_failed_contact(), PostEnded(person="liaison-a", post="liaison", unit="bureau-a"))
    assert not accepts(intake, a_failed_contact())


def test_a_report_goes_up_about_a_period_or_about_none() -> None:
    told(supervised(), a_report_up(), a_report_up(period=""), an_incident(projects=(), units=("bureau-a",)))


# --- marks --------------------------------------------------------------------------------------------------------


def test_a_mark_is_that_of_its_scorers_unit_without_being_asked() -> None:
    recorded = tell(told(supervised(), a_tour()), a_mark())
    assert recorded.data.scorer_unit == "government"


def test_each_scorer_gives_one_mark_for_each_project_and_criterion() -> None:
    intake = told(supervised(), a_tour(), a_mark())
    assert not accepts(intake, a_mark(score="10"))
    assert accepts(intake, a_mark(criterion="quality"))
    assert accepts(intake, a_mark(), by="head-b", unit="bureau-b")


def test_the_office_enters_marks_that_came_on_paper() -> None:
    intake = told(supervised(), a_tour())
    for _ in range(2):
        paper = intake.accept(a_mark(scorer_unit="bureau-b"), OFFICE)
        assert paper.data.scorer_unit == "bureau-b"
    assert intake.accept(a_mark(), OFFICE).data.scorer_unit == ""


@pytest.mark.parametrize(
    ("by", "unit", "project"),
    [
        ("head-b", "bureau-b", "p2"),
        ("head-b", "bureau-b", "p3"),
        ("head-b", "bureau-b", "p4"),
        (SCORER, "government", "p5"),
    ],
)
def test_nobody_scores_what_is_their_own(by: str, unit: str, project: str) -> None:
    """The lead unit, a supporting one, the owner, the leader who sponsors it."""
    intake = supervised()
    told(intake, a_project("p3", supporting_units=("bureau-b",)), a_project("p4", owner="bureau-b"), a_project("p5"))
    told(intake, a_responsibility("p5", person=SCORER), a_tour(projects=("p1", project)))
    against = intake.refuse(a_mark(project=project), by, unit=unit)
    assert [one.code for one in against.faults] == ["recused"]
    assert accepts(intake, a_mark(), by=by, unit=unit)


def test_a_group_of_scorers_is_one_that_the_regime_weighs() -> None:
    intake = told(under(measures=WEIGHED.measures), a_tour())
    assert accepts(intake, a_mark(scorer_group="towns"))
    assert not accepts(intake, a_mark(scorer_group="visitors"))


@pytest.mark.parametrize(("event", "is_kept"), [(VisitScored, True), (VisitHeld, False)])
def test_single_marks_are_secret(event: type[RecordEvent], is_kept: bool) -> None:
    assert is_secret(event) is is_kept
