"""Is everything that intake answers documented, whatever it is asked, by whomever? No failure, no unknown status."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st

from services.intake.form import RECORD_TYPES
from shared.core.events import SHAPES
from shared.infra import wire
from tests.contract.golden import EXAMPLES
from tests.support.builders import JURISDICTION
from tests.support.client import OPERATOR, Client, client_of
from tests.support.explored import Explorer
from tests.support.processes import Processes, running
from tests.support.world import OFFICE, World

pytestmark = pytest.mark.connected

J = "d003"
KNOWN = {"jurisdiction": J, "unit": "a", "period": "2026-01", "project": "a-1", "code": "reporter-a"}
WHO = {"the operator": OPERATOR, "the office": OFFICE, "a reporter": "reporter-a", "a stranger": "stranger"}
CASES = 4
CASES_LONG = 62
"""For each operation and each who asks: some 600 and some 10,000 together."""

_NAMES = {JURISDICTION: J, "p1": "a-1", "p2": "b-1", "bureau-a": "a", "bureau-b": "b", "supervisor-1": OFFICE}
_EVENTS = [
    {"type": SHAPES[type(one)].type, "data": wire.data_of(one)}
    for one in EXAMPLES
    if SHAPES[type(one)].type in RECORD_TYPES
]
_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "no-such", -1, True, [], {}, "9999-12-31", "2026-01-15", "0.1", 10**20]
)
_UNITS = st.sampled_from(["office", "a", "b", "", "nowhere"])


@st.composite
def submissions(draw: st.DrawFn) -> dict[str, Any]:
    """An event of any class about what there is; some have something odd in the place of something, or lack it."""
    event = draw(st.sampled_from(_EVENTS))
    data = _renamed(event["data"])
    for field in draw(st.lists(st.sampled_from(sorted(data)), max_size=1)) if data else ():
        data[field] = draw(_ODD)
    found = {
        "key": draw(st.uuids(version=4).map(str)), "jurisdiction": draw(st.sampled_from([J, J, J, "elsewhere"])),
        "type": event["type"], "unit": draw(_UNITS), "data": data,
    }  # fmt: skip
    return draw(st.sampled_from([found, found, found, {**found, "on_behalf_of": "a"}, {**found, "extra": 1}]))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    return _NAMES.get(value, value) if isinstance(value, str) else value


BODIES = {
    "POST /v1/submissions": submissions(),
    "POST /v1/submissions:batch": st.lists(submissions(), min_size=1, max_size=3).map(
        lambda many: {"submissions": many}
    ),
    "POST /v1/jurisdictions/{jurisdiction}/evidence": st.sampled_from([b"%PDF-1.7 a plan", b"", b"MZ"]),
    "PUT /v1/jurisdictions/{jurisdiction}/people/{code}": st.fixed_dictionaries(
        {"name": st.sampled_from(["王一", ""])}
    ),
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    with asyncio.Runner() as runner:
        context = running(folder, services=["intake"])
        running_one = runner.run(context.__aenter__())
        try:
            runner.run(_filled(running_one))
            yield running_one
        finally:
            runner.run(context.__aexit__(None, None, None))


async def _filled(installation: Processes) -> None:
    async with client_of(installation) as client:
        world = World(client, J, units=("a", "b"))
        await world.open()
        await world.report_all()
        await _entered(client)


async def _entered(client: Client) -> None:
    path = f"/v1/jurisdictions/{J}/people/reporter-a"
    is_json = {"content-type": "application/json"}
    answer = await client.ask("PUT", "intake", path, OFFICE, {"name": "王一"}, **is_json)
    assert answer.is_success, answer.text


@pytest.mark.parametrize("who", [*WHO, "nobody"])
def test_whatever_is_asked_the_answer_is_documented(installation: Processes, who: str) -> None:
    explore(installation, who, cases=CASES)


@pytest.mark.faults
@pytest.mark.parametrize("who", [*WHO, "nobody"])
def test_whatever_is_asked_the_answer_is_documented_at_length(installation: Processes, who: str) -> None:
    explore(installation, who, cases=CASES_LONG, is_random=True)


_WORKBOOK = "POST /v1/workbooks/{unit}/{period}"


def _workbook(installation: Processes, url: str) -> bytes:
    """The return of a unit as its reporter gets it."""
    path = f"{url}/v1/workbooks/a/2026-01?jurisdiction={J}"
    answer = httpx.get(path, headers={"authorization": f"Bearer {installation.token('reporter-a')}"})
    assert answer.is_success, answer.text
    return answer.content


def explore(installation: Processes, who: str, *, cases: int, is_random: bool = False) -> None:
    url = installation.service("intake").url
    explorer = Explorer(url, KNOWN, {**BODIES, _WORKBOOK: st.just(_workbook(installation, url))}, is_random)
    token = None if who == "nobody" else installation.token(WHO[who])
    explorer.explore(token, cases=cases)
    print(f"{who}: {explorer.asked.total()} cases")
    assert installation.complaints() == {}
