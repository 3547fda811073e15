"""Where a service can be put: placements of its segments, complete plans, and holds on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.model.ids import (
    ConversationId,
    HoldId,
    ResourceId,
    ServiceId,
    StaffId,
    TenantId,
    equipment_resource,
    staff_resource,
)
from booking_core.model.interval import Interval


@dataclass(frozen=True, slots=True)
class Placement:
    """One segment with its staff member and work time; buffers (minutes) occupy the staff member without the guest.

    ``blocked_after`` are the minutes of a blocked pause that follow the work; they occupy like a buffer.
    """

    segment: int
    staff: StaffId
    starts_at: datetime
    ends_at: datetime
    resource: str | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    blocked_after: int = 0

    @property
    def occupied(self) -> Interval:
        """The staff member's time: the work, both buffers and a blocked pause."""
        return Interval(
            self.starts_at - timedelta(minutes=self.buffer_before),
            self.ends_at + timedelta(minutes=self.blocked_after + self.buffer_after),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Complete placements for all segments of a service, in order."""

    service: ServiceId
    placements: tuple[Placement, ...]

    @property
    def starts_at(self) -> datetime:
        """When the guest arrives."""
        return self.placements[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """When the guest leaves."""
        return self.placements[-1].ends_at

    @property
    def staff(self) -> tuple[StaffId, ...]:
        """Who does each segment, in order."""
        return tuple(placement.staff for placement in self.placements)

    def needs(self) -> frozenset[tuple[ResourceId, int]]:
        """Every (resource, absolute tick) that the plan occupies."""
        taken: set[tuple[ResourceId, int]] = set()
        for placement in self.placements:
            staff = staff_resource(placement.staff)
            taken.update((staff, tick) for tick in placement.occupied.ticks())
            if placement.resource is not None:
                room = equipment_resource(placement.resource)
                work = Interval(placement.starts_at, placement.ends_at)
                taken.update((room, tick) for tick in work.ticks())
        return frozenset(taken)


@dataclass(frozen=True, slots=True)
class Hold:
    """An expiring claim of one conversation on the union of up to two plans."""

    id: HoldId
    tenant: TenantId
    conversation: ConversationId
    plans: tuple[Plan, ...]
    expires_at: datetime
