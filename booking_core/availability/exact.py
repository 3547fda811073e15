"""A plan that somebody else has made, segment by segment: does it fit the service, and is its time free? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.availability.ticks import bits_of
from booking_core.model.ids import ResourceId, StaffId
from booking_core.model.interval import TICK_SECONDS
from booking_core.model.service import Service
from booking_core.model.slot import Placement, Plan


@dataclass(frozen=True, slots=True)
class Bound:
    """Who does a segment, from when until when."""

    staff: StaffId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Misfit:
    """Which segment cannot be a part of the service, and why (for developers); ``segment`` None where their number is wrong."""

    segment: int | None
    why: str


def exact_plan(service: Service, parts: Sequence[Bound]) -> Plan | Misfit:
    """The plan with these segments, buffers and blocked pauses as the planner would give them."""
    if len(parts) != len(service.segments):
        return Misfit(None, f"the service has {len(service.segments)} segments")
    for index, part in enumerate(parts):
        if why := _misfit_alone(service, index, part) or _misfit_after(service, index, parts):
            return Misfit(index, why)
    placements = [
        Placement(
            index,
            part.staff,
            part.starts_at,
            part.ends_at,
            segment.resource,
            segment.buffer_before,
            segment.buffer_after,
            _blocked_after(service, index, parts),
        )
        for index, (segment, part) in enumerate(zip(service.segments, parts, strict=True))
    ]
    for index, placement in enumerate(placements):
        for earlier in placements[:index]:
            if placement.staff == earlier.staff and placement.occupied.overlaps(earlier.occupied):
                return Misfit(index, "it overlaps an earlier segment of the same staff member, buffers included")
    return Plan(service.id, tuple(placements))


def is_free(plan: Plan, free: Mapping[ResourceId, int], base: int) -> bool:
    """Whether everything that the plan occupies is free; bit *i* of a bitmap is the absolute tick ``base + i``."""
    needed: dict[ResourceId, set[int]] = {}
    for resource, tick in plan.needs():
        if tick < base:
            return False
        needed.setdefault(resource, set()).add(tick)
    return all(not bits_of(ticks, base) & ~free.get(resource, 0) for resource, ticks in needed.items())


def _misfit_alone(service: Service, index: int, part: Bound) -> str | None:
    segment = service.segments[index]
    if part.staff not in segment.staff:
        return f"{part.staff} does not do it"
    if part.starts_at.timestamp() % TICK_SECONDS:
        return "it does not start on the five-minute grid"
    minutes = segment.minutes_with(part.staff)
    if part.ends_at - part.starts_at != timedelta(minutes=minutes):
        return f"it takes {minutes} minutes"
    return None


def _misfit_after(service: Service, index: int, parts: Sequence[Bound]) -> str | None:
    """What is wrong with the pause before a segment, or with who does it after whom."""
    if index == 0:
        return None
    before, part = parts[index - 1], parts[index]
    pause = service.segments[index - 1].pause_after
    least, most = (pause.min_minutes, pause.max_minutes) if pause else (0, 0)
    if not timedelta(minutes=least) <= part.starts_at - before.ends_at <= timedelta(minutes=most):
        return f"the pause before it has {least} to {most} minutes"
    if service.segments[index].same_staff == "required" and part.staff != before.staff:
        return "the staff member of the segment before has to do it"
    return None


def _blocked_after(service: Service, index: int, parts: Sequence[Bound]) -> int:
    """Minutes of a blocked pause beyond the buffer; what the same person's next buffer needs belongs to the next segment."""
    segment = service.segments[index]
    if segment.pause_after is None or segment.pause_after.staff != "blocked":
        return 0
    following = parts[index + 1]
    blocked = max(_minutes(parts[index].ends_at, following.starts_at) - segment.buffer_after, 0)
    if following.staff == parts[index].staff:
        blocked = max(blocked - service.segments[index + 1].buffer_before, 0)
    return blocked


def _minutes(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds()) // 60
