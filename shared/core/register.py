"""What every service must know of a jurisdiction: who is who, what is listed, which rules apply when.

The part of a ledger that intake, scoring and notify keep alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo

from shared.core.calendar import Period, WorkingCalendar, instant
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    CalendarPublished,
    JurisdictionOpened,
    ListPublished,
    ListSealed,
    PostAssigned,
    PostEnded,
    ProjectExited,
    ProjectListed,
    ProjectReplaced,
    Recorded,
    RegimeAdopted,
    ResponsibilityAssigned,
    TokenRevoked,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, SignStep
from shared.core.responsibilities import (
    Responsibilities,
    Staff,
    assign,
    holders,
    holdings,
    leave_post,
    list_holders,
    take_post,
)
from shared.core.revoked import Revoked, revoke

__all__ = ["Responsibilities", "Revoked", "Staff", "holders", "holdings"]


@dataclass(frozen=True, slots=True)
class Adopted:
    """All regimes that a list has had, each with the date from which it applies, in the order of adoption."""

    regimes: tuple[tuple[date, Regime], ...]


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar published for a region and year, with the time at which it was recorded."""

    published: tuple[tuple[datetime, CalendarPublished], ...]


@dataclass(frozen=True, slots=True)
class Posts:
    """What a person may do, now: post, unit, project."""

    held: frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it was last listed, and every list and year it stands on."""

    listing: ProjectListed
    listed_on: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Members:
    """The projects of a list in a year, in the order of listing. Kept under `list/year`."""

    projects: tuple[str, ...]


YEAR_MIN, YEAR_MAX = 1949, 2199
FAR_FUTURE = datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")


def opening(ledger: Ledger) -> JurisdictionOpened:
    opened = ledger.get(JurisdictionOpened, "")
    if opened is None:
        raise CannotApply(f"jurisdiction {ledger.jurisdiction} is not opened")
    return opened


def zone_of(ledger: Ledger) -> ZoneInfo:
    return ZoneInfo(opening(ledger).time_zone)


def published_list(ledger: Ledger, code: str, year: int) -> ListPublished | None:
    return ledger.get(ListPublished, f"{code}/{year}")


def members(ledger: Ledger, code: str, year: int) -> tuple[str, ...]:
    kept = ledger.get(Members, f"{code}/{year}")
    return kept.projects if kept else ()


def regime_at(ledger: Ledger, code: str, at: datetime) -> Regime | None:
    """The regime in force at an instant: of those effective by then, the one adopted last."""
    return next((regime for start, end, regime in spans(ledger, code) if start <= at < end), None)


def regime_for(ledger: Ledger, code: str, period: Period) -> Regime | None:
    """The regime by which a period is due, judged and published: the one in force on its last day.

    So each period has one regime, whatever falls due after a change of rules.
    """
    adopted, day = ledger.get(Adopted, code), period.last_day
    # As `spans` has it, without the instants: every return that comes in asks for this.
    return next(
        (regime for effective, regime in reversed(adopted.regimes if adopted else ()) if effective <= day), None
    )


def adopted_version(ledger: Ledger, code: str, version: int) -> Regime | None:
    """The regime of a list with a version, whether in force or not; of two, the one adopted last."""
    adopted = ledger.get(Adopted, code)
    found = [regime for _, regime in adopted.regimes if regime.version == version] if adopted else []
    return found[-1] if found else None


def spans(ledger: Ledger, code: str) -> list[tuple[datetime, datetime, Regime]]:
    """When each regime of a list applies: from 00:00 of its date to that of the one adopted after it."""
    adopted = ledger.get(Adopted, code)
    regimes = adopted.regimes if adopted else ()
    starts = [instant(effective, time(0), zone_of(ledger)) for effective, _ in regimes]
    # A regime adopted later for an earlier date takes the place of the earlier one altogether.
    ends = [min(starts[place + 1 :], default=FAR_FUTURE) for place in range(len(starts))]
    return [(start, end, regime) for start, end, (_, regime) in zip(starts, ends, regimes, strict=True) if start < end]


def working_calendar(ledger: Ledger, *, known_at: datetime) -> WorkingCalendar:
    """The working days as they were known at an instant: a later calendar never moves an old deadline."""
    known: dict[str, CalendarPublished] = {}
    for key, calendars in ledger.all(Calendars).items():
        for recorded_at, published in calendars.published:
            if recorded_at <= known_at:
                known[key] = published
    return _working_calendar(tuple(known.values()))


@lru_cache(maxsize=256)
def _working_calendar(known: tuple[CalendarPublished, ...]) -> WorkingCalendar:
    # Asked for every period of every list; there are few versions of it.
    return WorkingCalendar(
        frozenset(day for one in known for day in one.days_off),
        frozenset(day for one in known for day in one.make_up_days),
    )


def listing_of(ledger: Ledger, code: str, year: int, project: str) -> ProjectListed:
    """What the list of that year says of a project; another list, or the next year's, is not heard."""
    return ledger.all(ProjectListed)[f"{code}/{year}/{project}"]


