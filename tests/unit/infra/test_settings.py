"""A wrong setting stops the start, and secrets stay out of what is printed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from shared.infra.settings import ServiceSettings, partition_numbers


class IntakeSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="DUBAN_INTAKE_")


GIVEN = {
    "nats_url": "nats://127.0.0.1:4222",
    "database_url": "sqlite+aiosqlite:///intake.db",
    "port": "8001",
    "public_key_file": "token-public.pem",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"DUBAN_INTAKE_{name.upper()}", value)
    return monkeypatch


def from_environment() -> IntakeSettings:
    return IntakeSettings()  # type: ignore[call-arg]


def test_a_service_reads_its_own_prefix(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DUBAN_SCORING_PORT", "9")
    settings = from_environment()
    assert (settings.port, settings.host, settings.log_level) == (8001, "127.0.0.1", "INFO")
    assert settings.partition_numbers == tuple(range(16))


@pytest.mark.parametrize(
    ("ranges", "numbers"), [("3", (3,)), ("0-2", (0, 1, 2)), ("8, 0-1,8", (0, 1, 8)), ("15-15", (15,))]
)
def test_partitions_are_ranges(ranges: str, numbers: tuple[int, ...]) -> None:
    assert partition_numbers(ranges) == numbers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("partitions", "0-16"),
        ("partitions", "3-1"),
        ("partitions", ""),
        ("partitions", "1-"),
        ("partitions", "a"),
        ("port", "70000"),
        ("database_url", "sqlite:///intake.db"),
        ("database_url", "postgresql://db/intake"),
        ("nats_url", "nats://duban:secret@127.0.0.1:4222"),
        ("nats_url", "nats://a:4222,nats://token@b:4222"),
        ("log_level", "LOUD"),
        ("rate_limit_per_minute", "-1"),
        ("oidc_issuer", "http://accounts.city.test"),
        ("oidc_issuer", "accounts.city.test"),
        ("oidc_issuer", "https://"),
        ("oidc_issuer", "https://accounts.city.test?realm=1"),
    ],
)
def test_a_wrong_value_stops_the_start(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(f"DUBAN_INTAKE_{name.upper()}", value)
    with pytest.raises(ValidationError) as refusal:
        from_environment()
    assert "secret" not in str(refusal.value)


def test_passwords_are_not_printed(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DUBAN_INTAKE_NATS_PASSWORD", "hunter2")
    environment.setenv("DUBAN_INTAKE_DATABASE_URL", "postgresql+psycopg://duban:hunter2@db/intake")
    settings: Any = from_environment()
    assert "hunter2" not in repr(settings)
    assert settings.nats_password.get_secret_value() == "hunter2"


def test_an_issuer_is_named_together_with_the_name_under_which_it_knows_us(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DUBAN_INTAKE_OIDC_ISSUER", "https://accounts.city.test/realms/city")
    with pytest.raises(ValidationError, match="client id"):
        from_environment()
    environment.setenv("DUBAN_INTAKE_OIDC_CLIENT_ID", "duban")
    environment.setenv("DUBAN_INTAKE_OIDC_CLIENT_SECRET", "hunter2")
    assert from_environment().oidc_person_claim == "sub"
    assert "hunter2" not in repr(from_environment())


def test_one_setting_may_name_several_brokers(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DUBAN_INTAKE_NATS_URL", "nats://a:4222, nats://b:4222")
    assert from_environment().nats_servers == ("nats://a:4222", "nats://b:4222")
