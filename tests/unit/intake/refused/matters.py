"""Reasons against what is told of matters, objections, notices and bulletins."""

from dataclasses import replace
from typing import Any

from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    MatterOpened,
    NoticeApproved,
    TalkRecorded,
    TimeReached,
)
from tests.contract.golden import EXAMPLES
from tests.support.builders import local
from tests.support.facts import (
    a_closing,
    a_contest,
    a_decided_appeal,
    a_decided_objection,
    a_decision,
    a_declining,
    a_finding,
    a_handing_back,
    a_matter,
    a_meeting,
    a_pause,
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
    day,
    minutes,
)
from tests.support.intake import CHECKER, LEAD, OFFICE, SIGNER, Intake
from tests.support.matters import (
    BOSS,
    HEAD,
    INSPECTOR,
    PROPOSED,
    a_notice,
    assigned,
    opened_matter,
    ruled,
    service,
    talked_to,
    told,
    with_people,
)
from tests.support.refused import Case

DIRECT = {"approver": "principal_leaders"}
NOT_YET = "m-" + "0" * 20


def minuted() -> Intake:
    """A meeting decided d1, about p1."""
    intake = with_people()
    intake.accept(a_meeting())
    intake.accept(minutes(decisions=(a_decision(project="p1"),)))
    return intake


def found() -> Intake:
    """A finding (f1) and a problem (q1), of each of which a matter is opened already."""
    intake = with_people()
    intake.accept(an_inspection(findings=(a_finding(),)), INSPECTOR, unit="office")
    intake.accept(a_problem(), LEAD)
    intake.accept(a_matter("mf", source="finding", basis="f1"))
    return intake


def without_b() -> Intake:
    intake = assigned()
    intake.accept(a_closing("bureau-b"))
    return intake


def struck_off() -> Intake:
    intake = assigned()
    intake.accept(a_verification())
    intake.accept(a_striking_off())
    return intake


def contested(on: str = "2026-03-02") -> Intake:
    """bureau-a objects to m1, which the office has opened."""
    intake = assigned(ruled())
    intake.accept(TimeReached(at=local(f"{on} 09:00")))
    intake.accept(an_objection(on=on), HEAD)
    return intake


def rejected() -> Intake:
    intake = contested()
    intake.accept(a_decided_objection(recused=(OFFICE,)), BOSS, unit="government")
    return intake


def appealed() -> Intake:
    intake = rejected()
    intake.accept(an_appeal(), HEAD)
    return intake


def late(given: Any) -> Any:
    def later() -> Intake:
        intake: Intake = given()
        intake.accept(TimeReached(at=local("2026-03-13 09:00")))
        return intake

    return later


def drawn_again() -> Intake:
    intake = told()
    intake.accept(a_wording(), CHECKER)
    return intake


def declined(until_on: str | None = None) -> Any:
    def given() -> Intake:
        intake = told()
        intake.accept(a_declining(step="checker", until_on=until_on), CHECKER)
        return intake

    return given


def paused() -> Intake:
    intake = told()
    intake.accept(a_pause(PROPOSED, until_on="2026-03-31"))
    return intake


def talked() -> Intake:
    intake = talked_to()
    intake.accept(A_TALK)
    return intake


def referred() -> Intake:
    letter = a_notice("n-referred", form="refers", competent="discipline_body", unit="office")
    return told(letter, service(letter))


def with_a_bulletin() -> Intake:
    drafted = next(one for one in EXAMPLES if isinstance(one, BulletinDrafted))
    intake = with_people()
    intake.hear(replace(drafted, bulletin="b-1", digest="d1", sign_off=("signer",)))
    return intake


def of_the_rule(**changes: Any) -> MatterOpened:
    return a_matter(PROPOSED, **{"source": "rule", "approver": "principal_leaders", **changes})


