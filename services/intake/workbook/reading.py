"""What has somebody filled in? A workbook that came back, against the form as it was given out.

Lines may stand in any order. What is locked must be as it was; what is open is read cell by cell, each fault at its
cell. A workbook that is none of ours, or whose hidden sheet was touched, is refused as a whole.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from services.intake.workbook import cells as in_words
from services.intake.workbook.cells import Unreadable
from services.intake.workbook.form import VERSION, Column, Form, Key, Line, Sheet
from services.intake.workbook.writing import FIRST_ROW, HEADING_ROW, HEADINGS, KEY_SHEET, LINES
from shared.core.digest import digest
from shared.core.errors import Fault
from shared.infra.tables import Cell, Table

Spoiled = Mapping[tuple[str, int, int], str]
"""The cells that show an error, #REF!: sheet, row and column from 0, and which."""
_KEYED = ("code", "item")
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\\x00-\x1f']{1,31}")
_WIDTH_MAX = 255


class NotTheForm(Exception):
    """A workbook that cannot be read as a form at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault at a cell: sheet by its number, row and column from 0."""

    sheet: int
    row: int
    place: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Filled:
    """A line that somebody has changed. `values` is what stands in its open cells, `changed` those given otherwise."""

    sheet: int
    row: int
    line: Line
    values: Mapping[Key, str]
    changed: frozenset[Key]
    places: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in a row, and the line of the form that it is; none for a row that the form has not."""

    line: Line | None
    cells: Sequence[Cell] | None
    """None: the row is gone."""


@dataclass(slots=True)
class Came:
    """All that came back: the form, its rows as they stood, the lines that were filled in, what is wrong."""

    form: Form
    rows: list[list[Row]] = field(default_factory=list)
    feet: list[Sequence[Sequence[Cell]]] = field(default_factory=list)
    """What stands below the lines of each sheet: names, a phone, a day. It is given back, and never read."""
    filled: list[Filled] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def read(tables: Sequence[Table], spoiled: Spoiled) -> Came:
    """Everything at once. NotTheForm where it is no form of ours."""
    by_name = {table.name: table for table in tables}
    came = Came(form_in(tables))
    for number, sheet in enumerate(came.form.heading.sheets):
        _Reading(came, number, sheet, by_name.get(sheet.name), spoiled).read()
    return came


# --- the form as it was given out ---------------------------------------------------------------------------------


def form_in(tables: Sequence[Table]) -> Form:
    """The form as it was given out. NotTheForm where there is none, or not as it was."""
    keys = next((table for table in tables if table.name == KEY_SHEET), None)
    if keys is None:
        message = "This is not a workbook that was fetched here: fetch it anew."
        raise NotTheForm(Fault("not_a_workbook_of_ours", "", message))
    told = [row[0] for row in keys.rows if row and isinstance(row[0], str)]
    try:
        seal, heading, *lines = told
        if digest([heading, *lines]) != seal:
            raise ValueError("another digest")
        _insist_on_version(heading)
        read_heading = HEADINGS.validate_json(heading)
        by_sheet: list[list[object]] = [[] for _ in read_heading.sheets]
        for text in lines:
            number, line = json.loads(text)
            by_sheet[number].append(line)
        form = Form(read_heading, tuple(LINES.validate_python(found) for found in by_sheet))
        _insist_on_shape(form)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, ValidationError) as error:
        message = (
            "The hidden sheet of the workbook was changed: fetch the workbook anew, and copy your figures into it."
        )
        raise NotTheForm(Fault("key_sheet_changed", "", message)) from error
    return form


def _insist_on_version(heading: str) -> None:
    if json.loads(heading)["version"] != VERSION:
        message = "The workbook has an older form: fetch it anew, and copy your figures into it."
        raise NotTheForm(Fault("old_workbook", "", message))


def _insist_on_shape(form: Form) -> None:
    """ValueError unless it could have been given out: what comes back must not fall over what it is held to."""
    names = {sheet.name.casefold() for sheet in form.heading.sheets}
    if len(names) != len(form.heading.sheets) or KEY_SHEET in names:
        raise ValueError("not the sheets of a form")
    for sheet, lines in zip(form.heading.sheets, form.lines, strict=True):
        columns, keys = sheet.columns, {column.key for column in sheet.columns}
        needed = {"code", "name"} if sheet.what == "return" else {"code", "name", "item"}
        if len(keys) != len(columns) or not needed <= keys or not _SHEET_NAME.fullmatch(sheet.name):
            raise ValueError("not the columns of a form")
        if any(not 1 <= column.width <= _WIDTH_MAX for column in columns):
            raise ValueError("not the columns of a form")
        for line in lines:
            if len(line.cells) != len(columns) or not {*line.open} <= {*range(len(columns))}:
                raise ValueError("not the lines of a form")
            for column, text in zip(columns, line.cells, strict=True):
                _insist_on_canon(column, text)


def _insist_on_canon(column: Column, text: str) -> None:
    match column.kind:
        case "amount" | "share" if text and not in_words.is_moderate(Decimal(text)):
            raise ValueError("not a number of a form")
        case "date" if text:
            date.fromisoformat(text)
        case "stage" | "yes" if text not in {"", "yes", *in_words.stages().values()}:
            raise ValueError("not a word of a form")


# --- one sheet ----------------------------------------------------------------------------------------------------


class _Reading:
    def __init__(self, came: Came, number: int, sheet: Sheet, table: Table | None, spoiled: Spoiled) -> None:
        self.came, self.number, self.sheet, self.table, self.spoiled = came, number, sheet, table, spoiled
        self.money = came.form.heading.money_unit
        self.places: dict[Key, int] = {column.key: place for place, column in enumerate(sheet.columns)}
        self.keyed = [self.places[key] for key in _KEYED if key in self.places]
        self.known = {self._key(line.cells): line for line in came.form.lines[number]}
        self.left = {**self.known}

    def read(self) -> None:
        self.came.rows.append([])
        self.came.feet.append(())
        if self.table is None:
            message = "The sheet {sheet} is gone: fetch the workbook anew."
            self._wrong(0, 0, Fault("sheet_gone", "", message, {"sheet": self.sheet.name}))
            return
        if self._headings_stand(self.table):
            for row, cells in enumerate(self._lines(self.table.rows), start=FIRST_ROW):
                self._row(row, cells)
            self._gone()

    def _headings_stand(self, table: Table) -> bool:
        headings = table.rows[HEADING_ROW] if len(table.rows) > HEADING_ROW else ()
        message = "The heading was 「{title}」: columns are neither moved nor renamed."
        moved = [
            (place, column)
            for place, column in enumerate(self.sheet.columns)
            if in_words.shown(_at(headings, place)) != in_words.shown(column.title)
        ]
        for place, column in moved:
            self._wrong(HEADING_ROW, place, Fault("heading_changed", "", message, {"title": column.title}))
        return not moved

    def _lines(self, rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
        """The rows between the headings and the foot, without the empty ones before it."""
        label = self.came.form.heading.foot[:1]
        found = (place for place in range(FIRST_ROW, len(rows)) if label)
        end = next((place for place in found if in_words.shown(_at(rows[place], 0)).startswith(label)), len(rows))
        self.came.feet[self.number] = rows[end:]
        while end > FIRST_ROW and not any(map(in_words.shown, rows[end - 1])):
            end -= 1
        return rows[FIRST_ROW:end]

    def _row(self, row: int, cells: Sequence[Cell]) -> None:
        line = self.left.pop(self._key(cells), None)
        self.came.rows[self.number].append(Row(line, cells))
        if line is not None:
            self._filled(row, line, cells)
        elif any(in_words.shown(cell) for cell in cells):
            if self._key(cells) in self.known:
                self._wrong(row, 0, Fault("row_twice", "", "This row stands here a second time: delete one of them."))
            else:
                message = "The form has no such row: delete it. What is missing on the list, the office puts there."
                self._wrong(row, 0, Fault("row_added", "", message))

    def _key(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        return tuple(in_words.shown(_at(cells, place)) for place in self.keyed)

    def _gone(self) -> None:
        for line in self.left.values():
            row = FIRST_ROW + len(self.came.rows[self.number])
            self.came.rows[self.number].append(Row(line, None))
            message = "The row of {project} is gone: rows are left as they are where there is nothing to say."
            self._wrong(row, 0, Fault("row_gone", "", message, {"project": " ".join(self._key(line.cells))}))

    def _filled(self, row: int, line: Line, cells: Sequence[Cell]) -> None:
        values: dict[Key, str] = {}
        changed: set[Key] = set()
        for place, column in enumerate(self.sheet.columns):
            given, value = line.cells[place], self._value(row, place, column, cells, is_open=place in line.open)
            if value is None:
                continue
            if place in line.open:
                values[column.key] = value
                changed |= {column.key} if not _same(value, given, column) else set()
            elif not _same(value, given, column):
                self._locked(row, place, given)
        self._outside(row, cells)
        if changed:
            self.came.filled.append(Filled(self.number, row, line, values, frozenset(changed), self.places))

    def _value(self, row: int, place: int, column: Column, cells: Sequence[Cell], *, is_open: bool) -> str | None:
        """The canonical text of a cell; None where it cannot be read, which is told."""
        if error := self.spoiled.get((self.sheet.name, row, place)):
            message = "The cell shows {error}: write the value itself in the place of the formula."
            self._wrong(row, place, Fault("cell_in_error", "", message, {"error": error}))
            return None
        try:
            return in_words.read(_at(cells, place), column.kind, self.money)
        except Unreadable as unreadable:
            if is_open:
                self._wrong(row, place, unreadable.fault)
                return None
            return in_words.shown(_at(cells, place))

    def _locked(self, row: int, place: int, given: str) -> None:
        if given:
            message = "This is what the record holds, and it is not changed here: {held}"
            self._wrong(row, place, Fault("known_changed", "", message, {"held": given}))
        else:
            message = "This is not asked of the project here: leave it empty."
            self._wrong(row, place, Fault("not_asked", "", message))

    def _outside(self, row: int, cells: Sequence[Cell]) -> None:
        width = len(self.sheet.columns)
        for place, cell in enumerate(cells[width:], start=width):
            if in_words.shown(cell):
                message = "Nothing is read beside the form: put it into a column of it."
                self._wrong(row, place, Fault("outside_the_form", "", message))
                return

    def _wrong(self, row: int, place: int, fault: Fault) -> None:
        self.came.wrong.append(Wrong(self.number, row, place, fault))


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def _same(value: str, given: str, column: Column) -> bool:
    """Whether a cell says what it was given with; numbers to the digits that a workbook holds."""
    if value == given or column.kind not in {"amount", "share"}:
        return value == in_words.shown(given)
    try:
        return in_words.shown(Decimal(value)) == in_words.shown(Decimal(given))
    except ArithmeticError:
        return False
