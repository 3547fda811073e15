"""Whole conversations through HTTP, written down as a guest and a salon owner would read them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from booking_core.model.ids import ConversationId, TenantId
from booking_core.services.booking import LIVE
from tests.conversations.script import Script, play, read_scripts
from tests.support.demo import NOW, Demo, running_demo, settled

FOLDER = Path(__file__).parent
SCRIPTS = [script for path in sorted(FOLDER.glob("*.txt")) for script in read_scripts(path)]
TENANT = TenantId("salon-fermata")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def salon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """One demo for all conversations; each of them leaves an empty calendar behind."""
    async with running_demo(tmp_path_factory.mktemp("salon")) as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="module")
async def empty_salon(salon: Demo) -> AsyncIterator[Demo]:
    """The demo on Tuesday, 24 March 2026, 10:15, without bookings and with a calendar that answers."""
    services = salon.services
    tenant = await services.tenants.tenant_of(TENANT)
    morning = datetime.fromisoformat(NOW).replace(tzinfo=tenant.zone)
    services.clock.set(morning)  # type: ignore[attr-defined]
    await salon.sandbox.put("/_sandbox/faults", json={"rate_limit": 100_000})
    yield salon
    services.clock.set(morning)  # type: ignore[attr-defined]
    await salon.sandbox.request("DELETE", "/_sandbox/faults")
    async with services.database.read() as work:
        bookings = await work.bookings.list_between(TENANT, morning, morning + 2 * tenant.policies.horizon)
    for booking in bookings:
        if booking.status in LIVE:
            standing = await settled(services, booking)
            await services.dialogue.actions.cancel.cancel(tenant, standing, door="chat", reason="Tidying up")
    assert await salon.sandbox_bookings() == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.language}: {script.title}")
async def test_conversation(empty_salon: Demo, script: Script) -> None:
    guest = empty_salon.guest()
    try:
        await play(script, guest, empty_salon)
    finally:
        async with empty_salon.services.database.write() as work:
            await work.claims.release_hold(TENANT, ConversationId(guest.conversation))


def test_every_outcome_is_met_in_both_languages() -> None:
    """What the scripts cover; ``slot_taken`` and ``refused`` need a rival and have tests of their own."""
    for language in ("de", "en"):
        met = {turn.code for script in SCRIPTS if script.language == language for turn in script.turns}
        assert met >= {
            "greeted", "asked", "offers", "none_free", "alternatives", "held", "booked", "moved", "cancelled", "listed",
            "in_past", "closed_day", "outside_hours", "notice_too_short", "beyond_horizon", "policy_denied", "ambiguous",
            "not_understood", "info", "handover", "calendar_down",
        }  # fmt: skip
