"""Is this file a mapping? If not: everything that is wrong with it, each fault with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from deploy.local.mapping.model import KINDS, Check, EventMapping, ImportMapping, TableMapping, Test, asked, references
from deploy.local.yaml_document import BadDocument, Document, parsed
from shared.core.errors import Fault
from shared.core.events import CLASSES, RecordEvent
from shared.infra.wire import adapter

_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CODE_SAID = "A code is 1 to 32 of the characters A-Z a-z 0-9 _ -."
_NOT_MAPPED = {"jurisdiction.jurisdiction_opened", "time.time_reached", "regime.regime_adopted"}

_NUMBERS, _DAYS = frozenset({"number", "money", "year"}), frozenset({"date", "last_day", "instant"})
_COMPARISONS = {"below", "at_most", "above", "at_least"}

Faults = Iterator[Fault]


def read_mapping(path: Path) -> ImportMapping:
    """Read a mapping file. BadDocument if it is none; OSError if it cannot be read."""
    try:
        return parse_mapping(path.read_bytes())
    except BadDocument as bad:
        raise BadDocument(bad.faults, name=str(path)) from bad


def parse_mapping(text: bytes | str) -> ImportMapping:
    """Read a mapping from YAML text. BadDocument, with every fault at once, if it is none."""
    return parsed(Document.parse(text), ImportMapping, check=_faults)


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of a mapping, for editors and checkers."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$id": "urn:duban:schema:mapping", **adapter(ImportMapping).json_schema()}


def event_class(name: str) -> type | None:
    """The class of an event that a mapping may tell, by `kind.event`."""
    found = CLASSES.get(f"duban.{name}.v1")
    return found if found in get_args(RecordEvent) and name not in _NOT_MAPPED else None


def _faults(mapping: ImportMapping) -> Faults:
    if not _CODE.fullmatch(mapping.mapping):
        yield Fault("bad_code", "/mapping", _CODE_SAID)
    try:
        ZoneInfo(mapping.time_zone)
    except (KeyError, ValueError, OSError):
        yield Fault("unknown_time_zone", "/time_zone", "No time zone is named {name}.", {"name": mapping.time_zone})
    if not mapping.tables:
        yield Fault("missing", "/tables", "{name} is missing here.", {"name": "tables"})
    for place, table in enumerate(mapping.tables):
        yield from _table(table, {*table.columns, *mapping.constants}, f"/tables/{place}")


def _table(table: TableMapping, known: set[str], under: str) -> Faults:
    for name, column in table.columns.items():
        if not column.reads:
            yield Fault("missing", f"{under}/columns/{name}/reads", "{name} is missing here.", {"name": "reads"})
    named = {"key": table.key, "one_per": table.one_per, "time": [table.time], "latest_by": [table.latest_by]}
    for field, names in named.items():
        yield from _known((one for one in names if one), known, f"{under}/{field}")
    yield from _of_type(table, table.time, _DAYS, f"{under}/time")
    for place, check in enumerate(table.checks):
        yield from _check(table, check, known, f"{under}/checks/{place}")
    for place, event in enumerate(table.events):
        yield from _event(table, event, known, f"{under}/events/{place}")


def _known(names: Iterator[str] | Sequence[str], known: set[str], pointer: str) -> Faults:
    for name in names:
        if name not in known:
            yield Fault("unknown_column", pointer, "No column and no constant is called {name}.", {"name": name})


def _check(table: TableMapping, check: Check, known: set[str], under: str) -> Faults:
    kinds = [name for name in KINDS if getattr(check, name)]
    if len(kinds) != 1:
        message = "A check has exactly one of rows, difference, backwards, gaps and absent."
        yield Fault("kind_of_check", under, message)
    if not check.rows and check.then not in {"flag", "refuse"}:
        message = "Only rows that are tested one by one can be passed over or have cells emptied."
        yield Fault("consequence", f"{under}/then", message)
    if (check.gaps or check.absent or check.batch == "last") and not table.time:
        yield Fault("time_needed", under, "This needs the table's time.")
    if not check.rows and not table.key:
        yield Fault("key_needed", under, "This needs the table's key.")
    yield from _tests(table, check.rows, known, f"{under}/rows")
    if check.difference:
        yield from _known([check.difference.column, check.difference.of], known, f"{under}/difference")
        yield from _of_type(table, check.difference.column, _NUMBERS, f"{under}/difference/column")
        yield from _of_type(table, check.difference.of, _NUMBERS | _DAYS, f"{under}/difference/of")
    if check.backwards:
        yield from _known([check.backwards.column], known, f"{under}/backwards/column")


def _of_type(table: TableMapping, name: str, types: frozenset[str], pointer: str) -> Faults:
    column = table.columns.get(name)
    if column is not None and (column.type not in types or column.codes is not None):
        named = {"name": name, "types": ", ".join(sorted(types))}
        yield Fault("type_of_column", pointer, "The column {name} must be one of {types}, without codes.", named)


def _tests(table: TableMapping, tests: Sequence[Test], known: set[str], under: str) -> Faults:
    for place, test in enumerate(tests):
        yield from _known([test.column], known, f"{under}/{place}/column")
        yield from _bounds(table, test, f"{under}/{place}")
        if not asked(test):
            yield Fault("nothing_asked", f"{under}/{place}", "Nothing is asked of the column here.")
        for name, value in asked(test).items():
            yield from _known(list(references(value)), known, f"{under}/{place}/{name}")


def _bounds(table: TableMapping, test: Test, under: str) -> Faults:
    """A bound is of the kind of its column: otherwise nothing would ever be found, and nobody would know why."""
    column = table.columns.get(test.column)
    if column is None:
        return
    for name, bound in asked(test).items():
        if name in _COMPARISONS and not (isinstance(bound, str) and bound.startswith("$")):
            kind = "text" if column.codes is not None else column.type
            is_fit = (
                isinstance(bound, str) and _is_day(bound)
                if kind in _DAYS
                else isinstance(bound, Decimal) is (kind in _NUMBERS)
            )
            if not is_fit:
                message = "The column {name} cannot be held against {value}."
                yield Fault("bound", f"{under}/{name}", message, {"name": test.column, "value": str(bound)})


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _event(table: TableMapping, event: EventMapping, known: set[str], under: str) -> Faults:
    of = event_class(event.type)
    if of is None:
        message = "A table tells no event {name}; one reads project.stage_changed."
        yield Fault("unknown_type", f"{under}/type", message, {"name": event.type})
        return
    names = {one.name: one for one in fields(of)}
    for name, value in event.data.items():
        if name not in names:
            given = {"name": name, "known": ", ".join(names)}
            yield Fault(
                "unknown_field", f"{under}/data/{name}", "There is no {name} here; there may be: {known}.", given
            )
        yield from _known(list(references(value)), known, f"{under}/data/{name}")
    for name, field in names.items():
        if field.default is MISSING and field.default_factory is MISSING and name not in event.data:
            yield Fault("missing", f"{under}/data", "{name} is missing here.", {"name": name})
    for name in event.news:
        if name not in event.data:
            yield Fault("missing", f"{under}/news", "{name} is missing here.", {"name": f"data/{name}"})
    yield from _tests(table, event.when, known, f"{under}/when")
    yield from _known(event.once, known, f"{under}/once")
    yield from _known(list(references(event.on_behalf_of)), known, f"{under}/on_behalf_of")


def with_constants(mapping: ImportMapping, given: Mapping[str, str]) -> dict[str, str]:
    """The constants with those given in their place. ValueError for one that is not declared, or has no value."""
    unknown = sorted(set(given) - set(mapping.constants))
    if unknown:
        raise ValueError(f"the mapping has no constant {', '.join(unknown)}")
    found = {**mapping.constants, **given}
    wanting = sorted(name for name, value in found.items() if value is None)
    if wanting:
        raise ValueError(f"give a value: {' '.join(f'--set {name}=…' for name in wanting)}")
    return {name: value for name, value in found.items() if value is not None}
