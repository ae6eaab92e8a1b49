"""Which installation does a command talk to, and as whom? Quick to load: it knows the services' address, not them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from uuid_utils import uuid7

from shared.infra.keys import issue_token, make_key_pair

TOKEN_LIFETIME = timedelta(hours=1)
"""Of the token that a command makes for itself."""


def reached(data: Path, url: str | None, token: str | None, person: str | None = None) -> tuple[str, str]:
    """The address to talk to and the token to talk with: that of a person, or the operator's.

    ConnectionError where no address is given and nothing runs in the folder.
    """
    running = running_in(data)
    if url is None and running is None:
        raise ConnectionError(f"nothing runs in {data}: start it with `duban up --data {data}`, or give --url")
    return url or str((running or {})["url"]), token or make_token(data / "keys", person, lifetime=TOKEN_LIFETIME)


def running_in(folder: Path) -> dict[str, str] | None:
    """The addresses of the installation that runs in a folder, if one does."""
    try:
        found: dict[str, str] = json.loads((folder / "installation.json").read_text())
    except FileNotFoundError:
        return None
    return found


def make_token(keys: Path, person: str | None, *, lifetime: timedelta) -> str:
    """Sign a token with the key in a folder; for the operator where no person is named."""
    private, now = make_key_pair(keys).private, datetime.now(UTC)
    return issue_token(
        private, person=person, operator=person is None, now=now, lifetime=lifetime, token_id=str(uuid7())
    )
