"""The client over a real socket: headers, retries, patience, and what it makes of broken answers."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import CalendarUnavailable, RateLimited, Refused, Unintelligible
from integrations.calcom.client import PAGE_SIZE

START = datetime(2026, 3, 26, 14, tzinfo=UTC)


def booking(number=1, **fields):
    return {
        "id": number,
        "uid": f"uid{number}",
        "status": "accepted",
        "start": "2026-03-26T14:00:00.000Z",
        "end": "2026-03-26T14:30:00.000Z",
        "metadata": {},
        "surprise": {"deep": [1]},
    } | fields


SCHEDULE = {
    "id": 3,
    "name": "Hours",
    "timeZone": "Europe/Berlin",
    "availability": [],
    "isDefault": True,
    "overrides": [],
}
EVENT_TYPE = {"id": 5, "slug": "cut-1", "lengthInMinutes": 30, "hidden": True}


async def test_every_endpoint_gets_its_version_and_the_key(server, client):
    server.success("GET", "/v2/me", {"id": 1, "username": None})
    server.success("GET", "/v2/slots", {})
    server.success("GET", "/v2/bookings", [])
    server.success("POST", "/v2/bookings", booking(), 201)
    server.success("GET", "/v2/bookings/a%2Fb", booking())
    server.success("GET", "/v2/bookings/a/b", booking())
    server.success("POST", "/v2/bookings/u/reschedule", booking(), 201)
    server.success("POST", "/v2/bookings/u/cancel", booking())
    server.success("GET", "/v2/event-types", [EVENT_TYPE])
    server.success("POST", "/v2/event-types", EVENT_TYPE, 201)
    server.success("PATCH", "/v2/event-types/5", EVENT_TYPE)
    server.success("GET", "/v2/schedules/default", SCHEDULE)
    server.success("POST", "/v2/schedules", SCHEDULE, 201)
    server.success("PATCH", "/v2/schedules/3", SCHEDULE)

    await client.me("cal_k")
    await client.slots("cal_k", 7, START, START + timedelta(days=1))
    await client.list_bookings("cal_k", {"attendeeEmail": "c-1+x@alias.example"})
    await client.create_booking("cal_k", {"eventTypeId": 7})
    await client.get_booking("cal_k", "a/b")
    await client.reschedule_booking("cal_k", "u", START, "moved")
    await client.cancel_booking("cal_k", "u", "guest asked")
    await client.list_event_types("cal_k")
    await client.create_event_type("cal_k", {"slug": "cut-1"})
    await client.update_event_type("cal_k", 5, {"hidden": True})
    await client.find_default_schedule("cal_k")
    await client.create_schedule("cal_k", {"name": "Hours"})
    await client.update_schedule("cal_k", 3, {"availability": []})

    versions = [seen.headers.get("cal-api-version") for seen in server.seen]
    assert versions == [None, "2024-09-04", *["2024-08-13"] * 5, *["2024-06-14"] * 3, *["2024-06-11"] * 3]
    assert {seen.headers["Authorization"] for seen in server.seen} == {"Bearer cal_k"}
    slots, listing, created = server.seen[1:4]
    assert slots.query == {"eventTypeId": "7", "start": "2026-03-26T14:00:00Z", "end": "2026-03-27T14:00:00Z"}
    assert listing.query["attendeeEmail"] == "c-1+x@alias.example"
    assert created.body == {"eventTypeId": 7}
    assert server.seen[5].body == {"start": "2026-03-26T14:00:00Z", "reschedulingReason": "moved"}
    assert server.seen[6].body == {"cancellationReason": "guest asked"}


async def test_reads_are_retried_and_writes_are_not(server, client):
    server.answer("GET", "/v2/event-types", 503, {})
    server.success("GET", "/v2/event-types", [EVENT_TYPE])
    assert [found.slug for found in await client.list_event_types("cal_k")] == ["cut-1"]
    assert len(server.seen) == 2

    server.seen.clear()
    server.answer("POST", "/v2/bookings", 503, {})
    server.success("POST", "/v2/bookings", booking(), 201)
    with pytest.raises(CalendarUnavailable):
        await client.create_booking("cal_k", {})
    assert len(server.seen) == 1


async def test_a_read_gives_up_after_its_attempts(server, client):
    server.answer("GET", "/v2/me", 502, b"<html>")
    with pytest.raises(CalendarUnavailable):
        await client.me("cal_k")
    assert len(server.seen) == 3


async def test_a_throttled_read_is_not_repeated(server, client):
    headers = {
        "X-RateLimit-Limit-Default": "120",
        "X-RateLimit-Remaining-Default": "0",
        "X-RateLimit-Reset-Default": "41",
    }
    body = {"status": "error", "error": {"code": "ThrottlerException", "message": "m", "details": "m"}}
    server.answer("GET", "/v2/me", 429, body, headers)
    with pytest.raises(RateLimited) as caught:
        await client.me("cal_k")
    assert caught.value.retry_after == 41
    assert len(server.seen) == 1
    assert client.budget("cal_k").remaining == 0


async def test_the_budget_is_kept_by_key(server, client):
    server.success(
        "GET",
        "/v2/me",
        {"id": 1},
        headers={
            "X-RateLimit-Limit-Default": "120",
            "X-RateLimit-Remaining-Default": "97",
            "X-RateLimit-Reset-Default": "12",
        },
    )
    assert client.budget("cal_k") is None
    await client.me("cal_k")
    assert (client.budget("cal_k").limit, client.budget("cal_k").remaining) == (120, 97)
    assert client.budget("cal_other") is None


async def test_a_hanging_server_ends_as_unavailable_with_unknown_outcome(server, client):
    server.answer("POST", "/v2/bookings", hang=True)
    server.answer("GET", "/v2/me", hang=True)
    with pytest.raises(CalendarUnavailable) as caught:
        await client.create_booking("cal_k", {})
    assert caught.value.data == {"sent": True}
    assert len(server.seen) == 1
    async with asyncio.timeout(3):
        with pytest.raises(CalendarUnavailable):
            await client.me("cal_k")


async def test_a_refused_connection_says_that_nothing_was_sent(dead_client):
    with pytest.raises(CalendarUnavailable) as caught:
        await dead_client.create_booking("cal_k", {})
    assert caught.value.data == {"sent": False}
    with pytest.raises(CalendarUnavailable):
        await dead_client.me("cal_k")
    with pytest.raises(CalendarUnavailable):
        await dead_client.ping()


async def test_ping_needs_an_answer_and_no_key(server, client):
    server.answer("GET", "/v2/me", 401, {"status": "error"})
    await client.ping()
    assert "Authorization" not in server.seen[0].headers
    server.answers.clear()
    server.answer("GET", "/v2/me", 503, {})
    with pytest.raises(CalendarUnavailable):
        await client.ping()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>login</html>",
        b'{"status": "success", "data": ',
        b"[]",
        b'{"data": {"id": 1}}',
        b'{"status": "error", "data": {"id": 1}}',
        b'{"status": "success"}',
        b'{"status": "success", "data": {"id": "Erika Muster", "uid": 5}}',
        b'{"status": "success", "data": [{"id": 1}]}',
    ],
)
async def test_a_success_that_is_none_is_unintelligible_and_silent(server, client, body):
    server.answer("POST", "/v2/bookings", 201, body)
    with pytest.raises(Unintelligible) as caught:
        await client.create_booking("cal_k", {"attendee": {"name": "Erika Muster"}})
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert "Erika" not in "".join(f"{error!r} {vars(error)}" for error in chain if error is not None)


async def test_a_booking_with_a_naive_time_is_unintelligible(server, client):
    server.success("POST", "/v2/bookings", booking(start="2026-03-26T14:00:00"), 201)
    with pytest.raises(Unintelligible) as caught:
        await client.create_booking("cal_k", {})
    assert caught.value.data["fields"] == ("start",)


async def test_lists_end_with_a_short_page_whatever_the_totals_say(server, client):
    page = {"totalItems": 9999, "hasNextPage": True}
    first = [booking(number) for number in range(PAGE_SIZE)]
    second = [booking(PAGE_SIZE - 1), booking(PAGE_SIZE)]
    for bookings in (first, second):
        server.answer("GET", "/v2/bookings", 200, {"status": "success", "data": bookings, "pagination": page})
    found = await client.list_bookings("cal_k", {"status": "upcoming"})
    assert [one.id for one in found] == [*range(PAGE_SIZE + 1)]
    assert [(seen.query["take"], seen.query["skip"]) for seen in server.seen] == [
        (str(PAGE_SIZE), "0"),
        (str(PAGE_SIZE), str(PAGE_SIZE)),
    ]


async def test_an_unknown_booking_is_none_and_other_refusals_are_raised(server, client):
    server.answer("GET", "/v2/bookings/x", 404, {"status": "error"})
    assert await client.get_booking("cal_k", "x") is None
    server.answer("GET", "/v2/bookings/y", 403, {"status": "error"})
    with pytest.raises(Refused):
        await client.get_booking("cal_k", "y")


async def test_recorded_answers_are_read(server, client, recording):
    """Every recorded booking, list and slot answer of the right version fits the wire models."""
    read = {"bookings": 0, "slots": 0, "event-types": 0}
    for exchange in recording.values():
        request, response = exchange["request"], exchange["response"]
        version = request["headers"].get("cal-api-version")
        path = request["path"].split("?")[0]
        if response["status"] not in (200, 201) or not isinstance(response["body"], dict):
            continue
        server.answers.clear()
        if path == "/v2/slots" and version == "2024-09-04":
            server.answer("GET", "/v2/slots", 200, response["body"])
            found = await client.slots("cal_k", 1, START, START)
            assert len(found) == sum(map(len, response["body"]["data"].values()))
            read["slots"] += 1
        elif path == "/v2/event-types" and request["method"] == "GET" and version == "2024-06-14":
            server.answer("GET", path, 200, response["body"])
            assert len(await client.list_event_types("cal_k")) == len(response["body"]["data"])
            read["event-types"] += 1
        elif path == "/v2/bookings" and version == "2024-08-13":
            data = response["body"]["data"]
            if request["method"] == "GET":
                server.answer("GET", path, 200, response["body"])
                assert len(await client.list_bookings("cal_k", {})) == len(data)
            elif isinstance(data, dict):
                server.answer("POST", path, 201, response["body"])
                assert (await client.create_booking("cal_k", {})).uid == data["uid"]
            read["bookings"] += 1
    assert min(read.values()) > 3, read
