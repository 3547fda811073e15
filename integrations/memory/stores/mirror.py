"""The mirror of free time in memory: one row per resource with its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from booking_core.model.ids import ResourceId, TenantId
from booking_core.ports.mirror import Counter, DayChange, MirrorDay, Reading, Versions
from integrations.memory.stores.values import in_utc, maybe_in_utc
from integrations.memory.tables import Table, Transaction

_Days = dict[date, MirrorDay]
_UNASKED: Final = Reading()


@dataclass(frozen=True, slots=True)
class StoredReading:
    """How a tenant's calendar may be asked, and who refreshes."""

    reading: Reading = _UNASKED
    leased_by: str | None = None
    leased_until: datetime | None = None


class MirrorTables:
    """Days by resource, counters, and readings."""

    __slots__ = ("days", "readings", "versions")

    def __init__(self) -> None:
        """Nothing was read."""
        self.days: Table[tuple[TenantId, ResourceId], _Days] = Table()
        self.versions: Table[TenantId, Versions] = Table()
        self.readings: Table[TenantId, StoredReading] = Table()


class MemoryMirror:
    """Implements ``booking_core.ports.mirror.MirrorStore``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: MirrorTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def versions(self, tenant: TenantId) -> Versions:
        """The tenant's counters; zeros before the first write."""
        return self._tx.of(self._tables.versions).get(tenant) or Versions()

    async def days(
        self, tenant: TenantId, resources: Sequence[ResourceId], first: date, last: date
    ) -> Sequence[MirrorDay]:
        """What is known of these resources from ``first`` to ``last``, both included."""
        rows = self._tx.of(self._tables.days)
        return [
            day
            for resource in dict.fromkeys(resources)
            for local_date, day in (rows.get((tenant, resource)) or {}).items()
            if first <= local_date <= last
        ]

    async def put(self, tenant: TenantId, days: Sequence[MirrorDay]) -> None:
        """Store what was read; a day that was read later or invalidated after ``read_at`` stays as it is."""
        for day in days:
            known = self._days_of(tenant, day.resource)
            stored = known.get(day.local_date)
            read_at = maybe_in_utc(day.read_at)
            bits = None if day.bits is None else bytes(day.bits)
            if stored is None:
                known[day.local_date] = MirrorDay(day.resource, day.local_date, day.first_tick, bits, read_at)
            elif _believed(stored, day.first_tick, read_at):
                known[day.local_date] = replace(stored, first_tick=day.first_tick, bits=bits, read_at=read_at)
        if days:
            self._tx.count(tenant, Counter.MIRROR)

    async def change(
        self, tenant: TenantId, changes: Sequence[DayChange], *, now: datetime, believed_from: datetime
    ) -> None:
        """Mark ticks busy or free at once, and believe only what is read from ``believed_from`` on."""
        for change in changes:
            known = self._days_of(tenant, change.resource)
            day = known.get(change.local_date) or MirrorDay(change.resource, change.local_date, change.first_tick)
            asked_from = in_utc(now if day.bits is None else believed_from)
            if day.invalidated_at is None or day.invalidated_at < asked_from:
                day = replace(day, invalidated_at=asked_from)
            if day.first_tick != change.first_tick:
                day = replace(day, first_tick=change.first_tick, bits=None, read_at=None)
            elif day.bits is not None:
                bits = int.from_bytes(day.bits, "little") & ~change.busy | change.free
                day = replace(day, bits=bits.to_bytes(len(day.bits), "little"))
            known[change.local_date] = day
        if changes:
            self._tx.count(tenant, Counter.MIRROR)

    async def ask(self, tenant: TenantId, wanted: Sequence[tuple[ResourceId, date]], *, now: datetime) -> None:
        """Note that somebody wanted newer readings of known days."""
        for resource, local_date in wanted:
            known = self._days_of(tenant, resource)
            if (day := known.get(local_date)) is not None:
                known[local_date] = replace(day, asked_at=in_utc(now))
        if wanted:
            self._tx.count(tenant, Counter.ASKED)

    async def reading(self, tenant: TenantId) -> Reading:
        """How the calendar may be asked."""
        return self._stored(tenant).reading

    async def lease(self, tenant: TenantId, owner: str, *, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes until then; False while somebody else is."""
        stored = self._stored(tenant)
        if stored.leased_until is not None and stored.leased_until > now and stored.leased_by != owner:
            return False
        leased = replace(stored, leased_by=owner, leased_until=in_utc(until))
        self._tx.of(self._tables.readings).put(tenant, leased)
        return True

    async def give_back(self, tenant: TenantId, owner: str) -> None:
        """End the lease of this owner."""
        stored = self._stored(tenant)
        if stored.leased_by == owner:
            free = replace(stored, leased_by=None, leased_until=None)
            self._tx.of(self._tables.readings).put(tenant, free)

    async def pause(self, tenant: TenantId, *, until: datetime) -> None:
        """Let nobody ask before then; a longer pause stands."""
        reading = self._stored(tenant).reading
        if reading.paused_until is None or reading.paused_until < until:
            self._put_reading(tenant, replace(reading, paused_until=in_utc(until)))

    async def count_call(self, tenant: TenantId, *, on: date) -> None:
        """Count one call to the calendar."""
        reading = self._stored(tenant).reading
        self._put_reading(tenant, replace(reading, counted_on=on, calls=reading.calls_on(on) + 1))

    def raise_counters(self, counted: Mapping[TenantId, set[Counter]]) -> None:
        """Raise what the transaction has counted; right before the commit."""
        versions = self._tx.of(self._tables.versions)
        for tenant, counters in counted.items():
            known = versions.get(tenant) or Versions()
            raised = {str(counter): getattr(known, counter) + 1 for counter in counters}
            versions.put(tenant, replace(known, **raised))

    def _days_of(self, tenant: TenantId, resource: ResourceId) -> _Days:
        """The days of a resource, the transaction's own to change."""
        rows = self._tx.of(self._tables.days)
        key = (tenant, resource)
        known = rows.get(key)
        if known is None or not rows.changed(key):
            known = dict(known or {})
            rows.put(key, known)
        return known

    def _stored(self, tenant: TenantId) -> StoredReading:
        return self._tx.of(self._tables.readings).get(tenant) or StoredReading()

    def _put_reading(self, tenant: TenantId, reading: Reading) -> None:
        self._tx.of(self._tables.readings).put(tenant, replace(self._stored(tenant), reading=reading))


def _believed(stored: MirrorDay, first_tick: int, read_at: datetime | None) -> bool:
    """Whether a reading of ``read_at`` may replace what is stored."""
    if stored.invalidated_at is not None and (read_at is None or read_at < stored.invalidated_at):
        return False
    if stored.read_at is None or stored.first_tick != first_tick:
        return True
    return read_at is not None and stored.read_at <= read_at
