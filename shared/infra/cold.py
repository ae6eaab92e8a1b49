"""How much of what is saved do the ledgers of a process keep in memory, and how is the rest read amid an event?

Whoever folds cannot be interrupted to await an answer: what is not in memory is read by a connection of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from shared.core.errors import NotAtHand
from shared.core.ledger import Ledger
from shared.infra.database import Database, DatabaseFailed
from shared.infra.wire import EntryCodec

ENTRIES_MAX = 30_000
"""What two lists of 2,000 projects have in the course of a year: 30 to 80 MB."""

_OF_LEDGER = "where jurisdiction = ?"


@dataclass(frozen=True, slots=True)
class Cold:
    """The saved entries of one ledger (shared.core.ledger.Kept)."""

    database: Database
    codec: EntryCodec
    jurisdiction: str
    table: str = "entry"

    def one(self, of: type, key: str) -> object | None:
        query = f"select body from {self.table} {_OF_LEDGER} and kind = ? and key = ?"  # noqa: S608 - a table of ours
        rows = self._rows(query, of.__name__, key)
        return self.codec.decode(of.__name__, rows[0][0]) if rows else None

    def all(self, of: type | None = None) -> Iterator[tuple[str, object]]:
        chosen = () if of is None else (of.__name__,)
        of_kind = " and kind = ?" if chosen else ""
        rows = self._rows(f"select kind, key, body from {self.table} {_OF_LEDGER}{of_kind}", *chosen)  # noqa: S608 - as above
        return ((key, self.codec.decode(kind, body)) for kind, key, body in rows)

    def _rows(self, query: str, *values: str) -> list[Any]:
        try:
            return self.database.rows_now(query, (self.jurisdiction, *values))
        except DatabaseFailed as failed:
            raise NotAtHand(str(failed)) from failed


@dataclass(slots=True)
class Memory:
    """The live ledgers of a process, over all its partitions, those used longest ago first."""

    database: Database
    codec: EntryCodec
    entries_max: int = ENTRIES_MAX
    table: str = "entry"
    _ledgers: WeakValueDictionary[str, Ledger] = field(default_factory=WeakValueDictionary, init=False)

    def of(self, jurisdiction: str) -> Cold:
        return Cold(self.database, self.codec, jurisdiction, self.table)

    def used(self, ledgers: Iterable[Ledger]) -> None:
        """Leave to the database what was not used for longest, until little enough is in memory."""
        for ledger in ledgers:
            self._ledgers.pop(ledger.jurisdiction, None)
            self._ledgers[ledger.jurisdiction] = ledger
        too_many = sum(one.size for one in self._ledgers.values()) - self.entries_max
        for ledger in list(self._ledgers.values()) if too_many > 0 else ():
            if ledger.is_saved and too_many > 0:
                before = ledger.size
                ledger.forget(self.of(ledger.jurisdiction))
                too_many -= before - ledger.size
