"""Is every computable row of the published figures reproduced to the digit, and every contradiction named?"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from deploy.local.evaluation_text import declared_line
from shared.core.declared_check import Checked, DeclaredVerdict
from shared.core.numbers import rounded
from tests.cases import declarations as of
from tests.cases.documents import Document, checked, evaluated
from tests.cases.published import Row, figures_file, section, table

pytestmark = pytest.mark.skipif(
    figures_file() is None,
    reason="the published figures are not here: set DUBAN_SHARED to the folder that holds cases/",
)

DOCUMENTS: tuple[Callable[[], Document], ...] = (
    of.d000_1a, of.d000_1b, of.d000_2, of.small_counts, of.d000_9, of.d004, of.d003, of.d002, of.d001, of.d000_14,
    of.d000_17,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A row of a table: the figure that stands for it, its digits as they stand in the row, and its verdict."""

    item: str
    id: str
    digits: str = ""
    verdict: DeclaredVerdict = "consistent"


PLATES = ("新型工业", "现代农业", "现代服务业", "基础支撑", "民生富民")

JILIN = (
    Case("sum of n", "n", "300"),
    Case("sum of investment", "inv", "4337"),
    Case("160/300", "n_share/新型工业", "53.33"),
    Case("30/300, 60/300", "n_share/现代农业", "10.00"),
    Case("30/300, 60/300", "n_share/基础支撑", "20.00"),
    Case("25/300 (two plates)", "n_share/现代服务业", "8.33"),
    Case("25/300 (two plates)", "n_share/民生富民", "8.33"),
    Case("1150/4337", "inv_share/新型工业", "26.52"),
    Case("116/4337", "inv_share/现代农业", "2.67"),
    Case("128/4337", "inv_share/现代服务业", "2.95"),
    Case("1918/4337", "inv_share/基础支撑", "44.22"),
    Case("1025/4337", "inv_share/民生富民", "23.63"),
    Case("sum of printed shares", "n_share", "100.0", "implied"),
    Case("sum of printed shares", "inv_share", "100.0", "implied"),
    Case("431/1078.27", "started_share", "39.97"),
    Case("2180/2581", "30m_n", "84.46"),
    Case("5791/6200", "30m_inv", "93.40"),
    Case("717/1078.27", "private_share", "66.50"),
    Case("18+644+416", "sectors", "1078"),
    Case("28.5 / annual plan", "jobs_plan", "39.97", "implied"),
    Case("28.5 / annual plan", "jobs", "71.25"),
    Case("private contribution Δ717/ΔFAI", "private_contribution", "76.97", "inconsistent"),
    Case("sector-weighted growth", "fai_growth", "45.08", "inconsistent"),
    Case("implied national / Liaoning / Heilongjiang growth", "national", "27.0", "implied"),
    Case("implied national / Liaoning / Heilongjiang growth", "liaoning", "37.7", "implied"),
    Case("implied national / Liaoning / Heilongjiang growth", "heilongjiang", "25.1", "implied"),
)
DISTRICT = (
    Case("28+22", "all", "50"),
    Case("19/28 tertiary", "tertiary_share", "67.86"),
    Case("19/28 started", "start_rate", "67.86", "implied"),
    Case("7.34/39.8", "investment_ratio", "18.44"),
    Case("7.34/39.8", "investment_ratio_printed", "18.44"),
    Case("tiers", "tiers", "25", "inconsistent"),
    Case("tiers", "unclassified", "3", "implied"),
    Case("18 new / 28", "new_share", "64.29", "implied"),
    Case("18 new / 28", "continuing", "10", "implied"),
    Case("22 own projects", "own_total", "88.08", "implied"),
    Case("22 own projects", "own_annual", "3.3", "implied"),
    Case("「已全面启动」 vs 19 started", "launched", "28"),
    Case("「已全面启动」 vs 19 started", "ground_broken", "19", "implied"),
    Case("five-ones cadences", "cadences", "5"),
)
SIYANG = (
    Case("roads listed", "roads", "15"),
    Case("open roads listed", "open", "11"),
    Case("open roads listed", "open_share", "73.33", "implied"),
    Case("left to finish", "left", "4", "implied"),
    Case("left to finish", "planned_not_open", "", "inconsistent"),
    Case("left to finish", "planned_on_list", "", "inconsistent"),
    Case("ecological park area", "park", "408", "inconsistent"),
    Case("demonstration villages", "villages", "15", "inconsistent"),
    Case("demonstration villages", "households", "320", "implied"),
    Case("implied totals of town works", "商业街区", "9.43", "implied"),
    Case("implied totals of town works", "住宅小区", "26.92", "implied"),
    Case("implied totals of town works", "专业市场", "6.49", "implied"),
    Case("implied totals of town works", "进区企业建设面积", "59.74", "implied"),
    Case("cleaning growth", "cleaning_growth", "34.48", "implied"),
    Case("stop share", "stop_share", "20.96", "implied"),
    Case("previous year output / value added", "previous_output", "6.34", "implied"),
    Case("previous year output / value added", "previous_value_added", "1.44", "implied"),
)
TABLES = [("3.4", of.d000_9, JILIN), ("3.8", of.d003, DISTRICT), ("3.10", of.d000_14, SIYANG)]
OF_TABLES = [
    pytest.param(number, document, case, id=f"{number} {case.id}")
    for number, document, cases in TABLES
    for case in cases
]


