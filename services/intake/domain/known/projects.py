"""Where a project stands: its stages, whether its plan may be set, its leaving a list, and how many a list has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BaselineReset,
    ExitRequested,
    ExitStepDecided,
    ListSealed,
    PlanSet,
    ProjectExited,
    ProjectListed,
    ProjectReplaced,
    Recorded,
    StageChanged,
)
from shared.core.ledger import Ledger
from shared.core.regime.terms import Stage
from shared.core.register import Project, holders, listing_of


class StageAt(NamedTuple):
    """A stage reached on a day."""

    on: date
    stage: Stage


@dataclass(frozen=True, slots=True)
class Course:
    """The stages that a project has reached, by their days. Kept under the project."""

    stages: tuple[StageAt, ...]

    def by(self, day: date) -> tuple[Stage, ...]:
        """The stages reached by a day, in order."""
        return tuple(one.stage for one in self.stages if one.on <= day)


@dataclass(frozen=True, slots=True)
class PlanOpen:
    """Whether a plan may be set although the list is sealed: it came, or was reset, after the sealing.

    Kept under `list/year/project`.
    """

    is_open: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """A request to leave a list, with the decisions on it: step, approved. Kept under `list/year/project`."""

    requested_by: str
    steps: tuple[tuple[str, bool], ...] = ()
    has_left: bool = False

    @property
    def is_refused(self) -> bool:
        return not all(approved for _, approved in self.steps)

    @property
    def spoken(self) -> tuple[str, ...]:
        return tuple(step for step, _ in self.steps)


@dataclass(frozen=True, slots=True)
class Roll:
    """How many projects a list of a year has. Kept under `list/year`.

    `active` stand on it; `size` stood there when it was sealed; fewer than `least` would be a fall of their number.
    `leaving` are those for which it was requested and that have not left; `came` are those that took another's place.
    """

    active: int = 0
    size: int = 0
    least: int = 0
    leaving: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


def has_left(ledger: Ledger, code: str, year: int, project: str) -> bool:
    kept = ledger.get(Leaving, f"{code}/{year}/{project}")
    return kept is not None and kept.has_left


def is_sealed(ledger: Ledger, code: str, year: int) -> bool:
    return ledger.get(ListSealed, f"{code}/{year}") is not None


def roll(ledger: Ledger, code: str, year: int) -> Roll:
    return ledger.get(Roll, f"{code}/{year}") or Roll()


def handled_by(ledger: Ledger, project: str) -> frozenset[str]:
    """The lead and supporting units of a project on any list and in any year on which it stands.

    And whoever reports for a group of units (000-4b: 由协作组牵头单位上报).
    """
    units = {unit for one in _listings(ledger, project) for unit in (one.lead_unit, *one.supporting_units)}
    return frozenset(units.union(holders(ledger, project, "reporting_lead")))


def handles(ledger: Ledger, project: str, unit: str) -> bool:
    """Whether a unit is one of them."""
    for one in _listings(ledger, project):  # nearly always one listing, and its lead unit: every return passes here
        if unit == one.lead_unit or unit in one.supporting_units:
            return True
    return unit in holders(ledger, project, "reporting_lead")


def _listings(ledger: Ledger, project: str) -> Iterator[ProjectListed]:
    kept = ledger.get(Project, project)
    for code, year in kept.listed_on if kept else ():
        yield listing_of(ledger, code, year, project)


# The register is folded first: what it refuses is not seen here, and what it keeps is known.


def _listed(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    data = recorded.data
    key, kept = f"{data.list}/{data.year}/{data.project}", roll(ledger, data.list, data.year)
    if ledger.get(PlanOpen, key) is not None:
        return
    after_sealing = is_sealed(ledger, data.list, data.year)
    ledger.put(key, PlanOpen(after_sealing))
    least = kept.least if after_sealing else kept.least + 1
    ledger.put(f"{data.list}/{data.year}", replace(kept, active=kept.active + 1, least=least))


def _sealed(ledger: Ledger, recorded: Recorded[ListSealed]) -> None:
    data = recorded.data
    kept = roll(ledger, data.list, data.year)
    ledger.put(f"{data.list}/{data.year}", replace(kept, size=kept.active))


def _set_plan(is_open: bool) -> Callable[[Ledger, AnyRecorded], None]:
    def put(ledger: Ledger, recorded: AnyRecorded) -> None:
        data = recorded.data
        key = f"{data.list}/{data.year}/{data.project}"
        if ledger.get(PlanOpen, key) is None:
            raise CannotApply(f"project {data.project} is not on list {data.list} of {data.year}")
        ledger.put(key, PlanOpen(is_open))

    return put


def _staged(ledger: Ledger, recorded: Recorded[StageChanged]) -> None:
    data, kept = recorded.data, ledger.get(Course, recorded.data.project)
    new = (*(kept.stages if kept else ()), StageAt(data.on, data.stage))
    ledger.put(data.project, Course(tuple(sorted(new, key=lambda one: one.on))))  # of one day: as they were told


def _requested(ledger: Ledger, recorded: Recorded[ExitRequested]) -> None:
    data = recorded.data
    if has_left(ledger, data.list, data.year, data.project):
        return
    ledger.put(f"{data.list}/{data.year}/{data.project}", Leaving(recorded.actor))
    kept = roll(ledger, data.list, data.year)
    if data.project not in kept.leaving:
        ledger.put(f"{data.list}/{data.year}", replace(kept, leaving=(*kept.leaving, data.project)))


def _decided(ledger: Ledger, recorded: Recorded[ExitStepDecided]) -> None:
    data = recorded.data
    key = f"{data.list}/{data.year}/{data.project}"
    kept = ledger.get(Leaving, key)
    if kept is None:
        raise CannotApply(f"nobody asked that {data.project} leave list {data.list} of {data.year}")
    ledger.put(key, replace(kept, steps=(*kept.steps, (data.step, data.approved))))


def _left(ledger: Ledger, recorded: Recorded[ProjectExited | ProjectReplaced]) -> None:
    data = recorded.data
    kept, key = roll(ledger, data.list, data.year), f"{data.list}/{data.year}/{data.project}"
    leaving = ledger.get(Leaving, key) or Leaving("")
    came, least, active = kept.came, kept.least, kept.active - (not leaving.has_left)
    if isinstance(data, ProjectReplaced) and data.replacement not in came:
        came = (*came, data.replacement)
        least -= not is_sealed(ledger, data.list, data.year)  # before the sealing it was counted as one more
    ledger.put(key, replace(leaving, has_left=True))
    still = tuple(one for one in kept.leaving if one != data.project)
    # What was let go although the number fell is no longer missed.
    new = replace(kept, active=active, least=min(least, active), leaving=still, came=came)
    ledger.put(f"{data.list}/{data.year}", new)


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    ProjectListed: _listed,
    ListSealed: _sealed,
    PlanSet: _set_plan(is_open=False),
    BaselineReset: _set_plan(is_open=True),
    StageChanged: _staged,
    ExitRequested: _requested,
    ExitStepDecided: _decided,
    ProjectExited: _left,
    ProjectReplaced: _left,
}
