"""The mirror of the running product against its calendar: webhooks, outages, and the calendar's own slots."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from booking_core.errors import CalendarUnavailable
from booking_core.model.ids import StaffId
from booking_core.model.interval import Interval, tick_of
from booking_core.model.tenant import Tenant
from booking_core.services.mirror import MirrorView
from tests.support.demo import Demo

ANNA = StaffId("anna")
THURSDAY = Interval(datetime(2026, 3, 26, 13, tzinfo=UTC), datetime(2026, 3, 26, 14, tzinfo=UTC))


async def salon(demo: Demo) -> Tenant:
    tenant = await demo.services.tenants.find("salon-fermata")
    assert tenant is not None
    return tenant


async def view(demo: Demo, span: Interval = THURSDAY, *staff: StaffId) -> MirrorView:
    return await demo.services.mirror.read(await salon(demo), staff or (ANNA,), span, deadline=5)


async def outside(demo: Demo, start: datetime, minutes: int, username: str = "anna") -> str:
    body = {"username": username, "start": start.isoformat(), "lengthInMinutes": minutes}
    response = await demo.sandbox.post("/_sandbox/bookings", json=body)
    assert response.status_code == 201, response.text
    return str(response.json()["uid"])


async def send(
    demo: Demo, body: dict[str, Any] | bytes, *, secret: str | None = None, tenant: str = "salon-fermata"
) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    key = demo.services.calcom_webhook_secrets[0] if secret is None else secret
    signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Cal-Signature-256": signature, "Content-Type": "application/json"}
    return await demo.http.post(f"/webhooks/calcom/{tenant}", content=raw, headers=headers)


def event(trigger: str, start: datetime, end: datetime, **payload: Any) -> dict[str, Any]:
    return {
        "triggerEvent": trigger,
        "createdAt": "2026-03-24T09:15:00.000Z",
        "payload": {"uid": "u-1", "startTime": start.isoformat(), "endTime": end.isoformat(), **payload},
    }


async def test_the_next_two_weeks_are_known_when_the_demo_is_usable(demo: Demo) -> None:
    now = demo.services.clock.now()
    tenant = await salon(demo)
    staff = [member.id for member in tenant.staff]
    async with demo.services.database.read() as work:
        known = await demo.services.mirror.look(work, tenant, staff, Interval(now, now + timedelta(days=14)))
    assert known.complete
    assert all(known.free.values())


async def test_an_outside_booking_is_gone_with_the_next_look(demo: Demo) -> None:
    assert (await view(demo)).free[ANNA].bit_count() == 12
    uid = await outside(demo, THURSDAY.starts_at, 30)
    assert (await view(demo)).free[ANNA] == 0b111111 << 6
    later = THURSDAY.starts_at + timedelta(minutes=30)
    moved = await demo.sandbox.patch(f"/_sandbox/bookings/{uid}", json={"start": later.isoformat()})
    assert moved.status_code == 200
    # The new time is gone; the old one shows after a reading begun five seconds later.
    assert (await view(demo)).free[ANNA] == 0


async def test_with_the_calendar_down_the_answer_stands_and_says_how_old_it_is(demo: Demo) -> None:
    before = await view(demo)
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    began = demo.services.clock.real()
    assert await view(demo) == before
    assert before.fresh_at is not None
    assert before.fresh_at < began
    tenant = await salon(demo)
    beyond = THURSDAY.starts_at + timedelta(days=400)
    with pytest.raises(CalendarUnavailable):
        await view(demo, Interval(beyond, beyond + timedelta(hours=1)))
    refreshed = await demo.services.mirror.refresh(tenant)
    assert all(isinstance(error, CalendarUnavailable) for _, error in refreshed.failed)
    assert await view(demo) == before


async def test_only_signed_bodies_are_heard(demo: Demo) -> None:
    sent = event("BOOKING_CREATED", THURSDAY.starts_at, THURSDAY.ends_at, organizer={"username": "anna"})
    refused = await send(demo, sent, secret="guessed")
    assert refused.status_code == 401
    assert "detail" not in refused.json()
    assert (await demo.http.post("/webhooks/calcom/salon-fermata", json=sent)).status_code == 401
    assert (await send(demo, sent, secret="guessed", tenant="nobody")).status_code == 401
    assert (await view(demo)).free[ANNA].bit_count() == 12
    assert (await send(demo, sent, tenant="nobody")).status_code == 404
    assert (await send(demo, sent)).status_code == 200
    assert (await send(demo, sent)).status_code == 200
    assert (await view(demo)).free[ANNA] == 0


async def test_events_that_do_not_matter_are_answered_all_the_same(demo: Demo) -> None:
    before = await view(demo)
    for sent in (b"false", b"{}", json.dumps({"triggerEvent": "MEETING_ENDED", "uid": "u"}).encode()):
        assert (await send(demo, sent)).status_code == 200
    assert (await view(demo)).free == before.free


async def test_a_change_of_somebody_unknown_hides_nothing_and_queues_everybody(demo: Demo) -> None:
    tenant = await salon(demo)
    sent = event("BOOKING_CREATED", THURSDAY.starts_at, THURSDAY.ends_at, organizer={"username": "stranger"})
    assert (await send(demo, sent)).status_code == 200
    assert (await view(demo)).free[ANNA].bit_count() == 12
    resources = [f"staff:{member.id}" for member in tenant.staff]
    day = THURSDAY.starts_at.astimezone(tenant.zone).date()
    async with demo.services.database.read() as work:
        rows = await work.mirror.days(tenant.id, resources, day, day)  # type: ignore[arg-type]
    assert len(rows) == len(resources)
    assert all(row.invalidated_at and row.read_at and row.invalidated_at > row.read_at for row in rows)


async def test_a_restart_keeps_one_subscription_per_person_at_the_new_address(
    demo: Demo, start_demo: Any, tmp_path: Path
) -> None:
    assert demo.services.announce is not None
    assert demo.services.demo is not None
    await demo.services.announce("http://127.0.0.1:1")
    await demo.services.announce(demo.base_url)
    for key in demo.services.demo.staff_keys.values():
        answer = await demo.sandbox.get("/v2/webhooks", headers={"Authorization": f"Bearer {key}"})
        (subscription,) = answer.json()["data"]
        assert subscription["subscriberUrl"] == f"{demo.base_url}/webhooks/calcom/salon-fermata"
        assert subscription["secret"] == demo.services.calcom_webhook_secrets[0]
        assert "BOOKING_RESCHEDULED" in subscription["triggers"]


async def test_the_secret_may_be_given_and_survives_a_restart(start_demo: Any, tmp_path: Path) -> None:
    async with start_demo(tmp_path / "own") as first:
        made = first.services.calcom_webhook_secrets
    async with start_demo(tmp_path / "own") as again:
        assert again.services.calcom_webhook_secrets == made
    async with start_demo(tmp_path / "own", CALCOM_WEBHOOK_SECRET="new-secret-1,old-secret-1") as given:
        assert given.services.calcom_webhook_secrets == ("new-secret-1", "old-secret-1")
        await outside(given, THURSDAY.starts_at, 60)
        assert (await view(given)).free[ANNA] == 0


@pytest.mark.parametrize("webhooks", ["normal", "double", "lost"])
@pytest.mark.parametrize("seed", range(2))
async def test_the_mirror_says_what_the_calendars_own_slots_say(demo: Demo, seed: int, webhooks: str) -> None:
    """Random outside bookings, on and off the grid and across the change of the clocks, then the probe's slots one by one."""
    rolled = random.Random(seed)
    tenant = await salon(demo)
    staff = [member.id for member in tenant.staff]
    first = datetime(2026, 3, 26, tzinfo=tenant.zone).date()
    days = [first + timedelta(days=number) for number in range(6)]
    await demo.sandbox.put("/_sandbox/faults", json={"webhooks": webhooks})
    for _ in range(25):
        start = datetime.combine(rolled.choice(days), time(), tenant.zone)
        start = (start + timedelta(minutes=rolled.randrange(8 * 60, 19 * 60))).astimezone(UTC)
        await outside(demo, start, rolled.choice([5, 7, 30, 45, 90]), rolled.choice(staff))
    if webhooks == "lost":
        assert await demo.services.mirror.reread(tenant, staff, days[0], days[-1], deadline=5) == ()
    midnights = (datetime.combine(day, time(), tenant.zone) for day in (days[0], days[-1] + timedelta(days=1)))
    span = Interval(*midnights)
    mirrored = await view(demo, span, *staff)
    probes = {link.staff: link for link in await demo.services.tenants.links(tenant.id) if link.service is None}
    for member in staff:
        answer = await demo.sandbox.get(
            "/v2/slots",
            params={
                "eventTypeId": str(probes[member].event_type_id),
                "start": (span.starts_at - timedelta(days=1)).isoformat(),
                "end": (span.ends_at + timedelta(days=1)).isoformat(),
            },
            headers={"cal-api-version": "2024-09-04"},
        )
        starts = [datetime.fromisoformat(slot["start"]) for day in answer.json()["data"].values() for slot in day]
        on_grid = {tick_of(start) for start in starts if start.timestamp() % 300 == 0}
        assert mirrored.ticks_of(member) == on_grid & set(span.ticks())
