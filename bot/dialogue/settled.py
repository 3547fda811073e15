"""What became of a question that was answered although no state tells of it: its process died, or is still at work."""

from __future__ import annotations

from dataclasses import dataclass, replace

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import TenantId
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Plan
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.booking import LIVE, OVER
from bot.dialogue.phrases import Phrases
from bot.dialogue.standing import is_called_off
from bot.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Settled:
    """The question was answered with a yes, which is carried out or (not ``done``) being carried out.

    ``plan`` is where the booking is, or will be. ``told``: a later message about it comes anyway.
    """

    kind: SagaKind
    booking: Booking
    plan: Plan
    done: bool
    told: bool = False

    def after(self, state: State) -> State:
        """The state as that yes would have left it."""
        gone = self.kind is SagaKind.CANCEL and self.done
        return replace(state.without_wish(), last_booking=None if gone else self.booking.reference)


async def find_settled(work: UnitOfWork, tenant: TenantId, state: State) -> Settled | None:
    """What became of the state's open question; None where it is still open, or where nothing came of its answer."""
    if state.task == "book":
        return await _booked(work, tenant, state)
    if state.target is None or state.expects != "confirm":
        return None
    booking = await work.bookings.find(tenant, state.target)
    if booking is None:
        return None
    change = await work.sagas.find_open(tenant, booking.reference)
    if state.task == "cancel":
        return _cancelled(booking, change)
    return _moved(booking, change, state.held.plan) if state.held is not None else None


async def _booked(work: UnitOfWork, tenant: TenantId, state: State) -> Settled | None:
    booking = await work.bookings.find_by_hold(tenant, state.held.hold) if state.held is not None else None
    if booking is None:
        return None
    if booking.status is BookingStatus.CANCELLED:
        return Settled(SagaKind.CANCEL, booking, booking.plan, done=True)
    done = booking.status is BookingStatus.CONFIRMED
    return Settled(SagaKind.BOOK, booking, booking.plan, done) if booking.status in LIVE else None


def _moved(booking: Booking, change: Saga | None, plan: Plan) -> Settled | None:
    if booking.status in OVER:
        return None
    if booking.plan == plan:
        return Settled(SagaKind.MOVE, booking, plan, done=True)
    under_way = change is not None and change.kind is SagaKind.MOVE and change.plan == plan and not change.back
    return Settled(SagaKind.MOVE, booking, plan, done=False) if under_way else None


def _cancelled(booking: Booking, change: Saga | None) -> Settled | None:
    if booking.status in OVER:
        return Settled(SagaKind.CANCEL, booking, booking.plan, done=True)
    told = is_called_off(booking)
    under_way = told or (change is not None and change.kind is SagaKind.CANCEL)
    return Settled(SagaKind.CANCEL, booking, booking.plan, done=False, told=told) if under_way else None


def settled_text(settled: Settled, say: Phrases) -> str:
    """One sentence on what became of it."""
    booking, plan = settled.booking, settled.plan
    return say.t(
        f"settled.{settled.kind.value}.{'done' if settled.done else 'open'}",
        service=say.service_of(booking),
        span=say.span(plan.starts_at, plan.ends_at),
        reference=booking.reference,
    )
