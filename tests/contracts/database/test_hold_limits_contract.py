"""How many times one guest may hold, on every database."""

from __future__ import annotations

import pytest

from booking_core.errors import SlotTaken, TooManyHolds
from booking_core.model.ids import ConversationId, TenantId
from booking_core.ports.claims import HOLDS_PER_CONTACT
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, hold_of, minutes, single

NEW = 300.0
"""A start that nobody else wants."""


async def hold(
    database: AnyDatabase,
    conversation: str,
    start: float,
    contact: str | None,
    *,
    expires_in: float = 5,
    at: float = 0,
) -> None:
    wanted = hold_of(conversation, single(start=start), expires_in=at + expires_in)
    async with database.write() as work:
        await work.claims.hold(wanted, contact=contact, seats={}, now=NOW + minutes(at))


async def hold_all(database: AnyDatabase, contact: str = "digest") -> None:
    """As many as one guest may, in the conversations ``c-0``, ``c-1``, …; each lasts a minute longer than the one before."""
    for number in range(HOLDS_PER_CONTACT):
        await hold(database, f"c-{number}", 30 * number, contact, expires_in=5 + number)


async def counted(database: AnyDatabase, contact: str = "digest", tenant: TenantId = TENANT) -> int:
    async with database.read() as work:
        return await work.claims.count_holds(tenant, contact, now=NOW)


async def test_four_conversations_of_one_contact_may_hold_and_a_fifth_may_not(database: AnyDatabase) -> None:
    await hold_all(database)
    with pytest.raises(TooManyHolds):
        await hold(database, "c-new", NEW, "digest")
    assert (await counted(database), HOLDS_PER_CONTACT) == (4, 4)
    assert await counted(database, tenant=TenantId("elsewhere")) == 0
    await hold(database, "c-another", NEW, "another digest")
    await hold(database, "c-nameless", NEW + 30, None)


async def test_a_guest_is_counted_by_each_salon_alone(database: AnyDatabase) -> None:
    await hold_all(database)
    elsewhere = hold_of("c-new", single(start=NEW), tenant="elsewhere")
    async with database.write() as work:
        await work.claims.hold(elsewhere, contact="digest", seats={}, now=NOW)
    assert await counted(database) == HOLDS_PER_CONTACT


async def test_what_is_refused_leaves_the_old_hold_and_takes_nothing(database: AnyDatabase) -> None:
    await hold_all(database)
    await hold(database, "c-new", NEW, None)
    with pytest.raises(TooManyHolds):
        await hold(database, "c-new", NEW + 30, "digest")
    async with database.read() as work:
        stands = await work.claims.find_hold(TENANT, ConversationId("c-new"), now=NOW)
    assert stands is not None
    assert stands.plans == (single(start=NEW),)
    await hold(database, "c-other", NEW + 30, None)
    with pytest.raises(SlotTaken):
        await hold(database, "c-other", NEW, None)


async def test_the_limit_is_told_before_the_time_is_looked_at(database: AnyDatabase) -> None:
    """The guest is not sent from one taken time to the next without ever being able to hold one."""
    await hold_all(database)
    with pytest.raises(TooManyHolds):
        await hold(database, "c-new", 0, "digest")


async def test_what_the_conversation_holds_itself_is_replaced_and_does_not_count(database: AnyDatabase) -> None:
    await hold_all(database)
    await hold(database, "c-0", NEW, "digest")
    assert await counted(database) == HOLDS_PER_CONTACT


async def test_what_has_run_out_or_was_released_does_not_count(database: AnyDatabase) -> None:
    await hold_all(database)
    with pytest.raises(TooManyHolds):
        await hold(database, "c-new", NEW, "digest", at=4.9)
    await hold(database, "c-new", NEW, "digest", at=5)
    with pytest.raises(TooManyHolds):
        await hold(database, "c-next", NEW + 30, "digest", at=5)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-3"))
    await hold(database, "c-next", NEW + 30, "digest", at=5)


@pytest.mark.parametrize("at_most", [1, 2])
async def test_another_limit_may_be_asked_for(database: AnyDatabase, at_most: int) -> None:
    won = []
    for number in range(3):
        wanted = hold_of(f"c-{number}", single(start=30 * number))
        try:
            async with database.write() as work:
                await work.claims.hold(wanted, contact="digest", seats={}, now=NOW, at_most=at_most)
        except TooManyHolds:
            continue
        won.append(number)
    assert won == list(range(at_most))


async def test_a_conversation_never_has_more_than_one_hold(database: AnyDatabase) -> None:
    """Well within the two that it may have: each takes the place of the last, whoever it is for."""
    await hold(database, "c-1", 0, "digest")
    await hold(database, "c-1", 30, "another digest")
    await hold(database, "c-1", 60, None)
    async with database.read() as work:
        held = await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW)
    assert held is not None
    assert held.plans == (single(start=60),)
    assert [await counted(database, each) for each in ("digest", "another digest")] == [0, 0]
    # What was held before is free again for others.
    await hold(database, "c-2", 0, None)
    await hold(database, "c-3", 30, None)
