"""Cancelling: finished in the calendar before anybody says so, then the claims are given back."""

from __future__ import annotations

from dataclasses import dataclass, field

from booking_core.errors import CalendarUnavailable, Conflict
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Ids, RandomIds
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import DEADLINE_SECONDS
from booking_core.services.saga import Ended, Lease, SagaRunner
from booking_core.services.saga_endings import CANCELLED
from booking_core.services.saga_steps import cancel_steps


@dataclass(frozen=True, slots=True)
class CancelService:
    """The use case; whether the guest may is asked before (`policies.may_change`)."""

    database: Database
    sagas: SagaRunner
    clock: Clock
    ids: Ids = field(default_factory=RandomIds)

    async def cancel(
        self, tenant: Tenant, booking: Booking, *, door: str, reason: str, deadline: float = DEADLINE_SECONDS
    ) -> Booking:
        """Remove every calendar entry, then cancel our record; repeating it changes nothing more.

        The booking as it is after ``deadline`` seconds: where its status is not ``cancelled``, the cancellation is written down,
        goes on behind the answer and does not give up. A promise that was not kept yet is withdrawn. Raises CalendarUnavailable
        while another change of the booking is under way.
        """
        async with self.database.read() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
        if current is None or current.status in {BookingStatus.CANCELLED, BookingStatus.FAILED}:
            return current or booking
        if current.status is not BookingStatus.CONFIRMED:
            current = await self._call_off(tenant, current, deadline=deadline)
            if current.status is not BookingStatus.CONFIRMED:
                return current
            # It was made while we came to undo it.
        earlier = await self.sagas.join(tenant, booking.reference, deadline=deadline)
        opened = await self._open(tenant, current, door, reason)
        if opened is None and earlier is None:
            # Somebody else has begun the same change this very moment.
            await self.sagas.join(tenant, booking.reference, deadline=deadline)
            opened = await self._open(tenant, current, door, reason)
        opened = opened or (current, None)
        if isinstance(opened, Booking):
            return opened
        current, lease = opened
        if lease is not None:
            progress = await self.sagas.run(tenant, current, lease, deadline=deadline)
            if isinstance(progress, Ended):
                return progress.booking
        stands, _ = await self.sagas.promise(tenant.id, current.reference, SagaKind.CANCEL)
        return stands or current

    async def _call_off(self, tenant: Tenant, booking: Booking, *, deadline: float) -> Booking:
        """Undo a booking that is being made."""
        progress = await self.sagas.turn_back(tenant, booking.reference, CANCELLED, deadline=deadline)
        if isinstance(progress, Ended):
            return progress.booking
        async with self.database.read() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
        if progress is None and (current is None or current.status is booking.status):
            raise CalendarUnavailable("the booking is being made this very moment")
        return current or booking

    async def _open(
        self, tenant: Tenant, booking: Booking, door: str, reason: str
    ) -> Booking | tuple[Booking, Lease | None] | None:
        now = self.clock.now()
        try:
            async with self.database.write() as work:
                current = await work.bookings.find(tenant.id, booking.reference)
                if current is None or current.status is not BookingStatus.CONFIRMED:
                    return current or booking
                under_way = await work.sagas.find_open(tenant.id, current.reference)
                if under_way is not None:
                    if under_way.kind is SagaKind.CANCEL:
                        return None
                    raise CalendarUnavailable("another change of the booking is under way")
                saga = Saga(
                    id=self.ids.token(),
                    tenant=tenant.id,
                    booking=current.reference,
                    kind=SagaKind.CANCEL,
                    plan=current.plan,
                    steps=cancel_steps(current),
                    door=door,
                    created_at=now,
                    why=reason,
                )
                return current, await self.sagas.open(work, saga)
        except Conflict as raced:
            raise CalendarUnavailable("another change of the booking is under way") from raced
