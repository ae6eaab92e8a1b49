"""Is this YAML file a regime? If not: everything that is wrong with it, each fault with its line.

YAML 1.2's core schema, so that `11:30` is a text and `no` is not false; numbers are exact; a key stands once; there
are no anchors and no tags, so a file says what it means where it says it.
"""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.core.errors import Fault
from shared.core.regime.check import faults as faults_of_regime
from shared.core.regime.model import Regime
from shared.infra.wire import adapter, faults_of

_CHARACTERS_MAX = 1_000_000
_DEPTH_MAX = 40

Path_ = tuple[str, ...]


class BadRegime(Exception):
    """A file that is no regime. Each fault's values carry `line` and `column`, counted from 1."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(_sentence(fault) for fault in faults))
        self.faults = list(faults)


def read_regime(path: Path) -> Regime:
    """Read a regime file. BadRegime if it is none; OSError if it cannot be read."""
    return parse_regime(path.read_bytes())


def parse_regime(text: bytes | str) -> Regime:
    """Read a regime from YAML text. BadRegime, with every fault at once, if it is none."""
    document = _Document.parse(text)
    if document.faults:
        raise BadRegime(document.faults)
    try:
        regime: Regime = adapter(Regime).validate_python(document.value)
    except ValidationError as error:
        found = in_own_words(faults_of(error), document.value)
        raise BadRegime(document.located(found)) from error
    found = [*_not_boolean(document.value, adapter(Regime).dump_python(regime), ""), *faults_of_regime(regime)]
    if found:
        raise BadRegime(document.located(found))
    return regime


def regime_schema() -> dict[str, Any]:
    """The JSON Schema of a regime, for editors and checkers."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$id": "urn:duban:schema:regime", **adapter(Regime).json_schema()}


# --- YAML -------------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """Composes nodes only; which plain scalars are more than text is YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own way


_CORE = {
    "null": r"|~|null|Null|NULL",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
}
for _name, _form in _CORE.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_form})$"), None)


@dataclass(slots=True)
class _Document:
    """The value of a YAML text, where each part of it stands, and what YAML allows but a regime does not."""

    value: Any = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=lambda: {(): (1, 1)})
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def parse(cls, text: bytes | str) -> "_Document":
        document = cls()
        try:
            found = text.decode("utf-8-sig") if isinstance(text, bytes) else text
            document._read(found)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            document.faults.append(_at(Fault("not_yaml", "", error.problem or "This is not YAML."), place))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            document.faults.append(_at(Fault("not_yaml", "", f"This is not YAML: {error}"), (1, 1)))
        return document

    def _read(self, text: str) -> None:
        if len(text) > _CHARACTERS_MAX:
            self.faults.append(_at(Fault("too_long", "", f"More than {_CHARACTERS_MAX} characters."), (1, 1)))
            return
        alias = next((token for token in yaml.scan(text, _Loader) if isinstance(token, yaml.AliasToken)), None)
        if alias is not None:
            place = (alias.start_mark.line + 1, alias.start_mark.column + 1)
            self.faults.append(_at(Fault("alias", "", "A regime repeats nothing by reference."), place))
            return
        root = yaml.compose(text, _Loader)
        self.value = {} if root is None else self._build(root, ())

    def _build(self, node: yaml.Node, path: Path_) -> Any:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(path) > _DEPTH_MAX:
            return self._refuse(node, path, "too_deep", f"More than {_DEPTH_MAX} levels.")
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self._build(one, (*path, str(place))) for place, one in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[Hashable, Any]:
        built: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, path, "key", "A key is a word.")
                continue
            key = key_node.value
            if key in built:
                self._refuse(key_node, (*path, key), "duplicate_key", f"{key} stands here a second time.")
                continue
            built[key] = self._build(value_node, (*path, key))
            self.places[*path, key] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return built

    def _scalar(self, node: yaml.Node, path: Path_) -> Any:
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "null":
                return None
            case "bool":
                return node.value.lower() == "true"
            case "int":
                return int(node.value, 0) if node.value[:2] in {"0o", "0x"} else int(node.value)
            case "float":
                return Decimal(node.value)
            case "str":
                return node.value
            case _:
                return self._refuse(node, path, "tag", f"The tag {node.tag} has no meaning here.")

    def _refuse(self, node: yaml.Node, path: Path_, code: str, message: str) -> None:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.faults.append(_at(Fault(code, _pointer(path), message), place))

    def located(self, faults: Sequence[Fault]) -> list[Fault]:
        """The faults in the order of the text, each with the place of its node, or of the nearest that is there."""
        placed = [_at(fault, self._place(_path(fault.pointer))) for fault in faults]
        return sorted(placed, key=lambda fault: (int(fault.values["line"]), int(fault.values["column"])))

    def _place(self, path: Path_) -> tuple[int, int]:
        nearest = next(length for length in range(len(path), -1, -1) if path[:length] in self.places)
        return self.places[path[:nearest]]


