"""Reasons against returns, plans, lists, posts."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.core.events import PostAssigned, ProgressReported
from tests.support.builders import YI, a_plan, a_project, a_return, a_stage, a_unit, local
from tests.support.facts import (
    a_closing,
    a_confirmed_return,
    a_credit,
    a_milestone,
    a_milestone_reached,
    a_new_name,
    a_payment,
    a_permit,
    a_replacement,
    a_reset,
    a_responsibility,
    a_review,
    a_revocation,
    a_sealing,
    a_signature,
    a_withdrawal,
    an_allocation,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_override,
    the_end_of_a_post,
)
from tests.support.intake import LEAD, OFFICE, OTHER, Intake, opened
from tests.support.refused import Case
from tests.support.staffed import (
    APPROVER,
    ASSESSOR,
    BOSS,
    FEBRUARY,
    HEAD,
    IN,
    REVIEWER,
    SECOND_HEAD,
    changing,
    returned,
    staffed,
)

NARRATED: Any = {"fields": ("investment", "narrative", "funds")}
TWO: Any = {"review": ("supervision_office", "assessment_office")}


def closed() -> Intake:
    intake = staffed()
    intake.accept(a_unit("gone"))
    intake.accept(a_closing("gone"))
    return intake


def sealed() -> Intake:
    intake = staffed()
    intake.accept(a_sealing())
    return intake


def terminated() -> Intake:
    intake = staffed()
    intake.accept(a_stage(stage="suspended", on="2026-01-10"), LEAD)
    intake.accept(a_stage(stage="terminated", on="2026-02-10"), LEAD)
    return intake


def planned() -> Intake:
    intake = staffed()
    intake.accept(a_plan(yi="12", milestones=(a_milestone(),)))
    intake.accept(a_milestone_reached(), LEAD)
    return intake


def requested(**changes: Any) -> Intake:
    intake = changing(**changes)
    intake.accept(an_exit_request(), BOSS, unit="office")
    return intake


def decided(*steps: tuple[str, bool], **changes: Any) -> Intake:
    intake = requested(**changes)
    for step, approved in steps:
        intake.accept(an_exit_step(step=step, approved=approved), APPROVER, unit="government")
    return intake


def approved(**changes: Any) -> Intake:
    """All have approved that p1 leaves; p9 is like it, p8 is twice as large."""
    intake = decided(("drc", True), ("government", True), **changes)
    intake.accept(a_project("p9"))
    intake.accept(a_project("p8", plan_yi="24"))
    return intake


def refused_exit() -> Intake:
    return decided(("drc", False))


def replaced() -> Intake:
    intake = approved()
    intake.accept(a_replacement())
    intake.accept(an_exit_request("p2"), BOSS, unit="office")
    for step in ("drc", "government"):
        intake.accept(an_exit_step("p2", step=step), APPROVER, unit="government")
    return intake


def on_behalf() -> Intake:
    intake = staffed()
    intake.accept(february(channel="phone"), OFFICE, on_behalf_of="bureau-a")
    return intake


def signed() -> Intake:
    intake = returned(review=("supervision_office",))
    intake.accept(a_signature(period=FEBRUARY), HEAD, unit="bureau-a")
    return intake


def sent_back() -> Intake:
    intake = returned()
    intake.accept(review(verdict="returned", reason="which works?"), REVIEWER, unit="office")
    return intake


def reviewed() -> Intake:
    intake = returned()
    intake.accept(review(), REVIEWER, unit="office")
    return intake


def both_reviewed() -> Intake:
    intake = returned(review=("supervision_office",))
    intake.accept(review(), REVIEWER, unit="office")
    return intake


def group() -> Intake:
    """Bureau-b reports for the group to which p1 belongs, since before February ended."""
    intake = staffed(filed_by="reporting_lead")
    intake.accept(a_responsibility(role="reporting_lead", unit="bureau-b"), time=local("2026-02-10 09:00"))
    return intake


def no_nil() -> Intake:
    return staffed(nil_return="refused")


def two_heads() -> Intake:
    intake = returned()
    intake.accept(a_project(supporting_units=("bureau-b",)))
    return intake


def february(**changes: Any) -> ProgressReported:
    return replace(a_return(period=FEBRUARY, yi="2"), **changes)


def review(step: str = "supervision_office", **changes: Any) -> Any:
    return a_review(period=FEBRUARY, step=step, **changes)


def months(*pairs: tuple[int, str]) -> Any:
    return a_plan(yi="12", by_month_yuan=tuple((month, Decimal(yi) * YI) for month, yi in pairs))


def by(code: str, pointer: str, data: Any, who: str = OFFICE, given: Any = staffed, **more: Any) -> Case:
    return Case(code, pointer, data, who, given, unit=IN.get(who), more=more)


CLERK = PostAssigned(person="clerk", post="reviewer", unit="bureau-a")

CASES: list[Case] = [
    # units, posts, tokens
    by("text_needed", "/data/name", a_unit("new", name=" ")),
    by("unknown_unit", "/data/code", a_new_name("nowhere")),
    by("unknown_unit", "/data/code", a_closing("nowhere")),
    by("text_needed", "/data/name", a_new_name(name="")),
    by("unit_closed", "/data/code", a_new_name("gone"), given=closed),
    by("unit_closed", "/data/code", a_closing("gone"), given=closed),
    by("unit_closed", "/data/successor", a_closing("bureau-b", successor="gone"), given=closed),
    by("own_successor", "/data/successor", a_closing("bureau-b", successor="bureau-b")),
    by("nobody_left", "/data/code", a_closing("office")),
    by("unit_closed", "/data/unit", PostAssigned(person="x", post="reporter", unit="gone"), given=closed),
    by("unit_closed", "/data/lead_unit", a_project("p9", lead="gone"), given=closed),
    by("unit_closed", "/data/supporting_units/0", a_project("p9", supporting_units=("gone",)), given=closed),
    by("unit_closed", "/data/unit", a_responsibility(role="owner", unit="gone"), given=closed),
    by("not_yours_to_give", "/data/post", CLERK, HEAD),
    by("not_yours_to_give", "/data/post", the_end_of_a_post(HEAD), HEAD),
    by("nobody_named", "/data/token", a_revocation(person="")),
    by("text_needed", "/data/reason", a_revocation(token="t1", reason="")),
    by("text_needed", "/data/reason", replace(an_override(), reason="")),
    Case("not_yourself", "/data/by", an_override(by="another"), given=lambda: opened("live")),
    # lists and plans
    by("unknown_list", "/data/list", a_sealing(2027)),
    by("already_sealed", "/data/list", a_sealing(), given=sealed),
    by("list_sealed", "/data/list", a_project("p9"), given=sealed),
    by("list_sealed", "/data/list", a_project(), given=sealed),
    by("list_sealed", "/data/list", a_plan(yi="3"), given=sealed),
    by("text_needed", "/data/name", a_project("p9", name="")),
    by("has_left", "/data/project", a_project(), given=replaced),
    by("has_left", "/data/project", a_plan(yi="3"), given=replaced),
    by("has_left", "/data/project", a_reset(yi="3"), given=replaced),
    by("no_such_month", "/data/by_month_yuan/1", months((12, "12"), (13, "13"))),
    by("months_not_rising", "/data/by_month_yuan/1", months((3, "4"), (6, "3"))),
    by("months_not_rising", "/data/by_month_yuan/1", months((3, "4"), (3, "5"))),
    by("plan_above_months", "/data/annual_planned_investment_yuan", months((6, "5"), (12, "11"))),
    by("id_twice", "/data/milestones/1/id", a_plan(yi="1", milestones=(a_milestone(), a_milestone()))),
    by("id_twice", "/data/permits/1/id", a_plan(yi="1", permits=(a_permit(office="bureau-a"),) * 2)),
    by("bad_code", "/data/milestones/0/id", a_plan(yi="1", milestones=(a_milestone("封顶"),))),
    by("text_needed", "/data/reason", a_reset(yi="3", reason="")),
    by("text_needed", "/data/approver", a_reset(yi="3", approver="")),
    by("text_needed", "/data/document_number", a_reset(yi="3", document_number="")),
    by("not_on_list", "/data/project", a_reset(yi="3", year=2027)),
    by("nobody_named", "/data/unit", a_responsibility(person="")),
    by("not_held", "/data/role", a_responsibility(ends=True)),
    # stages, milestones, funds
    by("is_terminated", "/data/stage", a_stage(stage="resumed", on="2026-02-11"), LEAD, terminated),
    by("not_suspended", "/data/stage", a_stage(stage="resumed"), LEAD),
    by("is_suspended", "/data/stage", a_stage(stage="suspended", on="2026-01-20"), LEAD, terminated),
    by("unknown_milestone", "/data/milestone", a_milestone_reached(), LEAD),
    by("already_reached", "/data/milestone", a_milestone_reached(), LEAD, planned),
    by("flags_not_yours", "/data/flags", replace(a_stage(), flags=("jump",)), LEAD),
    by("flags_not_yours", "/data/flags", replace(a_milestone_reached(), flags=("jump",)), LEAD, planned),
    by("flags_not_yours", "/data/flags", february(flags=("jump",)), LEAD),
    by("amount_not_positive", "/data/amount_yuan", a_payment(yi="0"), LEAD),
    by("bad_year", "/data/year", an_allocation(year=1)),
    by("text_needed", "/data/programme", a_payment(programme=" "), LEAD),
    by("too_early", "/data/until_on", a_credit(from_on="2026-02-02", until_on="2026-02-01")),
    # leaving a list
    by("text_needed", "/data/reason", an_exit_request(reason=""), given=changing),
    by("exit_pending", "/data/project", an_exit_request(), given=requested),
    by("has_left", "/data/project", an_exit_request(), given=replaced),
    by("exit_not_requested", "/data/project", an_exit_step(step="drc"), APPROVER, changing),
    by("out_of_turn", "/data/step", an_exit_step(), APPROVER, requested),
    by("own_request", "/data/project", an_exit_step(step="drc"), BOSS, requested),
    by("exit_refused", "/data/step", an_exit_step(step="government"), APPROVER, refused_exit),
    by("already_decided", "/data/step", an_exit_step(), APPROVER, approved),
    by("already_decided", "/data/step", an_exit_step(step="x"), APPROVER, lambda: decided(("x", True), exit_chain="")),
    by("exit_not_approved", "/data/project", an_exit(), given=requested),
    by("exit_not_approved", "/data/project", an_exit(), given=changing),
    by("exit_not_approved", "/data/project", an_exit(), given=refused_exit),
    by("exit_not_approved", "/data/project", a_replacement(by="p2"), given=requested),
    by("count_would_fall", "/data/project", an_exit(), given=lambda: decided(("drc", True), ("government", True))),
    by("has_left", "/data/project", a_replacement(by="p8"), given=replaced),
    by("replaces_itself", "/data/replacement", a_replacement(by="p1"), given=approved),
    by("replacement_not_listed", "/data/replacement", a_replacement("p2", by="p1"), given=replaced),
    by("replacement_used", "/data/replacement", a_replacement("p2"), given=replaced),
    by("replacement_unlike", "/data/replacement", a_replacement(by="p8"), given=approved),
    # what units return
    by("amount_needed", "/data/investment_ytd_yuan", february(investment_ytd_yuan=None), LEAD),
    by("nil_with_amount", "/data/funds_paid_yuan",
       february(investment_ytd_yuan=None, funds_paid_yuan=YI, is_nil=True), LEAD),
    by("nil_not_taken", "/data/is_nil", a_return(period=FEBRUARY, yi=None), LEAD, no_nil),
    by("field_needed", "/data/narrative", february(funds_paid_yuan=YI), LEAD, lambda: staffed(**NARRATED)),
    by("field_needed", "/data/funds_in_place_yuan", february(narrative="x"), LEAD, lambda: staffed(**NARRATED)),
    by("filed_by_another", "/unit", february(), LEAD, group),
    by("channel_needed", "/data/channel", february(), on_behalf_of="bureau-a"),
    by("nothing_to_confirm", "/data/period", a_confirmed_return(period=FEBRUARY), LEAD, returned),
    by("nothing_to_confirm", "/data/period", a_confirmed_return(period=FEBRUARY), LEAD),
    by("no_return", "/data/period", a_signature(period=FEBRUARY), HEAD),
    by("not_yourself", "/data/signer", a_signature(period=FEBRUARY, signer="another"), HEAD, returned),
    by("already_signed", "/data/period", a_signature(period=FEBRUARY), HEAD, signed),
    by("not_your_return", "/data/period", a_signature(period=FEBRUARY, signer=SECOND_HEAD), SECOND_HEAD, two_heads),
    by("sent_back", "/data/period", a_signature(period=FEBRUARY), HEAD, sent_back),
    by("no_return", "/data/period", review(), REVIEWER),
    by("sent_back", "/data/period", review("assessment_office"), ASSESSOR, sent_back),
    by("own_return", "/data/project", review(), OFFICE, on_behalf),
    by("signature_needed", "/data/period", review(), REVIEWER, lambda: returned(sign_off=("unit_head",))),
    by("out_of_turn", "/data/step", review("assessment_office"), ASSESSOR, lambda: returned(**TWO)),
    by("already_decided", "/data/step", review(), REVIEWER, both_reviewed),
    by("already_decided", "/data/step", review(), REVIEWER, reviewed),
    by("not_your_step", "/data/step", review("assessment_office"), REVIEWER, returned),
    by("not_your_step", "/data/step", review("lead_unit"), REVIEWER, returned),
    by("amount_needed", "/data/investment_ytd_yuan", review(verdict="adjusted", reason="x"), REVIEWER, returned),
    by("amount_not_taken", "/data/investment_ytd_yuan", review(yi="1"), REVIEWER, returned),
    by("reason_needed", "/data/reason", review(verdict="returned"), REVIEWER, returned),
    by("reason_needed", "/data/reason", review(verdict="adjusted", yi="1"), REVIEWER, returned),
    by("no_such_return", "/data/withdrawn_event", a_withdrawal("e1"), LEAD, returned),
    by("reason_needed", "/data/reason", a_withdrawal("e1", reason=""), LEAD, returned),
    by("not_your_project", "/data/project", february(), OTHER),
]  # fmt: skip
