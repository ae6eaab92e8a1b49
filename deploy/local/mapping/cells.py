"""What does a cell say? Exact amounts in yuan, days, moments, codes; never a guess."""

import hashlib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import NoReturn
from zoneinfo import ZoneInfo

from deploy.local.mapping.model import Column, ColumnType, MoneyUnit
from shared.core.errors import Fault
from shared.infra.tables import Cell
from shared.infra.wire import load

Value = Cell | int

YUAN_PER: Mapping[MoneyUnit, Decimal] = {
    "元": Decimal(1), "千元": Decimal(1_000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}  # fmt: skip

_CODE = re.compile(r"[A-Za-z0-9_-]{1,48}")
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_DAY = re.compile(r"(\d{4})[-/.年](?:(\d{1,2})(?:[-/.月](?:(\d{1,2})日?)?|月)?)?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_PACKED_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR = re.compile(r"(\d{4})年?")
_SERIAL_DAYS = (Decimal(20_000), Decimal(80_000))
"""Days since the end of 1899, as workbooks count them: 1954 to 2119."""
_BREAK = re.compile(r"(?:(?<=([A-Za-z0-9,.])))?\s*[\r\n]+\s*(?:(?=([A-Za-z0-9])))?")
_EDGE = re.compile(r"(\d{4}年)度?(?:([初底末])|(\d{1,2}月)([初底末])?)?(?:(?<=[底末])前)?")
"""How people say the first and the last of a year or a month: 2024年底, 2024年度, 2024年6月底前."""
_YEARS = range(1800, 3000)
_DIGITS = Context(prec=15)
"""As many as a workbook keeps; what it stores beyond them comes from binary arithmetic."""
_TRUE, _FALSE = {"true", "yes", "y", "是", "√", "有", "1"}, {"false", "no", "n", "否", "×", "无", "0"}


class BadCell(Exception):
    """A cell that does not say what its column should."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message.format_map(fault.values))
        self.fault = fault


def read_cell(column: Column, cell: Cell, zone: ZoneInfo) -> Value:
    """The value of a cell; None where it is empty. BadCell if it is no such value."""
    found = _filled(column, cell)
    if found is None:
        return None
    if column.codes is not None:
        return _coded(column.codes, _text(found))
    try:
        value = _READERS[column.type](column, found, zone)
    except OverflowError:  # a moment that no other zone can tell
        value = date.min
    if isinstance(value, date) and value.year not in _YEARS:
        return _refuse(Fault("not_a_date", "", "{value} is no date.", {"value": _text(found)[:60]}))
    return value


def code_of(text: str, prefix: str = "") -> str:
    """A code of ASCII for any text: itself if it is one, else what is legible of it and a digest. Always the same."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if _CODE.fullmatch(prefix + plain):
        return prefix + plain
    legible = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", legible).strip("-")[:24]
    return "-".join(filter(None, [f"{prefix}{words}".rstrip("-"), hashlib.sha256(plain.encode()).hexdigest()[:8]]))


def at_midnight(value: Value, zone: ZoneInfo) -> datetime | None:
    """The instant that a day or a moment stands for; None where it is neither."""
    match value:
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=zone)
        case date():
            return datetime.combine(value, time(0), zone)
    return None


def _filled(column: Column, cell: Cell) -> Cell:
    found = _stripped(column, cell)
    if column.member and found is not None:
        found = _stripped(column, _member(column.member, _text(found)))
    return (column.otherwise or None) if found is None else found


def _stripped(column: Column, cell: Cell) -> Cell:
    text = cell.strip() if isinstance(cell, str) else cell
    if column.joined and isinstance(text, str):
        text = joined(text)
    return None if text == "" or (isinstance(text, str) and text in column.empty_as) else text


def joined(text: str) -> str:
    """A name that was laid out in lines as one; between words of letters a space is left."""
    return _BREAK.sub(lambda found: " " if found[1] and found[2] else "", text)


def _member(name: str, text: str) -> Cell:
    """A member of a JSON object; None where the cell is none, as where another kind of row stands."""
    try:
        found = load(text)
    except (ValueError, RecursionError):
        return None
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str | Decimal | bool | None) else str(value)


