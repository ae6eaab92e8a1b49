"""When the entries of a ledger change their look, is what was saved before forgotten, and only then?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from shared.core.ledger import Ledger
from shared.infra.database import Database
from shared.infra.ledgers import Checkpoint, Saving, SqlLedgers
from shared.infra.wire import EntryCodec

pytestmark = pytest.mark.connected


@dataclass(frozen=True, slots=True)
class Seen:
    count: int


CODEC = EntryCodec({"Seen": Seen})


@pytest_asyncio.fixture
async def ledgers(database_url: str) -> AsyncIterator[SqlLedgers]:
    """One entry is saved by version 1."""
    database = Database(database_url)
    ledgers = SqlLedgers(database, CODEC, service="intake", source="/s")
    await ledgers.create(version=1)
    ledger = Ledger("j", position=3)
    ledger.put("x", Seen(7))
    await ledgers.save(Saving("RECORD", "j", Checkpoint(), Checkpoint(3, "e3", 3), [ledger]))
    yield ledgers
    await database.dispose()


async def test_the_same_version_finds_what_was_saved(ledgers: SqlLedgers) -> None:
    await ledgers.create(version=1)
    assert (await ledgers.ledger("j")).get(Seen, "x") == Seen(7)
    assert (await ledgers.checkpoint("RECORD", "j")).position == 3


async def test_another_version_begins_with_nothing_and_so_does_the_first_on_its_return(ledgers: SqlLedgers) -> None:
    for version in (2, 1):
        await ledgers.create(version=version)
        assert (await ledgers.ledger("j")).get(Seen, "x") is None
        assert await ledgers.checkpoint("RECORD", "j") == Checkpoint()


def test_entries_with_other_fields_have_another_fingerprint() -> None:
    @dataclass(frozen=True)
    class Other:
        count: str

    assert CODEC.fingerprint == EntryCodec({"Seen": Seen}).fingerprint
    assert CODEC.fingerprint != EntryCodec({"Seen": Other}).fingerprint