def posts_of(ledger: Ledger, person: str) -> frozenset[tuple[str, str, str]]:
    kept = ledger.get(Posts, person)
    return kept.held if kept else frozenset()


def is_of_the_office(ledger: Ledger, person: str | None) -> bool:
    """Whether a person holds any post in a supervision office."""
    units = (ledger.get(UnitRegistered, unit) for _, unit, _ in posts_of(ledger, person or ""))
    return any(unit is not None and unit.kind == "supervision_office" for unit in units)


def sees_unsealed(ledger: Ledger, person: str | None) -> bool:
    """The supervision office, and whoever holds a post in a chain of signatures, see what is not out yet."""
    signs = any(post in get_args(SignStep) for post, _, _ in posts_of(ledger, person or ""))
    return signs or is_of_the_office(ledger, person)


# --- how an event changes the register ----------------------------------------------------------------------


def enter(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event to the register. CannotApply if the record cannot mean it."""
    if isinstance(recorded.data, JurisdictionOpened):
        _open(ledger, recorded.data)
    opening(ledger)
    change = _CHANGES.get(type(recorded.data))
    if change:
        change(ledger, recorded)
    if isinstance(recorded.data, _MOVES_MOMENTS):
        ledger.agenda = None


def _open(ledger: Ledger, opened: JurisdictionOpened) -> None:
    if ledger.get(JurisdictionOpened, ""):
        raise CannotApply("the jurisdiction is open already")
    try:
        ZoneInfo(opened.time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise CannotApply(f"no time zone is named {opened.time_zone}") from error
    ledger.put("", opened)
    ledger.put(opened.office, UnitRegistered(code=opened.office, name=opened.office_name, kind="supervision_office"))
    ledger.put(opened.first_person, Posts(frozenset({("supervisor", opened.office, "")})))


def _adopt(ledger: Ledger, recorded: Recorded[RegimeAdopted]) -> None:
    _plausible(recorded.data.effective_on.year)
    adopted = ledger.get(Adopted, recorded.data.list) or Adopted(())
    ledger.put(recorded.data.list, Adopted((*adopted.regimes, (recorded.data.effective_on, recorded.data.regime))))


def _publish_calendar(ledger: Ledger, recorded: Recorded[CalendarPublished]) -> None:
    key = f"{recorded.data.region}/{recorded.data.year}"
    calendars = ledger.get(Calendars, key) or Calendars(())
    ledger.put(key, Calendars((*calendars.published, (recorded.recorded_at, recorded.data))))


def _register_unit(ledger: Ledger, recorded: Recorded[UnitRegistered]) -> None:
    ledger.put(recorded.data.code, recorded.data)


def _assign_post(ledger: Ledger, recorded: Recorded[PostAssigned]) -> None:
    data = recorded.data
    need(ledger.get(UnitRegistered, data.unit), f"unit {data.unit} is not registered")
    ledger.put(data.person, Posts(posts_of(ledger, data.person) | {(data.post, data.unit, data.project)}))
    take_post(ledger, recorded)


def _end_post(ledger: Ledger, recorded: Recorded[PostEnded]) -> None:
    data = recorded.data
    ledger.put(data.person, Posts(posts_of(ledger, data.person) - {(data.post, data.unit, data.project)}))
    leave_post(ledger, recorded)


def _publish_list(ledger: Ledger, recorded: Recorded[ListPublished]) -> None:
    _plausible(recorded.data.year)
    ledger.put(f"{recorded.data.list}/{recorded.data.year}", recorded.data)


def _list_project(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    data, on = recorded.data, (recorded.data.list, recorded.data.year)
    need(published_list(ledger, *on), f"list {data.list} is not published for {data.year}")
    need(ledger.get(UnitRegistered, data.lead_unit), f"unit {data.lead_unit} is not registered")
    project = ledger.get(Project, data.project) or Project(data, frozenset())
    if on not in project.listed_on:
        ledger.put(f"{data.list}/{data.year}", Members((*members(ledger, *on), data.project)))
    ledger.put(data.project, replace(project, listing=data, listed_on=project.listed_on | {on}))
    ledger.put(f"{data.list}/{data.year}/{data.project}", data)
    list_holders(ledger, recorded)


def _assign(ledger: Ledger, recorded: Recorded[ResponsibilityAssigned]) -> None:
    data = recorded.data
    need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    assign(ledger, recorded)


def _leave(ledger: Ledger, recorded: Recorded[ProjectExited | ProjectReplaced]) -> None:
    data = recorded.data
    key = f"{data.list}/{data.year}/{data.project}"
    need(ledger.get(ProjectListed, key), f"project {data.project} is not on list {data.list} of {data.year}")
    if isinstance(data, ProjectReplaced) and data.replacement == data.project:
        raise CannotApply(f"project {data.project} cannot take its own place")
    ledger.put(key, data)


def _rename_unit(ledger: Ledger, recorded: Recorded[UnitRenamed]) -> None:
    unit = need(ledger.get(UnitRegistered, recorded.data.code), f"unit {recorded.data.code} is not registered")
    ledger.put(unit.code, replace(unit, name=recorded.data.name))


def _close_unit(ledger: Ledger, recorded: Recorded[UnitClosed]) -> None:
    need(ledger.get(UnitRegistered, recorded.data.code), f"unit {recorded.data.code} is not registered")
    ledger.put(recorded.data.code, recorded.data)


def _seal_list(ledger: Ledger, recorded: Recorded[ListSealed]) -> None:
    data = recorded.data
    need(published_list(ledger, data.list, data.year), f"list {data.list} is not published for {data.year}")
    ledger.put(f"{data.list}/{data.year}", data)


def _plausible(year: int) -> None:
    # Beyond some years the start of a day is no instant in some zone, and no agenda could be derived.
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise CannotApply(f"the year {year} is not between {YEAR_MIN} and {YEAR_MAX}")


def need(value: T | None, reason: str) -> T:
    """The value, or CannotApply with the reason where there is none."""
    if value is None:
        raise CannotApply(reason)
    return value


_CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    RegimeAdopted: _adopt,
    CalendarPublished: _publish_calendar,
    UnitRegistered: _register_unit,
    PostAssigned: _assign_post,
    PostEnded: _end_post,
    ListPublished: _publish_list,
    ProjectListed: _list_project,
    ListSealed: _seal_list,
    UnitRenamed: _rename_unit,
    UnitClosed: _close_unit,
    ResponsibilityAssigned: _assign,
    TokenRevoked: revoke,
    ProjectExited: _leave,
    ProjectReplaced: _leave,
}
_MOVES_MOMENTS = (RegimeAdopted, CalendarPublished, ListPublished)
