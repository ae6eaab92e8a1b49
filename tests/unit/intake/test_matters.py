"""The lives of matters, objections and drafts: every way through them, and every turn that is not one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.domain.decide import Accepted
from services.intake.domain.known import Contest, Drafted, MatterLife
from services.intake.domain.known.matters import TURNS
from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    MatterOpened,
    NoticeApproved,
    NoticesEvent,
    NoticeSignedFor,
    ReminderSent,
    TalkRecorded,
    TimeReached,
)
from tests.contract.golden import EXAMPLES
from tests.support.builders import LIST, a_plan, a_regime, an_adoption, local
from tests.support.facts import (
    a_contest,
    a_decided_appeal,
    a_decided_objection,
    a_decision,
    a_declining,
    a_finding,
    a_handing_back,
    a_matter,
    a_meeting,
    a_milestone,
    a_pause,
    a_post,
    a_problem,
    a_receipt,
    a_reminder,
    a_reopening,
    a_report,
    a_section_text,
    a_striking_off,
    a_verification,
    a_wording,
    an_answer,
    an_appeal,
    an_assignment,
    an_exemption,
    an_extension,
    an_inspection,
    an_objection,
    an_order,
    minutes,
)
from tests.support.intake import CHECKER, LEAD, NOW, OFFICE, OTHER, SIGNER, Intake
from tests.support.matters import (
    BOSS,
    HEAD,
    INSPECTOR,
    PROPOSED,
    RIGHT,
    a_notice,
    assigned,
    opened_matter,
    proposal,
    ruled,
    service,
    talked_to,
    told,
    with_people,
)

BY = {LEAD: "bureau-a", HEAD: "bureau-a", BOSS: "government", INSPECTOR: "office"}
ACTS: Mapping[str, tuple[Any, str]] = {
    "assign": (an_assignment(), OFFICE), "receive": (a_receipt(), LEAD), "return": (a_handing_back(), LEAD),
    "remind": (a_reminder(), OFFICE), "report": (a_report(), LEAD), "done": (a_verification(), INSPECTOR),
    "not done": (a_verification(is_done=False, cause="subjective"), OFFICE), "strike off": (a_striking_off(), OFFICE),
    "reopen": (a_reopening(), OFFICE), "answer": (a_striking_off(answered=("source",)), OFFICE),
}  # fmt: skip


def act(intake: Intake, *names: str) -> Intake:
    for name in names:
        data, by = ACTS[name]
        intake.accept(data, by, unit=BY.get(by))
    return intake


def life(intake: Intake, matter: str = "m1") -> MatterLife:
    kept = intake.ledger.get(MatterLife, matter)
    assert kept is not None
    return kept


def days_later(intake: Intake, days: int) -> Intake:
    intake.accept(TimeReached(at=NOW + timedelta(days=days)))
    return intake


# --- the life -----------------------------------------------------------------------------------------------------

REACHED: Mapping[str, tuple[str, ...]] = {
    "open": (),
    "assigned": ("assign",),
    "received": ("assign", "receive"),
    "returned": ("assign", "return"),
    "reported": ("assign", "receive", "report"),
    "verified": ("assign", "report", "done"),
    "struck_off": ("assign", "report", "done", "strike off"),
}
"""A way to each state."""
MAY: Mapping[str, set[str]] = {
    "open": {"assign"},
    "assigned": {"assign", "receive", "return", "remind", "report", "done", "not done"},
    "received": {"assign", "return", "remind", "report", "done", "not done"},
    "returned": {"assign"},
    "reported": {"report", "done", "not done"},
    "verified": {"done", "not done", "strike off", "answer"},
    "struck_off": {"reopen", "answer"},
}
"""What may be told of a matter in each state."""
AFTER = {"assign": "assigned", "receive": "received", "return": "returned", "report": "reported", "done": "verified",
         "not done": "received", "strike off": "struck_off", "answer": "struck_off", "reopen": "assigned"}  # fmt: skip


def in_state(state: str) -> Intake:
    return act(opened_matter(with_people(), unit=""), *REACHED[state])


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("state", REACHED)
def test_a_matter_takes_in_each_state_what_may_follow_and_nothing_else(state: str, name: str) -> None:
    intake, (data, by) = in_state(state), ACTS[name]
    assert life(intake).state == state
    if name in MAY[state]:
        intake.accept(data, by, unit=BY.get(by))
        assert life(intake).state == AFTER.get(name, state)
    else:
        codes = {one.code for one in intake.refuse(data, by, unit=BY.get(by)).faults}
        assert codes & {"matter_stands_elsewhere", "matter_struck_off", "not_your_matter"}


def test_every_step_of_a_life_is_in_the_table_above() -> None:
    assert {type(data) for data, _ in ACTS.values()} == set(TURNS)


def test_what_is_not_done_goes_back_to_whoever_handles_it() -> None:
    act(in_state("reported"), "not done", "report", "done", "strike off", "reopen", "receive", "report")


def test_a_matter_that_was_handed_back_is_no_longer_the_units() -> None:
    intake = in_state("returned")
    assert life(intake).units == ()
    intake.accept(an_assignment(unit="bureau-b"))
    assert intake.refuse(a_report(), LEAD).code == "not_your_matter"


def test_the_office_reports_on_behalf_of_the_unit_that_handles_it() -> None:
    intake = assigned()
    recorded = intake.accept(a_report(), OFFICE, on_behalf_of="bureau-a")
    assert (recorded.unit, recorded.on_behalf_of) == ("office", "bureau-a")
    assert intake.refuse(a_report(), OFFICE, on_behalf_of="bureau-b").code == "behalf_needed"


def test_a_matter_that_names_its_unit_is_handed_over_by_being_opened() -> None:
    assert life(opened_matter()).state == "assigned"
    assert life(opened_matter(unit="")).state == "open"


# --- how it is opened ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["directive", "public_report", "higher_document", "minutes"])
def test_a_matter_may_come_from_anywhere(source: str) -> None:
    with_people().accept(a_matter(source=source))


def test_an_inspector_opens_a_matter_on_a_finding_in_one_step() -> None:
    intake = with_people()
    intake.accept(an_inspection(findings=(a_finding(),)), INSPECTOR, unit="office")
    intake.accept(a_matter(source="finding", basis="f1", unit="bureau-a"), INSPECTOR, unit="office")


def test_a_matter_on_a_problem_is_told_again_with_its_approver() -> None:
    intake = with_people()
    intake.accept(a_problem(), LEAD)
    intake.accept(a_matter(source="problem", basis="q1"))
    intake.accept(a_matter(source="problem", basis="q1", approver="government"))


def test_what_a_meeting_decided_is_a_matter_at_once_and_told_again_with_what_the_minutes_did_not_say() -> None:
    intake = with_people()
    intake.accept(a_meeting())
    intake.accept(minutes(decisions=(a_decision(), a_decision("d2"))))
    assert life(intake, "d1") == MatterLife(
        "assigned", ("bureau-a",), source="minutes", moved_on=date(2026, 3, 2), told_on=date(2026, 3, 2),
        took_part=frozenset({OFFICE}),
    )  # fmt: skip
    intake.accept(a_receipt("d1"), LEAD)
    intake.accept(a_matter("d1", source="minutes", project="p1"))
    assert (life(intake, "d1").state, life(intake, "d1").list) == ("received", LIST)
    again = a_matter("d1", source="minutes", project="p1")
    assert intake.refuse(again).code == "matter_already_open"


def test_the_regime_says_who_approves_an_opening() -> None:
    intake = opened_matter(ruled(), approver="")
    for approver, may in (("drc", False), ("government", True)):
        intake.accept(a_matter(approver=approver, unit="bureau-a"))
        decided = intake.decide(an_assignment())
        assert isinstance(decided, Accepted) == may
    opened_matter(ruled(), approver="principal_leaders").accept(a_receipt(), LEAD)


@pytest.mark.parametrize("source", ["minutes", "directive"])
def test_what_a_meeting_decided_needs_nobody_elses_approval(source: str) -> None:
    intake = ruled()
    intake.accept(a_matter(source=source, unit="bureau-a"))
    assert isinstance(intake.decide(a_receipt(), LEAD), Accepted) == (source == "minutes")


def test_without_such_rules_a_matter_needs_no_approver() -> None:
    opened_matter(approver="").accept(a_receipt(), LEAD)


# --- what a rule proposed -----------------------------------------------------------------------------------------


def sign(intake: Intake, step: Any, by: str, digest: str = "d1") -> None:
    intake.accept(NoticeApproved(notice="n-1", draft_digest=digest, step=step), by)


def test_the_first_signature_opens_what_a_rule_proposed() -> None:
    intake = told()
    assert (life(intake, PROPOSED).state, life(intake, PROPOSED).units) == ("proposed", ("bureau-a",))
    sign(intake, "checker", CHECKER)
    kept = life(intake, PROPOSED)
    assert (kept.state, kept.took_part, kept.source, kept.list) == ("assigned", frozenset({CHECKER}), "rule", LIST)
    sign(intake, "signer", SIGNER)
    intake.hear(service(a_notice()))
    intake.accept(a_receipt(PROPOSED), LEAD)
    intake.hear(service(a_notice("n-2", digest="d2")))
    assert life(intake, PROPOSED).state == "received"


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize("by", [LEAD, OTHER])
def test_a_unit_learns_of_no_proposal_and_no_draft_before_it_is_told(by: str, is_signed: bool) -> None:
    """The codes of both follow from what is known: whoever guesses one is told what is told of one that is not."""
    intake, empty = told(), ruled()
    if is_signed:
        sign(intake, "checker", CHECKER)
    unit = {LEAD: "bureau-a", OTHER: "bureau-b"}[by]
    acts = (a_receipt(PROPOSED, unit), a_report(PROPOSED), an_objection(PROPOSED, unit), NoticeSignedFor(notice="n-1"))
    for one in acts:
        assert intake.refuse(one, by).faults == empty.refuse(one, by).faults


def test_the_office_may_open_it_before_anybody_signs() -> None:
    intake = told()
    intake.accept(a_matter(PROPOSED, source="rule", approver="principal_leaders"))
    assert life(intake, PROPOSED).units == ("bureau-a",)
    intake.accept(a_report(PROPOSED), LEAD)


def test_a_signature_and_acts_that_were_read_before_the_draft_count_once_it_is_read() -> None:
    """So it is in a record that was imported, until notify has caught up."""
    early = told().accept(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER)
    intake = with_people()
    intake.enter(replace(early, data=a_receipt(PROPOSED)))
    intake.enter(early)
    intake.hear(proposal(), a_notice())
    kept = life(intake, PROPOSED)
    assert (kept.state, kept.units, kept.took_part) == ("received", ("bureau-a",), frozenset({CHECKER}))
    assert intake.refuse(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER).code == "out_of_turn"


def test_a_served_notice_says_by_when_its_matters_are_due_and_an_extension_reaches_further() -> None:
    intake = told(service(a_notice(), rectify_by=local("2026-03-10 00:00")))
    assert life(intake, PROPOSED).due_on == date(2026, 3, 9)
    intake.accept(an_extension(PROPOSED, old="2026-03-09", new="2026-03-20"))
    intake.hear(service(a_notice(), rectify_by=local("2026-03-15 00:00")))
    assert life(intake, PROPOSED).due_on == date(2026, 3, 20)


def test_what_the_record_said_of_a_proposal_before_it_was_read_stands() -> None:
    opened = told().accept(a_matter(PROPOSED, source="rule", unit="bureau-b"))
    intake = with_people()
    intake.enter(opened)
    intake.hear(proposal())
    assert (life(intake, PROPOSED).state, life(intake, PROPOSED).units) == ("assigned", ("bureau-b",))


def test_minutes_of_another_record_leave_a_matter_where_it_stands() -> None:
    intake = in_state("reported")
    before = life(intake)
    other = with_people()
    other.accept(a_meeting())
    issued = other.accept(minutes(decisions=(a_decision("m1", unit="bureau-b"),)))
    intake.enter(issued)
    assert life(intake) == before


# --- what holds it up ---------------------------------------------------------------------------------------------


def test_a_unit_asks_for_another_day_and_the_office_grants_it() -> None:
    intake = assigned()
    intake.accept(an_extension(approver=""), HEAD)
    assert life(intake).due_on == date(2026, 3, 16)
    intake.accept(an_extension())
    assert intake.refuse(an_extension()).code == "due_otherwise"
    intake.accept(an_extension(old="2026-03-31", new="2026-04-30"), BOSS, unit="government")


def test_the_day_of_a_milestone_is_extended_and_the_next_time_the_new_one_is_the_old() -> None:
    intake = with_people()
    intake.accept(a_plan(yi="12", milestones=(a_milestone(), a_milestone("wall"))))
    granted = replace(an_extension(project="p1", item="roof", old="2026-06-30", new="2026-07-31"), matter="p1")
    intake.accept(replace(granted, approver=""), HEAD)
    intake.accept(granted)
    assert intake.refuse(granted).code == "due_otherwise"
    intake.accept(replace(granted, old_due_on=date(2026, 7, 31), new_due_on=date(2026, 8, 31)))
    intake.accept(replace(granted, item="wall"))


def test_nobody_asks_for_another_units_milestones() -> None:
    asked = replace(an_extension(project="p1", item="roof", approver=""), matter="p1")
    intake = with_people()
    intake.accept(a_post("head-b", unit="bureau-b"))
    assert intake.refuse(asked, "head-b", unit="bureau-b").code == "not_your_project"


def test_a_subject_is_exempt_from_a_rule_with_or_without_a_matter() -> None:
    for matter in ("m1", "p1"):
        assigned().accept(an_exemption(matter=matter))


def test_what_the_principal_leader_orders_needs_its_reason_and_a_matter_that_is_on() -> None:
    assigned().accept(an_order())


@pytest.mark.parametrize(("until_on", "acts", "waits"), [
    (None, (), True), (None, (an_assignment(PROPOSED),), False), ("2026-03-31", (an_assignment(PROPOSED),), True),
    ("2026-03-01", (), None), (None, (an_order(PROPOSED),), False), (None, (an_extension(PROPOSED),), False),
    (None, (an_extension(PROPOSED, approver=""),), True),
])  # fmt: skip
def test_nothing_about_a_matter_is_signed_while_it_is_paused(
    until_on: str | None, acts: Any, waits: bool | None
) -> None:
    intake = told()
    intake.accept(a_matter(PROPOSED, source="rule", approver="principal_leaders"))
    if waits is None:
        assert intake.refuse(a_pause(PROPOSED, until_on=until_on)).code == "too_early"
        return
    intake.accept(a_pause(PROPOSED, until_on=until_on))
    for one in acts:
        intake.accept(one)
    signed = intake.decide(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER)
    assert isinstance(signed, Accepted) != waits


def test_a_pause_with_a_day_ends_after_it() -> None:
    intake = told()
    intake.accept(a_pause(PROPOSED, until_on="2026-03-03"))
    days_later(intake, 1)
    assert (
        intake.refuse(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER).code == "matter_paused"
    )
    sign(days_later(intake, 2), "checker", CHECKER)


# --- objections ---------------------------------------------------------------------------------------------------


def test_an_objection_goes_to_its_decision_and_on_to_an_appeal_by_others() -> None:
    intake = assigned(ruled())
    intake.accept(an_objection(), HEAD)
    intake.accept(a_decided_objection(recused=(OFFICE,)), BOSS, unit="government")
    intake.accept(an_appeal(), HEAD)
    intake.accept(a_post("boss-2", "approver", "government"))
    decided = a_decided_appeal(by="city_government", recused=(OFFICE, BOSS))
    intake.accept(decided, "boss-2", unit="government")
    assert life(intake).state == "assigned"
    assert intake.refuse(an_objection(), HEAD).code == "objection_decided"
    assert intake.refuse(an_appeal(), HEAD).code == "no_decided_objection"


@pytest.mark.parametrize("is_appeal", [False, True])
def test_one_that_is_upheld_ends_the_matter_until_it_is_reopened(is_appeal: bool) -> None:
    intake = assigned()
    intake.accept(an_objection(), HEAD)
    intake.accept(a_decided_objection(upheld=not is_appeal), BOSS, unit="government")
    if is_appeal:
        intake.accept(an_appeal(), HEAD)
        intake.accept(a_decided_appeal(upheld=True, by="city_government"), BOSS, unit="government")
    assert life(intake).state == "struck_off"
    assert intake.refuse(an_appeal(), HEAD).code == "no_decided_objection"
    intake.accept(a_reopening())
    intake.accept(an_objection(), HEAD)


def test_what_is_given_anew_may_be_objected_to_anew() -> None:
    intake = assigned()
    intake.accept(an_objection(), HEAD)
    intake.accept(a_decided_objection(), BOSS, unit="government")
    intake.accept(an_assignment())
    intake.accept(an_objection(), HEAD)
    intake.accept(an_assignment())
    kept = intake.ledger.get(Contest, "m1")
    assert kept is not None
    assert kept.state == "filed"


def test_the_right_runs_from_the_day_on_which_it_was_given_and_paper_counts_by_its_own_day() -> None:
    intake = days_later(assigned(ruled()), RIGHT.file_within.days)  # type: ignore[union-attr]
    assert isinstance(intake.decide(an_objection(on="2026-03-12"), HEAD), Accepted)
    days_later(intake, RIGHT.file_within.days + 1)  # type: ignore[union-attr]
    assert intake.refuse(an_objection(on="2026-03-12"), HEAD).code == "right_expired"
    intake.accept(an_objection(on="2026-03-12"), OFFICE, on_behalf_of="bureau-a")


def test_the_right_runs_from_the_day_of_a_reminder_too() -> None:
    example = next(one for one in EXAMPLES if isinstance(one, ReminderSent))
    sent = replace(example, notice="n-sent", unit="bureau-a", list=LIST, at=NOW, items=a_notice().items)
    intake = days_later(told(sent), 11)
    for named in (PROPOSED, "n-sent"):
        assert intake.refuse(an_objection(named, on="2026-03-12"), HEAD).code == "right_expired"


def test_without_a_right_in_the_rules_an_objection_has_no_end_and_nobody_is_recused() -> None:
    intake = days_later(assigned(), 100)
    intake.accept(an_objection(on="2026-06-10"), HEAD)
    intake.accept(a_decided_objection(on="2026-06-10"))


def test_an_objection_to_a_notice_is_one_to_its_matters() -> None:
    letter = a_notice()
    intake = told()
    sign(intake, "checker", CHECKER)
    sign(intake, "signer", SIGNER)
    assert intake.refuse(an_objection("n-1"), HEAD).code == "unknown_matter"
    intake.hear(service(letter))
    intake.accept(an_objection("n-1"), HEAD)
    short = intake.refuse(a_decided_objection("n-1", recused=(CHECKER,)), BOSS, unit="government")
    assert [dict(one.values) for one in short.faults] == [{"persons": SIGNER}]
    intake.accept(a_decided_objection("n-1", recused=(CHECKER, SIGNER), upheld=True), BOSS, unit="government")
    assert life(intake, PROPOSED).state == "struck_off"


# --- drafts -------------------------------------------------------------------------------------------------------


def drafted(intake: Intake) -> Drafted:
    kept = intake.ledger.get(Drafted, "notice/n-1")
    assert kept is not None
    return kept


def test_other_words_void_the_signatures_and_nobody_signs_until_the_draft_is_drawn_again() -> None:
    intake = told()
    sign(intake, "checker", CHECKER)
    intake.accept(a_wording(), SIGNER)
    again = NoticeApproved(notice="n-1", draft_digest="d1", step="checker")
    waiting = intake.refuse(again, CHECKER)
    assert (waiting.code, waiting.retryable) == ("draft_being_redrawn", True)
    intake.hear(a_notice(digest="d2"))
    assert intake.refuse(again, CHECKER).code == "draft_superseded"
    sign(intake, "checker", CHECKER, "d2")
    sign(intake, "signer", SIGNER, "d2")


def test_words_that_are_the_same_are_drawn_again_too() -> None:
    intake = told()
    intake.accept(a_wording(), CHECKER)
    intake.hear(a_notice())
    sign(intake, "checker", CHECKER)


def test_what_is_signed_is_worded_no_more() -> None:
    intake = told()
    sign(intake, "checker", CHECKER)
    sign(intake, "signer", SIGNER)
    assert intake.refuse(a_wording(), CHECKER).code == "already_signed"


def test_a_draft_held_back_is_signed_from_its_day_on_whatever_its_words() -> None:
    intake = told()
    intake.accept(a_declining(step="checker", until_on="2026-03-04"), CHECKER)
    intake.accept(a_wording(), CHECKER)
    intake.hear(a_notice(digest="d2"))
    signature = NoticeApproved(notice="n-1", draft_digest="d2", step="checker")
    assert intake.refuse(signature, CHECKER).code == "draft_held_back"
    days_later(intake, 1)
    assert intake.refuse(signature, CHECKER).code == "draft_held_back"
    days_later(intake, 2)
    intake.accept(signature, CHECKER)


@pytest.mark.parametrize("known", [0, 1, 2])
def test_a_docket_that_is_read_later_comes_to_the_same(known: int) -> None:
    """The record is read to its end before the docket is, whatever of it was known before."""
    first, second = a_notice(), a_notice(digest="d2")
    live = told()
    done = [
        live.accept(NoticeApproved(notice="n-1", draft_digest="d1", step="checker"), CHECKER),
        live.accept(a_declining(until_on="2026-03-03"), SIGNER),
        live.accept(a_wording(), CHECKER),
    ]
    live.hear(second)
    days_later(live, 1)
    done.append(live.accept(NoticeApproved(notice="n-1", draft_digest="d2", step="checker"), CHECKER))
    stated: list[NoticesEvent] = [proposal(), first, second]
    other = ruled()
    other.hear(*stated[:known])
    for one in done:
        other.enter(one)
    other.hear(*stated[known:])
    assert drafted(other) == drafted(live)


def test_a_section_of_a_bulletin_is_worded_and_a_unit_contests_its_own_lines() -> None:
    example = next(one for one in EXAMPLES if isinstance(one, BulletinDrafted))
    bulletin = replace(example, bulletin="b-1", digest="d1", sign_off=("signer",))
    intake = with_people()
    intake.hear(bulletin)
    for subject in ("p1", "bureau-a"):
        intake.accept(a_contest(subject=subject), LEAD)
    intake.accept(a_section_text(section=bulletin.facts.sections[0]), CHECKER)
    intake.hear(replace(bulletin, digest="d2"))
    intake.accept(BulletinApproved(bulletin="b-1", draft_digest="d2", step="signer"), SIGNER)


# --- talks and referrals ------------------------------------------------------------------------------------------


def test_each_commitment_of_a_talk_opens_a_matter_that_its_unit_handles() -> None:
    intake = talked_to()
    promised = ("Clear the site.", "Pay the workers.")
    talk = TalkRecorded(notice="n-talk", on=date(2026, 3, 2), persons=("chief",), signed_by=("chief",),
                        commitments=promised)  # fmt: skip
    recorded = intake.accept(talk)
    opened = [one.data for one in intake.followed]
    assert all(isinstance(one, MatterOpened) for one in opened)
    assert [(one.matter, one.text, one.unit, one.list) for one in opened] == [
        ("n-talk-1", promised[0], "bureau-a", LIST), ("n-talk-2", promised[1], "bureau-a", LIST),
    ]  # fmt: skip
    assert {one.causation for one in intake.followed} == {recorded.id}
    intake.accept(a_report("n-talk-2"), LEAD)


def test_a_talk_is_signed_by_all_only_where_the_rules_say_so() -> None:
    intake = talked_to()
    talk = TalkRecorded(notice="n-talk", on=date(2026, 3, 2), persons=("chief",))
    assert intake.refuse(talk).code == "not_signed_by_all"
    intake.accept(an_adoption(a_regime(version=3), "2026-03-02"))
    intake.accept(talk)


@pytest.mark.parametrize("form", ["refers", "proposes"])
def test_the_body_that_it_was_left_to_answers(form: Any) -> None:
    letter = a_notice("n-r", form=form, competent="discipline_body", unit="office")
    intake = told(letter, service(letter))
    for result in ("taken up", "warned"):
        intake.accept(an_answer("n-r", result=result))
