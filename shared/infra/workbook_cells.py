"""What stands in the cells of a workbook? Run as a process of its own, which may be killed by what it reads.

A workbook of a few bytes can claim cells at both ends of a sheet, or a text a million times, and the reader believes
it. So it is read where memory and time are limited by the system. Nothing of the project is imported here.

In: the workbook on standard input. Out: JSON lines, for each sheet its name and then its rows, `["a", null, …]`; a
number is `["n", "1.5"]`, a day `["d", "2026-01-31"]`, a moment `["t", "2026-01-31T08:00:00"]`. In the end `true`, or
`{"fault": code}`.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

MEMORY_BYTES_MAX = 800_000_000
CPU_S_MAX = 30


class _TooMuch(Exception):
    """More than the limits that were given; the argument is the code of the fault."""


def main(rows_max: int, columns_max: int, cells_max: int, text_max: int, cell_max: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    try:
        _read(sys.stdin.buffer.read(), _Limits(rows_max, columns_max, cells_max, text_max, cell_max))
        told: Any = True
    except _TooMuch as error:
        told = {"fault": str(error)}
    except MemoryError:
        told = {"fault": "too_large"}
    except PasswordError:
        told = {"fault": "encrypted"}
    except CalamineError:
        told = {"fault": "not_a_table"}
    _tell(told)


class _Limits:
    def __init__(self, rows: int, columns: int, cells: int, text: int, cell: int) -> None:
        self.rows, self.columns, self.cells, self.text, self.cell = rows, columns, cells, text, cell

    def take_size(self, height: int, width: int) -> None:
        if height > self.rows:
            raise _TooMuch("too_many_rows")
        if width > self.columns:
            raise _TooMuch("too_many_columns")
        self.cells -= height * width
        if self.cells < 0:
            raise _TooMuch("too_large")

    def take_text(self, length: int) -> None:
        if length > self.cell:
            raise _TooMuch("cell_too_long")
        self.text -= length
        if self.text < 0:
            raise _TooMuch("too_large")


def _read(content: bytes, limits: _Limits) -> None:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for sheet in workbook.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                found = workbook.get_sheet_by_name(sheet.name)
                limits.take_text(len(sheet.name))
                _tell(sheet.name)
                for row in _rows(found, limits):
                    _tell(row)


def _rows(sheet: CalamineSheet, limits: _Limits) -> Iterator[list[Any]]:
    if sheet.start is None or sheet.end is None:
        return
    limits.take_size(sheet.end[0] + 1, sheet.end[1] + 1)
    before: list[Any] = [None] * sheet.start[1]  # the reader begins at the first column that holds anything
    for row in sheet.iter_rows():
        yield [*before, *(_cell(value, limits) for value in row)]


def _cell(value: Any, limits: _Limits) -> Any:
    match value:
        case bool():
            return value
        case int() | float():
            return _number(value)
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case "":
            return None
    text = str(value)  # a time of day or a span of time as it is written
    limits.take_text(len(text))
    return text


def _number(value: float) -> Any:
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    return ["n", str(int(exact)) if exact == int(exact) else format(exact, "f")]


def _tell(value: Any) -> None:
    sys.stdout.write(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
