"""An invitation as an iCalendar object (RFC 5545, iTIP RFC 5546): one VEVENT for the whole booking, its pauses included."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from booking_core.errors import InvalidModel
from booking_core.services.invitations import Invitation
from booking_core.services.notices import Notice
from integrations.mail.time_zones import timezone_component

Method = Literal["REQUEST", "CANCEL"]

_PRODUCT = "-//Fermata//Booking//EN"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def method_of(kind: Notice) -> Method:
    """The iTIP method for what happened. Raises ValueError where nothing in the guest's calendar changes."""
    if not kind.invites:
        raise ValueError(f"{kind} is told by a letter alone")
    return "CANCEL" if kind is Notice.CANCELLED else "REQUEST"


def build_calendar(invitation: Invitation, method: Method) -> bytes:
    """The .ics file; the same invitation gives the same bytes.

    Raises InvalidModel where the salon has no address to organise from, ValueError where ``method`` contradicts the kind.
    """
    if method != method_of(invitation.kind):
        raise ValueError(f"{method} does not fit an invitation of kind {invitation.kind}")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(timezone_component(invitation.zone, invitation.starts_at, invitation.ends_at))
    calendar.add_component(_event(invitation, method))
    return bytes(calendar.to_ical())


def _event(invitation: Invitation, method: Method) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _time(invitation.starts_at, invitation.zone))
    event.add("dtend", _time(invitation.ends_at, invitation.zone))
    event.add("summary", f"{plain(invitation.service)}, {plain(invitation.organizer.name)}")
    event.add("description", _description(invitation))
    if invitation.location:
        event.add("location", plain(invitation.location))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("categories", [plain(invitation.organizer.name)])
    event.add("organizer", _organizer(invitation), encode=False)
    if invitation.guest.email is not None:
        event.add("attendee", _attendee(invitation, invitation.guest.email), encode=False)
    return event


def _organizer(invitation: Invitation) -> vCalAddress:
    if invitation.organizer.email is None:
        raise InvalidModel("a salon that invites needs an e-mail address", field="email")
    address = vCalAddress(f"mailto:{plain(invitation.organizer.email)}")
    address.params["CN"] = _parameter(invitation.organizer.name)
    return address


def _attendee(invitation: Invitation, email: str) -> vCalAddress:
    # The guest has agreed already: asking again would send replies to a mailbox where nobody waits for them.
    address = vCalAddress(f"mailto:{plain(email)}")
    address.params["CN"] = _parameter(invitation.guest.name)
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "ACCEPTED"
    address.params["RSVP"] = "FALSE"
    return address


def _time(instant: datetime, zone: ZoneInfo) -> datetime:
    local = instant.astimezone(zone).replace(microsecond=0)
    # Of a wall time that comes twice, iCalendar can only name the first (RFC 5545, 3.3.5).
    return local if local.fold == 0 else local.astimezone(UTC)


def _description(invitation: Invitation) -> str:
    lines: list[str] = []
    for index, segment in enumerate(invitation.segments):
        span = _span(segment.starts_at, segment.ends_at, invitation.zone)
        lines.append(f"{span} {plain(segment.name)} ({plain(segment.staff)})")
        if (pause := invitation.pause_after(index)) is not None:
            lines.append(f"{_span(*pause, invitation.zone)} Pause")
    lines += ["", invitation.reference]
    if invitation.phone:
        lines.append(plain(invitation.phone))
    return "\n".join(lines)


def _span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    return f"{starts_at.astimezone(zone):%H:%M}–{ends_at.astimezone(zone):%H:%M}"


def plain(text: str) -> str:
    """One line of visible text: control characters and line breaks become spaces."""
    return _CONTROLS.sub(" ", text).strip()


def _parameter(text: str) -> str:
    # A quoted parameter value cannot hold a double quote (RFC 5545, 3.2).
    return plain(text).replace('"', "'")
