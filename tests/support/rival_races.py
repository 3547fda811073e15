"""What each of four processes does in a race. Every function here runs in a process of its own and begins with the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import httpx

from booking_core.errors import CalendarUnavailable
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import StaffId
from booking_core.model.slot import Hold, Plan
from booking_core.services.reschedule import Moved
from tests.support.rival_salon import shifted, variant
from tests.support.rival_services import PATIENCE_SECONDS, Rival, Setting, open_rival, reference_of
from tests.support.rival_world import book_outside
from tests.support.rivals import meet

PROCESSES = 4
_P = ParamSpec("_P")
_T = TypeVar("_T")


async def in_four_processes(
    pool: ProcessPoolExecutor,
    work: Callable[Concatenate[Setting, int, _P], _T],
    setting: Setting,
    *args: _P.args,
    **kwargs: _P.kwargs,
) -> list[_T]:
    """What each process made of it, while this one goes on serving the calendar."""
    futures = [pool.submit(work, setting, process, *args, **kwargs) for process in range(PROCESSES)]
    return await asyncio.gather(*(asyncio.wrap_future(future) for future in futures))


def race_for_variants(setting: Setting, process: int, rounds: Sequence[int], rivals: int) -> list[list[str]]:
    """For each round the bookings made here; every rival wants the round's time in one of its four variants.

    Every second one comes with a hold that has run out, so that holds and confirmations race with each other, too.
    """

    def want(rival: Rival, number: int, each: int) -> Awaitable[str | None]:
        position = PROCESSES * each + process
        late = each % 2 == 1
        return _booked(rival, f"{number}-{position}", variant(number, position), late=late)

    return _play(setting, rounds, rivals, want)


def race_for_shifts(setting: Setting, process: int, rounds: Sequence[int], rivals: int) -> list[list[str]]:
    """For each round the bookings made here; every rival wants to come five minutes later than the one before."""

    def want(rival: Rival, number: int, each: int) -> Awaitable[str | None]:
        position = PROCESSES * each + process
        return _booked(rival, f"{number}-{position}", shifted(number, position), late=each % 2 == 1)

    return _play(setting, rounds, rivals, want)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A hold of one guest that is about to run out."""

    number: int
    guest: str
    hold: Hold


def race_at_expiry(setting: Setting, process: int, expiring: Sequence[Expiring]) -> list[str | None]:
    """For each hold what was booked here: two processes confirm it just in time, two take its time over at its end."""

    async def play() -> list[str | None]:
        async with open_rival(setting) as rival:
            results: list[str | None] = []
            for turn, each in enumerate(expiring):
                await meet()
                if process < 2:
                    rival.clock.set(each.hold.expires_at - timedelta(seconds=0.2))
                    said = await rival.confirm(each.guest, each.hold.id, each.hold.plans[0])
                    results.append(reference_of(said))
                else:
                    await _handicap(turn)
                    rival.clock.set(each.hold.expires_at)
                    guest = f"{each.number}-taker-{process}"
                    results.append(await _booked(rival, guest, shifted(each.number, process - 1)))
            return results

    return asyncio.run(play())


@dataclass(frozen=True, slots=True)
class Changing:
    """A booking to be moved and cancelled at once, and the times that others want meanwhile.

    ``wants_old`` overlaps where it was, ``wants_new`` where it goes to; ``cancels`` is off in the negative control.
    """

    number: int
    booking: Booking
    to: Plan
    wants_old: Plan | None
    wants_new: Plan | None
    cancels: bool = True


def race_of_changes(setting: Setting, process: int, changing: Sequence[Changing]) -> list[str | None]:
    """For each booking what became of it here: moved by the first process, cancelled by the second; two book around it."""

    async def act(rival: Rival, each: Changing) -> str | None:
        match process:
            case 0:
                outcome = await rival.move(each.booking, each.to)
                return "moved" if isinstance(outcome, Moved) else None
            case 1:
                return await _cancelled(rival, each.booking) if each.cancels else None
            case 2:
                return await _booked(rival, f"{each.number}-new", each.wants_new) if each.wants_new else None
            case _:
                return await _insisted(rival, f"{each.number}-old", each.wants_old) if each.wants_old else None

    async def play() -> list[str | None]:
        async with open_rival(setting) as rival:
            results = []
            for turn, each in enumerate(changing):
                await meet()
                if process == 1:
                    await _handicap(turn)
                results.append(await act(rival, each))
            return results

    return asyncio.run(play())


@dataclass(frozen=True, slots=True)
class Outside:
    """A plan that our guests want, and an entry that somebody writes into the calendar itself."""

    number: int
    plan: Plan
    host: StaffId
    start: datetime
    minutes: int


def race_with_outside(setting: Setting, process: int, wanted: Sequence[Outside]) -> list[str | None]:
    """For each round what was booked here: by three guests of ours, and by the outside in the last process."""

    async def play() -> list[str | None]:
        async with (
            open_rival(setting) as rival,
            httpx.AsyncClient(base_url=setting.calendar, timeout=PATIENCE_SECONDS) as http,
        ):
            results: list[str | None] = []
            for turn, each in enumerate(wanted):
                await meet()
                if process < PROCESSES - 1:
                    results.append(await _booked(rival, f"{each.number}-{process}", each.plan))
                else:
                    await _handicap(turn // 3)
                    written = await book_outside(http, each.host, each.start, each.minutes)
                    results.append("outside" if written else None)
            return results

    return asyncio.run(play())


def _play(
    setting: Setting,
    rounds: Sequence[int],
    rivals: int,
    want: Callable[[Rival, int, int], Awaitable[str | None]],
) -> list[list[str]]:
    async def play() -> list[list[str]]:
        async with open_rival(setting) as rival:
            results = []
            for number in rounds:
                await meet()
                booked = await asyncio.gather(*(want(rival, number, each) for each in range(rivals)))
                results.append([reference for reference in booked if reference is not None])
            return results

    return asyncio.run(play())


async def _handicap(turn: int) -> None:
    """Who has less to do comes a little later, from turn to turn more, so that everybody is first some time."""
    await asyncio.sleep(0.015 * (turn % 6))


async def _booked(rival: Rival, guest: str, plan: Plan, *, late: bool = False) -> str | None:
    return reference_of(await rival.book(guest, plan, late=late))


async def _insisted(rival: Rival, guest: str, plan: Plan) -> str | None:
    """Try again and again, as often as it takes others to make room."""
    for attempt in range(20):
        if booked := await _booked(rival, f"{guest}-{attempt}", plan):
            return booked
        await asyncio.sleep(0.02)
    return None


async def _cancelled(rival: Rival, booking: Booking) -> str | None:
    try:
        after = await rival.cancel(booking)
    except CalendarUnavailable:
        # Told to the guest as "not now": the booking is being moved.
        return None
    return "cancelled" if after.status is BookingStatus.CANCELLED else None
