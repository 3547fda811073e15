"""How many times one guest may hold, on every database."""

from __future__ import annotations

from booking_core.model.ids import ConversationId, TenantId
from booking_core.services.hold_limits import HOLDS_PER_CONTACT, may_hold
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, hold_of, minutes, single


async def hold(
    database: AnyDatabase, conversation: str, start: float, contact: str | None, *, expires_in: float = 5
) -> None:
    wanted = hold_of(conversation, single(start=start), expires_in=expires_in)
    async with database.write() as work:
        await work.claims.hold(wanted, contact=contact, seats={}, now=NOW)


async def may(database: AnyDatabase, conversation: str, contact: str | None, *, at: float = 0) -> bool:
    return await may_hold(database, TENANT, ConversationId(conversation), contact, now=NOW + minutes(at))


async def test_four_conversations_of_one_contact_may_hold_and_a_fifth_may_not(database: AnyDatabase) -> None:
    for number in range(HOLDS_PER_CONTACT):
        assert await may(database, f"c-{number}", "digest")
        await hold(database, f"c-{number}", 30 * number, "digest")
    assert not await may(database, "c-new", "digest")
    assert await may(database, "c-new", "another digest")
    assert await may(database, "c-new", None)
    async with database.read() as work:
        assert await work.claims.count_holds(TenantId("elsewhere"), "digest", now=NOW) == 0


async def test_what_the_conversation_holds_itself_is_replaced_and_does_not_count(database: AnyDatabase) -> None:
    for number in range(HOLDS_PER_CONTACT):
        await hold(database, f"c-{number}", 30 * number, "digest")
    assert await may(database, "c-0", "digest")
    await hold(database, "c-0", 300, "digest")
    async with database.read() as work:
        assert await work.claims.count_holds(TENANT, "digest", now=NOW) == HOLDS_PER_CONTACT


async def test_what_has_run_out_or_was_released_does_not_count(database: AnyDatabase) -> None:
    for number in range(HOLDS_PER_CONTACT):
        await hold(database, f"c-{number}", 30 * number, "digest", expires_in=5 + number)
    assert not await may(database, "c-new", "digest", at=4.9)
    assert await may(database, "c-new", "digest", at=5)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-3"))
    assert await may(database, "c-new", "digest")


async def test_a_conversation_never_has_more_than_one_hold(database: AnyDatabase) -> None:
    """Well within the two that it may have: each takes the place of the last, whoever it is for."""
    await hold(database, "c-1", 0, "digest")
    await hold(database, "c-1", 30, "another digest")
    await hold(database, "c-1", 60, None)
    async with database.read() as work:
        held = await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW)
        counted = [await work.claims.count_holds(TENANT, each, now=NOW) for each in ("digest", "another digest")]
    assert held is not None
    assert held.plans == (single(start=60),)
    assert counted == [0, 0]
    # What was held before is free again for others.
    await hold(database, "c-2", 0, None)
    await hold(database, "c-3", 30, None)
