"""Claims and holds, on every database."""

from __future__ import annotations

from typing import Any

import pytest

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.ids import ConversationId, ResourceId, TenantId
from booking_core.model.interval import Interval, instant_of, tick_of
from booking_core.model.slot import Hold, Plan
from tests.support.any_database import AnyDatabase
from tests.support.examples import ANNA, NOW, TENANT, composite, hold_of, minutes, single
from tests.support.full_ticks import full_ticks

MORNING = Interval(NOW - minutes(60), NOW + minutes(240))
FIRST = tick_of(NOW)


async def hold(
    database: AnyDatabase, wanted: Hold, *, at: float = 0, contact: str | None = None, **seats: int
) -> None:
    async with database.write() as work:
        await work.claims.hold(wanted, contact=contact, seats=_seats(seats), now=NOW + minutes(at))


async def commit(database: AnyDatabase, held: Hold, plan: Plan, owner: str = "ABC234", *, at: float = 0) -> None:
    async with database.write() as work:
        await work.claims.commit(held.tenant, held.id, plan, owner=owner, now=NOW + minutes(at))


async def full(
    database: AnyDatabase,
    *resources: str,
    at: float = 0,
    not_conversation: str | None = None,
    not_owner: str | None = None,
    window: Interval = MORNING,
    **seats: int,
) -> dict[str, set[int]]:
    """Full ticks by resource, counted from ``NOW``."""
    asked = [ResourceId(it) for it in resources or (ANNA,)]
    conversation = None if not_conversation is None else ConversationId(not_conversation)
    question: dict[str, Any] = {
        "seats": _seats(seats),
        "now": NOW + minutes(at),
        "not_conversation": conversation,
        "not_owner": not_owner,
    }
    async with database.read() as work:
        found = await full_ticks(work.claims, TENANT, asked, window, **question)
    assert set(found) == set(asked)
    assert all(tick in window.ticks() for ticks in found.values() for tick in ticks)
    return {resource: {tick - FIRST for tick in ticks} for resource, ticks in found.items()}


def _seats(seats: dict[str, int]) -> dict[ResourceId, int]:
    return {ResourceId(f"staff:{name}"): count for name, count in seats.items()}


async def test_a_hold_takes_every_tick_its_plan_needs(database: AnyDatabase) -> None:
    plan = composite()
    await hold(database, hold_of("c-1", plan))
    taken = await full(database, ANNA, "resource:basin", "staff:ben")
    assert taken == {
        # Buffer before, 30 minutes of work, blocked rest and buffer after; then the second segment.
        ANNA: {*range(-1, 8), *range(10, 15)},
        "resource:basin": set(range(6)),
        "staff:ben": set(),
    }


