"""People sign on, and systems come, with accounts of an OpenID provider: it proves a person, and nothing more."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI
from joserfc.jwk import ECKey

from shared.infra import oidc
from shared.infra.auth import COOKIE, Bearer, Tokens, Unauthenticated, who_asks
from shared.infra.keys import issue_token, make_key_pair
from shared.infra.oidc import OidcIssuer
from shared.infra.runtime import utc_now
from shared.infra.sign_on import sign_on_routes
from shared.infra.web import install_problems
from tests.support.openid import CLIENT_ID, SECRET, OpenIdProvider, openid_provider

pytestmark = pytest.mark.connected
HERE = "https://duban.test"


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[OpenIdProvider]:
    async with openid_provider() as running:
        yield running


@pytest_asyncio.fixture
async def browser(provider: OpenIdProvider, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that asks a service with sign-on, and the provider itself."""
    async with browser_of(service(provider, tmp_path, claim="sub"), provider) as client:
        yield client


def service(provider: OpenIdProvider, keys: Path, *, claim: str) -> FastAPI:
    issuer = OidcIssuer(provider.url, CLIENT_ID, claim)
    tokens = Tokens(make_key_pair(keys).public, issuer)
    app = FastAPI()
    install_problems(app)
    app.include_router(sign_on_routes(issuer, SECRET, tokens, now=utc_now))

    @app.get("/v1/me")
    async def me(by: Annotated[Bearer, Depends(who_asks(tokens, utc_now))]) -> dict[str, Any]:
        return {"person": by.person, "operator": by.operator, "token_id": by.token_id, "issued_at": by.issued_at}

    return app


def browser_of(app: FastAPI, provider: OpenIdProvider) -> httpx.AsyncClient:
    mounts = {HERE: httpx.ASGITransport(app), provider.url.partition("/realms")[0]: httpx.AsyncHTTPTransport()}
    return httpx.AsyncClient(base_url=HERE, mounts=mounts, timeout=5)


async def signed_on(browser: httpx.AsyncClient) -> httpx.Response:
    return await browser.get("/v1/sign-on", follow_redirects=True)


async def code_of(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.json().get('code', '')}".strip()


async def me(browser: httpx.AsyncClient, token: str | None = None) -> str:
    answer = await browser.get("/v1/me", headers={"authorization": f"Bearer {token}"} if token else {})
    return str(answer.json()["person"]) if answer.is_success else await code_of(answer)


async def test_whoever_signs_on_is_known_by_cookie_and_by_token(browser: httpx.AsyncClient) -> None:
    answer = await signed_on(browser)
    told = answer.json()
    assert (answer.status_code, told["person"], answer.headers["cache-control"]) == (200, "p-17", "no-store")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}="))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "secure", "path=/", "max-age=43200"} <= parts
    assert await me(browser) == "p-17"
    browser.cookies.clear()
    assert await me(browser, told["token"]) == "p-17"
    assert await me(browser) == "401 token_missing"


async def test_what_is_remembered_between_the_two_pages_can_be_read_by_nobody_else(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/v1/sign-on")
    assert answer.status_code == 302
    asked = httpx.URL(answer.headers["location"]).params
    cookie = answer.headers["set-cookie"]
    assert asked["state"] not in cookie
    assert asked["nonce"] not in cookie
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/v1/sign-on/callback"} <= {
        part.strip() for part in cookie.split(";")
    }


