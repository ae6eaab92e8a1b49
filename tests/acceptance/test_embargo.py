"""Can anyone tell, before the bulletin is sealed, what decides places? Two worlds differ in nothing else.

In one world the incident that costs points is one of unit a, in the other one of unit b. No measure and no light knows
of it. Whoever may not see places must be answered alike in both: status, headers, body, order and count.
"""

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from python_calamine import CalamineWorkbook

from shared.core.regime.model import ByCount, Deducted
from shared.infra import wire
from shared.infra.tagged import etag_of
from tests.support.builders import LIST, a_ranking, a_regime, a_scoring
from tests.support.client import NOBODY, OPERATOR, Answer, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

WORLDS = {"embargo-a": "a", "embargo-b": "b"}
"""Jurisdiction and the unit that has the incident; their names are of one length."""
OUTSIDE = ("reporter-a", "reporter-b", "head-a", "head-b", OPERATOR, NOBODY)
INSIDE = (OFFICE, "signer")
HIDDEN = {"rank", "points", "band", "vetoed"}
_J = "/v1/jurisdictions/{jurisdiction}"
_L = f"{_J}/lists/{{list_code}}"
_TIMES = ("", "period=2026-01", "period=2026-Q1", "period=2026-03", "known_at=2026-04-10T00:00:00Z",
          "true_on=2026-02-20")  # fmt: skip
_LINES = (*_TIMES, "kind=unit", "kind=project&unit=a", "kind=list", "kind=leader", "light=red", "light=none", "limit=2",
          "period=2026-Q1&kind=unit&limit=1&after=1")  # fmt: skip
_ABOUTS = ("rank", "light", "points:total", "points:conduct", "measure:investment_ratio", "measure:none")
_EXPLAINED = tuple(
    f"kind={kind}&subject={subject}&about={about}{when}"
    for kind, subject in (("unit", "a"), ("unit", "b"), ("project", "a-1"), ("list", ""), ("unit", "nobody"))
    for about in _ABOUTS for when in ("", "&period=2026-Q1")
)  # fmt: skip
ASKED: dict[str, tuple[str, ...]] = {
    f"{_L}/standings": _LINES,
    f"{_L}/standings.csv": _LINES[:-2],
    f"{_L}/standings.xlsx": _TIMES,
    f"{_L}/oc4ids": ("", "true_on=2026-02-20"),
    f"{_L}/corrections": ("", "period=2026-Q1", "period=2026-03", "limit=1"),
    f"{_L}/moves": ("from=2026-03&to=2026-Q1", "from=2026-01-20T00:00:00Z", "from=2026-03&subject=a"),
    f"{_L}/baselines": _TIMES,
    f"{_L}/authenticity": _TIMES,
    f"{_L}/explain": _EXPLAINED,
    f"{_J}/projects/{{project}}/history": ("", "known_at=2026-04-10T00:00:00Z"),
    f"{_J}/parked": ("",),
    f"{_J}/digest": ("",),
    f"{_J}/position": ("",),
    f"{_J}/statement-ids": ("",),
    "/v1/rebuild": ("",),
    "/live/{jurisdiction}/{code}": ("",),
}
"""Each GET of scoring's schema, and the page, with what it is asked for here; the page's stream is the page again."""


