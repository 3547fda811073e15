"""Telling the guest about a change of a booking, or that it could not be made: an outbox row in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from booking_core.model.booking import Booking
from booking_core.ports.outbox import Outbox

MAIL = "mail"
MESSAGE = "message"
CHECK = "check_overlap"


class Notice(StrEnum):
    """What happened, as a mail or a later message in the conversation tells it.

    ``withdrawn``: a promised booking could not be made. ``not_moved``: a promised move could not, the old time stands.
    ``overlapped``: somebody else's entry lies on the booking and was there first.
    """

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    NOT_MOVED = "not_moved"
    OVERLAPPED = "overlapped"

    @property
    def invites(self) -> bool:
        """Whether it changes the guest's calendar; what does not is a letter alone."""
        return self in _INVITES


_INVITES = frozenset({Notice.CONFIRMED, Notice.MOVED, Notice.CANCELLED})


async def enqueue_notice(outbox: Outbox, booking: Booking, notice: Notice, *, cause: str, now: datetime) -> None:
    """Write the mail of one change; without an e-mail address there is nobody to write to.

    What invites is told once for each sequence of the booking. A letter leaves the sequence as it is, so ``cause`` (a saga's id)
    tells it from the next one of its kind. The row keeps what the booking looked like at this change, so that a later change
    cannot rewrite an unsent mail. Guest data stays in the booking's own row; only the finished mail is kept with this one, from
    before it is sent until it has been.
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
    if not notice.invites:
        payload["cause"] = cause
        key = f"{key}:{cause}"
    await outbox.add(booking.tenant, MAIL, key, payload, due_at=now)


async def enqueue_message(outbox: Outbox, booking: Booking, notice: Notice, *, cause: str, now: datetime) -> None:
    """Write a later message into the booking's conversation; without one there is nowhere to write.

    ``cause`` (a saga's id) makes it one message, however often it is asked for.
    """
    if booking.conversation is None:
        return
    payload = {
        "reference": booking.reference,
        "notice": notice.value,
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
    }
    await outbox.add(booking.tenant, MESSAGE, f"{cause}:{notice.value}", payload, due_at=now)


async def enqueue_check(
    outbox: Outbox, booking: Booking, *, cause: str, due_at: datetime, late: bool = False
) -> None:
    """Have the calendar looked at behind the answer: it may have let somebody else's entry through in the same instant.

    ``cause`` (a saga's id) makes it one look. ``late``: a request that was given up may be carried out later, so that its time is
    looked at whatever becomes of the booking.
    """
    payload: dict[str, object] = {"reference": booking.reference, "sequence": booking.sequence}
    if late:
        payload["late"] = [
            [placement.staff, placement.occupied.starts_at.isoformat(), placement.occupied.ends_at.isoformat()]
            for placement in booking.plan.placements
        ]
    await outbox.add(booking.tenant, CHECK, f"{booking.reference}:{cause}:{CHECK}", payload, due_at=due_at)
