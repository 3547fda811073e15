"""Requests to call a guest, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ConversationId, Reference, TenantId
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, minutes

OTHER = TenantId("another")


def callback(key: str, *, due: float = 60, tenant: TenantId = TENANT) -> Callback:
    return Callback(
        tenant,
        key,
        CallbackReason.WITHDRAWN,
        NOW,
        NOW + minutes(due),
        booking=Reference("ABC234"),
        conversation=ConversationId("c-1"),
        name="Jürgen Groß",
        phone="+4930123456",
    )


async def add(database: AnyDatabase, *callbacks: Callback) -> None:
    async with database.write() as work:
        for each in callbacks:
            await work.callbacks.add(each)


async def done(database: AnyDatabase, key: str, tenant: TenantId = TENANT) -> bool:
    async with database.write() as work:
        return await work.callbacks.done(tenant, key, now=NOW + minutes(5))


async def waiting(database: AnyDatabase, tenant: TenantId = TENANT) -> list[Callback]:
    async with database.read() as work:
        return list(await work.callbacks.list_open(tenant))


async def test_a_request_comes_back_as_it_was(database: AnyDatabase) -> None:
    bare = Callback(TENANT, "k-2", CallbackReason.STUCK, NOW, NOW + minutes(90))
    await add(database, callback("k-1"), bare)
    assert await waiting(database) == [callback("k-1"), bare]


async def test_instants_come_back_in_utc_and_texts_storable(database: AnyDatabase) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    odd = replace(callback("k-1"), created_at=NOW.astimezone(berlin), name="Jürgen\x00 Groß\ud83d")
    await add(database, odd)
    (found,) = await waiting(database)
    assert found == replace(callback("k-1"), name="Jürgen Groß?")
    assert found.created_at.tzinfo is UTC


async def test_one_cause_makes_one_request(database: AnyDatabase) -> None:
    await add(database, callback("k-1"))
    await add(database, callback("k-1", due=5), callback("k-1", tenant=OTHER))
    assert await waiting(database) == [callback("k-1")]
    assert await waiting(database, OTHER) == [callback("k-1", tenant=OTHER)]


async def test_requests_are_listed_by_deadline(database: AnyDatabase) -> None:
    await add(
        database, callback("late", due=90), callback("b", due=30), callback("a", due=30), callback("soon", due=1)
    )
    assert [it.key for it in await waiting(database)] == ["soon", "a", "b", "late"]


async def test_what_is_done_is_listed_no_more_and_stays_done(database: AnyDatabase) -> None:
    await add(database, callback("k-1"), callback("k-2"), callback("k-1", tenant=OTHER))
    assert await done(database, "k-1")
    assert not await done(database, "k-1")
    assert not await done(database, "never-asked")
    await add(database, callback("k-1"))
    assert [it.key for it in await waiting(database)] == ["k-2"]
    assert len(await waiting(database, OTHER)) == 1


async def test_what_was_done_beforehand_waits_for_nobody(database: AnyDatabase) -> None:
    await add(database, replace(callback("k-1"), done_at=NOW))
    assert await waiting(database) == []


async def test_those_who_wait_are_counted_over_all_tenants(database: AnyDatabase) -> None:
    await add(database, callback("k-1"), callback("k-2"), callback("k-1", tenant=OTHER))
    await done(database, "k-1")
    async with database.read() as work:
        assert await work.callbacks.count_open() == 2


async def test_what_is_done_is_forgotten_after_a_month(database: AnyDatabase) -> None:
    await add(database, callback("k-1"), callback("k-2"))
    await done(database, "k-1")
    over = NOW + minutes(5) + timedelta(days=30)
    await database.sweep(now=over - minutes(1))
    await add(database, callback("k-1"))
    assert [it.key for it in await waiting(database)] == ["k-2"], "it is still known as done"
    await database.sweep(now=over)
    await add(database, callback("k-1"))
    assert [it.key for it in await waiting(database)] == ["k-1", "k-2"]
