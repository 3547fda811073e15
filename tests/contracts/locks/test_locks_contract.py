"""What every lock store promises, on both of them: rivals exclude each other, operators see and free what is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from booking_core.errors import Conflict
from booking_core.ports.locks import Locks
from integrations.memory.locks import MemoryLocks
from integrations.redis_store.locks import RedisLocks
from tests.support.redis_server import RedisServer

LONG = 60.0


@pytest.fixture(params=["memory", "redis"])
async def locks(request: pytest.FixtureRequest) -> AsyncIterator[Locks]:
    """An empty store."""
    if request.param == "memory":
        yield MemoryLocks()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    # A loaded machine must not look like a server that is away.
    opened = RedisLocks.open(server.url, answer_seconds=20)
    yield opened
    await opened.close()


async def held_names(locks: Locks) -> list[str]:
    """What is held, by name."""
    return [lock.name for lock in await locks.list_held()]


async def is_free(locks: Locks, *names: str) -> bool:
    """Whether somebody else gets these names at once."""
    try:
        async with locks.holding(names, wait_seconds=0):
            return True
    except Conflict:
        return False


class Room:
    """Counts who is inside at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    async def visit(self) -> None:
        """Stay for a few steps of everybody else."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.005)
        self.inside -= 1


@pytest.mark.parametrize("locked", [False, True])
async def test_rivals_meet_without_a_lock_and_never_with_one(locks: Locks, locked: bool) -> None:
    room = Room()

    async def rival() -> None:
        async with locks.holding(["a", "b"] if locked else [], wait_seconds=LONG):
            await room.visit()

    await asyncio.gather(*(rival() for _ in range(8)))
    assert room.most == (1 if locked else 8)
    assert not await held_names(locks)


async def test_names_that_overlap_exclude_each_other_in_any_order(locks: Locks) -> None:
    """Taken one after the other, these would wait for each other in a circle."""
    room = Room()

    async def rival(*names: str) -> None:
        for _ in range(5):
            async with locks.holding(names, wait_seconds=LONG):
                await room.visit()

    await asyncio.gather(rival("a", "b"), rival("b", "a"), rival("b", "c", "a"), rival("a", "a"))
    assert room.most == 1


async def test_different_names_do_not_wait_for_each_other(locks: Locks) -> None:
    async with locks.holding(["a"], wait_seconds=0), locks.holding(["b"], wait_seconds=0):
        assert await held_names(locks) == ["a", "b"]


@pytest.mark.parametrize("wait_seconds", [0, 0.1])
async def test_the_wait_ends_with_a_conflict_and_takes_nothing(locks: Locks, wait_seconds: float) -> None:
    async with locks.holding(["b"], wait_seconds=0):
        with pytest.raises(Conflict):
            async with locks.holding(["a", "b", "c"], wait_seconds=wait_seconds):
                raise AssertionError("both are inside")
        assert await held_names(locks) == ["b"]
        assert await is_free(locks, "a", "c")
    assert await is_free(locks, "a", "b", "c")


async def test_who_waits_comes_in_when_it_is_free(locks: Locks) -> None:
    order: list[str] = []

    async def second() -> None:
        async with locks.holding(["a"], wait_seconds=LONG):
            order.append("second")

    async with locks.holding(["a"], wait_seconds=0):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        order.append("first")
    await waiting
    assert order == ["first", "second"]


async def test_an_error_in_the_block_gives_back(locks: Locks) -> None:
    with pytest.raises(ZeroDivisionError):
        async with locks.holding(["a"], wait_seconds=0):
            raise ZeroDivisionError
    assert await is_free(locks, "a")


@pytest.mark.parametrize("inside", [False, True])
async def test_a_cancelled_task_leaves_nothing(locks: Locks, inside: bool) -> None:
    entered = asyncio.Event()

    async def stay() -> None:
        async with locks.holding(["a", "b"], wait_seconds=LONG):
            entered.set()
            await asyncio.Event().wait()

    async with AsyncExitStack() as stack:
        if not inside:
            await stack.enter_async_context(locks.holding(["b"], wait_seconds=0))
        task = asyncio.create_task(stay())
        if inside:
            await entered.wait()
        else:
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert entered.is_set() is inside
    async with locks.holding(["a", "b"], wait_seconds=LONG):
        assert await held_names(locks) == ["a", "b"]
    assert not await held_names(locks)


async def test_operators_see_one_owner_for_each_acquisition(locks: Locks) -> None:
    assert list(await locks.list_held()) == []
    async with locks.holding(["c", "a"], wait_seconds=0), locks.holding(["b"], wait_seconds=0):
        held = await locks.list_held()
        assert [lock.name for lock in held] == ["a", "b", "c"]
        first, other, second = (lock.owner for lock in held)
        assert first == second != other
        assert all(lock.seconds_left is None or lock.seconds_left > 0 for lock in held)
        assert first not in repr([lock.name for lock in held])
    async with locks.holding(["a"], wait_seconds=0):
        assert [lock.owner for lock in await locks.list_held()] not in ([first], [other])


async def test_operators_free_what_an_owner_has_and_nothing_else(locks: Locks) -> None:
    async with locks.holding(["a", "b"], wait_seconds=0), locks.holding(["c"], wait_seconds=0):
        owners = {lock.name: lock.owner for lock in await locks.list_held()}
        assert list(await locks.release("nobody")) == []
        assert list(await locks.release(owners["a"])) == ["a", "b"]
        assert list(await locks.release(owners["a"])) == []
        assert await held_names(locks) == ["c"]


async def test_who_lost_a_name_to_an_operator_does_not_give_back_that_of_the_next(locks: Locks) -> None:
    async with AsyncExitStack() as second:
        async with locks.holding(["a"], wait_seconds=0):
            (held,) = await locks.list_held()
            await locks.release(held.owner)
            await second.enter_async_context(locks.holding(["a"], wait_seconds=0))
        (now_held,) = await locks.list_held()
        assert now_held.owner != held.owner
        assert not await is_free(locks, "a")
    assert await is_free(locks, "a")


async def test_a_waiter_is_let_in_by_an_operator(locks: Locks) -> None:
    async with locks.holding(["a"], wait_seconds=0):
        (held,) = await locks.list_held()

        async def wait() -> bool:
            async with locks.holding(["a"], wait_seconds=LONG):
                return True

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.05)
        await locks.release(held.owner)
        assert await waiting


async def test_no_names_are_no_lock(locks: Locks) -> None:
    async with locks.holding([], wait_seconds=0), locks.holding([], wait_seconds=0):
        assert not await held_names(locks)


async def test_a_store_that_is_there_answers(locks: Locks) -> None:
    await locks.ping()
