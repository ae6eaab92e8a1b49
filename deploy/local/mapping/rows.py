"""Which rows does a table hold, and what is told in each? The header is found, columns by their names and synonyms."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any
from zoneinfo import ZoneInfo

from deploy.local.mapping.cells import BadCell, Value, at_midnight, read_cell
from deploy.local.mapping.model import TableMapping, Test, asked, references
from shared.core.errors import Fault
from shared.infra.tables import Cell, Table

_HEADER_WITHIN_ROWS = 40


@dataclass(frozen=True, slots=True)
class BadRow:
    """A cell, or a row, that does not say what the mapping needs; rows are counted from 1, as they stand."""

    table: str
    row: int
    column: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a mapping stand. `unread`: what the table has besides."""

    table: Table
    columns: Mapping[str, int]
    first_row: int
    unread: tuple[str, ...]


@dataclass(slots=True)
class Row:
    """One row with what its cells say, read when it is asked for. `previous`: the row before it of the same key."""

    of: TableMapping
    number: int
    cells: Sequence[Cell]
    columns: Mapping[str, int]
    constants: Mapping[str, str]
    zone: ZoneInfo
    bad: list[BadRow]
    previous: "Row | None" = None
    above: "Row | None" = None
    blank: set[str] = field(default_factory=set)
    is_skipped: bool = False
    _values: dict[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """What a column or a constant says here; None where it says nothing, or nothing that can be read."""
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def told(self, name: str) -> Value:
        """What it says, unless a check found that it cannot be so."""
        return None if name in self.blank else self.value(name)

    def carry(self, kept: dict[tuple[Value, ...], Value]) -> None:
        """Take over what is known of the key where the row does not say it, and keep what it says."""
        for name, column in self.of.columns.items():
            if column.carried:
                place = (*self.key, name)
                if self.told(name) is None:
                    self._values[name] = kept.get(place)
                    self.blank.discard(name)
                else:
                    kept[place] = self.told(name)

    def values(self, names: Sequence[str]) -> tuple[Value, ...]:
        return tuple(self.value(name) for name in names)

    @property
    def key(self) -> tuple[Value, ...]:
        return self.values(self.of.key)

    @property
    def at(self) -> datetime | None:
        return at_midnight(self.value(self.of.time), self.zone) if self.of.time else None

    def cell(self, name: str) -> Cell:
        """What stands there as it stands."""
        place = self.columns.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def _read(self, name: str) -> Value:
        column = self.of.columns.get(name)
        if column is None:
            text = self.constants[name]
            return _as_time(text) if name == self.of.time else text
        row = self
        while row.cell(name) is None and column.fills_down and row.above is not None:
            row = row.above
        try:
            return read_cell(column, row.cell(name), self.zone)
        except BadCell as bad:
            self.bad.append(BadRow(self.of.name, self.number, column.reads[0], bad.fault))
            return None


def holds(test: Test, row: Row, *, told: bool = False) -> bool:
    """Whether all that a test asks is so. `told`: what a check has emptied counts as empty."""
    read = row.told if told else row.value
    value = read(test.column)
    return all(_is(name, wanted, row, value) for name, wanted in asked(test).items())


def _is(name: str, wanted: Any, row: Row, value: Value) -> bool:
    match name:
        case "empty":
            return (value is None) is wanted
        case "one_of":
            return value is not None and value in {_bound(one, row, value) for one in wanted}
        case "none_of":
            return value is not None and value not in {_bound(one, row, value) for one in wanted}
        case "like":
            label = _label(value)
            return bool(label) and any(matches(plain_label(one), label) for one in wanted)
    bound = _bound(wanted, row, value)
    if value is None or bound is None:
        return False
    try:
        return bool(_COMPARED[name](value, bound))
    except TypeError:  # a reference to another kind of value
        return False


_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {"below": lt, "at_most": le, "above": gt, "at_least": ge}


def _bound(wanted: Any, row: Row, value: Value) -> Value:
    """A bound as the kind of value that it is held against."""
    found: Value = row.value(name) if (name := next(references(wanted), None)) else wanted
    if isinstance(value, date):
        moment = at_midnight(_as_time(found), row.zone)
        return moment if moment is None or isinstance(value, datetime) else moment.astimezone(row.zone).date()
    return Decimal(found) if isinstance(value, Decimal) and isinstance(found, int) else found


def _as_time(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if len(value) > len("2026-01-31") else date.fromisoformat(value)


# --- the header -------------------------------------------------------------------------------------------------------


def find_header(mapping: TableMapping, tables: Sequence[Table]) -> tuple[Header | None, list[str]]:
    """The table and the line in which all columns stand; else those that the best one lacks."""
    lacking: list[str] | None = None
    for table in tables:
        if mapping.sheet and table.name != mapping.sheet:
            continue
        for start in range(min(len(table.rows), _HEADER_WITHIN_ROWS)):
            lines = table.rows[start : start + mapping.header_lines]
            labels = labels_of(lines)
            columns = _columns(mapping, labels)
            missing = [
                one.reads[0] for name, one in mapping.columns.items() if name not in columns and not one.optional
            ]
            if not missing:
                return Header(table, columns, start + mapping.header_lines, _unread(mapping, lines, labels)), []
            lacking = missing if lacking is None or len(missing) < len(lacking) else lacking
    return None, lacking if lacking is not None else [one.reads[0] for one in mapping.columns.values()]


def labels_of(lines: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """The names of the columns of a header, each with its place; of two lines the lower, and both joined by a slash."""
    upper = ""
    found: dict[str, int] = {}
    for place in range(max(map(len, lines), default=0)):
        parts = [_label(line[place]) if place < len(line) else "" for line in lines]
        upper = parts[0] or (upper if parts[-1] else "")
        whole = "/".join(dict.fromkeys(filter(None, [upper, *parts[1:]])))
        for name in (whole, next((one for one in reversed(parts) if one), "")):
            if name:
                found.setdefault(name, place)
    return found


def plain_label(text: str) -> str:
    """A column's name as it is compared: without spaces, of one width and case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _label(cell: Value) -> str:
    return "" if cell is None else plain_label(str(cell))


def matches(name: str, label: str) -> bool:
    """Whether a column is called so; `*` in the name stands for any text."""
    if "*" not in name:
        return name == label
    return re.fullmatch(".*".join(map(re.escape, name.split("*"))), label) is not None


def _columns(mapping: TableMapping, labels: Mapping[str, int]) -> dict[str, int]:
    found = {name: next(_places(column.reads, labels), None) for name, column in mapping.columns.items()}
    return {name: place for name, place in found.items() if place is not None}


def _places(names: Sequence[str], labels: Mapping[str, int]) -> Iterator[int]:
    """Where columns of any of these names stand, in the order of the names."""
    for name in map(plain_label, names):
        yield from (place for label, place in labels.items() if matches(name, label))


def _unread(mapping: TableMapping, lines: Sequence[Sequence[Cell]], labels: Mapping[str, int]) -> tuple[str, ...]:
    names = [
        *(one for column in mapping.columns.values() for one in column.reads),
        *(one.column for one in mapping.ignored),
    ]
    read = set(_places(names, labels))
    written = {place: str(cell) for line in lines for place, cell in enumerate(line) if cell is not None}
    return tuple(written[place] for place in sorted(set(labels.values()) - read))


def rows_of(
    mapping: TableMapping, header: Header, constants: Mapping[str, str], zone: ZoneInfo, bad: list[BadRow]
) -> Iterator[Row]:
    """The rows below a header that hold anything; what cannot be read in them is added to `bad` when it is read."""
    above: Row | None = None
    for number, cells in enumerate(header.table.rows[header.first_row :], start=header.first_row + 1):
        if any(one is not None for one in cells):
            row = Row(mapping, number, cells, header.columns, constants, zone, bad, above=above)
            above = row if any(one.fills_down for one in mapping.columns.values()) else None
            yield row
