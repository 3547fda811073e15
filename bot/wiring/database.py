"""Where everything is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from integrations.sql import SqlDatabase


def open_database(settings: Settings) -> SqlDatabase:
    """The database of these settings; connects on first use."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqlDatabase.open(settings.database_address)


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[SqlDatabase]:
    """The same for one command: closed when it is done."""
    database = open_database(settings)
    try:
        yield database
    finally:
        await database.close()
