"""The planner's proof: every plan there is, found by trying everything on sets of ticks, and the order among them spelled out.

Shares no code with the planner but the model and the values of ``PlanWish``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from booking_core.availability.demand import PlanWish
from booking_core.model.ids import ResourceId, StaffId, equipment_resource, staff_resource
from booking_core.model.interval import TICK_MINUTES, Interval, instant_of, tick_of
from booking_core.model.service import Segment, Service
from booking_core.model.slot import Placement, Plan

SMALL_GAP = 6
"""Half an hour in ticks."""


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

    @property
    def people(self) -> list[StaffId]:
        """Most free time first; who is named first in the service wins a tie."""
        names = self.service.staff()
        return sorted(
            names, key=lambda staff: (-len(self.free.get(staff_resource(staff), ())), names.index(staff))
        )

    def bitmaps(self) -> dict[ResourceId, int]:
        """Free time as the planner takes it."""
        return {name: sum(1 << tick - self.base for tick in ticks) for name, ticks in self.free.items()}

    def ticks(self) -> range:
        """All ticks at which a plan could begin."""
        return range(self.base, max((max(ticks) for ticks in self.free.values() if ticks), default=self.base) + 1)


@dataclass(frozen=True, slots=True)
class Part:
    """One segment in absolute ticks, half open: the work, and for how long its staff member is occupied."""

    staff: StaffId
    begin: int
    end: int
    occupied_from: int
    occupied_until: int


def every_plan(world: World, start: int) -> list[Plan]:
    """All plans that begin at an absolute tick, best first."""
    return [_plan(world, parts) for parts in sorted(_every(world, start), key=lambda it: order_of(world, it))]


def best_plan(world: World, start: int) -> Plan | None:
    """The first of ``every_plan``, or None."""
    best = min(_every(world, start), key=lambda parts: order_of(world, parts), default=None)
    return None if best is None else _plan(world, best)


def possible(world: World, start: int) -> bool:
    """Whether there is any plan that begins at an absolute tick."""
    return next(_every(world, start), None) is not None


def _every(world: World, start: int, before: tuple[Part, ...] = ()) -> Iterator[tuple[Part, ...]]:
    index = len(before)
    if index == len(world.service.segments):
        yield before
        return
    segment = world.service.segments[index]
    pause = segment.pause_after
    for staff in segment.staff:
        end = start + segment.minutes_with(staff) // TICK_MINUTES
        room = world.free.get(equipment_resource(segment.resource or ""), frozenset())
        if segment.resource is not None and not room.issuperset(range(start, end)):
            continue
        if world.wish.bound.get(index, staff) != staff:
            continue
        if before and segment.same_staff == "required" and before[-1].staff != staff:
            continue
        occupied_from = start - segment.buffer_before // TICK_MINUTES
        earlier = before
        if (
            before
            and before[-1].staff == staff
            and world.service.segments[index - 1].pause_after.staff == "blocked"
        ):
            # A blocked pause before the same person's next segment ends where that segment's buffer begins.
            last = before[-1]
            until = max(last.end + world.service.segments[index - 1].buffer_after // TICK_MINUTES, occupied_from)
            earlier = (*before[:-1], replace(last, occupied_until=until))
        for length in range(pause.min_minutes, pause.max_minutes + 1, TICK_MINUTES) if pause else (0,):
            after = segment.buffer_after
            if pause and pause.staff == "blocked":
                after = max(after, length)
            part = Part(staff, start, end, occupied_from, end + after // TICK_MINUTES)
            # The end of a blocked pause is only known with the next person; up to there it has to be free in any case.
            if not world.free.get(staff_resource(staff), frozenset()).issuperset(
                range(part.occupied_from, part.occupied_until)
            ):
                continue
            if any(other.staff == staff and other.occupied_until > occupied_from for other in earlier):
                continue
            yield from _every(world, end + length // TICK_MINUTES, (*earlier, part))


def _plan(world: World, parts: Sequence[Part]) -> Plan:
    return Plan(
        world.service.id,
        tuple(
            Placement(
                index,
                part.staff,
                instant_of(part.begin),
                instant_of(part.end),
                segment.resource,
                segment.buffer_before,
                segment.buffer_after,
                (part.occupied_until - part.end) * TICK_MINUTES - segment.buffer_after,
            )
            for index, (segment, part) in enumerate(zip(world.service.segments, parts, strict=True))
        ),
    )


def order_of(world: World, parts: Sequence[Part]) -> tuple[int, ...]:
    """What makes a plan better than another at the same start: the lesser tuple."""
    segments = world.service.segments
    wished = world.wish.preferred
    misses = sum(wished is not None and part.staff != wished for part in parts)
    changes = sum(
        segments[index].same_staff == "preferred" and parts[index].staff != parts[index - 1].staff
        for index in range(1, len(parts))
    )
    work = sum(part.end - part.begin for part in parts)
    pauses = [two.begin - one.end for one, two in pairwise(parts)]
    long = world.wish.pause == "longest"
    length = work - sum(pauses) if long else work + sum(pauses)
    people = world.people
    decisive = [people.index(parts[0].staff)]
    for part, pause in zip(parts[1:], pauses, strict=True):
        decisive += [people.index(part.staff), -pause if long else pause]
    return (misses, changes, length, small_gaps(world, parts), *decisive)


def order_of_plan(world: World, plan: Plan) -> tuple[int, ...]:
    """``order_of`` a plan that somebody else made."""
    return order_of(
        world,
        [
            Part(
                it.staff,
                tick_of(it.starts_at),
                tick_of(it.ends_at),
                tick_of(it.occupied.starts_at),
                tick_of(it.occupied.ends_at),
            )
            for it in plan.placements
        ],
    )


def small_gaps(world: World, parts: Sequence[Part]) -> int:
    """Pieces of free time under half an hour beside what is occupied, free time taken as it was before the plan."""
    count = 0
    for index, part in enumerate(parts):
        free = world.free.get(staff_resource(part.staff), frozenset())
        if index == 0 or parts[index - 1].staff != part.staff:
            count += 0 < _run(free, part.occupied_from - 1, -1) < SMALL_GAP
        if index == len(parts) - 1 or parts[index + 1].staff != part.staff:
            count += 0 < _run(free, part.occupied_until, 1) < SMALL_GAP
    return count


def _run(free: frozenset[int], tick: int, direction: int) -> int:
    length = 0
    while length < SMALL_GAP and tick in free:
        length += 1
        tick += direction
    return length


def _minutes(begin: datetime, end: datetime) -> int:
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
    found += [
        f"{name} is not free at {tick}" for name, tick in plan.needs() if tick not in world.free.get(name, ())
    ]
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
