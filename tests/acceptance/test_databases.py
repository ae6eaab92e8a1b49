"""The same story on SQLite and on PostgreSQL: the demonstration's district, every service on a database of its own."""

from pathlib import Path

import pytest

from deploy.local import district, installation
from deploy.local.client import Client
from deploy.local.verify import verify_all
from tests.support.told_district import tell_district

pytestmark = pytest.mark.connected


async def test_the_district_comes_out_the_same_on_each_database(
    databases: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "database_urls", lambda _folder: databases)
    async with installation.installed(tmp_path) as (running, _server):
        client = Client.of(running.url)
        try:
            await tell_district(client, running)
            path = f"/scoring/v1/jurisdictions/{district.JURISDICTION}/lists/{district.LIST}/standings"
            lines = (await client.get(path, running.token(district.OFFICE_PERSON), period="2026-Q1"))["lines"]
            agrees = await verify_all(running.url, running.token(None))
        finally:
            await client.close()

    whole = next(line for line in lines if line["subject_kind"] == "list")
    assert whole["displayed"]["investment_ratio"] == "18.44%"
    assert agrees
