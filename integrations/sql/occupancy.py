"""Reading which ticks have no seat left. Only this module would change if a derived bitmap per day were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, bindparam, func, or_, select

from booking_core.model.ids import ConversationId, ResourceId, TenantId
from booking_core.model.interval import Interval
from integrations.sql.columns import Instant
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
    rows = await transaction.execute(
        _taken(not_conversation is not None, not_owner is not None),
        {
            "of_tenant": tenant,
            "of_resources": list(full),
            "first": ticks.start,
            "beyond": ticks.stop,
            "now": now,
            "asking": not_conversation,
            "moving": not_owner,
        },
    )
    for row in rows:
        if row.taken >= seats.get(row.resource, 1):
            full[row.resource].add(row.tick)
    return {resource: frozenset(taken) for resource, taken in full.items()}


@lru_cache(maxsize=4)
def _taken(without_conversation: bool, without_owner: bool) -> Executable:
    """How many seats are taken by resource and tick; names of binds are those in ``full_ticks``."""
    conditions = [
        claims.c.tenant == bindparam("of_tenant"),
        claims.c.resource.in_(bindparam("of_resources", expanding=True)),
        claims.c.tick >= bindparam("first"),
        claims.c.tick < bindparam("beyond"),
        or_(claims.c.expires_at.is_(None), claims.c.expires_at > bindparam("now", type_=Instant)),
    ]
    if without_conversation:
        conditions.append(or_(claims.c.conversation.is_(None), claims.c.conversation != bindparam("asking")))
    if without_owner:
        conditions.append(or_(claims.c.owner.is_(None), claims.c.owner != bindparam("moving")))
    return (
        select(claims.c.resource, claims.c.tick, func.count().label("taken"))
        .where(*conditions)
        .group_by(claims.c.resource, claims.c.tick)
    )
