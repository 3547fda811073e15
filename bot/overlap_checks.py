"""The outbox's look at the calendar after a booking was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from booking_core.model.ids import Reference, StaffId
from booking_core.model.interval import Interval
from booking_core.ports.outbox import OutboxItem
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.tenants import TenantDirectory


@dataclass(frozen=True, slots=True)
class OverlapHandler:
    """Handles outbox rows of kind ``check_overlap``; what it finds is an alert for operators."""

    overlaps: OverlapCheck
    tenants: TenantDirectory

    async def __call__(self, item: OutboxItem) -> None:
        """Check one booking; raises what the calendar raises, to be tried again."""
        tenant = await self.tenants.tenant_of(item.tenant)
        reference = Reference(item.payload["reference"])
        late = [
            (StaffId(staff), Interval(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)))
            for staff, starts_at, ends_at in item.payload.get("late", ())
        ]
        for overlap in await self.overlaps.check(tenant, reference, item.payload["sequence"], late):
            structlog.stdlib.get_logger(__name__).error(
                "foreign_overlap",
                tenant=tenant.id,
                booking=reference,
                staff=overlap.staff,
                entry=overlap.foreign.entry_id,
                ours_first=overlap.ours_first,
            )
