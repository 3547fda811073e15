"""What one tenant has broken costs no other its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from structlog.testing import capture_logs

from booking_core.errors import InvalidModel
from booking_core.model.booking import BookingStatus
from booking_core.model.ids import Reference, TenantId
from booking_core.model.saga import Saga, SagaKind
from booking_core.ports.outbox import OutboxItem
from booking_core.services.mirror import Refreshed
from booking_core.services.notices import MAIL
from bot.worker import DUE_AT_ONCE, Handler, Worker
from tests.support.saga_world import SALON, World, cut, down, in_virtual_time, well

BROKEN = TenantId("broken")


@dataclass
class Tenants:
    """Cannot read the description of one of two tenants."""

    world: World
    error: Exception = field(default_factory=lambda: InvalidModel("unknown policies", field="policies"))
    readable: bool = False

    async def tenant_of(self, tenant: TenantId) -> Any:
        if tenant == BROKEN and not self.readable:
            raise self.error.with_traceback(None)
        return replace(self.world.tenant, id=tenant)


@dataclass
class Mirror:
    """Notes whose turn it was."""

    refreshed: list[TenantId] = field(default_factory=list)

    async def refresh(self, tenant: Any) -> Refreshed:
        self.refreshed.append(tenant.id)
        return Refreshed()


def worker_of(
    world: World, tenants: Tenants, *, handlers: Mapping[str, Handler] | None = None, mirror: Mirror | None = None
) -> Worker:
    async def clean_up(now: Any) -> None:
        raise AssertionError("not asked for")

    return Worker(
        database=world.database,
        clock=world.clock,
        tenants=tenants,  # type: ignore[arg-type]
        sagas=world.sagas,
        handlers=handlers or {},
        on_settled=lambda status: None,
        clean_up=clean_up,
        mirror=mirror or Mirror(),  # type: ignore[arg-type]
    )


async def left_open(world: World, count: int) -> None:
    """So many changes of the broken tenant wait for somebody to take them over."""
    async with world.database.write() as work:
        for number in range(count):
            reference = Reference(f"BRK{number:03}")
            saga = Saga(f"broken-{number}", BROKEN, reference, SagaKind.BOOK, cut(), (), "chat", world.clock.now())
            await work.sagas.add(saga, owner="dead", until=world.clock.real())


@in_virtual_time
async def test_changes_of_a_tenant_that_cannot_be_read_hold_up_no_other(world: World) -> None:
    await left_open(world, 2 * DUE_AT_ONCE)
    world.calendar.otherwise = down
    await world.yes(cut(), deadline=1)
    world.calendar.otherwise = well
    worker = worker_of(world, Tenants(world))
    await asyncio.sleep(60)
    for _ in range(3):
        await worker.settle()
        await asyncio.sleep(1)
    assert await world.status() is BookingStatus.CONFIRMED


@in_virtual_time
async def test_they_are_tried_once_a_minute_and_taken_once_it_can_be_read(world: World) -> None:
    await left_open(world, 1)
    tenants = Tenants(world)
    worker = worker_of(world, tenants)

    async def attempts() -> int:
        async with world.database.read() as work:
            saga = await work.sagas.find_open(BROKEN, Reference("BRK000"))
        return 0 if saga is None else saga.attempts

    with capture_logs() as logs:
        for _ in range(150):
            await worker.settle()
            await asyncio.sleep(1)
    assert len([it for it in logs if it["event"] == "settle_failed"]) == 3
    assert await attempts() == 0
    tenants.readable = True
    await asyncio.sleep(60)
    await worker.settle()
    assert await attempts() == 1


@in_virtual_time
async def test_its_mails_hold_up_no_other(world: World) -> None:
    tenants, sent = Tenants(world), []

    async def send(item: OutboxItem) -> None:
        await tenants.tenant_of(item.tenant)
        sent.append(item.key)

    async with world.database.write() as work:
        for number in range(2 * DUE_AT_ONCE):
            await work.outbox.add(BROKEN, MAIL, f"broken-{number}", {}, due_at=world.clock.now())
        await work.outbox.add(SALON, MAIL, "well", {}, due_at=world.clock.now())
    await worker_of(world, tenants, handlers={MAIL: send}).sweep()
    assert sent == ["well"]


@in_virtual_time
async def test_a_bug_in_its_description_keeps_no_other_calendar_unread(world: World) -> None:
    async with world.database.write() as work:
        for tenant in (BROKEN, SALON):
            await work.tenants.put(tenant, {})
    mirror = Mirror()
    worker = worker_of(world, Tenants(world, KeyError("staff")), mirror=mirror)
    with capture_logs() as logs:
        await worker.refresh()
    assert mirror.refreshed == [SALON]
    [told] = [it for it in logs if it["event"] == "mirror_not_refreshed"]
    assert (told["log_level"], told["tenant"], told["error"]) == ("error", BROKEN, "KeyError")
