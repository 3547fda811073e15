"""The database in memory: every store of a unit of work, one writer at a time, nothing that outlives the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from booking_core.ports.retention import OVER_KEPT, RUN_OUT_KEPT
from integrations.memory.stores.bookings import BookingTables, MemoryBookings
from integrations.memory.stores.callbacks import CallbackTables, MemoryCallbacks
from integrations.memory.stores.claim_cells import ClaimTables
from integrations.memory.stores.claims import MemoryClaims
from integrations.memory.stores.conversations import ConversationTables, MemoryConversations
from integrations.memory.stores.idempotency import IdempotencyTables, MemoryIdempotency
from integrations.memory.stores.mirror import MemoryMirror, MirrorTables
from integrations.memory.stores.outbox import MemoryOutbox, OutboxTables
from integrations.memory.stores.sagas import MemorySagas, SagaTables
from integrations.memory.stores.tenants import MemoryTenants, TenantTables
from integrations.memory.tables import Transaction


class NestedWrite(RuntimeError):
    """A task opened a unit of work that writes inside of one that writes: it would wait for itself."""


class _Tables:
    """All tables."""

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

    def __init__(self) -> None:
        """Without rows."""
        self.claims = ClaimTables()
        self.bookings = BookingTables()
        self.conversations = ConversationTables()
        self.idempotency = IdempotencyTables()
        self.outbox = OutboxTables()
        self.tenants = TenantTables()
        self.mirror = MirrorTables()
        self.sagas = SagaTables()
        self.callbacks = CallbackTables()


class MemoryUnitOfWork:
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

    def __init__(self, transaction: Transaction, tables: _Tables) -> None:
        """Every store works in the given transaction."""
        self.claims = MemoryClaims(transaction, tables.claims)
        self.bookings = MemoryBookings(transaction, tables.bookings)
        self.conversations = MemoryConversations(transaction, tables.conversations)
        self.idempotency = MemoryIdempotency(transaction, tables.idempotency)
        self.outbox = MemoryOutbox(transaction, tables.outbox)
        self.tenants = MemoryTenants(transaction, tables.tenants)
        self.mirror = MemoryMirror(transaction, tables.mirror)
        self.sagas = MemorySagas(transaction, tables.sagas)
        self.callbacks = MemoryCallbacks(transaction, tables.callbacks)


class MemoryDatabase:
    """Implements ``booking_core.ports.unit_of_work.Database``.

    Writers queue, first come, first served, and a writer reads what all before it have committed. A reader sees the moment
    at which it began and never waits. A write in a read raises WriteInRead, a write inside of a write of the same task
    NestedWrite.
    """

    def __init__(self, *, pause: Callable[[], Awaitable[object]] | None = None) -> None:
        """``pause`` is awaited where a real database would let others run: at the beginning of a unit of work and before its
        commit. Without it a unit of work that awaits nothing else runs through in one go.
        """
        self._tables = _Tables()
        self._pause = pause
        self._turn = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        self._readers: list[Transaction] = []

    @asynccontextmanager
    async def write(self) -> AsyncIterator[MemoryUnitOfWork]:
        """A transaction that may write; commits on leaving, rolls back on an exception."""
        task = asyncio.current_task()
        if task is not None and task is self._writer:
            raise NestedWrite("a unit of work that writes was opened inside of another")
        async with self._turn:
            self._writer = task
            transaction = Transaction(writing=True)
            work = MemoryUnitOfWork(transaction, self._tables)
            try:
                if self._pause is not None:
                    await self._pause()
                yield work
                if self._pause is not None:
                    await self._pause()
                work.mirror.raise_counters(transaction.counted())
                transaction.commit(self._readers)
            finally:
                transaction.end()
                self._writer = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryUnitOfWork]:
        """One snapshot; writing in it raises WriteInRead."""
        if self._pause is not None:
            await self._pause()
        transaction = Transaction(writing=False)
        self._readers.append(transaction)
        try:
            yield MemoryUnitOfWork(transaction, self._tables)
        finally:
            self._readers.remove(transaction)
            transaction.end()

    async def ping(self) -> None:
        """Always there."""

    async def sweep(self, *, now: datetime, real: datetime | None = None) -> None:
        """Forget holds that ran out over ten minutes ago, answers older than a day, and journals, work and calls of a month ago.

        Answers to repeated requests are a day old by the ``real`` clock, by default ``now``.
        """
        async with self.write() as work:
            await work.claims.sweep(run_out=now - RUN_OUT_KEPT)
            await work.idempotency.sweep(now=real or now)
            await work.sagas.sweep(before=now - OVER_KEPT)
            await work.outbox.sweep(before=now - OVER_KEPT)
            await work.callbacks.sweep(before=now - OVER_KEPT)

    async def close(self) -> None:
        """Nothing to close."""
