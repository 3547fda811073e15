"""The mails Cal.com would send: one record for each recipient, written with the change that causes it."""

from __future__ import annotations

from integrations.calcom.sandbox.accounts import get_user
from integrations.calcom.sandbox.booking_rows import Booking
from integrations.calcom.sandbox.errors import JsonObject
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import iso_utc

CREATED, REQUESTED, RESCHEDULED, CANCELLED = "created", "requested", "rescheduled", "cancelled"
REJECTED = "rejected"


def record(db: Db, booking: Booking, kind: str, at: int) -> None:
    """Host and attendees get a mail for every change; a rejected request mails the attendees only."""
    recipients = [str(attendee["email"]) for attendee in booking.attendees]
    if kind != REJECTED:
        recipients.insert(0, get_user(db, booking.user_id).email)
    db.executemany(
        "INSERT INTO mails (recipient, kind, booking_uid, at_ms) VALUES (?, ?, ?, ?)",
        [(recipient, kind, booking.uid, at) for recipient in recipients],
    )


def list_mails(db: Db) -> list[JsonObject]:
    """All mails, oldest first."""
    return [
        {
            "to": row["recipient"],
            "kind": row["kind"],
            "booking_uid": row["booking_uid"],
            "at": iso_utc(row["at_ms"]),
        }
        for row in db.execute("SELECT * FROM mails ORDER BY id")
    ]
