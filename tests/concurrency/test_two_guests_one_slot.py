"""Races for the same time: first how it goes wrong without claims, then that with them it cannot."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor

import pytest

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.ids import ConversationId, ResourceId
from booking_core.model.interval import Interval, tick_of
from booking_core.model.slot import Hold, Plan
from integrations.sql import SqlDatabase
from tests.support.examples import ANNA, NOW, TENANT, booking_of, composite, hold_of, minutes, single
from tests.support.full_ticks import full_ticks
from tests.support.rivals import hold_and_commit, won_in_processes

ROUNDS = 100


async def ticks_not_of(database: SqlDatabase, guest: str, plan: Plan) -> set[tuple[ResourceId, int]]:
    """What others than this guest have around a plan."""
    window = Interval(plan.starts_at - minutes(15), plan.ends_at + minutes(15))
    resources = sorted({resource for resource, _ in plan.needs()})
    async with database.read() as work:
        full = await full_ticks(work.claims, TENANT, resources, window, seats={}, now=NOW, not_owner=guest)
    return {(resource, tick) for resource, ticks in full.items() for tick in ticks}


async def hold(database: SqlDatabase, wanted: Hold, *, at: float = 0) -> bool:
    """Whether the hold was won, at so many minutes after ``NOW``."""
    try:
        async with database.write() as work:
            await work.claims.hold(wanted, contact=None, seats={}, now=NOW + minutes(at))
    except SlotTaken:
        return False
    return True


async def commit(database: SqlDatabase, held: Hold, plan: Plan, *, at: float) -> bool:
    """Whether the hold could be committed, at so many minutes after ``NOW``."""
    try:
        async with database.write() as work:
            await work.claims.commit(TENANT, held.id, plan, owner="ABC234", now=NOW + minutes(at))
    except HoldExpired:
        return False
    return True


async def book_without_claims(database: SqlDatabase, reference: str, plan: Plan, looked: asyncio.Barrier) -> bool:
    """The naive way: look whether the time is free, then write the booking."""
    async with database.read() as work:
        found = await work.bookings.list_between(TENANT, plan.starts_at - minutes(60), plan.ends_at)
    wanted = Interval(plan.starts_at, plan.ends_at)
    free = not any(Interval(it.starts_at, it.ends_at).overlaps(wanted) for it in found)
    await looked.wait()
    if free:
        async with database.write() as work:
            await work.bookings.add(booking_of(reference, plan))
    return free


async def test_without_claims_two_guests_get_the_same_time(database: SqlDatabase) -> None:
    """The negative control: were this to pass with one winner, the tests below would prove nothing."""
    looked = asyncio.Barrier(2)
    won = await asyncio.gather(
        *(book_without_claims(database, name, single(), looked) for name in ("ANNA22", "BERT22"))
    )
    assert won == [True, True]


async def test_with_claims_exactly_one_of_two_guests_wins_every_round(database: SqlDatabase) -> None:
    for number in range(ROUNDS):
        plan = composite(start=90 * number)
        guests = [f"a-{number}", f"b-{number}"]
        won = await asyncio.gather(*(hold_and_commit(database, guest, plan) for guest in guests))
        assert sorted(won) == [False, True], f"round {number}"
        winner, loser = guests if won[0] else guests[::-1]
        assert await ticks_not_of(database, loser, plan) == plan.needs()
        assert not await ticks_not_of(database, winner, plan)


async def test_shifted_overlaps_never_share_a_tick(database: SqlDatabase) -> None:
    for number in range(10):
        plans = [single(start=300 * number + shift) for shift in (0, 5, 10, 15, 20, 25)]
        won = await asyncio.gather(
            *(hold_and_commit(database, f"{number}-{index}", plan) for index, plan in enumerate(plans))
        )
        winners = [plan for plan, has_won in zip(plans, won, strict=True) if has_won]
        # All of them share the last five minutes of the first, so one excludes all others.
        assert len(winners) == 1, f"round {number}"


async def test_guests_who_swap_their_times_do_not_block_each_other(database: SqlDatabase) -> None:
    """Each wants what the other has just given back, still holds or held until a moment ago: nobody may hang or crash.

    Half of the holds have run out. Nobody gets what is still held, and what nobody holds any more goes to somebody.
    """
    may_come = (
        # Both holds are live: each of the two waits for the other in vain.
        {(False, False, False)},
        # That of ``b`` has run out: ``a`` gets its time, and ``b`` that of ``a`` if it asks later.
        {(True, False, False), (True, True, False)},
        # That of ``a`` has run out.
        {(False, True, False), (True, True, False)},
        # Both have run out: the two swap, unless the third was the first to ask.
        {(True, True, False), (False, False, True)},
    )
    for number in range(24):
        early, late = composite(start=300 * number), composite(start=300 * number + 150)
        both = composite(start=300 * number + 75)
        of_a, of_b = ((60, 60), (60, 5), (5, 60), (5, 5))[number % 4]
        assert await hold(database, hold_of(f"a-{number}", early, expires_in=of_a))
        assert await hold(database, hold_of(f"b-{number}", late, expires_in=of_b))
        rivals = [("a", late), ("b", early), ("c", both)]
        shift = number // 4
        order = rivals[shift % 3 :] + rivals[: shift % 3]
        won = await asyncio.gather(
            *(hold(database, hold_of(f"{name}-{number}", plan, expires_in=60), at=6) for name, plan in order)
        )
        by_name = dict(zip((name for name, _ in order), won, strict=True))
        assert (by_name["a"], by_name["b"], by_name["c"]) in may_come[number % 4], f"round {number}"


async def test_an_expiring_hold_is_either_committed_or_taken_over(database: SqlDatabase) -> None:
    """The first guest commits just in time by its own clock while the second, whose clock is ahead, takes over."""
    outcomes = set()
    for number in range(40):
        plan = single(start=60 * number)
        first = hold_of(f"first-{number}", plan, expires_in=5)
        second = hold_of(f"second-{number}", plan, expires_in=60)
        assert await hold(database, first)

        early = commit(database, first, plan, at=4.99)
        late = hold(database, second, at=5)
        rivals = [early, late] if number % 2 else [late, early]
        won = await asyncio.gather(*rivals)
        assert sorted(won) == [False, True], f"round {number}"
        outcomes.add(won[0] if number % 2 else won[1])
    assert outcomes == {True, False}


async def test_two_seats_are_given_to_two_of_five_rivals(database: SqlDatabase) -> None:
    for number in range(20):
        plan = single(start=60 * number)
        won = await asyncio.gather(
            *(hold_and_commit(database, f"{number}-{guest}", plan, seats=2) for guest in range(5))
        )
        assert sum(won) == 2, f"round {number}"


async def test_a_conversation_that_changes_its_mind_never_loses_what_it_keeps(database: SqlDatabase) -> None:
    """One guest moves a hold to and fro by ten minutes while another grabs whatever becomes free."""
    assert await hold(database, hold_of("mine", single()))

    async def waver() -> None:
        for number in range(20):
            await hold(database, hold_of("mine", single(start=10 * (number % 2))))

    async def grab(guest: str, start: float) -> None:
        for _ in range(20):
            if await hold(database, hold_of(guest, single(start=start, length=10))):
                async with database.write() as work:
                    await work.claims.release_hold(TENANT, ConversationId(guest))

    await asyncio.gather(waver(), grab("early", 0), grab("late", 30), grab("middle", 15))
    async with database.read() as work:
        held = await work.claims.find_hold(TENANT, ConversationId("mine"), now=NOW)
        full = await full_ticks(
            work.claims, TENANT, [ANNA], Interval(NOW - minutes(60), NOW + minutes(120)), seats={}, now=NOW
        )
    assert held is not None
    assert {(ANNA, tick) for tick in full[ANNA]} == held.plans[0].needs()
    assert {tick for _, tick in held.plans[0].needs()} >= set(range(tick_of(NOW) + 2, tick_of(NOW) + 6))


def test_processes_that_race_for_the_same_time_have_one_winner_each_round(
    database_url: str, four_processes: ProcessPoolExecutor
) -> None:
    rounds = 40
    won = won_in_processes(four_processes, 4, database_url, rounds)
    assert sorted(number for mine in won for number in mine) == list(range(rounds))


@pytest.mark.parametrize("seats", [1, 2])
async def test_claims_of_bookings_race_like_holds(database: SqlDatabase, seats: int) -> None:
    """Reschedule and the saga claim without a hold; the same rules apply."""

    async def claim(owner: str, plan: Plan) -> bool:
        try:
            async with database.write() as work:
                await work.claims.claim(TENANT, plan.needs(), owner=owner, seats={ANNA: seats}, now=NOW)
        except SlotTaken:
            return False
        return True

    for number in range(15):
        plan = single(start=60 * number)
        won = await asyncio.gather(*(claim(f"{number}-{rival}", plan) for rival in range(4)))
        assert sum(won) == seats, f"round {number}"
