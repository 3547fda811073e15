"""Hundreds of guests at once, each with a seed, on one demo: every answer keeps the contract and the books balance.

A failing seed prints its whole dialogue.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import pytest

from tests.simulation.books import (
    TENANT,
    check_calendar,
    check_claims,
    check_mails,
    check_privacy,
    check_told,
    our_bookings,
)
from tests.simulation.guests import SimulatedGuest
from tests.simulation.simulated_talk import Talk
from tests.support.demo import Demo, running_demo

AT_ONCE = 10


async def simulate(folder: Path, seeds: Iterable[int]) -> None:
    """Let the guests of these seeds talk, so many at once, and balance the books."""
    async with running_demo(folder) as demo, aiohttp.ClientSession(demo.base_url) as door:
        await demo.sandbox.put("/_sandbox/faults", json={"rate_limit": 100_000})
        tenant = await demo.services.tenants.tenant_of(TENANT)
        talks = [Talk(SimulatedGuest(seed), demo, tenant, door) for seed in seeds]
        chairs = asyncio.Semaphore(AT_ONCE)

        async def visit(talk: Talk) -> None:
            async with chairs:
                await talk.run()

        await asyncio.gather(*(visit(talk) for talk in talks))
        failed = [talk for talk in talks if talk.problem is not None]
        assert not failed, f"{len(failed)} of {len(talks)} failed\n" + "\n".join(map(str, failed[:3]))
        check_variety(talks)
        await all_sent(demo)
        bookings = await our_bookings(demo)
        told = {reference: what for talk in talks for reference, what in talk.booked.items()}
        assert {booking.reference for booking in bookings if booking.status != "failed"} == told.keys()
        check_told(bookings, told)
        await check_calendar(demo, bookings)
        await check_claims(demo, bookings, tenant)
        await check_mails(demo, bookings, tenant.zone)
        addresses = [talk.guest.email for talk in talks if talk.guest.email]
        phones = [re.sub(r"\D", "", talk.guest.phone)[1:] for talk in talks if talk.guest.phone]
        await check_privacy(demo, [*addresses, *phones])


async def all_sent(demo: Demo) -> None:
    """Wait until nothing is left in the outbox; what the demo's own worker has in its hands is not ours to send."""
    async with asyncio.timeout(120):
        while await demo.services.worker.depth():
            await demo.services.worker.sweep()
            await asyncio.sleep(0.2)


def check_variety(talks: list[Talk]) -> None:
    """The guests must have met nearly everything, else the rest proves little."""
    codes = Counter(answer["outcome"]["code"] for talk in talks for answer in talk.answers)
    missing = {
        "booked",
        "moved",
        "cancelled",
        "offers",
        "held",
        "closed_day",
        "outside_hours",
        "in_past",
    } - codes.keys()
    assert not missing, f"nobody met {missing}: {codes}"
    assert codes["booked"] > len(talks) / 5, codes
    assert any(move.twice for talk in talks for move in talk.moves)


async def test_three_hundred_guests_leave_balanced_books(tmp_path: Path) -> None:
    await simulate(tmp_path, range(300))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", [1_000, 2_000, 3_000])
async def test_a_thousand_guests_leave_balanced_books(tmp_path: Path, first: int) -> None:
    await simulate(tmp_path, range(first, first + 1_000))