def to_the_digit(found: Checked, digits: str) -> bool:
    """Whether the value, rounded to the decimals of the row, is what stands there."""
    assert found.value is not None, found
    decimals = len(digits.partition(".")[2])
    return str(rounded(found.value, decimals=decimals, rounding="half_up")) == digits


def row_of(number: str, item: str) -> Row:
    return next(one for one in table(number) if one.item == item)


@pytest.mark.parametrize(("number", "document", "case"), OF_TABLES)
def test_a_row_is_computed_to_its_digits_and_has_its_verdict(
    number: str, document: Callable[[], Document], case: Case
) -> None:
    row, found = row_of(number, case.item), checked(document())[case.id]
    assert found.verdict == case.verdict, declared_line(found)
    assert case.digits in f"{row.item} | {row.computed} | {row.document} | {row.verdict}"
    assert not case.digits or to_the_digit(found, case.digits), declared_line(found)


@pytest.mark.parametrize(("number", "cases"), [(number, cases) for number, _, cases in TABLES])
def test_no_row_of_a_table_is_left_out(number: str, cases: tuple[Case, ...]) -> None:
    assert {case.item for case in cases} == {row.item for row in table(number)}


@pytest.mark.parametrize(("number", "cases"), [(number, cases) for number, _, cases in TABLES])
def test_a_row_that_the_file_calls_inconsistent_is_so_for_the_program(number: str, cases: tuple[Case, ...]) -> None:
    """But for 160/300, which 000-9's own rounding reproduces, and the tiers, for which the file has no verdict."""
    said = {row.item for row in table(number) if "**inconsistent**" in row.verdict} - {"160/300"}
    assert said == {case.item for case in cases if case.verdict == "inconsistent"} - {"tiers"}


