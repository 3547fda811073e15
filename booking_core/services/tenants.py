"""Tenants as the rest of the product uses them: read from their store, kept for a moment, parsed once per version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from booking_core.errors import UnknownTenant
from booking_core.model.description import tenant_from
from booking_core.model.ids import TenantId
from booking_core.model.tenant import Tenant
from booking_core.ports.tenants import EventTypeLink
from booking_core.ports.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    tenant: Tenant
    read_at: float


@dataclass(slots=True)
class TenantDirectory:
    """A change in the store holds for every process within ``keep_seconds``, by default for the next message; ``timer`` in seconds."""

    database: Database
    keep_seconds: float = 0.0
    timer: Callable[[], float] = monotonic
    _known: dict[TenantId, _Known] = field(default_factory=dict)

    async def find(self, tenant: str) -> Tenant | None:
        """The tenant, or None."""
        key, now = TenantId(tenant), self.timer()
        known = self._known.get(key)
        if known is not None and now - known.read_at < self.keep_seconds:
            return known.tenant
        async with self.database.read() as work:
            stored = await work.tenants.find(key)
        if stored is None:
            self._known.pop(key, None)
            return None
        same = known is not None and known.version == stored.version
        parsed = known.tenant if known is not None and same else tenant_from(stored.document)
        self._known[key] = _Known(stored.version, parsed, now)
        return parsed

    async def tenant_of(self, tenant: TenantId) -> Tenant:
        """The tenant; raises UnknownTenant."""
        if found := await self.find(tenant):
            return found
        raise UnknownTenant(tenant=tenant)

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every event type link of the tenant."""
        async with self.database.read() as work:
            return await work.tenants.links(tenant)

    async def store_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all links of the tenant."""
        async with self.database.write() as work:
            await work.tenants.put_links(tenant, links)
