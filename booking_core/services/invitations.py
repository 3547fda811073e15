"""What a guest is told about a booking, and which iCalendar object it is; how it looks is left to mail and calendar files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.model.booking import Booking
from booking_core.model.service import Service
from booking_core.model.tenant import Tenant
from booking_core.services.notices import Notice


@dataclass(frozen=True, slots=True)
class Party:
    """Salon or guest; ``email`` None for a guest who left only a phone number."""

    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class InvitedSegment:
    """One piece of work as the guest experiences it, buffers left out; names in the guest's language."""

    name: str
    staff: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """One message about one booking.

    ``uid`` stays the same for the life of the booking and ``sequence`` rises with every change (RFC 5546, 2.1.4 and 2.1.5).
    ``stamp`` becomes DTSTAMP and Date, so that the same invitation is always the same bytes. ``move_until`` and ``cancel_until``
    are None where the time for it has passed. ``price`` is in EUR. ``cause`` tells messages apart that leave the sequence as it is.
    """

    kind: Notice
    uid: str
    sequence: int
    stamp: datetime
    reference: str
    language: str
    service: str
    segments: tuple[InvitedSegment, ...]
    zone: ZoneInfo
    guest_zone: ZoneInfo
    organizer: Party
    guest: Party
    location: str = ""
    phone: str = ""
    price: float | None = None
    move_until: datetime | None = None
    cancel_until: datetime | None = None
    cause: str | None = None

    @property
    def starts_at(self) -> datetime:
        """When the guest arrives."""
        return self.segments[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """When the guest leaves."""
        return self.segments[-1].ends_at

    def pause_after(self, index: int) -> tuple[datetime, datetime] | None:
        """From when until when the guest waits after a segment; None where the next one follows at once or there is none."""
        if index + 1 >= len(self.segments):
            return None
        begin, end = self.segments[index].ends_at, self.segments[index + 1].starts_at
        return (begin, end) if end > begin else None


def invitation_of(
    booking: Booking,
    tenant: Tenant,
    kind: Notice,
    *,
    domain: str | None = None,
    stamp: datetime | None = None,
    cause: str | None = None,
) -> Invitation:
    """The invitation for a booking as it stands.

    ``domain`` is the right side of the UID and must not change while the booking lives; by default it is made of the tenant's id.
    ``stamp`` is by default the booking's last change.
    """
    service = tenant.find_service(booking.service)
    language = booking.attendee.language
    stamped = stamp or booking.updated_at
    return Invitation(
        kind=kind,
        uid=f"{booking.hold or booking.reference}@{domain or f'{tenant.id}.fermata.invalid'}",
        sequence=booking.sequence,
        stamp=stamped,
        reference=booking.reference,
        language=language,
        service=service.name.to(language) if service else booking.service,
        segments=_segments(booking, tenant, service, language),
        zone=tenant.zone,
        guest_zone=_zone(booking.attendee.time_zone) or tenant.zone,
        organizer=Party(tenant.name, tenant.email or None),
        guest=Party(booking.attendee.name, booking.attendee.email),
        location=tenant.address,
        phone=tenant.phone,
        price=service.price if service else None,
        move_until=_deadline(booking, tenant.policies.reschedule_hours, stamped),
        cancel_until=_deadline(booking, tenant.policies.cancel_hours, stamped),
        cause=cause,
    )


def _segments(
    booking: Booking, tenant: Tenant, service: Service | None, language: str
) -> tuple[InvitedSegment, ...]:
    def name(index: int) -> str:
        # The service may have lost a segment, or gone altogether, since this was booked.
        if service is None:
            return booking.service
        return (
            service.segment_name(index, language) if index < len(service.segments) else service.name.to(language)
        )

    return tuple(
        InvitedSegment(
            name=name(placement.segment),
            staff=tenant.staff_name(placement.staff),
            starts_at=placement.starts_at,
            ends_at=placement.ends_at,
        )
        for placement in booking.plan.placements
    )


def _deadline(booking: Booking, hours: int, stamp: datetime) -> datetime | None:
    until = booking.starts_at - timedelta(hours=hours)
    return until if until > stamp else None


def _zone(name: str | None) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, or no name of a zone at all
        return None