async def test_the_pause_stays_free_for_others(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", composite()))
    await hold(database, hold_of("c-2", single(start=40, length=10)))
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-3", single(start=40, length=15)))


@pytest.mark.parametrize("start", [-25, -5, 0, 5, 25])
async def test_an_overlap_is_refused(database: AnyDatabase, start: float) -> None:
    await hold(database, hold_of("c-1", single()))
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-2", single(start=start)))


@pytest.mark.parametrize("start", [-30, 30])
async def test_neighbours_do_not_disturb_each_other(database: AnyDatabase, start: float) -> None:
    await hold(database, hold_of("c-1", single()))
    await hold(database, hold_of("c-2", single(start=start)))


async def test_other_tenants_and_staff_are_not_touched(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    await hold(database, hold_of("c-2", single(), tenant=TenantId("another")))
    await hold(database, hold_of("c-3", single(staff="ben")))


async def test_a_refused_hold_changes_nothing_even_if_the_unit_of_work_goes_on(database: AnyDatabase) -> None:
    old = hold_of("c-1", single(start=60))
    await hold(database, old)
    await hold(database, hold_of("c-2", single()))
    async with database.write() as work:
        with pytest.raises(SlotTaken):
            await work.claims.hold(hold_of("c-1", single(start=20)), contact=None, seats={}, now=NOW)
    async with database.read() as work:
        assert await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW) == old
    assert (await full(database))[ANNA] == {*range(6), *range(12, 18)}


async def test_a_new_hold_replaces_the_old_one_and_keeps_what_both_share(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    new = hold_of("c-1", single(start=15), expires_in=9)
    await hold(database, new)
    assert (await full(database))[ANNA] == set(range(3, 9))
    assert (await full(database, at=6))[ANNA] == set(range(3, 9))
    async with database.read() as work:
        assert await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW) == new


async def test_two_plans_of_one_hold_may_overlap(database: AnyDatabase) -> None:
    held = hold_of("c-1", single(), single(start=15))
    await hold(database, held)
    assert (await full(database))[ANNA] == set(range(9))
    await commit(database, held, held.plans[1])
    assert (await full(database))[ANNA] == set(range(3, 9))


async def test_an_expired_hold_counts_as_free_everywhere(database: AnyDatabase) -> None:
    old = hold_of("c-1", single(), expires_in=5)
    await hold(database, old, contact="digest")
    assert (await full(database, at=4.9))[ANNA] == set(range(6))
    assert (await full(database, at=5))[ANNA] == set()
    async with database.read() as work:
        assert await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW + minutes(5)) is None
        assert await work.claims.count_holds(TENANT, "digest", now=NOW + minutes(5)) == 0
    await hold(database, hold_of("c-2", single(start=10), expires_in=20), at=5)
    assert (await full(database, at=5))[ANNA] == set(range(2, 8))
    with pytest.raises(HoldExpired):
        await commit(database, old, old.plans[0], at=4)


async def test_holds_are_counted_by_contact(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()), contact="digest")
    await hold(database, hold_of("c-2", single(start=30)), contact="digest")
    await hold(database, hold_of("c-3", single(start=60)), contact="other")
    await hold(database, hold_of("c-2", single(start=90)), contact="digest")
    async with database.read() as work:
        assert await work.claims.count_holds(TENANT, "digest", now=NOW) == 2
        for left_out, expected in [("c-1", 1), ("c-3", 2), ("c-9", 2)]:
            asking = ConversationId(left_out)
            assert await work.claims.count_holds(TENANT, "digest", now=NOW, not_conversation=asking) == expected
        assert await work.claims.count_holds(TenantId("another"), "digest", now=NOW) == 0


async def test_a_released_hold_is_free(database: AnyDatabase) -> None:
    held = hold_of("c-1", single())
    await hold(database, held)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
        await work.claims.release_hold(TENANT, ConversationId("never-held"))
    assert (await full(database))[ANNA] == set()
    with pytest.raises(HoldExpired):
        await commit(database, held, held.plans[0])


async def test_what_was_just_given_back_may_be_claimed(database: AnyDatabase) -> None:
    """All of the hold is free with it, wherever it was, and what the claim itself did not take."""
    await hold(database, hold_of("c-1", single(), single(staff="ben")))
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
        await work.claims.claim(TENANT, single(start=15).needs(), owner="ABC234", seats={}, now=NOW)
    assert await full(database, ANNA, "staff:ben") == {ANNA: set(range(3, 9)), "staff:ben": set()}


async def test_what_was_just_given_back_may_be_held_by_another(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single(), single(staff="ben")), contact="digest")
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
        wanted = hold_of("c-2", single(start=15))
        await work.claims.hold(wanted, contact="digest", seats={}, now=NOW, at_most=1)
    assert await full(database, ANNA, "staff:ben") == {ANNA: set(range(3, 9)), "staff:ben": set()}


