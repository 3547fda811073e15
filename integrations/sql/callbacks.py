"""Requests to call a guest, on SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ConversationId, Reference, TenantId
from integrations.sql.tables import callbacks
from integrations.sql.transaction import Transaction, insert_or_nothing


class SqlCallbacks:
    """Implements ``booking_core.ports.callbacks.Callbacks``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def add(self, callback: Callback) -> None:
        """Write a request; the same key again is no second one."""
        await self._tx.execute(
            insert_or_nothing(callbacks, self._tx.postgres),
            {
                "tenant": callback.tenant,
                "key": callback.key,
                "reason": callback.reason.value,
                "booking": callback.booking,
                "conversation": callback.conversation,
                "name": callback.name,
                "phone": callback.phone,
                "created_at": callback.created_at,
                "deadline": callback.deadline,
                "done_at": callback.done_at,
            },
        )

    async def list_open(self, tenant: TenantId) -> Sequence[Callback]:
        """What nobody has done yet, by deadline."""
        result = await self._tx.execute(
            select(callbacks)
            .where(callbacks.c.tenant == tenant, callbacks.c.done_at.is_(None))
            .order_by(callbacks.c.deadline, callbacks.c.key)
        )
        return [_callback_of(row) for row in result]

    async def count_open(self) -> int:
        """How many of all tenants nobody has done yet."""
        waiting = select(func.count()).select_from(callbacks).where(callbacks.c.done_at.is_(None))
        return int((await self._tx.execute(waiting)).scalar_one())

    async def done(self, tenant: TenantId, key: str, *, now: datetime) -> bool:
        """A person has seen to it; False for an unknown or finished key."""
        result = await self._tx.execute(
            update(callbacks)
            .where(callbacks.c.tenant == tenant, callbacks.c.key == key, callbacks.c.done_at.is_(None))
            .values(done_at=now)
        )
        return result.rowcount == 1


def _callback_of(row: Row[Any]) -> Callback:
    return Callback(
        tenant=TenantId(row.tenant),
        key=row.key,
        reason=CallbackReason(row.reason),
        created_at=row.created_at,
        deadline=row.deadline,
        booking=None if row.booking is None else Reference(row.booking),
        conversation=None if row.conversation is None else ConversationId(row.conversation),
        name=row.name,
        phone=row.phone,
        done_at=row.done_at,
    )
