"""What was asked of each unit, month by month, and how often (基层减负): counted from the record, beside the rules.

A return is counted in the month in which it is due; where no day is named, in which its period ends.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from services.intake.domain.asked import Asked, asked_until
from services.intake.domain.known import Drafted, GivenTo, Met, Visited
from shared.core.calendar import Period, instant, last_day_before
from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.burden import Kind, burden, limits, totals
from shared.core.register import Adopted, holders, regime_at, zone_of


@dataclass(slots=True)
class Borne:
    """What a unit was asked in a month. `objects`: for how many projects; a workbook is one for each period."""

    returns: int = 0
    fields: int = 0
    visits: set[tuple[date, str, str]] = field(default_factory=set)
    meetings: int = 0
    notices: int = 0
    matters: int = 0
    workbooks: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What the regime of a list asks of a unit with one object in a month, and the most that it allows itself."""

    list: str
    per_month: dict[Kind, Decimal]
    allowed: dict[Kind, int | None]


def borne(ledger: Ledger, first: date, last: date, *, today: date) -> dict[tuple[str, str], Borne]:
    """By unit and month (2026-03), from one day to another; where nothing was asked there is nothing.

    What is asked for periods that have not begun today is not counted yet.
    """
    found: dict[tuple[str, str], Borne] = defaultdict(Borne)
    for unit, on, one in _returns(ledger, min(last, today)):
        if first <= on <= last:
            kept = found[unit, _month(on)]
            kept.returns += 1
            kept.fields += len(one.fields)
            kept.workbooks.add(one.period)
            kept.projects.add(one.project)
    for unit, on, visit in _visits(ledger):
        if first <= on <= last:
            found[unit, _month(on)].visits.add(visit)
    for kind, told in (("meetings", _meetings), ("matters", _matters), ("notices", _notices)):
        for unit, on in told(ledger):
            if first <= on <= last:
                kept = found[unit, _month(on)]
                setattr(kept, kind, getattr(kept, kind) + 1)
    return found


def ruled(ledger: Ledger, last: date) -> Sequence[Ruled]:
    """What the regimes that are in force on a day would ask."""
    at = instant(last, time(0), zone_of(ledger))
    regimes = ((code, regime_at(ledger, code, at)) for code in sorted(ledger.all(Adopted)))
    return [
        Ruled(list=code, per_month=totals(burden(regime)), allowed=limits(regime.burden))
        for code, regime in regimes
        if regime
    ]


def _returns(ledger: Ledger, last: date) -> Iterator[tuple[str, date, Asked]]:
    zone = zone_of(ledger)
    for one in asked_until(ledger, last):
        yield one.unit, last_day_before(one.due, zone) if one.due else Period.parse(one.period).last_day, one


def _visits(ledger: Ledger) -> Iterator[tuple[str, date, tuple[date, str, str]]]:
    """Each visit, for the units whose project was seen; one that sees several projects of a unit is one for it."""
    for key, visited in ledger.all(Visited).items():
        units = holders(ledger, key.rpartition("/")[0], "lead_unit")
        yield from ((unit, came.on, (*came,)) for came in visited.came for unit in units)


def _meetings(ledger: Ledger) -> Iterator[tuple[str, date]]:
    """Meetings of each unit that was called, came, or has the minutes."""
    for met in ledger.all(Met).values():
        yield from ((who, met.on) for who in met.who if ledger.get(UnitRegistered, who))


def _matters(ledger: Ledger) -> Iterator[tuple[str, date]]:
    for given in ledger.all(GivenTo).values():
        yield from given.units.items()


def _notices(ledger: Ledger) -> Iterator[tuple[str, date]]:
    for drafted in ledger.all(Drafted).values():
        if drafted.unit and drafted.served_on:
            yield drafted.unit, drafted.served_on


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
