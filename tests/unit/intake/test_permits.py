"""A permit's file goes to and fro between owner and office; a problem goes up until it is solved."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from tests.support.builders import a_plan
from tests.support.facts import (
    a_filing,
    a_giving_back,
    a_permit,
    a_problem,
    a_refusal,
    a_solution,
    an_acceptance,
    an_agent,
    an_escalation,
    an_issue,
    day,
)
from tests.support.intake import Intake
from tests.support.supervised import UPWARD, a_forum, sender, supervised, tell, told, under

GAPS = an_acceptance(gaps=("a map",), gaps_due_on=day("2026-03-20"))
FILED, TAKEN, BACK, ISSUED, REFUSED = a_filing(), an_acceptance(), a_giving_back(), an_issue(), a_refusal()
MOVES = {"file": FILED, "accept": TAKEN, "gaps": GAPS, "return": BACK, "issue": ISSUED, "refuse": REFUSED}
WAYS: Sequence[tuple[Sequence[Any], str]] = [
    ((), "file"),
    ((FILED,), "accept gaps return issue refuse"),
    ((FILED, TAKEN), "issue refuse"),
    ((FILED, GAPS), "file accept gaps return refuse"),
    ((FILED, GAPS, TAKEN), "issue refuse"),
    ((FILED, GAPS, FILED), "accept gaps return issue refuse"),
    ((FILED, BACK), "file"),
    ((FILED, BACK, FILED), "accept gaps return issue refuse"),
    ((FILED, ISSUED), ""),
    ((FILED, REFUSED), "file"),
]


def accepts(intake: Intake, data: Any) -> bool:
    return isinstance(intake.decide(data, **sender(data)), Accepted)


@pytest.mark.parametrize(("before", "may"), WAYS)
def test_a_file_moves_from_whoever_holds_it(before: Sequence[Any], may: str) -> None:
    intake = told(supervised(), *before)
    assert [name for name, move in MOVES.items() if accepts(intake, move)] == [
        name for name in MOVES if name in may.split()
    ]


def test_every_new_filing_may_be_returned_once_more() -> None:
    intake = told(supervised(), FILED, BACK)
    assert intake.refuse(BACK, **sender(BACK)).code == "returned_already"
    told(intake, FILED, BACK)
    assert intake.refuse(BACK, **sender(BACK)).code == "returned_already"


def test_a_permit_that_no_plan_names_is_issued_by_the_office_with_which_it_was_filed() -> None:
    intake = told(supervised(), a_filing(permit="fire", office="fire-office"))
    issued = intake.decide(an_issue(permit="fire", office="fire-office"), on_behalf_of="fire-office")
    assert isinstance(issued, Accepted)


def test_a_plan_that_gives_a_permit_to_another_office_moves_its_file_there() -> None:
    intake = told(supervised(), FILED, a_plan(yi="1", permits=(a_permit(office="fire-office"),)))
    assert intake.refuse(ISSUED, **sender(ISSUED)).code == "another_office"
    moved = intake.decide(an_issue(office="fire-office"), on_behalf_of="fire-office")
    assert isinstance(moved, Accepted)


def test_permits_of_one_project_and_of_others_go_their_own_ways() -> None:
    intake = told(supervised(), FILED, ISSUED)
    assert accepts(intake, a_filing(permit="bulk"))
    assert accepts(intake, a_filing("p2")) is False  # p2 is another bureau's
    assert isinstance(intake.decide(a_filing("p2"), "reporter-b"), Accepted)


@pytest.mark.parametrize("permit", ["", "land", "bulk"])
def test_an_agent_sees_to_all_permits_or_to_one_that_is_planned_or_filed(permit: str) -> None:
    tell(supervised(), a_filing(permit="bulk"), an_agent(permit=permit))


# --- problems -----------------------------------------------------------------------------------------------------


def test_a_problem_goes_up_forum_by_forum_until_it_is_solved() -> None:
    intake = under(duties=UPWARD)
    told(intake, a_problem(needs="system"), an_escalation(needs="county"), an_escalation(needs="city"), a_solution())
    assert accepts(intake, a_problem("q2", needs="system"))


def test_a_forum_that_no_regime_ranks_is_taken_for_a_higher_one() -> None:
    assert accepts(told(under(duties=UPWARD), a_problem(needs="county")), an_escalation(needs="standing_committee"))


@pytest.mark.parametrize("needs", ["system", "county"])
def test_a_problem_goes_down_by_no_detour(needs: str) -> None:
    intake = told(under(duties=UPWARD), a_problem(needs="city"))
    assert intake.refuse(an_escalation(needs=needs), **sender(an_escalation())).code == "not_higher"


def test_forums_that_lead_to_each_other_in_a_circle_end_the_search() -> None:
    intake = told(under(duties=(UPWARD[0], a_forum("county", then_forum="system"))), a_problem(needs="leading_group"))
    assert accepts(intake, an_escalation(needs="system"))
