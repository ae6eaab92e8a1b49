"""Which events do tables tell of, and what is odd in them? A pure function of the mapping and the tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from deploy.local.mapping.cells import Value
from deploy.local.mapping.findings import Finding, broken_deliveries, checked, columns_found, merged
from deploy.local.mapping.mapping_file import event_class
from deploy.local.mapping.model import EventMapping, ImportMapping, TableMapping
from deploy.local.mapping.rows import BadRow, Row, find_header, holds, rows_of
from shared.core.digest import digest
from shared.core.errors import Fault
from shared.infra import wire
from shared.infra.own_words import in_own_words
from shared.infra.tables import Table

TIME_REACHED = "duban.time.time_reached.v1"
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Draft:
    """One event that is to be submitted, and the row that told it."""

    key: str
    type: str
    data: Mapping[str, Any]
    time: datetime | None
    on_behalf_of: str
    table: str
    row: int


@dataclass(slots=True)
class Translation:
    """What tables say. Nothing is to be submitted where there is a fault."""

    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        return not self.bad and not self.faults


@dataclass(frozen=True, slots=True)
class _Told:
    """An event of a row in its place among all: by time, then as tables, rows and events stand."""

    place: tuple[datetime, int, int, int]
    event: EventMapping
    row: Row
    count: int


def translate(
    mapping: ImportMapping, files: Sequence[tuple[str, Sequence[Table]]], constants: Mapping[str, str]
) -> Translation:
    """Read each file by the first table of the mapping that it fits, check it, and say in order what it tells."""
    found = Translation()
    told: list[_Told] = []
    for name, tables in files:
        if not any(one.rows for one in tables):
            message = "{file} holds no rows: an empty delivery says nothing."
            found.faults.append(Fault("empty_delivery", "", message, {"file": name}))
            continue
        header, of, lacking = None, mapping.tables[0], []
        for of in mapping.tables:
            header, missing = find_header(of, tables)
            if header is not None:
                break
            lacking.append(f"{of.name}: {', '.join(missing)}")
        if header is None:
            message = "{file} fits no table of the mapping; there is no column {lacking}"
            found.faults.append(Fault("no_header", "", message, {"file": name, "lacking": "; ".join(lacking)}))
            continue
        rows = list(rows_of(of, header, constants, ZoneInfo(mapping.time_zone), found.bad))
        found.findings += columns_found(of, header)
        told += _table(of, mapping.tables.index(of), rows, found)
    found.drafts = list(_drafts(mapping, sorted(told, key=lambda one: one.place), found))
    each = {(one.table, one.row, one.column, one.fault.code): one for one in found.bad}
    found.bad = [each[place] for place in sorted(each)]
    return found


def _table(of: TableMapping, place: int, read: Sequence[Row], found: Translation) -> list[_Told]:
    findings: list[Finding] = []
    ignoring = [checked(check, read) for check in of.checks if check.then == "ignore"]
    totals = {spot.row for one in ignoring for spot in one.places}
    rows = [row for row in read if row.number not in totals]
    faults = list(broken_deliveries(of, rows))
    if rows:
        rows, left_out = merged(rows)
        findings = [*left_out, *ignoring, *(checked(check, rows) for check in of.checks if check.then != "ignore")]
    faults += [_refusal(one) for one in findings if one.then == "refuse" and one.count]
    found.rows[of.name] = found.rows.get(of.name, 0) + len(rows)
    found.findings += [replace(one, table=of.name) for one in findings]
    found.faults += faults
    told = [] if faults else [one for row in rows if not row.is_skipped for one in _events(of, place, row)]
    for one in told if of.time else ():
        if one.row.at is None:
            found.bad.append(BadRow(of.name, one.row.number, of.time, Fault("no_time", "", "The row names no time.")))
            return []
    return told


def _refusal(finding: Finding) -> Fault:
    named = {"id": finding.id, "count": str(finding.count)}
    return Fault("refused_by_check", "", "The check {id} refuses the table: it was found {count} times.", named)


def _events(of: TableMapping, table: int, row: Row) -> Iterator[_Told]:
    at = row.at or datetime.min.replace(tzinfo=UTC)
    for place, event in enumerate(of.events):
        if all(holds(test, row, told=True) for test in event.when):
            count = sum(one.type == event.type for one in of.events[:place])
            yield _Told((at, table, row.number, place), event, row, count)


def _drafts(mapping: ImportMapping, told: Sequence[_Told], found: Translation) -> Iterator[Draft]:
    seen: set[tuple[Any, ...]] = set()
    news: dict[tuple[Any, ...], list[Any]] = {}
    known: dict[tuple[Value, ...], Value] = {}
    clock: datetime | None = None
    for one in told:
        row, event = one.row, one.event
        row.carry(known)
        once = (event.type, *row.values(event.once)) if event.once else None
        given = {name: _filled(value, row) for name, value in event.data.items()}
        data = {name: value for name, value in given.items() if value is not None}
        if once in seen or not _is_news(event, row, data, news):
            continue
        draft = _draft(mapping, one, data, found)
        if draft is None:
            continue
        if once is not None:
            seen.add(once)
        if row.of.moves_clock and draft.time and (clock is None or draft.time > clock):
            clock = draft.time
            yield _moved(mapping, clock, row)
        yield draft


def _is_news(event: EventMapping, row: Row, data: Mapping[str, Any], told: dict[tuple[Any, ...], list[Any]]) -> bool:
    """Whether it says what was not said of its key before; notes what it says."""
    says = [data.get(name) for name in event.news]
    of = (event.type, *row.key)
    if event.news and (says == told.get(of) or all(one is None for one in says)):
        return False
    told[of] = says
    return True


def _draft(mapping: ImportMapping, one: _Told, data: dict[str, Any], found: Translation) -> Draft | None:
    row, event = one.row, one.event
    of = event_class(event.type)
    assert of is not None  # the mapping file was checked
    try:
        whole = wire.data_of(wire.adapter(of).validate_python(data))
    except ValidationError as error:
        for fault in in_own_words(wire.faults_of(error), data, of):
            name = next(iter(_columns_behind(event.data.get(fault.pointer.split("/")[1]))), event.type)
            found.bad.append(BadRow(row.of.name, row.number, name, fault))
        return None
    said = {name: one for name, one in whole.items() if name in data}  # a field added later changes no key
    at = row.at.astimezone(UTC) if row.at else None
    behalf = str(_filled(event.on_behalf_of, row) or "")
    of_row = [] if event.once else [list(map(str, row.key)), at.isoformat() if at else ""]
    key = _key(mapping, [event.type, one.count, *of_row, said, behalf], is_shared=bool(event.once))
    return Draft(key, f"duban.{event.type}.v1", said, at, behalf, row.of.name, row.number)


def _key(mapping: ImportMapping, said: list[Any], *, is_shared: bool) -> str:
    """The same for the same thing said of the same row, so that sent again it is the same submission.

    What is told once is shared by all mappings.
    """
    return f"{'once' if is_shared else mapping.mapping}-{digest(said)[:28]}"


def _moved(mapping: ImportMapping, at: datetime, row: Row) -> Draft:
    return Draft(
        f"{mapping.mapping}-t-{_UNSAFE.sub('', at.isoformat())}", TIME_REACHED, {"at": at.isoformat()}, at, "",
        row.of.name, row.number,
    )  # fmt: skip


def _filled(value: Any, row: Row) -> Any:
    match value:
        case str() if value.startswith("$"):
            return _plain(row.told(value[1:]))
        case list() | tuple():
            return [one for one in (_filled(each, row) for each in value) if one is not None]
        case Mapping():
            return {name: _filled(one, row) for name, one in value.items()}
    return value


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _columns_behind(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.removeprefix("$")
