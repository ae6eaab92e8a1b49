"""Which step of a ladder is due at a hit, and whose it is to take."""

from typing import Any, get_args

import pytest

from services.notify.domain.ladder import BEYOND, Rungs, competent_for, form_of, next_step, next_steps, rungs
from shared.core.events import RuleHit
from shared.core.regime.model import Ladder, Step
from shared.core.regime.terms import StepName


def a_step(name: StepName = "supervision_letter", **changes: Any) -> Step:
    return Step(**{"step": name, "serve": ("lead_unit",), **changes})


def a_hit(**changes: Any) -> RuleHit:
    fields: dict[str, Any] = {
        "moment": "m", "list": "kp", "period": "2026-03", "rule": "slow", "ladder": "project",
        "subject_kind": "project", "subject": "p1", "name": "P1", "unit": "u1", "consecutive": 1, "measures": {},
        "displayed": {},
    }  # fmt: skip
    return RuleHit(**{**fields, **changes})


PLAIN: Ladder = (a_step("due_reminder"), a_step("rectification_notice"), a_step("criticism"))
STRIKES: Ladder = (
    a_step("admonition_talk", count=1),
    a_step("criticism", count=2),
    a_step("liaison_withdrawn", count=3),
)
SERIOUS = {"severity": "serious"}
GRADED: Ladder = (a_step("warning", when=SERIOUS), a_step("criticism"))


def test_each_hit_takes_the_next_rung_until_there_is_none() -> None:
    assert [next_step(PLAIN, steps_taken=taken, hits=taken + 1) for taken in range(4)] == [0, 1, 2, None]


def test_the_first_second_and_third_time_each_bring_their_own_step() -> None:
    """000-4b: a liaison officer who cannot be reached is talked to, then criticised, then withdrawn."""
    climbed = [next_step(STRIKES, steps_taken=taken, hits=taken + 1) for taken in range(4)]
    assert climbed == [0, 1, 2, None]


def test_a_count_waits_for_its_hits_and_holds_up_what_stands_above_it() -> None:
    ladder = (a_step("supervision_reminder"), a_step("direct_investigation", count=4), a_step("criticism"))
    assert [next_step(ladder, steps_taken=1, hits=hits) for hits in (2, 3, 4)] == [None, None, 1]


def test_who_is_hit_for_the_second_time_gets_what_the_second_time_brings() -> None:
    """Also where the first rung was never taken: the record knows of an earlier time, or two came at once."""
    assert next_step(STRIKES, steps_taken=0, hits=2) == 1
    assert next_step(STRIKES, steps_taken=0, hits=7) == 2


def test_a_higher_count_does_not_overtake_a_rung_that_waits_for_nothing() -> None:
    ladder = (a_step("supervision_letter"), a_step("criticism", count=2))
    assert next_step(ladder, steps_taken=0, hits=5) == 0


def test_a_rung_whose_condition_does_not_hold_is_passed_over() -> None:
    assert next_step(GRADED, steps_taken=0, hits=1, open_steps={1}) == 1
    assert next_step(GRADED, steps_taken=0, hits=1, open_steps={0, 1}) == 0
    assert next_step(GRADED, steps_taken=0, hits=1, open_steps=()) is None


def test_a_condition_that_is_not_known_waits_and_nothing_heavier_goes_before_it() -> None:
    assert next_step(GRADED, steps_taken=0, hits=1, open_steps={1}, undecided={0}) is None


def test_a_closed_count_does_not_overtake() -> None:
    assert next_step(STRIKES, steps_taken=0, hits=2, open_steps={0, 2}) == 0


def _together(ladder: Ladder, hits: int, *, taken: int = 0, known: Rungs | None = None) -> tuple[int, ...]:
    every = Rungs(frozenset(range(len(ladder))), frozenset())
    return next_steps(ladder, known or every, steps_taken=taken, hits=hits)


