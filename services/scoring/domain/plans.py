"""What is kept of a project beside its returns: plan, stages, milestones, permits, leaving, who holds which role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from services.scoring.domain.entries import (
    Extensions,
    KeptExit,
    KeptMilestone,
    KeptPermit,
    Milestones,
    PermitMove,
    Permits,
    PermitState,
    Reached,
    Stages,
    Suspensions,
)
from services.scoring.domain.pages import enter
from services.scoring.domain.plan_history import Plan, PlanChange
from services.scoring.domain.returns import need_exact, need_listed
from shared.core.errors import CannotApply
from shared.core.events import (
    BaselineReset,
    ExitRequested,
    ExitStepDecided,
    ExtensionGranted,
    ListSealed,
    MilestoneReached,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    PlanSet,
    PostAssigned,
    ProjectExited,
    ProjectListed,
    Recorded,
    ResponsibilityAssigned,
    StageChanged,
    SuspensionCredited,
)
from shared.core.ledger import Ledger
from shared.core.register import need
from shared.core.responsibilities import day_of

AnyPermitMove = PermitFiled | PermitAccepted | PermitReturned | PermitIssued | PermitRefused

_STATES: Mapping[type, PermitState] = {
    PermitFiled: "filed", PermitAccepted: "accepted", PermitReturned: "returned", PermitIssued: "issued",
    PermitRefused: "refused",
}  # fmt: skip


def enlist(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    """A listing; one without an amount leaves the plan as it was."""
    data, amount = recorded.data, recorded.data.annual_planned_investment_yuan
    need_exact(data.total_investment_yuan, amount)
    _need_plan(amount)
    plan = ledger.get(Plan, key := f"{data.list}/{data.year}/{data.project}")
    if plan is None:
        first = PlanChange(
            recorded.recorded_at, "listing", recorded.id, amount, is_after_sealing=_is_sealed(ledger, data)
        )
        ledger.put(key, Plan(recorded.recorded_at, (first,)))
    elif amount is not None:
        last = plan.changes[-1]
        _change(ledger, recorded, PlanChange(
            recorded.recorded_at, "listing", recorded.id, amount, last.by_month_yuan,
            is_after_sealing=_is_sealed(ledger, data),
        ))  # fmt: skip
    _note_holders(ledger, data.project, (data.lead_unit, *data.supporting_units, data.owner))


def plan(ledger: Ledger, recorded: Recorded[PlanSet]) -> None:
    """Another plan; the milestones and permits that it names take the place of those of the same name."""
    data = recorded.data
    need_exact(data.annual_planned_investment_yuan, *(amount for _, amount in data.by_month_yuan))
    _need_plan(data.annual_planned_investment_yuan, *(amount for _, amount in data.by_month_yuan))
    for month, _ in data.by_month_yuan:
        if not 1 <= month <= 12:
            raise CannotApply(f"a year has no month {month}")
    _change(ledger, recorded, PlanChange(
        recorded.recorded_at, "plan", recorded.id, data.annual_planned_investment_yuan, data.by_month_yuan,
        data.approvals, is_after_sealing=_is_sealed(ledger, data),
    ))  # fmt: skip
    _plan_milestones(ledger, data)
    _plan_permits(ledger, recorded)
    _forget_extensions(ledger, data.project, [*(one.id for one in data.milestones), *(one.id for one in data.permits)])


def reset(ledger: Ledger, recorded: Recorded[BaselineReset]) -> None:
    """Another amount for the year; what was planned by month went with the old one."""
    data = recorded.data
    need_exact(amount := data.annual_planned_investment_yuan)
    _need_plan(amount)
    _change(ledger, recorded, PlanChange(
        recorded.recorded_at, "reset", recorded.id, amount, approver=data.approver, document=data.document_number,
        reason=data.reason, is_after_sealing=_is_sealed(ledger, data),
    ))  # fmt: skip


def reach_stage(ledger: Ledger, recorded: Recorded[StageChanged]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    stages = ledger.get(Stages, data.project) or Stages(())
    ledger.put(data.project, Stages((*stages.reached, Reached(data.stage, data.on, recorded.id, data.basis))))


def reach_milestone(ledger: Ledger, recorded: Recorded[MilestoneReached]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    _put_milestones(ledger, data.project, [
        replace(_milestone(ledger, data.project, data.milestone), reached_on=data.on)
    ])  # fmt: skip


def move_permit(ledger: Ledger, recorded: Recorded[AnyPermitMove]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    move = PermitMove(_STATES[type(data)], data.office, data.on)
    if isinstance(data, PermitAccepted) and data.gaps:
        move = PermitMove("accepted_with_gaps", data.office, data.on, data.gaps_due_on)
    kept = _permit(ledger, data.project, data.permit) or KeptPermit(data.permit, data.office, data.on)
    _put_permits(ledger, data.project, [replace(kept, moves=(*kept.moves, move))])


def extend_item(ledger: Ledger, recorded: Recorded[ExtensionGranted]) -> None:
    """Another day for a milestone or a permit of a project; a rule's own ones need not be planned."""
    data = recorded.data
    need_listed(ledger, data.project)
    kept = ledger.get(Extensions, data.project) or Extensions(())
    if data.approver:
        ledger.put(data.project, Extensions((*kept.granted, (data.item, data.old_due_on, data.new_due_on))))


