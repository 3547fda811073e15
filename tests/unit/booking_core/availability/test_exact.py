"""A plan given segment by segment: every plan of the planner fits and is free where the planner found it, others are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booking_core.availability.composite import Planner
from booking_core.availability.exact import Bound, Misfit, exact_plan, is_free
from booking_core.model.ids import ServiceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.slot import Plan
from tests.support.examples import NOW, minutes

ANNA, BEN = StaffId("anna"), StaffId("ben")
BASE = tick_of(NOW) - 12


def service(*segments: Segment) -> Service:
    return Service(ServiceId("colour"), LocalText({"de": "Farbe"}), segments)


def segment(work: int, pause: Pause | None = None, **more: Any) -> Segment:
    return Segment(work, (ANNA, BEN), pause_after=pause, **more)


FREE = Pause(20, 30)
BLOCKED = Pause(20, 30, "blocked")
SERVICES = {
    "simple": service(segment(30)),
    "buffers": service(segment(30, buffer_before=5, buffer_after=10)),
    "by staff": service(segment(30, work_by_staff={BEN: 45})),
    "pause": service(segment(30, FREE, resource="basin"), segment(25)),
    "required": service(segment(30, FREE), segment(25, same_staff="required", buffer_before=5)),
    "blocked": service(segment(30, BLOCKED, buffer_after=10), segment(25, buffer_before=5)),
    "long blocked": service(segment(30, Pause(90, 120, "blocked")), segment(25)),
    "buffer beyond the blocked pause": service(segment(30, Pause(5, 15, "blocked"), buffer_after=20), segment(25)),
    "buffers fill the blocked pause": service(
        segment(30, Pause(20, 25, "blocked"), buffer_after=10), segment(25, buffer_before=10)
    ),
    "three": service(segment(30, FREE), segment(10, BLOCKED), segment(25, buffer_before=10)),
}


def bound(plan: Plan) -> list[Bound]:
    return [Bound(it.staff, it.starts_at, it.ends_at) for it in plan.placements]


def free_all_day() -> dict[Any, int]:
    day = (1 << 150) - 1
    return {staff_resource(ANNA): day, staff_resource(BEN): day, equipment_resource("basin"): day}


@pytest.mark.parametrize("name", SERVICES)
def test_every_plan_of_the_planner_is_the_same_plan_segment_by_segment(name: str) -> None:
    wanted = SERVICES[name]
    planner = Planner(wanted, free_all_day(), BASE)
    plans = [plan for start in (0, 5, 60) for plan in planner.all_plans_at(NOW + minutes(start))]
    assert len(plans) >= 6
    for plan in plans:
        assert exact_plan(wanted, bound(plan)) == plan
        assert is_free(plan, free_all_day(), BASE)


@pytest.mark.parametrize("name", SERVICES)
def test_a_plan_is_free_only_while_each_of_its_ticks_is(name: str) -> None:
    plan = Planner(SERVICES[name], free_all_day(), BASE).plan_at(NOW)
    assert plan is not None
    for resource, tick in plan.needs():
        free = free_all_day()
        free[resource] &= ~(1 << tick - BASE)
        assert not is_free(plan, free, BASE)
    assert not is_free(plan, {}, BASE)
    assert not is_free(plan, free_all_day(), tick_of(NOW) + 1)


def misfit(parts: list[Bound], name: str = "pause") -> Misfit:
    found = exact_plan(SERVICES[name], parts)
    assert isinstance(found, Misfit), found
    return found


def test_what_is_no_plan_of_the_service_is_told_by_segment() -> None:
    plan = Planner(SERVICES["pause"], free_all_day(), BASE).plan_at(NOW)
    assert plan is not None
    first, second = bound(plan)
    for parts, where in [
        ([], None),
        ([first], None),
        ([first, second, second], None),
        ([replace(first, staff=StaffId("clara")), second], 0),
        ([replace(first, ends_at=first.ends_at + minutes(5)), second], 0),
        ([replace(first, ends_at=first.ends_at + timedelta(seconds=1)), second], 0),
        ([replace(first, ends_at=first.starts_at), second], 0),
        ([Bound(ANNA, first.starts_at + minutes(1), first.ends_at + minutes(1)), second], 0),
        ([first, Bound(ANNA, second.starts_at - minutes(5), second.ends_at - minutes(5))], 1),
        ([first, Bound(ANNA, second.starts_at + minutes(15), second.ends_at + minutes(15))], 1),
        ([second, first], 0),
    ]:
        assert misfit(parts).segment == where, parts


def test_whoever_has_to_go_on_may_not_be_changed_and_nobody_is_in_two_segments_at_once() -> None:
    start = NOW
    first = Bound(ANNA, start, start + minutes(30))
    second = Bound(BEN, start + minutes(50), start + minutes(75))
    assert misfit([first, second], "required").segment == 1
    close = service(segment(30, Pause(0, 30), buffer_after=10), segment(25, buffer_before=5))
    same = Bound(ANNA, start + minutes(40), start + minutes(65))
    found = exact_plan(close, [first, same])
    assert isinstance(found, Misfit)
    assert found.segment == 1
    assert isinstance(exact_plan(close, [first, replace(same, staff=BEN)]), Plan)


def test_the_first_tick_of_a_bitmap_is_free_only_where_there_is_one() -> None:
    plan = Planner(service(segment(5)), free_all_day(), BASE).plan_at(NOW)
    assert plan is not None
    (placement,) = plan.placements
    first = tick_of(NOW)
    assert is_free(plan, {staff_resource(placement.staff): 1}, first)
    assert not is_free(plan, {}, first)
    assert not is_free(plan, {staff_resource(placement.staff): 0}, first)
