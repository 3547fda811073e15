"""Work to be done after a transaction, written inside it; the table is the truth, a queue only hurries it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from booking_core.model.ids import TenantId

RENDERED = "message"
"""In a payload: what was made for the guest, such as the bytes of a mail. It is dropped when the work is done."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One piece of work; ``kind`` names the handler, ``key`` is unique so that the same work is never written twice.

    ``attempts`` counts the leases of the row, so that it tells one lease from any other.
    """

    id: int
    tenant: TenantId
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    due_at: datetime


class Outbox(Protocol):
    """Rows are taken by lease; a worker that dies gives them back when the lease runs out.

    Work is due by business time; a lease runs by real time, so that setting the business clock takes no row out of a worker's
    hands. Whoever reports on a row shows the item as it was leased: once the row has been leased anew, or is settled, nothing
    is changed and the answer is False.
    """

    async def add(
        self, tenant: TenantId, kind: str, key: str, payload: Mapping[str, Any], *, due_at: datetime
    ) -> None:
        """Write work; the same key again is no work."""
        ...

    async def lease(
        self,
        *,
        now: datetime,
        real: datetime,
        until: datetime,
        limit: int,
        kinds: Collection[str] | None = None,
    ) -> Sequence[OutboxItem]:
        """Take rows due at ``now`` (business time) that nobody holds at ``real``, to hold them ``until`` (both real time).

        The longest due come first; each counts as one more attempt. ``kinds`` None takes every kind.
        """
        ...

    async def amend(self, item: OutboxItem, payload: Mapping[str, Any]) -> bool:
        """Replace the payload of a leased row (e.g. keep a built message before sending it)."""
        ...

    async def done(self, item: OutboxItem, *, now: datetime) -> bool:
        """Finish a row for good; of its payload stays what ``without_rendered`` leaves."""
        ...

    async def retry(self, item: OutboxItem, *, due_at: datetime, error: str) -> bool:
        """Give a row back to be tried later; ``error`` must not hold guest data."""
        ...

    async def bury(self, item: OutboxItem, *, now: datetime, error: str) -> bool:
        """Give up: the row becomes a dead letter that operators see."""
        ...

    async def revive(self, tenant: TenantId, item: int | None = None) -> int:
        """Put a dead letter of the tenant back to be tried at once, all of them for None; how many there were."""
        ...

    async def dead_letters(self, tenant: TenantId) -> Sequence[OutboxItem]:
        """What was given up, newest first."""
        ...

    async def depth(self) -> int:
        """Rows of all tenants that are not finished, dead letters left out."""
        ...


def without_rendered(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What may be kept of work that is done."""
    return {name: value for name, value in payload.items() if name != RENDERED}
