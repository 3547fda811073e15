"""Cancelling: finished in the calendar before anybody says so, then the claims are given back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from booking_core.errors import CalendarUnavailable
from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.mirror import Mirror
from booking_core.services.notices import Notice, enqueue_notice


@dataclass(frozen=True, slots=True)
class CancelService:
    """The use case; whether the guest may is asked before (`policies.may_change`)."""

    database: Database
    calendar: Calendar
    mirror: Mirror
    clock: Clock

    async def cancel(self, tenant: Tenant, booking: Booking, *, door: str, reason: str) -> Booking:
        """Cancel every calendar entry, then our record; repeating it finishes what is left.

        Raises CalendarUnavailable while an entry may still stand; the booking then stays as it is.
        """
        async with self.database.read() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
        if current is None or current.status is BookingStatus.CANCELLED:
            return current or booking
        if current.status in {BookingStatus.COMMITTING, BookingStatus.PENDING}:
            raise CalendarUnavailable("the booking is not settled yet")
        for appointment in current.appointments:
            if appointment.uid is not None:
                await self.calendar.cancel_entry(tenant.id, appointment.staff, appointment.uid, reason)
        for placement in current.plan.placements:
            await self.mirror.give_back(tenant, placement.staff, placement.occupied)
        now = self.clock.now()
        entry = HistoryEntry(now, "cancelled", "guest", door, {"reason": reason})
        cancelled = replace(current.with_status(BookingStatus.CANCELLED, entry), sequence=current.sequence + 1)
        async with self.database.write() as work:
            await work.bookings.save(cancelled)
            await work.claims.release(tenant.id, owner=current.reference)
            await enqueue_notice(work.outbox, cancelled, Notice.CANCELLED, now=now)
        return cancelled
