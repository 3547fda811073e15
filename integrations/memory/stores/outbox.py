"""The outbox in memory: work written with the transaction that asks for it, taken by lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from booking_core.model.ids import TenantId
from booking_core.ports.outbox import OutboxItem
from integrations.memory.stores.values import in_utc
from integrations.memory.tables import Table, Transaction


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One row; ``payload`` is JSON, so that nobody changes it from outside."""

    id: int
    tenant: TenantId
    kind: str
    key: str
    payload: bytes
    due_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    settled_at: datetime | None = None
    error: str | None = None


class OutboxTables:
    """Open rows and dead letters by id, and the keys ever used."""

    __slots__ = ("dead", "keys", "last_id", "open")

    def __init__(self) -> None:
        """No work."""
        self.open: Table[int, StoredItem] = Table()
        self.dead: Table[int, StoredItem] = Table()
        self.keys: Table[tuple[TenantId, str], int] = Table()
        self.last_id: Table[None, int] = Table()


class MemoryOutbox:
    """Implements ``booking_core.ports.outbox.Outbox``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: OutboxTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def add(
        self, tenant: TenantId, kind: str, key: str, payload: Mapping[str, Any], *, due_at: datetime
    ) -> None:
        """Write work; the same key again is no work."""
        keys, last_id = self._tx.of(self._tables.keys), self._tx.of(self._tables.last_id)
        if keys.get((tenant, key)) is not None:
            return
        item = StoredItem((last_id.get(None) or 0) + 1, tenant, kind, key, _to_json(payload), in_utc(due_at))
        last_id.put(None, item.id)
        keys.put((tenant, key), item.id)
        self._tx.of(self._tables.open).put(item.id, item)

    async def lease(self, *, now: datetime, real: datetime, until: datetime, limit: int) -> Sequence[OutboxItem]:
        """Take rows due at business time ``now`` that nobody holds at real time, the longest due first."""
        rows = self._tx.of(self._tables.open)
        due = [
            it
            for _, it in rows.items()
            if it.due_at <= now and (it.leased_until is None or it.leased_until <= real)
        ]
        due.sort(key=lambda it: (it.due_at, it.id))
        taken = [replace(it, attempts=it.attempts + 1, leased_until=in_utc(until)) for it in due[:limit]]
        for item in taken:
            rows.put(item.id, item)
        return [_item_of(it) for it in taken]

    async def amend(self, item: int, payload: Mapping[str, Any]) -> None:
        """Replace the payload of a leased row."""
        rows = self._tx.of(self._tables.open)
        if (stored := rows.get(item)) is not None:
            rows.put(item, replace(stored, payload=_to_json(payload)))

    async def done(self, item: int, *, now: datetime) -> bool:
        """Finish a row for good; whether it was still open."""
        rows = self._tx.of(self._tables.open)
        was_open = rows.get(item) is not None
        rows.remove(item)
        return was_open

    async def retry(self, item: int, *, due_at: datetime, error: str) -> None:
        """Give a row back to be tried later; ``error`` must not hold guest data."""
        rows = self._tx.of(self._tables.open)
        if (stored := rows.get(item)) is not None:
            rows.put(item, replace(stored, due_at=in_utc(due_at), leased_until=None, error=error))

    async def bury(self, item: int, *, now: datetime, error: str) -> None:
        """Give up: the row becomes a dead letter that operators see."""
        rows = self._tx.of(self._tables.open)
        if (stored := rows.get(item)) is not None:
            rows.remove(item)
            buried = replace(stored, settled_at=in_utc(now), leased_until=None, error=error)
            self._tx.of(self._tables.dead).put(item, buried)

    async def dead_letters(self, tenant: TenantId) -> Sequence[OutboxItem]:
        """What was given up, newest first."""
        dead = [
            (it.settled_at, it.id, it)
            for _, it in self._tx.of(self._tables.dead).items()
            if it.tenant == tenant and it.settled_at is not None
        ]
        return [_item_of(it) for _, _, it in sorted(dead, key=lambda row: row[:2], reverse=True)]

    async def depth(self) -> int:
        """Rows of all tenants that are not finished, dead letters left out."""
        return sum(1 for _ in self._tx.of(self._tables.open).items())


def _to_json(payload: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(payload))


def _item_of(stored: StoredItem) -> OutboxItem:
    return OutboxItem(
        stored.id,
        stored.tenant,
        stored.kind,
        stored.key,
        orjson.loads(stored.payload),
        stored.attempts,
        stored.due_at,
    )
