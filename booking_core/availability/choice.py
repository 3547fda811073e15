"""The best plan at one start: read off the levels, or searched for where buffers reach over a whole segment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from booking_core.availability.demand import Demand, tail_of
from booking_core.availability.ground import Ground
from booking_core.availability.levels import CRITERIA, Cost, Levels
from booking_core.availability.ticks import ones_after, ticks_in

Steps = tuple[tuple[int, int], ...]
"""Lane and begin (a bit of the lane) of each segment."""
_BATCH = 16


class Choice:
    """Chooses among the plans on one ``Ground``. Not to be shared between threads."""

    def __init__(self, demand: Demand, ground: Ground) -> None:
        self._demand = demand
        self._ground = ground
        self._levels = Levels(demand, ground)
        self._last = len(demand.steps) - 1
        self._width = ground.lanes.width

    @property
    def starts(self) -> int:
        """The starts of whole plans; bit 0 is the ground's first start."""
        starts = self._levels.starts
        if not self._demand.entangled:
            return starts
        back = self._demand.back
        return sum(1 << offset for offset in ticks_in(starts, 0) if next(self.every(back + offset), None))

    def each_best(self) -> Iterator[Steps]:
        """The best plan of each start, in order of start; a few are looked at together."""
        starts, back = self._levels.starts, self._demand.back
        if self._demand.entangled:
            for offset in ticks_in(starts, 0):
                if steps := self._search(back + offset):
                    yield steps
            return
        while starts:
            offsets = list(islice(ticks_in(starts, 0), _BATCH))
            batch = starts & ((2 << offsets[-1]) - 1)
            starts ^= batch
            cost_of = {}
            for cost, found in self._levels.costs(batch):
                cost_of.update(dict.fromkeys(ticks_in(found, 0), cost))
            for offset in offsets:
                yield self._read_off(back + offset, cost_of[offset])

    def every(self, begin: int, steps: Steps = ()) -> Iterator[Steps]:
        """All plans that begin at this bit of the lanes; their number can grow exponentially with the segments."""
        if len(steps) > self._last:
            yield steps
            return
        for lane, next_begin in self._next(steps) if steps else self._first(begin):
            yield from self.every(begin, (*steps, (lane, next_begin)))

    def cost(self, steps: Steps) -> tuple[int, ...]:
        """The four criteria, and what decides between equals: by segment the lane and the slack of the pause before."""
        total = [0] * CRITERIA
        decisive: list[int] = []
        for index, (lane, begin) in enumerate(steps):
            step = self._demand.steps[index]
            end = begin + step.work[lane]
            total[0] += self._demand.wish.preferred is not None and lane != self._demand.preferred
            total[2] += step.work[lane] - step.shortest
            if index == 0 or steps[index - 1][0] != lane:
                total[3] += self._has(self._levels.gap_before(index), lane, begin)
            decisive.append(lane)
            if index == self._last:
                total[3] += self._has(self._levels.gap_after(), lane, end + step.after)
            elif index < len(steps) - 1:
                next_lane, next_begin = steps[index + 1]
                pause = next_begin - end
                total[2] += self._demand.slack(step, pause)
                decisive.append(self._demand.slack(step, pause))
                if next_lane != lane:
                    total[1] += self._demand.steps[index + 1].same == "preferred"
                    total[3] += self._has(self._levels.gap_after(), lane, end + tail_of(step, pause))
        # The next segment's lane decides before the pause that leads to it.
        for place in range(1, len(decisive) - 1, 2):
            decisive[place], decisive[place + 1] = decisive[place + 1], decisive[place]
        return (*total, *decisive)

    def _read_off(self, begin: int, cost: Cost) -> Steps:
        demand, levels, wished = self._demand, self._levels, self._demand.wish.preferred is not None
        miss, change, slack, gaps = cost
        lane = self._lowest(levels.arrive(0, cost), begin)
        gaps -= self._has(levels.gap_before(0), lane, begin)
        steps = [(lane, begin)]
        for index in range(1, self._last + 1):
            step, following = demand.steps[index - 1], demand.steps[index]
            work = step.work[lane]
            end = begin + work
            miss -= wished and lane != demand.preferred
            slack -= work - step.shortest
            changes = following.same == "preferred"
            may_change = following.same != "required" and change >= changes
            best: tuple[int, int, Cost] | None = None
            for pause in demand.pauses(step):
                rest = slack - demand.slack(step, pause)
                if rest < 0:
                    break
                tail = tail_of(step, pause)
                if step.blocked and not self._is_free(lane, end, tail):
                    continue
                if pause >= step.after + following.before:
                    left: Cost = (miss, change, rest, gaps)
                    if (best is None or lane < best[0]) and self._has(levels.rest(index, left), lane, end + pause):
                        best = lane, end + pause, left
                if may_change:
                    left = (miss, change - changes, rest, gaps - self._has(levels.gap_after(), lane, end + tail))
                    other = self._lowest(levels.arrive(index, left), end + pause, but=lane)
                    if other >= 0 and (best is None or other < best[0]):
                        gap = self._has(levels.gap_before(index), other, end + pause)
                        best = other, end + pause, (*left[:3], left[3] - gap)
            if best is None:
                raise AssertionError("a level promised a plan that is not there")
            lane, begin, (miss, change, slack, gaps) = best
            steps.append((lane, begin))
        return tuple(steps)

    def _search(self, begin: int) -> Steps | None:
        """Depth first in the order that decides between equals; what costs no less than the best so far is cut off."""
        best: tuple[Cost, Steps] | None = None
        waiting: list[Steps] = [((lane, start),) for lane, start in self._first(begin)]
        waiting.reverse()
        while waiting:
            steps = waiting.pop()
            cost = self.cost(steps)[:CRITERIA]
            if best is not None and cost >= best[0]:
                continue
            if len(steps) > self._last:
                best = cost, steps
            else:
                waiting.extend(reversed([(*steps, step) for step in self._next(steps)]))
        return best[1] if best else None

    def _first(self, begin: int) -> Iterator[tuple[int, int]]:
        column = self._levels.rest(0, ()) >> begin & self._ground.lanes.firsts
        for bit in ticks_in(column, 0):
            yield bit // self._width, begin

    def _next(self, steps: Steps) -> Iterator[tuple[int, int]]:
        """Whoever can go on, and when: by lane, the wished pause first."""
        index, (lane, begin) = len(steps), steps[-1]
        step, following = self._demand.steps[index - 1], self._demand.steps[index]
        end = begin + step.work[lane]
        begins = self._levels.rest(index, ())
        for other, work in enumerate(following.work):
            if not work or (other != lane and following.same == "required"):
                continue
            for pause in self._demand.pauses(step):
                if (
                    self._has(begins, other, end + pause)
                    and (other != lane or pause >= step.after + following.before)
                    and not (step.blocked and not self._is_free(lane, end, tail_of(step, pause)))
                    and self._apart(steps, index, other, end + pause)
                ):
                    yield other, end + pause

    def _apart(self, steps: Steps, index: int, lane: int, begin: int) -> bool:
        """Whether the lane is done with all segments but the one just before, where buffers can reach that far at all."""
        if not self._demand.entangled:
            return True
        occupied_from = begin - self._demand.steps[index].before
        for earlier, (other, started) in enumerate(steps[:-1]):
            if other != lane:
                continue
            step, (next_lane, next_begin) = self._demand.steps[earlier], steps[earlier + 1]
            end = started + step.work[other]
            # With the same person after it, a pause ends in that segment, which is looked at by itself.
            tail = step.after if next_lane == lane else tail_of(step, next_begin - end)
            if end + tail > occupied_from:
                return False
        return True

    def _lowest(self, begins: int, begin: int, but: int = -1) -> int:
        """The first lane that has this begin, or -1."""
        column = begins >> begin & self._ground.lanes.firsts
        if but >= 0:
            column &= ~(1 << but * self._width)
        return ((column & -column).bit_length() - 1) // self._width

    def _has(self, begins: int, lane: int, begin: int) -> int:
        return begins >> lane * self._width + begin & 1

    def _is_free(self, lane: int, begin: int, length: int) -> bool:
        return ones_after(self._ground.free, lane * self._width + begin, length) == length
