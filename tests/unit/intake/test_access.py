"""Who may record what: each event, by each role, for its own and for another's, and on a unit's behalf.

The expectations stand in access.csv, written from the design's roles, not from the table that decides. Every event has
a way to be told that is sound in itself, so whatever is refused is refused for who tells it.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from services.intake.domain.authority import AUTHORITY, access_rows
from services.intake.domain.capacity import Capacity
from services.intake.domain.decide import Accepted
from shared.core.events import (
    BulletinApproved,
    NoticeApproved,
    NoticeSignedFor,
    OverrideUsed,
    RecordEvent,
    TalkRecorded,
    TimeReached,
)
from shared.infra.texts import catalogue
from tests.support.builders import (
    a_calendar,
    a_correction,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_return,
    a_stage,
    a_unit,
    an_adoption,
)
from tests.support.facts import (
    a_call,
    a_closing,
    a_confirmation,
    a_confirmed_return,
    a_contest,
    a_credit,
    a_decided_appeal,
    a_decided_objection,
    a_declining,
    a_deferral,
    a_failed_contact,
    a_filing,
    a_giving_back,
    a_handing_back,
    a_loss,
    a_mark,
    a_matter,
    a_meeting,
    a_milestone_reached,
    a_new_name,
    a_pause,
    a_payment,
    a_post,
    a_problem,
    a_proposal,
    a_receipt,
    a_refusal,
    a_reminder,
    a_reopening,
    a_replacement,
    a_report,
    a_report_up,
    a_reset,
    a_responsibility,
    a_review,
    a_revocation,
    a_round,
    a_round_report,
    a_sealing,
    a_section_text,
    a_signature,
    a_solution,
    a_striking_off,
    a_tour,
    a_verification,
    a_visit,
    a_withdrawal,
    a_wording,
    an_absence,
    an_acceptance,
    an_agent,
    an_allocation,
    an_answer,
    an_appeal,
    an_arrival,
    an_assignment,
    an_award,
    an_escalation,
    an_exemption,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_extension,
    an_external_result,
    an_incident,
    an_inspection,
    an_issue,
    an_item,
    an_objection,
    an_order,
    day,
    minutes,
    the_end_of_a_post,
)
from tests.support.intake import NOW, OPERATOR, Intake
from tests.support.roles import ROLES, STEPS, Sender, enter, everybody

TABLE = Path(__file__).with_name("access.csv")
WAYS = ("own", "other", "behalf")
OF_AUTHORITY = frozenset({
    "no_post", "operator_only", "already_open", "not_the_office", "not_your_role", "not_your_project", "not_your_unit",
    "not_your_permit", "not_your_matter", "not_the_addressee", "not_your_step", "not_yourself", "not_on_behalf",
    "behalf_needed", "approval_not_yours", "not_yours_to_give",
})  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """An event that is sound once what stands `before` is recorded; `of`: it names its sender.

    `whose`: the unit on whose behalf it may be told; `besides`: what else is wrong when another unit tells it.
    """

    data: Any
    before: Sequence[Any] = ()
    whose: str = "bureau-a"
    of: Callable[[Any, str, str, Sender], Any] = lambda data, _role, _way, _sender: data
    besides: frozenset[str] = frozenset()
    given: Mapping[str, str] | None = None


def signed(data: Any, role: str, way: str, _sender: Sender) -> Any:
    """At the sender's own step of a chain, or at another's."""
    step = role if role in STEPS else "checker"
    step = STEPS[(STEPS.index(step) + 1) % 3] if way == "other" else step
    named = {"bulletin": f"b-{step}"} if isinstance(data, BulletinApproved) else {"notice": f"n-{step}"}
    return replace(data, step=step, **named)


RETURNED = (a_return(period="2026-02"),)
FILED = (a_filing(office="land-office"),)
CALLED = (a_call(), a_problem(), an_item())
OPEN = (a_matter(unit="bureau-a"),)
DONE = (*OPEN, a_verification())
ENDED = (*DONE, a_striking_off())
CONTESTED = (*OPEN, an_objection())
REJECTED = (*CONTESTED, a_decided_objection())
NARROW = replace(an_extension(project="p1", item="roof", old="2026-06-30", new="2026-07-31"), matter="p1")

TELLINGS: Mapping[str, Telling] = {
    "JurisdictionOpened": Telling(a_jurisdiction(mode="simulated")),
    "RegimeAdopted": Telling(an_adoption(a_regime(version=2), "2026-03-02")),
    "CalendarPublished": Telling(a_calendar("2026-05-01")),
    "UnitRegistered": Telling(a_unit("new")),
    "UnitRenamed": Telling(a_new_name()),
    "UnitClosed": Telling(a_closing()),
    "PostAssigned": Telling(a_post("new", "reporter")),
    "PostAssigned: of an inspector": Telling(a_post("new", "inspector")),
    "PostEnded": Telling(the_end_of_a_post("new", "reporter"), (a_post("new", "reporter"),)),
    "TokenRevoked": Telling(a_revocation()),
    "OverrideUsed": Telling(OverrideUsed(rule="list_sealed", by="somebody", reason="a flood")),
    "TimeReached": Telling(TimeReached(at=NOW)),
    # lists and plans
    "ListPublished": Telling(a_list()),
    "ListSealed": Telling(a_sealing()),
    "ProjectListed": Telling(a_project("p9")),
    "PlanSet": Telling(a_plan(yi="12")),
    "BaselineReset": Telling(a_reset(yi="10")),
    "ResponsibilityAssigned": Telling(a_responsibility(role="line_leader")),
    "ExitRequested": Telling(an_exit_request()),
    "ExitStepDecided": Telling(an_exit_step(), (an_exit_request(),)),
    "ProjectExited": Telling(an_exit()),
    "ProjectReplaced": Telling(a_replacement(by="p2")),
    "SuspensionCredited": Telling(a_credit()),
    # what units tell
    "StageChanged": Telling(a_stage()),
    "MilestoneReached": Telling(a_milestone_reached()),
    "ProgressReported": Telling(a_return(period="2026-02", channel="phone")),
    "ProgressCorrected": Telling(a_correction("told", yi="2"), RETURNED),
    "ReportWithdrawn": Telling(a_withdrawal("told"), RETURNED),
    "ReturnConfirmed": Telling(
        a_confirmed_return(period="2026-02"), RETURNED, given={"on_behalf_of": "bureau-a"},
        besides=frozenset({"nothing_to_confirm"}),
    ),
    "ReturnSigned": Telling(
        a_signature(period="2026-02"), RETURNED, given={"unit": "bureau-a"}, besides=frozenset({"not_your_return"}),
        of=lambda data, _role, _way, sender: replace(data, signer=sender.person),
    ),
    "ReturnReviewed": Telling(a_review(period="2026-02", step="drc"), RETURNED),
    "FundsAllocated": Telling(an_allocation()),
    "FundsArrived": Telling(an_arrival()),
    "FundsPaid": Telling(a_payment()),
    # permits and problems
    "AgentAssigned": Telling(an_agent()),
    "PermitFiled": Telling(a_filing(office="land-office")),
    "PermitAccepted": Telling(an_acceptance(), FILED, "land-office"),
    "PermitReturned": Telling(a_giving_back(), FILED, "land-office"),
    "PermitIssued": Telling(an_issue(), FILED, "land-office"),
    "PermitRefused": Telling(a_refusal(), FILED, "land-office"),
    "ProblemRaised": Telling(a_problem()),
    "ProblemEscalated": Telling(an_escalation(), (a_problem(),)),
    "ProblemSolved": Telling(a_solution(), (a_problem(),)),
    # supervision
    "RoundPlanned": Telling(a_round()),
    "RoundReported": Telling(a_round_report(on="2026-03-02"), (a_round(),)),
    "DutyVisitRecorded": Telling(a_visit(person="sponsor_leader-1")),
    "InspectionRecorded": Telling(an_inspection()),
    "ReportSent": Telling(a_report_up()),
    "IncidentRecorded": Telling(an_incident()),
    "ContactFailed": Telling(a_failed_contact()),
    "VisitHeld": Telling(a_tour()),
    "VisitScored": Telling(a_mark(project="p3"), (a_tour(projects=("p3",)),)),
    "MeetingCalled": Telling(a_call()),
    "AgendaItemAdded": Telling(an_item(), CALLED[:2]),
    "ItemDeferred": Telling(a_deferral(), CALLED),
    "MeetingHeld": Telling(a_meeting()),
    "MinutesIssued": Telling(minutes(), (a_meeting(),)),
    "AbsenceRecorded": Telling(an_absence(), (a_meeting(),)),
    # matters
    "MatterOpened": Telling(a_matter()),
    "MatterOpened: with its approver": Telling(a_matter(approver="principal_leaders")),
    "MatterAssigned": Telling(an_assignment(), OPEN),
    "MatterReceived": Telling(a_receipt(), OPEN),
    "MatterReturned": Telling(a_handing_back(), OPEN),
    "MatterReminded": Telling(a_reminder(), OPEN),
    "MatterReported": Telling(a_report(), OPEN),
    "MatterVerified": Telling(a_verification(), OPEN),
    "MatterStruckOff": Telling(a_striking_off(), DONE),
    "MatterReopened": Telling(a_reopening(), ENDED),
    "ExtensionGranted: asked for": Telling(an_extension(approver=""), OPEN),
    "ExtensionGranted": Telling(an_extension(), OPEN),
    "ExtensionGranted: of a milestone": Telling(replace(NARROW, approver="")),
    "ExemptionGranted": Telling(an_exemption(), OPEN),
    "Paused": Telling(a_pause(), OPEN),
    "StepOrdered": Telling(an_order(), OPEN),
    "ObjectionFiled": Telling(an_objection(), OPEN),
    "ObjectionDecided": Telling(a_decided_objection(), CONTESTED),
    "AppealRequested": Telling(an_appeal(), REJECTED),
    "AppealDecided": Telling(a_decided_appeal(by="city_government"), (*REJECTED, an_appeal())),
    # notices and bulletins
    "NoticeTextSet": Telling(a_wording("n-checker")),
    "NoticeDeclined": Telling(a_declining("n-checker"), of=signed),
    "NoticeApproved": Telling(NoticeApproved(notice="n-checker", draft_digest="d1", step="checker"), of=signed),
    "NoticeSignedFor": Telling(NoticeSignedFor(notice="n-served")),
    "TalkRecorded": Telling(TalkRecorded(notice="n-talk", on=day("2026-03-02"), persons=("head-a",))),
    "ReferralAnswered": Telling(an_answer("n-referred")),
    "LineContested": Telling(a_contest("b-checker")),
    "BulletinTextSet": Telling(a_section_text("b-checker")),
    "BulletinApproved": Telling(BulletinApproved(bulletin="b-checker", draft_digest="d1", step="checker"), of=signed),
    # results
    "AssessmentProposed": Telling(a_proposal(on="2026-03-02")),
    "AssessmentConfirmed": Telling(a_confirmation(on="2026-03-02"), (a_proposal(on="2026-03-02"),)),
    "ExternalResultRecorded": Telling(an_external_result()),
    "EligibilityLost": Telling(a_loss()),
    "AwardGranted": Telling(an_award()),
}  # fmt: skip


def expected() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Event to the ways in which it may be told, and by whom."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(name, [frozenset(cell.split()) for cell in cells]) for name, *cells in csv.reader(file)][1:]
    return {name: {"own": own | every, "other": every, "behalf": behalf} for name, (own, every, behalf) in rows}


@cache
def place() -> Intake:
    return everybody()


@pytest.mark.parametrize("name", TELLINGS)
def test_who_may_record_it_is_who_the_table_says(name: str) -> None:
    telling = TELLINGS[name]
    intake = Intake() if name == "JurisdictionOpened" else place()
    began = intake.ledger.begin()
    try:
        enter(intake, *telling.before, event="told", **(telling.given or {}))
        assert [*_wrong(name, telling, intake)] == []
    finally:
        intake.ledger.end(began, is_kept=False)


def _wrong(name: str, telling: Telling, intake: Intake) -> Iterator[str]:
    """Every cell in which somebody may do what the table denies, or not what it grants, or for another reason."""
    for role, senders in ROLES.items():
        for way, sender in zip(WAYS, (*senders, senders[0]), strict=True):
            data = telling.of(telling.data, role, way, sender)
            more: dict[str, Any] = {"on_behalf_of": telling.whose} if way == "behalf" else {}
            decided = intake.decide(data, sender.person, unit=sender.unit, time=NOW, **more)
            codes = set() if isinstance(decided, Accepted) else {one.code for one in decided.faults}  # type: ignore[union-attr]
            is_granted = role in expected()[name][way]
            if bool(codes) == is_granted:
                yield f"{role} ({way}) is {'refused' if codes else 'heard'}: {sorted(codes)}"
            elif not is_granted and not (codes & OF_AUTHORITY and codes <= OF_AUTHORITY | telling.besides):
                yield f"{role} ({way}) is refused for another reason: {sorted(codes)}"


def test_every_event_that_is_recorded_stands_in_the_table_and_somebody_may_tell_it() -> None:
    named = {of.__name__ for of in get_args(RecordEvent)}
    assert {name.partition(":")[0] for name in expected()} == named
    assert expected().keys() == TELLINGS.keys()
    assert {type(one.data).__name__ for one in TELLINGS.values()} == named
    assert all(ways["own"] | ways["behalf"] for ways in expected().values())


def test_every_role_has_its_two_persons() -> None:
    assert ROLES.keys() == set(get_args(Capacity)) - {"clock"}
    named = {role for ways in expected().values() for roles in ways.values() for role in roles}
    assert named == ROLES.keys() - {"downstream", "public"}


def test_the_reference_has_every_grant_in_words() -> None:
    rows = access_rows()
    assert [row.event for row in rows] == [of.__name__ for of, grants in AUTHORITY.items() for _ in grants]
    words = {row.scope for row in rows} | {row.capacity for row in rows}
    assert words <= catalogue("zh").keys()


def test_a_persons_posts_in_one_unit_give_nothing_in_another() -> None:
    intake = place()
    for role, (own, other) in ROLES.items():
        if own.person != OPERATOR and role not in {"downstream", "public"}:
            refused = intake.refuse(a_unit("new"), own.person, unit=other.unit)
            assert refused.code == "no_post"
