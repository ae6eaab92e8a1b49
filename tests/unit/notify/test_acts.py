"""What the record tells of a rule's own matter: no fold parks it, the ladder waits as long as it must, then goes on."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.notify.domain.ledger import Matter
from shared.core.calendar import Moment
from shared.core.errors import CannotApply
from shared.core.events import MatterProposed, NoticeDrafted, NoticeServed, ReminderSent
from shared.core.matters import proposed_id
from shared.core.regime.due import Days
from shared.core.regime.model import Bound, Regime
from shared.core.regime.pursuit import AppealRight, MatterRules
from tests.support.builders import (
    JURISDICTION,
    LIST,
    Timed,
    a_ladder,
    a_project,
    a_regime,
    a_return,
    a_rule,
    a_year,
    approval,
    local,
    on,
    until,
)
from tests.support.facts import (
    a_decided_objection,
    a_matter,
    a_pause,
    a_reminder,
    a_reopening,
    a_report,
    a_striking_off,
    a_verification,
    an_assignment,
    an_exemption,
    an_extension,
    an_objection,
)
from tests.support.spec import Noticed, given

RIGHT = AppealRight(file_within=Days(days=30), decide_within=Days(days=30))
ONCE, TWICE, THRICE = (until(f"2026-0{month}-09 00:00") for month in (3, 4, 5))
"""Closes of February, March and April are over: the rule was hit so often."""


def slow(regime: Regime | None = None, *projects: str) -> list[object]:
    """Nothing is done, and nobody is exempt: reminded at the first close, given a notice at the second."""
    codes = projects or ("p1",)
    head = a_year(*map(a_project, codes), regime=regime or a_regime(appeal_right=RIGHT))
    return [*head, *(on("2026-02-03 10:00", a_return(code, yi="0")) for code in codes)]


def matters(head: list[object]) -> list[str]:
    return [one.matter for one in given(*head, ONCE).noticed().of(MatterProposed)]


def after(*acts: object, head: list[object] | None = None, by: Timed = TWICE) -> Noticed:
    """Acts of March on what the close of February proposed."""
    told = [one if isinstance(one, Timed) else on("2026-03-10 10:00", one) for one in acts]
    return given(*(head or slow()), ONCE, *told, by).noticed()


def steps(found: Noticed) -> list[str]:
    return [one.step for one in found.stated if isinstance(one, ReminderSent | NoticeDrafted)]


CLOSE = Moment(LIST, "close", "2026-02", local("2026-03-06 00:00"))
OWN = proposed_id(JURISDICTION, CLOSE.id, "slow", "project", "p1")
BOTH = ["due_reminder", "rectification_notice"]


# --- nothing parks ----------------------------------------------------------------------------------------------

ACTS = (
    an_assignment(OWN), a_reminder(OWN), a_report(OWN), a_verification(OWN), an_extension(OWN), a_pause(OWN),
    an_exemption(matter=OWN), an_objection(OWN), a_decided_objection(OWN), a_striking_off(OWN), a_reopening(OWN),
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
def test_no_fold_parks_an_act_on_a_matter_that_a_rule_proposed(act: object) -> None:
    assert steps(after(act))[0] == "due_reminder"
    if isinstance(act, type(a_pause()) | type(a_reminder())):
        with pytest.raises(CannotApply, match="no matter m9 was opened"):
            after(replace(act, matter="m9"))


# --- pauses -----------------------------------------------------------------------------------------------------


def test_a_paused_matter_takes_no_step_until_its_day_and_then_the_next_one() -> None:
    paused = a_pause(OWN, until_on="2026-04-30")
    assert steps(after(paused)) == ["due_reminder"]
    assert steps(after(paused, by=THRICE)) == BOTH
    assert steps(after(a_pause(OWN, until_on="2026-03-31"))) == BOTH
    assert {item.matter for one in after(paused, by=THRICE).of(NoticeDrafted) for item in one.items} == {OWN}


def test_a_pause_begins_on_its_own_day() -> None:
    assert steps(after(a_pause(OWN, on="2026-04-30"))) == BOTH


def test_an_extension_that_is_only_asked_for_moves_nothing() -> None:
    assert steps(after(an_extension(OWN, new="2026-12-31", approver=""))) == BOTH
    assert steps(after(an_extension(OWN, new="2026-12-31"))) == ["due_reminder"]


def test_another_pause_takes_the_place_of_the_first() -> None:
    assert steps(after(a_pause(OWN, until_on="2026-12-31"), a_pause(OWN, until_on="2026-03-15"))) == BOTH


@pytest.mark.parametrize(
    ("act", "resumed"),
    [
        (a_reminder(OWN), True),
        (an_assignment(OWN), True),
        (a_decided_objection(OWN), True),
        (a_report(OWN), False),
        (an_objection(OWN), False),
        (an_exemption(matter=OWN), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_pause_without_a_day_lasts_until_the_next_act_of_the_office(act: object, *, resumed: bool) -> None:
    head = slow(a_regime())
    assert steps(after(a_pause(OWN), head=head, by=THRICE)) == ["due_reminder"]
    assert steps(after(a_pause(OWN), act, head=head)) == (BOTH if resumed else ["due_reminder"])
    assert steps(after(a_pause(OWN, until_on="2026-12-31"), act, head=head)) == ["due_reminder"]


def test_hits_while_a_matter_waits_do_not_count() -> None:
    reminder, notice = a_ladder()
    head = slow(a_regime(ladders={"project": (reminder, replace(notice, count=3))}))
    own = matters(head)[0]
    assert steps(after(head=head, by=THRICE)) == BOTH
    assert steps(after(a_pause(own, until_on="2026-04-30"), head=head, by=THRICE)) == ["due_reminder"]


def test_no_rule_takes_a_step_about_a_matter_that_is_paused_whoever_opened_it() -> None:
    rule = a_rule(about="matter", when={"days_overdue": Bound(above=Decimal(0))})
    regime = a_regime(supervision_rules=(rule,), appeal_right=RIGHT)
    overdue = on("2026-02-05 10:00", a_matter(on="2026-02-05", due_on="2026-02-20"))
    head = [*a_year(regime=regime), overdue]
    for act in (a_pause(on="2026-02-06"), an_objection(on="2026-02-06")):
        found = given(*head, on("2026-02-06 10:00", act), ONCE).noticed()
        assert (steps(found), found.of(MatterProposed)) == ([], [])
    assert steps(given(*head, ONCE).noticed()) == ["due_reminder"]


# --- objections -------------------------------------------------------------------------------------------------


def test_a_contested_matter_takes_no_step_where_the_right_says_so() -> None:
    def contested(right: AppealRight | None) -> list[str]:
        return steps(after(an_objection(OWN), head=slow(a_regime(appeal_right=right))))

    assert contested(RIGHT) == ["due_reminder"]
    assert contested(replace(RIGHT, pauses="nothing")) == BOTH
    assert contested(None) == BOTH


def test_an_objection_that_is_not_upheld_lets_the_steps_go_on() -> None:
    found = after(an_objection(OWN), a_decided_objection(OWN))
    assert steps(found) == BOTH
    assert [one.matter for one in found.of(MatterProposed)] == [OWN]


def test_an_objection_that_is_upheld_ends_the_matter_and_a_rule_hit_again_is_another() -> None:
    found = after(an_objection(OWN), a_decided_objection(OWN, upheld=True))
    assert steps(found) == ["due_reminder", "due_reminder"], "from the foot of the ladder"
    assert [kept.state for kept in found.ledger.all(Matter).values()] == ["struck_off", "proposed"]


def test_an_objection_to_a_notice_is_one_to_each_of_its_matters() -> None:
    head = slow(None, "p1", "p2")
    (reminder,) = given(*head, ONCE).noticed().of(ReminderSent)
    objection, decided = an_objection(reminder.notice), a_decided_objection(reminder.notice)
    assert steps(after(objection, head=head)) == ["due_reminder"]
    assert steps(after(objection, decided, head=head)) == BOTH
    ended = after(objection, replace(decided, upheld=True), head=head).ledger.all(Matter).values()
    assert [kept.state for kept in ended] == ["struck_off", "struck_off", "proposed", "proposed"]
    assert steps(after(an_objection(matters(head)[0]), head=head)) == BOTH, "p2 is not contested"


# --- another day, and none at all -------------------------------------------------------------------------------


def test_an_extended_matter_takes_no_step_before_its_new_day_is_over() -> None:
    assert steps(after(an_extension(OWN, new="2026-04-30"))) == ["due_reminder"]
    assert steps(after(an_extension(OWN, new="2026-04-30"), by=THRICE)) == BOTH
    assert steps(after(an_extension(OWN, new="2026-03-31"))) == BOTH
    another = an_extension(project="p1", item="land", new="2026-04-30")
    assert steps(after(replace(another, matter=OWN))) == BOTH, "a milestone has another day, the matter has not"


@pytest.mark.parametrize(
    ("granted", "due"),
    [
        ({}, "2026-04-17 00:00"),
        ({0: "2026-05-15"}, "2026-04-17 00:00"),
        ({0: "2026-05-15", 1: "2026-05-08"}, "2026-05-09 00:00"),
        ({0: "2026-04-10", 1: "2026-04-10"}, "2026-04-17 00:00"),
    ],
    ids=["none", "one of two", "both", "earlier than the notice itself allows"],
)
def test_what_is_served_later_is_due_on_the_day_that_was_granted(granted: dict[int, str], due: str) -> None:
    head = slow(None, "p1", "p2")
    own = matters(head)
    (draft,) = after(head=head).of(NoticeDrafted)
    extended = [on("2026-04-09 09:00", an_extension(own[place], new=new)) for place, new in granted.items()]
    signed = on("2026-04-09 10:00", approval(draft), actor="wang")
    served = given(*head, ONCE, TWICE, *extended, signed, THRICE).noticed().the(NoticeServed)
    assert served.rectify_by == local(due)
    late = [replace(one, at=local("2026-04-10 09:00")) for one in extended]
    is_out = given(*head, ONCE, TWICE, signed, *late, THRICE).noticed().the(NoticeServed)
    assert is_out.rectify_by == local("2026-04-17 00:00"), "what is out stays as it is"


def test_an_exemption_that_names_the_matter_holds_it_where_the_rule_lets_it() -> None:
    def exempt(*exemptions: Any, until_on: str) -> list[str]:
        rule = a_rule(exempt=exemptions)
        head = slow(a_regime(supervision_rules=(rule,), matters=MatterRules()))
        return steps(after(an_exemption(matter=OWN, until_on=until_on), head=head))

    assert exempt("exemption_granted", until_on="2026-12-31") == ["due_reminder"]
    assert exempt("exemption_granted", until_on="2026-03-15") == BOTH
    assert exempt(until_on="2026-12-31") == BOTH