def _at(fault: Fault, place: tuple[int, int]) -> Fault:
    return replace(fault, values={**fault.values, "line": str(place[0]), "column": str(place[1])})


def _sentence(fault: Fault) -> str:
    where = f"{fault.values['line']}:{fault.values['column']}: {fault.pointer or '/'}: "
    return where + (fault.message.format_map(fault.values) if "{" in fault.message else fault.message)


def _path(pointer: str) -> Path_:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _pointer(path: Path_) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def _not_boolean(given: Any, meant: Any, pointer: str) -> Iterator[Fault]:
    # pydantic would take the text "yes" and the number 1 for true.
    if isinstance(meant, bool) and not isinstance(given, bool):
        yield Fault("bool_type", pointer, "Write true or false.")
    elif isinstance(given, dict) and isinstance(meant, dict):
        for key, value in given.items():
            yield from _not_boolean(value, meant.get(key), f"{pointer}/{key}")
    elif isinstance(given, list) and isinstance(meant, list | tuple):
        for place, (value, one) in enumerate(zip(given, meant, strict=False)):
            yield from _not_boolean(value, one, f"{pointer}/{place}")


# --- pydantic's faults, in the words of the document ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A fault with the true path into the document, and the alternatives that were being tried at points of it."""

    path: Path_
    tried: tuple[tuple[Path_, str], ...]
    fault: Fault


def in_own_words(faults: Sequence[Fault], document: Any) -> list[Fault]:
    """Faults with pointers into the document, and of alternatives only those of the one that was most nearly meant.

    Where a value may be one of several things pydantic complains once for each, under names that stand in no document.
    """
    found = _nearest([_found(fault, document) for fault in faults])
    return [replace(one.fault, pointer=_pointer(one.path)) for one in found]


def _found(fault: Fault, document: Any) -> _Found:
    path: list[str] = []
    tried: list[tuple[Path_, str]] = []
    parts = _path(fault.pointer)
    for place, part in enumerate(parts):
        is_wanting = fault.code == "missing" and place == len(parts) - 1
        if is_wanting or _has(document, part):
            path.append(part)
            document = None if is_wanting else _inside(document, part)
        else:
            tried.append((tuple(path), part))
    return _Found(tuple(path), tuple(tried), fault)


def _has(document: Any, part: str) -> bool:
    if isinstance(document, Mapping):
        return part in document
    return isinstance(document, list) and part.isdecimal() and int(part) < len(document)


def _inside(document: Any, part: str) -> Any:
    return document[int(part)] if isinstance(document, list) else document[part]


def _nearest(found: Sequence[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    alternatives: dict[Path_, dict[str, list[_Found]]] = {}
    for one in found:
        if not one.tried:
            kept.append(one)
            continue
        (where, name), *rest = one.tried
        alternatives.setdefault(where, {}).setdefault(name, []).append(replace(one, tried=tuple(rest)))
    for choices in alternatives.values():
        tried = [_nearest(choice) for choice in choices.values()]
        nearest: list[_Found] = min(tried, key=_distance)
        kept += nearest
    return kept


def _distance(found: list[_Found]) -> tuple[int, int, bool]:
    is_other_kind = any(one.fault.code == "dataclass_type" for one in found)
    return len(found), -max(len(one.path) for one in found), is_other_kind
