"""How the form of a return becomes a workbook: what is known is locked, what is asked is open and checked, it prints.

A sheet that nobody sees carries the form as it was given out, and a digest of it: what comes back is read against that,
whatever the order of the lines. Protection has no password: it is there against slips, and intake decides anyway.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, TypeVar, get_args

import xlsxwriter
from pydantic import TypeAdapter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.intake.workbook.form import Column, Form, Heading, Kind, Line, word
from shared.core.digest import digest
from shared.core.regime.terms import Stage
from shared.infra.tables import Cell
from shared.infra.texts import Texts

T = TypeVar("T")

KEY_SHEET = "_duban"
TITLE_ROW, ABOUT_ROW, HEADING_ROW, FIRST_ROW = range(4)
HEADINGS: TypeAdapter[Heading] = TypeAdapter(Heading)
LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])

_CELL_TEXT_MAX = 32_767
_MEDIA_A4 = 9
_FONT = {"font_name": "SimSun", "font_size": 11, "valign": "vcenter"}
_KNOWN, _ASKED, _WRONG = "#F2F2F2", "#FFFBE6", "#FFC7CE"
_NUMBER_FORMATS: Mapping[Kind, str] = {"amount": "#,##0.00########", "share": "0.00%", "date": "yyyy-mm-dd"}
_COMMENT = {"author": "duban", "x_scale": 2, "y_scale": 1.2}
_FOOT_ROWS_BELOW = 1
_WRAPPED = frozenset({"text", "basis"})
_LINE_HEIGHT, _LINE_SPACE, _HEIGHT_MAX = 15, 9, 400
_FIRST_WIDE = "\u2e80"
_FIRST_DAY = date(1949, 1, 1)
_YEAR_MIN = 1900


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it is to be seen: of the form, or with what somebody put there; `marks` say what is wrong, by place.

    No line: what somebody added, which the form has not.
    """

    line: Line | None
    cells: Sequence[Cell] | None = None
    marks: Mapping[int, str] = field(default_factory=dict)


def as_given(form: Form) -> list[list[Shown]]:
    return [[Shown(line) for line in lines] for lines in form.lines]


def write(form: Form, shown: Sequence[Sequence[Shown]], feet: Sequence[Sequence[Sequence[Cell]]] = ()) -> bytes:
    """The form as .xlsx, with the lines of each sheet as they are to be seen, and what somebody wrote below them."""
    out = io.BytesIO()
    # Text is never a formula, a link or a number here, whatever it begins with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    try:
        _Writing(book, form).write(shown, feet or [()] * len(shown))
    finally:
        book.close()
    return out.getvalue()


