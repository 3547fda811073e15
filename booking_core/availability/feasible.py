"""Who can begin which segment when, so that all later segments can follow: from the last segment backwards, for all at once."""

from __future__ import annotations

from booking_core.availability.demand import Demand, Step, tail_of
from booking_core.availability.ground import Ground
from booking_core.availability.ticks import spread_back


def feasible(demand: Demand, ground: Ground) -> tuple[int, ...]:
    """By segment the begins from which the rest can follow. Cost: some fifty bit operations per segment.

    Where buffers reach over a whole segment (``Demand.entangled``) too many are found, which is for the caller to correct.
    """
    last = len(demand.steps) - 1
    later = 0
    for _, bits in ground.fits(last, demand.steps[last], demand.steps[last].after):
        later |= bits
    found = [later]
    for index in range(last - 1, -1, -1):
        if later:
            before_pause = _before_blocked if demand.steps[index].blocked else _before_free
            later = before_pause(ground, index, demand.steps[index], demand.steps[index + 1], later)
        found.append(later)
    found.reverse()
    return tuple(found)


def _before_free(ground: Ground, index: int, step: Step, following: Step, later: int) -> int:
    """Before a pause in which the staff member is free for others."""
    both = step.after + following.before
    if following.same == "required":
        onward = spread_back(later, max(step.least, both), step.most)
    elif both <= step.least:
        onward = spread_back(ground.lanes.everywhere(ground.lanes.in_some(later)), step.least, step.most)
    else:
        onward = spread_back(later, both, step.most)
        onward |= spread_back(ground.lanes.in_others(later), step.least, step.most)
    begins = 0
    for work, bits in ground.fits(index, step, step.after):
        begins |= bits & (onward >> work)
    return begins


def _before_blocked(ground: Ground, index: int, step: Step, following: Step, later: int) -> int:
    """Before a pause that occupies the staff member: each length of it needs another stretch of free time."""
    both = step.after + following.before
    others = 0 if following.same == "required" else ground.lanes.in_others(later)
    begins = 0
    for pause in range(step.least, step.most + 1):
        onward = others | later if pause >= both else others
        for work, bits in ground.fits(index, step, tail_of(step, pause)):
            begins |= bits & (onward >> work + pause)
    return begins
