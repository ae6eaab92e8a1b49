"""Who may enter, see and erase whom; and that erasing somebody changes no number and no digest."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local import evaluation
from deploy.local.evaluate import evaluate
from deploy.local.event_file import read_lines
from services.intake.domain import known
from shared.core import register
from shared.infra.database import Database
from shared.infra.ledgers import SqlLedgers
from shared.infra.wire import EntryCodec
from tests.support.client import NOBODY, OPERATOR, Answer, Client, client_of
from tests.support.processes import running
from tests.support.world import OFFICE, World, assert_whole

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="module")]

NAME, PHONE, NOTE = "欧阳不重复", "0750-7654321", "周二不在岗的备注"
HEAD = "head-a"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    folder: Path = tmp_path_factory.mktemp("people")
    async with running(folder) as installation, client_of(installation) as connected:
        yield connected


async def opened(client: Client, jurisdiction: str) -> World:
    """Units a and b with a reporter each, and a head of a; once more changes nothing."""
    world = World(client, jurisdiction)
    await world.open()
    await world.send("head", "person.post_assigned", {"person": HEAD, "post": "unit_head", "unit": "a"}, OFFICE)
    return world


class People:
    """The directory of one jurisdiction, asked by anybody."""

    def __init__(self, client: Client, jurisdiction: str) -> None:
        self.client, self.path = client, f"/v1/jurisdictions/{jurisdiction}/people"

    async def ask(self, method: str, code: str, who: str | None, body: Any = None) -> Answer:
        path = f"{self.path}{code and '/' + code}"
        return await self.client.ask(method, "intake", path, who, body, **{"content-type": "application/json"})

    async def put(self, code: str, who: str | None = OFFICE, **more: str) -> Answer:
        return await self.ask("PUT", code, who, {"name": NAME, "phone": PHONE, "note": NOTE, **more})

    async def get(self, code: str, who: str | None = OFFICE) -> dict[str, Any]:
        answer = await self.ask("GET", code, who)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def told(answer: Answer) -> tuple[int, str]:
    return answer.status_code, "" if answer.is_success else answer.json()["code"]


async def test_a_person_is_seen_in_full_by_the_office_the_unit_and_itself_and_by_others_by_name_and_post(
    client: Client,
) -> None:
    await opened(client, "seen")
    people = People(client, "seen")
    assert told(await people.put("reporter-a")) == (200, "")
    for who in (OPERATOR, OFFICE, HEAD, "reporter-a"):
        seen = await people.get("reporter-a", who)
        assert (seen["name"], seen["phone"], seen["note"], seen["status"]) == (NAME, PHONE, NOTE, "known"), who
    seen = await people.get("reporter-a", "reporter-b")
    assert seen == {
        "person": "reporter-a", "status": "known", "name": NAME, "updated_at": seen["updated_at"],
        "posts": [{"post": "reporter", "unit": "a", "project": ""}],
    }  # fmt: skip
    for who, refusal in (("stranger", (403, "no_post")), (NOBODY, (401, "token_missing"))):
        assert told(await people.ask("GET", "reporter-a", who)) == refusal
        assert told(await people.ask("GET", "", who)) == refusal


@pytest.mark.parametrize(
    ("who", "code", "refusal"),
    [
        (OFFICE, "reporter-b", (200, "")),
        (OFFICE, "nobody-yet", (200, "")),
        (OPERATOR, "reporter-b", (200, "")),
        (HEAD, "reporter-a", (200, "")),
        (HEAD, HEAD, (200, "")),
        (HEAD, "reporter-b", (403, "not_your_person")),
        (HEAD, "nobody-yet", (403, "not_your_person")),
        ("reporter-a", "reporter-a", (403, "not_your_person")),
        ("signer", "reporter-a", (403, "not_your_person")),
        ("stranger", "stranger", (403, "not_your_person")),
    ],
)
async def test_the_office_enters_everybody_and_a_head_its_own(
    client: Client, who: str | None, code: str, refusal: tuple[int, str]
) -> None:
    await opened(client, "enters")
    assert told(await People(client, "enters").put(code, who)) == refusal


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"name": ""}, {"name": "x" * 101}, {"name": "a\nb"}, {"name": "a\0b"}, {"name": 7},
        {"name": "x", "age": 3}, {"name": "x", "phone": "call me"}, {"name": "x", "note": "x" * 1001},
        {"name": "\ud800"}, b"", b"[", b"[" * 10_000,
    ],
)  # fmt: skip
async def test_what_is_no_person_is_refused_and_nothing_is_entered(client: Client, body: Any) -> None:
    await opened(client, "form")
    people = People(client, "form")
    assert told(await people.ask("PUT", "reporter-a", OFFICE, body)) in {(422, "invalid_request"), (400, "bad_request")}
    assert (await people.get("reporter-a"))["status"] == "unnamed"


async def test_everybody_with_a_post_or_an_entry_is_on_some_page_once(client: Client) -> None:
    await opened(client, "pages")
    people = People(client, "pages")
    for code in ("Zhang", "checker", "zz"):
        await people.put(code)
    pages, after = list[list[str]](), ""
    for _ in range(10):
        page = (await client.ask("GET", "intake", f"{people.path}?limit=3&after={after}", "reporter-b")).json()
        pages.append([one["person"] for one in page["people"]])
        if (after := page.get("next", "")) == "":
            break
    everybody = ["Zhang", "checker", HEAD, "reporter-a", "reporter-b", "signer", OFFICE, "zz"]
    assert [code for page in pages for code in page] == sorted(everybody)
    assert [len(page) for page in pages] == [3, 3, 2]


async def test_who_was_never_heard_of_is_not_found(client: Client) -> None:
    await opened(client, "unheard")
    people = People(client, "unheard")
    for method in ("GET", "DELETE"):
        assert told(await people.ask(method, "nobody", OFFICE)) == (404, "no_such_person")
    assert told(await People(client, "not-open").ask("GET", "nobody", OPERATOR)) == (404, "not_open")


async def test_only_the_office_and_the_operator_erase(client: Client) -> None:
    await opened(client, "erasers")
    people = People(client, "erasers")
    await people.put("reporter-a")
    for who in (HEAD, "reporter-a", "reporter-b"):
        assert told(await people.ask("DELETE", "reporter-a", who)) == (403, "not_the_office")
    assert (await people.get("reporter-a"))["name"] == NAME
    assert told(await people.ask("DELETE", "reporter-a", OPERATOR)) == (200, "")


async def test_a_revoked_token_sees_nobody(client: Client) -> None:
    world = await opened(client, "revoked")
    await world.send("revoke", "token.token_revoked", {"token": "test", "reason": "lost"}, OFFICE)
    assert told(await People(client, "revoked").ask("GET", "reporter-a", "reporter-b")) == (403, "token_revoked")


async def digests(client: Client, jurisdiction: str) -> Mapping[str, object]:
    """All that must not move: the record as exported, what follows from it, and the ledgers of all three services."""
    record = await client.record_file(jurisdiction)
    evaluated = evaluation.as_json(evaluate(read_lines(record.splitlines(keepends=True))))
    found: dict[str, object] = {"record": record, "evaluation": evaluated}
    for name in ("scoring", "notify"):
        found[name] = await client.get(name, f"/v1/jurisdictions/{jurisdiction}/digest")
    database = Database(client.installation.service("intake").environment["DUBAN_INTAKE_DATABASE_URL"])
    try:
        codec = EntryCodec.of(register, known)
        found["intake"] = await SqlLedgers(database, codec, service="intake", source="").proof(jurisdiction)
    finally:
        await database.dispose()
    return found


async def test_erasing_a_person_changes_no_number_and_no_digest(client: Client) -> None:
    world = World(client, "erased")
    people = People(client, "erased")
    await world.open()
    for code in ("reporter-a", "reporter-b", "signer"):
        assert told(await people.put(code, name=f"{NAME}{code}")) == (200, "")
    await world.report_all()
    last = await world.sign(await world.pass_time())
    await assert_whole(client, "erased", last)
    before = await digests(client, "erased")

    answer = await people.ask("DELETE", "reporter-a", OFFICE)
    receipt = answer.json()
    assert (answer.status_code, receipt["jurisdiction"], receipt["person"]) == (200, "erased", "reporter-a")
    assert set(receipt) == {"jurisdiction", "person", "erased_at"}
    assert (await people.ask("DELETE", "reporter-a", OFFICE)).json() == receipt
    assert await people.get("reporter-a") == {
        "person": "reporter-a", "status": "erased", "updated_at": receipt["erased_at"],
        "posts": [{"post": "reporter", "unit": "a", "project": ""}],
    }  # fmt: skip
    assert told(await people.put("reporter-a")) == (409, "person_erased")

    assert await digests(client, "erased") == before
    await assert_whole(client, "erased", last)
    assert (await people.get("reporter-b"))["name"] == f"{NAME}reporter-b"
    files = [file.read_bytes() for file in client.installation.folder.rglob("*") if file.is_file()]
    assert not any(f"{NAME}reporter-a".encode() in content for content in files)
    assert any(f"{NAME}reporter-b".encode() in content for content in files)
