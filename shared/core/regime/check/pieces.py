"""Which pieces does a regime have, and where does each stand? Every check walks over these."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from shared.core.errors import Fault
from shared.core.regime.language import Cells, Condition, Every, Has, Not, Some, Tests
from shared.core.regime.management import Requirement
from shared.core.regime.measures import Portion
from shared.core.regime.model import Regime
from shared.core.regime.pursuit import SupervisionRule
from shared.core.regime.terms import COLUMNS, SubjectKind, Table

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def fault(code: str, pointer: str, message: str, **values: object) -> Fault:
    return Fault(code, pointer, message, {name: str(value) for name, value in values.items()})


def under(pointer: str, *parts: object) -> str:
    """The pointer to a part of what another points to."""
    return pointer + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def pieces(value: object, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """A value and all that stands in it, each with its pointer."""
    yield pointer, value
    for name, part in _parts(value):
        yield from pieces(part, under(pointer, name))


def _parts(value: object) -> Iterator[tuple[object, object]]:
    if is_dataclass(value):
        yield from ((one.name, getattr(value, one.name)) for one in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from enumerate(value)


# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition, where it stands, of the rows of which tables it is asked, and whether it is asked of objects."""

    pointer: str
    condition: Condition
    tables: frozenset[Table]
    is_of_objects: bool


def asked(regime: Regime) -> Iterator[Asked]:
    """Every condition of a regime."""
    for pointer, condition in light_conditions(regime):
        yield Asked(pointer, condition, frozenset(), is_of_objects=True)
    for pointer, piece in pieces(regime):
        for name, condition in _own_conditions(piece):
            abouts = _abouts(regime, piece, pointer)
            tables = frozenset(table for table in COLUMNS if table in abouts)
            yield Asked(under(pointer, name), condition, tables, is_of_objects=not tables or len(abouts) > len(tables))


def light_conditions(regime: Regime) -> Iterator[tuple[str, Condition]]:
    for place, light in enumerate(regime.lights):
        for name, when in light.items():
            if when != "otherwise":
                yield f"/lights/{place}/{name}", when


def conditions_in(value: object) -> Iterator[Condition]:
    """The conditions that stand in a rule; a condition by itself has none."""
    for _, piece in pieces(value):
        yield from (condition for _, condition in _own_conditions(piece))


def _own_conditions(piece: object) -> Iterator[tuple[str, Condition]]:
    cls: Any = type(piece)
    for name in condition_fields(cls):
        condition = getattr(piece, name)
        if condition is not None and not isinstance(condition, str):
            yield name, condition


def leaves(condition: Condition, pointer: str = "") -> Iterator[tuple[str, Has | Cells | Tests]]:
    """The tests that a condition is made of, each with its pointer."""
    match condition:
        case Every() | Some() | Not():
            name, parts = joint(condition)
            for place, part in enumerate(parts):
                yield from leaves(part, under(pointer, name, place))
        case _:
            yield pointer, condition


def joint(condition: Every | Some | Not) -> tuple[str, tuple[Condition, ...]]:
    """The word under which the parts of a condition stand, and the parts."""
    match condition:
        case Every(all=parts):
            return "all", parts
        case Some(any=parts):
            return "any", parts
        case Not(none=parts):
            return "none", parts


@cache
def condition_fields(cls: type) -> tuple[str, ...]:
    """The fields of a piece that hold a condition."""
    if not is_dataclass(cls) or cls in {Every, Some, Not, Cells, Portion}:
        return ()
    return tuple(name for name, hint in get_type_hints(cls).items() if Every in get_args(hint))


def _abouts(regime: Regime, piece: object, pointer: str) -> set[str]:
    """What a condition is asked of: tables whose rows, kinds whose subjects. A ladder and a chain may serve several."""
    if isinstance(piece, SupervisionRule | Requirement):
        return {piece.about}
    if pointer.startswith("/ladders/"):
        rules = regime.supervision_rules
        return {rule.about for rule in rules if pointer.startswith(under("/ladders", rule.ladder) + "/")}
    if pointer.startswith("/chains/"):
        users = _users_of_chains(regime)
        return {about for name, about in users if pointer.startswith(under("/chains", name) + "/")}
    return set()


def _users_of_chains(regime: Regime) -> Iterator[tuple[str, SubjectKind | Table]]:
    """The chains by name, each with what goes up it."""
    yield from ((one.review_chain, "return") for one in regime.reporting)
    yield from ((one.approval, one.about) for one in regime.rewards)
    yield regime.plan_approval, "project"
    if regime.assessment is not None:
        yield regime.assessment.approval, "list"
    if regime.matters is not None:
        yield regime.matters.open_chain, "matter"
    if regime.list_changes is not None:
        yield regime.list_changes.change_chain, "project"
        yield regime.list_changes.exit_chain, "exit"
        yield regime.list_changes.assignment_chain, "assignment"
