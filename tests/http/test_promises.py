"""What becomes of a promise: the calendar was down at the guest's yes, and later it is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Reference, TenantId
from tests.support.demo import Demo, Guest
from tests.support.jumping_clock import (
    calendar_down,
    calendar_up,
    jumping_demo,
    mails,
    pass_time,
    transcript,
    worked_until,
)

SALON = TenantId("salon-fermata")
WISH = {"de": "Herrenhaarschnitt am Donnerstag um 16 Uhr", "en": "men's haircut on Thursday at 4 pm"}
NAME = "Max Muster"
YES = {"de": "ja", "en": "yes"}


@pytest.fixture
async def demo(seeded: Path, tmp_path: Path) -> AsyncIterator[Demo]:
    """A demo without bookings on Tuesday, 24 March 2026, 10:15, whose time can be made to pass."""
    folder = tmp_path / "var"
    shutil.copytree(seeded, folder)
    async with jumping_demo(folder) as running:
        yield running


async def booked(demo: Demo, language: str = "de", contact: str = "max@example.org") -> Guest:
    """A guest with a booking on Thursday at 16:00."""
    guest = demo.guest(language=language)
    await guest.say(f"{WISH[language]}, {NAME}, {contact}")
    await guest.say(YES[language])
    assert guest.code == "booked", guest.text
    return guest


async def promised(demo: Demo, language: str = "de", contact: str = "max@example.org") -> Guest:
    """A guest who said yes while the calendar was down."""
    guest = demo.guest(language=language)
    await guest.say(f"{WISH[language]}, {NAME}, {contact}")
    await calendar_down(demo)
    await guest.say(YES[language])
    assert_pending(guest)
    return guest


def assert_pending(guest: Guest) -> None:
    assert guest.code == "held", guest.text
    assert guest.last["booking"]["status"] == "pending"


def later_than(demo: Demo, guest: Guest, count: int) -> Callable[[], Awaitable[list[str]]]:
    """What the bot said after the first ``count`` lines of the conversation."""

    async def look() -> list[str]:
        return [line["text"] for line in (await transcript(demo, guest))[count:]]

    return look


def mails_after(demo: Demo, count: int) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    async def look() -> list[dict[str, Any]]:
        return (await mails(demo))[count:]

    return look


def kinds(mail: dict[str, Any]) -> set[str]:
    return {part["type"].split(";")[0] for part in mail["parts"]}


async def stored(demo: Demo, guest: Guest) -> Any:
    """The guest's booking as we know it."""
    async with demo.services.database.read() as work:
        return await work.bookings.find(SALON, Reference(guest.last["booking"]["reference"]))


async def callbacks(demo: Demo) -> Any:
    async with demo.services.database.read() as work:
        return await work.callbacks.list_open(SALON)


@pytest.mark.parametrize(
    ("language", "words", "subject"),
    [
        ("de", "Ihr Termin steht fest. Herrenhaarschnitt, Donnerstag, 26. März", "Ihr Termin am Donnerstag"),
        ("en", "your appointment is confirmed. Men's haircut, Thursday 26 March", "Your appointment on Thursday"),
    ],
)
async def test_a_promise_is_kept_and_told_in_the_guests_language(demo, language, words, subject):
    guest = await promised(demo, language)
    reference = guest.last["booking"]["reference"]
    said = len(await transcript(demo, guest))
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    (message,) = await worked_until(demo, later_than(demo, guest, said))
    assert words in message
    assert reference in message
    (mail,) = await worked_until(demo, mails_after(demo, 0))
    assert mail["subject"].startswith(subject)
    assert "text/calendar" in kinds(mail)
    (entry,) = await demo.sandbox_bookings()
    assert entry["metadata"]["fermataBooking"] == reference
    assert (await stored(demo, guest)).status == "confirmed"
    # Whatever else the worker does, it is said once.
    pass_time(demo, hours=3)
    await worked_until(demo, lambda: asyncio.sleep(0, True))
    assert len(await transcript(demo, guest)) == said + 1
    assert len(await mails(demo)) == 1


