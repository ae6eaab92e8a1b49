"""Real published figures through the running services: the eighteen statements of 开平市, imported as a record."""

from io import BytesIO
from pathlib import Path

import pytest

from deploy.local.client import Client
from deploy.local.evaluate import evaluate
from deploy.local.event_file import write_events
from deploy.local.installation import Installation, installed
from deploy.local.reconcile import reconcile
from deploy.local.verify import verify_all
from tests.support import kaiping
from tests.support.kaiping import JURISDICTION, Row

pytestmark = pytest.mark.connected


@pytest.fixture
def statements() -> list[Row]:
    file = kaiping.bulletins_file()
    if file is None:
        pytest.skip("the given file of published bulletins is not beside the project")
    return kaiping.rows(file, "开平市")


async def test_the_running_services_reproduce_every_published_rate_and_lead(
    statements: list[Row], tmp_path: Path
) -> None:
    evaluation = evaluate(kaiping.events(statements))
    figures = [figure for row in statements for figure in row.statement.figures()]
    verdicts = reconcile(figures, evaluation)
    assert (len(statements), len(figures)) == (18, 30)
    assert [one for one in verdicts if one.verdict != "consistent"] == []

    async with installed(tmp_path) as (installation, _server):
        drawn = await _imported(installation, statements)
        assert await verify_all(installation.url, installation.token(None))

    # The same digest is the same lines: what was reconciled above holds for the services to the last digit.
    for (code, period), digest in drawn.items():
        draws = [one.drawn for one in evaluation.of(JURISDICTION, code).draws if one.drawn.period == period]
        assert draws[-1].digest == digest, (code, period)
    assert len(drawn) == 18


async def _imported(installation: Installation, statements: list[Row]) -> dict[tuple[str, str], str]:
    """The digest of the draw of each statement's period, after the record went in over HTTP."""
    client, operator, record = Client.of(installation.url), installation.token(None), BytesIO()
    office = installation.token("office-1")
    count = write_events(kaiping.events(statements), record)
    try:
        done = await client.post_bytes(f"/intake/v1/jurisdictions/{JURISDICTION}/record", record.getvalue(), operator)
        assert (done["events"], done["entered"]) == (count, count)
        clock = await client.get(f"/intake/v1/jurisdictions/{JURISDICTION}/clock", operator)
        await client.reach(JURISDICTION, clock["position"], operator, within_s=120)
        return {(one.statement.list, one.statement.period): await _digest(client, office, one) for one in statements}
    finally:
        await client.close()


async def _digest(client: Client, office: str, row: Row) -> str:
    path = f"/scoring/v1/jurisdictions/{JURISDICTION}/lists/{row.statement.list}/standings"
    found = await client.get(path, office, period=row.statement.period)
    return str(found["draw"]["digest"])
