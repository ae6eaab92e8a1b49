"""A small OpenID provider on a free port: it lets in whoever it is told to, and signs with keys that may change."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from deploy.local.installation import _listen
from tests.support.waits import until

CLIENT_ID, SECRET = "duban", "s3cret of the client"
_STARTED_WITHIN_S = 10


@dataclass
class OpenIdProvider:
    """`person` is who signs on at its page next; `keys` are those it publishes, and signs with the last of."""

    url: str
    person: str = "p-17"
    lifetime_s: int = 300
    keys: list[ECKey] = field(default_factory=lambda: [ECKey.generate_key("P-256", auto_kid=True)])
    is_down: bool = False
    is_refusing: bool = False
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, *, key: ECKey | None = None, algorithm: str = "ES256", **claims: Any) -> str:
        """Sign a token for its person; claims given as None are left out."""
        now_s, key = int(time.time()), key or self.keys[-1]
        times = {"iat": now_s, "exp": now_s + self.lifetime_s}
        whole = {"iss": self.url, "sub": self.person, "aud": CLIENT_ID, **times, **claims}
        present = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": key.kid}, present, key, algorithms=[algorithm])

    def rotate(self) -> None:
        """Sign with a new key, and withdraw the one before."""
        self.keys = [ECKey.generate_key("P-256", auto_kid=True)]

    def authorize(self, asked: dict[str, str]) -> str:
        """Where its page leads to: back to who has asked, with a code or a refusal."""
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT_ID, "code", "openid")
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        told = {"error": "access_denied"} if self.is_refusing else {"code": code}
        return f"{asked['redirect_uri']}?{urlencode({**told, 'state': asked['state']})}"

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once, for the client that it was given to and that knows the verifier."""
        asked = self._codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_client = authorization == "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if asked is None or not is_client or proof.rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token(nonce=asked["nonce"])}


@asynccontextmanager
async def openid_provider() -> AsyncIterator[OpenIdProvider]:
    """A provider that runs for as long as the block lasts."""
    listening = _listen("127.0.0.1", 0)
    provider = OpenIdProvider(f"http://127.0.0.1:{listening.getsockname()[1]}/realms/city")
    server = uvicorn.Server(uvicorn.Config(_app(provider), log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await until(lambda: server.started, _STARTED_WITHIN_S)
        yield provider
    finally:
        server.should_exit = True
        await serving
        listening.close()


def _app(provider: OpenIdProvider) -> FastAPI:
    app = FastAPI()

    @app.get("/realms/city/.well-known/openid-configuration")
    async def configuration() -> Response:
        provider.asked.append("configuration")
        if provider.is_down:
            return Response(status_code=503)
        own = {name: f"{provider.url}/{name}" for name in ("authorize", "token", "keys")}
        return JSONResponse({
            "issuer": provider.url, "authorization_endpoint": own["authorize"], "token_endpoint": own["token"],
            "jwks_uri": own["keys"],
        })  # fmt: skip

    @app.get("/realms/city/keys")
    async def keys() -> dict[str, Any]:
        return {**KeySet(list(provider.keys)).as_dict(private=False)}

    @app.get("/realms/city/authorize")
    async def authorize(request: Request) -> Response:
        return RedirectResponse(provider.authorize(dict(request.query_params)), 302)

    @app.post("/realms/city/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        told = provider.redeem(form, request.headers.get("authorization", ""))
        return JSONResponse(told or {"error": "invalid_grant"}, 200 if told else 400)

    return app
