"""Every message and every call is delivered three times, in random schedules, to two processes on one database.

Each has one effect and one answer. A failing schedule names its seed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from integrations.sql import SqlDatabase
from tests.simulation.deliveries import FAULTY, NOW, SLOW, WELL, Schedule, check, open_world

AT_ONCE = 25
WEATHER = (WELL, SLOW, WELL, FAULTY)
"""One kind for each lot: many defects show best where the calendar is quick."""


async def deliver(url: str, seeds: Sequence[int], expected: set[str]) -> None:
    async with open_world(url, seeds[0]) as world:
        schedules = [Schedule(seed, world) for seed in seeds]
        problems: list[str] = []
        for first in range(0, len(schedules), AT_ONCE):
            together = schedules[first : first + AT_ONCE]
            world.calendar.faults = WELL
            for each in together:
                await each.open()
            world.calendar.faults = WEATHER[first // AT_ONCE % len(WEATHER)]
            results = await asyncio.gather(*(each.run() for each in together), return_exceptions=True)
            problems += [
                f"{each.seed}: {result!r}"
                for each, result in zip(together, results, strict=True)
                if isinstance(result, BaseException)
            ]
        assert not problems, "\n".join(problems[:5])
        await world.settle()
        mails = await _mails(world.processes[0].database)
        for each in schedules:
            try:
                await check(each, mails)
            except AssertionError as error:
                problems.append(f"{each.seed}: {error}")
        assert not problems, f"{len(problems)} of {len(schedules)} failed\n" + "\n".join(problems[:5])
        met = sum((each.effects for each in schedules), Counter[str]())
        assert expected <= met.keys(), met


async def _mails(database: SqlDatabase) -> Counter[tuple[str, str]]:
    """How many mails the outbox holds, by tenant and booking."""
    found: Counter[tuple[str, str]] = Counter()
    far = NOW + timedelta(days=200)
    while True:
        async with database.write() as work:
            items = await work.outbox.lease(now=far, real=far, until=far + timedelta(days=1), limit=500)
        if not items:
            return found
        found.update((str(it.tenant), str(it.payload["reference"])) for it in items if it.kind == "mail")


async def test_three_hundred_schedules(sqlite_url: str) -> None:
    expected = {"booked", "moved", "cancelled", "held", "book 201", "book 409", "move 200", "cancel 200"}
    await deliver(sqlite_url, range(300), expected)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", range(10_000, 20_000, 1_000))
async def test_ten_thousand_schedules(sqlite_url: str, first: int) -> None:
    await deliver(sqlite_url, range(first, first + 1_000), {"booked", "book 201", "move 200", "cancel 200"})
