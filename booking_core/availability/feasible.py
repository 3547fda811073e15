"""Who can begin which segment when, so that all later segments can follow: from the last segment backwards, for all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from booking_core.availability.demand import Demand, Step
from booking_core.availability.lanes import (
    Runs,
    filled,
    in_every_lane,
    in_several_lanes,
    in_some_lane,
    lane_width,
    pack,
)
from booking_core.availability.ticks import spread_back
from booking_core.model.ids import ResourceId


@dataclass(frozen=True, slots=True)
class Feasible:
    """Answers for the starts from bit ``first`` on: lanes whose bit 0 is the bit ``origin`` of the bitmaps asked about.

    ``begins[k]`` has the bits at which a lane can begin segment *k* and the rest can follow; where buffers reach over a
    whole segment (``Demand.entangled``) some of them cannot, which is for the caller to find out.
    """

    origin: int
    width: int
    free: int
    begins: tuple[int, ...]
    starts: int
    """The starts of whole plans; bit 0 is ``first``."""


def feasible(
    demand: Demand, free: Sequence[int], rooms: Mapping[ResourceId, int], first: int, count: int
) -> Feasible:
    """Look at ``count`` starts from bit ``first`` on; ``free`` by lane. Cost: some fifty bit operations per segment."""
    origin = first - demand.back
    known = demand.back + count + demand.ahead
    width = lane_width(known + demand.widest)
    lanes = pack([_cut(bits, origin, known) for bits in free], width)
    pass_ = _Pass(len(free), width, Runs(lanes), {
        name: Runs(_cut(bits, origin, known)) for name, bits in rooms.items()
    })
    later = pass_.last(demand.steps[-1])
    begins = [later]
    for step, following in zip(reversed(demand.steps[:-1]), reversed(demand.steps[1:]), strict=True):
        if later:
            later = (pass_.blocked if step.blocked else pass_.waiting)(step, following, later)
        begins.append(later)
    begins.reverse()
    starts = (in_some_lane(later, width, len(free)) >> demand.back) & ((1 << count) - 1)
    return Feasible(origin, width, lanes, tuple(begins), starts)


def _cut(bits: int, origin: int, known: int) -> int:
    return (bits >> origin if origin >= 0 else bits << -origin) & ((1 << known) - 1)


@dataclass(frozen=True, slots=True)
class _Pass:
    count: int
    width: int
    runs: Runs
    rooms: Mapping[ResourceId, Runs]

    def fits(self, step: Step, tail: int) -> list[tuple[int, int]]:
        """By length of work: the begins at which the staff member, through ``tail``, and the room are free."""
        found = []
        for work, lanes in step.by_work():
            bits = self.runs.of(step.before + work + tail) << step.before
            if not all(lanes):
                bits &= filled(lanes, self.width)
            if step.room is not None:
                room = self.rooms.get(step.room)
                bits &= in_every_lane(room.of(work), self.width, self.count) if room else 0
            found.append((work, bits))
        return found

    def last(self, step: Step) -> int:
        begins = 0
        for _, bits in self.fits(step, step.after):
            begins |= bits
        return begins

    def waiting(self, step: Step, following: Step, later: int) -> int:
        """Before a pause in which the staff member is free for others."""
        both = step.after + following.before
        onward = 0
        if following.same == "required" or both > step.least:
            onward = spread_back(later, max(step.least, both), step.most)
        if following.same != "required":
            if both > step.least:
                onward |= spread_back(self.others(later), step.least, step.most)
            else:
                anybody = spread_back(in_some_lane(later, self.width, self.count), step.least, step.most)
                onward |= in_every_lane(anybody, self.width, self.count)
        begins = 0
        for work, bits in self.fits(step, step.after):
            begins |= bits & (onward >> work)
        return begins

    def blocked(self, step: Step, following: Step, later: int) -> int:
        """Before a pause that occupies the staff member: each length of it needs another stretch of free time."""
        both = step.after + following.before
        others = 0 if following.same == "required" else self.others(later)
        begins = 0
        for pause in range(step.least, step.most + 1):
            onward = others | later if pause >= both else others
            for work, bits in self.fits(step, max(pause, step.after)):
                begins |= bits & (onward >> work + pause)
        return begins

    def others(self, lanes: int) -> int:
        """In each lane the bits that are set in at least one other lane."""
        once = in_every_lane(in_some_lane(lanes, self.width, self.count), self.width, self.count)
        twice = in_every_lane(in_several_lanes(lanes, self.width, self.count), self.width, self.count)
        return twice | (once & ~lanes)
