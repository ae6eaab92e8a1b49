"""Keys are made once, rotated at will, and read in the forms that installations have."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey, RSAKey

from shared.infra.auth import Tokens, Unauthenticated
from shared.infra.keys import KeyFiles, issue_token, make_key_pair, read_public_keys, rotate

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return make_key_pair(tmp_path / "keys")


def a_token(keys: KeyFiles) -> str:
    return issue_token(keys.private, person="p-17", operator=False, now=NOW, lifetime=timedelta(days=1), token_id="t1")


def test_only_the_owner_can_read_the_private_key(keys: KeyFiles) -> None:
    assert stat.S_IMODE(keys.private.stat().st_mode) == 0o600


def test_making_the_keys_again_keeps_them(keys: KeyFiles) -> None:
    before = keys.private.read_bytes(), keys.public.read_bytes()
    keys.private.chmod(0o644)
    again = make_key_pair(keys.private.parent)
    assert (again.private.read_bytes(), again.public.read_bytes()) == before
    assert stat.S_IMODE(again.private.stat().st_mode) == 0o600
    assert sorted(file.name for file in keys.private.parent.iterdir()) == ["token-private.pem", "token-public.pem"]


def test_a_lost_public_key_is_made_again_from_the_private_one(keys: KeyFiles) -> None:
    before = keys.public.read_bytes()
    keys.public.unlink()
    assert make_key_pair(keys.private.parent).public.read_bytes() == before


def test_a_lost_private_key_is_not_replaced_in_silence(keys: KeyFiles) -> None:
    keys.private.unlink()
    with pytest.raises(ValueError, match="no private key"):
        make_key_pair(keys.private.parent)


def test_key_files_that_do_not_belong_together_are_refused(keys: KeyFiles, tmp_path: Path) -> None:
    keys.public.write_bytes(make_key_pair(tmp_path / "others").public.read_bytes())
    with pytest.raises(ValueError, match="not the public half"):
        make_key_pair(keys.private.parent)


def test_the_public_file_holds_no_private_key(keys: KeyFiles) -> None:
    assert b"PRIVATE" not in keys.public.read_bytes()


def test_a_rotation_replaces_the_private_key_and_keeps_the_public_one(keys: KeyFiles) -> None:
    before, old = keys.private.read_bytes(), read_public_keys(keys.public)[0]
    assert rotate(keys.private.parent, NOW) == keys
    assert keys.private.read_bytes() != before
    assert stat.S_IMODE(keys.private.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.public.stat().st_mode) == 0o644
    assert b"PRIVATE" not in keys.public.read_bytes()
    new, kept = read_public_keys(keys.public)
    assert (new.expires_at_s, kept.id) == (float("inf"), old.id)
    assert kept.expires_at_s == (NOW + timedelta(days=30)).timestamp()
    assert make_key_pair(keys.private.parent) == keys


def test_a_second_rotation_does_not_lengthen_the_life_of_the_first_key(keys: KeyFiles) -> None:
    first = read_public_keys(keys.public)[0].id
    for day in (0, 10):
        rotate(keys.private.parent, NOW + timedelta(days=day))
    ends = {one.id: one.expires_at_s for one in read_public_keys(keys.public)}
    assert len(ends) == 3
    assert ends[first] == (NOW + timedelta(days=30)).timestamp()


def test_a_rotation_drops_the_keys_whose_tokens_have_all_expired(keys: KeyFiles) -> None:
    first = read_public_keys(keys.public)[0].id
    for day in (0, 30):
        rotate(keys.private.parent, NOW + timedelta(days=day))
    assert first not in {one.id for one in read_public_keys(keys.public)}
    assert len(read_public_keys(keys.public)) == 2


def test_a_token_names_its_key(keys: KeyFiles) -> None:
    rotate(keys.private.parent, NOW)
    token = a_token(keys)
    only_old = keys.public.parent / "old.pem"
    only_old.write_bytes(keys.public.read_bytes().split(b"-----END PUBLIC KEY-----")[1] + b"-----END PUBLIC KEY-----")
    with pytest.raises(Unauthenticated, match="bad_signature"):
        Tokens(only_old).verify(token, NOW)


def test_a_set_of_json_web_keys_is_read_with_their_ends(keys: KeyFiles) -> None:
    old = OKPKey.generate_key("Ed25519").as_dict(private=False)
    current = OKPKey.import_key(keys.public.read_bytes()).as_dict(private=False)
    other = RSAKey.generate_key(2048).as_dict(private=False)
    keys.public.write_text(json.dumps({"keys": [current, {**old, "exp": 17}, other]}))
    assert [one.expires_at_s for one in read_public_keys(keys.public)] == [float("inf"), 17.0]
    assert Tokens(keys.public).verify(a_token(keys), NOW).person == "p-17"


@pytest.mark.parametrize("text", ["", "x", "{}", '{"keys": []}', '{"keys": 7}', "[]", '{"keys": [{"kty": "OKP"}]}'])
def test_a_file_without_a_key_is_refused(keys: KeyFiles, text: str) -> None:
    keys.public.write_text(text)
    with pytest.raises(ValueError, match="holds no"):
        read_public_keys(keys.public)
