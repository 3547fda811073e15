"""The embedded twins: clocks that tick, locks that exclude and leave nothing behind, a queue that coalesces."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest
from taskiq import InMemoryBroker

from booking_core.errors import Conflict
from booking_core.ports.clock import Clock
from booking_core.ports.locks import Locks
from booking_core.ports.queue import Queue
from integrations.memory.clock import DemoClock, SystemClock
from integrations.memory.locks import MemoryLocks
from integrations.memory.queue import MemoryQueue, make_broker

START = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)


async def settle() -> None:
    """Let every task that can run do so."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_the_system_clock_tells_the_same_twice() -> None:
    clock: Clock = SystemClock()
    assert abs(clock.now() - clock.real()) < timedelta(seconds=5)
    assert clock.now().utcoffset() == timedelta(0)


def test_the_demo_clock_starts_where_it_is_set_and_ticks() -> None:
    elapsed = [100.0]
    demo = DemoClock(START, monotonic=lambda: elapsed[0])
    clock: Clock = demo
    assert clock.now() == START
    elapsed[0] += 90
    assert clock.now() == START + timedelta(seconds=90)
    demo.set(datetime(2026, 3, 30, 10, 0, tzinfo=timezone(timedelta(hours=2))))
    elapsed[0] += 1
    assert clock.now() == datetime(2026, 3, 30, 8, 0, 1, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.real() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="aware"):
        demo.set(datetime(2026, 3, 24, 9, 15))  # noqa: DTZ001 - what must be refused


async def test_without_a_lock_two_tasks_meet_and_with_one_they_do_not() -> None:
    async def visit(inside: list[int], locks: Locks | None) -> None:
        async with AsyncExitStack() as stack:
            if locks is not None:
                await stack.enter_async_context(locks.holding(["a", "b"], wait_seconds=5))
            inside[0] += 1
            inside[1] = max(inside)
            await settle()
            inside[0] -= 1

    for locks, most in ((None, 5), (MemoryLocks(), 1)):
        inside = [0, 0]
        await asyncio.gather(*(visit(inside, locks) for _ in range(5)))
        assert inside[1] == most


async def test_names_in_any_order_never_block_each_other_for_good() -> None:
    locks = MemoryLocks()
    done: list[str] = []

    async def take(*names: str) -> None:
        async with locks.holding(names, wait_seconds=5):
            await asyncio.sleep(0)
            done.append("".join(names))

    await asyncio.gather(take("a", "b"), take("b", "a"), take("b", "c"), take("c", "a"), take("a", "a"))
    assert len(done) == 5
    assert locks.idle


async def test_other_names_do_not_wait_and_the_same_names_come_in_order() -> None:
    locks = MemoryLocks()
    order: list[str] = []

    async def take(label: str, *names: str) -> None:
        async with locks.holding(names, wait_seconds=5):
            order.append(label)

    async with locks.holding(["a"], wait_seconds=0):
        first = asyncio.create_task(take("a+b", "a", "b"))
        await settle()
        # "b" is free, and yet a later call must not overtake the one that waits for it.
        second = asyncio.create_task(take("b", "b"))
        third = asyncio.create_task(take("c", "c"))
        await settle()
        assert order == ["c"]
    await asyncio.gather(first, second, third)
    assert order == ["c", "a+b", "b"]
    assert locks.idle


async def test_the_wait_ends_with_a_conflict_and_leaves_nothing() -> None:
    locks = MemoryLocks()
    async with locks.holding(["a"], wait_seconds=0):
        with pytest.raises(Conflict):
            async with locks.holding(["b", "a"], wait_seconds=0):
                pytest.fail("held by somebody else")
        async with locks.holding(["b"], wait_seconds=0):
            pass
    assert locks.idle


async def test_a_failure_inside_gives_the_lock_back() -> None:
    locks = MemoryLocks()
    with pytest.raises(RuntimeError):
        async with locks.holding(["a"], wait_seconds=0):
            raise RuntimeError
    assert locks.idle
    await locks.ping()


@pytest.mark.parametrize("granted", [False, True])
async def test_a_cancelled_waiter_leaves_nothing(granted: bool) -> None:
    locks = MemoryLocks()

    async def take() -> None:
        async with locks.holding(["a"], wait_seconds=5):
            pass

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(locks.holding(["a"], wait_seconds=0))
        waiting = asyncio.create_task(take())
        last = asyncio.create_task(take())
        await settle()
        if granted:
            # Released and cancelled in the same step: the waiter owns the lock and never gets to run with it.
            await stack.aclose()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await last
    assert waiting.cancelled()
    assert locks.idle


@pytest.fixture
async def broker() -> AsyncIterator[InMemoryBroker]:
    broker = make_broker()
    await broker.startup()
    yield broker
    await broker.shutdown()


class Sweeper:
    """Counts sweeps; each waits until it may end."""

    def __init__(self) -> None:
        self.begun = 0
        self.at_once = 0
        self.most_at_once = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.may_end.wait()
        self.at_once -= 1


async def test_a_nudge_does_not_wait_for_the_sweep(broker: InMemoryBroker) -> None:
    sweep = Sweeper()
    queue = MemoryQueue(broker, sweep)
    port: Queue = queue
    await port.nudge()
    assert sweep.begun == 0
    sweep.may_end.set()
    await queue.settled()
    assert sweep.begun == 1
    await port.ping()


async def test_many_nudges_make_one_sweep_and_one_more_for_those_that_came_meanwhile(
    broker: InMemoryBroker,
) -> None:
    sweep = Sweeper()
    queue = MemoryQueue(broker, sweep)
    for _ in range(10):
        await queue.nudge()
    await settle()
    assert sweep.begun == 1
    for _ in range(10):
        await queue.nudge()
    sweep.may_end.set()
    await queue.settled()
    assert (sweep.begun, sweep.most_at_once) == (2, 1)


async def test_a_failing_sweep_does_not_end_the_queue(
    broker: InMemoryBroker, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    async def sweep() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("the database is away")

    queue = MemoryQueue(broker, sweep)
    with caplog.at_level(logging.ERROR):
        await queue.nudge()
        await queue.settled()
    await queue.nudge()
    await queue.settled()
    assert len(tries) == 2
    assert "sweep_failed" in caplog.text


async def test_a_closed_queue_takes_no_nudge(broker: InMemoryBroker) -> None:
    sweep = Sweeper()
    queue = MemoryQueue(broker, sweep)
    sweep.may_end.set()
    await queue.nudge()
    await queue.close()
    await queue.nudge()
    await queue.settled()
    assert sweep.begun == 1