SIGNATURE = NoticeApproved(notice="n-1", draft_digest="d1", step="checker")
SEAL = BulletinApproved(bulletin="b-1", draft_digest="d1", step="signer")
A_TALK = TalkRecorded(notice="n-talk", on=day("2026-03-02"), persons=("chief",), signed_by=("chief",),
                      commitments=("Clear the site.",))  # fmt: skip

_OPENING = [
    Case("text_needed", "/data/text", a_matter(text=" ")),
    Case("matter_already_open", "/data/matter", a_matter(), given=assigned),
    Case("matter_already_open", "/data/matter", a_matter(**DIRECT), given=assigned),
    Case("told_otherwise", "/data/matter", a_matter(approver="government", project=""), given=assigned),
    Case("told_otherwise", "/data/project", a_matter("d1", source="minutes", project=""), given=minuted),
    Case("unknown_proposal", "/data/matter", a_matter(NOT_YET, source="rule")),
    Case("source_not_rule", "/data/source", a_matter(source="rule")),
    Case("source_not_rule", "/data/source", of_the_rule(source="directive"), given=told),
    Case("unknown_list", "/data/list", a_matter(list="none")),
    Case("unknown_basis", "/data/basis", a_matter(source="finding", basis="f9"), given=found),
    Case("unknown_basis", "/data/basis", a_matter(source="problem", basis="f1"), given=found),
    Case("basis_taken", "/data/basis", a_matter(source="finding", basis="f1"), given=found),
    Case("too_early", "/data/due_on", a_matter(due_on="2026-03-01")),
    Case("approval_not_yours", "/data/approver", a_matter(**DIRECT), INSPECTOR, with_people, unit="office"),
    Case("not_an_approver", "/data/approver", a_matter(approver="city_government"), given=ruled),
    Case("approved_further", "/data/approver", a_matter(approver="drc"),
         given=lambda: opened_matter(ruled(), approver="government")),
    Case("opening_not_approved", "/data/matter", an_assignment(), given=lambda: opened_matter(ruled(), approver="")),
    Case("opening_not_approved", "/data/matter", an_assignment(), given=lambda: opened_matter(ruled(), approver="drc")),
    Case("opening_not_approved", "/data/matter", a_receipt(), LEAD, lambda: opened_matter(ruled(), approver="")),
    Case("opening_not_approved", "/data/matter", a_report(), LEAD, lambda: opened_matter(ruled(), approver="")),
]  # fmt: skip

_LIFE = [
    *(Case("unknown_matter", "/data/matter", one, by, with_people) for one, by in (
        (an_assignment("m9"), OFFICE), (a_receipt("m9"), LEAD), (a_handing_back("m9"), LEAD),
        (a_reminder("m9"), OFFICE),
        (a_report("m9"), LEAD), (a_verification("m9"), OFFICE), (a_striking_off("m9"), OFFICE),
        (a_reopening("m9"), OFFICE), (an_extension("m9"), OFFICE), (an_exemption(matter="m9"), OFFICE),
        (a_pause("m9"), OFFICE), (an_order("m9"), OFFICE), (an_objection("m9"), HEAD),
    )),
    Case("unknown_proposal", "/data/matter", a_pause(NOT_YET)),
    Case("matter_stands_elsewhere", "/data/matter", a_striking_off(), given=assigned),
    Case("matter_struck_off", "/data/matter", a_verification(), given=struck_off),
    Case("matter_struck_off", "/data/matter", a_striking_off(), given=struck_off),
    Case("matter_struck_off", "/data/matter", a_pause(), given=struck_off),
    Case("matter_struck_off", "/data/matter", an_order(), given=struck_off),
    Case("matter_struck_off", "/data/matter", an_objection(), HEAD, struck_off),
    Case("too_early", "/data/on", an_assignment(on="2026-03-01"), given=assigned),
    Case("too_early", "/data/due_on", an_assignment(due_on=day("2026-03-01")), given=assigned),
    Case("not_the_handling_unit", "/data/unit", a_receipt(unit="bureau-b"), LEAD, assigned),
    Case("not_the_handling_unit", "/data/unit", a_handing_back(unit="bureau-b"), LEAD, assigned),
    Case("text_needed", "/data/reason", a_handing_back(reason=""), LEAD, assigned),
    Case("text_needed", "/data/text", a_report(text=""), LEAD, assigned),
    Case("text_needed", "/data/reason", a_reopening(reason=""), given=struck_off),
    Case("text_needed", "/data/unit", an_assignment(unit=""), given=assigned),
    Case("unit_closed", "/data/unit", an_assignment(unit="bureau-b"), given=without_b),
    Case("unit_closed", "/data/unit", a_matter(unit="bureau-b"), given=without_b),
    Case("cause_needed", "/data/cause", a_verification(is_done=False), given=assigned),
    Case("cause_needed", "/data/cause", a_verification(is_reason_accepted=True), given=assigned),
]  # fmt: skip

