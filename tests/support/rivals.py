"""Guests in processes of their own, who all want the same."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from booking_core.errors import HoldExpired, SlotTaken
from booking_core.model.slot import Plan
from integrations.sql import SqlDatabase, upgrade
from tests.support.examples import NOW, TENANT, hold_of, single


async def hold_and_commit(database: SqlDatabase, guest: str, plan: Plan, *, seats: int = 1) -> bool:
    """Hold a plan and commit it at once; whether it was won."""
    held = hold_of(guest, plan)
    capacity = {resource: seats for resource, _ in plan.needs()}
    try:
        async with database.write() as work:
            await work.claims.hold(held, contact=None, seats=capacity, now=NOW)
        async with database.write() as work:
            await work.claims.commit(TENANT, held.id, plan, owner=guest, seats=capacity, now=NOW)
    except (SlotTaken, HoldExpired):
        return False
    return True


def won_in_processes(url: str, processes: int, rounds: int) -> list[list[int]]:
    """For each process the rounds it won; in every round all of them want the same, slightly shifted time."""
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(_play, [url] * processes, range(processes), [rounds] * processes))


def migrate_in_processes(url: str, processes: int) -> None:
    """Migrate one database from several processes at once; raises what any of them raised."""
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_migrate, [url] * processes))


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

    return asyncio.run(play())


def _migrate(url: str) -> None:
    upgrade(url)
