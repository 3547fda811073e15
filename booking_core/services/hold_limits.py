"""How much of the calendar one guest may keep from others without booking it.

A conversation has one hold, since each takes the place of the last (`Claims.hold`); a contact may have several conversations.
"""

from __future__ import annotations

from datetime import datetime

from booking_core.model.ids import ConversationId, TenantId
from booking_core.ports.unit_of_work import Database

HOLDS_PER_CONTACT = 4


async def may_hold(
    database: Database, tenant: TenantId, conversation: ConversationId, contact: str | None, *, now: datetime
) -> bool:
    """Whether this conversation may hold a time for a contact (a digest); a guest not known yet may.

    What the conversation itself holds does not count, because a new hold replaces it.
    """
    if contact is None:
        return True
    async with database.read() as work:
        others = await work.claims.count_holds(tenant, contact, now=now, not_conversation=conversation)
    return others < HOLDS_PER_CONTACT
