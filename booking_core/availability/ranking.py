"""Which of several plans to name first: near to the wish, with the wished people, few gaps left behind, fair among staff.

How many are shown, and how they are spread over a window, is for the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from booking_core.availability.demand import SMALL_GAP, PlanWish
from booking_core.availability.ticks import ones_after, ones_before
from booking_core.model.ids import ResourceId, staff_resource
from booking_core.model.interval import Interval
from booking_core.model.service import Service
from booking_core.model.slot import Plan

NEARNESS = timedelta(minutes=15)
"""Starts of one such step of distance are equally near: nobody minds five minutes, and the salon minds a gap."""


def rank(
    plans: Iterable[Plan],
    wished: Interval,
    *,
    service: Service,
    free: Mapping[ResourceId, int],
    base: int,
    wish: PlanWish | None = None,
    nearness: timedelta = NEARNESS,
) -> list[Plan]:
    """Plans of one service at different starts, best first.

    ``wished`` is the time wished for a start: within it all are equally near, an instant is an interval without length.
    Distances are compared in steps of ``nearness`` first, and to the second only between equals.
    ``free`` and ``base`` are those that the plans were found with.
    """
    preferred = wish.preferred if wish else None
    amounts = {name: bits.bit_count() for name, bits in free.items()}

    def order(plan: Plan) -> tuple[float, int, int, int, list[int], timedelta, datetime]:
        away = distance(plan.starts_at, wished)
        return (
            away // nearness,
            sum(preferred not in {None, staff} for staff in plan.staff),
            changes(plan, service),
            small_gaps(plan, free, base),
            [-amounts.get(staff_resource(staff), 0) for staff in plan.staff],
            away,
            plan.starts_at,
        )

    return sorted(plans, key=order)


def distance(start: datetime, wished: Interval) -> timedelta:
    """How far a start lies outside of the wished time."""
    return max(wished.starts_at - start, start - wished.ends_at, timedelta(0))


def changes(plan: Plan, service: Service) -> int:
    """How often the staff member changes although the same is preferred."""
    pairs = zip(plan.placements, plan.placements[1:], strict=False)
    return sum(
        first.staff != second.staff and service.segments[second.segment].same_staff == "preferred"
        for first, second in pairs
    )


def small_gaps(plan: Plan, free: Mapping[ResourceId, int], base: int) -> int:
    """Pieces of free time too small to serve anybody, beside what the plan occupies; counted as the planner does."""
    count, last = 0, len(plan.placements) - 1
    for index, placement in enumerate(plan.placements):
        bits, ticks = free.get(staff_resource(placement.staff), 0), placement.occupied.ticks()
        if index == 0 or plan.placements[index - 1].staff != placement.staff:
            count += 0 < ones_before(bits, ticks.start - base, SMALL_GAP) < SMALL_GAP
        if index == last or plan.placements[index + 1].staff != placement.staff:
            count += 0 < ones_after(bits, ticks.stop - base, SMALL_GAP) < SMALL_GAP
    return count
