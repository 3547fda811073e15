"""After the write: has the calendar let somebody else's entry onto our time in the same instant?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.errors import CalendarUnavailable, Refused
from booking_core.model.booking import Appointment, Booking, BookingStatus, HistoryEntry
from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Reference, StaffId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, Entry
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.notices import Notice, enqueue_message, enqueue_notice
from booking_core.services.saga_endings import OURS, OVERLAPPED, THEIRS, callback_of, entry_of

LEFT_TO_STAFF_BEFORE = timedelta(hours=3)
"""Before the appointment: the two hours that staff have for a call, and one more."""

_OVER = {BookingStatus.CANCELLED, BookingStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Overlap:
    """A foreign entry on the time of one of our appointments; ``ours_first`` tells who has the older right to it."""

    staff: StaffId
    foreign: Entry
    ours_first: bool


@dataclass(frozen=True, slots=True)
class MovedByStaff:
    """An entry of ours that staff have shifted in the calendar, which has another uid since; the times are the guest's."""

    segment: int
    entry: Entry
    moved_from: datetime
    moved_to: datetime


Finding = Overlap | MovedByStaff


@dataclass(frozen=True, slots=True)
class OverlapCheck:
    """One list call per staff member of a booking, made behind the answer.

    A foreign entry is never cancelled by us. What we have made twice ourselves (a request that was carried out after it was
    given up) is, as long as the segment's own entry is there or nobody comes any more. Where the own entry is gone, staff have moved
    it, and what is there instead may be all that the guest has: it stays.
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
    ) -> tuple[Finding, ...]:
        """Look at a confirmed booking, and write down what overlaps it and what staff have moved; nothing where it has changed since.

        ``late`` are times at which a request that was given up may have been carried out: what it has made there is removed even
        where the booking has been moved or cancelled since.
        Raises what the calendar raises, and CalendarUnavailable while the booking is being changed, to be tried again.
        """
        booking = await self._settled(tenant, reference)
        if booking is None:
            return ()
        as_checked = booking.status is BookingStatus.CONFIRMED and booking.sequence == sequence
        found: list[Finding] = []
        for staff, span in _spans_of(booking) if as_checked else late:
            entries = await self.calendar.list_entries(tenant.id, staff, span)
            found += await self._sort_out(tenant, booking, staff, entries)
            if as_checked:
                found += overlaps_of(booking, staff, entries)
        found = list(dict.fromkeys(found))
        if found:
            await self._write(tenant, booking, found)
        return tuple(found)

    async def leave_to_staff(
        self, tenant: Tenant, reference: Reference, late: Sequence[tuple[StaffId, Interval]], *, cause: str
    ) -> bool:
        """Where the time to be looked at is near, ask staff to look themselves; False where there is time to try again."""
        now = self.clock.now()
        async with self.database.write() as work:
            booking = await work.bookings.find(tenant.id, reference)
            if booking is None:
                return True
            first = min((span.starts_at for _, span in late), default=booking.starts_at)
            if now < first - LEFT_TO_STAFF_BEFORE:
                return False
            await work.callbacks.add(callback_of(booking, CallbackReason.STUCK, cause, now=now))
        return True

    async def _sort_out(
        self, tenant: Tenant, booking: Booking, staff: StaffId, entries: Sequence[Entry]
    ) -> list[MovedByStaff]:
        """Remove our entries that are one too many; what staff have moved stays and is answered."""
        extras = extras_of(booking, entries)
        if not extras:
            return []
        listed = {entry.uid for entry in entries}
        twins: list[Entry] = []
        moved: list[MovedByStaff] = []
        for extra in extras:
            own = _own_of(booking, extra)
            if booking.status in _OVER or (own is not None and await self._stands(tenant, own, listed)):
                twins.append(extra)
            elif own is not None:
                moved.append(_moved(booking, own.segment, extra))
        if await self._settled(tenant, booking.reference) != booking:
            raise CalendarUnavailable("the booking was changed in the meantime")
        for twin in twins:
            await self._remove(tenant, twin)
        return moved

    async def _remove(self, tenant: Tenant, twin: Entry) -> None:
        try:
            await self.calendar.cancel_entry(tenant.id, twin.staff, twin.uid, "Made twice")
        except Refused:
            # What has been is cancelled no more, and is in nobody's way.
            if self.clock.now() < twin.ends_at:
                raise

    async def _stands(self, tenant: Tenant, appointment: Appointment, listed: set[str]) -> bool:
        """Whether the appointment's own entry is live.

        It is asked for although the list may show it: only if it is live after the list was read, nothing in the list can be what
        it has been moved to.
        """
        uid = appointment.uid or ""
        entry = await self.calendar.get_entry(tenant.id, appointment.staff, uid)
        if entry is not None and entry.live:
            return True
        if uid in listed:
            raise CalendarUnavailable("the entry was moved in the meantime")
        return False

    async def _settled(self, tenant: Tenant, reference: Reference) -> Booking | None:
        """The booking while nobody is changing it: an entry on its way to another time would look like a twin."""
        async with self.database.read() as work:
            booking = await work.bookings.find(tenant.id, reference)
            under_way = await work.sagas.find_open(tenant.id, reference)
        if under_way is not None:
            raise CalendarUnavailable("the booking is being changed")
        return booking

    async def _write(self, tenant: Tenant, booking: Booking, found: Sequence[Finding]) -> None:
        now = self.clock.now()
        cause = f"{booking.reference}:{booking.sequence}"
        overlaps = [it for it in found if isinstance(it, Overlap)]
        moves = [it for it in found if isinstance(it, MovedByStaff)]
        async with self.database.write() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
            if current is None or current.sequence != booking.sequence:
                return
            ours_first = all(overlap.ours_first for overlap in overlaps)
            known = not overlaps or _noted(current, ours_first=ours_first)
            noted = _with_moves(current, moves, now)
            if not known:
                whose = OURS if ours_first else THEIRS
                entry = entry_of(now, OVERLAPPED, "worker", sequence=str(booking.sequence), first=whose)
                noted = noted.with_status(noted.status, entry)
            if noted is not current:
                await work.bookings.save(noted)
            if known:
                return
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


def extras_of(booking: Booking, entries: Sequence[Entry]) -> list[Entry]:
    """Live entries that carry a reference of this booking and are none of its appointments: made twice, or moved by staff."""
    ours = {appointment.uid for appointment in booking.appointments}
    return [entry for entry in entries if entry.live and entry.uid not in ours and _of_booking(booking, entry)]


def _spans_of(booking: Booking) -> list[tuple[StaffId, Interval]]:
    """For each staff member of a booking from the beginning to the end of their work."""
    spans = []
    for staff in dict.fromkeys(booking.plan.staff):
        theirs = [it.occupied for it in booking.plan.placements if it.staff == staff]
        spans.append((staff, Interval(min(it.starts_at for it in theirs), max(it.ends_at for it in theirs))))
    return spans


def _moved(booking: Booking, segment: int, entry: Entry) -> MovedByStaff:
    placement = booking.plan.placements[segment]
    by = entry.starts_at - placement.occupied.starts_at
    return MovedByStaff(segment, entry, placement.starts_at, placement.starts_at + by)


def _with_moves(booking: Booking, moves: Iterable[MovedByStaff], now: datetime) -> Booking:
    """The booking with a line of history for each move that it has none of."""
    told = {it.data.get("uid") for it in booking.history if it.event == "moved_by_staff"}
    for move in moves:
        if move.entry.uid in told:
            continue
        data = {
            "segment": str(move.segment),
            "uid": move.entry.uid,
            "from": move.moved_from.isoformat(),
            "to": move.moved_to.isoformat(),
        }
        booking = booking.with_status(
            booking.status, HistoryEntry(now, "moved_by_staff", "staff", "calendar", data)
        )
    return booking


def _of_booking(booking: Booking, entry: Entry) -> bool:
    return entry.reference is not None and entry.reference.startswith(f"{booking.hold}:")


def _own_of(booking: Booking, extra: Entry) -> Appointment | None:
    """The appointment whose reference an extra entry carries, once the calendar has named its own entry."""
    segment = (extra.reference or "").removeprefix(f"{booking.hold}:").partition(":")[0]
    named = (it for it in booking.appointments if it.uid is not None and str(it.segment) == segment)
    return next(named, None)


def _noted(booking: Booking, *, ours_first: bool) -> bool:
    """Whether it is written down already, and no better than it is: where ours had to be made anew, what came second is first."""
    return any(
        it.event == OVERLAPPED
        and it.data.get("sequence") == str(booking.sequence)
        and (ours_first or it.data.get("first") == THEIRS)
        for it in booking.history
    )
