"""What was known at the last saved position, for whoever reads while the follower goes on?

A fold of a prefix of the record is the same whoever makes it. So a ledger that was loaded once goes along with each
batch that is saved, by its changes alone, and is right as soon as the database says that it stands at its position.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.scoring.domain.judge import current
from shared.core.events import LineDrawn
from shared.core.ledger import Ledger
from shared.infra.ledgers import Snapshot, SqlLedgers

_ENTRIES_MAX = 40_000
"""What some three lists of 2,000 projects have in the course of a year."""
_LISTS_MAX = 4


@dataclass(slots=True)
class Snapshots:
    """Whole ledgers to read only, few of them, by jurisdiction and position."""

    ledgers: SqlLedgers
    entries_max: int = _ENTRIES_MAX
    _kept: dict[str, dict[int, Ledger]] = field(default_factory=dict)
    _unsaved: dict[str, Snapshot] = field(default_factory=dict)
    _since: dict[str, list[Snapshot]] = field(default_factory=dict)
    _lines: dict[tuple[int, str], tuple[Ledger, Sequence[LineDrawn]]] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, jurisdiction: str, position: int) -> Ledger:
        """The ledger at the position that the database says; at a later one, if it has moved on meanwhile."""
        found = self._kept.get(jurisdiction, {}).get(position)
        if found is None:
            async with self._lock:  # one at a time: to load is much work, and mostly done for the next one too
                found = self._kept.get(jurisdiction, {}).get(position) or await self._load(jurisdiction)
        self._kept[jurisdiction] = self._kept.pop(jurisdiction, {found.position: found})  # the last read stands last
        return found

    async def _load(self, jurisdiction: str) -> Ledger:
        unsaved = self._unsaved.get(jurisdiction)
        self._since[jurisdiction] = since = [unsaved] if unsaved else []
        try:
            loaded = await self.ledgers.ledger(jurisdiction)
        finally:
            del self._since[jurisdiction]
        newest = loaded
        for one in since:
            newest = _beyond(newest, one) if one.since == newest.position else newest
        self._kept[jurisdiction] = {loaded.position: loaded, newest.position: newest}
        self._drop_some()
        return loaded

    def saving(self, snapshots: Sequence[Snapshot]) -> None:
        """Called before what a batch changes is saved: what is kept of these ledgers goes along."""
        for one in snapshots:
            self._unsaved[one.jurisdiction] = one
            if one.jurisdiction in self._since:
                self._since[one.jurisdiction].append(one)
            kept = self._kept.get(one.jurisdiction)
            if kept is None:
                continue
            if base := kept.get(one.since):
                self._kept[one.jurisdiction] = {one.since: base, one.position: _beyond(base, one)}
            else:  # what lies between is not known here
                del self._kept[one.jurisdiction]

    def forget(self) -> None:
        """Keep nothing: another generation is in use."""
        self._kept.clear()
        self._lines.clear()

    def saved(self, ledgers: Sequence[Ledger]) -> None:
        for one in ledgers:
            self._unsaved.pop(one.jurisdiction, None)

    def lines_of_now(self, ledger: Ledger, code: str) -> Sequence[LineDrawn]:
        """The current lines of a list, judged once for a ledger that no longer changes."""
        key = (id(ledger), code)
        kept = self._lines.pop(key, None)
        found = kept[1] if kept is not None else tuple(current(ledger, code, ledger.clock))
        self._lines[key] = (ledger, found)  # with the ledger, so that no other takes its id
        while len(self._lines) > _LISTS_MAX:
            del self._lines[next(iter(self._lines))]
        return found

    def _drop_some(self) -> None:
        """Keep the jurisdictions that were read last; of a jurisdiction's two ledgers most entries are the same."""
        sizes = {name: max(one.size for one in kept.values()) for name, kept in self._kept.items()}
        too_many = sum(sizes.values()) - self.entries_max
        for name in list(self._kept)[:-1]:
            if too_many <= 0:
                return
            del self._kept[name]
            too_many -= sizes[name]


def _beyond(base: Ledger, snapshot: Snapshot) -> Ledger:
    found = base.copy()
    found.position, found.clock, found.agenda = snapshot.position, snapshot.clock, None
    found.load(snapshot.changes)
    return found
