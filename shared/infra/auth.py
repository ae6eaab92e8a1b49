"""Who is asking? Signed tokens that prove a person code, and nothing about what that person may do.

Authority is folded from the record, so it has a history; a token only names the person or the operator.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import structlog
from joserfc import jws, jwt
from joserfc.errors import DecodeError, InvalidPayloadError, JoseError
from starlette.requests import Request

from shared.core.ledger import BEFORE_ALL_TIME
from shared.infra.keys import ALGORITHM, ISSUER, LIFETIME_MAX, PublicKey, epoch_s, read_public_keys

CLOCK_SKEW_MAX: Final = timedelta(seconds=60)
TOKEN_BYTES_MAX: Final = 4096
CACHED_TOKENS_MAX: Final = 4096
COOKIE: Final = "duban_token"
"""What a browser carries a token in after signing on (shared/infra/oidc.py)."""
_PROVED_AGAIN_AFTER_S: Final = 3600
"""An issuer may withdraw a key: what it has proved is proved again within the hour."""
KEYS_NOT_READ: Final = "keys_not_read"

Reason = Literal[
    "missing", "malformed", "bad_signature", "expired", "too_long_lived", "wrong_issuer",
    "wrong_audience", "no_person", "issuer_unreachable",
]  # fmt: skip
_log = structlog.stdlib.get_logger("duban.auth")


class Unauthenticated(Exception):
    """The request proves nobody; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class UnknownKey(Unauthenticated):
    """No key at hand proves the token; one that its issuer has published since may."""

    def __init__(self) -> None:
        super().__init__("bad_signature")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a verified token names: a person code, or the operator and no person.

    Which token it was, and from when, decides whether it has been revoked: that is in the record.
    """

    person: str | None
    operator: bool
    token_id: str
    issued_at: datetime = BEFORE_ALL_TIME


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signature proves, whenever it is looked at; times are seconds since 1970."""

    bearer: Bearer
    issued_at_s: int
    expires_at_s: float


class Issuer(Protocol):
    """Another party whose tokens are accepted."""

    def prove(self, token: str) -> Proof:
        """Check a token with the keys at hand. Unauthenticated, of which UnknownKey may be worth a `refresh`."""

    async def refresh(self) -> bool:
        """Ask for the keys again; whether there are new ones now."""


