"""What was planned of a project, by name: what a form shows, and what it asks about until it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from shared.core.events import AnyRecorded, BaselineReset, MilestoneReached, PlanSet, ProjectListed, Recorded
from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone as planned last; without a day of being reached it is still ahead."""

    id: str
    name: str
    due_on: date | None
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Nodes:
    """The milestones of a project. Kept under it."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Formality:
    """A permit as planned last."""

    id: str
    name: str
    office: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Formalities:
    """The permits that are planned for a project. Kept under it."""

    permits: tuple[Formality, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Since when a project stands on a list of a year, and its plan there. Kept under `list/year/project`."""

    listed_at: datetime
    annual_plan_yuan: Decimal | None


def _listed(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    data = recorded.data
    kept = ledger.get(Place, key := f"{data.list}/{data.year}/{data.project}")
    plan = data.annual_planned_investment_yuan
    ledger.put(key, replace(kept, annual_plan_yuan=plan) if kept else Place(recorded.recorded_at, plan))


def _planned(ledger: Ledger, recorded: AnyRecorded) -> None:
    data = recorded.data
    place = ledger.get(Place, key := f"{data.list}/{data.year}/{data.project}")
    if place:
        ledger.put(key, replace(place, annual_plan_yuan=data.annual_planned_investment_yuan))
    if isinstance(data, PlanSet) and data.milestones:
        nodes = {one.id: one for one in _nodes(ledger, data.project)}
        for one in data.milestones:
            reached = nodes[one.id].reached_on if one.id in nodes else None
            nodes[one.id] = Node(one.id, one.name, one.due_on, reached)
        ledger.put(data.project, Nodes(tuple(nodes.values())))
    if isinstance(data, PlanSet) and data.permits:
        kept = ledger.get(Formalities, data.project)
        permits = {one.id: one for one in (kept.permits if kept else ())}
        permits |= {one.id: Formality(one.id, one.name, one.office, one.due_on) for one in data.permits}
        ledger.put(data.project, Formalities(tuple(permits.values())))


def _reached(ledger: Ledger, recorded: Recorded[MilestoneReached]) -> None:
    data = recorded.data
    nodes = {one.id: one for one in _nodes(ledger, data.project)}
    kept = nodes.get(data.milestone) or Node(data.milestone, "", None)
    nodes[data.milestone] = replace(kept, reached_on=data.on)
    ledger.put(data.project, Nodes(tuple(nodes.values())))


def _nodes(ledger: Ledger, project: str) -> tuple[Node, ...]:
    kept = ledger.get(Nodes, project)
    return kept.nodes if kept else ()


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    ProjectListed: _listed,
    PlanSet: _planned,
    BaselineReset: _planned,
    MilestoneReached: _reached,
}
