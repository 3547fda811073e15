"""The mirror of free time: what the calendar said was free, day by day, when it said so, and who may ask it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from booking_core.model.ids import ResourceId, TenantId


class Counter(StrEnum):
    """What is counted per tenant, so that others see whether what they keep still holds: the fields of `Versions`."""

    MIRROR = "mirror"
    CLAIMS = "claims"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Versions:
    """Counters of a tenant: what was derived from its mirror or its claims holds while their counter stands.

    ``asked`` counts wishes for a newer reading.
    """

    mirror: int = 0
    claims: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class MirrorDay:
    """One resource on one local date of the tenant.

    ``bits`` are the free ticks from ``first_tick`` on (see `day_bits`), None while the day was never read. Instants are real
    time: ``read_at`` is the moment before the calendar was asked; what was asked before ``invalidated_at`` is not believed, and
    that moment may lie ahead; ``asked_at`` is when somebody last wanted a newer reading.
    """

    resource: ResourceId
    local_date: date
    first_tick: int
    bits: bytes | None = None
    read_at: datetime | None = None
    invalidated_at: datetime | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayChange:
    """Ticks of one day that became busy or free, as bitmaps from ``first_tick`` on."""

    resource: ResourceId
    local_date: date
    first_tick: int
    busy: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How the calendar may be asked: not before ``paused_until``; ``calls`` were made on the (UTC) date ``counted_on``."""

    paused_until: datetime | None = None
    counted_on: date | None = None
    calls: int = 0

    def calls_on(self, day: date) -> int:
        """Calls made on this date."""
        return self.calls if self.counted_on == day else 0


class MirrorStore(Protocol):
    """All instants handed in are real time."""

    async def versions(self, tenant: TenantId) -> Versions:
        """The tenant's counters; zeros before the first write."""
        ...

    async def days(
        self, tenant: TenantId, resources: Sequence[ResourceId], first: date, last: date
    ) -> Sequence[MirrorDay]:
        """What is known of these resources from ``first`` to ``last``, both included."""
        ...

    async def put(self, tenant: TenantId, days: Sequence[MirrorDay]) -> None:
        """Store what was read; a day that was read later or invalidated after ``read_at`` stays as it is."""
        ...

    async def change(
        self, tenant: TenantId, changes: Sequence[DayChange], *, now: datetime, believed_from: datetime
    ) -> None:
        """Mark ticks busy or free at once, and believe only what is read from ``believed_from`` on.

        A day that was never read has nothing to be kept: what is read from ``now`` on is believed there.
        """
        ...

    async def ask(self, tenant: TenantId, wanted: Sequence[tuple[ResourceId, date]], *, now: datetime) -> None:
        """Note that somebody wanted newer readings of known days."""
        ...

    async def reading(self, tenant: TenantId) -> Reading:
        """How the calendar may be asked."""
        ...

    async def lease(self, tenant: TenantId, owner: str, *, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes until then; False while somebody else is."""
        ...

    async def give_back(self, tenant: TenantId, owner: str) -> None:
        """End the lease of this owner."""
        ...

    async def pause(self, tenant: TenantId, *, until: datetime) -> None:
        """Let nobody ask before then; a longer pause stands."""
        ...

    async def count_call(self, tenant: TenantId, *, on: date) -> None:
        """Count one call to the calendar."""
        ...