def test_rungs_in_a_row_with_the_same_count_are_taken_together() -> None:
    """000-14: the direct person is warned and the head of the project explains, both at once."""
    ladder = (a_step("warning", count=1), a_step("explanation", count=1), a_step("criticism", count=2))
    assert _together(ladder, 1) == (0, 1)
    assert _together(ladder, 2, taken=2) == (2,)
    assert _together(PLAIN, 1) == (0,), "rungs without a count go one by one"


def test_of_rungs_taken_together_the_closed_are_left_out_and_the_unknown_wait() -> None:
    ladder = (a_step("accountability", count=1), a_step("leadership_accountability", count=1), a_step("talk", count=1))
    assert _together(ladder, 1, known=Rungs(frozenset({0, 2}), frozenset())) == (0, 2)
    assert _together(ladder, 1, known=Rungs(frozenset({0, 2}), frozenset({1}))) == (0,)


# --- what a hit says of the rungs -----------------------------------------------------------------------------


def test_a_step_without_a_condition_is_open_and_one_with_is_as_scoring_found() -> None:
    assert rungs(GRADED, a_hit(open_steps=(1,)), GRADED) == Rungs(frozenset({1}), frozenset())
    assert rungs(GRADED, a_hit(open_steps=(0, 1)), GRADED).open == {0, 1}
    assert rungs(GRADED, a_hit(open_steps=(), undecided_steps=(0,)), GRADED) == Rungs(frozenset({1}), frozenset({0}))
    assert rungs(GRADED, a_hit(), GRADED).open == {0, 1}


def test_conditions_of_an_older_ladder_are_found_in_the_one_that_was_judged() -> None:
    older = (a_step("due_reminder"), *GRADED)
    assert rungs(older, a_hit(open_steps=(0, 1)), GRADED).open == {0, 1, 2}
    gone = rungs(older, a_hit(open_steps=(0,)), PLAIN)
    assert gone == Rungs(frozenset({0, 2}), frozenset({1})), "a condition that nobody judged is not known"


@pytest.mark.parametrize(
    ("step", "is_open"),
    [
        (a_step("written_reminder", serve=("owner",)), True),
        (a_step("rectification_notice", serve=("owner",)), False),
        (a_step("rectification_notice", serve=("lead_unit", "legal_representative")), False),
        (a_step("rectification_notice", serve=("owner",), legal_basis="a law"), True),
        (a_step("rectification_notice", serve=("lead_unit",)), True),
        (a_step("media_exposure"), False),
        (a_step("access_restriction", legal_basis="a law"), True),
    ],
)
def test_owners_outside_government_are_only_reminded_unless_a_law_says_more(step: Step, is_open: bool) -> None:
    hit = a_hit(investment_nature="non_government")
    assert (0 in rungs((step,), hit, (step,)).open) is is_open
    assert 0 in rungs((step,), a_hit(investment_nature="government"), (step,)).open


# --- competence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("supervision_office", "acts"),
        ("principal_leaders", "proposes"),
        ("government", "proposes"),
        ("leading_group", "proposes"),
        ("party_committee", "proposes"),
        ("discipline_body", "refers"),
        ("judiciary", "refers"),
        ("police", "refers"),
        ("organisation_department", "refers"),
        ("personnel_department", "refers"),
    ],
)
def test_what_is_not_the_offices_is_proposed_or_handed_over(body: Any, form: str) -> None:
    step = a_step("criticism", competent=body)
    assert (form_of(step), competent_for(step)) == (form, body)


def test_the_office_never_takes_by_itself_what_lies_beyond_its_power() -> None:
    own = {name for name in get_args(StepName) if form_of(a_step(name)) == "acts"}
    assert own.isdisjoint(
        {"accountability", "organisational_handling", "admonition_talk", "referral", "closure_or_stop"}
    )
    assert own == {*get_args(StepName)} - {*BEYOND}
    assert form_of(a_step("accountability", competent="leading_group")) == "proposes"
