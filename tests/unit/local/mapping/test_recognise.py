"""Ledgers of several forms are recognised, and what is not recognised is named."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.local.mapping import starting
from deploy.local.mapping.cells import code_of
from deploy.local.mapping.importing import NotImported
from deploy.local.mapping.mapping_file import parse_mapping
from deploy.local.mapping.proposal import mapping_of
from deploy.local.mapping.recognise import NotALedger, recognise, unit_kind, words
from deploy.local.mapping.translate import translate
from shared.infra.tables import Cell, Table, read_tables
from shared.infra.texts import Texts
from tests.support import old_ledger

ONE_LINE = """\
全市重点项目一览表（2025年1-11月）,,,,,,,
单位：亿元,,,,,,,
项目编号,工程名称,项目业主,总投资(亿元),2025年度计划投资,截至11月底累计完成投资,计划完工,督办要求
A-1,跨江大桥,市城投集团有限公司,12.5,3.2,2.88,2026.6,
A-2,轨道一号线,市轨道公司,120,20,21.5,2028年,抓紧
,合计,,132.5,23.2,24.38,,
"""

SAY = Texts.load("en")


def _ledger(text: str) -> tuple[Table, ...]:
    return read_tables(text.encode(), "ledger.csv")


def test_an_old_workbook_with_a_header_of_two_lines_is_recognised() -> None:
    ledger = recognise(read_tables(old_ledger.xls(), "附表.xls"))
    assert (ledger.title, ledger.header_row, ledger.header_lines) == (old_ledger.TITLE, 3, 2)
    assert (ledger.year, ledger.month, ledger.money_unit) == ("2026", "03", "万元")
    assert list(ledger.units.items()) == [(name, code_of(name, "u-")) for name in old_ledger.UNITS]
    assert list(ledger.leaders) == list(old_ledger.LEADERS)
    assert [code[-3:] for code in ledger.leaders.values()] == ["-01", "-02", "-03"]
    assert ledger.unrecognised == []
    assert ledger.stated == {"total": old_ledger.TOTAL, "plan": old_ledger.PLAN, "ytd": old_ledger.DONE}


def test_a_header_of_one_line_and_units_of_its_own_are_recognised() -> None:
    ledger = recognise(_ledger(ONE_LINE))
    assert {one.role: one.name for one in ledger.columns} == {
        "code": "项目编号", "name": "工程名称", "owner": "项目业主", "total": "总投资(亿元)",
        "plan": "2025年度计划投资", "ytd": "截至11月底累计完成投资", "planned_completion": "计划完工",
    }  # fmt: skip
    assert ledger.unrecognised == ["督办要求"]
    assert (ledger.year, ledger.month, ledger.money_unit) == ("2025", "11", "亿元")


def test_codes_of_two_ledgers_are_the_same_for_a_unit_and_never_for_two_persons() -> None:
    first, other = (
        recognise(_ledger(ONE_LINE.replace("督办要求", "分包领导").replace("跨江", name))) for name in ("跨江", "跨河")
    )
    third = recognise(_ledger(ONE_LINE.replace("督办要求", "分包领导").replace("全市", "全县").replace("抓紧", "丁四")))
    assert first.units == other.units == third.units
    assert not set(first.leaders.values()) & set(third.leaders.values())


def test_what_a_ledger_says_is_exact_and_its_totals_are_no_project() -> None:
    text = mapping_of(recognise(_ledger(ONE_LINE)), jurisdiction="a", list_code="key", time_zone="Asia/Shanghai")
    mapping = parse_mapping(text)
    constants = {"list": "key", "list_name": "x", "level": "county", "year": "2025", "period": "2025-11"}
    found = translate(mapping, [("a", _ledger(ONE_LINE))], constants)
    assert found.is_sound, found.bad
    listed = [draft.data for draft in found.drafts if "project_listed" in draft.type]
    assert [(one["name"], one["total_investment_yuan"], one["planned_completion_on"]) for one in listed] == [
        ("跨江大桥", "1250000000", "2026-06-30"), ("轨道一号线", "12000000000", "2028-12-31"),
    ]  # fmt: skip
    done = [Decimal(one.data["investment_ytd_yuan"]) for one in found.drafts if "progress" in one.type]
    assert done == [Decimal(288_000_000), Decimal(2_150_000_000)]
    (over,) = [one for one in found.findings if one.id == "over_plan"]
    assert over.count == 1


def test_a_mapping_made_in_one_month_reads_the_next() -> None:
    text = mapping_of(recognise(_ledger(ONE_LINE)), jurisdiction="a", list_code="key", time_zone="Asia/Shanghai")
    next_month = ONE_LINE.replace("11月", "12月")
    constants = {"list": "key", "list_name": "x", "level": "county", "year": "2025", "period": "2025-12"}
    found = translate(parse_mapping(text), [("a", _ledger(next_month))], constants)
    assert found.is_sound
    assert [one.data["period"] for one in found.drafts if "progress" in one.type] == ["2025-12"] * 2


def test_a_unit_that_is_new_next_month_is_named_and_not_guessed() -> None:
    text = mapping_of(recognise(_ledger(ONE_LINE)), jurisdiction="a", list_code="key", time_zone="Asia/Shanghai")
    constants = {"list": "key", "list_name": "x", "level": "county", "year": "2025", "period": "2025-12"}
    found = translate(parse_mapping(text), [("a", _ledger(ONE_LINE.replace("市轨道公司", "市水务公司")))], constants)
    assert not found.is_sound
    assert ("unknown_value", 5) in {(one.fault.code, one.row) for one in found.bad}


@pytest.mark.parametrize(
    "text", ["a,b,c\n1,2,3\n", "项目名称\n桥\n", "备注,项目名称\n好,桥\n", "报告\n" * 50, '"' + "长" * 100 + '"\n']
)
def test_what_is_no_ledger_is_refused(text: str) -> None:
    with pytest.raises(NotALedger):
        recognise(_ledger(text))


def test_a_ledger_that_says_no_month_asks_for_it(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_text(ONE_LINE.replace("（2025年1-11月）", "").replace("截至11月底", "").replace("2025年度", "年度"))
    with pytest.raises(NotImported, match="give --period"):
        starting.begin(file, "a", SAY, period=None)
    assert starting.begin(file, "a", SAY, period="2025-11").found.is_sound


def test_a_mapping_that_is_there_is_read_by_and_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_text(ONE_LINE)
    beside = starting.mapping_beside(file)
    assert beside == tmp_path / "ledger.mapping.yaml"
    beside.write_text("mapping: mine")
    with pytest.raises(NotImported, match=r"mapping\.yaml:"):
        starting.begin(file, "a", SAY, period=None)
    beside.unlink()
    proposed = starting.begin(file, "a", SAY, period=None)
    beside.write_text(changed := proposed.text.replace("list_name: 全市重点项目一览表", "list_name: ours"))
    begun = starting.begin(file, "a", SAY, period=None)
    (published,) = [one.data for one in begun.found.drafts if "list_published" in one.type]
    assert published["name"] == "ours"
    starting.keep(begun, beside)
    assert beside.read_text() == changed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("县发展和改革局", "department"), ("城关镇", "town"), ("东风街道办事处", "town"),
        ("城投有限公司", "state_firm"), ("经开区管委会", "park"), ("某某县人民政府", "county"), ("大湾村", "village"),
    ],
)  # fmt: skip
def test_a_unit_is_of_the_kind_that_its_name_ends_in(name: str, kind: str) -> None:
    assert unit_kind(name) == kind


_WORDS = ["项目名称", "总投资", "责任单位", "合计", "2026年", "3月", "累计完成投资", "序号", "竣工", "1-3月"]
_CELLS = (
    st.none() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False) | st.dates() | st.datetimes()
    | st.text(max_size=8) | st.sampled_from(_WORDS)
)  # fmt: skip


@given(st.lists(st.lists(_CELLS, max_size=8).map(tuple), max_size=8).map(tuple))
@settings(max_examples=150, deadline=None)
def test_any_table_is_a_ledger_or_none(rows: tuple[tuple[Cell, ...], ...]) -> None:
    with suppress(NotALedger):
        ledger = recognise([Table("a", rows)])
        ledger.year = ledger.year or "2026"
        mapping = parse_mapping(mapping_of(ledger, jurisdiction="a", list_code="key", time_zone="Asia/Shanghai"))
        given = {name: value or "2026-03" for name, value in mapping.constants.items()}
        found = translate(mapping, [("a", [Table("a", rows)])], given)
        assert found.faults or found.rows


def test_every_role_that_is_recognised_has_words_for_people_and_a_use() -> None:
    assert set(words()["columns"]) == set(starting._ROLES)
    assert set(words()["left_out"]) <= set(words()["columns"])
