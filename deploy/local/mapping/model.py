"""What may stand in a mapping file? The small language in which a table's columns, oddities and events are declared.

A value that begins with `$` is a column or a constant: `$project`. Everything else is what it says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

Scalar = str | Decimal | bool
ColumnType = Literal["text", "code", "number", "money", "date", "last_day", "instant", "year", "flag"]
MoneyUnit = Literal["元", "千元", "万元", "百万元", "亿元"]
Consequence = Literal["flag", "blank", "skip", "ignore", "refuse"]

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How a column is found and what its cells say."""

    __pydantic_config__ = _STRICT

    reads: Annotated[
        tuple[str, ...],
        Field(
            description="names of the column in the table, synonyms included; of a header of two lines `upper/lower`"
        ),
    ]
    type: Annotated[
        ColumnType,
        Field(
            description="`code`: stable ASCII made from any text; `money`: yuan, whatever the unit; `date`, "
            "`last_day`: of a month or a year its first or last day; `instant`: else in the mapping's time zone"
        ),
    ] = "text"
    formats: Annotated[
        tuple[str, ...], Field(description="of dates and instants, as strptime reads them; else ISO and 2026年3月1日")
    ] = ()
    unit: Annotated[MoneyUnit, Field(description="in which the table gives money")] = "元"
    prefix: Annotated[str, Field(description="before every code that is made from text")] = ""
    codes: Annotated[
        Mapping[str, str | None] | None,
        Field(description="what each value of the table means; null: nothing. Any other value is a fault"),
    ] = None
    member: Annotated[str, Field(description="the cell is a JSON object: the member of it that is meant")] = ""
    empty_as: Annotated[tuple[str, ...], Field(description="texts that mean an empty cell")] = ()
    otherwise: Annotated[str, Field(description="the text that stands for an empty cell")] = ""
    joined: Annotated[
        bool, Field(description="line breaks within the cell are only how it is laid out, as in a name")
    ] = False
    fills_down: Annotated[
        bool, Field(description="an empty cell means what the row above means, as where cells are merged")
    ] = False
    carried: Annotated[
        bool, Field(description="where the row does not say it, the last value told of its key in any table")
    ] = False
    optional: Annotated[bool, Field(description="whether the column may be missing from the table")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One thing asked of a row; all that are given must hold. An empty cell is neither above nor below anything."""

    __pydantic_config__ = _STRICT

    column: str
    empty: bool | None = None
    one_of: tuple[Scalar, ...] | None = None
    none_of: tuple[Scalar, ...] | None = None
    like: Annotated[
        tuple[str, ...] | None,
        Field(description="texts, in which * stands for any text; spaces and widths of characters do not count"),
    ] = None
    below: Scalar | None = None
    at_most: Scalar | None = None
    above: Scalar | None = None
    at_least: Scalar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    __pydantic_config__ = _STRICT

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A column that must be the difference of two consecutive values of another, of the same key; days for dates."""

    __pydantic_config__ = _STRICT

    column: str
    of: str
    within: Annotated[Decimal, Field(description="how far off it may be, for rounding")] = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A column that does not go back in an order, of the same key; values that are not in it are passed over."""

    __pydantic_config__ = _STRICT

    column: str
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something to be counted and named. Exactly one of `rows`, `difference`, `backwards`, `gaps`, `absent`."""

    __pydantic_config__ = _STRICT

    id: str
    says: Said
    rows: Annotated[tuple[Test, ...], Field(description="rows of which all this holds")] = ()
    difference: Difference | None = None
    backwards: Order | None = None
    gaps: Annotated[
        bool, Field(description="times of the table at which a key is missed between its first and last")
    ] = False
    absent: Annotated[
        bool, Field(description="keys that the last time does not name any more; that withdraws nothing")
    ] = False
    batch: Annotated[Literal["all", "last"], Field(description="`last`: only rows of the last time")] = "all"
    then: Annotated[
        Consequence,
        Field(
            description="`flag`: told, and recorded all the same; `blank`: the tested cells count as empty; `skip`: "
            "not recorded; `ignore`: no row at all, as a line of totals; `refuse`: nothing of the table is recorded"
        ),
    ] = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A column that is not read, and why."""

    __pydantic_config__ = _STRICT

    column: str
    ignore: Annotated[Literal["future", "unneeded"], Field(description="`future`: it knows what came later")]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMapping:
    """An event that a row tells of, when all tests hold."""

    __pydantic_config__ = _STRICT

    type: Annotated[str, Field(description="as `project.project_listed`")]
    data: Annotated[Mapping[str, Any], Field(description="fields of the event; an unknown value leaves its field out")]
    when: tuple[Test, ...] = ()
    once: Annotated[tuple[str, ...], Field(description="columns: only the first row with these values tells it")] = ()
    news: Annotated[
        tuple[str, ...],
        Field(
            description="fields: told only where one of them is not what was last told of the same key, in any table"
        ),
    ] = ()
    on_behalf_of: Annotated[str, Field(description="the unit that it was told by, as `$unit`")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """One table; a file is read by the first whose columns it all has."""

    __pydantic_config__ = _STRICT

    name: str
    columns: Mapping[str, Column]
    sheet: Annotated[str, Field(description="its sheet; else any that has the columns")] = ""
    header_lines: int = 1
    key: Annotated[tuple[str, ...], Field(description="columns that say what a row is about")] = ()
    time: Annotated[str, Field(description="the column or constant that says when: rows are recorded in its order")] = (
        ""
    )
    moves_clock: Annotated[
        bool, Field(description="whether the time moves the clock of a jurisdiction opened as simulated or imported")
    ] = False
    one_per: Annotated[
        tuple[str, ...], Field(description="columns: of rows alike in them the last is kept; else the key and the time")
    ] = ()
    latest_by: Annotated[str, Field(description="the column whose greatest value is the last; else the order")] = ""
    fewest_rows: Annotated[int, Field(description="fewer at one time are a broken delivery: refused", ge=1)] = 1
    ignored: tuple[Ignored, ...] = ()
    checks: tuple[Check, ...] = ()
    events: tuple[EventMapping, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """A mapping file: what tables say, as events of one jurisdiction."""

    __pydantic_config__ = _STRICT

    mapping: Annotated[str, Field(description="its code; part of every submission's key")]
    tables: tuple[TableMapping, ...]
    title: str = ""
    jurisdiction: str = ""
    time_zone: str = "Asia/Shanghai"
    constants: Annotated[
        Mapping[str, str | None], Field(description="values by name; null: to be given with --set NAME=VALUE")
    ] = Field(default_factory=dict)


KINDS = ("rows", "difference", "backwards", "gaps", "absent")
ASKED = ("empty", "one_of", "none_of", "like", "below", "at_most", "above", "at_least")


def references(value: Any) -> Iterator[str]:
    """The columns and constants that a value of an event, or a bound of a test, refers to."""
    if isinstance(value, str) and value.startswith("$"):
        yield value[1:]
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from references(one)


def asked(test: Test) -> dict[str, Any]:
    """What a test asks, by name."""
    return {one.name: getattr(test, one.name) for one in fields(test) if one.name in ASKED and _given(test, one.name)}


def _given(test: Test, name: str) -> bool:
    return getattr(test, name) is not None
