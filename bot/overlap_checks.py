"""The outbox's look at the calendar after a booking was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from booking_core.errors import CalendarUnavailable, Refused
from booking_core.model.ids import Reference, StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.ports.outbox import OutboxItem
from booking_core.services.calendar_health import REFUSALS
from booking_core.services.overlaps import Finding, MovedByStaff, Overlap, OverlapCheck
from booking_core.services.tenants import TenantDirectory

# Ten minutes, as the worker tries again.
_LEAST_ATTEMPTS = 8
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class OverlapHandler:
    """Handles outbox rows of kind ``check_overlap``; what it finds is an alert for operators."""

    overlaps: OverlapCheck
    tenants: TenantDirectory

    async def __call__(self, item: OutboxItem) -> None:
        """Check one booking; raises what the calendar raises, to be tried again.

        So is what it refuses: a key may be on its way. When the appointment is near, staff are asked to look instead, and Refused is
        raised.
        """
        tenant = await self.tenants.tenant_of(item.tenant)
        reference = Reference(item.payload["reference"])
        late = [
            (StaffId(staff), Interval(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)))
            for staff, starts_at, ends_at in item.payload.get("late", ())
        ]
        try:
            found = await self.overlaps.check(tenant, reference, item.payload["sequence"], late)
        except REFUSALS as refusal:
            _log(tenant.id, reference).warning("check_refused", code=refusal.code, detail=str(refusal))
            if item.attempts < _LEAST_ATTEMPTS or not await self.overlaps.leave_to_staff(
                tenant, reference, late, cause=item.key
            ):
                raise CalendarUnavailable("the calendar does not let us look") from refusal
            raise Refused("staff are asked to look", status=_FORBIDDEN) from refusal
        for finding in found:
            _alert(tenant.id, reference, finding)


def _log(tenant: TenantId, booking: Reference) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)
    return logger.bind(tenant=tenant, booking=booking)


def _alert(tenant: TenantId, booking: Reference, finding: Finding) -> None:
    log = _log(tenant, booking)
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
