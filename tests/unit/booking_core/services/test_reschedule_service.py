"""A move: the old time stands until the new one does, whatever the calendar answers when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.errors import Conflict, Misconfigured
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ConversationId
from booking_core.model.saga import Saga
from booking_core.model.slot import Plan
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.booking import Booked
from booking_core.services.reschedule import Moved, MovePromised, NotMoved, Rescheduling
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_progress import Lease
from tests.support.examples import NOW, minutes
from tests.support.saga_world import (
    CHAT,
    Call,
    HookedDatabase,
    World,
    colour,
    cut,
    down,
    failing,
    ignored,
    in_virtual_time,
    late,
    lost,
    pieces_of,
    plan_of,
    refused,
    slow,
    ticks_of,
    well,
)

TOLD = [("mail", "moved"), ("check_overlap", None)]
WAITED = [("mail", "moved"), ("message", "moved"), ("check_overlap", None)]
FAILED = [("mail", "not_moved"), ("message", "not_moved")]


async def move(
    world: World,
    booking: Booking,
    plan: Plan,
    *,
    deadline: float = 7.0,
    conversation: ConversationId | None = CHAT,
) -> Rescheduling:
    return await world.moves.move(
        world.tenant, booking, plan, conversation=conversation, door="chat", reason="Zahnarzt", deadline=deadline
    )


MOVES = {
    "far away": (colour(), colour(500), ["move", "move"]),
    "later onto its own time": (colour(), colour(270), ["move", "move"]),
    "earlier onto its own time": (colour(), colour(210), ["move", "move"]),
    "only one segment": (colour(), plan_of(("anna", 240, 30), ("anna", 300, 45)), ["move"]),
    "to somebody else": (cut(), cut(staff="ben"), ["create", "cancel", "find"]),
    "one segment to somebody else": (colour(), colour(second="ben"), ["create", "cancel", "find"]),
    "who does what is swapped": (
        plan_of(("anna", 240, 30), ("ben", 240, 45)),
        plan_of(("ben", 240, 30), ("anna", 240, 45)),
        ["cancel", "find", "create", "cancel", "find", "create"],
    ),
}


@pytest.mark.parametrize("name", MOVES)
@in_virtual_time
async def test_where_a_booking_can_be_moved(world: World, name: str) -> None:
    old, new, calls = MOVES[name]
    booking = await world.booked(old)
    answer = await move(world, booking, new)
    assert isinstance(answer, Moved)
    assert (answer.was, answer.booking) == (old.starts_at, await world.only())
    assert world.calendar.made == calls
    assert world.entries() == sorted(pieces_of(new), key=lambda it: (it[1], it[0]))
    moved = answer.booking
    assert (moved.plan, moved.sequence, moved.status) == (new, 1, BookingStatus.CONFIRMED)
    live = {it.uid: it for it in world.memory.entries(world.tenant.id) if it.live}
    assert {it.uid for it in moved.appointments} == set(live)
    for it in moved.appointments:
        assert it.uid is not None
        entry = live[it.uid]
        assert (it.staff, it.starts_at, it.entry_id, it.reference) == (
            entry.staff,
            entry.starts_at,
            entry.entry_id,
            entry.reference,
        )
    for staff in ("anna", "ben"):
        assert await world.claimed(staff) == sorted(ticks_of(new, staff))
    assert await world.told() == TOLD
    assert moved.history[-1].event == "moved"
    assert moved.history[-1].data == {"from": old.starts_at.isoformat(), "reason": "Zahnarzt"}
    assert await world.saga() is None


@in_virtual_time
async def test_what_was_moved_can_be_moved_again(world: World) -> None:
    booking = await world.booked(colour())
    for start in (500, 270, 240):
        answer = await move(world, booking, colour(start, second="ben"))
        assert isinstance(answer, Moved)
        booking = answer.booking
    assert booking.sequence == 3
    assert world.entries() == pieces_of(colour(240, second="ben"))


@in_virtual_time
async def test_the_mirror_hears_what_was_left(world: World) -> None:
    booking = await world.booked(colour())
    await move(world, booking, colour(500, second="ben"))
    assert world.mirror.told == [("give_back", "anna", 240, 270), ("give_back", "anna", 290, 335)]


@in_virtual_time
async def test_to_where_it_is_nothing_happens(world: World) -> None:
    booking = await world.booked(cut())
    answer = await move(world, booking, cut())
    assert answer == Moved(booking, booking.starts_at)
    assert (world.calendar.made, await world.told()) == ([], [])


@in_virtual_time
async def test_a_time_that_is_claimed_is_not_asked_for(world: World) -> None:
    booking = await world.booked(cut(), hold="h-1")
    other = await world.yes(cut(300), hold="h-2", conversation=ConversationId("c-2"))
    assert isinstance(other, Booked)
    world.calendar.forget()
    assert await move(world, booking, cut(315)) == NotMoved(booking)
    assert world.calendar.made == []
    assert await world.claimed("anna") == ticks_of(cut()) + ticks_of(cut(300))


@in_virtual_time
async def test_a_hold_of_the_same_conversation_is_no_hindrance(world: World) -> None:
    booking = await world.booked(cut())
    await world.bookings.hold(world.tenant, CHAT, cut(300), contact=None)
    assert await move(world, booking, cut(300), conversation=None) == NotMoved(booking)
    assert isinstance(await move(world, booking, cut(300)), Moved)


@in_virtual_time
async def test_a_refused_move_leaves_everything_as_it_was(world: World) -> None:
    booking = await world.booked(cut())
    theirs = world.theirs(cut(300))
    answer = await move(world, booking, cut(300))
    assert isinstance(answer, NotMoved)
    assert answer.booking == await world.only()
    assert (answer.booking.plan, answer.booking.sequence) == (booking.plan, 0)
    assert answer.booking.appointments == booking.appointments
    assert answer.booking.history[-1].event == "not_moved"
    assert answer.booking.history[-1].data == {"reason": "taken", "to": cut(300).starts_at.isoformat()}
    assert len(world.entries()) == 2
    assert theirs.live
    assert await world.claimed("anna") == ticks_of(cut())
    assert (await world.told(), await world.callbacks()) == ([], [])
    assert world.mirror.told == [("refuse", "anna", 300, 330)]


@in_virtual_time
async def test_a_refusal_in_the_second_stage_moves_the_first_back(world: World) -> None:
    """The second segment makes room first; then the first one is refused."""
    old, new = colour(), colour(270)
    booking = await world.booked(old)
    world.calendar.will("move", well, refused())
    answer = await move(world, booking, new)
    assert isinstance(answer, NotMoved)
    assert world.entries() == pieces_of(old)
    live = {it.uid for it in world.memory.entries(world.tenant.id) if it.live}
    assert {it.uid for it in answer.booking.appointments} == live, (
        "the entry that went there and back has another name"
    )
    assert await world.claimed("anna") == ticks_of(old)
    assert world.mirror.told == [("refuse", "anna", 270, 300), ("give_back", "anna", 320, 365)]


@in_virtual_time
async def test_a_refused_swap_puts_back_what_had_to_leave_first(world: World) -> None:
    old, new, _ = MOVES["who does what is swapped"]
    booking = await world.booked(old)
    world.calendar.will("create", refused())
    answer = await move(world, booking, new)
    assert isinstance(answer, NotMoved)
    assert world.entries() == pieces_of(old)
    live = {it.uid: it.reference for it in world.memory.entries(world.tenant.id) if it.live}
    assert {it.uid: it.reference for it in answer.booking.appointments} == live


@in_virtual_time
async def test_what_cannot_be_moved_back_is_a_call_for_staff(world: World) -> None:
    booking = await world.booked(colour())
    world.calendar.will("move", well, refused(), refused())
    assert isinstance(await move(world, booking, colour(270)), NotMoved)
    [call] = await world.callbacks()
    assert (call.reason, call.booking) == ("stuck", booking.reference)
    live = {it.uid for it in world.memory.entries(world.tenant.id) if it.live}
    assert {it.uid for it in (await world.only()).appointments} == live, "it is known where it has got to"


@in_virtual_time
async def test_a_lost_answer_is_found_again(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", lost)
    answer = await move(world, booking, cut(300))
    assert isinstance(answer, Moved)
    assert (world.seconds, world.calendar.made) == (5, ["move", "find"])
    assert world.entries() == pieces_of(cut(300))


@in_virtual_time
async def test_what_staff_have_moved_meanwhile_is_found_under_its_new_name(world: World) -> None:
    booking = await world.booked(cut())
    uid = booking.appointments[0].uid
    assert uid is not None
    world.memory.move_outside(world.tenant.id, uid, NOW + minutes(400))
    answer = await move(world, booking, cut(300))
    assert isinstance(answer, Moved)
    assert world.calendar.made == ["move", "find", "move"]
    assert world.entries() == pieces_of(cut(300))


@in_virtual_time
async def test_without_an_answer_both_times_are_kept_and_the_guest_told_later(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", ignored)
    answer = await move(world, booking, cut(300))
    assert isinstance(answer, MovePromised)
    assert (answer.plan, answer.booking.plan) == (cut(300), cut())
    assert answer.booking.status is BookingStatus.CONFIRMED
    assert answer.booking.history[-1].event == "promised"
    assert await world.claimed("anna") == ticks_of(cut()) + ticks_of(cut(300))
    assert await world.told() == []
    await world.settle()
    moved = await world.only()
    assert (moved.plan, moved.sequence) == (cut(300), 1)
    assert await world.told() == WAITED
    assert await world.claimed("anna") == ticks_of(cut(300))


@in_virtual_time
async def test_a_calendar_known_to_be_down_means_a_promise_at_once(world: World) -> None:
    booking = await world.booked(cut())
    for _ in range(3):
        world.health.failed(world.clock.real())
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    assert (world.seconds, world.calendar.made) == (0, [])
    await world.settle()
    assert world.entries() == pieces_of(cut(300))
    assert await world.told() == WAITED


@in_virtual_time
async def test_a_promised_move_that_fails_is_told_in_every_way(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", ignored, refused())
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    await world.settle()
    stands = await world.only()
    assert (stands.plan, stands.sequence, stands.status) == (cut(), 0, BookingStatus.CONFIRMED)
    assert await world.told() == [*FAILED, ("check_overlap", None)]
    assert await world.claimed("anna") == ticks_of(cut())


@in_virtual_time
async def test_who_has_lost_the_old_time_cannot_move_there(world: World) -> None:
    """The booking still has it in our record; a guest who asks for it must not hear that all is well."""
    booking = await world.booked(colour())
    world.calendar.will("move", well, refused(), refused())
    assert isinstance(await move(world, booking, colour(500)), NotMoved)
    stands = await world.only()
    events = [(it.event, it.data.get("first")) for it in stands.history[-2:]]
    assert events == [("not_moved", None), ("overlapped", "theirs")]
    assert ("message", "overlapped") in await world.told()
    assert await move(world, booking, colour()) == NotMoved(stands)
    assert isinstance(await move(world, booking, colour(320)), Moved)
    assert isinstance(await move(world, booking, colour(320)), Moved)


@in_virtual_time
async def test_an_overdue_move_is_given_up_and_the_old_time_stands(world: World) -> None:
    booking = await world.booked(cut(500))
    world.calendar.otherwise = down
    assert isinstance(await move(world, booking, cut(600)), MovePromised)
    await asyncio.sleep(2 * 3600)

    world.calendar.otherwise = well
    await world.settle()
    stands = await world.only()
    assert stands.history[-1].data["reason"] == "withdrawn"
    assert await world.told() == [*FAILED, ("check_overlap", None)]
    assert world.entries() == pieces_of(cut(500))


@pytest.mark.parametrize("after", [20, 80])
@in_virtual_time
async def test_a_move_that_comes_late_is_taken_back(world: World, after: float) -> None:
    """One segment is refused; the request to move the other one is still on its way."""
    old, new = colour(), colour(500)
    booking = await world.booked(old)
    world.theirs(new, at=1)
    world.calendar.will("move", late(after))
    answer = await move(world, booking, new, deadline=8)
    assert isinstance(answer, NotMoved)
    assert answer.booking.plan == old
    assert await world.claimed("anna") == ticks_of(old) + ticks_of(new)
    await world.settle()
    assert sorted(world.entries(), key=lambda it: it[1])[:2] == pieces_of(old)
    assert len(world.entries()) == 3
    assert await world.claimed("anna") == ticks_of(old)
    assert await world.told() == [("check_overlap", None)], "the guest has heard it"


@in_virtual_time
async def test_a_second_request_for_the_same_move_waits_for_the_first(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", slow(3))
    first = asyncio.create_task(move(world, booking, cut(300)))
    await asyncio.sleep(1)
    second = await move(world, booking, cut(300))
    assert isinstance(second, Moved)
    assert second.booking == await world.only()
    assert await first == Moved(second.booking, booking.starts_at)
    assert world.calendar.made == ["move"]
    assert await world.told() == TOLD


@in_virtual_time
async def test_two_requests_for_the_same_move_at_one_moment(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", slow(3))
    first, second = await asyncio.gather(move(world, booking, cut(300)), move(world, booking, cut(300)))
    assert isinstance(first, Moved)
    assert isinstance(second, Moved)
    assert first.booking == second.booking == await world.only()
    assert world.calendar.made == ["move"]


@in_virtual_time
async def test_another_move_while_one_is_under_way_is_refused(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", ignored)
    world.calendar.otherwise = down
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    answer = await move(world, booking, cut(400))
    assert isinstance(answer, NotMoved)
    assert answer.booking.plan == cut()


@in_virtual_time
async def test_the_same_move_again_while_it_is_promised_is_promised_again(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.otherwise = down
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    again = await move(world, booking, cut(300))
    assert isinstance(again, MovePromised)
    assert again.plan == cut(300)


@in_virtual_time
async def test_a_promised_move_that_is_asked_for_again_is_finished(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", ignored)
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    answer = await move(world, booking, cut(300))
    assert isinstance(answer, Moved)
    assert answer.was == booking.starts_at
    assert await world.told() == WAITED


@in_virtual_time
async def test_the_same_move_again_after_its_failure_is_tried_anew(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", refused())
    assert isinstance(await move(world, booking, cut(300)), NotMoved)
    assert isinstance(await move(world, booking, cut(300)), Moved)


class Overtaken(SagaRunner):
    """Somebody else opens a saga of the same booking at the same moment."""

    __slots__ = ()

    async def open(self, work: UnitOfWork, saga: Saga) -> Lease | None:
        raise Conflict


@in_virtual_time
async def test_who_is_overtaken_by_another_change_does_not_move(world: World) -> None:
    booking = await world.booked(cut())
    runner = Overtaken(world.database, world.sagas.calls, world.mirror, world.clock, world.ids)
    moves = replace(world.moves, sagas=runner)
    answer = await moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert answer == NotMoved(booking, changed=True)
    assert await world.claimed("anna") == ticks_of(cut()), "what was claimed for it is given back"


@in_virtual_time
async def test_what_is_cancelled_or_not_made_yet_is_not_moved(world: World) -> None:
    booking = await world.booked(cut(), hold="h-1")
    cancelled = await world.cancels.cancel(world.tenant, booking, door="chat", reason="")
    assert await move(world, booking, cut(300)) == NotMoved(cancelled, changed=True)
    world.calendar.will("create", ignored)
    world.calendar.otherwise = down
    await world.yes(cut(400), hold="h-2")
    [pending] = await world.bookings.list_of(world.tenant.id, CHAT)
    answer = await move(world, pending, cut(500))
    assert isinstance(answer, NotMoved)
    assert answer.booking.status is BookingStatus.PENDING


@in_virtual_time
async def test_what_is_being_cancelled_is_not_moved_to_where_it_is(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", *[down] * 20)
    await world.cancels.cancel(world.tenant, booking, door="chat", reason="", deadline=0.5)
    assert await move(world, booking, cut(), deadline=0.5) == NotMoved(await world.only(), changed=True)


@in_virtual_time
async def test_what_was_made_with_somebody_else_in_vain_is_no_entry_of_the_booking(world: World) -> None:
    booking = await world.booked(colour())
    new = plan_of(("anna", 400, 30), ("ben", 450, 45))
    world.theirs(new)
    answer = await move(world, booking, new)
    assert isinstance(answer, NotMoved)
    assert answer.booking.appointments == booking.appointments
    assert len(world.entries()) == 3


@in_virtual_time
async def test_who_comes_a_moment_after_the_same_move_waits_for_it(world: World) -> None:
    """It begins after the look for an open saga and before ours is written."""
    booking = await world.booked(cut())
    world.calendar.will("move", slow(3))
    begun: list[asyncio.Task[Rescheduling]] = []

    async def another() -> None:
        begun.append(asyncio.create_task(move(world, booking, cut(300))))
        await asyncio.sleep(1)

    moves = replace(world.moves, database=HookedDatabase(world.database, before_write=another))
    second = await moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
    assert isinstance(second, Moved)
    assert second.booking == (await begun[0]).booking
    assert world.calendar.made == ["move"]


@pytest.mark.parametrize("comes_about", [True, False])
@in_virtual_time
async def test_who_has_lost_the_lease_says_what_came_of_it(world: World, comes_about: bool) -> None:
    """Our call hangs for longer than the lease; somebody else finishes the move."""
    booking = await world.booked(cut())

    async def hang(call: Call) -> object:
        await asyncio.sleep(70)
        return await refused()(call)

    world.calendar.will("move", hang, *([] if comes_about else [refused()]))
    patient = replace(world.sagas, calls=replace(world.sagas.calls, call_seconds=600.0))
    moves = replace(world.moves, sagas=patient)
    moving = asyncio.create_task(
        moves.move(world.tenant, booking, cut(300), conversation=None, door="chat", deadline=100)
    )
    await asyncio.sleep(61)
    await world.sweep()
    answer = await moving
    stands = await world.only()
    assert answer == (Moved(stands, booking.starts_at) if comes_about else NotMoved(stands))
    assert world.entries() == pieces_of(cut(300) if comes_about else cut())


@in_virtual_time
async def test_an_earlier_move_that_is_finished_first_does_not_answer_for_this_one(world: World) -> None:
    booking = await world.booked(cut(), hold="h-1")
    await world.yes(cut(400), hold="h-2", conversation=ConversationId("c-2"))
    world.calendar.will("move", ignored)
    assert isinstance(await move(world, booking, cut(300)), MovePromised)
    await asyncio.sleep(1)
    answer = await move(world, booking, cut(400))
    assert isinstance(answer, NotMoved)
    assert (await world.only()).plan == cut(300)


@in_virtual_time
async def test_who_repeats_a_move_hears_where_it_came_from(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", slow(3))
    first = asyncio.create_task(move(world, booking, cut(300)))
    await asyncio.sleep(1)
    second = await move(world, booking, cut(300))
    assert isinstance(second, Moved)
    assert (second.was, second.booking.starts_at) == (booking.starts_at, cut(300).starts_at)
    assert await first == second


@in_virtual_time
async def test_nobody_goes_back_to_a_time_that_has_passed(world: World) -> None:
    """The calendar is away until the old time is over, and takes nothing back into the past."""
    old, new = colour(150), colour(3000)
    booking = await world.booked(old)
    world.theirs(new, at=1)
    world.calendar.will("move", well, refused(), *[refused("other")] * 200)
    assert isinstance(await move(world, booking, new), NotMoved)
    await world.settle(within=timedelta(hours=4))
    assert await world.saga() is None
    assert (await world.only()).history[-1].event == "not_moved"
    assert {call.reason for call in await world.callbacks()} == {"stuck"}


@in_virtual_time
async def test_a_move_that_the_calendar_does_not_take_at_all_says_nothing_of_the_time(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", failing(Misconfigured))
    answer = await world.moves.move(world.tenant, booking, cut(400), conversation=None, door="chat")
    assert answer == NotMoved(await world.only(), refused=True)
    assert world.mirror.told == []
