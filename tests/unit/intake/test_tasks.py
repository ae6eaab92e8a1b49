"""Is everybody told what is due for them, by when, and nobody what is for others to do?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.intake.bookkeeping import apply
from services.intake.domain.known import note
from services.intake.domain.post import Task
from services.intake.domain.tasks import tasks_of
from services.intake.task_routes import task_out
from shared.core.events import (
    CLASSES,
    Decision,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    NoticeSignedFor,
    ProgressReported,
)
from shared.core.ledger import Ledger
from shared.core.regime.due import Due, WorkingDays
from shared.core.regime.management import Duty
from shared.core.regime.pursuit import AppealRight
from shared.infra.texts import Texts
from shared.infra.wire import adapter, statement
from tests.contract.golden import EXAMPLES
from tests.support.builders import (
    JURISDICTION,
    a_calendar,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_unit,
    an_adoption,
    local,
    on,
    record,
)
from tests.support.facts import (
    a_call,
    a_decided_objection,
    a_declining,
    a_filing,
    a_giving_back,
    a_matter,
    a_meeting,
    a_milestone,
    a_milestone_reached,
    a_pause,
    a_permit,
    a_post,
    a_problem,
    a_receipt,
    a_report,
    a_responsibility,
    a_review,
    a_signature,
    a_solution,
    a_striking_off,
    a_verification,
    a_visit,
    a_wording,
    an_acceptance,
    an_appeal,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_issue,
    an_item,
    an_objection,
    minutes,
)

HEAD, LEAD, OTHER, OFFICE = "head-a", "reporter-a", "reporter-b", "supervisor-1"
PEOPLE = (
    a_post(), a_post(LEAD, "reporter"), a_post(OTHER, "reporter", "bureau-b"), a_post("leader-1", "sponsor_leader"),
    a_post("checker-1", "checker", "government"), a_post("signer-1", "signer", "government"),
    a_post("convener-1", "convener", "government"), a_post("approver-1", "approver", "government"),
    a_post("clerk-1", "reporter", "land-office"), a_post("builder-1", "reporter", "firm"),
)  # fmt: skip
NOW = "2026-03-02 09:00"
"""A Monday."""


def given(*events: object, regime: Any = None, stated: Sequence[NoticesEvent] = ()) -> Ledger:
    """The year of bureau-a with its project p1, and then the events, at 9:00 of March 2nd."""
    units = [*map(a_unit, ("government", "bureau-a", "bureau-b"))]
    units += [a_unit("land-office", kind="permit_office"), a_unit("firm", kind="owner")]
    head = [a_jurisdiction(), *units, *PEOPLE, an_adoption(regime), a_list(), a_project(owner="firm")]
    ledger = Ledger(JURISDICTION)
    for one in record(*head, *events, start=NOW):
        apply(ledger, replace(one, unit="bureau-a") if isinstance(one.data, ProgressReported) else one)
    for statement_ in stated:
        note(ledger, statement(statement_, jurisdiction=JURISDICTION, at=local(NOW), causation=""))
    return ledger


def due(ledger: Ledger, person: str, kind: str = "", *, at: str = NOW) -> Sequence[Task]:
    return [one for one in tasks_of(ledger, person, at=local(at)) if kind in {"", one.kind}]


def kinds(ledger: Ledger, person: str, *, at: str = NOW) -> set[str]:
    """What is due beside the returns that are owed."""
    return {str(one.kind) for one in due(ledger, person, at=at)} - {"return"}


def then(ledger: Ledger, event: object, **envelope: str) -> None:
    """It is recorded next."""
    (one,) = record(event, start=NOW)
    apply(ledger, replace(one, position=ledger.position + 1, **envelope))  # type: ignore[arg-type]


# --- returns ------------------------------------------------------------------------------------------------------


def test_a_return_is_due_for_those_who_may_report_and_for_nobody_else() -> None:
    ledger = given()
    for person in (LEAD, HEAD):
        assert [(one.subject, one.period) for one in due(ledger, person, "return")] == [
            ("p1", "2026-02"), ("p1", "2026-03")
        ]  # fmt: skip
    for person in (OTHER, OFFICE, "leader-1", "signer-1", "clerk-1", "builder-1", "stranger"):
        assert due(ledger, person, "return") == []


def test_a_return_that_is_made_is_due_no_longer() -> None:
    assert [one.period for one in due(given(a_return(period="2026-02")), LEAD, "return")] == ["2026-03"]


def test_a_task_says_which_event_does_it_and_what_of_it_is_known() -> None:
    task = due(given(), LEAD, "return")[0]
    assert task.event == "duban.project.progress_reported.v1"
    assert task.known == {"project": "p1", "cadence": "monthly", "period": "2026-02"}
    assert (task.capacity, task.unit, task.name) == ("reporter", "bureau-a", "Project p1")


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-03-02 09:00", 3),  # due by the end of Thursday the 5th
        ("2026-03-05 23:59", 0),
        ("2026-03-06 00:00", -1),
        ("2026-03-08 12:00", -1),  # a Sunday
        ("2026-03-10 09:00", -3),
    ],
)
def test_time_left_is_counted_in_working_days_and_below_nothing_when_late(at: str, left: int) -> None:
    assert due(given(), LEAD, "return", at=at)[0].working_days_left == left


def test_what_was_due_on_friday_is_late_on_saturday() -> None:
    ledger = given(regime=a_regime(reporting=(a_reporting(due=Due(day=6)),)))
    assert due(ledger, LEAD, "return", at="2026-03-07 09:00")[0].working_days_left == -1


def test_days_off_are_no_days_left() -> None:
    ledger = given(a_calendar("2026-03-03", "2026-03-04"))
    assert due(ledger, LEAD, "return")[0].working_days_left == 1


def test_tasks_stand_in_the_order_in_which_they_are_due_and_those_without_a_day_last() -> None:
    plan = a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-03"),))
    found = due(given(plan, a_problem(), a_responsibility(person="leader-1")), LEAD)
    assert [one.kind for one in found] == ["milestone", "return", "return", "problem_to_solve"]
    assert sorted(one.id for one in found) == [one.id for one in found]
    assert len({one.id for one in found}) == len(found)


def test_a_return_that_a_reviewer_sent_back_is_due_again() -> None:
    ledger = given(a_return(period="2026-02"), a_review(period="2026-02", verdict="returned", reason="no"))
    assert [one.period for one in due(ledger, LEAD, "return_sent_back")] == ["2026-02"]


def test_the_unit_confirms_what_the_office_entered_for_it() -> None:
    ledger = given()
    then(ledger, a_return(period="2026-02"), on_behalf_of="bureau-a", unit="office")
    assert kinds(ledger, LEAD) == {"return_to_confirm"}
    assert kinds(ledger, OTHER) == kinds(ledger, OFFICE) == set()


def test_the_head_signs_returns_where_the_regime_asks_for_it_until_they_are_signed() -> None:
    regime = a_regime(reporting=(a_reporting(sign_off=("unit_head",)),))
    made = a_return(period="2026-02")
    assert kinds(given(made), HEAD) == set()
    assert kinds(given(made, regime=regime), HEAD) == {"return_to_sign"}
    assert kinds(given(made, regime=regime), LEAD) == set()
    assert kinds(given(made, a_signature(period="2026-02"), regime=regime), HEAD) == set()


def test_a_return_waits_for_its_reviewer_until_the_close_and_not_for_whoever_made_it() -> None:
    reporting = a_reporting(review=("supervision_office",), review_within=WorkingDays(working_days=3))
    regime = a_regime(reporting=(reporting,))
    made = on("2026-03-03 10:00", a_return(period="2026-02"), actor=LEAD)
    ledger = given(made, regime=regime)
    (task,) = due(ledger, OFFICE, "return_to_review", at="2026-03-03 11:00")
    assert (task.subject, task.period, task.due) == ("p1", "2026-02", local("2026-03-11 00:00"))
    assert task.known == {"project": "p1", "period": "2026-02", "step": "supervision_office"}
    assert due(ledger, LEAD, "return_to_review") == []
    reviewed = a_review(period="2026-02", step="supervision_office")
    assert kinds(given(made, reviewed, regime=regime), OFFICE) == set()


def test_a_review_is_not_late_before_the_return_is_there() -> None:
    reporting = a_reporting(review=("supervision_office",), review_within=WorkingDays(working_days=3))
    made = on("2026-03-20 10:00", a_return(period="2026-02"), actor=LEAD)  # a Friday, nine days after the close
    ledger = given(made, regime=a_regime(reporting=(reporting,)))
    (task,) = due(ledger, OFFICE, "return_to_review", at="2026-03-20 11:00")
    assert (task.due, task.working_days_left) == (local("2026-03-26 00:00"), 3)


def test_where_reviewers_have_no_time_set_their_review_is_due_on_no_day() -> None:
    regime = a_regime(reporting=(a_reporting(review=("supervision_office",)),))
    made = on("2026-03-03 10:00", a_return(period="2026-02"), actor=LEAD)
    (task,) = due(given(made, regime=regime), OFFICE, "return_to_review", at="2026-03-03 11:00")
    assert (task.due, task.working_days_left) == (None, None)


# --- milestones, permits, problems, visits ------------------------------------------------------------------------


def test_a_milestone_is_due_once_it_is_near_until_it_is_reached() -> None:
    plan = a_plan(yi="12", milestones=(a_milestone("roof", "2026-03-20"), a_milestone("far", "2026-09-01")))
    for person in (LEAD, HEAD, "builder-1"):
        assert [one.known["milestone"] for one in due(given(plan), person, "milestone")] == ["roof"]
    assert due(given(plan), OFFICE, "milestone") == []
    assert due(given(plan, a_milestone_reached(on="2026-03-01")), LEAD, "milestone") == []


def test_the_task_of_a_permit_goes_to_whoever_has_the_file() -> None:
    plan = a_plan(yi="12", permits=(a_permit(due_on="2026-03-20", office="land-office"),))
    steps = [a_filing(), an_acceptance(), an_issue()]
    told = [(kinds(given(plan, *steps[:n]), "builder-1"), kinds(given(plan, *steps[:n]), "clerk-1")) for n in range(4)]
    assert told == [
        ({"permit_to_file"}, set()),
        (set(), {"permit_to_accept"}),
        (set(), {"permit_to_issue"}),
        (set(), set()),
    ]
    assert kinds(given(plan, a_filing(), a_giving_back()), LEAD) == {"permit_to_file"}


def test_a_file_for_a_permit_that_no_plan_has_is_a_task_of_the_office_that_has_it() -> None:
    for steps, of_the_office in (
        ([a_filing()], {"permit_to_accept"}), ([a_filing(), an_acceptance()], {"permit_to_issue"}),
        ([a_filing(), an_acceptance(), an_issue()], set()),
    ):  # fmt: skip
        assert kinds(given(*steps), "clerk-1") == of_the_office
    assert kinds(given(a_filing(), a_giving_back()), LEAD) == {"permit_to_file"}


def test_an_open_problem_needs_those_of_the_project_and_the_convener_to_whom_it_was_brought() -> None:
    raised = [a_responsibility(person="leader-1"), a_problem(needs="dispatch")]
    ledger = given(*raised)
    for person in (LEAD, "builder-1", "leader-1"):
        assert "problem_to_solve" in kinds(ledger, person), person
    assert kinds(ledger, OTHER) == set()
    assert kinds(ledger, "convener-1") == {"problem_for_agenda"}
    assert kinds(given(*raised, a_call(on="2026-03-09"), an_item(problem="q1")), "convener-1") == set()
    assert kinds(given(*raised, a_solution()), "leader-1") == set()


def test_a_visit_that_the_regime_asks_of_a_leader_is_due_until_it_is_made() -> None:
    duty = Duty(id="see", who="sponsor_leader", do="duty_visit", per="monthly", about="project")
    regime, sponsor = a_regime(duties=(duty,)), a_responsibility(person="leader-1")
    (task,) = due(given(sponsor, regime=regime), "leader-1", "visit")
    assert (task.subject, task.period, task.due) == ("p1", "2026-03", local("2026-04-01 00:00"))
    assert due(given(sponsor, a_visit(on="2026-02-27", role="sponsor_leader"), regime=regime), "leader-1", "visit")
    assert not due(given(sponsor, a_visit(on="2026-03-02", role="sponsor_leader"), regime=regime), "leader-1", "visit")
    assert not due(given(sponsor, regime=regime), LEAD, "visit")


# --- matters ------------------------------------------------------------------------------------------------------


def test_a_matter_goes_from_the_unit_to_the_office_as_its_life_goes_on() -> None:
    told = []
    life = [a_matter(unit="bureau-a"), a_receipt(), a_report(), a_verification(is_done=True), a_striking_off()]
    for count in range(1, len(life) + 1):
        ledger = given(*life[:count])
        told.append((kinds(ledger, LEAD), kinds(ledger, OFFICE)))
        assert kinds(ledger, OTHER) == set()
    assert told == [
        ({"matter_to_receive"}, set()), ({"matter_to_report"}, set()), (set(), {"matter_to_verify"}),
        (set(), {"matter_to_strike_off"}), (set(), set()),
    ]  # fmt: skip


def test_a_matter_that_nobody_has_is_for_the_office_to_assign_and_for_no_inspector() -> None:
    reported = [a_matter(unit="bureau-a"), a_receipt(), a_report()]
    inspector = a_post("inspector-1", "inspector", "government")
    assert kinds(given(a_matter()), OFFICE) == {"matter_to_assign"}
    assert kinds(given(inspector, *reported), "inspector-1") == set()


def test_a_matter_that_is_paused_asks_for_nothing() -> None:
    assert kinds(given(a_matter(unit="bureau-a"), a_pause(until_on="2026-03-10")), LEAD) == set()


def test_a_task_has_the_words_of_what_it_is_about_and_the_place_where_they_stand() -> None:
    ledger = given()
    opened = replace(a_matter(unit="bureau-a"), text="Clear the site.")
    then(ledger, opened, submission="k1", unit="office")
    then(ledger, a_problem(), submission="k2", unit="office")
    (task,) = due(ledger, LEAD, "matter_to_receive")
    assert (task.about, task.told_at) == ("Clear the site.", ledger.position - 1)
    (task,) = due(ledger, LEAD, "problem_to_solve")
    assert (task.about, task.told_at) == (a_problem().text, ledger.position)


def test_a_task_leads_to_the_event_that_says_what_it_is_about() -> None:
    ledger = given()
    then(ledger, replace(a_matter(unit="bureau-a"), text="Clear the site."), submission="k1", unit="office")
    (task,) = due(ledger, LEAD, "matter_to_receive")
    out = task_out(task, JURISDICTION, Texts.load("zh"))
    assert out.text == "签收事项 m1，或说明理由退办。内容：Clear the site."
    assert out.link == f"events?jurisdiction={JURISDICTION}&after={ledger.position - 1}&limit=1"
    assert task_out(replace(task, told_at=0), JURISDICTION, Texts.load("zh")).link is None


def test_what_a_meeting_decided_is_told_to_the_unit_that_does_it() -> None:
    decided = Decision(id="d1", what="Move the pipe.", unit="bureau-a")
    (task,) = due(given(a_meeting(), replace(minutes(), decisions=(decided,))), LEAD, "matter_to_receive")
    assert (task.subject, task.about, task.told_at) == ("d1", "Move the pipe.", 0)  # it was submitted by nobody


def test_an_objection_is_decided_within_the_time_that_the_regime_gives() -> None:
    right = AppealRight(file_within=WorkingDays(working_days=5), decide_within=WorkingDays(working_days=3))
    contested = [a_matter(unit="bureau-a"), an_objection(on="2026-03-02")]
    (task,) = due(given(*contested, regime=a_regime(appeal_right=right)), OFFICE, "objection_to_decide")
    assert (task.due, task.working_days_left, task.about) == (local("2026-03-06 00:00"), 3, an_objection().reason)
    (task,) = due(given(*contested), OFFICE, "objection_to_decide")
    assert task.due is None


def test_an_objection_waits_for_whoever_decides_it() -> None:
    contested = [a_matter(unit="bureau-a"), an_objection()]
    assert "objection_to_decide" in kinds(given(*contested), OFFICE)
    appealed = [*contested, a_decided_objection(upheld=False), an_appeal()]
    assert kinds(given(*appealed), "approver-1") == {"appeal_to_decide"}


# --- papers -------------------------------------------------------------------------------------------------------


def a_draft(**changes: Any) -> NoticeDrafted:
    example = next(one for one in EXAMPLES if isinstance(one, NoticeDrafted))
    return replace(example, notice="n1", unit="bureau-a", digest="d1", sign_off=("checker", "signer"), **changes)


def approved(step: str) -> object:
    return adapter(CLASSES["duban.notice.notice_approved.v1"]).validate_python(
        {"notice": "n1", "draft_digest": "d1", "step": step}
    )


def signed(ledger: Ledger, *steps: str) -> Ledger:
    for step in steps:
        then(ledger, approved(step))
    return ledger


def test_a_draft_waits_for_the_signature_whose_turn_it_is() -> None:
    waiting = given(stated=[a_draft()])
    assert (kinds(waiting, "checker-1"), kinds(waiting, "signer-1")) == ({"notice_to_sign"}, set())
    (task,) = due(waiting, "checker-1", "notice_to_sign")
    assert task.known == {"notice": "n1", "draft_digest": "d1", "step": "checker"}
    signed(waiting, "checker")
    assert (kinds(waiting, "checker-1"), kinds(waiting, "signer-1")) == (set(), {"notice_to_sign"})
    signed(waiting, "signer")
    assert kinds(waiting, "signer-1") == set()


def test_a_draft_that_is_put_otherwise_given_up_or_held_back_waits_for_nobody() -> None:
    seen = {"notice": "n1", "draft_digest": "d1"}
    for act in (a_wording(**seen), a_declining(**seen, step="checker")):
        ledger = given(stated=[a_draft()])
        then(ledger, act)
        assert kinds(ledger, "checker-1") == kinds(ledger, "signer-1") == set()
    held_back = given(stated=[a_draft()])
    then(held_back, a_declining(**seen, step="checker", until_on="2026-03-09"))
    assert kinds(held_back, "checker-1") == set()
    assert kinds(held_back, "checker-1", at="2026-03-09 09:00") == {"notice_to_sign"}


def test_a_unit_hears_of_a_notice_when_it_is_served_and_signs_for_it_once() -> None:
    served = replace(next(one for one in EXAMPLES if isinstance(one, NoticeServed)), notice="n1", unit="bureau-a")
    drafted, out = given(stated=[a_draft()]), given(stated=[a_draft(), served])
    assert kinds(drafted, LEAD) == set()
    assert kinds(out, LEAD) == {"notice_to_sign_for"}
    assert due(out, LEAD, "notice_to_sign_for")[0].about == served.title
    assert kinds(out, OTHER) == set()
    then(out, NoticeSignedFor(notice="n1"))
    assert kinds(out, LEAD) == set()


def test_a_meeting_is_come_to_held_and_written_down() -> None:
    called = a_call(on="2026-03-02", to=("bureau-a",))
    assert (kinds(given(called), LEAD), kinds(given(called), OTHER)) == ({"meeting_to_attend"}, set())
    assert kinds(given(called), "convener-1") == {"meeting_to_hold"}
    assert kinds(given(called, a_meeting()), "convener-1") == {"minutes_to_issue"}
    assert kinds(given(called, a_meeting(), minutes()), "convener-1") == set()


def test_a_request_to_leave_a_list_waits_for_those_who_decide() -> None:
    ledger = given(an_exit_request())
    assert kinds(ledger, OFFICE) == {"exit_to_carry_out"}  # the regime of the test names no chain: nobody need approve


def test_a_request_that_was_refused_waits_for_nobody() -> None:
    assert kinds(given(an_exit_request(), an_exit_step(approved=False)), OFFICE) == set()


def test_every_task_names_an_event_that_the_person_may_record_and_fields_that_it_has() -> None:
    plan = a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-20"),), permits=(a_permit(due_on="2026-03-20"),))
    ledger = given(
        plan, a_responsibility(person="leader-1"), a_problem(needs="dispatch"), a_matter(unit="bureau-a"),
        a_call(on="2026-03-02", to=("bureau-a",)), an_exit_request(), stated=[a_draft()],
    )  # fmt: skip
    people = (LEAD, HEAD, OTHER, OFFICE, "leader-1", "checker-1", "signer-1", "convener-1", "clerk-1", "builder-1")
    found = [task for person in people for task in due(ledger, person)]
    assert len({task.kind for task in found}) > 8
    for task in found:
        if task.event:
            assert {*task.known} <= set(CLASSES[task.event].__dataclass_fields__)  # type: ignore[attr-defined]


def test_what_has_left_its_lists_asks_for_nothing_more() -> None:
    plan = a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-20"),))
    assert kinds(given(plan, an_exit()), LEAD) == set()


def test_tasks_are_those_of_each_unit_in_which_a_person_holds_a_post() -> None:
    ledger = given(a_project("p2", lead="bureau-b"), a_post(LEAD, "reporter", "bureau-b"))
    assert {(one.unit, one.subject) for one in due(ledger, LEAD, "return")} == {("bureau-a", "p1"), ("bureau-b", "p2")}
