"""Moving a booking: only the difference is claimed, the old appointment stands until the new one does."""

from __future__ import annotations

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
from booking_core.services.offers import seats_of
from booking_core.services.saga import Ended, Lease, SagaRunner
from booking_core.services.saga_steps import move_steps


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
        earlier = await self.sagas.join(tenant, booking.reference, deadline=deadline)
        opened = await self._open(tenant, booking, plan, conversation, door, reason)
        if opened is None and earlier is None:
            # Somebody else has begun the same change this very moment.
            earlier = await self.sagas.join(tenant, booking.reference, deadline=deadline)
            opened = await self._open(tenant, booking, plan, conversation, door, reason)
        opened = opened or (booking, None)
        if isinstance(opened, Moved):
            # Whoever repeats a request hears what came of it: from where he knew it to where it is.
            return Moved(opened.booking, booking.starts_at)
        if isinstance(opened, NotMoved):
            return opened
        current, lease = opened
        if lease is not None:
            progress = await self.sagas.run(tenant, current, lease, deadline=deadline)
            if isinstance(progress, Ended):
                return NotMoved(progress.booking) if progress.back else Moved(progress.booking, current.starts_at)
            if progress.back:
                return NotMoved(current)
        stands, waits = await self.sagas.promise(tenant.id, current.reference, SagaKind.MOVE)
        if stands is None or waits:
            return MovePromised(stands or current, plan)
        return Moved(stands, current.starts_at) if stands.plan == plan else NotMoved(stands)

    async def _open(
        self,
        tenant: Tenant,
        booking: Booking,
        plan: Plan,
        conversation: ConversationId | None,
        door: str,
        reason: str | None,
    ) -> NotMoved | Moved | tuple[Booking, Lease | None] | None:
        now = self.clock.now()
        try:
            async with self.database.write() as work:
                current = await work.bookings.find(tenant.id, booking.reference)
                if current is None or current.status is not BookingStatus.CONFIRMED:
                    return NotMoved(current or booking)
                under_way = await work.sagas.find_open(tenant.id, current.reference)
                if under_way is not None:
                    same = under_way.kind is SagaKind.MOVE and under_way.plan == plan and not under_way.back
                    return None if same else NotMoved(current)
                if current.plan == plan:
                    return Moved(current, current.starts_at)
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
                return current, await self.sagas.open(work, saga)
        except SlotTaken:
            return NotMoved(booking)
        except Conflict:
            return NotMoved(booking)
