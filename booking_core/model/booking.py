"""The agreement with a guest: status, appointments and history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from booking_core.model.ids import ConversationId, HoldId, Reference, ServiceId, StaffId, TenantId
from booking_core.model.slot import Plan


class BookingStatus(StrEnum):
    """``committing`` and ``compensating`` are passed through; the others last."""

    COMMITTING = "committing"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPENSATING = "compensating"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Attendee:
    """The guest; the calendar only ever sees ``alias`` (an address of ours), never ``email`` or ``phone``."""

    name: str
    language: str
    email: str | None = None
    phone: str | None = None
    alias: str = ""
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """The calendar entry of one segment; ``uid`` and ``entry_id`` are the calendar's names once it has answered.

    ``reference`` is what the entry carries in the calendar: given when it is created, kept by the calendar when it is moved.
    """

    segment: int
    staff: StaffId
    starts_at: datetime
    ends_at: datetime
    uid: str | None = None
    entry_id: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what to a booking, when and through which door; ``event`` in the past tense."""

    at: datetime
    event: str
    actor: str
    door: str
    data: dict[str, str]


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking; ``hold`` is the idempotency reference it was made from, ``sequence`` the iCalendar SEQUENCE."""

    reference: Reference
    tenant: TenantId
    conversation: ConversationId | None
    hold: HoldId
    status: BookingStatus
    plan: Plan
    attendee: Attendee
    appointments: tuple[Appointment, ...]
    created_at: datetime
    updated_at: datetime
    door: str
    sequence: int = 0
    note: str | None = None
    history: tuple[HistoryEntry, ...] = ()

    @property
    def service(self) -> ServiceId:
        """What was booked."""
        return self.plan.service

    @property
    def starts_at(self) -> datetime:
        """When the guest arrives."""
        return self.plan.starts_at

    @property
    def ends_at(self) -> datetime:
        """When the guest leaves."""
        return self.plan.ends_at

    def with_status(self, status: BookingStatus, entry: HistoryEntry) -> Booking:
        """The booking after a change of status, its history one line longer."""
        return replace(self, status=status, updated_at=entry.at, history=(*self.history, entry))
