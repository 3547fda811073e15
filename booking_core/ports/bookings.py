"""Where bookings are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, HoldId, Reference, TenantId


class Bookings(Protocol):
    """All reads are scoped to a tenant."""

    async def add(self, booking: Booking) -> None:
        """Insert; raises Conflict where the reference or the hold is already used."""
        ...

    async def save(self, booking: Booking) -> None:
        """Replace the stored booking; history only grows."""
        ...

    async def find(self, tenant: TenantId, reference: Reference) -> Booking | None:
        """The booking of this reference."""
        ...

    async def find_by_hold(self, tenant: TenantId, hold: HoldId) -> Booking | None:
        """The booking made from this hold, whatever its status: the second yes finds the first one's booking."""
        ...

    async def list_by_conversation(self, tenant: TenantId, conversation: ConversationId) -> Sequence[Booking]:
        """Bookings of a conversation, by start."""
        ...

    async def list_between(
        self, tenant: TenantId, starts_from: datetime, starts_before: datetime
    ) -> Sequence[Booking]:
        """Bookings of a tenant whose start lies in the window, by start."""
        ...