_HELD_UP = [
    Case("extension_shortens", "/data/new_due_on", an_extension(new="2026-03-16"), given=assigned),
    Case("due_otherwise", "/data/old_due_on", an_extension(old="2026-03-15"), given=assigned),
    Case("unknown_item", "/data/item", an_extension(project="p1", item="roof"), given=assigned),
    Case("text_needed", "/data/item", replace(an_extension(project="p1"), matter="p1"), given=assigned),
    Case("text_needed", "/data/project", an_extension(item="roof"), given=assigned),
    Case("text_needed", "/data/reason", an_extension(reason=""), given=assigned),
    Case("approval_not_yours", "/data/approver", an_extension(), HEAD, assigned),
    Case("matter_struck_off", "/data/matter", an_extension(), given=struck_off),
    Case("unknown_rule", "/data/rule", an_exemption("fast"), given=assigned),
    Case("unknown_subject", "/data/subject", an_exemption(subject="p9"), given=assigned),
    Case("too_early", "/data/until_on", an_exemption(until_on="2026-03-01"), given=assigned),
    Case("text_needed", "/data/approver", an_exemption(approver=""), given=assigned),
    Case("too_early", "/data/until_on", a_pause(until_on="2026-03-01"), given=assigned),
    Case("text_needed", "/data/reason", replace(a_pause(), reason=""), given=assigned),
    Case("text_needed", "/data/reason", an_order(reason=""), given=assigned),
]  # fmt: skip

_CONTESTS = [
    Case("contested_by_another", "/data/unit", an_objection(), HEAD, lambda: opened_matter(unit="bureau-b")),
    Case("already_contested", "/data/matter", an_objection(), HEAD, contested),
    Case("objection_decided", "/data/matter", an_objection(), HEAD, rejected),
    Case("right_expired", "/data/on", an_objection(on="2026-03-13"), HEAD, late(lambda: assigned(ruled()))),
    Case("right_expired", "/data/on", an_objection(), HEAD, late(lambda: assigned(ruled()))),
    Case("right_expired", "/data/on", an_appeal(), HEAD, late(rejected)),
    Case("no_decided_objection", "/data/matter", an_appeal(), HEAD, contested),
    Case("no_decided_objection", "/data/matter", an_appeal(), HEAD, assigned),
    Case("no_open_objection", "/data/matter", a_decided_objection(), BOSS, assigned, unit="government"),
    Case("no_open_objection", "/data/matter", a_decided_objection(), BOSS, rejected, unit="government"),
    Case("no_open_appeal", "/data/matter", a_decided_appeal(), BOSS, rejected, unit="government"),
    Case("same_body", "/data/by", a_decided_appeal(), BOSS, appealed, unit="government"),
    Case("recusal_missing", "/data/recused", a_decided_objection(), BOSS, contested, unit="government"),
    Case("recusal_missing", "/data/recused", a_decided_appeal(by="city", recused=(OFFICE,)), BOSS,
         appealed, unit="government"),
    Case("recused_decides", "/data/recused", a_decided_objection(recused=(OFFICE,)), OFFICE, contested),
    Case("too_early", "/data/on", a_decided_objection(recused=(OFFICE,)), BOSS,
         lambda: contested("2026-03-05"), unit="government"),
    Case("text_needed", "/data/by", a_decided_objection(by=""), BOSS, contested, unit="government"),
    Case("text_needed", "/data/by", a_decided_appeal(by=""), BOSS, appealed, unit="government"),
    Case("too_early", "/data/on", a_decided_appeal(on="2026-03-01"), BOSS, appealed, unit="government"),
    Case("text_needed", "/data/reason", replace(an_objection(), reason=""), HEAD, assigned),
    Case("text_needed", "/data/reason", replace(an_appeal(), reason=""), HEAD, rejected),
]  # fmt: skip


