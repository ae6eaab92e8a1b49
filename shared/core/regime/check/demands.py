"""Does a regime ask only for what it may ask for: no figure twice, no points for photographs or meetings (减负)?"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal

from shared.core.errors import Fault
from shared.core.regime.check.names import measures_behind
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pieces import pieces, under
from shared.core.regime.management import RECORDED_FIELDS, Duty, Reporting
from shared.core.regime.measures import Count, Portion, Taken
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Bulletin
from shared.core.regime.pursuit import Step
from shared.core.regime.scoring import (
    AllOrNothing,
    Bonus,
    ByCount,
    Component,
    Counted,
    Deducted,
    Proportional,
    Steps,
    Tiers,
)
from shared.core.regime.terms import Table

FORMALITIES: frozenset[Table] = frozenset({"meeting", "absence"})
"""Holding and attending meetings earns nothing; staying away may cost."""


def demand_faults(regime: Regime) -> Iterator[Fault]:
    if not regime.reporting:
        yield _fault("no_return", "/reporting", "A regime asks for at least one return.")
    for place, one in enumerate(regime.reporting):
        yield from _fields(one, f"/reporting/{place}/fields")
    for place, duty in enumerate(regime.duties):
        yield from _duty(duty, f"/duties/{place}")
    for place, component in enumerate(regime.scoring.components if regime.scoring else ()):
        if _gives_points(component) and FORMALITIES & _tables(regime, component):
            message = "Points may not be given for meetings or photographs."
            yield _fault("points_for_form", f"/scoring/components/{place}", message)


def empty_faults(regime: Regime) -> Iterator[Fault]:
    """What a rule cannot do without and that names nothing; what has a sentence of its own is said elsewhere."""
    for pointer, piece in pieces(regime):
        for field in fields(piece) if is_dataclass(piece) else ():
            is_needed = field.default is MISSING and field.default_factory is MISSING
            if is_needed and getattr(piece, field.name) == () and (type(piece), field.name) not in _SAID_ELSEWHERE:
                yield _fault("empty", under(pointer, field.name), "{name} names nothing here.", name=field.name)


_SAID_ELSEWHERE = {(Regime, "reporting"), (Step, "serve"), (Bulletin, "sections"), (Steps, "table")}


def _fields(one: Reporting, pointer: str) -> Iterator[Fault]:
    for place, name in enumerate(one.fields):
        if name in RECORDED_FIELDS:
            message = "The record holds {name} already: a return may not ask for it again."
            yield _fault("asked_twice", f"{pointer}/{place}", message, name=name)
        elif name in one.fields[:place]:
            yield _fault("duplicate_name", f"{pointer}/{place}", "{name} stands here twice.", name=name)


def _duty(duty: Duty, pointer: str) -> Iterator[Fault]:
    if duty.at_least is None and duty.at_most is None:
        message = "A duty says how often at least, or how often at most."
        yield _fault("duty_asks_nothing", pointer, message)
    elif duty.at_least is not None and duty.at_most is not None and duty.at_least > duty.at_most:
        message = "At least {low} and at most {high} cannot both be."
        yield _fault("duty_impossible", pointer, message, low=duty.at_least, high=duty.at_most)
    turns = duty.rotate
    if turns is not None and turns.conveners and len(turns.conveners) != len(turns.order):
        message = "Each in the order has a convener, or none has."
        yield _fault("conveners_missing", f"{pointer}/rotate/conveners", message)


def _gives_points(component: Component) -> bool:
    """Whether points may be earned; a component that only takes them is no reward."""
    match component:
        case AllOrNothing(all_or_nothing=award):
            return max(award.points, award.otherwise) > 0
        case Tiers(tiers=steps):
            return any(points > 0 for _, points in steps.table)
        case Bonus(per=rate):
            return rate.points > 0
        case Proportional(proportional=share):
            return share.points > 0
        case Counted(add=by_count):
            return any(points > 0 for points in _points(by_count))
        case Deducted(deduct=by_count):
            return any(points < 0 for points in _points(by_count))
        case _:
            return False  # what multiplies others is judged with them


def _points(by_count: ByCount) -> list[Decimal]:
    return list(by_count.points.values()) if isinstance(by_count.points, Mapping) else [by_count.points]


def _tables(regime: Regime, component: Component) -> set[Table]:
    """The tables that decide a component, itself or through the measures behind it."""
    behind = [component, *(regime.measures[name] for name in measures_behind(regime, component))]
    found: set[Table] = set()
    for _, piece in pieces(behind[0]):
        if isinstance(piece, ByCount):
            found.add(piece.per)
    for measure in behind[1:]:
        match measure:
            case Count(count=table) | Portion(portion_of=table) | Taken(of=table):
                found.add(table)
    return found
