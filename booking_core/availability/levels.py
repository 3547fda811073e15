"""How good a plan can become from where: bitmaps of begins by the exact cost of the best rest, computed as they are asked for.

A cost is ``(misses, changes, slack, gaps)``: segments not with the preferred person; changes of staff where the same is
preferred; ticks more than the least possible (longer work or pauses than need be; with long pauses wished, shorter pauses);
small gaps left beside what is occupied. A shorter tuple asks about its first criteria only.
"""

from __future__ import annotations

from collections.abc import Iterator

from booking_core.availability.demand import Demand, Step, tail_of
from booking_core.availability.feasible import feasible
from booking_core.availability.ground import Ground
from booking_core.availability.ticks import spread_back

Cost = tuple[int, ...]
CRITERIA = 4


class Levels:
    """All levels over one ``Ground``; keeps what it has computed. Not to be shared between threads."""

    def __init__(self, demand: Demand, ground: Ground) -> None:
        self.demand = demand
        self.ground = ground
        self._last = len(demand.steps) - 1
        self._rest: list[dict[Cost, int]] = [{(): begins} for begins in feasible(demand, ground)]
        self._arrive: list[dict[Cost, int]] = [{} for _ in demand.steps]
        self._others: list[dict[Cost, int]] = [{} for _ in demand.steps]
        self._gap_before: list[int | None] = [None for _ in demand.steps]
        self._gap_after: int | None = None
        self._workers_of: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
        self._most = _most_by_step(demand)

    @property
    def starts(self) -> int:
        """The starts of whole plans; bit 0 is the ground's first start."""
        bits = self.ground.lanes.in_some(self._rest[0][()]) >> self.demand.back
        return bits & ((1 << self.ground.starts) - 1)

    def gap_before(self, index: int) -> int:
        """The begins of a segment right before which a small gap would stay."""
        if (bits := self._gap_before[index]) is None:
            bits = self._gap_before[index] = self.ground.small_gap_before(self.demand.steps[index])
        return bits

    def gap_after(self) -> int:
        """The ends of what is occupied right after which a small gap would stay."""
        if self._gap_after is None:
            self._gap_after = self.ground.small_gap_after()
        return self._gap_after

    def rest(self, index: int, cost: Cost) -> int:
        """The begins from which a segment and all later ones cost exactly so much, a gap before it left aside."""
        known = self._rest[index]
        if (bits := known.get(cost)) is not None:
            return bits
        least, most = cost[-1], self._most[index][len(cost) - 1]
        if least < 0 or least > most or not (wider := self.rest(index, cost[:-1])):
            bits = 0
        elif most == 0:
            bits = wider
        elif index == self._last:
            bits = self._end(cost)
        else:
            bits = self._onward(index, cost)
        known[cost] = bits
        return bits

    def arrive(self, index: int, cost: Cost) -> int:
        """Like ``rest``, with a gap before the segment counted."""
        if len(cost) < CRITERIA:
            return self.rest(index, cost)
        known = self._arrive[index]
        if (bits := known.get(cost)) is None:
            bits = self.rest(index, cost)
            with_gap = self.rest(index, (*cost[:3], cost[3] - 1)) if cost[3] else 0
            if bits or with_gap:
                gap = self.gap_before(index)
                bits = (bits & ~gap) | (with_gap & gap)
            known[cost] = bits
        return bits

    def others(self, index: int, cost: Cost) -> int:
        """In each lane the begins at which somebody else can ``arrive`` at so much."""
        known = self._others[index]
        if (bits := known.get(cost)) is None:
            bits = known[cost] = self.ground.lanes.in_others(self.arrive(index, cost))
        return bits

    def costs(self, starts: int) -> Iterator[tuple[Cost, int]]:
        """The starts (bits as in ``starts``) by the cost of their best plan, cheapest first."""
        yield from self._costs((), starts << self.demand.back)

    def _costs(self, cost: Cost, starts: int) -> Iterator[tuple[Cost, int]]:
        if len(cost) == CRITERIA:
            yield cost, starts >> self.demand.back
            return
        value, most = 0, self._most[0][len(cost)]
        if most == 0:
            yield from self._costs((*cost, 0), starts)
            return
        while starts:
            next_cost = (*cost, value)
            if found := self.ground.lanes.in_some(self.arrive(0, next_cost)) & starts:
                yield from self._costs(next_cost, found)
                starts &= ~found
            value += 1

    def _end(self, cost: Cost) -> int:
        step = self.demand.steps[self._last]
        begins = 0
        for miss, slack, work, fit in self._workers(self._last, step, step.after):
            if cost[0] != miss or any(cost[1:2]) or (len(cost) > 2 and cost[2] != slack):
                continue
            bits = fit
            if len(cost) == CRITERIA:
                gap = self.gap_after() >> work + step.after
                bits &= gap if cost[3] == 1 else ~gap
            begins |= bits
        return begins

    def _onward(self, index: int, cost: Cost) -> int:
        step = self.demand.steps[index]
        if step.blocked or len(cost) > 2:
            begins = 0
            for pause in self.demand.pauses(step):
                slack = self.demand.slack(step, pause)
                if len(cost) > 2 and slack > cost[2]:
                    break
                begins |= self._through(index, cost, pause, pause, slack)
            return begins
        return self._through(index, cost, step.least, step.most, 0)

    def _through(self, index: int, cost: Cost, least: int, most: int, slack: int) -> int:
        """Begins that go on after a pause of ``least`` to ``most``, which all have the same slack and tail."""
        step, following = self.demand.steps[index], self.demand.steps[index + 1]
        both, tail = step.after + following.before, tail_of(step, least)
        begins = 0
        for miss, extra, work, fit in self._workers(index, step, tail):
            left = _less(cost, miss, slack + extra)
            if min(left) < 0:
                continue
            onward = 0
            if most >= both and (bits := self.rest(index + 1, left)):
                onward = spread_back(bits, max(least, both), most) >> work
            if following.same == "preferred" and len(left) > 1:
                if left[1] == 0:
                    begins |= onward & fit
                    continue
                left = (left[0], left[1] - 1, *left[2:])
            if following.same != "required":
                if len(left) < CRITERIA:
                    onward |= spread_back(self.others(index + 1, left), least, most) >> work
                else:
                    onward |= self._changing(index + 1, left, work + least, work + tail)
            begins |= onward & fit
        return begins

    def _changing(self, index: int, left: Cost, to_begin: int, to_end: int) -> int:
        if len(left) < CRITERIA:
            return self.others(index, left) >> to_begin
        no_gap = self.others(index, left)
        with_gap = self.others(index, (*left[:3], left[3] - 1)) if left[3] else 0
        if not no_gap and not with_gap:
            return 0
        gap = self.gap_after() >> to_end
        return (no_gap >> to_begin & ~gap) | (with_gap >> to_begin & gap)

    def _workers(self, index: int, step: Step, tail: int) -> list[tuple[int, int, int, int]]:
        """Miss, slack, work and begins of the lanes that have these in common."""
        if (known := self._workers_of.get((index, tail))) is not None:
            return known
        shortest, fits = step.shortest, self.ground.fits(index, step, tail)
        if self.demand.wish.preferred is None:
            found = [(0, work - shortest, work, fit) for work, fit in fits if fit]
        else:
            mine = self.ground.only(self.demand.preferred)
            found = [(0, work - shortest, work, bits) for work, fit in fits if (bits := fit & mine)]
            found += [(1, work - shortest, work, bits) for work, fit in fits if (bits := fit & ~mine)]
        self._workers_of[index, tail] = found
        return found


def _less(cost: Cost, miss: int, slack: int) -> Cost:
    """What is left of a cost."""
    if len(cost) == CRITERIA:
        return cost[0] - miss, cost[1], cost[2] - slack, cost[3]
    if len(cost) == 3:
        return cost[0] - miss, cost[1], cost[2] - slack
    return (cost[0] - miss, *cost[1:])


def _most_by_step(demand: Demand) -> list[Cost]:
    """By segment: the most that it and all later ones can cost, by criterion."""
    found: list[Cost] = []
    miss, change, slack, gaps = 0, 0, 0, 1
    wished = demand.wish.preferred is not None
    for index in range(len(demand.steps) - 1, -1, -1):
        step = demand.steps[index]
        miss += wished
        slack += step.longest - step.shortest + step.most - step.least
        found.append((miss, change, slack, gaps))
        change += step.same == "preferred"
        gaps += 2
    found.reverse()
    return found
