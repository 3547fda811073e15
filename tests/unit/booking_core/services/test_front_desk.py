"""Exact requests of programs that meet a change which is still under way."""

from __future__ import annotations

import pytest

from booking_core.errors import BeingChanged, CalendarUnavailable, Misconfigured
from booking_core.model.booking import Booking
from booking_core.services.booking import Booked
from booking_core.services.front_desk import BookingOrder, FrontDesk, Unavailable
from booking_core.services.offers import Offers
from booking_core.services.reschedule import Moved, MovePromised
from integrations.holidays_calendar import HolidaysCalendar
from tests.support.saga_world import (
    CUT,
    GUEST,
    World,
    cut,
    down,
    failing,
    in_virtual_time,
    lost,
    refused,
    salon,
    well,
)


def desk_of(world: World) -> FrontDesk:
    offers = Offers(world.database, world.mirror, HolidaysCalendar())
    return FrontDesk(world.database, offers, world.bookings, world.moves, world.cancels, world.clock)


async def half_moved(world: World) -> Booking:
    """The calendar has moved it and has not been heard of since; what is free has been read from it meanwhile."""
    booking = await world.booked(cut())
    for staff in ("ben", "clara"):
        world.theirs(cut(300, staff))
    await read(world)
    world.calendar.will("move", lost)
    world.calendar.otherwise = down
    promised = await desk_of(world).move(world.tenant, booking, cut(300).starts_at, None, door="api")
    assert promised == MovePromised(await world.only(), cut(300))
    await read(world)
    return booking


async def read(world: World) -> None:
    day = cut().starts_at.date()
    assert not await world.mirror.reread(world.tenant, [it.id for it in world.tenant.staff], day, day, deadline=5)


@in_virtual_time
async def test_a_repeated_move_waits_for_the_one_under_way(world: World) -> None:
    """Its own entry is in the calendar already: to look for free time would find none."""
    booking = await half_moved(world)
    again = await desk_of(world).move(world.tenant, booking, cut(300).starts_at, None, door="api")
    assert again == MovePromised(await world.only(), cut(300))
    world.calendar.otherwise = well
    await world.settle()
    moved = await desk_of(world).move(world.tenant, booking, cut(300).starts_at, None, door="api")
    assert moved == Moved(await world.only(), cut(300).starts_at)


@in_virtual_time
async def test_another_move_is_asked_to_come_back(world: World) -> None:
    booking = await half_moved(world)
    with pytest.raises(BeingChanged):
        await desk_of(world).move(world.tenant, booking, cut(400).starts_at, None, door="api")


def order() -> BookingOrder:
    plan = cut()
    return BookingOrder(salon().get_service(CUT), plan.starts_at, GUEST, staff=plan.staff[0])


@in_virtual_time
async def test_what_a_calendar_without_a_key_has_refused_is_booked_once_it_has_one(world: World) -> None:
    """The failure is nobody's time: the same request, asked again, is no lasting no."""
    for _ in range(2):
        world.calendar.will("create", failing(Misconfigured))
        with pytest.raises(CalendarUnavailable):
            await desk_of(world).book(world.tenant, order(), token="t-1", door="api")
    booked = await desk_of(world).book(world.tenant, order(), token="t-1", door="api")
    assert isinstance(booked, Booked)
    again = await desk_of(world).book(world.tenant, order(), token="t-1", door="api")
    assert again == Booked(booked.booking, again=True)
    assert len(world.entries()) == 1


@in_virtual_time
async def test_a_request_whose_time_was_taken_stays_refused(world: World) -> None:
    world.calendar.will("create", refused("taken"))
    first = await desk_of(world).book(world.tenant, order(), token="t-1", door="api")
    again = await desk_of(world).book(world.tenant, order(), token="t-1", door="api")
    assert isinstance(first, Unavailable)
    assert isinstance(again, Unavailable)
    assert world.calendar.made.count("create") == 1


@in_virtual_time
async def test_a_move_that_no_time_would_mend_is_no_lack_of_time(world: World) -> None:
    booking = await world.booked(cut())
    world.calendar.will("move", failing(Misconfigured))
    with pytest.raises(CalendarUnavailable):
        await desk_of(world).move(world.tenant, booking, cut(400).starts_at, None, door="api")
    assert world.entries() == [("anna", 240, 30)]