class Tokens:
    """Verifies tokens against the keys of a file, which may change meanwhile, and of an issuer besides."""

    def __init__(self, public_key_file: Path, issuer: Issuer | None = None) -> None:
        self._file, self.issuer = public_key_file, issuer
        self._seen, self._looked_at_s = _version(public_key_file), 0
        self._keys = _by_id(read_public_keys(public_key_file))
        # A raised refusal is not cached, so strangers cannot push out known tokens.
        self._proof = lru_cache(maxsize=CACHED_TOKENS_MAX)(self._prove)

    def verify(self, token: str, now: datetime) -> Bearer:
        """Say whom the token names, or raise Unauthenticated; time is checked on every call."""
        if not token:
            raise Unauthenticated("missing")
        if len(token) > TOKEN_BYTES_MAX:
            raise Unauthenticated("malformed")
        now_s = epoch_s(now)
        if now_s != self._looked_at_s:
            self._look(now_s)
        proof = self._proof(token, now_s // _PROVED_AGAIN_AFTER_S)
        check_times(proof, now_s=now_s)
        return proof.bearer

    async def verified(self, token: str, now: datetime) -> Bearer:
        """As `verify`; the issuer, where there is one, is asked for keys that it has published since."""
        try:
            return self.verify(token, now)
        except UnknownKey:
            if self.issuer is None or not await self.issuer.refresh():
                raise
            return self.verify(token, now)

    def _look(self, now_s: int) -> None:
        """Take other keys where the file has changed; a file that cannot be read changes nothing."""
        self._looked_at_s = now_s
        try:
            if (seen := _version(self._file)) == self._seen:
                return
            self._keys, self._seen = _by_id(read_public_keys(self._file)), seen
        except (OSError, ValueError) as error:
            _log.error(KEYS_NOT_READ, reason=str(error))
        else:
            self._proof.cache_clear()

    def _prove(self, token: str, _hour: int) -> Proof:
        try:
            key_id = jws.extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated("malformed") from error
        # Tokens from before rotation say no key.
        for one in [one for one in self._keys.values() if key_id in (None, one.id)]:
            claims = _claims(token, one)
            if claims is not None:
                return _proof_from(claims, one)
        if self.issuer is None:
            raise UnknownKey
        return self.issuer.prove(token)


def _version(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _by_id(keys: list[PublicKey]) -> dict[str, PublicKey]:
    return {one.id: one for one in keys}


def _claims(token: str, by: PublicKey) -> dict[str, Any] | None:
    """What the token claims, if this key has signed it."""
    try:
        return jwt.decode(token, by.key, algorithms=[ALGORITHM]).claims
    except (DecodeError, InvalidPayloadError, ValueError, TypeError) as error:
        raise Unauthenticated("malformed") from error
    except JoseError:
        return None


def _proof_from(claims: dict[str, Any], by: PublicKey) -> Proof:
    if claims.get("iss") != ISSUER:
        raise Unauthenticated("wrong_issuer")
    person, operator, token_id = claims.get("sub"), claims.get("operator", False), claims.get("jti")
    issued_at_s, expires_at_s = times_of(claims)
    if type(operator) is not bool or not isinstance(token_id, str) or not token_id:
        raise Unauthenticated("malformed")
    if not (person is None if operator else isinstance(person, str) and person != ""):
        raise Unauthenticated("malformed")
    bearer = Bearer(person, operator, token_id, instant_of(issued_at_s))
    return Proof(bearer, issued_at_s, min(expires_at_s, by.expires_at_s))


def times_of(claims: dict[str, Any]) -> tuple[int, int]:
    """When a token was issued and expires, in seconds since 1970. Raises Unauthenticated."""
    issued_at_s, expires_at_s = claims.get("iat"), claims.get("exp")
    # `type is int`: True is an int in Python, and JSON floats would make second-exact limits vague.
    if type(issued_at_s) is not int or type(expires_at_s) is not int:
        raise Unauthenticated("malformed")
    return issued_at_s, expires_at_s


def instant_of(at_s: int) -> datetime:
    try:
        return datetime.fromtimestamp(at_s, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Unauthenticated("malformed") from error


def check_times(proof: Proof, *, now_s: int) -> None:
    """Raises Unauthenticated for a token whose time is over, or which would live for more than 30 days."""
    if now_s >= proof.expires_at_s:
        raise Unauthenticated("expired")
    # A token dated in the future must not outlive 30 days from today either.
    counted_from_s = min(proof.issued_at_s, now_s + int(CLOCK_SKEW_MAX.total_seconds()))
    if proof.expires_at_s - counted_from_s > LIFETIME_MAX.total_seconds():
        raise Unauthenticated("too_long_lived")


def bearer_from(request: Request) -> str:
    """Take the token out of the Authorization header, or the cookie; a FastAPI dependency. Raises Unauthenticated."""
    headers = request.headers.getlist("authorization")
    if not headers:
        return _from_cookie(request)
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("malformed")
    return token.strip()


def _from_cookie(request: Request) -> str:
    # SameSite=Strict keeps other sites out; a neighbour under the same domain is one that the browser names.
    site = request.headers.get("sec-fetch-site", "same-origin")
    is_own = request.method in {"GET", "HEAD"} or site == "same-origin"
    token = request.cookies.get(COOKIE) if is_own else None
    if not token:
        raise Unauthenticated("missing")
    return token


def who_asks(tokens: Tokens, now: Callable[[], datetime]) -> Callable[[Request], Awaitable[Bearer]]:
    """A FastAPI dependency: whom the request's token names. Raises Unauthenticated."""

    # A coroutine: for each plain function FastAPI would hand the request to a thread.
    async def bearer(request: Request) -> Bearer:
        return await tokens.verified(bearer_from(request), now())

    return bearer
