"""What scoring keeps of the record, and how one event changes it.

All classes of entries are found here: `entries` has what events say, `memory` what closes found.
"""

from collections.abc import Callable, Mapping

from services.scoring.domain import matters, occurrences, plans, returns
from services.scoring.domain.corrections import note
from services.scoring.domain.entries import (
    Appraisal,
    Exemptions,
    Extensions,
    Fact,
    KeptExit,
    KeptMatter,
    KeptMeeting,
    KeptProblem,
    KeptRound,
    KeptVisit,
    Milestones,
    Page,
    Permits,
    Reached,
    Return,
    Returns,
    Sealed,
    Stages,
    Suspensions,
    Years,
)
from services.scoring.domain.memory import Before, Closed, Lights, Streak
from services.scoring.domain.plan_history import Plan
from shared.core.events import (
    AbsenceRecorded,
    AnyRecorded,
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    BaselineReset,
    BulletinApproved,
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
    MatterAssigned,
    MatterOpened,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterStruckOff,
    MatterVerified,
    MeetingHeld,
    MilestoneReached,
    MinutesIssued,
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
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
    ProgressCorrected,
    ProgressReported,
    ProjectExited,
    ProjectListed,
    Recorded,
    ReportSent,
    ReportWithdrawn,
    ResponsibilityAssigned,
    ReturnReviewed,
    ReturnSigned,
    RoundPlanned,
    RoundReported,
    StageChanged,
    SuspensionCredited,
    VisitHeld,
    VisitScored,
)
from shared.core.ledger import Ledger

__all__ = [
    "Appraisal", "Before", "Closed", "Exemptions", "Extensions", "Fact", "KeptExit", "KeptMatter", "KeptMeeting",
    "KeptProblem", "KeptRound", "KeptVisit", "Lights", "Milestones", "Page", "Permits", "Plan", "Reached", "Return",
    "Returns", "Sealed", "Stages", "Streak", "Suspensions", "Years", "evolve",
]  # fmt: skip


def evolve(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event. What matters to no rule changes nothing; CannotApply leaves the ledger as it was."""
    change = _CHANGES.get(type(recorded.data))
    if change:
        note(ledger, recorded)
        change(ledger, recorded)


def _seal(ledger: Ledger, recorded: Recorded[BulletinApproved]) -> None:
    if recorded.data.step == "signer":
        ledger.put(recorded.data.bulletin, Sealed(recorded.id, recorded.recorded_at))


_CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    BulletinApproved: _seal,
    # plans and people
    ProjectListed: plans.enlist,
    PlanSet: plans.plan,
    BaselineReset: plans.reset,
    StageChanged: plans.reach_stage,
    MilestoneReached: plans.reach_milestone,
    PermitFiled: plans.move_permit,
    PermitAccepted: plans.move_permit,
    PermitReturned: plans.move_permit,
    PermitIssued: plans.move_permit,
    PermitRefused: plans.move_permit,
    SuspensionCredited: plans.credit,
    ExitRequested: plans.request_exit,
    ExitStepDecided: plans.decide_exit,
    ProjectExited: plans.leave,
    ResponsibilityAssigned: plans.note_responsibility,
    PostAssigned: plans.note_post,
    # what units return
    ProgressReported: returns.report,
    ProgressCorrected: returns.correct,
    ReportWithdrawn: returns.withdraw,
    ReturnSigned: returns.sign,
    ReturnReviewed: returns.review,
    # problems and matters
    ProblemRaised: matters.raise_problem,
    ProblemEscalated: matters.escalate,
    ProblemSolved: matters.solve,
    MatterOpened: matters.open_matter,
    MatterAssigned: matters.assign,
    MatterReminded: matters.remind,
    MatterReported: matters.answer,
    MatterVerified: matters.verify,
    MatterStruckOff: matters.strike_off,
    MatterReopened: matters.reopen,
    ExtensionGranted: matters.extend,
    ExemptionGranted: matters.exempt,
    Paused: matters.pause,
    ObjectionFiled: matters.object_to,
    ObjectionDecided: matters.object_to,
    # what supervision does, what befalls, results
    FundsAllocated: occurrences.fund,
    FundsArrived: occurrences.fund,
    FundsPaid: occurrences.fund,
    RoundPlanned: occurrences.plan_round,
    RoundReported: occurrences.report_round,
    DutyVisitRecorded: occurrences.visit,
    InspectionRecorded: occurrences.inspect,
    VisitHeld: occurrences.hold_visit,
    VisitScored: occurrences.score_visit,
    IncidentRecorded: occurrences.befall,
    ContactFailed: occurrences.fail_contact,
    ReportSent: occurrences.send_report,
    MeetingHeld: occurrences.hold_meeting,
    MinutesIssued: occurrences.issue_minutes,
    AbsenceRecorded: occurrences.miss_meeting,
    ExternalResultRecorded: occurrences.record_result,
    AwardGranted: occurrences.award,
    EligibilityLost: occurrences.award,
    OverrideUsed: occurrences.set_aside,
    AssessmentProposed: occurrences.propose_results,
    AssessmentConfirmed: occurrences.confirm_results,
}
"""The rest is the register's, or notify's: posts, units, lists, talks, notices."""
