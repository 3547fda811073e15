"""The planner's proof: every plan there is, found by trying everything on sets of ticks, and the order among them spelled out.

Shares no code with the planner but the model and the values of ``PlanWish``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from booking_core.availability.demand import PlanWish
from booking_core.model.ids import ResourceId, equipment_resource, staff_resource
from booking_core.model.interval import TICK_MINUTES, Interval, instant_of
from booking_core.model.service import Pause, Segment, Service
from booking_core.model.slot import Placement, Plan

SMALL_GAP_MINUTES = 30


@dataclass(frozen=True, slots=True)
class World:
    """One question: a service, a wish, and the absolute ticks in which each resource is free."""

    service: Service
    free: Mapping[ResourceId, frozenset[int]]
    wish: PlanWish = field(default_factory=PlanWish)

    @property
    def base(self) -> int:
        """A tick before all others, on a whole hour."""
        return (min((min(ticks) for ticks in self.free.values() if ticks), default=0) // 12 - 2) * 12

    def bitmaps(self) -> dict[ResourceId, int]:
        """Free time as the planner takes it."""
        return {name: sum(1 << tick - self.base for tick in ticks) for name, ticks in self.free.items()}

    def ticks(self) -> range:
        """All ticks at which a plan could begin."""
        return range(self.base, max((max(ticks) for ticks in self.free.values() if ticks), default=self.base) + 1)


def every_plan(world: World, start: int) -> list[Plan]:
    """All plans that begin at an absolute tick, best first."""
    return sorted(_plans(world, start, ()), key=lambda plan: order_of(world, plan))


def _plans(world: World, start: int, before: tuple[Placement, ...]) -> Iterator[Plan]:
    index = len(before)
    if index == len(world.service.segments):
        plan = Plan(world.service.id, before)
        if not problems(world, plan):
            yield plan
        return
    segment = world.service.segments[index]
    starts_at = instant_of(start)
    for staff in segment.staff:
        work = segment.minutes_with(staff)
        placement = Placement(
            index,
            staff,
            starts_at,
            starts_at + timedelta(minutes=work),
            segment.resource,
            segment.buffer_before,
            segment.buffer_after,
        )
        # The ticks of the work must be free whatever else is wanted: this alone keeps the search small.
        if not set(range(start, start + work // TICK_MINUTES)) <= world.free.get(staff_resource(staff), frozenset()):
            continue
        earlier = before
        if before:
            blocked = _blocked_minutes(world.service, before[-1], placement)
            last = before[-1]
            earlier = (
                *before[:-1],
                Placement(
                    last.segment,
                    last.staff,
                    last.starts_at,
                    last.ends_at,
                    last.resource,
                    last.buffer_before,
                    last.buffer_after,
                    blocked,
                ),
            )
        pause = segment.pause_after or Pause(0, 0)
        end = start + work // TICK_MINUTES
        for length in range(pause.min_minutes, pause.max_minutes + 1, TICK_MINUTES):
            yield from _plans(world, end + length // TICK_MINUTES, (*earlier, placement))


def _blocked_minutes(service: Service, first: Placement, second: Placement) -> int:
    pause = service.segments[first.segment].pause_after
    if pause is None or pause.staff == "free":
        return 0
    length = _minutes(first.ends_at, second.starts_at)
    taken = first.buffer_after + (second.buffer_before if first.staff == second.staff else 0)
    return max(0, length - taken)


def _minutes(begin, end) -> int:  # type: ignore[no-untyped-def]
    return int((end - begin).total_seconds()) // 60


def problems(world: World, plan: Plan) -> list[str]:
    """Everything that is wrong with a plan; empty for a good one."""
    found = []
    segments = world.service.segments
    if [placement.segment for placement in plan.placements] != list(range(len(segments))):
        return ["segments are missing"]
    for index, (segment, placement) in enumerate(zip(segments, plan.placements, strict=True)):
        found += _problems_alone(world, index, segment, placement)
        if index:
            found += _problems_after(world, plan.placements[index - 1], placement)
    if plan.placements[-1].blocked_after:
        found.append("blocked after the end")
    occupied = [(staff_resource(it.staff), tick) for it in plan.placements for tick in it.occupied.ticks()]
    rooms = [
        (equipment_resource(it.resource), tick)
        for it in plan.placements
        if it.resource is not None
        for tick in Interval(it.starts_at, it.ends_at).ticks()
    ]
    if len(set(occupied)) != len(occupied):
        found.append("overlaps itself")
    if set(occupied) | set(rooms) != plan.needs():
        found.append("needs are not what is occupied")
    found += [f"{name} is not free at {tick}" for name, tick in plan.needs() if tick not in world.free.get(name, ())]
    return found


def _problems_alone(world: World, index: int, segment: Segment, placement: Placement) -> list[str]:
    found = []
    if placement.staff not in segment.staff:
        found.append(f"{placement.staff} does not do segment {index}")
    if world.wish.bound.get(index, placement.staff) != placement.staff:
        found.append(f"segment {index} is bound to somebody else")
    if _minutes(placement.starts_at, placement.ends_at) != segment.minutes_with(placement.staff):
        found.append(f"segment {index} has a wrong length")
    if (placement.buffer_before, placement.buffer_after) != (segment.buffer_before, segment.buffer_after):
        found.append(f"segment {index} has wrong buffers")
    if placement.resource != segment.resource:
        found.append(f"segment {index} has a wrong resource")
    return found


def _problems_after(world: World, first: Placement, second: Placement) -> list[str]:
    found = []
    pause = world.service.segments[first.segment].pause_after
    assert pause is not None
    length = _minutes(first.ends_at, second.starts_at)
    if not pause.min_minutes <= length <= pause.max_minutes:
        found.append("a pause is too short or too long")
    if world.service.segments[second.segment].same_staff == "required" and first.staff != second.staff:
        found.append("a change of staff where none may be")
    if pause.staff == "free" and first.blocked_after:
        found.append("a free pause blocks")
    if pause.staff == "blocked":
        ends = first.occupied.ends_at if first.staff != second.staff else second.occupied.starts_at
        if ends < second.starts_at and first.staff != second.staff:
            found.append("a blocked pause is not occupied to its end")
        if first.staff == second.staff and first.occupied.ends_at != ends:
            found.append("a blocked pause has holes")
    return found


def order_of(world: World, plan: Plan) -> tuple[int, ...]:
    """What makes a plan better than another at the same start: the lesser tuple."""
    segments, placements = world.service.segments, plan.placements
    wished = world.wish.preferred
    misses = sum(wished is not None and placement.staff != wished for placement in placements)
    changes = sum(
        segments[index].same_staff == "preferred" and placements[index].staff != placements[index - 1].staff
        for index in range(1, len(placements))
    )
    work = sum(_minutes(placement.starts_at, placement.ends_at) for placement in placements)
    pauses = [_minutes(one.ends_at, two.starts_at) for one, two in zip(placements, placements[1:], strict=False)]
    long = world.wish.pause == "longest"
    length = work - sum(pauses) if long else work + sum(pauses)
    people = sorted(
        world.service.staff(),
        key=lambda staff: (-len(world.free.get(staff_resource(staff), ())), world.service.staff().index(staff)),
    )
    decisive = [people.index(placements[0].staff)]
    for placement, pause in zip(placements[1:], pauses, strict=True):
        decisive += [people.index(placement.staff), -pause if long else pause]
    return (misses, changes, length, small_gaps(world, placements), *decisive)


def small_gaps(world: World, placements: Sequence[Placement]) -> int:
    """Pieces of free time under half an hour beside what is occupied, free time taken as it was before the plan."""
    count = 0
    for index, placement in enumerate(placements):
        free = world.free.get(staff_resource(placement.staff), frozenset())
        occupied = placement.occupied.ticks()
        if index == 0 or placements[index - 1].staff != placement.staff:
            count += 0 < _run(free, occupied.start - 1, -1) * TICK_MINUTES < SMALL_GAP_MINUTES
        if index == len(placements) - 1 or placements[index + 1].staff != placement.staff:
            count += 0 < _run(free, occupied.stop, 1) * TICK_MINUTES < SMALL_GAP_MINUTES
    return count


def _run(free: frozenset[int], tick: int, direction: int) -> int:
    length = 0
    while tick in free:
        length += 1
        tick += direction
    return length