async def test_who_gives_back_and_holds_again_has_the_new_hold(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    again = hold_of("c-1", single(start=15))
    async with database.write() as work:
        await work.claims.release_hold(TENANT, again.conversation)
        await work.claims.hold(again, contact=None, seats={}, now=NOW)
    assert (await full(database))[ANNA] == set(range(3, 9))
    await commit(database, again, again.plans[0])


async def test_what_was_just_given_back_is_seen_to_be_free(database: AnyDatabase) -> None:
    held = hold_of("c-1", single())
    await hold(database, held, contact="digest")
    with pytest.raises(HoldExpired):
        async with database.write() as work:
            await work.claims.release_hold(TENANT, held.conversation)
            assert await work.claims.find_hold(TENANT, held.conversation, now=NOW) is None
            assert await work.claims.count_holds(TENANT, "digest", now=NOW) == 0
            assert await full_ticks(work.claims, TENANT, [ANNA], MORNING, seats={}, now=NOW) == {ANNA: frozenset()}
            await work.claims.commit(TENANT, held.id, held.plans[0], owner="ABC234", now=NOW)
    assert (await full(database))[ANNA] == set(range(6))
    with pytest.raises(HoldExpired):
        async with database.write() as work:
            await work.claims.release_hold(TENANT, held.conversation)
            await work.claims.commit(TENANT, held.id, held.plans[0], owner="ABC234", now=NOW)
    await commit(database, held, held.plans[0])


async def test_a_hold_by_its_old_name_on_another_time_replaces_it(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single(), single(staff="ben"), hold="h-1"))
    await hold(database, hold_of("c-1", single(start=15), hold="h-1"))
    assert await full(database, ANNA, "staff:ben") == {ANNA: set(range(3, 9)), "staff:ben": set()}


async def test_a_committed_plan_lasts_and_the_rest_is_given_back(database: AnyDatabase) -> None:
    held = hold_of("c-1", single(), composite(start=60))
    await hold(database, held)
    await commit(database, held, held.plans[1])
    taken = await full(database, ANNA, "resource:basin", at=60 * 24)
    assert taken == {ANNA: {*range(11, 20), *range(22, 27)}, "resource:basin": set(range(12, 18))}
    async with database.read() as work:
        assert await work.claims.find_hold(TENANT, ConversationId("c-1"), now=NOW) is None


async def test_a_hold_is_committed_once(database: AnyDatabase) -> None:
    held = hold_of("c-1", single())
    await hold(database, held)
    await commit(database, held, held.plans[0])
    with pytest.raises(HoldExpired):
        await commit(database, held, held.plans[0], owner="XYZ789")
    assert (await full(database, not_owner="ABC234"))[ANNA] == set()


@pytest.mark.parametrize("late_by", [0, 0.001])
async def test_a_hold_that_ran_out_cannot_be_committed(database: AnyDatabase, late_by: float) -> None:
    held = hold_of("c-1", single(), expires_in=5)
    await hold(database, held)
    with pytest.raises(HoldExpired):
        await commit(database, held, held.plans[0], at=5 + late_by)


async def test_a_commit_that_lost_one_tick_changes_nothing(database: AnyDatabase) -> None:
    held = hold_of("c-1", single(), expires_in=5)
    await hold(database, held)
    # A process whose clock is ahead has taken over the last ticks.
    await hold(database, hold_of("c-2", single(start=20), expires_in=60), at=6)
    async with database.write() as work:
        with pytest.raises(HoldExpired):
            await work.claims.commit(TENANT, held.id, held.plans[0], owner="ABC234", now=NOW)
    assert (await full(database, at=6))[ANNA] == set(range(4, 10))


async def test_a_plan_that_is_not_held_cannot_be_committed(database: AnyDatabase) -> None:
    held = hold_of("c-1", single())
    await hold(database, held)
    with pytest.raises(HoldExpired):
        await commit(database, held, single(start=5))
    await commit(database, held, held.plans[0])


async def test_seats_are_filled_one_after_the_other(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()), anna=2)
    assert (await full(database, anna=2))[ANNA] == set()
    await hold(database, hold_of("c-2", single(start=15)), anna=2)
    assert (await full(database, anna=2))[ANNA] == set(range(3, 6))
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-3", single(start=25)), anna=2)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
    await hold(database, hold_of("c-3", single(start=25)), anna=2)


async def test_a_lowered_capacity_refuses_although_a_low_seat_is_free(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()), anna=2)
    await hold(database, hold_of("c-2", single()), anna=2)
    async with database.write() as work:
        await work.claims.release_hold(TENANT, ConversationId("c-1"))
    with pytest.raises(SlotTaken):
        await hold(database, hold_of("c-3", single()))
    assert (await full(database))[ANNA] == set(range(6))


