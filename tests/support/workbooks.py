"""A workbook as somebody fills it in: cells set, rows moved, whole parts replaced, without a spreadsheet program."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import xlwt
from lxml import etree

from services.intake.domain.asked import Asked
from services.intake.domain.known import ReturnMade
from services.intake.workbook.form import Form, form_of
from services.intake.workbook.reading import Came, read
from services.intake.workbook.spoiled import spoiled
from services.intake.workbook.writing import as_given, write
from shared.core.events import ProgressReported
from shared.core.period import Period
from shared.infra.tables import read_tables
from shared.infra.texts import Locale
from tests.support.builders import JURISDICTION, ZONE, local

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN = re.compile(r"([A-Z]+)(\d+)")

Value = str | int | float | Decimal | bool | None


# --- what is asked, and its form ----------------------------------------------------------------------------------


def an_asked(project: str = "p1", **changes: Any) -> Asked:
    """A project in 万元 of which everything is asked that a workbook can ask."""
    asked = Asked(
        list="city", lists=("city",), year=2026, project=project, name=f"Project {project}", unit="bureau-a",
        cadence="monthly", period="2026-03", due=local("2026-04-06 00:00"),
        fields=(
            "investment", "investment_in_period", "funds", "physical_progress", "stage", "narrative", "next_plan",
            "problems", "experience", "suggestions",
        ),
        takes_nil=True, money_unit="万元", annual_plan_yuan=Decimal(120_000_000),
    )  # fmt: skip
    return replace(asked, **changes)


def a_told(period: str = "2026-02", *, yuan: int | str = 10_000_000, **said: Any) -> ReturnMade:
    """A return that was made, with what it said."""
    amount, at = Decimal(yuan), local("2026-04-01 09:00")
    data = ProgressReported(
        project="p1", cadence="monthly", period=period, **{"investment_ytd_yuan": amount, **said}
    )  # fmt: skip
    return ReturnMade(
        event=f"e-{period}", said=data, unit="bureau-a", by=("reporter-a",), at=at, since=at, investment_ytd_yuan=amount
    )


def a_form(*asked: Asked, locale: Locale = "en", period: str = "2026-03") -> Form:
    return form_of(
        asked or (an_asked(),), jurisdiction=JURISDICTION, unit="bureau-a", period=Period.parse(period), locale=locale,
        name_of=str.title, local=lambda at: at.astimezone(ZONE),
    )  # fmt: skip


def given_out(form: Form) -> bytes:
    return write(form, as_given(form))


def came_back(content: bytes) -> Came:
    return read(read_tables(content, "workbook.xlsx"), spoiled(content))


def at(form: Form, key: str, row: int = 4, *, sheet: int = 0) -> str:
    """The address of the cell in which a line says something."""
    places = [column.key for column in form.heading.sheets[sheet].columns]
    return f"{chr(ord('A') + places.index(key))}{row}"  # type: ignore[arg-type]


# --- what somebody does to it -------------------------------------------------------------------------------------


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def as_xls(content: bytes) -> bytes:
    """The values of a workbook, saved in the format before 2007."""
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for table in read_tables(content, "workbook.xlsx"):
        sheet = book.add_sheet(table.name)
        for row, cells in enumerate(table.rows):
            for place, cell in enumerate(cells):
                if cell is not None:
                    look = (day,) if isinstance(cell, date) else ()
                    sheet.write(row, place, float(cell) if isinstance(cell, Decimal) else cell, *look)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def changed(content: bytes, sheet: int, change: Callable[[Any], None]) -> bytes:
    """The workbook with the XML of its n-th sheet, from 1, changed."""
    members = parts(content)
    name = f"xl/worksheets/sheet{sheet}.xml"
    root = etree.fromstring(members[name])
    change(root)
    return packed({**members, name: etree.tostring(root, xml_declaration=True, encoding="UTF-8")})


def filled(content: bytes, cells: Mapping[str, Value], *, sheet: int = 1) -> bytes:
    """The workbook with cells of a sheet as somebody has typed them: C7 and its value."""

    def fill(root: Any) -> None:
        for at, value in cells.items():
            put(cell_of(root, at), value)

    return changed(content, sheet, fill)


def put(cell: Any, value: Value) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    match value:
        case None:
            return
        case bool():
            cell.set("t", "b")
            etree.SubElement(cell, f"{MAIN}v").text = str(int(value))
        case str() if value.startswith("#"):
            cell.set("t", "e")
            etree.SubElement(cell, f"{MAIN}f").text = "A1/0"
            etree.SubElement(cell, f"{MAIN}v").text = value
        case str():
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
            text.text = value
        case _:
            etree.SubElement(cell, f"{MAIN}v").text = str(value)


def formula(cell: Any, text: str, shows: Value) -> None:
    put(cell, shows)
    found = etree.Element(f"{MAIN}f")
    found.text = text
    cell.insert(0, found)


def cell_of(root: Any, at: str) -> Any:
    number = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = root.find(f"{MAIN}sheetData")
    row = next((one for one in rows if one.get("r") == number), None)
    if row is None:
        row = etree.SubElement(rows, f"{MAIN}row", r=number)
        rows[:] = sorted(rows, key=lambda one: int(one.get("r")))
    cell = next((one for one in row if one.get("r") == at), None)
    if cell is None:
        cell = etree.SubElement(row, f"{MAIN}c", r=at)
        row[:] = sorted(row, key=lambda one: (len(_letters(one)), _letters(one)))
    return cell


def _letters(cell: Any) -> str:
    found = _COLUMN.fullmatch(cell.get("r"))
    assert found
    return found[1]


def rows_of(root: Any) -> Any:
    return root.find(f"{MAIN}sheetData")


def without_row(root: Any, number: int) -> None:
    """Delete a row, as a spreadsheet does: those below move up."""
    rows = rows_of(root)
    for row in list(rows):
        at = int(row.get("r"))
        if at == number:
            rows.remove(row)
        elif at > number:
            _place(row, at - 1)


def swapped(root: Any, one: int, other: int) -> None:
    rows = {int(row.get("r")): row for row in rows_of(root)}
    first, second = rows[one], rows[other]
    _place(first, other)
    _place(second, one)
    rows_of(root)[:] = sorted(rows_of(root), key=lambda row: int(row.get("r")))


def _place(row: Any, number: int) -> None:
    row.set("r", str(number))
    for cell in row:
        cell.set("r", f"{_letters(cell)}{number}")
