"""Booking, moving and cancelling by an exact request, as programs and the salon's own people make it: no talk, one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.availability.demand import PlanWish
from booking_core.availability.exact import is_free
from booking_core.availability.rules import Reason, Window, find_impediment
from booking_core.errors import BeingChanged, CalendarUnavailable, IllegalMove
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.ids import ConversationId, HoldId, Reference, StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import DEADLINE_SECONDS, OVER, Booked, BookingService, Lost, Promised
from booking_core.services.cancel import CancelService
from booking_core.services.deadline import Deadline
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Offers, Wish
from booking_core.services.reschedule import Moved, MovePromised, NotMoved, RescheduleService
from booking_core.services.saga_endings import home_lost, is_about_time, refusal_of

_MOMENT = timedelta(seconds=1)
_ATTEMPTS = 3
_REPETITIONS = 100


@dataclass(frozen=True, slots=True)
class BookingOrder:
    """What is to be booked. ``exact`` binds every segment's staff member and times; else the planner chooses for ``staff``."""

    service: Service
    starts_at: datetime
    attendee: Attendee
    staff: StaffId | None = None
    exact: Plan | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """It cannot be then: because of a rule, or (``reason`` None) because it is taken. The nearest plans that are possible."""

    reason: Reason | None
    nearest: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """The use case. Notice, horizon and hours hold as for guests; the deadlines of guests for changes do not.

    What has begun can neither be moved nor cancelled. Answers within ``deadline`` seconds, plus the time to read free time that
    was never read.
    """

    database: Database
    offers: Offers
    booking: BookingService
    reschedule: RescheduleService
    cancelling: CancelService
    clock: Clock
    deadline: float = DEADLINE_SECONDS

    async def book(
        self, tenant: Tenant, order: BookingOrder, *, token: str, door: str
    ) -> Booked | Promised | Unavailable:
        """Book; repeating it with the same ``token`` answers with the booking it made.

        Raises CalendarUnavailable where free time was never read and cannot be read now, or the calendar takes no bookings.
        """
        until = Deadline.within(self.deadline)
        for _ in range(_ATTEMPTS):
            hold, earlier = await self._find_earlier(tenant.id, token)
            conversation = ConversationId(f"{door}-{hold}")
            plan = earlier.plan if earlier is not None else await self._choose(tenant, order, conversation)
            if isinstance(plan, Unavailable):
                return plan
            if earlier is None:
                held = await self.booking.hold(tenant, conversation, plan, contact=None, name=hold)
                if held is None:
                    continue
            outcome = await self.booking.confirm(
                tenant,
                conversation,
                hold,
                plan,
                order.attendee,
                door=door,
                note=order.note,
                deadline=until.left,
            )
            if not isinstance(outcome, Lost):
                return outcome
            if outcome.refused:
                raise CalendarUnavailable("the calendar does not take bookings")
            break
        return await self._lost(tenant, Wish(order.service, _at(order.starts_at), order.staff))

    async def move(
        self,
        tenant: Tenant,
        booking: Booking,
        starts_at: datetime,
        staff: StaffId | None,
        *,
        door: str,
        reason: str | None = None,
    ) -> Moved | MovePromised | Unavailable:
        """Move to a start, by default with the same staff member if possible; a booking that is as wished stays as it is.

        Raises IllegalMove for one that does not take place or has begun, BeingChanged while it is being made or another change of
        it is under way.
        """
        until = Deadline.within(self.deadline)
        # What is under way may be this very change, asked for before.
        await self.reschedule.sagas.join(tenant, booking.reference, deadline=until)
        async with self.database.read() as work:
            booking = await work.bookings.find(tenant.id, booking.reference) or booking
            under_way = await work.sagas.find_open(tenant.id, booking.reference)
        if booking.status in {BookingStatus.COMMITTING, BookingStatus.PENDING}:
            raise BeingChanged("the booking is not confirmed yet")
        if booking.status is not BookingStatus.CONFIRMED:
            raise IllegalMove("only a confirmed booking can be moved")
        self._check_begun(booking)
        wish = Wish(tenant.get_service(booking.service), _at(starts_at), staff, moving=booking.reference)
        for _ in range(_ATTEMPTS):
            plan = await self._choose_for_move(tenant, wish, booking, under_way)
            if isinstance(plan, Unavailable):
                return plan
            outcome = await self.reschedule.move(
                tenant, booking, plan, conversation=None, door=door, reason=reason, deadline=until.left
            )
            if not isinstance(outcome, NotMoved):
                return outcome
            if outcome.refused:
                raise CalendarUnavailable("the calendar does not take changes")
            if outcome.booking.status is not BookingStatus.CONFIRMED:
                raise IllegalMove("the booking was changed by somebody else")
            if outcome.changed:
                raise BeingChanged
            under_way = None
        return await self._lost(tenant, wish)

    async def cancel(self, tenant: Tenant, booking: Booking, *, door: str, reason: str) -> Booking:
        """Cancel; the booking as it is then. Where its status is not in ``OVER`` it will be, behind the answer.

        Raises IllegalMove for one that has begun.
        """
        if booking.status not in OVER:
            self._check_begun(booking)
        return await self.cancelling.cancel(tenant, booking, door=door, reason=reason, deadline=self.deadline)

    async def find(self, tenant: TenantId, reference: Reference) -> Booking | None:
        """The booking of this reference."""
        async with self.database.read() as work:
            return await work.bookings.find(tenant, reference)

    async def list_between(self, tenant: TenantId, window: Interval) -> Sequence[Booking]:
        """Bookings whose start lies in the window, whatever their status, by start."""
        async with self.database.read() as work:
            return await work.bookings.list_between(tenant, window.starts_at, window.ends_at)

    async def _find_earlier(self, tenant: TenantId, token: str) -> tuple[HoldId, Booking | None]:
        """The booking that this token has made, or the name under which to make it.

        What a calendar without a key has refused leaves a booking that failed: once it is mended the next try is another booking.
        """
        hold, earlier = HoldId(token), None
        async with self.database.read() as work:
            for again in range(_REPETITIONS):
                hold = HoldId(f"{token}-{again}" if again else token)
                earlier = await work.bookings.find_by_hold(tenant, hold)
                refusal = refusal_of(earlier) if earlier is not None else None
                if refusal is None or is_about_time(refusal):
                    break
        return hold, earlier

    async def _choose(
        self, tenant: Tenant, order: BookingOrder, conversation: ConversationId
    ) -> Plan | Unavailable:
        wish = Wish(order.service, _at(order.starts_at), order.staff)
        if order.exact is not None and await self._exactly_free(tenant, order.exact, wish, conversation):
            return order.exact
        found = await self._search(tenant, wish, conversation)
        if isinstance(found, ExactlyFree) and order.exact is None:
            return found.plan
        return _unavailable(found)

    async def _exactly_free(self, tenant: Tenant, plan: Plan, wish: Wish, conversation: ConversationId) -> bool:
        now = self.clock.now()
        if find_impediment(tenant, wish.service, wish.windows[0], now, self.offers.holiday_of(tenant)):
            return False
        within = Interval(plan.starts_at, plan.starts_at + _MOMENT)
        ground = await self.offers.ground(tenant, wish, within, now=now, conversation=conversation)
        return is_free(plan, ground.free, ground.base)

    async def _choose_for_move(
        self, tenant: Tenant, wish: Wish, booking: Booking, under_way: Saga | None
    ) -> Plan | Unavailable:
        """A plan as wished; the one under way or the booking's own if it is one, which a search would find taken by itself."""
        if under_way is not None:
            if under_way.kind is SagaKind.MOVE and not under_way.back and _is_as_wished(under_way.plan, wish):
                return under_way.plan
            raise BeingChanged("another change is under way")
        if _is_as_wished(booking.plan, wish) and not home_lost(booking):
            return booking.plan
        found = await self._find_for_move(tenant, wish, booking)
        return found.plan if isinstance(found, ExactlyFree) else _unavailable(found)

    async def _find_for_move(self, tenant: Tenant, wish: Wish, booking: Booking) -> Found:
        if wish.staff is None:
            same = Wish(wish.service, wish.windows, booking.plan.staff[0], moving=wish.moving)
            found = await self._search(tenant, same)
            if isinstance(found, ExactlyFree | Impossible):
                return found
        return await self._search(tenant, wish)

    async def _search(self, tenant: Tenant, wish: Wish, conversation: ConversationId | None = None) -> Found:
        """As `Offers.search`; where only what lies around the wished time is unknown, the no comes without alternatives."""
        now = self.clock.now()
        try:
            return await self.offers.search(tenant, wish, now=now, conversation=conversation)
        except CalendarUnavailable:
            window = wish.windows[0]
            no = find_impediment(tenant, wish.service, window, now, self.offers.holiday_of(tenant))
            if no is not None:
                return Impossible(no, ())
            within = Interval(window.starts_from, window.starts_before)
            await self.offers.ground(tenant, wish, within, now=now, conversation=conversation)
            return NotFree((), exact=True)

    async def _lost(self, tenant: Tenant, wish: Wish) -> Unavailable:
        """The time is gone although it looked free: whatever else there is."""
        other = Wish(
            wish.service,
            wish.windows,
            wish.staff,
            moving=wish.moving,
            without=frozenset({wish.windows[0].starts_from}),
        )
        return _unavailable(await self._search(tenant, other))

    def _check_begun(self, booking: Booking) -> None:
        if self.clock.now() >= booking.starts_at:
            raise IllegalMove("what has begun can neither be moved nor cancelled")


def _unavailable(found: Found) -> Unavailable:
    match found:
        case ExactlyFree(plan):
            return Unavailable(None, (plan,))
        case FreeInWindow(plans):
            return Unavailable(None, plans)
        case NotFree(nearest):
            return Unavailable(None, nearest)
        case Impossible(impediment, nearest):
            return Unavailable(impediment.reason, nearest)


def _at(starts_at: datetime) -> tuple[Window, ...]:
    return (Window(starts_at, starts_at + _MOMENT, exact=True),)


def _is_as_wished(plan: Plan, wish: Wish) -> bool:
    bound = PlanWish.by(wish.service, wish.staff).bound
    same_staff = all(plan.placements[index].staff == member for index, member in bound.items())
    return same_staff and plan.starts_at == wish.windows[0].starts_from
