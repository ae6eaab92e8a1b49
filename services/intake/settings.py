"""What intake reads from the environment, under DUBAN_INTAKE_."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from shared.infra.durable import Durability
from shared.infra.runtime import BODY_MAX_BYTES
from shared.infra.settings import ServiceSettings

EVIDENCE_BYTES_MAX = 32 * 1024 * 1024


def _place_of_evidence(url: str) -> str:
    # Addresses are logged: what opens a bucket comes from AWS_ACCESS_KEY_ID and its like.
    parts = urlsplit(url)
    is_place = url.startswith("file:///") or (parts.scheme == "s3" and parts.netloc)
    if not is_place or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("evidence is kept at file:///folder or s3://bucket/prefix, with no credentials in the address")
    return url


class IntakeSettings(ServiceSettings):
    """`durability` is the least that the broker must have: with `durable` intake does not start on one without it.

    `monitor_url` is the broker's monitoring page, of a cluster those of all members with commas between them: only
    there can intake see what receipts state.
    `evidence_url` is a folder or a bucket for the files that prove what is reported; without it none are taken.
    """

    model_config = SettingsConfigDict(
        env_prefix="DUBAN_INTAKE_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    durability: Durability = "standard"
    monitor_url: str = ""
    instance: str = "local"
    evidence_url: Annotated[str, AfterValidator(_place_of_evidence)] | None = None
    evidence_bytes_max: Annotated[int, Field(gt=0, le=BODY_MAX_BYTES)] = EVIDENCE_BYTES_MAX

    @property
    def monitor_urls(self) -> tuple[str, ...]:
        return tuple(url for one in self.monitor_url.split(",") if (url := one.strip()))
