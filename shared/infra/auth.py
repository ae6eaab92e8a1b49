"""Who is asking? Signed tokens that prove a person code, and nothing about what that person may do.

Authority is folded from the record, so it has a history; a token only names the person or the operator.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from joserfc import jwt
from joserfc.errors import DecodeError, InvalidPayloadError, JoseError
from joserfc.jwk import OKPKey
from starlette.requests import Request

ISSUER: Final = "duban"
LIFETIME_MAX: Final = timedelta(days=30)
CLOCK_SKEW_MAX: Final = timedelta(seconds=60)
TOKEN_BYTES_MAX: Final = 4096
CACHED_TOKENS_MAX: Final = 4096

# RFC 9864 replaced the name "EdDSA" by the curve's own; the old name makes the library warn.
_ALGORITHM: Final = "Ed25519"

Reason = Literal["missing", "malformed", "bad_signature", "expired", "too_long_lived", "wrong_issuer"]


class Unauthenticated(Exception):
    """The request proves nobody; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the two halves of the signing key are; only the public one goes to services that verify."""

    private: Path
    public: Path


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a verified token names: a person code, or the operator and no person."""

    person: str | None
    operator: bool
    token_id: str


@dataclass(frozen=True, slots=True)
class _Proof:
    bearer: Bearer
    issued_at_s: int
    expires_at_s: int


def make_key_pair(folder: Path) -> KeyFiles:
    """Make the signing key, or keep the one that is there.

    The private file has mode 0600. Raises ValueError when the two files do not belong together, or the
    private one is gone: a new key would silently void every token in use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = KeyFiles(private=folder / "token-private.pem", public=folder / "token-public.pem")
    if not files.private.exists():
        if files.public.exists():
            raise ValueError(f"{files.public} has no private key beside it")
        _write_once(files.private, OKPKey.generate_key("Ed25519").as_pem(private=True))
    files.private.chmod(0o600)
    public_pem = _key(files.private).as_pem(private=False)
    if not files.public.exists():
        _write_once(files.public, public_pem)
        files.public.chmod(0o644)
    if _key(files.public).thumbprint() != _key(files.private).thumbprint():
        raise ValueError(f"{files.public} is not the public half of {files.private}")
    return files


def _write_once(target: Path, content: bytes) -> None:
    # A hard link appears whole or not at all and never replaces, so two starting processes agree on one key.
    handle, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _key(file: Path) -> OKPKey:
    return OKPKey.import_key(file.read_bytes())


def issue_token(
    private_key_file: Path, *, person: str | None, operator: bool, now: datetime, lifetime: timedelta, token_id: str
) -> str:
    """Sign a token for one person, or for the operator.

    Raises ValueError unless it names exactly one of them, has an id, and lives between a second and 30 days.
    """
    if (person is not None) == operator or person == "" or not token_id:
        raise ValueError("a token names one person or the operator, and has an id")
    if not timedelta(seconds=1) <= lifetime <= LIFETIME_MAX:
        raise ValueError(f"a token lives between 1 s and {LIFETIME_MAX.days} days")
    issued_at_s = _epoch_s(now)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "jti": token_id,
        "iat": issued_at_s,
        "exp": issued_at_s + int(lifetime.total_seconds()),
        **({"operator": True} if operator else {"sub": person}),
    }
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(private_key_file), algorithms=[_ALGORITHM])


def _epoch_s(now: datetime) -> int:
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return int(now.timestamp())


class Tokens:
    """Verifies tokens against one public key, read once."""

    def __init__(self, public_key_file: Path) -> None:
        self._public_key = _key(public_key_file)
        # A raised refusal is not cached, so strangers cannot push out known tokens.
        self._proof = lru_cache(maxsize=CACHED_TOKENS_MAX)(self._prove)

    def verify(self, token: str, now: datetime) -> Bearer:
        """Say whom the token names, or raise Unauthenticated; time is checked on every call."""
        if not token:
            raise Unauthenticated("missing")
        if len(token) > TOKEN_BYTES_MAX:
            raise Unauthenticated("malformed")
        proof = self._proof(token)
        _check_times(proof, now_s=_epoch_s(now))
        return proof.bearer

    def _prove(self, token: str) -> _Proof:
        try:
            claims = jwt.decode(token, self._public_key, algorithms=[_ALGORITHM]).claims
        except (DecodeError, InvalidPayloadError, ValueError, TypeError) as error:
            raise Unauthenticated("malformed") from error
        except JoseError as error:
            raise Unauthenticated("bad_signature") from error
        if claims.get("iss") != ISSUER:
            raise Unauthenticated("wrong_issuer")
        return _proof_from(claims)


def _proof_from(claims: dict[str, Any]) -> _Proof:
    person, operator, token_id = claims.get("sub"), claims.get("operator", False), claims.get("jti")
    issued_at_s, expires_at_s = claims.get("iat"), claims.get("exp")
    # `type is int`: True is an int in Python, and JSON floats would make second-exact limits vague.
    if type(issued_at_s) is not int or type(expires_at_s) is not int or type(operator) is not bool:
        raise Unauthenticated("malformed")
    if not isinstance(token_id, str) or not token_id or not _names_one(person, operator=operator):
        raise Unauthenticated("malformed")
    return _Proof(Bearer(person, operator, token_id), issued_at_s, expires_at_s)


def _names_one(person: object, *, operator: bool) -> bool:
    return person is None if operator else isinstance(person, str) and person != ""


def _check_times(proof: _Proof, *, now_s: int) -> None:
    if now_s >= proof.expires_at_s:
        raise Unauthenticated("expired")
    # A token dated in the future must not outlive 30 days from today either.
    counted_from_s = min(proof.issued_at_s, now_s + int(CLOCK_SKEW_MAX.total_seconds()))
    if proof.expires_at_s - counted_from_s > LIFETIME_MAX.total_seconds():
        raise Unauthenticated("too_long_lived")


def bearer_from(request: Request) -> str:
    """Take the token out of the Authorization header; a FastAPI dependency. Raises Unauthenticated."""
    headers = request.headers.getlist("authorization")
    if not headers:
        raise Unauthenticated("missing")
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("malformed")
    return token.strip()


def who_asks(tokens: Tokens, now: Callable[[], datetime]) -> Callable[[Request], Bearer]:
    """A FastAPI dependency: whom the request's token names. Raises Unauthenticated."""

    def bearer(request: Request) -> Bearer:
        return tokens.verify(bearer_from(request), now())

    return bearer
