"""The outbox's look at the calendar after a booking was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from booking_core.model.ids import Reference, StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.outbox import OutboxItem
from booking_core.services.overlaps import Finding, MovedByStaff, Overlap, OverlapCheck
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
        for finding in await self.overlaps.check(tenant, reference, item.payload["sequence"], late):
            _alert(tenant.id, reference, finding)


def _alert(tenant: TenantId, booking: Reference, finding: Finding) -> None:
    log = structlog.stdlib.get_logger(__name__).bind(tenant=tenant, booking=booking)
    match finding:
        case Overlap(staff, foreign, ours_first):
            log.error("foreign_overlap", staff=staff, entry=foreign.entry_id, ours_first=ours_first)
        case MovedByStaff(segment, entry, moved_from, moved_to):
            log.warning(
                "moved_by_staff",
                staff=entry.staff,
                segment=segment,
                entry=entry.entry_id,
                moved_from=moved_from.isoformat(),
                moved_to=moved_to.isoformat(),
            )
