"""How far around a start a service reaches, with buffers that go beyond their segment and colleagues of different speed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.availability.composite import Planner
from booking_core.availability.reach import (
    minutes_before_start,
    minutes_from_start,
    shortest_first_minutes,
    shortest_minutes,
)
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.service import LocalText, Pause, Segment, Service
from tests.support.brute_force_planner import World
from tests.support.planner_worlds import world_of

ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")


def service(*segments: Segment) -> Service:
    return Service(ServiceId("odd"), LocalText({"en": "Odd"}), segments)


def test_the_quickest_count_for_what_it_takes_at_least():
    odd = service(
        Segment(40, (ANNA, BEN), pause_after=Pause(10, 30), work_by_staff={BEN: 20}),
        Segment(30, (CLARA,), work_by_staff={CLARA: 45}),
    )
    assert shortest_minutes(odd) == 20 + 10 + 45
    assert shortest_first_minutes(odd) == 20
    assert minutes_from_start(odd) == 40 + 30 + 45


def test_a_buffer_of_a_later_segment_can_reach_back_beyond_the_start():
    # Ben has to prepare for an hour, and is needed ten minutes after the start if Anna is quick.
    odd = service(
        Segment(15, (ANNA, CLARA), pause_after=Pause(5, 5), work_by_staff={CLARA: 5}, buffer_before=10),
        Segment(30, (BEN,), buffer_before=60),
    )
    assert minutes_before_start(odd) == 60 - (5 + 5)


def test_a_buffer_of_an_earlier_segment_can_reach_beyond_the_end():
    odd = service(
        Segment(30, (ANNA,), pause_after=Pause(5, 10), buffer_after=60), Segment(5, (BEN,), buffer_after=5)
    )
    assert minutes_from_start(odd) == 30 + 60
    assert minutes_before_start(odd) == 0


@settings(max_examples=300, deadline=None)
@given(st.builds(world_of, st.integers(1, 4), st.integers(2, 4), st.integers(0, 2**32)))
def test_no_plan_reaches_farther_or_is_shorter(world: World):
    before, after = minutes_before_start(world.service), minutes_from_start(world.service)
    planner = Planner(world.service, world.bitmaps(), world.base, world.wish)
    for start in planner.starts():
        for plan in planner.all_plans_at(start, limit=50):
            occupied = [placement.occupied for placement in plan.placements]
            assert min(each.starts_at for each in occupied).timestamp() >= start.timestamp() - before * 60
            assert max(each.ends_at for each in occupied).timestamp() <= start.timestamp() + after * 60
            assert (plan.ends_at - plan.starts_at).total_seconds() >= shortest_minutes(world.service) * 60
