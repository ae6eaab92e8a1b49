"""Is each name that a regime gives the name of something it uses, and has all that it names itself a name in words?"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from shared.core.errors import Fault
from shared.core.regime.check.columns import nearest
from shared.core.regime.check.pieces import CODE, under
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.model import Regime
from shared.core.regime.terms import COLUMNS

_PROSE = {
    "regime", "title", "issuer", "names", "source", "chosen_by_operator", "legal_basis", "plan_item", "number",
}  # fmt: skip
"""Fields that hold texts, or names of fields: nothing in them is named by the regime."""


def naming_faults(regime: Regime) -> Iterator[Fault]:
    used, names = set(_identifiers(regime)), regime.names or {}
    for name, title in names.items():
        pointer = under("/names", name)
        if name not in used:
            yield _nothing_called(name, sorted(used - set(names)), pointer)
        for language in ("zh", "en"):
            if not getattr(title, language).strip():
                yield _fault("empty_name", f"{pointer}/{language}", "The name is empty.")


def _nothing_called(name: str, used: list[str], pointer: str) -> Fault:
    near = nearest(name, used)
    if near:
        message = "Nothing in this regime is called {name}; {near} was probably meant."
        return _fault("names_nothing", pointer, message, name=name, near=near)
    message = "Nothing in this regime is called {name}: leave its name out."
    return _fault("names_nothing", pointer, message, name=name)


def unnamed(regime: Regime, catalogue: Collection[str]) -> Iterator[Fault]:
    """One remark on all that would be read as a code, because neither the regime nor the catalogue has a name for it.

    What is written in Chinese is its own name.
    """
    own = {one for one in _identifiers(regime) if CODE.fullmatch(one) and one[0].isalpha()}
    known = {entry.rpartition(": ")[2] for entry in catalogue}  # some words have an entry for their column alone
    nameless = sorted(own - vocabulary() - set(regime.names or {}) - known)
    if nameless:
        message = "These have no name in words and are read as they stand; give them one under `names`: {names}."
        yield _fault("no_name", "/names", message, names=", ".join(nameless))


def _identifiers(value: object) -> Iterator[str]:
    """Every text of a regime that may be the name of something."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in _PROSE:
                yield from _identifiers(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _identifiers(name)
            yield from _identifiers(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _identifiers(part)


@cache
def vocabulary() -> frozenset[str]:
    """The words that the language of regimes has for everybody: sentences and the catalogue say them."""
    words: set[Any] = {column for columns in COLUMNS.values() for column in columns}
    seen: set[Any] = set()
    ahead: list[Any] = [Regime]
    while ahead:
        hint = ahead.pop()
        if hint in seen:
            continue
        seen.add(hint)
        if get_origin(hint) is Literal:
            words.update(get_args(hint))
        else:
            ahead += get_type_hints(hint).values() if is_dataclass(hint) else get_args(hint)
    return frozenset(words)
