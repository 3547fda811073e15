"""The outbox's mail: built once, kept with its row, then sent; a repeat after a crash is the same bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from booking_core.errors import LeaseLost, Refused
from booking_core.model.booking import Booking
from booking_core.model.ids import Reference, StaffId
from booking_core.ports.mailer import Mailer
from booking_core.ports.outbox import RENDERED, OutboxItem
from booking_core.ports.unit_of_work import Database
from booking_core.services.invitations import Invitation, invitation_of
from booking_core.services.notices import Notice
from booking_core.services.tenants import TenantDirectory

Compose = Callable[[Invitation, str], bytes]
"""Builds a message from an invitation and a sender's address."""

_GONE = 410
_TELLS_NOTHING_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailHandler:
    """Handles outbox rows of kind ``mail``. ``sender_of`` gives the envelope's and header's sender for a tenant's own address."""

    database: Database
    tenants: TenantDirectory
    mailer: Mailer
    compose: Compose
    sender_of: Callable[[str], str]

    async def __call__(self, item: OutboxItem) -> None:
        """Send one message. Raises Refused where it can never be sent, another Upstream where it is worth another try.

        What could not be sent until a day after its appointment is not sent any more.
        """
        tenant = await self.tenants.tenant_of(item.tenant)
        sender = self.sender_of(tenant.email)
        async with self.database.read() as work:
            booking = await work.bookings.find(item.tenant, Reference(item.payload["reference"]))
        if booking is None or booking.attendee.email is None:
            raise Refused("the booking or its address is gone", status=_GONE, reason="gone")
        if item.attempts > 1 and item.due_at >= _over_at(item.payload) + _TELLS_NOTHING_AFTER:
            raise Refused("the appointment is long over", status=_GONE, reason="gone")
        message = _kept(item.payload)
        if message is None:
            then = as_it_was(booking, item.payload)
            kind = Notice(item.payload["notice"])
            stamp = datetime.fromisoformat(item.payload["at"])
            cause = item.payload.get("cause")
            message = self.compose(invitation_of(then, tenant, kind, stamp=stamp, cause=cause), sender)
            payload = {**item.payload, RENDERED: base64.b64encode(message).decode("ascii")}
            async with self.database.write() as work:
                if not await work.outbox.amend(item, payload):
                    raise LeaseLost()
        await self.mailer.send(message, sender=sender, recipient=booking.attendee.email)


def as_it_was(booking: Booking, payload: Mapping[str, Any]) -> Booking:
    """The booking at the change that the row tells of; a later one has a row of its own."""
    then = {
        segment: (StaffId(staff), datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
        for segment, staff, starts_at, ends_at in payload["placements"]
    }
    placements = tuple(
        replace(placement, staff=staff, starts_at=starts_at, ends_at=ends_at)
        for placement in booking.plan.placements
        for staff, starts_at, ends_at in (then[placement.segment],)
    )
    return replace(booking, plan=replace(booking.plan, placements=placements), sequence=payload["sequence"])


def _kept(payload: Mapping[str, Any]) -> bytes | None:
    kept = payload.get(RENDERED)
    return base64.b64decode(kept) if kept else None


def _over_at(payload: Mapping[str, Any]) -> datetime:
    return max(datetime.fromisoformat(ends_at) for _, _, _, ends_at in payload["placements"])