_NOTICES = [
    Case("draft_declined", "/data/notice", SIGNATURE, CHECKER, declined()),
    Case("draft_declined", "/data/notice", a_wording(), CHECKER, declined()),
    Case("draft_held_back", "/data/notice", SIGNATURE, CHECKER, declined("2026-03-03")),
    Case("draft_being_redrawn", "/data/notice", SIGNATURE, CHECKER, drawn_again),
    Case("draft_superseded", "/data/draft_digest", a_wording(draft_digest="d0"), CHECKER, told),
    Case("unknown_draft", "/data/bulletin", a_section_text("b-none"), CHECKER),
    Case("text_needed", "/data/text", a_wording(text=""), CHECKER, told),
    Case("draft_superseded", "/data/draft_digest", a_declining(step="checker", draft_digest="d0"), CHECKER, told),
    Case("out_of_turn", "/data/step", a_declining(), SIGNER, told),
    Case("not_ahead", "/data/until_on", a_declining(step="checker", until_on="2026-03-02"), CHECKER, told),
    Case("text_needed", "/data/reason", a_declining(step="checker", reason=""), CHECKER, told),
    Case("matter_paused", "/data/notice", SIGNATURE, CHECKER, paused),
    Case("unknown_section", "/data/section", a_section_text(section="decisions"), CHECKER, with_a_bulletin),
    Case("text_needed", "/data/text", a_section_text(text=" "), CHECKER, with_a_bulletin),
    Case("draft_superseded", "/data/draft_digest", a_contest(draft_digest="d0"), HEAD, with_a_bulletin),
    Case("draft_superseded", "/data/draft_digest", replace(SEAL, draft_digest="d0"), SIGNER, with_a_bulletin),
    Case("out_of_turn", "/data/step", replace(SEAL, step="checker"), CHECKER, with_a_bulletin),
    Case("not_your_line", "/data/subject", a_contest(subject="bureau-b"), HEAD, with_a_bulletin),
    Case("text_needed", "/data/reason", a_contest(reason=""), HEAD, with_a_bulletin),
    Case("no_talk", "/data/notice", replace(A_TALK, notice="n-served")),
    Case("unknown_draft", "/data/notice", A_TALK),
    Case("talk_recorded", "/data/notice", A_TALK, given=talked),
    Case("too_early", "/data/on", replace(A_TALK, on=day("2026-03-01")), given=talked_to),
    Case("text_needed", "/data/persons", replace(A_TALK, persons=()), given=talked_to),
    Case("text_needed", "/data/commitments/1", replace(A_TALK, commitments=("x", "")), given=talked_to),
    Case("not_signed_by_all", "/data/signed_by", replace(A_TALK, signed_by=("other",)), given=talked_to),
    Case("unknown_draft", "/data/notice", an_answer("n-none")),
    Case("too_early", "/data/on", an_answer("n-referred", on="2026-03-01"), given=referred),
    Case("not_referred", "/data/notice", an_answer("n-talk"), given=talked_to),
    Case("answered_by_another", "/data/by", an_answer("n-referred", by="police"), given=referred),
    Case("text_needed", "/data/result", an_answer("n-referred", result=""), given=referred),
]  # fmt: skip

CASES: list[Case] = [*_OPENING, *_LIFE, *_HELD_UP, *_CONTESTS, *_NOTICES]
