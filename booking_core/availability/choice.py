"""The best plan at one start, among all that are possible: depth first, cutting off what cannot become better."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from booking_core.availability.demand import SMALL_GAP, Demand
from booking_core.availability.feasible import Feasible

Steps = tuple[tuple[int, int], ...]
"""Lane and begin (a bit of the lane) of each segment."""
_GAP_MASK = (1 << SMALL_GAP) - 1
_ONES_LOW = tuple(
    count if (count := (~window & (window + 1)).bit_length() - 1) < SMALL_GAP else 0 for window in range(1 << SMALL_GAP)
)
_ONES_HIGH = tuple(
    count if (count := SMALL_GAP - (~window & _GAP_MASK).bit_length()) < SMALL_GAP else 0
    for window in range(1 << SMALL_GAP)
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The order of plans as one number: each criterion weighs more than all that come after it together.

    In order: segments not with the preferred person, changes of staff where the same is preferred, ticks from start to end
    (or, for long pauses, ticks of work less those of pauses), ticks lost in small gaps, the lanes, the pauses.
    """

    miss: int
    change: int
    tick: int
    gap: int
    lanes: tuple[int, ...]
    pauses: tuple[int, ...]
    to_go: tuple[int, ...]
    """By segment: the least that all later ones can cost."""


def weights_of(demand: Demand) -> Weights:
    """The weights that keep the criteria apart for this demand."""
    weight = 1
    pauses = []
    for step in reversed(demand.steps):
        pauses.append(weight)
        weight *= step.most - step.least + 1
    lanes = []
    for _ in demand.steps:
        lanes.append(weight)
        weight *= len(demand.staff) + 1
    gap = weight
    tick = gap * (2 * SMALL_GAP * len(demand.steps) + 1)
    change = tick * (demand.ahead + 1)
    miss = change * (len(demand.steps) + 1)
    to_go, rest = [], 0
    for step in reversed(demand.steps):
        to_go.append(rest)
        rest += step.shortest * tick
    return Weights(miss, change, tick, gap, tuple(reversed(lanes)), tuple(reversed(pauses)), tuple(reversed(to_go)))


class Choice:
    """Chooses among the plans of one ``Feasible``. Not to be shared between threads."""

    def __init__(self, demand: Demand, weights: Weights, feasible: Feasible) -> None:
        self._demand = demand
        self._weights = weights
        self._feasible = feasible
        self._last = len(demand.steps) - 1
        self._free = feasible.free.to_bytes(feasible.width * len(demand.staff) // 8 + 2, "little")
        self._every_lane = sum(1 << lane * feasible.width for lane in range(len(demand.staff)))
        self._preferred = demand.staff.index(wished) if (wished := demand.wish.preferred) in demand.staff else -1
        self._long_pauses = demand.wish.pause == "longest"
        self._least_cost: int | None = None
        self._best: Steps = ()
        self._reached: dict[tuple[int, int, int], int] = {}

    def best(self, begin: int) -> Steps | None:
        """The plan of least cost that begins at this bit of the lanes, or None."""
        self._least_cost = None
        self._reached.clear()
        for lane in self._lanes(0, begin):
            cost = self._weights.lanes[0] * lane
            if self._hopeless(0, cost + self._demand.steps[0].work[lane] * self._weights.tick):
                continue
            self._visit(0, lane, begin, cost + self._gap_before(0, lane, begin), ())
        return None if self._least_cost is None else self._best

    def every(self, begin: int) -> Iterator[Steps]:
        """All plans that begin at this bit of the lanes; their number can grow exponentially with the segments."""
        for lane in self._lanes(0, begin):
            yield from self._all_from(((lane, begin),))

    def cost(self, steps: Steps) -> int:
        """What ``best`` minimises."""
        weights, total = self._weights, 0
        for index, (lane, begin) in enumerate(steps):
            step = self._demand.steps[index]
            end = begin + step.work[lane]
            total += weights.lanes[index] * lane + step.work[lane] * weights.tick + self._miss(lane)
            if index == 0 or steps[index - 1][0] != lane:
                total += self._gap_before(index, lane, begin)
            if index == self._last:
                total += self._gap_after(lane, end + step.after)
                continue
            next_lane, next_begin = steps[index + 1]
            total += self._pause_cost(index, next_begin - end)
            if next_lane != lane:
                total += self._change_cost(index + 1)
                total += self._gap_after(lane, end + self._tail(index, next_begin - end))
        return total

    def _visit(self, index: int, lane: int, begin: int, cost: int, before: Steps) -> None:
        """``cost`` is that of everything before this begin, its lane and the gap before it included."""
        step = self._demand.steps[index]
        work = step.work[lane]
        cost += work * self._weights.tick + self._miss(lane)
        if self._hopeless(index, cost):
            return
        steps = (*before, (lane, begin))
        end = begin + work
        if index == self._last:
            cost += self._gap_after(lane, end + step.after)
            if self._least_cost is None or cost < self._least_cost:
                self._least_cost, self._best = cost, steps
            return
        if not self._demand.entangled:
            place = (index, lane, begin)
            if self._reached.get(place, cost + 1) <= cost:
                return
            self._reached[place] = cost
        preferred = self._demand.steps[index + 1].same == "preferred"
        lengths = range(step.least, step.most + 1)
        if preferred:
            for pause in reversed(lengths) if self._long_pauses else lengths:
                self._go_on(index, pause, cost, steps, self._same)
        for pause in reversed(lengths) if self._long_pauses else lengths:
            self._go_on(index, pause, cost, steps, self._others if preferred else self._anybody)

    def _go_on(
        self, index: int, pause: int, cost: int, steps: Steps, who: Callable[[int, int, int, int], Iterator[int]]
    ) -> None:
        lane, begin = steps[-1]
        following = self._demand.steps[index + 1]
        end = begin + self._demand.steps[index].work[lane]
        cost += self._pause_cost(index, pause)
        if self._hopeless(index, cost):
            return
        tail = self._tail(index, pause)
        if tail and self._demand.steps[index].blocked and not self._is_free(lane, end, tail):
            return
        change_cost = -1
        for other in who(index, lane, end, pause):
            reached = cost + self._weights.lanes[index + 1] * other
            if other != lane:
                if change_cost < 0:
                    change_cost = self._change_cost(index + 1) + self._gap_after(lane, end + tail)
                reached += change_cost
            if self._hopeless(index, reached):
                if other == lane:
                    continue
                return
            if self._demand.entangled and not self._apart(steps, index + 1, other, end + pause):
                continue
            if other != lane:
                reached += self._gap_before(index + 1, other, end + pause)
            self._visit(index + 1, other, end + pause, reached, steps)
        _ = following

    def _hopeless(self, index: int, cost: int) -> bool:
        return self._least_cost is not None and cost + self._weights.to_go[index] >= self._least_cost
