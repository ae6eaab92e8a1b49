"""What does one cell of a workbook say? What can be read in one way only is taken; anything else is refused.

Taken as amounts: numbers, 1234.5, 1,234.5 and 1,234.5, full-width digits, and a unit of money that is written out
(1.2亿元 in a column of 万元 is 12000). As shares: 45%, or a number up to 1, which is what a cell in per cent holds.
As days: dates, 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日. As stages: their names in Chinese and English, and codes.
Numbers count to the 15 digits that a workbook holds: 0.1 + 0.2 is 0.3 there too.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Context, Decimal
from functools import cache
from typing import get_args

from services.intake.workbook.form import Kind, plain, word
from shared.core.errors import Fault
from shared.core.numbers import EXACT, YUAN_PER, MoneyUnit
from shared.core.regime.terms import Stage
from shared.infra.tables import Cell
from shared.infra.texts import Texts

_SHOWN = Context(prec=15)
_MAGNITUDE_MAX = 40
_DIGITS_MAX = 60
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_MONEY = re.compile(r"(.*?)\s*(亿元|万元|元|亿|万)", re.DOTALL)
_UNITS: Mapping[str, MoneyUnit] = {"亿元": "亿元", "亿": "亿元", "万元": "万元", "万": "万元", "元": "元"}
_DAY = re.compile(r"(\d{4})(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)|年(\d\d?)月(\d\d?)日)", re.ASCII)
_YES = {"yes": "yes", "y": "yes", "true": "yes", "是": "yes", "√": "yes", "no": "", "n": "", "false": "", "否": ""}


class Unreadable(Exception):
    """A cell that cannot be read, or in more than one way."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read(cell: Cell, kind: Kind, money: MoneyUnit) -> str:
    """The canonical text of a cell, empty where nothing stands in it. Unreadable if it cannot be told."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return ""
    return _READERS[kind](cell, money)


def shown(cell: Cell) -> str:
    """A cell as a person would write it: for texts, and for what is quoted back."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case Decimal():
            return plain(_rounded(cell)) if is_moderate(cell) else str(cell)[:_DIGITS_MAX]
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time(0) else f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(cell: Cell, _money: MoneyUnit) -> str:
    return shown(cell)


def _amount(cell: Cell, money: MoneyUnit) -> str:
    if isinstance(cell, Decimal):
        return plain(_number(cell))
    if not isinstance(cell, str):
        raise _no_number(cell)
    text = _half_width(cell)
    found = _MONEY.fullmatch(text)
    number = _from_text(found[1] if found else text, cell)
    if found:
        yuan = EXACT.multiply(number, YUAN_PER[_UNITS[found[2]]])
        number = EXACT.divide(yuan, YUAN_PER[money])
    return plain(number)


def _share(cell: Cell, _money: MoneyUnit) -> str:
    if isinstance(cell, Decimal):
        number = _number(cell)
    elif isinstance(cell, str):
        text = _half_width(cell)
        number = _from_text(text.removesuffix("%"), cell)
        number = number if not text.endswith("%") else EXACT.divide(number, Decimal(100))
    else:
        raise _no_number(cell)
    if number > 1:
        message = "{found} would be {percent} %: write 45%, or 0.45."
        percent = plain(EXACT.multiply(number, Decimal(100)))
        raise Unreadable(Fault("share_above_one", "", message, {"found": shown(cell), "percent": percent}))
    return plain(number)


def _from_text(text: str, cell: Cell) -> Decimal:
    if len(text) > _DIGITS_MAX or not _PLAIN_NUMBER.fullmatch(text.strip()):
        raise _no_number(cell)
    return _number(Decimal(text.strip().replace(",", "")), rounds=False)


def _number(value: Decimal, *, rounds: bool = True) -> Decimal:
    if not is_moderate(value):
        raise _no_number(value)
    return (_rounded(value) if rounds else value) or Decimal(0)


def is_moderate(value: Decimal) -> bool:
    """Whether a number is one that anybody could mean: all others would be long in the writing."""
    return value.is_finite() and (value == 0 or abs(value.adjusted()) <= _MAGNITUDE_MAX)


def _rounded(value: Decimal) -> Decimal:
    return _SHOWN.plus(value)


def _no_number(cell: Cell) -> Unreadable:
    message = "{found} is no number: write 1234.5, without words; for nothing at all leave it empty."
    return Unreadable(Fault("not_a_number", "", message, {"found": _quoted(cell)}))


def _date(cell: Cell, _money: MoneyUnit) -> str:
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time(0) else shown(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    found = _DAY.fullmatch(_half_width(cell)) if isinstance(cell, str) else None
    try:
        if found:
            year, month, day = (int(part) for part in found.groups() if part)
            return date(year, month, day).isoformat()
    except ValueError:
        pass
    raise Unreadable(Fault("not_a_day", "", "{found} is no day: write 2026-03-05.", {"found": _quoted(cell)}))


def _stage(cell: Cell, _money: MoneyUnit) -> str:
    stage = stages().get(_half_width(cell).lower()) if isinstance(cell, str) else None
    if stage is None:
        message = "{found} is no stage: choose one from the list of the cell."
        raise Unreadable(Fault("not_a_stage", "", message, {"found": _quoted(cell)}))
    return stage


@cache
def stages() -> Mapping[str, str]:
    """Every name of a stage, in any language, and its code."""
    names: dict[str, str] = {}
    for say in (Texts.load("zh"), Texts.load("en")):
        names |= {name.lower(): code for code in get_args(Stage) for name in (word(code, say), code)}
    return names


def _yes(cell: Cell, _money: MoneyUnit) -> str:
    said = _YES.get(_half_width(shown(cell)).lower())
    if said is None:
        message = "{found} is neither yes nor no."
        raise Unreadable(Fault("not_yes_or_no", "", message, {"found": _quoted(cell)}))
    return said


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _quoted(cell: Cell) -> str:
    said = shown(cell)
    return f"「{said[:_DIGITS_MAX]}…」" if len(said) > _DIGITS_MAX else f"「{said}」"


_READERS: Mapping[Kind, Callable[[Cell, MoneyUnit], str]] = {
    "text": _text, "basis": _text, "amount": _amount, "share": _share, "date": _date, "stage": _stage, "yes": _yes,
}  # fmt: skip
