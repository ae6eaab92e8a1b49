"""Keys change while services run, and the accounts that a government has already open the same doors."""

from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.local.command import app
from tests.support.builders import LIST
from tests.support.client import client_of
from tests.support.openid import CLIENT_ID, SECRET, openid_provider
from tests.support.processes import Processes, running
from tests.support.waits import until
from tests.support.world import OFFICE, World

pytestmark = pytest.mark.connected
PEOPLE = "/v1/jurisdictions/x/people"
_WITHIN_S = 10


async def ask(installation: Processes, token: str, name: str = "intake") -> str:
    """Nothing is open here: whoever is known is told so, and whoever is not is not."""
    async with httpx.AsyncClient(base_url=installation.service(name).url, timeout=10) as client:
        answer = await client.get(PEOPLE, headers={"authorization": f"Bearer {token}"})
    return str(answer.json()["code"])


async def test_after_a_rotation_running_services_take_new_tokens_and_old_ones(tmp_path: Path) -> None:
    async with running(tmp_path, services=["intake"]) as installation:
        old = installation.token("p-1")
        assert await ask(installation, old) == "not_open"
        outcome = CliRunner().invoke(app, ["token", "rotate", "--data", str(tmp_path)])
        assert outcome.exit_code == 0, outcome.output
        new = installation.token("p-1")

        async def is_known() -> bool:
            return await ask(installation, new) == "not_open"

        await until(is_known, _WITHIN_S)
        assert await ask(installation, old) == "not_open"


async def test_a_person_signs_on_at_a_running_service_and_is_known_at_it(tmp_path: Path) -> None:
    async with openid_provider() as provider, running(tmp_path, services=[]) as installation:
        service = installation.add("intake")
        settings = {"ISSUER": provider.url, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": SECRET}
        service.environment |= {f"DUBAN_INTAKE_OIDC_{name}": value for name, value in settings.items()}
        service.start()
        await installation.ready()
        async with httpx.AsyncClient(base_url=service.url, timeout=10, follow_redirects=True) as browser:
            told = (await browser.get("/v1/sign-on")).json()
            assert told["person"] == "p-17"
            by_cookie = (await browser.get(PEOPLE)).json()["code"]
        assert by_cookie == await ask(installation, told["token"]) == "not_open"
        assert await ask(installation, provider.token(aud="another")) == "token_wrong_audience"
        assert await ask(installation, installation.token("p-1")) == "not_open"
        assert SECRET not in service.log.read_text()


async def test_a_revoked_token_opens_nothing_in_any_service(tmp_path: Path) -> None:
    services = ["intake", "scoring", "notify"]
    async with running(tmp_path, services=services) as installation, client_of(installation) as client:
        world, place = World(client, "revoked"), "/v1/jurisdictions/revoked"
        position = await world.open()
        asked = {
            "intake": "/v1/tasks?jurisdiction=revoked", "scoring": f"{place}/lists/{LIST}/standings",
            "notify": f"{place}/notices",
        }  # fmt: skip
        await client.reached("revoked", position)
        before = {name: (await client.ask("GET", name, path, "reporter-a")).status_code for name, path in asked.items()}
        lost = {"person": "reporter-a", "reason": "a lost phone"}
        await client.reached("revoked", await world.send("lost", "token.token_revoked", lost, OFFICE))
        after = {name: (await client.ask("GET", name, path, "reporter-a")).json() for name, path in asked.items()}
    assert before == dict.fromkeys(services, 200)
    assert {name: told.get("code") for name, told in after.items()} == dict.fromkeys(services, "token_revoked")
