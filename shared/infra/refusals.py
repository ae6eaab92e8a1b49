"""Which refusals can a caller meet? Read from the code that gives them, so that no list of them can differ from it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from shared.infra.auth import Reason

_CALLS = frozenset({"Fault", "fault", "_fault", "_refuse", "Problem"})
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
EVERY_SERVICE = "shared.infra"
"""Where what all services refuse alike is: tokens, limits, forms."""
_NEEDED = "A valid token is needed."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code that is for ever, with the statuses that its problems have, and the sentences that say it, in English.

    Without a status it stands in the faults of other problems, or has the status that a service gives it.
    """

    code: str
    statuses: tuple[int, ...]
    sentences: tuple[str, ...]


@cache
def refusals_in(*packages: str) -> tuple[Refusal, ...]:
    """Every refusal that the code of some packages or modules gives, by code."""
    statuses: dict[str, set[int]] = defaultdict(set)
    sentences: dict[str, dict[str, None]] = defaultdict(dict)
    found = [one for package in packages for file in _files(package) for one in _in_file(file)]
    for code, status, said in (*found, *(_of_frameworks() if EVERY_SERVICE in packages else ())):
        statuses[code] |= {int(status)} if status else set()
        sentences[code] |= dict.fromkeys(said)
    return tuple(Refusal(code, tuple(sorted(statuses[code])), tuple(sentences[code])) for code in sorted(sentences))


_Found = tuple[str, int | None, tuple[str, ...]]


def _of_frameworks() -> Iterator[_Found]:
    """Codes that are put together where they are given: of tokens, and of what HTTP itself refuses."""
    for reason in get_args(Reason):
        yield f"token_{reason}", HTTPStatus.UNAUTHORIZED, (_NEEDED,)
    for status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        yield status.name.lower(), status, (status.phrase,)


def _files(name: str) -> Iterator[Path]:
    spec = find_spec(name)
    assert spec is not None, name
    for folder in spec.submodule_search_locations or ():
        yield from Path(folder).rglob("*.py")
    if not spec.submodule_search_locations and spec.origin:
        yield Path(spec.origin)


def _in_file(file: Path) -> Iterator[_Found]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = sorted(one for node in ast.walk(tree) for one in _named_texts(node))
    for node in ast.walk(tree):
        yield from _given_statuses(node)
        if isinstance(node, ast.Call) and _name(node.func) in _CALLS:
            code = next((text for one in node.args[:2] for text in _texts(one, {}) if _CODE.fullmatch(text)), "")
            if code:
                # The texts that stand above it: of two with one name, each in its own function, the nearer one.
                above = {name: text for line, name, text in named if line <= node.lineno}
                said = tuple(text for one in node.args[2:4] for text in _texts(one, above) if " " in text)
                yield code, _status(node), said


def _given_statuses(node: ast.AST) -> Iterator[_Found]:
    """The statuses that a module gives to codes: in its table of them, or where it makes a problem of a fault."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id="_STATUS")], value=ast.Dict(keys=keys, values=values))
            | ast.AnnAssign(target=ast.Name(id="_STATUS"), value=ast.Dict(keys=keys, values=values))
        ):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                    yield str(key.value), int(str(value.value)), ()
        case ast.Call(
            func=ast.Name(id="_refused"), args=[ast.Constant(value=int() as status), ast.Call(args=[code, *_]), *_]
        ):
            yield from ((text, status, ()) for text in _texts(code, {}))


def _named_texts(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, ast.Assign):
        yield from ((node.lineno, _name(one), text) for text in _texts(node.value, {}) for one in node.targets)


def _texts(node: ast.expr, named: dict[str, str]) -> Iterator[str]:
    """The text that stands in a place of a call, or that a name in it was given, itself or translated."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.Name(id=name) if name in named:
            yield named[name]
        case ast.Call(args=[first, *_]):
            yield from _texts(first, named)


def _status(call: ast.Call) -> int | None:
    match call.args[0]:
        case ast.Constant(value=int() as status) if _name(call.func) == "Problem":
            return status
        case _:
            return None


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
