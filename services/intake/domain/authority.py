"""Who may record what: the one table. The reference pages are made from it, and a test walks every cell of it.

A grant is a capacity and a scope, `reporter:project`: a reporter, of a project of the unit in whose name it acts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from services.intake.domain.capacity import Capacity
from services.intake.domain.known.projects import handles
from services.intake.domain.submission import Case
from shared.core import events as e
from shared.core.errors import Fault, Term
from shared.core.register import Project, holders

Scope = Literal[
    "any", "project", "owner", "sponsor", "unit", "permit", "matter", "addressee", "step", "self", "behalf",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class May:
    """One grant: in this capacity, within this scope."""

    capacity: Capacity
    scope: Scope


def _may(*grants: str) -> tuple[May, ...]:
    found = []
    for grant in grants:
        capacity, _, scope = grant.partition(":")
        assert capacity in get_args(Capacity), grant
        assert (scope or "any") in get_args(Scope), grant
        found.append(May(cast("Capacity", capacity), cast("Scope", scope or "any")))
    return tuple(found)


_OFFICE = _may("supervision_office")
_RULES = _may("supervision_office", "rule_keeper")
_RETURN = _may("reporter:project", "unit_head:project", "supervision_office:behalf")
_SITE = _may("reporter:project", "unit_head:project", "project_owner:owner", "supervision_office:behalf")
_PERMIT = _may("permit_office:permit", "supervision_office:behalf")
_PROBLEM = _may(
    "reporter:project", "unit_head:project", "project_owner:owner", "sponsor_leader:sponsor", "supervision_office",
)  # fmt: skip
_SUPERVISION = _may("supervision_office", "inspector")
_MEETING = _may("convener", "supervision_office")
_HANDLING = _may("reporter:matter", "unit_head:matter", "supervision_office:behalf")
_CONTEST = _may("unit_head:unit", "supervision_office:behalf")
_RESULT = _may("assessment_office", "supervision_office")
_DRAFT = _may("drafter", "checker", "signer")
_SIGN = _may("drafter:step", "checker:step", "signer:step")

AUTHORITY: Mapping[type, tuple[May, ...]] = {
    # the place and its rules
    e.JurisdictionOpened: _may("operator"),
    e.RegimeAdopted: _RULES,
    e.CalendarPublished: _RULES,
    e.UnitRegistered: _OFFICE,
    e.UnitRenamed: _OFFICE,
    e.UnitClosed: _OFFICE,
    e.PostAssigned: _may("supervision_office", "unit_head:unit"),
    e.PostEnded: _may("supervision_office", "unit_head:unit"),
    e.TokenRevoked: _may("operator", "supervision_office"),
    e.OverrideUsed: _OFFICE,
    e.TimeReached: _may("clock", "supervision_office"),
    # lists and plans
    e.ListPublished: _OFFICE,
    e.ListSealed: _OFFICE,
    e.ProjectListed: _OFFICE,
    e.PlanSet: _OFFICE,
    e.BaselineReset: _OFFICE,
    e.ResponsibilityAssigned: _OFFICE,
    e.ExitRequested: _may("unit_head:project", "project_owner:owner", "supervision_office"),
    e.ExitStepDecided: _may("approver", "supervision_office"),
    e.ProjectExited: _OFFICE,
    e.ProjectReplaced: _OFFICE,
    e.SuspensionCredited: _OFFICE,
    # what units tell
    e.StageChanged: _SITE,
    e.MilestoneReached: _SITE,
    e.ProgressReported: _RETURN,
    e.ProgressCorrected: _RETURN,
    e.ReportWithdrawn: _RETURN,
    e.ReturnConfirmed: _may("reporter:project", "unit_head:project"),
    e.ReturnSigned: _may("unit_head:project"),
    e.ReturnReviewed: _may("reviewer", "supervision_office", "assessment_office"),
    e.FundsAllocated: _OFFICE,
    e.FundsArrived: _SITE,
    e.FundsPaid: _SITE,
    # permits and problems
    e.AgentAssigned: _may("supervision_office", "permit_office"),
    e.PermitFiled: _SITE,
    e.PermitAccepted: _PERMIT,
    e.PermitReturned: _PERMIT,
    e.PermitIssued: _PERMIT,
    e.PermitRefused: _PERMIT,
    e.ProblemRaised: (*_PROBLEM, *_may("inspector")),
    e.ProblemEscalated: (*_PROBLEM, *_may("convener")),
    e.ProblemSolved: (*_PROBLEM, *_may("convener")),
    # supervision
    e.RoundPlanned: _OFFICE,
    e.RoundReported: _SUPERVISION,
    e.DutyVisitRecorded: _may("sponsor_leader:self", "inspector", "reporter:project", "supervision_office"),
    e.InspectionRecorded: _SUPERVISION,
    e.ReportSent: _OFFICE,
    e.IncidentRecorded: _SUPERVISION,
    e.ContactFailed: _SUPERVISION,
    e.VisitHeld: _MEETING,
    e.VisitScored: _may("inspector", "unit_head", "sponsor_leader", "principal_leader", "supervision_office"),
    e.MeetingCalled: _MEETING,
    e.AgendaItemAdded: _MEETING,
    e.ItemDeferred: _MEETING,
    e.MeetingHeld: _MEETING,
    e.MinutesIssued: _MEETING,
    e.AbsenceRecorded: _MEETING,
    # matters
    e.MatterOpened: _may("supervision_office", "inspector", "principal_leader"),
    e.MatterAssigned: _OFFICE,
    e.MatterReceived: _HANDLING,
    e.MatterReturned: _HANDLING,
    e.MatterReminded: _OFFICE,
    e.MatterReported: _HANDLING,
    e.MatterVerified: _SUPERVISION,
    e.MatterStruckOff: _OFFICE,
    e.MatterReopened: _OFFICE,
    e.ExtensionGranted: _may("unit_head:matter", "supervision_office", "approver"),
    e.ExemptionGranted: _may("supervision_office", "approver"),
    e.Paused: _OFFICE,
    e.StepOrdered: _may("supervision_office", "principal_leader"),
    e.ObjectionFiled: _CONTEST,
    e.ObjectionDecided: _may("supervision_office", "approver"),
    e.AppealRequested: _CONTEST,
    e.AppealDecided: _may("approver"),
    # notices and bulletins
    e.NoticeTextSet: _DRAFT,
    e.NoticeDeclined: _SIGN,
    e.NoticeApproved: _SIGN,
    e.NoticeSignedFor: _may("reporter:addressee", "unit_head:addressee"),
    e.TalkRecorded: _OFFICE,
    e.ReferralAnswered: _may("supervision_office", "approver"),
    e.LineContested: _may("reporter:unit", "unit_head:unit", "supervision_office:behalf"),
    e.BulletinTextSet: _DRAFT,
    e.BulletinApproved: _SIGN,
    # results
    e.AssessmentProposed: _RESULT,
    e.AssessmentConfirmed: _may("approver", "assessment_office"),
    e.ExternalResultRecorded: _RESULT,
    e.EligibilityLost: _RESULT,
    e.AwardGranted: _RESULT,
}


_SCOPE_IN_WORDS: Mapping[Scope, str] = {
    "any": "everywhere",
    "project": "for projects that its unit leads, supports or reports for",
    "owner": "for projects that its unit owns",
    "sponsor": "for projects that the leader sponsors",
    "unit": "for its own unit",
    "permit": "for permits that its office issues",
    "matter": "for matters that its unit handles, or its unit's projects",
    "addressee": "for notices addressed to its unit",
    "step": "at its own step of the chain of signatures",
    "self": "of oneself",
    "behalf": "on behalf of a unit that may record it itself",
}
"""Sentences of the catalogue."""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One line of the reference: who may record an event, and within which bounds, in a sentence of the catalogue."""

    event: str
    type: str
    capacity: Capacity
    scope: str


