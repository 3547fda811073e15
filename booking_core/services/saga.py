"""The journaled saga: every step in the calendar is written down before and after it, and finished or undone by whoever comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from booking_core.errors import LeaseLost
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Ids, RandomIds, Reference, TenantId
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.unit_of_work import Database, UnitOfWork
from booking_core.services.deadline import Deadline
from booking_core.services.mirror import Mirror
from booking_core.services.notices import enqueue_check, enqueue_message, enqueue_notice
from booking_core.services.saga_calls import CalendarSteps, Denied, StepOutcome, Taken, Unknown
from booking_core.services.saga_endings import (
    CANCELLED,
    WITHDRAWN,
    Ending,
    Words,
    call_off_of,
    callback_of,
    called_off,
    cancellation,
    ending_of,
    entry_of,
    freed_by,
    overdue,
    promise_of,
    refused_times,
    words_of,
)
from booking_core.services.saga_progress import Ended, Lease, Progress, Waiting
from booking_core.services.saga_steps import LATE, reason_of, turned_back

LEASE = timedelta(seconds=60)
_FIRST_RETRY_SECONDS = 5.0
_LONGEST_RETRY_SECONDS = 300.0
_TOO_MANY_ATTEMPTS = 8
_LATELY = timedelta(minutes=10)
_READ_AGAIN_SECONDS = 2.0
_POLL_SECONDS = 0.1
_CLOSING_SECONDS = 5.0


@dataclass(slots=True)
class _Listener:
    """Whether the guest hears the answer; not any more once it could not be given."""

    heard: bool


@dataclass(frozen=True, slots=True)
class SagaRunner:
    """Opens, drives and takes over sagas. No transaction waits for the calendar.

    A turn waits for its saga as long as its deadline allows; the saga then goes on behind the answer, under the same lease.
    Wherever ``heard`` is asked for: whether the guest of the booking is who hears the answer, and needs no message of it.
    """

    database: Database
    calls: CalendarSteps
    mirror: Mirror
    clock: Clock
    ids: Ids = field(default_factory=RandomIds)
    _running: set[asyncio.Task[Progress]] = field(default_factory=set)
    _listeners: dict[tuple[TenantId, Reference], _Listener] = field(default_factory=dict)

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
        real = self.clock.real()
        if self.calls.health.down(real):
            await self._leave(work, saga, due_at=real + timedelta(seconds=_FIRST_RETRY_SECONDS))
            return None
        owner = self.ids.token()
        saga = self._begun(saga)
        await work.sagas.add(saga, owner=owner, until=real + LEASE)
        return Lease(saga, owner)

    async def run(
        self, tenant: Tenant, booking: Booking, lease: Lease, *, deadline: Deadline, heard: bool = True
    ) -> Progress:
        """Drive a saga just opened, while the deadline allows."""
        drive = self._drive(tenant, booking, lease, fresh=True, heard=heard)
        return await self._behind(drive, deadline, (tenant.id, booking.reference))

    async def join(
        self, tenant: Tenant, reference: Reference, *, deadline: Deadline, heard: bool = False
    ) -> Progress | None:
        """Wait for the open saga of a booking, or take it over where nobody has it; None where there is none (any more)."""
        return await self._join(tenant, reference, deadline, heard=heard)

    async def turn_back(
        self, tenant: Tenant, reference: Reference, wish: CallOff, *, deadline: Deadline, heard: bool = True
    ) -> Progress | None:
        """Take the making of a booking over and undo it; from then on it is certain not to come about.

        None where somebody else has it until the deadline, or where nothing is being made (any more).
        """
        async with self.database.read() as work:
            saga = await work.sagas.find_open(tenant.id, reference)
        if saga is None or saga.kind is not SagaKind.BOOK:
            return None
        return await self._join(tenant, reference, deadline, heard=heard, wish=wish, only=saga.id)

    async def resume(self, tenant: Tenant, saga: str) -> Progress:
        """Finish or undo what was left open; Waiting where somebody has it or it has to wait for another time.

        Raises what broke in our own code; the saga then rests for a while.
        """
        progress = await self._take_over(tenant, saga, deadline=None, heard=False)
        if isinstance(progress, Waiting) and progress.trouble is not None:
            raise progress.trouble
        return progress or Waiting()

    async def promise(
        self, tenant: TenantId, reference: Reference, kind: SagaKind, plan: Plan | None = None
    ) -> tuple[Booking | None, bool]:
        """Note that the guest is told to wait: the booking as it is then, and whether there is anything to wait for.

        Of several changes of one kind ``plan`` tells which is meant.
        """
        with self._or_unheard(tenant, reference):
            async with self.database.write() as work:
                booking = await work.bookings.find(tenant, reference)
                saga = await work.sagas.find_open(tenant, reference)
                if booking is None or saga is None or saga.kind is not kind or saga.back:
                    return booking, False
                if plan is not None and saga.plan != plan:
                    return booking, False
                if (promised := promise_of(booking, saga, now=self.clock.now())) != booking:
                    await work.bookings.save(promised)
            return promised, True

    async def call_off(self, tenant: TenantId, reference: Reference, wish: CallOff) -> Booking | None:
        """Write down that what is under way is followed by a cancellation, for whoever works on it; where nothing is, for the sweep.

        The booking as it is then: the one who asked is told to wait, unless it does not come about anyway. None where the booking is
        not known, is over, or is being cancelled already. Raises Conflict where somebody else has begun a change this very moment.
        """
        with self._or_unheard(tenant, reference):
            async with self.database.write() as work:
                booking = await work.bookings.find(tenant, reference)
                saga = await work.sagas.find_open(tenant, reference)
                if booking is None or (saga is not None and saga.kind is SagaKind.CANCEL):
                    return None
                if saga is None:
                    confirmed = booking.status is BookingStatus.CONFIRMED
                    return await self._cancel_next(work, booking, wish, self.clock.now()) if confirmed else None
                if saga.kind is SagaKind.BOOK and saga.back:
                    return booking
                if (wished := call_off_of(booking, saga, wish, now=self.clock.now())) != booking:
                    await work.bookings.save(wished)
            return wished

    async def list_due(self, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Sagas that wait for somebody to take them over."""
        async with self.database.read() as work:
            return await work.sagas.list_due(now=self.clock.real(), limit=limit)

    async def postpone(self, tenant: TenantId, saga: str, rest: timedelta) -> None:
        """Let a saga rest that is due still, as nobody could take it, so that it does not stand before all others."""
        real = self.clock.real()
        async with self.database.write() as work:
            await work.sagas.postpone(tenant, saga, now=real, due_at=real + rest)

    async def _join(
        self,
        tenant: Tenant,
        reference: Reference,
        deadline: Deadline,
        *,
        heard: bool,
        wish: CallOff | None = None,
        only: str | None = None,
    ) -> Progress | None:
        polls = 0
        while True:
            async with self.database.read() as work:
                saga = await work.sagas.find_open(tenant.id, reference)
            if saga is None or saga.id != (only or saga.id):
                return None
            # To look is cheap; to try to take it keeps other writers waiting, and is done less and less often.
            if polls & (polls - 1) == 0:
                progress = await self._take_over(tenant, saga.id, deadline=deadline, heard=heard, wish=wish)
                if progress is not None:
                    return progress
            if deadline.over:
                return None if wish is not None else Waiting(_refusal_of(saga))
            polls += 1
            await asyncio.sleep(min(_POLL_SECONDS, deadline.left))

    async def _take_over(
        self, tenant: Tenant, saga_id: str, *, deadline: Deadline | None, heard: bool, wish: CallOff | None = None
    ) -> Progress | None:
        """None where somebody else has it."""
        owner = self.ids.token()
        real = self.clock.real()
        async with self.database.write() as work:
            saga = await work.sagas.take(tenant.id, saga_id, owner=owner, now=real, until=real + LEASE)
            booking = await work.bookings.find(tenant.id, saga.booking) if saga is not None else None
            if saga is None or booking is None:
                return None
            wish = wish or called_off(booking, saga)
            if wish is not None and saga.kind is SagaKind.BOOK and not saga.back:
                saga = turned_back(saga, booking, CANCELLED, called_off=wish)
                await self._journal(work, saga, owner)
        drive = self._drive(tenant, booking, Lease(saga, owner), fresh=False, heard=heard)
        return await (drive if deadline is None else self._behind(drive, deadline, (tenant.id, booking.reference)))

    async def _behind(
        self, drive: Coroutine[Any, Any, Progress], deadline: Deadline, change: tuple[TenantId, Reference]
    ) -> Progress:
        """What comes of it before the deadline; after that it goes on behind the answer."""
        task = asyncio.create_task(drive)
        self._running.add(task)
        task.add_done_callback(self._ended)
        with self._or_unheard(*change):
            done, _ = await asyncio.wait({task}, timeout=deadline.left)
        return task.result() if done else Waiting()

    async def _drive(
        self, tenant: Tenant, booking: Booking, lease: Lease, *, fresh: bool, heard: bool
    ) -> Progress:
        """Stage after stage, until the saga ends or has to wait. ``fresh``: no step of it was ever tried."""
        key, listener = (tenant.id, booking.reference), _Listener(heard)
        self._listeners[key] = listener
        try:
            saga, trouble = await self._stages(tenant, booking, lease.saga, lease.owner, listener, fresh=fresh)
            if not saga.over:
                return Waiting(_refusal_of(saga), trouble)
            return await self._end(tenant, saga, lease.owner, listener)
        except LeaseLost:
            return Waiting()
        finally:
            if self._listeners.get(key) is listener:
                del self._listeners[key]

    @contextmanager
    def _or_unheard(self, tenant: TenantId, reference: Reference) -> Iterator[None]:
        """Whoever waited and cannot be answered is told what comes of it; so is who has hung up."""
        try:
            yield
        except (Exception, asyncio.CancelledError):
            if (listener := self._listeners.get((tenant, reference))) is not None:
                listener.heard = False
            raise

    async def _stages(
        self, tenant: Tenant, booking: Booking, saga: Saga, owner: str, listener: _Listener, *, fresh: bool
    ) -> tuple[Saga, Exception | None]:
        """The saga when no step is left or it was given back to wait, and what broke, if anything did."""
        if not fresh and not saga.back and saga.kind is not SagaKind.CANCEL and self.clock.now() >= overdue(saga):
            saga = turned_back(saga, booking, WITHDRAWN)
        while not saga.over:
            positions = saga.current
            new = {at for at in positions if saga.steps[at].state is StepState.TODO}
            if not fresh:
                saga = self._begun(saga)
                async with self.database.write() as work:
                    await self._journal(work, saga, owner)
            # What undoes a step without an answer has to look, however new it is.
            untried = {at for at in (positions if fresh else new) if saga.steps[at].sure_from is None}
            fresh = False
            outcomes = await asyncio.gather(
                *(
                    self.calls.take(
                        tenant, booking, saga.steps[at], fresh=at in untried, reason=reason_of(saga, at)
                    )
                    for at in positions
                )
            )
            now = self.clock.now()
            for at, outcome in zip(positions, outcomes, strict=True):
                over = _is_over(saga.steps[at], booking, saga, now)
                saga = saga.with_step(at, _recorded(saga, saga.steps[at], outcome, over=over))
            denied = [outcome.reason for outcome in outcomes if isinstance(outcome, Denied)]
            if denied and not saga.back and saga.kind is not SagaKind.CANCEL:
                saga = turned_back(saga, booking, denied[0])
                continue
            if waits := [
                _wait_of(outcome) for at, outcome in zip(positions, outcomes, strict=True) if saga.steps[at].open
            ]:
                due_at = self.clock.real() + timedelta(seconds=max(*waits, _pause(saga)))
                saga = await self._rest(saga, owner, due_at, listener)
                return saga, next((it.trouble for it in outcomes if isinstance(it, Unknown) and it.trouble), None)
        return saga, None

    async def _journal(self, work: UnitOfWork, saga: Saga, owner: str) -> None:
        """Write an open saga; a booking that is being undone says so from the same moment."""
        await work.sagas.save(saga, owner=owner, until=self.clock.real() + LEASE)
        if not saga.back or saga.kind is not SagaKind.BOOK:
            return
        booking = await work.bookings.find(saga.tenant, saga.booking)
        if booking is not None and booking.status is not BookingStatus.COMPENSATING:
            door, actor = (saga.called_off.door, None) if saga.called_off else (saga.door, "system")
            entry = entry_of(self.clock.now(), "compensating", door, actor=actor, reason=saga.why or "")
            await work.bookings.save(booking.with_status(BookingStatus.COMPENSATING, entry))

    async def _rest(self, saga: Saga, owner: str, due_at: datetime, listener: _Listener) -> Saga:
        """Give the saga back until it is due again.

        A guest who has to hear that nothing comes of it hears it now: to put the calendar right may take long. So do staff of
        what drags on.
        """
        now = self.clock.now()
        async with self.database.write() as work:
            await self._journal(work, saga, owner)
            booking = await work.bookings.find(saga.tenant, saga.booking)
            if booking is None:
                await work.sagas.release(saga, owner=owner, due_at=due_at)
                return saga
            wish = called_off(booking, saga)
            if wish is not None and saga.kind is SagaKind.BOOK and not saga.back:
                saga = turned_back(saga, booking, CANCELLED, called_off=wish)
                await self._journal(work, saga, owner)
                booking = await work.bookings.find(saga.tenant, saga.booking) or booking
            if saga.back and not saga.told:
                await self._tell(work, booking, words_of(booking, saga, heard=listener.heard, now=now), saga)
                saga = replace(saga, told=True)
            if saga.attempts >= _TOO_MANY_ATTEMPTS and self._drags_on(saga):
                await work.callbacks.add(callback_of(booking, CallbackReason.STUCK, saga.id, now=now))
            await work.sagas.release(saga, owner=owner, due_at=due_at)
        return saga

    def _drags_on(self, saga: Saga) -> bool:
        """Whether a person has to see to it: what is promised ends by itself, and in an outage everything waits."""
        ends_by_itself = saga.kind is not SagaKind.CANCEL and not saga.back
        real, health = self.clock.real(), self.calls.health
        return not ends_by_itself and health.answered_since(real - _LATELY) and not health.down(real)

    async def _end(self, tenant: Tenant, saga: Saga, owner: str, listener: _Listener) -> Progress:
        now = self.clock.now()
        async with self.database.write() as work:
            await work.sagas.close(saga, owner=owner)
            booking = await work.bookings.find(tenant.id, saga.booking)
            if booking is None:
                return Waiting()
            ending = ending_of(booking, saga, now=now, heard=listener.heard)
            await self._write(work, ending, saga)
            wish = called_off(booking, saga)
            if wish is not None and ending.booking.status is BookingStatus.CONFIRMED:
                ending = replace(ending, booking=await self._cancel_next(work, ending.booking, wish, now))
        # What we believe of free time is read again anyway: nothing that is done may fail because of it.
        with suppress(Exception):
            await self._tell_mirror(tenant, booking, saga)
        return Ended(ending.booking, _refusal_of(saga))

    async def _cancel_next(self, work: UnitOfWork, booking: Booking, wish: CallOff, now: datetime) -> Booking:
        """The cancellation that somebody asked for while the booking was being made or moved; the sweep carries it out."""
        saga = cancellation(booking, wish, id=self.ids.token(), now=now)
        await self._leave(work, saga, due_at=self.clock.real())
        promised = promise_of(booking, saga, now=now)
        await work.bookings.save(promised)
        return promised

    async def _leave(self, work: UnitOfWork, saga: Saga, *, due_at: datetime) -> None:
        """Write a saga that nobody has begun, for the sweep."""
        owner = self.ids.token()
        await work.sagas.add(saga, owner=owner, until=self.clock.real() + LEASE)
        await work.sagas.release(saga, owner=owner, due_at=due_at)

    async def _write(self, work: UnitOfWork, ending: Ending, saga: Saga) -> None:
        now = ending.booking.updated_at
        await work.bookings.save(ending.booking)
        await work.claims.release(saga.tenant, owner=saga.booking, keep=ending.keep)
        await self._tell(work, ending.booking, ending.words, saga)
        if ending.check:
            # A request that was given up may still be carried out for a while.
            after = LATE if saga.attempts else timedelta(0)
            await enqueue_check(
                work.outbox, ending.booking, cause=saga.id, due_at=now + after, late=saga.attempts > 0
            )
        for callback in ending.callbacks:
            await work.callbacks.add(callback)

    async def _tell(self, work: UnitOfWork, booking: Booking, words: Words, saga: Saga) -> None:
        now = self.clock.now()
        if words.mail is not None:
            await enqueue_notice(work.outbox, booking, words.mail, cause=saga.id, now=now)
        if words.message is not None:
            await enqueue_message(work.outbox, booking, words.message, cause=saga.id, now=now)
        if words.call is not None:
            await work.callbacks.add(words.call)

    async def _tell_mirror(self, tenant: Tenant, before: Booking, saga: Saga) -> None:
        """What the calendar would not take is busy, what it gave back is free: nobody needs to ask it first."""
        for staff, time in refused_times(saga):
            await self.mirror.refuse(tenant, staff, time, deadline=_READ_AGAIN_SECONDS)
        for staff, time in freed_by(saga, before):
            await self.mirror.give_back(tenant, staff, time)

    def _begun(self, saga: Saga) -> Saga:
        """The open steps of the current stage, marked before the calendar is asked."""
        real = self.clock.real()
        for at in saga.current:
            step = saga.steps[at]
            # One that was begun and is open still has had no answer.
            unanswered_at = step.begun_at if step.state is StepState.BEGUN else step.unanswered_at
            begun = replace(step, state=StepState.BEGUN, begun_at=real, unanswered_at=unanswered_at)
            saga = saga.with_step(at, begun)
        return saga

    def _ended(self, task: asyncio.Task[Progress]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Nobody may be waiting any more; what broke is left to the sweep, which tells of it.
            task.exception()


def _refusal_of(saga: Saga) -> str | None:
    """Why it is certain not to come about, once it is."""
    return saga.why or "" if saga.back else None


def _recorded(saga: Saga, step: Step, outcome: StepOutcome, *, over: bool) -> Step:
    """The step with what came of it; ``over``: there is nothing left to put right."""
    match outcome:
        case Taken(entry):
            uid, entry_id = (entry.uid, entry.entry_id) if entry is not None else (None, None)
            return replace(step, state=StepState.DONE, result_uid=uid, result_id=entry_id)
        case Denied(reason) if over or _is_final(saga, step, reason):
            return replace(step, state=StepState.REFUSED, reason=reason)
        case _:
            return step


def _is_over(step: Step, booking: Booking, saga: Saga, now: datetime) -> bool:
    """Whether there is nothing left to put right: the appointment is over, or the old time to go back to has passed."""
    if step.undoes is not None and step.kind is StepKind.PLACE:
        return now >= step.starts_at
    return now >= max(saga.plan.ends_at, booking.ends_at)


def _is_final(saga: Saga, step: Step, reason: str) -> bool:
    """What takes away or takes back does not give up because of one no, unless somebody else has the old time."""
    if step.undoes is None:
        return saga.kind is not SagaKind.CANCEL
    return step.kind is StepKind.PLACE and reason in {"taken", "gone"}


def _wait_of(outcome: StepOutcome) -> float:
    """Seconds until another try."""
    return outcome.retry_after if isinstance(outcome, Unknown) else _LONGEST_RETRY_SECONDS


def _pause(saga: Saga) -> float:
    """Doubling waits from five seconds up to five minutes."""
    pause: float = min(_FIRST_RETRY_SECONDS * 2 ** min(saga.attempts, 10), _LONGEST_RETRY_SECONDS)
    return pause
