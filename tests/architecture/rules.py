"""What imports cannot show: the house rules of one file, each a function with its reason in its docstring.

A rule takes a source and returns a line per problem, so that the tests can try it on a bad sample.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

FILE_LINES_MAX = 350
FUNCTION_LINES_MAX = 60

_CODE = ("services/", "shared/", "deploy/")
_FORBIDDEN_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "processor"}
_FORBIDDEN_STEMS = _FORBIDDEN_WORDS | {"data", "info", "handler", "handlers"}
_FORBIDDEN_CLASS_ENDINGS = {word.capitalize() for word in _FORBIDDEN_WORDS} | {"Service"}

# Where the clock, ids and chance may be bound: what starts a process, and the ports named for it.
_ROOTS = re.compile(
    r"services/\w+/(app|__main__)\.py|deploy/local/.*|services/intake/clock\.py|shared/infra/runtime\.py"
)
_EFFECTS = re.compile(
    r"((datetime|dt)\.)*(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns)"
    r"|([\w.]+\.)?uuid[1-8]|random(\.\w+)*|secrets(\.\w+)*"
)
# An id of a transport, forgotten when the broker has answered; it never enters an event.
_ALLOWED_EFFECTS = {("shared/infra/bus.py", "uuid.uuid4")}
_SLEEPS = re.compile(r"(time|asyncio|anyio|trio)\.sleep")

# Written in pieces, so that this file obeys its own rules.
_MACHINE_PATH = re.compile(r"(?<![\w.~*-])/(home|root|Users|work|opt|mnt)/" + r"\w|\b[A-Z]:\\\\?Users")
_REGISTRY = re.compile(
    r"(files\.pythonhosted|pypi|registry\.npmjs|registry\.yarnpkg|crates)\." + r"(org|com|io)\b"
    r"|https?://[^\s\"']*/(simple|packages|tarball|-)" + "/|" + r"^--?(i|f|index-url|extra-index-url|find-links)\b",
    re.MULTILINE,
)
_LEFTOVER = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b")


@dataclass(frozen=True)
class Source:
    """One text file of the project; the path is relative to its root, with forward slashes."""

    path: str
    text: str

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_code(self) -> bool:
        return self.is_python and self.path.startswith(_CODE)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text, self.path))) if self.is_python else []


Rule = Callable[[Source], Iterator[str]]


def file_is_short(source: Source) -> Iterator[str]:
    """The files people complain about are long ones. At 350 lines ask whether a file holds two things."""
    count = len(source.text.splitlines())
    if source.is_code and count > FILE_LINES_MAX:
        yield f"{source.path}: {count} lines, at most {FILE_LINES_MAX}"


def functions_are_short(source: Source) -> Iterator[str]:
    """A function that does not fit a screen is not read: the parent branches, the leaves are pure."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES_MAX:
                yield f"{source.path}:{node.lineno}: {node.name}: {count} lines, at most {FUNCTION_LINES_MAX}"


def names_say_something(source: Source) -> Iterator[str]:
    """A file called utils or a class called Manager says where to put things, not what is in it: it grows."""
    if not source.is_python:
        return
    path = PurePosixPath(source.path)
    for part in (*path.parent.parts, path.stem):
        if part in _FORBIDDEN_STEMS or _FORBIDDEN_WORDS & set(part.split("_")):
            yield f"{source.path}: {part} is not a name"
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and re.split(r"(?=[A-Z])", node.name)[-1] in _FORBIDDEN_CLASS_ENDINGS:
            yield f"{source.path}:{node.lineno}: {node.name} is not a name"


def time_ids_and_chance_are_arguments(source: Source) -> Iterator[str]:
    """A replay next year must print the same digits: only a composition root binds a clock, ids or chance."""
    if source.is_code and not _ROOTS.fullmatch(source.path):
        for line, name in _uses(source, _EFFECTS):
            if (source.path, name) not in _ALLOWED_EFFECTS:
                yield f"{source.path}:{line}: {name}"


def domain_has_no_float(source: Source) -> Iterator[str]:
    """Two replicas must print the same digits, and money is not binary: Decimal, never float."""
    if not (source.is_code and ("/domain/" in source.path or source.path.startswith("shared/core/"))):
        return
    for node in source.nodes:
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        if is_literal or (isinstance(node, ast.Call) and _dotted(node.func) == "float"):
            yield f"{source.path}:{node.lineno}: float"  # type: ignore[attr-defined]  # both kinds have a line


def tests_do_not_sleep(source: Source) -> Iterator[str]:
    """A sleep is too short on a busy machine and too long on any other: wait for the position or the fact."""
    # A benchmark paces what it sends: there the time itself is what is waited for.
    free = {"tests/support/waits.py", "tests/bench/load.py"}
    if source.is_python and source.path.startswith("tests/") and source.path not in free:
        for line, name in _uses(source, _SLEEPS):
            yield f"{source.path}:{line}: {name}"


def nothing_names_a_machine(source: Source) -> Iterator[str]:
    """A path or a registry of one machine is wrong on every other, and tells strangers about it."""
    for pattern in (_MACHINE_PATH, _REGISTRY):
        yield from _matches(source, pattern)


def nothing_is_left_over(source: Source) -> Iterator[str]:
    """What is to be done later is an issue that someone can find, not a word in a file."""
    yield from _matches(source, _LEFTOVER)


def modules_say_what_they_answer(source: Source) -> Iterator[str]:
    """The first line of a file tells a reader whether to go on reading it."""
    if source.is_python and (source.text.strip() or source.is_code):
        tree = next(node for node in source.nodes if isinstance(node, ast.Module))
        if not ast.get_docstring(tree):
            yield f"{source.path}: no docstring"


RULES: list[Rule] = [
    file_is_short,
    functions_are_short,
    names_say_something,
    time_ids_and_chance_are_arguments,
    domain_has_no_float,
    tests_do_not_sleep,
    nothing_names_a_machine,
    nothing_is_left_over,
    modules_say_what_they_answer,
]


def _matches(source: Source, pattern: re.Pattern[str]) -> Iterator[str]:
    for match in pattern.finditer(source.text):
        line = source.text.count("\n", 0, match.start()) + 1
        yield f"{source.path}:{line}: {match[0].strip()}"


def _uses(source: Source, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Find forbidden names where they are used by full name, or imported to be used by their last."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            names = [_dotted(node)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if pattern.fullmatch(name):
                yield node.lineno, name


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"
