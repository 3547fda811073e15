"""Work to be done after a transaction, written inside it; the table is the truth, a queue only hurries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from booking_core.model.ids import TenantId


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One piece of work; ``kind`` names the handler, ``key`` is unique so that the same work is never written twice."""

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
    hands.
    """

    async def add(
        self, tenant: TenantId, kind: str, key: str, payload: Mapping[str, Any], *, due_at: datetime
    ) -> None:
        """Write work; the same key again is no work."""
        ...

    async def lease(self, *, now: datetime, real: datetime, until: datetime, limit: int) -> Sequence[OutboxItem]:
        """Take rows due at ``now`` (business time) that nobody holds at ``real``, to hold them ``until`` (both real time).

        The longest due come first; each counts as one more attempt.
        """
        ...

    async def amend(self, item: int, payload: Mapping[str, Any]) -> None:
        """Replace the payload of a leased row (e.g. keep a built message before sending it)."""
        ...

    async def done(self, item: int, *, now: datetime) -> bool:
        """Finish a row for good; whether it was still open."""
        ...

    async def retry(self, item: int, *, due_at: datetime, error: str) -> None:
        """Give a row back to be tried later; ``error`` must not hold guest data."""
        ...

    async def bury(self, item: int, *, now: datetime, error: str) -> None:
        """Give up: the row becomes a dead letter that operators see."""
        ...

    async def dead_letters(self, tenant: TenantId) -> Sequence[OutboxItem]:
        """What was given up, newest first."""
        ...

    async def depth(self) -> int:
        """Rows of all tenants that are not finished, dead letters left out."""
        ...
