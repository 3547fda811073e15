"""Bookings as rows: insert, change, and the queries of availability and lists."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from integrations.calcom.sandbox.availability import Interval
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.store import Db

ACCEPTED, PENDING, CANCELLED, REJECTED = "accepted", "pending", "cancelled", "rejected"

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_UID_LENGTH = 22
_COLUMNS = (
    "id", "uid", "user_id", "event_type_id", "start", "end", "status", "recurring_uid", "created_at", "updated_at",
)  # fmt: skip


class Collision(Exception):
    """An accepted booking with the same host, start and end exists: Cal.com's only duplicate guard."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking; instants are epoch milliseconds, `attendees` have the JSON shape of the API.

    `guarded` is off for one that was confirmed later: it does not take part in the duplicate guard.
    """

    uid: str
    user_id: int
    event_type_id: int | None
    start: int
    end: int
    status: str
    created_at: int
    updated_at: int
    title: str
    description: str | None
    location: str
    ics_uid: str
    id: int = 0
    recurring_uid: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    attendees: list[JsonObject] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    responses: JsonObject = field(default_factory=dict)
    cancellation_reason: str = ""
    rejection_reason: str | None = None
    rescheduling_reason: str | None = None
    rescheduled_by: str | None = None
    rescheduled_from: str | None = None
    rescheduled_to: str | None = None
    ics_sequence: int = 0
    absent_host: bool = False
    seated: bool = False
    guarded: bool = True

    @property
    def duration(self) -> int:
        """Minutes."""
        return (self.end - self.start) // 60_000


_DETAILS = tuple(item.name for item in fields(Booking) if item.name not in _COLUMNS)


def new_uid() -> str:
    """A uid as Cal.com makes them: a random uuid in base 58, 22 characters."""
    number = uuid.uuid4().int
    digits = ""
    while number:
        number, rest = divmod(number, len(_BASE58))
        digits = _BASE58[rest] + digits
    return digits.rjust(_UID_LENGTH, _BASE58[0])


def insert(db: Db, booking: Booking) -> Booking:
    """Add a booking and give it its id. Raises Collision."""
    try:
        cursor = db.execute(
            "INSERT INTO bookings (uid, user_id, event_type_id, start_ms, end_ms, status, recurring_uid, created_ms,"
            " updated_ms, idempotency_key, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _values(booking),
        )
    except sqlite3.IntegrityError as error:
        raise Collision from error
    saved = replace(booking, id=int(cursor.lastrowid or 0))
    _save_attendees(db, saved)
    return saved


def save(db: Db, booking: Booking) -> Booking:
    """Write back a changed booking. Raises Collision."""
    try:
        db.execute(
            "UPDATE bookings SET uid = ?, user_id = ?, event_type_id = ?, start_ms = ?, end_ms = ?, status = ?,"
            " recurring_uid = ?, created_ms = ?, updated_ms = ?, idempotency_key = ?, details = ? WHERE id = ?",
            (*_values(booking), booking.id),
        )
    except sqlite3.IntegrityError as error:
        raise Collision from error
    _save_attendees(db, booking)
    return booking


def find(db: Db, uid: str) -> Booking | None:
    """The booking with that uid."""
    row = db.execute("SELECT * FROM bookings WHERE uid = ?", (uid,)).fetchone()
    return _booking(row) if row is not None else None


def list_all(db: Db, *, since: int | None = None, until: int | None = None) -> list[Booking]:
    """Every booking of every host and status by start, or those that touch the time between two instants."""
    clauses, values = ["1"], []
    if since is not None:
        clauses.append("end_ms > ?")
        values.append(since)
    if until is not None:
        clauses.append("start_ms < ?")
        values.append(until)
    sql = f"SELECT * FROM bookings WHERE {' AND '.join(clauses)} ORDER BY start_ms, id"
    return [_booking(row) for row in db.execute(sql, values)]


def of_host(db: Db, user_id: int, window: Interval, statuses: Iterable[str]) -> list[Booking]:
    """The host's bookings in those statuses that touch the window."""
    wanted = tuple(statuses)
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(
        f"SELECT * FROM bookings WHERE user_id = ? AND end_ms > ? AND start_ms < ? AND status IN ({marks})"
        " ORDER BY start_ms, id",
        (user_id, window[0], window[1], *wanted),
    )
    return [_booking(row) for row in rows]


def of_event_type(db: Db, event_type_id: int, window: Interval) -> list[Booking]:
    """Accepted bookings of one event type that start in the window."""
    rows = db.execute(
        "SELECT * FROM bookings WHERE event_type_id = ? AND start_ms >= ? AND start_ms < ? AND status = ?"
        " ORDER BY start_ms, id",
        (event_type_id, window[0], window[1], ACCEPTED),
    )
    return [_booking(row) for row in rows]


def active_of_booker(db: Db, event_type_id: int, email: str, now: int) -> list[Booking]:
    """The accepted bookings to come of one attendee in one event type."""
    rows = db.execute(
        "SELECT * FROM bookings WHERE event_type_id = ? AND start_ms >= ? AND status = ?"
        " AND id IN (SELECT booking_id FROM attendees WHERE email = ?) ORDER BY start_ms, id",
        (event_type_id, now, ACCEPTED, email),
    )
    return [_booking(row) for row in rows]


def search(db: Db, where: str, values: Sequence[Any], order: str, *, take: int, skip: int) -> list[Booking]:
    """Rows of a prepared condition in an order, one page of them."""
    rows = db.execute(
        f"SELECT * FROM bookings WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, take, skip)
    )
    return [_booking(row) for row in rows]


def count(db: Db, where: str, values: Sequence[Any]) -> int:
    """How many rows meet a prepared condition."""
    return int(db.execute(f"SELECT count(*) FROM bookings WHERE {where}", tuple(values)).fetchone()[0])


def _values(booking: Booking) -> tuple[Any, ...]:
    key = None
    if booking.status == ACCEPTED and booking.guarded:
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{booking.start}.{booking.end}.{booking.user_id}"))
    return (
        booking.uid,
        booking.user_id,
        booking.event_type_id,
        booking.start,
        booking.end,
        booking.status,
        booking.recurring_uid,
        booking.created_at,
        booking.updated_at,
        key,
        json.dumps({name: getattr(booking, name) for name in _DETAILS}),
    )


def _save_attendees(db: Db, booking: Booking) -> None:
    db.execute("DELETE FROM attendees WHERE booking_id = ?", (booking.id,))
    db.executemany(
        "INSERT INTO attendees VALUES (?, ?, ?)",
        [(booking.id, attendee["email"], attendee["name"]) for attendee in booking.attendees],
    )


def _booking(row: sqlite3.Row) -> Booking:
    return Booking(
        id=row["id"],
        uid=row["uid"],
        user_id=row["user_id"],
        event_type_id=row["event_type_id"],
        start=row["start_ms"],
        end=row["end_ms"],
        status=row["status"],
        recurring_uid=row["recurring_uid"],
        created_at=row["created_ms"],
        updated_at=row["updated_ms"],
        **json.loads(row["details"]),
    )
