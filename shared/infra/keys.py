"""Which keys sign and prove tokens? A pair in a folder, made once, rotated at will, and tokens signed with it.

Services are given the public file alone. It may hold several keys: after a rotation the one before is kept until its
last token has expired.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ISSUER: Final = "duban"
LIFETIME_MAX: Final = timedelta(days=30)

# RFC 9864 replaced the name "EdDSA" by the curve's own; the old name makes the library warn.
ALGORITHM: Final = "Ed25519"

# RFC 7468 lets words stand before a key: there the file says until when an old key is good.
_PEM: Final = re.compile(
    r"(?:Until: (?P<until>\S+)\s+)?(?P<pem>-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----)"
)


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the two halves of the signing key are; only the public one goes to services that verify."""

    private: Path
    public: Path


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that proves tokens; none of them is good from `expires_at_s` on, whatever it says itself."""

    key: OKPKey
    expires_at_s: float = inf

    @property
    def id(self) -> str:
        return self.key.kid or self.key.thumbprint()


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
    current = _key(files.private)
    if not files.public.exists():
        _write_once(files.public, current.as_pem(private=False))
        files.public.chmod(0o644)
    if all(one.key.thumbprint() != current.thumbprint() for one in read_public_keys(files.public)):
        raise ValueError(f"{files.public} is not the public half of {files.private}")
    return files


def rotate(folder: Path, now: datetime) -> KeyFiles:
    """Make a new signing key; the old one proves its tokens for the 30 days that they may still live."""
    files = make_key_pair(folder)
    fresh, retired_at_s = OKPKey.generate_key("Ed25519"), epoch_s(now + LIFETIME_MAX)
    kept = [PublicKey(one.key, min(one.expires_at_s, retired_at_s)) for one in read_public_keys(files.public)]
    told = [_with_end(one) for one in kept if one.expires_at_s > epoch_s(now)]
    # Public first: until the private key is replaced, nothing is signed that a service could not verify.
    _replace(files.public, b"".join([fresh.as_pem(private=False), *told]), mode=0o644)
    _replace(files.private, fresh.as_pem(private=True), mode=0o600)
    return files


def read_public_keys(file: Path) -> list[PublicKey]:
    """The keys of a file: one or several PEM blocks, or a JWK set whose keys may have an `exp`.

    Raises ValueError where it holds no Ed25519 key.
    """
    text = file.read_text()
    try:
        found = _of_jwk_set(json.loads(text)) if text.lstrip().startswith("{") else _of_pem(text)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} holds no key that can be read") from error
    if not found:
        raise ValueError(f"{file} holds no Ed25519 key")
    return found


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
    issued_at_s, key = epoch_s(now), _key(private_key_file)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "jti": token_id,
        "iat": issued_at_s,
        "exp": issued_at_s + int(lifetime.total_seconds()),
        **({"operator": True} if operator else {"sub": person}),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint()}, claims, key, algorithms=[ALGORITHM])


def epoch_s(now: datetime) -> int:
    """Whole seconds since 1970, as tokens count. Raises ValueError for a time without a zone."""
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return int(now.timestamp())


def _key(file: Path) -> OKPKey:
    return OKPKey.import_key(file.read_bytes())


def _of_pem(text: str) -> list[PublicKey]:
    return [
        PublicKey(OKPKey.import_key(found["pem"]), datetime.fromisoformat(found["until"]).timestamp())
        if found["until"]
        else PublicKey(OKPKey.import_key(found["pem"]))
        for found in _PEM.finditer(text)
    ]


def _of_jwk_set(value: dict[str, Any]) -> list[PublicKey]:
    keys = [one for one in value["keys"] if (one.get("kty"), one.get("crv")) == ("OKP", "Ed25519")]
    return [PublicKey(OKPKey.import_key(one), float(one.get("exp", inf))) for one in keys]


def _with_end(one: PublicKey) -> bytes:
    until = datetime.fromtimestamp(one.expires_at_s).astimezone().isoformat()
    return b"Until: %b\n%b" % (until.encode(), one.key.as_pem(private=False))


def _write_once(target: Path, content: bytes) -> None:
    # A hard link appears whole or not at all and never replaces, so two starting processes agree on one key.
    draft = _drafted(target, content)
    try:
        os.link(draft, target)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(target: Path, content: bytes, *, mode: int) -> None:
    draft = _drafted(target, content)
    draft.chmod(mode)
    draft.replace(target)


def _drafted(target: Path, content: bytes) -> Path:
    """A file beside the target, on disk; only its owner can read it."""
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)
