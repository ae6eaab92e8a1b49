"""Do documents stand as the standard asks, say all that the statement says, and always in the same bytes?"""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, get_args
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import html

from services.notify.documents import bulletin_docx, bulletin_html, notice_docx, notice_html
from services.notify.domain import sections
from services.notify.domain.layout import HEADS, NUMERALS, bulletin_layout
from services.notify.domain.letter import letter
from services.notify.domain.text import MONEY, term
from shared.core.events import (
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    Item,
    Named,
    NoticeDrafted,
    NoticeServed,
    ReminderSent,
    Split,
)
from shared.core.regime.publishing import Section
from shared.core.regime.terms import SubjectKind
from shared.core.time_names import HALF_MONTHS, HALVES, MONTHS, QUARTERS, TEN_DAYS, period_name
from shared.infra.texts import Texts, catalogue

ZH, EN = Texts.load("zh"), Texts.load("en")
SEALED_AT = datetime(2026, 4, 14, 17, 0, tzinfo=UTC)  # already the 15th in Shanghai
TEXT = """市交通运输局：
截至2026年3月末，2026年市重点项目中下列事项达到督办条件：
1.环城东路改扩建：投资完成率6.20%。
请自送达之日起15个工作日内完成整改，并书面反馈整改结果，附佐证材料。
市政府办公室
2026年4月9日
（模拟地区：数据均为虚构。）"""


def a_line(name: str, *, rank: int | None, ratio: str = "28.00%", lane: str = "") -> BulletinLine:
    return BulletinLine(
        subject=name,
        name=name,
        unit_name=name,
        lane=lane,
        rank=rank,
        light=None if rank is None else "green",
        displayed={"investment_ratio": ratio, "deviation_pp": "+3.00", "annual_targets_met": "-"},
        points={"base": None, "weight": "20", "total": None},
    )


def some_facts(**changes: Any) -> Facts:
    facts = Facts(
        list="kp",
        list_name="2026年市重点项目",
        jurisdiction_name="示例市",
        time_zone="Asia/Shanghai",
        mode="simulated",
        kind="通报",
        title="关于2026年第一季度市重点项目进展情况的通报",
        issuer="市政府办公室",
        writes_as="政办督",
        year=2026,
        period="2026-Q1",
        as_of=datetime(2026, 4, 14, 1, 0, tzinfo=UTC),
        position=1234,
        regime="example",
        regime_version=1,
        sections=("overview", "ranking", "behind"),
        money_unit="亿元",
        project_count=28,
        not_judged_count=0,
        amounts={"investment_completed": "7.34", "annual_planned_investment": "39.80"},
        totals={"investment_ratio": "18.44%", "start_rate": "64.29%"},
        units=(
            a_line("发改委", rank=1, ratio="31.20%"),
            a_line("工信局", rank=2),
            a_line("住建局", rank=2),
            a_line("水利局", rank=None, ratio="-"),
        ),
        not_started=(),
        behind=(a_line("环城东路改扩建", rank=None, ratio="6.20%"),),
    )
    return replace(facts, **changes)


def paragraphs(facts: Facts) -> tuple[str, ...]:
    return tuple(sections.paragraph(section, facts, ZH) for section in facts.sections)


def a_sealed(**changes: Any) -> BulletinSealed:
    facts = some_facts(**changes)
    return BulletinSealed(
        bulletin="b-1",
        list="kp",
        number="政办督〔2026〕1号",
        sealed_at=SEALED_AT,
        signed_by="p1",
        facts=facts,
        paragraphs=paragraphs(facts),
        digest="3b1f",
    )


def a_draft() -> BulletinDrafted:
    facts = some_facts()
    return BulletinDrafted(
        bulletin="b-1",
        list="kp",
        moment="m",
        facts=facts,
        paragraphs=paragraphs(facts),
        sign_off=("signer",),
        parked_count=0,
        digest="3b1f",
    )


