"""The journaled saga: every step in the calendar is written down before and after it, and finished or undone by whoever comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from booking_core.errors import LeaseLost
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Ids, RandomIds, Reference, TenantId
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga, SagaKind, Step, StepKind, StepState
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database, UnitOfWork
from booking_core.services.mirror import Mirror
from booking_core.services.notices import enqueue_check, enqueue_message, enqueue_notice
from booking_core.services.saga_calls import CalendarSteps, Denied, StepOutcome, Taken, Unknown
from booking_core.services.saga_endings import (
    CANCELLED,
    WITHDRAWN,
    Ending,
    callback_of,
    ending_of,
    entry_of,
    overdue,
    promise_of,
)
from booking_core.services.saga_steps import LATE, turned_back

LEASE = timedelta(seconds=60)
_FIRST_RETRY_SECONDS = 5.0
_LONGEST_RETRY_SECONDS = 300.0
_TOO_MANY_ATTEMPTS = 8
_READ_AGAIN_SECONDS = 2.0
_POLL_SECONDS = 0.1
_CLOSING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Lease:
    """A saga in our hands; ``owner`` is the token that every write of it shows."""

    saga: Saga
    owner: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The saga is closed and the booking is what it says; ``refusal`` is the calendar's reason where it turned back."""

    booking: Booking
    back: bool
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The saga stays open: somebody else has it, or the calendar does not answer. ``back``: it is certain not to come about."""

    back: bool = False


Progress = Ended | Waiting


@dataclass(frozen=True, slots=True)
class SagaRunner:
    """Opens, drives and takes over sagas. No transaction waits for the calendar.

    A turn waits for its saga as long as its deadline allows; the saga then goes on behind the answer, under the same lease.
    """

    database: Database
    calls: CalendarSteps
    mirror: Mirror
    clock: Clock
    ids: Ids = field(default_factory=RandomIds)
    _running: set[asyncio.Task[Progress]] = field(default_factory=set)

    async def close(self) -> None:
        """Let what is under way end, for a moment; what does not is taken over by the next sweep."""
        if self._running:
            await asyncio.wait(self._running, timeout=_CLOSING_SECONDS)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def open(self, work: UnitOfWork, saga: Saga) -> Lease | None:
        """Write the journal within the caller's transaction, the first steps as begun.

        None where the calendar is known to be down: the steps then wait for the sweep, and the guest gets a promise at once.
        Raises Conflict where the booking is being changed already.
        """
        owner = self.ids.token()
        real = self.clock.real()
        if self.calls.health.down(real):
            await work.sagas.add(saga, owner=owner, until=real + LEASE)
            await work.sagas.release(saga, owner=owner, due_at=real + timedelta(seconds=_FIRST_RETRY_SECONDS))
            return None
        saga = self._begun(saga)
        await work.sagas.add(saga, owner=owner, until=real + LEASE)
        return Lease(saga, owner)

    async def run(self, tenant: Tenant, booking: Booking, lease: Lease, *, deadline: float) -> Progress:
        """Drive a saga just opened, for at most ``deadline`` seconds of the caller's time."""
        return await self._behind(self._drive(tenant, booking, lease, fresh=True, heard=True), deadline)

    async def join(self, tenant: Tenant, reference: Reference, *, deadline: float) -> Progress | None:
        """Wait for the open saga of a booking, or take it over where nobody has it; None where there is none."""
        waited = 0.0
        while True:
            async with self.database.read() as work:
                saga = await work.sagas.find_open(tenant.id, reference)
            if saga is None:
                return None
            progress = await self._take_over(tenant, saga.id, deadline=deadline - waited)
            if progress is not None or waited >= deadline:
                return progress or Waiting()
            await asyncio.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS

    async def resume(self, tenant: Tenant, saga: str) -> Progress:
        """Finish or undo what was left open; Waiting where somebody has it or it has to wait for another time."""
        return await self._take_over(tenant, saga, deadline=None) or Waiting()

    async def turn_back(
        self, tenant: Tenant, reference: Reference, why: str, *, deadline: float
    ) -> Progress | None:
        """Take the making of a booking over and undo it, for at most ``deadline`` seconds; None where it is not to be had."""
        async with self.database.read() as work:
            saga = await work.sagas.find_open(tenant.id, reference)
        if saga is None or saga.kind is not SagaKind.BOOK:
            return None
        return await self._take_over(tenant, saga.id, deadline=deadline, back=why)

    async def promise(self, tenant: TenantId, reference: Reference, kind: SagaKind) -> tuple[Booking | None, bool]:
        """Note that the guest is told to wait: the booking as it is then, and whether there is anything to wait for."""
        async with self.database.write() as work:
            booking = await work.bookings.find(tenant, reference)
            saga = await work.sagas.find_open(tenant, reference)
            if booking is None or saga is None or saga.kind is not kind:
                return booking, False
            if booking.status is BookingStatus.COMPENSATING:
                return booking, False
            booking = promise_of(booking, saga, now=self.clock.now())
            await work.bookings.save(booking)
        return booking, True

    async def list_due(self, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Sagas that wait for somebody to take them over."""
        async with self.database.read() as work:
            return await work.sagas.list_due(now=self.clock.real(), limit=limit)

    async def _take_over(
        self, tenant: Tenant, saga_id: str, *, deadline: float | None, back: str | None = None
    ) -> Progress | None:
        """None where somebody else has it."""
        owner = self.ids.token()
        real = self.clock.real()
        async with self.database.write() as work:
            saga = await work.sagas.take(tenant.id, saga_id, owner=owner, now=real, until=real + LEASE)
            booking = await work.bookings.find(tenant.id, saga.booking) if saga is not None else None
        if saga is None or booking is None:
            return None
        if back is not None and not saga.back:
            saga = turned_back(saga, booking, back)
        heard = deadline is not None
        drive = self._drive(tenant, booking, Lease(saga, owner), fresh=False, heard=heard)
        return await (drive if deadline is None else self._behind(drive, deadline))

    async def _behind(self, drive: Coroutine[Any, Any, Progress], deadline: float) -> Progress:
        """What comes of it within so many seconds; after them it goes on behind the answer."""
        task = asyncio.create_task(drive)
        self._running.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=max(deadline, 0.0))
        return task.result() if done else Waiting()

    async def _drive(
        self, tenant: Tenant, booking: Booking, lease: Lease, *, fresh: bool, heard: bool
    ) -> Progress:
        """Stage after stage, until the saga ends or has to wait.

        ``fresh``: no step of it was ever tried. ``heard``: a guest waits for what comes of it.
        """
        try:
            saga = await self._stages(tenant, booking, lease.saga, lease.owner, fresh=fresh, heard=heard)
            if not saga.over:
                return Waiting(saga.back)
            return await self._end(tenant, saga, lease.owner, heard=heard)
        except LeaseLost:
            return Waiting()

    async def _stages(
        self, tenant: Tenant, booking: Booking, saga: Saga, owner: str, *, fresh: bool, heard: bool
    ) -> Saga:
        """The saga when no step is left or it was given back to wait."""
        if not fresh and not saga.back and saga.kind is not SagaKind.CANCEL and self.clock.now() >= overdue(saga):
            saga = turned_back(saga, booking, WITHDRAWN)
        while not saga.over:
            positions = saga.current
            new = {at for at in positions if saga.steps[at].state is StepState.TODO}
            if not fresh:
                saga = self._begun(saga)
                async with self.database.write() as work:
                    await work.sagas.save(saga, owner=owner, until=self.clock.real() + LEASE)
            # What undoes a step without an answer has to look, however new it is.
            untried = {at for at in (positions if fresh else new) if saga.steps[at].sure_from is None}
            fresh = False
            outcomes = await asyncio.gather(
                *(self.calls.take(tenant, booking, saga.steps[at], fresh=at in untried) for at in positions)
            )
            found = dict(zip(positions, outcomes, strict=True))
            # A cancellation does not give up before there is nothing left to cancel.
            final = saga.kind is not SagaKind.CANCEL or self.clock.now() >= saga.plan.ends_at
            for at, outcome in found.items():
                saga = saga.with_step(at, _recorded(saga.steps[at], outcome, final=final))
            denied = [outcome.reason for outcome in outcomes if isinstance(outcome, Denied)]
            if denied and not saga.back and saga.kind is not SagaKind.CANCEL:
                saga = turned_back(saga, booking, denied[0])
                continue
            if waits := [it for it in (_wait_of(outcome, final=final) for outcome in outcomes) if it is not None]:
                due_at = self.clock.real() + timedelta(seconds=max(*waits, _pause(saga)))
                # Who called off what was being made hears later that it is done; any other no is an answer at once.
                told = saga.told or (heard and saga.back and saga.why != CANCELLED)
                await self._rest(replace(saga, told=told), owner, due_at)
                return saga
        return saga

    async def _rest(self, saga: Saga, owner: str, due_at: datetime) -> None:
        """Give the saga back until it is due again; a booking that is being undone says so, and staff hear of what drags on."""
        now = self.clock.now()
        async with self.database.write() as work:
            await work.sagas.release(saga, owner=owner, due_at=due_at)
            booking = await work.bookings.find(saga.tenant, saga.booking)
            if booking is None:
                return
            undone = saga.back and saga.kind is SagaKind.BOOK
            if undone and booking.status is not BookingStatus.COMPENSATING:
                entry = entry_of(now, "compensating", "worker", reason=saga.why or "")
                await work.bookings.save(booking.with_status(BookingStatus.COMPENSATING, entry))
            if saga.attempts == _TOO_MANY_ATTEMPTS:
                await work.callbacks.add(callback_of(booking, CallbackReason.STUCK, saga.id, now=now))

    async def _end(self, tenant: Tenant, saga: Saga, owner: str, *, heard: bool) -> Progress:
        now = self.clock.now()
        async with self.database.write() as work:
            await work.sagas.close(saga, owner=owner)
            booking = await work.bookings.find(tenant.id, saga.booking)
            if booking is None:
                return Waiting()
            ending = ending_of(booking, saga, now=now, heard=heard)
            await self._write(work, ending, saga)
        await self._tell_mirror(tenant, booking, saga)
        return Ended(ending.booking, saga.back, saga.why if saga.back else None)

    async def _write(self, work: UnitOfWork, ending: Ending, saga: Saga) -> None:
        now = ending.booking.updated_at
        await work.bookings.save(ending.booking)
        await work.claims.release(saga.tenant, owner=saga.booking, keep=ending.keep)
        if ending.mail is not None:
            await enqueue_notice(work.outbox, ending.booking, ending.mail, cause=saga.id, now=now)
        if ending.message is not None:
            await enqueue_message(work.outbox, ending.booking, ending.message, cause=saga.id, now=now)
        if ending.check:
            # A request that was given up may still be carried out for a while.
            after = LATE if saga.attempts else timedelta(0)
            await enqueue_check(work.outbox, ending.booking, due_at=now + after, late=saga.attempts > 0)
        for callback in ending.callbacks:
            await work.callbacks.add(callback)

    async def _tell_mirror(self, tenant: Tenant, before: Booking, saga: Saga) -> None:
        """What the calendar would not take is busy, what it gave back is free: nobody needs to ask it first."""
        for step in saga.steps:
            if step.state is StepState.REFUSED and step.undoes is None:
                await self.mirror.refuse(tenant, step.staff, _time_of(step), deadline=_READ_AGAIN_SECONDS)
            elif step.kind is StepKind.REMOVE and step.state is StepState.DONE:
                await self.mirror.give_back(tenant, step.staff, _time_of(step))
            elif step.kind is StepKind.PLACE and step.state is StepState.DONE and step.uid is not None:
                left = before.plan.placements[step.segment] if step.undoes is None else None
                undone = saga.steps[step.undoes] if step.undoes is not None else None
                if left is not None and not saga.back:
                    await self.mirror.give_back(tenant, left.staff, left.occupied)
                elif undone is not None:
                    await self.mirror.give_back(tenant, undone.staff, _time_of(undone))

    def _begun(self, saga: Saga) -> Saga:
        """The open steps of the current stage, marked before the calendar is asked."""
        real = self.clock.real()
        for at in saga.current:
            saga = saga.with_step(at, replace(saga.steps[at], state=StepState.BEGUN, begun_at=real))
        return saga

    def _ended(self, task: asyncio.Task[Progress]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Nobody may be waiting any more; what broke is left to the sweep, which tells of it.
            task.exception()


def _recorded(step: Step, outcome: StepOutcome, *, final: bool) -> Step:
    """The step with what came of it; ``final``: a no is the end of it."""
    match outcome:
        case Taken(entry):
            uid, entry_id = (entry.uid, entry.entry_id) if entry is not None else (None, None)
            return replace(step, state=StepState.DONE, result_uid=uid, result_id=entry_id)
        case Denied(reason):
            return replace(step, state=StepState.REFUSED, reason=reason) if final else step
        case Unknown():
            return step


def _wait_of(outcome: StepOutcome, *, final: bool) -> float | None:
    """Seconds until another try."""
    match outcome:
        case Unknown(retry_after):
            return retry_after
        case Denied() if not final:
            return _LONGEST_RETRY_SECONDS
        case _:
            return None


def _pause(saga: Saga) -> float:
    """Doubling waits from five seconds up to five minutes."""
    pause: float = min(_FIRST_RETRY_SECONDS * 2 ** min(saga.attempts, 10), _LONGEST_RETRY_SECONDS)
    return pause


def _time_of(step: Step) -> Interval:
    return Interval(step.starts_at, step.ends_at)
