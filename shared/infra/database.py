"""One way to a database, SQLite or PostgreSQL: exact types, one writer's transaction, no other dialect branches.

SQLite drops time zones unless it is told otherwise, and keeps decimals as floats: amounts are stored inside JSON texts.
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Dialect, MetaData, String, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

_BUSY_TIMEOUT_MS = 30_000


class Instant(TypeDecorator[datetime]):
    """An aware datetime as ISO text in UTC, which sorts as time does."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class DatabaseFailed(Exception):
    """The database gave no answer."""


class Database:
    """An engine and the two ways to use it: `write`, one transaction at a time, and `read`, a consistent snapshot.

    And `rows_now`, for what cannot be interrupted to await an answer.
    """

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url)
        self._at_once: Any = None
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)

    async def create(self, tables: MetaData) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(tables.create_all)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            await connection.execution_options(duban_reads=True, **self._snapshot())
            async with connection.begin():
                yield connection

    def rows_now(self, query: str, values: Sequence[str]) -> list[Any]:
        """What is committed, at once, by a connection of its own; `?` stands for a value.

        DatabaseFailed where there is no answer; the next call connects anew.
        """
        try:
            if self._at_once is None:
                self._at_once = self._connected_at_once()
            is_sqlite = isinstance(self._at_once, sqlite3.Connection)
            found = self._at_once.execute(query if is_sqlite else query.replace("?", "%s"), values)
            rows: list[Any] = found.fetchall()
        except (sqlite3.Error, psycopg.Error) as error:
            self._close_at_once()
            raise DatabaseFailed(f"{type(error).__name__}: {error}") from error
        return rows

    def _connected_at_once(self) -> Any:
        url = self.engine.url
        if self.engine.dialect.name == "sqlite":
            return sqlite3.connect(url.database or "", isolation_level=None)
        return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)

    def _close_at_once(self) -> None:
        if self._at_once is not None:
            self._at_once.close()
            self._at_once = None

    async def upsert(self, connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows, or replace those with the same primary key, in one round."""
        if not rows:
            return
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        statement = insert(table)
        keys = [column.name for column in table.primary_key]
        values = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
        await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), rows)

    async def scrub(self) -> None:
        """Leave nothing in SQLite's files of what was deleted or replaced; PostgreSQL vacuums by itself."""
        if self.engine.dialect.name == "sqlite":
            async with self.engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                # Not within the transaction that a statement here would begin.
                await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()

    async def dispose(self) -> None:
        self._close_at_once()
        await self.engine.dispose()

    def _snapshot(self) -> dict[str, str]:
        return {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}


def _prepare_sqlite(engine: AsyncEngine) -> None:
    # The driver's own transactions begin too late: a reader that turns writer fails instead of waiting.
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=FAST",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        reads = connection.get_execution_options().get("duban_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
