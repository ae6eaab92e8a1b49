"""The tables in which a service keeps its ledgers, what it stated, what is to be sent, and what is parked."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from shared.infra.database import Instant

TABLES = MetaData()
CHECKPOINT = Table(
    "checkpoint", TABLES,
    Column("stream", String(16), primary_key=True), Column("scope", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False), Column("event", String(255), nullable=False),
    Column("applied_count", BigInteger, nullable=False), Column("parked_count", BigInteger, nullable=False),
)  # fmt: skip
FOLD = Table(
    "fold", TABLES,
    Column("jurisdiction", String(64), primary_key=True), Column("position", BigInteger, nullable=False),
    Column("clock", Instant, nullable=False),
)  # fmt: skip
ENTRY = Table(
    "entry", TABLES,
    Column("jurisdiction", String(64), primary_key=True), Column("kind", String(40), primary_key=True),
    Column("key", String(255), primary_key=True), Column("body", Text, nullable=False),
)  # fmt: skip
OUTGOING = Table(
    "outgoing", TABLES,
    Column("row", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("stream", String(16), nullable=False), Column("partition", Integer, nullable=False),
    Column("subject", String(255), nullable=False), Column("message", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("outgoing_by_partition", "stream", "partition", "row"), sqlite_autoincrement=True,
)  # fmt: skip
STATEMENT = Table(
    "statement", TABLES,
    Column("jurisdiction", String(64), primary_key=True), Column("topic", String(255), primary_key=True),
    Column("id", String(64), primary_key=True), Column("row", BigInteger, nullable=False),
    Column("type", String(80), nullable=False), Column("body", Text, nullable=False),
    Index("statement_by_type", "jurisdiction", "type"),
)  # fmt: skip
PARKED = Table(
    "parked", TABLES,
    Column("partition", Integer, primary_key=True), Column("position", BigInteger, primary_key=True),
    Column("jurisdiction", String(255), nullable=False), Column("kind", Text, nullable=False),
    Column("entity", Text, nullable=False), Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False), Column("held", Integer, nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
