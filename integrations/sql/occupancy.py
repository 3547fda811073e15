"""Reading which ticks have no seat left: bitmaps of what lasts, and single ticks only of what is held at the moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Executable, bindparam, literal_column, or_, select, union_all

from booking_core.availability.ticks import full_of
from booking_core.model.ids import ConversationId, ResourceId, TenantId
from booking_core.model.interval import Interval
from integrations.sql.claim_bits import TICKS_A_DAY, bits_of_parts, days_of_ticks
from integrations.sql.columns import Instant
from integrations.sql.tables import CLAIM_DAY_PARTS, claim_days, claims
from integrations.sql.transaction import Transaction

_DAY, _HELD, _OWN = range(3)
_NOTHING = [literal_column("0", BigInteger).label(f"bits_{part}") for part in range(CLAIM_DAY_PARTS)]


async def full_bits(
    transaction: Transaction,
    tenant: TenantId,
    resources: Sequence[ResourceId],
    window: Interval,
    *,
    seats: Mapping[ResourceId, int],
    now: datetime,
    not_conversation: ConversationId | None,
    not_owner: str | None,
) -> Mapping[ResourceId, int]:
    """Ticks with no seat left, by resource, as bitmaps whose bit 0 is the first tick of the window.

    An expired hold counts for nothing, which no bitmap could know; a few holds are read as they stand.
    """
    ticks = window.ticks()
    if not resources or not ticks:
        return dict.fromkeys(resources, 0)
    days = days_of_ticks(ticks)
    rows: Iterable[Sequence[Any]] = await transaction.execute(
        _taken(not_conversation is not None, not_owner is not None),
        {
            "of_tenant": tenant,
            "of_resources": list(dict.fromkeys(resources)),
            "first_day": days.start,
            "beyond_day": days.stop,
            "first": ticks.start,
            "beyond": ticks.stop,
            "now": now,
            "asking": not_conversation,
            "moving": not_owner,
        },
    )
    taken: dict[ResourceId, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    own: list[tuple[ResourceId, int, int]] = []
    base = days.start * TICKS_A_DAY
    for kind, resource, seat, at, *parts in rows:
        if kind == _DAY:
            taken[resource][seat] |= bits_of_parts(parts) << at * TICKS_A_DAY - base
        elif kind == _HELD:
            taken[resource][seat] |= 1 << at - base
        else:
            own.append((resource, seat, 1 << at - base))
    for resource, seat, bit in own:
        taken[resource][seat] &= ~bit
    inside = (1 << len(ticks)) - 1
    return {
        resource: full_of(taken[resource].values(), seats.get(resource, 1)) >> ticks.start - base & inside
        for resource in resources
    }


@lru_cache(maxsize=4)
def _taken(without_conversation: bool, without_owner: bool) -> Executable:
    """Days of lasting claims, live holds and the claims of ``moving``, in one statement; names of binds are those above."""
    parts = [claim_days.c[f"bits_{part}"] for part in range(CLAIM_DAY_PARTS)]
    lasting = select(
        literal_column(str(_DAY)).label("kind"), claim_days.c.resource, claim_days.c.seat, claim_days.c.day, *parts
    ).where(
        claim_days.c.tenant == bindparam("of_tenant"),
        claim_days.c.resource.in_(bindparam("of_resources", expanding=True)),
        claim_days.c.day >= bindparam("first_day"),
        claim_days.c.day < bindparam("beyond_day"),
    )
    on_window = (
        claims.c.tenant == bindparam("of_tenant"),
        claims.c.resource.in_(bindparam("of_resources", expanding=True)),
        claims.c.tick >= bindparam("first"),
        claims.c.tick < bindparam("beyond"),
    )
    held = select(literal_column(str(_HELD)), claims.c.resource, claims.c.seat, claims.c.tick, *_NOTHING).where(
        *on_window, claims.c.expires_at > bindparam("now", type_=Instant)
    )
    if without_conversation:
        held = held.where(or_(claims.c.conversation.is_(None), claims.c.conversation != bindparam("asking")))
    selects = [lasting, held]
    if without_owner:
        selects.append(
            select(literal_column(str(_OWN)), claims.c.resource, claims.c.seat, claims.c.tick, *_NOTHING).where(
                *on_window, claims.c.owner == bindparam("moving")
            )
        )
    return union_all(*selects)
