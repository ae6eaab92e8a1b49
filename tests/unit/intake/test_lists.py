"""Lists, plans and what leaves them; units and posts; stages: each allowed path from end to end, and what stops it."""

from decimal import Decimal
from typing import Any

import pytest

from services.intake.domain.known.projects import Roll, roll
from shared.core.events import OverrideUsed, PostAssigned, PostEnded
from shared.core.regime.language import ChainStep
from shared.core.regime.management import ListChanges, Task
from shared.core.regime.model import Due, Stage
from tests.support.builders import LIST, YI, a_plan, a_project, a_regime, a_stage, a_unit
from tests.support.facts import (
    a_closing,
    a_milestone,
    a_milestone_reached,
    a_new_name,
    a_payment,
    a_replacement,
    a_reset,
    a_responsibility,
    a_revocation,
    a_sealing,
    an_exit,
    an_exit_request,
    an_exit_step,
)
from tests.support.intake import LEAD, OFFICE, Intake, opened
from tests.support.staffed import APPROVER, BOSS, HEAD, changing, past, staffed, under


def let_go(intake: Intake, project: str = "p1") -> Intake:
    """All agree that a project leaves."""
    intake.accept(an_exit_request(project), BOSS, unit="office")
    for step in ("drc", "government"):
        intake.accept(an_exit_step(project, step=step), APPROVER, unit="government")
    return intake


def counted(intake: Intake) -> Roll:
    return roll(intake.ledger, LIST, 2026)


# --- leaving a list -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_project_leaves_by_its_chain_and_another_like_it_takes_its_place(is_sealed: bool) -> None:
    intake = changing()
    if is_sealed:
        intake.accept(a_sealing())
    let_go(intake).accept(a_project("p9"))
    intake.accept(a_replacement())
    intake.accept(an_exit())
    assert counted(intake).active == 2
    assert intake.refuse(an_exit()).code == "has_left"


@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_number_of_projects_never_falls_below_what_it_was(is_sealed: bool) -> None:
    intake = let_go(changing())
    if is_sealed:
        intake.accept(a_sealing())
    assert intake.refuse(an_exit()).code == "count_would_fall"


def test_of_a_sealed_list_none_takes_anothers_place_that_was_there_already() -> None:
    intake = let_go(changing())
    intake.accept(a_sealing())
    assert intake.refuse(a_replacement(by="p2")).code == "count_would_fall"


def test_the_office_may_let_the_number_fall_with_a_reason_and_then_that_is_the_number() -> None:
    intake = let_go(changing())
    intake.accept(an_exit(), **past("count_would_fall"))
    assert [one.data for one in intake.followed] == [OverrideUsed(rule="count_would_fall", by=OFFICE, reason="a flood")]
    assert (counted(intake).active, counted(intake).least) == (1, 1)
    let_go(intake, "p2")
    assert intake.refuse(an_exit("p2")).code == "count_would_fall"


def test_whoever_decides_under_a_condition_only_need_not_have_decided() -> None:
    chain = (ChainStep(by="drc"), ChainStep(by="government", when={"start_rate": Decimal(1)}))
    regime = a_regime(version=2, chains={"exit": chain}, list_changes=ListChanges(exit_chain="exit"))
    intake = under(regime, Intake())
    intake.accept(an_exit_request(), BOSS, unit="office")
    assert intake.refuse(an_exit()).code == "exit_not_approved"
    intake.accept(an_exit_step(step="drc"), APPROVER, unit="government")
    intake.accept(an_exit())


def test_where_the_regime_says_nothing_a_project_just_leaves() -> None:
    intake = staffed()
    intake.accept(an_exit())
    intake.accept(a_sealing())
    assert intake.refuse(a_project("p9")).code == "list_sealed"


def test_a_refused_exit_is_requested_again_and_decided_anew() -> None:
    intake = changing(count_must_not_fall=False)
    intake.accept(an_exit_request(), BOSS, unit="office")
    intake.accept(an_exit_step(step="drc", approved=False), APPROVER, unit="government")
    assert intake.refuse(an_exit()).code == "exit_not_approved"
    let_go(intake).accept(an_exit())


