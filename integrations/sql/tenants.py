"""Tenants' descriptions and calendar links on SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.ports.tenants import EventTypeLink, TenantDocument
from integrations.sql.tables import event_types, tenants
from integrations.sql.transaction import Transaction, insert_into

_FIND = select(tenants.c.version, tenants.c.document).where(tenants.c.id == bindparam("of_id"))


class SqlTenants:
    """Implements ``booking_core.ports.tenants.Tenants``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def find(self, tenant: TenantId) -> TenantDocument | None:
        """The description, or None."""
        row = (await self._tx.execute(_FIND, {"of_id": tenant})).one_or_none()
        return None if row is None else TenantDocument(tenant, row.version, row.document)

    async def list_ids(self) -> Sequence[TenantId]:
        """All tenants, by id."""
        # Sorted here, because databases differ in how they collate.
        return sorted(TenantId(it) for it in (await self._tx.execute(select(tenants.c.id))).scalars())

    async def put(self, tenant: TenantId, document: Mapping[str, Any]) -> None:
        """Insert as version 1 or replace the description; raises the version."""
        upsert = insert_into(tenants, self._tx.postgres)
        await self._tx.execute(
            upsert.on_conflict_do_update(
                index_elements=[tenants.c.id],
                set_={"version": tenants.c.version + 1, "document": upsert.excluded.document},
            ),
            {"id": tenant, "version": 1, "document": document},
        )

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every event type link of the tenant, in the order they were put."""
        result = await self._tx.execute(
            select(event_types).where(event_types.c.tenant == tenant).order_by(event_types.c.position)
        )
        return [
            EventTypeLink(
                staff=StaffId(row.staff),
                service=None if row.service is None else ServiceId(row.service),
                segment=row.segment,
                event_type_id=row.event_type_id,
                length_minutes=row.length_minutes,
            )
            for row in result
        ]

    async def put_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all event type links of the tenant."""
        await self._tx.execute(delete(event_types).where(event_types.c.tenant == tenant))
        rows = [
            {
                "tenant": tenant,
                "position": position,
                "staff": link.staff,
                "service": link.service,
                "segment": link.segment,
                "event_type_id": link.event_type_id,
                "length_minutes": link.length_minutes,
            }
            for position, link in enumerate(links)
        ]
        if rows:
            await self._tx.execute(insert(event_types), rows)
