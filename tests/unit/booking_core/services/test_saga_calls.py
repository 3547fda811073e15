"""One step in the calendar: when it is looked at, what is believed, and how every failure becomes an outcome."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from booking_core.errors import FermataError, Misconfigured, Unintelligible
from booking_core.model.booking import Booking
from booking_core.model.saga import Step, StepKind
from booking_core.model.slot import Plan
from booking_core.services.saga_calls import CalendarSteps, Denied, StepOutcome, Taken, Unknown, request_of
from booking_core.services.saga_steps import booking_steps, cancel_steps, move_steps
from integrations.sql import DatabaseBusy
from tests.support.examples import NOW, minutes
from tests.support.saga_world import (
    Call,
    Fate,
    World,
    cut,
    down,
    failing,
    ignored,
    in_virtual_time,
    late,
    limited,
    lost,
    pieces_of,
    refused,
    slow,
    well,
)


def steps_of(world: World) -> CalendarSteps:
    return world.sagas.calls


async def take(world: World, booking: Booking, step: Step, *, fresh: bool) -> StepOutcome:
    return await steps_of(world).take(world.tenant, booking, step, fresh=fresh, reason="Moved by the guest")


async def making(world: World, plan: Plan | None = None) -> tuple[Booking, Step]:
    """A booking of which the calendar has nothing any more, and the step that makes it."""
    booking = await world.booked(plan or cut())
    for it in booking.appointments:
        assert it.uid is not None
        world.memory.cancel_outside(world.tenant.id, it.uid)
    return booking, booking_steps(booking)[0]


def removing(booking: Booking) -> Step:
    [step] = cancel_steps(booking)
    return step


def moving(booking: Booking, start: float = 300) -> Step:
    [step] = move_steps(booking, cut(start))
    return step


def taken(outcome: StepOutcome) -> datetime:
    """When what now stands in the calendar begins."""
    assert isinstance(outcome, Taken)
    assert outcome.entry is not None
    return outcome.entry.starts_at


@in_virtual_time
async def test_a_step_never_tried_is_one_call(world: World) -> None:
    booking, step = await making(world)
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert world.calendar.made == ["create"]


@in_virtual_time
async def test_a_step_that_may_have_been_tried_is_looked_for_first(world: World) -> None:
    booking, step = await making(world)
    assert taken(await take(world, booking, step, fresh=False)) == step.starts_at
    assert world.calendar.made == ["find", "create"]
    world.calendar.forget()
    assert taken(await take(world, booking, step, fresh=False)) == step.starts_at
    assert world.calendar.made == ["find"]


@in_virtual_time
async def test_an_entry_found_elsewhere_is_moved(world: World) -> None:
    """Whatever the step knows of its name."""
    booking = await world.booked(cut())
    assert taken(await take(world, booking, replace(moving(booking), uid="old"), fresh=False)) == NOW + minutes(
        300
    )
    assert world.calendar.made == ["find", "move"]
    assert world.entries() == pieces_of(cut(300))


@in_virtual_time
async def test_an_entry_that_is_not_found_is_made_anew(world: World) -> None:
    """The name it had is of no use any more."""
    booking, _ = await making(world)
    assert taken(await take(world, booking, moving(booking), fresh=False)) == NOW + minutes(300)
    assert world.calendar.made == ["find", "create"]


@pytest.mark.parametrize("days", [-80, 80])
@in_virtual_time
async def test_it_is_found_where_staff_have_put_it(world: World, days: int) -> None:
    booking = await world.booked(cut(60 * 24 * 85))
    [entry] = world.memory.entries(world.tenant.id)
    world.memory.move_outside(world.tenant.id, entry.uid, booking.starts_at + timedelta(days=days))
    assert await take(world, booking, removing(booking), fresh=False) == Taken(None)
    assert world.entries() == []


@in_virtual_time
async def test_a_lost_answer_is_found_at_once(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", lost)
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert (world.seconds, world.calendar.made) == (5, ["create", "find"])


@in_virtual_time
async def test_what_shows_a_little_after_its_lost_answer_is_waited_for(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", late(6))
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert world.seconds == 6
    assert world.calendar.at == [0, 5, 5.25, 5.5, 5.75, 6]


@in_virtual_time
async def test_it_is_not_waited_for_longer_than_two_seconds(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", late(7.5))
    assert await take(world, booking, step, fresh=True) == Unknown(1.0)
    assert world.seconds == 7


@in_virtual_time
async def test_a_look_that_fails_is_repeated(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", lost)
    world.calendar.will("find", down, failing(Unintelligible))
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert world.calendar.made == ["create", "find", "find", "find"]


@in_virtual_time
async def test_an_outage_is_looked_into_and_tried_again_when_it_says(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", down)
    assert await take(world, booking, step, fresh=True) == Unknown(3.0)
    assert world.calendar.made[:2] == ["create", "find"]


@in_virtual_time
async def test_a_no_is_final_once_nothing_of_ours_is_there(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", refused("taken"))
    assert await take(world, booking, step, fresh=True) == Denied("taken")
    assert (world.seconds, world.calendar.made) == (0, ["create", "find"])


@in_virtual_time
async def test_a_no_is_not_final_without_a_look(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", refused("taken"))
    world.calendar.will("find", down)
    assert await take(world, booking, step, fresh=True) == Unknown(3.0)


@pytest.mark.parametrize("blind", [refused("other"), failing(Misconfigured)])
@in_virtual_time
async def test_what_may_not_be_looked_at_decides_nothing(world: World, blind: Fate) -> None:
    """A key that was taken away in the middle: what was done before is not undone, and what was not is not given up."""
    booking, step = await making(world)
    world.calendar.will("find", blind, blind, blind)
    assert await take(world, booking, step, fresh=False) == Unknown(1.0)
    world.calendar.will("create", refused("taken"))
    assert await take(world, booking, step, fresh=True) == Unknown(1.0)
    world.calendar.will("create", refused("other"))
    assert await take(world, booking, step, fresh=True) == Denied("other"), "it takes nothing at all"
    standing = await world.booked(cut(400), hold="h-2")
    world.calendar.will("find", blind)
    assert await take(world, standing, removing(standing), fresh=True) == Unknown(1.0)
    assert world.entries() == []


@in_virtual_time
async def test_a_no_because_of_our_own_earlier_request_is_a_yes(world: World) -> None:
    booking, step = await making(world)

    async def unnoticed(call: Call) -> object:
        await call()
        return await call()

    world.calendar.will("create", unnoticed)
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert world.calendar.made == ["create", "find"]


@in_virtual_time
async def test_a_full_day_is_no_reason_to_look(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", refused("limit"))
    assert await take(world, booking, step, fresh=True) == Denied("limit")
    assert world.calendar.made == ["create"]


@pytest.mark.parametrize("fresh", [True, False])
@in_virtual_time
async def test_a_pause_that_the_calendar_asks_for_is_kept(world: World, fresh: bool) -> None:
    booking, step = await making(world)
    world.calendar.will("create", limited(40))
    assert await take(world, booking, step, fresh=fresh) == Unknown(40)
    assert world.calendar.made == (["create"] if fresh else ["find", "create"])


@in_virtual_time
async def test_what_nobody_understands_is_tried_again_soon(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", failing(Unintelligible))
    assert await take(world, booking, step, fresh=True) == Unknown(1.0)


@in_virtual_time
async def test_what_a_person_has_to_mend_is_a_no(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", failing(Misconfigured))
    assert await take(world, booking, step, fresh=True) == Denied("misconfigured")


@in_virtual_time
async def test_an_entry_that_staff_have_moved_is_moved_under_its_new_name(world: World) -> None:
    booking = await world.booked(cut())
    [entry] = world.memory.entries(world.tenant.id)
    world.memory.move_outside(world.tenant.id, entry.uid, NOW + minutes(400))
    assert taken(await take(world, booking, moving(booking), fresh=True)) == NOW + minutes(300)
    assert world.calendar.made == ["move", "find", "move"]


@in_virtual_time
async def test_a_refused_move_of_what_is_still_there_stays_refused(world: World) -> None:
    booking = await world.booked(cut())
    world.theirs(cut(300))
    assert await take(world, booking, moving(booking), fresh=True) == Denied("taken")
    assert world.calendar.made == ["move", "find"]


@in_virtual_time
async def test_a_move_without_an_answer_is_not_repeated_at_once(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", ignored)
    assert await take(world, booking, moving(booking), fresh=True) == Unknown(1.0)
    assert world.calendar.made.count("move") == 1


@in_virtual_time
async def test_a_move_without_an_answer_is_not_repeated_under_a_new_name(world: World) -> None:
    booking = await world.booked(cut())
    [entry] = world.memory.entries(world.tenant.id)
    world.memory.move_outside(world.tenant.id, entry.uid, NOW + minutes(400))
    world.calendar.will("move", ignored)
    assert await take(world, booking, moving(booking), fresh=True) == Unknown(1.0)
    assert world.calendar.made.count("move") == 1


@in_virtual_time
async def test_a_refused_making_moves_nothing(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("create", refused("taken"))
    step = replace(booking_steps(booking)[0], starts_at=NOW + minutes(300), ends_at=NOW + minutes(330))
    assert await take(world, booking, step, fresh=True) == Denied("taken")
    assert world.calendar.made == ["create", "find"]


@in_virtual_time
async def test_what_staff_have_cancelled_is_made_anew_where_the_guest_wants_it(world: World) -> None:
    booking, _ = await making(world)
    step = moving(booking)
    assert taken(await take(world, booking, step, fresh=True)) == step.starts_at
    assert world.calendar.made == ["move", "find", "create"]


@in_virtual_time
async def test_what_staff_have_cancelled_is_not_put_back(world: World) -> None:
    booking, _ = await making(world)
    back = replace(moving(booking), undoes=0)
    assert await take(world, booking, back, fresh=True) == Denied("gone")


@in_virtual_time
async def test_what_is_gone_and_there_is_asked_for_again(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", refused("gone"))
    assert await take(world, booking, moving(booking), fresh=True) == Unknown(1.0)


@in_virtual_time
async def test_our_own_error_is_no_answer(world: World) -> None:
    booking, step = await making(world)
    world.calendar.will("create", failing(lambda: ValueError("a bug")))
    outcome = await take(world, booking, step, fresh=True)
    assert isinstance(outcome, Unknown)
    assert isinstance(outcome.trouble, ValueError)


@in_virtual_time
async def test_a_removal_is_read_again(world: World) -> None:
    booking = await world.booked(cut())
    assert await take(world, booking, removing(booking), fresh=True) == Taken(None)
    assert world.calendar.made == ["cancel", "find"]
    assert world.entries() == []


@in_virtual_time
async def test_without_a_name_what_is_to_be_removed_is_looked_for(world: World) -> None:
    booking = await world.booked(cut())
    assert await take(world, booking, replace(removing(booking), uid=None), fresh=False) == Taken(None)
    assert world.calendar.made == ["find", "cancel", "find"]
    assert world.entries() == []


@in_virtual_time
async def test_where_there_is_nothing_to_remove_a_look_is_enough(world: World) -> None:
    booking, _ = await making(world)
    assert await take(world, booking, replace(removing(booking), uid=None), fresh=False) == Taken(None)
    assert world.calendar.made == ["find"]


@in_virtual_time
async def test_a_name_that_the_calendar_does_not_know_is_looked_for_as_well(world: World) -> None:
    booking = await world.booked(cut())
    assert await take(world, booking, replace(removing(booking), uid="unknown"), fresh=False) == Taken(None)
    assert world.calendar.made == ["cancel", "find", "cancel", "find"]


@in_virtual_time
async def test_any_other_no_to_a_removal_is_a_no(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("cancel", refused("other"))
    assert await take(world, booking, removing(booking), fresh=False) == Denied("other")
    assert world.calendar.made == ["cancel"]


@in_virtual_time
async def test_what_still_stands_after_its_removal_is_not_believed_to_be_gone(world: World) -> None:
    booking = await world.booked(cut())

    async def pretend(call: Call) -> None:
        return None

    world.calendar.will("cancel", pretend)
    assert await take(world, booking, removing(booking), fresh=False) == Unknown(1.0)
    assert world.calendar.made == ["cancel", "find"]


@pytest.mark.parametrize(
    ("left", "expected"), [(30, Unknown(30)), (0.5, Unknown(0.5)), (0, Taken(None)), (-5, Taken(None))]
)
@in_virtual_time
async def test_what_is_not_there_may_still_come_for_a_while(
    world: World, left: float, expected: StepOutcome
) -> None:
    booking, _ = await making(world)
    sure_from = world.clock.real() + timedelta(seconds=left)
    step = replace(removing(booking), uid=None, sure_from=sure_from)
    assert await take(world, booking, step, fresh=False) == expected


@in_virtual_time
async def test_what_is_where_it_shall_be_may_still_be_moved_away_for_a_while(world: World) -> None:
    booking, step = await making(world)
    await take(world, booking, step, fresh=True)
    unsure = replace(step, sure_from=world.clock.real() + timedelta(seconds=30))
    assert await take(world, booking, unsure, fresh=False) == Unknown(30)
    await asyncio.sleep(30)
    assert taken(await take(world, booking, unsure, fresh=False)) == step.starts_at


@pytest.mark.parametrize(("seconds", "answered"), [(4.9, True), (5.1, False)])
@in_virtual_time
async def test_how_long_a_call_is_waited_for(world: World, seconds: float, answered: bool) -> None:
    booking, step = await making(world)
    world.calendar.will("find", slow(seconds))
    outcome = await take(world, booking, step, fresh=False)
    assert isinstance(outcome, Taken if answered else Unknown)


@pytest.mark.parametrize(
    ("fate", "failures"),
    [
        (down, 1),
        (ignored, 1),
        (limited(1), 0),
        (refused(), 0),
        (failing(Misconfigured), 0),
    ],
    ids=["down", "no answer", "limited", "refused", "misconfigured"],
)
@in_virtual_time
async def test_what_counts_as_no_answer(world: World, fate: Fate, failures: int) -> None:
    """After three such calls in a row the calendar counts as down."""
    booking = await world.booked(cut())
    for before in (2, 1):
        world.health.succeeded(world.clock.real())
        for _ in range(before):
            world.health.failed(world.clock.real())
        world.calendar.will("find", fate)
        step = replace(removing(booking), uid=None)
        await take(world, booking, step, fresh=False)
        assert world.health.down(world.clock.real()) is (before + failures == 3)


@pytest.mark.parametrize("fate", [refused(), failing(Unintelligible), well], ids=["a no", "a riddle", "a yes"])
@in_virtual_time
async def test_any_answer_shows_that_the_calendar_is_there(world: World, fate: Fate) -> None:
    booking = await world.booked(cut())
    for _ in range(3):
        world.health.failed(world.clock.real())
    assert world.health.down(world.clock.real())
    world.calendar.will("cancel", fate)
    world.calendar.will("find", limited(1))
    await take(world, booking, removing(booking), fresh=False)
    assert not world.health.down(world.clock.real())


@pytest.mark.parametrize("error", [Misconfigured, DatabaseBusy], ids=["no key", "no database"])
@in_virtual_time
async def test_what_fails_before_the_calendar_is_asked_shows_nothing(
    world: World, error: type[FermataError]
) -> None:
    booking = await world.booked(cut())
    for _ in range(3):
        world.health.failed(world.clock.real())
    world.calendar.will("cancel", failing(error))
    await take(world, booking, removing(booking), fresh=False)
    assert world.health.down(world.clock.real())


@in_virtual_time
async def test_what_the_calendar_is_told(world: World) -> None:
    booking, step = await making(world)
    request = request_of(world.tenant, booking, step)
    assert (request.tenant, request.service, request.segment) == ("salon", "cut", 0)
    assert (request.staff, request.starts_at, request.reference) == ("anna", step.starts_at, "h-1:0:0")
    assert (request.booking, request.attendee_name) == (booking.reference, "Jürgen Groß")
    assert (request.attendee_alias, request.attendee_language) == ("c-1@alias.example", "de")
    assert "juergen@example.org" not in repr(request)
    assert request.attendee_zone == "Europe/Berlin"
    elsewhere = replace(booking, attendee=replace(booking.attendee, time_zone="Asia/Tokyo"))
    assert request_of(world.tenant, elsewhere, step).attendee_zone == "Asia/Tokyo"
    nowhere = replace(booking, attendee=replace(booking.attendee, time_zone=None))
    assert request_of(world.tenant, nowhere, step).attendee_zone == "Europe/Berlin"
    assert step.kind is StepKind.PLACE
