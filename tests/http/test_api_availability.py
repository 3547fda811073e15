"""Availability over HTTP: every start and no other, told from the mirror, with honest errors and an honest age."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from booking_core.model.ids import equipment_resource, staff_resource
from booking_core.model.interval import instant_of, tick_of
from bot.wiring.demo import demo_tenant
from tests.support.brute_force_planner import World, best_plan, possible
from tests.support.demo import Demo

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = {"from": "2026-03-26T00:00:00+01:00", "to": "2026-03-27T00:00:00+01:00"}
SIMPLE, COMPOSITE = "/api/v2/availability/simple", "/api/v2/availability/composite"


def key(demo: Demo) -> dict[str, str]:
    assert demo.services.demo is not None
    return {"Authorization": f"Bearer {demo.services.demo.api_key}"}


async def ask(demo: Demo, path: str, body: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await demo.http.post(path, json=body, headers={**key(demo), **named})


async def slots(demo: Demo, path: str, **body: Any) -> list[dict[str, Any]]:
    response = await ask(demo, path, {**THURSDAY, **body})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["slots"]
    return found


async def world_on(demo: Demo, service: str, day: date) -> World:
    """What the salon's description and the sandbox's bookings leave free on a day, worked out tick by tick."""
    tenant = demo_tenant()
    taken: dict[str, set[int]] = defaultdict(set)
    for entry in await demo.sandbox_bookings():
        begin, end = (tick_of(datetime.fromisoformat(entry[edge])) for edge in ("start", "end"))
        taken[entry["hosts"][0]["username"]] |= set(range(begin, end))
    opened = {tick for hours in tenant.hours.intervals(day, tenant.zone) for tick in hours.ticks()}
    free = {
        staff_resource(member.id): frozenset(
            {tick for hours in member.hours.intervals(day, tenant.zone) for tick in hours.ticks()}
            & opened - taken[member.id]
        )
        for member in tenant.staff
    }
    free |= {equipment_resource(room.id): frozenset(opened) for room in tenant.equipment}
    found = tenant.find_service(service)
    assert found is not None
    return World(found, free)


@pytest.mark.parametrize(
    ("path", "service"),
    [(SIMPLE, "mens-cut"), (COMPOSITE, "root-colour"), (COMPOSITE, "perm"), (COMPOSITE, "full-colour")],
)
async def test_every_start_is_told_with_its_best_plan_and_no_other(demo: Demo, path: str, service: str) -> None:
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt bei Anna am Donnerstag um 12:40, Max Muster, max@example.org")
    await guest.say("ja")
    assert guest.code == "booked", guest.text
    world = await world_on(demo, service, date(2026, 3, 26))
    expected = [tick for tick in world.ticks() if possible(world, tick)]
    assert expected
    told = await slots(demo, path, service=service)
    assert [tick_of(datetime.fromisoformat(slot["start"])) for slot in told] == expected
    for slot in told[:: max(1, len(told) // 12)]:
        plan = best_plan(world, tick_of(datetime.fromisoformat(slot["start"])))
        assert plan is not None
        parts = [(part["staff"], part["start"], part["end"]) for part in slot["segments"]]
        assert parts == [
            (
                part.staff,
                part.starts_at.astimezone(BERLIN).isoformat(),
                part.ends_at.astimezone(BERLIN).isoformat(),
            )
            for part in plan.placements
        ]
        assert (slot["start"], slot["end"]) == (parts[0][1], parts[-1][2])


async def test_starts_lie_in_the_asked_range_with_its_end_left_out(demo: Demo) -> None:
    told = await slots(
        demo, SIMPLE, service="mens-cut", **{"from": "2026-03-26T13:00:00Z", "to": "2026-03-26T13:15:00Z"}
    )
    assert [slot["start"] for slot in told] == [
        "2026-03-26T14:00:00+01:00",
        "2026-03-26T14:05:00+01:00",
        "2026-03-26T14:10:00+01:00",
    ]


async def test_offsets_follow_the_tenants_clock_over_its_change(demo: Demo) -> None:
    told = await slots(
        demo, SIMPLE, service="consultation", **{"from": "2026-03-28T12:00:00Z", "to": "2026-03-31T08:00:00Z"}
    )
    by_offset = {slot["start"][10:] for slot in told}
    assert "T13:45:00+01:00" in by_offset  # Saturday, winter time
    assert "T09:00:00+02:00" in by_offset  # Tuesday, summer time
    assert not any(slot["start"].startswith("2026-03-29") for slot in told)  # closed


async def test_nothing_is_told_before_the_notice_or_beyond_the_horizon(demo: Demo) -> None:
    today = await slots(
        demo,
        SIMPLE,
        service="mens-cut",
        **{"from": "2026-03-20T00:00:00+01:00", "to": "2026-03-25T00:00:00+01:00"},
    )
    assert today[0]["start"] == "2026-03-24T11:20:00+01:00"  # 10:15 and some seconds, an hour's notice
    demo.services.clock.set(datetime(2026, 3, 25, 10, 15, tzinfo=BERLIN))  # type: ignore[attr-defined]
    last = await slots(
        demo,
        SIMPLE,
        service="mens-cut",
        **{"from": "2026-06-20T00:00:00+02:00", "to": "2026-07-10T00:00:00+02:00"},
    )
    assert (
        last[-1]["start"] == "2026-06-23T11:15:00+02:00"
    )  # ninety times 24 hours on; the salon is open until six
    response = await ask(
        demo, SIMPLE, {"service": "mens-cut", "from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}
    )
    assert response.json() == {"slots": [], "fresh_at": None}


async def test_a_named_person_does_the_first_segment(demo: Demo) -> None:
    told = await slots(demo, SIMPLE, service="mens-cut", staff="clara")
    assert {slot["segments"][0]["staff"] for slot in told} == {"clara"}
    assert told[0]["start"] == "2026-03-26T10:00:00+01:00"
    told = await slots(demo, COMPOSITE, service="root-colour", staff="clara")
    assert {slot["segments"][0]["staff"] for slot in told} == {"clara"}
    assert await slots(demo, SIMPLE, service="womens-cut", staff="ben") == []  # he does not do it


async def test_a_hold_in_the_chat_takes_the_time_until_it_is_given_back(demo: Demo) -> None:
    wish = {"service": "mens-cut", "staff": "anna", "from": "2026-03-26T13:00:00Z", "to": "2026-03-26T13:05:00Z"}
    assert len(await slots(demo, SIMPLE, **wish)) == 1
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt bei Anna am Donnerstag um 14 Uhr, Max Muster, max@example.org")
    assert guest.code == "held"
    assert await slots(demo, SIMPLE, **wish) == []
    await guest.say("nein")
    assert len(await slots(demo, SIMPLE, **wish)) == 1


async def test_segments_are_named_in_the_language_that_is_asked_for(demo: Demo) -> None:
    body = {**THURSDAY, "service": "root-colour"}
    german = await ask(demo, COMPOSITE, body)
    english = await ask(demo, COMPOSITE, body, Accept_Language="fr, en;q=0.5")
    assert german.headers["Content-Language"] == "de"
    assert english.headers["Content-Language"] == "en"
    names = [[part["name"] for part in answer.json()["slots"][0]["segments"]] for answer in (german, english)]
    assert names == [["Auftragen", "Auswaschen, schneiden und föhnen"], ["Application", "Rinse, cut and dry"]]


# --- who asks


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong-key-of-some-length"},
        {"Authorization": "Basic {key}"},
        {"Authorization": "{key}"},
        {"X-Api-Key": "{key}x"},
        {"X-Api-Key": b"\xff\xfe"},
    ],
)
async def test_without_a_known_key_nothing_is_told(demo: Demo, headers: dict[str, Any]) -> None:
    assert demo.services.demo is not None
    own = demo.services.demo.api_key
    sent = [
        (name.encode(), value if isinstance(value, bytes) else value.format(key=own).encode())
        for name, value in headers.items()
    ]
    for path in (SIMPLE, COMPOSITE):
        response = await demo.http.post(path, content=b"no json", headers=sent)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "unauthorized"


async def test_either_header_carries_the_key(demo: Demo) -> None:
    assert demo.services.demo is not None
    own = demo.services.demo.api_key
    for headers in ({"Authorization": f"bearer {own}"}, {"X-Api-Key": own}):
        response = await demo.http.post(SIMPLE, json={**THURSDAY, "service": "mens-cut"}, headers=headers)
        assert response.status_code == 200


async def test_health_needs_no_key(demo: Demo) -> None:
    response = await demo.http.get("/api/v2/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


# --- what is refused


@pytest.mark.parametrize(
    ("path", "change", "code", "field"),
    [
        (SIMPLE, {"service": "moustache"}, "unknown_service", "service"),
        (SIMPLE, {"service": None}, "invalid", "service"),
        (SIMPLE, {"service": ["mens-cut"]}, "invalid", "service"),
        (SIMPLE, {"service": "perm"}, "composite_service", "service"),
        (COMPOSITE, {"service": "mens-cut"}, "simple_service", "service"),
        (SIMPLE, {"staff": "kevin"}, "unknown_staff", "staff"),
        (SIMPLE, {"staff": 3}, "invalid", "staff"),
        (SIMPLE, {"from": "2026-03-26T00:00:00"}, "missing_offset", "from"),
        (SIMPLE, {"to": "2026-03-26"}, "missing_offset", "to"),
        (SIMPLE, {"from": "Thursday"}, "invalid", "from"),
        (SIMPLE, {"from": 1774483200}, "invalid", "from"),
        (SIMPLE, {"from": "0001-01-01T00:00:00+14:00"}, "invalid", "from"),
        (SIMPLE, {"to": "9999-12-31T23:59:59-14:00"}, "invalid", "to"),
        (SIMPLE, {"to": None}, "invalid", "to"),
        (SIMPLE, {"to": "2026-03-25T00:00:00+01:00"}, "reversed_range", "to"),
        (SIMPLE, {"to": "2026-03-25T23:00:00Z"}, "reversed_range", "to"),
        (SIMPLE, {"to": "2026-04-26T00:00:01+01:00"}, "range_too_long", "to"),
    ],
)
async def test_what_is_wrong_is_named(
    demo: Demo, path: str, change: dict[str, Any], code: str, field: str
) -> None:
    response = await ask(demo, path, {**THURSDAY, "service": "mens-cut", **change})
    assert response.status_code == 422, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["field"], body["status"]) == (code, field, 422)
    assert body["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_no_json_object_is_named(demo: Demo, content: bytes) -> None:
    headers = {**key(demo), "Content-Type": "application/json"}
    response = await demo.http.post(SIMPLE, content=content, headers=headers)
    assert (response.status_code, response.json()["field"]) == (422, "body")
    response = await demo.http.post(SIMPLE, content=content, headers=key(demo))
    assert response.status_code == 415


async def test_a_whole_month_may_be_asked(demo: Demo) -> None:
    response = await ask(
        demo,
        COMPOSITE,
        {"service": "perm", "from": "2026-03-26T00:00:00+01:00", "to": "2026-04-26T00:00:00+01:00"},
    )
    assert response.status_code == 200
    days = {slot["start"][:10] for slot in response.json()["slots"]}
    assert "2026-03-26" in days
    assert "2026-04-25" in days
    assert "2026-04-03" not in days  # Good Friday


# --- how old it is


async def test_it_is_told_how_old_the_calendars_part_is(demo: Demo) -> None:
    wish = {**THURSDAY, "service": "root-colour"}
    before = (await ask(demo, COMPOSITE, wish)).json()
    told = datetime.fromisoformat(before["fresh_at"])
    now = demo.services.clock.now()
    assert before["fresh_at"].endswith("+01:00")
    assert now - timedelta(minutes=5) < told <= now + timedelta(seconds=1)
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    down = await ask(demo, COMPOSITE, wish)
    assert down.status_code == 200
    assert down.json() == before  # the same times, of the same age
    await demo.sandbox.delete("/_sandbox/faults")
    tenant = demo_tenant()
    await asyncio.sleep(1.1)
    await demo.services.mirror.reread(
        tenant, [member.id for member in tenant.staff], date(2026, 3, 25), date(2026, 3, 28), deadline=20
    )
    fresh = (await ask(demo, COMPOSITE, wish)).json()
    assert fresh["slots"] == before["slots"]
    assert datetime.fromisoformat(fresh["fresh_at"]) > told


async def test_a_slow_calendar_is_not_waited_for(demo: Demo) -> None:
    await demo.sandbox.put("/_sandbox/faults", json={"delay_ms": 20_000})
    began = perf_counter()
    response = await ask(demo, SIMPLE, {**THURSDAY, "service": "mens-cut"})
    assert response.status_code == 200
    assert response.json()["slots"]
    assert perf_counter() - began < 10


async def test_a_day_that_was_never_read_is_read_and_with_the_calendar_down_that_is_told(demo: Demo) -> None:
    far = {"service": "mens-cut", "from": "2026-05-21T00:00:00+02:00", "to": "2026-05-22T00:00:00+02:00"}
    await demo.forget_free_time()
    response = await ask(demo, SIMPLE, far)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1
    assert response.json()["code"] == "calendar_down"
    await demo.sandbox.delete("/_sandbox/faults")
    response = await ask(demo, SIMPLE, far)
    assert response.status_code == 200
    assert (
        response.json()["slots"][0]["start"]
        == instant_of(tick_of(datetime(2026, 5, 21, 9, tzinfo=BERLIN))).astimezone(BERLIN).isoformat()
    )
