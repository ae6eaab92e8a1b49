"""Bulletins and notices as Word files in the official layout (GB/T 9704-2012), and as pages.

The same statement gives the same bytes: nothing here reads a clock.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from re import compile as pattern
from typing import Any, Final
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notify.domain.layout import (
    BulletinLayout,
    BulletinStatement,
    NoticeLayout,
    NoticeStatement,
    Table,
    bulletin_layout,
    notice_layout,
)
from services.notify.domain.text import Say
from shared.core.events import NoticeDrafted, NoticeServed

FANGSONG, HEITI, SONGTI, TITLE_SONG = "仿宋_GB2312", "黑体", "宋体", "方正小标宋简体"
SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_5_SMALL = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
LINE_PITCH: Final = Pt(28.95)
RED: Final = RGBColor(0xFF, 0x33, 0x33)  # yellow 80, magenta 80
TYPE_AREA_MM: Final = 156
_POINTS_PER_MM: Final = 72 / 25.4
_CHARACTER_PT: Final = TYPE_AREA_MM * _POINTS_PER_MM / 28
# What the grid adds to a character, in 4096ths of a point, so that 28 of them fill a line.
_CHARACTER_SPACE: Final = round((_CHARACTER_PT - 16) * 4096)
_RED_HEAD_PT_MAX: Final = 48
_COLUMNS_AT_SIZE_5_MAX: Final = 10
_NOT_IN_XML: Final = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def bulletin_html(statement: BulletinStatement, say: Say) -> str:
    """One page that needs nothing from outside; also fit for printing."""
    layout = bulletin_layout(statement, say)
    return _page("bulletin.html", layout, layout.red_head, say)


def notice_html(statement: NoticeStatement, say: Say) -> str:
    """One page that needs nothing from outside; also fit for printing."""
    layout = notice_layout(statement, say)
    return _page("notice.html", layout, layout.letter.issuer, say)


def bulletin_docx(statement: BulletinStatement, say: Say) -> bytes:
    layout = bulletin_layout(statement, say)
    word = _new_document(layout.title, layout.issuer, layout.at)
    _mark_pages(word, layout.marks)
    _write_red_head(word, layout)
    for part in layout.parts:
        _set(_paragraph(word, part.head, font=HEITI), indent=2, keep_with_next=True)
        if part.paragraph:
            _set(_paragraph(word, part.paragraph), indent=2)
        for table in part.tables:
            _write_table(word, table)
    _write_signature(word, layout.issuer, layout.date)
    _set(_paragraph(word, layout.trace, size=SIZE_5), indent=2, before=LINE_PITCH, line=Pt(16))
    return _bytes_of(word)


def notice_docx(statement: NoticeStatement, say: Say) -> bytes:
    layout = notice_layout(statement, say)
    word = _new_document(layout.title, layout.letter.issuer, _date_of_notice(statement))
    _write_letter_frame(word, layout)
    _set(_paragraph(word, layout.number), align=ALIGN.RIGHT)
    _set(
        _paragraph(word, layout.title, font=TITLE_SONG, size=SIZE_2),
        align=ALIGN.CENTER,
        line=Pt(36),
        before=2 * LINE_PITCH,
    )
    _set(_paragraph(word, layout.letter.addressee), before=LINE_PITCH)
    for line in layout.letter.body:
        _set(_paragraph(word, line), indent=2)
    _write_signature(word, layout.letter.issuer, layout.letter.date)
    if layout.letter.note:
        _set(_paragraph(word, layout.letter.note), indent=2)
    return _bytes_of(word)


def _date_of_notice(statement: NoticeStatement) -> datetime:
    if isinstance(statement, NoticeServed):
        return statement.served_at
    if isinstance(statement, NoticeDrafted):
        # A draft has no moment of its own but the one that called for it, which ends its id.
        return datetime.fromisoformat(statement.moment[-20:])
    return statement.at


# --- pages -----------------------------------------------------------------------------------------------------------


def _page(template: str, layout: BulletinLayout | NoticeLayout, head: str, say: Say) -> str:
    head_pt = _fitting(head, _RED_HEAD_PT_MAX)
    return _templates().get_template(template).render(document=layout, head_pt=head_pt, say=say)


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# --- the sheet -------------------------------------------------------------------------------------------------------


def _new_document(title: str, author: str, at: datetime) -> WordDocument:
    word = Document()
    _set_sheet(word)
    _set_default_text(word)
    _set_settings(word)
    _set_properties(word, title, author, at.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    return word


def _set_sheet(word: WordDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25.5)  # the dash 7 mm under the type area
    for old in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001  # python-docx has no name for the grid
        section._sectPr.remove(old)  # noqa: SLF001
    section._sectPr.append(
        _element("w:docGrid", type="linesAndChars", linePitch=579, charSpace=_CHARACTER_SPACE)
    )
    _write_page_number(section.footer.paragraphs[0], is_odd=True)
    _write_page_number(section.even_page_footer.paragraphs[0], is_odd=False)


def _set_default_text(word: WordDocument) -> None:
    styles = word.styles.element
    for default in styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"):
        default.attrib.clear()  # fonts of a theme would go before ours
        if default.tag in {qn("w:sz"), qn("w:szCs")}:
            default.set(qn("w:val"), "32")  # the grid is counted from it
        elif default.tag == qn("w:lang"):
            default.set(qn("w:val"), "en-GB")
            default.set(qn("w:eastAsia"), "zh-CN")
    normal = word.styles["Normal"]
    normal.font.size = SIZE_3
    _set_fonts(normal.element.get_or_add_rPr(), FANGSONG)
    spacing = normal.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(0), Pt(0), LINE_PITCH
    spacing.widow_control = False  # it would break the 22 lines of a page
    # Lines are spaced exactly; snapping them too makes LibreOffice give every letter two places of the grid.
    off = _element("w:snapToGrid", val=0)
    normal.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _set_settings(word: WordDocument) -> None:
    word.settings.odd_and_even_pages_header_footer = True
    for language in word.settings.element.findall(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_properties(word: WordDocument, title: str, author: str, at: datetime) -> None:
    properties = word.core_properties
    properties.title, properties.author, properties.last_modified_by = (
        _clean(title)[:255],
        _clean(author)[:255],
        "",
    )
    properties.created = properties.modified = at
    properties.comments, properties.language = "", "zh-CN"
    package = word.part.package
    for relation in [one for one in package.rels.values() if one.reltype.endswith("/thumbnail")]:
        del package.rels[relation.rId]  # the picture shows the template's first page, not ours


def _write_page_number(paragraph: Paragraph, *, is_odd: bool) -> None:
    _run(paragraph, "— ", font=SONGTI, size=SIZE_4)
    for element in (
        _element("w:fldChar", fldCharType="begin"),
        _instruction(),
        _element("w:fldChar", fldCharType="end"),
    ):
        _run(paragraph, "", font=SONGTI, size=SIZE_4)._r.append(element)  # noqa: SLF001  # nor for fields
    _run(paragraph, " —", font=SONGTI, size=SIZE_4)
    _set(paragraph, align=ALIGN.RIGHT if is_odd else ALIGN.LEFT, line=SIZE_4)
    margin = "right_indent" if is_odd else "left_indent"
    setattr(paragraph.paragraph_format, margin, SIZE_4)


def _instruction() -> Any:
    element = OxmlElement("w:instrText")
    element.text = "PAGE"
    return element


def _mark_pages(word: WordDocument, marks: Sequence[str]) -> None:
    section = word.sections[0]
    for header in (section.header, section.even_page_header):
        _write_marks(header.paragraphs[0], marks)


def _write_marks(paragraph: Paragraph, marks: Sequence[str]) -> None:
    _run(paragraph, "　".join(marks), font=HEITI, size=SIZE_4)
    _set(paragraph, align=ALIGN.RIGHT, line=Pt(20))


# --- what stands on it -----------------------------------------------------------------------------------------------


def _write_red_head(word: WordDocument, layout: BulletinLayout) -> None:
    size = Pt(_fitting(layout.red_head, _RED_HEAD_PT_MAX))
    head = _paragraph(word, layout.red_head, font=TITLE_SONG, size=size, color=RED)
    _set(head, align=ALIGN.CENTER, before=Mm(35), line=Pt(size.pt * 1.2))
    number = _paragraph(word, layout.number)
    _set(number, align=ALIGN.CENTER, before=2 * LINE_PITCH, line=SIZE_3)
    _rule(number, "bottom", val="single", size=12, space=11)  # 11 pt are 4 mm
    title = _paragraph(word, layout.title, font=TITLE_SONG, size=SIZE_2)
    _set(title, align=ALIGN.CENTER, before=2 * LINE_PITCH, after=LINE_PITCH, line=Pt(36))


def _write_letter_frame(word: WordDocument, layout: NoticeLayout) -> None:
    """The head and rules of a letter on its first page; no page number there."""
    _mark_pages(word, layout.marks)
    section = word.sections[0]
    section.different_first_page_header_footer = True
    mark, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[0]
    _write_marks(mark, layout.marks)
    section.header_distance = Mm(
        30 - 20 / _POINTS_PER_MM
    )  # the mark's line, then the issuer 30 mm from the edge
    size = Pt(_fitting(layout.letter.issuer, _RED_HEAD_PT_MAX))
    head = section.first_page_header.add_paragraph()
    _run(head, layout.letter.issuer, font=TITLE_SONG, size=size, color=RED)
    _set(head, align=ALIGN.CENTER, line=Pt(size.pt * 1.2))
    _rule(head, "bottom", val="thickThinSmallGap", size=24, space=11)
    _rule(foot, "top", val="thinThickSmallGap", size=24, space=1)
    _set(foot, line=Pt(1))
    section.footer_distance = Mm(20)
    for paragraph in (head, foot):  # 170 mm, centred on the sheet
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(-8), Mm(-6)


def _write_signature(word: WordDocument, issuer: str, date: str) -> None:
    """The date ends 4 characters from the right with the issuer centred over it; a long issuer ends 2 from it."""
    half_more = (_width(issuer) - _width(date)) / 2
    right = max(4 - half_more, 2)
    _write_signed(word, issuer, right, before=LINE_PITCH, keep_with_next=True)
    _write_signed(word, date, max(right + half_more, 0))


def _write_signed(word: WordDocument, text: str, right: float, **form: Any) -> None:
    paragraph = _set(_paragraph(word, text), align=ALIGN.RIGHT, **form)
    paragraph.paragraph_format.right_indent = Pt(right * _CHARACTER_PT)


def _write_table(word: WordDocument, table: Table) -> None:
    if table.caption:
        _set(
            _paragraph(word, table.caption, font=HEITI, size=SIZE_4), align=ALIGN.CENTER, keep_with_next=True
        )
    grid = word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    _set_cell_margins(grid)
    widths, size = _widths(table), SIZE_5 if len(table.columns) <= _COLUMNS_AT_SIZE_5_MAX else SIZE_5_SMALL
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for place, cells in enumerate((table.columns, *table.rows)):
        row = grid.add_row()
        row._tr.get_or_add_trPr().append(_element("w:tblHeader" if place == 0 else "w:cantSplit"))  # noqa: SLF001
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            _write_cell(cell, text, size, is_head=place == 0, is_name=column in table.wide)
            cell.width = widths[column]
    note = _paragraph(word, table.note, size=SIZE_5)
    _set(note, indent=2, line=Pt(20))


def _set_cell_margins(grid: WordTable) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(
            _element(f"w:{side}", w=28, type="dxa")
        )  # half a millimetre: a dozen columns need the room
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001


def _write_cell(cell: _Cell, text: str, size: Pt, *, is_head: bool, is_name: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    _run(paragraph, text, font=HEITI if is_head else FANGSONG, size=size)
    _set(paragraph, align=ALIGN.LEFT if is_name and not is_head else ALIGN.CENTER, line=Pt(1.5 * size.pt))


def _widths(table: Table) -> list[Mm]:
    """Every column as wide as its longest cell asks, and all as wide as the type area."""
    asked = [_asked(table, column) for column in range(len(table.columns))]
    return [Mm(TYPE_AREA_MM * one / sum(asked)) for one in asked]


def _asked(table: Table, column: int) -> float:
    longest = max((_width(row[column]) for row in table.rows), default=0)
    return (
        min(max(1.15 * longest, _width(table.columns[column]) / 3, 2), 12 if column in table.wide else 9)
        + 0.8
    )


# --- letters and lines -----------------------------------------------------------------------------------------------


def _paragraph(
    word: WordDocument, text: str, *, font: str = FANGSONG, size: Pt = SIZE_3, color: RGBColor | None = None
) -> Paragraph:
    paragraph = word.add_paragraph()
    _run(paragraph, text, font=font, size=size, color=color)
    return paragraph


def _run(paragraph: Paragraph, text: str, *, font: str, size: Length, color: RGBColor | None = None) -> Run:
    run = paragraph.add_run(_clean(text))
    _set_fonts(run._r.get_or_add_rPr(), font)  # noqa: SLF001  # python-docx cannot name an East Asian font
    run.font.size, run.font.color.rgb, run.font.snap_to_grid = size, color, _on_grid(size)
    return run


def _on_grid(size: Length) -> bool | None:
    # Only letters of the body's size are counted by the grid; others would be squeezed or spread by it.
    return None if size == SIZE_3 else False


def _set_fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and dashes are Chinese ones


def _set(
    paragraph: Paragraph, *, align: ALIGN | None = None, indent: int = 0, before: int | None = None,
    after: Pt | None = None, line: Pt | None = None, keep_with_next: bool = False,
) -> Paragraph:  # fmt: skip
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after, form.line_spacing = align, before, after, line
    form.keep_with_next = keep_with_next or None
    if indent:
        form.first_line_indent = Pt(indent * SIZE_3.pt)
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(indent * 100))  # noqa: SLF001  # characters, not points
    return paragraph


def _rule(paragraph: Paragraph, side: str, *, val: str, size: int, space: int) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_element(f"w:{side}", val=val, sz=size, space=space, color=str(RED)))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _element(name: str, **attributes: str | int) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _width(text: str) -> float:
    """In characters; letters and digits of the Latin script count half."""
    return sum(1 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def _fitting(text: str, size_pt_max: int) -> float:
    return min(size_pt_max, int(TYPE_AREA_MM * _POINTS_PER_MM / max(_width(text), 1)))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _bytes_of(word: WordDocument) -> bytes:
    """The file with its parts dated alike, whatever the clock says."""
    saved, fixed = BytesIO(), BytesIO()
    word.save(saved)
    with ZipFile(saved) as parts, ZipFile(fixed, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            part = ZipInfo(name, _ZIP_DATE)
            part.compress_type, part.create_system = ZIP_DEFLATED, 3
            archive.writestr(part, parts.read(name))
    return fixed.getvalue()
