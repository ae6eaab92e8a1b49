"""How does a person sign on in a browser? By the issuer's own page (OpenID Connect: authorization code with PKCE).

Nothing is kept here between the two requests: what must be remembered travels in a cookie that only this service can
read. The issuer's ID token is then the person's token, in a cookie that no script sees, and in the answer.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final, NoReturn

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.deprecate import AuthlibDeprecationWarning
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel

from shared.infra.auth import COOKIE, TOKEN_BYTES_MAX, Bearer, Tokens
from shared.infra.keys import epoch_s
from shared.infra.oidc import SESSION_MAX, OidcIssuer
from shared.infra.web import PROBLEM_RESPONSES, Problem

with warnings.catch_warnings():
    # It would rather have a successor of httpx, which nothing else here uses.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

_PENDING: Final = "duban_sign_on"
_PENDING_MAX_S: Final = 600
_SECRET_LENGTH: Final = 48
_TIMEOUT_S: Final = 5
_SEALED: Final = {"alg": "dir", "enc": "A256GCM"}


class SignedOn(BaseModel):
    """Who has signed on; `token` is good as a bearer token and has been set as a cookie besides."""

    person: str
    token: str
    issued_at: datetime


def sign_on_routes(issuer: OidcIssuer, secret: str, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """The two routes of signing on. `secret` is what this client and the issuer share."""
    router = APIRouter(tags=["sign-on"])
    seal = OctKey.import_key(hashlib.sha256(b"duban sign-on " + secret.encode()).digest())

    def client(request: Request) -> AsyncOAuth2Client:
        back = str(request.url_for("signed_on"))
        return AsyncOAuth2Client(
            issuer.client_id,
            secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    @router.get("/v1/sign-on", status_code=302, response_class=RedirectResponse)
    async def sign_on(request: Request) -> Response:
        """Go to the issuer's page to sign on; it leads back here."""
        provider = await issuer.provider()
        pending = {"verifier": generate_token(_SECRET_LENGTH), "nonce": generate_token(_SECRET_LENGTH)}
        async with client(request) as asking:
            url, state = asking.create_authorization_url(
                provider.authorization_endpoint, code_verifier=pending["verifier"], nonce=pending["nonce"]
            )
        answer = RedirectResponse(url, 302, headers={"cache-control": "no-store"})
        sealed = _seal({**pending, "state": state, "until_s": epoch_s(now()) + _PENDING_MAX_S}, seal)
        _set(answer, request, _PENDING, sealed, max_age_s=_PENDING_MAX_S, is_strict=False)
        return answer

    @router.get("/v1/sign-on/callback", name="signed_on", responses={502: PROBLEM_RESPONSES["4XX"]})
    async def signed_on(request: Request, state: str = "", code: str = "", error: str = "") -> SignedOn:
        """Where the issuer's page leads back to: the person's token, in a cookie and in the answer."""
        pending = _pending(request.cookies.get(_PENDING, ""), seal, now_s=epoch_s(now()))
        if not compare_digest(pending["state"].encode(), state.encode()):
            _begin_again()
        if error or not code:
            raise Problem(403, "sign_on_refused", "The issuer has not let you in.", error[:200])
        provider = await issuer.provider()
        async with client(request) as asking:
            token = await _exchange(asking, provider.token_endpoint, code, pending["verifier"])
        by = await _person_of(token, pending["nonce"], tokens, now())
        return _answer(request, by, token)  # type: ignore[return-value]  # the model says what is in it

    return router


async def _exchange(asking: AsyncOAuth2Client, url: str, code: str, verifier: str) -> str:
    try:
        told = await asking.fetch_token(url, code=code, grant_type="authorization_code", code_verifier=verifier)
        token = told["id_token"]
    except (AuthlibBaseError, httpx.HTTPError, KeyError, ValueError, TypeError) as error:
        raise Problem(502, "sign_on_failed", "The issuer has given no token.", type(error).__name__) from error
    if not isinstance(token, str) or len(token) > TOKEN_BYTES_MAX:
        raise Problem(502, "sign_on_failed", "The issuer has given no token.", "It is no text, or too long.")
    return token


async def _person_of(token: str, nonce: str, tokens: Tokens, now: datetime) -> Bearer:
    by = await tokens.verified(token, now)
    claimed = json.loads(jws.extract_compact(token.encode()).payload or b"").get("nonce")
    if not isinstance(claimed, str) or not compare_digest(claimed.encode(), nonce.encode()):
        _begin_again()
    return by


def _answer(request: Request, by: Bearer, token: str) -> Response:
    told = SignedOn(person=by.person or "", token=token, issued_at=by.issued_at)
    answer = JSONResponse(told.model_dump(mode="json"), headers={"cache-control": "no-store"})
    # The token itself says how long it is good; the cookie need only not outlive any.
    _set(answer, request, COOKIE, token, max_age_s=int(SESSION_MAX.total_seconds()), is_strict=True)
    answer.delete_cookie(_PENDING, path=request.url_for("signed_on").path)
    return answer


def _set(answer: Response, request: Request, name: str, value: str, *, max_age_s: int, is_strict: bool) -> None:
    # Strict would keep the pending one from the request with which the issuer's page leads back.
    path = "/" if is_strict else request.url_for("signed_on").path
    answer.set_cookie(
        name, value, max_age=max_age_s, path=path, httponly=True, secure=request.url.scheme == "https",
        samesite="strict" if is_strict else "lax",
    )  # fmt: skip


def _seal(pending: dict[str, Any], key: OctKey) -> str:
    return jwe.encrypt_compact(_SEALED, json.dumps(pending).encode(), key)


def _pending(sealed: str, key: OctKey, *, now_s: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(jwe.decrypt_compact(sealed, key).plaintext or b"")
    except (JoseError, ValueError, TypeError):
        _begin_again()
    if found["until_s"] <= now_s:
        _begin_again()
    return found


def _begin_again() -> NoReturn:
    raise Problem(400, "sign_on_expired", "This is not the sign-on that was begun here; begin again at /v1/sign-on.")
