"""A day of three hundred guests against a calendar with its real request limit: within the budget, and with balanced books."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from booking_core.model.booking import BookingStatus
from tests.simulation.books import TENANT, check_calendar, check_claims, check_mails, check_told, our_bookings
from tests.simulation.simulated_talk import Talk
from tests.simulation.virtual_day import CallLog, Day, DayClock, DayGuest, arrivals, one_clock
from tests.support.demo import Demo, running_demo

BERLIN = ZoneInfo("Europe/Berlin")
MORNING, OPENS = datetime(2026, 3, 24, 8, tzinfo=BERLIN), datetime(2026, 3, 24, 9, tzinfo=BERLIN)
EVENING, NIGHT = datetime(2026, 3, 24, 17, 30, tzinfo=BERLIN), datetime(2026, 3, 24, 18, tzinfo=BERLIN)

MOST_CALLS = 100
"""In a minute with one key, of the 120 that the calendar allows."""
MOST_READS = 24
"""A fifth of the calendar's limit, for refreshing the mirror."""
READS_A_DAY = 2_000
COMPOSITES = {"root-colour", "perm", "full-colour"}


async def the_day(demo: Demo, guests: int, seed: int, every: timedelta) -> list[Talk]:
    """Let the guests come from nine to half past five, and the worker look ``every`` so often what is due to be read."""
    clock, services = demo.services.clock, demo.services
    assert isinstance(clock, DayClock)
    tenant = await services.tenants.tenant_of(TENANT)
    rng = random.Random(seed)

    async def other_duties() -> None:
        await services.worker.sweep()
        await services.worker.settle()

    day = Day(
        clock,
        # What is not about reading free time is also done on a nudge.
        [(every, lambda: services.mirror.refresh(tenant)), (timedelta(minutes=5), other_duties)],
        rng,
    )
    async with aiohttp.ClientSession(demo.base_url) as door:
        talks = [Talk(DayGuest(seed * 1000 + number), demo, tenant, door) for number in range(guests)]
        for at, talk in zip(arrivals(guests, OPENS, EVENING, rng), talks, strict=True):
            day.add_talk(at, talk)
        await day.run(NIGHT)
        # Webhooks come when they come; what they invalidate is read once more.
        await asyncio.sleep(0.2)
        await services.queue.settled()  # type: ignore[attr-defined]
        await day.run(NIGHT + timedelta(minutes=10))
    failed = [talk for talk in talks if talk.problem is not None]
    assert not failed, f"{len(failed)} of {len(talks)} failed\n" + "\n".join(map(str, failed[:3]))
    return talks


async def check_books(demo: Demo, talks: list[Talk]) -> tuple[int, int]:
    """Both calendars, the claims and the mails are equal; how many bookings were made, and how many of them composite."""
    tenant = await demo.services.tenants.tenant_of(TENANT)
    bookings = await our_bookings(demo)
    check_told(bookings, {reference: what for talk in talks for reference, what in talk.booked.items()})
    await check_calendar(demo, bookings)
    await check_claims(demo, bookings, tenant)
    await check_mails(demo, bookings, tenant.zone)
    made = [booking for booking in bookings if booking.status is not BookingStatus.FAILED]
    return len(made), sum(booking.service in COMPOSITES for booking in made)


def check_budget(log: CallLog) -> None:
    """Never refused, and within every share of the budget."""
    assert {call.status for call in log.calls} <= {200, 201}, "the calendar refused something"
    assert log.most_in_a_minute() <= MOST_CALLS
    assert log.most_in_a_minute("GET slots") <= MOST_READS
    assert log.by_kind()["GET slots"] <= READS_A_DAY


async def simulate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, guests: int, seed: int, every: timedelta = timedelta(seconds=30)
) -> dict[str, int | float]:
    """One day, checked; its figures."""
    with one_clock(monkeypatch) as log:
        async with running_demo(folder, work=False, FERMATA_NOW=MORNING.replace(tzinfo=None).isoformat()) as demo:
            started = len(log.calls)
            talks = await the_day(demo, guests, seed, every)
            made, composite = await check_books(demo, talks)
    check_budget(log)
    kinds = log.by_kind()
    changes = sum(len(talk.moves) for talk in talks)
    entries = kinds["POST bookings"]
    return {
        "guests": guests,
        "turns": changes,
        "bookings": made,
        "composite": composite,
        "calls": len(log.calls),
        "at start": started,
        "reads": kinds["GET slots"],
        "entries": entries,
        "most in a minute": log.most_in_a_minute(),
        "most reads in a minute": log.most_in_a_minute("GET slots"),
        "calls per booking, reads aside": round((len(log.calls) - started - kinds["GET slots"]) / made, 2),
        **kinds,
    }


@pytest.mark.timeout(600)
async def test_a_day_of_three_hundred_guests_stays_within_the_budget_and_leaves_balanced_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = await simulate(tmp_path, monkeypatch, guests=300, seed=1)
    assert figures["bookings"] >= 100, figures
    assert figures["composite"] >= 30, figures


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2, 8))
async def test_a_day_of_six_hundred_guests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    figures = await simulate(tmp_path, monkeypatch, guests=600, seed=seed, every=timedelta(seconds=5))
    assert figures["bookings"] >= 200, figures
