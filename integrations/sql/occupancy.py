"""Reading which ticks have no seat left. Only this module would change if a derived bitmap per day were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from booking_core.model.ids import ConversationId, ResourceId, TenantId
from booking_core.model.interval import Interval
from integrations.sql.tables import claims
from integrations.sql.transaction import Transaction


async def full_ticks(
    transaction: Transaction,
    tenant: TenantId,
    resources: Sequence[ResourceId],
    window: Interval,
    *,
    seats: Mapping[ResourceId, int],
    now: datetime,
    not_conversation: ConversationId | None,
    not_owner: str | None,
) -> Mapping[ResourceId, frozenset[int]]:
    """Ticks with no seat left, by resource; reads one range of the key per resource."""
    ticks = window.ticks()
    full: dict[ResourceId, set[int]] = {resource: set() for resource in resources}
    if not full or not ticks:
        return {resource: frozenset() for resource in full}
    conditions = [
        claims.c.tenant == tenant,
        claims.c.resource.in_(list(full)),
        claims.c.tick >= ticks.start,
        claims.c.tick < ticks.stop,
        or_(claims.c.expires_at.is_(None), claims.c.expires_at > now),
    ]
    if not_conversation is not None:
        conditions.append(or_(claims.c.conversation.is_(None), claims.c.conversation != not_conversation))
    if not_owner is not None:
        conditions.append(or_(claims.c.owner.is_(None), claims.c.owner != not_owner))
    rows = await transaction.execute(
        select(claims.c.resource, claims.c.tick, func.count().label("taken"))
        .where(*conditions)
        .group_by(claims.c.resource, claims.c.tick)
    )
    for row in rows:
        if row.taken >= seats.get(row.resource, 1):
            full[row.resource].add(row.tick)
    return {resource: frozenset(taken) for resource, taken in full.items()}
