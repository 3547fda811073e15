"""Redis flushed, frozen, killed and started again: nobody is stopped, nothing stays locked, and operators are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from booking_core.errors import Conflict, Upstream
from integrations.redis_store.locks import RedisLocks
from tests.support.redis_server import RedisServer

LONG = 60.0
SHORT_ANSWER = 0.3


@pytest.fixture
async def locks(redis_server: RedisServer) -> AsyncIterator[RedisLocks]:
    """Locks that soon take a silent server to be away, with a lease that does not end within a test."""
    opened = RedisLocks.open(redis_server.url, lease_seconds=10 * LONG, answer_seconds=SHORT_ANSWER)
    yield opened
    await opened.close()


@pytest.fixture
async def patient(redis_server: RedisServer) -> AsyncIterator[RedisLocks]:
    """Locks as another process has them, for which a loaded machine is no outage."""
    opened = RedisLocks.open(redis_server.url, answer_seconds=20)
    yield opened
    await opened.close()


async def enter(locks: RedisLocks, *names: str) -> None:
    """In and out; whoever is away or not."""
    async with locks.holding(names, wait_seconds=LONG):
        pass


async def until(true: Callable[[], bool] | None = None, *, locks: RedisLocks | None = None) -> None:
    """Wait until something holds, or until locks work again for somebody who asks."""
    async with asyncio.timeout(LONG):
        while True:
            if true is not None and true():
                return
            if locks is not None:
                async with locks.holding(["probe"], wait_seconds=LONG):
                    try:
                        if "probe" in [lock.name for lock in await locks.list_held()]:
                            return
                    except Upstream:
                        pass
            await asyncio.sleep(0.05)


def warnings_of(caplog: pytest.LogCaptureFixture, event: str) -> int:
    """How often an event was logged."""
    return sum(event in record.getMessage() for record in caplog.records)


async def test_two_processes_exclude_each_other(redis_server: RedisServer, patient: RedisLocks) -> None:
    other = RedisLocks.open(redis_server.url, answer_seconds=20)
    async with patient.holding(["a"], wait_seconds=0):
        with pytest.raises(Conflict):
            async with other.holding(["b", "a"], wait_seconds=0.05):
                raise AssertionError("both are inside")
        assert [lock.name for lock in await other.list_held()] == ["a"]
    async with other.holding(["b", "a"], wait_seconds=0):
        pass
    await other.close()


async def test_other_keys_in_the_same_redis_are_left_alone(redis_server: RedisServer, patient: RedisLocks) -> None:
    redis_server.ask("SET fermata:other 1")
    redis_server.ask("SET a 1")
    async with patient.holding(["a"], wait_seconds=0):
        (held,) = await patient.list_held()
    assert held.name == "a"
    assert redis_server.ask("MGET a fermata:other").count("$1") == 2


async def test_flushed_in_the_middle_the_next_comes_in_and_keeps_its_own(
    redis_server: RedisServer, patient: RedisLocks
) -> None:
    async with AsyncExitStack() as second:
        async with patient.holding(["a"], wait_seconds=0):
            redis_server.flush()
            await second.enter_async_context(patient.holding(["a"], wait_seconds=0))
            (held,) = await patient.list_held()
        # The first has left. It must not have taken the second's lock with it.
        assert [lock.owner for lock in await patient.list_held()] == [held.owner]
    assert not await patient.list_held()


async def test_what_a_dead_process_held_is_free_when_its_lease_is_over(
    redis_server: RedisServer, patient: RedisLocks
) -> None:
    dead = RedisLocks.open(redis_server.url, lease_seconds=0.5, answer_seconds=20)
    alive = asyncio.all_tasks()
    block = dead.holding(["a"], wait_seconds=0)
    await block.__aenter__()
    (held,) = await patient.list_held()
    assert held.seconds_left is not None
    assert held.seconds_left <= 0.5
    # As if it had been killed: nothing renews and nothing gives back.
    for task in asyncio.all_tasks() - alive:
        task.cancel()
    await enter(patient, "a")
    await block.__aexit__(None, None, None)
    await dead.close()


async def test_a_lock_lasts_as_long_as_its_block(redis_server: RedisServer) -> None:
    locks = RedisLocks.open(redis_server.url, lease_seconds=3, answer_seconds=20)
    async with locks.holding(["a"], wait_seconds=0), asyncio.timeout(LONG):
        least = 3.0
        while True:
            (held,) = await locks.list_held()
            assert held.seconds_left is not None
            if held.seconds_left > least:
                break
            least = held.seconds_left
            await asyncio.sleep(0.1)
    await locks.close()


async def test_a_lock_that_was_taken_away_is_not_taken_back(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    locks = RedisLocks.open(redis_server.url, lease_seconds=0.6, answer_seconds=20)
    with caplog.at_level(logging.WARNING):
        async with locks.holding(["a"], wait_seconds=0):
            (held,) = await locks.list_held()
            await locks.release(held.owner)
            await until(lambda: warnings_of(caplog, "locks_lost") == 1)
            assert not await locks.list_held()
    await locks.close()


@pytest.mark.parametrize("how", ["frozen", "killed"])
async def test_without_redis_turns_go_on_and_operators_are_told_once(
    redis_server: RedisServer, locks: RedisLocks, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    await locks.ping()
    with caplog.at_level(logging.WARNING):
        async with locks.holding(["held"], wait_seconds=0):
            (redis_server.freeze if how == "frozen" else redis_server.kill)()
            await asyncio.gather(*(enter(locks, "a") for _ in range(10)))
            await enter(locks, "held")
        for _ in range(5):
            await enter(locks, "a")
        with pytest.raises(Upstream):
            await locks.ping()
        with pytest.raises(Upstream):
            await locks.list_held()
        with pytest.raises(Upstream):
            await locks.release("somebody")
        assert warnings_of(caplog, "locks_unavailable") == 1


@pytest.mark.parametrize("how", ["frozen", "killed"])
async def test_who_waits_while_redis_goes_away_comes_in(
    redis_server: RedisServer, locks: RedisLocks, patient: RedisLocks, how: str
) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(patient.holding(["a"], wait_seconds=0))
        waiting = asyncio.create_task(enter(locks, "a"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        (redis_server.freeze if how == "frozen" else redis_server.kill)()
        async with asyncio.timeout(LONG):
            await waiting
        (redis_server.thaw if how == "frozen" else redis_server.start)()


@pytest.mark.parametrize("how", ["frozen", "killed"])
async def test_back_again_it_excludes_again_and_nothing_has_stayed_locked(
    redis_server: RedisServer, locks: RedisLocks, patient: RedisLocks, how: str
) -> None:
    async with locks.holding(["before"], wait_seconds=0):
        (redis_server.freeze if how == "frozen" else redis_server.kill)()
        await asyncio.gather(*(enter(locks, f"a-{number}") for number in range(3)))
    (redis_server.thaw if how == "frozen" else redis_server.start)()
    await until(locks=locks)
    # A thawed server carries out what it was sent while it was frozen. Long before its lease is over it is free again.
    async with asyncio.timeout(LONG):
        while await patient.list_held():
            await asyncio.sleep(0.05)
    async with locks.holding(["a-0"], wait_seconds=LONG):
        with pytest.raises(Conflict):
            async with patient.holding(["a-0"], wait_seconds=0):
                raise AssertionError("both are inside")
    await locks.ping()


async def test_a_restarted_redis_is_used_at_once_by_old_connections(
    redis_server: RedisServer, patient: RedisLocks, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.gather(*(enter(patient, f"a-{number}") for number in range(8)))
    redis_server.kill()
    redis_server.start()
    with caplog.at_level(logging.WARNING):
        async with AsyncExitStack() as stack:
            names = [f"a-{number}" for number in range(8)]
            await asyncio.gather(
                *(stack.enter_async_context(patient.holding([name], wait_seconds=LONG)) for name in names)
            )
            assert [lock.name for lock in await patient.list_held()] == names
    assert warnings_of(caplog, "locks_unavailable") == 0


async def test_an_address_where_nobody_listens_is_an_outage_like_any_other(redis_server: RedisServer) -> None:
    redis_server.kill()
    locks = RedisLocks.open(redis_server.url, answer_seconds=SHORT_ANSWER)
    await enter(locks, "a")
    with pytest.raises(Upstream):
        await locks.ping()
    await locks.close()
