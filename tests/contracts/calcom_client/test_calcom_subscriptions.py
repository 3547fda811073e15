"""Subscribing to webhooks, and reads that leave the last calls of a minute to writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from booking_core.errors import RateLimited
from booking_core.model.interval import Interval
from booking_core.ports.calendar import EntryRequest

ADDRESS = "http://127.0.0.1:9/webhooks/calcom/salon"


async def test_every_account_is_subscribed_once(pushed: Any, client: Any, world: Any) -> None:
    assert await pushed.subscribe("salon", ADDRESS, "first-secret") == ("anna", "ben")
    assert await pushed.subscribe("salon", ADDRESS, "first-secret") == ()
    assert await pushed.subscribe("salon", ADDRESS, "next-secret") == ("anna", "ben")
    moved = "http://127.0.0.1:10/webhooks/calcom/salon"
    assert await pushed.subscribe("salon", moved, "next-secret") == ("anna", "ben")
    for key in world.keys.values():
        (known,) = await client.list_webhooks(key)
        assert (known.subscriber_url, known.secret, known.active) == (moved, "next-secret", True)
        assert "next-secret" not in repr(known)


async def test_subscriptions_of_others_stay_as_they_are(pushed: Any, client: Any, world: Any) -> None:
    theirs = {"active": True, "subscriberUrl": "http://127.0.0.1:9/crm", "triggers": ["BOOKING_CREATED"]}
    await client.create_webhook(world.keys["anna"], theirs)
    await pushed.subscribe("salon", ADDRESS, "secret")
    found = {known.subscriber_url: known.triggers for known in await client.list_webhooks(world.keys["anna"])}
    assert found["http://127.0.0.1:9/crm"] == ("BOOKING_CREATED",)
    assert len(found) == 2


async def test_reads_stop_before_the_calls_that_writes_need(pushed: Any, sandbox: Any, thursday: Any) -> None:
    span = Interval(thursday, thursday + timedelta(hours=1))
    await sandbox.faults(rate_limit=40)
    reads = 0
    with pytest.raises(RateLimited) as limited:
        while reads < 40:
            await pushed.read_free_time("salon", "anna", span)
            reads += 1
    assert reads == 31
    assert 0 < limited.value.retry_after <= 60
    # A write still passes, and the colleague's key has calls of its own.
    await pushed.cancel_entry("salon", "anna", (await _booked(pushed, thursday)).uid, "test")
    await pushed.read_free_time("salon", "ben", span)


async def _booked(gateway: Any, start: Any) -> Any:
    return await gateway.create_entry(
        EntryRequest("salon", "cut", 0, "anna", start, "h:0:0", "ABC234", "Guest", "c-1@g.example", "UTC", "de")  # type: ignore[arg-type]
    )