def access_rows() -> tuple[AccessRow, ...]:
    """The whole table for readers, in the order of the vocabulary above."""
    return tuple(
        AccessRow(event.__name__, e.SHAPES[event].type, grant.capacity, _SCOPE_IN_WORDS[grant.scope])
        for event, grants in AUTHORITY.items()
        for grant in grants
    )


def is_the_operators(data: object) -> bool:
    """Whether the operator, who holds no post, may record it."""
    return any(grant.capacity == "operator" for grant in AUTHORITY[type(data)])


def refusals(case: Case) -> Iterator[Fault]:
    """Why the sender may not record this; nothing where some grant covers it."""
    grants = AUTHORITY[type(case.data)]
    held = [grant for grant in grants if grant.capacity in case.capacities]
    if case.submission.on_behalf_of and not any(grant.scope == "behalf" for grant in held):
        yield Fault("not_on_behalf", "/on_behalf_of", "You cannot record this on a unit's behalf.")
    elif not held:
        yield _not_your_role(grants)
    elif not any(_within(case, grant, grants) for grant in held):
        yield _out_of_scope(case, held[0].scope)


def _not_your_role(grants: tuple[May, ...]) -> Fault:
    if {grant.capacity for grant in grants} <= {"supervision_office", "rule_keeper", "clock"}:
        return Fault("not_the_office", "/unit", "Only the supervision office may record this.")
    if {grant.scope for grant in grants} == {"step"}:
        return _OUT_OF["step"]
    named = Term(" / ".join(dict.fromkeys(grant.capacity for grant in grants)))
    return Fault("not_your_role", "/unit", "This is recorded by: {who}.", {"who": named})


