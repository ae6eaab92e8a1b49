"""Regimes that say something in every field: made from the types, so that nothing the model has is left out.

Not sound ones: names lead nowhere, forms stand beside each other. The n-th takes the n-th alternative everywhere.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shared.core.regime.check.pieces import pieces
from shared.core.regime.due import Due, Season
from shared.core.regime.language import Cells, Every, Last, Not, Some
from shared.core.regime.management import ClassScheme
from shared.core.regime.measures import TimeProgress
from shared.core.regime.model import Issuer, Numbers, Regime, Title

_PLAIN: Mapping[Any, Any] = {
    str: lambda n: f"某{n}",
    int: lambda n: n % 7 + 2,
    Decimal: lambda n: Decimal(n % 7 + 2),
    bool: lambda n: n % 2 == 0,
    date: lambda n: date(2026, 1, n % 28 + 1),
    time: lambda n: time(n % 24),
}
_FORMS: Mapping[type, tuple[tuple[str, ...], ...]] = {
    Due: (("day", "of", "month"), ("working_day",), ("weekday",), ("on",), ("after", "anchor"), ("before", "anchor")),
    Season: (("months",), ("first", "last")),
    Last: (("days",), ("months",)),
    TimeProgress: (("months",), ("step",)),
    ClassScheme: (("names",), ("table", "includes")),
}
"""Of these only one goes at a time; the n-th is taken."""

_JOINTS = {Every, Some, Not, Cells}
_DEPTH_MAX = 2


def regime_like(n: int) -> Regime:
    """The n-th regime that fills every field."""
    made: Regime = value_of(Regime, n)
    return made


def value_of(hint: Any, n: int, depth: int = 0) -> Any:
    """A value of a type, the n-th of several that it may be; never one that says nothing."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint](n)
    if origin is Literal:
        return inner[n % len(inner)]
    if origin in {Union, UnionType}:
        choices = [one for one in inner if one is not type(None)]
        if depth > _DEPTH_MAX:
            choices = [one for one in choices if one not in _JOINTS] or choices
        chosen = choices[n % len(choices)]
        return value_of(chosen, n // len(choices) if len(choices) > 1 else n, depth + 1)
    if origin is tuple:
        of = (inner[0], inner[0]) if inner[-1] is ... else inner
        return tuple(value_of(one, n + place, depth) for place, one in enumerate(of))
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        forms = _FORMS.get(hint, ())
        left_out = {one for form in forms for one in form} - set(forms[n % len(forms)] if forms else ())
        named = [one.name for one in fields(hint) if one.name not in left_out]
        return hint(**{name: value_of(hints[name], n // (len(forms) or 1), depth) for name in named})
    return {value_of(inner[0], n, depth): value_of(inner[1], n, depth)}


Field = tuple[str, str]
"""A class of the model, and one of its fields."""


def changes(regime: Regime, seen: AbstractSet[Field]) -> Iterator[tuple[Field, str, Regime]]:
    """The regime with one field changed, for every field of every piece of it that has not been seen.

    With each the section of the regime in which the piece stands.
    """
    for pointer, piece in pieces(regime):
        if is_dataclass(piece) and not isinstance(piece, type):
            hints = get_type_hints(type(piece))
            parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
            for one in fields(piece):
                field = (type(piece).__name__, one.name)
                for changed in () if field in seen else _others(hints[one.name], getattr(piece, one.name)):
                    section = parts[0] if parts else one.name
                    yield field, section, _with(regime, parts, replace(piece, **{one.name: changed}))


def section_alone(regime: Regime, section: str) -> Regime:
    """Only one section of a regime, with the measures that give its numbers their units."""
    return replace(_BARE, **{name: getattr(regime, name) for name in {"measures", section}})


def _others(hint: Any, value: Any) -> Iterator[Any]:
    found = (value_of(hint, n) for n in range(40))
    yield from [one for one in found if one != value][:2]


def _with(value: Any, parts: list[str], new: Any) -> Any:
    """The value with another thing at a place in it."""
    if not parts:
        return new
    first, *rest = parts
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{first: _with(getattr(value, first), rest, new)})
    if isinstance(value, tuple):
        at = int(first)
        return (*value[:at], _with(value[at], rest, new), *value[at + 1 :])
    return {name: _with(one, rest, new) if str(name) == first else one for name, one in value.items()}


_BARE = Regime(
    regime="bare",
    version=1,
    title=Title(zh="空", en="bare"),
    issuer=Issuer(body="a", writes_as="b"),
    numbers=Numbers(decimals={}),
    reporting=(),
    measures={},
)
