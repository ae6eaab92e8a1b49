"""Bulletins and notices as Word files in the official layout (GB/T 9704-2012), and as pages.

The same statement gives the same bytes: nothing here reads a clock.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notify.documents.sheet import (
    CHARACTER_PT,
    HEITI,
    LINE_PITCH,
    MARK_PITCH,
    POINTS_PER_MM,
    RED,
    SIZE_2,
    SIZE_3,
    SIZE_5,
    TITLE_SONG,
    TYPE_AREA_MM,
    add,
    bytes_of,
    form,
    mark_pages,
    new_document,
    rule,
    width,
    write,
    write_marks,
)
from services.notify.documents.tables import write_table
from services.notify.domain.layout import (
    BulletinLayout,
    BulletinStatement,
    NoticeLayout,
    NoticeStatement,
    bulletin_layout,
    notice_layout,
)
from services.notify.domain.text import Say
from shared.core.events import NoticeDrafted, NoticeServed

_TEMPLATES: Final = Path(__file__).parents[1] / "templates"
_HEAD_PT_MAX: Final = 48
_TITLE_PITCH: Final = Pt(36)


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
    word = new_document(layout.title, layout.issuer, layout.at)
    mark_pages(word, layout.marks)
    _write_red_head(word, layout)
    for part in layout.parts:
        form(add(word, part.head, font=HEITI), indent=2, keep_with_next=True)
        if part.paragraph:
            form(add(word, part.paragraph), indent=2)
        for table in part.tables:
            write_table(word, table)
    _write_signature(word, layout.issuer, layout.date)
    form(add(word, layout.trace, size=SIZE_5), indent=2, before=LINE_PITCH, line=SIZE_3)
    return bytes_of(word)


def notice_docx(statement: NoticeStatement, say: Say) -> bytes:
    layout = notice_layout(statement, say)
    word = new_document(layout.title, layout.letter.issuer, _date_of_notice(statement))
    _write_letter_frame(word, layout)
    form(add(word, layout.number), align=ALIGN.RIGHT)
    title = add(word, layout.title, font=TITLE_SONG, size=SIZE_2)
    form(title, align=ALIGN.CENTER, before=2 * LINE_PITCH, line=_TITLE_PITCH)
    form(add(word, layout.letter.addressee), before=LINE_PITCH)
    for line in layout.letter.body:
        form(add(word, line), indent=2)
    _write_signature(word, layout.letter.issuer, layout.letter.date)
    if layout.letter.note:
        form(add(word, layout.letter.note), indent=2)
    return bytes_of(word)


def _date_of_notice(statement: NoticeStatement) -> datetime:
    if isinstance(statement, NoticeServed):
        return statement.served_at
    if isinstance(statement, NoticeDrafted):
        # A draft has no time but that of the moment that called for it, with which the moment's id ends.
        return datetime.fromisoformat(statement.moment[-len("2026-01-05T16:00:00Z") :])
    return statement.at


def _page(template: str, layout: BulletinLayout | NoticeLayout, head: str, say: Say) -> str:
    return _templates().get_template(template).render(document=layout, head_pt=_head_pt(head), say=say)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _write_red_head(word: WordDocument, layout: BulletinLayout) -> None:
    size_pt = _head_pt(layout.red_head)
    head = add(word, layout.red_head, font=TITLE_SONG, size=Pt(size_pt), color=RED)
    form(head, align=ALIGN.CENTER, before=Mm(35), line=Pt(size_pt * 1.2))
    number = add(word, layout.number)
    form(number, align=ALIGN.CENTER, before=2 * LINE_PITCH, line=SIZE_3)
    rule(number, "bottom", kind="single", eighths=12, space_pt=11)  # 11 pt are 4 mm
    title = add(word, layout.title, font=TITLE_SONG, size=SIZE_2)
    form(title, align=ALIGN.CENTER, before=2 * LINE_PITCH, after=LINE_PITCH, line=_TITLE_PITCH)


def _write_letter_frame(word: WordDocument, layout: NoticeLayout) -> None:
    """The head and rules of a letter on its first page; no page number there."""
    mark_pages(word, layout.marks)
    section = word.sections[0]
    section.different_first_page_header_footer = True
    top, foot = section.first_page_header, section.first_page_footer.paragraphs[0]
    write_marks(top.paragraphs[0], layout.marks)
    # The issuer stands 30 mm from the edge, under the line of the marks.
    section.header_distance, section.footer_distance = Mm(30 - MARK_PITCH.pt / POINTS_PER_MM), Mm(20)
    size_pt = _head_pt(layout.letter.issuer)
    head = top.add_paragraph()
    write(head, layout.letter.issuer, font=TITLE_SONG, size=Pt(size_pt), color=RED)
    form(head, align=ALIGN.CENTER, line=Pt(size_pt * 1.2))
    rule(head, "bottom", kind="thickThinSmallGap", eighths=24, space_pt=11)
    form(foot, line=Pt(1))
    rule(foot, "top", kind="thinThickSmallGap", eighths=24, space_pt=1)
    for paragraph in (head, foot):  # 170 mm, centred on the sheet
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(-8), Mm(-6)


def _write_signature(word: WordDocument, issuer: str, date: str) -> None:
    """The date ends 4 characters from the right, the issuer centred over it; a long issuer ends 2 from it."""
    half_more = (width(issuer) - width(date)) / 2
    right = max(4 - half_more, 2)
    over = form(add(word, issuer), align=ALIGN.RIGHT, before=LINE_PITCH, keep_with_next=True)
    under = form(add(word, date), align=ALIGN.RIGHT)
    over.paragraph_format.right_indent = Pt(right * CHARACTER_PT)
    under.paragraph_format.right_indent = Pt(max(right + half_more, 0) * CHARACTER_PT)


def _head_pt(text: str) -> int:
    """As large as one line allows."""
    return min(_HEAD_PT_MAX, int(TYPE_AREA_MM * POINTS_PER_MM / max(width(text), 1)))
