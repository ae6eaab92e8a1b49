"""Who is behind a person code? Names and phones, which events never carry: kept beside the record, and erasable.

What is erased is gone from the tables and from the database's file; that a code was erased is kept, so that nobody
else comes to be taken for that person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.infra.database import Database, Instant

NAME_MAX, PHONE_MAX, NOTE_MAX = 100, 32, 1000

# Codes are merged with those of the record, which are sorted by code point and not as a language would.
_CODE = String(64).with_variant(String(64, collation="C"), "postgresql")

PEOPLE = MetaData()
_person = Table(
    "person", PEOPLE,
    Column("jurisdiction", String(64), primary_key=True), Column("code", _CODE, primary_key=True),
    Column("name", String(NAME_MAX), nullable=False), Column("phone", String(PHONE_MAX), nullable=False),
    Column("note", String(NOTE_MAX), nullable=False), Column("updated_at", Instant, nullable=False),
    Column("erased_at", Instant),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a person in one jurisdiction; nothing but the code and the time once it is erased."""

    code: str
    name: str = ""
    phone: str = ""
    note: str = ""
    updated_at: datetime
    erased_at: datetime | None = None


class Erased(Exception):
    """The person was erased: the code is not used again."""


class Directory:
    """The directory of all jurisdictions, in intake's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self) -> None:
        await self._database.create(PEOPLE)

    async def find(self, jurisdiction: str, code: str) -> Person | None:
        async with self._database.read() as connection:
            return await _read(connection, jurisdiction, code)

    async def after(self, jurisdiction: str, code: str, *, count: int) -> Sequence[Person]:
        """The next so many people by code."""
        statement = select(_person).where(_person.c.jurisdiction == jurisdiction, _person.c.code > code)
        async with self._database.read() as connection:
            rows = await connection.execute(statement.order_by(_person.c.code).limit(count))
            return [_person_of(row) for row in rows.mappings()]

    async def put(self, jurisdiction: str, person: Person) -> None:
        """Enter a person, or replace what was known. Raises Erased."""
        async with self._database.write() as connection:
            kept = await _read(connection, jurisdiction, person.code, is_locked=True)
            if kept and kept.erased_at:
                raise Erased
            await self._write(connection, jurisdiction, person)

    async def erase(self, jurisdiction: str, code: str, *, at: datetime) -> datetime:
        """Remove all that is known of a person; when that was done, which a second time is the first time."""
        async with self._database.write() as connection:
            kept = await _read(connection, jurisdiction, code, is_locked=True)
            if kept and kept.erased_at:
                return kept.erased_at
            await self._write(connection, jurisdiction, Person(code=code, updated_at=at, erased_at=at))
        await self._database.scrub()
        return at

    async def _write(self, connection: AsyncConnection, jurisdiction: str, person: Person) -> None:
        row = {column.name: getattr(person, column.name, jurisdiction) for column in _person.columns}
        await self._database.upsert(connection, _person, [row])


async def _read(connection: AsyncConnection, jurisdiction: str, code: str, *, is_locked: bool = False) -> Person | None:
    statement = select(_person).where(_person.c.jurisdiction == jurisdiction, _person.c.code == code)
    if is_locked:  # nobody may enter a person anew while it is being erased
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).mappings().first()
    return _person_of(row) if row else None


def _person_of(row: Mapping[Any, Any]) -> Person:
    return Person(**{name: row[name] for name in Person.__dataclass_fields__})
