"""What would be parked, learnt or done by whom it is not for: each is refused before it enters the record."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from services.intake.domain.known import Drafted, MatterLife, Unreadable
from shared.core.events import (
    NoticeApproved,
    NoticeSignedFor,
    NoticeTextSet,
    OverrideUsed,
    PlanSet,
    PostAssigned,
    PostEnded,
    TalkRecorded,
)
from tests.support import facts
from tests.support.builders import LIST, a_regime, a_return, a_stage, a_unit
from tests.support.intake import CHECKER, LEAD, NOBODY, OFFICE, OTHER, Everywhere, opened
from tests.support.matters import HEAD, a_notice, service, told
from tests.support.staffed import past, staffed, under

# --- what a fold would park -----------------------------------------------------------------------------------------


def test_no_month_of_a_plan_is_negative() -> None:
    months = ((1, Decimal(-5)), (12, Decimal(10)))
    plan = PlanSet(list=LIST, year=2026, project="p1", annual_planned_investment_yuan=Decimal(5), by_month_yuan=months)
    (fault,) = opened().refuse(plan).faults
    assert (fault.code, fault.pointer) == ("negative_amount", "/data/by_month_yuan/0/1")


def test_a_commitment_takes_no_code_under_which_a_matter_is_known() -> None:
    talk = a_notice("n-talk", step="talk")
    intake = told(talk, service(talk))
    intake.accept(facts.a_matter("n-talk-2", approver="principal_leaders"))
    recorded = TalkRecorded(
        notice="n-talk",
        on=facts.day("2026-03-02"),
        persons=("chief",),
        signed_by=("chief",),
        commitments=("One.", "Two."),
    )
    (fault,) = intake.refuse(recorded).faults
    assert (fault.code, fault.pointer) == ("already_known", "/data/commitments/1")
    intake.accept(replace(recorded, commitments=("One.",)))


def test_an_incident_has_no_code_that_could_be_an_event_s() -> None:
    event = "01890a5d-ac96-774b-bcce-b302099a8057"
    (fault,) = opened().refuse(facts.an_incident(event)).faults
    assert (fault.code, fault.pointer) == ("reserved_code", "/data/incident")


NOTICE = "n-0123456789abcdef0123"


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        (facts.a_matter(NOTICE), "/data/matter"),
        (facts.minutes(decisions=(facts.a_decision(NOTICE),)), "/data/decisions/0/id"),
    ],
)
def test_no_matter_has_the_code_of_a_notice(data: Any, pointer: str) -> None:
    """An objection to it would be one to the notice."""
    assert [(one.code, one.pointer) for one in opened().refuse(data).faults] == [("reserved_code", pointer)]


# --- who reads the streams in another order knows the same ----------------------------------------------------------


def test_words_put_back_as_they_were_leave_the_draft_to_be_signed() -> None:
    intake = told()
    for words, drawn in (("Other words.", "d2"), ("The old words.", "d1")):
        seen = intake.ledger.get(Drafted, "notice/n-1")
        assert seen is not None
        intake.accept(NoticeTextSet(notice="n-1", draft_digest=seen.digest, text=words), CHECKER)
        against = intake.refuse(NoticeApproved(notice="n-1", draft_digest=seen.digest, step="checker"), CHECKER)
        assert (against.code, against.retryable) == ("draft_being_redrawn", True)
        intake.hear(a_notice(digest=drawn))
    intake.accept(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER)
    assert intake.read_anew(record_first=True).digest() == intake.ledger.digest()


def test_an_upheld_objection_to_a_notice_ends_its_matters_even_if_the_notice_is_read_after_it() -> None:
    notice = a_notice("n-2")
    intake = told(notice, service(notice))
    intake.accept(facts.an_objection("n-2"), HEAD)
    intake.accept(facts.a_decided_objection("n-2", upheld=True, recused=()), "boss", unit="government")
    again = intake.read_anew(record_first=True)
    ended = {code for code, one in again.all(MatterLife).items() if one.state == "struck_off"}
    assert ended == {one.matter for one in notice.items}
    assert again.digest() == intake.ledger.digest()


# --- what a stranger learns -----------------------------------------------------------------------------------------


def test_a_stranger_does_not_learn_that_a_record_is_parked_and_why() -> None:
    intake = opened()
    intake.ledger.put("", Unreadable("regime", LIST, 7, "a secret reason"))
    assert intake.refuse(a_return(period="2026-02"), NOBODY).code == "no_post"
    assert intake.refuse(a_return(period="2026-02"), LEAD).code == "parked"


@pytest.mark.parametrize("notice", ["n-draft", "n-none", "n-served"])
def test_whoever_may_not_sign_learns_nothing_of_drafts(notice: str) -> None:
    against = opened().refuse(NoticeApproved(notice=notice, draft_digest="d0", step="signer"), LEAD)
    assert [one.code for one in against.faults] == ["not_your_step"]


# --- who may no longer ----------------------------------------------------------------------------------------------


def test_nobody_acts_in_the_name_of_a_closed_unit() -> None:
    intake = opened()
    intake.accept(facts.a_closing("bureau-a", successor="bureau-b"))
    assert intake.refuse(a_return(period="2026-02"), LEAD).code == "unit_closed"
    intake.accept(facts.a_responsibility("p1", "reporting_lead", unit="bureau-b", person=""))
    intake.accept(a_return(period="2026-02"), OTHER)
    intake.accept(NoticeSignedFor(notice="n-served"), OTHER)  # its notices are its successor's


def test_an_office_in_which_nobody_could_decide_any_more_is_not_left_so() -> None:
    """A drafter there does no more than that: with the last supervisor nobody could give a post to anybody."""
    intake = opened()
    intake.accept(PostAssigned(person="drafter-1", post="drafter", unit="office"))
    assert intake.refuse(PostEnded(person=OFFICE, post="supervisor", unit="office")).code == "nobody_left"
    intake.accept(a_unit("office-2", kind="supervision_office"))
    assert intake.refuse(facts.a_closing("office")).code == "nobody_left"
    intake.accept(PostAssigned(person="supervisor-9", post="supervisor", unit="office-2"))
    intake.accept(facts.a_closing("office"))


def test_a_head_names_clerks_for_projects_of_the_own_unit_only() -> None:
    intake = staffed()
    post = PostAssigned(person="clerk", post="liaison", unit="bureau-a", project="p2")
    against = intake.refuse(post, HEAD)
    assert (against.code, against.faults[0].pointer) == ("not_your_project", "/data/project")
    intake.accept(replace(post, project="p1"), HEAD)


@pytest.mark.parametrize("ahead_days", [-400, 400])
def test_where_the_clock_is_moved_tokens_are_revoked_by_intake_s_own(ahead_days: int) -> None:
    """A simulated clock says nothing of when a token was issued."""
    intake = opened()
    intake.now += timedelta(days=ahead_days)
    intake.accept(facts.a_revocation(person=LEAD, token=""))

    def sent(issued_hours: int) -> Any:
        issued_at = intake.now + timedelta(hours=issued_hours)
        return intake.decide(a_return(period="2026-02"), LEAD, token_id="t1", token_issued_at=issued_at)

    assert sent(-1).code == "token_revoked"
    assert isinstance(sent(1), Accepted)


def test_a_revocation_is_told_again_of_its_time_wherever_the_clock_stands() -> None:
    """So an exported record of a simulated jurisdiction can be loaded again."""
    intake = opened()
    intake.now += timedelta(days=400)
    first = intake.accept(facts.a_revocation(person=LEAD, token=""))
    assert opened().accept(first.data, time=first.time).time == first.time


# --- what was told by mistake ---------------------------------------------------------------------------------------


LAND = PlanSet(
    list=LIST, year=2026, project="p1", annual_planned_investment_yuan=Decimal(5),
    milestones=(facts.a_milestone(),), permits=(facts.a_permit(office="land-office"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "wrong", "right", "unit"),
    [
        ("is_terminated", a_stage(stage="terminated"), a_stage(), "bureau-a"),
        ("already_reached", facts.a_milestone_reached(), facts.a_milestone_reached(on="2026-03-01"), "bureau-a"),
        ("permit_decided", facts.a_refusal(), facts.an_issue(), "land-office"),
    ],
)
def test_the_office_can_set_right_what_was_told_by_mistake_with_a_reason(
    rule: str, wrong: Any, right: Any, unit: str
) -> None:
    """Else the project, its milestone or its permit could never move again."""
    intake = under(a_regime(version=2), Everywhere())
    for one in (a_unit("land-office", kind="permit_office"), LAND):
        intake.accept(one)
    intake.accept(facts.a_filing(), LEAD)
    intake.accept(wrong, OFFICE, on_behalf_of=unit)
    assert intake.refuse(right, OFFICE, on_behalf_of=unit).code == rule
    intake.accept(right, OFFICE, on_behalf_of=unit, **past(rule, "the wrong project"))
    assert isinstance(intake.followed[-1].data, OverrideUsed)
