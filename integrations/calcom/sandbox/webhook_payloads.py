"""The bodies of booking webhooks, field by field as the real server sends them for each trigger."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.calcom.sandbox.accounts import User
from integrations.calcom.sandbox.booking_input import VIDEO
from integrations.calcom.sandbox.booking_rows import Booking
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.event_type_rows import BOOKER_URL, EventType, field_slug
from integrations.calcom.sandbox.times import from_ms, get_zone, iso_utc, iso_utc_seconds

CREATED, REQUESTED, RESCHEDULED = "BOOKING_CREATED", "BOOKING_REQUESTED", "BOOKING_RESCHEDULED"
CANCELLED, REJECTED, NO_SHOW = "BOOKING_CANCELLED", "BOOKING_REJECTED", "BOOKING_NO_SHOW_UPDATED"

_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_FREQUENCIES = {"yearly": 0, "monthly": 1, "weekly": 2, "daily": 3}
_LABELS = (
    ("name", "your_name", False),
    ("email", "email_address", False),
    ("location", "location", False),
    ("title", "what_is_this_meeting_about", True),
    ("notes", "additional_notes", False),
    ("guests", "additional_guests", False),
    ("rescheduleReason", "reason_for_reschedule", False),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The booking an event is about, with its host, event type (None when deleted) and predecessor.

    `confirmed` marks a request that became a booking: BOOKING_CREATED then has other fields.
    """

    booking: Booking
    host: User
    event_type: EventType | None
    previous: Booking | None = None
    confirmed: bool = False


def payload(trigger: str, subject: Subject) -> JsonObject:
    """The `payload` object of a trigger."""
    builders: dict[str, Callable[[Subject], JsonObject]] = {
        CREATED: _created,
        REQUESTED: _requested,
        RESCHEDULED: _rescheduled,
        CANCELLED: _cancelled,
        REJECTED: _rejected,
        NO_SHOW: _no_show,
    }
    return builders[trigger](subject)


def body(trigger: str, created_at: int, content: JsonObject, template: str | None) -> bytes:
    """The bytes to send: the envelope, or the subscriber's template filled in.

    A template that no longer is JSON once filled (a quote in a name) is sent as the word `false`.
    """
    if template is None:
        envelope = {"triggerEvent": trigger, "createdAt": iso_utc(created_at), "payload": content}
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    values = {"triggerEvent": trigger, "createdAt": iso_utc(created_at), **content}
    filled = _PLACEHOLDER.sub(lambda found: _text(_look_up(values, found[1])), template)
    try:
        return json.dumps(json.loads(filled), ensure_ascii=False, separators=(",", ":")).encode()
    except ValueError:
        return b"false"


def _created(subject: Subject) -> JsonObject:
    if subject.confirmed:
        return _judged(subject) | {"status": "ACCEPTED", "metadata": dict(subject.booking.metadata)}
    told = _fresh(subject, iso_utc_seconds) | {"iCalUID": subject.booking.ics_uid, "status": "ACCEPTED"}
    series = subject.event_type.get("recurrence") if subject.event_type else None
    if series and not series.get("disabled"):
        told["recurringEvent"] = {
            "freq": _FREQUENCIES[series["frequency"]],
            "count": series["occurrences"],
            "interval": series["interval"],
        }
    seat = subject.booking.attendees[0].get("seatUid") if subject.booking.attendees else None
    if seat:
        told["attendeeSeatId"] = seat
    if subject.booking.location == VIDEO:
        told["conferenceData"] = {"createRequest": {"requestId": str(uuid.uuid4())}}
        told["appsStatus"] = [
            {"appName": "Cal Video", "type": "daily_video", "success": 1, "failures": 0, "errors": []}
        ]
    return told


