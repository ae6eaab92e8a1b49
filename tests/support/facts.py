"""What is told of projects, permits, matters, supervision and results: one builder for every class, valid by default.

Days are texts, amounts are in 亿元. What is about a project is about p1, which `a_year` of the builders lists.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from shared.core.events import (
    AbsenceRecorded,
    AgendaItemAdded,
    AgentAssigned,
    AppealDecided,
    AppealRequested,
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    BaselineReset,
    BulletinTextSet,
    ContactFailed,
    Decision,
    DutyVisitRecorded,
    EligibilityLost,
    ExemptionGranted,
    ExitRequested,
    ExitStepDecided,
    ExtensionGranted,
    ExternalResultRecorded,
    Finding,
    FundsAllocated,
    FundsArrived,
    FundsPaid,
    IncidentRecorded,
    InspectionRecorded,
    ItemDeferred,
    LineContested,
    ListSealed,
    MatterAssigned,
    MatterOpened,
    MatterReceived,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterReturned,
    MatterStruckOff,
    MatterVerified,
    MeetingCalled,
    MeetingHeld,
    Milestone,
    MilestoneReached,
    MinutesIssued,
    NoticeDeclined,
    NoticeTextSet,
    ObjectionDecided,
    ObjectionFiled,
    OverrideUsed,
    Paused,
    Permit,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    PostAssigned,
    PostEnded,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
    ProjectExited,
    ProjectReplaced,
    ReferralAnswered,
    ReportSent,
    ReportWithdrawn,
    ResponsibilityAssigned,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
    RoundPlanned,
    RoundReported,
    StepOrdered,
    SuspensionCredited,
    TalkRecorded,
    TokenRevoked,
    UnitClosed,
    UnitRenamed,
    VisitHeld,
    VisitScored,
)
from tests.support.builders import LIST, YI

DAY = "2026-03-02"


def day(text: str) -> date:
    return date.fromisoformat(text)


def yuan(yi: str) -> Decimal:
    return Decimal(yi) * YI


def _with(event: Any, changes: dict[str, Any]) -> Any:
    return replace(event, **changes)


# --- plans, people, returns ---------------------------------------------------------------------------------------


def a_milestone(id: str = "roof", due_on: str = "2026-06-30", **changes: Any) -> Milestone:  # noqa: A002 - its name
    made: Milestone = _with(Milestone(id=id, name=id.title(), due_on=day(due_on)), changes)
    return made


def a_permit(id: str = "land", due_on: str | None = "2026-05-31", **changes: Any) -> Permit:  # noqa: A002 - its name
    permit = Permit(id=id, name=id.title(), office="land-office", due_on=None if due_on is None else day(due_on))
    made: Permit = _with(permit, changes)
    return made


def a_reset(project: str = "p1", *, yi: str, **changes: Any) -> BaselineReset:
    reset = BaselineReset(
        list=LIST, year=2026, project=project, annual_planned_investment_yuan=yuan(yi), approver="mayor",
        document_number="1", reason="floods",
    )  # fmt: skip
    made: BaselineReset = _with(reset, changes)
    return made


def a_responsibility(project: str = "p1", role: Any = "sponsor_leader", **changes: Any) -> ResponsibilityAssigned:
    """Of leader-1, unless a unit or another person is given."""
    who = () if {"unit", "person"} & changes.keys() else (("person", "leader-1"),)
    made: ResponsibilityAssigned = _with(ResponsibilityAssigned(project=project, role=role), {**dict(who), **changes})
    return made


def a_post(person: str = "head-a", post: Any = "unit_head", unit: str = "bureau-a", **changes: Any) -> PostAssigned:
    return PostAssigned(person=person, post=post, unit=unit, **changes)


def the_end_of_a_post(
    person: str = "head-a", post: Any = "unit_head", unit: str = "bureau-a", **changes: Any
) -> PostEnded:
    return PostEnded(person=person, post=post, unit=unit, **changes)


def a_signature(project: str = "p1", period: str = "2026-01", signer: str = "head-a") -> ReturnSigned:
    return ReturnSigned(project=project, period=period, signer=signer)


def a_review(
    project: str = "p1", period: str = "2026-01", verdict: Any = "approved", yi: str | None = None, **changes: Any
) -> ReturnReviewed:
    review = ReturnReviewed(
        project=project, period=period, verdict=verdict, step="assessment_office",
        investment_ytd_yuan=None if yi is None else yuan(yi),
    )  # fmt: skip
    made: ReturnReviewed = _with(review, changes)
    return made


def a_withdrawal(event: str, project: str = "p1", **changes: Any) -> ReportWithdrawn:
    return ReportWithdrawn(project=project, withdrawn_event=event, **{"reason": "a wrong project", **changes})


def a_milestone_reached(project: str = "p1", milestone: str = "roof", on: str = DAY) -> MilestoneReached:
    return MilestoneReached(project=project, milestone=milestone, on=day(on))


# --- money --------------------------------------------------------------------------------------------------------


def an_allocation(project: str = "p1", yi: str = "1", on: str = DAY, **changes: Any) -> FundsAllocated:
    made: FundsAllocated = _with(
        FundsAllocated(project=project, programme="budget", year=2026, amount_yuan=yuan(yi), on=day(on)), changes
    )
    return made


def an_arrival(project: str = "p1", yi: str = "1", on: str = DAY, **changes: Any) -> FundsArrived:
    made: FundsArrived = _with(
        FundsArrived(project=project, programme="budget", year=2026, amount_yuan=yuan(yi), on=day(on)), changes
    )
    return made


def a_payment(project: str = "p1", yi: str = "1", on: str = DAY, **changes: Any) -> FundsPaid:
    made: FundsPaid = _with(
        FundsPaid(project=project, programme="budget", year=2026, amount_yuan=yuan(yi), on=day(on)), changes
    )
    return made


# --- leaving a list -----------------------------------------------------------------------------------------------


def an_exit_request(project: str = "p1", on: str = DAY, **changes: Any) -> ExitRequested:
    request = ExitRequested(list=LIST, year=2026, project=project, reason="no land", on=day(on))
    made: ExitRequested = _with(request, changes)
    return made


def an_exit_step(project: str = "p1", on: str = DAY, **changes: Any) -> ExitStepDecided:
    step = ExitStepDecided(list=LIST, year=2026, project=project, step="government", approved=True, on=day(on))
    made: ExitStepDecided = _with(step, changes)
    return made


def an_exit(project: str = "p1", on: str = DAY, **changes: Any) -> ProjectExited:
    made: ProjectExited = _with(ProjectExited(list=LIST, year=2026, project=project, on=day(on)), changes)
    return made


def a_replacement(project: str = "p1", by: str = "p9", on: str = DAY, **changes: Any) -> ProjectReplaced:
    replaced = ProjectReplaced(list=LIST, year=2026, project=project, replacement=by, on=day(on))
    made: ProjectReplaced = _with(replaced, changes)
    return made


def a_credit(
    project: str = "p1", from_on: str = DAY, until_on: str | None = None, **changes: Any
) -> SuspensionCredited:
    credit = SuspensionCredited(
        project=project, from_on=day(from_on), until_on=None if until_on is None else day(until_on),
        reason="force_majeure",
    )  # fmt: skip
    made: SuspensionCredited = _with(credit, changes)
    return made


# --- permits and problems -----------------------------------------------------------------------------------------


def a_filing(project: str = "p1", permit: str = "land", on: str = DAY, office: str = "land-office") -> PermitFiled:
    return PermitFiled(project=project, permit=permit, office=office, on=day(on))


def an_acceptance(project: str = "p1", permit: str = "land", on: str = DAY, **changes: Any) -> PermitAccepted:
    made: PermitAccepted = _with(
        PermitAccepted(project=project, permit=permit, office="land-office", on=day(on)), changes
    )
    return made


def a_giving_back(project: str = "p1", permit: str = "land", on: str = DAY, **changes: Any) -> PermitReturned:
    made: PermitReturned = _with(
        PermitReturned(project=project, permit=permit, office="land-office", on=day(on), to_add=("a map",)), changes
    )
    return made


def an_issue(project: str = "p1", permit: str = "land", on: str = DAY, office: str = "land-office") -> PermitIssued:
    return PermitIssued(project=project, permit=permit, office=office, on=day(on))


def a_refusal(project: str = "p1", permit: str = "land", on: str = DAY, office: str = "land-office") -> PermitRefused:
    return PermitRefused(project=project, permit=permit, office=office, on=day(on), reason="a wetland")


def a_problem(problem: str = "q1", project: str = "p1", on: str = DAY, **changes: Any) -> ProblemRaised:
    raised = ProblemRaised(problem=problem, project=project, obstacle="land", text="No land.", on=day(on))
    made: ProblemRaised = _with(raised, changes)
    return made


def an_escalation(
    problem: str = "q1", on: str = DAY, needs: str = "county_meeting", **changes: Any
) -> ProblemEscalated:
    return ProblemEscalated(problem=problem, on=day(on), needs=needs, **changes)


def a_solution(problem: str = "q1", on: str = DAY, solution: str = "Other land.") -> ProblemSolved:
    return ProblemSolved(problem=problem, on=day(on), solution=solution)


# --- matters ------------------------------------------------------------------------------------------------------


def a_matter(matter: str = "m1", on: str = DAY, due_on: str | None = "2026-03-16", **changes: Any) -> MatterOpened:
    """About p1; `project=""` for one that is about none."""
    opened = MatterOpened(
        matter=matter, list=LIST, source="directive", text="See to it.", on=day(on), project="p1",
        due_on=None if due_on is None else day(due_on),
    )  # fmt: skip
    made: MatterOpened = _with(opened, changes)
    return made


def an_assignment(matter: str = "m1", unit: str = "bureau-a", on: str = DAY, **changes: Any) -> MatterAssigned:
    return MatterAssigned(matter=matter, unit=unit, on=day(on), **changes)


def a_reminder(matter: str = "m1", on: str = DAY) -> MatterReminded:
    return MatterReminded(matter=matter, on=day(on))


def a_report(matter: str = "m1", on: str = DAY, **changes: Any) -> MatterReported:
    return MatterReported(matter=matter, on=day(on), **{"text": "Done.", **changes})


def a_verification(matter: str = "m1", on: str = DAY, **changes: Any) -> MatterVerified:
    return MatterVerified(matter=matter, on=day(on), **{"is_done": True, **changes})


def a_striking_off(matter: str = "m1", on: str = DAY, **changes: Any) -> MatterStruckOff:
    return MatterStruckOff(matter=matter, on=day(on), **changes)


def a_reopening(matter: str = "m1", on: str = DAY, reason: str = "It is back.") -> MatterReopened:
    return MatterReopened(matter=matter, on=day(on), reason=reason)


def an_extension(
    matter: str = "m1", old: str = "2026-03-16", new: str = "2026-03-31", **changes: Any
) -> ExtensionGranted:
    """Of a matter; with `project` and `item`, of a milestone or permit."""
    return ExtensionGranted(
        matter="" if "project" in changes else matter, old_due_on=day(old), new_due_on=day(new),
        **{"approver": "mayor", "reason": "floods", **changes},
    )  # fmt: skip


def an_exemption(
    rule: str = "slow", subject: str = "p1", until_on: str | None = None, **changes: Any
) -> ExemptionGranted:
    granted = ExemptionGranted(
        matter="m1", rule=rule, subject=subject, approver="mayor", reason="floods",
        until_on=None if until_on is None else day(until_on),
    )  # fmt: skip
    made: ExemptionGranted = _with(granted, changes)
    return made


def a_pause(matter: str = "m1", on: str = DAY, until_on: str | None = None) -> Paused:
    return Paused(matter=matter, on=day(on), reason="floods", until_on=None if until_on is None else day(until_on))


def an_objection(matter: str = "m1", unit: str = "bureau-a", on: str = DAY) -> ObjectionFiled:
    return ObjectionFiled(matter=matter, unit=unit, on=day(on), reason="Not ours.")


def a_decided_objection(matter: str = "m1", on: str = DAY, **changes: Any) -> ObjectionDecided:
    return ObjectionDecided(matter=matter, on=day(on), **{"upheld": False, "by": "government", **changes})


# --- rounds, visits, inspections ----------------------------------------------------------------------------------


def a_round(round: str = "r1", from_on: str = DAY, until_on: str = "2026-03-06", **changes: Any) -> RoundPlanned:  # noqa: A002 - its name
    """Of p1, unless other objects are given."""
    planned = RoundPlanned(round=round, kind="regular", from_on=day(from_on), until_on=day(until_on), projects=("p1",))
    made: RoundPlanned = _with(planned, changes)
    return made


def a_round_report(round: str = "r1", on: str = "2026-03-06", **changes: Any) -> RoundReported:  # noqa: A002 - its name
    return RoundReported(round=round, on=day(on), **changes)


def a_visit(project: str = "p1", person: str = "leader-1", on: str = DAY, **changes: Any) -> DutyVisitRecorded:
    return DutyVisitRecorded(project=project, person=person, on=day(on), **{"role": "sponsor_leader", **changes})


def an_inspection(project: str = "p1", on: str = DAY, *, yi: str | None = None, **changes: Any) -> InspectionRecorded:
    """Announced, on the site; `yi` is what it found to be completed in the year to date."""
    inspection = InspectionRecorded(
        project=project, team="team-1", on=day(on), method="on_site", is_announced=True,
        found_investment_ytd_yuan=None if yi is None else yuan(yi),
    )  # fmt: skip
    made: InspectionRecorded = _with(inspection, changes)
    return made


def a_finding(id: str = "f1", **changes: Any) -> Finding:  # noqa: A002 - its name
    return Finding(id=id, **{"kind": "quality", "severity": "ordinary", "text": "Cracks.", **changes})


def a_report_up(to: str = "city_government", period: str = "2026-02", on: str = DAY, **changes: Any) -> ReportSent:
    return ReportSent(to=to, period=period, on=day(on), **{"list": LIST, **changes})


def an_incident(incident: str = "i1", on: str = DAY, **changes: Any) -> IncidentRecorded:
    """On p1, unless other subjects are given."""
    where = {} if {"projects", "units", "persons"} & changes.keys() else {"projects": ("p1",)}
    return IncidentRecorded(
        incident=incident, on=day(on), **{"kind": "safety", "severity": "serious", **where, **changes}
    )


def a_failed_contact(person: str = "liaison-a", unit: str = "bureau-a", on: str = DAY, **changes: Any) -> ContactFailed:
    return ContactFailed(person=person, unit=unit, on=day(on), **changes)


def a_tour(visit: str = "v1", on: str = DAY, projects: tuple[str, ...] = ("p1",)) -> VisitHeld:
    """A visit at which projects are scored (观摩)."""
    return VisitHeld(visit=visit, on=day(on), projects=projects)


def a_mark(visit: str = "v1", project: str = "p1", score: str = "90", **changes: Any) -> VisitScored:
    mark = VisitScored(visit=visit, project=project, criterion="progress", score=Decimal(score), scorer_group="leaders")
    made: VisitScored = _with(mark, changes)
    return made


# --- meetings -----------------------------------------------------------------------------------------------------


def a_meeting(meeting: str = "g1", on: str = DAY, forum: str = "dispatch", **changes: Any) -> MeetingHeld:
    return MeetingHeld(meeting=meeting, forum=forum, on=day(on), **changes)


def a_decision(id: str = "d1", unit: str = "bureau-a", **changes: Any) -> Decision:  # noqa: A002 - its name
    return Decision(id=id, unit=unit, **{"what": "Clear the site.", **changes})


def minutes(meeting: str = "g1", on: str = DAY, forum: str = "dispatch", **changes: Any) -> MinutesIssued:
    return MinutesIssued(meeting=meeting, forum=forum, on=day(on), **changes)


def an_absence(meeting: str = "g1", unit: str = "bureau-a", on: str = DAY, **changes: Any) -> AbsenceRecorded:
    return AbsenceRecorded(meeting=meeting, unit=unit, on=day(on), **{"forum": "dispatch", **changes})


# --- units, lists, results ----------------------------------------------------------------------------------------


def a_new_name(code: str = "bureau-a", name: str = "Bureau of A") -> UnitRenamed:
    return UnitRenamed(code=code, name=name)


def a_closing(code: str = "bureau-a", successor: str = "") -> UnitClosed:
    return UnitClosed(code=code, successor=successor)


def a_sealing(year: int = 2026, **changes: Any) -> ListSealed:
    return ListSealed(year=year, **{"list": LIST, **changes})


def a_proposal(scheme: str = "annual", on: str = "2027-01-10", **changes: Any) -> AssessmentProposed:
    return AssessmentProposed(scheme=scheme, on=day(on), **{"list": LIST, "year": 2026, **changes})


def a_confirmation(
    scheme: str = "annual", step: str = "government", on: str = "2027-01-20", **changes: Any
) -> AssessmentConfirmed:
    return AssessmentConfirmed(
        scheme=scheme, step=step, on=day(on), **{"list": LIST, "year": 2026, "approved": True, **changes}
    )


def an_external_result(subject: str = "bureau-a", value: str | None = None, on: str = DAY, **changes: Any) -> Any:
    return ExternalResultRecorded(
        subject=subject, on=day(on), value=None if value is None else Decimal(value),
        **{"scheme": "efficiency", "result": "good", **changes},
    )  # fmt: skip


def a_loss(subject: str = "bureau-a", on: str = DAY, until_on: str | None = None, **changes: Any) -> EligibilityLost:
    lost = EligibilityLost(
        subject=subject, award="advanced_unit", reason="an accident", on=day(on),
        until_on=None if until_on is None else day(until_on),
    )  # fmt: skip
    made: EligibilityLost = _with(lost, changes)
    return made


def an_award(subject: str = "bureau-a", award: str = "praise", on: str = DAY) -> AwardGranted:
    return AwardGranted(subject=subject, award=award, on=day(on))


def a_talk(notice: str = "n1", on: str = DAY, **changes: Any) -> TalkRecorded:
    return TalkRecorded(notice=notice, on=day(on), **{"persons": ("head-a",), **changes})


def an_override(rule: str = "late_acceptance", by: str = "supervisor-1") -> OverrideUsed:
    return OverrideUsed(rule=rule, by=by, reason="a power cut")


# --- what people do in their own part ------------------------------------------------------------------------------


def a_confirmed_return(project: str = "p1", period: str = "2026-01") -> ReturnConfirmed:
    return ReturnConfirmed(project=project, period=period)


def an_agent(project: str = "p1", agent: str = "agent-1", on: str = DAY, **changes: Any) -> AgentAssigned:
    return AgentAssigned(project=project, agent=agent, on=day(on), **changes)


def a_receipt(matter: str = "m1", unit: str = "bureau-a", on: str = DAY, **changes: Any) -> MatterReceived:
    return MatterReceived(matter=matter, unit=unit, on=day(on), **changes)


def a_handing_back(matter: str = "m1", unit: str = "bureau-a", on: str = DAY, **changes: Any) -> MatterReturned:
    return MatterReturned(matter=matter, unit=unit, on=day(on), **{"reason": "The land office handles it.", **changes})


def an_appeal(matter: str = "m1", unit: str = "bureau-a", on: str = DAY) -> AppealRequested:
    return AppealRequested(matter=matter, unit=unit, on=day(on), reason="The site was handed over late.")


def a_decided_appeal(matter: str = "m1", on: str = DAY, **changes: Any) -> AppealDecided:
    return AppealDecided(matter=matter, on=day(on), **{"upheld": False, "by": "government", **changes})


def an_order(matter: str = "m1", on: str = DAY, **changes: Any) -> StepOrdered:
    return StepOrdered(
        matter=matter, on=day(on), **{"step": "talk", "by": "principal_leaders", "reason": "a directive", **changes}
    )


def a_call(meeting: str = "g1", on: str = DAY, forum: str = "dispatch", **changes: Any) -> MeetingCalled:
    return MeetingCalled(meeting=meeting, forum=forum, on=day(on), **changes)


def an_item(meeting: str = "g1", item: str = "i1", **changes: Any) -> AgendaItemAdded:
    return AgendaItemAdded(meeting=meeting, item=item, **{"problem": "q1", **changes})


def a_deferral(meeting: str = "g1", item: str = "i1", **changes: Any) -> ItemDeferred:
    return ItemDeferred(meeting=meeting, item=item, **{"reason": "The land office is absent.", **changes})


def a_wording(notice: str = "n-1", text: str = "请加快进度。", **changes: Any) -> NoticeTextSet:
    return NoticeTextSet(notice=notice, text=text, **{"draft_digest": "d1", **changes})


def a_declining(notice: str = "n-1", until_on: str | None = None, **changes: Any) -> NoticeDeclined:
    made = {"draft_digest": "d1", "step": "signer", "reason": "The flood is not over.", **changes}
    return NoticeDeclined(notice=notice, until_on=None if until_on is None else day(until_on), **made)


def a_contest(bulletin: str = "b-1", unit: str = "bureau-a", subject: str = "p1", **changes: Any) -> LineContested:
    made = {"draft_digest": "d1", "reason": "The return of March is not in it.", **changes}
    return LineContested(bulletin=bulletin, unit=unit, subject=subject, **made)


def a_section_text(bulletin: str = "b-1", section: str = "overview", **changes: Any) -> BulletinTextSet:
    return BulletinTextSet(
        bulletin=bulletin, section=section, **{"draft_digest": "d1", "text": "总体平稳。", **changes}
    )


def an_answer(notice: str = "n-1", on: str = DAY, **changes: Any) -> ReferralAnswered:
    return ReferralAnswered(notice=notice, on=day(on), **{"by": "discipline_body", "result": "warned", **changes})


def a_revocation(**changes: Any) -> TokenRevoked:
    """Of all that zhang had, unless a token or another person is given."""
    return TokenRevoked(**{"reason": "a lost phone", **({} if "token" in changes else {"person": "zhang"}), **changes})
