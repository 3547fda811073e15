"""Where the journal of changes is kept; who works on one holds its lease. Leases are real time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from booking_core.model.ids import Reference, TenantId
from booking_core.model.saga import Saga


class Sagas(Protocol):
    """All writes happen in the caller's unit of work."""

    async def add(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Open a saga, leased by ``owner``. Raises Conflict where the booking has an open one already."""
        ...

    async def save(self, saga: Saga, *, owner: str, until: datetime) -> None:
        """Replace an open saga and prolong its lease. Raises LeaseLost where ``owner`` does not hold it any more."""
        ...

    async def close(self, saga: Saga, *, owner: str) -> None:
        """Replace an open saga for the last time; nobody takes it again. Raises LeaseLost as ``save`` does."""
        ...

    async def release(self, saga: Saga, *, owner: str, due_at: datetime) -> None:
        """Replace an open saga and give its lease back; it is due again at ``due_at``, and until then whoever wants may take it.

        Raises LeaseLost as ``save`` does.
        """
        ...

    async def take(
        self, tenant: TenantId, saga: str, *, owner: str, now: datetime, until: datetime
    ) -> Saga | None:
        """Lease an open saga that nobody has or whose lease has run out, one attempt more on its count.

        None where it is closed or in somebody's hands.
        """
        ...

    async def find_open(self, tenant: TenantId, booking: Reference) -> Saga | None:
        """The open saga of a booking, whoever has its lease."""
        ...

    async def list_due(self, *, now: datetime, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Tenant and id of open sagas that are due, their lease given back or run out; the longest due first."""
        ...

    async def postpone(self, tenant: TenantId, saga: str, *, now: datetime, due_at: datetime) -> None:
        """Have an open saga that is due at ``now`` wait until ``due_at``; until then whoever wants may take it."""
        ...
