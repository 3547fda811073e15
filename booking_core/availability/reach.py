"""How far a service reaches around its start, whoever does it: the least it takes, and the most that has to be looked at."""

from __future__ import annotations

from booking_core.model.service import Segment, Service


def shortest_minutes(service: Service) -> int:
    """From start to end with the shortest pauses and the quickest staff member for each segment."""
    return sum(_quickest(segment) + _least_pause(segment) for segment in service.segments)


def shortest_first_minutes(service: Service) -> int:
    """The work of the first segment by the quickest staff member."""
    return _quickest(service.segments[0])


def minutes_before_start(service: Service) -> int:
    """How long before a start anybody can be occupied by it: a buffer may reach back over all the work before its segment."""
    farthest = elapsed = 0
    for segment in service.segments:
        farthest = max(farthest, segment.buffer_before - elapsed)
        elapsed += _quickest(segment) + _least_pause(segment)
    return farthest


def minutes_from_start(service: Service) -> int:
    """How long after a start anybody can be occupied by it, with the slowest staff members and the longest pauses."""
    farthest = elapsed = 0
    for segment in service.segments:
        elapsed += max(segment.minutes_with(member) for member in segment.staff)
        farthest = max(farthest, elapsed + segment.buffer_after)
        elapsed += segment.pause_after.max_minutes if segment.pause_after else 0
    return farthest


def _quickest(segment: Segment) -> int:
    return min(segment.minutes_with(member) for member in segment.staff)


def _least_pause(segment: Segment) -> int:
    return segment.pause_after.min_minutes if segment.pause_after else 0
