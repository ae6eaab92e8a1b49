"""How does a list read as a table: in a spreadsheet for people, in CSV for programs and for Chinese Excel?

A workbook's cells are never formulas; numbers are exact, beside what is printed of them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from math import isfinite

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.scoring.listed import Listed
from services.scoring.page import measure_name
from shared.core.events import LineDrawn, ProjectListed, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.register import listing_of, zone_of
from shared.core.time_names import period_name
from shared.infra.texts import Texts

Cell = str | Decimal | int | None
Value = Callable[[LineDrawn], Cell]

_ATTRIBUTES = ("category", "batch", "territory", "investment_nature", "owner", "location")
_COUNTS = ("not_judged", "missing", "late", "made_up", "corrected", "adjusted", "unreviewed")
_NUMBER = re.compile(r"[+-]?[0-9.,]*%?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CELL_TEXT_MAX = 32_767
_WIDTH, _WIDTH_WIDE, _MEDIA_A4 = 12, 26, 9
_TITLE_ROW, _HEADING_ROW, _FIRST_ROW = 0, 1, 2
_BOM = "\ufeff"
_LOOKS: Mapping[str, Mapping[str, object]] = {
    "text": {"text_wrap": True}, "printed": {"align": "right"}, "count": {"num_format": "0"},
    "exact": {"num_format": "#,##0.00########"},
    "heading": {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#DDE6F0"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the columns' names, and rows of cells: text, whole numbers, exact decimals, nothing where unknown."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    drawn_at: datetime


def table(shown: Listed, ledger: Ledger, say: Texts) -> Table:
    """A list as it is shown to its reader: nothing stands here that the lines do not say."""
    columns = dict(_columns(shown, ledger, say))
    at = shown.at.astimezone(zone_of(ledger))
    period = period_name(shown.lines[0].period, say) if shown.lines else ""
    title = say(
        "{list} {period}, as of {at}, record position {position}", list=shown.published.name, period=period,
        at=f"{at:%Y-%m-%d %H:%M}", position=ledger.position,
    )  # fmt: skip
    rows = [[value(line) for value in columns.values()] for line in shown.lines]
    return Table(title, list(columns), rows, shown.at)


def as_csv(told: Table) -> bytes:
    """UTF-8 with the mark by which Excel knows it; text that would be taken for a formula stands behind a quote."""
    out = io.StringIO()
    out.write(_BOM)
    writer = csv.writer(out)
    writer.writerow(map(_safe, told.columns))
    writer.writerows([_csv_cell(cell) for cell in row] for row in told.rows)
    return out.getvalue().encode()


def as_xlsx(told: Table) -> bytes:
    """One sheet, its heading frozen and repeated on each page, to be printed on A4 across."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": told.title, "created": told.drawn_at.astimezone(UTC).replace(tzinfo=None)})
    _sheet(book, book.add_worksheet(), told)
    book.close()
    return out.getvalue()


# --- columns ------------------------------------------------------------------------------------------------------


def _columns(shown: Listed, ledger: Ledger, say: Texts) -> Iterator[tuple[str, Value]]:
    units = ledger.all(UnitRegistered)
    yield _word("about", say), lambda line: _word(line.subject_kind, say)
    yield _word("code", say), lambda line: line.subject
    yield _word("name", say), lambda line: line.name
    yield _word("unit", say), lambda line: units[line.unit].name if line.unit in units else line.unit
    yield _word("lane", say), lambda line: line.lane
    yield say("number of projects"), lambda line: line.project_count
    if any(line.subject_kind == "project" for line in shown.lines):
        listings = _listings(shown, ledger)
        for name in _ATTRIBUTES:
            yield _word(name, say), _attribute(listings, name)
    yield from _figures(shown, say)
    yield _word("light", say), lambda line: _word(line.light, say) if line.light else ""
    yield _word("stages", say), lambda line: say(", ").join(_word(one, say) for one in line.stages)
    for name in _COUNTS:
        yield _word(name, say), _count(name)
    if shown.with_places:
        yield from _places(shown, say)


