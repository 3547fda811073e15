"""Bookings over HTTP: made, read, moved and cancelled; each call delivered three times has one effect and one answer."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from booking_core.model.ids import TenantId
from booking_core.services.idempotent import LEASE
from bot.api.permissions import NEEDED
from bot.http.openapi import describe
from bot.http.openapi_bookings import EVENTS
from tests.support.demo import Demo, settled

BOOKINGS = "/api/v2/bookings"
TENANT = TenantId("salon-fermata")
MAX = {"name": "Max Muster", "email": "max@example.org", "phone": "0170 1234567", "language": "de"}
THURSDAY_16 = "2026-03-26T16:00:00+01:00"
THURSDAY_17 = "2026-03-26T17:00:00+01:00"
ORDER = {"service": "mens-cut", "start": THURSDAY_16, "attendee": MAX}
Send = Callable[[], Awaitable[httpx.Response]]


def key_of(demo: Demo) -> dict[str, str]:
    assert demo.services.demo is not None
    return {"Authorization": f"Bearer {demo.services.demo.api_key}"}


async def call(
    demo: Demo, method: str, path: str, body: Any = None, key: str | None = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        named["Idempotency-Key"] = key
    return await demo.http.request(method, path, json=body, headers={**key_of(demo), **named})


async def booked(demo: Demo, **changes: Any) -> dict[str, Any]:
    response = await call(demo, "POST", BOOKINGS, {**ORDER, **changes})
    assert response.status_code == 201, response.text
    booking: dict[str, Any] = response.json()
    return booking


async def slots(demo: Demo, service: str) -> list[dict[str, Any]]:
    day = {"from": "2026-03-26T00:00:00+01:00", "to": "2026-03-27T00:00:00+01:00"}
    response = await call(demo, "POST", "/api/v2/availability/composite", {"service": service, **day})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["slots"]
    return found


async def mails(demo: Demo, expected: int) -> list[Any]:
    """The mailbox once the outbox is empty; waits for a worker that is just sending."""
    assert demo.services.mailbox is not None
    for _ in range(100):
        await demo.services.worker.sweep()
        found = await demo.services.mailbox.messages()
        if len(found) >= expected and not await demo.services.worker.depth():
            break
        await asyncio.sleep(0.05)
    return await demo.services.mailbox.messages()


async def in_database(demo: Demo, *statements: str) -> list[Any]:
    """The rows of the last statement. In a thread: whoever has the write lock must be able to go on."""

    def run() -> list[Any]:
        file = demo.services.settings.data_dir / "fermata.db"
        rows: list[Any] = []
        with contextlib.closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as database:
            for statement in statements:
                rows = database.execute(statement).fetchall()
        return rows

    return await asyncio.to_thread(run)


async def three_times(send: Send, how: str) -> httpx.Response:
    """Deliver a request three times; the one answer it has."""
    if how == "sequential":
        answers = [await send() for _ in range(3)]
    else:
        answers = list(await asyncio.gather(*(send() for _ in range(3))))
    assert {(it.status_code, it.content, it.headers["Content-Type"]) for it in answers} == {
        (answers[0].status_code, answers[0].content, answers[0].headers["Content-Type"])
    }
    return answers[0]


async def test_a_booking_is_made_and_read(demo: Demo) -> None:
    booking = await booked(demo, note="Bitte ruhig", staff="ben")
    reference = booking["reference"]
    assert booking["status"] == "confirmed"
    assert booking["service"] == "mens-cut"
    assert booking["start"] == THURSDAY_16
    assert booking["end"] == "2026-03-26T16:30:00+01:00"
    assert [part["staff"] for part in booking["segments"]] == ["ben"]
    assert booking["attendee"] == {**MAX, "phone": "+491701234567"}
    assert booking["note"] == "Bitte ruhig"
    assert booking["source"] == "api"
    assert [entry["event"] for entry in booking["history"]] == ["requested", "confirmed"]
    again = await call(demo, "GET", f"{BOOKINGS}/{reference}")
    assert again.json() == booking
    assert (await call(demo, "GET", f"{BOOKINGS}/{reference.lower()}")).json() == booking
    assert (await call(demo, "GET", BOOKINGS)).json() == {"bookings": [booking]}
    (entry,) = await demo.sandbox_bookings()
    assert entry["metadata"]["fermataBooking"] == reference
    assert "max@example.org" not in orjson.dumps(entry).decode()
    (mail,) = await mails(demo, 1)
    assert "max@example.org" in mail["to"]


async def test_the_list_may_be_bounded(demo: Demo) -> None:
    first = await booked(demo)
    second = await booked(demo, start=THURSDAY_17)
    whole = (await call(demo, "GET", BOOKINGS)).json()["bookings"]
    assert whole == [first, second]
    later = await call(demo, "GET", f"{BOOKINGS}?from={THURSDAY_17.replace('+', '%2B')}")
    assert later.json()["bookings"] == [second]
    before = await call(demo, "GET", f"{BOOKINGS}?to={THURSDAY_17}")
    assert before.json()["bookings"] == [first]
    for query, field in [("from=tomorrow", "from"), (f"from={THURSDAY_17}&to={THURSDAY_16}", "to")]:
        answer = await call(demo, "GET", f"{BOOKINGS}?{query}")
        assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_booking_is_moved_and_cancelled(demo: Demo) -> None:
    reference = (await booked(demo, staff="anna"))["reference"]
    moved = await call(
        demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": THURSDAY_17, "reason": "Stau"}
    )
    assert moved.status_code == 200, moved.text
    assert moved.json()["reference"] == reference
    assert moved.json()["start"] == THURSDAY_17
    assert [part["staff"] for part in moved.json()["segments"]] == ["anna"]
    last = moved.json()["history"][-1]
    assert (last["event"], last["from"], last["reason"]) == ("moved", THURSDAY_16, "Stau")
    other = await call(
        demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": THURSDAY_17, "staff": "clara"}
    )
    assert [part["staff"] for part in other.json()["segments"]] == ["clara"]
    (entry,) = await demo.sandbox_bookings()
    assert entry["hosts"][0]["username"] == "clara"
    cancelled = await call(demo, "DELETE", f"{BOOKINGS}/{reference}", {"reason": "krank"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.json()["history"][-1]["reason"] == "krank"
    assert await demo.sandbox_bookings() == []
    again = await call(demo, "DELETE", f"{BOOKINGS}/{reference}")
    assert again.json() == cancelled.json()
    assert len(await mails(demo, 4)) == 4
    gone = await call(demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": THURSDAY_16})
    assert (gone.status_code, gone.json()["code"]) == (409, "illegal_move")


@pytest.mark.parametrize("service", ["root-colour", "perm", "full-colour"])
async def test_segments_of_a_slot_bind_staff_and_times_exactly(demo: Demo, service: str) -> None:
    found = await slots(demo, service)
    slot = found[len(found) // 2]
    order = {"service": service, "start": slot["start"], "segments": slot["segments"], "attendee": MAX}
    made = await call(demo, "POST", BOOKINGS, order)
    assert made.status_code == 201, made.text
    assert made.json()["segments"] == slot["segments"]
    entries = sorted((it["start"], it["hosts"][0]["username"]) for it in await demo.sandbox_bookings())
    assert [staff for _, staff in entries] == [part["staff"] for part in slot["segments"]]
    taken = await call(demo, "POST", BOOKINGS, order)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    alternatives = taken.json()["alternatives"]
    assert alternatives
    assert all(len(each["staff"]) == len(slot["segments"]) for each in alternatives)
    best = alternatives[0]
    second = await call(demo, "POST", BOOKINGS, {"service": service, "start": best["start"], "attendee": MAX})
    assert second.status_code == 201, second.text


async def test_a_composite_booking_is_moved_and_cancelled_as_a_whole(demo: Demo) -> None:
    reference = (await booked(demo, service="root-colour", start="2026-03-26T12:00:00+01:00"))["reference"]
    assert len(await demo.sandbox_bookings()) == 2
    moved = await call(demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": "2026-03-27T10:00:00+01:00"})
    assert moved.status_code == 200, moved.text
    entries = await demo.sandbox_bookings()
    assert [it["start"][:10] for it in entries] == ["2026-03-27"] * 2
    assert (await call(demo, "DELETE", f"{BOOKINGS}/{reference}")).status_code == 200
    assert await demo.sandbox_bookings() == []


async def test_the_planner_takes_whoever_is_free_and_then_says_no(demo: Demo) -> None:
    staff = {(await booked(demo))["segments"][0]["staff"] for _ in range(3)}
    assert staff == {"anna", "ben", "clara"}
    taken = await call(demo, "POST", BOOKINGS, ORDER)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")
    starts = [each["start"] for each in taken.json()["alternatives"]]
    assert starts
    assert THURSDAY_16 not in starts


async def test_staff_may_change_what_guests_may_not_any_more_until_it_begins(demo: Demo) -> None:
    reference = (await booked(demo))["reference"]
    start = demo.services.clock.now() + timedelta(days=2, hours=5)
    demo.services.clock.set(start)  # type: ignore[attr-defined]
    moved = await call(demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": THURSDAY_17})
    assert moved.status_code == 200, moved.text
    demo.services.clock.set(start + timedelta(hours=3))  # type: ignore[attr-defined]
    for method, path, body in [
        ("PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": "2026-03-27T12:00:00+01:00"}),
        ("DELETE", f"{BOOKINGS}/{reference}", None),
    ]:
        answer = await call(demo, method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert len(await demo.sandbox_bookings()) == 1


RULES = [
    ("2026-03-24T09:00:00+01:00", "in_past"),
    ("2026-03-29T12:00:00+02:00", "closed_day"),
    ("2026-03-26T22:00:00+01:00", "outside_hours"),
    ("2026-03-24T10:30:00+01:00", "notice_too_short"),
    ("2027-03-26T16:00:00+01:00", "beyond_horizon"),
]


async def test_rules_of_the_business_hold_and_say_what_is_possible(demo: Demo) -> None:
    reference = (await booked(demo))["reference"]
    for start, code in RULES:
        for answer in [
            await call(demo, "POST", BOOKINGS, {**ORDER, "start": start}),
            await call(demo, "PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": start}),
        ]:
            assert answer.status_code == 422
            assert answer.headers["Content-Type"] == "application/problem+json"
            problem = answer.json()
            assert (problem["code"], problem["field"]) == (code, "start")
            assert all({"start", "end", "staff"} == set(each) for each in problem["alternatives"])
            assert problem["alternatives"]
    assert len(await demo.sandbox_bookings()) == 1


PART = {"name": "x", "staff": "anna", "start": THURSDAY_16, "end": "2026-03-26T16:30:00+01:00"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"service": None}, "service", "invalid"),
    ({"service": "massage"}, "service", "unknown_service"),
    ({"start": None}, "start", "invalid"),
    ({"start": "2026-03-26T16:00:00"}, "start", "missing_offset"),
    ({"start": "2026-03-26T16:02:00+01:00"}, "start", "invalid"),
    ({"staff": "zoe"}, "staff", "unknown_staff"),
    ({"service": "womens-cut", "staff": "ben"}, "staff", "unsuitable_staff"),
    ({"attendee": None}, "attendee", "invalid"),
    ({"attendee": {"name": " "}}, "attendee.name", "invalid"),
    ({"attendee": {"name": "x" * 201}}, "attendee.name", "invalid"),
    ({"attendee": {**MAX, "email": "max@"}}, "attendee.email", "invalid"),
    ({"attendee": {**MAX, "email": 7}}, "attendee.email", "invalid"),
    ({"attendee": {**MAX, "phone": "12"}}, "attendee.phone", "invalid"),
    ({"attendee": {**MAX, "language": "fr"}}, "attendee.language", "invalid"),
    ({"note": "x" * 1001}, "note", "invalid"),
    ({"note": 1}, "note", "invalid"),
    ({"segments": {}}, "segments", "invalid"),
    ({"segments": []}, "segments", "unfit_segments"),
    ({"segments": [{**PART, "staff": "zoe"}]}, "segments.0.staff", "unknown_staff"),
    ({"segments": [{**PART, "end": "16:30"}]}, "segments.0.end", "invalid"),
    ({"segments": [{**PART, "end": THURSDAY_17}]}, "segments.0", "unfit_segments"),
    ({"segments": [PART], "start": THURSDAY_17}, "start", "invalid"),
]


async def test_what_is_wrong_is_named(demo: Demo) -> None:
    for changes, field, code in WRONG:
        answer = await call(demo, "POST", BOOKINGS, {**ORDER, **changes})
        assert answer.status_code == 422, (changes, answer.text)
        assert (answer.json()["field"], answer.json()["code"]) == (field, code), changes
    long = await call(demo, "POST", BOOKINGS, ORDER, key="k" * 201)
    assert (long.status_code, long.json()["field"]) == (422, "Idempotency-Key")
    odd = [b"", b"k\xff", "k\x80".encode("latin-1"), b"a\tb", "k\u200b".encode()]
    for bad in odd:
        headers = {
            **{name.encode(): value.encode() for name, value in key_of(demo).items()},
            b"Idempotency-Key": bad,
        }
        answer = await demo.http.post(BOOKINGS, json=ORDER, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key"), bad
    assert await demo.sandbox_bookings() == []


@pytest.mark.parametrize("reference", ["%00", "ABC%00EF", "ABC%0A", "%1B"])
async def test_there_is_no_booking_with_control_characters(demo: Demo, reference: str) -> None:
    for method, path in [("GET", ""), ("DELETE", ""), ("PATCH", "/reschedule")]:
        answer = await call(demo, method, f"{BOOKINGS}/{reference}{path}", {"start": THURSDAY_17})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_nobody_talks_in_the_conversation_of_what_a_program_booked(demo: Demo) -> None:
    reference = (await booked(demo))["reference"]
    booking = await demo.services.desk.find(TENANT, reference)
    assert booking is not None
    assert booking.conversation is not None
    url = f"/api/chat/{TENANT}/messages"
    said = await demo.http.post(
        url, json={"conversation": booking.conversation, "text": "Welche Termine habe ich?"}
    )
    read = await demo.http.get(url, params={"conversation": booking.conversation, "bookings": "1"})
    for answer in (said, read):
        assert answer.status_code == 404
        assert reference not in answer.text


async def test_only_the_key_opens_it_and_only_to_bookings_of_its_tenant(demo: Demo) -> None:
    reference = (await booked(demo))["reference"]
    await in_database(
        demo, "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE", "UPDATE bookings SET tenant = 'another'", "COMMIT"
    )
    routes = [
        ("GET", BOOKINGS),
        ("GET", f"{BOOKINGS}/{reference}"),
        ("POST", BOOKINGS),
        ("PATCH", f"{BOOKINGS}/{reference}/reschedule"),
        ("DELETE", f"{BOOKINGS}/{reference}"),
    ]
    for method, path in routes:
        body = {"start": THURSDAY_17} if method == "PATCH" else {}
        assert (await demo.http.request(method, path, json=body)).status_code == 401
        answer = await demo.http.request(method, path, json=body, headers={"X-Api-Key": "wrong" * 5})
        assert answer.status_code == 401
        if reference in path:
            assert (await call(demo, method, path, body)).status_code == 404
    assert (await call(demo, "GET", BOOKINGS)).json() == {"bookings": []}


async def test_every_route_has_its_permission_and_is_described() -> None:
    described = {
        (method.upper(), path)
        for path, methods in describe("0").get("paths", {}).items()
        for method in methods
        if path.startswith("/api/v2/")
    }
    assert described - {("GET", "/api/v2/health")} == set(NEEDED)


# --- one effect ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["sequential", "parallel"])
@pytest.mark.parametrize("service", ["mens-cut", "root-colour"])
async def test_whatever_is_delivered_three_times_happens_once(demo: Demo, how: str, service: str) -> None:
    def send(method: str, path: str, body: Any = None) -> Send:
        key = secrets.token_hex(8)
        return lambda: call(demo, method, path, body, key)

    parts = 2 if service == "root-colour" else 1
    order = {**ORDER, "service": service, "start": "2026-03-26T12:00:00+01:00"}
    made = await three_times(send("POST", BOOKINGS, order), how)
    assert made.status_code == 201
    reference = made.json()["reference"]
    assert len(await demo.sandbox_bookings()) == parts
    taken = await three_times(send("POST", BOOKINGS, {**order, "start": "2026-03-29T12:00:00+02:00"}), how)
    assert taken.status_code == 422
    moved = await three_times(
        send("PATCH", f"{BOOKINGS}/{reference}/reschedule", {"start": "2026-03-26T12:30:00+01:00"}), how
    )
    assert moved.status_code == 200
    assert len(await demo.sandbox_bookings()) == parts
    cancelled = await three_times(send("DELETE", f"{BOOKINGS}/{reference}", {"reason": "krank"}), how)
    assert cancelled.status_code == 200
    assert await demo.sandbox_bookings() == []
    events = [entry["event"] for entry in cancelled.json()["history"]]
    assert events == ["requested", "confirmed", "moved", "cancelled"]
    assert len((await call(demo, "GET", BOOKINGS)).json()["bookings"]) == 1
    assert len(await mails(demo, 3)) == 3


async def test_the_same_key_with_another_body_is_refused_whatever_came_of_the_first(demo: Demo) -> None:
    first = asyncio.create_task(call(demo, "POST", BOOKINGS, ORDER, "k-1"))
    second = asyncio.create_task(call(demo, "POST", BOOKINGS, {**ORDER, "start": THURSDAY_17}, "k-1"))
    statuses = sorted([(await first).status_code, (await second).status_code])
    assert statuses == [201, 409]
    third = await call(demo, "POST", BOOKINGS, {**ORDER, "note": "other"}, "k-1")
    assert (third.status_code, third.json()["code"]) == (409, "idempotency_mismatch")
    assert len(await demo.sandbox_bookings()) == 1
    assert (await call(demo, "POST", BOOKINGS, {**ORDER, "start": THURSDAY_17}, "k-2")).status_code == 201


async def test_without_a_key_every_call_is_a_new_one(demo: Demo) -> None:
    answers = [await call(demo, "POST", BOOKINGS, ORDER) for _ in range(2)]
    assert len({answer.json()["reference"] for answer in answers}) == 2


async def test_with_the_calendar_down_it_is_pending_and_later_confirmed(demo: Demo) -> None:
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    answer = await three_times(lambda: call(demo, "POST", BOOKINGS, ORDER, "k-1"), "parallel")
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    reference = answer.json()["reference"]
    path, order = f"{BOOKINGS}/{reference}/reschedule", {"start": THURSDAY_17}
    early = await call(demo, "PATCH", path, order, "m-1")
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    booking = await demo.services.desk.find(TENANT, reference)
    assert booking is not None
    await settled(demo.services, booking)
    read = await call(demo, "GET", f"{BOOKINGS}/{reference}")
    assert read.json()["status"] == "confirmed"
    assert len(await demo.sandbox_bookings()) == 1
    again = await call(demo, "POST", BOOKINGS, ORDER, "k-1")
    assert (again.status_code, again.content) == (202, answer.content)
    # What only came too early was not kept under its key.
    moved = await call(demo, "PATCH", path, order, "m-1")
    assert (moved.status_code, moved.json()["start"]) == (200, THURSDAY_17)


async def test_a_pending_booking_is_cancelled_at_once_and_its_history_goes_on(demo: Demo) -> None:
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    reference = (await call(demo, "POST", BOOKINGS, ORDER)).json()["reference"]
    answer = await call(demo, "DELETE", f"{BOOKINGS}/{reference}")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    # What the calendar may have of it can only be removed once it is back.
    events = [it["event"] for it in answer.json()["history"]]
    assert events == ["requested", "promised", "compensating"]
    assert set(events) <= set(EVENTS)


async def test_a_move_while_another_is_under_way_is_not_refused_for_good(demo: Demo) -> None:
    reference = (await booked(demo))["reference"]
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    path = f"{BOOKINGS}/{reference}/reschedule"
    first = await call(demo, "PATCH", path, {"start": THURSDAY_17}, "m-1")
    assert (first.status_code, first.json()["status"]) == (202, "pending")
    other = {"start": "2026-03-27T11:00:00+01:00"}
    second = await call(demo, "PATCH", path, other, "m-2")
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    booking = await demo.services.desk.find(TENANT, reference)
    assert booking is not None
    await settled(demo.services, booking)
    again = await call(demo, "PATCH", path, other, "m-2")
    assert (again.status_code, again.json()["start"]) == (200, other["start"])


async def test_a_failure_of_ours_is_not_kept(demo: Demo) -> None:
    await demo.forget_free_time()
    failed = await call(demo, "POST", BOOKINGS, ORDER, "k-1")
    assert (failed.status_code, failed.json()["code"]) == (503, "calendar_down")
    assert int(failed.headers["Retry-After"]) > 0
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    made = await call(demo, "POST", BOOKINGS, ORDER, "k-1")
    assert made.status_code == 201, made.text
    assert len(await demo.sandbox_bookings()) == 1


async def test_a_no_needs_no_calendar_even_if_what_lies_around_is_unknown(demo: Demo) -> None:
    await booked(demo, staff="ben")
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    await in_database(
        demo,
        "BEGIN IMMEDIATE",
        "DELETE FROM mirror WHERE local_date > '2026-03-26'",
        "UPDATE mirror_versions SET mirror = mirror + 1",
        "COMMIT",
    )
    taken = await call(demo, "POST", BOOKINGS, {**ORDER, "staff": "ben"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")


@pytest.fixture
async def limited(seeded: Any, tmp_path: Any, start_demo: Any) -> AsyncIterator[Demo]:
    async with start_demo(tmp_path / "limited", FERMATA_RATE_PER_MINUTE="4") as running:
        yield running


async def test_a_call_beyond_the_limit_is_not_kept(limited: Demo) -> None:
    statuses = {f"k-{n}": (await call(limited, "POST", BOOKINGS, ORDER, f"k-{n}")).status_code for n in range(6)}
    assert statuses["k-0"] == 201
    assert statuses["k-5"] == 429
    keys = {row[0] for row in await in_database(limited, "SELECT key FROM idempotency")}
    assert keys == {key for key, status in statuses.items() if status != 429}


async def test_a_call_whose_process_died_is_run_again_and_finds_what_it_did(demo: Demo) -> None:
    """The process dies after the effect and before the answer is kept: what it leaves is the call's row with its lease."""
    made = await call(demo, "POST", BOOKINGS, ORDER, "k-1")
    lease_ends_soon = (LEASE - timedelta(seconds=44)) // timedelta(microseconds=1)
    await in_database(
        demo,
        "BEGIN IMMEDIATE",
        "INSERT INTO idempotent_calls SELECT scope, key, fingerprint, (SELECT hold FROM bookings), 'dead', "
        f"created_at + {lease_ends_soon}, created_at FROM idempotency",
        "DELETE FROM idempotency",
        "COMMIT",
    )
    again = await call(demo, "POST", BOOKINGS, ORDER, "k-1")
    assert again.status_code == 201
    assert again.content == made.content
    assert len(await demo.sandbox_bookings()) == 1