async def test_lasting_claims_are_added_and_released_by_owner(database: AnyDatabase) -> None:
    old, new = single(), single(start=15)
    async with database.write() as work:
        await work.claims.claim(TENANT, old.needs(), owner="ABC234", seats={}, now=NOW)
    async with database.write() as work:
        await work.claims.claim(TENANT, new.needs(), owner="ABC234", seats={}, now=NOW)
    assert (await full(database))[ANNA] == set(range(9))
    async with database.write() as work:
        await work.claims.release(TENANT, owner="ABC234", keep=new.needs())
    assert (await full(database))[ANNA] == set(range(3, 9))
    async with database.write() as work:
        await work.claims.release(TENANT, owner="nobody")
        await work.claims.release(TENANT, owner="ABC234")
    assert (await full(database))[ANNA] == set()


async def test_a_refused_claim_changes_nothing_even_if_the_unit_of_work_goes_on(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single(start=15)))
    async with database.write() as work:
        with pytest.raises(SlotTaken):
            await work.claims.claim(TENANT, single().needs(), owner="ABC234", seats={}, now=NOW)
    assert (await full(database, not_conversation="c-1"))[ANNA] == set()


async def test_a_claim_takes_over_what_has_expired(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single(), expires_in=5))
    async with database.write() as work:
        await work.claims.claim(TENANT, single().needs(), owner="ABC234", seats={}, now=NOW + minutes(5))
        await work.claims.claim(TENANT, [], owner="ABC234", seats={}, now=NOW)
    assert (await full(database, at=5))[ANNA] == set(range(6))


async def test_the_asking_conversation_and_booking_are_left_out(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    async with database.write() as work:
        await work.claims.claim(TENANT, single(start=60).needs(), owner="ABC234", seats={}, now=NOW)
    assert (await full(database, not_conversation="c-1"))[ANNA] == set(range(12, 18))
    assert (await full(database, not_owner="ABC234"))[ANNA] == set(range(6))
    assert (await full(database, not_conversation="c-1", not_owner="ABC234"))[ANNA] == set()


async def test_full_time_ends_with_the_window(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single()))
    window = Interval(NOW + minutes(10), NOW + minutes(20))
    assert (await full(database, window=window))[ANNA] == {2, 3}
    assert (await full(database, window=Interval(NOW, NOW)))[ANNA] == set()


async def test_what_ran_out_long_ago_is_swept_away(database: AnyDatabase) -> None:
    await hold(database, hold_of("c-1", single(), expires_in=5))
    alive = hold_of("c-2", single(start=30), expires_in=60)
    await hold(database, alive)
    await database.sweep(now=NOW + minutes(20))
    # Seen from before it ran out: were it only hidden, it would still be there.
    assert (await full(database))[ANNA] == set(range(6, 12))
    await commit(database, alive, alive.plans[0], at=30)


async def test_a_hold_that_needs_nothing_is_an_error(database: AnyDatabase) -> None:
    with pytest.raises(ValueError, match="at least one tick"):
        await hold(database, hold_of("c-1"))


async def test_claims_across_days_and_years_are_where_they_belong(database: AnyDatabase) -> None:
    midnight = tick_of(NOW.replace(hour=0))
    ticks = [midnight + shift for shift in (-288 * 400, -289, -288, -1, 0, 1, 287, 288, 289, 288 * 400)]
    async with database.write() as work:
        await work.claims.claim(TENANT, [(ANNA, tick) for tick in ticks], owner="ABC234", seats={}, now=NOW)
    window = Interval(NOW - minutes(60 * 24 * 500), NOW + minutes(60 * 24 * 500))
    assert (await full(database, window=window))[ANNA] == {tick - FIRST for tick in ticks}
    window = Interval(instant_of(midnight - 288), instant_of(midnight + 288))
    assert (await full(database, window=window))[ANNA] == {midnight + it - FIRST for it in (-288, -1, 0, 1, 287)}


async def test_without_any_seat_everything_is_full(database: AnyDatabase) -> None:
    window = Interval(NOW, NOW + minutes(15))
    assert (await full(database, window=window, anna=0))[ANNA] == {0, 1, 2}
