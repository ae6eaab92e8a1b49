"""What must be true of rounds, inspections, visits, incidents and failed contacts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from services.intake.domain.known import FindingKnown, IncidentKnown, Marked, RoundLife, VisitKnown
from services.intake.domain.known.projects import handled_by
from services.intake.domain.known.supervision import mark
from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import is_new, new_ids, not_before, not_empty, regimes_of, says
from services.intake.domain.submission import Case
from shared.core.calendar import Period
from shared.core.errors import Fault
from shared.core.events import (
    ContactFailed,
    DutyVisitRecorded,
    IncidentRecorded,
    InspectionRecorded,
    RecordEvent,
    ReportSent,
    RoundPlanned,
    RoundReported,
    VisitHeld,
    VisitScored,
)
from shared.core.numbers import ZERO
from shared.core.regime.model import Panel
from shared.core.register import Project, holders, holdings, posts_of, published_list
from shared.core.responsibilities import staff

_OBJECTS = ("projects", "units", "persons")
_EVENT = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _has_objects(case: Case) -> Faults:
    """It is about something; of a random round the objects are drawn later."""
    data = case.data
    is_drawn = isinstance(data, RoundPlanned) and data.kind == "random"
    if not is_drawn and not any(getattr(data, field, ()) for field in _OBJECTS):
        yield Fault("objects_needed", "/data/projects", "Say what it is about: at least one.")


def _no_events_code(case: Case) -> Faults:
    """What befell is kept among what events told: a code like theirs could be one of them."""
    if _EVENT.fullmatch(case.data.incident):
        yield Fault("reserved_code", "/data/incident", "Codes of this form are those of events.")


# --- rounds -------------------------------------------------------------------------------------------------------


def _still_planned(case: Case) -> Faults:
    """A round may be planned anew until its report is made, which is made once."""
    life = case.ledger.get(RoundLife, case.data.round)
    if life and life.is_reported:
        yield Fault("round_reported", "/data/round", "The report of the round is made already.")


def _until_after_from(case: Case) -> Faults:
    yield from not_before("/data/until_on", case.data.until_on, case.data.from_on)


def _lets_itself_be_approved(case: Case) -> Faults:
    """Where a regime limits inspections, each round stands on the year's plan, or on somebody's approval."""
    data: RoundPlanned = case.data
    if data.approver.strip() or data.plan_item.strip():
        return
    duties = (duty for regime in regimes_of(case, *data.projects) for duty in regime.duties)
    if any(duty.at_most is not None and duty.do in {"round", "inspection"} for duty in duties):
        message = "The regime limits inspections: name who approved the round, or the item of the year's plan."
        yield Fault("approval_needed", "/data/approver", message)


def _report_in_order(case: Case) -> Faults:
    data, life = case.data, case.ledger.get(RoundLife, case.data.round)
    yield from not_before("/data/on", data.on, life.from_on if life else None)
    yield from not_before("/data/correct_by", data.correct_by, data.on)


def _within_its_round(case: Case) -> Faults:
    data: InspectionRecorded = case.data
    life = case.ledger.get(RoundLife, data.round)
    if life is None:
        return
    is_object = data.project in life.projects or life.units & handled_by(case.ledger, data.project)
    if not is_object and (life.projects or life.units):
        yield Fault("not_in_round", "/data/project", "The project is not one of the round's objects.")
    yield from not_before("/data/on", data.on, life.from_on)


def _findings_sound(case: Case) -> Faults:
    yield from new_ids(case, [one.id for one in case.data.findings], "/data/findings", FindingKnown)
    for place, one in enumerate(case.data.findings):
        yield from not_empty(f"/data/findings/{place}/text", one.text)


# --- who was where, who could not be reached ----------------------------------------------------------------------


def _holds_the_role(case: Case) -> Faults:
    """A visit is that of whoever held the role on its day, or holds it now, where that was recorded later."""
    data: DutyVisitRecorded = case.data
    held = [
        *holdings(case.ledger, data.project, data.role),
        *holdings(case.ledger, data.project, data.role, on=data.on),
    ]
    units = {unit for _, unit, _ in posts_of(case.ledger, data.person)}
    if not any(one.holder == data.person or (not one.person and one.unit in units) for one in held):
        message = "{person} does not hold this role for the project."
        yield Fault("role_not_held", "/data/person", message, {"person": data.person})


def _is_the_liaison(case: Case) -> Faults:
    data: ContactFailed = case.data
    posts = {(post, unit) for post, unit, _ in posts_of(case.ledger, data.person)}
    was = data.person in staff(case.ledger, data.unit, "liaison", on=data.on)
    if ("liaison", data.unit) not in posts and not was:
        message = "{person} is not a liaison officer of {unit}."
        yield Fault("not_the_liaison", "/data/person", message, {"person": data.person, "unit": data.unit})


def _of_a_list_and_period(case: Case) -> Faults:
    data: ReportSent = case.data
    year = data.on.year
    if data.period:
        try:
            year = Period.parse(data.period).year
        except ValueError:
            message = "A period reads 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026."
            yield Fault("bad_period", "/data/period", message)
            return
    if not is_plausible(year):
        yield bad_year("/data/period")
    elif published_list(case.ledger, data.list, year) is None:
        named = {"list": data.list, "year": str(year)}
        yield Fault("unknown_list", "/data/list", "List {list} is not published for {year}.", named)


# --- visits that are scored ---------------------------------------------------------------------------------------


def _was_visited(case: Case) -> Faults:
    visit = case.ledger.get(VisitKnown, case.data.visit)
    if visit and case.data.project not in visit.projects:
        yield Fault("not_visited", "/data/project", "The visit was not to this project.")


def _within_the_scale(case: Case) -> Faults:
    """No mark is negative, and where panels weigh groups of scorers, it is given by one of those groups."""
    data: VisitScored = case.data
    if data.score.is_finite() and data.score < ZERO:
        yield Fault("negative_amount", "/data/score", "An amount is not negative.")
    panels = [one for regime in regimes_of(case, data.project) for one in regime.measures.values()]
    weighed = [one.weights for one in panels if isinstance(one, Panel) and one.weights]
    if weighed and not any(data.scorer_group in weights for weights in weighed):
        groups = {"groups": ", ".join(sorted({group for weights in weighed for group in weights}))}
        yield Fault("unknown_group", "/data/scorer_group", "The regime weighs marks of these groups: {groups}.", groups)


def _enters_paper_marks(case: Case) -> bool:
    return "supervision_office" in case.capacities


def _scored_for_oneself(case: Case) -> Faults:
    """Marks are given in the name of one's own unit, once each; the office enters those that came on paper."""
    data: VisitScored = case.data
    if _enters_paper_marks(case):
        return
    if data.scorer_unit not in {"", case.unit}:
        yield Fault("not_your_unit", "/data/scorer_unit", "You may do this for {unit} only.", {"unit": case.unit})
    if case.ledger.get(Marked, mark(data, case.submission.actor)) is not None:
        yield Fault("marked_already", "/data/criterion", "You gave this project a mark for this already.")


