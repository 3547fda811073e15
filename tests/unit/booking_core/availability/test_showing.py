"""Which starts are named: judged by starts, the choice is the same as with every plan at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.availability.composite import find_plans
from booking_core.availability.demand import PlanWish
from booking_core.availability.ranking import distance, rank, small_gaps
from booking_core.availability.rules import Window
from booking_core.availability.showing import LEEWAY, Openings, nearest, nearest_days, on_quarter_hours, spread
from booking_core.availability.ticks import bits_within
from booking_core.model.ids import ResourceId, ServiceId, StaffId, staff_resource
from booking_core.model.interval import Interval, instant_of, tick_of
from booking_core.model.service import LocalText, Segment, Service
from booking_core.model.slot import Plan
from tests.support.brute_force_planner import World
from tests.support.planner_worlds import ORIGIN, world_of

DAY = datetime(2026, 3, 25, tzinfo=UTC)
BASE = tick_of(DAY)
ANNA, CLARA = StaffId("anna"), StaffId("clara")
CUT = Service(ServiceId("cut"), LocalText({"en": "Cut"}), (Segment(30, (ANNA, CLARA)),))


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def free(**spans: Sequence[tuple[float, float]]) -> dict[ResourceId, int]:
    found = {}
    for name, each in spans.items():
        found[staff_resource(StaffId(name))] = sum(bits_within(Interval(at(a), at(b)), BASE) for a, b in each)
    return found


def openings(bits: dict[ResourceId, int], wish: PlanWish | None = None) -> Openings:
    return Openings.find(CUT, bits, BASE, Interval(at(0), at(24)), wish or PlanWish())


def clocks(plans: Sequence[Plan]) -> list[float]:
    return [(plan.starts_at - DAY) / timedelta(hours=1) for plan in plans]


def test_the_earliest_is_always_named_and_the_others_are_spread():
    shown, more = spread([openings(free(anna=[(9, 18)]))], 3)
    assert clocks(shown)[0] == 9
    assert more
    assert clocks(shown) == [9, 13.25, 17.5]


def test_a_start_that_leaves_no_crumb_is_named_instead_of_the_even_one():
    # The even one is 13:15, which would leave a quarter of an hour before it; at 13:00 she begins.
    shown, _ = spread([openings(free(anna=[(9, 12), (13, 16.75)]))], 3)
    assert clocks(shown) == [9, 13, 16.25]


def test_few_starts_are_all_named():
    shown, more = spread([openings(free(anna=[(9, 9.75)]))], 3)
    assert (clocks(shown), more) == ([9, 9.25], False)


def test_starts_off_the_quarter_hours_are_named_where_there_are_no_others():
    shown, _ = spread([openings(free(anna=[(9 + 1 / 12, 9 + 8 / 12)]))], 3)
    assert [plan.starts_at.minute for plan in shown] == [5, 10]


def test_the_same_start_in_two_windows_is_named_once():
    one = openings(free(anna=[(9, 10)]))
    shown, _ = spread([one, openings(free(anna=[(9, 10)], clara=[(9, 9.5)]))], 5)
    assert clocks(shown) == [9, 9.25, 9.5]


def test_each_plan_comes_from_the_window_that_has_its_start():
    shown, more = spread([openings(free(anna=[(9, 10)])), openings(free(clara=[(14, 15)]))], 2)
    assert [(plan.staff, clock) for plan, clock in zip(shown, clocks(shown), strict=True)] == [
        ((ANNA,), 9),
        ((CLARA,), 14.5),
    ]
    assert more


def test_the_nearest_lie_apart_where_there_are_enough():
    shown = nearest(openings(free(anna=[(9, 12), (12.5, 18)])), Interval(at(12), at(12)), 3)
    assert clocks(shown) == [11.5, 12.5, 11]


def test_near_ones_fill_up_where_there_are_not():
    shown = nearest(openings(free(anna=[(9, 10)])), Interval(at(12), at(12)), 3)
    assert clocks(shown) == [9.5, 9, 9.25]


def test_the_best_of_several_people_is_named_and_a_wish_comes_first():
    bits = free(anna=[(9, 18)], clara=[(9, 12)])
    assert openings(bits).plan_at(at(9)).staff == (ANNA,)  # more time of hers is left
    assert openings(bits, PlanWish(preferred=CLARA)).plan_at(at(9)).staff == (CLARA,)
    gap = free(anna=[(9, 18)], clara=[(10, 12)])
    assert openings(gap).plan_at(at(10)).staff == (ANNA,)
    crumb = free(anna=[(9.75, 18)], clara=[(10, 12)])
    assert openings(crumb).plan_at(at(10)).staff == (CLARA,)  # with Anna a quarter of an hour would be lost


def test_a_start_half_an_hour_from_the_even_one_may_be_named_instead():
    # The even one is 13:30, ten minutes after she begins; 14:00 leaves enough for somebody else.
    shown, _ = spread([openings(free(anna=[(9, 12), (13 + 1 / 3, 16.75)]))], 3)
    assert clocks(shown) == [9, 14, 16.25]


def test_for_one_nearest_start_four_are_compared():
    # The first three leave five minutes on both sides, the fourth on one, and the fifth none.
    five = 1 / 12
    spans = [(hour - five, hour + 0.5 + five) for hour in (9, 9.75, 10.5)]
    bits = free(anna=[*spans, (11.25, 11.75 + five), (12, 12.5)])
    assert clocks(nearest(openings(bits), Interval(at(9), at(13)), 1)) == [11.25]


def test_what_is_no_possible_start_has_no_plan():
    with pytest.raises(AssertionError, match="no plan"):
        openings(free(anna=[(9, 10)])).plan_at(at(12))


EVERY_DAY = [(24 * day + 9, 24 * day + 18) for day in range(5)]


@pytest.mark.parametrize(
    ("zone", "begins", "exact", "clock"),
    [
        ("UTC", 48 + 14 + 1 / 3, True, 14 + 1 / 3),
        ("UTC", 48 + 14 + 1 / 3, False, 14 + 1 / 3),
        ("UTC", 48, False, 12),  # a whole day is wished
        ("UTC", 48, True, 9),  # midnight itself is wished
        ("UTC", 48 + 23, True, 17.5),
        ("Europe/Berlin", 48 - 1, False, 11),  # local midnight, and local midday
        ("Europe/Berlin", 48 + 15, False, 15),
    ],
)
def test_the_days_around_the_wish_are_named_at_its_time_of_day(
    zone: str, begins: float, exact: bool, clock: float
):
    found = Openings.find(CUT, free(anna=EVERY_DAY), BASE, Interval(at(0), at(120)), PlanWish())
    anchor = Window(at(begins), at(begins + 1), exact=exact)
    shown = nearest_days(found, found.starts, anchor, ZoneInfo(zone), at(60), 3)
    assert clocks(shown) == pytest.approx([24 * day + clock for day in (1, 2, 3)])


@pytest.mark.parametrize(
    ("days", "count", "named"),
    [
        ((0, 1, 2, 3, 4), 1, (2,)),
        ((0, 1, 2, 3, 4), 2, (1, 2)),  # of two equally near the earlier
        ((0, 1, 4), 2, (0, 1)),
        ((0, 3, 4), 2, (0, 3)),
        ((4,), 3, (4,)),
        ((), 3, ()),
    ],
)
def test_the_nearest_days_that_have_a_start(days: tuple[int, ...], count: int, named: tuple[int, ...]):
    found = Openings.find(CUT, free(anna=EVERY_DAY), BASE, Interval(at(0), at(120)), PlanWish())
    starts = [at(24 * day + hour) for day in days for hour in (11.75, 12.25)]
    shown = nearest_days(found, starts, Window(at(48), at(72)), ZoneInfo("UTC"), at(60), count)
    # As far before midday as after it: the earlier.
    assert clocks(shown) == [24 * day + 11.75 for day in named]


WORLDS = st.builds(world_of, st.integers(1, 3), st.integers(2, 4), st.integers(0, 2**32))


@settings(max_examples=250, deadline=None)
@given(WORLDS, st.integers(-4, 40), st.integers(0, 12), st.integers(1, 4))
def test_starts_first_and_plans_later_show_what_every_plan_would(
    world: World, after: int, length: int, count: int
):
    bits, base = world.bitmaps(), world.base
    within = Interval(instant_of(ORIGIN - 20), instant_of(ORIGIN + 80))
    every = {
        plan.starts_at: plan
        for plan in find_plans(world.service, bits, base, starts_within=within, wish=world.wish)
    }
    found = Openings.find(world.service, bits, base, within, world.wish)
    assert list(found.starts) == list(every)
    if not every:
        return
    round_ones = on_quarter_hours(list(every))

    def best(starts: list[datetime], wished: Interval, nearness: timedelta) -> list[Plan]:
        plans = [every[start] for start in starts]
        return rank(plans, wished, service=world.service, free=bits, base=base, wish=world.wish, nearness=nearness)

    wished = Interval(instant_of(ORIGIN + after), instant_of(ORIGIN + after + length))
    near = nearest(found, wished, count)
    assert len(near) == min(count, len(round_ones))
    assert all(every[plan.starts_at] == plan for plan in near)
    closest = min(distance(start, wished) for start in round_ones)
    assert distance(near[0].starts_at, wished) - closest < timedelta(minutes=15)
    shown, more = spread([found], count + 1)
    assert more == (len(shown) < len(round_ones))
    assert all(every[plan.starts_at] == plan for plan in shown)
    assert [plan.starts_at for plan in shown] == sorted({plan.starts_at for plan in shown})
    assert shown[0].starts_at == round_ones[0]
    if more:
        marks = [round_ones[round(index * (len(round_ones) - 1) / count)] for index in range(count + 1)]
        for mark, plan in zip(marks[1:], shown[1:], strict=True):
            # Nothing within reach of the mark alone would have been better.
            mine = [
                start
                for start in round_ones
                if abs(start - mark) <= LEEWAY and min(marks, key=lambda one: abs(start - one)) == mark
            ]
            assert plan == best(mine, Interval(mark, mark), LEEWAY + timedelta(seconds=1))[0]
            assert world.wish.preferred or small_gaps(plan, bits, base) <= max(
                small_gaps(every[start], bits, base) for start in mine
            )
