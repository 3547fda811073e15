"""The mirror over a calendar that is well, slow, down, limited or without a probe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from booking_core.availability.day_bits import day_ticks
from booking_core.errors import CalendarUnavailable, Misconfigured, RateLimited
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval, day_interval, days_of, local
from booking_core.model.service import LocalText, Segment, Service
from booking_core.model.tenant import Policies, Staff, Tenant
from booking_core.ports.calendar import FreeTime
from booking_core.ports.mirror import Reading
from booking_core.services import mirror_memory
from booking_core.services.mirror import Mirror, Refreshed
from booking_core.services.refresh_plan import Pace
from integrations.sql import DatabaseBusy, SqlDatabase

BERLIN = ZoneInfo("Europe/Berlin")
ANNA, BEN = StaffId("anna"), StaffId("ben")
TODAY = date(2026, 3, 24)
SOON = 2.0
"""Seconds that a guest would wait in these tests."""


@dataclass
class SteppedClock:
    """Business time stands on a Tuesday in March; real time moves when told."""

    moment: datetime = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return datetime(2026, 3, 24, 9, 15, tzinfo=UTC)

    def real(self) -> datetime:
        return self.moment

    def step(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class MoodyCalendar:
    """Free from 9 to 17 in Berlin but for what is taken; answers as its mood has it."""

    clock: SteppedClock
    taken: set[tuple[StaffId, int]] = field(default_factory=set)
    calls: list[tuple[StaffId, date, date]] = field(default_factory=list)
    trouble: dict[StaffId | None, Exception] = field(default_factory=dict)
    gate: asyncio.Event | None = None

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        read_at = self.clock.real()
        first = asked.starts_at.astimezone(BERLIN).date()
        last = (asked.ends_at - timedelta(seconds=1)).astimezone(BERLIN).date()
        self.calls.append((staff, first, last))
        taken = {tick for member, tick in self.taken if member == staff}
        free = frozenset(
            tick
            for day in days_of(asked, BERLIN)
            for tick in Interval(local(day, time(9), BERLIN), local(day, time(17), BERLIN)).ticks()
            if tick not in taken
        )
        if self.gate is not None:
            await self.gate.wait()
        if error := self.trouble.get(staff) or self.trouble.get(None):
            raise error
        return FreeTime(staff, asked, free, read_at)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the mirror must not use {name}")


def salon(zone: str = "Europe/Berlin") -> Tenant:
    hours = WeeklyHours.parse({"tue": ["09:00-18:00"]})
    cut = Service("cut", LocalText({"de": "Schnitt"}), (Segment(30, (ANNA, BEN)),))  # type: ignore[arg-type]
    return Tenant(
        TenantId("salon"),
        "Salon",
        ZoneInfo(zone),
        ("de",),
        hours,
        (Staff(ANNA, "Anna", hours), Staff(BEN, "Ben", hours)),
        (cut,),
        Policies(horizon_days=60),
    )


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def calendar(clock: SteppedClock) -> MoodyCalendar:
    return MoodyCalendar(clock)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def mirror(database: SqlDatabase, calendar: MoodyCalendar, clock: SteppedClock) -> AsyncIterator[Mirror]:
    made = Mirror(database, calendar, clock)
    yield made
    await made.close()


def at(day: date, hour: float, minutes: float = 60) -> Interval:
    start = day_interval(day, BERLIN).starts_at + timedelta(hours=hour)
    return Interval(start, start + timedelta(minutes=minutes))


def days(first: int, count: int) -> Interval:
    begin, end = TODAY + timedelta(days=first), TODAY + timedelta(days=first + count - 1)
    return Interval(day_interval(begin, BERLIN).starts_at, day_interval(end, BERLIN).ends_at)


async def free(mirror: Mirror, span: Interval, staff: StaffId = ANNA) -> int:
    """How many ticks of the span are free."""
    view = await mirror.read(salon(), [staff], span, deadline=SOON)
    assert view.complete
    return view.free[staff].bit_count()


async def idle_tasks(mirror: Mirror) -> None:
    """Let what runs behind finish."""
    while mirror._tasks:
        await asyncio.wait(set(mirror._tasks))


async def test_days_never_read_are_read_with_one_call_per_person_and_run(
    mirror: Mirror, calendar: MoodyCalendar
) -> None:
    await mirror.read(salon(), [ANNA], days(2, 1), deadline=SOON)
    view = await mirror.read(salon(), [ANNA, BEN], days(0, 5), deadline=SOON)
    # In no order: both are asked at the same time.
    assert sorted(calendar.calls) == [
        (ANNA, TODAY, TODAY + timedelta(days=1)),
        (ANNA, TODAY + timedelta(days=2), TODAY + timedelta(days=2)),
        (ANNA, TODAY + timedelta(days=3), TODAY + timedelta(days=4)),
        (BEN, TODAY, TODAY + timedelta(days=4)),
    ]
    assert (view.base, view.length) == (day_ticks(TODAY, BERLIN).start, 5 * 288)
    assert view.free[ANNA] == view.free[BEN]
    assert view.free[ANNA].bit_count() == 5 * 8 * 12
    calendar.calls.clear()
    assert await mirror.read(salon(), [ANNA, BEN], days(0, 5), deadline=SOON) == view
    assert calendar.calls == []


async def test_the_view_lies_exactly_over_the_asked_span(mirror: Mirror) -> None:
    tenant, span = salon(), Interval(*(at(TODAY, 16.5, 60).starts_at, at(TODAY, 17.5, 60).starts_at))
    view = await mirror.read(tenant, [ANNA], span, deadline=SOON)
    assert (view.length, view.free[ANNA]) == (12, 0b111111)
    assert view.ticks_of(ANNA) == set(at(TODAY, 16.5, 30).ticks())


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 276), (date(2026, 10, 25), 300)])
async def test_days_with_a_change_of_the_clocks_are_whole(mirror: Mirror, day: date, length: int) -> None:
    view = await mirror.read(salon(), [ANNA], day_interval(day, BERLIN), deadline=SOON)
    assert view.length == length
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=BERLIN).astimezone(UTC)
    assert view.ticks_of(ANNA) == set(Interval(nine, nine + timedelta(hours=8)).ticks())


async def test_callers_at_the_same_moment_share_one_call(mirror: Mirror, calendar: MoodyCalendar) -> None:
    calendar.gate = asyncio.Event()
    readers = [
        asyncio.create_task(mirror.read(salon(), [ANNA], days(number % 2, 3), deadline=5)) for number in range(6)
    ]
    while len(calendar.calls) < 2:
        await asyncio.sleep(0)
    calendar.gate.set()
    assert all(view.complete for view in await asyncio.gather(*readers))
    # Whoever's look at the database ends first asks for its days, the rest is left to the others.
    asked = [
        first + timedelta(days=ahead)
        for _, first, last in calendar.calls
        for ahead in range((last - first).days + 1)
    ]
    assert len(calendar.calls) == 2
    assert sorted(asked) == [TODAY + timedelta(days=ahead) for ahead in range(4)]


async def test_a_dead_calendar_leaves_answers_and_their_age(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    read_at = clock.real()
    await mirror.read(salon(), [ANNA], days(0, 3), deadline=SOON)
    clock.step(3600)
    calendar.trouble[None] = CalendarUnavailable("down")
    view = await mirror.read(salon(), [ANNA], days(0, 3), deadline=SOON)
    assert view.complete
    assert view.fresh_at == read_at
    assert view.free[ANNA].bit_count() == 3 * 96


async def test_what_is_unknown_is_an_error_and_never_busy(mirror: Mirror, calendar: MoodyCalendar) -> None:
    await mirror.read(salon(), [ANNA], days(0, 2), deadline=SOON)
    calendar.trouble[None] = CalendarUnavailable("down")
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon(), [ANNA], days(0, 3), deadline=SOON)
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon(), [BEN], days(0, 2), deadline=SOON, partial=True)
    view = await mirror.read(salon(), [ANNA, BEN], days(0, 2), deadline=SOON, partial=True)
    assert view.missing == {BEN: (TODAY, TODAY + timedelta(days=1))}
    assert view.free[ANNA].bit_count() == 2 * 96
    calendar.trouble.clear()
    assert await free(mirror, days(0, 3)) == 3 * 96


async def test_a_missing_probe_is_unknown_too(mirror: Mirror, calendar: MoodyCalendar) -> None:
    calendar.trouble[BEN] = Misconfigured("no probe")
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon(), [BEN], days(0, 2), deadline=SOON)


async def test_a_slow_calendar_costs_the_deadline_and_what_it_says_is_kept(
    mirror: Mirror, calendar: MoodyCalendar
) -> None:
    calendar.gate = asyncio.Event()
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon(), [ANNA], days(0, 2), deadline=0.05)
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon(), [ANNA], days(0, 2), deadline=0.05)
    calendar.gate.set()
    await idle_tasks(mirror)
    assert await free(mirror, days(0, 2)) == 2 * 96
    assert len(calendar.calls) == 1


async def test_after_a_429_all_readings_wait_for_the_reset(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    calendar.trouble[ANNA] = RateLimited(retry_after=60)
    with pytest.raises(RateLimited):
        await mirror.read(salon(), [ANNA], days(0, 2), deadline=SOON)
    calendar.trouble.clear()
    clock.step(20)
    with pytest.raises(RateLimited) as limited:
        await mirror.read(salon(), [BEN], days(0, 2), deadline=SOON)
    assert limited.value.retry_after == 40
    assert await mirror.refresh(salon()) == Refreshed()
    assert len(calendar.calls) == 1
    clock.step(40)
    assert await free(mirror, days(0, 2), BEN) == 2 * 96


async def test_taken_time_is_busy_at_once_and_freed_time_waits_for_a_later_reading(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant, ten = salon(), at(TODAY, 10)
    await free(mirror, days(0, 60))
    await mirror.invalidate(tenant, ANNA, ten, freed=False)
    assert await free(mirror, ten) == 0
    clock.step(4.9)
    await mirror.refresh(tenant)  # reads Ben; Anna's day waits
    assert await free(mirror, ten) == 0
    clock.step(0.1)
    assert (await mirror.refresh(tenant)).calls == 1
    assert await free(mirror, ten) == 12  # it was cancelled meanwhile
    calendar.taken = {(ANNA, tick) for tick in ten.ticks()}
    await mirror.reread(tenant, [ANNA], TODAY, TODAY, deadline=SOON)
    assert await free(mirror, ten) == 0
    calendar.taken.clear()
    await mirror.invalidate(tenant, ANNA, ten, freed=True)
    clock.step(4)
    await mirror.reread(tenant, [ANNA], TODAY, TODAY, deadline=SOON)
    assert await free(mirror, ten) == 0
    clock.step(1)
    await mirror.refresh(tenant)
    assert await free(mirror, ten) == 12


async def test_a_reading_that_began_before_a_change_is_dropped(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant, ten = salon(), at(TODAY, 10)
    await free(mirror, days(0, 2))
    calendar.gate = asyncio.Event()
    reading = asyncio.create_task(mirror.reread(tenant, [ANNA], TODAY, TODAY, deadline=5))
    while len(calendar.calls) < 2:
        await asyncio.sleep(0)
    clock.step(1)
    await mirror.invalidate(tenant, ANNA, ten, freed=False)
    calendar.gate.set()
    assert await reading == ()
    assert await free(mirror, ten) == 0
    assert await free(mirror, at(TODAY, 9)) == 12


async def test_a_change_during_the_first_reading_does_not_cost_the_answer(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    ten = at(TODAY, 10)
    calendar.gate = asyncio.Event()
    reading = asyncio.create_task(mirror.read(salon(), [ANNA], days(0, 2), deadline=5))
    while not calendar.calls:
        await asyncio.sleep(0)
    clock.step(1)
    calendar.taken = {(ANNA, tick) for tick in ten.ticks()}
    await mirror.invalidate(salon(), ANNA, ten, freed=False)
    calendar.gate.set()
    view = await reading
    assert view.complete
    assert not view.ticks_of(ANNA) & set(ten.ticks())
    assert calendar.calls[1:] == [(ANNA, TODAY, TODAY)]


async def test_own_cancelled_time_is_free_at_once_and_looked_at_again(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant, ten = salon(), at(TODAY, 10)
    calendar.taken = {(ANNA, tick) for tick in ten.ticks()}
    await free(mirror, days(0, 60))
    await mirror.give_back(tenant, ANNA, ten)
    assert await free(mirror, ten) == 12
    clock.step(5)
    await mirror.refresh(tenant)
    assert await free(mirror, ten) == 0


async def test_after_a_refusal_the_day_is_read_and_the_time_stays_busy(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant, ten, eleven = salon(), at(TODAY, 10), at(TODAY, 11)
    await free(mirror, days(0, 60))
    clock.step(1)
    # The calendar still tells the refused hour from its cache; what it tells of the next one is news.
    calendar.taken = {(ANNA, tick) for tick in eleven.ticks()}
    await mirror.refuse(tenant, ANNA, ten, deadline=SOON)
    assert await free(mirror, ten) == 0
    assert await free(mirror, eleven) == 0
    clock.step(5)
    await mirror.refresh(tenant)
    assert await free(mirror, ten) == 12
    calendar.trouble[None] = CalendarUnavailable("down")
    await mirror.refuse(tenant, ANNA, ten, deadline=SOON)
    assert await free(mirror, ten) == 0


async def test_another_process_sees_every_change_with_its_next_look(
    mirror: Mirror, database: SqlDatabase, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    other = Mirror(database, calendar, clock)
    ten = at(TODAY, 10)
    assert await free(mirror, ten) == await free(other, ten) == 12
    await other.invalidate(salon(), ANNA, ten, freed=False)
    assert await free(mirror, ten) == 0
    await other.close()


async def test_a_stale_near_day_is_read_behind_the_answer_and_wished_once(
    mirror: Mirror, database: SqlDatabase, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant, ten = salon(), at(TODAY, 10)
    await mirror.read(tenant, [ANNA, BEN], days(0, 62), deadline=SOON)
    assert await mirror.refresh(tenant) == Refreshed()
    clock.step(61)
    assert await mirror.refresh(tenant) == Refreshed()
    calendar.calls.clear()
    calendar.taken = {(ANNA, tick) for tick in ten.ticks()}
    assert await free(mirror, ten) == 12
    assert await free(mirror, ten) == 12
    await idle_tasks(mirror)
    async with database.read() as work:
        assert (await work.mirror.versions(tenant.id)).asked == 1
    assert calendar.calls == []
    worker = Mirror(database, calendar, clock)
    assert await worker.refresh(tenant) == Refreshed(1)
    assert calendar.calls == [(ANNA, TODAY, TODAY + timedelta(days=7))]
    assert await free(mirror, ten) == 0
    await worker.close()


async def test_one_round_fills_the_horizon_and_an_idle_one_asks_nothing(
    mirror: Mirror, database: SqlDatabase, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant = salon()
    assert await mirror.refresh(tenant) == Refreshed(4)
    assert await mirror.refresh(tenant) == Refreshed()
    view = await mirror.read(tenant, [ANNA, BEN], days(0, 61), deadline=0)
    assert view.complete
    async with database.read() as work:
        assert await work.mirror.reading(tenant.id) == Reading(None, clock.real().date(), 4)
    clock.step(15 * 60)
    calendar.calls.clear()
    assert (await mirror.refresh(tenant)).calls == 2
    assert {(first, last) for _, first, last in calendar.calls} == {(TODAY, TODAY + timedelta(days=30))}


async def test_only_the_holder_of_the_lease_refreshes(
    mirror: Mirror, database: SqlDatabase, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    async with database.write() as work:
        await work.mirror.lease(
            salon().id, "another", now=clock.real(), until=clock.real() + timedelta(seconds=60)
        )
    assert await mirror.refresh(salon()) == Refreshed()
    assert calendar.calls == []
    clock.step(60)
    assert (await mirror.refresh(salon())).calls == 4


async def test_who_cannot_be_read_is_told_and_left_alone_for_a_while(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    tenant = salon()
    broken = Misconfigured("no probe")
    calendar.trouble = {BEN: broken, ANNA: CalendarUnavailable("down")}
    failed = (await mirror.refresh(tenant)).failed
    assert {staff for staff, _ in failed} == {ANNA, BEN}
    assert (BEN, broken) in failed
    calendar.calls.clear()
    assert await mirror.refresh(tenant) == Refreshed()
    clock.step(21)
    calendar.trouble = {BEN: broken}
    assert (await mirror.refresh(tenant)).calls == 2
    assert {staff for staff, *_ in calendar.calls} == {ANNA}
    clock.step(300)
    calendar.trouble.clear()
    await mirror.refresh(tenant)
    assert {staff for staff, *_ in calendar.calls} == {ANNA, BEN}


async def test_a_busy_database_is_no_calendar_that_refuses(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    calendar.trouble[None] = DatabaseBusy()
    await mirror.refresh(salon())
    calendar.trouble.clear()
    calendar.calls.clear()
    clock.step(21)
    await mirror.refresh(salon())
    assert {staff for staff, *_ in calendar.calls} == {ANNA, BEN}


async def test_an_outage_may_last_for_as_long_as_it_likes(
    mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock
) -> None:
    calendar.trouble[None] = CalendarUnavailable("away")
    for _ in range(60):
        refreshed = await mirror.refresh(salon())
        assert refreshed.failed
        clock.step(61)


async def test_the_memory_may_run_full_between_two_of_a_look(
    mirror: Mirror, database: SqlDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_memory, "_MOST_JOINED", 3)
    both = await mirror.read(salon(), [ANNA, BEN], days(0, 8), deadline=SOON)
    async with database.read() as work:
        for first in (1, 0):
            await mirror.look(work, salon(), [ANNA], days(first, 1))
        view = await mirror.look(work, salon(), [ANNA, BEN], days(0, 1))
    assert view.complete
    assert view.free == {staff: bits & ((1 << view.length) - 1) for staff, bits in both.free.items()}


async def test_a_429_ends_the_round(mirror: Mirror, calendar: MoodyCalendar, clock: SteppedClock) -> None:
    mirror.pace = Pace(longest_run=2)
    calendar.trouble[None] = RateLimited(retry_after=30)
    refreshed = await mirror.refresh(salon())
    assert refreshed.calls <= 4
    assert len(calendar.calls) <= 4
    calls = len(calendar.calls)
    clock.step(29)
    await mirror.refresh(salon())
    assert len(calendar.calls) == calls


async def test_after_a_change_of_zone_nothing_of_the_old_days_is_believed(
    mirror: Mirror, calendar: MoodyCalendar
) -> None:
    await mirror.read(salon(), [ANNA], days(0, 2), deadline=SOON)
    calendar.trouble[None] = CalendarUnavailable("down")
    with pytest.raises(CalendarUnavailable):
        await mirror.read(salon("America/New_York"), [ANNA], days(0, 2), deadline=SOON)


async def test_changes_far_away_or_long_ago_touch_nothing(mirror: Mirror, database: SqlDatabase) -> None:
    long_ago = at(TODAY - timedelta(days=9), 10)
    endless = Interval(day_interval(TODAY, BERLIN).starts_at, datetime(9000, 1, 1, tzinfo=UTC))
    far = at(TODAY + timedelta(days=500), 10)
    for interval in (long_ago, far, endless):
        await mirror.invalidate(salon(), ANNA, interval, freed=False)
    async with database.read() as work:
        rows = await work.mirror.days(salon().id, ["staff:anna"], date(2020, 1, 1), date(9000, 1, 1))  # type: ignore[list-item]
    assert {row.local_date for row in rows} <= {TODAY + timedelta(days=number) for number in range(401)}
