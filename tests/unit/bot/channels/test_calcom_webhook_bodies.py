"""What a webhook's body says about free time, and whose it is; also for every webhook a real server was seen to send."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.tenants import EventTypeLink
from bot.channels.calcom_webhooks import TimeChange, changes_in, signature_holds, staff_of

HOURS = WeeklyHours.parse({"tue": ["09:00-18:00"]})
SALON = Tenant(
    TenantId("salon"),
    "Salon",
    ZoneInfo("Europe/Berlin"),
    ("de",),
    HOURS,
    (Staff(StaffId("anna"), "Anna", HOURS), Staff(StaffId("ben"), "Ben", HOURS)),
    (),
)
LINKS = [
    EventTypeLink(StaffId("anna"), None, 0, 7, 5),
    EventTypeLink(StaffId("ben"), ServiceId("cut"), 0, 8, 30),
    EventTypeLink(StaffId("former"), ServiceId("cut"), 0, 9, 30),
]
ORGANIZER = {"id": 3, "username": "Ben", "email": "b.beck@example.com", "name": "Anna"}


def signed(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def body(trigger: str, **payload: Any) -> bytes:
    return json.dumps(
        {
            "triggerEvent": trigger,
            "createdAt": "2026-03-24T09:15:00.000Z",
            "payload": {"uid": "aW5oMqjhBKbhtbcv9S7WsW", "eventTypeId": 8, "organizer": ORGANIZER, **payload},
        }
    ).encode()


def hour(day: int, at: int) -> datetime:
    return datetime(2026, 3, day, at, tzinfo=UTC)


def test_each_trigger_tells_its_times_in_its_own_form() -> None:
    created = changes_in(body("BOOKING_CREATED", startTime="2026-03-26T14:00:00Z", endTime="2026-03-26T15:00:00Z"))
    names = frozenset({"ben", "b.beck@example.com", "b.beck"})
    assert created == [TimeChange(Interval(hour(26, 14), hour(26, 15)), False, 8, names)]
    moved = changes_in(
        body(
            "BOOKING_RESCHEDULED",
            startTime="2026-03-27T14:00:00Z",
            endTime="2026-03-27T15:00:00Z",
            rescheduleStartTime="2026-03-26T14:00:00Z",
            rescheduleEndTime="2026-03-26T15:00:00Z",
        )
    )
    assert [(change.interval, change.freed) for change in moved] == [
        (Interval(hour(27, 14), hour(27, 15)), False),
        (Interval(hour(26, 14), hour(26, 15)), True),
    ]
    for trigger in ("BOOKING_CANCELLED", "BOOKING_REJECTED"):
        (gone,) = changes_in(
            body(trigger, startTime="2026-03-26T15:00:00+01:00", endTime="2026-03-26T16:00:00.000+01:00")
        )
        assert (gone.interval, gone.freed) == (Interval(hour(26, 14), hour(26, 15)), True)


@pytest.mark.parametrize(
    "sent",
    [
        b"false",
        b"",
        b"\xff\xfe",
        b"[1]",
        b'{"triggerEvent":"BOOKING_CREATED"}',
        b'{"triggerEvent":"BOOKING_CREATED","payload":{"startTime":"2026-03-26T14:00:00Z","endTime":"2026-03-26T15:00:00Z"}}',
        body("BOOKING_REQUESTED", startTime="2026-03-26T14:00:00Z", endTime="2026-03-26T15:00:00Z"),
        body("MEETING_ENDED", startTime="2026-03-26T14:00:00Z", endTime="2026-03-26T15:00:00Z"),
        body("BOOKING_CREATED", startTime="2026-03-26T14:00:00", endTime="2026-03-26T15:00:00Z"),
        body("BOOKING_CREATED", startTime="2026-03-26T15:00:00Z", endTime="2026-03-26T15:00:00Z"),
        body("BOOKING_CREATED", startTime=12, endTime=None),
        body("BOOKING_CREATED", startTime="tomorrow", endTime="2026-03-26T15:00:00Z"),
    ],
)
def test_what_tells_nothing_about_time_is_passed_over(sent: bytes) -> None:
    assert changes_in(sent) == []


def change(event_type_id: int | None, *organizer: str) -> TimeChange:
    return TimeChange(Interval(hour(26, 14), hour(26, 15)), False, event_type_id, frozenset(organizer))


def test_the_staff_member_is_known_by_event_type_then_by_name() -> None:
    assert staff_of(change(7, "ben"), SALON, LINKS) == "anna"
    assert staff_of(change(77, "ben"), SALON, LINKS) == "ben"
    assert staff_of(change(None, "anna@salon.example", "anna"), SALON, LINKS) == "anna"
    assert staff_of(change(9, "ben"), SALON, LINKS) is None  # somebody who has left
    assert staff_of(change(None, "salon"), SALON, LINKS) is None
    assert staff_of(change(None, "anna", "ben"), SALON, LINKS) is None


def test_any_secret_of_a_rotation_signs_and_nothing_else() -> None:
    sent = body("BOOKING_CREATED")
    secrets = ("new-secret", "old-secret")
    assert signature_holds(sent, signed(sent, "new-secret"), secrets)
    assert signature_holds(sent, f" {signed(sent, 'old-secret').upper()} ", secrets)
    for wrong in (
        None,
        "",
        "no-secret-provided",
        signed(sent, "other"),
        signed(sent + b" ", "new-secret"),
        "ä\udc80",
    ):
        assert not signature_holds(sent, wrong, secrets)
    assert not signature_holds(sent, signed(sent, ""), ())


def test_every_webhook_of_a_real_server_verifies_and_is_understood() -> None:
    configured = os.environ.get("FERMATA_CALCOM_RECORDING")
    beside = Path(__file__).parents[5] / "shared" / "calcom" / "exchanges.jsonl"
    path = Path(configured) if configured else beside
    if not path.is_file():
        pytest.skip(f"no recording of a real server at {path}; set FERMATA_CALCOM_RECORDING")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if "webhook" not in row:
            continue
        sent = row["webhook"]["body"].encode()
        if row["secret"]:
            assert signature_holds(sent, row["webhook"]["headers"]["X-Cal-Signature-256"], (row["secret"],))
        changes = changes_in(sent)
        if b'"triggerEvent"' in sent:
            found[json.loads(sent)["triggerEvent"], len(changes)] += 1
            assert all(one.organizer and one.event_type_id for one in changes)
        else:
            assert changes == []
    assert {kind for kind, _ in found} == {
        "BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED", "BOOKING_REJECTED",
        "BOOKING_NO_SHOW_UPDATED",
    }  # fmt: skip
    expected = {
        "BOOKING_CREATED": 1, "BOOKING_RESCHEDULED": 2, "BOOKING_CANCELLED": 1, "BOOKING_REJECTED": 1,
        "BOOKING_REQUESTED": 0, "BOOKING_NO_SHOW_UPDATED": 0,
    }  # fmt: skip
    assert dict(found.keys()) == expected
    assert len(found) == len(expected)
