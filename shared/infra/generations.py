"""Which generation of a service's projection is in use, which one was before it, and by which code was each made?

What can be made again from the record (checkpoints, folds, entries, what is parked) stands in tables of each
generation; the first has the plain names. What was published, what waits to be sent and how far that is relayed are
facts, and shared by all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.infra.database import Database
from shared.infra.ledger_tables import CHECKPOINT, ENTRY, FOLD, PARKED

FIRST = 1
UNKNOWN = "unknown"
_POINTER = MetaData()
POINTER = Table(
    "generation", _POINTER,
    Column("id", Integer, primary_key=True), Column("generation", Integer, nullable=False),
    Column("made_by", String(80), nullable=False), Column("before", Integer, nullable=False),
    Column("before_made_by", String(80), nullable=False),
)  # fmt: skip


class Superseded(Exception):
    """Another generation is in use now: whoever follows must start anew with it."""


class NeedsRebuild(Exception):
    """The generation in use was made by other code. What this code would add to it does not belong there."""


class NotCaughtUp(Exception):
    """The generation does not stand where the one in use stands."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """`before` is the generation to go back to; 0 where there is none."""

    generation: int = FIRST
    made_by: str = UNKNOWN
    before: int = 0
    before_made_by: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation."""

    of: MetaData
    checkpoint: Table
    fold: Table
    entry: Table
    parked: Table


@cache
def tables_of(generation: int) -> Tables:
    if generation == FIRST:
        return Tables(CHECKPOINT.metadata, CHECKPOINT, FOLD, ENTRY, PARKED)
    of = MetaData()
    made = (one.to_metadata(of, name=f"{one.name}_{generation}") for one in (CHECKPOINT, FOLD, ENTRY, PARKED))
    return Tables(of, *made)


@dataclass(frozen=True, slots=True)
class Generations:
    """The pointer of one database, as code sees it that makes generations by the name `made_by`."""

    database: Database
    made_by: str

    async def in_use(self) -> Pointer:
        """Where nothing was followed yet the first generation is this code's; else nobody knows who made it."""
        await self.database.create(_POINTER)
        async with self.database.write() as connection:
            if (found := await pointed_to(connection)) is not None:
                return found
            is_fresh = (await connection.execute(select(CHECKPOINT.c.scope).limit(1))).first() is None
            made = Pointer(made_by=self.made_by if is_fresh else UNKNOWN)
            try:
                async with connection.begin_nested():
                    await connection.execute(insert(POINTER).values(id=1, **_values(made)))
            except IntegrityError:  # another process was first
                return await pointed_to(connection) or made
            return made

    async def prepare(self, beyond: Pointer) -> int:
        """Empty tables of a new generation. Only the one in use and the one before it are kept beside it."""
        generation = max(beyond.generation, beyond.before) + 1
        tables = tables_of(generation)
        async with self.database.engine.begin() as connection:
            await connection.run_sync(tables.of.drop_all)  # what a rebuild left that was killed
            await connection.run_sync(tables.of.create_all)
        return generation

    async def drop(self, generation: int) -> None:
        """The first generation's tables stay, empty: they hold how far the facts are relayed, too."""
        if generation > FIRST:
            async with self.database.engine.begin() as connection:
                await connection.run_sync(tables_of(generation).of.drop_all)

    async def switch(
        self, live: Pointer, generation: int, *, stream: str, reached: Mapping[str, tuple[int, str]]
    ) -> None:
        """Put a generation to use that stands exactly where the one in use stands: NotCaughtUp unless it does."""
        async with self.database.write() as connection:
            at = (POINTER.c.id == 1) & (POINTER.c.generation == live.generation)
            after = Pointer(generation, self.made_by, live.generation, live.made_by)
            if (await connection.execute(update(POINTER).where(at).values(**_values(after)))).rowcount != 1:
                raise Superseded("another generation is in use already")
            if await checkpoints(connection, live.generation, stream) != reached:
                raise NotCaughtUp("the generation in use has moved on")


async def pointed_to(connection: AsyncConnection) -> Pointer | None:
    """The pointer, held until the transaction ends: nobody switches while a batch is saved."""
    row = (await connection.execute(select(POINTER).with_for_update(read=True))).one_or_none()
    return Pointer(row.generation, row.made_by, row.before, row.before_made_by) if row else None


async def checkpoints(connection: AsyncConnection, generation: int, stream: str) -> dict[str, tuple[int, str]]:
    """Position and event that each partition of a stream stands at, in a generation."""
    of = tables_of(generation).checkpoint
    chosen = (of.c.stream == stream) & (~of.c.scope.like("relay %"))
    rows = await connection.execute(select(of.c.scope, of.c.position, of.c.event).where(chosen))
    return {row.scope: (row.position, row.event) for row in rows}


def _values(pointer: Pointer) -> dict[str, int | str]:
    return {
        "generation": pointer.generation, "made_by": pointer.made_by, "before": pointer.before,
        "before_made_by": pointer.before_made_by,
    }  # fmt: skip
