"""Does every condition test something, with names that lead somewhere?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from shared.core.errors import Fault
from shared.core.regime.check.columns import columns, nearest, texts
from shared.core.regime.check.pieces import Asked, asked, joint, leaves, pieces, under
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.language import Bound, Cell, Cells, Condition, Every, Has, Not, Some
from shared.core.regime.management import ClassScheme, Rotation
from shared.core.regime.measures import Amount, Measure
from shared.core.regime.model import Regime
from shared.core.regime.terms import COLUMNS, Table

ATTRIBUTES = ("category", "batch", "territory", "level", "unit", "unit_kind", "kind", "tag")
"""What stands in an object and may be closed by a scheme of classes."""


def condition_faults(regime: Regime) -> Iterator[Fault]:
    for one in asked(regime):
        yield from _empty(one.condition, one.pointer)
        for pointer, leaf in leaves(one.condition, one.pointer):
            match leaf:
                case Has():
                    yield from _classes(regime, leaf, pointer)
                case Cells(where=where):
                    yield from _cells(regime, one, where, under(pointer, "where"))
                case _:
                    for name in leaf:
                        yield from _number(regime, one, name, under(pointer, name))


def _empty(condition: Condition, pointer: str) -> Iterator[Fault]:
    match condition:
        case Every() | Some() | Not():
            name, parts = joint(condition)
            empty = not parts
            for place, part in enumerate(parts):
                yield from _empty(part, under(pointer, name, place))
        case Has():
            empty = condition == Has() or any(getattr(condition, one.name) in ((), {}) for one in fields(condition))
        case Cells(where=where):
            empty = not where
        case _:
            empty = not condition
            for name, bound in condition.items():
                if bound == Bound():
                    yield _fault("empty_condition", under(pointer, name), "The condition tests nothing.")
    if empty:
        yield _fault("empty_condition", pointer, "The condition tests nothing.")


def _number(regime: Regime, one: Asked, name: str, pointer: str) -> Iterator[Fault]:
    numeric = {table: {column for column, kind in COLUMNS[table].items() if kind == "number"} for table in one.tables}
    if name in regime.measures or (numeric and not one.is_of_objects and all(name in own for own in numeric.values())):
        return
    if any(name in own for own in numeric.values()):
        yield _of_some_only(one, [table for table, own in numeric.items() if name not in own], name, pointer)
    else:
        yield from unknown_measure(
            regime, name, pointer, sorted({column for own in numeric.values() for column in own})
        )


def unknown_measure(regime: Regime, name: str, pointer: str, also: list[str] | None = None) -> Iterator[Fault]:
    near = nearest(name, [*regime.measures, *(also or [])])
    if near:
        yield _fault("unknown_measure", pointer, "No measure is named {name}; {near} is.", name=name, near=near)
    else:
        yield _fault("unknown_measure", pointer, "No measure is named {name}.", name=name)


def _cells(regime: Regime, one: Asked, where: Mapping[str, Cell], pointer: str) -> Iterator[Fault]:
    if not one.tables:
        yield _fault("no_row", pointer, "Only rows have columns, and this rule is about objects.")
        return
    found = {table: list(columns(regime, table, where, pointer)) for table in sorted(one.tables)}
    if one.is_of_objects or (any(found.values()) and not all(found.values())):
        unable = [table for table, own in found.items() if own]
        yield _of_some_only(one, unable, ", ".join(where), pointer)
    else:
        yield from next(iter(found.values()))


def _of_some_only(one: Asked, unable: Sequence[Table], name: str, pointer: str) -> Fault:
    """A ladder, or a chain, that serves several: of those who have no such column its step would stay open for ever."""
    users = ", ".join([*unable, *(["objects"] if one.is_of_objects else [])])
    message = "Not all that come here can answer {name}; {users} cannot: give those steps of their own."
    return _fault("column_of_some", pointer, message, name=name, users=users)


# --- classes ------------------------------------------------------------------------------------------------


def class_names(scheme: ClassScheme) -> tuple[str, ...]:
    return scheme.names or tuple(name for _, name in scheme.table)


def class_faults(regime: Regime) -> Iterator[Fault]:
    """Schemes that divide nothing, and turns that are taken by what is no class."""
    for name, scheme in (regime.classes or {}).items():
        pointer = under("/classes", name)
        if bool(scheme.names) == bool(scheme.table):
            message = "A scheme of classes has either names, or a table of thresholds."
            yield _fault("class_scheme_unclear", pointer, message)
        elif scheme.table and scheme.of not in regime.measures:
            yield from unknown_measure(regime, scheme.of, f"{pointer}/of")
        elif scheme.table and not _is_amount_of_all(regime.measures[scheme.of]):
            message = "Thresholds go by an amount of the object itself: a measure with `amount`, and without `among`."
            yield _fault("class_of_no_amount", f"{pointer}/of", message)
        elif scheme.names and scheme.of not in ATTRIBUTES:
            message = "Nothing named {name} stands in an object: {known}."
            yield _fault("unknown_attribute", f"{pointer}/of", message, name=scheme.of, known=", ".join(ATTRIBUTES))
        for counted in scheme.counts or {}:
            yield from _known_class(counted, class_names(scheme), under(pointer, "counts", counted), scheme=name)
    for pointer, piece in pieces(regime):
        if isinstance(piece, Rotation):
            yield from _closed(regime, piece.over, piece.order, f"{pointer}/order")


def _is_amount_of_all(measure: Measure) -> bool:
    return isinstance(measure, Amount) and measure.among is None


def _classes(regime: Regime, has: Has, pointer: str) -> Iterator[Fault]:
    schemes = regime.classes or {}
    for name, wanted in (has.classes or {}).items():
        if name not in schemes:
            message = "No scheme of classes is named {name}."
            yield _fault("unknown_scheme", under(pointer, "classes", name), message, name=name)
        else:
            known, at = class_names(schemes[name]), under(pointer, "classes", name)
            for one in texts(wanted):
                yield from _known_class(one, known, at, scheme=name)
    for attribute in ATTRIBUTES:
        yield from _closed(regime, attribute, texts(getattr(has, attribute)), f"{pointer}/{attribute}")


def _closed(regime: Regime, attribute: str, wanted: tuple[str, ...], pointer: str) -> Iterator[Fault]:
    """A name of an attribute whose names a scheme has closed must be one of them."""
    schemes = {name: one for name, one in (regime.classes or {}).items() if one.of == attribute and one.names}
    known = {one for scheme in schemes.values() for one in scheme.names}
    for one in wanted if schemes else ():
        yield from _known_class(one, tuple(known), pointer, scheme=", ".join(schemes))


def _known_class(name: str, known: tuple[str, ...], pointer: str, *, scheme: str) -> Iterator[Fault]:
    if name not in known:
        message = "The scheme {scheme} has no class {name}."
        yield _fault("unknown_class", pointer, message, scheme=scheme, name=name)
