"""What notify reads from the environment, under DUBAN_NOTIFY_."""

from pydantic_settings import SettingsConfigDict

from shared.infra.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    model_config = SettingsConfigDict(
        env_prefix="DUBAN_NOTIFY_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    instance: str = "local"