def _rescheduled(subject: Subject) -> JsonObject:
    old, by = subject.previous, subject.booking.rescheduled_by
    told = _fresh(subject, iso_utc_seconds) | {"appsStatus": [], "status": "ACCEPTED"}
    if by is not None:
        told["rescheduledBy"] = by
    if old is not None:
        told |= {
            "rescheduleId": old.id,
            "rescheduleUid": old.uid,
            "rescheduleStartTime": iso_utc_seconds(old.start),
            "rescheduleEndTime": iso_utc_seconds(old.end),
        }
    return told


def _requested(subject: Subject) -> JsonObject:
    people = []
    for attendee in _stored_attendees(subject.booking):
        first, _, last = str(attendee["name"]).partition(" ")
        people.append(attendee | {"bookingSeat": None, "firstName": first, "lastName": last})
    return _fresh(subject, iso_utc) | {
        "attendees": people,
        "responses": _stored_responses(subject),
        "iCalUID": subject.booking.ics_uid,
        "requiresConfirmation": True,
        "oneTimePassword": str(uuid.uuid4()),
        "organizationId": None,
        "assignmentReason": [],
        "platformClientId": "",
        "platformRescheduleUrl": "",
        "platformCancelUrl": "",
        "platformBookingUrl": "",
        "status": "PENDING",
    }


def _cancelled(subject: Subject) -> JsonObject:
    told = _common(subject, lambda ms: from_ms(ms).isoformat(timespec="seconds")) | {
        "destinationCalendar": [],
        "seatsShowAttendees": False,
        "schedulingType": None,
        "iCalUID": subject.booking.ics_uid,
        "iCalSequence": subject.booking.ics_sequence,
        "requiresConfirmation": True if subject.event_type and subject.event_type.needs_confirmation else None,
        "price": None,
        "status": "CANCELLED",
        "requestReschedule": False,
    }
    if subject.booking.cancellation_reason:
        told["cancellationReason"] = subject.booking.cancellation_reason
    return told


def _rejected(subject: Subject) -> JsonObject:
    return _judged(subject) | {"rejectionReason": subject.booking.rejection_reason, "status": "REJECTED"}


def _no_show(subject: Subject) -> JsonObject:
    marked = subject.booking.attendees
    names = " and ".join(str(attendee["email"]) for attendee in marked if attendee["absent"])
    return {
        "message": f"{names} marked as no-show",
        "attendees": [{"email": attendee["email"], "noShow": attendee["absent"]} for attendee in marked],
        "bookingUid": subject.booking.uid,
        "bookingId": subject.booking.id,
    }


def _fresh(subject: Subject, write: Callable[[int], str]) -> JsonObject:
    """A booking that was just made: written from the request."""
    return _common(subject, write) | {
        "attendees": [_fresh_attendee(attendee, subject.booking.start) for attendee in subject.booking.attendees],
        "responses": _fresh_responses(subject),
        "hideCalendarNotes": False,
        "hideCalendarEventDetails": False,
        "schedulingType": None,
        "seatsShowAttendees": True,
        "seatsShowAvailabilityCount": True,
        "disableRescheduling": _is_disabled(subject, "disableRescheduling"),
        "disableCancelling": _is_disabled(subject, "disableCancelling"),
        "destinationCalendar": None,
        "iCalSequence": subject.booking.ics_sequence,
        "requiresConfirmation": False,
        "oneTimePassword": None,
        "hashedLink": None,
        "metadata": _metadata(subject.booking),
    }


def _judged(subject: Subject) -> JsonObject:
    """A request the host confirmed or declined: written from the database."""
    return _common(subject, iso_utc) | {
        "destinationCalendar": [],
        "requiresConfirmation": True,
        "hideCalendarNotes": False,
        "hideCalendarEventDetails": False,
        "seatsShowAttendees": False,
        "disableCancelling": False,
        "disableRescheduling": False,
        "organizationId": None,
        "assignmentReason": None,
    }


