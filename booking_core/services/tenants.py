"""Tenants as the rest of the product uses them: read from their store, parsed once per version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from booking_core.errors import UnknownTenant
from booking_core.model.description import tenant_from
from booking_core.model.ids import TenantId
from booking_core.model.tenant import Tenant
from booking_core.ports.tenants import EventTypeLink
from booking_core.ports.unit_of_work import Database


@dataclass(slots=True)
class TenantDirectory:
    """Every call reads the stored version, so a change holds for the next message of every process."""

    database: Database
    _parsed: dict[TenantId, tuple[int, Tenant]] = field(default_factory=dict)

    async def find(self, tenant: str) -> Tenant | None:
        """The tenant, or None."""
        async with self.database.read() as work:
            stored = await work.tenants.find(TenantId(tenant))
        if stored is None:
            return None
        known = self._parsed.get(stored.id)
        if known is None or known[0] != stored.version:
            known = self._parsed[stored.id] = (stored.version, tenant_from(stored.document))
        return known[1]

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
