"""Tables in a Word document: as wide as the type area, their head on every page."""
# ruff: noqa: SLF001  # python-docx has no names for margins of cells and kinds of rows

from re import compile as pattern
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import _Cell

from services.notify.documents.sheet import (
    FANGSONG,
    HEITI,
    SIZE_4,
    SIZE_5,
    SIZE_5_SMALL,
    TYPE_AREA_MM,
    add,
    element,
    form,
    width,
    write,
)
from services.notify.domain.layout import Table

_COLUMNS_AT_SIZE_5_MAX: Final = 10
_UNBROKEN: Final = pattern("[!-~]+")


def write_table(word: WordDocument, table: Table) -> None:
    """Caption, rows and the note under them; without a note, some room."""
    if table.caption:
        form(add(word, table.caption, font=HEITI, size=SIZE_4), align=ALIGN.CENTER, keep_with_next=True)
    size = SIZE_5 if len(table.columns) <= _COLUMNS_AT_SIZE_5_MAX else SIZE_5_SMALL
    grid = _empty(word, table)
    for place, cells in enumerate((table.columns, *table.rows)):
        row = grid.add_row()
        row._tr.get_or_add_trPr().append(element("w:tblHeader" if place == 0 else "w:cantSplit"))
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            _write_cell(cell, text, size, is_head=place == 0, is_name=column in table.wide)
    form(add(word, table.note, size=SIZE_5), indent=2, line=Pt(20))


def _empty(word: WordDocument, table: Table) -> Any:
    grid = word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    for column, column_width in zip(grid.columns, _widths(table), strict=True):
        column.width = column_width
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margins.append(element(side, w=28, type="dxa"))  # half a millimetre: a dozen columns need the room
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    return grid


def _write_cell(cell: _Cell, text: str, size: Pt, *, is_head: bool, is_name: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    write(paragraph, text, font=HEITI if is_head else FANGSONG, size=size)
    form(paragraph, align=ALIGN.LEFT if is_name and not is_head else ALIGN.CENTER, line=Pt(1.5 * size.pt))


def _widths(table: Table) -> list[Mm]:
    asked = [_asked(table, column) for column in range(len(table.columns))]
    return [Mm(TYPE_AREA_MM * one / sum(asked)) for one in asked]


def _asked(table: Table, column: int) -> float:
    """In characters: names on one line, if they are not too long; figures on two, heads on three."""
    cells = [row[column] for row in table.rows]
    if column in table.wide:
        return min(max(map(width, cells), default=0), 12) + 0.8
    asked = [_room(table.columns[column], lines=3), *(_room(cell, lines=2) for cell in cells)]
    return max(asked) + 0.8


def _room(text: str, *, lines: int) -> float:
    # Chinese breaks anywhere, a figure or a Latin word nowhere; 0.6 is a wide digit.
    unbroken = max(map(len, _UNBROKEN.findall(text)), default=0)
    return max(2, width(text) / lines, 0.6 * unbroken)
