"""A booking as clients of the chat and of the API read it; what the chat gets never holds the guest's data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
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


def full_booking_json(booking: Booking, tenant: Tenant, language: str) -> dict[str, Any]:
    """``booking_json`` with ``attendee``, ``note``, ``source`` (the door it came through) and ``history``, for the tenant itself."""
    attendee = booking.attendee
    return {
        **booking_json(booking, tenant, language),
        "attendee": {
            "name": attendee.name,
            "email": attendee.email,
            "phone": attendee.phone,
            "language": attendee.language,
        },
        "note": booking.note,
        "source": booking.door,
        "created_at": booking.created_at.astimezone(tenant.zone).isoformat(timespec="seconds"),
        "history": [_history_json(entry, tenant) for entry in booking.history],
    }


def _history_json(entry: HistoryEntry, tenant: Tenant) -> dict[str, Any]:
    told: dict[str, Any] = {
        "at": entry.at.astimezone(tenant.zone).isoformat(timespec="seconds"),
        "event": entry.event,
        "by": entry.actor,
        "source": entry.door,
    }
    for name in ("from", "to"):
        if name in entry.data:
            told[name] = datetime.fromisoformat(entry.data[name]).astimezone(tenant.zone).isoformat()
    for name in ("change", "reason"):
        if entry.data.get(name):
            told[name] = entry.data[name]
    return told