def a_notice_draft(words: str = TEXT) -> NoticeDrafted:
    return NoticeDrafted(
        notice="n-1",
        list="kp",
        step="rectification_notice",
        unit="u1",
        moment="kp:close:2026-03:2026-04-08T16:00:00Z",
        items=(),
        title="整改通知书",
        text=words,
        sign_off=("signer",),
        rectify_within_working_days=15,
        digest="x",
    )


def a_notice_served(words: str = TEXT) -> NoticeServed:
    return NoticeServed(
        notice="n-1",
        list="kp",
        step="rectification_notice",
        unit="u1",
        number="政办督〔2026〕2号",
        issuer="市政府办公室",
        signed_by="p1",
        signed_at=SEALED_AT,
        served_at=SEALED_AT,
        rectify_by=None,
        items=(),
        title="整改通知书",
        text=words,
        digest="x",
    )


def opened(contents: bytes) -> Any:
    return Document(BytesIO(contents))


def shown(page: str) -> str:
    body = html.fromstring(page).find("body")
    assert body is not None
    return " ".join(body.text_content().split())


def words_of(word: Any) -> str:
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def paragraph_of(word: Any, words: str) -> Any:
    return next(one for one in word.paragraphs if one.text == words)


def fonts_of(paragraph: Any) -> set[str]:
    return {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs}


def headers_of(word: Any) -> list[str]:
    section = word.sections[0]
    return [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text]


def test_the_sheet_is_a4_with_the_margins_and_the_grid_of_the_standard() -> None:
    section = opened(bulletin_docx(a_sealed(), ZH)).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(one.mm) for one in (*sizes, section.left_margin, section.right_margin)] == [210, 297, 37, 35, 28, 26]
    (grid,) = section._sectPr.findall(qn("w:docGrid"))
    pitch_pt = int(grid.get(qn("w:linePitch"))) / 20
    character_pt = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(Mm(225).pt / pitch_pt) == 22
    assert round(Mm(156).pt / character_pt, 2) == 28


def test_letters_have_the_fonts_and_sizes_of_the_standard() -> None:
    word = opened(bulletin_docx(a_sealed(), ZH))
    normal = word.styles["Normal"]
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (normal.font.size, normal.paragraph_format.line_spacing) == (Pt(16), Pt(28.95))
    head = paragraph_of(word, "市政府办公室文件")
    title = paragraph_of(word, "关于2026年第一季度市重点项目进展情况的通报")
    assert fonts_of(head) == fonts_of(title) == {"方正小标宋简体"}
    assert title.runs[0].font.size == Pt(22)
    assert fonts_of(paragraph_of(word, "一、总体情况")) == {"黑体"}


def test_body_paragraphs_are_indented_by_two_characters() -> None:
    word = opened(bulletin_docx(a_sealed(), ZH))
    overview = paragraph_of(word, "截至2026年第一季度末，28个项目完成投资7.34亿元，占年计划39.8亿元的18.44%。")
    assert overview._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert fonts_of(overview) == {"仿宋_GB2312"}


def test_a_red_rule_stands_four_millimetres_under_the_number() -> None:
    number = paragraph_of(opened(bulletin_docx(a_sealed(), ZH)), "政办督〔2026〕1号")
    rule = number._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert (rule.get(qn("w:space")), rule.get(qn("w:color"))) == ("11", "FF3333")


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones() -> None:
    word = opened(bulletin_docx(a_sealed(), ZH))
    odd, even = word.sections[0].footer.paragraphs[0], word.sections[0].even_page_footer.paragraphs[0]
    assert word.settings.odd_and_even_pages_header_footer
    assert (odd.paragraph_format.right_indent, even.paragraph_format.left_indent) == (Pt(14), Pt(14))
    for paragraph in (odd, even):
        pieces = paragraph._p.iter(qn("w:t"), qn("w:instrText"))
        assert "".join(piece.text for piece in pieces) == "— PAGE —"
    assert fonts_of(odd) == {"宋体"}


