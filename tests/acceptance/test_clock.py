"""Does time pass by itself in a live jurisdiction, once, and in a simulated one only as its office says?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client as Nats

from deploy.local.installation import database_urls
from services.intake import app as intake
from services.intake.clock import tick
from services.intake.domain import known as entries
from services.intake.settings import IntakeSettings
from services.intake.writer import Writer
from services.notify import app as notify
from services.notify.settings import NotifySettings
from services.scoring import app as scoring
from services.scoring.settings import ScoringSettings
from shared.core import register
from shared.core.digest import digest
from shared.core.events import Mode, PostAssigned, TimeReached
from shared.infra import wire
from shared.infra.database import Database
from shared.infra.keys import KeyFiles, issue_token, make_key_pair
from shared.infra.ledgers import SqlLedgers
from shared.infra.reader import read_to_end
from shared.infra.runtime import new_id, stopped
from shared.infra.streams import provision
from shared.infra.wire import EntryCodec
from tests.support.broker import client_of, fresh_broker
from tests.support.builders import a_jurisdiction, a_list, a_project, a_return, a_unit, an_adoption, local
from tests.support.waits import until
from tests.support.world import OFFICE, submission

pytestmark = pytest.mark.connected

LIVE, SIMULATED = "live", "simulated"
REPORTER = "reporter-a"
OPENED = local("2026-03-02 09:00")
CLOSE = local("2026-03-06 00:00")
"""Of February: its returns are due on 5 March, and nobody reviews them."""
WITHIN_S = 30


@dataclass
class Hands:
    """The clock that the services are given."""

    at: datetime = OPENED

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Installed:
    """The three services in this process, with their clock."""

    keys: KeyFiles
    bus: Nats
    http: httpx.AsyncClient
    hands: Hands

    async def ask(self, jurisdiction: str, event: str, data: Any, who: str | None, **more: Any) -> httpx.Response:
        one = submission(jurisdiction, digest(data), event, wire.data_of(data), **more)
        return await self.http.post("http://intake/v1/submissions", json=one, headers=self._proving(who))

    async def submit(self, jurisdiction: str, event: str, data: Any, who: str | None = OFFICE, **more: Any) -> None:
        answer = await self.ask(jurisdiction, event, data, who, **more)
        assert answer.status_code == 202, answer.text

    async def open(self, jurisdiction: str, mode: Mode) -> None:
        """One project, which says in its return for February that nothing is done."""
        opening = a_jurisdiction(mode=mode, first_person=OFFICE)
        await self.submit(jurisdiction, "jurisdiction.jurisdiction_opened", opening, None, time=OPENED.isoformat())
        reporter = PostAssigned(person=REPORTER, post="reporter", unit="a")
        for event, data in (
            ("unit.unit_registered", a_unit("a")), ("person.post_assigned", reporter),
            ("list.list_published", a_list()), ("regime.regime_adopted", an_adoption()),
            ("project.project_listed", a_project(lead="a")),
        ):  # fmt: skip
            await self.submit(jurisdiction, event, data)
        await self.submit(jurisdiction, "project.progress_reported", a_return(period="2026-02", yi="0"), REPORTER)

    async def clock(self, jurisdiction: str) -> datetime:
        path = f"http://intake/v1/jurisdictions/{jurisdiction}/clock"
        answer = await self.http.get(path, headers=self._proving(None))
        return datetime.fromisoformat(answer.json()["clock"])

    async def events(self, stream: str, jurisdiction: str, event: str) -> list[dict[str, Any]]:
        """All events of a type that a stream holds."""
        found: list[dict[str, Any]] = []
        subject = f"{stream.lower()}.*.{jurisdiction}.>"
        async with aclosing(read_to_end(self.bus, stream=stream, filter_subject=subject, after=0)) as batches:
            async for batch in batches:
                found += [json.loads(message.body) for message in batch]
        return [one for one in found if one["type"].split(".")[2] == event]

    def _proving(self, who: str | None) -> dict[str, str]:
        life = {"now": self.hands(), "lifetime": timedelta(days=1)}
        token = issue_token(self.keys.private, person=who, operator=who is None, token_id="test", **life)  # type: ignore[arg-type]
        return {"authorization": f"Bearer {token}"}


@asynccontextmanager
async def installed(folder: Path) -> AsyncIterator[Installed]:
    keys, urls, hands = make_key_pair(folder / "keys"), database_urls(folder), Hands()
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(fresh_broker(folder / "nats"))
        bus = await stack.enter_async_context(client_of(broker))
        await provision(bus)

        def given(service: str) -> dict[str, Any]:
            where = {"nats_url": broker.url, "public_key_file": str(keys.public), "port": 0}
            return {**where, "database_url": urls[service]}

        apps = {
            "intake": intake.build(IntakeSettings.model_validate(given("intake")), now=hands),
            "scoring": scoring.build(ScoringSettings.model_validate(given("scoring")), now=hands),
            "notify": notify.build(NotifySettings.model_validate(given("notify")), now=hands),
        }
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        mounts = {f"http://{name}": httpx.ASGITransport(app) for name, app in apps.items()}
        http = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts))
        yield Installed(keys, bus, http, hands)


@asynccontextmanager
async def another_intake(here: Installed, folder: Path) -> AsyncIterator[Writer]:
    """A writer of the live jurisdiction that knows nothing of the first, and has read the record up to now."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'another.db'}")
    ledgers = SqlLedgers(database, EntryCodec.of(register, entries), service="intake", source="/duban/another/intake")
    await ledgers.create()
    writer = Writer(LIVE, here.bus, ledgers, "/duban/another/intake", here.hands, new_id)
    await writer.ledger()
    running = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        await stopped([running])
        await database.dispose()


