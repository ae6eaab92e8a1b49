"""What has a course, as of a day: in which state is a milestone, a permit, a problem, and for how long?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.asked import Asked
from services.scoring.domain.entries import (
    Extensions,
    KeptMilestone,
    KeptPermit,
    KeptProblem,
    Milestones,
    PermitMove,
    Permits,
)
from services.scoring.domain.pages import ids_of
from services.scoring.domain.row import Row
from shared.core.deadlines import due_day
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.model import Task
from shared.core.regime.terms import Table

NOTHING = Decimal(0)


def days(since: date, until: date) -> Decimal:
    """The days from one to another; none where it is the earlier one."""
    return Decimal(max((until - since).days, 0))


def day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- milestones and permits ---------------------------------------------------------------------------------------


def milestone_rows(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    """A project's milestones, those that its rules give it among them; of others those that name them."""
    yield from _milestones(ledger, asked, owner)
    for project in ids_of(ledger, "milestone", owner):
        yield from (one for one in _milestones(ledger, asked, project) if owner in {one.unit, one.person})


def _milestones(ledger: Ledger, asked: Asked, project: str) -> Iterator[Row]:
    kept, granted = ledger.get(Milestones, project), ledger.get(Extensions, project) or Extensions(())
    known = {one.id: one for one in (kept.milestones if kept else ())}
    for task, due_on in _tasks(ledger, asked, project, "milestone"):
        one = known.get(task.id, KeptMilestone(task.id))
        known[task.id] = replace(one, due_on=one.due_on or due_on)
    lead = asked.lead_unit(ledger, project)
    if lead:
        yield from (_milestone(asked, project, lead, one, granted.of(one.id)) for one in known.values())


def _milestone(asked: Asked, project: str, lead: str, one: KeptMilestone, extended: date | None) -> Row:
    """It counts on the day on which it was reached, else on that on which it is due."""
    due = extended or one.due_on
    reached = one.reached_on if one.reached_on and one.reached_on <= asked.day else None
    is_late = due is not None and (reached or asked.day) > due
    state = ("reached_late" if is_late else "reached") if reached else ("overdue" if is_late else "pending")
    on = reached or due or date(asked.year, 1, 1)
    return Row("milestone", f"{project}/{one.id}", on, project, one.unit or lead, one.person, {
        "milestone": one.id, "state": state, "days_overdue": days(due, reached or asked.day) if due else NOTHING,
        "days_left": days(asked.day, due) if due and not reached else None, "is_extended": extended is not None,
        "due_on": day_text(due),
    })  # fmt: skip


def permit_rows(ledger: Ledger, asked: Asked, project: str) -> Iterator[Row]:
    """A project's permits, those that its rules ask of it among them."""
    lead = asked.lead_unit(ledger, project)
    kept, granted = ledger.get(Permits, project), ledger.get(Extensions, project) or Extensions(())
    known = {one.id: one for one in (kept.permits if kept else ())}
    for task, due_on in _tasks(ledger, asked, project, "permit"):
        one = known.get(task.id) or KeptPermit(task.id, task.office or "", due_on or date(asked.year, 1, 1))
        known[task.id] = replace(one, due_on=one.due_on or due_on)
    if lead:
        yield from (_permit(asked, project, lead, one, granted.of(one.id)) for one in known.values())


def _permit(asked: Asked, project: str, lead: str, one: KeptPermit, extended: date | None) -> Row:
    """It counts on the day of its last move, else on that on which it is due; the clock runs on who holds the file."""
    moves = [move for move in one.moves if move.on <= asked.day]
    last = moves[-1] if moves else PermitMove("issued", one.office, one.known_on)
    state, due = (last.state if moves else "not_filed"), extended or one.due_on
    holder = {"filed": "office", "accepted": "office", "accepted_with_gaps": "office", "returned": "owner"}.get(
        state, ""
    )
    held = Decimal(asked.working_days_since(last.on)) if holder else None
    on = last.on if moves else due or one.known_on
    are_gaps_late = last.gaps_due_on is not None and asked.day > last.gaps_due_on
    return Row("permit", f"{project}/{one.id}", on, project, lead, "", {
        "permit": one.id, "office": last.office, "level": one.level or "", "state": state, "holder": holder,
        "days_held": held, "times_returned": Decimal(sum(move.state == "returned" for move in moves)),
        "offices": Decimal(len({move.office for move in moves if move.state == "issued"})),
        "is_overdue": are_gaps_late or (due is not None and asked.day > due and state != "issued"),
        "has_gaps": state == "accepted_with_gaps", "due_on": day_text(due),
    })  # fmt: skip


def _tasks(ledger: Ledger, asked: Asked, project: str, of: Table) -> Iterator[tuple[Task, date | None]]:
    """What every object has by rule, with its last day: unknown where the object's own date is."""
    listing, year = asked.listing(ledger, project), Period("yearly", date(asked.year, 1, 1))
    if listing is None:
        return
    for task in asked.regime.schedule:
        if task.of == of and (task.among is None or asked.meets(project, task.among)):
            yield task, due_day(year, task.due, asked.calendar, {
                "planned_start_on": listing.planned_start_on,
                "planned_completion_on": listing.planned_completion_on,
            })  # fmt: skip


# --- problems -----------------------------------------------------------------------------------------------------


def problem_rows(ledger: Ledger, asked: Asked, project: str) -> Iterator[Row]:
    for code in ids_of(ledger, "problem", project):
        one = ledger.get(KeptProblem, code)
        if one is not None and one.raised_on <= asked.day and asked.listing(ledger, project):
            yield _problem(asked, code, asked.lead_unit(ledger, project), one)


def _problem(asked: Asked, code: str, lead: str, one: KeptProblem) -> Row:
    escalated = [step for step in one.escalated if step[0] <= asked.day]
    solved = one.solved_on if one.solved_on and one.solved_on <= asked.day else None
    return Row("problem", code, one.raised_on, one.project, lead, "", {
        "problem": code, "obstacle": one.obstacle, "needs": escalated[-1][1] if escalated else one.needs,
        "state": "solved" if solved else "escalated" if escalated else "open", "owner": one.owner,
        "has_solution": bool(one.has_solution or solved or any(proposed for *_, proposed in escalated)),
        "days_open": days(one.raised_on, solved or asked.day),
    })  # fmt: skip
