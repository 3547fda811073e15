"""Migrating the schema with Alembic, without an ini file; the migrations lie in ``migrations/versions``."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.sql.engines import create_engines
from integrations.sql.errors import DatabaseBusy, translated

MIGRATIONS = Path(__file__).parent / "migrations"
# Any constant will do; it keeps several processes from migrating the same PostgreSQL at once.
_MIGRATION_LOCK = 0x4645524D
_WAIT_FOR_OTHERS_SECONDS = 120


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; ``connection`` is the one whose transaction the migrations join."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head_revision() -> str | None:
    """The newest revision this release knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def upgrade(url: str) -> None:
    """``migrate_url`` for callers without an event loop."""
    asyncio.run(migrate_url(url))


async def migrate_url(url: str) -> None:
    """Bring the database at ``url`` to the newest revision, or leave it as it was."""
    engines = create_engines(url)
    try:
        await migrate(engines.writer)
    finally:
        await engines.dispose()


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to the newest revision in one transaction, however long another process takes over the same."""
    give_up_at = time.monotonic() + _WAIT_FOR_OTHERS_SECONDS
    while True:
        try:
            await _migrate(engine)
            return
        except DatabaseBusy:
            if time.monotonic() >= give_up_at:
                raise


async def _migrate(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except (SQLAlchemyError, OSError) as error:
        raise translated(error, connecting=isinstance(error, OSError)) from error


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision of the schema, None for an empty database."""
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda it: MigrationContext.configure(it).get_current_revision())
    except (SQLAlchemyError, OSError) as error:
        raise translated(error, connecting=isinstance(error, OSError)) from error


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_FOR_OTHERS_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    command.upgrade(configuration(connection), "head")
