"""Is this YAML text a document of a kind? If not: everything that is wrong with it, each fault with its line.

YAML 1.2's core schema, so that `11:30` is a text and `no` is not false; numbers are exact; a key stands once; there
are no anchors and no tags, so a file says what it means where it says it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from shared.core.errors import Fault
from shared.core.regime.check.pieces import under
from shared.infra.own_words import in_own_words
from shared.infra.texts import Texts
from shared.infra.wire import adapter, faults_of

_CHARACTERS_MAX = 1_000_000
_DEPTH_MAX = 40
_FIGURE_CHARACTERS_MAX = 100

Path_ = tuple[str, ...]
T = TypeVar("T")


class BadDocument(Exception):
    """A file that is not what it should be. Each fault's values carry `line` and `column`, counted from 1."""

    def __init__(self, faults: Sequence[Fault], *, name: str = "") -> None:
        before = f"{name}:" if name else ""
        super().__init__("\n".join(before + spoken(fault, Texts.load("en")) for fault in faults))
        self.faults = list(faults)


def parsed(document: "Document", of: type[T], *, check: Callable[[T], Iterable[Fault]]) -> T:
    """The value that a document says. BadDocument, with every fault of its form and of its content, if it is none."""
    if document.faults:
        raise BadDocument(document.faults)
    kind: TypeAdapter[T] = adapter(of)  # type: ignore[arg-type]
    try:
        value = kind.validate_python(document.value)
    except ValidationError as error:
        found = in_own_words(faults_of(error), document.value, of)
        raise BadDocument(document.located(found)) from error
    found = list(check(value))
    known = {fault.pointer for fault in found}
    odd = _written_otherwise(document.value, kind.dump_python(value), "")
    found += [fault for fault in odd if fault.pointer not in known]
    if found:
        raise BadDocument(document.located(found))
    return value


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
class Document:
    """The value of a YAML text, where each part of it stands, and what YAML allows but we do not."""

    value: Any = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=lambda: {(): (1, 1)})
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def parse(cls, text: bytes | str) -> "Document":
        document = cls()
        try:
            found = text.decode("utf-8-sig") if isinstance(text, bytes) else text
            document._read(found)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            document.faults.append(_not_yaml(error.problem or "", place))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            document.faults.append(_not_yaml(str(error), (1, 1)))
        return document

    def _read(self, text: str) -> None:
        if len(text) > _CHARACTERS_MAX:
            message = "More than {count} characters."
            self.faults.append(_at(Fault("too_long", "", message, {"count": str(_CHARACTERS_MAX)}), (1, 1)))
            return
        for token in yaml.scan(text, _Loader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                place = (token.start_mark.line + 1, token.start_mark.column + 1)
                code = "tag" if isinstance(token, yaml.TagToken) else "alias"
                message = (
                    "There are no anchors, no references and no tags here: a file says what it means where it says it."
                )
                self.faults.append(_at(Fault(code, "", message), place))
                return
        root = yaml.compose(text, _Loader)
        self.value = {} if root is None else self._build(root, ())

    def _build(self, node: yaml.Node, path: Path_) -> Any:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(path) > _DEPTH_MAX:
            return self._refuse(node, path, "too_deep", "More than {count} levels.", count=str(_DEPTH_MAX))
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
                self._refuse(key_node, (*path, key), "duplicate_key", "{name} stands here a second time.", name=key)
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
            case "int" | "float" if len(node.value) > _FIGURE_CHARACTERS_MAX:
                return self._refuse(node, path, "out_of_proportion", "The number has too many digits.")
            case "int":
                return int(node.value, 0) if node.value[:2] in {"0o", "0x"} else int(node.value)
            case "float":
                return self._decimal(node, path)
            case _:
                return node.value

    def _decimal(self, node: yaml.Node, path: Path_) -> Any:
        try:
            return Decimal(node.value)
        except ArithmeticError:  # an exponent that no number has
            return self._refuse(node, path, "out_of_proportion", "The number has too many digits.")

    def _refuse(self, node: yaml.Node, path: Path_, code: str, message: str, **values: str) -> None:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.faults.append(_at(Fault(code, _pointer(path), message, values), place))

    def located(self, faults: Sequence[Fault]) -> list[Fault]:
        """The faults in the order of the text, each with the place of its node, or of the nearest that is there."""
        placed = [_at(fault, self._place(_path(fault.pointer))) for fault in faults]
        return sorted(placed, key=lambda fault: (int(fault.values["line"]), int(fault.values["column"])))

    def _place(self, path: Path_) -> tuple[int, int]:
        nearest = next(length for length in range(len(path), -1, -1) if path[:length] in self.places)
        return self.places[path[:nearest]]


_PROBLEMS = {
    "'\\t' that cannot start any token": "Indent with spaces, not with tabs.",
    "that cannot start any token": "A text that begins with %, @ or ` stands in quotes.",
    "expected ',' or": "A bracket is not closed, or a comma is missing.",
    "expected the node content": "A value is missing after a bracket or a comma.",
    "expected <block end>": "The line is not indented as the lines before it.",
    "mapping values are not allowed": "A colon stands where none can: a text with a colon stands in quotes.",
    "could not find expected ':'": "A key needs a colon after it.",
    "while scanning a quoted scalar": "A quotation mark is not closed.",
    "unexpected end of stream": "A quotation mark is not closed.",
    "unknown escape character": "A backslash stands in double quotes: write two, or single quotes.",
    "another document": "A file holds a single document: nothing may stand after ---.",
    "special characters are not allowed": "The file holds a character that no text has.",
    "codec can't decode": "The file is not written in UTF-8.",
    "maximum recursion depth": "It is nested more deeply than can be read.",
}
"""What PyYAML and Python call a problem, by words in it, and what to do about it."""


def _not_yaml(problem: str, place: tuple[int, int]) -> Fault:
    known = next((said for words, said in _PROBLEMS.items() if words in problem), None)
    if known is not None:
        return _at(Fault("not_yaml", "", known), place)
    return _at(Fault("not_yaml", "", "This is not YAML: {problem}.", {"problem": problem}), place)


def _at(fault: Fault, place: tuple[int, int]) -> Fault:
    return replace(fault, values={**fault.values, "line": str(place[0]), "column": str(place[1])})


def spoken(fault: Fault, say: Texts) -> str:
    """A fault of a file as a line for people: where it is, and what is wrong there."""
    where = f"{fault.values['line']}:{fault.values['column']}: {fault.pointer or '/'}: "
    return where + say(fault.message, **fault.values)


def _path(pointer: str) -> Path_:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _pointer(path: Path_) -> str:
    return under("", *path)


def _written_otherwise(given: Any, meant: Any, pointer: str) -> Iterator[Fault]:
    """What pydantic would take for what it is not: the text "yes" and the number 1 for true, "5" for a number."""
    match meant:
        case bool():
            if not isinstance(given, bool):
                yield Fault("bool_type", pointer, "Write true or false.")
        case Decimal() | int():
            if isinstance(given, str):
                yield Fault("number_type", pointer, "Write the number without quotation marks.")
        case dict() if isinstance(given, dict):
            keys = {str(key): key for key in meant}
            for key, value in given.items():
                if key not in keys:
                    message = "{name} is no way to write a number here: write 1 for it, not 01."
                    yield Fault("key", under(pointer, key), message, {"name": key})
                else:
                    yield from _written_otherwise(value, meant[keys[key]], under(pointer, key))
        case list() | tuple() if isinstance(given, list):
            for place, (value, one) in enumerate(zip(given, meant, strict=False)):
                yield from _written_otherwise(value, one, under(pointer, place))
