"""The check for overlaps while the booking changes under its hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking_core.ports.calendar import Entry
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.reschedule import Moved
from tests.support.saga_world import World, cut, in_virtual_time


@in_virtual_time
async def test_an_overlap_of_a_time_that_was_left_meanwhile_is_not_written_down(world: World) -> None:
    booking = await world.booked(cut())
    world.theirs(cut())

    class MovedWhileRead:
        async def list_entries(self, *asked: Any) -> Sequence[Entry]:
            entries = await world.memory.list_entries(*asked)
            moved = await world.moves.move(world.tenant, booking, cut(300), conversation=None, door="chat")
            assert isinstance(moved, Moved)
            return entries

    calendar: Any = MovedWhileRead()
    await OverlapCheck(world.database, calendar, world.clock).check(world.tenant, booking.reference, 0)
    assert [it.event for it in (await world.only()).history] == ["requested", "confirmed", "moved"]
    assert await world.callbacks() == []
    assert ("message", "overlapped") not in await world.told()
