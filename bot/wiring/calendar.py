"""Which calendar is spoken to, and with whose keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from booking_core.errors import Misconfigured
from booking_core.model.ids import StaffId, TenantId
from booking_core.services.tenants import TenantDirectory
from bot.demo.parts import DemoParts, find_parts
from bot.settings import Settings
from bot.wiring.database import open_database
from integrations.calcom.client import CalcomClient
from integrations.calcom.gateway import CalcomGateway
from integrations.memory.clock import SystemClock
from integrations.sql import SqlDatabase

CALCOM_URL = "https://api.cal.com"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Cal.com keys by tenant and staff member; ``shared`` serves those without their own."""

    by_staff: Mapping[str, str] = field(repr=False)
    shared: str | None = field(default=None, repr=False)

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The key; raises Misconfigured where there is none."""
        if key := self.by_staff.get(staff) or self.shared:
            return key
        raise Misconfigured(f"{tenant}: no Cal.com key for {staff} (CALCOM_STAFF_KEYS)")


@asynccontextmanager
async def open_calendar(settings: Settings) -> AsyncIterator[tuple[SqlDatabase, CalcomGateway]]:
    """Database and calendar for a command of another process; a demo on the same data folder lends its sandbox and keys."""
    async with AsyncExitStack() as stack:
        database = open_database(settings)
        stack.push_async_callback(database.close)
        tenants = TenantDirectory(database)
        parts = find_parts(settings.data_dir) if settings.calcom_base_url is None else None
        if parts is not None and parts.sandbox is None:
            parts = None
        http = httpx.AsyncClient()
        stack.push_async_callback(http.aclose)
        base_url = settings.calcom_base_url or (parts.sandbox if parts else None) or CALCOM_URL
        clock = SystemClock()
        client = CalcomClient(base_url, http, clock=clock)
        yield (
            database,
            CalcomGateway(client, keys=keys_of(settings, parts), links=tenants, tenants=tenants, clock=clock),
        )


def keys_of(settings: Settings, parts: DemoParts | None) -> KeyRing:
    """The sandbox's keys in the demo, else those of the settings."""
    if parts is not None and parts.sandbox is not None:
        return KeyRing(parts.staff_keys)
    by_staff = {staff: key.get_secret_value() for staff, key in settings.calcom_staff_keys.items()}
    shared = settings.calcom_api_key.get_secret_value() if settings.calcom_api_key else None
    return KeyRing(by_staff, shared)
