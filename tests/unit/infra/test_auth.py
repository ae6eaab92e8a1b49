"""Tokens prove a person code or the operator, for at most 30 days, and nothing else."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from starlette.requests import Request

from shared.infra.auth import CACHED_TOKENS_MAX, COOKIE, Bearer, Tokens, Unauthenticated, bearer_from
from shared.infra.keys import KeyFiles, issue_token, make_key_pair, rotate

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return make_key_pair(tmp_path / "keys")


def a_token(keys: KeyFiles, **changes: Any) -> str:
    given = {"person": "p-17", "operator": False, "now": NOW, "lifetime": timedelta(days=1), "token_id": "t1"}
    return issue_token(keys.private, **{**given, **changes})


def signed(keys: KeyFiles, **claims: Any) -> str:
    start = int(NOW.timestamp())
    whole = {"iss": "duban", "sub": "p-17", "jti": "t1", "iat": start, "exp": start + 60, **claims}
    present = {name: value for name, value in whole.items() if value is not None}
    key = OKPKey.import_key(keys.private.read_bytes())
    return jwt.encode({"alg": "Ed25519"}, present, key, algorithms=["Ed25519"])


def reason_for(keys: KeyFiles, token: str, now: datetime = NOW) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        Tokens(keys.public).verify(token, now)
    return refusal.value.reason


def test_a_token_names_the_person_it_was_issued_to(keys: KeyFiles) -> None:
    assert Tokens(keys.public).verify(a_token(keys), NOW) == Bearer("p-17", False, "t1", NOW)


def test_an_operator_token_names_no_person(keys: KeyFiles) -> None:
    token = a_token(keys, person=None, operator=True)
    assert Tokens(keys.public).verify(token, NOW) == Bearer(None, True, "t1", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"person": None},
        {"operator": True},
        {"person": ""},
        {"token_id": ""},
        {"lifetime": timedelta(days=30, seconds=1)},
        {"lifetime": timedelta(0)},
        {"now": NOW.replace(tzinfo=None)},
    ],
)
def test_a_token_that_would_be_refused_is_not_issued(keys: KeyFiles, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        a_token(keys, **changes)


def test_a_token_expires_at_its_last_second(keys: KeyFiles) -> None:
    token = a_token(keys)
    last_second = NOW + timedelta(hours=23, minutes=59, seconds=59)
    assert Tokens(keys.public).verify(token, last_second).person == "p-17"
    assert reason_for(keys, token, NOW + timedelta(days=1)) == "expired"


def test_a_token_verified_before_is_still_refused_after_its_end(keys: KeyFiles) -> None:
    tokens, token = Tokens(keys.public), a_token(keys)
    tokens.verify(token, NOW)
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.verify(token, NOW + timedelta(days=1))


def test_a_known_token_is_not_verified_twice_and_strangers_are_not_remembered(keys: KeyFiles) -> None:
    tokens, token = Tokens(keys.public), a_token(keys)
    tokens.verify(token, NOW)
    tokens.verify(token, NOW)
    with pytest.raises(Unauthenticated):
        tokens.verify(token[:-8] + "AAAAAAAA", NOW)
    remembered = tokens._proof.cache_info()
    assert (remembered.hits, remembered.currsize, remembered.maxsize) == (1, 1, CACHED_TOKENS_MAX)


def test_a_token_of_31_days_is_refused_however_well_signed(keys: KeyFiles) -> None:
    start = int(NOW.timestamp())
    assert reason_for(keys, signed(keys, exp=start + 31 * 86_400)) == "too_long_lived"


def test_a_token_dated_in_the_future_does_not_live_longer(keys: KeyFiles) -> None:
    start = int(NOW.timestamp()) + 20 * 86_400
    assert reason_for(keys, signed(keys, iat=start, exp=start + 29 * 86_400)) == "too_long_lived"


def test_a_clock_that_is_a_few_seconds_behind_does_no_harm(keys: KeyFiles) -> None:
    token = a_token(keys, now=NOW + timedelta(seconds=20), lifetime=timedelta(days=30))
    assert Tokens(keys.public).verify(token, NOW).person == "p-17"


def test_a_token_of_another_issuer_is_refused(keys: KeyFiles) -> None:
    assert reason_for(keys, signed(keys, iss="elsewhere")) == "wrong_issuer"


def test_a_token_of_another_key_is_refused(keys: KeyFiles, tmp_path: Path) -> None:
    assert reason_for(keys, a_token(make_key_pair(tmp_path / "others"))) == "bad_signature"


def test_claims_changed_after_signing_are_refused(keys: KeyFiles) -> None:
    header, claims, signature = a_token(keys).split(".")
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**decoded, "sub": "p-1"}).encode()).rstrip(b"=").decode()
    assert reason_for(keys, f"{header}.{forged}.{signature}") == "bad_signature"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA"])
def test_a_token_cannot_choose_another_algorithm(keys: KeyFiles, algorithm: str) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm}).encode()).rstrip(b"=").decode()
    _, claims, signature = a_token(keys).split(".")
    assert reason_for(keys, f"{header}.{claims}.{signature}") == "bad_signature"


def test_no_token_is_missing(keys: KeyFiles) -> None:
    assert reason_for(keys, "") == "missing"


@pytest.mark.parametrize("token", ["x", "a.b.c", "督办", "督.办.签", "..", "a" * 5000, "\x00.\x00.\x00"])
def test_what_is_not_a_token_is_malformed(keys: KeyFiles, token: str) -> None:
    assert reason_for(keys, token) == "malformed"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"operator": True},
        {"operator": "yes"},
        {"jti": None},
        {"jti": ""},
        {"exp": None},
        {"exp": "soon"},
        {"iat": True},
        {"exp": 1e12},
        {"iat": 10**15},
    ],
)
def test_claims_of_the_wrong_form_are_malformed(keys: KeyFiles, claims: dict[str, Any]) -> None:
    assert reason_for(keys, signed(keys, **claims)) == "malformed"


def asked_with(*authorization: str, method: str = "GET", **other: str) -> Request:
    headers = [(b"authorization", value.encode()) for value in authorization]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in other.items()]
    return Request({"type": "http", "method": method, "headers": headers})


def test_the_token_is_taken_from_the_authorization_header() -> None:
    assert bearer_from(asked_with("Bearer abc")) == bearer_from(asked_with("bearer  abc")) == "abc"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ((), "missing"),
        (("Basic abc",), "malformed"),
        (("Bearer",), "malformed"),
        (("Bearer  ",), "malformed"),
        (("Bearer a", "Bearer b"), "malformed"),
    ],
)
def test_a_header_without_one_bearer_token_is_refused(headers: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Unauthenticated, match=reason):
        bearer_from(asked_with(*headers))


def test_a_browser_that_has_signed_on_carries_its_token_in_a_cookie() -> None:
    assert bearer_from(asked_with(cookie=f"{COOKIE}=abc")) == "abc"
    assert bearer_from(asked_with("Bearer xyz", cookie=f"{COOKIE}=abc")) == "xyz"


def test_a_page_of_another_site_cannot_act_with_the_cookie_of_a_person() -> None:
    asked = asked_with(method="POST", cookie=f"{COOKIE}=abc", sec_fetch_site="same-site")
    with pytest.raises(Unauthenticated, match="missing"):
        bearer_from(asked)
    assert bearer_from(asked_with(method="POST", cookie=f"{COOKIE}=abc", sec_fetch_site="same-origin")) == "abc"


# --- rotation --------------------------------------------------------------------------------------------------------

LATER = NOW + timedelta(seconds=1)


def without_key_id(keys: KeyFiles) -> str:
    """As tokens were signed before there was rotation."""
    return signed(keys, exp=int(NOW.timestamp()) + 20 * 86_400)


def test_after_a_rotation_both_keys_prove_tokens_without_a_restart(keys: KeyFiles) -> None:
    tokens, old, older = Tokens(keys.public), a_token(keys, person="old"), without_key_id(keys)
    tokens.verify(old, NOW)
    rotate(keys.private.parent, NOW)
    new = a_token(keys, person="new")
    assert [tokens.verify(one, LATER).person for one in (old, new, older)] == ["old", "new", "p-17"]


def test_thirty_days_after_a_rotation_the_old_key_proves_nothing_whatever_it_has_signed(
    keys: KeyFiles, tmp_path: Path
) -> None:
    stolen = KeyFiles(tmp_path / "stolen.pem", keys.public)
    stolen.private.write_bytes(keys.private.read_bytes())
    rotate(keys.private.parent, NOW)
    after = NOW + timedelta(days=29)
    forged = a_token(stolen, now=after, lifetime=timedelta(days=10))
    tokens = Tokens(keys.public)
    assert tokens.verify(forged, after).person == "p-17"
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.verify(forged, NOW + timedelta(days=30))


def test_the_key_file_is_looked_at_once_a_second_at_most(keys: KeyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, token, looks = Tokens(keys.public), a_token(keys), list[int]()
    look = tokens._look

    def counted(now_s: int) -> None:
        looks.append(now_s)
        look(now_s)

    monkeypatch.setattr(tokens, "_look", counted)
    for microsecond in range(0, 1_000_000, 100_000):
        tokens.verify(token, NOW.replace(microsecond=microsecond))
    assert len(looks) == 1
    tokens.verify(token, LATER)
    assert len(looks) == 2


def test_a_key_that_is_taken_out_of_the_file_proves_nothing_any_more(keys: KeyFiles, tmp_path: Path) -> None:
    tokens, token = Tokens(keys.public), a_token(keys)
    tokens.verify(token, NOW)
    keys.public.write_bytes(make_key_pair(tmp_path / "others").public.read_bytes())
    with pytest.raises(Unauthenticated, match="bad_signature"):
        tokens.verify(token, LATER)


@pytest.mark.parametrize("content", [b"", b"half a file", b"{", b"\xff", None])
def test_a_key_file_that_cannot_be_read_leaves_the_keys_as_they_are(keys: KeyFiles, content: bytes | None) -> None:
    tokens, token = Tokens(keys.public), a_token(keys)
    if content is None:
        keys.public.unlink()
    else:
        keys.public.write_bytes(content)
    assert tokens.verify(token, LATER).person == "p-17"
