"""What is odd in a table? Each thing is counted, named and shown in its place; what is absent is never withdrawn."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from deploy.local.mapping.cells import Value
from deploy.local.mapping.model import Check, Consequence, Difference, Order, Said, TableMapping
from deploy.local.mapping.rows import Header, Row, holds
from shared.core.errors import Fault

DUPLICATES = Said(zh="与前面的行完全相同，只取一行", en="rows stand there word for word a second time; read once")
SUPERSEDED = Said(
    zh="同一对象同一时间另有更新的行，以最后一行为准", en="rows are superseded by a later one of the same"
)
UNREAD = Said(zh="列未读取", en="columns are not read")
FUTURE = Said(zh="列含有事后才知道的内容，不作为当期依据", en="columns know what came later; never read")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a row (0: the table itself), what it is about, and when."""

    row: int
    key: str
    at: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for: how often it was found, of how many, and where."""

    table: str
    id: str
    says: Said
    then: Consequence
    of: int
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        return len(self.places)

    @property
    def keys(self) -> int:
        """How many different things it was found of."""
        return len({place.key for place in self.places})


def merged(rows: Sequence[Row]) -> tuple[list[Row], Iterator[Finding]]:
    """One row for each key and time, in the order of time; those left out are counted. Links each to the one before."""
    kept: dict[tuple[Value, ...], Row] = {}
    duplicates, superseded = [], []
    for row in rows:
        one_per = row.values(_one_per(row.of)) or tuple(row.cells)
        other = kept.setdefault(one_per, row)
        if other is row:
            continue
        if tuple(other.cells) == tuple(row.cells):
            duplicates.append(row)
            continue
        late, early = (row, other) if _is_later(row, other) else (other, row)
        kept[one_per] = late
        superseded.append(early)
    ordered = sorted(kept.values(), key=lambda row: (row.at or datetime.max.replace(tzinfo=row.zone)).timestamp())
    last: dict[tuple[Value, ...], Row] = {}
    for row in ordered:
        row.previous = last.get(row.key) if row.of.key else None
        last[row.key] = row
    found = [("duplicates", DUPLICATES, duplicates), ("superseded", SUPERSEDED, superseded)]
    told = (
        Finding(rows[0].of.name, name, says, "skip", len(rows), _places(some)) for name, says, some in found if some
    )
    return ordered, told


def _one_per(table: TableMapping) -> tuple[str, ...]:
    return table.one_per or ((*table.key, table.time) if table.key and table.time else table.key)


def _is_later(row: Row, other: Row) -> bool:
    if not row.of.latest_by:
        return True
    new, old = row.value(row.of.latest_by), other.value(row.of.latest_by)
    return old is None or (new is not None and new >= old)  # type: ignore[operator]


def broken_deliveries(table: TableMapping, rows: Sequence[Row]) -> Iterator[Fault]:
    """Times of which there are fewer rows than any whole delivery has; a table with none is always one."""
    sizes = Counter(row.at for row in rows) or Counter({None: 0})
    for at, count in sizes.items():
        if count < max(1, table.fewest_rows):
            message = "Table {table} holds {count} rows{at}, fewer than {fewest}: a broken delivery says nothing."
            named = {"table": table.name, "count": str(count), "fewest": str(max(1, table.fewest_rows)),
                     "at": f" ({at.isoformat()})" if at else ""}  # fmt: skip
            yield Fault("broken_delivery", "", message, named)


def columns_found(table: TableMapping, header: Header) -> Iterator[Finding]:
    """Columns that are not read: those that nobody asked for, and those that know the future."""
    future = [Place(0, one.column, "", one.reason) for one in table.ignored if one.ignore == "future"]
    unread = [Place(0, name, "") for name in header.unread]
    width = max(map(len, header.table.rows), default=0)
    for name, says, places in (("future", FUTURE, future), ("unread", UNREAD, unread)):
        if places:
            yield Finding(table.name, name, says, "skip", width, tuple(places))


def checked(check: Check, rows: Sequence[Row]) -> Finding:
    """Look for one thing, and note in the rows what follows from it."""
    last = max((row.at for row in rows if row.at), default=None)
    looked_at = [row for row in rows if check.batch == "all" or row.at == last]
    if check.rows:
        return _of_rows(check, looked_at)
    if check.difference:
        return _differences(check, check.difference, looked_at)
    if check.backwards:
        return _backwards(check, check.backwards, looked_at)
    return _gaps(check, rows) if check.gaps else _absent(check, rows, last)


def _of_rows(check: Check, rows: Sequence[Row]) -> Finding:
    columns = [test.column for test in check.rows]
    found = [row for row in rows if all(holds(test, row) for test in check.rows)]
    for row in found:
        row.is_skipped = row.is_skipped or check.then == "skip"
        row.blank |= set(columns) if check.then == "blank" else set()
    return _finding(check, len(rows), _places(found, columns))


def _differences(check: Check, asked: Difference, rows: Sequence[Row]) -> Finding:
    places, count = [], 0
    for row in rows:
        stated, now = row.value(asked.column), row.value(asked.of)
        before = row.previous.value(asked.of) if row.previous else None
        if not isinstance(stated, Decimal) or now is None or before is None:
            continue
        count += 1
        true = _difference(now, before)
        if abs(true - stated) > asked.within:
            places.append(_place(row, f"{stated} ≠ {true}"))
    return _finding(check, count, places)


def _difference(now: Any, before: Any) -> Decimal:
    span = now - before
    return Decimal(span.days) if isinstance(now, date) else Decimal(span)


def _backwards(check: Check, asked: Order, rows: Sequence[Row]) -> Finding:
    places, count = [], 0
    last: dict[tuple[Value, ...], int] = {}
    for row in rows:
        value = row.value(asked.column)
        if value not in asked.order:
            continue
        place = asked.order.index(str(value))
        before = last.get(row.key)
        count += before is not None
        if before is not None and place < before:
            places.append(_place(row, f"{asked.order[before]} → {value}"))
        last[row.key] = place
    return _finding(check, count, places)


def _gaps(check: Check, rows: Sequence[Row]) -> Finding:
    times = sorted({row.at for row in rows if row.at})
    had: dict[tuple[Value, ...], set[datetime]] = {}
    for row in rows:
        if row.at:
            had.setdefault(row.key, set()).add(row.at)
    missed = [(key, at) for key, held in had.items() for at in times if min(held) < at < max(held) and at not in held]
    return _finding(check, len(rows) + len(missed), [Place(0, _words(key), at.isoformat()) for key, at in missed])


def _absent(check: Check, rows: Sequence[Row], last: datetime | None) -> Finding:
    latest = {row.key: row for row in rows}
    gone = [row for row in latest.values() if row.at != last]
    return _finding(check, len(latest), _places(gone))


def _finding(check: Check, of: int, places: Iterable[Place]) -> Finding:
    return Finding("", check.id, check.says, check.then, of, tuple(places))


def _places(rows: Sequence[Row], columns: Sequence[str] = ()) -> tuple[Place, ...]:
    return tuple(_place(row, ", ".join(f"{name} {_word(row.value(name))}" for name in columns)) for row in rows)


def _place(row: Row, told: str) -> Place:
    at = row.at
    return Place(row.number, _words(row.key), at.isoformat() if at else "", told)


def _words(key: tuple[Value, ...]) -> str:
    return " ".join(map(_word, key))


def _word(value: Value) -> str:
    return "-" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)
