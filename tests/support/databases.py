"""Fixtures: throw-away databases, on SQLite and on PostgreSQL where there is a server."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from integrations.sql import SqlDatabase, upgrade
from integrations.sql.tables import metadata
from tests.support.rivals import processes

_DEFAULT_SERVER = "postgresql+asyncpg://root@127.0.0.1:5432/test"


@pytest.fixture
def empty_postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of the test's own; skips without a server, fails instead when ``CI`` is true."""
    with _own_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated PostgreSQL database of this session's own."""
    with _own_postgres() as url:
        _apart(asyncio.to_thread(upgrade, url))
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _apart(asyncio.to_thread(upgrade, f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    path = tmp_path / "fermata.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated SQL database without rows, once on each kind."""
    return emptied(request, request.param)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[SqlDatabase]:
    """An open SQL database without rows, once on each kind."""
    opened = SqlDatabase.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def four_processes() -> Iterator[ProcessPoolExecutor]:
    """Four processes, started once, that begin each piece of work together."""
    with processes(4) as pool:
        yield pool


def emptied(request: pytest.FixtureRequest, kind: str) -> str:
    """The URL of a migrated database without rows, ``kind`` being ``sqlite`` or ``postgresql``."""
    if kind == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("postgres_url"))
    _apart(_empty(url))
    return url


@contextmanager
def _own_postgres() -> Iterator[str]:
    server = make_url(os.environ.get("FERMATA_TEST_POSTGRES", _DEFAULT_SERVER))
    name = f"fermata_test_{secrets.token_hex(6)}"
    try:
        _apart(_administer(server, f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        message = f"no PostgreSQL at {server.render_as_string()} ({error}); set FERMATA_TEST_POSTGRES"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _apart(_administer(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _administer(server: URL, statement: str) -> None:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _empty(url: str) -> None:
    engine = create_async_engine(url)
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    await engine.dispose()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread with a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