def credit(ledger: Ledger, recorded: Recorded[SuspensionCredited]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    if data.until_on is not None and data.until_on < data.from_on:
        raise CannotApply(f"the suspension ends on {data.until_on}, before it begins on {data.from_on}")
    kept = ledger.get(Suspensions, data.project) or Suspensions(())
    ledger.put(data.project, Suspensions((*kept.credited, (data.from_on, data.until_on, data.reason))))


# --- leaving ------------------------------------------------------------------------------------------------------


def request_exit(ledger: Ledger, recorded: Recorded[ExitRequested]) -> None:
    data = recorded.data
    key, _ = _plan_of(ledger, data)
    ledger.put(key, KeptExit(data.reason, data.on, data.is_special))


def decide_exit(ledger: Ledger, recorded: Recorded[ExitStepDecided]) -> None:
    data = recorded.data
    key, _ = _plan_of(ledger, data)
    asked = need(ledger.get(KeptExit, key), f"nobody asked that {data.project} leave list {data.list} of {data.year}")
    ledger.put(key, replace(asked, steps=(*asked.steps, (data.step, data.approved, data.on))))


def leave(ledger: Ledger, recorded: Recorded[ProjectExited]) -> None:
    data = recorded.data
    key, _ = _plan_of(ledger, data)
    ledger.put(key, replace(ledger.get(KeptExit, key) or KeptExit("", data.on), exited_on=data.on))


# --- who holds which role -----------------------------------------------------------------------------------------


def note_responsibility(ledger: Ledger, recorded: Recorded[ResponsibilityAssigned]) -> None:
    """The register knows who holds what; here is noted where to look for somebody."""
    _note_holders(ledger, recorded.data.project, (recorded.data.unit, recorded.data.person))


def note_post(ledger: Ledger, recorded: Recorded[PostAssigned]) -> None:
    data = recorded.data
    _note_holders(ledger, data.project or data.unit, (data.unit, data.person))


def _note_holders(ledger: Ledger, where: str, holders: Iterable[str]) -> None:
    enter(ledger, "assignment", where, [one for one in holders if one])


# --- pieces -------------------------------------------------------------------------------------------------------


def _need_plan(*amounts: Decimal | None) -> None:
    for amount in amounts:
        if amount is not None and amount < 0:
            raise CannotApply(f"nobody plans {amount} yuan: a planned amount is not negative")


def _change(
    ledger: Ledger, recorded: Recorded[ProjectListed] | Recorded[PlanSet] | Recorded[BaselineReset], change: PlanChange
) -> None:  # fmt: skip
    key, plan = _plan_of(ledger, recorded.data)
    ledger.put(key, replace(plan, changes=(*plan.changes, change)))


def _is_sealed(ledger: Ledger, data: ProjectListed | PlanSet | BaselineReset) -> bool:
    return ledger.get(ListSealed, f"{data.list}/{data.year}") is not None


def _plan_of(
    ledger: Ledger, data: ProjectListed | PlanSet | BaselineReset | ExitRequested | ExitStepDecided | ProjectExited
) -> tuple[str, Plan]:
    need_listed(ledger, data.project)
    kept = ledger.get(Plan, key := f"{data.list}/{data.year}/{data.project}")
    if kept is None:
        raise CannotApply(f"project {data.project} is not on list {data.list} of {data.year}")
    return key, kept


def _plan_milestones(ledger: Ledger, data: PlanSet) -> None:
    reached = {one.id: _milestone(ledger, data.project, one.id).reached_on for one in data.milestones}
    new = [KeptMilestone(one.id, one.due_on, one.unit, one.person, reached[one.id]) for one in data.milestones]
    _put_milestones(ledger, data.project, new)


def _plan_permits(ledger: Ledger, recorded: Recorded[PlanSet]) -> None:
    data, today = recorded.data, day_of(ledger, recorded)
    new = []
    for one in data.permits:
        kept = _permit(ledger, data.project, one.id) or KeptPermit(one.id, one.office, today)
        new.append(replace(kept, office=one.office, due_on=one.due_on, level=one.level))
    _put_permits(ledger, data.project, new)


def _milestone(ledger: Ledger, project: str, milestone: str) -> KeptMilestone:
    kept = ledger.get(Milestones, project)
    found = (one for one in (kept.milestones if kept else ()) if one.id == milestone)
    return next(found, KeptMilestone(milestone))


def _put_milestones(ledger: Ledger, project: str, changed: Sequence[KeptMilestone]) -> None:
    if not changed:
        return
    kept = ledger.get(Milestones, project)
    by_id = {one.id: one for one in (*(kept.milestones if kept else ()), *changed)}
    ledger.put(project, Milestones(tuple(by_id.values())))
    for one in changed:
        enter(ledger, "milestone", project, [who for who in (one.unit, one.person) if who])


def _permit(ledger: Ledger, project: str, permit: str) -> KeptPermit | None:
    kept = ledger.get(Permits, project)
    return next((one for one in (kept.permits if kept else ()) if one.id == permit), None)


def _put_permits(ledger: Ledger, project: str, changed: Sequence[KeptPermit]) -> None:
    if not changed:
        return
    kept = ledger.get(Permits, project)
    by_id = {one.id: one for one in (*(kept.permits if kept else ()), *changed)}
    ledger.put(project, Permits(tuple(by_id.values())))


def _forget_extensions(ledger: Ledger, project: str, items: Iterable[str]) -> None:
    kept = ledger.get(Extensions, project)
    named = frozenset(items)
    stays = tuple(one for one in kept.granted if one[0] not in named) if kept else ()
    if kept and stays != kept.granted:
        ledger.put(project, Extensions(stays))
