"""Holding a new time for a booking that is to be moved: what it has already need not be claimed again."""

from __future__ import annotations

import pytest

from booking_core.errors import SlotTaken
from booking_core.model.ids import ConversationId
from booking_core.model.interval import Interval, tick_of
from booking_core.model.slot import Hold
from tests.support.any_database import AnyDatabase
from tests.support.examples import ANNA, NOW, TENANT, hold_of, minutes, single
from tests.support.full_ticks import full_ticks

MORNING = Interval(NOW - minutes(60), NOW + minutes(240))
OWNER = "ABC234"


async def hold(database: AnyDatabase, wanted: Hold, *, moving: str | None = None) -> None:
    async with database.write() as work:
        await work.claims.hold(wanted, contact=None, seats={}, now=NOW, shared_with=moving)


async def booked(database: AnyDatabase, owner: str = OWNER, start: float = 0) -> None:
    """Half an hour of Anna's, for good."""
    async with database.write() as work:
        await work.claims.claim(TENANT, single(start).needs(), owner=owner, seats={}, now=NOW)


async def full(database: AnyDatabase, *, not_owner: str | None = None) -> set[int]:
    """Anna's full ticks, counted from ``NOW``."""
    async with database.read() as work:
        found = await full_ticks(work.claims, TENANT, [ANNA], MORNING, seats={}, now=NOW, not_owner=not_owner)
    return {tick - tick_of(NOW) for tick in found[ANNA]}


async def version(database: AnyDatabase) -> int:
    async with database.read() as work:
        return (await work.mirror.versions(TENANT)).claims


async def test_the_time_of_the_booking_itself_may_be_held(database: AnyDatabase) -> None:
    """Only what is new is claimed: the booking keeps what it has when the hold is given back."""
    await booked(database)
    await hold(database, hold_of("c-1", single(15)), moving=OWNER)
    assert await full(database) == set(range(9))
    assert await full(database, not_owner=OWNER) == {6, 7, 8}
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
    assert await full(database) == set(range(6))


async def test_without_saying_so_it_is_taken(database: AnyDatabase) -> None:
    await booked(database)
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-1", single(15)))


async def test_the_time_of_another_booking_is_taken_all_the_same(database: AnyDatabase) -> None:
    await booked(database)
    await booked(database, owner="XYZ789", start=30)
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-1", single(15)), moving=OWNER)
    assert await full(database) == set(range(12))


async def test_what_is_given_back_counts_as_a_change_and_nothing_does_not(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    before = await version(database)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
    assert await version(database) == before + 1
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
    assert await version(database) == before + 1
