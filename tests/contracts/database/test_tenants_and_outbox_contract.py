"""Tenants with their links, and the outbox, on every database."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.ports.outbox import OutboxItem
from booking_core.ports.tenants import EventTypeLink, TenantDocument
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, minutes


async def test_each_put_raises_a_tenants_version(database: AnyDatabase) -> None:
    document = {"name": "Salon Größe", "staff": [{"id": "anna", "hours": {"mon": ["09:00", "18:00"]}}]}
    async with database.write() as work:
        assert await work.tenants.find(TENANT) is None
        await work.tenants.put(TENANT, document)
        assert await work.tenants.find(TENANT) == TenantDocument(TENANT, 1, document)
        await work.tenants.put(TENANT, {"name": "neu"})
        await work.tenants.put(TenantId("a-first"), {})
    async with database.read() as work:
        assert await work.tenants.find(TENANT) == TenantDocument(TENANT, 2, {"name": "neu"})
        assert await work.tenants.list_ids() == ["a-first", TENANT]


async def test_links_are_replaced_as_a_whole(database: AnyDatabase) -> None:
    probe = EventTypeLink(StaffId("anna"), None, 0, 2**40, 5)
    cut = EventTypeLink(StaffId("anna"), ServiceId("cut"), 0, 102, 30)
    async with database.write() as work:
        await work.tenants.put_links(TENANT, [probe, cut])
        await work.tenants.put_links(TenantId("another"), [cut])
        assert await work.tenants.links(TENANT) == [probe, cut]
        await work.tenants.put_links(TENANT, [cut])
    async with database.read() as work:
        assert await work.tenants.links(TENANT) == [cut]
    async with database.write() as work:
        await work.tenants.put_links(TENANT, [])
        assert await work.tenants.links(TENANT) == []
        assert await work.tenants.links(TenantId("another")) == [cut]


async def add(
    database: AnyDatabase, key: str, *, due: float = 0, tenant: TenantId = TENANT, kind: str = "mail"
) -> None:
    async with database.write() as work:
        await work.outbox.add(tenant, kind, key, {"to": key}, due_at=NOW + minutes(due))


REAL = NOW + minutes(60 * 24 * 250)
"""Real time when business time is ``NOW``."""


async def lease(
    database: AnyDatabase,
    *,
    at: float = 0,
    until: float = 1,
    limit: int = 10,
    jumped: float = 0,
    kinds: Collection[str] | None = None,
) -> list[OutboxItem]:
    """Both clocks ``at`` minutes after their beginning; business time has been set ahead by ``jumped`` minutes more."""
    async with database.write() as work:
        leased = await work.outbox.lease(
            now=NOW + minutes(at + jumped),
            real=REAL + minutes(at),
            until=REAL + minutes(until),
            limit=limit,
            kinds=kinds,
        )
        return list(leased)


async def test_the_same_work_is_written_once(database: AnyDatabase) -> None:
    await add(database, "k-1")
    await add(database, "k-1")
    await add(database, "k-1", tenant=TenantId("another"))
    assert [it.tenant for it in await lease(database)] == [TENANT, TenantId("another")]
    await add(database, "k-1")
    assert await lease(database) == []


async def test_due_work_is_leased_in_order_and_to_one_worker_at_a_time(database: AnyDatabase) -> None:
    await add(database, "later", due=5)
    await add(database, "second", due=-1)
    await add(database, "first", due=-2)
    await add(database, "third", due=0)
    taken = await lease(database, limit=2)
    assert [(it.key, it.attempts, it.payload) for it in taken] == [
        ("first", 1, {"to": "first"}),
        ("second", 1, {"to": "second"}),
    ]
    assert [it.key for it in await lease(database)] == ["third"]
    assert await lease(database, at=0.9) == []
    # The worker has died: its lease runs out.
    assert [(it.key, it.attempts) for it in await lease(database, at=1, until=2)] == [
        ("first", 2),
        ("second", 2),
        ("third", 2),
    ]


async def test_a_jump_of_the_business_clock_takes_no_work_out_of_a_workers_hands(database: AnyDatabase) -> None:
    await add(database, "in flight")
    await add(database, "due later", due=120)
    assert [it.key for it in await lease(database)] == ["in flight"]
    assert [it.key for it in await lease(database, at=0.5, until=2, jumped=180)] == ["due later"]
    assert await lease(database, at=0.9, jumped=180) == []
    # The lease runs out all the same, whatever the business clock says.
    assert [it.key for it in await lease(database, at=1, until=3, jumped=-0.5)] == ["in flight"]


async def test_rival_workers_never_share_work(database: AnyDatabase) -> None:
    for number in range(20):
        await add(database, f"k-{number}")
    shares = await asyncio.gather(*(lease(database, limit=4) for _ in range(8)))
    keys = [item.key for share in shares for item in share]
    assert len(keys) == len(set(keys))
    rest = await lease(database, limit=20)
    assert len(keys) + len(rest) == 20


async def test_finished_work_stays_finished(database: AnyDatabase) -> None:
    await add(database, "k-1")
    (item,) = await lease(database)
    async with database.write() as work:
        await work.outbox.done(item, now=NOW)
        # A worker whose lease had run out reports late.
        await work.outbox.retry(item, due_at=NOW, error="timeout")
        await work.outbox.bury(item, now=NOW, error="timeout")
        assert await work.outbox.dead_letters(TENANT) == []
    assert await lease(database, at=100) == []


async def test_work_given_back_comes_again_with_its_amended_payload(database: AnyDatabase) -> None:
    await add(database, "k-1")
    (item,) = await lease(database)
    async with database.write() as work:
        await work.outbox.amend(item, {"built": "message"})
        await work.outbox.retry(item, due_at=NOW + minutes(3), error="no connection")
    assert await lease(database, at=2) == []
    (again,) = await lease(database, at=3, until=4)
    assert (again.id, again.attempts, again.payload) == (item.id, 2, {"built": "message"})
    assert again.due_at == NOW + minutes(3)


async def test_dead_letters_are_listed_newest_first(database: AnyDatabase) -> None:
    for key in ("k-1", "k-2"):
        await add(database, key)
    await add(database, "k-3", tenant=TenantId("another"))
    for number, item in enumerate(await lease(database)):
        async with database.write() as work:
            await work.outbox.bury(item, now=NOW + minutes(number), error="refused")
    async with database.read() as work:
        assert [it.key for it in await work.outbox.dead_letters(TENANT)] == ["k-2", "k-1"]
        assert await work.outbox.depth() == 0  # a dead letter waits for people, not for the worker
    assert await lease(database, at=100) == []


async def test_work_given_back_does_not_wait_for_the_end_of_its_lease(database: AnyDatabase) -> None:
    await add(database, "k-1")
    (item,) = await lease(database, until=60)
    async with database.write() as work:
        await work.outbox.retry(item, due_at=NOW + minutes(1), error="no connection")
    assert await lease(database, at=0.9) == []
    assert [it.id for it in await lease(database, at=1, until=2)] == [item.id]


async def test_who_asks_for_some_kinds_leaves_the_others_alone(database: AnyDatabase) -> None:
    await add(database, "k-1", kind="check")
    await add(database, "k-2")
    await add(database, "k-3", kind="message")
    assert await lease(database, kinds=[]) == []
    assert [it.key for it in await lease(database, kinds={"mail", "message"})] == ["k-2", "k-3"]
    assert [it.key for it in await lease(database)] == ["k-1"]


async def test_whoever_lost_the_lease_changes_nothing(database: AnyDatabase) -> None:
    await add(database, "k-1")
    (late,) = await lease(database)
    (holder,) = await lease(database, at=1, until=2)
    assert holder.id == late.id
    async with database.write() as work:
        assert not await work.outbox.amend(late, {"built": "too late"})
        assert not await work.outbox.retry(late, due_at=NOW, error="timeout")
        assert not await work.outbox.bury(late, now=NOW, error="refused")
        assert not await work.outbox.done(late, now=NOW)
        assert await work.outbox.depth() == 1
    assert await lease(database, at=1.5) == [], "the holder still has it"
    async with database.write() as work:
        assert await work.outbox.amend(holder, {"built": "message"})
        assert await work.outbox.retry(holder, due_at=NOW, error="timeout")
    (again,) = await lease(database, at=1.5, until=3)
    assert again.payload == {"built": "message"}


async def test_a_lease_that_ran_out_is_good_until_somebody_else_takes_the_row(database: AnyDatabase) -> None:
    await add(database, "k-1")
    (item,) = await lease(database)
    async with database.write() as work:
        assert await work.outbox.done(item, now=NOW + minutes(30))
        assert not await work.outbox.done(item, now=NOW + minutes(30))
    assert await lease(database, at=31) == []


async def bury(database: AnyDatabase, *keys: str, tenant: TenantId = TENANT) -> list[OutboxItem]:
    """Rows that were given up at once."""
    for key in keys:
        await add(database, key, tenant=tenant)
    leased = await lease(database)
    async with database.write() as work:
        for item in leased:
            assert await work.outbox.bury(item, now=NOW, error="refused")
    return leased


async def test_a_dead_letter_comes_back_to_life_and_is_due_at_once(database: AnyDatabase) -> None:
    first, second = await bury(database, "k-1", "k-2")
    async with database.write() as work:
        assert await work.outbox.revive(TENANT, first.id) == 1
        assert await work.outbox.revive(TENANT, first.id) == 0
        assert await work.outbox.revive(TenantId("another"), second.id) == 0
        assert [it.key for it in await work.outbox.dead_letters(TENANT)] == ["k-2"]
        assert await work.outbox.depth() == 1
    (again,) = await lease(database)
    assert (again.key, again.payload, again.attempts) == ("k-1", first.payload, 2)


async def test_all_dead_letters_of_a_tenant_come_back_together(database: AnyDatabase) -> None:
    await bury(database, "k-1", "k-2")
    await bury(database, "k-3", tenant=TenantId("another"))
    async with database.write() as work:
        assert await work.outbox.revive(TENANT) == 2
    assert [it.key for it in await lease(database)] == ["k-1", "k-2"]


async def test_what_is_over_is_forgotten_after_a_month_and_nothing_else(database: AnyDatabase) -> None:
    await bury(database, "dead")
    await add(database, "done")
    (item,) = await lease(database)
    async with database.write() as work:
        await work.outbox.done(item, now=NOW)
    await add(database, "open")
    await database.sweep(now=NOW + timedelta(days=30) - minutes(1))
    for key in ("dead", "done", "open"):
        await add(database, key)
    async with database.read() as work:
        assert await work.outbox.depth() == 1, "their keys are still known"
        assert [it.key for it in await work.outbox.dead_letters(TENANT)] == ["dead"]
    await database.sweep(now=NOW + timedelta(days=30))
    async with database.read() as work:
        assert await work.outbox.dead_letters(TENANT) == []
    await add(database, "done")
    assert [it.key for it in await lease(database)] == ["open", "done"]
