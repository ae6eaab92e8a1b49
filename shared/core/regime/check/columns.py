"""Has each table the columns that are asked of it, and can there stand in them what is asked for?"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from shared.core.errors import Fault
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pieces import pieces, under
from shared.core.regime.column_words import COLUMN_WORDS
from shared.core.regime.language import Bound, Cell, Text
from shared.core.regime.management import Duty
from shared.core.regime.measures import Count, Panel, Portion, Taken
from shared.core.regime.model import Regime
from shared.core.regime.scoring import ByCount
from shared.core.regime.terms import COLUMNS, ColumnKind, Table

_TOLD: Mapping[str, frozenset[Table]] = {
    "to": frozenset(table for table, columns in COLUMNS.items() if "to" in columns),
    "joined_by": frozenset({"meeting", "round"}),
    "circulate_to": frozenset({"meeting", "round"}),
}
"""What a duty may say of its rows beyond `where`: to whom they go, who is asked to join, who gets the paper of it."""


def table_faults(regime: Regime) -> Iterator[Fault]:
    """Columns that their table does not have, or that hold something else."""
    for pointer, piece in pieces(regime):
        match piece:
            case Count(count=table, where=where) | Taken(of=table, where=where) | Panel(panel=table, where=where):
                yield from columns(regime, table, where, f"{pointer}/where")
            case ByCount(per=table, where=where) | Duty(do=table, where=where):
                yield from columns(regime, table, where, f"{pointer}/where")
            case Portion(portion_of=table, where=where, among=among):
                yield from columns(regime, table, where, f"{pointer}/where")
                yield from columns(regime, table, among, f"{pointer}/among")
        match piece:
            case Taken(of=table, column=column):
                yield from _column(table, column, "number", f"{pointer}/column")
            case ByCount(points=points):
                yield from _by(regime, piece, dict(points) if isinstance(points, Mapping) else {}, pointer)
            case Duty():
                yield from _duty(piece, pointer)


def columns(regime: Regime, table: Table, where: Mapping[str, Cell] | None, pointer: str) -> Iterator[Fault]:
    for name, wanted in (where or {}).items():
        kind: ColumnKind = "number" if isinstance(wanted, Bound) else "flag" if isinstance(wanted, bool) else "text"
        yield from _column(table, name, kind, under(pointer, name))
        if wanted in (Bound(), ()):
            yield _fault("empty_condition", under(pointer, name), "The condition tests nothing.")
        if isinstance(wanted, str | tuple):
            yield from _words(regime, table, name, texts(wanted), under(pointer, name))


def texts(wanted: Text | None) -> tuple[str, ...]:
    return () if wanted is None else (wanted,) if isinstance(wanted, str) else wanted


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant; empty where none is like it."""
    return next(iter(get_close_matches(name.lower().replace("-", "_"), list(known), n=1)), "")


def _column(table: Table, name: str, kind: ColumnKind, pointer: str) -> Iterator[Fault]:
    known = COLUMNS[table]
    if name not in known:
        message = "The table {table} has no column {name}; it has {known}."
        yield _fault("unknown_column", pointer, message, table=table, name=name, known=", ".join(known))
    elif known[name] != kind:
        message = "The column {name} of {table} is of kind {kind}: {form}."
        yield _fault(
            "wrong_column", pointer, message, table=table, name=name, kind=known[name], form=_FORMS[known[name]]
        )


_FORMS: Mapping[ColumnKind, str] = {
    "text": "x", "number": "{ at_least: 1 }", "flag": "true",
    "date": "-",
}  # fmt: skip


def _words(regime: Regime, table: Table, column: str, wanted: Iterable[str], pointer: str) -> Iterator[Fault]:
    """Texts that can never stand in a column: it holds words of a closed set, or the ids of this regime's own rules."""
    known = _known(regime, table, column)
    for word in wanted if known is not None else ():
        if known is None or word in known:
            continue
        near = nearest(word, known)
        said = near or ", ".join(sorted(filter(None, known))) or "-"
        message = "In the column {name} of {table} never stands {word}; there may stand: {known}."
        yield _fault("unknown_word", pointer, message, name=column, table=table, word=word or '""', known=said)


def _known(regime: Regime, table: Table, column: str) -> frozenset[str] | None:
    match table, column:
        case "return", "cadence":
            return COLUMN_WORDS["return", "cadence"] | {str(one.cadence) for one in regime.reporting}
        case "duty", "duty":
            return frozenset(one.id for one in regime.duties)
        case "requirement", "requirement":
            return frozenset(one.id for one in regime.requirements)
        case _:
            return COLUMN_WORDS.get((table, column))


def _by(regime: Regime, by_count: ByCount, points: Mapping[str, object], pointer: str) -> Iterator[Fault]:
    table, by, is_split = by_count.per, by_count.by, isinstance(by_count.points, Mapping)
    if by:
        yield from _column(table, by, "text", f"{pointer}/by")
    if bool(by) != is_split:
        message = "Points for each value of a column need the column in `by`, and `by` needs points for each value."
        yield _fault("points_without_column", f"{pointer}/points", message)
    for word in points:
        yield from _words(regime, table, by, [word], under(pointer, "points", word))


def _duty(duty: Duty, pointer: str) -> Iterator[Fault]:
    for name, tables in _TOLD.items():
        if getattr(duty, name) and duty.do not in tables:
            message = "Nothing tells this of the table {table}: {name} is for {known}."
            known = ", ".join(sorted(tables))
            yield _fault("not_told", f"{pointer}/{name}", message, table=duty.do, name=name, known=known)