def _coded(codes: Mapping[str, str | None], text: str) -> Value:
    if text in codes:
        return codes[text]
    known = {"value": text[:60], "known": ", ".join(codes)}
    return _refuse(Fault("unknown_value", "", "{value} stands in no code table; there are: {known}.", known))


def _text(cell: Cell) -> str:
    match cell:
        case Decimal():
            return format(cell, "f")
        case date():
            return cell.isoformat()
        case bool():
            return "true" if cell else "false"
    return str(cell)


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, Decimal):
        return _DIGITS.plus(cell) if len(cell.as_tuple().digits) > _DIGITS.prec else cell
    text = unicodedata.normalize("NFKC", _text(cell)).strip().lstrip("¥$").replace(" ", "")
    share = text.removesuffix("%")
    if _NUMBER.fullmatch(share) and share.strip("-+"):
        try:
            value = Decimal(share.replace(",", ""))
        except InvalidOperation:
            pass
        else:
            return value / 100 if share != text else value
    return _refuse(Fault("not_a_number", "", "{value} is no number.", {"value": text[:60]}))


def _money(column: Column, cell: Cell) -> Decimal:
    yuan = _number(cell) * YUAN_PER[column.unit]
    whole = yuan.to_integral_value()
    # Not quantize(): it fails where a whole amount has more digits than the context keeps.
    return Decimal(f"{whole:f}") if yuan == whole else yuan.normalize()


def _date(column: Column, cell: Cell, zone: ZoneInfo) -> date:
    match cell:
        case datetime():
            return (cell.astimezone(zone) if cell.tzinfo else cell).date()
        case date():
            return cell
        case Decimal() if _SERIAL_DAYS[0] <= cell <= _SERIAL_DAYS[1]:
            return date(1899, 12, 30) + timedelta(days=int(cell))
    text = _text(cell)
    for form in column.formats:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    found = _day(unicodedata.normalize("NFKC", text), is_last=column.type == "last_day")
    return found or _moment(column, text, zone).astimezone(zone).date()


def _day(text: str, *, is_last: bool) -> date | None:
    if edge := _EDGE.fullmatch(text := "".join(text.split()) if "年" in text else text):
        word = edge[2] or edge[4]
        text, is_last = edge[1] + (edge[3] or ""), word != "初" if word else is_last
    found = _PACKED_DAY.fullmatch(text) or _DAY.fullmatch(text) or _YEAR.fullmatch(text)
    if found is None:
        return None
    year, *rest = (int(one) if one else None for one in (*found.groups(), None, None)[:3])
    month, day = rest
    try:
        month = month or (12 if is_last else 1)
        return date(year or 0, month, day or (monthrange(year or 0, month)[1] if is_last else 1))
    except (ValueError, IndexError):  # no calendar has such a day
        return _refuse(Fault("not_a_date", "", "{value} is no date.", {"value": text[:60]}))


def _moment(column: Column, cell: Cell, zone: ZoneInfo) -> datetime:
    known = at_midnight(cell, zone)
    if known is not None:
        return known
    text = _text(cell)
    for read in (*(_by(form) for form in column.formats), datetime.fromisoformat):
        try:
            found = read(text)
            return found if found.tzinfo else found.replace(tzinfo=zone)
        except ValueError:
            continue
    return _refuse(Fault("not_a_date", "", "{value} is no date.", {"value": text[:60]}))


def _by(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - a zone is given where it has none


def _year(column: Column, cell: Cell, zone: ZoneInfo) -> int:
    if isinstance(cell, Decimal) and cell < _SERIAL_DAYS[0]:
        return int(cell)
    return _date(column, cell, zone).year


def _flag(cell: Cell) -> bool:
    text = _text(cell).lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return _refuse(Fault("not_a_flag", "", "{value} is neither yes nor no.", {"value": text[:60]}))


def _refuse(fault: Fault) -> NoReturn:
    raise BadCell(fault)


_READERS: Mapping[ColumnType, Callable[[Column, Cell, ZoneInfo], Value]] = {
    "text": lambda _column, cell, _zone: _text(cell),
    "code": lambda column, cell, _zone: code_of(_text(cell), column.prefix),
    "number": lambda _column, cell, _zone: _number(cell),
    "money": lambda column, cell, _zone: _money(column, cell),
    "date": _date,
    "last_day": _date,
    "instant": _moment,
    "year": _year,
    "flag": lambda _column, cell, _zone: _flag(cell),
}
