"""Bookings at many salons while their calendar fails, loses answers, refuses, hangs and is down; then the books are balanced.

Every answer comes in time and is a yes, a promise or a clear no; after recovery nothing is double, orphaned or lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.simulation.weather import DEADLINE, SLACK, Client, House, balance, open_house

ROUGH: dict[str, Any] = {"error_rate": 0.1, "timeout_after_commit_rate": 0.1}


async def serve(house: House, clients: Sequence[Client], *, at_once: int) -> None:
    chairs = asyncio.Semaphore(at_once)

    async def one(client: Client) -> None:
        async with chairs:
            await client.run()

    await asyncio.gather(*(one(client) for client in clients))


async def a_bad_day(
    url: str, folder: Path, *, salons: int, bookings: int, at_once: int, hang_seconds: float
) -> Counter[str]:
    async with open_house(url, folder, salons) as house:
        clients = [Client(number, house) for number in range(bookings)]
        share = len(clients) // 20
        # Most in rough weather, and a few each in bursts of 429, while calls hang, and while everything is down.
        rough, limited, hanging, down = (
            clients[: 14 * share],
            clients[14 * share : 16 * share],
            clients[16 * share : 18 * share],
            clients[18 * share :],
        )
        await house.weather(**ROUGH, seed=1)
        await serve(house, rough, at_once=at_once)
        await house.weather(**ROUGH, seed=2, rate_limit=2)
        await serve(house, limited, at_once=at_once)
        await house.weather(delay_ms=round(hang_seconds * 1000))
        await serve(house, hanging, at_once=at_once)
        # What hangs is carried out at its end, whoever waits for it.
        await asyncio.sleep(hang_seconds + 1)
        await house.weather(down=True)
        await serve(house, down, at_once=at_once)
        await house.recover()
        slowest = max(client.slowest for client in clients)
        assert slowest <= 2 * DEADLINE + SLACK, slowest
        return await balance(house, clients)


async def test_a_hundred_bookings_at_four_salons(sqlite_url: str, tmp_path: Path) -> None:
    seen = await a_bad_day(sqlite_url, tmp_path, salons=4, bookings=120, at_once=12, hang_seconds=4)
    assert {"book 201", "book 202", "book 409", "move 200", "cancel 200"} <= seen.keys(), seen
    assert seen["confirmed"] > 30, seen


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_a_thousand_bookings_at_twenty_salons(sqlite_url: str, tmp_path: Path) -> None:
    seen = await a_bad_day(sqlite_url, tmp_path, salons=20, bookings=1000, at_once=25, hang_seconds=30)
    assert seen["confirmed"] > 300, seen
