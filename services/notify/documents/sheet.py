"""What official documents are written on: paper, grid, fonts, page numbers; and the file's bytes."""
# ruff: noqa: SLF001  # python-docx has no names for East Asian fonts, grids and fields

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from re import compile as pattern
from typing import Any, Final
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FANGSONG, HEITI, SONGTI, TITLE_SONG = "仿宋_GB2312", "黑体", "宋体", "方正小标宋简体"
SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_5_SMALL = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
LINE_PITCH: Final = Pt(28.95)
MARK_PITCH: Final = Pt(20)
RED: Final = RGBColor(0xFF, 0x33, 0x33)  # yellow 80, magenta 80
TYPE_AREA_MM: Final = 156
POINTS_PER_MM: Final = 72 / 25.4
CHARACTER_PT: Final = TYPE_AREA_MM * POINTS_PER_MM / 28
# What the grid adds to a character, in 4096ths of a point, so that 28 of them fill a line.
_CHARACTER_SPACE: Final = round((CHARACTER_PT - SIZE_3.pt) * 4096)
_PROPERTY_LENGTH_MAX: Final = 255  # python-docx refuses longer ones
_NOT_IN_XML: Final = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def new_document(title: str, author: str, at: datetime) -> WordDocument:
    """An empty A4 document of 22 lines of 28 characters; `at` stands for both its dates."""
    word = Document()
    _set_paper(word)
    _set_default_text(word)
    _set_settings(word)
    _set_properties(word, title, author, at.astimezone(UTC).replace(tzinfo=None, microsecond=0))
    return word


def mark_pages(word: WordDocument, marks: Sequence[str]) -> None:
    """Write the marks at the head of every page."""
    section = word.sections[0]
    for header in (section.header, section.even_page_header):
        write_marks(header.paragraphs[0], marks)


def write_marks(paragraph: Paragraph, marks: Sequence[str]) -> None:
    write(paragraph, "　".join(marks), font=HEITI, size=SIZE_4)
    form(paragraph, align=ALIGN.RIGHT, line=MARK_PITCH)


def add(
    word: WordDocument, text: str, *, font: str = FANGSONG, size: Pt = SIZE_3, color: RGBColor | None = None
) -> Paragraph:
    paragraph = word.add_paragraph()
    write(paragraph, text, font=font, size=size, color=color)
    return paragraph


def write(paragraph: Paragraph, text: str, *, font: str, size: Pt, color: RGBColor | None = None) -> Any:
    """Add text, and give its element. What XML cannot hold becomes U+FFFD."""
    run = paragraph.add_run(_clean(text))
    _set_fonts(run._r.get_or_add_rPr(), font)
    run.font.size, run.font.color.rgb = size, color
    # Only letters of the body's size are counted by the grid; others would be squeezed or spread by it.
    run.font.snap_to_grid = None if size == SIZE_3 else False
    return run._r


def form(
    paragraph: Paragraph,
    *,
    align: ALIGN | None = None,
    indent: int = 0,
    before: int | None = None,
    after: Length | None = None,
    line: Length | None = None,
    keep_with_next: bool = False,
) -> Paragraph:
    """Set how a paragraph stands; `indent` of its first line is in characters, `line` is exact."""
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after, shape.line_spacing = align, before, after, line
    shape.keep_with_next = keep_with_next or None
    if indent:
        shape.first_line_indent = Pt(indent * SIZE_3.pt)
        # In characters as well: that follows the grid, and points are for programs that do not know it.
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(indent * 100))
    return paragraph


def rule(paragraph: Paragraph, side: str, *, kind: str, eighths: int, space_pt: int) -> None:
    """Draw a red line above or below a paragraph; its thickness is in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    borders.append(element(f"w:{side}", val=kind, sz=eighths, space=space_pt, color=str(RED)))
    followers = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *followers)


def element(name: str, **attributes: str | int) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def width(text: str) -> float:
    """In characters; letters and digits of the Latin script count half."""
    return sum(1 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def bytes_of(word: WordDocument) -> bytes:
    """The file with its parts dated alike, whatever the clock says."""
    saved, fixed = BytesIO(), BytesIO()
    word.save(saved)
    with ZipFile(saved) as parts, ZipFile(fixed, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            part = ZipInfo(name, _ZIP_DATE)
            part.compress_type, part.create_system = ZIP_DEFLATED, 3
            archive.writestr(part, parts.read(name))
    return fixed.getvalue()


def _set_paper(word: WordDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25.5)  # the dash 7 mm under the type area
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = element("w:docGrid", type="linesAndChars", linePitch=579, charSpace=_CHARACTER_SPACE)
    section._sectPr.append(grid)
    _write_page_number(section.footer.paragraphs[0], is_odd=True)
    _write_page_number(section.even_page_footer.paragraphs[0], is_odd=False)


def _write_page_number(paragraph: Paragraph, *, is_odd: bool) -> None:
    number = element("w:instrText")
    number.text = "PAGE"
    field = (element("w:fldChar", fldCharType="begin"), number, element("w:fldChar", fldCharType="end"))
    write(paragraph, "— ", font=SONGTI, size=SIZE_4)
    for piece in field:
        write(paragraph, "", font=SONGTI, size=SIZE_4).append(piece)
    write(paragraph, " —", font=SONGTI, size=SIZE_4)
    form(paragraph, align=ALIGN.RIGHT if is_odd else ALIGN.LEFT, line=SIZE_4)
    setattr(paragraph.paragraph_format, "right_indent" if is_odd else "left_indent", SIZE_4)


def _set_default_text(word: WordDocument) -> None:
    _set_defaults(word.styles.element)
    normal = word.styles["Normal"]
    normal.font.size = SIZE_3
    _set_fonts(normal.element.get_or_add_rPr(), FANGSONG)
    shape = normal.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(0), Pt(0), LINE_PITCH
    shape.widow_control = False  # it would break the 22 lines of a page
    # Lines are spaced exactly; snapping them too makes LibreOffice give every letter two places of the grid.
    off = element("w:snapToGrid", val=0)
    normal.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _set_defaults(styles: Any) -> None:
    for default in styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"):
        default.attrib.clear()  # fonts of a theme would go before ours
        if default.tag in {qn("w:sz"), qn("w:szCs")}:
            default.set(qn("w:val"), "32")  # the grid is counted from it
        elif default.tag == qn("w:lang"):
            default.set(qn("w:val"), "en-GB")
            default.set(qn("w:eastAsia"), "zh-CN")


def _set_settings(word: WordDocument) -> None:
    word.settings.odd_and_even_pages_header_footer = True
    for language in word.settings.element.findall(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_properties(word: WordDocument, title: str, author: str, at: datetime) -> None:
    properties = word.core_properties
    properties.title = _clean(title)[:_PROPERTY_LENGTH_MAX]
    properties.author = _clean(author)[:_PROPERTY_LENGTH_MAX]
    properties.created = properties.modified = at
    properties.last_modified_by = properties.comments = ""
    properties.language = "zh-CN"
    package = word.part.package
    for relation in [one for one in package.rels.values() if one.reltype.endswith("/thumbnail")]:
        del package.rels[relation.rId]  # the picture shows the template's first page, not ours


def _set_fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and dashes are Chinese ones


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
