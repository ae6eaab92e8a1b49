"""A cell of a workbook is read in one way, or refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from services.intake.workbook.cells import Unreadable, read, stages
from services.intake.workbook.form import Kind, word
from shared.core.regime.terms import Stage
from shared.infra.texts import Texts

MIDNIGHT = datetime.fromisoformat("2026-03-05")
"""A workbook knows no zones."""


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (None, ""), ("", ""), ("   ", ""), (Decimal("1234.50"), "1234.5"), (Decimal(0), "0"), (Decimal(-3), "-3"),
        ("1234.5", "1234.5"), ("1,234.5", "1234.5"), ("1，234.5", "1234.5"), ("１２３４．５", "1234.5"),
        (" 1 ", "1"), ("+7", "7"), ("007", "7"), ("12,345,678", "12345678"),
        ("1.2亿元", "12000"), ("1.2 亿", "12000"), ("300万元", "300"), ("300 万", "300"), ("20000元", "2"),
        (Decimal("0.30000000000000004"), "0.3"), (Decimal("1E+3"), "1000"), (Decimal("1234567.89"), "1234567.89"),
    ],
)  # fmt: skip
def test_an_amount_in_ten_thousand_yuan_is_taken_where_it_can_only_mean_one(cell: Any, said: str) -> None:
    assert read(cell, "amount", "万元") == said


@pytest.mark.parametrize(
    "cell",
    [
        "about 5", "1,2345", "12,34,567", "1.234,5", "1 234", "5%", "(5)", "1e5", "Infinity", "nan", "--5", "-", "—",
        "无", "5万元左右", "5万亿", "$5", "1.2.3", "0x10", "٣", "9" * 100, True, date(2026, 3, 5),
        MIDNIGHT, Decimal("Infinity"), Decimal("NaN"), Decimal("1E+300"), Decimal("1E-300"),
    ],
)  # fmt: skip
def test_what_is_no_amount_or_could_mean_two_is_refused(cell: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        read(cell, "amount", "万元")
    assert refused.value.fault.code == "not_a_number"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Decimal("0.45"), "0.45"),
        ("45%", "0.45"),
        ("４５％", "0.45"),
        ("0.45", "0.45"),
        ("100%", "1"),
        (Decimal(1), "1"),
    ],
)
def test_a_share_is_a_number_up_to_one_or_says_that_it_is_per_cent(cell: Any, said: str) -> None:
    assert read(cell, "share", "万元") == said


@pytest.mark.parametrize("cell", [Decimal(45), "45", "145%", Decimal("1.01")])
def test_a_share_above_one_could_be_meant_in_per_cent_and_is_refused(cell: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        read(cell, "share", "万元")
    assert refused.value.fault.code == "share_above_one"


@pytest.mark.parametrize(
    "cell",
    [date(2026, 3, 5), MIDNIGHT, "2026-03-05", "2026-3-5", "2026/3/5", "2026.3.5", "2026年3月5日",
     "２０２６－０３－０５"],
)  # fmt: skip
def test_a_day_is_taken_as_people_write_it(cell: Any) -> None:
    assert read(cell, "date", "万元") == "2026-03-05"


@pytest.mark.parametrize(
    "cell",
    [Decimal(46086), "5.3", "3月5日", "2026-03", "2026-13-01", "2026-02-30", "05/03/2026", "2026-3/5", "yesterday",
     datetime.fromisoformat("2026-03-05 17:30"), True],
)  # fmt: skip
def test_what_is_no_day_or_could_be_two_is_refused(cell: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        read(cell, "date", "万元")
    assert refused.value.fault.code == "not_a_day"


@pytest.mark.parametrize("cell", ["开工", "started", "Started", " 开工 "])
def test_a_stage_is_taken_by_its_name_in_either_language(cell: str) -> None:
    assert read(cell, "stage", "万元") == "started"


def test_no_two_stages_share_a_name() -> None:
    own = [{word(code, Texts.load("zh")), word(code, Texts.load("en")), code} for code in get_args(Stage)]
    assert sum(map(len, own)) == len(stages())
    assert (stages()["early work"], stages()["early_work"], stages()["前期工作"]) == ("early_work",) * 3


@pytest.mark.parametrize(("cell", "said"), [("是", "yes"), (True, "yes"), ("√", "yes"), ("否", ""), (False, "")])
def test_yes_and_no_are_taken_as_people_write_them(cell: Any, said: str) -> None:
    assert read(cell, "yes", "万元") == said


@pytest.mark.parametrize(("kind", "code"), [("stage", "not_a_stage"), ("yes", "not_yes_or_no")])
@pytest.mark.parametrize("cell", ["perhaps", Decimal(7)])
def test_what_is_not_on_the_list_is_refused(cell: Any, kind: Kind, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(cell, kind, "万元")
    assert refused.value.fault.code == code


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Decimal("5.0"), "5"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("a\r\nb ", "a\nb"),
        (True, "TRUE"),
        (date(2026, 3, 5), "2026-03-05"),
    ],
)
def test_a_text_is_what_a_person_would_read_there(cell: Any, said: str) -> None:
    assert read(cell, "text", "万元") == said
