"""The journal of changes in memory, with its leases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking_core.errors import Conflict, LeaseLost
from booking_core.model.ids import Reference, TenantId
from booking_core.model.saga import Saga
from integrations.memory.stores.values import in_utc, saga_in_utc
from integrations.memory.tables import Table, Transaction


@dataclass(frozen=True, slots=True)
class StoredSaga:
    """An open saga with who has it, None for nobody, and when it is due to others."""

    saga: Saga
    leased_by: str | None
    due_at: datetime


class SagaTables:
    """Open sagas by id and by booking, and those that are closed."""

    __slots__ = ("by_booking", "closed", "open")

    def __init__(self) -> None:
        """Nothing is being changed."""
        self.open: Table[tuple[TenantId, str], StoredSaga] = Table()
        self.by_booking: Table[tuple[TenantId, Reference], str] = Table()
        self.closed: Table[tuple[TenantId, str], Saga] = Table()


class MemorySagas:
    """Implements ``booking_core.ports.sagas.Sagas``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: SagaTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def add(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Open a saga, leased by ``owner``. Raises Conflict where the booking has an open one already."""
        key, booking = (saga.tenant, saga.id), (saga.tenant, saga.booking)
        rows, by_booking = self._tx.of(self._tables.open), self._tx.of(self._tables.by_booking)
        if by_booking.get(booking) or rows.get(key) or self._tx.of(self._tables.closed).get(key):
            raise self._tx.doom(Conflict("the booking is being changed already", reference=saga.booking))
        rows.put(key, StoredSaga(saga_in_utc(saga), owner, in_utc(until)))
        by_booking.put(booking, saga.id)

    async def save(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Replace an open saga and prolong its lease. Raises LeaseLost where ``owner`` does not hold it any more."""
        replaced = self._replaced(saga, owner)
        self._tx.of(self._tables.open).put((saga.tenant, saga.id), StoredSaga(replaced, owner, in_utc(until)))

    async def close(self, saga: Saga, *, owner: str) -> None:
        """Replace an open saga for the last time. Raises LeaseLost as ``save`` does."""
        key, replaced = (saga.tenant, saga.id), self._replaced(saga, owner)
        self._tx.of(self._tables.open).remove(key)
        self._tx.of(self._tables.by_booking).remove((saga.tenant, replaced.booking))
        self._tx.of(self._tables.closed).put(key, replaced)

    async def release(self, saga: Saga, *, owner: str, due_at: datetime) -> None:
        """Replace an open saga and give its lease back until it is due again. Raises LeaseLost as ``save`` does."""
        replaced = self._replaced(saga, owner)
        self._tx.of(self._tables.open).put((saga.tenant, saga.id), StoredSaga(replaced, None, in_utc(due_at)))

    async def take(
        self, tenant: TenantId, saga: str, *, owner: str, now: datetime, until: datetime
    ) -> Saga | None:
        """Lease an open saga that nobody has or whose lease has run out; None where it is closed or in somebody's hands."""
        rows = self._tx.of(self._tables.open)
        stored = rows.get((tenant, saga))
        if stored is None or (stored.leased_by is not None and stored.due_at > now):
            return None
        taken = replace(stored.saga, attempts=stored.saga.attempts + 1)
        rows.put((tenant, saga), StoredSaga(taken, owner, in_utc(until)))
        return taken

    async def find_open(self, tenant: TenantId, booking: Reference) -> Saga | None:
        """The open saga of a booking, whoever has its lease."""
        found = self._tx.of(self._tables.by_booking).get((tenant, booking))
        stored = None if found is None else self._tx.of(self._tables.open).get((tenant, found))
        return None if stored is None else stored.saga

    async def list_due(self, *, now: datetime, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Tenant and id of open sagas that are due, the longest due first."""
        rows = self._tx.of(self._tables.open).items()
        due = sorted((stored.due_at, *key) for key, stored in rows if stored.due_at <= now)
        return [(tenant, saga) for _, tenant, saga in due[:limit]]

    async def postpone(self, tenant: TenantId, saga: str, *, now: datetime, due_at: datetime) -> None:
        """Have an open saga that is due wait longer; until then whoever wants may take it."""
        rows = self._tx.of(self._tables.open)
        stored = rows.get((tenant, saga))
        if stored is not None and stored.due_at <= now:
            rows.put((tenant, saga), StoredSaga(stored.saga, None, in_utc(due_at)))

    async def sweep(self, *, before: datetime) -> None:
        """Forget closed sagas that were opened before this instant."""
        closed = self._tx.of(self._tables.closed)
        for key in [key for key, saga in closed.items() if saga.created_at <= before]:
            closed.remove(key)

    def _replaced(self, saga: Saga, owner: str) -> Saga:
        """What is to be stored: the count of attempts, the booking and the beginning stay what they were."""
        stored = self._tx.of(self._tables.open).get((saga.tenant, saga.id))
        if stored is None or stored.leased_by != owner:
            raise self._tx.doom(LeaseLost())
        known = stored.saga
        saga = saga_in_utc(saga)
        return replace(saga, booking=known.booking, attempts=known.attempts, created_at=known.created_at)
