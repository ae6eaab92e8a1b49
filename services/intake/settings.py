"""What intake reads from the environment, under DUBAN_INTAKE_."""

from pydantic_settings import SettingsConfigDict

from shared.infra.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """`monitor_url` is the broker's monitoring page: only there can intake see whether it is durable."""

    model_config = SettingsConfigDict(
        env_prefix="DUBAN_INTAKE_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    monitor_url: str | None = None
    instance: str = "local"
