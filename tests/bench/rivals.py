"""What would a competent newcomer get from the libraries that ours are compared with?

A FastStream handler that takes one message at a time, each in a transaction of its own; and what python `eventsourcing`
takes to append an event to an aggregate on SQLite. Neither draws a moment or states anything.
"""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.js.api import AckPolicy as ConsumerAcks
from nats.js.api import ConsumerConfig
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

from shared.core.events import AnyRecorded, ProgressReported
from shared.infra.database import Database
from shared.infra.streams import RECORD

_TABLES = MetaData()
_LATEST = Table(
    "latest", _TABLES, Column("entity", String(255), primary_key=True), Column("type", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False), Column("amount", String(80)), Column("body", Text, nullable=False),
)  # fmt: skip


class _Event(BaseModel):
    """A CloudEvent as far as a newcomer's read model needs it."""

    id: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]


async def faststream_events_per_s(nats_url: str, filter_subject: str, url: str, count: int) -> float:
    """Follow so many messages of the record: one row a message in the same database as ours."""
    database, taken, done = Database(url), 0, asyncio.Event()
    await database.create(_TABLES)
    broker = NatsBroker(nats_url, logger=None)

    @broker.subscriber(
        filter_subject, stream=JStream(RECORD, declare=False), durable="rival", pull_sub=PullSub(batch_size=100),
        ack_policy=AckPolicy.MANUAL,
        config=ConsumerConfig(ack_policy=ConsumerAcks.EXPLICIT, filter_subject=filter_subject),
    )  # fmt: skip
    async def take(event: _Event, message: NatsMessage) -> None:
        nonlocal taken
        amount = event.data.get("investment_ytd_yuan")
        row = {
            "entity": event.subject, "type": event.type, "position": taken,
            "amount": None if amount is None else str(amount), "body": message.body.decode(),
        }  # fmt: skip
        async with database.write() as connection:
            await database.upsert(connection, _LATEST, [row])
        await message.ack()
        taken += 1
        if taken == count:
            done.set()

    started = time.perf_counter()
    async with broker:
        await broker.start()
        await done.wait()
        took_s = time.perf_counter() - started
    await database.dispose()
    return count / took_s


class _Reports(Aggregate):
    """The returns of one project."""

    @event("Begun")
    def __init__(self, project: str) -> None:
        self.project, self.by_period = project, dict[str, str]()

    @event("Reported")
    def report(self, period: str, amount: str) -> None:
        self.by_period[period] = amount


def eventsourcing_appends_per_s(events: Sequence[AnyRecorded], folder: Path) -> float:
    """Append the returns to their projects' aggregates, which are at hand, on SQLite; each append is a save."""
    folder.mkdir()
    settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "eventsourcing.db")}
    reports = [one.data for one in events if isinstance(one.data, ProgressReported)]
    with patch.dict(os.environ, settings):
        app: Application[Any] = Application()
        kept: Mapping[str, _Reports] = {one.project: _Reports(one.project) for one in reports}
        app.save(*kept.values())
        started = time.perf_counter()
        for one in reports:
            aggregate = kept[one.project]
            aggregate.report(one.period, str(one.investment_ytd_yuan))
            app.save(aggregate)
        took_s = time.perf_counter() - started
        app.close()
    return len(reports) / took_s