async def test_a_move_is_promised_the_old_time_stands_and_then_the_new_one(demo):
    guest = await booked(demo)
    await worked_until(demo, mails_after(demo, 0))
    await guest.say("Ich möchte den Termin auf Freitag um 11 Uhr verschieben")
    await calendar_down(demo)
    await guest.say("ja")
    assert_pending(guest)
    assert "bis es feststeht, gilt Donnerstag, 26. März, 16:00 Uhr weiter" in guest.text
    assert (await stored(demo, guest)).starts_at.isoformat() == "2026-03-26T15:00:00+00:00"
    said = len(await transcript(demo, guest))
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    (message,) = await worked_until(demo, later_than(demo, guest, said))
    assert "Herrenhaarschnitt ist jetzt Freitag, 27. März, 11:00 bis 11:30 Uhr" in message
    (mail,) = await worked_until(demo, mails_after(demo, 1))
    assert mail["subject"].startswith("Neue Zeit für Ihren Termin: Freitag, 27. März 2026 um 11:00 Uhr")
    (entry,) = await demo.sandbox_bookings()
    assert entry["start"] == "2026-03-27T10:00:00.000Z"


async def test_two_moves_that_cannot_be_kept_are_two_letters_and_the_old_time_stands(demo):
    guest = await booked(demo)
    await worked_until(demo, mails_after(demo, 0))
    for attempt in range(2):
        await guest.say("Ich möchte den Termin auf Freitag um 11 Uhr verschieben")
        await calendar_down(demo)
        await guest.say("ja")
        assert_pending(guest)
        said = len(await transcript(demo, guest))
        pass_time(demo, hours=2, minutes=5)
        await calendar_up(demo)
        (message,) = await worked_until(demo, later_than(demo, guest, said))
        assert "Es bleibt bei Donnerstag, 26. März, 16:00 bis 16:30 Uhr" in message
        (mail,) = await worked_until(demo, mails_after(demo, 1 + attempt))
        assert mail["subject"].startswith("Ihr Termin bleibt am Donnerstag, 26. März 2026 um 16:00 Uhr")
        assert kinds(mail) == {"text/plain", "text/html"}
    ids = [mail["headers"]["Message-ID"] for mail in await mails(demo)]
    assert len(set(ids)) == 3
    (entry,) = await demo.sandbox_bookings()
    assert entry["start"] == "2026-03-26T15:00:00.000Z"
    assert (await stored(demo, guest)).status == "confirmed"


async def test_a_cancellation_does_not_give_up(demo):
    guest = await booked(demo)
    await worked_until(demo, mails_after(demo, 0))
    await guest.say("Ich möchte meinen Termin absagen")
    await calendar_down(demo)
    if guest.code != "held":
        await guest.say("ja")
    assert_pending(guest)
    said = len(await transcript(demo, guest))
    pass_time(demo, hours=5)
    await demo.services.worker.settle()
    assert (await stored(demo, guest)).status == "confirmed"
    await calendar_up(demo)
    pass_time(demo, minutes=10)
    (message,) = await worked_until(demo, later_than(demo, guest, said))
    assert "Ihre Absage ist eingetragen: Herrenhaarschnitt, Donnerstag, 26. März" in message
    (mail,) = await worked_until(demo, mails_after(demo, 1))
    assert mail["subject"].startswith("Abgesagt: Ihr Termin am Donnerstag")
    assert "text/calendar" in kinds(mail)
    assert await demo.sandbox_bookings() == []
    assert (await stored(demo, guest)).status == "cancelled"


async def test_a_promise_can_be_called_off(demo):
    guest = await promised(demo)
    await calendar_up(demo)
    await guest.say("Ich möchte meinen Termin absagen")
    await guest.say("ja")
    assert_pending(guest)  # the request without an answer may still get through
    said = len(await transcript(demo, guest))
    pass_time(demo, minutes=2)
    (message,) = await worked_until(demo, later_than(demo, guest, said))
    assert "Ihre Absage ist eingetragen" in message
    assert (await stored(demo, guest)).status == "cancelled"
    assert await demo.sandbox_bookings() == []
    assert await mails(demo) == []


