"""Is what is saved of a ledger what it held at one moment, and does whoever goes on with it not wait for that?"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import pytest_asyncio

from services.intake.bookkeeping import Book
from services.intake.domain import known
from services.intake.domain.known import Receipt
from shared.core import register
from shared.core.events import Recorded, UnitRegistered
from shared.core.ledger import Ledger
from shared.infra.database import Database
from shared.infra.ledgers import Checkpoint, CheckpointLost, Saving, Snapshot, SqlLedgers
from shared.infra.wire import EntryCodec

pytestmark = pytest.mark.connected
MANY = 1_200
AT = datetime(2026, 4, 3, tzinfo=UTC)


@pytest_asyncio.fixture
async def ledgers(database_url: str) -> AsyncIterator[SqlLedgers]:
    database = Database(database_url)
    ledgers = SqlLedgers(database, EntryCodec.of(register, known), service="intake", source="/s")
    await ledgers.create(version=1)
    yield ledgers
    await database.dispose()


async def test_what_a_ledger_takes_up_later_is_not_saved_with_a_snapshot(ledgers: SqlLedgers) -> None:
    ledger = Ledger("j", position=MANY)
    for number in range(MANY):
        ledger.put(f"a/{number}", Receipt("digest", f"e{number}", number, AT))
    snapshot = Snapshot.of(ledger)
    ledger.put("a/0", Receipt("digest", "later", 0, AT))
    ledger.position += 1
    await ledgers.save(Saving("RECORD", "j", Checkpoint(), Checkpoint(MANY, "e", MANY), [snapshot]))
    saved = await ledgers.ledger("j")
    assert saved.position == MANY
    assert [saved.all(Receipt)[f"a/{number}"].event for number in range(MANY)] == [f"e{n}" for n in range(MANY)]
    assert [key for key, _ in ledger.take_changes()] == ["a/0"]


@dataclass
class SlowLedgers:
    """A store that saves when it is let, or fails with what it is told."""

    may_save: asyncio.Event = field(default_factory=asyncio.Event)
    saved: list[Saving] = field(default_factory=list)
    failure: Exception | None = None

    async def save(self, saving: Saving) -> None:
        await self.may_save.wait()
        if self.failure:
            raise self.failure
        self.saved.append(saving)


def a_book(ledgers: SlowLedgers) -> Book:
    return Book("j", cast(Any, None), cast(Any, ledgers), Ledger("j"))


def recorded(book: Book, position: int) -> None:
    unit = UnitRegistered(code="a", name="a", kind="town")
    one = Recorded(position=0, id=f"e{position}", jurisdiction="j", data=unit, time=AT, recorded_at=AT)
    assert book.ledger
    book.file(book.ledger, [one], [position])


async def test_what_is_recorded_while_a_save_goes_on_is_saved_by_the_next() -> None:
    ledgers = SlowLedgers()
    book = a_book(ledgers)
    async with asyncio.TaskGroup() as beside:
        for position in (1, 2):
            recorded(book, position)
            book.save(beside, at_once=True)
        assert ledgers.saved == []
        ledgers.may_save.set()
    assert [one.after.position for one in ledgers.saved] == [1]
    async with asyncio.TaskGroup() as beside:
        book.save(beside, at_once=True)
    assert [(one.before.position, one.after.position) for one in ledgers.saved] == [(0, 1), (1, 2)]
    assert not book.is_unsaved


@pytest.mark.parametrize("failure", [CheckpointLost("another intake"), OSError("disk")])
async def test_after_a_save_that_failed_the_record_is_read_again(failure: Exception) -> None:
    ledgers = SlowLedgers(failure=failure)
    book = a_book(ledgers)
    ledgers.may_save.set()
    recorded(book, 1)
    async with asyncio.TaskGroup() as beside:
        book.save(beside, at_once=True)
    assert book.ledger is None
