"""A booking as version 2024-08-13 answers it: ordinary, seated or one of a series."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.calcom.sandbox import event_type_rows
from integrations.calcom.sandbox.accounts import User, get_user
from integrations.calcom.sandbox.booking_rows import Booking
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import iso_utc


def render(db: Db, booking: Booking, *, created: bool = False) -> JsonObject:
    """The JSON of one booking; answers to create and reschedule carry one field more."""
    return render_all(db, [booking], created=created)[0]


def render_all(db: Db, bookings: Sequence[Booking], *, created: bool = False) -> list[JsonObject]:
    """The JSON of several bookings, reading each host and event type once."""
    hosts: dict[int, User] = {}
    slugs: dict[int, str | None] = {}
    rendered: list[JsonObject] = []
    for booking in bookings:
        host = hosts.get(booking.user_id) or get_user(db, booking.user_id)
        hosts[booking.user_id] = host
        type_id = booking.event_type_id
        if type_id is not None and type_id not in slugs:
            event_type = event_type_rows.find(db, type_id)
            slugs[type_id] = event_type.slug if event_type else None
        rendered.append(shape(booking, host, slugs.get(type_id) if type_id is not None else None))
    if created:
        for body in rendered:
            body["isPlatformManagedUserBooking"] = False
    return rendered


def shape(booking: Booking, host: User, slug: str | None) -> JsonObject:
    """The JSON of one booking with its host and the slug of its event type."""
    body: JsonObject = {
        "id": booking.id,
        "uid": booking.uid,
        "title": booking.title,
        "description": booking.description,
        "hosts": [
            {
                "id": host.id,
                "name": host.name,
                "email": host.email,
                "displayEmail": host.email,
                "username": host.username,
                "timeZone": host.time_zone,
            }
        ],
        "status": booking.status,
        "cancellationReason": booking.cancellation_reason,
    }
    if not booking.seated:
        body["cancelledByEmail"] = ""
    if booking.rescheduling_reason:
        body["reschedulingReason"] = booking.rescheduling_reason
    if booking.recurring_uid is None:
        body["rescheduledByEmail"] = booking.rescheduled_by
    if booking.rescheduled_from:
        body["rescheduledFromUid"] = booking.rescheduled_from
    if booking.rescheduled_to:
        body["rescheduledToUid"] = booking.rescheduled_to
    body |= {
        "start": iso_utc(booking.start),
        "end": iso_utc(booking.end),
        "duration": booking.duration,
        "eventTypeId": booking.event_type_id,
        "eventType": None if booking.event_type_id is None else {"id": booking.event_type_id, "slug": slug},
        "meetingUrl": booking.location,
        "location": booking.location,
        "absentHost": booking.absent_host,
        "createdAt": iso_utc(booking.created_at),
        "updatedAt": iso_utc(booking.updated_at),
    }
    if not booking.seated:
        body["metadata"] = booking.metadata
    body |= {"rating": None, "icsUid": booking.ics_uid, "attendees": booking.attendees}
    if booking.guests:
        body["guests"] = booking.guests
    if not booking.seated:
        body["bookingFieldsResponses"] = booking.responses
    if booking.recurring_uid is not None:
        body["recurringBookingUid"] = booking.recurring_uid
    return body
