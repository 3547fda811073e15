"""What comes of a promise, written into the conversation after the answer: the outbox's messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from booking_core.errors import Refused
from booking_core.model.booking import Booking
from booking_core.model.ids import Reference
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.conversations import TranscriptLine
from booking_core.ports.outbox import OutboxItem
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import OVER
from booking_core.services.notices import Notice
from booking_core.services.tenants import TenantDirectory
from bot.dialogue.phrases import Phrases
from bot.dialogue.standing import is_called_off

PhrasesOf = Callable[[Tenant, str, datetime], Phrases]
"""How to speak for a tenant, in a language, at a time."""

_GONE = 410
_FINAL = frozenset({Notice.CANCELLED, Notice.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class LaterMessages:
    """Handles outbox rows of kind ``message``: one line in the transcript, which the guest's page shows by itself."""

    database: Database
    tenants: TenantDirectory
    clock: Clock
    phrases_of: PhrasesOf

    async def __call__(self, item: OutboxItem) -> None:
        """Append one message, unless it has been overtaken. Raises Refused where the booking or its conversation is gone."""
        tenant = await self.tenants.tenant_of(item.tenant)
        notice = Notice(item.payload["notice"])
        async with self.database.write() as work:
            now = self.clock.now()
            # First and in the same transaction: whoever comes second, or after a crash, does not say it again.
            if not await work.outbox.done(item, now=now):
                return
            booking = await work.bookings.find(item.tenant, Reference(item.payload["reference"]))
            if booking is None or booking.conversation is None:
                raise Refused("the booking or its conversation is gone", status=_GONE, reason="gone")
            starts_at, ends_at = (datetime.fromisoformat(item.payload[key]) for key in ("starts_at", "ends_at"))
            if overtaken(booking, notice, starts_at, ends_at):
                return
            say = self.phrases_of(tenant, booking.attendee.language, now)
            line = TranscriptLine("bot", later_text(booking, notice, starts_at, ends_at, say), now)
            await work.conversations.append(item.tenant, booking.conversation, [line])


def overtaken(booking: Booking, notice: Notice, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a message that a booking stands at a time would be the wrong last word.

    It has been moved since, or is cancelled or about to be; of that the guest has heard, or hears by a message of its own. That a
    booking does not take place is always said: nothing comes after it.
    """
    if notice in _FINAL:
        return False
    moved = (booking.starts_at, booking.ends_at) != (starts_at, ends_at)
    return moved or booking.status in OVER or is_called_off(booking)


def later_text(booking: Booking, notice: Notice, starts_at: datetime, ends_at: datetime, say: Phrases) -> str:
    """The message; the times are those of the change, whatever has happened to the booking since."""
    return say.t(
        f"later.{notice.value}",
        service=say.service_of(booking),
        span=say.span(starts_at, ends_at),
        reference=booking.reference,
        phone=say.tenant.phone,
    )
