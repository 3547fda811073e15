"""Booking a held plan: claims first, then the calendar, then our record; a lost answer is found, never repeated blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking_core.errors import CalendarUnavailable, Conflict, HoldExpired, Refused, SlotTaken, Upstream
from booking_core.model.booking import Appointment, Attendee, Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import ConversationId, HoldId, Reference, TenantId, new_hold_id, new_reference
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, Entry, EntryRequest
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database, UnitOfWork
from booking_core.services.mirror import Mirror
from booking_core.services.notices import Notice, enqueue_notice
from booking_core.services.offers import seats_of

_LOOK_UP_SECONDS = 2.0
_LOOK_UP_STEP_SECONDS = 0.25
_READ_AGAIN_SECONDS = 2.0
_AROUND = timedelta(hours=3)
_PROMISE = timedelta(hours=2)
_PROMISE_BEFORE_START = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Booked:
    """The calendar has confirmed every segment. ``again`` marks a repeated yes to a booking that stood already."""

    booking: Booking
    again: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """The calendar has not answered in time; the time is ours and will be settled later."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody else was faster, here or in the calendar; nothing was booked."""

    limit_reached: bool = False


Confirmation = Booked | Promised | Lost


@dataclass(frozen=True, slots=True)
class BookingService:
    """Holding and confirming. ``alias_of`` makes the address under which the calendar knows a guest."""

    database: Database
    calendar: Calendar
    mirror: Mirror
    clock: Clock
    alias_of: Callable[[], str]
    write_deadline: float = 5.0
    """Seconds a calendar write may take before the guest gets a promise instead of a booking."""

    async def hold(
        self,
        tenant: Tenant,
        conversation: ConversationId,
        plan: Plan,
        *,
        contact: str | None,
        moving: Reference | None = None,
    ) -> Hold | None:
        """Hold a plan for the conversation, in place of what it held before; None when it has just been taken."""
        now = self.clock.now()
        expires_at = now + timedelta(minutes=tenant.policies.hold_minutes)
        hold = Hold(new_hold_id(), tenant.id, conversation, (plan,), expires_at)
        try:
            async with self.database.write() as work:
                await work.claims.hold(hold, contact=contact, seats=seats_of(tenant), now=now, shared_with=moving)
        except SlotTaken:
            return None
        return hold

    async def confirm(
        self,
        tenant: Tenant,
        conversation: ConversationId,
        hold: HoldId,
        plan: Plan,
        attendee: Attendee,
        *,
        door: str,
    ) -> Confirmation:
        """Book a held plan. Repeating it with the same hold answers with the booking it made."""
        committed = await self._commit(tenant, conversation, hold, plan, attendee, door=door)
        if committed is None:
            return Lost()
        booking, fresh = committed
        match booking.status:
            case BookingStatus.CONFIRMED | BookingStatus.CANCELLED:
                return Booked(booking, again=True)
            case BookingStatus.FAILED | BookingStatus.COMPENSATING:
                return Lost()
            case BookingStatus.PENDING:
                return Promised(booking)
            case BookingStatus.COMMITTING:
                return await self._write_entries(tenant, booking, fresh=fresh)

    async def _commit(
        self,
        tenant: Tenant,
        conversation: ConversationId,
        hold: HoldId,
        plan: Plan,
        attendee: Attendee,
        *,
        door: str,
    ) -> tuple[Booking, bool] | None:
        """The booking of this hold and whether it was made just now; None when its time is gone."""
        now = self.clock.now()
        seats = seats_of(tenant)
        for _ in range(3):  # a drawn reference may be in use already
            reference = new_reference()
            booking = Booking(
                reference=reference,
                tenant=tenant.id,
                conversation=conversation,
                hold=hold,
                status=BookingStatus.COMMITTING,
                plan=plan,
                attendee=attendee if attendee.alias else replace(attendee, alias=self.alias_of()),
                appointments=tuple(
                    Appointment(placement.segment, placement.staff, placement.starts_at, placement.ends_at)
                    for placement in plan.placements
                ),
                created_at=now,
                updated_at=now,
                door=door,
                history=(_entry(now, "requested", door),),
            )
            try:
                async with self.database.write() as work:
                    if earlier := await work.bookings.find_by_hold(tenant.id, hold):
                        return earlier, False
                    try:
                        await work.claims.commit(tenant.id, hold, plan, owner=reference, seats=seats, now=now)
                    except HoldExpired:
                        # The hold ran out while the guest thought about it; the time may still be free.
                        await work.claims.release_hold(tenant.id, conversation)
                        await work.claims.claim(tenant.id, plan.needs(), owner=reference, seats=seats, now=now)
                    await work.bookings.add(booking)
            except SlotTaken:
                return None
            except Conflict:
                continue
            return booking, True
        raise Conflict("no free booking reference found")

    async def _write_entries(self, tenant: Tenant, booking: Booking, *, fresh: bool) -> Confirmation:
        """Create the calendar entries of a committed booking and record what came of it.

        Unless ``fresh``, an earlier attempt may have left entries behind: each is looked for before it is created.
        """
        results = await asyncio.gather(
            *(self._entry(tenant, booking, appointment, fresh=fresh) for appointment in booking.appointments),
            return_exceptions=True,
        )
        made = [result for result in results if isinstance(result, Entry)]
        trouble = [result for result in results if isinstance(result, BaseException)]
        for error in trouble:
            if not isinstance(error, Upstream):
                raise error
        refusals = [error for error in trouble if isinstance(error, Refused)]
        if refusals:
            # An answer that is still missing may turn out to be an entry: then the sweep has to look again.
            certain = len(refusals) == len(trouble)
            if earlier := await self._undo(booking, made, refusals[0].reason, certain=certain):
                return Booked(earlier) if earlier.status is BookingStatus.CONFIRMED else Lost()
            for placement, result in zip(booking.plan.placements, results, strict=True):
                if isinstance(result, Refused):
                    await self.mirror.refuse(
                        tenant, placement.staff, placement.occupied, deadline=_READ_AGAIN_SECONDS
                    )
                elif isinstance(result, Entry):
                    await self.mirror.give_back(tenant, placement.staff, placement.occupied)
            return Lost(limit_reached=refusals[0].reason == "limit")
        if trouble:
            return Promised(await self._promise(booking))
        return Booked(await self._confirmed(booking, made))

    async def _entry(self, tenant: Tenant, booking: Booking, appointment: Appointment, *, fresh: bool) -> Entry:
        found = None if fresh else await self._look_up(tenant, booking, appointment)
        return found or await self._create(tenant, booking, appointment)

    async def _create(self, tenant: Tenant, booking: Booking, appointment: Appointment) -> Entry:
        request = entry_request(tenant, booking, appointment)
        try:
            async with asyncio.timeout(self.write_deadline):
                return await self.calendar.create_entry(request)
        except (Refused, CalendarUnavailable, TimeoutError) as trouble:
            # Either the answer was lost after the calendar committed, or the no is final. Only a look tells.
            if isinstance(trouble, Refused) and trouble.reason != "taken":
                raise
            patience = 0.0 if isinstance(trouble, Refused) else _LOOK_UP_SECONDS
            found = await self._look_again(tenant, booking, appointment, patience)
            if found:
                return found
            if isinstance(trouble, TimeoutError):
                raise CalendarUnavailable("no answer within the deadline") from trouble
            raise

    async def _look_up(self, tenant: Tenant, booking: Booking, appointment: Appointment) -> Entry | None:
        """The live calendar entry of a segment, if there is one."""
        reference = entry_request(tenant, booking, appointment).reference
        around = Interval(appointment.starts_at - _AROUND, appointment.ends_at + _AROUND)
        return await self.calendar.find_entry(
            tenant.id, appointment.staff, booking.attendee.alias, reference, around
        )

    async def _look_again(
        self, tenant: Tenant, booking: Booking, appointment: Appointment, patience: float
    ) -> Entry | None:
        """Look up for ``patience`` seconds: a committed entry shows a moment after its lost answer."""
        waited = 0.0
        while True:
            try:
                found = await self._look_up(tenant, booking, appointment)
            except Upstream:
                found = None
            if found or waited >= patience:
                return found
            await asyncio.sleep(_LOOK_UP_STEP_SECONDS)
            waited += _LOOK_UP_STEP_SECONDS

    async def _confirmed(self, booking: Booking, made: Sequence[Entry]) -> Booking:
        now = self.clock.now()
        confirmed = replace(
            booking.with_status(BookingStatus.CONFIRMED, _entry(now, "confirmed", booking.door)),
            appointments=tuple(
                replace(appointment, uid=entry.uid, entry_id=entry.entry_id)
                for appointment, entry in zip(booking.appointments, made, strict=True)
            ),
        )
        async with self.database.write() as work:
            if earlier := await _settled(work, booking):
                return earlier
            await work.bookings.save(confirmed)
            await enqueue_notice(work.outbox, confirmed, Notice.CONFIRMED, now=now)
        return confirmed

    async def _promise(self, booking: Booking) -> Booking:
        if booking.status is BookingStatus.PENDING:
            return booking
        now = self.clock.now()
        pending = booking.with_status(BookingStatus.PENDING, _entry(now, "promised", booking.door))
        async with self.database.write() as work:
            if earlier := await _settled(work, booking):
                return earlier
            await work.bookings.save(pending)
        return pending

    async def _undo(
        self, booking: Booking, made: Sequence[Entry], why: str, *, certain: bool = True
    ) -> Booking | None:
        """Cancel what was created and see that it is gone, then release the claims.

        While something stands in the calendar, or may (not ``certain``), the claims stay and the sweep tries again. Returns the
        booking where somebody else has settled it meanwhile; then nothing is undone.
        """
        async with self.database.read() as work:
            if earlier := await _settled(work, booking):
                return earlier
        gone = await asyncio.gather(*(self._cancelled(booking.tenant, entry) for entry in made))
        clean = certain and all(gone)
        now = self.clock.now()
        status, event = (BookingStatus.FAILED, "failed") if clean else (BookingStatus.COMPENSATING, "compensating")
        ended = booking.with_status(status, _entry(now, event, booking.door, reason=why))
        async with self.database.write() as work:
            if earlier := await _settled(work, booking):
                return earlier
            await work.bookings.save(ended)
            if clean:
                await work.claims.release(booking.tenant, owner=booking.reference)
        return None

    async def _cancelled(self, tenant: TenantId, entry: Entry) -> bool:
        """Cancel one entry and read it again; False while it may still stand."""
        try:
            await self.calendar.cancel_entry(tenant, entry.staff, entry.uid, "Not all parts could be booked")
            again = await self.calendar.get_entry(tenant, entry.staff, entry.uid)
        except Upstream:
            return False
        return again is None or not again.live

    async def settle(self, tenant: Tenant, booking: Booking) -> Booking | None:
        """Finish what a lost answer or a dead process left open; None when it has to wait for another time.

        A promise is withdrawn after two hours, or an hour before its start, whichever comes first.
        """
        overdue = min(booking.created_at + _PROMISE, booking.starts_at - _PROMISE_BEFORE_START)
        give_up = booking.status is BookingStatus.COMPENSATING or self.clock.now() >= overdue
        if not give_up:
            await self._write_entries(tenant, booking, fresh=False)
        else:
            try:
                left = [await self._look_up(tenant, booking, part) for part in booking.appointments]
                await self._undo(booking, [entry for entry in left if entry], "withdrawn")
            except Upstream:
                return None
        async with self.database.read() as work:
            settled = await work.bookings.find(booking.tenant, booking.reference)
        return settled if settled and settled.status not in UNSETTLED else None

    async def list_of(self, tenant: TenantId, conversation: ConversationId) -> list[Booking]:
        """The live bookings of a conversation, by start."""
        async with self.database.read() as work:
            bookings = await work.bookings.list_by_conversation(tenant, conversation)
        return [booking for booking in bookings if booking.status in LIVE]


