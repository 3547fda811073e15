"""A stretch of free time of all staff, laid out in lanes, with the questions that planning asks about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booking_core.availability.demand import SMALL_GAP, Demand, Step
from booking_core.availability.lanes import (
    Runs,
    filled,
    in_every_lane,
    in_several_lanes,
    in_some_lane,
    lane_width,
    pack,
)
from booking_core.model.ids import ResourceId


class Ground:
    """Free time around ``count`` starts from bit ``first`` of the bitmaps on; bit 0 of a lane is their bit ``origin``.

    "Begins" are lane bits at which the work of a segment begins.
    """

    def __init__(
        self, demand: Demand, free: Sequence[int], rooms: Mapping[ResourceId, int], first: int, count: int
    ) -> None:
        self.origin = first - demand.back
        self.starts = count
        known = demand.back + count + demand.ahead
        self.width = lane_width(known + demand.widest)
        self.lanes = len(free)
        self.free = pack([_cut(bits, self.origin, known) for bits in free], self.width)
        self._runs = Runs(self.free)
        self._rooms = {name: Runs(_cut(bits, self.origin, known)) for name, bits in rooms.items()}
        self._wide = self._runs.of(SMALL_GAP)
        self._fits: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def fits(self, index: int, step: Step, tail: int) -> list[tuple[int, int]]:
        """By length of work: the begins at which the staff member, ``tail`` ticks included, and the room are free."""
        if (found := self._fits.get((index, tail))) is not None:
            return found
        found = []
        for work, lanes in step.by_work:
            bits = self._runs.of(step.before + work + tail) << step.before
            if not all(lanes):
                bits &= filled(lanes, self.width)
            if step.room is not None:
                room = self._rooms.get(step.room)
                bits &= in_every_lane(room.of(work), self.width, self.lanes) if room else 0
            found.append((work, bits))
        self._fits[index, tail] = found
        return found

    def small_gap_before(self, step: Step) -> int:
        """The begins right before whose buffer only a small gap stays free."""
        return ((self.free << 1) & ~(self._wide << SMALL_GAP)) << step.before

    def small_gap_after(self) -> int:
        """The bits at which a small gap begins for who is occupied up to there."""
        return self.free & ~self._wide

    def in_some_lane(self, begins: int) -> int:
        """The bits that are set in at least one lane, as one bitmap."""
        return in_some_lane(begins, self.width, self.lanes)

    def only(self, lane: int) -> int:
        """The mask of one lane; nothing for -1."""
        return ((1 << self.width) - 1) << lane * self.width if lane >= 0 else 0

    def anybody(self, begins: int) -> int:
        """In each lane the bits that are set in at least one lane."""
        return in_every_lane(in_some_lane(begins, self.width, self.lanes), self.width, self.lanes)

    def others(self, begins: int) -> int:
        """In each lane the bits that are set in at least one other lane."""
        if not begins:
            return 0
        several = in_several_lanes(begins, self.width, self.lanes)
        return in_every_lane(several, self.width, self.lanes) | (self.anybody(begins) & ~begins)


def _cut(bits: int, origin: int, known: int) -> int:
    return (bits >> origin if origin >= 0 else bits << -origin) & ((1 << known) - 1)
