"""The planner against brute force on thousands of small worlds: the same starts, valid plans, the best one, in order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from booking_core.availability.composite import Planner, find_plans, possible_starts
from booking_core.availability.ticks import ticks_in
from booking_core.model.interval import Interval, instant_of, tick_of
from tests.support.brute_force_planner import World, every_plan, problems
from tests.support.planner_worlds import worlds

MANY = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(worlds())
def test_same_starts_and_the_best_plan_at_each(world: World):
    best = {tick: plans[0] for tick in world.ticks() if (plans := every_plan(world, tick))}
    free = world.bitmaps()
    starts = possible_starts(world.service, free, world.base, wish=world.wish)
    assert set(ticks_in(starts, world.base)) == set(best)
    plans = find_plans(world.service, free, world.base, wish=world.wish)
    assert plans == [best[tick] for tick in sorted(best)]
    assert [problem for plan in plans for problem in problems(world, plan)] == []
