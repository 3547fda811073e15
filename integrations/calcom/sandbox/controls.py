"""`/_sandbox/…`: faults, all bookings and mails, and bookings made, moved or cancelled from outside.

These routes exist only here, need no key and are not touched by faults. An outside change is what the
host does in Cal.com's own calendar: no availability check, but mails and webhooks as for any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from integrations.calcom.sandbox import (
    booking_change,
    booking_create,
    booking_rows,
    event_type_rows,
    mails,
    webhook_payloads,
    webhooks,
)
from integrations.calcom.sandbox.accounts import User, find_user, find_user_named, get_user, list_users
from integrations.calcom.sandbox.booking_change import Changed
from integrations.calcom.sandbox.booking_input import VIDEO, Attendee
from integrations.calcom.sandbox.booking_rows import ACCEPTED, Booking
from integrations.calcom.sandbox.booking_shape import render, render_all
from integrations.calcom.sandbox.errors import JsonObject, enveloped
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.faults import BadFaults
from integrations.calcom.sandbox.routing import Answer, Auth, Call, Route
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import MINUTE, parse_instant

_DEFAULT_LENGTH = 30


async def list_bookings(call: Call) -> Answer:
    """GET /_sandbox/bookings: every booking of every host and status, each as Cal.com answers it."""
    data = await call.world.store.read(lambda db: render_all(db, booking_rows.list_all(db)))
    return Answer({"bookings": data})


async def list_mails(call: Call) -> Answer:
    """GET /_sandbox/mails: what Cal.com would have sent, one entry for each recipient."""
    found = await call.world.store.read(mails.list_mails)
    return Answer({"mails": found, "count": len(found)})


async def get_faults(call: Call) -> Answer:
    """GET /_sandbox/faults: what is in force."""
    return Answer(call.world.faults.settings.as_json())


async def set_faults(call: Call) -> Answer:
    """PUT /_sandbox/faults: absent fields are off."""
    try:
        settings = call.world.faults.parse(call.fields)
    except BadFaults as error:
        raise enveloped(400, str(error)) from None
    call.world.faults.set(settings)
    call.world.limiter.clear()
    return Answer(settings.as_json())


async def clear_faults(call: Call) -> Answer:
    """DELETE /_sandbox/faults: a well-behaved server again; blocks are lifted, held webhooks sent."""
    call.world.faults.clear()
    call.world.limiter.clear()
    await call.world.sender.release()
    return Answer(call.world.faults.settings.as_json())


async def book(call: Call) -> Answer:
    """POST /_sandbox/bookings `{"start","eventTypeId"?|"username"?,"lengthInMinutes"?|"end"?,"attendee"?}`.

    Without an event type it is a plain calendar entry of the host named by `username` (or `host`, `staff`;
    the first user by default). Answers 201 with the booking, 409 for an exact duplicate.
    """
    body = call.fields
    start = _instant(body, "start")
    now = call.world.now_ms()

    def work(db: Db) -> Changed:
        event_type = _event_type(db, body)
        host = get_user(db, event_type.owner_id) if event_type else _host(db, body) or list_users(db)[0]
        end = _end(body, start, event_type.length if event_type else _DEFAULT_LENGTH)
        attendee = _attendee(body, host)
        title = str(body.get("title") or (event_type.title if event_type else "Appointment"))
        uid = booking_rows.new_uid()
        booking = booking_rows.insert(
            db,
            Booking(
                uid=uid,
                user_id=host.id,
                event_type_id=event_type.id if event_type else None,
                start=start,
                end=end,
                status=ACCEPTED,
                created_at=now,
                updated_at=now,
                title=f"{title} between {host.name} and {attendee.name}",
                description="",
                location=VIDEO,
                ics_uid=f"{uid}@Cal.com",
                metadata=_metadata(body),
                attendees=[attendee.shape()],
                responses={"email": attendee.email, "name": attendee.name, "displayEmail": attendee.email},
            ),
        )
        mails.record(db, booking, mails.CREATED, now)
        return Changed(render(db, booking), webhooks.deliveries(db, webhook_payloads.CREATED, booking, now))

    return await _done(call, booking_create.guarded(work), status=201)


async def move(call: Call) -> Answer:
    """PATCH /_sandbox/bookings/{uid} `{"start"?,"end"?|"lengthInMinutes"?,"username"?,"inPlace"?}`.

    A new time makes a new booking with a new uid, as every move at Cal.com; only another host, or
    `"inPlace":true`, changes the booking itself. Answers with the booking that stands now.
    """
    body = call.fields
    now = call.world.now_ms()

    def work(db: Db) -> Changed:
        booking = _booking(db, call.params["uid"])
        host = _host(db, body) or get_user(db, booking.user_id)
        start = _instant(body, "start") if "start" in body else booking.start
        end = _end(body, start, booking.duration)
        if start == booking.start and end == booking.end and host.id == booking.user_id:
            raise enveloped(400, "nothing to change: give start, end, lengthInMinutes or username")
        in_place = body.get("inPlace") is True or (start == booking.start and end == booking.end)
        if not in_place:
            return booking_change.move(
                db, booking, start, end, now, by_host=True, rescheduled_by=host.email, host=host
            )
        changed = booking_rows.save(db, replace(booking, user_id=host.id, start=start, end=end, updated_at=now))
        return Changed(render(db, changed), [])

    return await _done(call, booking_create.guarded(work))


async def cancel(call: Call) -> Answer:
    """DELETE /_sandbox/bookings/{uid}: the host cancels; cancelled ones stay as they are."""
    now = call.world.now_ms()
    reason = booking_change.read_reason(call.fields) or "Cancelled by the host"

    def work(db: Db) -> Changed:
        booking = _booking(db, call.params["uid"])
        if booking.status == booking_rows.CANCELLED:
            return Changed(render(db, booking), [])
        return booking_change.withdraw(db, booking.uid, reason, now)

    return await _done(call, work)


def routes() -> list[Route]:
    """The control routes."""
    bookings, faults = "/_sandbox/bookings", "/_sandbox/faults"
    one = bookings + "/{uid}"
    return [
        Route("GET", bookings, list_bookings, Auth.OPTIONAL),
        Route("POST", bookings, book, Auth.OPTIONAL),
        Route("PATCH", one, move, Auth.OPTIONAL),
        Route("DELETE", one, cancel, Auth.OPTIONAL),
        Route("GET", "/_sandbox/mails", list_mails, Auth.OPTIONAL),
        Route("GET", faults, get_faults, Auth.OPTIONAL),
        Route("PUT", faults, set_faults, Auth.OPTIONAL),
        Route("DELETE", faults, clear_faults, Auth.OPTIONAL),
    ]


async def _done(call: Call, work: Any, *, status: int = 200) -> Answer:
    changed: Changed = await call.world.store.write(work)
    await call.world.sender.send(changed.deliveries)
    return Answer({"uid": changed.rendered["uid"], "booking": changed.rendered}, status)


def _booking(db: Db, uid: str) -> Booking:
    booking = booking_rows.find(db, uid)
    if booking is None:
        raise enveloped(404, f"Booking with uid={uid} was not found in the database")
    return booking


def _instant(body: Mapping[str, Any], name: str) -> int:
    instant = parse_instant(body.get(name))
    if instant is None:
        raise enveloped(400, f"{name} must be a valid ISO 8601 date string")
    return instant


def _end(body: Mapping[str, Any], start: int, minutes: int) -> int:
    if body.get("end") is not None:
        end = _instant(body, "end")
    else:
        length = next(
            (body[name] for name in ("lengthInMinutes", "duration", "minutes") if body.get(name)), minutes
        )
        if isinstance(length, bool) or not isinstance(length, int):
            raise enveloped(400, "lengthInMinutes must be an integer number")
        end = start + length * MINUTE
    if end <= start:
        raise enveloped(400, "end must be after start")
    return end


def _event_type(db: Db, body: Mapping[str, Any]) -> EventType | None:
    if body.get("eventTypeId") is not None:
        event_type_id = body["eventTypeId"]
        found = event_type_rows.find(db, event_type_id) if isinstance(event_type_id, int) else None
        if found is None:
            raise enveloped(404, f"Event type with id {event_type_id} not found.")
        return found
    slug, host = body.get("eventTypeSlug"), _host(db, body)
    if slug is None:
        return None
    found = event_type_rows.find_by_slug(db, host.id, str(slug)) if host else None
    if found is None:
        raise enveloped(404, f"Event type with slug {slug} not found.")
    return found


def _host(db: Db, body: Mapping[str, Any]) -> User | None:
    value = next((body[name] for name in ("username", "host", "staff", "userId") if body.get(name)), None)
    if value is None:
        return None
    host = find_user(db, value) if isinstance(value, int) else find_user_named(db, str(value))
    if host is None:
        raise enveloped(404, f"User {value} not found")
    return host


def _metadata(body: Mapping[str, Any]) -> dict[str, str]:
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise enveloped(400, "metadata must be an object of strings")
    return metadata


def _attendee(body: Mapping[str, Any], host: User) -> Attendee:
    given = body.get("attendee")
    details: JsonObject = given if isinstance(given, dict) else {}
    return Attendee(
        name=str(details.get("name") or body.get("name") or "Walk-in"),
        email=str(details.get("email") or body.get("email") or "walk-in@example.test"),
        time_zone=str(details.get("timeZone") or host.time_zone),
        language=str(details.get("language") or "en"),
        phone=str(details["phoneNumber"]) if details.get("phoneNumber") else None,
    )
