"""Does time pass by itself in a live jurisdiction, once, and in a simulated one only as its office says?"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from deploy.local.installation import database_urls
from services.intake import app as intake
from services.intake.clock import tick
from services.intake.domain import ledger as entries
from services.intake.settings import IntakeSettings
from services.intake.writer import Writer
from services.notify import app as notify
from services.notify.settings import NotifySettings
from services.scoring import app as scoring
from services.scoring.settings import ScoringSettings
from shared.core import register
from shared.infra import wire
from shared.infra.auth import KeyFiles, issue_token, make_key_pair
from shared.infra.bus import Message
from shared.infra.database import Database
from shared.infra.ledgers import SqlLedgers
from shared.infra.runtime import new_id
from shared.infra.streams import provision
from shared.infra.wire import EntryCodec
from tests.support.broker import client_of, fresh_broker
from tests.support.builders import LIST, a_jurisdiction, a_list, a_project, a_regime, a_unit, local
from tests.support.client import OPERATOR, Client
from tests.support.waits import until
from tests.support.world import OFFICE, World

pytestmark = [pytest.mark.connected]

LIVE, SIMULATED = "live", "simulated"
OPENED = local("2026-03-02 09:00")
CLOSE = local("2026-03-06 00:00")
"""Of February: its returns are due on 5 March, and nobody reviews them."""
WITHIN_S = 30


@dataclass
class Hands:
    """The clock that intake is given."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Here:
    """The services of this process, as a Client finds them."""

    keys: KeyFiles
    now: Callable[[], datetime]

    def service(self, name: str) -> httpx.URL:
        return cast("Any", _Address(f"http://{name}"))

    def token(self, person: str | None) -> str:
        return issue_token(
            self.keys.private, person=person, operator=person is None, now=self.now(), lifetime=timedelta(days=30),
            token_id="test",
        )  # fmt: skip
