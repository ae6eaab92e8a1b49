"""Who reads sees a ledger as it was saved, whatever the follower does meanwhile, and mostly without loading."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from services.scoring.snapshots import Snapshots
from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from shared.infra.ledgers import Snapshot
from tests.support.waits import until


def a_unit(number: int) -> UnitRegistered:
    return UnitRegistered(code=f"u{number}", name=f"unit {number}", kind="town")


@dataclass
class Store:
    """What is saved, and a follower that goes on: one unit more at each position."""

    snapshots: Snapshots = field(init=False)
    live: dict[str, Ledger] = field(default_factory=dict)
    saved: dict[str, Ledger] = field(default_factory=dict)
    loaded: int = 0
    may_load: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.snapshots = Snapshots(cast(Any, self), entries_max=10)
        self.may_load.set()

    async def ledger(self, jurisdiction: str) -> Ledger:
        self.loaded += 1
        found = self.saved[jurisdiction].copy()
        await self.may_load.wait()
        return found

    def fold(self, jurisdiction: str = "j", *, to: int) -> Snapshot:
        """Take events up to a position, and begin to save them."""
        ledger = self.live.setdefault(jurisdiction, Ledger(jurisdiction))
        for number in range(ledger.position + 1, to + 1):
            ledger.put(f"u{number}", a_unit(number))
        ledger.position = to
        snapshot = Snapshot.of(ledger)
        self.snapshots.saving([snapshot])
        return snapshot

    def commit(self, jurisdiction: str = "j") -> None:
        self.saved[jurisdiction] = self.live[jurisdiction].copy()
        self.snapshots.saved([self.live[jurisdiction]])

    async def read(self, jurisdiction: str = "j") -> tuple[int, int]:
        """The position that is read, and how many units are there."""
        found = await self.snapshots.at(jurisdiction, self.saved[jurisdiction].position)
        return found.position, len(found.all(UnitRegistered))


async def test_what_was_loaded_once_goes_along_with_every_batch_that_is_saved() -> None:
    store = Store()
    store.fold(to=3)
    store.commit()
    assert await store.read() == (3, 3)
    for position in (4, 7, 20):
        store.fold(to=position)
        store.commit()
        assert await store.read() == (position, position)
    assert store.loaded == 1


async def test_what_is_not_saved_yet_is_not_read() -> None:
    store = Store()
    store.fold(to=3)
    store.commit()
    await store.read()
    store.fold(to=5)
    assert await store.read() == (3, 3)
    store.commit()
    assert await store.read() == (5, 5)
    assert store.loaded == 1


async def test_what_is_saved_while_a_ledger_is_loaded_is_not_missed() -> None:
    store = Store()
    store.fold(to=3)
    store.commit()
    store.may_load.clear()
    store.fold(to=4)  # on its way when the loading begins
    async with asyncio.TaskGroup() as beside:
        reading = beside.create_task(store.read())
        await until(lambda: store.loaded, 5)
        store.commit()
        store.fold(to=6)
        store.commit()
        store.may_load.set()
    assert reading.result() == (3, 3)
    store.fold(to=8)
    store.commit()
    assert await store.read() == (8, 8)
    assert store.loaded == 1


async def test_a_ledger_that_something_is_missing_of_is_loaded_again() -> None:
    store = Store()
    store.fold(to=3)
    store.commit()
    await store.read()
    ledger = store.live["j"]
    ledger.put("u4", a_unit(4))
    ledger.position = 4
    store.saved["j"] = ledger.copy()  # by another process: nothing is told of it here
    ledger.take_changes()
    store.fold(to=5)
    store.commit()
    assert await store.read() == (5, 5)
    assert await store.read() == (5, 5)
    assert store.loaded == 2


async def test_of_too_many_those_read_last_are_kept() -> None:
    store = Store()
    for name in ("a", "b", "c"):
        store.fold(name, to=5)
        store.commit(name)
    for name in ("a", "b", "a", "c", "a"):
        assert await store.read(name) == (5, 5)
    assert store.loaded == 3
    await store.read("b")
    assert store.loaded == 4
