"""The mirror of free time on SQL. Rows of one call are written in key order, so that writers cannot wait in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, case, or_, select, update

from booking_core.model.ids import ResourceId, TenantId
from booking_core.ports.mirror import Counter, DayChange, MirrorDay, Reading, Versions
from integrations.sql.columns import Instant
from integrations.sql.tables import mirror, mirror_readings, mirror_versions
from integrations.sql.transaction import Transaction, insert_into

_TENANT: BindParameter[Any] = bindparam("of_tenant")

_VERSIONS = select(mirror_versions.c.mirror, mirror_versions.c.claims, mirror_versions.c.asked).where(
    mirror_versions.c.tenant == _TENANT
)
_DAYS = select(mirror).where(
    mirror.c.tenant == _TENANT,
    mirror.c.resource.in_(bindparam("of_resources", expanding=True)),
    mirror.c.local_date.between(bindparam("first"), bindparam("last")),
)
_KEY = (
    mirror.c.tenant == _TENANT,
    mirror.c.resource == bindparam("of_resource"),
    mirror.c.local_date == bindparam("of_date"),
)
_SET_BITS = update(mirror).where(*_KEY).values(bits=bindparam("new_bits"))
_BEGIN_ANEW = update(mirror).where(*_KEY).values(first_tick=bindparam("new_first_tick"), bits=None, read_at=None)
_ASK = update(mirror).where(*_KEY).values(asked_at=bindparam("now", type_=Instant))
_READING = select(mirror_readings).where(mirror_readings.c.tenant == _TENANT)
_GIVE_BACK = (
    update(mirror_readings)
    .where(mirror_readings.c.tenant == _TENANT, mirror_readings.c.leased_by == bindparam("of_owner"))
    .values(leased_by=None, leased_until=None)
)


class SqlMirror:
    """Implements ``booking_core.ports.mirror.MirrorStore``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def versions(self, tenant: TenantId) -> Versions:
        """The tenant's counters; zeros before the first write."""
        row = (await self._tx.execute(_VERSIONS, {"of_tenant": tenant})).one_or_none()
        return Versions() if row is None else Versions(row.mirror, row.claims, row.asked)

    async def days(
        self, tenant: TenantId, resources: Sequence[ResourceId], first: date, last: date
    ) -> Sequence[MirrorDay]:
        """What is known of these resources from ``first`` to ``last``, both included."""
        if not resources:
            return []
        result = await self._tx.execute(
            _DAYS, {"of_tenant": tenant, "of_resources": list(resources), "first": first, "last": last}
        )
        return [
            MirrorDay(
                resource=ResourceId(row.resource),
                local_date=row.local_date,
                first_tick=row.first_tick,
                bits=None if row.bits is None else bytes(row.bits),
                read_at=row.read_at,
                invalidated_at=row.invalidated_at,
                asked_at=row.asked_at,
            )
            for row in result
        ]

    async def put(self, tenant: TenantId, days: Sequence[MirrorDay]) -> None:
        """Store what was read; a day that was read later or invalidated after ``read_at`` stays as it is."""
        if not days:
            return
        rows = [
            {
                "tenant": tenant,
                "resource": day.resource,
                "local_date": day.local_date,
                "first_tick": day.first_tick,
                "bits": day.bits,
                "read_at": day.read_at,
            }
            for day in sorted(days, key=_key_of)
        ]
        await self._tx.execute(_put(self._tx.postgres), rows)
        self._tx.count(tenant, Counter.MIRROR)

    async def change(
        self, tenant: TenantId, changes: Sequence[DayChange], *, now: datetime, believed_from: datetime
    ) -> None:
        """Mark ticks busy or free at once, and believe only what is read from ``believed_from`` on."""
        for change in sorted(changes, key=_key_of):
            key = {"of_tenant": tenant, "of_resource": change.resource, "of_date": change.local_date}
            # Takes the row first, so that no reading is stored between looking at its bits and writing them.
            result = await self._tx.execute(
                _invalidate(self._tx.postgres),
                {
                    "tenant": tenant,
                    "resource": change.resource,
                    "local_date": change.local_date,
                    "first_tick": change.first_tick,
                    "invalidated_at": now,
                    "believed_from": believed_from,
                },
            )
            row = result.one()
            if row.first_tick != change.first_tick:
                await self._tx.execute(_BEGIN_ANEW, {**key, "new_first_tick": change.first_tick})
            elif row.bits is not None:
                before = int.from_bytes(row.bits, "little")
                after = before & ~change.busy | change.free
                if after != before:
                    await self._tx.execute(_SET_BITS, {**key, "new_bits": after.to_bytes(len(row.bits), "little")})
        if changes:
            self._tx.count(tenant, Counter.MIRROR)

    async def ask(self, tenant: TenantId, wanted: Sequence[tuple[ResourceId, date]], *, now: datetime) -> None:
        """Note that somebody wanted newer readings of known days."""
        rows = [
            {"of_tenant": tenant, "of_resource": resource, "of_date": day, "now": now}
            for resource, day in sorted(wanted)
        ]
        if rows:
            await self._tx.execute(_ASK, rows)
            self._tx.count(tenant, Counter.ASKED)

    async def reading(self, tenant: TenantId) -> Reading:
        """How the calendar may be asked."""
        row = (await self._tx.execute(_READING, {"of_tenant": tenant})).one_or_none()
        return Reading() if row is None else Reading(row.paused_until, row.counted_on, row.calls)

    async def lease(self, tenant: TenantId, owner: str, *, now: datetime, until: datetime) -> bool:
        """Become the one who refreshes until then; False while somebody else is."""
        result = await self._tx.execute(
            _lease(self._tx.postgres),
            {"tenant": tenant, "leased_by": owner, "leased_until": until, "calls": 0, "now": now},
        )
        return result.one_or_none() is not None

    async def give_back(self, tenant: TenantId, owner: str) -> None:
        """End the lease of this owner."""
        await self._tx.execute(_GIVE_BACK, {"of_tenant": tenant, "of_owner": owner})

    async def pause(self, tenant: TenantId, *, until: datetime) -> None:
        """Let nobody ask before then; a longer pause stands."""
        await self._tx.execute(_pause(self._tx.postgres), {"tenant": tenant, "paused_until": until, "calls": 0})

    async def count_call(self, tenant: TenantId, *, on: date) -> None:
        """Count one call to the calendar."""
        await self._tx.execute(_count_call(self._tx.postgres), {"tenant": tenant, "counted_on": on, "calls": 1})


