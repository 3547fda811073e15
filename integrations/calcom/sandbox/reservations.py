"""`/v2/slots/reservations`: hide a time from slot lists for a few minutes, and nothing more.

As at Cal.com a reservation does not stop a booking, is not removed by one, is not checked against
availability, and whoever knows its uid may change it.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.calcom.sandbox import booking_rows, event_type_rows
from integrations.calcom.sandbox.availability import Interval
from integrations.calcom.sandbox.errors import JsonObject, enveloped, invalid
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.routing import SLOTS_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import DAY, MINUTE, iso_utc, parse_instant
from integrations.calcom.sandbox.validation import ISO_DATE_TEXT, Problem

_DEFAULT_MINUTES = 5
_SECOND = 1000


async def create(call: Call) -> Answer:
    """POST: 422 where the same event type has the time booked or reserved; check and insert are two steps."""
    body = call.fields
    now = call.world.now_ms()
    event_type, wanted = await call.world.store.read(lambda db: _check(db, call, body, now))
    await call.world.gap()
    uid = str(uuid.uuid4())
    minutes = int(body.get("reservationDuration", _DEFAULT_MINUTES))
    until = now + minutes * MINUTE
    await call.world.store.write(
        lambda db: db.execute(
            "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?)",
            (uid, event_type.id, event_type.owner_id, wanted[0], wanted[1], until),
        )
    )
    return success(_written(event_type, wanted, uid, minutes, until), status=201)


async def get(call: Call) -> Answer:
    """GET: null when unknown."""

    def work(db: Db) -> JsonObject | None:
        row = _row(db, call.params["uid"])
        if row is None:
            return None
        return {
            "reservationUid": row["uid"],
            "eventTypeId": row["event_type_id"],
            "slotStart": iso_utc(row["start_ms"]),
            "slotEnd": iso_utc(row["end_ms"]),
            "slotDuration": (row["end_ms"] - row["start_ms"]) // MINUTE,
            "reservationUntil": iso_utc(row["until_ms"]),
        }

    return success(await call.world.store.read(work))


async def change(call: Call) -> Answer:
    """PATCH with a whole body: the lifetime starts anew, and its own present time counts as taken."""
    body = call.fields
    now = call.world.now_ms()
    uid = call.params["uid"]

    def work(db: Db) -> JsonObject:
        if _row(db, uid) is None:
            raise enveloped(404, f"Slot with uid={uid} not found")
        event_type, wanted = _check(db, call, body, now)
        minutes = int(body.get("reservationDuration", _DEFAULT_MINUTES))
        until = now + minutes * MINUTE
        db.execute(
            "UPDATE reservations SET event_type_id = ?, user_id = ?, start_ms = ?, end_ms = ?, until_ms = ?"
            " WHERE uid = ?",
            (event_type.id, event_type.owner_id, *wanted, until, uid),
        )
        return _written(event_type, wanted, uid, minutes, until)

    return success(await call.world.store.write(work))


async def delete(call: Call) -> Answer:
    """DELETE: success also when there is none."""
    uid = call.params["uid"]
    await call.world.store.write(lambda db: db.execute("DELETE FROM reservations WHERE uid = ?", (uid,)))
    return Answer({"status": "success"})


def without_reserved(db: Db, host_id: int, starts: Sequence[int], length_ms: int, now: int) -> list[int]:
    """Starts that touch no living reservation of the host, whatever event type it is for."""
    reserved = [
        (row["start_ms"], row["end_ms"])
        for row in db.execute(
            "SELECT start_ms, end_ms FROM reservations WHERE user_id = ? AND until_ms > ?",
            (host_id, now // _SECOND * _SECOND),
        )
    ]
    if not reserved:
        return list(starts)
    return [
        start for start in starts if not any(start < end and begin < start + length_ms for begin, end in reserved)
    ]


def routes() -> list[Route]:
    """The routes of this resource."""
    path, one, version = "/v2/slots/reservations", "/v2/slots/reservations/{uid}", SLOTS_VERSION
    return [
        Route("POST", path, create, Auth.OPTIONAL, version),
        Route("GET", one, get, Auth.OPTIONAL, version),
        Route("PATCH", one, change, Auth.OPTIONAL, version),
        Route("DELETE", one, delete, Auth.OPTIONAL, version),
    ]


def _check(db: Db, call: Call, body: JsonObject, now: int) -> tuple[EventType, Interval]:
    start = _start(body)
    event_type = event_type_rows.find(db, body["eventTypeId"])
    if event_type is None:
        raise enveloped(404, f"Event Type with ID={body['eventTypeId']} not found")
    if body.get("reservationDuration") is not None:
        _check_owner(call, event_type)
    end = start + _length(body, event_type) * MINUTE
    booked = booking_rows.of_event_type(db, event_type.id, (start - DAY, end))
    if event_type.seats is None and any(booking.start < end and start < booking.end for booking in booked):
        raise enveloped(422, "Can't reserve a slot if the event is already booked.")
    taken = db.execute(
        "SELECT 1 FROM reservations WHERE event_type_id = ? AND until_ms > ? AND start_ms < ? AND end_ms > ?",
        (event_type.id, now, end, start),
    ).fetchone()
    if taken is not None:
        raise enveloped(422, "This time slot is already reserved by another user. Please choose a different time.")
    return event_type, (start, end)


def _start(body: Mapping[str, Any]) -> int:
    problems: list[Problem] = []
    event_type_id = body.get("eventTypeId")
    if isinstance(event_type_id, bool) or not isinstance(event_type_id, int):
        problems.append(Problem("eventTypeId", {"isInt": "eventTypeId must be an integer number"}))
    start = parse_instant(body.get("slotStart"))
    if start is None:
        problems.append(Problem("slotStart", {"isDateString": f"slotStart {ISO_DATE_TEXT}"}))
    problems += [
        Problem(name, {"isInt": f"{name} must be an integer number"})
        for name in ("slotDuration", "reservationDuration")
        if name in body and (isinstance(body[name], bool) or not isinstance(body[name], int))
    ]
    if problems or start is None:
        raise invalid([problem.listed(body) for problem in problems])
    return start


def _length(body: Mapping[str, Any], event_type: EventType) -> int:
    asked = body.get("slotDuration")
    if asked is None:
        return event_type.length
    options = event_type.get("lengthInMinutesOptions")
    if not options:
        raise enveloped(400, "You passed 'slotDuration' but this event type is not a variable length event type.")
    if asked not in options:
        raise enveloped(400, f"'slotDuration' must be one of {', '.join(map(str, options))}")
    return int(asked)


def _check_owner(call: Call, event_type: EventType) -> None:
    if call.caller is None:
        raise enveloped(
            401,
            "reservationDuration can only be used for authenticated requests - use access token, api key or OAuth "
            "credentials",
        )
    if call.caller.id != event_type.owner_id:
        raise enveloped(
            403,
            "authenticated user is not owner of event type, does not have memberships in common with owner of the "
            "event type, nor does belong to event type's team or org.",
        )


def _written(event_type: EventType, wanted: Interval, uid: str, minutes: int, until: int) -> JsonObject:
    return {
        "eventTypeId": event_type.id,
        "slotStart": iso_utc(wanted[0]),
        "slotEnd": iso_utc(wanted[1]),
        "slotDuration": (wanted[1] - wanted[0]) // MINUTE,
        "reservationUid": uid,
        "reservationDuration": minutes,
        "reservationUntil": iso_utc(until),
    }


def _row(db: Db, uid: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM reservations WHERE uid = ?", (uid,)).fetchone()
    return row
