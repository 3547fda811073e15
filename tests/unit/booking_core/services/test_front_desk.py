"""Exact requests of programs that meet a change which is still under way."""

from __future__ import annotations

import pytest

from booking_core.errors import BeingChanged
from booking_core.model.booking import Booking
from booking_core.services.front_desk import FrontDesk
from booking_core.services.offers import Offers
from booking_core.services.reschedule import Moved, MovePromised
from integrations.holidays_calendar import HolidaysCalendar
from tests.support.saga_world import World, cut, down, in_virtual_time, lost, well


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
