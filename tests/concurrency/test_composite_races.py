"""Four processes race for one composite service at Cal.com: first how it goes wrong without claims, then that with them it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.support.redis_server import RedisServer
from tests.support.rival_races import PROCESSES, in_four_processes, race_for_shifts, race_for_variants
from tests.support.rival_world import World

RIVALS = 200


def by_round(results: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """The bookings made in each round, by whichever process."""
    return [[reference for mine in each for reference in mine] for each in zip(*results, strict=True)]


async def assert_one_winner_each_round(world: World, results: Sequence[Sequence[Sequence[str]]]) -> None:
    """One guest has it, everybody else was told so, and the calendar has nothing else."""
    won = by_round(results)
    assert [len(each) for each in won] == [1] * len(won)
    books = await world.books(len(won))
    assert [[it.reference for it in books.confirmed_in(number)] for number in range(len(won))] == won
    assert books.overlaps() == []
    assert books.disagreements() == []
    assert books.clashes() == []


async def test_without_claims_one_basin_is_given_to_two_guests(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    """The negative control. Cal.com itself refuses the same time of the same person; of the basin it knows nothing."""
    results = await in_four_processes(four_processes, race_for_variants, world.without_claims(), range(2), 1)
    assert [len(each) for each in by_round(results)] == [2, 2]
    books = await world.books(2)
    assert books.overlaps() == ["resource:basin is given to two bookings at once"]


async def test_of_two_hundred_rivals_exactly_one_wins_each_round(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    rivals = RIVALS // PROCESSES
    results = await in_four_processes(four_processes, race_for_variants, world.setting, range(10), rivals)
    await assert_one_winner_each_round(world, results)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_of_two_hundred_rivals_exactly_one_wins_a_hundred_rounds(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    rivals = RIVALS // PROCESSES
    results = await in_four_processes(four_processes, race_for_variants, world.setting, range(100), rivals)
    await assert_one_winner_each_round(world, results)


async def test_without_claims_shifted_guests_get_overlapping_times(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    """The negative control: all of them find the time free, and Cal.com lets every one through."""
    world.gap.together(2 * PROCESSES)
    results = await in_four_processes(four_processes, race_for_shifts, world.without_claims(), range(2), 1)
    assert [len(each) for each in by_round(results)] == [PROCESSES, PROCESSES]
    books = await world.books(2)
    assert books.overlaps()
    assert books.clashes()


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.soak)])
async def test_shifted_guests_never_share_a_tick(
    world: World, four_processes: ProcessPoolExecutor, rounds: int
) -> None:
    """Ten shifts: the first and the last have room beside each other, all others do not."""
    rivals = 3
    results = await in_four_processes(four_processes, race_for_shifts, world.setting, range(rounds), rivals)
    won = by_round(results)
    assert all(won)
    books = await world.books(rounds)
    assert sorted(it.reference for it in books.confirmed) == sorted(it for each in won for it in each)
    assert books.overlaps() == []
    assert books.disagreements() == []
    assert books.clashes() == []


@asynccontextmanager
async def troubled(server: RedisServer, *, flushes_only: bool = False) -> AsyncIterator[list[int]]:
    """Redis flushed, frozen and killed again and again; the list counts how often. It runs again at the end."""
    times = [0]
    enough = asyncio.Event()

    async def trouble() -> None:
        while not enough.is_set():
            times[0] += 1
            await asyncio.to_thread(server.flush)
            await asyncio.sleep(0.05)
            if flushes_only:
                continue
            server.freeze()
            await asyncio.sleep(0.3)
            server.thaw()
            await asyncio.sleep(0.1)
            server.kill()
            await asyncio.sleep(0.1)
            await asyncio.to_thread(server.start)

    task = asyncio.create_task(trouble())
    try:
        yield times
    finally:
        enough.set()
        await task


async def test_locks_alone_do_not_hold_when_redis_is_flushed(
    world: World, four_processes: ProcessPoolExecutor, redis_server: RedisServer
) -> None:
    """The negative control: without claims the lock of the time was all there was, and it is gone."""
    world.gap.together(2 * PROCESSES)
    setting = replace(world.without_claims(), redis=redis_server.url)
    async with troubled(redis_server, flushes_only=True):
        results = await in_four_processes(four_processes, race_for_shifts, setting, range(1), 1)
    assert [len(each) for each in by_round(results)] == [PROCESSES]
    assert (await world.books(1)).overlaps()


async def test_whatever_happens_to_redis_exactly_one_wins(
    world: World, four_processes: ProcessPoolExecutor, redis_server: RedisServer
) -> None:
    setting = replace(world.setting, redis=redis_server.url)
    async with troubled(redis_server) as times:
        results = await in_four_processes(four_processes, race_for_variants, setting, range(20), 10)
    assert times[0] > 1
    await assert_one_winner_each_round(world, results)
