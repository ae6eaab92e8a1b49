"""Is only the generation in use written to, and does nobody switch to one that stands elsewhere?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from shared.core.ledger import Ledger
from shared.infra.database import Database
from shared.infra.generations import Generations, NeedsRebuild, NotCaughtUp, Superseded
from shared.infra.ledgers import Checkpoint, Saving, SqlLedgers
from shared.infra.wire import EntryCodec

pytestmark = pytest.mark.connected


@dataclass(frozen=True, slots=True)
class Seen:
    count: int


CODEC = EntryCodec({"Seen": Seen})


def opened(database: Database, engine: str = "1", generation: int = 1) -> SqlLedgers:
    return SqlLedgers(database, CODEC, service="scoring", source="/s", engine=engine, generation=generation)


def generations(ledgers: SqlLedgers) -> Generations:
    assert ledgers.generations is not None
    return ledgers.generations


async def save(ledgers: SqlLedgers, position: int, *, before: Checkpoint, generation: int = 0) -> Checkpoint:
    ledger, after = Ledger("j", position=position), Checkpoint(position, f"e{position}", position)
    ledger.put("x", Seen(position))
    await ledgers.save(Saving("RECORD", "3", before, after, [ledger], generation=generation))
    return after


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite'}")
    yield database
    await database.dispose()


async def test_after_a_switch_the_old_one_is_written_to_no_more_and_the_new_one_is_read(database: Database) -> None:
    ledgers = opened(database)
    await ledgers.create()
    first = await save(ledgers, 3, before=Checkpoint(), generation=1)
    live = await generations(ledgers).in_use()
    number = await generations(ledgers).prepare(live)
    await save(opened(database, generation=number), 3, before=Checkpoint())
    await generations(ledgers).switch(live, number, stream="RECORD", reached={"3": (3, "e3")})
    with pytest.raises(Superseded):
        await save(ledgers, 4, before=first, generation=1)
    await ledgers.renew()
    with pytest.raises(Superseded):  # whoever read its ledger from the old one may not add to the new one
        await save(ledgers, 4, before=first, generation=1)
    assert (ledgers.generation, await ledgers.position("j")) == (2, 3)
    await save(ledgers, 4, before=first, generation=2)
    assert (await ledgers.ledger("j")).get(Seen, "x") == Seen(4)
    pointer = await generations(ledgers).in_use()
    assert (pointer.generation, pointer.before) == (2, 1)


async def test_one_that_stands_elsewhere_is_not_put_to_use(database: Database) -> None:
    ledgers = opened(database)
    await ledgers.create()
    before = await save(ledgers, 3, before=Checkpoint(), generation=1)
    live = await generations(ledgers).in_use()
    number = await generations(ledgers).prepare(live)
    await save(ledgers, 5, before=before, generation=1)
    with pytest.raises(NotCaughtUp):
        await generations(ledgers).switch(live, number, stream="RECORD", reached={"3": (3, "e3")})
    assert (await generations(ledgers).in_use()).generation == 1


async def test_what_other_code_made_is_not_followed(database: Database) -> None:
    await opened(database).create()
    newer = opened(database, engine="2")
    await newer.create()
    with pytest.raises(NeedsRebuild, match="duban rebuild"):
        await newer.renew()


async def test_where_nobody_knows_by_which_code_it_was_made_it_is_not_followed_either(database: Database) -> None:
    plain = SqlLedgers(database, CODEC, service="scoring", source="/s")
    await plain.create()
    await save(plain, 3, before=Checkpoint())
    ledgers = opened(database)
    await ledgers.create()
    with pytest.raises(NeedsRebuild):
        await ledgers.renew()


async def test_what_a_killed_rebuild_left_is_gone_when_the_next_one_begins(database: Database) -> None:
    ledgers = opened(database)
    await ledgers.create()
    live = await generations(ledgers).in_use()
    number = await generations(ledgers).prepare(live)
    await save(opened(database, generation=number), 3, before=Checkpoint())
    assert await generations(ledgers).prepare(live) == number
    assert await opened(database, generation=number).checkpoint("RECORD", "3") == Checkpoint()