# Section, a phrase that stands there, the document, the figure, its digits, its verdict.
SENTENCES: tuple[tuple[str, str, Any, str, str, DeclaredVerdict], ...] = (
    ("3.1", "000-1a: 9 vs 8 → **inconsistent**", of.d000_1a, "projects", "8", "inconsistent"),
    ("3.1", "000-1a: 9 vs 8 → **inconsistent**", of.d000_1a, "declared_count", "8", "inconsistent"),
    ("3.1", "11+10+5+11+10+8 = 55 → **agrees**", of.d000_1b, "of_groups", "55", "consistent"),
    ("3.1", "11+10+5+11+10+8 = 55 → **agrees**", of.d000_1b, "projects", "55", "consistent"),
    ("3.1", "6 categories → **agrees**", of.d000_1b, "categories", "6", "consistent"),
    ("3.2", "15+3+1 = 19 → **agrees**", of.d000_2, "parts", "19", "consistent"),
    ("3.2", "done/all 15/19 = 78.95 %", of.d000_2, "done_of_all", "78.95", "implied"),
    ("3.2", "(done+stopped)/all 18/19 = 94.74 %", of.d000_2, "done_or_stopped_of_all", "94.74", "implied"),
    ("3.2", "done/still operating 15/16 = 93.75 %", of.d000_2, "done_of_operating", "93.75", "implied"),
    ("3.3", '"12 towns": 12 listed → **agrees**', of.small_counts, "towns", "12", "consistent"),
    ("3.3", '"9 units": 9 listed → **agrees**', of.small_counts, "units", "9", "consistent"),
    ("3.3", "Four sections → **agrees**", of.small_counts, "sections", "4", "consistent"),
    ("3.3", "items (一)-(十三) = 13", of.small_counts, "items", "13", "consistent"),
    ("3.3", "安监 = 9", of.small_counts, "acceptance", "9", "consistent"),
    ("3.3", "phases (一)-(七) = 7", of.small_counts, "phases", "7", "consistent"),
    ("3.3", "seen 16 + heard 9 = 25 → **agrees**", of.small_counts, "visits", "25", "consistent"),
    ("3.3", "第一条-第十五条", of.small_counts, "articles", "15", "implied"),
    ("3.3", "methods (1)-(7)", of.small_counts, "methods", "7", "implied"),
    ("3.3", '**agrees** with "4个县市区"', of.small_counts, "counties", "4", "consistent"),
    ("3.3", "5 focus points → **agrees**", of.small_counts, "focus_points", "5", "consistent"),
    ("3.7", "9 systems = 9 conveners = 9 permit offices → **agrees**", of.d004, "systems", "9", "consistent"),
    ("3.7", "9 systems = 9 conveners = 9 permit offices → **agrees**", of.d004, "conveners", "9", "consistent"),
    ("3.7", "「9个手续领办单位」 and the list count 9 → **agrees**", of.d004, "permit_offices", "9", "consistent"),
    ("3.7", "9 systems = 9 conveners", of.d004, "conveners_less_systems", "0", "implied"),
    ("3.7", "133.4/287.2 = 46.45 %", of.d004, "plan_share", "46.45", "implied"),
    ("3.7", "projects: 99", of.d004, "declared_count", "99", "consistent"),
    ("3.7", "total_investment: 287.2", of.d004, "declared_total_investment", "287.2", "consistent"),
    ("3.7", "annual_plan: 133.4", of.d004, "declared_annual_planned_investment", "133.4", "consistent"),
    ("3.9", "between 8 and 16 leaders are needed", of.d002, "leaders_least", "8", "implied"),
    ("3.9", "between 8 and 16 leaders are needed", of.d002, "leaders_most", "16", "implied"),
    ("3.9", "Five-ones: 5 listed → agrees", of.d002, "five_ones", "5", "consistent"),
    ("3.9", "63 working days without make-up days (97−28−6", of.d001, "without_make_up", "63", "implied"),
    ("3.9", "65 with the two make-up days", of.d001, "with_make_up", "65", "implied"),
    ("3.9", "the naive 97−28−8 = 61", of.d001, "naive", "61", "implied"),
    ("3.12", "3/8 = 37.50 % → **agrees**", of.d000_17, "pass", "37.50", "consistent"),
    ("3.12", "PM10 84/(1−0.339) = 127.08", of.d000_17, "pm10", "127.08", "implied"),
    ("3.12", "PM2.5 47/(1−0.427) = 82.02", of.d000_17, "pm25", "82.02", "implied"),
    ("3.12", "PM10, PM2.5, good days = 3 → agrees", of.d000_17, "indicators", "3", "consistent"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "phrase", "document", "id_", "digits", "verdict"),
    SENTENCES,
    ids=[f"{one[0]} {one[3]}" for one in SENTENCES],
)
def test_a_sentence_is_computed_to_its_digits_and_has_its_verdict(
    number: str, phrase: str, document: Callable[[], Document], id_: str, digits: str, verdict: DeclaredVerdict
) -> None:
    found = checked(document())[id_]
    assert phrase in section(number)
    assert found.verdict == verdict, declared_line(found)
    assert to_the_digit(found, digits), declared_line(found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.__name__)