_OTHERS_PROJECT = Fault("not_your_project", "/data/project", "The project is not one of {unit}.")
_OUT_OF: Mapping[Scope, Fault] = {
    "project": _OTHERS_PROJECT,
    "owner": _OTHERS_PROJECT,
    "sponsor": _OTHERS_PROJECT,
    "unit": Fault("not_your_unit", "/data/unit", "You may do this for {unit} only."),
    "permit": Fault("not_your_permit", "/data/office", "The permit is not one that {unit} issues."),
    "matter": Fault("not_your_matter", "/data/matter", "The matter is not assigned to {unit}."),
    "addressee": Fault("not_the_addressee", "/data/notice", "The notice is not addressed to {unit}."),
    "step": Fault("not_your_step", "/data/step", "You do not hold the post of this step."),
    "self": Fault("not_yourself", "/data/person", "You may record this of yourself only."),
    "behalf": Fault(
        "behalf_needed", "/on_behalf_of", "Name the unit on whose behalf you enter this, whose it is to tell."
    ),
}


def _out_of_scope(case: Case, scope: Scope) -> Fault:
    of_a_project = scope == "matter" and hasattr(case.data, "project") and case.data.project
    return replace(_OTHERS_PROJECT if of_a_project else _OUT_OF[scope], values={"unit": case.unit})


def _within(case: Case, grant: May, grants: tuple[May, ...]) -> bool:
    if grant.scope == "behalf":
        others = (one.scope for one in grants if one.scope not in {"behalf", "self"})
        return bool(case.submission.on_behalf_of) and any(_SCOPES[scope](case) for scope in others)
    return not case.submission.on_behalf_of and _SCOPES[grant.scope](case)


def _own_project(case: Case) -> bool:
    code = getattr(case.data, "project", "") or _project_of(case)
    # Of one that nobody knows it is said that it is unknown.
    return case.ledger.get(Project, code) is None or handles(case.ledger, code, case.unit)


def _project_of(case: Case) -> str:
    problem = case.known_problem
    return problem.project if problem else ""


def _owned_project(case: Case) -> bool:
    code = getattr(case.data, "project", "") or _project_of(case)
    return case.ledger.get(Project, code) is None or case.unit in holders(case.ledger, code, "owner")


def _sponsored_project(case: Case) -> bool:
    code = getattr(case.data, "project", "") or _project_of(case)
    is_known = case.ledger.get(Project, code) is not None
    return not is_known or case.submission.actor in holders(case.ledger, code, "sponsor_leader")


def _own_matter(case: Case) -> bool:
    """The matter is handled by the unit; of what is asked for a project's milestone or permit, the project is its."""
    if getattr(case.data, "project", ""):
        return _own_project(case)
    return case.matter is None or case.unit in case.matter.units


def _addressee(case: Case) -> bool:
    """Of a draft nobody hears that it is there: it is not served yet, whoever asks. A closed unit has its successor."""
    drafted = case.drafted
    if drafted is None or not drafted.is_done or drafted.unit == case.unit:
        return True
    closed = case.ledger.get(e.UnitClosed, drafted.unit)
    return closed is not None and closed.successor == case.unit


def _step(case: Case) -> bool:
    return case.data.step in case.capacities


_SCOPES: Mapping[Scope, Callable[[Case], bool]] = {
    "any": lambda _case: True,
    "project": _own_project,
    "owner": _owned_project,
    "sponsor": _sponsored_project,
    "unit": lambda case: case.data.unit == case.unit,
    "permit": lambda case: case.data.office == case.unit,
    "matter": _own_matter,
    "addressee": _addressee,
    "step": _step,
    "self": lambda case: case.data.person == case.submission.actor,
}
