"""Tenants' descriptions and calendar links in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from booking_core.model.ids import TenantId
from booking_core.ports.tenants import EventTypeLink, TenantDocument
from integrations.memory.tables import Table, Transaction


class TenantTables:
    """Versions and descriptions (as JSON, so that nobody changes them from outside), and links."""

    __slots__ = ("links", "tenants")

    def __init__(self) -> None:
        """No tenants."""
        self.tenants: Table[TenantId, tuple[int, bytes]] = Table()
        self.links: Table[TenantId, tuple[EventTypeLink, ...]] = Table()


class MemoryTenants:
    """Implements ``booking_core.ports.tenants.Tenants``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: TenantTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def find(self, tenant: TenantId) -> TenantDocument | None:
        """The description, or None."""
        stored = self._tx.of(self._tables.tenants).get(tenant)
        return None if stored is None else TenantDocument(tenant, stored[0], orjson.loads(stored[1]))

    async def list_ids(self) -> Sequence[TenantId]:
        """All tenants, by id."""
        return sorted(tenant for tenant, _ in self._tx.of(self._tables.tenants).items())

    async def put(self, tenant: TenantId, document: Mapping[str, Any]) -> None:
        """Insert as version 1 or replace the description; raises the version."""
        tenants = self._tx.of(self._tables.tenants)
        stored = tenants.get(tenant)
        version = 1 if stored is None else stored[0] + 1
        tenants.put(tenant, (version, orjson.dumps(dict(document))))

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every event type link of the tenant, in the order they were put."""
        return list(self._tx.of(self._tables.links).get(tenant) or ())

    async def put_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all event type links of the tenant."""
        self._tx.of(self._tables.links).put(tenant, tuple(links))
