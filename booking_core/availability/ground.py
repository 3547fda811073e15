"""A stretch of free time of all staff, laid out in lanes, with the questions that planning asks about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booking_core.availability.demand import SMALL_GAP, Demand, Step
from booking_core.availability.lanes import Lanes, Runs, filled, lane_width, pack
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
        width = lane_width(known + demand.widest)
        self.lanes = Lanes(len(free), width)
        self.free = pack([_cut(bits, self.origin, known) for bits in free], width)
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
                bits &= filled(lanes, self.lanes.width)
            if step.room is not None:
                room = self._rooms.get(step.room)
                bits &= self.lanes.everywhere(room.of(work)) if room else 0
            found.append((work, bits))
        self._fits[index, tail] = found
        return found

    def small_gap_before(self, step: Step) -> int:
        """The begins right before whose buffer only a small gap stays free."""
        return ((self.free << 1) & ~(self._wide << SMALL_GAP)) << step.before

    def small_gap_after(self) -> int:
        """The bits at which a small gap begins for who is occupied up to there."""
        return self.free & ~self._wide

    def only(self, lane: int) -> int:
        """The mask of one lane; nothing for -1."""
        return ((1 << self.lanes.width) - 1) << lane * self.lanes.width if lane >= 0 else 0


def _cut(bits: int, origin: int, known: int) -> int:
    return (bits >> origin if origin >= 0 else bits << -origin) & ((1 << known) - 1)
