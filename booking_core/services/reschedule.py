"""Moving a booking: only the difference is claimed, the old appointment stands until the new one does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from booking_core.errors import CalendarUnavailable, Refused, SlotTaken, Upstream
from booking_core.model.booking import Appointment, Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import ConversationId
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import entry_request
from booking_core.services.mirror import Mirror
from booking_core.services.notices import Notice, enqueue_notice
from booking_core.services.offers import seats_of

_READ_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Moved:
    """The booking at its new time, with the start it had before."""

    booking: Booking
    was: datetime


@dataclass(frozen=True, slots=True)
class NotMoved:
    """The new time is gone; the old appointment stands."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class RescheduleService:
    """The use case; whether the guest may is asked before (`policies.may_change`)."""

    database: Database
    calendar: Calendar
    mirror: Mirror
    clock: Clock

    async def move(
        self, tenant: Tenant, booking: Booking, plan: Plan, *, conversation: ConversationId | None, door: str
    ) -> Moved | NotMoved:
        """Move a confirmed booking to a plan of the same service.

        Raises CalendarUnavailable when the calendar does not answer; what was claimed anew is given back where the calendar
        certainly did not move, else both times stay claimed until it is settled.
        """
        now = self.clock.now()
        seats = seats_of(tenant)
        try:
            async with self.database.write() as work:
                current = await work.bookings.find(tenant.id, booking.reference)
                if current is None or current.status is not BookingStatus.CONFIRMED:
                    return NotMoved(current or booking)
                if conversation is not None:
                    await work.claims.release_hold(tenant.id, conversation)
                await work.claims.claim(tenant.id, plan.needs(), owner=current.reference, seats=seats, now=now)
        except SlotTaken:
            return NotMoved(booking)
        if current.plan == plan:
            return Moved(current, current.starts_at)
        try:
            appointments = await self._move_entries(tenant, current, plan)
        except Refused:
            for placement in plan.placements:
                await self.mirror.refuse(tenant, placement.staff, placement.occupied, deadline=_READ_AGAIN_SECONDS)
            async with self.database.write() as work:
                await work.claims.release(tenant.id, owner=current.reference, keep=current.plan.needs())
            return NotMoved(current)
        for old, new in zip(current.plan.placements, plan.placements, strict=True):
            if old != new:
                await self.mirror.give_back(tenant, old.staff, old.occupied)
        now = self.clock.now()
        entry = HistoryEntry(now, "moved", "guest", door, {"from": current.starts_at.isoformat()})
        moved = replace(
            current.with_status(BookingStatus.CONFIRMED, entry),
            plan=plan,
            appointments=appointments,
            sequence=current.sequence + 1,
        )
        async with self.database.write() as work:
            await work.bookings.save(moved)
            await work.claims.release(tenant.id, owner=current.reference, keep=plan.needs())
            await enqueue_notice(work.outbox, moved, Notice.MOVED, now=now)
        return Moved(moved, current.starts_at)

    async def _move_entries(self, tenant: Tenant, booking: Booking, plan: Plan) -> tuple[Appointment, ...]:
        """Move or replace each calendar entry; on a refusal what was moved before is moved back."""
        successor = replace(booking, plan=plan, sequence=booking.sequence + 1)
        pairs = [
            (old, Appointment(placement.segment, placement.staff, placement.starts_at, placement.ends_at))
            for old, placement in zip(booking.appointments, plan.placements, strict=True)
        ]
        # In the direction of the move, so that no segment has to pass through the old time of its sibling.
        order = reversed(pairs) if plan.starts_at > booking.starts_at else iter(pairs)
        done: dict[int, tuple[Appointment, Appointment]] = {}
        try:
            for old, new in order:
                done[old.segment] = (old, await self._move_entry(tenant, successor, old, new))
        except Refused:
            for old, new in reversed(done.values()):
                await self._move_entry(tenant, booking, new, old)
            raise
        return tuple(new for _, (_, new) in sorted(done.items()))

    async def _move_entry(
        self, tenant: Tenant, target: Booking, old: Appointment, new: Appointment
    ) -> Appointment:
        """One entry to where ``target`` has it: rescheduled with the same staff member, else made anew and the old one cancelled."""
        if old.uid is None:
            raise CalendarUnavailable("the booking is not settled yet")
        if (old.staff, old.starts_at, old.ends_at) == (new.staff, new.starts_at, new.ends_at):
            return old
        if old.staff == new.staff:
            starts_at = target.plan.placements[new.segment].occupied.starts_at
            entry = await self.calendar.move_entry(tenant.id, old.staff, old.uid, starts_at, "Moved by the guest")
            return replace(new, uid=entry.uid, entry_id=entry.entry_id)
        entry = await self.calendar.create_entry(entry_request(tenant, target, new))
        try:
            await self.calendar.cancel_entry(tenant.id, old.staff, old.uid, "Moved to a colleague")
        except Upstream:
            await self.calendar.cancel_entry(tenant.id, new.staff, entry.uid, "Could not be moved")
            raise
        return replace(new, uid=entry.uid, entry_id=entry.entry_id)
