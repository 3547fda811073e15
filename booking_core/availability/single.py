"""Possible placements of a service with one segment; composite services have a planner of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from booking_core.availability.ticks import bits_of, bits_within, starts_of_runs, ticks_in
from booking_core.model.ids import StaffId
from booking_core.model.interval import TICK_MINUTES, Interval, instant_of, tick_of
from booking_core.model.service import Service
from booking_core.model.slot import Placement, Plan


def single_plans(
    service: Service,
    staff: Sequence[StaffId],
    free: Mapping[StaffId, frozenset[int]],
    starts_within: Interval,
) -> list[Plan]:
    """Every plan whose start lies in ``starts_within``, by start; several staff at one start come most free first.

    ``free`` are the absolute ticks in which each staff member can work, all rules and claims already taken out.
    """
    segment = service.segments[0]
    base = tick_of(starts_within.starts_at) - _ticks(segment.buffer_before)
    window = bits_within(
        Interval(starts_within.starts_at, starts_within.ends_at + timedelta(minutes=TICK_MINUTES)), base
    )
    found: list[tuple[int, int, int, Plan]] = []
    for order, member in enumerate(staff):
        ticks = free.get(member, frozenset())
        bits = bits_of(ticks, base)
        before, work = _ticks(segment.buffer_before), _ticks(segment.minutes_with(member))
        runs = starts_of_runs(bits, before + work + _ticks(segment.buffer_after)) << before
        for tick in ticks_in(runs & window, base):
            starts_at = instant_of(tick)
            if not starts_within.starts_at <= starts_at < starts_within.ends_at:
                continue
            placement = Placement(
                segment=0,
                staff=member,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=segment.minutes_with(member)),
                resource=segment.resource,
                buffer_before=segment.buffer_before,
                buffer_after=segment.buffer_after,
            )
            found.append((tick, -len(ticks), order, Plan(service.id, (placement,))))
    found.sort(key=lambda row: row[:3])
    return [plan for *_, plan in found]


def _ticks(minutes: int) -> int:
    return minutes // TICK_MINUTES
