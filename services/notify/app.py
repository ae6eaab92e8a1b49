"""Notify's composition root."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI
from nats.aio.client import Client

from services.notify.api import SAY, document_routes, matter_routes
from services.notify.domain import ledger as entries
from services.notify.draws import DrawsHeard
from services.notify.proceed import AwaitingDraw, proceed
from services.notify.settings import NotifySettings
from shared.core import register
from shared.core.errors import NotYet
from shared.core.events import (
    AnyRecorded,
    BulletinDrafted,
    BulletinSealed,
    MatterProposed,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    ReminderSent,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.core.register import opening
from shared.infra import runtime, wire
from shared.infra.database import Database
from shared.infra.follow import Follower
from shared.infra.health import Health
from shared.infra.ledgers import SqlLedgers, Statement
from shared.infra.logs import configure_logs
from shared.infra.metrics import Metrics
from shared.infra.outbox import Relay
from shared.infra.published import declare_published
from shared.infra.streams import NOTICES, RECORD, check_streams, notices_subject
from shared.infra.watch import watch_followers
from shared.infra.wire import EntryCodec

CODEC = EntryCodec.of(register, entries)
_PUBLISHED = {
    MatterProposed: "notices.*.*.matter.-.*",
    ReminderSent: "notices.*.*.reminder.*.*",
    NoticeDrafted: "notices.*.*.draft.*.*",
    NoticeServed: "notices.*.*.notice.*.*",
    BulletinDrafted: "notices.*.*.draft.bulletin.all",
    BulletinSealed: "notices.*.*.bulletin.-.all",
}


@dataclass(slots=True)
class Partition:
    """What follows one partition: scoring's draws as they come, and the record that waits for them."""

    client: Client
    ledgers: SqlLedgers
    number: int
    heard: DrawsHeard = field(init=False)
    follower: Follower = field(init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.heard = DrawsHeard(
            self.client,
            self.ledgers,
            self.number,
            completed=self._completed,
            is_closed=self._is_closed,
            is_waiting=self._is_waiting,
        )
        relay = Relay(self.client, self.ledgers, stream=NOTICES, partition=self.number, crash_prefix="notify")
        self.follower = Follower(
            self.client, self.ledgers, stream=RECORD, partition=self.number, take=self._take, relay=relay,
            patience=self._patience, saved=self._saved,
        )  # fmt: skip

    def _take(self, ledger: Ledger, recorded: AnyRecorded, *, parked: Sequence[Parked]) -> list[Statement]:  # noqa: ARG002 - scoring's draws tell
        stated = proceed(ledger, recorded, self.heard.of(ledger.jurisdiction), say=SAY)
        return [_statement(ledger, event, recorded) for event in stated]

    async def _patience(self, waits: NotYet) -> bool:
        return isinstance(waits, AwaitingDraw) and await self.heard.wait(waits.jurisdiction, waits.moment.id)

    def _is_closed(self, jurisdiction: str) -> bool:
        return self.follower.aside.is_closed(jurisdiction)

    def _is_waiting(self) -> bool:
        return bool(self.follower.aside.held)

    def _completed(self, jurisdiction: str) -> None:
        if jurisdiction in self.follower.aside.held:
            self._spawn(self.follower.release(jurisdiction))

    def _saved(self, ledgers: Sequence[Ledger]) -> None:
        for ledger in ledgers:
            self._spawn(self.heard.settled(ledger.jurisdiction, ledger.clock))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.add(task := asyncio.create_task(work))
        task.add_done_callback(self._tasks.discard)


def _statement(ledger: Ledger, event: NoticesEvent, cause: AnyRecorded) -> Statement:
    kind, level, unit = _address(event)
    subject = notices_subject(opening(ledger).partition, ledger.jurisdiction, kind, level, unit)
    stated = wire.statement(event, jurisdiction=ledger.jurisdiction, at=cause.recorded_at, causation=cause.id)
    return Statement(stated.entity, subject, stated, cause.position)


def _address(event: NoticesEvent) -> tuple[str, str, str]:
    """Kind, level and unit. Drafts are a kind of their own: a broker grants downstream by subject."""
    match event:
        case MatterProposed(unit=unit):
            return "matter", "-", unit or "all"
        case ReminderSent(step=step, unit=unit):
            return "reminder", step, unit or "all"
        case NoticeDrafted(step=step, unit=unit):
            return "draft", step, unit or "all"
        case NoticeServed(step=step, unit=unit):
            return "notice", step, unit or "all"
        case BulletinDrafted():
            return "draft", "bulletin", "all"
        case BulletinSealed():
            return "bulletin", "-", "all"


def build(settings: NotifySettings, *, now: Callable[[], datetime] = runtime.utc_now) -> FastAPI:
    """The whole service as one application; its lifespan connects, checks the streams and follows record and draws."""
    metrics, health, tokens = Metrics("notify"), Health("started"), runtime.make_tokens(settings)
    broker = runtime.make_broker(settings, metrics)
    declare_published(broker, _PUBLISHED)
    database = Database(settings.database_url)
    source = f"/duban/{settings.instance}/notify"
    ledgers = SqlLedgers(database, CODEC, service="notify", source=source, outgoing_stream=NOTICES)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await ledgers.create()
        async with runtime.started(broker) as client:
            await check_streams(client)
            partitions = {number: Partition(client, ledgers, number) for number in settings.partition_numbers}
            tasks = {f"record {number}": one.follower.run for number, one in partitions.items()}
            tasks |= {f"draws {number}": one.heard.run for number, one in partitions.items()}
            followers = {number: one.follower for number, one in partitions.items()}
            watching = watch_followers(client, followers, metrics, health)
            async with runtime.running(health, {**tasks, "watch": watching}):
                health.report("started", True)
                yield
        await database.dispose()

    app = runtime.make_app(
        "Duban notify", settings, tokens, now=now, lifespan=lifespan, health=health, metrics=metrics, broker=broker
    )
    app.include_router(matter_routes(ledgers, tokens, now=now))
    app.include_router(document_routes(ledgers, tokens, now=now))
    return app


async def main() -> None:
    settings = NotifySettings()  # type: ignore[call-arg]
    configure_logs("notify", settings.log_level)
    await runtime.serve(build(settings), host=settings.host, port=settings.port)
