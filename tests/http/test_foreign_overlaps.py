"""Somebody else's entry on the time of a booking: the calendar lets races through, and what it let through is never cancelled by us."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from booking_core.model.callback import CallbackReason
from booking_core.model.ids import TenantId
from booking_core.services.notices import CHECK
from tests.support.demo import Demo, Guest
from tests.support.jumping_clock import jumping_demo, mails, pass_time, transcript, worked_until

SALON = TenantId("salon-fermata")
EIGHT, FOUR, QUARTER_PAST = (f"2026-03-26T{utc}:00.000Z" for utc in ("17:00", "15:00", "15:15"))
LETTER = "Bitte wählen Sie eine andere Zeit"


@pytest.fixture
async def demo(seeded: Path, tmp_path: Path) -> AsyncIterator[Demo]:
    """A demo without bookings on Tuesday, 24 March 2026, 10:15, whose worker works when told to."""
    folder = tmp_path / "var"
    shutil.copytree(seeded, folder)
    async with jumping_demo(folder) as running:
        yield running


async def booked(demo: Demo) -> tuple[Guest, dict[str, Any]]:
    """A guest with a booking of Anna on Thursday at 16:00, already checked, and its entry."""
    guest = demo.guest(language="de")
    await guest.say("Herrenhaarschnitt bei Anna am Donnerstag um 16 Uhr, Max Muster, max@example.org")
    await guest.say("ja")
    assert guest.code == "booked", guest.text
    await worked_until(demo, lambda: mails(demo))
    (entry,) = [it for it in await demo.sandbox_bookings() if it["metadata"]]
    return guest, entry


async def outside(demo: Demo, start: str, **fields: Any) -> dict[str, Any]:
    """What Anna enters in her calendar by hand."""
    response = await demo.sandbox.post("/_sandbox/bookings", json={"start": start, "username": "anna", **fields})
    assert response.status_code == 201, response.text
    return dict(response.json()["booking"])


async def checked(demo: Demo, guest: Guest) -> None:
    """Have the calendar looked at as it is after a booking."""
    now = demo.services.clock.now()
    payload = {"reference": guest.last["booking"]["reference"], "sequence": 0}
    async with demo.services.database.write() as work:
        await work.outbox.add(SALON, CHECK, f"again:{now.isoformat()}", payload, due_at=now)

    # A check of a booking whose first request went without an answer waits until that cannot get through any more.
    pass_time(demo, minutes=2)

    async def nothing_waits() -> bool:
        return await demo.services.worker.depth() == 0

    await worked_until(demo, nothing_waits)


async def reasons(demo: Demo) -> list[CallbackReason]:
    async with demo.services.database.read() as work:
        return [it.reason for it in await work.callbacks.list_open(SALON)]


async def bot_lines(demo: Demo, guest: Guest) -> list[str]:
    return [line["text"] for line in await transcript(demo, guest) if line["from"] == "bot"]


@pytest.mark.parametrize(
    ("theirs_older", "start"),
    [(True, QUARTER_PAST), (False, FOUR)],
    ids=["theirs was first", "same start"],
)
async def test_the_guest_is_asked_for_another_time_and_theirs_stays(demo, theirs_older, start):
    if theirs_older:
        # Entered before ours, and moved onto it: the calendar keeps its number.
        foreign = await outside(demo, EIGHT)
        guest, ours = await booked(demo)
        moved = await demo.sandbox.patch(
            f"/_sandbox/bookings/{foreign['uid']}", json={"start": start, "inPlace": True}
        )
        assert moved.status_code == 200, moved.text
    else:
        guest, ours = await booked(demo)
        # An exact double would be refused even to its owner.
        foreign = await outside(demo, start, lengthInMinutes=45)
    said = len(await bot_lines(demo, guest))
    for _ in range(2):
        await checked(demo, guest)
    (message,) = (await bot_lines(demo, guest))[said:]
    assert "Donnerstag, 26. März, 16:00 bis 16:30 Uhr" in message
    assert "Möchten Sie Ihren Termin" in message
    _, letter = await mails(demo)
    assert letter["subject"].startswith(LETTER)
    assert {part["type"].split(";")[0] for part in letter["parts"]} == {"text/plain", "text/html"}
    assert await reasons(demo) == [CallbackReason.OVERLAP]
    assert {it["uid"] for it in await demo.sandbox_bookings()} == {ours["uid"], foreign["uid"]}
    # The guest takes up the offer.
    await guest.say("Dann verschieben wir auf Freitag um 11 Uhr")
    await guest.say("ja")
    assert guest.code == "moved", guest.text


async def test_where_ours_was_first_the_salon_alone_hears_of_it(demo):
    guest, ours = await booked(demo)
    foreign = await outside(demo, QUARTER_PAST)
    said = len(await bot_lines(demo, guest))
    with structlog.testing.capture_logs() as logs:
        await checked(demo, guest)
    (alert,) = [it for it in logs if it["event"] == "foreign_overlap"]
    assert alert["log_level"] == "error"
    assert alert["ours_first"] is True
    assert "Muster" not in str(alert)
    assert (await bot_lines(demo, guest))[said:] == []
    assert len(await mails(demo)) == 1
    assert await reasons(demo) == [CallbackReason.OVERLAP]
    assert {it["uid"] for it in await demo.sandbox_bookings()} == {ours["uid"], foreign["uid"]}


async def test_what_staff_have_shifted_stays_and_the_operator_hears_of_it(demo):
    guest, ours = await booked(demo)
    moved = await demo.sandbox.patch(f"/_sandbox/bookings/{ours['uid']}", json={"start": QUARTER_PAST})
    assert moved.status_code == 200, moved.text
    said = len(await bot_lines(demo, guest))
    with structlog.testing.capture_logs() as logs:
        await checked(demo, guest)
    (alert,) = [it for it in logs if it["event"] == "moved_by_staff"]
    assert alert == {
        "event": "moved_by_staff",
        "log_level": "warning",
        "tenant": SALON,
        "booking": guest.last["booking"]["reference"],
        "staff": "anna",
        "segment": 0,
        "entry": moved.json()["booking"]["id"],
        "moved_from": "2026-03-26T15:00:00+00:00",
        "moved_to": "2026-03-26T15:15:00+00:00",
    }
    assert [it["uid"] for it in await demo.sandbox_bookings()] == [moved.json()["uid"]]
    assert (await bot_lines(demo, guest))[said:] == []
    assert await reasons(demo) == []
    async with demo.services.database.read() as work:
        booking = await work.bookings.find(SALON, guest.last["booking"]["reference"])
    assert [(it.event, it.actor, it.door) for it in booking.history][-1] == ("moved_by_staff", "staff", "calendar")


async def test_what_we_made_twice_is_cancelled_and_ours_stays(demo):
    guest, ours = await booked(demo)
    await outside(demo, FOUR, eventTypeId=ours["eventTypeId"], metadata=ours["metadata"], lengthInMinutes=45)
    assert len(await demo.sandbox_bookings()) == 2
    said = len(await bot_lines(demo, guest))
    await checked(demo, guest)
    assert [it["uid"] for it in await demo.sandbox_bookings()] == [ours["uid"]]
    assert (await bot_lines(demo, guest))[said:] == []
    assert await reasons(demo) == []
