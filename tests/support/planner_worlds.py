"""Small worlds for the planner: few staff, odd services, crumbled free time. A seed makes one, so that thousands cost little."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from booking_core.availability.demand import PlanWish
from booking_core.model.ids import ResourceId, ServiceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import tick_of
from booking_core.model.service import LocalText, Pause, SameStaff, Segment, Service
from tests.support.brute_force_planner import World

# 29 March 2026: the clocks of Berlin jump from two to three at 01:00 UTC, in the middle of these worlds.
ORIGIN = tick_of(datetime(2026, 3, 29, tzinfo=UTC))
STAFF = tuple(StaffId(name) for name in ("anna", "ben", "clara", "dora"))
_SAME: tuple[SameStaff, ...] = ("any", "preferred", "preferred", "required")


def world_of(segments: int, staff: int, seed: int) -> World:
    """A world with so many segments (1-4) and staff members (1-4); everything else is drawn from the seed."""
    draw = Random(seed)
    members = STAFF[:staff]
    # In tight worlds buffers are longer than segments, and pauses hardly there: one person's buffers meet across another's work.
    tight = draw.random() < 0.25
    service = Service(
        ServiceId("odd"),
        LocalText({"en": "Odd"}),
        tuple(_segment(draw, index, segments, members, tight) for index in range(segments)),
    )
    free: dict[ResourceId, frozenset[int]] = {staff_resource(member): _free(draw) for member in members}
    if draw.random() < 0.9:
        free[equipment_resource("basin")] = _free(draw)
    wish = PlanWish(
        bound={draw.randrange(segments): draw.choice(members)} if draw.random() < 0.2 else {},
        preferred=draw.choice(members) if draw.random() < 0.3 else None,
        pause="longest" if draw.random() < 0.2 else "shortest",
    )
    return World(service, free, wish)


def _free(draw: Random) -> frozenset[int]:
    """Stretches of free time, some of them shorter than a small gap, between stretches that are taken."""
    ticks: set[int] = set()
    at = ORIGIN + draw.randint(0, 6)
    for _ in range(draw.randint(1, 3)):
        free = draw.randint(2, 24)
        ticks.update(range(at, at + free))
        at += free + draw.randint(1, 5)
    return frozenset(tick for tick in ticks if tick < ORIGIN + 36)


def _segment(draw: Random, index: int, count: int, members: tuple[StaffId, ...], tight: bool) -> Segment:
    able = draw.sample(members, draw.randint((len(members) + 1) // 2, len(members)))
    least = max(0, draw.randint(-2, 2)) if tight else draw.randint(0, 3)
    buffers = (0, 2, 4) if tight else draw.choice(((0, 0, 0), (0, 0, 1), (0, 1, 2)))
    pause = Pause(least * 5, (least + draw.randint(0, 2)) * 5, draw.choice(("free", "free", "blocked")))
    return Segment(
        work_minutes=draw.randint(1, 1 if tight and 0 < index < count - 1 else 4) * 5,
        staff=tuple(able),
        pause_after=None if index == count - 1 else pause,
        same_staff=draw.choice(_SAME) if index else "any",
        resource="basin" if draw.random() < 0.2 else None,
        work_by_staff={member: draw.randint(1, 4) * 5 for member in able if draw.random() < 0.15},
        buffer_before=draw.choice(buffers) * 5,
        buffer_after=draw.choice(buffers) * 5,
    )
