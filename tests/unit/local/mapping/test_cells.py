"""Cells are read exactly, or refused by name; nothing is guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.mapping.cells import BadCell, code_of, read_cell
from deploy.local.mapping.model import Column
from services.intake.domain.submission import CODE

ZONE = ZoneInfo("Asia/Shanghai")


def _read(cell: Any, **column: Any) -> Any:
    return read_cell(Column(reads=("x",), **column), cell, ZONE)


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("1,234.5", "万元", "12345000"),
        (Decimal("0.1"), "亿元", "10000000"),
        ("￥３．５", "元", "3.5"),
        (Decimal("1234.5600000000001"), "万元", "12345600"),
        ("-2", "千元", "-2000"),
        (Decimal("1E+3"), "百万元", "1000000000"),
        (Decimal("1E+24"), "万元", "1" + 28 * "0"),
        ("12345678901234567.89", "元", "12345678901234567.89"),
    ],
)
def test_money_is_exact_yuan_whatever_its_unit(cell: Any, unit: Any, yuan: str) -> None:
    found = _read(cell, type="money", unit=unit)
    assert found == Decimal(yuan)
    assert "E" not in str(found)


@pytest.mark.parametrize("cell", ["1,23", "1.2.3", "12万", "-", "+", "NaN", "1e5", "Infinity", True, "１２ab", "."])
def test_what_is_no_number_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell, match="is no number"):
        _read(cell, type="number")


def test_a_percentage_is_a_ratio() -> None:
    assert _read("45.5%", type="number") == Decimal("0.455")


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2026年3月", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024.2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-03-05", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5), date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5), date(2026, 3, 5)),
        (Decimal(46086), date(2026, 3, 5), date(2026, 3, 5)),
        (date(2026, 3, 5), date(2026, 3, 5), date(2026, 3, 5)),
        (datetime(2026, 3, 4, 17, tzinfo=UTC), date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03-04T17:00:00+00:00", date(2026, 3, 5), date(2026, 3, 5)),
    ],
)
def test_a_day_is_read_and_a_month_has_a_first_and_a_last(cell: Any, first: date, last: date) -> None:
    assert _read(cell, type="date") == first
    assert _read(cell, type="last_day") == last


@pytest.mark.parametrize("cell", ["2026-13", "2026-02-30", "三月", "3.5", "0000", Decimal(3), "2026-3-5-1"])
def test_a_day_that_no_calendar_has_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell, match="is no date"):
        _read(cell, type="date")


def test_a_date_may_have_a_form_of_its_own_and_a_year_is_that_of_its_day() -> None:
    assert _read("05/01/2014 12:00:00 AM", type="date", formats=("%m/%d/%Y %I:%M:%S %p",)) == date(2014, 5, 1)
    assert _read("05/01/2014", type="year", formats=("%m/%d/%Y",)) == 2014
    assert _read(Decimal(2026), type="year") == 2026


def test_an_instant_without_an_offset_is_of_the_mappings_zone() -> None:
    assert _read("2026-03-05T08:00:00", type="instant") == datetime(2026, 3, 5, tzinfo=UTC)
    assert _read("2026-03-05T08:00:00Z", type="instant") == datetime(2026, 3, 5, 8, tzinfo=UTC)


def test_a_value_that_no_code_table_has_is_a_fault_and_null_means_nothing() -> None:
    codes = {"在建": "started", "其他": None}
    assert _read(" 在建 ", codes=codes) == "started"
    assert _read("其他", codes=codes) is None
    with pytest.raises(BadCell) as bad:
        _read("停工", codes=codes)
    assert bad.value.fault.code == "unknown_value"
    assert str(bad.value) == "停工 stands in no code table; there are: 在建, 其他."


def test_an_empty_cell_is_unknown_or_what_stands_for_it() -> None:
    assert _read("　", type="money") is None
    assert _read("/", type="date", empty_as=("/", "-")) is None
    assert _read(None, otherwise="无") == "无"


def test_a_member_of_a_json_cell_is_read_and_other_cells_have_none() -> None:
    assert _read('{"a": "1.50", "b": {}}', type="money", member="a") == Decimal("1.5")
    assert [_read(cell, member="a") for cell in ('{"b": 1}', "在建", "[1]", '{"a": ', None)] == [None] * 5


def test_flags_are_read_in_both_languages() -> None:
    assert [_read(cell, type="flag") for cell in ("是", "否", "√", True, "no")] == [True, False, True, True, False]
    with pytest.raises(BadCell):
        _read("也许", type="flag")


@given(st.text(min_size=1), st.sampled_from(["", "u-", "p"]))
def test_any_text_has_a_code_that_is_always_the_same(text: str, prefix: str) -> None:
    code = code_of(text, prefix)
    assert CODE.fullmatch(code)
    assert code == code_of(f" {text} ", prefix)


def test_different_texts_have_different_codes_and_a_code_is_itself() -> None:
    assert code_of("P-01") == "P-01"
    texts = ["发改委", "住建局", "06.53-80", "06 53-80", "06-53.80", "É", "E\u0301a"]
    assert len({code_of(text) for text in texts}) == len(texts)
    assert code_of("06.53-80").startswith("06-53-80-")
