"""Who holds which role for a project, from when until when: the lead unit, the leader who sponsors it, the liaison.

Told by the listing of a project, by responsibilities assigned, and by posts that are held for a project or in a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    JurisdictionOpened,
    PostAssigned,
    PostEnded,
    ProjectListed,
    Recorded,
    ResponsibilityAssigned,
)
from shared.core.ledger import Ledger
from shared.core.regime.terms import PERSON_ROLES, Liability, Role

_ROLES: frozenset[str] = frozenset(get_args(Role))
_OF_THE_LEAD_UNIT: frozenset[Role] = frozenset({"unit_head", "liaison"})
"""Who holds one of these in its lead unit holds it for a project that names nobody else."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held by a unit or a person from a day on, and up to the day at which it was taken away.

    `order` is the protocol order; `is_listed`: the project's listing says so, and the next listing may say otherwise.
    """

    role: Role
    unit: str
    person: str
    from_on: date
    event: str
    liability: Liability | None = None
    order: int = 0
    is_listed: bool = False
    until_on: date | None = None

    @property
    def holder(self) -> str:
        """The person where the role is one that people hold, else the unit."""
        return (self.person or self.unit) if self.role in PERSON_ROLES else (self.unit or self.person)

    def is_held(self, on: date | None) -> bool:
        """Whether it is held on a day; of no day: whether nobody has taken it away so far."""
        if on is None:
            return self.until_on is None
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """All roles ever held for a project, in the order in which they were assigned. Kept under the project."""

    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """All roles ever held in a unit for no project in particular. Kept under the unit."""

    holdings: tuple[Holding, ...]


def holdings(
    ledger: Ledger, project: str, role: Role, *, on: date | None = None, ever: bool = False
) -> Sequence[Holding]:
    """The holdings of a role for a project, in protocol order, then as assigned; `ever`: also those that have ended."""
    own = _held(ledger.get(Responsibilities, project), role, on=on, ever=ever)
    if own or role not in _OF_THE_LEAD_UNIT:
        return own
    leads = holders(ledger, project, "lead_unit", on=on, ever=ever)
    return [one for unit in leads for one in _held(ledger.get(Staff, unit), role, on=on, ever=ever)]


def holders(ledger: Ledger, project: str, role: Role, *, on: date | None = None, ever: bool = False) -> tuple[str, ...]:
    """The codes of those who hold a role for a project on a day, now where no day is given, or `ever` held it.

    A project's unit head and liaison are those of its lead unit where nobody is assigned to it.
    """
    return tuple(dict.fromkeys(one.holder for one in holdings(ledger, project, role, on=on, ever=ever)))


def staff(ledger: Ledger, unit: str, role: Role, *, on: date | None = None, ever: bool = False) -> tuple[str, ...]:
    """The codes of those who hold a role in a unit for no project in particular."""
    return tuple(dict.fromkeys(one.holder for one in _held(ledger.get(Staff, unit), role, on=on, ever=ever)))


def _held(kept: Responsibilities | Staff | None, role: Role, *, on: date | None, ever: bool) -> Sequence[Holding]:
    found = [one for one in kept.holdings if one.role == role and (ever or one.is_held(on))] if kept else []
    return sorted(found, key=lambda one: one.order)


# --- how an event changes it --------------------------------------------------------------------------------------


def list_holders(ledger: Ledger, recorded: Recorded[ProjectListed]) -> None:
    """The units of a listing take the place of those that the listing before it named, and hold for its whole year."""
    data = recorded.data
    kept = ledger.get(Responsibilities, data.project) or Responsibilities(())
    named = [one for one in kept.holdings if one.is_listed and one.until_on is None]
    new_year = date(data.year, 1, 1)
    day = max(day_of(ledger, recorded), new_year) if named else new_year
    wanted: list[tuple[Role, str]] = [("lead_unit", data.lead_unit)]
    wanted += [("supporting_unit", unit) for unit in data.supporting_units]
    wanted += [("owner", data.owner)] if data.owner else []
    ends = [one for one in named if (one.role, one.unit) not in wanted]
    stays = {(one.role, one.unit) for one in named}
    begins = [one for one in dict.fromkeys(wanted) if one not in stays]
    if ends or begins:
        past = [replace(one, until_on=day) if one in ends else one for one in kept.holdings]
        new = [Holding(role, unit, "", day, recorded.id, is_listed=True) for role, unit in begins]
        ledger.put(data.project, Responsibilities((*past, *new)))


def assign(ledger: Ledger, recorded: Recorded[ResponsibilityAssigned]) -> None:
    data, day = recorded.data, day_of(ledger, recorded)
    if not (data.unit or data.person):
        raise CannotApply(f"nobody is named to be {data.role} of {data.project}")
    kept = ledger.get(Responsibilities, data.project) or Responsibilities(())
    if data.ends:
        ledger.put(data.project, Responsibilities(_ended(kept.holdings, data.role, data.unit, data.person, day)))
    else:
        new = Holding(data.role, data.unit, data.person, day, recorded.id, data.liability)
        ledger.put(data.project, Responsibilities((*kept.holdings, new)))


def take_post(ledger: Ledger, recorded: Recorded[PostAssigned]) -> None:
    data = recorded.data
    if data.post not in _ROLES:
        return
    new = Holding(
        cast("Role", data.post), data.unit, data.person, day_of(ledger, recorded), recorded.id,
        order=data.protocol_order,
    )  # fmt: skip
    kind, key = _place(data)
    kept = ledger.get(kind, key)
    ledger.put(key, kind((*(kept.holdings if kept else ()), new)))


def leave_post(ledger: Ledger, recorded: Recorded[PostEnded]) -> None:
    data = recorded.data
    kind, key = _place(data)
    kept = ledger.get(kind, key)
    if kept and data.post in _ROLES and any(is_meant(one, data.post, data.unit, data.person) for one in kept.holdings):
        ended = _ended(kept.holdings, data.post, data.unit, data.person, day_of(ledger, recorded))
        ledger.put(key, kind(ended))


def day_of(ledger: Ledger, recorded: AnyRecorded) -> date:
    """The local day on which it happened: that of an event which names no day of its own."""
    return local_day(ledger, recorded.time)


def local_day(ledger: Ledger, at: datetime) -> date:
    opened = ledger.get(JurisdictionOpened, "")
    return at.astimezone(ZoneInfo(opened.time_zone if opened else "UTC")).date()


def _place(data: PostAssigned | PostEnded) -> tuple[type[Responsibilities] | type[Staff], str]:
    return (Responsibilities, data.project) if data.project else (Staff, data.unit)


def is_meant(one: Holding, role: str, unit: str, person: str) -> bool:
    """Whether it is held still by whom an event names, as far as it names them."""
    return one.until_on is None and one.role == role and unit in {"", one.unit} and person in {"", one.person}


def _ended(found: tuple[Holding, ...], role: str, unit: str, person: str, day: date) -> tuple[Holding, ...]:
    if not any(is_meant(one, role, unit, person) for one in found):
        raise CannotApply(f"{person or unit} is not {role}")
    return tuple(replace(one, until_on=day) if is_meant(one, role, unit, person) else one for one in found)
