"""Telling the guest about a change of a booking: an outbox row in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from booking_core.model.booking import Booking
from booking_core.ports.outbox import Outbox

MAIL = "mail"


class Notice(StrEnum):
    """What happened, as the mail tells it."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"


async def enqueue_notice(outbox: Outbox, booking: Booking, notice: Notice, *, now: datetime) -> None:
    """Write the mail of one change; without an e-mail address there is nobody to write to.

    The row keeps what the booking looked like at this change, so that a later change cannot rewrite an unsent mail. Guest data
    stays in the booking's own row.
    """
    if not booking.attendee.email:
        return
    payload = {
        "reference": booking.reference,
        "notice": notice.value,
        "sequence": booking.sequence,
        "at": now.isoformat(),
        "placements": [
            [placement.segment, placement.staff, placement.starts_at.isoformat(), placement.ends_at.isoformat()]
            for placement in booking.plan.placements
        ],
    }
    key = f"{booking.reference}:{booking.sequence}:{notice.value}"
    await outbox.add(booking.tenant, MAIL, key, payload, due_at=now)
