"""What must be true of lists, plans, stages, milestones, funds, and of what leaves a list."""

from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.rules.references import Faults, Rules, list_published, project_on_list
from services.intake.domain.submission import Case
from shared.core.declared import faults as faults_of_declared
from shared.core.errors import Fault
from shared.core.events import (
    BaselineReset,
    ExitRequested,
    ExitStepDecided,
    FundsAllocated,
    FundsArrived,
    FundsPaid,
    ListPublished,
    ListSealed,
    MilestoneReached,
    PlanSet,
    ProjectExited,
    ProjectListed,
    ProjectReplaced,
    ResponsibilityAssigned,
    StageChanged,
    SuspensionCredited,
)


def _planned_in_order(case: Case) -> Faults:
    start, completion = case.data.planned_start_on, case.data.planned_completion_on
    if start and completion and completion < start:
        message = "The planned completion lies before the planned start."
        yield Fault("completes_before_start", "/data/planned_completion_on", message)


def _year_plausible(case: Case) -> Faults:
    if not is_plausible(case.data.year):
        yield bad_year("/data/year")


def _declared_readable(case: Case) -> Faults:
    yield from faults_of_declared(case.data.declared, under="/data/declared")


RULES: Rules = {
    ListPublished: (_year_plausible, _declared_readable),
    ListSealed: (),
    ProjectListed: (list_published, _planned_in_order),
    PlanSet: (project_on_list,),
    BaselineReset: (),
    ResponsibilityAssigned: (),
    StageChanged: (),
    MilestoneReached: (),
    FundsAllocated: (),
    FundsArrived: (),
    FundsPaid: (),
    ExitRequested: (),
    ExitStepDecided: (),
    ProjectExited: (),
    ProjectReplaced: (),
    SuspensionCredited: (),
}
