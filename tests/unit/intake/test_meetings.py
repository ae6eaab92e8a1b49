"""A meeting is called, its agenda filled, held and minuted once; what it decides are matters."""

from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from services.intake.domain.known import MatterLife
from shared.core.events import AgendaItemAdded
from tests.support.facts import (
    a_call,
    a_decision,
    a_deferral,
    a_matter,
    a_meeting,
    a_problem,
    a_solution,
    an_absence,
    an_item,
    day,
    minutes,
)
from tests.support.intake import Intake
from tests.support.supervised import OPEN_PROBLEMS, a_forum, sender, supervised, tell, told, under


def accepts(intake: Intake, data: Any) -> bool:
    return isinstance(intake.decide(data, **sender(data)), Accepted)


def test_a_meeting_is_called_held_and_minuted() -> None:
    decisions = (a_decision(due_on=day("2026-03-02")), a_decision("d2", due_on=None))
    intake = told(supervised(), a_problem(), a_call(to=("bureau-a", "head-b")), an_item(), an_item(item="i2", text="x"))
    told(intake, a_meeting(problems=("q1",)), an_absence(), an_absence(unit="bureau-b", person="head-b"))
    told(intake, minutes(number="3", decisions=decisions))
    decided = [intake.ledger.get(MatterLife, one) for one in ("d1", "d2")]
    assert [one.units for one in decided if one] == [("bureau-a",), ("bureau-a",)]


@pytest.mark.parametrize("told_of", [a_meeting(), minutes()])
def test_a_meeting_that_nobody_called_may_be_told_of_all_the_same(told_of: Any) -> None:
    intake = told(supervised(), told_of)
    assert accepts(intake, an_absence())
    assert not accepts(intake, an_item(problem="", text="x"))


def test_a_meeting_may_be_held_on_another_day_than_that_for_which_it_was_called() -> None:
    intake = told(supervised(), a_call(on="2026-03-09"), a_meeting())
    assert not accepts(intake, a_meeting())
    assert accepts(intake, minutes())


def test_minutes_of_another_forum_may_have_the_same_number() -> None:
    intake = told(supervised(), minutes(number="3"))
    assert accepts(intake, minutes("g2", forum="joint", number="3"))
    assert accepts(intake, minutes("g2"))


def test_an_item_that_is_put_off_stands_on_the_agenda_of_the_other_meeting() -> None:
    intake = told(supervised(), a_problem(), a_call(), a_call("g2", on="2026-03-09"), an_item())
    told(intake, a_meeting())
    tell(intake, a_deferral(to_meeting="g2"))
    assert [one.data for one in intake.followed] == [AgendaItemAdded(meeting="g2", item="i1", problem="q1")]
    assert accepts(intake, a_deferral("g2"))


def test_an_item_that_is_put_off_without_a_meeting_stands_on_no_other_agenda() -> None:
    intake = told(supervised(), a_problem(), a_call(), an_item())
    tell(intake, a_deferral())
    assert not intake.followed


@pytest.mark.parametrize(
    ("duties", "may"),
    [
        ((), True),
        (OPEN_PROBLEMS, False),
        ((a_forum("dispatch"),), True),
        ((a_forum("joint", agenda="open_problems"),), True),
        ((*OPEN_PROBLEMS, a_forum("dispatch", id="second")), True),
    ],
)
def test_a_forum_takes_up_other_things_than_open_problems_unless_a_regime_says_so(duties: Any, may: bool) -> None:
    intake = told(under(duties=duties), a_problem(), a_problem("q2"), a_solution("q2"), a_call())
    assert accepts(intake, an_item(problem="", text="x")) is may
    assert accepts(intake, an_item(problem="q2")) is may
    assert accepts(intake, an_item())


def test_a_matter_that_a_rule_proposed_may_be_taken_up() -> None:
    intake = told(supervised(), a_call(), a_matter())
    assert accepts(intake, an_item(problem="", matter="m1"))
    assert accepts(intake, an_item(problem="", matter="m-0123456789abcdef0123"))


def test_where_nobody_in_particular_was_asked_anybody_may_be_missed() -> None:
    intake = told(supervised(), a_call(), an_absence(), an_absence(unit="bureau-b"))
    assert accepts(intake, an_absence(person="head-a"))
