"""Slots over HTTP: hours, bookings of every event type, buffers, notice, windows, clock changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

TUESDAY = ("2026-03-24", "2026-03-24")


async def test_a_day_without_bookings_is_offered_whole(api: Any) -> None:
    cut = await api.event_type()

    slots = await api.slots(cut, *TUESDAY, timeZone="Europe/Berlin")

    assert list(slots) == ["2026-03-24"]
    assert slots["2026-03-24"][0] == "2026-03-24T09:00:00.000+01:00"
    assert slots["2026-03-24"][-1] == "2026-03-24T16:30:00.000+01:00"
    assert len(slots["2026-03-24"]) == 16


async def test_a_booking_blocks_its_host_in_every_event_type_and_no_other_host(api: Any) -> None:
    cut, colour = await api.event_type(), await api.event_type(minutes=60)
    of_ben = await api.event_type(key="cal_" + "b" * 32)
    await api.book(cut, "2026-03-24T09:00:00Z")

    assert "2026-03-24T09:00:00.000Z" not in (await api.slots(colour, *TUESDAY))["2026-03-24"]
    assert "2026-03-24T09:00:00.000Z" in (await api.slots(of_ben, *TUESDAY))["2026-03-24"]


async def test_a_cancelled_booking_frees_its_time_at_once(api: Any) -> None:
    cut = await api.event_type()
    uid = (await api.book(cut, "2026-03-24T09:00:00Z")).data["uid"]
    await api.call("POST", f"/v2/bookings/{uid}/cancel", {"cancellationReason": "ill"})

    assert "2026-03-24T09:00:00.000Z" in (await api.slots(cut, *TUESDAY))["2026-03-24"]


async def test_a_probe_lists_every_free_tick(api: Any) -> None:
    probe = await api.event_type(minutes=5, slotInterval=5, hidden=True)
    cut = await api.event_type()
    await api.book(cut, "2026-03-24T09:00:00Z")

    ticks = (await api.slots(probe, *TUESDAY))["2026-03-24"]

    assert len(ticks) == 96 - 6
    assert not any("T09:00" <= tick[10:16] < "T09:30" for tick in ticks)


async def test_overrides_open_and_close_days(api: Any) -> None:
    cut = await api.event_type()
    default = (await api.call("GET", "/v2/schedules/default")).data
    overrides = [
        {"date": "2026-03-24", "startTime": "10:00", "endTime": "11:00"},
        {"date": "2026-03-25", "startTime": "00:00", "endTime": "00:00"},
    ]
    await api.call("PATCH", f"/v2/schedules/{default['id']}", {"overrides": overrides})

    slots = await api.slots(cut, "2026-03-24", "2026-03-26", timeZone="Europe/Berlin")

    assert slots["2026-03-24"] == ["2026-03-24T10:00:00.000+01:00", "2026-03-24T10:30:00.000+01:00"]
    assert "2026-03-25" not in slots
    assert len(slots["2026-03-26"]) == 16


async def test_an_event_type_may_have_a_schedule_of_its_own(api: Any) -> None:
    body = {
        "name": "Late",
        "timeZone": "Europe/Berlin",
        "isDefault": False,
        "availability": [{"days": ["Tuesday"], "startTime": "18:00", "endTime": "19:00"}],
    }
    late = (await api.call("POST", "/v2/schedules", body)).data["id"]
    cut = await api.event_type(scheduleId=late)

    assert await api.slots(cut, "2026-03-24", "2026-03-31", timeZone="Europe/Berlin") == {
        "2026-03-24": ["2026-03-24T18:00:00.000+01:00", "2026-03-24T18:30:00.000+01:00"],
        "2026-03-31": ["2026-03-31T18:00:00.000+02:00", "2026-03-31T18:30:00.000+02:00"],
    }


async def test_buffers_keep_neighbours_away(api: Any) -> None:
    plain = await api.event_type()
    buffered = await api.event_type(beforeEventBuffer=15, afterEventBuffer=30)
    await api.book(buffered, "2026-03-24T10:00:00Z")

    slots = (await api.slots(plain, *TUESDAY))["2026-03-24"]

    assert "2026-03-24T09:30:00.000Z" not in slots
    assert "2026-03-24T09:00:00.000Z" in slots
    assert "2026-03-24T10:30:00.000Z" not in slots
    assert "2026-03-24T11:00:00.000Z" in slots
    assert (await api.book(plain, "2026-03-24T10:45:00Z")).status == 400
    assert (await api.book(plain, "2026-03-24T11:00:00Z")).status == 201


async def test_past_and_notice_are_left_out(api: Any) -> None:
    api.clock = datetime(2026, 3, 24, 10, 5, tzinfo=UTC)
    at_once, tomorrow = await api.event_type(), await api.event_type(minimumBookingNotice=24 * 60)

    assert (await api.slots(at_once, *TUESDAY))["2026-03-24"][0] == "2026-03-24T10:30:00.000Z"
    assert await api.slots(tomorrow, *TUESDAY) == {}
    assert (await api.slots(tomorrow, "2026-03-25", "2026-03-25"))["2026-03-25"][0] == "2026-03-25T10:30:00.000Z"


async def test_a_window_in_calendar_days_ends_with_its_last_day(api: Any) -> None:
    cut = await api.event_type(bookingWindow={"type": "calendarDays", "value": 2, "rolling": False})

    assert list(await api.slots(cut, "2026-03-24", "2026-03-30")) == ["2026-03-24", "2026-03-25"]
    refused = await api.book(cut, "2026-03-26T10:00:00Z")
    assert refused.status == 400
    assert refused.message.startswith("The event type can't be booked at the")


async def test_dates_alone_mean_utc_days(api: Any) -> None:
    night = {"days": ["Tuesday", "Wednesday"], "startTime": "00:00", "endTime": "02:00"}
    default = (await api.call("GET", "/v2/schedules/default")).data["id"]
    await api.call("PATCH", f"/v2/schedules/{default}", {"availability": [night]})
    cut = await api.event_type(minutes=60)

    slots = await api.slots(cut, "2026-03-24", "2026-03-24", timeZone="Europe/Berlin")

    assert slots == {
        "2026-03-24": ["2026-03-24T01:00:00.000+01:00"],
        "2026-03-25": ["2026-03-25T00:00:00.000+01:00"],
    }


async def test_instants_bound_the_range_exactly(api: Any) -> None:
    cut = await api.event_type()

    slots = await api.slots(cut, "2026-03-24T09:00:00Z", "2026-03-24T10:30:00Z")

    assert slots == {
        "2026-03-24": ["2026-03-24T09:00:00.000Z", "2026-03-24T09:30:00.000Z", "2026-03-24T10:00:00.000Z"]
    }


async def test_working_hours_keep_their_wall_time_over_a_clock_change(api: Any) -> None:
    cut = await api.event_type()

    spring = await api.slots(cut, "2026-03-28", "2026-03-29", timeZone="Europe/Berlin")
    autumn = await api.slots(cut, "2026-10-24", "2026-10-25", timeZone="Europe/Berlin")

    assert [day[0][11:] for day in spring.values()] == ["09:00:00.000+01:00", "09:00:00.000+02:00"]
    assert [day[0][11:] for day in autumn.values()] == ["09:00:00.000+02:00", "09:00:00.000+01:00"]
    assert all(len(day) == 16 for day in (*spring.values(), *autumn.values()))


async def test_a_night_with_a_clock_change_has_one_hour_less_or_more(api: Any) -> None:
    default = (await api.call("GET", "/v2/schedules/default")).data["id"]
    night = {"days": ["Sunday"], "startTime": "00:00", "endTime": "06:00"}
    await api.call("PATCH", f"/v2/schedules/{default}", {"availability": [night]})
    cut = await api.event_type(minutes=60)

    spring = await api.slots(cut, "2026-03-28T00:00:00Z", "2026-03-29T23:00:00Z", timeZone="Europe/Berlin")
    autumn = await api.slots(cut, "2026-10-24T00:00:00Z", "2026-10-25T23:00:00Z", timeZone="Europe/Berlin")

    assert [slot[11:16] for slot in spring["2026-03-29"]] == ["00:00", "01:00", "03:00", "04:00", "05:00"]
    assert [slot[11:] for slot in autumn["2026-10-25"]] == [
        "00:00:00.000+02:00",
        "01:00:00.000+02:00",
        "02:00:00.000+02:00",
        "02:00:00.000+01:00",
        "03:00:00.000+01:00",
        "04:00:00.000+01:00",
        "05:00:00.000+01:00",
    ]


async def test_a_reservation_hides_the_time_and_does_not_protect_it(api: Any) -> None:
    cut, colour = await api.event_type(), await api.event_type(minutes=60)
    body = {"eventTypeId": cut, "slotStart": "2026-03-24T09:00:00Z"}
    assert (await api.call("POST", "/v2/slots/reservations", body)).status == 201

    assert "2026-03-24T09:00:00.000Z" not in (await api.slots(colour, *TUESDAY))["2026-03-24"]
    assert (await api.book(colour, "2026-03-24T09:00:00Z")).status == 201
