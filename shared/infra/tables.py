"""What stands in a table that somebody sent: .xlsx, .xls, .et, .csv, .tsv or .json, whatever its bytes really are.

Every limit is checked before memory is taken: a zip's claims and what really comes out of it, rows, columns, cells. A
workbook is opened in a process of its own (workbook_cells.py). There are no floats: a number is a Decimal of its
shortest text. A cell of a workbook that shows an error (#N/A) is empty.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from shared.core.errors import Fault
from shared.infra.wire import load_from_outside

Cell = str | Decimal | bool | date | datetime | None
Row = tuple[Cell, ...]

FILE_BYTES_MAX = 32_000_000
UNPACKED_BYTES_MAX = 160_000_000
UNPACKED_RATIO_MAX = 200
"""Of a whole archive; the XML of a workbook is seldom packed to less than a fiftieth."""
_UNPACKED_ANYHOW = 1_000_000
_PIECE_BYTES = 100_000
MEMBERS_MAX = 2_000
ROWS_MAX = 100_000
COLUMNS_MAX = 1_000
CELLS_MAX = 3_000_000
TEXT_MAX = 64_000_000
CELL_CHARACTERS_MAX = 32_767
"""As many as a cell of a workbook holds."""
READ_WITHIN_S = 60

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELLS = Path(__file__).with_name("workbook_cells.py")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_DELIMITERS = ",;\t"
_LOOKED_AT_ROWS = 20

_FAULTS = {
    one.code: one
    for one in (
        Fault("empty", "", "The file is empty."),
        Fault("not_a_table", "", "This is no workbook and no table: send .xlsx, .xls, .et, .csv, .tsv or .json."),
        Fault("too_large", "", "The file is too large, or too large once it is opened."),
        Fault("zip_bomb", "", "What is packed in this file is out of all proportion to it."),
        Fault("encrypted", "", "The file is protected by a password: save it without one."),
        Fault("too_many_rows", "", "A sheet has more than {count} rows.", {"count": str(ROWS_MAX)}),
        Fault("too_many_columns", "", "A sheet has more than {count} columns.", {"count": str(COLUMNS_MAX)}),
        Fault("cell_too_long", "", "A cell holds more than {count} characters.", {"count": str(CELL_CHARACTERS_MAX)}),
        Fault("wrong_encoding", "", "The text is not UTF-8, UTF-16 with a mark, or GB 18030: save it as UTF-8."),
        Fault("bad_csv", "", "Line {line}: a quotation mark is not closed, or stands where none can."),
        Fault("bad_json", "", "This is not JSON as an array of objects, or an object with one such array: {reason}"),
    )
}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or the one table of a file. Rows as they stand, from the first; empty ones at the end are left out."""

    name: str
    rows: tuple[Row, ...]


class UnreadableTable(Exception):
    """A file that is no table, or one that is too much to read."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(one.message.format_map(one.values) for one in faults))
        self.faults = tuple(faults)


def read_tables(content: bytes, name: str) -> tuple[Table, ...]:
    """Read a file that came under a name. UnreadableTable, and nothing else, if it is no table within the limits."""
    if len(content) > FILE_BYTES_MAX:
        _refuse("too_large")
    if not content.strip():
        _refuse("empty")
    if content.startswith((_ZIP, _OLE)):
        return _workbook(content)
    stem, _, ending = name.rpartition("/")[2].rpartition(".")
    match ending.lower():
        case "json":
            return (Table(stem, _trimmed(_json(content))),)
        case "csv" | "tsv" | "txt":
            return (Table(stem, _trimmed(_separated(content, "\t" if ending.lower() == "tsv" else _DELIMITERS))),)
    return _refuse("not_a_table")


def _refuse(code: str, **values: str) -> NoReturn:
    fault = _FAULTS[code]
    raise UnreadableTable([replace(fault, values={**fault.values, **values})])


# --- workbooks --------------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> tuple[Table, ...]:
    if content.startswith(_ZIP):
        _check_archive(content)
    elif _ENCRYPTED in content:
        _refuse("encrypted")
    limits = (ROWS_MAX, COLUMNS_MAX, CELLS_MAX, TEXT_MAX, CELL_CHARACTERS_MAX)
    command = [sys.executable, "-I", str(_CELLS), *map(str, limits)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=READ_WITHIN_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        _refuse("too_large")
    lines = done.stdout.splitlines()
    # Where the system has ended it, by a signal, it took too much; where the reader fell over, it was no workbook.
    told = json.loads(lines[-1]) if done.returncode == 0 and lines else {"fault": _ended(done.returncode)}
    if told is not True:
        _refuse(told["fault"])
    return tuple(_sheets(lines[:-1]))


def _ended(code: int) -> str:
    return "too_large" if code < 0 else "not_a_table"


def _sheets(lines: Iterable[bytes]) -> Iterator[Table]:
    found: list[tuple[str, list[Row]]] = []
    for line in lines:
        said = json.loads(line)
        if isinstance(said, str):
            found.append((said, []))
        else:
            found[-1][1].append(tuple(map(_cell, said)))
    yield from (Table(name, _trimmed(rows)) for name, rows in found)


def _cell(value: Any) -> Cell:
    match value:
        case ["n", text]:
            return Decimal(text)
        case ["d", text]:
            return date.fromisoformat(text)
        case ["t", text]:
            return datetime.fromisoformat(text)
    plain: str | bool | None = value
    return plain


def _check_archive(content: bytes) -> None:
    """Look at what the archive says of itself and at what really comes out of it, keeping nothing of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, EOFError, OSError):
        _refuse("not_a_table")
    if len(members) > MEMBERS_MAX:
        _refuse("zip_bomb")
    _check_sizes(sum(one.file_size for one in members), len(content))
    unpacked = 0
    for member in members:
        if member.flag_bits & 1:
            _refuse("encrypted")
        for count in _unpacked(content, member):
            unpacked += count
            _check_sizes(unpacked, len(content))


