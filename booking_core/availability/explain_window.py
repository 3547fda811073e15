"""Why a service can begin at none of several times: what most of them fail at, each person and device once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from booking_core.availability.composite import NO_WISH, Planner
from booking_core.availability.demand import PlanWish
from booking_core.availability.explain import (
    Attempt,
    DoesNotWork,
    EquipmentTaken,
    IsBusy,
    IsUnknown,
    NobodyDoesIt,
    Obstacle,
    OffGrid,
    PauseCannotBeKept,
    RuledOut,
    Times,
)
from booking_core.model.interval import Interval, tick_of
from booking_core.model.service import Service
from booking_core.model.tenant import Tenant


def explain_window(
    tenant: Tenant, service: Service, starts: Sequence[datetime], times: Times, wish: PlanWish = NO_WISH
) -> tuple[Obstacle, ...]:
    """What stands in the way at most of these starts, none of which is possible; empty only without starts.

    Starts that fail at another segment, or at its pause where the others do not, are left out: one reason is enough.
    """
    if not starts:
        return ()
    lowest = tick_of(min(starts)) - Planner(service, times.free, times.base, wish).demand.back
    if lowest < times.base:
        times = times.beginning(lowest)
    attempt = Attempt(tenant, service, times, wish)
    failing_at: dict[tuple[bool, int], list[list[Obstacle]]] = {}
    for start in starts:
        found = attempt.obstacles(tick_of(start) - times.base)
        failing_at.setdefault(_place(found[0]), []).append(found)
    most = max(failing_at.values(), key=len)
    return tuple(_merged(obstacle for found in most for obstacle in found))


def _place(obstacle: Obstacle) -> tuple[bool, int]:
    segment = 0 if isinstance(obstacle, RuledOut | OffGrid) else obstacle.segment
    return isinstance(obstacle, PauseCannotBeKept), segment


def _merged(obstacles: Iterator[Obstacle]) -> list[Obstacle]:
    """Who is busy at one start and does not work at another is called busy."""
    found: dict[tuple[int, str], Obstacle] = {}
    for obstacle in obstacles:
        match obstacle:
            case PauseCannotBeKept(segment, within):
                key = segment, "pause"
                if isinstance(known := found.get(key), PauseCannotBeKept):
                    found[key] = PauseCannotBeKept(segment, _hull(known.starts_within, within))
                    continue
            case NobodyDoesIt(segment):
                key = segment, "nobody"
            case EquipmentTaken(segment, resource):
                key = segment, f"resource:{resource}"
            case IsBusy(segment, staff) | IsUnknown(segment, staff) | DoesNotWork(segment, staff):
                key = segment, f"staff:{staff}"
            case RuledOut() | OffGrid():
                continue
        known = found.get(key)
        if known is None or (isinstance(known, DoesNotWork) and not isinstance(obstacle, DoesNotWork)):
            found[key] = obstacle
    return list(found.values())


def _hull(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.starts_at, other.starts_at), max(one.ends_at, other.ends_at))
