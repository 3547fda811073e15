"""The planner against brute force on thousands of small worlds: the same starts, valid plans, the best one, a true no."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.availability.composite import Planner, find_plans, possible_starts
from booking_core.availability.explain import (
    DoesNotWork,
    EquipmentTaken,
    IsBusy,
    IsUnknown,
    PauseCannotBeKept,
    Times,
    explain,
)
from booking_core.availability.ranking import small_gaps
from booking_core.availability.ticks import ticks_in
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import equipment_resource, staff_resource
from booking_core.model.interval import Interval, instant_of, tick_of
from booking_core.model.service import LocalText
from booking_core.model.tenant import Equipment, Policies, Staff, Tenant
from tests.support.brute_force_planner import World, best_plan, every_plan, order_of_plan, possible, problems
from tests.support.planner_worlds import ORIGIN, STAFF, world_of

WORLDS = st.builds(world_of, st.integers(1, 4), st.integers(2, 4), st.integers(0, 2**32))
MANY = settings(max_examples=1200, deadline=None)
SOME = settings(max_examples=250, deadline=None)
ALWAYS = WeeklyHours.parse({day: ["00:00-23:55"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})


@MANY
@given(WORLDS)
def test_the_same_starts_and_the_best_plan_at_each(world: World):
    best = {tick: plan for tick in world.ticks() if (plan := best_plan(world, tick))}
    free = world.bitmaps()
    starts = possible_starts(world.service, free, world.base, wish=world.wish)
    assert set(ticks_in(starts, world.base)) == set(best)
    plans = find_plans(world.service, free, world.base, wish=world.wish)
    assert plans == [best[tick] for tick in sorted(best)]
    assert [problem for plan in plans for problem in problems(world, plan)] == []


@SOME
@given(WORLDS, st.integers(0, 40))
def test_one_start_by_itself_has_the_same_plans(world: World, after: int):
    start = ORIGIN + after
    planner = Planner(world.service, world.bitmaps(), world.base, world.wish)
    every = every_plan(world, start)
    assert planner.all_plans_at(instant_of(start), limit=100_000) == every
    assert planner.plan_at(instant_of(start)) == (every[0] if every else None)
    for plan in every[:3]:
        assert small_gaps(plan, world.bitmaps(), world.base) == order_of_plan(world, plan)[3]


@SOME
@given(WORLDS, st.integers(-5, 40), st.integers(0, 40), st.integers(-299, 299))
def test_only_starts_within_the_interval_are_found(world: World, opens: int, length: int, shift: int):
    begins = instant_of(ORIGIN + opens) + timedelta(seconds=shift)
    within = Interval(begins, begins + timedelta(minutes=5 * length))
    planner = Planner(world.service, world.bitmaps(), world.base, world.wish)
    every = [plan for plan in planner.plans() if within.starts_at <= plan.starts_at < within.ends_at]
    assert list(planner.plans(within)) == every
    starts = planner.possible_starts(within)
    assert list(ticks_in(starts, world.base)) == [tick_of(plan.starts_at) for plan in every]


def tenant_of(world: World) -> Tenant:
    return Tenant(
        id="salon",
        name="Salon",
        zone=ZoneInfo("Europe/Berlin"),
        languages=("en",),
        hours=ALWAYS,
        staff=tuple(Staff(staff, staff, ALWAYS) for staff in STAFF),
        services=(world.service,),
        policies=Policies(notice_minutes=0),
        equipment=(Equipment("basin", LocalText({"en": "Basin"})),),
    )


@SOME
@given(WORLDS, st.integers(-2, 42), st.integers(0, 2**32))
def test_a_no_is_explained_truly_and_a_yes_never(world: World, after: int, seed: int):
    start, free, draw = ORIGIN + after, world.bitmaps(), Random(seed)
    off = {staff_resource(staff): draw.getrandbits(100) & draw.getrandbits(100) for staff in STAFF}
    known = (1 << 100) - 1
    working = {name: (known & ~bits) | free.get(name, 0) for name, bits in off.items()}
    busy = {name: bits & ~free.get(name, 0) for name, bits in working.items()}
    times = Times(world.base, free, working, busy)
    told = explain(
        tenant_of(world),
        world.service,
        instant_of(start),
        times,
        now=instant_of(ORIGIN - 20),
        holiday_of=lambda day: None,
        wish=world.wish,
    )
    every = [tick for tick in world.ticks() if possible(world, tick)]
    assert told.plan == best_plan(world, start)
    assert bool(told.obstacles) == (told.plan is None)
    assert told.before == max((instant_of(tick) for tick in every if tick < start), default=None)
    assert told.after == min((instant_of(tick) for tick in every if tick > start), default=None)
    for obstacle in told.obstacles:
        match obstacle:
            case DoesNotWork(segment, staff, time):
                assert staff in world.service.segments[segment].staff
                assert not covered(time, world.base) & working[staff_resource(staff)]
            case IsBusy(segment, staff, time):
                assert staff in world.service.segments[segment].staff
                assert not covered(time, world.base) & ~busy[staff_resource(staff)]
            case EquipmentTaken(segment, resource, time):
                assert world.service.segments[segment].resource == resource
                assert not covered(time, world.base) & free.get(equipment_resource(resource), 0)
            case PauseCannotBeKept(segment, within):
                assert world.service.segments[segment].pause_after is not None
                assert within.starts_at > instant_of(start)
            case IsUnknown():
                raise AssertionError("everything is known here")


def covered(time: Interval, base: int) -> int:
    assert time.minutes > 0
    return sum(1 << tick - base for tick in time.ticks() if tick >= base)
