"""Is a rebuild the same on each database, and is what differs accepted by the command and by `duban verify`?"""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import district, installation
from deploy.local.client import Client
from deploy.local.rebuild_command import _rebuild
from deploy.local.verify import verify_all
from tests.support.told_district import tell_district

pytestmark = pytest.mark.connected


async def test_the_district_is_rebuilt_and_a_false_statement_is_overridden(
    databases: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "database_urls", lambda _folder: databases)
    async with installation.installed(tmp_path) as (running, _server):
        client, operator = Client.of(running.url), running.token(None)
        by = running.token(district.OFFICE_PERSON)
        try:
            await tell_district(client, running)
            asked = {"accept": None, "person": None, "by": "", "rollback": False}
            assert await _rebuild(running.url, operator, **asked)  # type: ignore[arg-type]
            assert await verify_all(running.url, operator)

            await _forget_a_line(databases["scoring"])
            assert not await verify_all(running.url, operator)
            assert not await _rebuild(running.url, operator, **asked)  # type: ignore[arg-type]
            accepting = {"accept": "it was lost", "person": district.OFFICE_PERSON, "by": by, "rollback": False}
            assert await _rebuild(running.url, operator, **accepting)  # type: ignore[arg-type]
            assert await verify_all(running.url, operator)
        finally:
            await client.close()


async def _forget_a_line(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        of_lines = "select min(id) from statement where type = 'duban.list.line_drawn.v1'"
        await connection.execute(text(f"delete from statement where id = ({of_lines})"))
    await engine.dispose()