UNSETTLED = frozenset({BookingStatus.COMMITTING, BookingStatus.PENDING, BookingStatus.COMPENSATING})
LIVE = frozenset({BookingStatus.COMMITTING, BookingStatus.PENDING, BookingStatus.CONFIRMED})


async def _settled(work: UnitOfWork, booking: Booking) -> Booking | None:
    """The booking as somebody else has settled it meanwhile (turn and sweep may meet); None while it is still open."""
    current = await work.bookings.find(booking.tenant, booking.reference)
    return current if current is not None and current.status not in UNSETTLED else None


def entry_request(tenant: Tenant, booking: Booking, appointment: Appointment) -> EntryRequest:
    """What the calendar is told about one segment: the alias, never the guest's own address."""
    return EntryRequest(
        tenant=tenant.id,
        service=booking.service,
        segment=appointment.segment,
        staff=appointment.staff,
        starts_at=booking.plan.placements[appointment.segment].occupied.starts_at,
        reference=f"{booking.hold}:{appointment.segment}:{booking.sequence}",
        booking=booking.reference,
        attendee_name=booking.attendee.name,
        attendee_alias=booking.attendee.alias,
        attendee_zone=booking.attendee.time_zone or str(tenant.zone),
        attendee_language=booking.attendee.language,
    )


def _entry(at: datetime, event: str, door: str, **data: str) -> HistoryEntry:
    return HistoryEntry(at, event, "guest" if door != "worker" else "system", door, data)