def test_a_refusal_by_the_last_who_decide_is_one() -> None:
    intake = changing(count_must_not_fall=False)
    intake.accept(an_exit_request(), BOSS, unit="office")
    intake.accept(an_exit_step(step="drc"), APPROVER, unit="government")
    intake.accept(an_exit_step(step="government", approved=False), APPROVER, unit="government")
    assert intake.refuse(an_exit()).code == "exit_not_approved"


def test_the_office_may_let_a_project_go_that_nobody_has_approved_and_another_takes_its_place() -> None:
    intake = changing(count_must_not_fall=False)
    intake.accept(an_exit_request(), BOSS, unit="office")
    intake.accept(an_exit(), **past("exit_not_approved"))
    intake.accept(a_project("p9"))
    intake.accept(a_replacement())


def test_a_special_reason_shortens_no_chain() -> None:
    intake = changing(count_must_not_fall=False)
    intake.accept(an_exit_request(is_special=True), BOSS, unit="office")
    assert intake.refuse(an_exit()).code == "exit_not_approved"


# --- a sealed list --------------------------------------------------------------------------------------------------


def test_a_sealed_list_takes_as_many_as_may_leave_and_their_plans() -> None:
    intake = changing()
    intake.accept(a_sealing())
    intake.accept(an_exit_request(), BOSS, unit="office")
    assert intake.refuse(a_project("p9")).code == "list_sealed"
    for step in ("drc", "government"):
        intake.accept(an_exit_step(step=step), APPROVER, unit="government")
    assert intake.refuse(a_project("p2", name="Otherwise")).code == "list_sealed"
    intake.accept(a_project("p9"))
    intake.accept(a_plan("p9", yi="12"))
    assert intake.refuse(a_plan("p9", yi="13")).code == "list_sealed"
    assert intake.refuse(a_project("p8")).code == "list_sealed"


def test_after_an_exit_from_a_sealed_list_its_place_may_be_taken() -> None:
    intake = changing(count_must_not_fall=False)
    intake.accept(a_sealing())
    let_go(intake).accept(an_exit())
    intake.accept(a_project("p9"))
    intake.accept(a_replacement())
    assert counted(intake).active == 2
    assert intake.refuse(a_project("p8")).code == "list_sealed"


def test_a_plan_that_was_reset_is_set_anew_once() -> None:
    intake = staffed()
    intake.accept(a_sealing())
    assert intake.refuse(a_plan(yi="3")).code == "list_sealed"
    intake.accept(a_reset(yi="10"))
    intake.accept(a_plan(yi="10", by_month_yuan=((6, YI), (12, 10 * YI))))
    assert intake.refuse(a_plan(yi="3")).code == "list_sealed"


@pytest.mark.parametrize("data", [a_project("p9"), a_project(), a_plan(yi="3")], ids=["new", "again", "plan"])
def test_the_office_may_change_a_sealed_list_with_a_reason(data: Any) -> None:
    intake = staffed()
    intake.accept(a_sealing())
    intake.accept(data, **past("list_sealed"))
    assert [type(one.data) for one in intake.followed] == [OverrideUsed]


def test_a_plan_may_reach_more_than_its_year_in_its_months_and_stop_before_december() -> None:
    intake = staffed()
    intake.accept(a_plan(yi="12", by_month_yuan=((6, 5 * YI), (12, 13 * YI))))
    intake.accept(a_plan(yi="12", by_month_yuan=((3, YI), (6, YI), (9, 5 * YI))))


# --- stages and milestones ------------------------------------------------------------------------------------------

STOPPED_TWICE: Any = (("suspended", "2026-02-01"), ("suspended", "2026-01-02"), ("resumed", "2026-01-05"))
PATHS: list[tuple[tuple[tuple[Stage, str], ...], str]] = [
    ((("signed", "2026-01-02"), ("started", "2026-01-05"), ("completed", "2026-02-20")), ""),
    ((("completed", "2026-02-20"), ("started", "2026-02-21")), ""),  # back: the record is told as it was
    ((("suspended", "2026-01-02"), ("resumed", "2026-01-05"), ("suspended", "2026-01-09")), ""),
    ((("terminated", "2026-02-01"), ("started", "2026-01-05")), ""),  # told late: it was before the end
    ((*STOPPED_TWICE, ("resumed", "2026-02-05")), ""),
    ((("suspended", "2026-02-01"), ("resumed", "2026-01-05")), "not_suspended"),
    ((("suspended", "2026-01-01"), ("resumed", "2026-01-05"), ("resumed", "2026-01-06")), "not_suspended"),
    ((("suspended", "2026-01-01"), ("suspended", "2026-01-05")), "is_suspended"),
    ((("terminated", "2026-01-01"), ("completed", "2026-01-05")), "is_terminated"),
    ((("terminated", "2026-01-01"), ("terminated", "2026-01-01")), "is_terminated"),
]  # fmt: skip


