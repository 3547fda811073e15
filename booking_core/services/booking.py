"""Booking a held plan: claims first, then the calendar, then our record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from booking_core.errors import Conflict, HoldExpired, SlotTaken
from booking_core.model.booking import Appointment, Attendee, Booking, BookingStatus
from booking_core.model.ids import ConversationId, HoldId, Ids, RandomIds, Reference, TenantId
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Hold, Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.deadline import Deadline
from booking_core.services.offers import seats_of
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_endings import entry_of, is_about_time, refusal_of
from booking_core.services.saga_progress import Ended, Lease
from booking_core.services.saga_steps import booking_steps, reference_of

DEADLINE_SECONDS = 7.0
"""How long a guest in a chat waits for the calendar; the answer itself has to be there within eight seconds."""


UNSETTLED = frozenset({BookingStatus.COMMITTING, BookingStatus.PENDING, BookingStatus.COMPENSATING})
LIVE = frozenset({BookingStatus.COMMITTING, BookingStatus.PENDING, BookingStatus.CONFIRMED})
OVER = frozenset({BookingStatus.COMPENSATING, BookingStatus.FAILED, BookingStatus.CANCELLED})
"""It does not take place, whatever is still to be put right in the calendar."""


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
    """Nothing was booked: somebody else was faster, here or in the calendar.

    ``refused``: the calendar would not take it for a reason that has nothing to do with time.
    """

    refused: bool = False


Confirmation = Booked | Promised | Lost


@dataclass(frozen=True, slots=True)
class BookingService:
    """Holding and confirming. ``alias_of`` makes the address under which the calendar knows a guest."""

    database: Database
    sagas: SagaRunner
    clock: Clock
    alias_of: Callable[[], str]
    ids: Ids = field(default_factory=RandomIds)

    async def hold(
        self,
        tenant: Tenant,
        conversation: ConversationId,
        plan: Plan,
        *,
        contact: str | None,
        moving: Reference | None = None,
        name: HoldId | None = None,
    ) -> Hold | None:
        """Hold a plan for the conversation, in place of what it held before; None when it has just been taken.

        ``name`` is by default drawn; whoever may have to run again gives the same one, which makes it the same booking. Raises
        TooManyHolds for a contact that keeps as many others already.
        """
        now = self.clock.now()
        expires_at = now + timedelta(minutes=tenant.policies.hold_minutes)
        hold = Hold(name or self.ids.hold(), tenant.id, conversation, (plan,), expires_at)
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
        note: str | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> Confirmation:
        """Book a held plan. Repeating it with the same hold answers with the booking it made.

        Where the calendar has not answered after ``deadline`` seconds the guest gets a promise, settled behind the answer.
        """
        until = Deadline.within(deadline)
        order = _Order(conversation, hold, plan, attendee, door, note)
        committed = await self._commit(tenant, order)
        if committed is None:
            return Lost()
        booking, lease, fresh = committed
        if lease is not None:
            progress = await self.sagas.run(tenant, booking, lease, deadline=until)
            if isinstance(progress, Ended) and not progress.back:
                return Booked(progress.booking)
            if progress.refusal is not None:
                return _lost(progress.refusal)
        elif not fresh and booking.status in UNSETTLED:
            joined = await self.sagas.join(tenant, booking.reference, deadline=until, heard=door == booking.door)
            if isinstance(joined, Ended) and joined.booking.status is BookingStatus.CONFIRMED:
                return Booked(joined.booking)
        return await self._as_it_stands(tenant, booking, fresh=fresh)

    async def list_of(self, tenant: TenantId, conversation: ConversationId) -> list[Booking]:
        """The live bookings of a conversation, by start."""
        async with self.database.read() as work:
            bookings = await work.bookings.list_by_conversation(tenant, conversation)
        return [booking for booking in bookings if booking.status in LIVE]

    async def _commit(self, tenant: Tenant, order: _Order) -> tuple[Booking, Lease | None, bool] | None:
        """The booking of this hold, our lease on its saga, and whether it was made just now; None when its time is gone."""
        now = self.clock.now()
        seats = seats_of(tenant)
        for _ in range(3):  # a drawn reference may be in use already
            booking = self._draft(tenant, order)
            saga = Saga(
                id=self.ids.token(),
                tenant=tenant.id,
                booking=booking.reference,
                kind=SagaKind.BOOK,
                plan=order.plan,
                steps=booking_steps(booking),
                door=order.door,
                created_at=now,
            )
            try:
                async with self.database.write() as work:
                    if earlier := await work.bookings.find_by_hold(tenant.id, order.hold):
                        return earlier, None, False
                    if order.plan.starts_at <= now:
                        return None
                    try:
                        await work.claims.commit(
                            tenant.id, order.hold, order.plan, owner=booking.reference, now=now
                        )
                    except HoldExpired:
                        # The hold ran out while the guest thought about it; the time may still be free.
                        await work.claims.release_hold(tenant.id, order.conversation)
                        await work.claims.claim(
                            tenant.id, order.plan.needs(), owner=booking.reference, seats=seats, now=now
                        )
                    await work.bookings.add(booking)
                    lease = await self.sagas.open(work, saga)
            except SlotTaken:
                # Where writers do not queue from the start, an earlier yes to this hold may have come in between.
                async with self.database.read() as work:
                    earlier = await work.bookings.find_by_hold(tenant.id, order.hold)
                return (earlier, None, False) if earlier else None
            except Conflict:
                continue
            return booking, lease, True
        raise Conflict("no free booking reference found")

    def _draft(self, tenant: Tenant, order: _Order) -> Booking:
        now = self.clock.now()
        attendee = order.attendee
        bare = Booking(
            reference=self.ids.reference(),
            tenant=tenant.id,
            conversation=order.conversation,
            hold=order.hold,
            status=BookingStatus.COMMITTING,
            plan=order.plan,
            attendee=attendee if attendee.alias else replace(attendee, alias=self.alias_of()),
            appointments=(),
            created_at=now,
            updated_at=now,
            door=order.door,
            note=order.note,
            history=(entry_of(now, "requested", order.door),),
        )
        return replace(
            bare,
            appointments=tuple(
                Appointment(
                    placement.segment,
                    placement.staff,
                    placement.starts_at,
                    placement.ends_at,
                    reference=reference_of(bare, placement.segment),
                )
                for placement in order.plan.placements
            ),
        )

    async def _as_it_stands(self, tenant: Tenant, booking: Booking, *, fresh: bool) -> Confirmation:
        """What a booking that is not settled by now, or was before, is to the guest."""
        current, _ = await self.sagas.promise(tenant.id, booking.reference, SagaKind.BOOK)
        match current.status if current is not None else BookingStatus.FAILED:
            case BookingStatus.CONFIRMED:
                return Booked(current or booking, again=not fresh)
            case BookingStatus.COMMITTING | BookingStatus.PENDING:
                return Promised(current or booking)
            case BookingStatus.COMPENSATING | BookingStatus.FAILED | BookingStatus.CANCELLED:
                return _lost(refusal_of(current) if current is not None else None)


def _lost(refusal: str | None) -> Lost:
    return Lost(refused=refusal is not None and not is_about_time(refusal))


@dataclass(frozen=True, slots=True)
class _Order:
    """What a yes asks for."""

    conversation: ConversationId
    hold: HoldId
    plan: Plan
    attendee: Attendee
    door: str
    note: str | None
