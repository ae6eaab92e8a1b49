"""What scoring reads from the environment, under DUBAN_SCORING_."""

from pydantic_settings import SettingsConfigDict

from shared.infra.settings import ServiceSettings


class ScoringSettings(ServiceSettings):
    model_config = SettingsConfigDict(
        env_prefix="DUBAN_SCORING_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    instance: str = "local"