@pytest.mark.parametrize(("stages", "code"), PATHS)
def test_stages_follow_sensibly(stages: tuple[tuple[Stage, str], ...], code: str) -> None:
    intake = staffed()
    *first, last = [a_stage(stage=stage, on=on) for stage, on in stages]
    for one in first:
        intake.accept(one, LEAD)
    if code:
        assert intake.refuse(last, LEAD).code == code
    else:
        intake.accept(last, LEAD)


def test_a_milestone_of_the_plan_or_of_the_rules_is_reached_once() -> None:
    task = Task(id="design", of="milestone", due=Due(day=5))
    intake = under(a_regime(version=2, schedule=(task,)), Intake())
    intake.accept(a_plan(yi="1", milestones=(a_milestone("roof"),)))
    for milestone in ("roof", "design"):
        intake.accept(a_milestone_reached(milestone=milestone), LEAD)
        assert intake.refuse(a_milestone_reached(milestone=milestone), LEAD).code == "already_reached"


def test_more_may_be_paid_than_has_arrived() -> None:
    staffed().accept(a_payment(yi="99"), LEAD)


# --- units, posts, roles --------------------------------------------------------------------------------------------


def test_a_head_gives_and_ends_the_posts_of_clerks_of_its_own_unit() -> None:
    intake = staffed()
    for post in ("reporter", "liaison"):
        intake.accept(PostAssigned(person="clerk", post=post, unit="bureau-a"), HEAD)
        intake.accept(PostEnded(person="clerk", post=post, unit="bureau-a"), HEAD)
    other = PostAssigned(person="clerk", post="reporter", unit="bureau-b")
    assert intake.refuse(other, HEAD).code == "not_your_unit"


def test_a_closed_unit_is_neither_renamed_nor_given_anything() -> None:
    intake = staffed()
    intake.accept(a_new_name(name="Bureau of A"))
    intake.accept(a_unit("gone"))
    intake.accept(a_closing("gone", successor="bureau-a"))
    for data in (a_new_name("gone"), a_closing("gone"), PostAssigned(person="x", post="reporter", unit="gone"),
                 a_project("p9", lead="gone"), a_responsibility(role="owner", unit="gone")):  # fmt: skip
        assert intake.refuse(data).code == "unit_closed"


def test_another_office_must_be_there_before_the_first_is_closed() -> None:
    intake = staffed()
    assert intake.refuse(a_closing("office")).code == "nobody_left"
    intake.accept(a_unit("new-office", kind="supervision_office"))
    assert intake.refuse(a_closing("office", successor="new-office")).code == "nobody_left"
    intake.accept(PostAssigned(person="supervisor-9", post="supervisor", unit="new-office"))
    intake.accept(a_closing("office", successor="new-office"))


def test_a_role_is_taken_from_whoever_holds_it() -> None:
    intake = staffed()
    intake.accept(a_responsibility(person="leader-2"))
    assert intake.refuse(a_responsibility(person="leader-3", ends=True)).code == "not_held"
    intake.accept(a_responsibility(person="leader-2", ends=True))
    assert intake.refuse(a_responsibility(person="leader-2", ends=True)).code == "not_held"


def test_an_override_by_itself_is_told_by_whom_it_is_of() -> None:
    told = OverrideUsed(rule="late_acceptance", by=OFFICE, reason="a flood")
    opened("live").accept(told)
    opened().accept(OverrideUsed(rule="late_acceptance", by="another", reason="a flood"))
    staffed().accept(a_revocation(token="t1"))


def test_what_takes_the_place_must_be_near_in_what_is_known_of_both() -> None:
    intake = let_go(changing())
    for code, plan in (("near", "14.4"), ("far", "14.5"), ("unsaid", None)):
        intake.accept(a_project(code, plan_yi=plan))
    assert intake.refuse(a_replacement(by="far")).code == "replacement_unlike"
    intake.accept(a_replacement(by="near"))
    let_go(intake, "p2").accept(a_replacement("p2", by="unsaid"))
