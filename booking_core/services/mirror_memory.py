"""What a process keeps decoded of the mirror: whole days joined to bitmaps, good while the tenant's version stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.day_bits import day_ticks, join, part_of, unpack
from booking_core.availability.ticks import ticks_in
from booking_core.model.ids import ResourceId, StaffId, TenantId, staff_resource
from booking_core.model.interval import Interval
from booking_core.model.tenant import Tenant
from booking_core.ports.mirror import MirrorDay, Versions
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.refresh_plan import DayKey

_MOST_JOINED = 1000


@dataclass(frozen=True, slots=True)
class MirrorView:
    """Free time of several staff members over one span of ticks.

    Bit *i* of a bitmap in ``free`` is the absolute tick ``base + i``; there are ``length`` ticks. ``fresh_at`` is the (real) moment
    of the oldest reading used, None where nothing is known. Days in ``missing`` are unknown, which is not busy, though their
    bits are zero.
    """

    base: int
    length: int
    free: Mapping[StaffId, int]
    fresh_at: datetime | None
    missing: Mapping[StaffId, tuple[date, ...]]
    versions: Versions

    @property
    def complete(self) -> bool:
        """Whether every asked day of everybody is known."""
        return not self.missing

    def ticks_of(self, staff: StaffId) -> frozenset[int]:
        """The free absolute ticks of one staff member."""
        return frozenset(ticks_in(self.free.get(staff, 0), self.base))


@dataclass(frozen=True, slots=True)
class _Joined:
    """A staff member's whole days from some day to another as one bitmap."""

    base: int
    bits: int
    oldest: datetime | None
    near: tuple[tuple[date, datetime], ...]
    """Near days with the moment they were read, those left out that somebody wants newer already."""
    missing: tuple[date, ...]


@dataclass(slots=True)
class _Kept:
    """What was decoded of one tenant in one version; ``asked`` are the days that this process has asked to be read anew."""

    version: int
    zone: ZoneInfo
    days: dict[DayKey, MirrorDay | None] = field(default_factory=dict)
    joined: dict[tuple[StaffId, date, date, date], _Joined] = field(default_factory=dict)
    asked: set[DayKey] = field(default_factory=set)


@dataclass(slots=True)
class MirrorMemory:
    """Reads through to the store; days up to ``near_days`` ahead are told when they grow old."""

    near_days: int
    _kept: dict[TenantId, _Kept] = field(default_factory=dict)

    async def look(
        self,
        work: UnitOfWork,
        tenant: Tenant,
        staff: Sequence[StaffId],
        span: Interval,
        *,
        today: date,
        stale_before: datetime,
    ) -> tuple[MirrorView, list[DayKey]]:
        """What is known, and near days read before ``stale_before``, each told once per version."""
        versions = await work.mirror.versions(tenant.id)
        kept = self._kept_for(tenant, versions.mirror)
        ticks = span.ticks()
        first, last = bounds(span, tenant.zone)
        keys = {member: (member, first, last, today) for member in staff}
        joined = {member: kept.joined[key] for member, key in keys.items() if key in kept.joined}
        if unknown := [member for member in keys if member not in joined]:
            # What is kept may be cleared meanwhile; what this look needs is in its own hands.
            joined |= await self._load(work, kept, tenant, unknown, first, last, today)
        free: dict[StaffId, int] = {}
        missing: dict[StaffId, tuple[date, ...]] = {}
        oldest: datetime | None = None
        stale: list[DayKey] = []
        for member in keys:
            whole = joined[member]
            free[member] = part_of(whole.bits, whole.base, ticks)
            if whole.missing:
                missing[member] = whole.missing
            if whole.oldest is None:
                continue
            oldest = whole.oldest if oldest is None else min(oldest, whole.oldest)
            if whole.oldest < stale_before:
                stale += [(member, day) for day, read_at in whole.near if read_at < stale_before]
        wanted = [day for day in stale if day not in kept.asked]
        kept.asked.update(wanted)
        return MirrorView(ticks.start, len(ticks), free, oldest, missing, versions), wanted

    def _kept_for(self, tenant: Tenant, version: int) -> _Kept:
        kept = self._kept.get(tenant.id)
        if kept is not None and (kept.version, kept.zone) == (version, tenant.zone):
            return kept
        fresh = _Kept(version, tenant.zone)
        # An older snapshot must not push out what a newer one has brought.
        if kept is None or kept.version < version or kept.zone != tenant.zone:
            self._kept[tenant.id] = fresh
        return fresh

    async def _load(
        self,
        work: UnitOfWork,
        kept: _Kept,
        tenant: Tenant,
        staff: Sequence[StaffId],
        first: date,
        last: date,
        today: date,
    ) -> dict[StaffId, _Joined]:
        """Decode and keep the days of these staff members, reading those that this process has not seen in this version."""
        days = first_ticks(first, last, tenant.zone)
        unseen = [member for member in staff if any((member, day) not in kept.days for day in days)]
        if unseen:
            by_resource: dict[ResourceId, StaffId] = {staff_resource(member): member for member in unseen}
            rows = await work.mirror.days(tenant.id, list(by_resource), first, last)
            kept.days.update({(member, day): None for member in unseen for day in days})
            kept.days.update({(by_resource[row.resource], row.local_date): row for row in rows})
        near = today + timedelta(days=self.near_days)
        joined = {
            member: _join([(day, start, kept.days[member, day]) for day, start in days.items()], today, near)
            for member in staff
        }
        if len(kept.joined) > _MOST_JOINED:
            kept.joined.clear()
        kept.joined.update({(member, first, last, today): whole for member, whole in joined.items()})
        return joined


def first_ticks(first: date, last: date, zone: ZoneInfo) -> dict[date, int]:
    """The first tick of each local date, both ends included."""
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return {day: day_ticks(day, zone).start for day in days}


def bounds(span: Interval, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last local date of a span; of an empty one, its day."""
    last = max(span.starts_at, span.ends_at - timedelta(microseconds=1))
    return span.starts_at.astimezone(zone).date(), last.astimezone(zone).date()


def _join(days: Sequence[tuple[date, int, MirrorDay | None]], today: date, near: date) -> _Joined:
    base = days[0][1]
    pieces: list[tuple[int, int]] = []
    missing: list[date] = []
    near_days: list[tuple[date, datetime]] = []
    oldest: datetime | None = None
    for day, start, known in days:
        # After a change of the tenant's zone its days begin elsewhere; what was read for the old ones tells nothing.
        if known is None or known.bits is None or known.read_at is None or known.first_tick != start:
            missing.append(day)
            continue
        pieces.append((start, unpack(known.bits)))
        oldest = known.read_at if oldest is None else min(oldest, known.read_at)
        asked = known.asked_at is not None and known.asked_at > known.read_at
        if today <= day <= near and not asked:
            near_days.append((day, known.read_at))
    return _Joined(base, join(pieces, base), oldest, tuple(near_days), tuple(missing))
