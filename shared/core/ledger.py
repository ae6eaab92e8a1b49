"""What a fold knows of one jurisdiction: its entries, what changed since they were saved, and a way back.

Entries are frozen values kept by their class and key. The ledger is the only mutable thing in a fold; a
caller that cannot apply an event undoes it, and one that fails to save drops the ledger and loads it again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from shared.core.calendar import Moment
from shared.core.digest import digest_of_all

E = TypeVar("E")
Entries = dict[type, dict[str, Any]]

BEFORE_ALL_TIME = datetime(1, 1, 1, tzinfo=UTC)


class Ledger:
    """The fold of one jurisdiction at a position."""

    def __init__(self, jurisdiction: str, *, position: int = 0, clock: datetime = BEFORE_ALL_TIME) -> None:
        self.jurisdiction = jurisdiction
        self.position = position
        self.clock = clock
        self.agenda: Sequence[Moment] | None = (
            None  # derived by shared.core.moments; None where it must be derived again
        )
        self._entries: Entries = {}
        self._undo: list[tuple[type, str, Any]] = []
        self._depth = 0
        self._changed: set[tuple[type, str]] = set()

    def put(self, key: str, entry: object) -> None:
        kept = self._entries.setdefault(type(entry), {})
        if self._depth:
            self._undo.append((type(entry), key, kept.get(key)))
        self._changed.add((type(entry), key))
        kept[key] = entry

    def get(self, of: type[E], key: str) -> E | None:
        return cast("E | None", self._entries.get(of, {}).get(key))

    def all(self, of: type[E]) -> Mapping[str, E]:
        return cast("Mapping[str, E]", self._entries.get(of, {}))

    def load(self, entries: Iterable[tuple[str, object]]) -> None:
        """Take over entries that are saved already; nothing counts as changed."""
        for key, entry in entries:
            self._entries.setdefault(type(entry), {})[key] = entry

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo every change of the block if it raises. Blocks may stand in one another."""
        mark, position, clock = len(self._undo), self.position, self.clock
        self._depth += 1
        try:
            yield
        except BaseException:
            self._undo_to(mark)
            self.position, self.clock, self.agenda = position, clock, None
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._undo.clear()

    def _undo_to(self, mark: int) -> None:
        while len(self._undo) > mark:
            of, key, old = self._undo.pop()
            if old is None:
                del self._entries[of][key]
            else:
                self._entries[of][key] = old

    def take_changes(self) -> list[tuple[str, object]]:
        """The entries to save, in a fixed order, each once with its newest value."""
        changed = sorted(self._changed, key=lambda one: (one[0].__name__, one[1]))
        self._changed.clear()
        return [(key, self._entries[of][key]) for of, key in changed if key in self._entries[of]]

    def digest(self) -> str:
        """What is known, as one digest; two folds of the same record have the same."""
        kept = ((of.__name__, key, entry) for of, entries in self._entries.items() for key, entry in entries.items())
        return digest_of_all(kept)
