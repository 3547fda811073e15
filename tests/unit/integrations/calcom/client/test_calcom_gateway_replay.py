"""The gateway on prepared answers: what it asks, and what it makes of odd situations a sandbox rarely shows."""

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import Misconfigured, RateLimited, Refused
from booking_core.model.interval import Interval, tick_of
from booking_core.ports.calendar import EntryRequest
from booking_core.ports.tenants import EventTypeLink

START = datetime(2026, 3, 26, 14, tzinfo=UTC)
DAY = Interval(START.replace(hour=0), START.replace(hour=0) + timedelta(days=1))
PROBE = EventTypeLink("anna", None, 0, 70, 5)
CUT = EventTypeLink("anna", "mens-cut", 0, 71, 30)


def booking(number, *, start=START, minutes=30, status="accepted", reference=None, **fields):
    return {
        "id": number,
        "uid": f"uid{number}",
        "status": status,
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
        "metadata": {"fermataRef": reference} if reference else None,
    } | fields


async def test_free_time_asks_a_day_more_on_both_sides_and_filters(server, gateway, world, clock):
    world.stored = (CUT, PROBE)
    inside, outside = "2026-03-26T14:00:00.000Z", "2026-03-27T00:00:00.000Z"
    server.success("GET", "/v2/slots", {"2026-03-26": [{"start": inside}], "2026-03-27": [{"start": outside}]})
    free = await gateway.read_free_time("salon", "anna", DAY)
    assert free.ticks == {tick_of(START)}
    assert (free.staff, free.asked) == ("anna", DAY)
    assert server.seen[0].query == {
        "eventTypeId": "70",
        "start": "2026-03-25T00:00:00Z",
        "end": "2026-03-28T00:00:00Z",
    }
    assert server.seen[0].headers["Authorization"] == "Bearer cal_anna"
    assert free.read_at == datetime(2026, 3, 24, 9, 15, 1, tzinfo=UTC), "the moment before the request"


async def test_a_missing_probe_is_never_a_full_day(server, gateway, world):
    with pytest.raises(Misconfigured):
        await gateway.read_free_time("salon", "anna", DAY)
    assert server.seen == []
    world.stored = (PROBE,)
    server.answer("GET", "/v2/slots", 404, {"status": "error", "error": {"message": "Event Type not found"}})
    with pytest.raises(Misconfigured) as caught:
        await gateway.read_free_time("salon", "anna", DAY)
    assert caught.value.data == {"tenant": "salon", "staff": "anna"}


async def test_a_throttled_read_stays_what_it_is(server, gateway, world):
    world.stored = (PROBE,)
    server.answer("GET", "/v2/slots", 429, {}, {"X-RateLimit-Reset-Default": "9"})
    with pytest.raises(RateLimited):
        await gateway.read_free_time("salon", "anna", DAY)


def request(segment=0):
    return EntryRequest(
        "salon",
        "mens-cut",
        segment,
        "anna",
        START,
        "h.0",
        "F7K2QX",
        "Erika",
        "c-1@a.example",
        "Europe/Berlin",
        "de",
    )


async def test_an_entry_is_created_with_one_call(server, gateway, world):
    world.stored = (PROBE, CUT)
    server.success("POST", "/v2/bookings", booking(5, reference="h.0"), 201)
    entry = await gateway.create_entry(request())
    assert (entry.uid, entry.entry_id, entry.staff, entry.reference, entry.live) == (
        "uid5",
        5,
        "anna",
        "h.0",
        True,
    )
    assert (entry.starts_at, entry.ends_at) == (START, START + timedelta(minutes=30))
    assert [(seen.method, seen.body["eventTypeId"]) for seen in server.seen] == [("POST", 71)]


async def test_a_segment_without_event_type_is_misconfigured(server, gateway, world):
    world.stored = (PROBE, CUT)
    with pytest.raises(Misconfigured, match=r"mens-cut\.2@anna"):
        await gateway.create_entry(request(segment=1))
    assert server.seen == []


async def test_a_lost_entry_is_found_by_reference_among_live_ones(server, gateway):
    bookings = [
        booking(1, reference="h.0", status="cancelled"),
        booking(2, reference="other"),
        booking(3),
        booking(4, metadata={"fermataRef": 7}),
        booking(6, reference="h.0"),
        booking(5, reference="h.0"),
    ]
    server.success("GET", "/v2/bookings", bookings)
    near = Interval(START, START + timedelta(minutes=30))
    found = await gateway.find_entry("salon", "anna", "c-1@a.example", "h.0", near)
    assert found.entry_id == 5
    query = server.seen[0].query
    assert query["attendeeEmail"] == "c-1@a.example"
    assert (query["afterStart"], query["beforeEnd"]) == ("2026-03-25T14:00:00Z", "2026-03-27T14:30:00Z")
    assert await gateway.find_entry("salon", "anna", "c-1@a.example", "h.1", near) is None


async def test_entries_of_a_window_are_those_that_overlap_it(server, gateway):
    window = Interval(START, START + timedelta(hours=1))
    bookings = [
        booking(1, start=START - timedelta(minutes=30)),  # touches
        booking(2, start=START - timedelta(minutes=5)),
        booking(3, start=START + timedelta(minutes=55), status="pending"),
        booking(4, start=START + timedelta(hours=1)),  # touches
        booking(5, start=START, status="cancelled"),
        booking(6, start=START - timedelta(hours=2), minutes=300),
    ]
    server.success("GET", "/v2/bookings", bookings)
    entries = await gateway.list_entries("salon", "anna", window)
    assert [entry.entry_id for entry in entries] == [6, 2, 3]


async def test_cancelled_before_is_success_and_other_refusals_are_not(server, gateway):
    def refuse(status, message):
        server.answers.clear()
        server.answer(
            "POST",
            "/v2/bookings/u/cancel",
            status,
            {"status": "error", "error": {"code": "X", "message": message}},
        )

    refuse(400, "Can't cancel booking with uid=u because it has been cancelled already. Please …")
    await gateway.cancel_entry("salon", "anna", "u", "")
    assert server.seen[0].body["cancellationReason"], "Cal.com refuses an empty reason"
    refuse(404, "Booking with uid=u not found")
    with pytest.raises(Refused):
        await gateway.cancel_entry("salon", "anna", "u", "guest asked")
    refuse(400, "Cannot cancel a booking that has already ended")
    with pytest.raises(Refused):
        await gateway.cancel_entry("salon", "anna", "u", "guest asked")


async def test_a_moved_entry_has_the_new_uid(server, gateway):
    later = START + timedelta(hours=1)
    server.success("POST", "/v2/bookings/old/reschedule", booking(8, start=later, reference="h.0"), 201)
    moved = await gateway.move_entry("salon", "anna", "old", later, "guest asked")
    assert (moved.uid, moved.starts_at, moved.reference) == ("uid8", later, "h.0")


async def test_a_push_writes_nothing_where_two_share_a_key(server, gateway, world):
    world.keys["ben"] = world.keys["anna"]
    with pytest.raises(Misconfigured, match="anna and ben"):
        await gateway.push_event_types("salon")
    assert server.seen == []


async def test_a_push_needs_a_default_schedule(server, gateway):
    server.answer("GET", "/v2/schedules/default", 404, {"status": "error"})
    with pytest.raises(Misconfigured, match="default schedule"):
        await gateway.push_event_types("salon")
