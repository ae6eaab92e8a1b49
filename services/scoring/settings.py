"""What scoring reads from the environment, under DUBAN_SCORING_."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.infra.settings import ServiceSettings


class ScoringSettings(ServiceSettings):
    model_config = SettingsConfigDict(
        env_prefix="DUBAN_SCORING_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    instance: str = "local"
    self_check_every_s: Annotated[int, Field(ge=0)] = 86_400
    """How often the service replays its record and compares; 0 is never."""
