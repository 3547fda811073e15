"""The demo's salon, its sandbox calendar and its mailbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from booking_core.errors import Misconfigured
from booking_core.model.description import tenant_from
from booking_core.model.hours import WEEKDAYS
from booking_core.model.ids import TenantId
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from bot.demo.parts import (
    DEMO_TENANT,
    DemoParts,
    find_parts,
    new_api_key,
    new_staff_key,
    new_webhook_secret,
    store_parts,
)
from bot.settings import Settings
from integrations.calcom.sandbox import Hours, RunningSandbox, SandboxConfig, SandboxUser, start_sandbox
from integrations.mail.mailbox import RunningMailbox, start_mailbox
from integrations.memory.clock import SystemClock
from integrations.sql import SqlDatabase

DEMO_DESCRIPTION = Path(__file__).parents[1] / "demo" / "salon.yaml"
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def demo_tenant() -> Tenant:
    """The demo's tenant as its file describes it."""
    return tenant_from(demo_description())


def demo_description() -> dict[str, Any]:
    """The demo's file as a document."""
    # The C loader is ten times faster and not there on every platform.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(DEMO_DESCRIPTION.read_text(encoding="utf-8"), Loader=loader)
    return document


async def prepare_demo(
    settings: Settings, database: SqlDatabase, clock: Clock, stack: AsyncExitStack
) -> DemoParts:
    """Seed the tenant, settle its keys and, unless a calendar is set, start the sandbox on them."""
    tenant = await _seed(database)
    earlier = find_parts(settings.data_dir)
    staff_keys = {
        str(member.id): (earlier.staff_keys.get(member.id) if earlier else None) or new_staff_key()
        for member in tenant.staff
    }
    api_key = settings.api_key.get_secret_value() if settings.api_key else None
    parts = DemoParts(
        web=f"http://{settings.host}:{settings.port}",
        sandbox=None,
        smtp=None,
        api_key=api_key or (earlier.api_key if earlier else new_api_key()),
        staff_keys=staff_keys,
        webhook_secret=(earlier.webhook_secret if earlier else "") or new_webhook_secret(),
    )
    # Kept before the sandbox knows them: a start that breaks off must not lock the next one out of its own sandbox.
    store_parts(settings.data_dir, parts)
    if settings.calcom_base_url is None:
        sandbox = await start_demo_sandbox(settings.data_dir, tenant, staff_keys, clock.now, settings.sandbox_port)
        stack.push_async_callback(sandbox.close)
        parts = replace(parts, sandbox=sandbox.base_url)
    return parts


async def _seed(database: SqlDatabase) -> Tenant:
    """Store the demo's tenant unless there is one already, and read what is stored."""
    document = demo_description()
    async with database.write() as work:
        stored = await work.tenants.find(TenantId(DEMO_TENANT))
        if stored is None:
            await work.tenants.put(TenantId(DEMO_TENANT), document)
    return tenant_from(stored.document if stored else document)


async def start_demo_sandbox(
    data_dir: Path, tenant: Tenant, staff_keys: Mapping[str, str], now: Callable[[], datetime], port: int
) -> RunningSandbox:
    """The sandbox with one account per staff member; its state lives in the data folder."""
    users = tuple(
        SandboxUser(
            username=member.id,
            name=member.name,
            email=f"{member.id}@{tenant.id}.example",
            api_key=staff_keys[member.id],
            time_zone=str(tenant.zone),
            availability=tuple(
                Hours((_DAY_NAMES[weekday],), wall.start.strftime("%H:%M"), wall.end.strftime("%H:%M"))
                for weekday in range(len(WEEKDAYS))
                for wall in member.hours.by_weekday.get(weekday, ())
            ),
        )
        for member in tenant.staff
    )
    config = SandboxConfig(database=data_dir / "sandbox.db", users=users, page_title=tenant.name)
    try:
        return await start_sandbox(config, now, port=port)
    except OSError as error:
        raise Misconfigured(f"FERMATA_SANDBOX_PORT {port} cannot be opened: {error.strerror}") from error


async def open_sandbox(settings: Settings, port: int) -> tuple[RunningSandbox, Mapping[str, str]]:
    """The sandbox alone, with the keys that a demo on the same data folder has left, and those keys."""
    tenant = demo_tenant()
    earlier = find_parts(settings.data_dir)
    keys = {
        str(member.id): (earlier.staff_keys.get(member.id) if earlier else None) or new_staff_key()
        for member in tenant.staff
    }
    sandbox = await start_demo_sandbox(settings.data_dir, tenant, keys, SystemClock().now, port)
    store_parts(
        settings.data_dir,
        DemoParts(
            web=earlier.web if earlier else "",
            sandbox=sandbox.base_url,
            smtp=earlier.smtp if earlier else None,
            api_key=earlier.api_key if earlier else new_api_key(),
            staff_keys=keys,
            webhook_secret=(earlier.webhook_secret if earlier else "") or new_webhook_secret(),
        ),
    )
    return sandbox, keys


async def open_mailbox(settings: Settings, stack: AsyncExitStack) -> RunningMailbox:
    """The demo's mail server; its messages live in the data folder."""
    try:
        mailbox = await start_mailbox(settings.data_dir / "mailbox.db", port=settings.smtp_port)
    except OSError as error:
        raise Misconfigured(
            f"FERMATA_SMTP_PORT {settings.smtp_port} cannot be opened: {error.strerror}"
        ) from error
    stack.push_async_callback(mailbox.close)
    return mailbox
