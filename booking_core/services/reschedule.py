"""Moving a booking: only the difference is claimed, the old appointment stands until the new one does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from booking_core.errors import Conflict, SlotTaken
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ConversationId, Ids, RandomIds
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import DEADLINE_SECONDS
from booking_core.services.deadline import Deadline
from booking_core.services.offers import seats_of
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_endings import home_lost, is_about_time
from booking_core.services.saga_progress import Ended, Lease, Waiting
from booking_core.services.saga_steps import move_steps

_MOMENT_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Moved:
    """The booking at its new time, with the start it had before."""

    booking: Booking
    was: datetime


@dataclass(frozen=True, slots=True)
class NotMoved:
    """The old appointment stands: the new time is gone or, where ``changed``, nobody looked.

    ``changed``: the booking is not confirmed (any more), or another change of it is under way. ``refused``: the calendar would not
    take it for a reason that has nothing to do with time.
    """

    booking: Booking
    changed: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class MovePromised:
    """The calendar has not answered in time; both times are ours until it is settled. ``booking`` is still at the old one."""

    booking: Booking
    plan: Plan


Rescheduling = Moved | NotMoved | MovePromised


@dataclass(frozen=True, slots=True)
class RescheduleService:
    """The use case; whether the guest may is asked before (`policies.may_change`)."""

    database: Database
    sagas: SagaRunner
    clock: Clock
    ids: Ids = field(default_factory=RandomIds)

    async def move(
        self,
        tenant: Tenant,
        booking: Booking,
        plan: Plan,
        *,
        conversation: ConversationId | None,
        door: str,
        reason: str | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> Rescheduling:
        """Move a confirmed booking to a plan of the same service; repeating it with the same plan changes nothing more.

        ``reason`` is kept in the history. Where the calendar has not answered after ``deadline`` seconds the guest gets a
        promise, settled behind the answer.
        """
        until = Deadline.within(deadline)
        heard = door == booking.door
        while True:
            found = await self._open(tenant, booking, plan, conversation, door, reason)
            match found:
                case Moved():
                    # Whoever repeats a request hears what came of it: from where he knew it to where it is.
                    return Moved(found.booking, booking.starts_at)
                case NotMoved():
                    return found
                case _Opened(current, lease):
                    if lease is None:
                        return await self._promise(tenant, current, plan)
                    progress = await self.sagas.run(tenant, current, lease, deadline=until, heard=heard)
                    stands = progress.booking if isinstance(progress, Ended) else current
                    if progress.refusal is not None:
                        return _not_moved(stands, progress.refusal)
                    if isinstance(progress, Ended):
                        return Moved(stands, current.starts_at)
                    return await self._promise(tenant, current, plan)
                case Saga():
                    same = found.kind is SagaKind.MOVE and found.plan == plan and not found.back
                    joined = await self.sagas.join(tenant, booking.reference, deadline=until, heard=same and heard)
                    if same and isinstance(joined, Ended):
                        if joined.refusal is not None:
                            return _not_moved(joined.booking, joined.refusal)
                        return Moved(joined.booking, booking.starts_at)
                    if until.over or isinstance(joined, Waiting):
                        if same:
                            return await self._promise(tenant, booking, plan)
                        return await self._changed(tenant, booking)
                case None:
                    if until.over:
                        return await self._changed(tenant, booking)
                    await asyncio.sleep(_MOMENT_SECONDS)

    async def _promise(self, tenant: Tenant, booking: Booking, plan: Plan) -> Rescheduling:
        stands, waits = await self.sagas.promise(tenant.id, booking.reference, SagaKind.MOVE, plan)
        if stands is None or waits:
            return MovePromised(stands or booking, plan)
        return Moved(stands, booking.starts_at) if stands.plan == plan else NotMoved(stands)

    async def _changed(self, tenant: Tenant, booking: Booking) -> NotMoved:
        async with self.database.read() as work:
            current = await work.bookings.find(tenant.id, booking.reference)
        return NotMoved(current or booking, changed=True)

    async def _open(
        self,
        tenant: Tenant,
        booking: Booking,
        plan: Plan,
        conversation: ConversationId | None,
        door: str,
        reason: str | None,
    ) -> _Opened | Saga | Moved | NotMoved | None:
        """The move just begun, what is under way instead, or why there is nothing to do.

        None where somebody else has begun a change this very moment.
        """
        now = self.clock.now()
        try:
            async with self.database.write() as work:
                current = await work.bookings.find(tenant.id, booking.reference)
                under_way = await work.sagas.find_open(tenant.id, booking.reference)
                if under_way is not None:
                    return under_way
                if current is None or current.status is not BookingStatus.CONFIRMED:
                    return NotMoved(current or booking, changed=True)
                if current.plan == plan:
                    return NotMoved(current) if home_lost(current) else Moved(current, current.starts_at)
                if conversation is not None:
                    await work.claims.release_hold(tenant.id, conversation)
                await work.claims.claim(
                    tenant.id, plan.needs(), owner=current.reference, seats=seats_of(tenant), now=now
                )
                saga = Saga(
                    id=self.ids.token(),
                    tenant=tenant.id,
                    booking=current.reference,
                    kind=SagaKind.MOVE,
                    plan=plan,
                    steps=move_steps(current, plan),
                    door=door,
                    created_at=now,
                    why=reason,
                )
                return _Opened(current, await self.sagas.open(work, saga))
        except SlotTaken:
            return NotMoved(booking)
        except Conflict:
            return None


def _not_moved(booking: Booking, refusal: str) -> NotMoved:
    return NotMoved(booking, refused=not is_about_time(refusal))


@dataclass(frozen=True, slots=True)
class _Opened:
    """``lease`` is None where the calendar is known to be down."""

    booking: Booking
    lease: Lease | None