def test_the_table_prints_every_figure_to_the_digit() -> None:
    units, behind = opened(bulletin_docx(a_sealed(), ZH)).tables
    rows = [[cell.text for cell in row.cells] for row in units.rows]
    heads = "名次 单位 投资完成率 与序时进度差（百分点） 年度指标完成 亮灯 基准分 权重分 合计"
    assert rows[0] == heads.split()
    assert rows[1] == ["1", "发改委", "31.20%", "+3.00", "待评", "绿灯", "待评", "20", "待评"]
    assert rows[4] == ["不计名次", "水利局", "-", "+3.00", "待评", "待评", "待评", "20", "待评"]
    assert [cell.text for cell in behind.rows[1].cells][1:4] == ["环城东路改扩建", "环城东路改扩建", "6.20%"]


def test_ties_are_noted() -> None:
    assert "并列，不分先后" in words_of(opened(bulletin_docx(a_sealed(), ZH)))
    alone = a_sealed(units=(a_line("发改委", rank=1), a_line("工信局", rank=2)))
    assert "不分先后" not in words_of(opened(bulletin_docx(alone, ZH)))


def test_a_bulletin_without_a_ranking_shows_its_units_without_places() -> None:
    word = opened(bulletin_docx(a_sealed(sections=("overview",)), ZH))
    assert "二、各单位进展情况" in words_of(word)
    assert [cell.text for cell in word.tables[0].rows[0].cells][:2] == ["单位", "投资完成率"]


ALL: tuple[Section, ...] = get_args(Section)


def a_full_bulletin() -> BulletinSealed:
    """Every section with something to say, and classes of two kinds besides."""
    line = a_line("环城东路", rank=None)
    return a_sealed(
        sections=ALL,
        totals={"start_rate": "64.29%", "tertiary_share": "67.8%"},
        not_started=(line,),
        commended=Named(lines=(a_line("发改委", rank=1),), must="best_practice_statement"),
        criticised=Named(
            about="project",
            lines=(line,),
            items=(Item(matter="m-1", rule="slow", subject="p2", name="滨河路", displayed={}),),
        ),
        unranked=(a_line("水利局", rank=None),),
        noted=dict.fromkeys(sections.NOTED, ("征地未完成",)),
        next_steps=("4月进展情况请于5月5日前报送。",),
        split=(
            Split(kind="category", lines=(replace(a_line("工业", rank=None), project_count=7),)),
            Split(kind="territory", lines=(a_line("南区", rank=None),)),
        ),
    )


def test_a_bulletin_of_every_section_is_numbered_through_and_shows_every_part() -> None:
    parts = bulletin_layout(a_full_bulletin(), ZH).parts
    assert [part.head.split("、")[0] for part in parts] == (
        [
            "一",
            "二",
            "三",
            "四",
            "五",
            "六",
            "七",
            "八",
            "九",
            "十",
            "十一",
            "十二",
            "十三",
            "十四",
            "十五",
            "十六",
            "十七",
        ]
    )
    assert [part.head.split("、")[1] for part in parts][-3:] == ["下步工作安排", "分行业类别进展情况", "分属地进展情况"]
    word = opened(bulletin_docx(a_full_bulletin(), ZH))
    assert all(part.head in words_of(word) for part in parts)
    page = shown(bulletin_html(a_full_bulletin(), ZH))
    assert all(part.head in page and part.paragraph in page for part in parts)


def test_rows_that_a_section_notes_stand_in_a_table_of_their_own() -> None:
    parts = {part.head.split("、")[1]: part for part in bulletin_layout(a_full_bulletin(), ZH).parts}
    (table,) = parts["存在问题"].tables
    assert (table.columns, table.rows) == (("序号", "事项"), (("1", "征地未完成"),))
    (classes,) = parts["分行业类别进展情况"].tables
    assert classes.rows[0][:3] == ("工业", "7", "28.00%")
    (criticised,) = parts["通报批评对象"].tables
    assert criticised.columns[1] == "项目名称"


