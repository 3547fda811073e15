"""The outbox on SQL: work written with the transaction that asks for it, taken by lease."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, literal, or_, select, true, update

from booking_core.model.ids import TenantId
from booking_core.ports.outbox import OutboxItem, without_rendered
from integrations.sql.tables import outbox
from integrations.sql.transaction import Transaction, insert_or_nothing

_ITEM = (
    outbox.c.id,
    outbox.c.tenant,
    outbox.c.kind,
    outbox.c.key,
    outbox.c.payload,
    outbox.c.attempts,
    outbox.c.due_at,
)


class SqlOutbox:
    """Implements ``booking_core.ports.outbox.Outbox``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def add(
        self, tenant: TenantId, kind: str, key: str, payload: Mapping[str, Any], *, due_at: datetime
    ) -> None:
        """Write work; the same key again is no work."""
        await self._tx.execute(
            insert_or_nothing(outbox, self._tx.postgres),
            {
                "tenant": tenant,
                "kind": kind,
                "key": key,
                "payload": payload,
                "attempts": 0,
                "due_at": due_at,
                "status": "open",
            },
        )

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
        due = (
            select(outbox.c.id)
            .where(
                _has_status("open"),
                outbox.c.due_at <= now,
                or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= real),
                true() if kinds is None else outbox.c.kind.in_(sorted(kinds)),
            )
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        result = await self._tx.execute(
            update(outbox)
            .where(outbox.c.id.in_(due))
            .values(leased_until=until, attempts=outbox.c.attempts + 1)
            .returning(*_ITEM)
        )
        return sorted((_item_of(row) for row in result), key=lambda item: (item.due_at, item.id))

    async def amend(self, item: OutboxItem, payload: Mapping[str, Any]) -> bool:
        """Replace the payload of a leased row."""
        return await self._change(item, payload=payload)

    async def done(self, item: OutboxItem, *, now: datetime) -> bool:
        """Finish a row for good; of its payload stays what ``without_rendered`` leaves."""
        kept = without_rendered(item.payload)
        return await self._change(item, status="done", payload=kept, settled_at=now, leased_until=None, error=None)

    async def retry(self, item: OutboxItem, *, due_at: datetime, error: str) -> bool:
        """Give a row back to be tried later; ``error`` must not hold guest data."""
        return await self._change(item, due_at=due_at, leased_until=None, error=error)

    async def bury(self, item: OutboxItem, *, now: datetime, error: str) -> bool:
        """Give up: the row becomes a dead letter that operators see."""
        return await self._change(item, status="dead", settled_at=now, leased_until=None, error=error)

    async def revive(self, tenant: TenantId, item: int | None = None) -> int:
        """Put a dead letter of the tenant back to be tried at once, all of them for None; how many there were."""
        result = await self._tx.execute(
            update(outbox)
            .where(outbox.c.tenant == tenant, _has_status("dead"), true() if item is None else outbox.c.id == item)
            .values(status="open", settled_at=None, error=None)
        )
        return result.rowcount

    async def dead_letters(self, tenant: TenantId) -> Sequence[OutboxItem]:
        """What was given up, newest first."""
        result = await self._tx.execute(
            select(*_ITEM)
            .where(outbox.c.tenant == tenant, _has_status("dead"))
            .order_by(outbox.c.settled_at.desc(), outbox.c.id.desc())
        )
        return [_item_of(row) for row in result]

    async def depth(self) -> int:
        """Rows of all tenants that are not finished, dead letters left out."""
        result = await self._tx.execute(select(func.count()).select_from(outbox).where(_has_status("open")))
        return int(result.scalar_one())

    async def _change(self, item: OutboxItem, **values: Any) -> bool:
        """Change an open row under its lease; one that is settled or leased anew stays as it is when a late worker reports."""
        result = await self._tx.execute(
            update(outbox)
            .where(outbox.c.id == item.id, outbox.c.status == "open", outbox.c.attempts == item.attempts)
            .values(**values)
        )
        return result.rowcount == 1


def _has_status(status: str) -> Any:
    # Written into the statement, so that the partial indexes are seen to fit.
    return outbox.c.status == literal(status, literal_execute=True)


def _item_of(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        tenant=TenantId(row.tenant),
        kind=row.kind,
        key=row.key,
        payload=row.payload,
        attempts=row.attempts,
        due_at=row.due_at,
    )
