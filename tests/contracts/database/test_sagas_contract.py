"""The journal of changes, on every database: one open saga per booking, and one owner at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from booking_core.errors import Conflict, LeaseLost
from booking_core.model.ids import Reference, StaffId, TenantId
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from tests.support.any_database import AnyDatabase
from tests.support.examples import NOW, TENANT, booking_of, composite, minutes, single

OTHER = TenantId("another")
UNTIL = NOW + minutes(1)


def saga_of(name: str, booking: str = "ABC234", *, tenant: TenantId = TENANT) -> Saga:
    plan = composite(60)
    placed = Step(
        StepKind.PLACE,
        1,
        0,
        StaffId("anna"),
        plan.starts_at,
        plan.ends_at,
        "hold-1.0",
        uid="uid-1",
        state=StepState.BEGUN,
        begun_at=NOW,
        unanswered_at=NOW - minutes(1),
        result_uid="uid-2",
        result_id=2**40,
        reason="taken",
        undoes=0,
        sure_from=NOW + minutes(2),
    )
    removed = Step(StepKind.REMOVE, 2, 1, StaffId("ben"), plan.starts_at, plan.ends_at, "hold-1.1")
    return Saga(name, tenant, Reference(booking), SagaKind.MOVE, plan, (placed, removed), "chat", NOW)


async def open_(database: AnyDatabase, *sagas: Saga, owner: str = "worker-1", until: float = 1) -> None:
    async with database.write() as work:
        for saga in sagas:
            await work.sagas.add(saga, owner=owner, until=NOW + minutes(until))


async def take(
    database: AnyDatabase, name: str = "s-1", *, owner: str = "worker-2", at: float = 0, tenant: TenantId = TENANT
) -> Saga | None:
    async with database.write() as work:
        return await work.sagas.take(tenant, name, owner=owner, now=NOW + minutes(at), until=NOW + minutes(at + 1))


async def found(database: AnyDatabase, booking: str = "ABC234", tenant: TenantId = TENANT) -> Saga | None:
    async with database.read() as work:
        return await work.sagas.find_open(tenant, Reference(booking))


async def due(database: AnyDatabase, at: float, limit: int = 10) -> list[tuple[str, str]]:
    async with database.read() as work:
        return list(await work.sagas.list_due(now=NOW + minutes(at), limit=limit))


async def test_a_saga_comes_back_as_it_was(database: AnyDatabase) -> None:
    turned = replace(
        saga_of("s-2", "XYZ789"),
        back=True,
        why="taken",
        attempts=3,
        kind=SagaKind.CANCEL,
        told=True,
        called_off=CallOff("api", "Closed"),
    )
    await open_(database, saga_of("s-1"), turned)
    assert await found(database) == saga_of("s-1")
    assert await found(database, "XYZ789") == turned
    assert await found(database, "MNP567") is None
    assert await found(database, tenant=OTHER) is None


async def test_instants_come_back_in_utc(database: AnyDatabase) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    saga = saga_of("s-1")
    step = replace(
        saga.steps[0], starts_at=saga.steps[0].starts_at.astimezone(berlin), begun_at=NOW.astimezone(berlin)
    )
    await open_(database, replace(saga.with_step(0, step), created_at=NOW.astimezone(berlin)))
    stored = await found(database)
    assert stored == saga
    instants = [stored.created_at, stored.steps[0].starts_at, stored.steps[0].begun_at]
    assert all(it is not None and it.tzinfo is UTC for it in instants)


@pytest.mark.parametrize(("name", "booking"), [("s-2", "ABC234"), ("s-1", "XYZ789")])
async def test_a_booking_has_one_open_saga_and_a_saga_one_name(
    database: AnyDatabase, name: str, booking: str
) -> None:
    await open_(database, saga_of("s-1"))
    with pytest.raises(Conflict):
        await open_(database, saga_of(name, booking), owner="worker-2")
    await open_(database, saga_of("s-1", tenant=OTHER))
    assert await found(database) == saga_of("s-1")


async def test_the_work_of_a_second_saga_does_not_last_even_if_the_error_is_swallowed(
    database: AnyDatabase,
) -> None:
    await open_(database, saga_of("s-1"))
    with pytest.raises(Conflict):
        async with database.write() as work:
            await work.bookings.add(booking_of("MNP567", single()))
            with pytest.raises(Conflict):
                await work.sagas.add(saga_of("s-2"), owner="worker-2", until=UNTIL)
    async with database.read() as work:
        assert await work.bookings.find(TENANT, Reference("MNP567")) is None


async def test_rivals_open_one_saga(database: AnyDatabase) -> None:
    results = await asyncio.gather(
        *(open_(database, saga_of(f"s-{number}"), owner=f"w-{number}") for number in range(6)),
        return_exceptions=True,
    )
    assert sum(it is None for it in results) == 1
    assert all(it is None or isinstance(it, Conflict) for it in results)


async def test_after_closing_another_may_be_opened(database: AnyDatabase) -> None:
    saga = saga_of("s-1")
    await open_(database, saga)
    async with database.write() as work:
        await work.sagas.close(replace(saga, steps=()), owner="worker-1")
        await work.sagas.add(saga_of("s-2"), owner="worker-1", until=UNTIL)
    assert (await found(database) or saga).id == "s-2"
    assert await take(database, at=60) is None
    assert await due(database, 60) == [(TENANT, "s-2")]


async def test_saving_replaces_the_journal_but_neither_its_beginning_nor_its_attempts(
    database: AnyDatabase,
) -> None:
    saga = saga_of("s-1")
    await open_(database, saga)
    done = replace(saga.steps[0], state=StepState.DONE)
    changed = replace(
        saga.with_step(0, done), plan=single(90), back=True, why="limit", attempts=9, created_at=NOW + minutes(9)
    )
    async with database.write() as work:
        await work.sagas.save(changed, owner="worker-1", until=NOW + minutes(5))
    assert await found(database) == replace(changed, attempts=0, created_at=NOW)
    assert await due(database, 4.9) == []
    assert await due(database, 5) == [(TENANT, "s-1")]


async def test_a_saga_in_somebodys_hands_is_not_taken_until_its_lease_ends(database: AnyDatabase) -> None:
    await open_(database, saga_of("s-1"))
    assert await take(database, at=0.9) is None
    assert await take(database, at=1) == replace(saga_of("s-1"), attempts=1)
    assert await take(database, at=1.9, owner="worker-1") is None
    # Not even its owner takes it twice: two tasks of one process must not share it.
    assert await take(database, at=1.9) is None
    assert await take(database, at=2, owner="worker-3") == replace(saga_of("s-1"), attempts=2)
    assert await take(database, "s-9", at=9) is None
    assert await take(database, at=9, tenant=OTHER) is None


async def test_rivals_never_take_the_same_saga(database: AnyDatabase) -> None:
    await open_(database, saga_of("s-1"))
    taken = await asyncio.gather(*(take(database, owner=f"w-{number}", at=2) for number in range(8)))
    assert sum(it is not None for it in taken) == 1


async def test_a_released_saga_may_be_taken_at_once_and_is_due_later(database: AnyDatabase) -> None:
    saga = saga_of("s-1")
    await open_(database, saga)
    later = saga.with_step(0, replace(saga.steps[0], state=StepState.UNSURE))
    async with database.write() as work:
        await work.sagas.release(later, owner="worker-1", due_at=NOW + minutes(10))
    assert await due(database, 9.9) == []
    assert await due(database, 10) == [(TENANT, "s-1")]
    assert await found(database) == later
    assert await take(database, at=0.1) == replace(later, attempts=1)


@pytest.mark.parametrize("what", ["save", "close", "release"])
@pytest.mark.parametrize("how", ["taken over", "released", "closed", "never opened"])
async def test_a_former_owner_changes_nothing_any_more(database: AnyDatabase, what: str, how: str) -> None:
    saga = saga_of("s-1")
    if how != "never opened":
        await open_(database, saga)
    async with database.write() as work:
        if how == "taken over":
            await work.sagas.take(TENANT, "s-1", owner="worker-2", now=NOW + minutes(1), until=NOW + minutes(2))
        elif how == "released":
            await work.sagas.release(saga, owner="worker-1", due_at=NOW)
        elif how == "closed":
            await work.sagas.close(saga, owner="worker-1")
    before = await found(database)
    changed = replace(saga, why="too late")
    with pytest.raises(LeaseLost):
        async with database.write() as work:
            await work.bookings.add(booking_of("MNP567", single()))
            # Whoever swallows the error must not have written anything else either.
            with pytest.raises(LeaseLost):
                if what == "save":
                    await work.sagas.save(changed, owner="worker-1", until=UNTIL)
                elif what == "close":
                    await work.sagas.close(changed, owner="worker-1")
                else:
                    await work.sagas.release(changed, owner="worker-1", due_at=UNTIL)
    assert await found(database) == before
    async with database.read() as work:
        assert await work.bookings.find(TENANT, Reference("MNP567")) is None


async def test_an_owner_whose_lease_ran_out_unnoticed_may_still_finish(database: AnyDatabase) -> None:
    saga = saga_of("s-1")
    await open_(database, saga, until=-5)
    async with database.write() as work:
        await work.sagas.close(saga, owner="worker-1")
    assert await found(database) is None


async def test_due_sagas_of_all_tenants_are_listed_the_longest_due_first(database: AnyDatabase) -> None:
    await open_(database, saga_of("s-3", "CCC222"), until=3)
    await open_(database, saga_of("s-1", "AAA222", tenant=OTHER), until=1)
    await open_(database, saga_of("s-2", "BBB222"), until=2)
    await open_(database, saga_of("s-4", "DDD222"), until=4)
    assert await due(database, 3) == [(OTHER, "s-1"), (TENANT, "s-2"), (TENANT, "s-3")]
    assert await due(database, 4, limit=2) == [(OTHER, "s-1"), (TENANT, "s-2")]
    assert await due(database, 0.9) == []
    assert await take(database, "s-2", at=3) is not None
    assert await due(database, 3) == [(OTHER, "s-1"), (TENANT, "s-3")]


async def postpone(database: AnyDatabase, name: str = "s-1", *, at: float, until: float) -> None:
    async with database.write() as work:
        await work.sagas.postpone(TENANT, name, now=NOW + minutes(at), due_at=NOW + minutes(until))


async def test_a_due_saga_that_could_not_be_taken_lets_others_go_first(database: AnyDatabase) -> None:
    await open_(database, saga_of("s-1"), saga_of("s-1", tenant=OTHER), until=1)
    await open_(database, saga_of("s-2", "XYZ789"), until=2)
    await postpone(database, at=2, until=5)
    assert await due(database, 4.9) == [(OTHER, "s-1"), (TENANT, "s-2")]
    assert await due(database, 5) == [(OTHER, "s-1"), (TENANT, "s-2"), (TENANT, "s-1")]
    # Its guest need not wait that long, and no attempt was made.
    assert await take(database, at=2.1) == replace(saga_of("s-1"), attempts=1)


@pytest.mark.parametrize("how", ["in somebody's hands", "released until later", "closed"])
async def test_only_what_is_due_is_postponed(database: AnyDatabase, how: str) -> None:
    await open_(database, saga_of("s-1"), until=3)
    async with database.write() as work:
        if how == "released until later":
            await work.sagas.release(saga_of("s-1"), owner="worker-1", due_at=NOW + minutes(3))
        elif how == "closed":
            await work.sagas.close(saga_of("s-1"), owner="worker-1")
    before = [await due(database, at) for at in (2.9, 3)]
    await postpone(database, at=1, until=9)
    await postpone(database, "s-9", at=1, until=9)
    assert [await due(database, at) for at in (2.9, 3)] == before


async def test_old_journals_are_swept_away_once_they_are_closed(database: AnyDatabase) -> None:
    saga = saga_of("s-1")
    await open_(database, saga, saga_of("s-2", "XYZ789"))
    async with database.write() as work:
        await work.sagas.close(saga, owner="worker-1")
    with pytest.raises(Conflict):
        await open_(database, saga)
    await database.sweep(now=NOW + minutes(60 * 24 * 31))
    await open_(database, saga)
    assert await found(database, "XYZ789") == saga_of("s-2", "XYZ789")
