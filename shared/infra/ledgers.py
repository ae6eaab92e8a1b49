"""The ledgers of a service in SQL: entries, checkpoints, what is to be sent, what was stated, what is parked.

One transaction per batch saves all of them. Truth is the checkpoint, moved by compare-and-set: a process that finds
it moved by another has lost the partition.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.digest import digest_of_all
from shared.core.events import AnyRecorded
from shared.core.ledger import BEFORE_ALL_TIME, Ledger
from shared.infra import faults, wire
from shared.infra.bus import Outgoing
from shared.infra.cold import Memory
from shared.infra.database import Database
from shared.infra.generations import FIRST, Generations, NeedsRebuild, Superseded, pointed_to, tables_of
from shared.infra.ledger_tables import CHECKPOINT, ENTRY, FOLD, OUTGOING, PARKED, STATEMENT, TABLES
from shared.infra.outbox import Pending, PendingRow
from shared.infra.saving import Checkpoint, CheckpointLost, ParkedRow, Proof, Saving, Snapshot, Statement

__all__ = [
    "DRIFT",
    "Checkpoint",
    "CheckpointLost",
    "ParkedRow",
    "Proof",
    "Saving",
    "Snapshot",
    "SqlLedgers",
    "Statement",
]

# What one event of the record may call for; statements are kept in the order of events, then of stating.
_PLACES = 1_000_000
_VERSION = "entries"
DRIFT = "drift"
"""The topic of what a replay found to differ."""
_ROWS_AT_ONCE = 500


class SqlLedgers:
    """The store of one service. `source` names it in the events that it states."""

    def __init__(
        self, database: Database, codec: wire.EntryCodec, *, service: str, source: str, outgoing_stream: str = "",
        engine: str = "", generation: int = FIRST,
    ) -> None:  # fmt: skip
        """With an `engine` there are generations, each made by one engine and one look of entries."""
        self._database, self._codec, self._service = database, codec, service
        self._source, self._outgoing_stream = source, outgoing_stream
        self.generations = Generations(database, f"{engine}/{codec.fingerprint}") if engine else None
        self._use(generation)

    def _use(self, generation: int) -> None:
        self.generation, self._of = generation, tables_of(generation)
        self._memory = Memory(self._database, self._codec, table=self._of.entry.name)

    async def renew(self) -> None:
        """Turn to the generation in use. NeedsRebuild if other code made it."""
        if self.generations is None:
            return
        pointer = await self.generations.in_use()
        if pointer.generation != self.generation:
            self._use(pointer.generation)
        if pointer.made_by != self.generations.made_by:
            raise NeedsRebuild(f"needs a rebuild (`duban rebuild`): made by {pointer.made_by}")

    async def create(self, *, version: int | None = None) -> None:
        """Make the tables.

        With a version they are a cache of the record: what entries of another version, or look, kept of it is
        forgotten. A process of that version must not run beside this one.
        """
        await self._database.create(TABLES)
        with suppress(NeedsRebuild):
            await self.renew()
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
            return await self._checkpoint(connection, stream, scope, of=self._of.checkpoint)

    async def ledger(self, jurisdiction: str) -> Ledger:
        """The ledger as it was last saved; an empty one where nothing is."""
        async with self._database.read() as connection:
            of = self._of.entry
            ledger = Ledger(jurisdiction, **await self._fold(connection, jurisdiction))
            rows = await connection.execute(select(of).where(of.c.jurisdiction == jurisdiction))
            ledger.load((row.key, self._codec.decode(row.kind, row.body)) for row in rows)
            return ledger

    async def live(self, jurisdiction: str) -> Ledger:
        """The ledger as it was last saved, to go on from: what is saved is read when it is asked for."""
        async with self._database.read() as connection:
            fold = await self._fold(connection, jurisdiction)
        return Ledger(jurisdiction, **fold, kept=self._memory.of(jurisdiction) if fold["position"] else None)

    async def _fold(self, connection: AsyncConnection, jurisdiction: str) -> dict[str, Any]:
        """Up to where a ledger is saved."""
        of = self._of.fold
        found = (await connection.execute(select(of).where(of.c.jurisdiction == jurisdiction))).one_or_none()
        return {"position": found.position if found else 0, "clock": found.clock if found else BEFORE_ALL_TIME}

    def used(self, ledgers: Iterable[Ledger]) -> None:
        """Tell that ledgers were used and saved: of those used longest ago something may be forgotten now."""
        self._memory.used(ledgers)

    async def clock(self, jurisdiction: str) -> datetime:
        """The last recorded time that was saved; before all time where nothing is."""
        async with self._database.read() as connection:
            clock: datetime = (await self._fold(connection, jurisdiction))["clock"]
            return clock

    async def position(self, jurisdiction: str) -> int:
        async with self._database.read() as connection:
            position: int = (await self._fold(connection, jurisdiction))["position"]
            return position

    async def jurisdictions(self) -> list[str]:
        async with self._database.read() as connection:
            return list(
                (await connection.execute(select(self._of.fold.c.jurisdiction).order_by("jurisdiction"))).scalars()
            )

    async def stated_ids(self, jurisdiction: str) -> list[str]:
        async with self._database.read() as connection:
            return list((await connection.execute(_stated_of(jurisdiction))).scalars())

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
        ledger, ids = await self.ledger(jurisdiction), await self.stated_ids(jurisdiction)
        return Proof(ledger.position, ledger.digest(), len(ids), digest_of_all(ids))

    async def held(self, jurisdiction: str, *, limit: int) -> list[ParkedRow]:
        """The first events of a jurisdiction that are held back, in order."""
        of = self._of.parked
        chosen = and_(of.c.jurisdiction == jurisdiction, of.c.held == 1)
        return await self._parked_rows(select(of).where(chosen).order_by(of.c.position).limit(limit))

    async def parked(self, *, partition: int | None = None, jurisdiction: str | None = None) -> list[ParkedRow]:
        of = self._of.parked
        query = select(of).order_by(of.c.position)
        query = query.where(of.c.partition == partition) if partition is not None else query
        query = query.where(of.c.jurisdiction == jurisdiction) if jurisdiction is not None else query
        return await self._parked_rows(query)

    async def _parked_rows(self, query: Select[Any]) -> list[ParkedRow]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [ParkedRow(**{**row, "held": bool(row["held"])}) for row in rows]

    # --- writing ---

    async def save(self, saving: Saving) -> None:
        """Save a batch whole, or not at all. CheckpointLost if another process was there first."""
        async with self._database.write() as connection:
            await self._insist_on_generation(connection, saving.generation)
            await self._move(connection, saving)
            for ledger in saving.ledgers:
                await self._keep(connection, ledger)
            await self._state(connection, saving)
            faults.crash_point(f"{self._service}.mid_transaction")
            await self._park(connection, saving)
        faults.crash_point(f"{self._service}.after_save")

    async def _insist_on_generation(self, connection: AsyncConnection, generation: int) -> None:
        if generation:
            pointer = await pointed_to(connection)
            if pointer is None or {pointer.generation, self.generation} != {generation}:
                raise Superseded(f"generation {generation} is no longer in use")

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

    async def _checkpoint(
        self, connection: AsyncConnection, stream: str, scope: str, *, of: Table = CHECKPOINT
    ) -> Checkpoint:
        # How far the facts are relayed stands in the first generation's table, whichever is in use.
        chosen = and_(of.c.stream == stream, of.c.scope == scope)
        row = (await connection.execute(select(of).where(chosen))).one_or_none()
        return Checkpoint(row.position, row.event, row.applied_count, row.parked_count) if row else Checkpoint()

    async def _move(self, connection: AsyncConnection, saving: Saving) -> None:
        values = {"position": saving.after.position, "event": saving.after.event,
                  "applied_count": saving.after.applied_count, "parked_count": saving.after.parked_count}  # fmt: skip
        lost = CheckpointLost(f"{saving.stream} {saving.scope} is no longer at {saving.before.position}")
        of = self._of.checkpoint
        if saving.before == Checkpoint():
            try:
                await connection.execute(insert(of).values(stream=saving.stream, scope=saving.scope, **values))
            except IntegrityError as error:
                raise lost from error
            return
        at = and_(of.c.stream == saving.stream, of.c.scope == saving.scope,
                  of.c.position == saving.before.position, of.c.event == saving.before.event,
                  of.c.applied_count == saving.before.applied_count)  # fmt: skip
        if (await connection.execute(update(of).where(at).values(**values))).rowcount != 1:
            raise lost

    async def _keep(self, connection: AsyncConnection, ledger: Ledger | Snapshot) -> None:
        fold = {"jurisdiction": ledger.jurisdiction, "position": ledger.position, "clock": ledger.clock}
        await self._database.upsert(connection, self._of.fold, [fold])
        changes = ledger.take_changes()
        # Encoded a few at a time: what else the service does must not wait for all.
        for start in range(0, len(changes), _ROWS_AT_ONCE):
            rows = [self._row(ledger.jurisdiction, *one) for one in changes[start : start + _ROWS_AT_ONCE]]
            await self._database.upsert(connection, self._of.entry, rows)

    def _row(self, jurisdiction: str, key: str, entry: object) -> dict[str, str]:
        kind, body = self._codec.encode(entry)
        return {"jurisdiction": jurisdiction, "kind": kind, "key": key, "body": body}

    async def _state(self, connection: AsyncConnection, saving: Saving) -> None:
        for start in range(0, len(saving.statements), _ROWS_AT_ONCE):
            outgoing, kept = [], []
            for place, one in enumerate(saving.statements[start : start + _ROWS_AT_ONCE], start=start):
                body = wire.encode(one.recorded, source=self._source).decode()
                recorded, partition = one.recorded, int(one.subject.split(".")[1])
                outgoing.append({"stream": self._outgoing_stream, "partition": partition, "subject": one.subject,
                                 "message": recorded.id, "body": body})  # fmt: skip
                kept.append({"jurisdiction": recorded.jurisdiction, "topic": one.topic, "id": recorded.id, "body": body,
                             "type": recorded.shape.type, "row": one.position * _PLACES + place})  # fmt: skip
            await connection.execute(insert(OUTGOING), outgoing)
            await self._database.upsert(connection, STATEMENT, kept)

    async def _park(self, connection: AsyncConnection, saving: Saving) -> None:
        rows = [{**_columns(row), "held": int(row.held)} for row in saving.parked]
        await self._database.upsert(connection, self._of.parked, rows)
        if saving.released:
            of = self._of.parked
            chosen = and_(of.c.partition == int(saving.scope), of.c.position.in_(saving.released))
            await connection.execute(delete(of).where(chosen))


def _stated_of(jurisdiction: str) -> Select[Any]:
    """What follows from the record; that a replay differed does not."""
    return select(STATEMENT.c.id).where(STATEMENT.c.jurisdiction == jurisdiction, STATEMENT.c.topic != DRIFT)


def _relay_scope(partition: int) -> str:
    return f"relay {partition}"


def _columns(row: ParkedRow) -> Mapping[str, Any]:
    return {column.name: getattr(row, column.name) for column in PARKED.columns}
