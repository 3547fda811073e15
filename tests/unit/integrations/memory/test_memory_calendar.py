"""What only the calendar in memory can do: races, slowness and faults at will, the same every time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking_core.errors import CalendarUnavailable, RateLimited, Refused
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Entry, EntryRequest
from integrations.memory.calendar import MemoryCalendar
from integrations.memory.calendar_faults import CalendarFaults
from integrations.memory.virtual_time import VirtualClock, VirtualTimeLoop
from tests.support.calendars import ANNA, CUT, SALON, Directory, example_salon

THURSDAY = datetime(2026, 3, 26, 13, tzinfo=UTC)
DAY = Interval(THURSDAY - timedelta(hours=13), THURSDAY + timedelta(hours=11))


def request(after: float = 0, reference: str = "h.0") -> EntryRequest:
    start = THURSDAY + timedelta(minutes=after)
    return EntryRequest(
        SALON, CUT, 0, ANNA, start, reference, "F7K2QX", "Guest", "c-1@alias.example", "Europe/Berlin", "de"
    )


def in_virtual_time(work: Callable[[MemoryCalendar], Awaitable[Any]], **settings: Any) -> Any:
    async def run() -> Any:
        clock = VirtualClock(asyncio.get_running_loop(), datetime(2026, 3, 24, 9, 15, tzinfo=UTC))
        calendar = MemoryCalendar(tenants=Directory(example_salon()), clock=clock, **settings)
        await calendar.push_event_types(SALON)
        return await work(calendar)

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(run())


async def rivals(calendar: MemoryCalendar, *after: float) -> list[Entry | BaseException]:
    calendar.faults = CalendarFaults(delay=(0.1, 0.2))
    return list(
        await asyncio.gather(
            *(calendar.create_entry(request(start, f"h.{number}")) for number, start in enumerate(after)),
            return_exceptions=True,
        )
    )


def test_no_race_gets_through_unless_wanted() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        results = await rivals(calendar, 0, 5, 10)
        assert sum(isinstance(it, Entry) for it in results) == 1
        assert {it.reason for it in results if isinstance(it, Refused)} == {"taken"}

    in_virtual_time(work)


def test_a_race_gets_through_as_at_cal_com_but_no_exact_duplicate() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        results = await rivals(calendar, 0, 5, 0)
        made = [it for it in results if isinstance(it, Entry)]
        assert sorted(it.starts_at for it in made) == [THURSDAY, THURSDAY + timedelta(minutes=5)]
        (refusal,) = [it for it in results if isinstance(it, Refused)]
        assert (refusal.status, refusal.reason) == (409, "taken")
        later = await rivals(calendar, 10)
        assert isinstance(later[0], Refused)
        assert later[0].status == 400

    in_virtual_time(work, race_seconds=1)


def test_a_move_that_raced_with_a_cancellation_wins_as_at_cal_com() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        made = await calendar.create_entry(request())
        moving = asyncio.create_task(
            calendar.move_entry(SALON, ANNA, made.uid, THURSDAY + timedelta(minutes=60), "moved")
        )
        await asyncio.sleep(0.5)
        calendar.cancel_outside(SALON, made.uid)
        moved = await moving
        assert await calendar.list_entries(SALON, ANNA, DAY) == [moved]

    in_virtual_time(work, race_seconds=1)


def test_a_call_goes_on_after_its_caller_gave_up() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        calendar.faults = CalendarFaults(delay=(8, 8))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await calendar.create_entry(request())
        assert calendar.entries(SALON) == []
        await asyncio.sleep(3.001)
        assert [it.reference for it in calendar.entries(SALON)] == ["h.0"]

    in_virtual_time(work)


def test_a_stalled_call_is_unavailable_and_still_takes_effect() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        loop = asyncio.get_running_loop()
        calendar.faults = CalendarFaults(stall_rate=1, stall=(40, 40))
        with pytest.raises(CalendarUnavailable):
            await calendar.create_entry(request())
        assert (loop.time(), calendar.entries(SALON)) == (30, [])
        await asyncio.sleep(11)
        assert len(calendar.entries(SALON)) == 1

    in_virtual_time(work)


def test_a_lost_answer_is_waited_for_in_vain() -> None:
    async def work(calendar: MemoryCalendar) -> float:
        calendar.faults = CalendarFaults(lost_rate=1)
        with pytest.raises(CalendarUnavailable):
            await calendar.create_entry(request())
        assert len(calendar.entries(SALON)) == 1
        return asyncio.get_running_loop().time()

    assert in_virtual_time(work, patience=7) == 7


def test_faults_come_as_often_as_asked_for_and_the_same_every_time() -> None:
    kinds = (RateLimited, CalendarUnavailable, Refused)

    async def work(calendar: MemoryCalendar) -> list[str]:
        calendar.faults = CalendarFaults(
            delay=(0.05, 2), stall_rate=0.05, error_rate=0.2, lost_rate=0.1, limit_rate=0.2, limit_seconds=9
        )
        seen = []
        for number in range(300):
            try:
                await calendar.create_entry(request(5 * number % 240, f"h.{number}"))
                seen.append("made")
            except kinds as error:
                seen.append(type(error).__name__)
                if isinstance(error, RateLimited):
                    assert error.retry_after == 9
        seen.append(str([(it.uid, it.reference, it.starts_at) for it in calendar.entries(SALON)]))
        seen.append(str(asyncio.get_running_loop().time()))
        return seen

    first = in_virtual_time(work, chance=random.Random(5))
    assert in_virtual_time(work, chance=random.Random(5)) == first
    assert in_virtual_time(work, chance=random.Random(6)) != first
    assert 30 < first.count("RateLimited") < 90
    assert 50 < first.count("CalendarUnavailable") < 130


def test_an_entry_that_was_put_elsewhere_in_place_is_the_same_one() -> None:
    async def work(calendar: MemoryCalendar) -> None:
        made = await calendar.create_entry(request())
        next_day = THURSDAY + timedelta(days=1)
        moved = calendar.move_outside(SALON, made.uid, next_day, in_place=True)
        assert (moved.uid, moved.starts_at) == (made.uid, next_day)
        assert await calendar.list_entries(SALON, ANNA, DAY) == []
        await calendar.cancel_entry(SALON, ANNA, made.uid, "gone")
        assert not calendar.entries(SALON)[0].live
        tomorrow = Interval(DAY.starts_at + timedelta(days=1), DAY.ends_at + timedelta(days=1))
        assert await calendar.list_entries(SALON, ANNA, tomorrow) == []

    in_virtual_time(work)