def _check_sizes(unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_BYTES_MAX:
        _refuse("too_large" if unpacked <= packed * UNPACKED_RATIO_MAX else "zip_bomb")
    if unpacked > max(packed * UNPACKED_RATIO_MAX, _UNPACKED_ANYHOW):
        _refuse("zip_bomb")


def _unpacked(content: bytes, member: zipfile.ZipInfo) -> Iterator[int]:
    """How many bytes come out of a member, piece by piece; its own statement of its size is not believed."""
    head = content[member.header_offset : member.header_offset + 30]
    if len(head) < 30 or not head.startswith(_ZIP):
        _refuse("not_a_table")
    lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    start = member.header_offset + 30 + lengths
    if member.compress_type == zipfile.ZIP_STORED:
        yield member.file_size
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        _refuse("not_a_table")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(start, len(content), _PIECE_BYTES):  # to where the stream ends, not to where the archive says
        rest = content[place : place + _PIECE_BYTES]
        while rest and not inflate.eof:
            try:
                yield len(inflate.decompress(rest, _PIECE_BYTES))
            except zlib.error:
                _refuse("not_a_table")
            rest = inflate.unconsumed_tail
        if inflate.eof:
            return


# --- text -------------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    return _refuse("wrong_encoding")


def _separated(content: bytes, delimiters: str) -> Iterator[Row]:
    text = _decoded(content)
    delimiter = max(delimiters, key=lambda one: _evenness(text, one))
    cells = 0
    for count, row in enumerate(_lines(text, delimiter)):
        cells += len(row)
        _check_row(count + 1, row, cells)
        yield tuple(one or None for one in row)


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """In how many of the first rows a delimiter gives the same number of cells, and how many; the best is the one."""
    widths: Counter[int] = Counter()
    try:
        for row, _ in zip(_lines(text, delimiter), range(_LOOKED_AT_ROWS), strict=False):
            widths[len(row)] += len(row) > 1
    except UnreadableTable:
        pass
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        if "field limit" in str(error):
            _refuse("cell_too_long")
        _refuse("bad_csv", line=str(reader.line_num))


def _check_row(number: int, row: Iterable[Any], cells: int) -> None:
    if number > ROWS_MAX:
        _refuse("too_many_rows")
    if cells > CELLS_MAX:
        _refuse("too_large")
    width = 0
    for width, one in enumerate(row, start=1):  # noqa: B007 - its last value is meant
        if isinstance(one, str) and len(one) > CELL_CHARACTERS_MAX:
            _refuse("cell_too_long")
    if width > COLUMNS_MAX:
        _refuse("too_many_columns")


def _json(content: bytes) -> Iterator[Row]:
    try:
        found = load_from_outside(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        _refuse("bad_json", reason=str(error)[:200])
    objects = _objects(found)
    columns = {name: None for one in objects for name in one}
    _check_row(1, columns, len(columns))
    yield tuple(columns)
    for count, one in enumerate(objects, start=2):
        row = tuple(_plain(one.get(name)) for name in columns)
        _check_row(count, row, count * len(columns))
        yield row


def _objects(found: Any) -> list[dict[str, Any]]:
    arrays = [one for one in found.values() if isinstance(one, list)] if isinstance(found, dict) else [found]
    objects = arrays[0] if len(arrays) == 1 else None
    if not isinstance(objects, list):
        _refuse("bad_json", reason="there is not one array in it.")
    if not all(isinstance(one, dict) for one in objects):
        _refuse("bad_json", reason="something in the array is no object.")
    return objects


def _plain(value: Any) -> Cell:
    match value:
        case bool() | Decimal() | None:
            return value
        case int():
            return Decimal(value)
        case "":
            return None
        case str():
            return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _trimmed(rows: Iterable[Row]) -> tuple[Row, ...]:
    kept = list(rows)
    while kept and all(one is None for one in kept[-1]):
        kept.pop()
    return tuple(kept)
