"""Requests to call a guest, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from booking_core.model.callback import Callback
from booking_core.model.ids import TenantId
from integrations.memory.stores.values import in_utc, maybe_in_utc, words
from integrations.memory.tables import Table, Transaction


class CallbackTables:
    """Requests by key, those that are done apart."""

    __slots__ = ("done", "open")

    def __init__(self) -> None:
        """Nobody waits."""
        self.open: Table[tuple[TenantId, str], Callback] = Table()
        self.done: Table[tuple[TenantId, str], Callback] = Table()


class MemoryCallbacks:
    """Implements ``booking_core.ports.callbacks.Callbacks``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: CallbackTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def add(self, callback: Callback) -> None:
        """Write a request; the same key again is no second one."""
        key = (callback.tenant, callback.key)
        waiting, done = self._tx.of(self._tables.open), self._tx.of(self._tables.done)
        if waiting.get(key) is not None or done.get(key) is not None:
            return
        stored = replace(
            callback,
            name=words(callback.name),
            phone=words(callback.phone),
            created_at=in_utc(callback.created_at),
            deadline=in_utc(callback.deadline),
            done_at=maybe_in_utc(callback.done_at),
        )
        (waiting if stored.done_at is None else done).put(key, stored)

    async def list_open(self, tenant: TenantId) -> Sequence[Callback]:
        """What nobody has done yet, by deadline."""
        found = [it for _, it in self._tx.of(self._tables.open).items() if it.tenant == tenant]
        return sorted(found, key=lambda it: (it.deadline, it.key))

    async def count_open(self) -> int:
        """How many of all tenants nobody has done yet."""
        return sum(1 for _ in self._tx.of(self._tables.open).items())

    async def done(self, tenant: TenantId, key: str, *, now: datetime) -> bool:
        """A person has seen to it; False for an unknown or finished key."""
        waiting = self._tx.of(self._tables.open)
        stored = waiting.get((tenant, key))
        if stored is None:
            return False
        waiting.remove((tenant, key))
        self._tx.of(self._tables.done).put((tenant, key), replace(stored, done_at=in_utc(now)))
        return True

    async def sweep(self, *, before: datetime) -> None:
        """Forget requests that were done before this instant."""
        done = self._tx.of(self._tables.done)
        for key in [key for key, it in done.items() if it.done_at is not None and it.done_at <= before]:
            done.remove(key)
