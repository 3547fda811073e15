"""Cancelling: finished in the calendar before anybody says so, then the claims are given back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from booking_core.errors import Conflict
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Ids, RandomIds
from booking_core.model.saga import CallOff, Saga, SagaKind
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import DEADLINE_SECONDS, OVER
from booking_core.services.deadline import Deadline
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_endings import cancellation
from booking_core.services.saga_progress import Ended, Lease, Progress, Waiting

_MOMENT_SECONDS = 0.05
_OVERTAKEN = 5


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

        The booking as it is after ``deadline`` seconds. Where its status is in ``OVER`` it does not take place any more: what is
        only being made is undone behind the answer. Else the wish is written down, is carried out after whatever is under way,
        and does not give up; a message follows.
        """
        until = Deadline.within(deadline)
        wish = CallOff(door, reason)
        heard = door == booking.door
        while True:
            found = await self._open(tenant, booking, wish)
            progress: Progress | None
            match found:
                case Booking():
                    return found
                case _Opened(current, lease):
                    run = self.sagas.run
                    progress = (
                        await run(tenant, current, lease, deadline=until, heard=heard) if lease else Waiting()
                    )
                case Saga(kind=SagaKind.BOOK):
                    # What is being made need not be made first.
                    turn_back = self.sagas.turn_back
                    progress = await turn_back(tenant, booking.reference, wish, deadline=until, heard=heard)
                case Saga(kind=kind):
                    same = kind is SagaKind.CANCEL and heard
                    progress = await self.sagas.join(tenant, booking.reference, deadline=until, heard=same)
                case None:
                    progress = None
                    await asyncio.sleep(_MOMENT_SECONDS)
            if isinstance(progress, Ended) and progress.booking.status in OVER:
                return progress.booking
            if until.over or isinstance(progress, Waiting):
                return await self._promise(tenant, booking, wish)

    async def _promise(self, tenant: Tenant, booking: Booking, wish: CallOff) -> Booking:
        """Time is up: what is under way goes on and ends with the cancellation, or it has just ended and is followed by one."""
        noted = await self._call_off(tenant, booking, wish)
        if noted is not None:
            return noted
        stands, _ = await self.sagas.promise(tenant.id, booking.reference, SagaKind.CANCEL)
        return stands or booking

    async def _call_off(self, tenant: Tenant, booking: Booking, wish: CallOff) -> Booking | None:
        for _ in range(_OVERTAKEN):
            with suppress(Conflict):
                return await self.sagas.call_off(tenant.id, booking.reference, wish)
            # What somebody else has begun meanwhile is what the wish is written down for.
            await asyncio.sleep(_MOMENT_SECONDS)
        return await self.sagas.call_off(tenant.id, booking.reference, wish)

    async def _open(self, tenant: Tenant, booking: Booking, wish: CallOff) -> _Opened | Saga | Booking | None:
        """The cancellation just begun, what is under way instead, or the booking that does not take place.

        None where somebody else has begun a change this very moment.
        """
        now = self.clock.now()
        try:
            async with self.database.write() as work:
                current = await work.bookings.find(tenant.id, booking.reference)
                if current is None or current.status in OVER:
                    return current or booking
                under_way = await work.sagas.find_open(tenant.id, current.reference)
                if under_way is not None or current.status is not BookingStatus.CONFIRMED:
                    return under_way or current
                saga = cancellation(current, wish, id=self.ids.token(), now=now)
                return _Opened(current, await self.sagas.open(work, saga))
        except Conflict:
            return None


@dataclass(frozen=True, slots=True)
class _Opened:
    """``lease`` is None where the calendar is known to be down."""

    booking: Booking
    lease: Lease | None
