"""Claims: who owns which tick of which resource. The database refuses an overlap, whatever else goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan

HOLDS_PER_CONTACT = 4
"""How many times one guest may keep from others without booking them: one in each of so many conversations."""


class Claims(Protocol):
    """All writes happen in the caller's unit of work. An expired claim counts as free everywhere.

    ``seats`` maps a resource to its capacity; a resource that is not in it has one seat.
    """

    async def hold(
        self,
        hold: Hold,
        *,
        contact: str | None,
        seats: Mapping[ResourceId, int],
        now: datetime,
        shared_with: str | None = None,
        at_most: int = HOLDS_PER_CONTACT,
    ) -> None:
        """Claim the union of the hold's plans until it expires, in place of what its conversation held before.

        All or nothing: raises SlotTaken where any tick has no seat left, and the old hold then stands if the caller rolls back.
        Ticks that ``shared_with`` (the booking to be moved) owns already need no claim.
        ``contact`` (a digest) has ``at_most`` so many live holds, whatever happens at the same moment: raises TooManyHolds and
        changes nothing where other conversations have them already. A guest not known yet (None) is not counted.
        """
        ...

    async def find_hold(self, tenant: TenantId, conversation: ConversationId, *, now: datetime) -> Hold | None:
        """The conversation's live hold."""
        ...

    async def count_holds(
        self, tenant: TenantId, contact: str, *, now: datetime, not_conversation: ConversationId | None = None
    ) -> int:
        """Live holds with this contact digest; that of ``not_conversation`` is left out."""
        ...

    async def release_hold(self, tenant: TenantId, conversation: ConversationId) -> None:
        """Give back whatever the conversation holds; nothing held is fine."""
        ...

    async def commit(
        self,
        tenant: TenantId,
        hold: HoldId,
        plan: Plan,
        *,
        owner: str,
        now: datetime,
    ) -> None:
        """Turn one plan of a live hold into lasting claims of ``owner`` (a booking reference) and give the rest back.

        Raises HoldExpired where the hold is gone or has run out.
        """
        ...

    async def claim(
        self,
        tenant: TenantId,
        needs: Iterable[tuple[ResourceId, int]],
        *,
        owner: str,
        seats: Mapping[ResourceId, int],
        now: datetime,
    ) -> None:
        """Add lasting claims for ``owner``; ticks it already owns are kept. Raises SlotTaken, all or nothing."""
        ...

    async def release(self, tenant: TenantId, *, owner: str, keep: Iterable[tuple[ResourceId, int]] = ()) -> None:
        """Give back the lasting claims of ``owner`` except those in ``keep``."""
        ...

    async def full_bits(
        self,
        tenant: TenantId,
        resources: Sequence[ResourceId],
        window: Interval,
        *,
        seats: Mapping[ResourceId, int],
        now: datetime,
        not_conversation: ConversationId | None = None,
        not_owner: str | None = None,
    ) -> Mapping[ResourceId, int]:
        """Ticks with no seat left, by resource, as bitmaps whose bit 0 is the first tick of the window.

        Claims of the asking conversation or booking are left out.
        """
        ...
