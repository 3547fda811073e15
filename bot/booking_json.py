"""A booking as clients of the chat and of the API read it."""

from __future__ import annotations

from typing import Any

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.tenant import Tenant

_STATUS = {
    BookingStatus.COMMITTING: "pending",
    BookingStatus.PENDING: "pending",
    BookingStatus.CONFIRMED: "confirmed",
    BookingStatus.COMPENSATING: "cancelled",
    BookingStatus.FAILED: "cancelled",
    BookingStatus.CANCELLED: "cancelled",
}


def booking_json(booking: Booking, tenant: Tenant, language: str) -> dict[str, Any]:
    """``{"reference","status","service","service_name","start","end","segments"}`` with ISO times in the tenant's zone."""
    service = tenant.find_service(booking.service)
    return {
        "reference": booking.reference,
        "status": _STATUS[booking.status],
        "service": booking.service,
        "service_name": service.name.to(language) if service else booking.service,
        "start": booking.starts_at.astimezone(tenant.zone).isoformat(),
        "end": booking.ends_at.astimezone(tenant.zone).isoformat(),
        "segments": [
            {
                "name": service.segment_name(placement.segment, language) if service else booking.service,
                "staff": placement.staff,
                "start": placement.starts_at.astimezone(tenant.zone).isoformat(),
                "end": placement.ends_at.astimezone(tenant.zone).isoformat(),
            }
            for placement in booking.plan.placements
        ],
    }
