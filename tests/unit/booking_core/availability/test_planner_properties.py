"""The planner against brute force on thousands of small worlds: the same starts, valid plans, the best one, in order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.availability.composite import Planner, find_plans, possible_starts
from booking_core.availability.ticks import ticks_in
from booking_core.model.interval import Interval, instant_of, tick_of
from tests.support.brute_force_planner import World, best_plan, every_plan, problems
from tests.support.planner_worlds import world_of

MANY = settings(max_examples=500, deadline=None)
WORLDS = st.builds(world_of, st.integers(1, 4), st.integers(2, 4), st.integers(0, 2**32))


@MANY
@given(WORLDS)
def test_same_starts_and_the_best_plan_at_each(world: World):
    best = {tick: plan for tick in world.ticks() if (plan := best_plan(world, tick))}
    free = world.bitmaps()
    starts = possible_starts(world.service, free, world.base, wish=world.wish)
    assert set(ticks_in(starts, world.base)) == set(best)
    plans = find_plans(world.service, free, world.base, wish=world.wish)
    assert plans == [best[tick] for tick in sorted(best)]
    assert [problem for plan in plans for problem in problems(world, plan)] == []
