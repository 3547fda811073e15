"""Engines for SQLite and PostgreSQL: connection settings and how transactions begin. Knows no table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from booking_core.errors import Misconfigured
from integrations.sql import sqlite_driver
from integrations.sql.sqlite_driver import OneHopConnection

BUSY_SECONDS = 5.0
# Whoever waits for a connection waits for guests before him: a late answer is better than none.
_QUEUE_SECONDS = 15.0
_SQLITE_READERS = 4
_POSTGRES_CONNECTIONS = 10
# A process that hangs inside a transaction must not block the others for good.
_IDLE_IN_TRANSACTION_SECONDS = 30
_POOL_RECYCLE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine whose transactions may write, one whose transactions only read."""

    writer: AsyncEngine
    reader: AsyncEngine

    async def dispose(self) -> None:
        """Close every pooled connection."""
        await self.writer.dispose()
        await self.reader.dispose()


def create_engines(url: str) -> Engines:
    """Engines for ``sqlite:///path`` or ``postgresql://…``; connects to nothing. Raises Misconfigured for other URLs."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured("DATABASE_URL is not a URL", field="DATABASE_URL") from error
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite_engines(parsed.set(drivername="sqlite+aiosqlite"))
        case "postgresql" | "postgres":
            return _postgres_engines(parsed.set(drivername="postgresql+asyncpg"))
        case other:
            raise Misconfigured(f"DATABASE_URL: {other} is not supported", field="DATABASE_URL")


def _sqlite_engines(url: URL) -> Engines:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise Misconfigured("DATABASE_URL: SQLite needs a file", field="DATABASE_URL")
    # One writing connection: writers of this process queue in order instead of polling for SQLite's write lock.
    writer = _sqlite_engine(url, connections=1, writes=True)
    reader = _sqlite_engine(url, connections=_SQLITE_READERS, writes=False)
    return Engines(writer, reader)


def _sqlite_engine(url: URL, *, connections: int, writes: bool) -> AsyncEngine:
    path = Path(url.database or "")
    settings = (
        f"busy_timeout = {round(BUSY_SECONDS * 1000)}",
        "journal_mode = WAL",
        # In WAL mode a killed process loses nothing that was committed; only a power cut may cost the last moments.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        *(() if writes else ("query_only = ON",)),
    )

    async def connect() -> OneHopConnection:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What reads first and then writes must not find that somebody else has written in between.
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED"
        return await sqlite_driver.connect(
            str(path), timeout_seconds=BUSY_SECONDS, settings=settings, begin=begin, writes=writes
        )

    engine = create_async_engine(
        url,
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_QUEUE_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def begin_explicitly(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, OneHopConnection)
        driver.begin()

    return engine


def _postgres_engines(url: URL) -> Engines:
    engine = create_async_engine(
        url,
        connect_args={
            "timeout": BUSY_SECONDS,
            "command_timeout": 2 * BUSY_SECONDS,
            "server_settings": {
                "application_name": "fermata",
                "lock_timeout": f"{round(BUSY_SECONDS * 1000)}ms",
                "idle_in_transaction_session_timeout": f"{_IDLE_IN_TRANSACTION_SECONDS}s",
            },
        },
        pool_size=_POSTGRES_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_QUEUE_SECONDS,
        pool_recycle=_POOL_RECYCLE_SECONDS,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )
    # A read sees one snapshot, however many statements it takes.
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(engine, reader)
