"""Plans, holds and bookings to test with. All on one morning in March, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from booking_core.model.booking import Appointment, Attendee, Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import (
    ConversationId,
    HoldId,
    Reference,
    ResourceId,
    ServiceId,
    StaffId,
    TenantId,
    new_hold_id,
)
from booking_core.model.slot import Hold, Placement, Plan

NOW = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
TENANT = TenantId("salon-example")
ANNA = ResourceId("staff:anna")


def minutes(amount: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=amount)


def single(start: float = 0, length: float = 30, *, staff: str = "anna", resource: str | None = None) -> Plan:
    """A plan of one segment that begins ``start`` minutes after ``NOW``."""
    starts_at = NOW + minutes(start)
    placement = Placement(0, StaffId(staff), starts_at, starts_at + minutes(length), resource)
    return Plan(ServiceId("cut"), (placement,))


def composite(start: float = 0, *, staff: str = "anna") -> Plan:
    """Thirty minutes, a pause of twenty, twenty-five more; the first segment has buffers and a blocked rest."""
    starts_at = NOW + minutes(start)
    first = Placement(
        0,
        StaffId(staff),
        starts_at,
        starts_at + minutes(30),
        "basin",
        buffer_before=5,
        buffer_after=5,
        blocked_after=5,
    )
    second = Placement(1, StaffId(staff), starts_at + minutes(50), starts_at + minutes(75))
    return Plan(ServiceId("colour"), (first, second))


def hold_of(
    conversation: str,
    *plans: Plan,
    tenant: TenantId = TENANT,
    hold: str | None = None,
    expires_in: float = 5,
) -> Hold:
    """A hold that runs out so many minutes after ``NOW``."""
    identifier = HoldId(hold) if hold is not None else new_hold_id()
    return Hold(identifier, tenant, ConversationId(conversation), plans, NOW + minutes(expires_in))


def booking_of(
    reference: str,
    plan: Plan,
    *,
    hold: str | None = None,
    conversation: str | None = "c-1",
    tenant: TenantId = TENANT,
    status: BookingStatus = BookingStatus.COMMITTING,
    updated_at: datetime = NOW,
) -> Booking:
    """A booking as the saga first writes it."""
    return Booking(
        reference=Reference(reference),
        tenant=tenant,
        conversation=None if conversation is None else ConversationId(conversation),
        hold=HoldId(hold if hold is not None else f"hold-{reference}"),
        status=status,
        plan=plan,
        attendee=Attendee("Jürgen Groß", "de", "juergen@example.org", "+4930123456", "c-abc", "Europe/Berlin"),
        appointments=tuple(Appointment(it.segment, it.staff, it.starts_at, it.ends_at) for it in plan.placements),
        created_at=NOW,
        updated_at=updated_at,
        door="chat",
        note="Bitte ruhig",
        history=(HistoryEntry(NOW, "committing", "guest", "chat", {"offer": "1"}),),
    )
