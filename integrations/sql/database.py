"""The database as the core sees it: units of work over all stores, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from integrations.sql import schema
from integrations.sql.bookings import SqlBookings
from integrations.sql.callbacks import SqlCallbacks
from integrations.sql.claims import SqlClaims
from integrations.sql.conversations import SqlConversations
from integrations.sql.engines import Engines, create_engines
from integrations.sql.errors import translated
from integrations.sql.idempotency import SqlIdempotency
from integrations.sql.mirror import SqlMirror
from integrations.sql.outbox import SqlOutbox
from integrations.sql.sagas import SqlSagas
from integrations.sql.sweep import sweep
from integrations.sql.tenants import SqlTenants
from integrations.sql.transaction import Transaction


class SqlUnitOfWork:
    """The stores of one transaction; implements ``booking_core.ports.unit_of_work.UnitOfWork``."""

    __slots__ = (
        "bookings",
        "callbacks",
        "claims",
        "conversations",
        "idempotency",
        "mirror",
        "outbox",
        "sagas",
        "tenants",
    )

    def __init__(self, transaction: Transaction) -> None:
        """Every store works in the given transaction."""
        self.claims = SqlClaims(transaction)
        self.bookings = SqlBookings(transaction)
        self.conversations = SqlConversations(transaction)
        self.idempotency = SqlIdempotency(transaction)
        self.outbox = SqlOutbox(transaction)
        self.tenants = SqlTenants(transaction)
        self.mirror = SqlMirror(transaction)
        self.sagas = SqlSagas(transaction)
        self.callbacks = SqlCallbacks(transaction)


class SqlDatabase:
    """Implements ``booking_core.ports.unit_of_work.Database``.

    Raises DatabaseUnavailable where the database does not answer, and its kind DatabaseBusy where the same unit of
    work may simply be run again (a hold that comes first in it has been already). Units of work must not be nested: on
    SQLite there is one writer.
    """

    __slots__ = ("_engines",)

    def __init__(self, engines: Engines) -> None:
        """Use ``open``; the database disposes of the engines when it is closed."""
        self._engines = engines

    @classmethod
    def open(cls, url: str) -> Self:
        """A database for ``sqlite:///path`` or ``postgresql://…``; connects on first use.

        Raises Misconfigured for any other URL.
        """
        return cls(create_engines(url))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        """A transaction that may write; commits on leaving, rolls back on an exception."""
        async with _transaction(self._engines.writer, writing=True) as transaction:
            yield SqlUnitOfWork(transaction)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """One snapshot; the database refuses to write in it."""
        async with _transaction(self._engines.reader, writing=False) as transaction:
            yield SqlUnitOfWork(transaction)

    async def ping(self) -> None:
        """Raise DatabaseUnavailable (an Upstream) unless the database answers."""
        async with _transaction(self._engines.reader, writing=False) as transaction:
            await transaction.execute(text("SELECT 1"))

    async def sweep(self, *, now: datetime, real: datetime | None = None) -> None:
        """Delete what ran out a while ago; for the worker, a few times an hour. ``real`` is by default ``now``."""
        async with _transaction(self._engines.writer, writing=True) as transaction:
            await sweep(transaction, now=now, real=real or now)

    async def migrate(self) -> None:
        """Bring the schema to the newest revision; several processes may do so at once."""
        await schema.migrate(self._engines.writer)

    async def current_revision(self) -> str | None:
        """The revision of the schema, None for an empty database."""
        return await schema.current_revision(self._engines.writer)

    async def close(self) -> None:
        """Close all connections."""
        await self._engines.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine, *, writing: bool) -> AsyncIterator[Transaction]:
    begun = False
    try:
        async with engine.connect() as connection:
            await connection.begin()
            begun = True
            transaction = Transaction(connection, writing=writing)
            # Not a transaction's own context: what it does first may be repeated in another one (`Transaction.repeatable`).
            try:
                yield transaction
                await transaction.finish()
                await connection.commit()
            except BaseException:
                await connection.rollback()
                raise
    except SQLAlchemyError as error:
        raise translated(error, connecting=not begun) from error
    except OSError as error:
        # Once the transaction has begun it is the caller's own.
        if begun:
            raise
        raise translated(error, connecting=True) from error