def _recused(case: Case) -> Faults:
    """Nobody scores a project of the own unit, nor one that they answer for (004: 评价打分)."""
    project = case.ledger.get(Project, case.data.project)
    if project and {*_scorers(case)} & {*_theirs(case, project)}:
        yield Fault("recused", "/data/project", "The project is the scorer's own.")


def _scorers(case: Case) -> Iterator[str]:
    yield case.data.scorer_unit
    if not _enters_paper_marks(case):
        yield from (case.unit, case.submission.actor)


def _theirs(case: Case, project: Project) -> Iterator[str]:
    yield from handled_by(case.ledger, project.listing.project)
    for role in ("owner", "sponsor_leader"):
        yield from holders(case.ledger, project.listing.project, role)


def _with_its_unit(case: Case) -> RecordEvent:
    """A mark is that of the scorer's unit, which the sender need not say."""
    data: VisitScored = case.data
    is_said = data.scorer_unit or _enters_paper_marks(case)
    return data if is_said else replace(data, scorer_unit=case.unit)


RULES: Rules = {
    RoundPlanned: (_still_planned, _has_objects, _until_after_from, _lets_itself_be_approved),
    RoundReported: (_still_planned, _report_in_order),
    DutyVisitRecorded: (_holds_the_role,),
    InspectionRecorded: (_within_its_round, _findings_sound, says("team")),
    ReportSent: (_of_a_list_and_period, says("to")),
    IncidentRecorded: (is_new(IncidentKnown, "incident"), _no_events_code, _has_objects),
    ContactFailed: (_is_the_liaison,),
    VisitHeld: (is_new(VisitKnown, "visit"), _has_objects),
    VisitScored: (
        _was_visited, _within_the_scale, _scored_for_oneself, _recused, says("criterion", "scorer_group"),
    ),
}  # fmt: skip
COMPLETED: Mapping[type, Callable[[Case], RecordEvent]] = {VisitScored: _with_its_unit}
