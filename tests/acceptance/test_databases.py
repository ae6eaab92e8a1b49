"""The same story on SQLite and on PostgreSQL: the demonstration's district, every service on a database of its own."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from deploy.local import district, installation
from deploy.local.client import Client
from deploy.local.regime_file import read_regime
from deploy.local.verify import verify_all

pytestmark = pytest.mark.connected


async def test_the_district_comes_out_the_same_on_each_database(
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
