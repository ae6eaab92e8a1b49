"""Tables as they are sent: read to the digit, and refused in words whatever the bytes are."""

import datetime as dt
import io
import random
import resource
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.infra import tables
from shared.infra.tables import Table, UnreadableTable, read_tables

_MEMORY_MAX = 600_000_000
_MIDNIGHT = dt.datetime.fromisoformat("2026-03-01T00:00:00")
_MOMENT = dt.datetime.fromisoformat("2026-03-01T08:30:00")


def _xlsx(fill: Callable[[Any], object], name: str = "月报") -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    fill(book.add_worksheet(name))
    book.close()
    return stream.getvalue()


def _xls(fill: Callable[[Any], object]) -> bytes:
    stream = io.BytesIO()
    book = xlwt.Workbook()
    fill(book.add_sheet("台账"))
    book.save(stream)
    return stream.getvalue()


def _codes(content: bytes, name: str = "a.csv") -> list[str]:
    with pytest.raises(UnreadableTable) as refused:
        read_tables(content, name)
    return [fault.code for fault in refused.value.faults]


def test_a_workbook_is_read_to_the_digit_and_cells_keep_their_places() -> None:
    def fill(sheet: Any) -> None:
        sheet.write(1, 2, "项目")
        sheet.write(1, 3, 0.1)
        sheet.write(2, 2, 120000)
        sheet.write(2, 3, 1e21)
        sheet.write(3, 2, True)
        sheet.write_datetime(3, 3, _MIDNIGHT)
        sheet.write_datetime(4, 2, _MOMENT)
        sheet.write_formula(4, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 3, "=A1+1", None, 41.5)

    assert read_tables(_xlsx(fill), "whatever.it.is.called") == (
        Table("月报", (
            (None,) * 4,
            (None, None, "项目", Decimal("0.1")),
            (None, None, Decimal(120000), Decimal(10**21)),
            (None, None, True, dt.date(2026, 3, 1)),
            (None, None, _MOMENT, None),
            (None, None, None, Decimal("41.5")),
        )),
    )  # fmt: skip


def test_no_whole_number_has_an_exponent() -> None:
    (table,) = read_tables(_xlsx(lambda sheet: sheet.write_row(0, 0, [1e300, 3e7, -2e22])), "a.xlsx")
    assert [str(one) for one in table.rows[0]] == [str(int(Decimal("1e300"))), "30000000", "-2" + "0" * 22]


def test_an_old_xls_is_read_whatever_its_name() -> None:
    def fill(sheet: Any) -> None:
        sheet.write_merge(0, 0, 0, 3, "重点项目台账")
        sheet.write(1, 0, 1)
        sheet.write(1, 1, 1234.5)
        sheet.write(1, 2, dt.date(2026, 1, 2), xlwt.easyxf(num_format_str="yyyy-mm-dd"))

    expected = (("重点项目台账", None, None, None)[:3], (Decimal(1), Decimal("1234.5"), dt.date(2026, 1, 2)))
    for name in ("old.xls", "old.et", "old.xlsx"):
        (table,) = read_tables(_xls(fill), name)
        assert tuple(row[:3] for row in table.rows) == expected


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("编号,名称\r\n1,桥\r\n", encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]
    + [(text, "utf-8") for text in ("编号;名称\n1;桥", "编号\t名称\n1\t桥\n\n", '编号,名称\n"1","桥"\n,\n')],
)
def test_a_text_table_is_read_in_any_usual_writing(text: str, encoding: str) -> None:
    (table,) = read_tables(text.encode(encoding), "folder/账.CSV")
    assert table == Table("账", (("编号", "名称"), ("1", "桥")))


def test_a_delimiter_in_a_title_does_not_mislead() -> None:
    (table,) = read_tables("2026年，全市,重点\n编号;名称\n1;桥\n2;路\n".encode(), "a.csv")
    assert table.rows[1:] == (("编号", "名称"), ("1", "桥"), ("2", "路"))


def test_quotes_and_line_breaks_in_cells_are_kept() -> None:
    (table,) = read_tables(b'a,b\n"x, ""y""\nz",2\n', "a.csv")
    assert table.rows[1] == ('x, "y"\nz', "2")


