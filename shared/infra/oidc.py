"""Who comes with the account that the government already has? Tokens of an OpenID Connect issuer.

They prove a person code, nothing more, and for 12 hours at most. Services keep no key that could sign.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from typing import Any, Final

import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from shared.infra.auth import Bearer, Proof, Unauthenticated, UnknownKey, instant_of, times_of

SESSION_MAX: Final = timedelta(hours=12)
ISSUER_UNREACHABLE: Final = "issuer_unreachable"

# What OpenID providers sign with; neither "none" nor a secret that both sides would know.
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
_PERSON: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIMEOUT_S: Final = 5
_KEYS_KEPT_S: Final = 3600
_ASKED_AGAIN_AFTER_S: Final = 30
_log = structlog.stdlib.get_logger("duban.oidc")


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer as it describes itself (OpenID Connect Discovery 1.0), and the keys it signs with."""

    authorization_endpoint: str
    token_endpoint: str
    keys: tuple[Key, ...]


@dataclass(slots=True)
class OidcIssuer:
    """Proves tokens of one issuer that are meant for one client. Its keys are asked for when they are needed."""

    url: str
    client_id: str
    person_claim: str = "sub"
    _provider: Provider | None = None
    _read_at_s: float = -inf
    _asked_at_s: float = -inf
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def prove(self, token: str) -> Proof:
        """Check a token with the keys at hand. Unauthenticated, of which UnknownKey may be worth a `refresh`."""
        if _unproved_issuer(token) != self.url:
            raise Unauthenticated("bad_signature")
        if self._provider is None or self._is_stale:
            raise UnknownKey  # keys that the issuer has withdrawn meanwhile must not go on proving
        claims = _claims(token, self._provider.keys)
        audience = claims.get("aud")
        if self.client_id not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("wrong_audience")
        person = claims.get(self.person_claim)
        if not isinstance(person, str) or not _PERSON.fullmatch(person):
            raise Unauthenticated("no_person")
        issued_at_s, expires_at_s = times_of(claims)
        token_id = str(claims.get("jti") or hashlib.sha256(token.encode()).hexdigest())
        ends_at_s = min(expires_at_s, issued_at_s + int(SESSION_MAX.total_seconds()))
        return Proof(Bearer(person, False, token_id, instant_of(issued_at_s)), issued_at_s, ends_at_s)

    async def refresh(self) -> bool:
        """Ask for the keys, unless that was done half a minute ago; whether there are new ones now.

        Raises Unauthenticated where there are none, since the issuer cannot be asked.
        """
        asked_before_s = self._asked_at_s
        async with self._turn:
            is_asked = self._asked_at_s != asked_before_s  # by another request, while this one waited for its turn
            if not is_asked and time.monotonic() - self._asked_at_s > _ASKED_AGAIN_AFTER_S:
                self._asked_at_s = time.monotonic()
                self._provider = await _discover(self.url)
                self._read_at_s, is_asked = time.monotonic(), True
        if self._is_stale:
            raise Unauthenticated("issuer_unreachable")
        return is_asked

    async def provider(self) -> Provider:
        """The issuer's own description. Raises Unauthenticated where the issuer cannot be asked."""
        if self._provider is None or self._is_stale:
            await self.refresh()
        assert self._provider is not None
        return self._provider

    @property
    def _is_stale(self) -> bool:
        return time.monotonic() - self._read_at_s > _KEYS_KEPT_S


async def _discover(url: str) -> Provider:
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            told = await _json(client, f"{url.rstrip('/')}/.well-known/openid-configuration")
            if told["issuer"] != url:
                raise ValueError(f"it calls itself {told['issuer']!r}")
            keys = KeySet.import_key_set(await _json(client, told["jwks_uri"]))  # type: ignore[arg-type]
            return Provider(told["authorization_endpoint"], told["token_endpoint"], tuple(keys))
    except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError, TypeError, KeyError) as error:
        _log.error(ISSUER_UNREACHABLE, reason=f"{type(error).__name__}: {error}")
        raise Unauthenticated("issuer_unreachable") from error


async def _json(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await client.get(url)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def _unproved_issuer(token: str) -> object:
    """Who a token says that it is from: only then is anyone asked about it."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload or b"")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Unauthenticated("malformed") from error
    return claims.get("iss") if isinstance(claims, dict) else None


def _claims(token: str, keys: tuple[Key, ...]) -> dict[str, Any]:
    key_id = jws.extract_compact(token.encode()).headers().get("kid")
    for key in keys:
        if key_id in (None, key.kid):
            try:
                return jwt.decode(token, key, algorithms=_ALGORITHMS).claims
            except (JoseError, ValueError, TypeError):
                continue
    raise UnknownKey
