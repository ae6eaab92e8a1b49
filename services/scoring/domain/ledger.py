"""What scoring keeps of each project, and how one event changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from shared.core.calendar import Period
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    PlanSet,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    Recorded,
    StageChanged,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.numbers import is_amount
from shared.core.regime.model import Stage
from shared.core.register import Project, need


@dataclass(frozen=True, slots=True)
class Plan:
    """The annual planned investment in force, in yuan. Kept under `list/year/project`."""

    annual_planned_investment_yuan: Decimal
    event: str


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages that a project has reached, each with its date and event. Kept under the project."""

    reached: tuple[tuple[Stage, date, str], ...]


@dataclass(frozen=True, slots=True)
class Return:
    """What one return said of one project, as corrected.

    The year-to-date amount is unknown in a nil return.
    """

    period: str
    ends_on: date
    investment_ytd_yuan: Decimal | None
    recorded_at: datetime
    event: str
    corrected_by: str = ""


@dataclass(frozen=True, slots=True)
class Returns:
    """A project's returns of one year, by the end of their periods. Kept under `project/year`."""

    returns: tuple[Return, ...]

    def by(self, day: date) -> Return | None:
        """The latest return with an amount for a period that ends by the day."""
        known = [one for one in self.returns if one.ends_on <= day and one.investment_ytd_yuan is not None]
        return known[-1] if known else None

    def of(self, period: str) -> Return | None:
        return next((one for one in self.returns if one.period == period), None)


@dataclass(frozen=True, slots=True)
class ReturnOf:
    """Where a return's event ended up, so that a correction finds it. Kept under the event's id."""

    project: str
    year: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The bulletin of a draw was signed: from then on its places may be read by all.

    Kept under the bulletin.
    """

    event: str


@dataclass(frozen=True, slots=True)
class Streak:
    """At how many closes in a row a rule has held for a subject, and at which the last time."""

    count: int
    last_period: str


def evolve(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event. What matters to no number changes nothing."""
    change = _CHANGES.get(type(recorded.data))
    if change:
        change(ledger, recorded)


def _listed(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    data = recorded.data
    _exact(data.total_investment_yuan, data.annual_planned_investment_yuan)
    if data.annual_planned_investment_yuan is not None:
        plan = Plan(data.annual_planned_investment_yuan, recorded.id)
        ledger.put(f"{data.list}/{data.year}/{data.project}", plan)


def _planned(ledger: Ledger, recorded: Recorded[PlanSet]) -> None:
    data = recorded.data
    project = need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    if (data.list, data.year) not in project.listed_on:
        raise CannotApply(f"project {data.project} is not on list {data.list} of {data.year}")
    _exact(data.annual_planned_investment_yuan)
    plan = Plan(data.annual_planned_investment_yuan, recorded.id)
    ledger.put(f"{data.list}/{data.year}/{data.project}", plan)


def _staged(ledger: Ledger, recorded: Recorded[StageChanged]) -> None:
    data = recorded.data
    need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    stages = ledger.get(Stages, data.project) or Stages(())
    ledger.put(data.project, Stages((*stages.reached, (data.stage, data.on, recorded.id))))


def _reported(ledger: Ledger, recorded: Recorded[ProgressReported]) -> None:
    data = recorded.data
    need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    _exact(data.investment_ytd_yuan)
    period = _period(data.period)
    kept = ledger.get(Returns, key := f"{data.project}/{period.year}") or Returns(())
    report = Return(data.period, period.last_day, data.investment_ytd_yuan, recorded.recorded_at, recorded.id)
    others = [one for one in kept.returns if one.period != data.period]
    ledger.put(key, Returns(_sorted([*others, report])))
    ledger.put(recorded.id, ReturnOf(data.project, period.year))


def _corrected(ledger: Ledger, recorded: Recorded[ProgressCorrected]) -> None:
    data = recorded.data
    where = need(ledger.get(ReturnOf, data.corrected_event), f"no return has the event {data.corrected_event}")
    if where.project != data.project:
        raise CannotApply(f"event {data.corrected_event} is a return of {where.project}, not of {data.project}")
    kept = need(ledger.get(Returns, key := f"{where.project}/{where.year}"), "the return is gone")
    if data.corrected_event not in {one.event for one in kept.returns}:
        raise CannotApply(f"the return {data.corrected_event} was replaced by a later one")
    _exact(amount := data.investment_ytd_yuan)
    ledger.put(key, Returns(tuple(
        replace(one, investment_ytd_yuan=amount, corrected_by=recorded.id)
        if one.event == data.corrected_event else one for one in kept.returns
    )))  # fmt: skip


def _sealed(ledger: Ledger, recorded: Recorded[BulletinApproved]) -> None:
    if recorded.data.step == "signer":
        ledger.put(recorded.data.bulletin, Sealed(recorded.id))


def _exact(*amounts: Decimal | None) -> None:
    for amount in amounts:
        if amount is not None and not is_amount(amount):
            raise CannotApply(f"the amount {amount} is too large, or too fine, to be added exactly")


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise CannotApply(str(error)) from error


def _sorted(returns: list[Return]) -> tuple[Return, ...]:
    return tuple(sorted(returns, key=lambda one: (one.ends_on, one.period)))


_CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    ProjectListed: _listed,
    PlanSet: _planned,
    StageChanged: _staged,
    ProgressReported: _reported,
    ProgressCorrected: _corrected,
    BulletinApproved: _sealed,
}
