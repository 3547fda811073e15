"""A yes: what the guest hears, what the calendar has, and what is written down, whatever the calendar answers when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.errors import Conflict, Misconfigured, Unintelligible
from booking_core.model.booking import BookingStatus
from booking_core.model.ids import ConversationId, HoldId
from booking_core.services.booking import Booked, Lost, Promised
from tests.support.examples import NOW
from tests.support.saga_world import (
    CHAT,
    GUEST,
    SALON,
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
    refused,
    slow,
    ticks_of,
    well,
)

BOTH = pytest.mark.parametrize("composite", [False, True], ids=["cut", "colour"])
INVITED = [("mail", "confirmed"), ("check_overlap", None)]
WAITED = [("mail", "confirmed"), ("message", "confirmed"), ("check_overlap", None)]


@BOTH
@in_virtual_time
async def test_a_yes_is_one_call_for_each_segment(world: World, composite: bool) -> None:
    plan = colour() if composite else cut()
    answer = await world.yes(plan)
    assert isinstance(answer, Booked)
    assert not answer.again
    assert world.calendar.made == ["create"] * len(plan.placements)
    assert world.entries() == pieces_of(plan)
    assert await world.claimed("anna") == ticks_of(plan)
    assert answer.booking == await world.only()
    assert answer.booking.status is BookingStatus.CONFIRMED
    assert [it.event for it in answer.booking.history] == ["requested", "confirmed"]
    assert await world.saga() is None
    assert await world.told() == INVITED


@in_virtual_time
async def test_what_a_booking_knows_of_itself(world: World) -> None:
    booking = await world.booked(colour())
    live = world.memory.entries(SALON)
    assert [it.uid for it in booking.appointments] == [it.uid for it in live]
    assert [it.entry_id for it in booking.appointments] == [it.entry_id for it in live]
    assert [it.reference for it in booking.appointments] == ["h-1:0:0", "h-1:1:0"] == [it.reference for it in live]
    assert [(it.segment, it.staff, it.starts_at, it.ends_at) for it in booking.appointments] == [
        (it.segment, it.staff, it.starts_at, it.ends_at) for it in colour().placements
    ]
    assert booking.attendee == replace(GUEST, alias="c-1@alias.example")
    assert (booking.door, booking.hold, booking.conversation) == ("chat", "h-1", CHAT)
    assert (booking.created_at, booking.updated_at) == (NOW, NOW)


@in_virtual_time
async def test_a_guest_keeps_the_alias_that_the_calendar_knows(world: World) -> None:
    booking = await world.booked(cut(), attendee=replace(GUEST, alias="c-9@alias.example"))
    assert booking.attendee.alias == "c-9@alias.example"


@in_virtual_time
async def test_a_note_stays_with_the_booking(world: World) -> None:
    await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-1"))
    answer = await world.bookings.confirm(
        world.tenant, CHAT, HoldId("h-1"), cut(), GUEST, door="voice", note="Bitte ruhig"
    )
    assert isinstance(answer, Booked)
    assert (answer.booking.note, answer.booking.door) == ("Bitte ruhig", "voice")


@in_virtual_time
async def test_the_check_is_due_at_once(world: World) -> None:
    await world.yes(cut())
    [check] = [it for it in await world.outbox() if it.kind == "check_overlap"]
    assert check.due_at == world.clock.now()


@BOTH
@in_virtual_time
async def test_a_refused_segment_undoes_the_others_and_is_looked_for(world: World, composite: bool) -> None:
    """Its no is an answer at once; nothing is left of it anywhere."""
    plan = colour() if composite else cut()
    world.theirs(plan, at=-1)
    theirs = world.entries()
    answer = await world.yes(plan)
    assert answer == Lost()
    assert world.seconds == 0
    assert world.entries() == theirs
    assert await world.claimed("anna") == []
    assert await world.status() is BookingStatus.FAILED
    assert (await world.told(), await world.callbacks(), await world.saga()) == ([], [], None)
    expected = ["create", "create", "find", "cancel", "find"] if composite else ["create", "find"]
    assert sorted(world.calendar.made) == sorted(expected)


@in_virtual_time
async def test_the_mirror_hears_what_the_calendar_would_not_take(world: World) -> None:
    plan = colour()
    world.theirs(plan, at=1)
    await world.yes(plan)
    assert world.mirror.told == [("refuse", "anna", 290, 335), ("give_back", "anna", 240, 270)]


@in_virtual_time
async def test_of_a_booking_the_mirror_hears_nothing(world: World) -> None:
    await world.yes(colour())
    assert world.mirror.told == []


@in_virtual_time
async def test_a_full_day_is_told_from_a_taken_time(world: World) -> None:
    world.calendar.will("create", refused("limit"))
    assert await world.yes(cut()) == Lost()
    assert world.calendar.made == ["create"], "there is nothing to look for"
    assert (await world.only()).history[-1].data == {"reason": "limit"}


@in_virtual_time
async def test_a_lost_answer_is_found_again(world: World) -> None:
    world.calendar.will("create", lost)
    answer = await world.yes(cut())
    assert isinstance(answer, Booked)
    assert (world.seconds, world.calendar.made) == (5, ["create", "find"])
    assert world.entries() == pieces_of(cut())
    assert answer.booking.appointments[0].uid == world.memory.entries(SALON)[0].uid
    assert await world.told() == INVITED


@in_virtual_time
async def test_a_refusal_of_our_own_earlier_request_is_a_success(world: World) -> None:
    """The calendar says that the time is taken: by us."""

    async def twice(call: object) -> object:
        assert callable(call)
        await call()
        return await call()

    world.calendar.will("create", twice)
    assert isinstance(await world.yes(cut()), Booked)
    assert world.calendar.made == ["create", "find"]


@in_virtual_time
async def test_without_an_answer_the_guest_gets_a_promise_that_is_kept(world: World) -> None:
    world.calendar.will("create", ignored)
    answer = await world.yes(cut())
    assert isinstance(answer, Promised)
    assert world.seconds == 7
    assert await world.status() is BookingStatus.PENDING
    assert await world.told() == []
    assert await world.claimed("anna") == ticks_of(cut())
    await world.settle()
    assert await world.status() is BookingStatus.CONFIRMED
    assert await world.told() == WAITED
    assert world.entries() == pieces_of(cut())


@in_virtual_time
async def test_an_answer_after_the_deadline_is_heard_behind_the_promise(world: World) -> None:
    world.calendar.will("create", slow(4))
    answer = await world.yes(cut(), deadline=1)
    assert isinstance(answer, Promised)
    assert world.seconds == 1
    assert answer.booking.status is BookingStatus.PENDING
    await asyncio.sleep(4)
    assert await world.status() is BookingStatus.CONFIRMED
    assert await world.told() == WAITED
    assert world.calendar.made == ["create"]


@in_virtual_time
async def test_who_hears_of_the_failure_later_gets_a_message_and_a_letter(world: World) -> None:
    world.calendar.will("create", ignored, refused())
    assert isinstance(await world.yes(cut()), Promised)
    await world.settle()
    assert await world.status() is BookingStatus.FAILED
    assert await world.told() == [("mail", "withdrawn"), ("message", "withdrawn")]
    assert await world.claimed("anna") == []


@in_virtual_time
async def test_where_nobody_can_be_written_to_staff_shall_call(world: World) -> None:
    world.calendar.will("create", ignored, refused())
    await world.yes(cut(), attendee=replace(GUEST, email=None))
    await world.settle()
    assert await world.told() == [("message", "withdrawn")]
    [call] = await world.callbacks()
    assert (call.reason, call.phone) == ("withdrawn", GUEST.phone)


@in_virtual_time
async def test_a_calendar_known_to_be_down_is_not_waited_for(world: World) -> None:
    for _ in range(3):
        world.health.failed(world.clock.real())
    answer = await world.yes(cut())
    assert isinstance(answer, Promised)
    assert (world.seconds, world.calendar.made) == (0, [])
    assert await world.status() is BookingStatus.PENDING
    assert await world.sweep() == [], "not before five seconds have passed"
    await asyncio.sleep(5)
    await world.sweep()
    assert await world.status() is BookingStatus.CONFIRMED
    assert await world.told() == WAITED


@in_virtual_time
async def test_an_overdue_promise_is_withdrawn_and_what_was_asked_for_looked_for(world: World) -> None:
    world.calendar.otherwise = down
    assert isinstance(await world.yes(cut(600)), Promised)
    await asyncio.sleep(2 * 3600 + 1)
    world.calendar.otherwise = well
    world.calendar.forget()
    await world.settle()
    booking = await world.only()
    assert booking.status is BookingStatus.FAILED
    assert booking.history[-1].event == "withdrawn"
    assert "create" not in world.calendar.made
    assert await world.told() == [("mail", "withdrawn"), ("message", "withdrawn")]


@in_virtual_time
async def test_a_promise_is_kept_as_long_as_there_is_time(world: World) -> None:
    world.calendar.otherwise = down
    await world.yes(cut(600))
    await asyncio.sleep(2 * 3600 - 60)
    world.calendar.otherwise = well
    world.calendar.forget()
    await world.sweep()
    assert await world.status() is BookingStatus.CONFIRMED


@pytest.mark.parametrize("after", [20, 60, 80])
@in_virtual_time
async def test_a_late_commit_is_undone_with_the_rest(world: World, after: float) -> None:
    """One segment is refused while the other has no answer: it may still come, and is believed to be gone only then."""
    plan = colour()
    world.theirs(plan, at=1)
    theirs = world.entries()
    world.calendar.will("create", late(after))
    answer = await world.yes(plan, deadline=8)
    assert answer == Lost()
    assert await world.status() is BookingStatus.COMPENSATING
    assert await world.claimed("anna") == ticks_of(plan), "the time is not given away before"
    await world.settle()
    assert world.seconds >= 90
    assert world.entries() == theirs
    assert await world.status() is BookingStatus.FAILED
    assert await world.claimed("anna") == []
    assert await world.told() == [], "the guest has heard it"


@in_virtual_time
async def test_a_second_yes_waits_for_the_first(world: World) -> None:
    world.calendar.will("create", slow(3))
    first = asyncio.create_task(world.yes(cut()))
    await asyncio.sleep(1)
    second = await world.yes(cut())
    assert isinstance(second, Booked)
    assert await first == Booked(second.booking)
    assert second.again
    assert world.seconds < 3.5
    assert world.calendar.made == ["create"]
    assert len(await world.told()) == 2


@in_virtual_time
async def test_a_second_yes_after_the_booking_says_so(world: World) -> None:
    booking = await world.booked(cut())
    assert await world.yes(cut()) == Booked(booking, again=True)
    assert (world.calendar.made, await world.told()) == ([], [])


@in_virtual_time
async def test_a_second_yes_to_a_failed_booking_is_lost_as_well(world: World) -> None:
    world.calendar.will("create", refused())
    await world.yes(cut())
    assert await world.yes(cut()) == Lost()
    assert world.calendar.made == ["create", "find"]


@in_virtual_time
async def test_a_second_yes_settles_what_was_promised(world: World) -> None:
    world.calendar.will("create", ignored)
    await world.yes(cut())
    await asyncio.sleep(1)
    answer = await world.yes(cut())
    assert isinstance(answer, Booked)
    assert answer.booking.status is BookingStatus.CONFIRMED
    assert await world.told() == WAITED, "he was told to wait, so he is told of the end"


@in_virtual_time
async def test_a_second_yes_to_what_is_still_open_is_promised_again(world: World) -> None:
    world.calendar.will("create", ignored)
    world.calendar.otherwise = down
    await world.yes(cut())
    await asyncio.sleep(1)
    answer = await world.yes(cut())
    assert isinstance(answer, Promised)
    assert await world.status() is BookingStatus.PENDING


@in_virtual_time
async def test_a_second_yes_to_what_is_being_undone_is_lost(world: World) -> None:
    plan = colour()
    world.theirs(plan, at=1)
    world.calendar.will("create", late(60))
    assert await world.yes(plan, deadline=8) == Lost()
    assert await world.yes(plan, deadline=0) == Lost()
    assert await world.status() is BookingStatus.COMPENSATING


@pytest.mark.parametrize("error", [Misconfigured, Unintelligible])
@in_virtual_time
async def test_what_a_person_has_to_mend_is_no_promise_and_nonsense_is(
    world: World, error: type[Misconfigured]
) -> None:
    world.calendar.will("create", failing(error))
    answer = await world.yes(cut())
    assert isinstance(answer, Lost if error is Misconfigured else Promised)
    reason = (await world.only()).history[-1].data.get("reason")
    assert reason == ("misconfigured" if error is Misconfigured else None)


@in_virtual_time
async def test_a_hold_that_ran_out_counts_while_its_time_is_free(world: World) -> None:
    await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-1"))
    await asyncio.sleep(6 * 60)
    answer = await world.bookings.confirm(world.tenant, CHAT, HoldId("h-1"), cut(), GUEST, door="chat")
    assert isinstance(answer, Booked)
    assert await world.claimed("anna") == ticks_of(cut())


@in_virtual_time
async def test_a_hold_that_ran_out_is_lost_once_somebody_else_has_it(world: World) -> None:
    other = ConversationId("c-2")
    await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-1"))
    await asyncio.sleep(6 * 60)
    await world.booked(cut(), hold="h-2", conversation=other)
    answer = await world.bookings.confirm(world.tenant, CHAT, HoldId("h-1"), cut(), GUEST, door="chat")
    assert answer == Lost()
    assert world.calendar.made == []
    assert await world.bookings.list_of(SALON, CHAT) == []


@in_virtual_time
async def test_a_hold_lasts_as_long_as_the_tenant_says(world: World) -> None:
    hold = await world.bookings.hold(world.tenant, CHAT, cut(), contact="digest")
    assert hold is not None
    assert (hold.expires_at, hold.plans, hold.tenant) == (NOW + timedelta(minutes=5), (cut(),), SALON)
    async with world.database.read() as work:
        assert await work.claims.find_hold(SALON, CHAT, now=NOW) == hold
        assert await work.claims.count_holds(SALON, "digest", now=NOW) == 1
    assert await world.bookings.hold(world.tenant, ConversationId("c-2"), cut(), contact=None) is None


@in_virtual_time
async def test_the_time_of_the_booking_to_be_moved_may_be_held(world: World) -> None:
    booking = await world.booked(cut())
    assert await world.bookings.hold(world.tenant, CHAT, cut(255), contact=None) is None
    assert await world.bookings.hold(world.tenant, CHAT, cut(255), contact=None, moving=booking.reference)


@in_virtual_time
async def test_a_reference_in_use_is_drawn_again(world: World) -> None:
    await world.booked(cut(), hold="h-1")
    taken = (await world.only()).reference
    world.ids.references = [taken, taken]
    answer = await world.yes(cut(400), hold="h-2")
    assert isinstance(answer, Booked)
    assert answer.booking.reference != taken
    world.ids.references = [taken] * 3
    with pytest.raises(Conflict):
        await world.yes(cut(500), hold="h-3")


@in_virtual_time
async def test_the_live_bookings_of_a_conversation(world: World) -> None:
    first = await world.booked(cut(500), hold="h-1")
    second = await world.booked(cut(300), hold="h-2")
    await world.booked(cut(400), hold="h-3", conversation=ConversationId("c-2"))
    world.calendar.will("create", refused())
    assert await world.yes(cut(600), hold="h-4") == Lost()
    assert await world.bookings.list_of(SALON, CHAT) == [second, first]


@in_virtual_time
async def test_a_yes_to_what_was_cancelled_since_books_nothing(world: World) -> None:
    booking = await world.booked(cut())
    await world.cancels.cancel(world.tenant, booking, door="chat", reason="")
    assert await world.yes(cut()) == Lost()


@in_virtual_time
async def test_a_time_that_is_over_is_not_booked(world: World) -> None:
    """Not even as a promise, while nobody can ask the calendar."""
    world.calendar.otherwise = down
    await world.bookings.hold(world.tenant, CHAT, cut(5), contact=None, name=HoldId("h-1"))
    await asyncio.sleep(600)
    assert await world.yes(cut(5)) == Lost()


@in_virtual_time
async def test_a_calendar_that_takes_no_bookings_says_nothing_of_the_time(world: World) -> None:
    world.calendar.will("create", refused("other"))
    assert await world.yes(cut()) == Lost(refused=True)


@in_virtual_time
async def test_a_hold_is_named_by_whoever_may_come_again(world: World) -> None:
    named = await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-9"))
    drawn = await world.bookings.hold(world.tenant, CHAT, cut(), contact=None)
    assert named is not None
    assert drawn is not None
    assert named.id == "h-9"
    assert drawn.id.startswith("hold-")


@in_virtual_time
async def test_an_older_hold_counts_although_a_newer_one_took_its_place(world: World) -> None:
    """The conversation's own hold is no hindrance."""
    await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-1"))
    await world.bookings.hold(world.tenant, CHAT, cut(), contact=None, name=HoldId("h-2"))
    answer = await world.bookings.confirm(world.tenant, CHAT, HoldId("h-1"), cut(), GUEST, door="chat")
    assert isinstance(answer, Booked)


@in_virtual_time
async def test_a_calendar_that_takes_nothing_is_no_lack_of_time(world: World) -> None:
    """Also where one segment is refused and nobody knows of the other yet."""
    world.calendar.will("create", failing(Misconfigured), down)
    assert await world.yes(colour()) == Lost(refused=True)
    await world.settle()
    assert await world.yes(colour()) == Lost(refused=True), "the same yes, later"
    assert [it for it in world.mirror.told if it[0] == "refuse"] == []