class Scored(World):
    """Points from nothing but incidents, and places from points."""

    def _head(self) -> list[dict[str, Any]]:
        conduct = Deducted(id="conduct", deduct=ByCount(per="incident", points=Decimal(5)))
        regime = a_regime(scoring=a_scoring(ranking=a_ranking(by="total"), components=(conduct,)))
        heads = [
            self.one(f"post-head-{unit}", "person.post_assigned", {"person": f"head-{unit}", "post": "unit_head",
                                                                   "unit": unit})
            for unit in self.units
        ]  # fmt: skip
        told = super()._head()
        for one in told:
            if one["key"] == "regime":
                one["data"]["regime"] = wire.data_of(regime)
        return [*told[:-1], *heads, told[-1]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Both units report the same; one has two incidents, the second told after its period was drawn; all unsealed."""
    folder = tmp_path_factory.mktemp("embargo")
    async with running(folder, services=["intake", "scoring"]) as installation, client_of(installation) as client:
        for jurisdiction, struck in WORLDS.items():
            world = Scored(client, jurisdiction)
            await world.open()
            for project, unit in world.projects:
                await client.submit(world.report(project, unit, 300_000_000), f"reporter-{unit}")
            for number, until in enumerate(("2026-03-10", "2026-04-30")):
                incident = {
                    "incident": f"i{number}", "kind": "conduct", "severity": "ordinary", "on": "2026-01-20",
                    "units": [struck], "projects": [f"{struck}-1"],
                }  # fmt: skip
                await world.send(f"incident-{number}", "incident.incident_recorded", incident, OFFICE)
                last = await world.send(until, "time.time_reached", {"at": f"{until}T01:00:00Z"}, OFFICE)
            await client.reached(jurisdiction, last, by=["scoring"])
        yield client


@dataclass(frozen=True, slots=True)
class Seen:
    """What one is answered, but for names and ids of this world."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


async def ask(client: Client, path: str, query: str, jurisdiction: str, who: str | None) -> Answer:
    filled = path.format(jurisdiction=jurisdiction, list_code=LIST, code=LIST, project="a-1")
    return await client.ask("GET", "scoring", f"{filled}?{query}" if query else filled, who)


def seen(answer: Answer, jurisdiction: str) -> Seen:
    kept = ("content-type", "content-disposition", "link", "retry-after", "cache-control", "www-authenticate", "vary")
    headers = tuple((name, _alike(answer.headers[name], jurisdiction)) for name in kept if name in answer.headers)
    has_tag = (("etag", str("etag" in answer.headers)),)
    body = answer.text
    if "spreadsheet" in answer.headers.get("content-type", ""):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        body = json.dumps(sheet, default=str)
    return Seen(answer.status_code, headers + has_tag, _alike(body, jurisdiction))


def _alike(text: str, jurisdiction: str) -> str:
    """Ids by the order in which they come; the jurisdiction's name and positions of the record are left out."""
    text = text.replace(jurisdiction, "J")
    ids: dict[str, str] = {}
    text = re.sub(
        r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b",
        lambda found: ids.setdefault(found[0], f"id{len(ids)}"), text,
    )  # fmt: skip
    return re.sub(r"(position\W{1,4}|known_at=|/events\?after=)\d+", r"\1N", text)


async def test_every_read_of_the_schema_is_asked_for_here(client: Client) -> None:
    paths = (await client.get("scoring", "/openapi.json"))["paths"]
    reads = {path for path, methods in paths.items() if "get" in methods and path.startswith("/v1/")}
    assert reads == {path for path in ASKED if path.startswith("/v1/")}


@pytest.mark.parametrize("path", ASKED)
async def test_who_may_not_see_places_is_answered_alike_in_both_worlds(client: Client, path: str) -> None:
    statuses = set()
    for query in ASKED[path]:
        for who in OUTSIDE:
            first, second = [(await ask(client, path, query, name, who), name) for name in WORLDS]
            assert seen(*first) == seen(*second), (path, query, who)
            statuses.add(first[0].status_code)
            for answer, _ in (first, second):
                if "etag" in answer.headers:
                    assert answer.headers["etag"] == etag_of(answer.content), (path, query, who)
                if answer.status_code == 200 and answer.headers["content-type"].startswith("application/json"):
                    assert not filled(answer.json()) & HIDDEN, (path, query, who)
    assert 200 in statuses, "nobody was told anything: what is asked for is not there"


@pytest.mark.parametrize("who", INSIDE)
@pytest.mark.parametrize("query", ["kind=unit", "period=2026-Q1&kind=unit"])
async def test_the_office_and_the_approvers_see_who_is_ahead_and_it_is_not_the_same(
    client: Client, who: str, query: str
) -> None:
    for jurisdiction, struck in WORLDS.items():
        lines = (await ask(client, f"{_L}/standings", query, jurisdiction, who)).json()["lines"]
        places = {line["subject"]: line["rank"] for line in lines}
        assert places == {struck: 2, ({"a", "b"} - {struck}).pop(): 1}
        assert {line["subject"]: Decimal(line["points"]["total"]) for line in lines}[struck] < 0


def filled(value: Any) -> set[str]:
    """The names of members that are not empty, at any depth."""
    if isinstance(value, dict):
        return {name for name, one in value.items() if one}.union(*map(filled, value.values()))
    return set().union(*map(filled, value)) if isinstance(value, list) else set()
