"""A pending booking that is cancelled: the answer comes before the end, and the end is written."""

from __future__ import annotations

from booking_core.model.booking import Booking
from booking_core.services.booking import Promised
from bot.booking_json import full_booking_json
from tests.support.saga_world import World, cut, down, in_virtual_time, well


def events(world: World, booking: Booking) -> list[tuple[str, str]]:
    """The history as the API tells it: events, and who they come from."""
    return [(it["event"], it["by"]) for it in full_booking_json(booking, world.tenant, "en")["history"]]


@in_virtual_time
async def test_the_history_of_a_pending_booking_that_is_cancelled_ends_with_that(world: World) -> None:
    world.calendar.otherwise = down
    promised = await world.yes(cut(), deadline=1)
    assert isinstance(promised, Promised)
    answer = await world.cancels.cancel(world.tenant, promised.booking, door="api", reason="ill")
    assert full_booking_json(answer, world.tenant, "en")["status"] == "cancelled"
    assert events(world, answer) == [("requested", "guest"), ("promised", "guest"), ("compensating", "staff")]
    world.calendar.otherwise = well
    await world.settle()
    ended = await world.only()
    assert full_booking_json(ended, world.tenant, "en")["status"] == "cancelled"
    assert events(world, ended) == [*events(world, answer), ("cancelled", "staff")]
    assert world.entries() == []