def _key_of(day: MirrorDay | DayChange) -> tuple[str, date]:
    return day.resource, day.local_date


@lru_cache(maxsize=2)
def _put(postgres: bool) -> Executable:
    upsert = insert_into(mirror, postgres).values(
        {name: bindparam(name) for name in ("tenant", "resource", "local_date", "first_tick", "bits", "read_at")}
    )
    new = upsert.excluded
    return upsert.on_conflict_do_update(
        index_elements=[mirror.c.tenant, mirror.c.resource, mirror.c.local_date],
        set_={name: new[name] for name in ("first_tick", "bits", "read_at")},
        where=(
            or_(mirror.c.invalidated_at.is_(None), mirror.c.invalidated_at <= new.read_at)
            & or_(
                mirror.c.read_at.is_(None),
                mirror.c.read_at <= new.read_at,
                mirror.c.first_tick != new.first_tick,
            )
        ),
    )


@lru_cache(maxsize=2)
def _invalidate(postgres: bool) -> Executable:
    upsert = insert_into(mirror, postgres).values(
        {name: bindparam(name) for name in ("tenant", "resource", "local_date", "first_tick", "invalidated_at")}
    )
    from_now_on = case(
        (mirror.c.bits.is_(None), upsert.excluded.invalidated_at),
        else_=bindparam("believed_from", type_=Instant),
    )
    return upsert.on_conflict_do_update(
        index_elements=[mirror.c.tenant, mirror.c.resource, mirror.c.local_date],
        set_={"invalidated_at": _later(mirror.c.invalidated_at, from_now_on)},
    ).returning(mirror.c.first_tick, mirror.c.bits)


@lru_cache(maxsize=2)
def _lease(postgres: bool) -> Executable:
    upsert = insert_into(mirror_readings, postgres).values(
        {name: bindparam(name) for name in ("tenant", "leased_by", "leased_until", "calls")}
    )
    held = mirror_readings.c
    return upsert.on_conflict_do_update(
        index_elements=[held.tenant],
        set_={name: upsert.excluded[name] for name in ("leased_by", "leased_until")},
        where=or_(
            held.leased_until.is_(None),
            held.leased_until <= bindparam("now", type_=Instant),
            held.leased_by == upsert.excluded.leased_by,
        ),
    ).returning(held.tenant)


@lru_cache(maxsize=2)
def _pause(postgres: bool) -> Executable:
    upsert = insert_into(mirror_readings, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[mirror_readings.c.tenant],
        set_={"paused_until": _later(mirror_readings.c.paused_until, upsert.excluded.paused_until)},
    )


@lru_cache(maxsize=2)
def _count_call(postgres: bool) -> Executable:
    upsert = insert_into(mirror_readings, postgres)
    counted = mirror_readings.c
    same_day = counted.counted_on == upsert.excluded.counted_on
    return upsert.on_conflict_do_update(
        index_elements=[counted.tenant],
        set_={
            "calls": case((same_day, counted.calls + 1), else_=1),
            "counted_on": upsert.excluded.counted_on,
        },
    )


def _later(stored: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((or_(stored.is_(None), stored < new), new), else_=stored)
