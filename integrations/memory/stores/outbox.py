"""The outbox in memory: work written with the transaction that asks for it, taken by lease."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from booking_core.model.ids import TenantId
from booking_core.ports.outbox import OutboxItem, without_rendered
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
    """Open rows, dead letters and what is done by id, and the keys of them all."""

    __slots__ = ("dead", "done", "keys", "last_id", "open")

    def __init__(self) -> None:
        """No work."""
        self.open: Table[int, StoredItem] = Table()
        self.dead: Table[int, StoredItem] = Table()
        self.done: Table[int, StoredItem] = Table()
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

    async def lease(
        self,
        *,
        now: datetime,
        real: datetime,
        until: datetime,
        limit: int,
        kinds: Collection[str] | None = None,
    ) -> Sequence[OutboxItem]:
        """Take rows due at business time ``now`` that nobody holds at real time, the longest due first."""
        rows = self._tx.of(self._tables.open)
        due = [
            it
            for _, it in rows.items()
            if it.due_at <= now
            and (it.leased_until is None or it.leased_until <= real)
            and (kinds is None or it.kind in kinds)
        ]
        due.sort(key=lambda it: (it.due_at, it.id))
        taken = [replace(it, attempts=it.attempts + 1, leased_until=in_utc(until)) for it in due[:limit]]
        for item in taken:
            rows.put(item.id, item)
        return [_item_of(it) for it in taken]

    async def amend(self, item: OutboxItem, payload: Mapping[str, Any]) -> bool:
        """Replace the payload of a leased row."""
        stored = self._leased(item)
        if stored is not None:
            self._tx.of(self._tables.open).put(item.id, replace(stored, payload=_to_json(payload)))
        return stored is not None

    async def done(self, item: OutboxItem, *, now: datetime) -> bool:
        """Finish a row for good; of its payload stays what ``without_rendered`` leaves."""
        stored = self._leased(item)
        if stored is not None:
            kept = _to_json(without_rendered(item.payload))
            self._settle(self._tables.done, replace(stored, payload=kept, settled_at=in_utc(now), error=None))
        return stored is not None

    async def retry(self, item: OutboxItem, *, due_at: datetime, error: str) -> bool:
        """Give a row back to be tried later; ``error`` must not hold guest data."""
        stored = self._leased(item)
        if stored is not None:
            given_back = replace(stored, due_at=in_utc(due_at), leased_until=None, error=error)
            self._tx.of(self._tables.open).put(item.id, given_back)
        return stored is not None

    async def bury(self, item: OutboxItem, *, now: datetime, error: str) -> bool:
        """Give up: the row becomes a dead letter that operators see."""
        stored = self._leased(item)
        if stored is not None:
            self._settle(self._tables.dead, replace(stored, settled_at=in_utc(now), error=error))
        return stored is not None

    async def revive(self, tenant: TenantId, item: int | None = None) -> int:
        """Put a dead letter of the tenant back to be tried at once, all of them for None; how many there were."""
        dead, rows = self._tx.of(self._tables.dead), self._tx.of(self._tables.open)
        found = [it for _, it in dead.items() if it.tenant == tenant and item in {None, it.id}]
        for stored in found:
            dead.remove(stored.id)
            rows.put(stored.id, replace(stored, settled_at=None, error=None))
        return len(found)

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

    async def sweep(self, *, before: datetime) -> None:
        """Forget rows that were settled before this instant, with their keys."""
        keys = self._tx.of(self._tables.keys)
        for table in (self._tables.dead, self._tables.done):
            rows = self._tx.of(table)
            old = [it for _, it in rows.items() if it.settled_at is not None and it.settled_at <= before]
            for stored in old:
                rows.remove(stored.id)
                keys.remove((stored.tenant, stored.key))

    def _leased(self, item: OutboxItem) -> StoredItem | None:
        """The row while this lease of it is the last one; None once it was leased anew or is settled."""
        stored = self._tx.of(self._tables.open).get(item.id)
        return stored if stored is not None and stored.attempts == item.attempts else None

    def _settle(self, table: Table[int, StoredItem], settled: StoredItem) -> None:
        self._tx.of(self._tables.open).remove(settled.id)
        self._tx.of(table).put(settled.id, replace(settled, leased_until=None))


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
