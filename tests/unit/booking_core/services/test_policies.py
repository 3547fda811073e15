"""Until when a guest may change a booking."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.description import tenant_from
from booking_core.model.slot import Placement, Plan
from booking_core.services.policies import may_change

ZONE = ZoneInfo("Europe/Berlin")
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
START = datetime(2026, 3, 26, 15, 0, tzinfo=ZONE)


def booking(created_at: datetime) -> Booking:
    plan = Plan("mens-cut", (Placement(0, "anna", START, START + timedelta(minutes=30)),))
    return Booking(
        "ABC234", SALON.id, "c-mine-1234", "hold", BookingStatus.CONFIRMED, plan, Attendee("Max", "de"), (),
        created_at, created_at, "chat",
    )  # fmt: skip


@pytest.mark.parametrize("change", ["move", "cancel"])
@pytest.mark.parametrize(
    ("hours_before", "booked_minutes_ago", "conversation", "allowed"),
    [
        (48, 600, "c-mine-1234", True),
        (24, 600, "c-mine-1234", True),
        (23, 600, "c-mine-1234", False),
        (23, 30, "c-mine-1234", True),  # within the grace period
        (23, 31, "c-mine-1234", False),
        (23, 10, "c-other-123", False),  # grace is for the conversation that booked
        (48, 600, "c-other-123", True),
        (0, 10, "c-mine-1234", False),  # it has begun
    ],
)
def test_may_change(change, hours_before, booked_minutes_ago, conversation, allowed):
    now = START - timedelta(hours=hours_before)
    made = booking(now - timedelta(minutes=booked_minutes_ago))
    assert may_change(SALON, made, change, now=now, conversation=conversation) is allowed