def test_there_are_numerals_for_every_part_that_a_bulletin_can_have() -> None:
    kinds = len(get_args(SubjectKind)) - 2  # all but units and the list itself
    assert len(NUMERALS) >= len(ALL) + 1 + kinds
    assert {f"{numeral}. {{head}}" for numeral in NUMERALS} <= set(catalogue("zh"))
    assert ({*HEADS}, {*HEADS.values(), *sections.NOTED.values()} - set(catalogue("zh"))) == ({*ALL}, set())


def test_bands_stand_where_places_would() -> None:
    banded = tuple(replace(a_line(name, rank=None), band=band) for name, band in (("发改委", "优秀"), ("水利局", "")))
    word = opened(bulletin_docx(a_sealed(units=banded, publish="bands"), ZH))
    assert [[cell.text for cell in row.cells][:2] for row in word.tables[0].rows] == [
        ["档次", "单位"], ["优秀", "发改委"], ["不计名次", "水利局"],
    ]  # fmt: skip


def test_where_no_place_is_published_no_column_is_for_it() -> None:
    word = opened(bulletin_docx(a_sealed(publish="none"), ZH))
    assert [cell.text for cell in word.tables[0].rows[0].cells][:2] == ["单位", "投资完成率"]


def test_who_is_bulletined_without_a_place_does_not_stand_in_the_ranking_too() -> None:
    last = a_line("水利局", rank=None)
    both = a_sealed(sections=("ranking", "unranked"), units=(a_line("发改委", rank=1), last), unranked=(last,))
    ranking, unranked = opened(bulletin_docx(both, ZH)).tables
    assert [row.cells[1].text for row in ranking.rows] == ["单位", "发改委"]
    assert [row.cells[0].text for row in unranked.rows] == ["单位", "水利局"]


def test_units_are_left_out_of_a_bulletin_that_is_split_otherwise() -> None:
    facts: dict[str, Any] = {"sections": ("overview",), "behind": (), "by": ("category",)}
    word = opened(
        bulletin_docx(a_sealed(**facts, split=(Split(kind="category", lines=(a_line("工业", rank=None),)),)), ZH)
    )
    assert len(word.tables) == 1
    assert "各单位进展情况" not in words_of(word)


def test_each_lane_has_its_own_table() -> None:
    lanes = (a_line("发改委", rank=1, lane="departments"), a_line("城关镇", rank=1, lane="towns"))
    word = opened(bulletin_docx(a_sealed(units=lanes, behind=()), ZH))
    assert len(word.tables) == 2
    assert "考核分组：乡镇" in words_of(word)


def test_the_date_is_that_of_the_seal_where_the_place_is() -> None:
    assert "2026年4月15日" in words_of(opened(bulletin_docx(a_sealed(), ZH)))
    assert "2026年4月14日" in words_of(opened(bulletin_docx(a_draft(), ZH)))


def test_a_draft_is_stamped_on_every_page_and_has_no_number_yet() -> None:
    word = opened(bulletin_docx(a_draft(), ZH))
    assert headers_of(word) == ["送审稿　（模拟地区：数据均为虚构。）"] * 2
    assert "政办督〔2026〕　号" in words_of(word)
    assert "送审稿" in bulletin_html(a_draft(), ZH)
    assert "送审稿" not in bulletin_html(a_sealed(), ZH)


def test_a_live_jurisdiction_has_nothing_at_the_head_of_its_pages() -> None:
    assert headers_of(opened(bulletin_docx(a_sealed(mode="live"), ZH))) == ["", ""]


