"""The journal and its leases: who drives a saga, for how long, when it is due again, and who takes it over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booking_core.errors import Conflict, Upstream
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Reference
from booking_core.model.saga import CallOff, Saga, SagaKind, StepState
from booking_core.services.booking import Booked, Lost, Promised
from booking_core.services.deadline import Deadline
from booking_core.services.reschedule import Moved
from booking_core.services.saga import LEASE, SagaRunner
from booking_core.services.saga_calls import CalendarSteps, StepOutcome
from booking_core.services.saga_progress import Ended, Waiting
from booking_core.services.saga_steps import cancel_steps
from tests.support.saga_world import (
    GUEST,
    HookedDatabase,
    ToldMirror,
    World,
    colour,
    cut,
    down,
    failing,
    ignored,
    in_virtual_time,
    late,
    limited,
    meanwhile,
    pieces_of,
    refused,
    slow,
    ticks_of,
    well,
)


async def due_in(world: World) -> float:
    """Seconds until the only open saga is due to somebody else."""
    for seconds in range(1200):
        async with world.database.read() as work:
            if await work.sagas.list_due(now=world.clock.real() + timedelta(seconds=seconds), limit=1):
                return seconds
    raise AssertionError("no open saga")


async def promised(world: World, plan: Any = None) -> Booking:
    """A booking that waits for a calendar which answers nothing."""
    world.calendar.otherwise = down
    assert isinstance(await world.yes(plan or cut()), Promised)
    world.calendar.forget()
    return await world.only()


@in_virtual_time
async def test_the_journal_says_begun_before_the_calendar_is_asked(world: World) -> None:
    world.calendar.will("create", slow(2), slow(2))
    making = asyncio.create_task(world.yes(colour()))
    await asyncio.sleep(1)
    saga = await world.saga()
    assert saga is not None
    assert (saga.kind, saga.plan, saga.back, saga.attempts) == (SagaKind.BOOK, colour(), False, 0)
    assert [it.state for it in saga.steps] == [StepState.BEGUN] * 2
    assert [it.begun_at for it in saga.steps] == [world.clock.real() - timedelta(seconds=1)] * 2
    assert await due_in(world) == LEASE.total_seconds() - 1
    await making


@in_virtual_time
async def test_while_somebody_drives_it_nobody_takes_it_over(world: World) -> None:
    world.calendar.will("create", slow(4))
    making = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(1)
    saga = await world.saga()
    assert saga is not None
    assert await world.sagas.resume(world.tenant, saga.id) == Waiting()
    assert await world.sweep() == []
    assert isinstance(await making, Booked)
    assert world.calendar.made == ["create"]


@in_virtual_time
async def test_after_a_minute_the_saga_of_a_dead_process_is_taken_over(world: World) -> None:
    dead = replace(world.bookings, sagas=world.another_process())
    world.calendar.will("create", slow(3600))
    making = asyncio.create_task(world.yes(cut(), bookings=dead))
    await asyncio.sleep(1)
    making.cancel()
    await dead.sagas.close()
    assert await world.status() is BookingStatus.COMMITTING
    await asyncio.sleep(60 - world.seconds - 0.5)
    assert await world.sweep() == []
    await asyncio.sleep(1)
    [ended] = await world.sweep()
    assert isinstance(ended, Ended)
    assert (ended.back, ended.refusal, ended.booking) == (False, None, await world.only())
    assert ended.booking.status is BookingStatus.CONFIRMED
    assert world.calendar.made[-2:] == ["find", "create"]
    assert await world.told() == [("mail", "confirmed"), ("message", "confirmed"), ("check_overlap", None)]


@in_virtual_time
async def test_who_has_lost_the_lease_writes_nothing_more(world: World) -> None:
    """Its answer comes after somebody else has finished the saga."""
    runner = world.another_process()
    slow_one = replace(world.bookings, sagas=replace(runner, calls=replace(runner.calls, call_seconds=600.0)))
    world.calendar.will("create", slow(100))
    making = asyncio.create_task(world.yes(cut(), bookings=slow_one))
    await asyncio.sleep(61)
    assert isinstance(making.result(), Promised)
    world.calendar.will("find", meanwhile(lambda: None))
    await world.sweep()
    settled = await world.only()
    assert settled.status is BookingStatus.CONFIRMED
    told = await world.told()
    await asyncio.sleep(60)
    assert await world.only() == settled
    assert await world.told() == told
    await slow_one.sagas.close()


@in_virtual_time
async def test_a_lease_lost_between_two_stages_stops_the_loser(world: World) -> None:
    booking = await world.booked(colour())
    thief: list[Saga | None] = []

    async def steal(call: Any) -> Any:
        answer = await call()
        saga = await world.saga()
        assert saga is not None
        async with world.database.write() as work:
            later = world.clock.real() + LEASE
            thief.append(
                await work.sagas.take(world.tenant.id, saga.id, owner="thief", now=later, until=later + LEASE)
            )
        return answer

    world.calendar.will("move", steal)
    answer = await world.moves.move(world.tenant, booking, colour(270), conversation=None, door="chat")
    assert thief[0] is not None
    assert answer.booking.plan == colour()
    assert world.calendar.made == ["move"], "the second stage is the thief's"


@pytest.mark.parametrize(
    ("attempts", "pause"), [(0, 5), (1, 10), (2, 20), (3, 40), (5, 160), (6, 300), (12, 300), (2000, 300)]
)
@in_virtual_time
async def test_the_pauses_double_up_to_five_minutes(world: World, attempts: int, pause: float) -> None:
    await promised(world)
    saga = await world.saga()
    assert saga is not None
    async with world.database.write() as work:
        for _ in range(attempts - 1):
            far = world.clock.real() + timedelta(days=1)
            assert await work.sagas.take(world.tenant.id, saga.id, owner="x", now=far, until=far)
        if attempts:
            await work.sagas.release(saga, owner="x", due_at=world.clock.real()) if attempts > 1 else None
    if attempts:
        assert await world.sagas.resume(world.tenant, saga.id) == Waiting()
    assert await due_in(world) == pause


@in_virtual_time
async def test_the_pause_that_the_calendar_asks_for_is_kept(world: World) -> None:
    world.calendar.will("create", limited(240))
    assert isinstance(await world.yes(cut()), Promised)
    assert await due_in(world) == 240


@in_virtual_time
async def test_a_saga_that_is_not_opened_in_a_known_outage_waits_five_seconds(world: World) -> None:
    for _ in range(3):
        world.health.failed(world.clock.real())
    await world.yes(cut())
    saga = await world.saga()
    assert saga is not None
    assert [it.state for it in saga.steps] == [StepState.TODO]
    assert await due_in(world) == 5


@in_virtual_time
async def test_a_step_never_tried_is_not_looked_for_even_later(world: World) -> None:
    """Nobody can have carried out what was never asked for."""
    for _ in range(3):
        world.health.failed(world.clock.real())
    await world.yes(cut())
    await world.settle()
    assert world.calendar.made == ["create"]


@in_virtual_time
async def test_a_booking_has_one_open_saga(world: World) -> None:
    booking = await world.booked(cut())
    saga = Saga(
        "s-1",
        world.tenant.id,
        booking.reference,
        SagaKind.CANCEL,
        booking.plan,
        cancel_steps(booking),
        "chat",
        world.clock.now(),
    )
    async with world.database.write() as work:
        assert await world.sagas.open(work, saga) is not None
    with pytest.raises(Conflict):
        async with world.database.write() as work:
            await world.sagas.open(work, replace(saga, id="s-2"))


@in_virtual_time
async def test_joining_where_there_is_nothing_to_wait_for(world: World) -> None:
    booking = await world.booked(cut())
    assert await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(7)) is None
    assert world.seconds == 0


@in_virtual_time
async def test_joining_waits_as_long_as_it_may(world: World) -> None:
    world.calendar.will("create", slow(4))
    making = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(0.5)
    booking = await world.only()
    assert await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(2)) == Waiting()
    assert world.seconds == pytest.approx(2.5, abs=0.15)
    assert await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(7)) is None
    assert world.seconds == pytest.approx(4, abs=0.15)
    await making


@in_virtual_time
async def test_whoever_joins_takes_over_what_nobody_has(world: World) -> None:
    booking = await promised(world)
    world.calendar.otherwise = well
    ended = await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(7))
    assert isinstance(ended, Ended)
    assert ended.booking.status is BookingStatus.CONFIRMED


@in_virtual_time
async def test_whoever_joins_waits_for_what_is_left_of_the_deadline(world: World) -> None:
    """What was waited for somebody else counts."""
    booking = await promised(world)
    world.calendar.otherwise = well
    world.calendar.will("find", slow(2.5))
    other = asyncio.create_task(world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(0)))
    await asyncio.sleep(0.01)
    began = world.seconds
    world.calendar.will("create", slow(3))
    assert await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(1)) == Waiting()
    assert world.seconds - began == pytest.approx(1, abs=0.15)
    assert await other == Waiting()
    await world.settle()


@in_virtual_time
async def test_resuming_what_is_not_open_is_waiting(world: World) -> None:
    assert await world.sagas.resume(world.tenant, "unknown") == Waiting()


@in_virtual_time
async def test_resuming_waits_to_the_end(world: World) -> None:
    await promised(world)
    world.calendar.otherwise = slow(4)
    saga = await world.saga()
    assert saga is not None
    assert isinstance(await world.sagas.resume(world.tenant, saga.id), Ended)


@in_virtual_time
async def test_only_the_making_of_a_booking_can_be_turned_back(world: World) -> None:
    booking = await world.booked(cut())
    assert (
        await world.sagas.turn_back(
            world.tenant, booking.reference, CallOff("api", "why"), deadline=Deadline.within(1)
        )
        is None
    )
    world.calendar.otherwise = down
    await world.moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert (
        await world.sagas.turn_back(
            world.tenant, booking.reference, CallOff("api", "why"), deadline=Deadline.within(1)
        )
        is None
    )
    saga = await world.saga()
    assert saga is not None
    assert not saga.back


@in_virtual_time
async def test_what_is_turned_back_says_why(world: World) -> None:
    booking = await promised(world)
    world.calendar.otherwise = well
    await asyncio.sleep(100)
    ended = await world.sagas.turn_back(
        world.tenant, booking.reference, CallOff("api", "why"), deadline=Deadline.within(7)
    )
    assert isinstance(ended, Ended)
    assert (ended.back, ended.refusal) == (True, "cancelled")
    entry = ended.booking.history[-1]
    assert (entry.actor, entry.door, entry.data) == ("staff", "api", {"reason": "why"})


@in_virtual_time
async def test_what_is_turned_back_already_keeps_its_reason_and_its_steps(world: World) -> None:
    world.calendar.will("create", late(60))
    plan = colour()
    world.theirs(plan, at=1)
    await world.yes(plan, deadline=8)
    before = await world.saga()
    assert before is not None
    waiting = await world.sagas.turn_back(
        world.tenant, before.booking, CallOff("api", "why"), deadline=Deadline.within(7)
    )
    assert waiting == Waiting(refusal="taken")
    after = await world.saga()
    assert after is not None
    assert (after.why, len(after.steps)) == ("taken", len(before.steps))


@in_virtual_time
async def test_a_promise_where_there_is_nothing_to_wait_for(world: World) -> None:
    booking = await world.booked(cut())
    assert await world.sagas.promise(world.tenant.id, booking.reference, SagaKind.BOOK) == (booking, False)
    assert await world.only() == booking
    assert await world.sagas.promise(world.tenant.id, Reference("XXXXXX"), SagaKind.BOOK) == (None, False)


@in_virtual_time
async def test_what_is_being_undone_is_not_promised(world: World) -> None:
    plan = colour()
    world.theirs(plan, at=1)
    world.calendar.will("create", late(60))
    assert await world.yes(plan, deadline=8) == Lost()
    booking = await world.only()
    assert booking.history[-1].event == "compensating"
    assert (booking.history[-1].actor, booking.history[-1].data) == ("system", {"reason": "taken"})
    assert await world.sagas.promise(world.tenant.id, booking.reference, SagaKind.BOOK) == (booking, False)
    await asyncio.sleep(10)
    await world.sweep()
    assert await world.only() == booking, "it says so once"


@in_virtual_time
async def test_the_check_waits_where_a_request_was_given_up(world: World) -> None:
    """It may still be carried out, and would be a twin."""
    await promised(world)
    world.calendar.otherwise = well
    await world.settle()
    [check] = [it for it in await world.outbox() if it.kind == "check_overlap"]
    booking = await world.only()
    assert check.due_at - booking.updated_at == timedelta(seconds=90)


@in_virtual_time
async def test_what_broke_is_left_to_the_sweep(world: World) -> None:
    """A database that fails at the end of a saga: the saga stays open, and the next one finishes it."""

    class Broken(Exception):
        pass

    class Failing:
        broken = True

        @asynccontextmanager
        async def write(self) -> AsyncIterator[Any]:
            async with world.database.write() as work:
                yield work
                if self.broken and not await work.sagas.list_due(
                    now=world.clock.real() + timedelta(days=1), limit=1
                ):
                    raise Broken

        def read(self) -> Any:
            return world.database.read()

    failing: Any = Failing()
    bookings = replace(world.bookings, sagas=replace(world.sagas, database=failing))
    with pytest.raises(Broken):
        await world.yes(cut(), bookings=bookings)
    assert await world.status() is BookingStatus.COMMITTING
    await asyncio.sleep(61)
    await world.sweep()
    assert await world.status() is BookingStatus.CONFIRMED
    assert world.entries() == pieces_of(cut())


@pytest.mark.parametrize(("seconds", "confirmed"), [(4.5, True), (60, False)])
@in_virtual_time
async def test_closing_lets_end_what_is_under_way_for_a_moment(
    world: World, seconds: float, confirmed: bool
) -> None:
    runner = replace(world.sagas, calls=replace(world.sagas.calls, call_seconds=600.0))
    bookings = replace(world.bookings, sagas=runner)
    world.calendar.will("create", slow(seconds))
    making = asyncio.create_task(world.yes(cut(), bookings=bookings))
    await asyncio.sleep(0.1)
    began = world.seconds
    await runner.close()
    assert world.seconds - began == pytest.approx(4.4 if confirmed else 5, abs=0.11)
    making.cancel()
    await asyncio.gather(making, return_exceptions=True)
    assert (await world.status() is BookingStatus.CONFIRMED) is confirmed


@in_virtual_time
async def test_closing_where_nothing_is_under_way_takes_no_time(world: World) -> None:
    await world.booked(cut())
    await world.sagas.close()
    assert world.seconds == 0


@in_virtual_time
async def test_nothing_of_what_is_over_is_kept(world: World) -> None:
    await world.booked(cut())
    assert not world.sagas._running


@in_virtual_time
async def test_due_sagas_are_listed_and_no_more_than_asked_for(world: World) -> None:
    for number in range(3):
        world.calendar.otherwise = down
        await world.yes(cut(100 + 60 * number), hold=f"h-{number}")
    await asyncio.sleep(30)
    assert len(await world.sagas.list_due(10)) == 3
    assert len(await world.sagas.list_due(2)) == 2


@in_virtual_time
async def test_a_refusal_while_undoing_is_not_the_end_of_it(world: World) -> None:
    """A key that does not work for a moment must not leave half a booking behind."""
    plan = colour()
    world.theirs(plan, at=1)
    world.calendar.will("cancel", refused("other"))
    assert await world.yes(plan) == Lost()
    assert await world.status() is BookingStatus.COMPENSATING
    await world.settle()
    assert await world.status() is BookingStatus.FAILED
    assert await world.callbacks() == []
    assert len(world.entries()) == 1


@in_virtual_time
async def test_what_is_refused_to_the_end_is_a_call_for_staff(world: World) -> None:
    plan = colour()
    world.theirs(plan, at=1)
    world.calendar.will("cancel", *[refused("other")] * 200)
    assert await world.yes(plan) == Lost()
    await world.settle(within=timedelta(hours=12))
    assert await world.status() is BookingStatus.FAILED
    assert {call.reason for call in await world.callbacks()} == {"stuck"}
    assert len(world.entries()) == 2


@in_virtual_time
async def test_a_withdrawal_is_told_while_the_calendar_is_still_down(world: World) -> None:
    await promised(world, cut(600))
    await asyncio.sleep(2 * 3600 + 300)
    await world.sweep()
    assert await world.status() is BookingStatus.COMPENSATING
    assert await world.told() == [("mail", "withdrawn"), ("message", "withdrawn")]
    world.calendar.otherwise = well
    await world.settle()
    assert await world.status() is BookingStatus.FAILED
    assert await world.told() == [("mail", "withdrawn"), ("message", "withdrawn")], "once"


@in_virtual_time
async def test_a_late_first_request_is_undone_with_what_came_after_it(world: World) -> None:
    """The second try succeeded; the first one, given up, is carried out after the booking has failed."""
    plan = colour()
    world.calendar.will("create", late(60), down)
    world.calendar.will("find", *[down] * 12)
    assert isinstance(await world.yes(plan, deadline=5), Promised)
    world.theirs(plan, at=1)
    await world.settle()
    await asyncio.sleep(120)
    assert await world.status() is BookingStatus.FAILED
    assert len(world.entries()) == 1, "only theirs"


@in_virtual_time
async def test_our_own_error_is_told_to_the_sweep_and_the_saga_rests(world: World) -> None:
    await promised(world)
    world.calendar.otherwise = failing(lambda: ValueError("a bug"))
    saga = await world.saga()
    assert saga is not None
    with pytest.raises(ValueError, match="a bug"):
        await world.sagas.resume(world.tenant, saga.id)
    assert await world.sagas.list_due(10) == []
    world.calendar.otherwise = well
    await world.settle()
    assert await world.status() is BookingStatus.CONFIRMED


@in_virtual_time
async def test_what_is_over_stays_over_where_the_mirror_breaks(world: World) -> None:
    class Broken(ToldMirror):
        __slots__ = ()

        async def give_back(self, *_: Any) -> None:
            raise OSError

    booking = await world.booked(cut())
    mirror = Broken(world.database, world.memory, world.clock)
    moves = replace(world.moves, sagas=replace(world.sagas, mirror=mirror))
    answer = await moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert isinstance(answer, Moved)


@in_virtual_time
async def test_joining_asks_to_write_less_and_less_often(world: World) -> None:
    world.calendar.will("create", slow(4))
    making = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(0.5)
    writes: list[float] = []

    async def count() -> None:
        writes.append(world.seconds)

    sagas = replace(world.sagas, database=HookedDatabase(world.database, before_write=count))
    await sagas.join(world.tenant, (await world.only()).reference, deadline=Deadline.within(3))
    assert len(writes) <= 7
    await making


@in_virtual_time
async def test_a_removal_that_is_not_confirmed_is_tried_until_it_is(world: World) -> None:
    plan = colour()
    world.theirs(plan, at=1)
    world.calendar.will("cancel", down, ignored)
    assert await world.yes(plan) == Lost()
    assert await world.status() is BookingStatus.COMPENSATING
    assert await world.claimed("anna") == ticks_of(plan)
    await world.settle()
    assert await world.status() is BookingStatus.FAILED
    assert len(world.entries()) == 1
    assert await world.told() == []


@in_virtual_time
async def test_without_time_nobody_waits(world: World) -> None:
    """What was begun goes on all the same."""
    world.calendar.will("create", slow(0.5))
    assert isinstance(await world.yes(cut(), deadline=0), Promised)
    assert world.seconds == 0
    await asyncio.sleep(1)
    assert await world.status() is BookingStatus.CONFIRMED


@in_virtual_time
async def test_whoever_takes_over_after_a_wait_waits_no_longer_than_was_allowed(world: World) -> None:
    world.calendar.will("create", slow(3600))
    dead = world.another_process()
    making = asyncio.create_task(world.yes(cut(), bookings=replace(world.bookings, sagas=dead)))
    await asyncio.sleep(1)
    for task in list(dead._running):
        task.cancel()
    making.cancel()
    booking = await world.only()
    await asyncio.sleep(58)
    world.calendar.otherwise = slow(4)
    assert await world.sagas.join(world.tenant, booking.reference, deadline=Deadline.within(3)) == Waiting()
    assert world.seconds == pytest.approx(62, abs=0.15)
    await world.settle()
    assert await world.status() is BookingStatus.CONFIRMED


@in_virtual_time
async def test_a_booking_that_is_gone_ends_its_saga_without_a_word(world: World) -> None:
    orphan = Saga("s-1", world.tenant.id, Reference("XXXXXX"), SagaKind.BOOK, cut(), (), "chat", world.clock.now())
    async with world.database.write() as work:
        await world.sagas.open(work, orphan)
    await asyncio.sleep(61)
    assert await world.sweep() == [Waiting()]
    assert await world.told() == []


@in_virtual_time
async def test_a_promise_that_waits_is_no_call_for_staff(world: World) -> None:
    """It ends by itself."""
    await promised(world, cut(600))
    saga = await world.saga()
    assert saga is not None
    for _ in range(10):
        await world.sagas.resume(world.tenant, saga.id)
    assert await world.callbacks() == []


@in_virtual_time
async def test_in_an_outage_staff_are_not_called(world: World) -> None:
    booking = await world.booked(cut(600))
    world.calendar.otherwise = down
    await world.cancels.cancel(world.tenant, booking, door="chat", reason="")
    saga = await world.saga()
    assert saga is not None
    for _ in range(10):
        for guest in ("1", "2", "3"):
            world.health.failed(world.clock.real(), guest)
        await world.sagas.resume(world.tenant, saga.id)
    assert await world.callbacks() == []


@in_virtual_time
async def test_nor_where_nobody_else_has_asked_meanwhile(world: World) -> None:
    """In a quiet salon no three guests wait for an answer; a process that has just started knows of none."""
    booking = await world.booked(cut(600))
    world.calendar.otherwise = down
    await world.cancels.cancel(world.tenant, booking, door="chat", reason="")
    for _ in range(12):
        await asyncio.sleep(300)
        await world.sweep()
    assert await world.callbacks() == []
    world.health.succeeded(world.clock.real())
    await asyncio.sleep(300)
    await world.sweep()
    assert [call.reason for call in await world.callbacks()] == ["stuck"]


@in_virtual_time
async def test_after_eight_attempts_staff_hear_of_it_once(world: World) -> None:
    booking = await world.booked(cut(600))
    world.calendar.otherwise = down
    await world.cancels.cancel(world.tenant, booking, door="chat", reason="")
    saga = await world.saga()
    assert saga is not None
    calls = []
    for _ in range(10):
        await world.sagas.resume(world.tenant, saga.id)
        calls.append(len(await world.callbacks()))
    assert calls == [0] * 7 + [1] * 3
    [call] = await world.callbacks()
    assert call.reason == "stuck"


class Stopped(CalendarSteps):
    """A process that is stopped for so many seconds between what it has written down and what it asks the calendar."""

    __slots__ = ()
    seconds = 200.0

    async def take(self, *args: Any, **kwargs: Any) -> StepOutcome:
        await asyncio.sleep(self.seconds)
        return await super().take(*args, **kwargs)


def stopped(world: World) -> SagaRunner:
    runner = world.another_process()
    calls = runner.calls
    return replace(runner, calls=Stopped(calls.calendar, calls.clock, calls.health), _running=set(), _listeners={})


@in_virtual_time
async def test_a_process_that_was_stopped_makes_nothing_that_is_cancelled_since(world: World) -> None:
    bookings = replace(world.bookings, sagas=stopped(world))
    asleep = asyncio.create_task(world.yes(cut(), bookings=bookings))
    await asyncio.sleep(LEASE.total_seconds() + 1)
    await world.cancels.cancel(world.tenant, await world.only(), door="chat", reason="krank")
    await world.settle()
    await asyncio.sleep(Stopped.seconds)
    assert (await world.status(), world.entries()) == (BookingStatus.CANCELLED, [])
    assert "create" not in world.calendar.made
    await asleep


@in_virtual_time
async def test_a_process_that_was_stopped_moves_nothing_that_was_moved_since(world: World) -> None:
    booking = await world.booked(cut())
    moves = replace(world.moves, sagas=stopped(world))
    asleep = asyncio.create_task(moves.move(world.tenant, booking, cut(300), conversation=None, door="chat"))
    await asyncio.sleep(LEASE.total_seconds() + 1)
    await world.settle()
    booking = await world.only()
    again = await world.moves.move(world.tenant, booking, cut(400), conversation=None, door="chat")
    assert isinstance(again, Moved)
    await asyncio.sleep(Stopped.seconds)
    assert world.entries() == [("anna", 400, 30)]
    await asleep


@in_virtual_time
async def test_what_was_written_down_a_while_ago_is_asked_for_once_more(world: World) -> None:
    """Nobody has taken it over: whoever comes next begins it anew."""
    runner = stopped(world)
    asleep = asyncio.create_task(world.yes(cut(), bookings=replace(world.bookings, sagas=runner)))
    await asyncio.sleep(Stopped.seconds + 1)
    assert (await asleep, world.calendar.made) == (Promised(await world.only()), [])
    await world.settle()
    assert (await world.status(), world.calendar.made) == (BookingStatus.CONFIRMED, ["find", "create"])


@pytest.mark.parametrize("act", ["book", "cancel"])
@in_virtual_time
async def test_whoever_could_not_even_be_told_to_wait_hears_what_came_of_it(world: World, act: str) -> None:
    booking = await world.booked(cut(), attendee=replace(GUEST, email=None)) if act == "cancel" else None
    hooked = HookedDatabase(world.database)
    sagas = replace(world.another_process(), database=hooked, _running=set(), _listeners={})

    async def is_busy() -> None:
        raise Upstream

    async def breaks() -> None:
        await asyncio.sleep(2.9)
        hooked.before_write = is_busy

    world.calendar.will("cancel" if booking else "create", slow(4))
    broken = asyncio.create_task(breaks())
    with pytest.raises(Upstream):
        if booking is not None:
            cancels = replace(world.cancels, sagas=sagas)
            await cancels.cancel(world.tenant, booking, door="chat", reason="krank", deadline=3)
        else:
            bookings = replace(world.bookings, sagas=sagas)
            await world.yes(cut(), bookings=bookings, attendee=replace(GUEST, email=None), deadline=3)
    await broken
    await asyncio.sleep(5)
    assert await world.status() is (BookingStatus.CANCELLED if booking else BookingStatus.CONFIRMED)
    assert ("message", "cancelled" if booking else "confirmed") in await world.told()


@in_virtual_time
async def test_whoever_hangs_up_hears_what_came_of_it(world: World) -> None:
    world.calendar.will("create", slow(4))
    waiting = asyncio.create_task(world.yes(cut(), attendee=replace(GUEST, email=None)))
    await asyncio.sleep(2)
    waiting.cancel()
    await asyncio.sleep(5)
    assert await world.status() is BookingStatus.CONFIRMED
    assert ("message", "confirmed") in await world.told()
