"""Operators' one-off commands on the data of a running or stopped installation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from booking_core.errors import InvalidModel, UnknownTenant
from booking_core.model.description import tenant_from
from booking_core.model.ids import TenantId
from booking_core.ports.calendar import EventTypeReport
from booking_core.ports.unit_of_work import UnitOfWork
from bot.api.tenant_keys import keeping_keys, names_in, with_new_key, without_key, without_keys
from bot.settings import Settings
from bot.wiring.calendar import open_calendar
from bot.wiring.database import database_of


async def list_tenants(settings: Settings) -> list[str]:
    """The ids of all tenants."""
    async with database_of(settings) as database, database.read() as work:
        return [str(tenant) for tenant in await work.tenants.list_ids()]


async def export_tenant(settings: Settings, tenant: str) -> dict[str, Any]:
    """The stored description without API keys; raises UnknownTenant."""
    async with database_of(settings) as database, database.read() as work:
        return without_keys(await _stored(work, tenant))


async def import_tenant(settings: Settings, file: Path) -> str:
    """Store a description from a YAML file in place of an earlier one, whose API keys stay; raises InvalidModel naming the field."""
    async with database_of(settings) as database:
        document = read_description(file)
        tenant = tenant_from(document)
        async with database.write() as work:
            earlier = await work.tenants.find(tenant.id)
            await work.tenants.put(tenant.id, keeping_keys(document, earlier.document if earlier else None))
        return str(tenant.id)


def read_description(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file; raises InvalidModel where there is none."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidModel(f"{file} cannot be read: {error}", field="file") from error
    if not isinstance(document, dict):
        raise InvalidModel(f"{file} holds no description of a tenant", field="file")
    return document


async def list_keys(settings: Settings, tenant: str) -> list[str]:
    """The names of the tenant's API keys; raises UnknownTenant."""
    async with database_of(settings) as database, database.read() as work:
        return names_in(await _stored(work, tenant))


async def create_key(settings: Settings, tenant: str, name: str) -> str:
    """A new API key of the tenant, told here and never again; raises UnknownTenant, and InvalidModel for a name that is taken."""
    async with database_of(settings) as database, database.write() as work:
        document, key = with_new_key(await _stored(work, tenant), TenantId(tenant), name)
        await work.tenants.put(TenantId(tenant), document)
        return key


async def revoke_key(settings: Settings, tenant: str, name: str) -> bool:
    """Have an API key of the tenant open nothing any more; False where there is none of this name. Raises UnknownTenant."""
    async with database_of(settings) as database, database.write() as work:
        document = without_key(await _stored(work, tenant), name)
        if document is not None:
            await work.tenants.put(TenantId(tenant), document)
        return document is not None


async def _stored(work: UnitOfWork, tenant: str) -> Mapping[str, Any]:
    stored = await work.tenants.find(TenantId(tenant))
    if stored is None:
        raise UnknownTenant(f"there is no tenant {tenant!r}", tenant=tenant)
    return stored.document


async def push_event_types(settings: Settings, tenant: str, *, dry_run: bool) -> EventTypeReport:
    """Make the calendar's event types match the tenant's services."""
    async with open_calendar(settings) as (_, calendar):
        return await calendar.push_event_types(TenantId(tenant), dry_run=dry_run)


async def mail_queue(settings: Settings, tenant: str) -> tuple[int, list[dict[str, Any]]]:
    """How many outbox rows wait, and the tenant's dead letters, newest first."""
    async with database_of(settings) as database, database.read() as work:
        waiting = await work.outbox.depth()
        dead = await work.outbox.dead_letters(TenantId(tenant))
    return waiting, [
        {"id": item.id, "key": item.key, "kind": item.kind, "attempts": item.attempts} for item in dead
    ]


async def retry_mails(settings: Settings, tenant: str, item: int | None) -> int:
    """Put a dead letter of the tenant back into the outbox, for None all of them; how many there were."""
    async with database_of(settings) as database, database.write() as work:
        return await work.outbox.revive(TenantId(tenant), item)


async def open_callbacks(settings: Settings, tenant: str) -> list[dict[str, str | None]]:
    """Whom staff shall call, by deadline, told in the tenant's time; raises UnknownTenant."""
    zone = tenant_from(await export_tenant(settings, tenant)).zone
    async with database_of(settings) as database, database.read() as work:
        found = await work.callbacks.list_open(TenantId(tenant))
    return [
        {
            "key": it.key,
            "deadline": it.deadline.astimezone(zone).isoformat(timespec="minutes"),
            "reason": it.reason.value,
            "reference": it.booking,
            "name": it.name,
            "phone": it.phone,
        }
        for it in found
    ]


async def close_callback(settings: Settings, tenant: str, key: str, *, now: datetime) -> bool:
    """Note that somebody has called; False where nobody waits under this key."""
    async with database_of(settings) as database, database.write() as work:
        return await work.callbacks.done(TenantId(tenant), key, now=now)