@pytest.mark.parametrize("say", [ZH, EN])
def test_the_same_statement_gives_the_same_bytes(say: Texts) -> None:
    first, second = bulletin_docx(a_sealed(), say), bulletin_docx(a_sealed(), say)
    assert first == second
    with ZipFile(BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(first).core_properties
    assert properties.created == properties.modified == SEALED_AT
    assert notice_docx(a_notice_served(), say) == notice_docx(a_notice_served(), say)


def test_names_are_text_and_never_markup() -> None:
    name = "<script>alert(1)</script>&\x0b"
    page = bulletin_html(a_sealed(units=(a_line(name, rank=1),), title=name, issuer=name), ZH)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    word = opened(bulletin_docx(a_sealed(units=(a_line(name, rank=1),), issuer=name), ZH))
    assert word.tables[0].rows[1].cells[1].text == "<script>alert(1)</script>&\ufffd"


def test_a_page_says_what_the_word_file_says() -> None:
    page, word = shown(bulletin_html(a_sealed(), ZH)), opened(bulletin_docx(a_sealed(), ZH))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert all(part in page for part in [*filter(None, words_of(word).split("\n")), *cells])


def test_a_page_needs_nothing_from_outside() -> None:
    for page in (bulletin_html(a_sealed(), ZH), notice_html(a_notice_served(), EN)):
        assert not html.fromstring(page).xpath("//link | //script | //img | //*[@src or @href]")
        assert "url(" not in page
        assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_a_letter_prints_its_text_line_by_line() -> None:
    word = opened(notice_docx(a_notice_served(), ZH))
    lines = [one.text for one in word.paragraphs if one.text]
    assert lines == ["政办督〔2026〕2号", "整改通知书", *TEXT.split("\n")]
    page = shown(notice_html(a_notice_served(), ZH))
    assert all(line in page for line in lines)


def test_a_letter_has_its_issuer_over_a_double_rule_and_no_page_number_on_its_first_page() -> None:
    section = opened(notice_docx(a_notice_served(), ZH)).sections[0]
    head = section.first_page_header.paragraphs[1]
    rule = head._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert section.different_first_page_header_footer
    assert (head.text, rule.get(qn("w:val"))) == ("市政府办公室", "thickThinSmallGap")
    assert "PAGE" not in "".join(section.first_page_footer._element.itertext())


def test_drafted_letters_and_reminders_are_rendered_too() -> None:
    assert "送审稿" in notice_html(a_notice_draft(), ZH)
    assert headers_of(opened(notice_docx(a_notice_draft(), ZH)))[0].startswith("送审稿")
    reminder = ReminderSent(
        notice="n-2", list="kp", step="due_reminder", unit="u1", moment="m", at=SEALED_AT, items=(),
        title="督查提醒", text=TEXT,
    )  # fmt: skip
    assert "督查提醒" in words_of(opened(notice_docx(reminder, ZH)))
    assert "送审稿" not in notice_html(reminder, ZH)


def test_the_text_of_a_letter_is_taken_apart_as_it_was_put_together() -> None:
    parts = letter(TEXT)
    assert (parts.addressee, parts.issuer, parts.date) == ("市交通运输局：", "市政府办公室", "2026年4月9日")
    assert len(parts.body) == 3
    assert letter("只有一行").addressee == "只有一行"


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2026-03", "2026年3月", "March 2026"),
        ("2026-12", "2026年12月", "December 2026"),
        ("2026-Q1", "2026年第一季度", "Q1 2026"),
        ("2026-H2", "2026年下半年", "second half of 2026"),
        ("2026", "2026年", "2026"),
        ("2026-03-05", "2026年3月5日", "2026-03-05"),
        ("2026-W53", "2026年第53周", "week 53 of 2026"),
        ("2026-03-T3", "2026年3月下旬", "2026-03, from day 21"),
        ("2026-03-M1", "2026年3月上半月", "2026-03, days 1–15"),
        ("2026-01-05-P3D", "2026-01-05 至 2026-01-07", "2026-01-05 to 2026-01-07"),
    ],
)
def test_periods_are_written_as_people_write_them(period: str, zh: str, en: str) -> None:
    assert (period_name(period, ZH), period_name(period, EN)) == (zh, en)


def test_every_name_of_a_period_and_of_money_is_in_the_catalogue() -> None:
    names = {*MONTHS, *QUARTERS, *HALVES, *TEN_DAYS, *HALF_MONTHS, *MONEY.values()}
    assert names <= set(catalogue("zh"))


def test_a_term_that_the_catalogue_lacks_is_read_as_words() -> None:
    assert term("deviation_pp", ZH) == "与序时进度差（百分点）"
    assert term("deviation_pp", EN) == "deviation (pp)"
    assert term("own_measure", ZH) == "own measure"