async def test_a_sign_on_that_was_begun_elsewhere_is_not_finished_here(
    browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    begun = await browser.get("/v1/sign-on")
    back = (await browser.get(begun.headers["location"])).headers["location"]
    browser.cookies.clear()
    assert await code_of(await browser.get(back)) == "400 sign_on_expired"
    await browser.get("/v1/sign-on")
    assert await code_of(await browser.get(back)) == "400 sign_on_expired"
    assert await me(browser) == "401 token_missing"


async def test_a_code_is_good_once(browser: httpx.AsyncClient) -> None:
    begun = await browser.get("/v1/sign-on")
    kept = dict(browser.cookies)
    back = (await browser.get(begun.headers["location"])).headers["location"]
    assert (await browser.get(back)).status_code == 200
    browser.cookies.update(kept)
    assert await code_of(await browser.get(back)) in {"502 sign_on_failed", "400 sign_on_expired"}


async def test_a_refusal_of_the_provider_is_told(browser: httpx.AsyncClient, provider: OpenIdProvider) -> None:
    provider.is_refusing = True
    answer = await signed_on(browser)
    assert (await code_of(answer), answer.json()["detail"]) == ("403 sign_on_refused", "access_denied")


async def test_a_token_of_a_sign_on_of_another_is_not_taken_for_ones_own(
    browser: httpx.AsyncClient, provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = provider.token(nonce="of another sign-on")
    monkeypatch.setattr(provider, "redeem", lambda _form, _authorization: {"access_token": "x", "id_token": other})
    assert await code_of(await signed_on(browser)) == "400 sign_on_expired"


async def test_a_provider_that_is_down_is_told_and_own_tokens_go_on(
    browser: httpx.AsyncClient, provider: OpenIdProvider, tmp_path: Path
) -> None:
    provider.is_down = True
    assert await code_of(await signed_on(browser)) == "401 token_issuer_unreachable"
    assert await me(browser, provider.token()) == "401 token_issuer_unreachable"
    own = issue_token(
        make_key_pair(tmp_path).private,
        person="p-1",
        operator=False,
        now=utc_now(),
        lifetime=timedelta(1),
        token_id="t",
    )
    assert await me(browser, own) == "p-1"


async def test_a_systems_own_token_of_the_provider_proves_its_person(
    browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    assert await me(browser, provider.token(sub="system-9", aud=["other", CLIENT_ID], jti="j1")) == "system-9"
    answer = await browser.get("/v1/me", headers={"authorization": f"Bearer {provider.token(jti='j1', operator=True)}"})
    assert (answer.json()["token_id"], answer.json()["operator"]) == ("j1", False)
    assert provider.asked == ["configuration"]


async def test_the_person_may_stand_in_another_claim(provider: OpenIdProvider, tmp_path: Path) -> None:
    async with browser_of(service(provider, tmp_path, claim="staff_code"), provider) as browser:
        assert await me(browser, provider.token(staff_code="p-5")) == "p-5"
        assert await me(browser, provider.token()) == "401 token_no_person"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "another-client"}, "wrong_audience"),
        ({"aud": None}, "wrong_audience"),
        ({"iss": "https://elsewhere.test"}, "bad_signature"),
        ({"iss": None}, "bad_signature"),
        ({"sub": "张三"}, "no_person"),
        ({"sub": "@operator"}, "no_person"),
        ({"sub": None}, "no_person"),
        ({"sub": 17}, "no_person"),
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "malformed"),
        ({"iat": None}, "malformed"),
    ],
)
async def test_a_token_of_the_provider_that_is_not_for_us_is_refused(
    browser: httpx.AsyncClient, provider: OpenIdProvider, claims: dict[str, Any], code: str
) -> None:
    assert await me(browser, provider.token(**claims)) == f"401 token_{code}"


async def test_a_token_that_the_provider_has_not_signed_is_refused(
    browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    known = provider.keys[0]
    other = ECKey.generate_key("P-256", {"kid": str(known.kid)})
    assert await me(browser, provider.token(key=other)) == "401 token_bad_signature"
    for algorithm in ("HS256", "none"):
        # The key that everybody knows, taken for a secret.
        head, claims = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (
            {"alg": algorithm, "kid": known.kid},
            {"iss": provider.url, "sub": "p-1", "aud": CLIENT_ID, "iat": 1_700_000_000, "exp": 4_000_000_000},
        ))  # fmt: skip
        signed = head + b"." + claims
        signature = urlsafe_b64encode(hmac.digest(known.as_pem(private=False), signed, "sha256")).rstrip(b"=")
        token = b".".join([signed, signature if algorithm == "HS256" else b""]).decode()
        assert await me(browser, token) == "401 token_bad_signature"


async def test_a_new_key_of_the_provider_is_found_and_a_withdrawn_one_forgotten_within_the_hour(
    provider: OpenIdProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_ASKED_AGAIN_AFTER_S", 0)
    issuer = OidcIssuer(provider.url, CLIENT_ID)
    tokens, now = Tokens(make_key_pair(tmp_path).public, issuer), utc_now()
    provider.lifetime_s = 36_000
    first = provider.token()
    await tokens.verified(first, now)
    provider.rotate()
    second = provider.token(sub="p-18")
    assert (await tokens.verified(second, now)).person == "p-18"
    with pytest.raises(Unauthenticated, match="bad_signature"):
        await tokens.verified(first, now + timedelta(hours=1))

    await tokens.verified(second, now + timedelta(hours=1))
    provider.rotate()
    issuer._read_at_s -= 3601
    with pytest.raises(Unauthenticated, match="bad_signature"):
        await tokens.verified(second, now + timedelta(hours=2))


async def test_strangers_cannot_make_us_ask_the_provider_again_and_again(
    browser: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    for number in range(5):
        stranger = ECKey.generate_key("P-256", {"kid": f"k{number}"})
        assert await me(browser, provider.token(key=stranger)) == "401 token_bad_signature"
    assert provider.asked == ["configuration"]


async def test_a_token_of_the_provider_is_good_for_twelve_hours_at_most(
    provider: OpenIdProvider, tmp_path: Path
) -> None:
    issuer = OidcIssuer(provider.url, CLIENT_ID)
    tokens = Tokens(make_key_pair(tmp_path).public, issuer)
    provider.lifetime_s = 20 * 86_400
    bearer = await tokens.verified(token := provider.token(), utc_now())
    almost, after = (bearer.issued_at + timedelta(hours=hours) for hours in (11, 12))
    assert (await tokens.verified(token, almost)).person == "p-17"
    with pytest.raises(Unauthenticated, match="expired"):
        await tokens.verified(token, after)


async def test_an_issuer_that_calls_itself_something_else_is_not_believed(
    provider: OpenIdProvider, tmp_path: Path
) -> None:
    issuer = OidcIssuer(f"{provider.url}/", CLIENT_ID)
    with pytest.raises(Unauthenticated, match="issuer_unreachable"):
        await Tokens(make_key_pair(tmp_path).public, issuer).verified(provider.token(iss=issuer.url), utc_now())
