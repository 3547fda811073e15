"""Taken time as a reader counts it: sets of ticks instead of bitmaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from booking_core.availability.ticks import ticks_in
from booking_core.model.ids import ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.claims import Claims


async def full_ticks(
    claims: Claims,
    tenant: TenantId,
    resources: Sequence[ResourceId],
    window: Interval,
    *,
    seats: Mapping[ResourceId, int],
    now: datetime,
    **but: Any,
) -> dict[ResourceId, frozenset[int]]:
    """``Claims.full_bits`` as sets of absolute ticks."""
    full = await claims.full_bits(tenant, resources, window, seats=seats, now=now, **but)
    first = window.ticks().start
    return {resource: frozenset(ticks_in(bits, first)) for resource, bits in full.items()}
