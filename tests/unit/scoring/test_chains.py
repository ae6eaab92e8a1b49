"""Whose turn it is in a chain, and what waits for approval: plans and returns."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from services.scoring.domain.chains import Act, is_through, next_step
from services.scoring.domain.measure import Measuring
from shared.core.regime.due import WorkingDays
from shared.core.regime.language import Bound, ChainStep, Has
from tests.support.builders import a_plan, a_project, a_reporting, a_return, local, on
from tests.support.decided import a_view, decided, only, rules, told
from tests.support.facts import a_review

LEADER = ChainStep(by="responsible_leader", act="review")
OFFICE = ChainStep(by="assessment_office", act="review")
COMMITTEE = ChainStep(by="standing_committee", act="approve")
CHAIN = (LEADER, OFFICE, COMMITTEE)


def subject(**changes: Any) -> Measuring:
    return a_view(rules(), projects=(a_project(**changes),)).subject("project", "p1")


def turn(chain: Any = CHAIN, *decided: Act, **changes: Any) -> str | None:
    step = next_step(chain, decided, subject(**changes))
    return step.by if step else None


def test_each_acts_in_turn() -> None:
    one, two, three = (Act(step.by) for step in CHAIN)
    turns = [turn(), turn(CHAIN, one), turn(CHAIN, one, two), turn(CHAIN, one, two, three)]
    assert turns == ["responsible_leader", "assessment_office", "standing_committee", None]


def test_a_refusal_ends_it_and_is_no_approval() -> None:
    refused = (Act("responsible_leader"), Act("assessment_office", approved=False))
    assert turn(CHAIN, *refused) is None
    assert not is_through(CHAIN, refused, subject())
    assert is_through(CHAIN[:1], refused[:1], subject())


def test_who_decided_out_of_turn_does_not_stand_in_for_the_others() -> None:
    assert turn(CHAIN, Act("standing_committee")) == "responsible_leader"


def test_a_body_that_stands_twice_decides_twice() -> None:
    chain = (OFFICE, LEADER, replace(OFFICE, act="approve"))
    assert turn(chain, Act("assessment_office"), Act("responsible_leader")) == "assessment_office"
    assert turn(chain, Act("assessment_office"), Act("responsible_leader"), Act("assessment_office")) is None


def test_an_exception_passes_over_a_step() -> None:
    """000-6: where one unit alone is responsible there is nothing to review."""
    chain = (replace(LEADER, unless=Has(tag="single_unit")), OFFICE)
    assert turn(chain, tags=("single_unit",)) == "assessment_office"
    assert turn(chain) == "responsible_leader"


def test_only_what_is_important_goes_to_the_last_step() -> None:
    """000-10: important items 「由主要领导审签」."""
    chain = (OFFICE, replace(COMMITTEE, when={"planned_yi": Bound(at_least=Decimal(10))}))
    assert turn(chain, Act("assessment_office"), plan_yi="12") == "standing_committee"
    assert turn(chain, Act("assessment_office"), plan_yi="2") is None


def test_what_is_unknown_passes_over_nobody() -> None:
    chain = (replace(COMMITTEE, when={"planned_yi": Bound(at_least=Decimal(10))}),)
    assert turn(chain, plan_yi=None) == "standing_committee"
    assert turn((replace(LEADER, unless=Has(category="industry")),)) == "responsible_leader"


# --- plans ------------------------------------------------------------------------------------------------------

PLANNED = rules(chains={"plan": CHAIN}, plan_approval="plan")


def test_a_plan_goes_from_one_approver_to_the_next() -> None:
    """000-6: 「经重点工作责任领导审定后」."""
    found = only(decided(PLANNED))
    assert (found.kind, found.rule, found.act, found.by, found.form) == (
        "approval", "plan_approval", "review", "responsible_leader", "proposes",
    )  # fmt: skip
    approved = a_plan(yi="12", approvals=("responsible_leader", "assessment_office"))
    assert only(decided(PLANNED, approved)).by == "standing_committee"
    assert decided(PLANNED, replace(approved, approvals=tuple(step.by for step in CHAIN))) == []


# --- returns ----------------------------------------------------------------------------------------------------

BY_IMPORTANCE = (
    ChainStep(by="liaison", act="review", within=WorkingDays(working_days=1)),
    ChainStep(by="unit_head", act="sign", when={"planned_yi": Bound(at_least=Decimal(10))}),
)
REVIEWED = rules(
    chains={"review": BY_IMPORTANCE},
    reporting=(a_reporting(review_chain="review", review_within=WorkingDays(working_days=5)),),
)
FILED = on("2026-04-01 10:00", a_return(period="2026-03"))
REVIEWING: dict[str, Any] = {"day": "2026-04-02", "period": "2026-04"}


def reviews(*events: object, **view: Any) -> list[tuple[str, ...]]:
    found = decided(REVIEWED, *events, **{**REVIEWING, **view})
    return [(one.kind, one.by, one.act) for one in found]


def test_a_return_is_reviewed_step_by_step() -> None:
    assert reviews(FILED) == [("approval", "liaison", "review")]
    assert reviews(FILED, a_review(period="2026-03", step="liaison")) == [("approval", "unit_head", "sign")]
    assert reviews(FILED, *(a_review(period="2026-03", step=step) for step in ("liaison", "unit_head"))) == []


def test_a_small_return_needs_no_second_review() -> None:
    small = {"projects": (a_project(plan_yi="2"),)}
    assert reviews(FILED, a_review(period="2026-03", step="liaison"), **small) == []


def test_a_return_that_was_sent_back_waits_for_its_unit() -> None:
    assert reviews(FILED, a_review(period="2026-03", step="liaison", verdict="returned")) == []


def test_what_was_not_reviewed_by_the_close_is_reviewed_no_more() -> None:
    assert reviews(FILED, day="2026-04-13", period="2026-04") == []


def test_reviewers_without_a_chain_are_one_by_their_order() -> None:
    regime = rules(
        reporting=(
            a_reporting(
                review=("functional_department", "assessment_office"), review_within=WorkingDays(working_days=5)
            ),
        )
    )
    found = only(decided(regime, FILED, **REVIEWING))
    assert (found.by, found.due_at) == ("functional_department", local("2026-04-11 00:00"))
    assert told(decided(rules(), FILED, **REVIEWING)) == []