class _Writing:
    def __init__(self, book: xlsxwriter.Workbook, form: Form) -> None:
        self.book, self.form, self.say = book, form, Texts.load(form.heading.locale)
        self._formats: dict[str, Format] = {}

    def write(self, shown: Sequence[Sequence[Shown]], feet: Sequence[Sequence[Sequence[Cell]]]) -> None:
        for sheet, lines, foot in zip(self.form.heading.sheets, shown, feet, strict=True):
            self._sheet(self.book.add_worksheet(sheet.name), sheet.columns, lines, foot)
        self._keys(self.book.add_worksheet(KEY_SHEET))

    # --- what is seen -------------------------------------------------------------------------------------------------

    def _sheet(
        self, sheet: Worksheet, columns: Sequence[Column], lines: Sequence[Shown], foot: Sequence[Sequence[Cell]]
    ) -> None:
        self._head(sheet, columns)
        for row, shown in enumerate(lines, start=FIRST_ROW):
            self._line(sheet, row, columns, shown)
        end = FIRST_ROW + len(lines)
        if lines:
            for place, column in enumerate(columns):
                self._checks(sheet, place, column, end - 1)
        last = self._foot(sheet, end + _FOOT_ROWS_BELOW, len(columns), foot)
        self._printing(sheet, last, len(columns))
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def _head(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        heading, last = self.form.heading, len(columns) - 1
        sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, heading.title, self._format("title"))
        sheet.set_row(TITLE_ROW, 30)
        sheet.merge_range(ABOUT_ROW, 0, ABOUT_ROW, last, "    ".join(heading.about), self._format("about"))
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(HEADING_ROW, place, column.title, self._format("heading"))
        sheet.set_row(HEADING_ROW, 48)
        sheet.freeze_panes(FIRST_ROW, 2)

    def _line(self, sheet: Worksheet, row: int, columns: Sequence[Column], shown: Shown) -> None:
        given = shown.line.cells if shown.line else ("",) * len(columns)
        open_ = shown.line.open if shown.line else ()
        sheet.set_row(row, _height(columns, given if shown.cells is None else shown.cells))
        for place, column in enumerate(columns):
            name = "wrong" if place in shown.marks else "asked" if place in open_ else "known"
            look = self._format(f"{name} {column.kind}", is_open=place in open_)
            cells = shown.cells
            value = self._value(given[place], column.kind) if cells is None else _at(cells, place)
            _put(sheet, row, place, value, look)
            if place in shown.marks:
                sheet.write_comment(row, place, shown.marks[place], _COMMENT)

    def _value(self, text: str, kind: Kind) -> Cell:
        if not text:
            return None
        if kind in {"amount", "share"}:
            return Decimal(text)
        if kind == "date":
            return date.fromisoformat(text)
        return word(text, self.say) if kind in {"stage", "yes"} else text

    def _checks(self, sheet: Worksheet, place: int, column: Column, last: int) -> None:
        check = _check(column.kind, [self.say("yes"), self.say("no")], len(self.form.heading.bases))
        if check:
            told = {
                "error_title": " ".join(column.title.split())[:32],
                "error_message": self._wanted(column.kind),
                "ignore_blank": True,
            }
            sheet.data_validation(FIRST_ROW, place, last, place, {**check, **told})

    def _wanted(self, kind: Kind) -> str:
        match kind:
            case "amount":
                return self.say("A number, not negative, in the unit of the heading.")
            case "share":
                return self.say("A share from 0% to 100%.")
            case "date":
                return self.say("A day, such as 2026-03-05.")
        return self.say("One of the list.")

    def _foot(self, sheet: Worksheet, row: int, width: int, written: Sequence[Sequence[Cell]]) -> int:
        """The places for names and seal, three to a row; the first of them ends what is read. The last row."""
        foot = self.form.heading.foot
        for start in range(0, len(foot), 3):
            cells = _at(written, start // 3) or ()
            for number, label in enumerate(foot[start : start + 3]):
                column = number * width // 3
                sheet.write_string(row, column, label, self._format("foot"))
                for place in range(column + 1, min((number + 1) * width // 3, width)):
                    _put(sheet, row, place, _at(cells, place), self._format("blank", is_open=True))
            sheet.set_row(row, 28)
            row += 1
        return row - 1

    @staticmethod
    def _printing(sheet: Worksheet, last: int, width: int) -> None:
        sheet.set_landscape()
        sheet.set_paper(_MEDIA_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TITLE_ROW, HEADING_ROW)
        sheet.print_area(0, 0, last, width - 1)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&C&P / &N")

    def _format(self, name: str, *, is_open: bool = False) -> Format:
        key = f"{name} {is_open}"
        if key not in self._formats:
            self._formats[key] = self.book.add_format({**_look(name), "locked": not is_open})
        return self._formats[key]

    # --- what is not seen ---------------------------------------------------------------------------------------------

    def _keys(self, sheet: Worksheet) -> None:
        sheet.very_hidden()
        for row, text in enumerate(key_cells(self.form)):
            sheet.write_string(row, 0, text)
        for row, stage in enumerate(get_args(Stage)):
            sheet.write_string(row, 1, word(stage, self.say))
        for row, (_, basis) in enumerate(self.form.heading.bases):
            sheet.write_string(row, 2, basis)
        sheet.protect("")


def key_cells(form: Form) -> list[str]:
    """The digest, the heading, and the lines of each sheet, each text short enough for a cell."""
    told = [HEADINGS.dump_json(form.heading).decode()]
    for number, lines in enumerate(form.lines):
        told += [json.dumps([number, one], ensure_ascii=False) for one in LINES.dump_python(lines, mode="json")]
    return [digest(told), *told]


def _height(columns: Sequence[Column], cells: Sequence[Cell]) -> int:
    """High enough for the texts of a line. Not every program that opens a workbook finds that out by itself."""
    texts = (
        (cell, column.width) for cell, column in zip(cells, columns, strict=False)
        if isinstance(cell, str) and column.kind in _WRAPPED
    )  # fmt: skip
    rows = max((-(-_breadth(text) // width) for text, width in texts), default=1)
    return min(_LINE_HEIGHT * max(rows, 1) + _LINE_SPACE, _HEIGHT_MAX)


def _breadth(text: str) -> int:
    return sum(2 if char >= _FIRST_WIDE else 1 for char in text[:_CELL_TEXT_MAX])


def _at(cells: Sequence[T], place: int) -> T | None:
    return cells[place] if place < len(cells) else None


def _put(sheet: Worksheet, row: int, place: int, value: Cell, look: Format) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, place, None, look)
        case bool():
            sheet.write_boolean(row, place, value, look)
        case Decimal():
            # A workbook holds 15 digits: a number that it could not give back as it is stands there as text.
            number = float(value)
            if isfinite(number) and Decimal(f"{number:.15g}") == value:
                sheet.write_number(row, place, number, look)
            else:
                sheet.write_string(row, place, f"{value:f}"[:_CELL_TEXT_MAX], look)
        case date() if value.year >= _YEAR_MIN:
            sheet.write_datetime(row, place, value, look)
        case date():
            sheet.write_string(row, place, value.isoformat(), look)
        case _:
            sheet.write_string(row, place, value[:_CELL_TEXT_MAX], look)


def _check(kind: Kind, yes_or_no: list[str], bases: int) -> dict[str, Any]:
    match kind:
        case "amount":
            return {"validate": "decimal", "criteria": ">=", "value": 0}
        case "share":
            return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case "date":
            return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
        case "stage":
            return {"validate": "list", "source": f"={KEY_SHEET}!$B$1:$B${len(get_args(Stage))}"}
        case "basis" if bases:
            # Other words are taken: whether a stage counts on them, scoring judges.
            return {"validate": "list", "source": f"={KEY_SHEET}!$C$1:$C${bases}", "error_type": "information"}
        case "yes":
            return {"validate": "list", "source": yes_or_no}
    return {}


def _look(name: str) -> dict[str, Any]:
    part, _, kind = name.partition(" ")
    plain: dict[str, Any] = {**_FONT}
    match part:
        case "title":
            return {**plain, "bold": True, "font_size": 16, "align": "center"}
        case "about":
            return {**plain, "align": "left"}
        case "heading":
            return {**plain, "bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
        case "foot":
            return plain
        case "blank":
            return {**plain, "bottom": 1}
    colour = {"known": _KNOWN, "asked": _ASKED}.get(part, _WRONG)
    look = {**plain, "border": 1, "bg_color": colour, "text_wrap": kind in _WRAPPED}
    number_format = _NUMBER_FORMATS.get(kind)  # type: ignore[call-overload]
    return {**look, "num_format": number_format} if number_format else look
