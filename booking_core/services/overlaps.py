"""After the write: has the calendar let somebody else's entry onto our time in the same instant?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booking_core.errors import CalendarUnavailable
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Reference, StaffId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, Entry
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.notices import Notice, enqueue_message, enqueue_notice
from booking_core.services.saga_endings import callback_of, entry_of


@dataclass(frozen=True, slots=True)
class Overlap:
    """A foreign entry on the time of one of our appointments; ``ours_first`` tells who has the older right to it."""

    staff: StaffId
    foreign: Entry
    ours_first: bool


@dataclass(frozen=True, slots=True)
class OverlapCheck:
    """One list call per staff member of a booking, made behind the answer.

    A foreign entry is never cancelled by us. What we have made twice ourselves (a request that was carried out after it was
    given up) is.
    """

    database: Database
    calendar: Calendar
    clock: Clock

    async def check(
        self,
        tenant: Tenant,
        reference: Reference,
        sequence: int,
        late: Sequence[tuple[StaffId, Interval]] = (),
    ) -> tuple[Overlap, ...]:
        """Look at a confirmed booking and write down what overlaps it; nothing where it has changed since.

        ``late`` are times at which a request that was given up may have been carried out: what it has made there is removed even
        where the booking has been moved or cancelled since.
        Raises what the calendar raises, and CalendarUnavailable while the booking is being changed, to be tried again.
        """
        booking = await self._settled(tenant, reference)
        if booking is None:
            return ()
        if booking.status is not BookingStatus.CONFIRMED or booking.sequence != sequence:
            for staff, span in late:
                entries = await self.calendar.list_entries(tenant.id, staff, span)
                await self._remove_twins(tenant, booking, staff, entries)
            return ()
        found: list[Overlap] = []
        for staff in dict.fromkeys(booking.plan.staff):
            spans = [it.occupied for it in booking.plan.placements if it.staff == staff]
            window = Interval(min(it.starts_at for it in spans), max(it.ends_at for it in spans))
            entries = await self.calendar.list_entries(tenant.id, staff, window)
            await self._remove_twins(tenant, booking, staff, entries)
            found += overlaps_of(booking, staff, entries)
        if found:
            await self._write(tenant, booking, found)
        return tuple(found)

    async def _remove_twins(
        self, tenant: Tenant, booking: Booking, staff: StaffId, entries: Sequence[Entry]
    ) -> None:
        twins = twins_of(booking, entries)
        if twins and await self._settled(tenant, booking.reference) != booking:
            raise CalendarUnavailable("the booking was changed in the meantime")
        for twin in twins:
            await self.calendar.cancel_entry(tenant.id, staff, twin.uid, "Made twice")

    async def _settled(self, tenant: Tenant, reference: Reference) -> Booking | None:
        """The booking while nobody is changing it: an entry on its way to another time would look like a twin."""
        async with self.database.read() as work:
            booking = await work.bookings.find(tenant.id, reference)
            under_way = await work.sagas.find_open(tenant.id, reference)
        if under_way is not None:
            raise CalendarUnavailable("the booking is being changed")
        return booking

    async def _write(self, tenant: Tenant, booking: Booking, found: Sequence[Overlap]) -> None:
        now = self.clock.now()
        cause = f"{booking.reference}:{booking.sequence}"
        async with self.database.write() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
            if current is None or current.sequence != booking.sequence or _noted(current, booking.sequence):
                return
            ours_first = all(overlap.ours_first for overlap in found)
            whose = "ours" if ours_first else "theirs"
            entry = entry_of(now, "overlapped", "worker", sequence=str(booking.sequence), first=whose)
            await work.bookings.save(current.with_status(current.status, entry))
            await work.callbacks.add(callback_of(current, CallbackReason.OVERLAP, cause, now=now))
            if not ours_first:
                # The guest decides: another time, or none. Until then the booking stands.
                await enqueue_message(work.outbox, current, Notice.OVERLAPPED, cause=cause, now=now)
                await enqueue_notice(work.outbox, current, Notice.OVERLAPPED, cause=cause, now=now)


def overlaps_of(booking: Booking, staff: StaffId, entries: Sequence[Entry]) -> list[Overlap]:
    """Live entries of others on our time. Ours came first where it has the older number and does not start at the same time."""
    ours = {it.uid: it for it in booking.appointments if it.uid is not None}
    found = []
    for entry in entries:
        if not entry.live or entry.uid in ours or _of_booking(booking, entry):
            continue
        for appointment in booking.appointments:
            occupied = booking.plan.placements[appointment.segment].occupied
            if appointment.staff == staff and occupied.overlaps(Interval(entry.starts_at, entry.ends_at)):
                older = appointment.entry_id is not None and appointment.entry_id < entry.entry_id
                found.append(Overlap(staff, entry, older and entry.starts_at != occupied.starts_at))
    return found


def twins_of(booking: Booking, entries: Sequence[Entry]) -> list[Entry]:
    """Live entries that carry a reference of this booking and are none of its appointments."""
    ours = {appointment.uid for appointment in booking.appointments}
    return [entry for entry in entries if entry.live and entry.uid not in ours and _of_booking(booking, entry)]


def _of_booking(booking: Booking, entry: Entry) -> bool:
    return entry.reference is not None and entry.reference.startswith(f"{booking.hold}:")


def _noted(booking: Booking, sequence: int) -> bool:
    return any(it.event == "overlapped" and it.data.get("sequence") == str(sequence) for it in booking.history)
