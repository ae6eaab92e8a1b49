"""What must be true of lists, plans, roles, stages, milestones and funds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

from services.intake.domain import quality
from services.intake.domain.known import Course, Nodes, PlanOpen
from services.intake.domain.known.projects import has_left, is_sealed, roll
from services.intake.domain.plausible import BAD_CODE
from services.intake.domain.rules.leaving import may_leave, still_there
from services.intake.domain.rules.references import Faults, Rules, list_published, project_on_list
from services.intake.domain.rules.sense import no_flags, not_before, regimes_of, says, still_open, year_plausible
from services.intake.domain.submission import CODE, Case
from shared.core.declared import faults as faults_of_declared
from shared.core.errors import Fault
from shared.core.events import (
    BaselineReset,
    FundsAllocated,
    FundsArrived,
    FundsPaid,
    ListPublished,
    ListSealed,
    MilestoneReached,
    PlanSet,
    ProjectListed,
    RecordEvent,
    ResponsibilityAssigned,
    StageChanged,
    SuspensionCredited,
)
from shared.core.numbers import is_amount
from shared.core.responsibilities import Responsibilities, is_meant

# --- lists ----------------------------------------------------------------------------------------------------------


def _declared_readable(case: Case) -> Faults:
    yield from faults_of_declared(case.data.declared, under="/data/declared")


def _sealed_once(case: Case) -> Faults:
    if is_sealed(case.ledger, case.data.list, case.data.year):
        yield Fault("already_sealed", "/data/list", "The list is sealed already.")


def _listed_before_sealing(case: Case) -> Faults:
    """A sealed list takes what comes in the place of a project that leaves, or has left, and nothing else."""
    data: ProjectListed = case.data
    if not is_sealed(case.ledger, data.list, data.year):
        return
    kept = roll(case.ledger, data.list, data.year)
    is_listed = case.ledger.get(PlanOpen, f"{data.list}/{data.year}/{data.project}") is not None
    free = kept.size - kept.active + sum(may_leave(case, one) for one in kept.leaving)
    if is_listed or free < 1:
        yield _SEALED


def _planned_before_sealing(case: Case) -> Faults:
    data: PlanSet = case.data
    place = case.ledger.get(PlanOpen, f"{data.list}/{data.year}/{data.project}")
    if is_sealed(case.ledger, data.list, data.year) and place and not place.is_open:
        yield _SEALED


_SEALED = Fault(
    "list_sealed", "/data/list",
    "The list is sealed: it changes by exits, replacements and resets of a plan only, or where you override this.",
)  # fmt: skip


def _not_listed_again(case: Case) -> Faults:
    data: ProjectListed = case.data
    if has_left(case.ledger, data.list, data.year, data.project):
        message = "The project has left the list of this year: it cannot come back under the same code."
        yield Fault("has_left", "/data/project", message)


def _units_open(case: Case) -> Faults:
    data: ProjectListed = case.data
    named = [
        ("lead_unit", data.lead_unit),
        *((f"supporting_units/{n}", one) for n, one in enumerate(data.supporting_units)),
    ]
    for field, unit in named:
        yield from still_open(case, f"/data/{field}", unit)


def _planned_in_order(case: Case) -> Faults:
    start, completion = case.data.planned_start_on, case.data.planned_completion_on
    if start and completion and completion < start:
        message = "The planned completion lies before the planned start."
        yield Fault("completes_before_start", "/data/planned_completion_on", message)


# --- plans ----------------------------------------------------------------------------------------------------------


def _months_in_order(case: Case) -> Faults:
    data: PlanSet = case.data
    amounts = [data.annual_planned_investment_yuan, *(amount for _, amount in data.by_month_yuan)]
    if not data.by_month_yuan or not all(map(is_amount, amounts)):
        return
    for place, (month, _) in enumerate(data.by_month_yuan):
        if not 1 <= month <= 12:
            yield Fault("no_such_month", f"/data/by_month_yuan/{place}", "A year has the months 1 to 12.")
    for place, (former, one) in enumerate(pairwise(data.by_month_yuan), start=1):
        if one[0] <= former[0] or one[1] < former[1]:
            message = "Give the months in order, each with all that is to be completed from January to its end."
            yield Fault("months_not_rising", f"/data/by_month_yuan/{place}", message)
    december = dict(data.by_month_yuan).get(12)
    if december is not None and december < data.annual_planned_investment_yuan:
        message = "By the end of December the months reach less than the plan of the year."
        yield Fault("plan_above_months", "/data/annual_planned_investment_yuan", message)


def _items_told_apart(case: Case) -> Faults:
    """The codes of milestones and permits are codes, and each names one of them."""
    for field in ("milestones", "permits"):
        seen: set[str] = set()
        for place, one in enumerate(getattr(case.data, field)):
            pointer = f"/data/{field}/{place}/id"
            if not CODE.fullmatch(one.id):
                yield Fault("bad_code", pointer, BAD_CODE)
            if one.id in seen:
                yield Fault("id_twice", pointer, "{code} stands here twice.", {"code": one.id})
            seen.add(one.id)


# --- who is responsible ---------------------------------------------------------------------------------------------


def _names_somebody(case: Case) -> Faults:
    data: ResponsibilityAssigned = case.data
    if not (data.unit or data.person):
        yield Fault("nobody_named", "/data/unit", "Name the unit or the person that it is.")
    elif data.ends:
        kept = case.ledger.get(Responsibilities, data.project)
        if not any(is_meant(one, data.role, data.unit, data.person) for one in (kept.holdings if kept else ())):
            yield Fault("not_held", "/data/role", "{who} does not hold this role.", {"who": data.person or data.unit})
    elif data.unit:
        yield from still_open(case, "/data/unit", data.unit)


# --- stages, milestones ---------------------------------------------------------------------------------------------


def _follows_from_where_it_stands(case: Case) -> Faults:
    """What was told late may fill a gap: it is asked how things stood on its day."""
    data: StageChanged = case.data
    course = case.ledger.get(Course, data.project)
    so_far = course.by(data.on) if course else ()
    stops = [one for one in so_far if one in {"suspended", "resumed"}]
    is_suspended = bool(stops) and stops[-1] == "suspended"
    if "terminated" in so_far:
        yield Fault("is_terminated", "/data/stage", "The project was terminated before: nothing follows.")
    elif data.stage == "resumed" and not is_suspended:
        yield Fault("not_suspended", "/data/stage", "Only what is suspended is resumed: record the suspension first.")
    elif data.stage == "suspended" and is_suspended:
        yield Fault("is_suspended", "/data/stage", "The project is suspended already.")


def _milestone_ahead(case: Case) -> Faults:
    """Planned, or set by the rules of one of its lists for all projects alike; reached once."""
    data: MilestoneReached = case.data
    kept = case.ledger.get(Nodes, data.project)
    nodes = {one.id: one for one in (kept.nodes if kept else ())}
    node = nodes.get(data.milestone)
    if node and node.reached_on is not None:
        yield Fault("already_reached", "/data/milestone", "The milestone is reached already.")
    elif node is None and data.milestone not in _by_rule(case):
        message = "The project's plan has no milestone {code}."
        yield Fault("unknown_milestone", "/data/milestone", message, {"code": data.milestone})


def _by_rule(case: Case) -> set[str]:
    every = (task for regime in regimes_of(case, case.data.project) for task in regime.schedule)
    return {task.id for task in every if task.of == "milestone"}


# --- funds, suspensions ---------------------------------------------------------------------------------------------


def _amount_positive(case: Case) -> Faults:
    # More paid than arrived, or arrived than allocated, is no fault: one pays in advance, the other is told late.
    if is_amount(case.data.amount_yuan) and case.data.amount_yuan <= 0:
        yield Fault("amount_not_positive", "/data/amount_yuan", "An amount that moved is above zero.")


def _ends_after_it_begins(case: Case) -> Faults:
    yield from not_before("/data/until_on", case.data.until_on, case.data.from_on)


_FUNDS = (_amount_positive, year_plausible, says("programme"))
_PLAN = (project_on_list, still_there)

RULES: Rules = {
    ListPublished: (year_plausible, _declared_readable, says("name")),
    ListSealed: (list_published, _sealed_once),
    ProjectListed: (
        list_published, _not_listed_again, _listed_before_sealing, _units_open, _planned_in_order, says("name"),
    ),
    PlanSet: (*_PLAN, _planned_before_sealing, _months_in_order, _items_told_apart),
    BaselineReset: (*_PLAN, says("approver", "document_number", "reason")),
    ResponsibilityAssigned: (_names_somebody,),
    StageChanged: (_follows_from_where_it_stands, no_flags),
    MilestoneReached: (_milestone_ahead, no_flags),
    FundsAllocated: _FUNDS,
    FundsArrived: _FUNDS,
    FundsPaid: _FUNDS,
    SuspensionCredited: (_ends_after_it_begins,),
}  # fmt: skip

COMPLETED: Mapping[type, Callable[[Case], RecordEvent]] = {
    StageChanged: lambda case: replace(case.data, flags=quality.of_stage(case.ledger, case.data)),
    MilestoneReached: lambda case: replace(case.data, flags=quality.of_milestone(case.ledger, case.data)),
}
