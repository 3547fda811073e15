"""One guest in many conversations at the same moment: first how the limit is passed, then that it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from booking_core.errors import SlotTaken, TooManyHolds
from booking_core.model.slot import Hold, Plan
from booking_core.ports.claims import HOLDS_PER_CONTACT
from integrations.sql import SqlDatabase
from integrations.sql.claims import SqlClaims
from tests.support.examples import NOW, TENANT, composite, hold_of, single

RIVALS = 8


async def hold(database: SqlDatabase, wanted: Hold, contact: str = "digest", **options: Any) -> bool:
    """Whether the guest got it; a time that somebody else has is none."""
    try:
        async with database.write() as work:
            await work.claims.hold(wanted, contact=contact, seats={}, now=NOW, **options)
    except (TooManyHolds, SlotTaken):
        return False
    return True


async def live_holds(database: SqlDatabase, contact: str = "digest") -> int:
    async with database.read() as work:
        return await work.claims.count_holds(TENANT, contact, now=NOW)


def own_resource(number: int) -> Plan:
    """A plan of a staff member of its own, so that only the guest is what the rivals have in common."""
    return single(start=30 * number, staff=f"staff-{number}")


async def in_rounds(database: SqlDatabase, play: Callable[[int], Coroutine[Any, Any, bool]]) -> list[bool]:
    """What became of so many rivals at once."""
    return list(await asyncio.gather(*(play(number) for number in range(RIVALS))))


async def test_counted_in_a_transaction_of_its_own_the_limit_is_passed(database: SqlDatabase) -> None:
    """The negative control: were this to keep the limit, the tests below would prove nothing."""
    looked = asyncio.Barrier(RIVALS)

    async def look_then_hold(number: int) -> bool:
        may = await live_holds(database) < HOLDS_PER_CONTACT
        await looked.wait()
        return may and await hold(database, hold_of(f"c-{number}", own_resource(number)), at_most=RIVALS)

    assert await in_rounds(database, look_then_hold) == [True] * RIVALS
    assert await live_holds(database) == RIVALS


async def test_without_the_queue_of_the_guest_the_limit_is_passed_on_postgresql(
    database: SqlDatabase, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the queue: counting in the transaction of the write is enough for SQLite, and not for PostgreSQL."""
    queue, count = SqlClaims._lock, SqlClaims.count_holds
    counted = asyncio.Barrier(RIVALS)

    async def without_the_guest(self: SqlClaims, *args: Any, contact: str | None = None, **others: Any) -> None:
        await queue(self, *args, **others)

    async def count_together(self: SqlClaims, *args: Any, **options: Any) -> int:
        number = await count(self, *args, **options)
        if self._tx.writing and self._tx.postgres:
            await counted.wait()
        return number

    monkeypatch.setattr(SqlClaims, "_lock", without_the_guest)
    monkeypatch.setattr(SqlClaims, "count_holds", count_together)
    won = await in_rounds(database, lambda number: hold(database, hold_of(f"c-{number}", own_resource(number))))
    assert sum(won) == (HOLDS_PER_CONTACT if database_url.startswith("sqlite") else RIVALS)
    assert await live_holds(database) == sum(won)


@pytest.mark.parametrize("rivals_meet", [False, True], ids=["apart", "on the same staff"])
async def test_the_limit_holds_in_every_round(database: SqlDatabase, rivals_meet: bool) -> None:
    for number in range(20):
        contact = f"digest-{number}"

        def play(rival: int, first: int = 1000 * number, contact: str = contact) -> Coroutine[Any, Any, bool]:
            plan = single(start=first + 30 * rival, staff="anna" if rivals_meet else f"staff-{rival}")
            return hold(database, hold_of(f"{contact}-{rival}", plan), contact)

        assert sum(await in_rounds(database, play)) == HOLDS_PER_CONTACT, f"round {number}"
        assert await live_holds(database, contact) == HOLDS_PER_CONTACT


async def test_guests_who_cross_each_other_do_not_block_each_other(database: SqlDatabase) -> None:
    """Two guests and two people in every order: all get an answer, every time is taken, and nobody gets more than may be."""
    for number in range(10):
        at_most = 1 if number % 2 else HOLDS_PER_CONTACT
        plans = [composite(start=900 * number + 150 * at) for at in range(3)]

        async def play(
            rival: int, plans: list[Plan] = plans, number: int = number, at_most: int = at_most
        ) -> bool:
            wanted = hold_of(f"c-{number}-{rival}", plans[(rival + number) % 3])
            if rival % 2:
                wanted = replace(wanted, plans=(*wanted.plans, single(start=900 * number + 450 + 30 * rival)))
            return await hold(database, wanted, f"digest-{number}-{rival % 2}", at_most=at_most)

        async with asyncio.timeout(30):
            won = await in_rounds(database, play)
        held = [await live_holds(database, f"digest-{number}-{guest}") for guest in (0, 1)]
        assert held == [sum(won[0::2]), sum(won[1::2])]
        # Both want each of the three times, so that one hold of the other guest is in nobody's way.
        assert held == [1, 1] if at_most == 1 else sum(held) == len(plans), f"round {number}"
