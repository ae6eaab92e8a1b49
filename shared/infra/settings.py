"""Where a service finds its broker, its database and its key; each service subclasses with its own prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.infra.rates import PER_MINUTE
from shared.infra.streams import PARTITIONS

DATABASE_DRIVERS: Final = ("sqlite+aiosqlite", "postgresql+psycopg")


def partition_numbers(ranges: str) -> tuple[int, ...]:
    """Read "0-3,8" as (0, 1, 2, 3, 8), sorted and without repeats; raises ValueError outside 0-15."""
    numbers: set[int] = set()
    for part in ranges.split(","):
        first, dash, last = part.strip().partition("-")
        numbers |= _numbers_between(first, last if dash else first)
    return tuple(sorted(numbers))


def _numbers_between(first: str, last: str) -> set[int]:
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last) < PARTITIONS):
        raise ValueError(f"partitions are ranges within 0-{PARTITIONS - 1}, such as 0-3,8")
    return set(range(int(first), int(last) + 1))


def _checked_partitions(ranges: str) -> str:
    partition_numbers(ranges)
    return ranges


def _with_driver(url: str) -> str:
    if url.partition("://")[0] not in DATABASE_DRIVERS:
        raise ValueError(f"the database URL must start with one of {', '.join(DATABASE_DRIVERS)}")
    return url


def _without_password(url: str) -> str:
    # Addresses are logged and shown on the status page; passwords have their own field.
    for address in url.split(","):
        if urlsplit(address.strip()).password or "@" in address:
            raise ValueError("name the user and the password in their own settings, not in the address")
    return url


def _trusted_issuer(url: str) -> str:
    # Whoever could answer in its place would say who everybody is.
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an OpenID issuer is an https:// address, exactly as it writes itself")
    return url


class ServiceSettings(BaseSettings):
    """What every service needs to start, from the environment; a wrong value stops the start.

    With `oidc_issuer` tokens of that issuer prove persons too; with the client's secret people may also sign on here.
    `rate_limit_per_minute` is of requests, for each token; 0 is no limit.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    nats_url: Annotated[str, AfterValidator(_without_password)]
    nats_user: str | None = None
    nats_password: SecretStr | None = None
    database_url: Annotated[str, AfterValidator(_with_driver), Field(repr=False)]
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)]
    public_key_file: Path
    partitions: Annotated[str, AfterValidator(_checked_partitions)] = f"0-{PARTITIONS - 1}"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    rate_limit_per_minute: Annotated[int, Field(ge=0)] = PER_MINUTE
    oidc_issuer: Annotated[str, AfterValidator(_trusted_issuer)] | None = None
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_person_claim: str = "sub"

    @model_validator(mode="after")
    def _issuer_knows_us(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("an OpenID issuer needs the client id under which it knows this installation")
        return self

    @property
    def partition_numbers(self) -> tuple[int, ...]:
        """The partitions this process owns, ascending."""
        return partition_numbers(self.partitions)

    @property
    def nats_servers(self) -> tuple[str, ...]:
        """The broker's addresses; `nats_url` may name several, separated by commas."""
        return tuple(address.strip() for address in self.nats_url.split(","))
