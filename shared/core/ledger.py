"""What a fold knows of one jurisdiction: its entries, what changed since they were saved, and a way back.

Entries are frozen values kept by their class and key. The ledger is the only mutable thing in a fold; a
caller that cannot apply an event undoes it, and one that fails to save drops the ledger and loads it again.

A ledger need not have in memory what is saved of it: then it asks where that is kept, and nobody sees a difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, TypeVar

from shared.core.calendar import Moment
from shared.core.digest import digest_of_all

E = TypeVar("E")
Entries = dict[type, dict[str, Any]]
Mark = tuple[int, int, datetime]
"""How much could be undone, the position and the clock, where a block began."""

_LITTLE = 100

BEFORE_ALL_TIME = datetime(1, 1, 1, tzinfo=UTC)


class Kept(Protocol):
    """What is saved of one ledger, as it was saved last. NotAtHand where it cannot be read now."""

    def one(self, of: type, key: str) -> object | None: ...

    def all(self, of: type | None = None) -> Iterable[tuple[str, object]]:
        """The entries of a class, or of all classes."""
        ...


class Ledger:
    """The fold of one jurisdiction at a position. `kept`: where the rest of it is, if not all is in memory."""

    def __init__(
        self, jurisdiction: str, *, position: int = 0, clock: datetime = BEFORE_ALL_TIME, kept: Kept | None = None
    ) -> None:
        self.jurisdiction = jurisdiction
        self.position = position
        self.clock = clock
        self.since = position
        """The position at which changes were taken last: those to come are all since then."""
        self.quiet_until: datetime | None = None
        """No moment lies between the clock and this instant; None where that must be found out again."""
        self._agenda: Sequence[Moment] | None = None
        self._entries: Entries = {}
        self._undo: list[tuple[type, str, Any]] = []
        self._depth = 0
        self._changed: dict[type, set[str]] = defaultdict(set)
        self._kept = kept
        self._whole: set[type] = set()
        self._absent: set[tuple[type, str]] = set()

    @property
    def agenda(self) -> Sequence[Moment] | None:
        """Derived by shared.core.moments; None where it must be derived again."""
        return self._agenda

    @agenda.setter
    def agenda(self, moments: Sequence[Moment] | None) -> None:
        self._agenda, self.quiet_until = moments, None

    def put(self, key: str, entry: object) -> None:
        of = type(entry)
        kept = self._entries.setdefault(of, {})
        if self._depth:
            self._undo.append((of, key, kept.get(key)))  # None, where only what is saved has it: that is found again
        self._changed[of].add(key)
        kept[key] = entry

    def get(self, of: type[E], key: str) -> E | None:
        kept = self._entries.get(of)
        found: E | None = kept.get(key) if kept is not None else None
        if found is None and self._kept is not None and of not in self._whole and (of, key) not in self._absent:
            return self._recall_one(self._kept, of, key)
        return found

    def all(self, of: type[E]) -> Mapping[str, E]:
        if self._kept is not None and of not in self._whole:
            self._take_over(self._kept.all(of))
            self._whole.add(of)
        return self._entries.get(of, {})

    def recall(self) -> None:
        """Have all in memory."""
        if self._kept is not None:
            self._take_over(self._kept.all())
            self._kept = None

    def forget(self, kept: Kept) -> None:
        """Have no more in memory than there is little of. What changed must be saved, and no block be open."""
        if not self.is_saved:
            raise ValueError("what is not saved cannot be forgotten")
        self._entries = {of: entries for of, entries in self._entries.items() if len(entries) <= _LITTLE}
        # Of what stays, all is there if all was: a class of which some is missing is not whole.
        self._whole = set(self._entries) if self._kept is None else self._whole & self._entries.keys()
        self._kept = kept
        self._absent.clear()

    def _recall_one(self, kept: Kept, of: type[E], key: str) -> E | None:
        found = kept.one(of, key)
        if not isinstance(found, of):
            self._absent.add((of, key))
            return None
        self._entries.setdefault(of, {})[key] = found
        return found

    def _take_over(self, entries: Iterable[tuple[str, object]]) -> None:
        for key, entry in entries:
            self._entries.setdefault(type(entry), {}).setdefault(key, entry)  # what is in memory is newer

    @property
    def size(self) -> int:
        """How many entries are in memory."""
        return sum(map(len, self._entries.values()))

    @property
    def is_saved(self) -> bool:
        """Whether nothing changed since changes were taken, and nothing is changing."""
        return not self._depth and not any(self._changed.values())

    def everything(self) -> Iterable[tuple[str, object]]:
        """Every entry with its key."""
        self.recall()
        return [(key, entry) for entries in self._entries.values() for key, entry in entries.items()]

    def load(self, entries: Iterable[tuple[str, object]]) -> None:
        """Take over entries that are saved already; nothing counts as changed."""
        for key, entry in entries:
            self._entries.setdefault(type(entry), {})[key] = entry

    def copy(self) -> "Ledger":
        """The same state, to go on from by itself: entries are frozen, so only where they stand is copied."""
        self.recall()
        found = Ledger(self.jurisdiction, position=self.position, clock=self.clock)
        found._entries = {of: dict(entries) for of, entries in self._entries.items()}
        found.agenda = self.agenda
        return found

    def all_or_nothing(self) -> "AllOrNothing":
        """Undo every change of the block if it raises. Blocks may stand in one another."""
        return AllOrNothing(self)

    def begin(self) -> Mark:
        """Begin a block; where it began is needed to end it."""
        self._depth += 1
        return len(self._undo), self.position, self.clock

    def end(self, began: Mark, *, is_kept: bool) -> None:
        """End the innermost block, and undo its changes unless they are kept."""
        if not is_kept:
            mark, self.position, self.clock = began
            self._undo_to(mark)
            self.agenda = None
        self._depth -= 1
        if self._depth == 0:
            self._undo.clear()

    def _undo_to(self, mark: int) -> None:
        while len(self._undo) > mark:
            of, key, old = self._undo.pop()
            if old is None:
                del self._entries[of][key]
                self._whole.discard(of)  # what is saved under the key was not taken over while this stood there
            else:
                self._entries[of][key] = old

    def take_changes(self) -> list[tuple[str, object]]:
        """The entries to save, in a fixed order, each once with its newest value."""
        found = [
            (key, self._entries[of][key])
            for of, keys in sorted(self._changed.items(), key=lambda one: one[0].__name__)
            for key in sorted(keys)
            if key in self._entries[of]
        ]
        self._changed.clear()
        self.since = self.position
        return found

    def digest(self) -> str:
        """What is known, as one digest; two folds of the same record have the same."""
        self.recall()
        kept = ((of.__name__, key, entry) for of, entries in self._entries.items() for key, entry in entries.items())
        return digest_of_all(kept)


class AllOrNothing:
    """A block of changes to a ledger. No generator: every event of a record passes through one in each fold."""

    __slots__ = ("_began", "_ledger")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __enter__(self) -> None:
        self._began = self._ledger.begin()

    def __exit__(
        self, failed: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ledger.end(self._began, is_kept=failed is None)
