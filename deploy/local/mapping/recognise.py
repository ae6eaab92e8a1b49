"""What is an office's old ledger about? Its header, columns, units and leaders, recognised by what offices call them.

Nothing is decided here: the outcome is a mapping file that people read, change, and import with.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from deploy.local.mapping.cells import BadCell, code_of, joined, read_cell
from deploy.local.mapping.model import Column
from deploy.local.mapping.rows import labels_of, matches, plain_label
from shared.core.digest import digest
from shared.infra.tables import Cell, Table

_HEADER_WITHIN_ROWS = 30
_HEADER_LINES_MAX = 2
_ROLES_NEEDED = 3
_MONEY = ("total", "plan", "ytd")
_BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_YEAR = re.compile(r"(20\d{2})年?")
_MONTH = re.compile(r"(\d{1,2})月")


_UTC = ZoneInfo("UTC")
_ATTACHED = re.compile(r"附[件表录]?[\d一二三四五六七八九十-]*:?")
_LABELLED = re.compile(r"[^:]{1,8}:|[\d年月日./-]+$")


class NotALedger(Exception):
    """No header of a ledger was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """A column of a ledger and what it was recognised as."""

    role: str
    name: str
    place: int


@dataclass(slots=True)
class Ledger:
    """What was recognised. `units` and `leaders` are proposed codes by name."""

    table: Table
    title: str
    header_row: int
    header_lines: int
    columns: list[Found]
    unrecognised: list[str]
    year: str
    month: str
    money_unit: str
    units: dict[str, str] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    fills_down: set[str] = field(default_factory=set)
    stated: dict[str, Decimal] = field(default_factory=dict)
    """What its own line of totals says, in the unit of the column."""

    def column(self, role: str) -> Found | None:
        return next((one for one in self.columns if one.role == role), None)


