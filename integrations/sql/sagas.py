"""The journal of changes on SQL: a document each, with its lease beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, literal, or_, select, update

from booking_core.errors import Conflict, LeaseLost
from booking_core.model.ids import Reference, TenantId
from booking_core.model.saga import Saga
from integrations.sql.documents import saga_from_document, saga_to_document
from integrations.sql.tables import sagas
from integrations.sql.transaction import Transaction, insert_or_nothing


class SqlSagas:
    """Implements ``booking_core.ports.sagas.Sagas``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def add(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Open a saga, leased by ``owner``. Raises Conflict where the booking has an open one already."""
        result = await self._tx.execute(
            insert_or_nothing(sagas, self._tx.postgres),
            {
                "tenant": saga.tenant,
                "id": saga.id,
                "booking": saga.booking,
                "status": "open",
                "leased_by": owner,
                "due_at": until,
                "attempts": saga.attempts,
                "created_at": saga.created_at,
                "document": saga_to_document(saga),
            },
        )
        if result.rowcount != 1:
            raise self._tx.doom(Conflict("the booking is being changed already", reference=saga.booking))

    async def save(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Replace an open saga and prolong its lease. Raises LeaseLost where ``owner`` does not hold it any more."""
        await self._replace(saga, owner, due_at=until)

    async def close(self, saga: Saga, *, owner: str) -> None:
        """Replace an open saga for the last time. Raises LeaseLost as ``save`` does."""
        await self._replace(saga, owner, status="closed", leased_by=None)

    async def release(self, saga: Saga, *, owner: str, due_at: datetime) -> None:
        """Replace an open saga and give its lease back until it is due again. Raises LeaseLost as ``save`` does."""
        await self._replace(saga, owner, leased_by=None, due_at=due_at)

    async def take(
        self, tenant: TenantId, saga: str, *, owner: str, now: datetime, until: datetime
    ) -> Saga | None:
        """Lease an open saga that nobody has or whose lease has run out; None where it is closed or in somebody's hands."""
        result = await self._tx.execute(
            update(sagas)
            .where(
                sagas.c.tenant == tenant,
                sagas.c.id == saga,
                _OPEN,
                or_(sagas.c.leased_by.is_(None), sagas.c.due_at <= now),
            )
            .values(leased_by=owner, due_at=until, attempts=sagas.c.attempts + 1)
            .returning(sagas)
        )
        row = result.one_or_none()
        return None if row is None else _saga_of(row)

    async def find_open(self, tenant: TenantId, booking: Reference) -> Saga | None:
        """The open saga of a booking, whoever has its lease."""
        result = await self._tx.execute(
            select(sagas).where(sagas.c.tenant == tenant, sagas.c.booking == booking, _OPEN)
        )
        row = result.one_or_none()
        return None if row is None else _saga_of(row)

    async def list_due(self, *, now: datetime, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Tenant and id of open sagas that are due, the longest due first."""
        due = select(sagas.c.tenant, sagas.c.id).where(_OPEN, sagas.c.due_at <= now)
        result = await self._tx.execute(due.order_by(sagas.c.due_at).limit(limit))
        return [(TenantId(row.tenant), row.id) for row in result]

    async def postpone(self, tenant: TenantId, saga: str, *, now: datetime, due_at: datetime) -> None:
        """Have an open saga that is due wait longer; until then whoever wants may take it."""
        await self._tx.execute(
            update(sagas)
            .where(sagas.c.tenant == tenant, sagas.c.id == saga, _OPEN, sagas.c.due_at <= now)
            .values(leased_by=None, due_at=due_at)
        )

    async def _replace(self, saga: Saga, owner: str, **columns: Any) -> None:
        result = await self._tx.execute(
            update(sagas)
            .where(sagas.c.tenant == saga.tenant, sagas.c.id == saga.id, _OPEN, sagas.c.leased_by == owner)
            .values(document=saga_to_document(saga), **columns)
        )
        if result.rowcount != 1:
            raise self._tx.doom(LeaseLost())


# A literal, so that the partial indexes of open sagas are seen to fit.
_OPEN: ColumnElement[bool] = sagas.c.status == literal("open", literal_execute=True)


def _saga_of(row: Row[Any]) -> Saga:
    return saga_from_document(
        row.document,
        tenant=row.tenant,
        id=row.id,
        booking=row.booking,
        attempts=row.attempts,
        created_at=row.created_at,
    )