def test_json_keeps_exact_numbers_and_says_what_is_missing() -> None:
    body = b'{"count": 2, "rows": [{"a": 0.1, "b": 12345678901234567890}, {"b": null, "c": ["x", 1], "a": true}]}'
    (table,) = read_tables(body, "feed.json")
    assert table.rows == (
        ("a", "b", "c"), (Decimal("0.1"), Decimal(12345678901234567890), None), (True, None, '["x",1]'),
    )  # fmt: skip
    assert read_tables(b"[]", "feed.json") == (Table("feed", ()),)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'[{"a": 1, "a": 2}]', "bad_json"),
        (b'[{"a": NaN}]', "bad_json"),
        (b'[{"a": 1e999999}]', "bad_json"),
        (b'[{"a": "\\ud800"}]', "bad_json"),
        (b'{"a": [], "b": []}', "bad_json"),
        (b"[1, 2]", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "bad_json"),
        (b"{}", "bad_json"),
        (b"  \n", "empty"),
    ],
)
def test_json_that_is_no_table_is_refused(body: bytes, code: str) -> None:
    assert _codes(body, "a.json") == [code]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"<html><table></table></html>", "a.xls", "not_a_table"),
        (b"%PDF-1.7", "a.pdf", "not_a_table"),
        ("编号,名称".encode("utf-16-le"), "a.csv", "wrong_encoding"),
        (b"a,b\n\x00,1", "a.csv", "wrong_encoding"),
        (b"\xff\xfea", "a.csv", "wrong_encoding"),
        (b"a,b\n\xff\xff,1", "a.csv", "wrong_encoding"),
        (b'a,b\n"1,2\n', "a.csv", "bad_csv"),
        (b"a," + b"x" * 40_000, "a.csv", "cell_too_long"),
        (b"a," + b"x" * 200_000, "a.csv", "cell_too_long"),
        (b"," * 2000, "a.csv", "too_many_columns"),
        (b"a\n" * (tables.ROWS_MAX + 1), "a.csv", "too_many_rows"),
        (b" " * (tables.FILE_BYTES_MAX + 1), "a.csv", "too_large"),
        (b"PK\x03\x04" + b"a" * 100, "a.xlsx", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "a.xls", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "encrypted"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, name: str, code: str) -> None:
    assert _codes(content, name) == [code]


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _repacked(book: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return _zip({one: change(one, archive.read(one)) for one in archive.namelist()})


def test_a_zip_bomb_is_seen_by_what_it_says() -> None:
    assert _codes(_zip({"xl/worksheets/sheet1.xml": b"0" * 50_000_000}), "a.xlsx") == ["zip_bomb"]


def test_a_zip_bomb_that_lies_about_its_size_is_seen_by_what_comes_out() -> None:
    bomb = bytearray(_zip({"xl/worksheets/sheet1.xml": b"0" * 50_000_000}))
    size = (50_000_000).to_bytes(4, "little")
    while size in bomb:
        place = bomb.index(size)
        bomb[place : place + 4] = (1000).to_bytes(4, "little")
    assert _codes(bytes(bomb), "a.xlsx") == ["zip_bomb"]


def test_members_that_share_the_same_bytes_are_counted_each() -> None:
    """The overlapping bomb: thousands of entries of the directory that name one member."""
    one = _zip({"a": random.Random(1).randbytes(200_000)}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        start = archive.start_dir
    entry = one[start : one.index(b"PK\x05\x06")]
    end = bytearray(one[one.index(b"PK\x05\x06") :])
    count = 1000
    end[8:10] = end[10:12] = count.to_bytes(2, "little")
    end[12:16] = (len(entry) * count).to_bytes(4, "little")
    assert _codes(one[:start] + entry * count + bytes(end), "a.xlsx") == ["zip_bomb"]


def test_a_zip_within_a_zip_is_no_workbook() -> None:
    assert _codes(_zip({"inner.zip": _zip({"a": b"0" * 1000})}), "a.xlsx") == ["not_a_table"]


def test_a_workbook_of_two_far_cells_does_not_fill_the_memory() -> None:
    book = _xlsx(lambda sheet: [sheet.write(0, 0, 1), sheet.write(1, 0, 2)])
    far = _repacked(book, lambda _, part: part.replace(b'r="A2"', b'r="XFD1048576"').replace(b'"2"', b'"1048576"'))
    assert _codes(far, "a.xlsx") == ["too_large"]


def test_one_long_text_in_many_cells_does_not_fill_the_memory() -> None:
    def fill(sheet: Any) -> None:
        for row in range(5_000):
            sheet.write_row(row, 0, ["长" * 30_000] * 10)

    assert _codes(_xlsx(fill), "a.xlsx") == ["too_large"]


def test_a_sheet_of_too_many_rows_or_columns_is_refused() -> None:
    assert _codes(_xlsx(lambda sheet: sheet.write(tables.ROWS_MAX, 0, 1)), "a.xlsx") == ["too_many_rows"]
    assert _codes(_xlsx(lambda sheet: sheet.write(0, tables.COLUMNS_MAX, 1)), "a.xlsx") == ["too_many_columns"]


def test_entities_are_not_expanded() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    book = _repacked(
        _xlsx(lambda sheet: sheet.write(0, 0, "x")),
        lambda name, part: laughs + part.partition(b"?>")[2].replace(b">x<", b">&b;<") if "shared" in name else part,
    )
    try:
        (table,) = read_tables(book, "a.xlsx")
    except UnreadableTable:
        return
    assert "hahaha" not in str(table)


@pytest.mark.parametrize("cut", [30, 200, 1000, -1, -22, -60])
def test_half_a_workbook_is_refused(cut: int) -> None:
    book = _xlsx(lambda sheet: [sheet.write(row, 0, f"名{row}") for row in range(500)])
    assert _codes(book[:cut], "a.xlsx") == ["not_a_table"]


_BOOKS = (_xlsx(lambda sheet: sheet.write_row(0, 0, ["甲", 1, 2.5])), _xls(lambda sheet: sheet.write(0, 0, "甲")))


def _ends_well(content: bytes, name: str) -> None:
    try:
        found = read_tables(content, name)
    except UnreadableTable as error:
        refused = error
    else:
        cells = [cell for table in found for row in table.rows for cell in row]
        assert all(cell is None or type(cell) in {str, bool, Decimal, dt.date, dt.datetime} for cell in cells)
        return
    assert refused.faults
    assert str(refused)


_NAMES = st.sampled_from(["a.csv", "a.tsv", "a.json", "a.xlsx", "a.xls", "../../etc/passwd", "", "\x00.csv"])


@given(st.binary(max_size=400), _NAMES)
@settings(max_examples=600, deadline=None)
def test_any_bytes_end_in_a_table_or_in_words(content: bytes, name: str) -> None:
    _ends_well(content, name)


@given(st.text(st.characters(), max_size=200), st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-16-le"]), _NAMES)
@settings(max_examples=600, deadline=None)
def test_any_text_in_any_encoding_ends_in_a_table_or_in_words(text: str, encoding: str, name: str) -> None:
    _ends_well(text.encode(encoding, "surrogatepass" if encoding != "gb18030" else "replace"), name)


@given(st.sampled_from(_BOOKS), st.integers(0), st.binary(min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_a_workbook_with_any_bytes_in_any_place_ends_in_a_table_or_in_words(
    book: bytes, place: int, junk: bytes
) -> None:
    place %= len(book)
    _ends_well(book[:place] + junk + book[place + len(junk) :], "a.xlsx")


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers() | st.booleans(), st.lists))
@settings(max_examples=50, deadline=None)
def test_values_of_any_kind_in_a_sheets_xml_end_in_a_table_or_in_words(value: object) -> None:
    written = repr(value).encode("utf-8", "replace")[:60]
    book = _repacked(_BOOKS[0], lambda _, part: part.replace(b"2.5", written))
    _ends_well(book, "a.xlsx")


def test_dates_that_no_calendar_has_end_in_a_table_or_in_words() -> None:
    book = _xlsx(lambda sheet: sheet.write_datetime(0, 0, _MIDNIGHT))
    for serial in (b"-5", b"1e15", b"99999999999", b"NaN", b"inf", b"0", b"60"):
        _ends_well(_repacked(book, lambda _, part, to=serial: part.replace(b"46082", to)), "a.xlsx")  # type: ignore[misc]


def test_hostile_files_have_not_filled_the_memory() -> None:
    """Of the whole test process and of every reader it started, at their worst."""
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(who).ru_maxrss * 1024 < 3 * _MEMORY_MAX
