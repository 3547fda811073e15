"""Every test here speaks only the ports, and runs over SQLite, PostgreSQL and the database in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from integrations.memory.database import MemoryDatabase
from integrations.sql import SqlDatabase
from tests.support.any_database import AnyDatabase
from tests.support.databases import emptied


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """A migrated database without rows, once of each kind; None for the one that has no address."""
    return None if request.param == "memory" else emptied(request, request.param)


@pytest.fixture
async def database(database_url: str | None) -> AsyncIterator[AnyDatabase]:
    """An open database without rows, once of each kind."""
    opened = MemoryDatabase() if database_url is None else SqlDatabase.open(database_url)
    yield opened
    await opened.close()
