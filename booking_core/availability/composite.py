"""The planner: complete plans for services of any number of segments, over any mix of staff and rooms, on bitmaps of free ticks.

What is free is for the caller to say: hours, breaks, closures, claims, the calendar, notice and horizon are all taken out already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from math import ceil

from booking_core.availability.choice import Choice, Steps
from booking_core.availability.demand import Demand, PlanWish, demand_of, tail_of
from booking_core.availability.ground import Ground
from booking_core.availability.ticks import first_from, ticks_in
from booking_core.model.ids import ResourceId, staff_resource
from booking_core.model.interval import TICK_MINUTES, TICK_SECONDS, Interval, instant_of
from booking_core.model.service import Service
from booking_core.model.slot import Placement, Plan

NO_WISH = PlanWish()
_FIRST_CHUNK = 96
_LARGEST_CHUNK = 1152


class Planner:
    """Plans for one service and wish over one state of free time.

    ``free`` maps ``staff:<id>`` and ``resource:<id>`` (at least one seat free) to bitmaps whose bit *i* is the absolute tick
    ``base + i``; whatever has no bitmap is not free, nor is what lies outside of one. Hand in whole days: a bitmap that is cut
    off in the middle of free time makes the rest look like a small gap.

    A blocked pause occupies its staff member to its end, the buffer after the work lying inside it; where the same person goes
    on, what the next segment's buffer needs of the pause belongs to that segment. Two segments of one plan never overlap on
    one person, buffers included.

    The best plan at a start is, in this order: the one with most segments by the preferred person; with fewest changes where
    the same person is preferred; the shortest (or, on that wish, the one with the longest pauses); the one that leaves fewest
    ticks in small gaps (under half an hour, beside what it occupies, as free time was before; a pause between two segments of
    one person is no gap); the one whose people have most free time, compared segment by segment; the one with earlier pauses
    shorter. No two plans are equal in this order.
    """

    def __init__(
        self, service: Service, free: Mapping[ResourceId, int], base: int, wish: PlanWish = NO_WISH
    ) -> None:
        self.demand: Demand = demand_of(service, free, wish)
        self._base = base
        self._free = [free[staff_resource(member)] for member in self.demand.staff]
        self._instants: dict[int, datetime] = {}
        self._able = 0
        for bits, work in zip(self._free, self.demand.steps[0].work, strict=True):
            self._able |= bits if work else 0
        self._rooms = {step.room: free[step.room] for step in self.demand.steps if step.room and step.room in free}

    def possible_starts(self, within: Interval | None = None) -> int:
        """The bitmap (bit *i*: tick ``base + i``) of all starts, by default anywhere, at which at least one plan exists.

        Linear in staff x ticks, by bit operations on all staff at once.
        """
        first, last = self._bounds(within)
        return self._choice(first, last - first).starts << first if first < last else 0

    def plan_at(self, start: datetime) -> Plan | None:
        """The best plan that begins at an instant; None where there is none, or where no tick begins there."""
        offset = self._offset(start)
        if offset is None:
            return None
        steps = next(self._choice(offset, 1).each_best(), None)
        return None if steps is None else self._plan(steps, offset - self.demand.back)

    def all_plans_at(self, start: datetime, limit: int = 1000) -> list[Plan]:
        """Every plan that begins at an instant, best first; ``limit`` bounds how many are looked at, since they can be many."""
        offset = self._offset(start)
        if offset is None:
            return []
        choice = self._choice(offset, 1)
        every = sorted(islice(choice.every(self.demand.back), limit), key=choice.cost)
        return [self._plan(steps, offset - self.demand.back) for steps in every]

    def starts(self, within: Interval | None = None) -> Iterator[datetime]:
        """Every possible start in order, without the plans; each chunk of time is searched when it is reached."""
        for first, choice in self._chunks(within):
            for offset in ticks_in(choice.starts, first):
                yield self._instant(self._base + offset)

    def plans(self, within: Interval | None = None) -> Iterator[Plan]:
        """The best plan of each possible start, in order of start; each chunk of time is searched when it is reached."""
        for first, choice in self._chunks(within):
            for steps in choice.each_best():
                yield self._plan(steps, first - self.demand.back)

    def _chunks(self, within: Interval | None) -> Iterator[tuple[int, Choice]]:
        first, last = self._bounds(within)
        count = _FIRST_CHUNK
        # Nights and closed days are jumped over: nobody for the first segment is free in them.
        while (begin := first_from(self._able, first)) is not None and begin < last:
            count = min(count, last - begin)
            yield begin, self._choice(begin, count)
            first = begin + count
            count = min(2 * count, _LARGEST_CHUNK)

    def _bounds(self, within: Interval | None) -> tuple[int, int]:
        end = self._able.bit_length()
        if within is None:
            return 0, end
        first = ceil(within.starts_at.timestamp() / TICK_SECONDS) - self._base
        last = ceil(within.ends_at.timestamp() / TICK_SECONDS) - self._base
        return max(first, 0), min(last, end)

    def _offset(self, start: datetime) -> int | None:
        offset, rest = divmod(start.timestamp() - self._base * TICK_SECONDS, TICK_SECONDS)
        return None if rest or offset < 0 else int(offset)

    def _choice(self, first: int, count: int) -> Choice:
        return Choice(self.demand, Ground(self.demand, self._free, self._rooms, first, count))

    def _plan(self, steps: Steps, origin: int) -> Plan:
        demand, segments, origin = self.demand, self.demand.service.segments, origin + self._base
        placements = []
        last = len(steps) - 1
        for index, (lane, begin) in enumerate(steps):
            segment, step = segments[index], demand.steps[index]
            end = begin + step.work[lane]
            blocked = 0
            if step.blocked and index != last:
                next_lane, next_begin = steps[index + 1]
                blocked = tail_of(step, next_begin - end) - step.after
                if next_lane == lane:
                    blocked -= demand.steps[index + 1].before
            placements.append(
                Placement(
                    index,
                    demand.staff[lane],
                    self._instant(origin + begin),
                    self._instant(origin + end),
                    segment.resource,
                    segment.buffer_before,
                    segment.buffer_after,
                    blocked * TICK_MINUTES,
                )
            )
        return Plan(demand.service.id, tuple(placements))

    def _instant(self, tick: int) -> datetime:
        if (instant := self._instants.get(tick)) is None:
            instant = self._instants[tick] = instant_of(tick)
        return instant


def possible_starts(
    service: Service,
    free: Mapping[ResourceId, int],
    base: int,
    starts_within: Interval | None = None,
    wish: PlanWish = NO_WISH,
) -> int:
    """``Planner.possible_starts`` for a single question."""
    return Planner(service, free, base, wish).possible_starts(starts_within)


def find_plans(
    service: Service,
    free: Mapping[ResourceId, int],
    base: int,
    starts_within: Interval | None = None,
    wish: PlanWish = NO_WISH,
    limit: int | None = None,
) -> list[Plan]:
    """The best plan of each possible start in order of start, at most ``limit``; the first few cost little."""
    return list(islice(Planner(service, free, base, wish).plans(starts_within), limit))
