"""What is wrong with a document, in its own words: which key, which value, and what was meant.

Where a value may be one of several things pydantic complains once for each, under names that stand in no document. Of
those only the complaints about what was most nearly meant are kept, each with what may stand in its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date, time
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shared.core.errors import Fault
from shared.core.regime.check.columns import nearest
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pieces import under
from shared.core.regime.language import Bound, Cells, Every, Has, Not, Some, Sourced

Path = tuple[str, ...]

_SHOWN_MAX = 24
_SOURCED = {one.name for one in fields(Sourced)}


@dataclass(frozen=True, slots=True)
class _Found:
    """A fault with the true path into the document, and the alternatives that were being tried at points of it."""

    of: type
    path: Path
    tried: tuple[tuple[Path, str], ...]
    code: str
    message: str
    chosen: tuple[tuple[Path, str], ...] = ()

    @property
    def owner(self) -> Path:
        """The piece that lacks a key, or has one too many; else the value itself."""
        return self.path[:-1] if self.code in {"missing", "unexpected_keyword_argument", "key"} else self.path

    @property
    def expected(self) -> Any:
        return _expected(self.of, self.owner, dict(self.chosen))

    @property
    def is_slip(self) -> bool:
        """Whether a key is nearly one that may stand here."""
        return self.code == "unexpected_keyword_argument" and bool(nearest(self.path[-1], _keys(self.expected)))


def in_own_words(faults: Sequence[Fault], document: Any, of: type) -> list[Fault]:
    """Faults with pointers into the document, in words of the document, each thing wrong once.

    `of` is the class that the document should be one of.
    """
    found = _nearest([_found(fault, document, of) for fault in faults], document)
    return list(_worded(found, document))


def _found(fault: Fault, document: Any, of: type) -> _Found:
    path: list[str] = []
    tried: list[tuple[Path, str]] = []
    code = fault.code
    parts = [part.replace("~1", "/").replace("~0", "~") for part in fault.pointer.split("/")[1:]]
    for place, part in enumerate(parts):
        is_wanting = fault.code == "missing" and place == len(parts) - 1
        if is_wanting or _has(document, part):
            path.append(part)
            document = None if is_wanting else _inside(document, part)
        elif part == "[key]":
            code = "key"
        else:
            tried.append((tuple(path), part))
    return _Found(of, tuple(path), tuple(tried), code, fault.message)


def _has(document: Any, part: str) -> bool:
    if isinstance(document, Mapping):
        return part in document
    return isinstance(document, list) and part.isdecimal() and int(part) < len(document)


def _inside(document: Any, part: str) -> Any:
    return document[int(part)] if isinstance(document, list) else document[part]


def _nearest(found: Sequence[_Found], document: Any) -> list[_Found]:
    """Of alternatives, the faults of the one that was most nearly meant."""
    kept: list[_Found] = []
    alternatives: dict[Path, dict[str, list[_Found]]] = {}
    for one in found:
        if not one.tried:
            kept.append(one)
            continue
        (where, name), *rest = one.tried
        chosen = (*one.chosen, (where, name))
        alternatives.setdefault(where, {}).setdefault(name, []).append(replace(one, tried=tuple(rest), chosen=chosen))
    for where, choices in alternatives.items():
        value = _at(document, where)
        tried = {name: _nearest(choice, document) for name, choice in choices.items()}
        name = min(tried, key=lambda name: _distance(tried[name], _is_named(tried[name][0], where, value)))
        # Where nothing fits better than the others, each would name only its own kind of value.
        is_tie = len(tried) > 1 and (value == {} or all(one.path == where for each in tried.values() for one in each))
        kept += [_of_any(tried[name][0], where)] if is_tie else tried[name]
    return _merged(kept)


def _of_any(one: _Found, where: Path) -> _Found:
    before = tuple(each for each in one.chosen if each[0] != where)
    return replace(one, path=where, code="wrong_value", chosen=before)


def _is_named(one: _Found, where: Path, value: Any) -> bool:
    """Whether all the keys stand here that an alternative cannot do without."""
    expected = _expected(one.of, where, dict(one.chosen))
    needed = [one.name for one in fields(expected) if _is_required(one)] if is_dataclass(expected) else []
    return bool(needed) and isinstance(value, dict) and all(name in value for name in needed)


def _distance(found: list[_Found], is_named: bool) -> tuple[bool, int, int, int, bool]:
    is_other_kind = any(one.code == "dataclass_type" for one in found)
    slips = sum(one.is_slip for one in found)
    return not is_named, len(found) - slips, slips, -max(len(one.path) for one in found), is_other_kind


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """A key that is missing and one like it that is not known are one slip."""
    slips = [one for one in found if one.is_slip]
    return [one for one in found if not (one.code == "missing" and any(_is_meant(slip, one) for slip in slips))]


def _is_meant(slip: _Found, missing: _Found) -> bool:
    return slip.owner == missing.owner and bool(nearest(slip.path[-1], [missing.path[-1]]))


# --- in words ---------------------------------------------------------------------------------------------------------


def _worded(found: Sequence[_Found], document: Any) -> Iterator[Fault]:
    for one in found:
        pointer = under("", *one.path)
        match one.code:
            case "missing":
                yield _fault("missing", pointer, "{name} is missing here.", name=one.path[-1])
            case "unexpected_keyword_argument" | "key":
                yield _unknown_key(one, pointer, document)
            case _:
                yield _wrong_value(one, pointer, _at(document, one.path))


def _unknown_key(one: _Found, pointer: str, document: Any) -> Fault:
    name, known = one.path[-1], _keys(one.expected)
    if one.path[-2:-1] and _is_denial(one, document):
        message = "What must not be so stands under none: [ … ]."
        return _fault(one.code, under("", *one.path[:-1]), message)
    if _is_condition(one.expected) and name in _tests(document):
        message = "Tests of different kinds stand apart: join them under all: [ … ]."
        if one.expected is Has and name in _measures(document):
            message = "What stands in objects and what is measured are tested apart: join the two under all."
        return _fault(one.code, pointer, message)
    if near := nearest(name, known):
        message = "There is no {name} here; {near} was probably meant."
        return _fault(one.code, pointer, message, name=name, near=near)
    if not known and (forms := [_EXAMPLES[key] for key in _key_kinds(one.expected) if key in _EXAMPLES]):
        return _fault(
            one.code, pointer, "{value} cannot stand here; it looks like {known}.", value=name, known=forms[0]
        )
    message = "There is no {name} here; there may be: {known}."
    return _fault(one.code, pointer, message, name=name, known=", ".join(known) or "-")


def _is_denial(one: _Found, document: Any) -> bool:
    """Whether a condition stands under `not`, which there is none of, where the bound of a measure was looked for."""
    return "not" in one.path and one.expected is Bound and "not" not in _measures(document)


def _is_condition(expected: Any) -> bool:
    return expected in {Every, Some, Not, Has, Cells}


def _tests(document: Any) -> frozenset[str]:
    """What conditions begin with."""
    kinds = (each.name for kind in (Every, Some, Not, Has, Cells) for each in fields(kind))
    return frozenset([*kinds, *_measures(document)])


def _measures(document: Any) -> Mapping[str, Any]:
    found = document.get("measures") if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def _keys(expected: Any) -> list[str]:
    """What may be a key of a piece, or of a table of the words that it is about."""
    if is_dataclass(expected):
        own = [one.name for one in fields(expected)]
        return sorted(own, key=lambda name: name in _SOURCED)
    return [word for key in _key_kinds(expected) for word in _words(key)]


def _key_kinds(expected: Any) -> list[Any]:
    return [get_args(one)[0] for one in _alternatives(expected) if _is_mapping(one)]


def _wrong_value(one: _Found, pointer: str, value: Any) -> Fault:
    words, forms = list(_words(one.expected)), list(dict.fromkeys(_forms(one.expected)))
    if value is None:
        return _nothing(one, pointer, ", ".join([*words[:_SHOWN_MAX], *forms]))
    if isinstance(value, list) and (needed := _needed(one.expected)) not in {None, len(value)}:
        message = "There are {count} values here, and there must be {needed}."
        return _fault(one.code, pointer, message, count=len(value), needed=needed)
    shown = "[ … ]" if isinstance(value, list) else "{ … }" if isinstance(value, dict) else str(value)
    if isinstance(value, str) and (near := nearest(value, words)):
        message = "{value} is not known here; {near} was probably meant."
        return _fault(one.code, pointer, message, value=shown, near=near)
    if len(words) > _SHOWN_MAX:
        words = [*words[:_SHOWN_MAX], "…"]
    known = ", ".join([*words, *forms])
    if not known:
        return _fault(one.code, pointer, "This cannot stand here: {problem}.", problem=one.message)
    if words:
        return _fault(one.code, pointer, "{value} cannot stand here; it is one of: {known}.", value=shown, known=known)
    return _fault(one.code, pointer, "{value} cannot stand here; it looks like {known}.", value=shown, known=known)


def _needed(expected: Any) -> int | None:
    """How many values a row has."""
    rows = [get_args(one) for one in _alternatives(expected) if get_origin(one) is tuple]
    return len(rows[0]) if len(rows) == 1 and rows[0][-1] is not ... else None


def _nothing(one: _Found, pointer: str, known: str) -> Fault:
    message = "Nothing stands here; it looks like {known}." if known else "Nothing stands here."
    return _fault(one.code, pointer, message, known=known)


def _words(expected: Any) -> Iterator[str]:
    for one in _alternatives(expected):
        if get_origin(one) is Literal:
            yield from map(str, get_args(one))


def _forms(expected: Any) -> Iterator[str]:
    """How the values look that may stand somewhere, by example."""
    for one in _alternatives(expected):
        if is_dataclass(one) and isinstance(one, type):
            wanted = [each.name for each in fields(one) if _is_required(each)] or [fields(one)[0].name]
            yield f"{{ {': …, '.join(wanted)}: … }}" if one is not Bound else "{ at_least: 1 }"
        elif get_origin(one) is tuple:
            yield "[ … ]"
        elif _is_mapping(one):
            yield "{ …: … }"
        elif one in _EXAMPLES:
            yield _EXAMPLES[one]


_EXAMPLES = {int: "1", Decimal: "0.5", bool: "true", str: '"…"', time: '"09:00"', date: "2026-01-31"}


def _is_mapping(expected: Any) -> bool:
    origin = get_origin(expected)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _alternatives(expected: Any) -> Iterator[Any]:
    if get_origin(expected) in {Union, UnionType}:
        for one in get_args(expected):
            yield from _alternatives(one)
    elif expected is not type(None):
        yield expected


def _expected(of: type, path: Path, chosen: Mapping[Path, str]) -> Any:
    """What may stand at a place of the document, as far as it is known which alternative was meant on the way to it."""
    expected: Any = of
    for place in range(len(path) + 1):
        expected = _chosen(expected, chosen.get(path[:place]))
        if place < len(path):
            expected = _part(expected, path[place])
    return expected


def _chosen(expected: Any, name: str | None) -> Any:
    named = [one for one in _alternatives(expected) if getattr(one, "__name__", None) == name]
    if named and is_dataclass(named[0]):
        return named[0]
    kinds = list(_alternatives(expected))
    return kinds[0] if len(kinds) == 1 else expected


def _part(expected: Any, part: str) -> Any:
    for one in _alternatives(expected):
        inner = get_args(one)
        if is_dataclass(one) and isinstance(one, type) and part in (hints := get_type_hints(one)):
            return hints[part]
        if get_origin(one) is tuple and part.isdecimal():
            return inner[0] if inner[-1:] == (...,) else inner[min(int(part), len(inner) - 1)]
        if _is_mapping(one):
            return inner[1]
    return None


def _at(document: Any, path: Path) -> Any:
    for part in path:
        document = _inside(document, part)
    return document