@pytest.mark.parametrize("contact", ["max@example.org", "030 1234567"])
async def test_a_promise_that_was_not_kept_in_two_hours_is_withdrawn(demo, contact):
    guest = await promised(demo, contact=contact)
    said = len(await transcript(demo, guest))
    pass_time(demo, hours=2, minutes=5)
    await demo.services.worker.settle()
    await calendar_up(demo)
    pass_time(demo, minutes=10)
    (message,) = await worked_until(demo, later_than(demo, guest, said))
    assert "Herrenhaarschnitt, Donnerstag, 26. März, 16:00 bis 16:30 Uhr, ließ sich nicht buchen" in message
    assert "+49 30 5550 1234" in message
    assert await demo.sandbox_bookings() == []
    assert (await stored(demo, guest)).status == "failed"
    if "@" in contact:
        (mail,) = await worked_until(demo, mails_after(demo, 0))
        assert mail["subject"].startswith("Leider nicht gebucht: Herrenhaarschnitt, Donnerstag, 26. März 2026")
        assert kinds(mail) == {"text/plain", "text/html"}
        assert await callbacks(demo) == []
    else:
        (callback,) = await callbacks(demo)
        assert callback.reason is CallbackReason.WITHDRAWN
        assert (callback.name, callback.phone) == (NAME, "+49301234567")
        assert await mails(demo) == []
    # The time is free again for the next guest.
    other = demo.guest(language="de")
    await other.say(WISH["de"])
    assert other.code == "held", other.text


async def test_the_page_can_ask_what_became_of_a_promise(demo):
    document = (await demo.http.get("/openapi.json")).json()
    schema = {**document["components"]["schemas"]["Transcript"], "components": document["components"]}
    guest = await promised(demo, "en")
    reference = guest.last["booking"]["reference"]
    address = f"/api/chat/{guest.tenant}/messages"

    async def asked(conversation: str = guest.conversation) -> Any:
        answer = (await demo.http.get(address, params={"conversation": conversation, "bookings": "1"})).json()
        Draft202012Validator(schema).validate(answer)
        return answer["bookings"]

    assert await asked() == [], "nothing to tell yet"
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    (booking,) = await worked_until(demo, asked)
    assert (booking["reference"], booking["status"]) == (reference, "confirmed")
    assert booking["service_name"] == "Men's haircut"
    assert booking["start"] == "2026-03-26T16:00:00+01:00"
    assert await asked("c-0123456789abcdef") == []
    plain = (await demo.http.get(address, params={"conversation": guest.conversation})).json()
    assert plain.keys() == {"conversation", "messages"}


async def ready(demo: Demo, clock: int) -> Guest:
    """A guest who has only to say yes to Thursday at this hour."""
    guest = demo.guest(language="de")
    await guest.say(f"Herrenhaarschnitt am Donnerstag um {clock} Uhr, {NAME}, max@example.org")
    assert guest.last["expects"] == "confirm", guest.text
    return guest


async def test_while_the_calendar_is_known_to_be_down_nobody_waits_for_it_and_then_it_is_tried_again(demo):
    first, second, third = [await ready(demo, clock) for clock in (14, 16, 17)]
    await calendar_down(demo)
    await first.say("ja")
    assert_pending(first)
    # It is well again, but that is not known yet: the calendar is not even asked.
    await calendar_up(demo)
    await second.say("ja")
    assert_pending(second)
    assert await demo.sandbox_bookings() == []
    said = len(await transcript(demo, second))
    pass_time(demo, seconds=45)
    await third.say("ja")
    assert third.code == "booked"
    (message,) = await worked_until(demo, later_than(demo, second, said))
    assert "Ihr Termin steht fest" in message
    # The first request got no answer and may get through late; its time is looked at when that is over.
    pass_time(demo, minutes=2)
    await worked_until(demo, lambda: has_status(demo, first, "confirmed"))
    starts = sorted(entry["start"] for entry in await demo.sandbox_bookings())
    assert starts == [f"2026-03-26T{hour}:00:00.000Z" for hour in (13, 15, 16)]


async def has_status(demo: Demo, guest: Guest, status: str) -> bool:
    return (await stored(demo, guest)).status == status
