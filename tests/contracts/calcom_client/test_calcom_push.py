"""Pushing hours and event types to a Cal.com account."""

import dataclasses

import pytest

from booking_core.errors import Misconfigured, Refused
from booking_core.model.hours import WeeklyHours

ANNA = ("probe@anna", "cut.1@anna", "colour.1@anna", "colour.2@anna")
EVERY = (*ANNA, "probe@ben", "cut.1@ben")


async def test_a_dry_run_says_what_it_would_do_and_writes_nothing(gateway, client, world):
    report = await gateway.push_event_types("salon", dry_run=True)
    assert (report.created, report.updated, report.unchanged) == (EVERY, (), ())
    assert await client.list_event_types(world.keys["anna"]) == []
    assert world.stored == ()


async def test_a_push_creates_then_finds_everything_in_place(gateway, client, world):
    first = await gateway.push_event_types("salon")
    assert (first.created, first.updated, first.unchanged) == (EVERY, (), ())
    again = await gateway.push_event_types("salon")
    assert (again.created, again.updated, again.unchanged) == ((), (), EVERY)
    assert world.writes == 1

    found = {event_type.slug: event_type for event_type in await client.list_event_types(world.keys["anna"])}
    assert set(found) == {"fermata-probe", "cut-1", "colour-1", "colour-2"}
    assert found["colour-2"].length_in_minutes == 75
    assert found["fermata-probe"].value("hidden") is True
    links = {(link.staff, link.service, link.segment): link for link in world.stored}
    assert links["anna", "colour", 1].event_type_id == found["colour-2"].id
    assert links["anna", None, 0].event_type_id == found["fermata-probe"].id
    assert links["ben", "cut", 0].event_type_id != links["anna", "cut", 0].event_type_id


async def test_lost_links_are_adopted_by_slug(pushed, world):
    links, world.stored = world.stored, ()
    report = await pushed.push_event_types("salon")
    assert report.unchanged == EVERY
    assert set(world.stored) == set(links)


async def test_a_difference_is_repaired_once(pushed, client, world):
    key = world.keys["anna"]
    link = next(link for link in world.stored if (link.staff, link.service) == ("anna", "cut"))
    wrong = {
        "lengthInMinutes": 45,
        "minimumBookingNotice": 240,
        "hidden": False,
        "seats": {"seatsPerTimeSlot": 3, "showAttendeeInfo": False, "showAvailabilityCount": False},
    }
    await client.update_event_type(key, link.event_type_id, wrong)
    assert (await pushed.push_event_types("salon", dry_run=True)).updated == ("cut.1@anna",)
    assert (await pushed.push_event_types("salon")).updated == ("cut.1@anna",)
    assert (await pushed.push_event_types("salon")).updated == ()
    repaired = next(one for one in await client.list_event_types(key) if one.id == link.event_type_id)
    assert (repaired.length_in_minutes, repaired.value("hidden")) == (30, True)


async def test_a_new_duration_reaches_the_calendar_and_the_links(pushed, client, world):
    cut = world.tenant.services[0]
    longer = dataclasses.replace(cut, segments=(dataclasses.replace(cut.segments[0], work_minutes=40),))
    world.tenant = dataclasses.replace(world.tenant, services=(longer, *world.tenant.services[1:]))
    assert (await pushed.push_event_types("salon")).updated == ("cut.1@anna", "cut.1@ben")
    assert {link.length_minutes for link in world.stored if link.service == "cut"} == {40}


async def test_an_unknown_key_is_refused(gateway, world):
    world.keys["ben"] = "cal_" + "f" * 32
    with pytest.raises(Refused) as caught:
        await gateway.push_event_types("salon")
    assert caught.value.status == 401


async def test_a_missing_key_is_misconfigured(gateway, world):
    del world.keys["ben"]
    with pytest.raises(Misconfigured):
        await gateway.push_event_types("salon")


async def test_hours_are_pushed_where_they_differ(gateway, client, world):
    assert await gateway.push_schedules("salon") == ("anna", "ben")
    assert await gateway.push_schedules("salon") == ()
    schedule = await client.find_default_schedule(world.keys["ben"])
    assert schedule.time_zone == "Europe/Berlin"
    assert {(hours.start_time, hours.end_time) for hours in schedule.availability} == {
        ("09:00", "12:30"),
        ("13:00", "18:00"),
    }
    ben = dataclasses.replace(world.tenant.staff[1], hours=WeeklyHours.parse({"sat": ["10:00-12:00"]}))
    world.tenant = dataclasses.replace(world.tenant, staff=(world.tenant.staff[0], ben))
    assert await gateway.push_schedules("salon") == ("ben",)
