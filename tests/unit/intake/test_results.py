"""Results are approved step by step and sent back; awards go to those who have not lost the right to them."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from services.intake.domain.submission import Override
from shared.core.events import OverrideUsed
from tests.support.builders import JURISDICTION, LIST
from tests.support.facts import a_confirmation, a_loss, a_proposal, an_award, an_external_result
from tests.support.intake import Intake
from tests.support.supervised import chained, sender, supervised, tell, told, under

PROPOSED = a_proposal(on="2026-03-02")
REVIEWED = a_confirmation(on="2026-03-02", step="assessment_office")
CONDITIONAL, DECIDED = replace(REVIEWED, step="drc"), replace(REVIEWED, step="government")
SENT_BACK = replace(REVIEWED, approved=False)


def accepts(intake: Intake, data: Any, **more: Any) -> bool:
    return isinstance(intake.decide(data, **sender(data), **more), Accepted)


@pytest.mark.parametrize("steps", [(REVIEWED, CONDITIONAL, DECIDED), (REVIEWED, DECIDED)])
def test_a_result_goes_through_its_chain_whose_conditional_steps_may_be_passed_over(steps: Any) -> None:
    intake = told(under(**chained()), PROPOSED, *steps)
    assert not any(accepts(intake, one) for one in (PROPOSED, REVIEWED, CONDITIONAL, DECIDED))


def test_nobody_goes_back_in_the_chain() -> None:
    intake = told(under(**chained()), PROPOSED, REVIEWED, CONDITIONAL)
    assert not accepts(intake, CONDITIONAL)
    assert accepts(intake, DECIDED)


def test_what_is_sent_back_is_proposed_again_and_goes_through_all_of_it_again() -> None:
    intake = told(under(**chained()), PROPOSED, REVIEWED, replace(DECIDED, approved=False))
    assert not accepts(intake, DECIDED)
    told(intake, PROPOSED)
    assert not accepts(intake, DECIDED)
    told(intake, REVIEWED, DECIDED)


def test_a_reward_has_a_chain_of_its_own() -> None:
    intake = told(under(**chained()), replace(PROPOSED, scheme="praised"))
    assert accepts(intake, replace(DECIDED, scheme="praised"))


def test_where_the_regime_names_no_chain_results_are_approved_by_whoever_does() -> None:
    intake = told(supervised(), PROPOSED, DECIDED, REVIEWED)
    assert accepts(intake, SENT_BACK)


def test_results_of_other_years_and_schemes_are_proposed_by_themselves() -> None:
    assert accepts(told(supervised(), PROPOSED), replace(PROPOSED, scheme="half_year"))


# --- results elsewhere, awards ------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["p1", "bureau-a", "reporter-a", "leader-1", LIST, JURISDICTION])
def test_a_result_is_about_a_project_a_unit_a_person_a_list_or_all(subject: str) -> None:
    tell(supervised(), an_external_result(subject), an_external_result(subject, value="1", result=""))


@pytest.mark.parametrize(
    ("losses", "may"),
    [
        ([a_loss(award="praise", on="2026-02-01", until_on="2026-03-01")], True),
        ([a_loss(award="praise", until_on="2026-03-02")], False),
        ([a_loss(award="praise", until_on=None)], False),
        ([a_loss(award="praise", until_on="2026-12-31"), a_loss(award="praise", until_on="2026-03-02")], False),
        ([a_loss(award="praise"), a_loss(award="praise", on="2026-02-01", until_on="2026-03-01")], False),
        ([a_loss(award="other")], True),
        ([a_loss("bureau-b", award="praise")], True),
        ([a_loss(award="all")], False),
        ([a_loss(award="")], False),
    ],
)  # fmt: skip
def test_who_has_lost_the_right_to_an_award_has_none(losses: Any, may: bool) -> None:
    assert accepts(told(supervised(), *losses), an_award()) is may


def test_the_office_may_grant_an_award_all_the_same_and_says_why() -> None:
    intake = told(supervised(), a_loss(award="praise"))
    intake.accept(an_award(), override=Override(rule="not_eligible", reason="It was cleared."))
    assert [one.data for one in intake.followed] == [
        OverrideUsed(rule="not_eligible", by="supervisor-1", reason="It was cleared.")
    ]
