"""The port ``Calendar``: the calendar in memory answers as Cal.com does through its gateway."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking_core.errors import CalendarUnavailable, Misconfigured, RateLimited, Refused
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.interval import Interval, tick_of
from booking_core.model.service import LocalText, Segment, Service
from booking_core.ports.calendar import Entry, EntryRequest
from tests.support.calendars import ANNA, BEN, COLOUR, CUT, SALON, CalendarWorld

ALIAS = "c-0123456789ab@alias.example"
THURSDAY = datetime(2026, 3, 26, 13, tzinfo=UTC)  # 14:00 in Berlin
DAY = Interval(datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 3, 27, tzinfo=UTC))


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


def request(
    starts_at: datetime = THURSDAY,
    *,
    staff: StaffId = ANNA,
    service: ServiceId = CUT,
    segment: int = 0,
    reference: str = "hold1.0",
    alias: str = ALIAS,
) -> EntryRequest:
    return EntryRequest(
        tenant=SALON,
        service=service,
        segment=segment,
        staff=staff,
        starts_at=starts_at,
        reference=reference,
        booking="F7K2QX",
        attendee_name="Jürgen Groß",
        attendee_alias=alias,
        attendee_zone="Europe/Berlin",
        attendee_language="de",
    )


def ticks(starts_at: datetime, length: int) -> set[int]:
    return set(range(tick_of(starts_at), tick_of(starts_at) + length // 5))


async def free(world: CalendarWorld, staff: StaffId = ANNA, asked: Interval = DAY) -> frozenset[int]:
    answer = await world.calendar.read_free_time(SALON, staff, asked)
    assert (answer.staff, answer.asked) == (staff, asked)
    return answer.ticks


async def find(world: CalendarWorld, reference: str = "hold1.0", alias: str = ALIAS) -> Entry | None:
    near = Interval(THURSDAY, THURSDAY + minutes(30))
    return await world.calendar.find_entry(SALON, ANNA, alias, reference, near)


async def listed(world: CalendarWorld, window: Interval = DAY, staff: StaffId = ANNA) -> list[Entry]:
    return list(await world.calendar.list_entries(SALON, staff, window))


async def test_free_time_is_the_hours_without_entries(world: CalendarWorld) -> None:
    nine, one = THURSDAY.replace(hour=8), THURSDAY.replace(hour=12)
    before = await free(world)
    assert before == ticks(nine, 210) | ticks(one, 300)
    await world.calendar.create_entry(request())
    # Off the grid at both ends: every tick it touches is taken.
    await world.book_outside(ANNA, THURSDAY + minutes(67), 16)
    taken = ticks(THURSDAY, 45) | ticks(THURSDAY + minutes(65), 20)
    assert before - await free(world) == taken
    assert await free(world, BEN) == before


async def test_only_what_was_asked_is_told_and_only_whole_ticks(world: CalendarWorld) -> None:
    asked = Interval(THURSDAY + minutes(2), THURSDAY + minutes(21))
    assert await free(world, asked=asked) == ticks(THURSDAY + minutes(5), 15)
    assert await free(world, asked=Interval(THURSDAY, THURSDAY)) == set()


async def test_what_is_past_is_not_free(world: CalendarWorld) -> None:
    today = Interval(datetime(2026, 3, 24, tzinfo=UTC), datetime(2026, 3, 25, tzinfo=UTC))
    assert min(await free(world, asked=today)) == tick_of(datetime(2026, 3, 24, 9, 15, tzinfo=UTC))
    monday = Interval(today.starts_at - timedelta(days=6), today.starts_at)
    assert await free(world, asked=monday) == set()


async def test_free_time_keeps_the_wall_clock_when_the_clocks_change(world: CalendarWorld) -> None:
    friday, tuesday = datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
    found = await free(world, asked=Interval(friday, tuesday + timedelta(days=1)))
    assert min(found) == tick_of(friday.replace(hour=8))
    assert max(found) == tick_of(tuesday.replace(hour=15, minute=55))
    assert tick_of(tuesday.replace(hour=7)) in found


async def test_changed_hours_are_seen_and_kept_to(world: CalendarWorld) -> None:
    await world.change_hours(ANNA, "thu", "14:00-15:00")
    assert await free(world) == ticks(THURSDAY, 60)
    await world.calendar.create_entry(request())
    with pytest.raises(Refused) as caught:
        await world.calendar.create_entry(request(THURSDAY + minutes(60), reference="hold2.0"))
    assert caught.value.reason == "taken"
    assert len(await free(world, BEN)) == 102


async def test_an_entry_is_created_found_and_read(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    assert (made.staff, made.starts_at, made.live, made.reference) == (ANNA, THURSDAY, True, "hold1.0")
    assert await find(world) == made
    assert await find(world, "hold1.1") is None
    assert await find(world, alias="c-ffffffffffff@alias.example") is None
    assert await world.calendar.get_entry(SALON, ANNA, made.uid) == made
    assert await world.calendar.get_entry(SALON, ANNA, "nope") is None
    assert await listed(world) == [made]


async def test_an_entry_far_from_where_it_is_looked_for_is_not_found(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    for days, expected in [(-1, made), (1, made), (-3, None), (3, None)]:
        start = THURSDAY + timedelta(days=days)
        near = Interval(start - minutes(60), start + minutes(60))
        assert await world.calendar.find_entry(SALON, ANNA, ALIAS, "hold1.0", near) == expected


@pytest.mark.parametrize(
    ("staff", "service", "segment", "length"),
    [(ANNA, CUT, 0, 45), (BEN, CUT, 0, 55), (ANNA, COLOUR, 0, 55), (ANNA, COLOUR, 1, 75)],
)
async def test_an_entry_lasts_as_long_as_it_takes_its_staff(
    world: CalendarWorld, staff: StaffId, service: ServiceId, segment: int, length: int
) -> None:
    made = await world.calendar.create_entry(request(staff=staff, service=service, segment=segment))
    assert made.ends_at - made.starts_at == minutes(length)


async def test_instants_may_come_in_any_zone_and_go_out_in_utc(world: CalendarWorld) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    made = await world.calendar.create_entry(request(THURSDAY.astimezone(berlin)))
    moved = await world.calendar.move_entry(
        SALON, ANNA, made.uid, (THURSDAY + minutes(60)).astimezone(berlin), "moved"
    )
    for entry, start in [(made, THURSDAY), (moved, THURSDAY + minutes(60))]:
        assert (entry.starts_at, entry.ends_at) == (start, start + minutes(45))
        assert entry.starts_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("shift", [-40, 0, 25])
async def test_a_taken_time_is_refused(world: CalendarWorld, shift: float) -> None:
    await world.book_outside(ANNA, THURSDAY, 30)
    with pytest.raises(Refused) as caught:
        await world.calendar.create_entry(request(THURSDAY + minutes(shift)))
    assert (caught.value.reason, caught.value.status) == ("taken", 400)
    assert len(await listed(world)) == 1


@pytest.mark.parametrize("shift", [-45, 30])
async def test_neighbours_do_not_disturb_each_other(world: CalendarWorld, shift: float) -> None:
    await world.book_outside(ANNA, THURSDAY, 30)
    assert (await world.calendar.create_entry(request(THURSDAY + minutes(shift)))).live
    assert (await world.calendar.create_entry(request(staff=BEN, reference="hold1.1"))).live


@pytest.mark.parametrize("hour", [7, 11, 16, 20])
async def test_a_closed_time_is_refused_as_taken(world: CalendarWorld, hour: int) -> None:
    with pytest.raises(Refused) as caught:
        await world.calendar.create_entry(request(THURSDAY.replace(hour=hour, minute=30)))
    assert (caught.value.reason, caught.value.status) == ("taken", 400)


async def test_the_past_is_refused_as_notice(world: CalendarWorld) -> None:
    for start in (datetime(2026, 3, 20, 10, tzinfo=UTC), world.clock.instant.replace(minute=10, second=0)):
        with pytest.raises(Refused) as caught:
            await world.calendar.create_entry(request(start))
        assert (caught.value.reason, caught.value.status) == ("notice", 400)


async def test_of_two_creates_at_once_one_of_the_same_time_is_refused(world: CalendarWorld) -> None:
    results = await asyncio.gather(
        *(world.calendar.create_entry(request(reference=f"hold{number}.0")) for number in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(it, Entry) for it in results) == 1
    refusals = [it for it in results if isinstance(it, Refused)]
    assert {it.reason for it in refusals} == {"taken"}
    assert {it.status for it in refusals} <= {400, 409}
    assert len(await listed(world)) == 1


async def test_a_moved_entry_keeps_its_reference_and_gets_a_new_uid(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    later = THURSDAY + minutes(15)
    moved = await world.calendar.move_entry(SALON, ANNA, made.uid, later, "guest asked")
    assert moved.uid != made.uid
    assert moved.entry_id != made.entry_id
    assert replace(moved, uid=made.uid, entry_id=made.entry_id) == replace(
        made, starts_at=later, ends_at=later + minutes(45)
    )
    assert await world.calendar.get_entry(SALON, ANNA, made.uid) == replace(made, live=False)
    assert await find(world) == moved
    assert await listed(world) == [moved]
    assert tick_of(THURSDAY) in await free(world)


async def test_an_entry_cannot_be_moved_twice_from_the_same_place(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    moved = await world.calendar.move_entry(SALON, ANNA, made.uid, THURSDAY + minutes(60), "guest asked")
    await world.calendar.cancel_entry(SALON, ANNA, moved.uid, "guest asked")
    for uid in (made.uid, moved.uid):
        with pytest.raises(Refused) as caught:
            await world.calendar.move_entry(SALON, ANNA, uid, THURSDAY, "again")
        assert (caught.value.reason, caught.value.status) == ("gone", 400)
    with pytest.raises(Refused) as caught:
        await world.calendar.move_entry(SALON, ANNA, "nope", THURSDAY, "again")
    assert (caught.value.reason, caught.value.status) == ("gone", 404)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (THURSDAY + minutes(50), "taken"),
        (THURSDAY.replace(hour=20), "taken"),
        (datetime(2026, 3, 20, 10, tzinfo=UTC), "notice"),
    ],
)
async def test_after_a_refused_move_the_old_entry_stands(
    world: CalendarWorld, start: datetime, reason: str
) -> None:
    made = await world.calendar.create_entry(request())
    await world.book_outside(ANNA, THURSDAY + minutes(60), 30)
    with pytest.raises(Refused) as caught:
        await world.calendar.move_entry(SALON, ANNA, made.uid, start, "guest asked")
    assert (caught.value.reason, caught.value.status) == (reason, 400)
    assert await find(world) == made


async def test_cancelling_twice_is_success_and_frees_the_time(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    moved = await world.calendar.move_entry(SALON, ANNA, made.uid, THURSDAY + minutes(5), "guest asked")
    for uid in (moved.uid, moved.uid, made.uid):
        await world.calendar.cancel_entry(SALON, ANNA, uid, "guest asked")
    assert await world.calendar.get_entry(SALON, ANNA, moved.uid) == replace(moved, live=False)
    assert await find(world) is None
    assert await listed(world) == []
    assert (await world.calendar.create_entry(request(reference="hold2.0"))).live
    with pytest.raises(Refused) as caught:
        await world.calendar.cancel_entry(SALON, ANNA, "nope", "guest asked")
    assert (caught.value.reason, caught.value.status) == ("gone", 404)


async def test_what_has_ended_is_not_cancelled(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    world.clock.instant = made.ends_at
    with pytest.raises(Refused) as caught:
        await world.calendar.cancel_entry(SALON, ANNA, made.uid, "too late")
    assert (caught.value.reason, caught.value.status) == ("other", 400)
    assert await listed(world) == [made]


async def test_of_two_entries_of_one_reference_the_oldest_is_found(world: CalendarWorld) -> None:
    first = await world.calendar.create_entry(request(THURSDAY + minutes(60)))
    second = await world.calendar.create_entry(request())
    assert await find(world) == first
    await world.calendar.cancel_entry(SALON, ANNA, first.uid, "twice")
    assert await find(world) == second


async def test_foreign_entries_are_listed_without_reference(world: CalendarWorld) -> None:
    ours = await world.calendar.create_entry(request())
    foreign = await world.book_outside(ANNA, THURSDAY + minutes(10), 60)
    await world.book_outside(BEN, THURSDAY, 60)
    window = Interval(THURSDAY + minutes(20), THURSDAY + minutes(25))
    assert [(it.uid, it.reference, it.staff) for it in await listed(world, window)] == [
        (ours.uid, "hold1.0", ANNA),
        (foreign, None, ANNA),
    ]
    touching = Interval(THURSDAY + minutes(70), THURSDAY + minutes(80))
    assert await listed(world, touching) == []


async def test_entries_of_a_past_window_are_listed(world: CalendarWorld) -> None:
    start = datetime(2026, 3, 24, 8, tzinfo=UTC)
    uid = await world.book_outside(ANNA, start, 30)
    assert [it.uid for it in await listed(world, Interval(start, start + minutes(60)))] == [uid]


async def test_staff_move_and_cancel_what_we_made(world: CalendarWorld) -> None:
    made = await world.calendar.create_entry(request())
    # Staff may put it anywhere, also onto something else and outside of the hours.
    await world.book_outside(ANNA, THURSDAY.replace(hour=20), 30)
    uid = await world.move_outside(made.uid, THURSDAY.replace(hour=20))
    assert uid != made.uid
    moved = await find(world)
    assert moved is not None
    assert (moved.uid, moved.starts_at, moved.reference) == (uid, THURSDAY.replace(hour=20), "hold1.0")
    await world.cancel_outside(uid)
    assert await find(world) is None
    await world.calendar.cancel_entry(SALON, ANNA, uid, "guest asked")


@pytest.mark.parametrize("fault", ["down", "fail"])
async def test_without_an_answer_the_calendar_is_unavailable_and_nothing_is_done(
    world: CalendarWorld, fault: str
) -> None:
    made = await world.calendar.create_entry(request())
    await (world.down() if fault == "down" else world.fail())
    later = THURSDAY + minutes(60)
    calendar = world.calendar
    for call in (
        calendar.create_entry(request(later, reference="hold2.0")),
        calendar.move_entry(SALON, ANNA, made.uid, later, "guest asked"),
        calendar.cancel_entry(SALON, ANNA, made.uid, "guest asked"),
        calendar.read_free_time(SALON, ANNA, DAY),
        calendar.list_entries(SALON, ANNA, DAY),
        calendar.get_entry(SALON, ANNA, made.uid),
        calendar.ping(),
    ):
        with pytest.raises(CalendarUnavailable) as caught:
            await call
        assert not isinstance(caught.value, RateLimited)
        assert caught.value.retry_after > 0
    await world.well()
    await calendar.ping()
    assert await listed(world) == [made]


async def test_what_was_done_is_found_after_its_answer_got_lost(world: CalendarWorld) -> None:
    await world.lose_answers()
    with pytest.raises(CalendarUnavailable):
        await world.calendar.create_entry(request())
    await world.well()
    made = await find(world)
    assert made is not None
    await world.lose_answers()
    with pytest.raises(CalendarUnavailable):
        await world.calendar.move_entry(SALON, ANNA, made.uid, THURSDAY + minutes(60), "guest asked")
    await world.well()
    moved = await find(world)
    assert moved is not None
    assert (moved.starts_at, moved.uid == made.uid) == (THURSDAY + minutes(60), False)
    await world.lose_answers()
    with pytest.raises(CalendarUnavailable):
        await world.calendar.cancel_entry(SALON, ANNA, moved.uid, "guest asked")
    await world.well()
    assert await find(world) is None


async def test_a_limit_is_told_with_its_wait_and_nothing_is_done(world: CalendarWorld) -> None:
    await world.limit()
    with pytest.raises(RateLimited) as caught:
        await world.calendar.create_entry(request())
    assert 0 < caught.value.retry_after <= 60
    await world.well()
    assert await find(world) is None


async def test_a_push_is_repeatable_and_can_be_tried(world: CalendarWorld) -> None:
    everything = ("probe@anna", "cut.1@anna", "colour.1@anna", "colour.2@anna", "probe@ben", "cut.1@ben")
    again = await world.calendar.push_event_types(SALON)
    assert (again.created, again.updated, again.unchanged) == ((), (), everything)
    tried = await world.calendar.push_event_types(SALON, dry_run=True)
    assert tried == again


async def test_a_push_follows_the_tenants_description(world: CalendarWorld) -> None:
    salon = world.directory.tenant
    cut, colour = salon.services
    longer = replace(cut, segments=(replace(cut.segments[0], work_minutes=60),))
    beard = Service(ServiceId("beard"), LocalText({"de": "Bart"}), (Segment(15, (BEN,)),))
    world.directory.tenant = replace(salon, services=(longer, colour, beard))
    tried = await world.calendar.push_event_types(SALON, dry_run=True)
    with pytest.raises(Misconfigured):
        await world.calendar.create_entry(request(staff=BEN, service=beard.id))
    pushed = await world.calendar.push_event_types(SALON)
    assert pushed == tried
    assert (pushed.created, pushed.updated) == (("beard.1@ben",), ("cut.1@anna",))
    assert "cut.1@ben" in pushed.unchanged
    made = await world.calendar.create_entry(request())
    assert made.ends_at - made.starts_at == minutes(75)
    assert (await world.calendar.create_entry(request(staff=BEN, service=beard.id))).live


async def test_what_is_unknown_is_misconfigured(world: CalendarWorld) -> None:
    for call in (
        world.calendar.create_entry(request(service=ServiceId("massage"))),
        world.calendar.create_entry(request(staff=BEN, service=COLOUR)),
        world.calendar.create_entry(request(staff=StaffId("nobody"))),
        world.calendar.read_free_time(SALON, StaffId("nobody"), DAY),
        world.calendar.list_entries(SALON, StaffId("nobody"), DAY),
        world.calendar.get_entry(SALON, StaffId("nobody"), "uid"),
    ):
        with pytest.raises(Misconfigured):
            await call
