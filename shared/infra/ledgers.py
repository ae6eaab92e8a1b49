"""The ledgers of a service in SQL: entries, checkpoints, what is to be sent, what was stated, what is parked.

One transaction per batch saves all of them. Truth is the checkpoint, moved by compare-and-set: a process that finds
it moved by another has lost the partition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.digest import digest_of_all
from shared.core.events import AnyRecorded
from shared.core.ledger import BEFORE_ALL_TIME, Ledger
from shared.infra import faults, wire
from shared.infra.bus import Outgoing
from shared.infra.database import Database
from shared.infra.ledger_tables import CHECKPOINT, ENTRY, FOLD, OUTGOING, PARKED, STATEMENT, TABLES
from shared.infra.outbox import Pending, PendingRow

# What one event of the record may call for; statements are kept in the order of events, then of stating.
_PLACES = 1_000_000
_VERSION = "entries"
_ENTRIES_AT_ONCE = 500


class CheckpointLost(Exception):
    """Another process moved the checkpoint: the partition is no longer ours."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last position handled of a stream, the event that stands there, and what became of all up to it."""

    position: int = 0
    event: str = ""
    applied_count: int = 0
    parked_count: int = 0

    def beyond(self, position: int, event: str, *, is_parked: bool) -> "Checkpoint":
        return Checkpoint(position, event, self.applied_count + (not is_parked), self.parked_count + is_parked)

    def with_released(self, count: int) -> "Checkpoint":
        """The same place, when events that were set aside are taken after all."""
        return replace(self, applied_count=self.applied_count + count, parked_count=self.parked_count - count)


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An event set aside. `held` waits for something that must come first; else it cannot be applied at all."""

    partition: int
    position: int
    jurisdiction: str
    kind: str
    entity: str
    subject: str
    reason: str
    held: bool
    body: str


@dataclass(frozen=True, slots=True)
class Statement:
    """An event that this service states: what it is about, where it goes, and at which position it was called for."""

    topic: str
    subject: str
    recorded: AnyRecorded
    position: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A fold in two digests: of all that it knows at a position, and of the ids of all that it ever stated."""

    position: int
    ledger_digest: str
    stated_count: int
    stated_digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a ledger holds that is not saved. The ledger goes on while that is saved."""

    jurisdiction: str
    position: int
    clock: datetime
    changes: list[tuple[str, object]]

    @classmethod
    def of(cls, ledger: Ledger) -> "Snapshot":
        return cls(ledger.jurisdiction, ledger.position, ledger.clock, ledger.take_changes())

    def take_changes(self) -> list[tuple[str, object]]:
        return self.changes


@dataclass(slots=True)
class Saving:
    """All that one batch changes. `released` are the held events of a jurisdiction that were taken after all."""

    stream: str
    scope: str
    before: Checkpoint
    after: Checkpoint
    ledgers: Sequence[Ledger | Snapshot] = ()
    statements: list[Statement] = field(default_factory=list)
    parked: list[ParkedRow] = field(default_factory=list)
    released: list[int] = field(default_factory=list)


class SqlLedgers:
    """The store of one service. `source` names it in the events that it states."""

    def __init__(
        self, database: Database, codec: wire.EntryCodec, *, service: str, source: str, outgoing_stream: str = ""
    ) -> None:
        self._database, self._codec, self._service = database, codec, service
        self._source, self._outgoing_stream = source, outgoing_stream

    async def create(self, *, version: int | None = None) -> None:
        """Make the tables.

        With a version they are a cache of the record: what entries of another version, or look, kept of it is
        forgotten. A process of that version must not run beside this one.
        """
        await self._database.create(TABLES)
        if version is not None:
            await self._keep_only(f"{self._codec.fingerprint}/{version}")

    async def _keep_only(self, version: str) -> None:
        async with self._database.write() as connection:
            if await self._checkpoint(connection, _VERSION, version) != Checkpoint():
                return
            for table in (CHECKPOINT, FOLD, ENTRY):
                await connection.execute(delete(table))
            values = {"position": 1, "event": "", "applied_count": 0, "parked_count": 0}
            await connection.execute(insert(CHECKPOINT).values(stream=_VERSION, scope=version, **values))

    # --- reading ---

    async def checkpoint(self, stream: str, scope: str) -> Checkpoint:
        async with self._database.read() as connection:
            return await self._checkpoint(connection, stream, scope)

    async def ledger(self, jurisdiction: str) -> Ledger:
        """The ledger as it was last saved; an empty one where nothing is."""
        async with self._database.read() as connection:
            fold = (await connection.execute(select(FOLD).where(FOLD.c.jurisdiction == jurisdiction))).one_or_none()
            rows = await connection.execute(select(ENTRY).where(ENTRY.c.jurisdiction == jurisdiction))
            ledger = Ledger(
                jurisdiction, position=fold.position if fold else 0, clock=fold.clock if fold else BEFORE_ALL_TIME
            )
            ledger.load((row.key, self._codec.decode(row.kind, row.body)) for row in rows)
            return ledger

    async def clock(self, jurisdiction: str) -> datetime:
        """The last recorded time that was saved; before all time where nothing is."""
        async with self._database.read() as connection:
            found = await connection.execute(select(FOLD.c.clock).where(FOLD.c.jurisdiction == jurisdiction))
            return found.scalar_one_or_none() or BEFORE_ALL_TIME

    async def position(self, jurisdiction: str) -> int:
        async with self._database.read() as connection:
            found = await connection.execute(select(FOLD.c.position).where(FOLD.c.jurisdiction == jurisdiction))
            return found.scalar_one_or_none() or 0

    async def statements(
        self, jurisdiction: str, *, topic: str | None = None, event_type: str | None = None
    ) -> list[AnyRecorded]:
        """What this service stated, in the order of stating."""
        chosen = [STATEMENT.c.jurisdiction == jurisdiction]
        chosen += [STATEMENT.c.topic == topic] if topic is not None else []
        chosen += [STATEMENT.c.type == event_type] if event_type is not None else []
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(STATEMENT.c.body).where(and_(*chosen)).order_by(STATEMENT.c.row, STATEMENT.c.id)
            )
            return [wire.decode(body) for body in rows.scalars()]

    async def proof(self, jurisdiction: str) -> "Proof":
        """What a replay of the record must come to."""
        ledger = await self.ledger(jurisdiction)
        async with self._database.read() as connection:
            rows = await connection.execute(select(STATEMENT.c.id).where(STATEMENT.c.jurisdiction == jurisdiction))
            ids = list(rows.scalars())
        return Proof(ledger.position, ledger.digest(), len(ids), digest_of_all(ids))

    async def held(self, jurisdiction: str, *, limit: int) -> list[ParkedRow]:
        """The first events of a jurisdiction that are held back, in order."""
        chosen = and_(PARKED.c.jurisdiction == jurisdiction, PARKED.c.held == 1)
        return await self._parked_rows(select(PARKED).where(chosen).order_by(PARKED.c.position).limit(limit))

    async def parked(self, *, partition: int | None = None, jurisdiction: str | None = None) -> list[ParkedRow]:
        query = select(PARKED).order_by(PARKED.c.position)
        query = query.where(PARKED.c.partition == partition) if partition is not None else query
        query = query.where(PARKED.c.jurisdiction == jurisdiction) if jurisdiction is not None else query
        return await self._parked_rows(query)

    async def _parked_rows(self, query: Select[Any]) -> list[ParkedRow]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [ParkedRow(**{**row, "held": bool(row["held"])}) for row in rows]

    # --- writing ---

    async def save(self, saving: Saving) -> None:
        """Save a batch whole, or not at all. CheckpointLost if another process was there first."""
        async with self._database.write() as connection:
            await self._move(connection, saving)
            for ledger in saving.ledgers:
                await self._keep(connection, ledger)
            await self._state(connection, saving)
            faults.crash_point(f"{self._service}.mid_transaction")
            await self._park(connection, saving)
        faults.crash_point(f"{self._service}.after_save")

    async def pending(self, stream: str, partition: int, limit: int) -> Pending:
        chosen = and_(OUTGOING.c.stream == stream, OUTGOING.c.partition == partition)
        async with self._database.read() as connection:
            relayed = await self._checkpoint(connection, stream, _relay_scope(partition))
            found = await connection.execute(select(OUTGOING).where(chosen).order_by(OUTGOING.c.row).limit(limit))
            rows = [PendingRow(row.row, Outgoing(row.subject, row.message, row.body.encode())) for row in found]
            return Pending(relayed.position, rows)

    async def strike_off(self, stream: str, partition: int, up_to_row: int, *, position: int) -> None:
        chosen = and_(OUTGOING.c.stream == stream, OUTGOING.c.partition == partition, OUTGOING.c.row <= up_to_row)
        async with self._database.write() as connection:
            await connection.execute(delete(OUTGOING).where(chosen))
            await self._relayed(connection, stream, _relay_scope(partition), position)

    async def _relayed(self, connection: AsyncConnection, stream: str, scope: str, position: int) -> None:
        # Never back: two relays of one database may strike off the same rows, the slower one later.
        at = and_(CHECKPOINT.c.stream == stream, CHECKPOINT.c.scope == scope)
        further = update(CHECKPOINT).where(at, CHECKPOINT.c.position < position).values(position=position)
        moved = (await connection.execute(further)).rowcount
        if not moved and await self._checkpoint(connection, stream, scope) == Checkpoint():
            values = {"position": position, "event": "", "applied_count": 0, "parked_count": 0}
            await connection.execute(insert(CHECKPOINT).values(stream=stream, scope=scope, **values))

    async def _checkpoint(self, connection: AsyncConnection, stream: str, scope: str) -> Checkpoint:
        chosen = and_(CHECKPOINT.c.stream == stream, CHECKPOINT.c.scope == scope)
        row = (await connection.execute(select(CHECKPOINT).where(chosen))).one_or_none()
        return Checkpoint(row.position, row.event, row.applied_count, row.parked_count) if row else Checkpoint()

    async def _move(self, connection: AsyncConnection, saving: Saving) -> None:
        values = {"position": saving.after.position, "event": saving.after.event,
                  "applied_count": saving.after.applied_count, "parked_count": saving.after.parked_count}  # fmt: skip
        lost = CheckpointLost(f"{saving.stream} {saving.scope} is no longer at {saving.before.position}")
        if saving.before == Checkpoint():
            try:
                await connection.execute(insert(CHECKPOINT).values(stream=saving.stream, scope=saving.scope, **values))
            except IntegrityError as error:
                raise lost from error
            return
        at = and_(CHECKPOINT.c.stream == saving.stream, CHECKPOINT.c.scope == saving.scope,
                  CHECKPOINT.c.position == saving.before.position, CHECKPOINT.c.event == saving.before.event,
                  CHECKPOINT.c.applied_count == saving.before.applied_count)  # fmt: skip
        if (await connection.execute(update(CHECKPOINT).where(at).values(**values))).rowcount != 1:
            raise lost

    async def _keep(self, connection: AsyncConnection, ledger: Ledger | Snapshot) -> None:
        fold = {"jurisdiction": ledger.jurisdiction, "position": ledger.position, "clock": ledger.clock}
        await self._database.upsert(connection, FOLD, [fold])
        changes = ledger.take_changes()
        # Encoded a few at a time: what else the service does must not wait for all.
        for start in range(0, len(changes), _ENTRIES_AT_ONCE):
            rows = [self._row(ledger.jurisdiction, *one) for one in changes[start : start + _ENTRIES_AT_ONCE]]
            await self._database.upsert(connection, ENTRY, rows)

    def _row(self, jurisdiction: str, key: str, entry: object) -> dict[str, str]:
        kind, body = self._codec.encode(entry)
        return {"jurisdiction": jurisdiction, "kind": kind, "key": key, "body": body}

    async def _state(self, connection: AsyncConnection, saving: Saving) -> None:
        outgoing, kept = [], []
        for place, one in enumerate(saving.statements):
            body = wire.encode(one.recorded, source=self._source).decode()
            recorded, partition = one.recorded, int(one.subject.split(".")[1])
            outgoing.append({"stream": self._outgoing_stream, "partition": partition, "subject": one.subject,
                             "message": recorded.id, "body": body})  # fmt: skip
            kept.append({"jurisdiction": recorded.jurisdiction, "topic": one.topic, "id": recorded.id, "body": body,
                         "type": recorded.shape.type, "row": one.position * _PLACES + place})  # fmt: skip
        if outgoing:
            await connection.execute(insert(OUTGOING), outgoing)
        await self._database.upsert(connection, STATEMENT, kept)

    async def _park(self, connection: AsyncConnection, saving: Saving) -> None:
        rows = [{**_columns(row), "held": int(row.held)} for row in saving.parked]
        await self._database.upsert(connection, PARKED, rows)
        if saving.released:
            chosen = and_(PARKED.c.partition == int(saving.scope), PARKED.c.position.in_(saving.released))
            await connection.execute(delete(PARKED).where(chosen))


def _relay_scope(partition: int) -> str:
    return f"relay {partition}"


def _columns(row: ParkedRow) -> Mapping[str, Any]:
    return {column.name: getattr(row, column.name) for column in PARKED.columns}