async def test_a_moment_that_passed_is_recorded_once_and_the_draw_and_the_reminder_follow(tmp_path: Path) -> None:
    async with installed(tmp_path) as here, AsyncExitStack() as stack:
        await here.open(SIMULATED, "simulated")  # first, so that the clock looks at it first
        await here.open(LIVE, "live")
        late = await stack.enter_async_context(another_intake(here, tmp_path))
        here.hands.at = CLOSE - timedelta(seconds=1)
        await tick(late, now=here.hands())
        assert await here.events("RECORD", LIVE, "time_reached") == []

        here.hands.at = CLOSE + timedelta(minutes=3)
        await until(lambda: here.events("RECORD", LIVE, "time_reached"), WITHIN_S)
        await until(lambda: here.events("NOTICES", LIVE, "reminder_sent"), WITHIN_S)

        (reached,) = await here.events("RECORD", LIVE, "time_reached")
        (drawn,) = await here.events("STANDINGS", LIVE, "standings_drawn")
        (reminder,) = await here.events("NOTICES", LIVE, "reminder_sent")
        assert datetime.fromisoformat(reached["data"]["at"]) == datetime.fromisoformat(reached["time"]) == CLOSE
        assert datetime.fromisoformat(reached["recordedat"]) == await here.clock(LIVE) == here.hands.at
        assert (drawn["data"]["kind"], drawn["data"]["period"]) == ("close", "2026-02")
        assert (reminder["data"]["unit"], reminder["data"]["moment"]) == ("a", drawn["data"]["moment"])

        # It read the record before the moment, so it thinks that nobody has noticed; and then it knows.
        for _ in range(2):
            await tick(late, now=here.hands())
        assert await here.events("RECORD", LIVE, "time_reached") == [reached]
        assert await here.events("STANDINGS", LIVE, "standings_drawn") == [drawn]

        assert await here.events("RECORD", SIMULATED, "time_reached") == []
        assert await here.clock(SIMULATED) == OPENED


async def test_a_simulated_jurisdictions_clock_is_moved_by_its_office_and_a_live_ones_by_nobody(tmp_path: Path) -> None:
    async with installed(tmp_path) as here:
        await here.open(SIMULATED, "simulated")
        await here.open(LIVE, "live")
        move, later = TimeReached(at=CLOSE), TimeReached(at=CLOSE + timedelta(days=31))

        async def answer(jurisdiction: str, who: str | None) -> tuple[int, str]:
            refused = await here.ask(jurisdiction, "time.time_reached", move, who)
            return refused.status_code, refused.json()["code"]

        assert await answer(SIMULATED, REPORTER) == (403, "not_the_office")
        assert await answer(SIMULATED, "@clock") == (403, "no_post")
        assert await answer(SIMULATED, None) == (403, "no_post")
        assert await answer(LIVE, OFFICE) == (409, "clock_not_movable")
        assert (await here.clock(SIMULATED), await here.clock(LIVE)) == (OPENED, OPENED)

        await here.submit(SIMULATED, "time.time_reached", move)
        await until(lambda: here.events("NOTICES", SIMULATED, "reminder_sent"), WITHIN_S)
        assert await here.clock(SIMULATED) == CLOSE
        await here.submit(SIMULATED, "time.time_reached", later)
        assert await here.clock(SIMULATED) == later.at
        assert await here.events("RECORD", LIVE, "time_reached") == []
