"""A cancellation: finished in the calendar before anybody says so, and never given up while there is something to cancel."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from booking_core.errors import Conflict
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.ids import Reference, TenantId
from booking_core.model.saga import CallOff, Saga, SagaKind
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.booking import Booked, Lost, Promised
from booking_core.services.reschedule import MovePromised
from booking_core.services.saga import LEASE, SagaRunner
from booking_core.services.saga_endings import cancellation
from booking_core.services.saga_progress import Lease
from booking_core.services.saga_steps import move_steps
from tests.support.examples import NOW, minutes
from tests.support.saga_world import (
    HookedDatabase,
    World,
    colour,
    cut,
    down,
    ignored,
    in_virtual_time,
    late,
    lost,
    refused,
    slow,
    ticks_of,
    well,
)

TOLD = [("mail", "cancelled")]
WAITED = [("mail", "cancelled"), ("message", "cancelled")]


async def cancel(world: World, booking: Booking, *, deadline: float = 7.0) -> Booking:
    return await world.cancels.cancel(world.tenant, booking, door="chat", reason="krank", deadline=deadline)


@in_virtual_time
async def test_every_entry_goes_and_is_looked_for(world: World) -> None:
    booking = await world.booked(colour())
    cancelled = await cancel(world, booking)
    assert cancelled == await world.only()
    assert (cancelled.status, cancelled.sequence) == (BookingStatus.CANCELLED, 1)
    assert (cancelled.history[-1].event, cancelled.history[-1].data) == ("cancelled", {"reason": "krank"})
    assert sorted(world.calendar.made) == ["cancel", "cancel", "find", "find"]
    assert (world.entries(), await world.claimed("anna")) == ([], [])
    assert (await world.told(), await world.callbacks(), await world.saga()) == (TOLD, [], None)
    assert world.mirror.told == [("give_back", "anna", 240, 270), ("give_back", "anna", 290, 335)]


@in_virtual_time
async def test_a_second_time_nothing_happens(world: World) -> None:
    booking = await world.booked(cut())
    cancelled = await cancel(world, booking)
    world.calendar.forget()
    assert await cancel(world, booking) == cancelled
    assert world.calendar.made == []
    assert await world.told() == TOLD


@in_virtual_time
async def test_what_was_never_made_need_not_be_cancelled(world: World) -> None:
    world.calendar.will("create", refused())
    assert await world.yes(cut()) == Lost()
    failed = await world.only()
    world.calendar.forget()
    assert await cancel(world, failed) == failed
    assert world.calendar.made == []


@in_virtual_time
async def test_an_entry_that_staff_have_moved_is_found_and_cancelled(world: World) -> None:
    booking = await world.booked(cut())
    uid = booking.appointments[0].uid
    assert uid is not None
    world.memory.move_outside(world.tenant.id, uid, NOW + minutes(60 * 24 * 3))
    cancelled = await cancel(world, booking)
    assert cancelled.status is BookingStatus.CANCELLED
    assert world.entries() == []
    assert world.calendar.made == ["cancel", "find", "cancel", "find"]


@in_virtual_time
async def test_an_entry_that_staff_have_cancelled_is_fine(world: World) -> None:
    booking = await world.booked(cut())
    uid = booking.appointments[0].uid
    assert uid is not None
    world.memory.cancel_outside(world.tenant.id, uid)
    assert (await cancel(world, booking)).status is BookingStatus.CANCELLED


@in_virtual_time
async def test_an_entry_that_the_calendar_does_not_know_is_fine(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", refused("gone"))
    world.calendar.will("find", ignored)
    assert (await cancel(world, booking, deadline=20)).status is BookingStatus.CONFIRMED, (
        "it has not been looked for"
    )
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert world.entries() == []


@in_virtual_time
async def test_a_lost_answer_is_asked_for_again(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", lost)
    standing = await cancel(world, booking)
    assert (standing.status, world.seconds) == (BookingStatus.CONFIRMED, 5)
    assert standing.history[-1].event == "promised"
    assert await world.told() == []
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert await world.told() == WAITED


@in_virtual_time
async def test_an_answer_after_the_deadline_is_told_later(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", slow(3))
    assert (await cancel(world, booking, deadline=1)).status is BookingStatus.CONFIRMED
    assert world.seconds == 1
    await asyncio.sleep(3)
    assert await world.status() is BookingStatus.CANCELLED
    assert await world.told() == WAITED


@in_virtual_time
async def test_a_calendar_known_to_be_down_is_not_waited_for(world: World) -> None:
    booking = await world.booked(cut())
    for _ in range(3):
        world.health.failed(world.clock.real())
    assert (await cancel(world, booking)).status is BookingStatus.CONFIRMED
    assert (world.seconds, world.calendar.made) == (0, [])
    assert await world.claimed("anna") == ticks_of(cut())
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert await world.told() == WAITED


@in_virtual_time
async def test_a_cancellation_is_never_withdrawn(world: World) -> None:
    booking = await world.booked(cut(600))
    world.calendar.otherwise = down
    await cancel(world, booking)
    await asyncio.sleep(9 * 3600)
    world.calendar.otherwise = well
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert world.entries() == []


@in_virtual_time
async def test_a_no_is_not_final_before_the_appointment_is_over(world: World) -> None:
    """It is tried again every five minutes; then staff hear of it, and the booking is cancelled all the same."""
    booking = await world.booked(cut(10))
    world.calendar.otherwise = refused("other")
    assert (await cancel(world, booking)).status is BookingStatus.CONFIRMED
    await asyncio.sleep(299)
    assert await world.sweep() == []
    await asyncio.sleep(1)
    assert len(await world.sweep()) == 1
    assert (await world.status(), await world.callbacks()) == (BookingStatus.CONFIRMED, [])
    await asyncio.sleep(40 * 60)
    await world.sweep()
    assert await world.status() is BookingStatus.CANCELLED
    [call] = await world.callbacks()
    assert (call.reason, call.booking) == ("stuck", booking.reference)


@in_virtual_time
async def test_a_no_that_becomes_a_yes(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", refused("other"))
    await cancel(world, booking)
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert await world.callbacks() == []


@in_virtual_time
async def test_two_cancellations_at_one_moment_are_one(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", slow(3))
    first, second = await asyncio.gather(cancel(world, booking), cancel(world, booking))
    assert first == second == await world.only()
    assert first.status is BookingStatus.CANCELLED
    assert world.calendar.made == ["cancel", "find"]
    assert await world.told() == TOLD


@in_virtual_time
async def test_a_second_cancellation_waits_for_the_first(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", slow(3))
    first = asyncio.create_task(cancel(world, booking))
    await asyncio.sleep(1)
    second = await cancel(world, booking)
    assert second.status is BookingStatus.CANCELLED
    assert await first == second
    assert world.calendar.made == ["cancel", "find"]


@in_virtual_time
async def test_a_second_cancellation_takes_up_what_waits(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", down)
    assert (await cancel(world, booking)).status is BookingStatus.CONFIRMED
    assert (await cancel(world, booking)).status is BookingStatus.CANCELLED
    assert await world.told() == WAITED


async def left_by_a_dead_process(world: World, saga: Saga) -> None:
    """Written down, begun by nobody, and its lease is over."""
    async with world.database.write() as work:
        await world.sagas.open(work, saga)
    await asyncio.sleep(LEASE.total_seconds() + 1)


@pytest.mark.parametrize(("door", "told"), [("chat", TOLD), ("admin", WAITED)])
@in_virtual_time
async def test_who_takes_up_a_cancellation_without_an_answer_hears_it(
    world: World, door: str, told: list[tuple[str, str]]
) -> None:
    booking = await world.booked(cut())
    await left_by_a_dead_process(world, cancellation(booking, CallOff("chat", "krank"), id="dead", now=NOW))
    done = await world.cancels.cancel(world.tenant, booking, door=door, reason="zu", deadline=7.0)
    assert done.status is BookingStatus.CANCELLED
    assert await world.told() == told


@in_virtual_time
async def test_a_move_without_an_answer_is_told_before_the_cancellation(world: World) -> None:
    booking = await world.booked(cut())
    plan = cut(300)
    steps = move_steps(booking, plan)
    move = Saga("dead", world.tenant.id, booking.reference, SagaKind.MOVE, plan, steps, "chat", NOW)
    await left_by_a_dead_process(world, move)
    assert (await cancel(world, booking)).status is BookingStatus.CANCELLED
    assert ("message", "moved") in await world.told()


@in_virtual_time
async def test_a_cancellation_that_still_waits_is_promised_again(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.otherwise = down
    await cancel(world, booking)
    again = await cancel(world, booking)
    assert again.status is BookingStatus.CONFIRMED
    assert [it.event for it in again.history].count("promised") == 1


@in_virtual_time
async def test_a_move_that_is_open_is_finished_and_then_cancelled(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.otherwise = down
    moving = await world.moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert isinstance(moving, MovePromised)
    waiting = await cancel(world, booking)
    assert (waiting.status, waiting.history[-1].event) == (BookingStatus.CONFIRMED, "called_off")
    world.calendar.otherwise = well
    await world.settle()
    assert [it.event for it in (await world.only()).history][-3:] == ["moved", "promised", "cancelled"]
    assert (world.entries(), await world.claimed("anna")) == ([], [])
    assert [it for it in await world.told() if it[0] == "message"] == [
        ("message", "moved"),
        ("message", "cancelled"),
    ]


@in_virtual_time
async def test_a_promised_booking_is_called_off(world: World) -> None:
    world.calendar.otherwise = down
    assert isinstance(await world.yes(cut()), Promised)
    world.calendar.otherwise = well
    await asyncio.sleep(100)
    called_off = await cancel(world, await world.only())
    assert called_off.status is BookingStatus.CANCELLED
    assert (called_off.history[-1].door, called_off.history[-1].actor) == ("chat", "guest")
    assert (world.entries(), await world.claimed("anna")) == ([], [])
    assert await world.told() == [], "there is no invitation to take back, and the guest has heard it"
    assert await world.callbacks() == []


@in_virtual_time
async def test_a_promised_booking_that_was_made_unnoticed_is_undone(world: World) -> None:
    world.calendar.will("create", late(20))
    assert isinstance(await world.yes(cut()), Promised)
    await asyncio.sleep(1)
    standing = await cancel(world, await world.only())
    assert standing.status is BookingStatus.COMPENSATING, "what was asked for may still come"
    assert await world.told() == []
    await world.settle()
    assert world.seconds >= 90
    assert await world.status() is BookingStatus.CANCELLED
    assert world.entries() == []
    assert await world.told() == []


@in_virtual_time
async def test_calling_off_twice_is_calling_off(world: World) -> None:
    world.calendar.will("create", late(20))
    await world.yes(cut())
    await asyncio.sleep(1)
    await cancel(world, await world.only())
    again = await cancel(world, await world.only())
    assert again.status is BookingStatus.COMPENSATING
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED


@in_virtual_time
async def test_what_is_being_made_this_very_moment_is_cancelled_afterwards(world: World) -> None:
    world.calendar.will("create", slow(4))
    making = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(1)
    cancelled = await cancel(world, await world.only())
    assert cancelled.status is BookingStatus.CANCELLED
    assert world.seconds < 8
    assert isinstance(await making, Booked)
    assert world.entries() == []


@in_virtual_time
async def test_whoever_cannot_wait_for_what_is_being_made_leaves_word(world: World) -> None:
    world.calendar.will("create", slow(4))
    making = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(1)
    waiting = await cancel(world, await world.only(), deadline=1)
    assert (waiting.status, waiting.history[-1].event) == (BookingStatus.COMMITTING, "called_off")
    await making
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert world.entries() == []
    assert ("message", "cancelled") in await world.told()


@in_virtual_time
async def test_word_left_for_a_booking_that_waits_is_taken_up_at_once(world: World) -> None:
    """The sweep has it in its hands while the guest calls it off."""
    world.calendar.otherwise = down
    assert isinstance(await world.yes(cut()), Promised)
    world.calendar.otherwise = slow(4.5)
    await asyncio.sleep(100)
    sweeping = asyncio.create_task(world.sweep())
    await asyncio.sleep(0.5)
    waiting = await cancel(world, await world.only(), deadline=1)
    assert waiting.history[-1].event == "called_off"
    await sweeping
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert world.entries() == []
    assert ("message", "cancelled") in await world.told()


@in_virtual_time
async def test_all_waiting_together_keeps_to_the_deadline(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.otherwise = slow(4.5)
    moving = asyncio.create_task(world.moves.move(world.tenant, booking, cut(300), conversation=None, door="chat"))
    await asyncio.sleep(0.5)
    began = world.seconds
    await cancel(world, booking)
    assert world.seconds - began <= 7.2
    await moving
    world.calendar.otherwise = well
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED


@in_virtual_time
async def test_a_business_that_cancels_is_not_the_guest(world: World) -> None:
    """The guest is told in the conversation, whatever the program has heard; staff read whose doing it was."""
    booking = await world.booked(cut())
    await world.cancels.cancel(world.tenant, booking, door="api", reason="Closed that day")
    assert await world.told() == [("mail", "cancelled"), ("message", "cancelled")]
    entry = (await world.only()).history[-1]
    assert (entry.actor, entry.door, entry.data) == ("staff", "api", {"reason": "Closed that day"})


@in_virtual_time
async def test_a_guest_without_an_address_is_told_by_message_only(world: World) -> None:
    booking = await world.booked(cut(), attendee=Attendee("Jürgen", "de"))
    world.calendar.will("cancel", slow(3))
    await cancel(world, booking, deadline=1)
    await world.settle()
    assert await world.told() == [("message", "cancelled")]
    assert await world.callbacks() == []


class Overtaken(SagaRunner):
    """Somebody else opens a saga of the same booking at the same moment."""

    __slots__ = ()

    async def open(self, work: UnitOfWork, saga: Saga) -> Lease | None:
        raise Conflict


@in_virtual_time
async def test_who_is_overtaken_by_other_changes_is_promised_it_all_the_same(world: World) -> None:
    booking = await world.booked(cut())
    runner = Overtaken(world.database, world.sagas.calls, world.mirror, world.clock, world.ids)
    cancels = replace(world.cancels, sagas=runner)
    standing = await cancels.cancel(world.tenant, booking, door="chat", reason="")
    assert world.seconds == pytest.approx(7, abs=0.2), "again and again, as long as the guest waits"
    assert (standing.status, standing.history[-1].event) == (BookingStatus.CONFIRMED, "promised")
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert await world.told() == WAITED


@in_virtual_time
async def test_the_newest_record_is_what_is_cancelled(world: World) -> None:
    """Whoever asks may know an older one."""
    booking = await world.booked(cut())
    await world.moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert (await cancel(world, booking)).sequence == 2
    assert world.entries() == []


@in_virtual_time
async def test_who_comes_a_moment_after_another_cancellation_waits_for_it(world: World) -> None:
    """It begins after the look for an open saga and before ours is written."""
    booking = await world.booked(cut())
    world.calendar.will("cancel", slow(3))
    begun: list[asyncio.Task[Booking]] = []

    async def another() -> None:
        begun.append(asyncio.create_task(cancel(world, booking)))
        await asyncio.sleep(1)

    cancels = replace(world.cancels, database=HookedDatabase(world.database, before_write=another))
    second = await cancels.cancel(world.tenant, booking, door="chat", reason="")
    assert second.status is BookingStatus.CANCELLED
    assert second == await begun[0]
    assert world.calendar.made == ["cancel", "find"]


@in_virtual_time
async def test_what_was_made_while_it_was_called_off_is_cancelled(world: World) -> None:
    world.calendar.will("create", ignored)
    await world.yes(cut())
    await asyncio.sleep(1)
    database = HookedDatabase(world.database, after_read=world.settle)
    cancels = replace(world.cancels, sagas=replace(world.sagas, database=database))
    cancelled = await cancels.cancel(world.tenant, await world.only(), door="chat", reason="")
    assert [it.event for it in cancelled.history][-2:] == ["confirmed", "cancelled"]
    assert cancelled.status is BookingStatus.CANCELLED
    assert world.entries() == []


@in_virtual_time
async def test_what_was_made_just_when_time_was_up_is_cancelled(world: World) -> None:
    """It ends between the last look of who waits and the note of the wish: nobody is left who would take that up."""
    world.calendar.will("create", slow(4))
    await world.yes(cut(), deadline=1)

    class Late(SagaRunner):
        """Looks until time is up, and then a little longer."""

        __slots__ = ()

        async def call_off(self, tenant: TenantId, reference: Reference, wish: CallOff) -> Booking | None:
            await world.settle()
            return await SagaRunner.call_off(self, tenant, reference, wish)

    runner = Late(world.database, world.sagas.calls, world.mirror, world.clock, world.ids)
    standing = await replace(world.cancels, sagas=runner).cancel(
        world.tenant, await world.only(), door="chat", reason="", deadline=1
    )
    assert [it.event for it in standing.history][-2:] == ["confirmed", "promised"]
    await world.settle()
    assert await world.status() is BookingStatus.CANCELLED
    assert ("message", "cancelled") in await world.told()
    assert world.entries() == []
