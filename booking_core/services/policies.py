"""May a guest still change a booking? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId
from booking_core.model.tenant import Tenant

Change = Literal["move", "cancel"]


def change_deadline(tenant: Tenant, booking: Booking, change: Change) -> datetime:
    """The last instant at which a guest may make this change free of charge."""
    policies = tenant.policies
    hours = policies.cancel_hours if change == "cancel" else policies.reschedule_hours
    return booking.starts_at - timedelta(hours=hours)


def may_change(
    tenant: Tenant, booking: Booking, change: Change, *, now: datetime, conversation: ConversationId | None
) -> bool:
    """Before the deadline, or within the grace period in the conversation that booked; never once it has begun."""
    if now >= booking.starts_at:
        return False
    if now <= change_deadline(tenant, booking, change):
        return True
    grace = timedelta(minutes=tenant.policies.grace_minutes)
    return conversation is not None and booking.conversation == conversation and now <= booking.created_at + grace
