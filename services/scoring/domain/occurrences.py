"""What is kept of supervision and of results: money, rounds, visits, inspections, meetings, incidents, awards."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.entries import Appraisal, Fact, KeptMeeting, KeptProblem, KeptRound, KeptVisit
from services.scoring.domain.matters import open_decided
from services.scoring.domain.pages import enter, keep
from services.scoring.domain.returns import need_exact, need_listed
from shared.core.errors import CannotApply
from shared.core.events import (
    AbsenceRecorded,
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    ContactFailed,
    DutyVisitRecorded,
    EligibilityLost,
    ExternalResultRecorded,
    FundsAllocated,
    FundsArrived,
    FundsPaid,
    IncidentRecorded,
    InspectionRecorded,
    MeetingHeld,
    MinutesIssued,
    OverrideUsed,
    Recorded,
    ReportSent,
    RoundPlanned,
    RoundReported,
    UnitRegistered,
    VisitHeld,
    VisitScored,
)
from shared.core.ledger import Ledger
from shared.core.regime.terms import Table
from shared.core.register import Adopted, Project, need, opening
from shared.core.responsibilities import day_of

Codes = tuple[str, ...]


def fact(
    table: Table, on: date, *, projects: Codes = (), units: Codes = (), persons: Codes = (),
    until_on: date | None = None, **cells: str | bool | Decimal | None,
) -> Fact:  # fmt: skip
    """A fact with its cells; what nobody said is left out. An empty code names nobody."""
    return Fact(
        table=table, on=on, projects=_named(projects), units=_named(units), persons=_named(persons), until_on=until_on,
        texts={name: cell for name, cell in cells.items() if isinstance(cell, str)},
        numbers={name: cell for name, cell in cells.items() if isinstance(cell, Decimal)},
        flags={name: cell for name, cell in cells.items() if isinstance(cell, bool)},
    )  # fmt: skip


def _named(codes: Codes) -> Codes:
    return tuple(code for code in codes if code)


# --- money --------------------------------------------------------------------------------------------------------

_KINDS: Mapping[type, str] = {FundsAllocated: "allocated", FundsArrived: "arrived", FundsPaid: "paid"}


def fund(ledger: Ledger, recorded: Recorded[FundsAllocated | FundsArrived | FundsPaid]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    need_exact(data.amount_yuan)
    keep(ledger, recorded.id, fact(
        "funds", data.on, projects=(data.project,), programme=data.programme, kind=_KINDS[type(data)],
        year=Decimal(data.year), amount_yuan=data.amount_yuan,
    ))  # fmt: skip


# --- rounds, visits, inspections ----------------------------------------------------------------------------------


def plan_round(ledger: Ledger, recorded: Recorded[RoundPlanned]) -> None:
    data = recorded.data
    for project in data.projects:
        need_listed(ledger, project)
    ledger.put(data.round, KeptRound(
        kind=data.kind, from_on=data.from_on, projects=data.projects, units=data.units, approver=data.approver,
        topic=data.topic, joined_by=data.joined_by,
    ))  # fmt: skip
    enter(ledger, "round", data.round, (*data.projects, *data.units) or ("",))


def report_round(ledger: Ledger, recorded: Recorded[RoundReported]) -> None:
    data = recorded.data
    kept = need(ledger.get(KeptRound, data.round), f"no round {data.round} was planned")
    ledger.put(data.round, replace(kept, reported_on=data.on, is_archived=data.is_archived, correct_by=data.correct_by))


def visit(ledger: Ledger, recorded: Recorded[DutyVisitRecorded]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    keep(ledger, recorded.id, fact(
        "duty_visit", data.on, projects=(data.project,), persons=(data.person,), role=data.role
    ))  # fmt: skip


def inspect(ledger: Ledger, recorded: Recorded[InspectionRecorded]) -> None:
    """The values that were found stand beside the self-report, never over it."""
    data = recorded.data
    need_listed(ledger, data.project)
    need_exact(data.found_investment_ytd_yuan)
    keep(ledger, recorded.id, fact(
        "inspection", data.on, projects=(data.project,), persons=(data.person,), team=data.team, method=data.method,
        round=data.round, is_announced=data.is_announced, is_registered=data.is_registered,
        found_ytd_yuan=data.found_investment_ytd_yuan,
    ))  # fmt: skip
    for one in data.findings:
        keep(ledger, f"{recorded.id}/{one.id}", fact(
            "finding", data.on, projects=(data.project,), finding=one.id, kind=one.kind, severity=one.severity,
            round=data.round,
        ))  # fmt: skip


def hold_visit(ledger: Ledger, recorded: Recorded[VisitHeld]) -> None:
    data = recorded.data
    for project in data.projects:
        need_listed(ledger, project)
    ledger.put(data.visit, KeptVisit(data.on, data.projects))


def score_visit(ledger: Ledger, recorded: Recorded[VisitScored]) -> None:
    data = recorded.data
    kept = need(ledger.get(KeptVisit, data.visit), f"no visit {data.visit} was held")
    if data.project not in kept.projects:
        raise CannotApply(f"the visit {data.visit} was not to project {data.project}")
    need_exact(data.score)
    keep(ledger, recorded.id, fact(
        "visit_score", kept.on, projects=(data.project,), round=data.visit, criterion=data.criterion,
        scorer_group=data.scorer_group, scorer_unit=data.scorer_unit, score=data.score,
    ))  # fmt: skip


# --- what befalls -------------------------------------------------------------------------------------------------


def befall(ledger: Ledger, recorded: Recorded[IncidentRecorded]) -> None:
    data = recorded.data
    for project in data.projects:
        need_listed(ledger, project)
    if ledger.get(Fact, data.incident):
        raise CannotApply(f"the incident {data.incident} is recorded already")
    keep(ledger, data.incident, fact(
        "incident", data.on, projects=data.projects, units=data.units, persons=data.persons, kind=data.kind,
        severity=data.severity, influence=data.influence,
    ))  # fmt: skip


def fail_contact(ledger: Ledger, recorded: Recorded[ContactFailed]) -> None:
    data = recorded.data
    keep(ledger, recorded.id, fact("contact_failure", data.on, units=(data.unit,), persons=(data.person,)))


def send_report(ledger: Ledger, recorded: Recorded[ReportSent]) -> None:
    data, unit = recorded.data, recorded.unit or opening(ledger).office
    sent = fact("report_sent", data.on, units=(unit,), to=data.to, period=data.period)
    keep(ledger, recorded.id, sent, data.list)


# --- meetings -----------------------------------------------------------------------------------------------------


def hold_meeting(ledger: Ledger, recorded: Recorded[MeetingHeld]) -> None:
    """A meeting is also that of the projects whose problems it took up."""
    data = recorded.data
    kept = ledger.get(KeptMeeting, data.meeting) or KeptMeeting(data.forum, data.on, recorded.unit)
    told = replace(kept, forum=data.forum, on=data.on, category=data.category, attended=data.attended)
    ledger.put(data.meeting, told)
    problems = [ledger.get(KeptProblem, one) for one in data.problems]
    enter(ledger, "meeting", data.meeting, ("", recorded.unit, *(one.project for one in problems if one)))


def issue_minutes(ledger: Ledger, recorded: Recorded[MinutesIssued]) -> None:
    """The minutes of a meeting, which may be all that is told of it. Each decision opens a matter."""
    data = recorded.data
    for one in data.decisions:
        if one.project:
            need_listed(ledger, one.project)
    kept = ledger.get(KeptMeeting, data.meeting) or KeptMeeting(data.forum, data.on, recorded.unit)
    ledger.put(data.meeting, replace(kept, minuted_on=data.on, decisions=len(data.decisions)))
    enter(ledger, "meeting", data.meeting, ("", recorded.unit))
    for one in data.decisions:
        keep(ledger, f"{data.meeting}/{one.id}", fact(
            "meeting_decision", data.on, projects=(one.project,), units=(one.unit,), meeting=data.meeting,
            decision=one.id, forum=data.forum,
        ))  # fmt: skip
        open_decided(ledger, one, data.on)


def miss_meeting(ledger: Ledger, recorded: Recorded[AbsenceRecorded]) -> None:
    data = recorded.data
    keep(ledger, recorded.id, fact(
        "absence", data.on, units=(data.unit,), persons=(data.person,), meeting=data.meeting, forum=data.forum,
        is_excused=data.is_excused,
    ))  # fmt: skip


# --- results ------------------------------------------------------------------------------------------------------


def _who(ledger: Ledger, subject: str) -> Mapping[str, Codes]:
    """A subject by what it is: a project, a unit, the list or the whole jurisdiction, else a person."""
    if ledger.get(Project, subject):
        return {"projects": (subject,)}
    if ledger.get(UnitRegistered, subject):
        return {"units": (subject,)}
    is_whole = subject == ledger.jurisdiction or ledger.get(Adopted, subject) is not None
    return {} if is_whole else {"persons": (subject,)}


def record_result(ledger: Ledger, recorded: Recorded[ExternalResultRecorded]) -> None:
    data, who = recorded.data, _who(ledger, recorded.data.subject)
    need_exact(data.value)
    found = fact(
        "external_result", data.on, projects=who.get("projects", ()), units=who.get("units", ()),
        persons=who.get("persons", ()), scheme=data.scheme, result=data.result, value=data.value,
    )  # fmt: skip
    keep(ledger, recorded.id, found, *([] if who or data.subject == ledger.jurisdiction else [data.subject]))


def award(ledger: Ledger, recorded: Recorded[AwardGranted | EligibilityLost]) -> None:
    """An award, or that one may not be had until a day."""
    data, who = recorded.data, _who(ledger, recorded.data.subject)
    lost = data if isinstance(data, EligibilityLost) else None
    keep(ledger, recorded.id, fact(
        "eligibility_loss" if lost else "award", data.on, projects=who.get("projects", ()),
        units=who.get("units", ()), persons=who.get("persons", ()), until_on=lost.until_on if lost else None,
        award=data.award,
    ))  # fmt: skip


def set_aside(ledger: Ledger, recorded: Recorded[OverrideUsed]) -> None:
    data = recorded.data
    on = day_of(ledger, recorded)
    keep(ledger, recorded.id, fact("override", on, units=(recorded.unit,), persons=(data.by,), rule=data.rule))


def propose_results(ledger: Ledger, recorded: Recorded[AssessmentProposed]) -> None:
    data = recorded.data
    ledger.put(f"{data.list}/{data.year}/{data.scheme}", Appraisal(data.on))


def confirm_results(ledger: Ledger, recorded: Recorded[AssessmentConfirmed]) -> None:
    data = recorded.data
    proposed = ledger.get(Appraisal, key := f"{data.list}/{data.year}/{data.scheme}")
    kept = need(proposed, f"no results of {data.scheme} were proposed for {data.list} of {data.year}")
    ledger.put(key, replace(kept, steps=(*kept.steps, (data.step, data.approved, data.on))))
