"""Fixtures for every folder of tests: a database of each kind, so that one suite runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import installation
from tests.support.databases import KINDS, PostgreSQL, fresh_database, postgresql


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """One server for all tests that want one."""
    with postgresql() as server:
        yield server


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite'}"
    return fresh_database(request.getfixturevalue("postgresql_server"))


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """An empty database for each service of an installation."""
    if request.param == "sqlite":
        return dict(installation.database_urls(tmp_path))
    server = request.getfixturevalue("postgresql_server")
    return {name: fresh_database(server) for name in installation.SERVICES}