def test_nothing_that_a_document_declares_stays_unknown(document: Callable[[], Document]) -> None:
    found = checked(document())
    assert found
    assert [declared_line(one) for one in found.values() if one.verdict == "unknown"] == []


def test_the_program_names_each_inconsistent_figure_of_all_documents_and_no_other() -> None:
    found = {
        (document().code, one.id)
        for document in DOCUMENTS
        for one in checked(document()).values()
        if one.verdict == "inconsistent"
    }
    assert found == {
        ("000-1a", "projects"),
        ("000-1a", "declared_count"),
        ("000-9", "private_contribution"),
        ("000-9", "fai_growth"),
        ("003", "tiers"),
        ("000-14", "planned_not_open"),
        ("000-14", "planned_on_list"),
        ("000-14", "park"),
        ("000-14", "villages"),
    }


def test_contradictory_lists_name_what_contradicts() -> None:
    found = checked(of.d000_14())
    assert found["left"].names == ("浦东南路", "众兴东路东延", "浦东中路", "泗塘河西侧12米支线")
    assert found["planned_not_open"].names == ("文成路",)
    assert found["planned_on_list"].names == ("长春东路", "众兴路东延", "银河路", "泗塘河支路")
    assert "文成路" in declared_line(found["planned_not_open"])


def test_all_ten_shares_of_jilin_print_as_published() -> None:
    found = checked(of.d000_9())
    shares = [one for one in found.values() if "/" in one.id]
    assert [Decimal(one.computed.strip("%")) for one in shares] == [Decimal(one.printed.strip("%")) for one in shares]
    assert [one.verdict for one in shares] == ["consistent"] * 10
    assert (found["n_share"].computed, found["inv_share"].computed) == ("100.0%", "100.0%")


def test_under_half_up_one_of_the_ten_shares_is_of_another_rounding_which_is_named() -> None:
    found = [one for one in checked(of.d000_9("half_up")).values() if "/" in one.id and one.verdict != "consistent"]
    assert [(one.id, one.printed, one.computed, one.roundings) for one in found] == [
        ("n_share/新型工业", "53.4%", "53.3%", ("balance_to_100",))
    ]


def test_the_truncated_share_of_the_district_is_of_another_rounding_under_half_up() -> None:
    cut_off, half_up = checked(of.d003())["tertiary_share"], checked(of.d003("half_up"))["tertiary_share"]
    assert "**truncated**" in row_of("3.8", "19/28 tertiary").verdict
    assert (cut_off.computed, half_up.computed) == ("67.8%", "67.9%")
    assert (cut_off.verdict, half_up.verdict, half_up.roundings) == ("consistent", "other_rounding", ("truncate",))


def test_the_range_of_the_contribution_is_the_one_of_the_file() -> None:
    found = checked(of.d000_9())["private_contribution"]
    assert found.low is not None
    assert found.high is not None
    low, high = (rounded(one, decimals=2, rounding="half_up") for one in (found.low, found.high))
    assert f"range over input rounding {low}-{high}" in row_of("3.4", "private contribution Δ717/ΔFAI").verdict


def test_the_groups_of_the_county_count_what_they_list() -> None:
    found = checked(of.d000_1b())
    counts = [found[category].computed for category in ("工业", "农业", "第三产业", "基础设施", "城乡建设", "社会事业")]
    assert "+".join(counts) in section("3.1")


def test_the_record_gives_the_measures_that_the_district_prints() -> None:
    [whole] = [one for one in evaluated(of.d003()).now if one.subject_kind == "list"]
    assert (whole.displayed["tertiary_share"], whole.displayed["investment_ratio"]) == ("67.8%", "18.44%")
