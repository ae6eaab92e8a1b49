"""Histories of all classes of events that the record may hold: mostly plausible, with nonsense, copies and strangers.

A step says which class, about which project, with which number, and how many days after the step before. Numbers are
few, so that a permit that is issued was often filed, and a matter that is answered was often opened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, get_args

from hypothesis import strategies as st

from shared.core.events import (
    AbsenceRecorded,
    AgendaItemAdded,
    AgentAssigned,
    AnyRecorded,
    AppealDecided,
    AppealRequested,
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    BaselineReset,
    BulletinApproved,
    BulletinTextSet,
    CalendarPublished,
    ContactFailed,
    DutyVisitRecorded,
    EligibilityLost,
    ExemptionGranted,
    ExitRequested,
    ExitStepDecided,
    ExtensionGranted,
    ExternalResultRecorded,
    FundsAllocated,
    FundsArrived,
    FundsPaid,
    IncidentRecorded,
    InspectionRecorded,
    ItemDeferred,
    JurisdictionOpened,
    LineContested,
    ListPublished,
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
    MilestoneReached,
    MinutesIssued,
    NoticeApproved,
    NoticeDeclined,
    NoticeSignedFor,
    NoticeTextSet,
    ObjectionDecided,
    ObjectionFiled,
    OverrideUsed,
    Paused,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    PlanSet,
    PostAssigned,
    PostEnded,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
    ProgressCorrected,
    ProgressReported,
    ProjectExited,
    ProjectListed,
    ProjectReplaced,
    RecordEvent,
    ReferralAnswered,
    RegimeAdopted,
    ReportSent,
    ReportWithdrawn,
    ResponsibilityAssigned,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
    RoundPlanned,
    RoundReported,
    StageChanged,
    StepOrdered,
    SuspensionCredited,
    TalkRecorded,
    TimeReached,
    TokenRevoked,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
    VisitHeld,
    VisitScored,
)
from shared.core.regime.model import Regime
from tests.support import builders, facts
from tests.support.builders import local, record, until

RECORDED: tuple[type, ...] = get_args(RecordEvent)
"""The classes that intake records."""
PROJECTS = ("p1", "p1", "p2", "p3", "nobody")
_UNITS = ("bureau-a", "bureau-b")
_STAGES = ("launched", "started", "suspended", "completed")
_START, _END = date(2026, 1, 5), "2027-02-20 00:00"
_OPENED_AGAIN = 5
"""Only this number opens the jurisdiction a second time, which holds back all that comes after."""


class Told(NamedTuple):
    """What a step tells: of which project, its number, its day, and the return of it that was told of last."""

    p: str
    n: int
    on: str
    last_return: str
    regime: Regime

    @property
    def unit(self) -> str:
        return _UNITS[self.n % 2]

    @property
    def month(self) -> str:
        return self.on[:7]


class Step(NamedTuple):
    """One event of a class. `is_again`: it is told twice, under an id of its own."""

    of: type
    project: str
    number: int
    days: int
    is_again: bool = False


# Permits and milestones are called by the number, matters m0…, problems q0…, meetings g0…, visits v0…, rounds r0….
TELLING: Mapping[type, Callable[[Told], Any]] = {
    JurisdictionOpened: lambda t: builders.a_jurisdiction() if t.n == _OPENED_AGAIN else TimeReached(at=_noon(t)),
    RegimeAdopted: lambda t: builders.an_adoption(replace(t.regime, version=t.n + 2), t.on),
    CalendarPublished: lambda t: builders.a_calendar(_later(t, 20), provisional=t.n % 2 == 0),
    UnitRegistered: lambda t: builders.a_unit(f"bureau-{t.n}", kind="town"),
    PostAssigned: lambda t: facts.a_post(f"l{t.n % 3}", ("unit_head", "liaison", "sponsor_leader")[t.n % 3], t.unit),
    PostEnded: lambda t: facts.the_end_of_a_post(f"l{t.n % 3}", ("unit_head", "liaison")[t.n % 2], t.unit),
    ListPublished: lambda t: builders.a_list(2026 + t.n % 2),
    NoticeTextSet: lambda t: facts.a_wording(f"n{t.n}"),
    NoticeDeclined: lambda t: facts.a_declining(f"n{t.n}", _later(t, 9)),
    NoticeApproved: lambda t: NoticeApproved(notice=f"n{t.n}", draft_digest="d1", step="signer"),
    NoticeSignedFor: lambda t: NoticeSignedFor(notice=f"n{t.n}"),
    LineContested: lambda t: facts.a_contest(f"b{t.n}", t.unit, t.p),
    BulletinTextSet: lambda t: facts.a_section_text(f"b{t.n}"),
    BulletinApproved: lambda t: BulletinApproved(bulletin=f"b{t.n}", draft_digest="d1", step="signer"),
    TimeReached: lambda t: TimeReached(at=_noon(t)),
    ProjectListed: lambda t: builders.a_project(t.p, lead=t.unit, plan_yi=str(t.n * 4) if t.n else None),
    PlanSet: lambda t: builders.a_plan(
        t.p, yi=str(t.n * 3), milestones=(facts.a_milestone(f"a{t.n}", _later(t, 30)),),
        permits=(facts.a_permit(f"a{t.n}", _later(t, 20)),), by_month_yuan=((6, Decimal(t.n)), (12, Decimal(t.n * 3))),
    ),
    StageChanged: lambda t: builders.a_stage(t.p, _STAGES[t.n % 4], t.on),  # type: ignore[arg-type]
    ProgressReported: lambda t: builders.a_return(
        t.p, _before(t) if t.n % 3 else t.on, yi=str(t.n * 2) if t.n else None,
        physical_progress_ratio=Decimal(t.n) / 10, flags=("jump",) if t.n == 1 else (),
    ),
    ProgressCorrected: lambda t: builders.a_correction(t.last_return, yi=str(t.n), project=t.p),
    BaselineReset: lambda t: facts.a_reset(t.p, yi=str(t.n + 1)),
    ResponsibilityAssigned: lambda t: facts.a_responsibility(
        t.p, ("sponsor_leader", "liaison")[t.n % 2], person=f"l{t.n % 3}", ends=t.n == 0
    ),
    ReturnConfirmed: lambda t: facts.a_confirmed_return(t.p, _before(t)),
    ReturnSigned: lambda t: facts.a_signature(t.p, _before(t), f"l{t.n % 3}"),
    ReturnReviewed: lambda t: facts.a_review(
        t.p, _before(t), ("approved", "returned", "adjusted")[t.n % 3], str(t.n) if t.n % 3 == 2 else None,
        step=("supervision_office", "assessment_office")[t.n % 2], fault=("", "misreport")[t.n % 2],
    ),
    ReportWithdrawn: lambda t: facts.a_withdrawal(t.last_return, t.p),
    MilestoneReached: lambda t: facts.a_milestone_reached(t.p, f"a{t.n}", t.on),
    FundsAllocated: lambda t: facts.an_allocation(t.p, str(t.n + 1), t.on),
    FundsArrived: lambda t: facts.an_arrival(t.p, str(t.n), t.on),
    FundsPaid: lambda t: facts.a_payment(t.p, str(t.n), t.on),
    ExitRequested: lambda t: facts.an_exit_request(t.p, t.on),
    ExitStepDecided: lambda t: facts.an_exit_step(t.p, t.on, approved=t.n % 2 == 0),
    ProjectExited: lambda t: facts.an_exit(t.p, t.on),
    ProjectReplaced: lambda t: facts.a_replacement(t.p, f"p{t.n}", t.on),
    SuspensionCredited: lambda t: facts.a_credit(t.p, t.on, _later(t, 10) if t.n % 2 else None),
    AgentAssigned: lambda t: facts.an_agent(t.p, f"l{t.n % 3}", t.on),
    PermitFiled: lambda t: facts.a_filing(t.p, f"a{t.n}", t.on),
    PermitAccepted: lambda t: facts.an_acceptance(t.p, f"a{t.n}", t.on),
    PermitReturned: lambda t: facts.a_giving_back(t.p, f"a{t.n}", t.on),
    PermitIssued: lambda t: facts.an_issue(t.p, f"a{t.n}", t.on),
    PermitRefused: lambda t: facts.a_refusal(t.p, f"a{t.n}", t.on),
    ProblemRaised: lambda t: facts.a_problem(f"q{t.n}", t.p, t.on),
    ProblemEscalated: lambda t: facts.an_escalation(f"q{t.n}", t.on),
    ProblemSolved: lambda t: facts.a_solution(f"q{t.n}", t.on),
    UnitRenamed: lambda t: facts.a_new_name(t.unit, f"Bureau {t.n}"),
    UnitClosed: lambda t: facts.a_closing("bureau-b", "bureau-a" if t.n % 2 else ""),
    ListSealed: lambda _: facts.a_sealing(),
    RoundPlanned: lambda t: facts.a_round(f"r{t.n}", t.on, _later(t, 5), projects=(t.p,)),
    RoundReported: lambda t: facts.a_round_report(f"r{t.n}", t.on),
    DutyVisitRecorded: lambda t: facts.a_visit(t.p, f"l{t.n % 3}", t.on),
    InspectionRecorded: lambda t: facts.an_inspection(t.p, t.on, yi=str(t.n), findings=(facts.a_finding(f"f{t.n}"),)),
    ReportSent: lambda t: facts.a_report_up("city_government", _before(t), t.on),
    IncidentRecorded: lambda t: facts.an_incident(f"i{t.n}", t.on, projects=(t.p,)),
    ContactFailed: lambda t: facts.a_failed_contact(f"l{t.n % 3}", t.unit, t.on),
    VisitHeld: lambda t: facts.a_tour(f"v{t.n}", t.on, (t.p, "p2")),
    VisitScored: lambda t: facts.a_mark(f"v{t.n}", t.p, str(60 + t.n)),
    MeetingCalled: lambda t: facts.a_call(f"g{t.n}", t.on),
    AgendaItemAdded: lambda t: facts.an_item(f"g{t.n}", problem=f"q{t.n}"),
    ItemDeferred: lambda t: facts.a_deferral(f"g{t.n}"),
    MeetingHeld: lambda t: facts.a_meeting(f"g{t.n}", t.on, problems=(f"q{t.n}",)),
    MinutesIssued: lambda t: facts.minutes(f"g{t.n}", t.on, decisions=(facts.a_decision(f"d{t.n}", t.unit),)),
    AbsenceRecorded: lambda t: facts.an_absence(f"g{t.n}", t.unit, t.on),
    MatterOpened: lambda t: facts.a_matter(f"m{t.n}", t.on, _later(t, 14), project=t.p, unit=t.unit),
    MatterAssigned: lambda t: facts.an_assignment(f"m{t.n}", t.unit, t.on),
    MatterReceived: lambda t: facts.a_receipt(f"m{t.n}", t.unit, t.on),
    MatterReturned: lambda t: facts.a_handing_back(f"m{t.n}", t.unit, t.on),
    MatterReminded: lambda t: facts.a_reminder(f"m{t.n}", t.on),
    MatterReported: lambda t: facts.a_report(f"m{t.n}", t.on),
    MatterVerified: lambda t: facts.a_verification(f"m{t.n}", t.on, is_done=t.n % 2 == 0),
    MatterStruckOff: lambda t: facts.a_striking_off(f"m{t.n}", t.on),
    MatterReopened: lambda t: facts.a_reopening(f"m{t.n}", t.on),
    ExtensionGranted: lambda t: facts.an_extension(f"m{t.n}", t.on, _later(t, 30)),
    ExemptionGranted: lambda t: facts.an_exemption("slow", t.p, _later(t, 30)),
    Paused: lambda t: facts.a_pause(f"m{t.n}", t.on, _later(t, 7)),
    ObjectionFiled: lambda t: facts.an_objection(f"m{t.n}", t.unit, t.on),
    ObjectionDecided: lambda t: facts.a_decided_objection(f"m{t.n}", t.on, upheld=t.n % 2 == 0),
    AppealRequested: lambda t: facts.an_appeal(f"m{t.n}", t.unit, t.on),
    AppealDecided: lambda t: facts.a_decided_appeal(f"m{t.n}", t.on),
    StepOrdered: lambda t: facts.an_order(f"m{t.n}", t.on),
    AssessmentProposed: lambda t: facts.a_proposal(on=t.on),
    AssessmentConfirmed: lambda t: facts.a_confirmation(on=t.on),
    ExternalResultRecorded: lambda t: facts.an_external_result(t.unit, str(t.n), t.on),
    EligibilityLost: lambda t: facts.a_loss(t.unit, t.on, _later(t, 60)),
    AwardGranted: lambda t: facts.an_award(t.unit, on=t.on),
    TalkRecorded: lambda t: facts.a_talk(f"n{t.n}", t.on),
    ReferralAnswered: lambda t: facts.an_answer(f"n{t.n}", t.on),
    TokenRevoked: lambda t: facts.a_revocation(person=f"l{t.n % 3}"),
    OverrideUsed: lambda _: facts.an_override(),
}  # fmt: skip


_KNOWN = (
    PostAssigned, PlanSet, PermitFiled, ProblemRaised, MatterOpened, RoundPlanned, VisitHeld, MeetingCalled,
    AssessmentProposed,
)  # fmt: skip
"""What is told at the start under the numbers 0, 1 and 2, so that there is something to go on about."""


def _noon(told: Told) -> Any:
    return local(f"{told.on} 12:00")


def _later(told: Told, days: int) -> str:
    return (date.fromisoformat(told.on) + timedelta(days=days)).isoformat()


def _before(told: Told) -> str:
    """The month before, of which returns are due."""
    return (date.fromisoformat(told.on).replace(day=1) - timedelta(days=1)).isoformat()[:7]


def steps(min_size: int = 15, max_size: int = 45) -> st.SearchStrategy[list[Step]]:
    """Random steps. Returns and time come more often: they make closes say something."""
    often = [ProgressReported] * 12 + [TimeReached] * 4 + [StageChanged, PlanSet] * 2
    return st.lists(
        st.builds(
            Step,
            st.sampled_from([*often, *TELLING]),
            st.sampled_from(PROJECTS),
            st.integers(0, 5),
            st.sampled_from((0, 0, 1, 4, 9, 20)),
            st.sampled_from((False, False, False, True)),
        ),
        min_size=min_size,
        max_size=max_size,
    )


def history(regime: Regime, told: Sequence[Step]) -> list[AnyRecorded]:
    """A year under a regime, with three projects, and a quiet end in the next year."""
    listed = (
        builders.a_project("p1", category="工业"), builders.a_project("p2", category="农业", plan_yi=None),
        builders.a_project("p3", lead="bureau-b"),
    )  # fmt: skip
    found = [*record(*builders.a_year(*listed, regime=regime))]
    day, returns = _START, dict[str, str]()
    known = [Step(of, "p1", number, 0) for number in range(3) for of in _KNOWN]
    known += [Step(ProgressReported, one, 1, 0) for one in sorted(set(PROJECTS[:-1]))]
    for of, project, number, days, is_again in [*known, *told]:
        day += timedelta(days=days)
        data = TELLING[of](Told(project, number, day.isoformat(), returns.get(project, "nothing"), regime))
        at = local(f"{day.isoformat()} 12:00")
        for _ in range(1 + is_again):
            place = len(found) + 1
            (one,) = record(data)
            found.append(replace(one, position=place, id=f"e{place}", time=at, recorded_at=at))
        if of is ProgressReported:
            returns[project] = f"e{len(found)}"
    end = until(max(_END, f"{(day + timedelta(days=40)).isoformat()} 00:00"))
    return [*found, replace(record(end)[0], position=len(found) + 1, id=f"e{len(found) + 1}")]
