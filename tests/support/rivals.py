"""Guests in processes of their own, who all want the same."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.slot import Plan
from integrations.sql import SqlDatabase, upgrade
from tests.support.examples import NOW, TENANT, hold_of, single

_MEETING_SECONDS = 120.0


async def hold_and_commit(database: SqlDatabase, guest: str, plan: Plan, *, seats: int = 1) -> bool:
    """Hold a plan and commit it at once; whether it was won."""
    held = hold_of(guest, plan)
    capacity = {resource: seats for resource, _ in plan.needs()}
    try:
        async with database.write() as work:
            await work.claims.hold(held, contact=None, seats=capacity, now=NOW)
        async with database.write() as work:
            await work.claims.commit(TENANT, held.id, plan, owner=guest, now=NOW)
    except (SlotTaken, HoldExpired):
        return False
    return True


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes that start every piece of work together: one each, none before all are there."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(count)
    with ProcessPoolExecutor(count, mp_context=context, initializer=_join, initargs=(together,)) as pool:
        yield pool


def won_in_processes(pool: ProcessPoolExecutor, count: int, url: str, rounds: int) -> list[list[int]]:
    """For each process the rounds it won; in every round all of them want the same, slightly shifted time."""
    return list(pool.map(_play, [url] * count, range(count), [rounds] * count))


def migrate_in_processes(pool: ProcessPoolExecutor, count: int, url: str) -> None:
    """Migrate one database from all processes at once; raises what any of them raised."""
    list(pool.map(_migrate, [url] * count))


async def meet() -> None:
    """In a process of a pool: wait until the others have come so far, too."""
    try:
        await asyncio.to_thread(_together[0].wait, _MEETING_SECONDS)
    except BrokenBarrierError:
        raise AssertionError("another process did not come") from None


# What the processes of one pool meet at; set once in each of them.
_together: list[Barrier] = []


def _join(together: Barrier) -> None:
    _together.append(together)


def _play(url: str, process: int, rounds: int) -> list[int]:
    async def play() -> list[int]:
        database = SqlDatabase.open(url)
        won = []
        for number in range(rounds):
            # A round is an hour of its own; every process begins a little later in it, so that all overlap.
            plan = single(start=60 * number + 5 * process)
            if await hold_and_commit(database, f"guest-{process}-{number}", plan):
                won.append(number)
        await database.close()
        return won

    _together[0].wait(60)
    return asyncio.run(play())


def _migrate(url: str) -> None:
    _together[0].wait(60)
    upgrade(url)