@cache
def words() -> Mapping[str, Any]:
    """The synonyms that come along."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8"))
    return found


def recognise(tables: Sequence[Table]) -> Ledger:
    """The ledger among tables: the header in which most columns are known. NotALedger if there is none."""
    best = max((one for table in tables for one in _candidates(table)), key=lambda one: one[0], default=None)
    if best is None or best[0][0] < _ROLES_NEEDED:
        raise NotALedger("no header was found: a ledger names at least its projects and two things of each")
    _, table, start, lines = best
    ledger = _ledger(table, start, lines)
    body = table.rows[start + lines :]
    unit, leader, name = ledger.column("unit") or ledger.column("owner"), ledger.column("leader"), ledger.column("name")
    assert name is not None  # no header counts without it
    projects = [row for row in body if _is_project(row, name.place)]
    if unit is not None:
        ledger.units.update({text: code_of(text, "u-") for text in _named(projects, unit.place)})
    if leader is not None:
        # Not made of the name, which could be guessed from it; and no other ledger's codes.
        prefix = f"leader-{digest(ledger.title)[:4]}"
        named = enumerate(_named(projects, leader.place), start=1)
        ledger.leaders.update({text: f"{prefix}-{number:02}" for number, text in named})
    if unit is not None and any(_at(row, unit.place) is None for row in projects):
        ledger.fills_down.add(unit.role)  # every project has a unit; that it has a leader cannot be known
    total = _total_of_all(body)
    for column in ledger.columns:
        if is_money(column.role) and (stated := _number(_at(total, column.place))) is not None:
            ledger.stated[column.role] = stated
    return ledger


def _named(rows: Sequence[Sequence[Cell]], place: int) -> Iterator[str]:
    """Each text that stands in a column, once, in order."""
    texts = (joined(str(cell).strip()) for row in rows if (cell := _at(row, place)) is not None)
    yield from (text for text in dict.fromkeys(texts) if text not in words()["empty"])


def _candidates(table: Table) -> Iterator[tuple[tuple[int, int, int], Table, int, int]]:
    for start in range(min(len(table.rows), _HEADER_WITHIN_ROWS)):
        for lines in range(1, _HEADER_LINES_MAX + 1):
            found, _ = _columns(table.rows[start : start + lines])
            if any(one.role == "name" for one in found):
                yield (len(found), -lines, -start), table, start, lines


def _columns(lines: Sequence[Sequence[Cell]]) -> tuple[list[Found], list[str]]:
    """The known columns of a header, each role once, and the names of the others."""
    by_place: dict[int, str] = {}
    for label, place in labels_of(lines).items():
        by_place.setdefault(place, label)  # the whole name, where there are two lines
    found: list[Found] = []
    rest: list[str] = []
    for place, label in sorted(by_place.items()):
        taken = {one.role for one in found}
        role = next(
            (role for role, names in words()["columns"].items() if _fits(names, label) and role not in taken), ""
        )
        if role:
            found.append(Found(role, label, place))
        else:
            rest.append(label)
    return found, rest


def _fits(names: Sequence[str], label: str) -> bool:
    core = _BRACKETS.sub("", label)
    last = core.rpartition("/")[2]
    return any(matches(plain_label(name), text) for name in names for text in (core, last))


def _ledger(table: Table, start: int, lines: int) -> Ledger:
    found, rest = _columns(table.rows[start : start + lines])
    above = [str(cell).strip() for row in table.rows[:start] for cell in row if cell is not None]
    title = _title(above) or table.name
    ytd = next((one.name for one in found if one.role == "ytd"), "")
    year, months = _YEAR.search(title) or _YEAR.search(ytd), _MONTH.findall(ytd) or _MONTH.findall(title)
    said = "".join(plain_label(one) for one in above)
    unit = next((one for one in words()["money_units"] if f"单位:{one}" in said or f"单位{one}" in said), "元")
    return Ledger(
        table=table, title=title, header_row=start + 1, header_lines=lines, columns=found, unrecognised=rest,
        year=year[1] if year else "", month=f"{int(months[-1]):02}" if months else "", money_unit=unit,
    )  # fmt: skip


def _is_project(row: Sequence[Cell], place: int) -> bool:
    return _at(row, place) is not None and not _is_total(row) and sum(cell is not None for cell in row) > 2


def _title(above: Sequence[str]) -> str:
    """The first line above the header that is a title, and no field of a form (填报单位：…)."""
    bare = [(joined(text), _ATTACHED.sub("", _BRACKETS.sub("", plain_label(text)))) for text in above]
    titles = [(text, core) for text, core in bare if core and not _is_form_field(core)]
    named = (text for text, core in titles if any(word in core for word in words()["titles"]))
    return next(named, titles[0][0] if titles else "")


def _is_form_field(core: str) -> bool:
    return core.startswith(tuple(words()["form_fields"])) or _LABELLED.match(core) is not None


def _is_total(row: Sequence[Cell]) -> bool:
    return any(_is_like(cell, [*words()["totals"], *words()["subtotals"]]) for cell in row[:3])


def _total_of_all(body: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
    """The one line that sums up everything; none where several may be it, as where each part has its own."""
    totals = [row for row in body if any(_is_like(cell, words()["totals"]) for cell in row[:3])]
    whole = [row for row in totals if any(plain_label(str(cell)).startswith("总") for cell in row[:3])]
    found = whole or totals
    return found[0] if len(found) == 1 else ()


def _is_like(cell: Cell, names: Sequence[str]) -> bool:
    return isinstance(cell, str) and any(matches(plain_label(name), plain_label(cell)) for name in names)


def _number(cell: Cell) -> Decimal | None:
    try:
        found = read_cell(Column(reads=(), type="number"), cell, _UTC)
    except BadCell:
        return None
    return found if isinstance(found, Decimal) else None


def _at(row: Sequence[Cell], place: int) -> Cell:
    cell = row[place] if place < len(row) else None
    return cell if not isinstance(cell, str) or cell.strip() else None


def unit_kind(name: str) -> str:
    """What a unit is by the end of its name."""
    kinds = words()["unit_kinds"].items()
    fitting = ((len(end), kind) for kind, ends in kinds for end in ends if name.endswith(end))
    found: str = max(fitting, default=(0, words()["unit_kind_otherwise"]))[1]
    return found


def level_of(name: str) -> str:
    """Of which level a place is by the end of its name; of a title, by what stands before the year or after 全."""
    of_all = re.match("全(.)", name)
    place = of_all[1] if of_all else _YEAR.split(name)[0].strip()
    levels = words()["levels"].items()
    fitting = ((len(end), level) for level, ends in levels for end in ends if place.endswith(end))
    found: str = max(fitting, default=(0, words()["level_otherwise"]))[1]
    return found


def money_unit_of(ledger: Ledger, column: Found) -> str:
    """The unit in which a column gives money: as its name says, else as the sheet says above the header."""
    bracketed = "".join(_BRACKETS.findall(column.name))
    return next((one for one in words()["money_units"] if one in (bracketed or column.name)), ledger.money_unit)


def is_money(role: str) -> bool:
    return role in _MONEY
