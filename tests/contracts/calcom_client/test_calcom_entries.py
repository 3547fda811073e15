"""Free time and entries through the whole stack: gateway, client, HTTP, sandbox."""

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import CalendarUnavailable, Misconfigured, RateLimited, Refused
from booking_core.model.interval import Interval, tick_of
from booking_core.ports.calendar import EntryRequest

HALF_HOUR = timedelta(minutes=30)


def request(starts_at, *, staff="anna", service="cut", segment=0, reference="hold1.0"):
    return EntryRequest(
        tenant="salon",
        service=service,
        segment=segment,
        staff=staff,
        starts_at=starts_at,
        reference=reference,
        booking="F7K2QX",
        attendee_name="Jürgen Groß",
        attendee_alias="c-0123456789ab@alias.example",
        attendee_zone="Europe/Berlin",
        attendee_language="de",
    )


def ticks(starts_at, minutes):
    return set(range(tick_of(starts_at), tick_of(starts_at) + minutes // 5))


def day_of(instant):
    midnight = instant.replace(hour=0, minute=0)
    return Interval(midnight, midnight + timedelta(days=1))


async def test_free_time_is_the_hours_without_bookings(pushed, sandbox, thursday):
    before = await pushed.read_free_time("salon", "anna", day_of(thursday))
    nine, one = thursday.replace(hour=8), thursday.replace(hour=12)
    assert before.ticks == ticks(nine, 210) | ticks(one, 300)

    await pushed.create_entry(request(thursday))
    await sandbox.outside_booking("anna", thursday + timedelta(hours=1, minutes=7), 16)
    after = await pushed.read_free_time("salon", "anna", day_of(thursday))
    taken = ticks(thursday, 30) | ticks(thursday + timedelta(hours=1, minutes=5), 20)
    assert before.ticks - after.ticks == taken
    assert (await pushed.read_free_time("salon", "ben", day_of(thursday))).ticks == before.ticks


async def test_free_time_keeps_the_wall_clock_over_the_change(pushed, spring_week):
    friday, tuesday = spring_week
    asked = Interval(friday.replace(hour=0), tuesday.replace(hour=23))
    free = (await pushed.read_free_time("salon", "anna", asked)).ticks
    assert tick_of(friday.replace(hour=8)) == min(free)
    assert max(free) == tick_of(tuesday.replace(hour=15, minute=55))
    assert tick_of(tuesday) in free, "09:00 in Berlin is 07:00 UTC after the change"
    assert tick_of(friday) not in free


async def test_a_probe_deleted_in_cal_com_is_misconfigured(pushed, world, http, sandbox, thursday):
    probe = next(link for link in world.stored if (link.staff, link.service) == ("anna", None))
    headers = {"Authorization": f"Bearer {world.keys['anna']}", "cal-api-version": "2024-06-14"}
    gone = await http.delete(f"{sandbox.base_url}/v2/event-types/{probe.event_type_id}", headers=headers)
    assert gone.is_success
    with pytest.raises(Misconfigured):
        await pushed.read_free_time("salon", "anna", day_of(thursday))


async def test_an_entry_is_created_found_and_read(pushed, sandbox, thursday):
    made = await pushed.create_entry(request(thursday))
    assert (made.starts_at, made.ends_at, made.live, made.reference) == (
        thursday,
        thursday + HALF_HOUR,
        True,
        "hold1.0",
    )
    near = Interval(thursday, thursday + HALF_HOUR)
    assert await pushed.find_entry("salon", "anna", "c-0123456789ab@alias.example", "hold1.0", near) == made
    assert await pushed.find_entry("salon", "anna", "c-0123456789ab@alias.example", "hold1.1", near) is None
    assert await pushed.find_entry("salon", "anna", "c-ffffffffffff@alias.example", "hold1.0", near) is None
    assert await pushed.get_entry("salon", "anna", made.uid) == made
    assert await pushed.get_entry("salon", "anna", "nope") is None
    [stored] = await sandbox.bookings()
    assert stored["metadata"] == {"fermataRef": "hold1.0", "fermataBooking": "F7K2QX", "fermataTenant": "salon"}
    assert stored["attendees"][0]["name"] == "Jürgen Groß"
    assert stored["location"] == "Kastanienallee 12, 10435 Berlin"


@pytest.mark.parametrize("minutes", [-25, 0, 25])
async def test_a_taken_time_is_refused_as_taken(pushed, sandbox, thursday, minutes):
    await sandbox.outside_booking("anna", thursday, 30)
    with pytest.raises(Refused) as caught:
        await pushed.create_entry(request(thursday + timedelta(minutes=minutes)))
    assert caught.value.reason == "taken"


async def test_the_past_is_refused_as_notice(pushed):
    with pytest.raises(Refused) as caught:
        await pushed.create_entry(request(datetime(2026, 3, 20, 10, tzinfo=UTC)))
    assert caught.value.reason == "notice"


async def test_a_composite_fits_around_its_pause(pushed, thursday):
    first = await pushed.create_entry(request(thursday, service="colour", segment=0, reference="h.0"))
    second_start = first.ends_at + timedelta(minutes=25)
    second = await pushed.create_entry(request(second_start, service="colour", segment=1, reference="h.1"))
    assert second.ends_at - second.starts_at == timedelta(minutes=75)
    between = await pushed.create_entry(request(first.ends_at, reference="h.2", service="cut", staff="ben"))
    assert between.live
    window = Interval(first.starts_at, second.ends_at)
    assert [entry.reference for entry in await pushed.list_entries("salon", "anna", window)] == ["h.0", "h.1"]


async def test_a_lost_answer_is_found_by_reference(pushed, sandbox, thursday):
    await sandbox.faults(timeout_after_commit_rate=1.0)
    with pytest.raises(CalendarUnavailable):
        await pushed.create_entry(request(thursday))
    await sandbox.no_faults()
    assert len(await sandbox.bookings()) == 1
    near = Interval(thursday, thursday + HALF_HOUR)
    found = await pushed.find_entry("salon", "anna", "c-0123456789ab@alias.example", "hold1.0", near)
    assert found is not None
    assert found.starts_at == thursday


async def test_a_moved_entry_keeps_its_reference_and_gets_a_new_uid(pushed, thursday):
    made = await pushed.create_entry(request(thursday))
    later = thursday + timedelta(minutes=15)
    moved = await pushed.move_entry("salon", "anna", made.uid, later, "guest asked")
    assert moved.uid != made.uid
    assert (moved.starts_at, moved.reference, moved.live) == (later, "hold1.0", True)
    old = await pushed.get_entry("salon", "anna", made.uid)
    assert not old.live
    near = Interval(thursday, thursday + HALF_HOUR)
    assert await pushed.find_entry("salon", "anna", "c-0123456789ab@alias.example", "hold1.0", near) == moved
    with pytest.raises(Refused) as caught:
        await pushed.move_entry("salon", "anna", made.uid, later, "again")
    assert caught.value.reason == "gone"


async def test_a_move_onto_another_booking_is_refused_and_the_old_one_stands(pushed, sandbox, thursday):
    made = await pushed.create_entry(request(thursday))
    await sandbox.outside_booking("anna", thursday + timedelta(hours=1), 30)
    with pytest.raises(Refused) as caught:
        await pushed.move_entry("salon", "anna", made.uid, thursday + timedelta(minutes=50), "guest asked")
    assert caught.value.reason == "taken"
    assert await pushed.get_entry("salon", "anna", made.uid) == made


async def test_cancelling_twice_is_success_and_frees_the_time(pushed, sandbox, thursday):
    made = await pushed.create_entry(request(thursday))
    await pushed.cancel_entry("salon", "anna", made.uid, "guest asked")
    await pushed.cancel_entry("salon", "anna", made.uid, "guest asked")
    assert not (await pushed.get_entry("salon", "anna", made.uid)).live
    window = Interval(thursday, thursday + HALF_HOUR)
    assert await pushed.list_entries("salon", "anna", window) == []
    assert (await pushed.create_entry(request(thursday, reference="hold2.0"))).live
    outside = await sandbox.outside_booking("anna", thursday + timedelta(hours=2), 30)
    await sandbox.outside_cancellation(outside["uid"])
    await pushed.cancel_entry("salon", "anna", outside["uid"], "guest asked")
    with pytest.raises(Refused) as caught:
        await pushed.cancel_entry("salon", "anna", "nope", "guest asked")
    assert caught.value.status == 404


async def test_foreign_entries_are_listed_without_reference(pushed, sandbox, thursday):
    ours = await pushed.create_entry(request(thursday))
    foreign = await sandbox.outside_booking("anna", thursday + timedelta(minutes=10), 60)
    await sandbox.outside_booking("ben", thursday, 60)
    window = Interval(thursday + timedelta(minutes=20), thursday + timedelta(minutes=25))
    entries = await pushed.list_entries("salon", "anna", window)
    assert [(entry.uid, entry.reference) for entry in entries] == [(ours.uid, "hold1.0"), (foreign["uid"], None)]
    after = Interval(thursday + timedelta(minutes=70), thursday + timedelta(minutes=80))
    assert await pushed.list_entries("salon", "anna", after) == []


async def test_entries_of_a_past_window_are_listed(pushed, sandbox):
    start = datetime(2026, 3, 24, 8, 0, tzinfo=UTC)
    await sandbox.outside_booking("anna", start, 30)
    entries = await pushed.list_entries("salon", "anna", Interval(start, start + timedelta(hours=1)))
    assert len(entries) == 1


async def test_an_outage_is_unavailable_and_passes(pushed, sandbox, thursday):
    await sandbox.faults(down=True)
    with pytest.raises(CalendarUnavailable):
        await pushed.read_free_time("salon", "anna", day_of(thursday))
    with pytest.raises(CalendarUnavailable):
        await pushed.ping()
    await sandbox.no_faults()
    await pushed.ping()
    assert (await pushed.read_free_time("salon", "anna", day_of(thursday))).ticks


async def test_a_closed_connection_is_unavailable(pushed, sandbox, thursday):
    await sandbox.faults(down="closed")
    with pytest.raises(CalendarUnavailable):
        await pushed.create_entry(request(thursday))
    with pytest.raises(CalendarUnavailable):
        await pushed.ping()


async def test_the_rate_limit_is_told_with_its_wait(pushed, client, world, sandbox, thursday):
    await sandbox.faults(rate_limit=2)
    for _ in range(2):
        await pushed.read_free_time("salon", "anna", day_of(thursday))
    assert client.budget(world.keys["anna"]).remaining == 0
    with pytest.raises(RateLimited) as caught:
        await pushed.read_free_time("salon", "anna", day_of(thursday))
    assert 50 < caught.value.retry_after <= 60
    assert await pushed.list_entries("salon", "ben", day_of(thursday)) == [], "each key has its own limit"
