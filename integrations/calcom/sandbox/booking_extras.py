"""The smaller calls on one booking: guests, location, attendees and references."""

from __future__ import annotations

from dataclasses import replace

from integrations.calcom.sandbox import booking_rows
from integrations.calcom.sandbox.booking_change import Changed, get_booking, require_host
from integrations.calcom.sandbox.booking_input import attendee_shape, location_response, place
from integrations.calcom.sandbox.booking_shape import render
from integrations.calcom.sandbox.errors import JsonObject, enveloped
from integrations.calcom.sandbox.routing import BOOKINGS_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db


async def add_guests(call: Call) -> Answer:
    """POST `{"guests":[{"email","name"?}]}` by the host."""
    guests = call.fields.get("guests")
    if not isinstance(guests, list) or not all(map(_is_guest, guests)):
        raise enveloped(400, "guests must be an array of objects with email and, if any, name")

    def work(db: Db) -> Changed:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        zone = booking.attendees[0]["timeZone"] if booking.attendees else "UTC"
        people = [attendee_shape(g.get("name") or "", g["email"], zone, g.get("language") or "en") for g in guests]
        addresses = [*booking.guests, *(str(guest["email"]) for guest in guests)]
        shown = {"guests": addresses, "displayGuests": addresses}
        saved = booking_rows.save(
            db,
            replace(
                booking,
                attendees=[*booking.attendees, *people],
                guests=addresses,
                responses=booking.responses | shown,
                updated_at=call.world.now_ms(),
            ),
        )
        return Changed(render(db, saved), [])

    return success((await call.world.store.write(work)).rendered)


async def change_location(call: Call) -> Answer:
    """PATCH `{"location":{…}}` by the host."""
    location = call.fields.get("location")
    if not isinstance(location, dict):
        raise enveloped(400, "location must be an object")

    def work(db: Db) -> JsonObject:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        responses = booking.responses | {"location": location_response(location)}
        saved = booking_rows.save(
            db,
            replace(booking, location=place(location), responses=responses, updated_at=call.world.now_ms()),
        )
        return render(db, saved)

    return success(await call.world.store.write(work))


async def list_attendees(call: Call) -> Answer:
    """GET the attendees with ids."""

    def work(db: Db) -> list[JsonObject]:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        ids = db.execute(
            "SELECT rowid FROM attendees WHERE booking_id = ? ORDER BY rowid", (booking.id,)
        ).fetchall()
        return [attendee | {"id": row["rowid"]} for attendee, row in zip(booking.attendees, ids, strict=True)]

    return success(await call.world.store.read(work))


async def list_references(call: Call) -> Answer:
    """GET the ids at calendars and video services: none are connected here."""

    def work(db: Db) -> list[JsonObject]:
        require_host(call, get_booking(db, call.params["uid"]))
        return []

    return success(await call.world.store.read(work))


def _is_guest(guest: object) -> bool:
    if not isinstance(guest, dict) or not isinstance(guest.get("email"), str):
        return False
    return all(isinstance(guest.get(name, ""), str) for name in ("name", "language"))


def routes() -> list[Route]:
    """The routes of this module."""
    one, version = "/v2/bookings/{uid}", BOOKINGS_VERSION
    return [
        Route("POST", one + "/guests", add_guests, Auth.PERMISSION, version),
        Route("PATCH", one + "/location", change_location, Auth.PERMISSION, version),
        Route("GET", one + "/attendees", list_attendees, Auth.PERMISSION, version),
        Route("GET", one + "/references", list_references, Auth.PERMISSION, version),
    ]
