"""Units of work on every database: what lasts, what does not, and what is seen of it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import DBAPIError

from booking_core.model.ids import TenantId
from booking_core.ports.unit_of_work import Database
from integrations.memory.tables import WriteInRead
from tests.support.any_database import AnyDatabase
from tests.support.examples import TENANT


async def tenants(database: Database) -> list[str]:
    async with database.read() as work:
        return list(await work.tenants.list_ids())


async def put(database: Database, name: str) -> None:
    async with database.write() as work:
        await work.tenants.put(TenantId(name), {})


async def test_leaving_with_an_exception_rolls_back(database: AnyDatabase) -> None:
    await put(database, "kept")
    with pytest.raises(ZeroDivisionError):
        async with database.write() as work:
            await work.tenants.put(TenantId("lost"), {})
            raise ZeroDivisionError
    assert await tenants(database) == ["kept"]


async def test_the_callers_own_os_error_stays_what_it_is(database: AnyDatabase) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.write():
            raise FileNotFoundError


async def test_a_read_sees_one_moment(database: AnyDatabase) -> None:
    await put(database, "first")
    async with database.read() as work:
        assert await work.tenants.list_ids() == ["first"]
        await put(database, "second")
        assert await work.tenants.list_ids() == ["first"]
    assert await tenants(database) == ["first", "second"]


async def test_a_writer_sees_its_own_changes_and_readers_do_not(database: AnyDatabase) -> None:
    await put(database, "kept")
    async with database.write() as work:
        await work.tenants.put(TenantId("new"), {})
        await work.tenants.put(TenantId("kept"), {"name": "changed"})
        assert await work.tenants.list_ids() == ["kept", "new"]
        async with database.read() as other:
            assert await other.tenants.list_ids() == ["kept"]
            kept = await other.tenants.find(TenantId("kept"))
            assert kept is not None
            assert kept.version == 1


async def test_what_was_handed_in_or_out_is_nobody_elses_to_change(database: AnyDatabase) -> None:
    document = {"staff": [{"id": "anna"}]}
    async with database.write() as work:
        await work.tenants.put(TENANT, document)
        document["staff"].append({"id": "ben"})
        found = await work.tenants.find(TENANT)
        assert found is not None
        assert found.document == {"staff": [{"id": "anna"}]}
        found.document["staff"].clear()
    async with database.read() as work:
        again = await work.tenants.find(TENANT)
        assert again is not None
        assert again.document == {"staff": [{"id": "anna"}]}


async def test_the_database_itself_refuses_to_write_in_a_read(database: AnyDatabase) -> None:
    with pytest.raises((DBAPIError, WriteInRead)):
        async with database.read() as work:
            await work.tenants.put(TENANT, {})
    assert await tenants(database) == []


async def test_writers_queue_and_all_succeed(database: AnyDatabase) -> None:
    await asyncio.gather(*(put(database, f"t-{number:02}") for number in range(40)))
    assert len(await tenants(database)) == 40


async def test_a_cancelled_unit_of_work_leaves_nothing_behind(database: AnyDatabase) -> None:
    async def never_ends() -> None:
        async with database.write() as work:
            await work.tenants.put(TenantId("lost"), {})
            written.set()
            await asyncio.Event().wait()

    written = asyncio.Event()
    task = asyncio.create_task(never_ends())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await put(database, "next")
    assert await tenants(database) == ["next"]


async def test_units_of_work_cancelled_at_any_step_do_not_block_the_next(database: AnyDatabase) -> None:
    for steps in range(30):
        task = asyncio.create_task(put(database, "cancelled"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.wait_for(put(database, f"t-{steps}"), 3)
    assert {f"t-{steps}" for steps in range(30)} <= set(await tenants(database))


async def test_a_database_that_answers_is_pinged(database: AnyDatabase) -> None:
    await database.ping()
