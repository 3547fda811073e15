"""What only the database in memory promises; everything else is held to the contracts of all databases."""

from __future__ import annotations

import asyncio
import time

import pytest

from booking_core.errors import SlotTaken
from booking_core.model.ids import HoldId, Reference, TenantId
from integrations.memory.database import MemoryDatabase, NestedWrite
from integrations.memory.stores.claim_cells import Holder
from integrations.memory.tables import UnitOfWorkOver
from tests.support.examples import ANNA, NOW, TENANT, booking_of, hold_of, minutes, single


async def put(database: MemoryDatabase, name: str) -> None:
    async with database.write() as work:
        await work.tenants.put(TenantId(name), {})


async def test_a_write_inside_of_a_write_is_refused_instead_of_waiting_for_itself() -> None:
    database = MemoryDatabase()
    with pytest.raises(NestedWrite):
        async with database.write():
            await put(database, "inner")
    await put(database, "next")


async def test_nothing_can_be_done_after_the_end() -> None:
    database = MemoryDatabase()
    async with database.write() as work:
        pass
    async with database.read() as other:
        pass
    for over in (work, other):
        with pytest.raises(UnitOfWorkOver):
            await over.tenants.list_ids()


async def test_every_reader_keeps_its_own_moment_over_many_commits() -> None:
    database = MemoryDatabase()
    begun: list[asyncio.Event] = []
    go = asyncio.Event()

    async def read() -> tuple[list[str], int | None, list[str]]:
        async with database.read() as work:
            before = list(await work.tenants.list_ids())
            begun[-1].set()
            await go.wait()
            found = await work.tenants.find(TenantId("t-0"))
            return before, found and found.version, list(await work.tenants.list_ids())

    readers = []
    for number in range(6):
        begun.append(asyncio.Event())
        readers.append(asyncio.create_task(read()))
        await begun[-1].wait()
        await put(database, f"t-{number}")
        await put(database, "t-0")
    go.set()
    for number, reader in enumerate(readers):
        before, version, after = await reader
        assert before == after == [f"t-{it}" for it in range(number)]
        assert version == (None if number == 0 else number + 1)
    assert database._readers == []


async def test_others_run_where_a_real_database_would_let_them() -> None:
    pauses = 0

    async def pause() -> None:
        nonlocal pauses
        pauses += 1
        await asyncio.sleep(0)

    database = MemoryDatabase(pause=pause)
    await put(database, "one")
    assert pauses == 2
    async with database.read():
        assert pauses == 3

    async def count() -> None:
        async with database.write() as work:
            booking = await work.bookings.find(TENANT, Reference("ABC234"))
            assert booking is not None
            await work.bookings.save(booking)

    async with database.write() as work:
        await work.bookings.add(booking_of("ABC234", single()))
    await asyncio.gather(*(count() for _ in range(5)))
    with pytest.raises(ZeroDivisionError):
        async with database.write():
            raise ZeroDivisionError
    before = pauses
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(put(database, "two"))
            while pauses < before + 2:
                await asyncio.sleep(0)
            task.cancel()
            await task
    async with database.read() as work:
        assert await work.tenants.list_ids() == ["one"]


async def test_a_seat_is_never_given_twice_whoever_asks() -> None:
    database = MemoryDatabase()
    async with database.write() as work:
        await work.claims.hold(hold_of("c-1", single(start=15)), contact=None, seats={}, now=NOW)
    unchecked = [((ANNA, tick), 0) for _, tick in sorted(single().needs())]
    with pytest.raises(SlotTaken):
        async with database.write() as work:
            with pytest.raises(SlotTaken):
                work.claims._insert(TENANT, unchecked, Holder(owner="ABC234"))
    async with database.write() as work:
        await work.claims.claim(TENANT, single(length=15).needs(), owner="XYZ789", seats={}, now=NOW)


async def test_thousands_of_bookings_take_seconds() -> None:
    database = MemoryDatabase()
    began = time.perf_counter()
    for number in range(2000):
        plan = single(start=60 * number, staff=f"s-{number % 5}")
        held = hold_of(f"c-{number}", plan, hold=f"h-{number}")
        async with database.write() as work:
            await work.claims.hold(held, contact=f"g-{number}", seats={}, now=NOW)
        async with database.write() as work:
            await work.claims.commit(TENANT, HoldId(f"h-{number}"), plan, owner=f"R{number}", now=NOW + minutes(1))
            await work.bookings.add(booking_of(f"R{number}", plan, conversation=f"c-{number}"))
            await work.outbox.add(TENANT, "mail", f"k-{number}", {"to": number}, due_at=NOW)
    # Measured far below one second; the bound is for a machine under load.
    assert time.perf_counter() - began < 20
