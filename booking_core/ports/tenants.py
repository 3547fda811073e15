"""Where tenants and their calendar links are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from booking_core.model.ids import ServiceId, StaffId, TenantId


@dataclass(frozen=True, slots=True)
class TenantDocument:
    """A tenant as its description (the shape of the YAML file); ``version`` rises with every change."""

    id: TenantId
    version: int
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventTypeLink:
    """Which event type of the calendar stands for a staff member's segment; ``service`` None marks the probe."""

    staff: StaffId
    service: ServiceId | None
    segment: int
    event_type_id: int
    length_minutes: int


class Tenants(Protocol):
    """Descriptions and links."""

    async def find(self, tenant: TenantId) -> TenantDocument | None:
        """The description, or None."""
        ...

    async def list_ids(self) -> Sequence[TenantId]:
        """All tenants, by id."""
        ...

    async def put(self, tenant: TenantId, document: Mapping[str, Any]) -> None:
        """Insert or replace the description; raises the version."""
        ...

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every event type link of the tenant."""
        ...

    async def put_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all event type links of the tenant."""
        ...
