"""A guest says yes twice to one hold, and two processes hear it: both have to answer with the same booking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from booking_core.services.booking import Booked
from tests.support.rival_salon import shifted
from tests.support.rival_services import Delegate
from tests.support.rival_world import World


class _PausingBookings(Delegate):
    def __init__(self, inner: Any, looked: asyncio.Event, go_on: asyncio.Event) -> None:
        super().__init__(inner)
        self._looked, self._go_on = looked, go_on

    async def find_by_hold(self, *args: Any) -> Any:
        """As the inner one; then wait."""
        found = await self._inner.find_by_hold(*args)
        self._looked.set()
        await self._go_on.wait()
        return found


class _PausingWork(Delegate):
    def __init__(self, inner: Any, bookings: _PausingBookings) -> None:
        super().__init__(inner)
        self.bookings = bookings


class PausingDatabase(Delegate):
    """A transaction that has looked for an earlier booking goes on only when ``go_on`` is set."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.looked, self.go_on = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Delegate]:
        """As the inner one, with such bookings."""
        async with self._inner.write() as work:
            yield _PausingWork(work, _PausingBookings(work.bookings, self.looked, self.go_on))


# SQLite has one writer: there the second transaction cannot begin before the first has ended.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_second_yes_that_looked_too_early_still_finds_the_booking_of_the_first(world: World) -> None:
    plan = shifted(0, 0)
    hold = await world.own.hold("guest", plan)
    assert hold is not None
    database = PausingDatabase(world.own.database)
    slow = replace(world.own, booking=replace(world.own.booking, database=database))
    second = asyncio.create_task(slow.confirm("guest", hold.id, plan))
    await database.looked.wait()
    first = await world.own.confirm("guest", hold.id, plan)
    database.go_on.set()
    again = await second
    assert isinstance(first, Booked)
    assert isinstance(again, Booked)
    assert again.booking.reference == first.booking.reference
    assert again.again
