"""Is a table of standings exact, and does nothing in it run as a formula?"""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook

from services.scoring.exports import Table, as_csv, as_xlsx

HOSTILE = ("=1+1", "+cmd", "-cmd", "@sum", "\tx", "\r=1")
EXACT = Decimal("12345678901234567890.12")


def a_table(*cells: str | Decimal | int | None) -> Table:
    return Table("t", ["c"], [[cell] for cell in cells], datetime(2026, 1, 1, tzinfo=UTC))


def test_text_that_a_spreadsheet_would_run_stands_behind_a_quote_and_printed_numbers_as_they_are() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(a_table(*HOSTILE, "+1.20", "-3.00%", "-")).decode("utf-8-sig"))))[1:]
    assert [row[0] for row in rows] == [*(f"'{one}" for one in HOSTILE), "+1.20", "-3.00%", "-"]


def test_a_workbook_keeps_hostile_text_as_text_and_a_long_number_whole() -> None:
    content = as_xlsx(a_table("=1+1", EXACT, Decimal("0.25"), 3))
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[2:]
    assert [row[0] for row in cells] == ["=1+1", "12345678901234567890.12", 0.25, 3.0]


def test_the_same_table_is_the_same_file() -> None:
    assert as_xlsx(a_table("x", 1)) == as_xlsx(a_table("x", 1))


def test_csv_gives_every_digit_and_nothing_for_what_is_unknown() -> None:
    assert as_csv(a_table(EXACT, None)).decode("utf-8-sig").splitlines() == ["c", str(EXACT), '""']