def _common(subject: Subject, write: Callable[[int], str]) -> JsonObject:
    booking, host, event_type = subject.booking, subject.host, subject.event_type
    description = event_type.get("description") if event_type else ""
    return {
        "bookerUrl": BOOKER_URL,
        "title": booking.title,
        "startTime": write(booking.start),
        "endTime": write(booking.end),
        "type": event_type.slug if event_type else None,
        "organizer": {
            "id": host.id,
            "name": host.name,
            "email": host.email,
            "username": host.username,
            "timeZone": host.time_zone,
            "language": {"locale": "en"},
            "timeFormat": "HH:mm",
            "utcOffset": _offset(booking.start, host.time_zone),
        },
        "attendees": _stored_attendees(booking),
        "additionalNotes": booking.responses.get("notes", ""),
        "description": description,
        "eventTypeId": booking.event_type_id,
        "hideOrganizerEmail": False,
        "seatsPerTimeSlot": event_type.seats if event_type else None,
        "customReplyToEmail": None,
        "customInputs": {},
        "responses": _stored_responses(subject),
        "userFieldsResponses": _custom_responses(booking, event_type),
        "location": booking.location,
        "hideBranding": False,
        "uid": booking.uid,
        "eventTitle": event_type.title if event_type else None,
        "eventDescription": description or None,
        "price": 0,
        "currency": "usd",
        "length": booking.duration,
        "bookingId": booking.id,
    }


def _fresh_attendee(attendee: Mapping[str, Any], at: int) -> JsonObject:
    person: JsonObject = {"email": attendee["email"], "name": attendee["name"]}
    if attendee.get("phoneNumber"):
        person["phoneNumber"] = attendee["phoneNumber"]
    return person | {
        "firstName": "",
        "lastName": "",
        "timeZone": attendee["timeZone"],
        "language": {"locale": attendee["language"]},
        "utcOffset": _offset(at, attendee["timeZone"]),
    }


def _stored_attendees(booking: Booking) -> list[JsonObject]:
    return [
        {
            "name": attendee["name"],
            "email": attendee["email"],
            "timeZone": attendee["timeZone"],
            "phoneNumber": attendee.get("phoneNumber"),
            "language": {"locale": attendee["language"]},
            "utcOffset": _offset(booking.start, attendee["timeZone"]),
        }
        for attendee in booking.attendees
    ]


def _fresh_responses(subject: Subject) -> JsonObject:
    booking = subject.booking
    phone: JsonObject = {"label": "phone_number", "isHidden": True}
    if "attendeePhoneNumber" in booking.responses:
        phone["value"] = booking.responses["attendeePhoneNumber"]
    responses = {"attendeePhoneNumber": phone} | _stored_responses(subject)
    responses["location"]["value"] = {"value": booking.location, "optionValue": ""}
    if "seatUid" in booking.attendees[0]:
        responses["guests"]["value"] = []
    return responses


def _stored_responses(subject: Subject) -> JsonObject:
    given = subject.booking.responses
    responses: JsonObject = {}
    for name, label, hidden in _LABELS:
        responses[name] = {"label": label, "isHidden": hidden}
        if name in given and name != "location":
            responses[name]["value"] = given[name]
    return responses | _custom_responses(subject.booking, subject.event_type)


def _is_disabled(subject: Subject, policy: str) -> bool:
    return bool(subject.event_type and subject.event_type.get(policy).get("disabled"))


def _custom_responses(booking: Booking, event_type: EventType | None) -> JsonObject:
    if event_type is None:
        return {}
    return {
        slug: {
            "label": field.get("label"),
            "value": booking.responses[slug],
            "isHidden": bool(field.get("hidden")),
        }
        for field in event_type.custom_fields()
        if (slug := field_slug(field)) in booking.responses
    }


def _metadata(booking: Booking) -> JsonObject:
    if booking.location.startswith(("http://", "https://")):
        return {**booking.metadata, "videoCallUrl": booking.location}
    return dict(booking.metadata)


def _offset(at: int, zone_name: str) -> int:
    offset = from_ms(at).astimezone(get_zone(zone_name)).utcoffset()
    return round(offset.total_seconds() / 60) if offset is not None else 0


def _look_up(values: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(part)
        elif isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        else:
            return None
    return values


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
