"""The loop in virtual time: nothing waits, and the same work always happens in the same order."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.memory.virtual_time import Standstill, VirtualClock, VirtualTimeLoop

START = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work())


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_year_of_sleeps_takes_no_time_to_speak_of() -> None:
    async def sleep() -> float:
        for _ in range(24 * 365):
            await asyncio.sleep(3600)
        return now()

    began = time.perf_counter()
    assert run(sleep) == 24 * 365 * 3600
    # Less than a tenth of a millisecond for an hour; the bound is for a machine under load.
    assert time.perf_counter() - began < 30


def test_waits_and_deadlines_are_in_virtual_time() -> None:
    async def wait() -> list[float]:
        moments = []
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.Event().wait()
        moments.append(now())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(100), 0.5)
        moments.append(now())
        done, pending = await asyncio.wait(
            [asyncio.create_task(asyncio.sleep(delay)) for delay in (1, 3)], timeout=2
        )
        assert (len(done), len(pending)) == (1, 1)
        moments.append(now())
        asyncio.get_running_loop().call_later(10, lambda: moments.append(now()))
        await asyncio.sleep(10)
        return moments

    assert run(wait) == [5, 5.5, 7.5, 17.5]


def test_time_passes_only_while_nothing_can_be_done() -> None:
    async def work() -> float:
        timer = asyncio.create_task(asyncio.sleep(1))
        for _ in range(1000):
            await asyncio.sleep(0)
        before = now()
        await timer
        return before

    assert run(work) == 0


def test_timers_of_one_moment_come_in_the_order_of_their_setting() -> None:
    async def work() -> list[int]:
        seen: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(200):
            loop.call_at(7, seen.append, number)
        loop.call_at(6, seen.append, -1)
        cancelled = loop.call_at(7, seen.append, 999)
        cancelled.cancel()
        await asyncio.sleep(8)
        return seen

    assert run(work) == [-1, *range(200)]


def test_time_goes_on_after_months() -> None:
    async def work() -> list[float]:
        await asyncio.sleep(3e7)
        seen = []
        for _ in range(3):
            await asyncio.sleep(0.001)
            seen.append(round(now() - 3e7, 3))
        return seen

    assert run(work) == [0.001, 0.002, 0.003]


async def rivalry(seed: int) -> list[tuple[float, int, str]]:
    """Forty tasks in each other's way, with locks, queues, deadlines, groups that break, and sets of tasks."""
    chance, seen = random.Random(seed), []
    lock, queue = asyncio.Lock(), asyncio.Queue[int](3)

    async def note(number: int, what: str, pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            seen.append((now(), number, what))
        except asyncio.CancelledError:
            seen.append((now(), number, f"{what} cancelled"))
            raise

    async def rival(number: int) -> None:
        for _ in range(6):
            match chance.randrange(4):
                case 0:
                    async with lock:
                        await note(number, "locked", chance.choice((0, 0.5, 1)))
                case 1:
                    await queue.put(number)
                    await note(await queue.get(), "queued", 0)
                case 2:
                    try:
                        async with asyncio.timeout(chance.choice((0.5, 1))):
                            await note(number, "slow", chance.choice((0.5, 1, 2)))
                    except TimeoutError:
                        seen.append((now(), number, "too slow"))
                case _:
                    many = {asyncio.create_task(note(number, "one of many", 1 + each % 3)) for each in range(8)}
                    done, pending = await asyncio.wait(many, return_when=asyncio.FIRST_COMPLETED)
                    for task in pending:
                        task.cancel()
                    await asyncio.gather(*done, *pending, return_exceptions=True)

    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(rival(number))
    return seen


def digest(seed: int) -> str:
    return repr(run(lambda: rivalry(seed)))


def test_two_runs_are_the_same_run_bit_by_bit() -> None:
    first = digest(1)
    # Other objects in memory, so that addresses differ.
    ballast = [object() for _ in range(100_000)]
    assert digest(1) == first
    assert digest(2) != first
    del ballast


def test_another_process_runs_the_same_run() -> None:
    script = "from tests.unit.integrations.memory.test_virtual_time import digest; print(digest(1))"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {digest(1)}


def test_standstill_is_told_instead_of_waiting_for_ever() -> None:
    async def work() -> None:
        await asyncio.sleep(1)
        await asyncio.Event().wait()

    with pytest.raises(Standstill):
        run(work)


def test_what_would_run_in_a_thread_runs_at_once() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def work() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(fail)
        return await asyncio.to_thread(sum, [1, 2])

    assert run(work) == 3


def test_the_clock_tells_the_time_of_the_loop() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        clock = VirtualClock(loop, START)
        shifted = VirtualClock(loop, START.astimezone(UTC), real_start=START + timedelta(days=9))
        await asyncio.sleep(90.25)
        later = START + timedelta(seconds=90.25)
        assert (clock.now(), clock.real()) == (later, later)
        assert (shifted.now(), shifted.real()) == (later, later + timedelta(days=9))
        assert clock.now().tzinfo is UTC

    run(work)


def test_the_clock_needs_aware_instants() -> None:
    loop = VirtualTimeLoop()
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(loop, START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(loop, START, real_start=START.replace(tzinfo=None))
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1, print)