def _figures(shown: Listed, say: Texts) -> Iterator[tuple[str, Value]]:
    names = _named(shown, say)
    for amount in _all(line.amounts_yuan for line in shown.lines):
        title = say("{name} (yuan)", name=measure_name(amount, names, say))
        yield title, lambda line, amount=amount: line.amounts_yuan.get(amount)  # type: ignore[misc]
    for measure in _all(line.displayed for line in shown.lines):
        title = measure_name(measure, names, say)
        yield title, lambda line, measure=measure: line.displayed.get(measure, "-")  # type: ignore[misc]
        exact = say("{name} (exact)", name=title)
        yield exact, lambda line, measure=measure: line.measures.get(measure)  # type: ignore[misc]


def _places(shown: Listed, say: Texts) -> Iterator[tuple[str, Value]]:
    names = _named(shown, say)
    for name in _all(line.points for line in shown.lines):
        title = say("{name} (points)", name=measure_name(name, names, say))
        yield title, lambda line, name=name: line.points.get(name)  # type: ignore[misc]
    yield _word("place", say), lambda line: line.rank
    yield _word("band", say), lambda line: line.band


def _named(shown: Listed, say: Texts) -> Mapping[str, str]:
    """The regime's own names of measures and components."""
    names = (shown.regime.names if shown.regime else None) or {}
    return {name: getattr(title, say.locale) for name, title in names.items()}


def _all(told: Iterator[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(told)))


def _listings(shown: Listed, ledger: Ledger) -> Mapping[str, ProjectListed]:
    year = int(shown.lines[0].period[:4])
    projects = [line for line in shown.lines if line.subject_kind == "project"]
    return {one.subject: listing_of(ledger, one.list, year, one.subject) for one in projects}


def _attribute(listings: Mapping[str, ProjectListed], name: str) -> Value:
    return lambda line: getattr(listings[line.subject], name) if line.subject in listings else ""


def _count(name: str) -> Value:
    return lambda line: int(getattr(line, f"{name}_count"))


def _word(code: str, say: Texts) -> str:
    said = say(code)
    return said if said != code else code.replace("_", " ")


# --- cells --------------------------------------------------------------------------------------------------------


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
    return _safe(cell)


def _safe(text: str) -> str:
    """A printed number may begin with a sign; other text that a spreadsheet would run may not."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _sheet(book: xlsxwriter.Workbook, sheet: Worksheet, told: Table) -> None:
    looks = {name: book.add_format({"border": 1, "valign": "vcenter", **look}) for name, look in _LOOKS.items()}
    last = len(told.columns) - 1
    sheet.set_column(0, last, _WIDTH)
    sheet.set_column(2, 2, _WIDTH_WIDE)
    sheet.write_string(_TITLE_ROW, 0, told.title, book.add_format({"bold": True, "font_size": 14}))
    for place, name in enumerate(told.columns):
        sheet.write_string(_HEADING_ROW, place, name[:_CELL_TEXT_MAX], looks["heading"])
    for row, cells in enumerate(told.rows, start=_FIRST_ROW):
        for place, cell in enumerate(cells):
            _put(sheet, row, place, cell, looks)
    sheet.freeze_panes(_FIRST_ROW, 3)
    sheet.set_landscape()
    sheet.set_paper(_MEDIA_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TITLE_ROW, _HEADING_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&C&P / &N")


def _put(sheet: Worksheet, row: int, place: int, cell: Cell, looks: Mapping[str, Format]) -> None:
    match cell:
        case None | "":
            sheet.write_blank(row, place, None, looks["text"])
        case Decimal():
            # A workbook holds 15 digits: of a longer number the rest would be lost, so it stands there as text.
            number = float(cell)
            if isfinite(number) and Decimal(f"{number:.15g}") == cell:
                sheet.write_number(row, place, number, looks["exact"])
            else:
                sheet.write_string(row, place, f"{cell:f}"[:_CELL_TEXT_MAX], looks["printed"])
        case int():
            sheet.write_number(row, place, cell, looks["count"])
        case _:
            look = looks["printed" if _NUMBER.fullmatch(cell) else "text"]
            sheet.write_string(row, place, cell[:_CELL_TEXT_MAX], look)
