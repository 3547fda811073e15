"""Small worlds for the planner, as hypothesis draws them: few staff, odd services, crumbled free time."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from booking_core.availability.demand import PlanWish
from booking_core.model.ids import ResourceId, ServiceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from tests.support.brute_force_planner import World

# 29 March 2026: the clocks of Berlin jump from two to three at 01:00 UTC, in the middle of these worlds.
ORIGIN = tick_of(datetime(2026, 3, 29, tzinfo=UTC))
STAFF = tuple(StaffId(name) for name in ("anna", "ben", "clara", "dora"))
_SHORT = st.integers(0, 2)


@st.composite
def _free(draw: st.DrawFn) -> frozenset[int]:
    """Alternating stretches of time taken and time free."""
    ticks: set[int] = set()
    at = ORIGIN
    for taken, free in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 18)), max_size=4)):
        ticks.update(range(at + taken, at + taken + free))
        at += taken + free
    return frozenset(ticks)


@st.composite
def _segment(draw: st.DrawFn, *, first: bool, last: bool, staff: tuple[StaffId, ...], buffers: int) -> Segment:
    able = draw(st.permutations(staff).flatmap(lambda row: st.integers(1, len(row)).map(lambda n: tuple(row[:n]))))
    least = draw(st.integers(0, 3))
    pause = Pause(least * 5, (least + draw(_SHORT)) * 5, draw(st.sampled_from(["free", "blocked"])))
    return Segment(
        work_minutes=draw(st.integers(1, 4)) * 5,
        staff=able,
        pause_after=None if last else pause,
        same_staff="any" if first else draw(st.sampled_from(["any", "preferred", "required"])),
        resource=draw(st.sampled_from([None, None, "basin"])),
        work_by_staff=draw(st.dictionaries(st.sampled_from(able), st.integers(1, 4).map(lambda n: n * 5), max_size=2)),
        buffer_before=draw(st.integers(0, buffers)) * 5,
        buffer_after=draw(st.integers(0, buffers)) * 5,
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two to four staff, one to four segments, a room, and now and then a wish."""
    staff = STAFF[: draw(st.integers(2, 4))]
    count = draw(st.integers(1, 4))
    buffers = draw(st.sampled_from([0, 1, 3]))
    segments = tuple(
        draw(_segment(first=index == 0, last=index == count - 1, staff=staff, buffers=buffers))
        for index in range(count)
    )
    service = Service(ServiceId("odd"), LocalText({"en": "Odd"}), segments)
    free: dict[ResourceId, frozenset[int]] = {staff_resource(member): draw(_free()) for member in staff}
    if draw(st.integers(0, 3)):
        free[equipment_resource("basin")] = draw(_free())
    wish = PlanWish(
        bound=draw(st.sampled_from([{}, {}, {0: staff[0]}, {count - 1: staff[-1]}])),
        preferred=draw(st.sampled_from([None, None, *staff])),
        pause=draw(st.sampled_from(["shortest", "shortest", "longest"])),
    )
    return World(service, free, wish)
