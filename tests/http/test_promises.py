"""What becomes of a promise: the calendar was down at the guest's yes, and later it is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from booking_core.model.callback import CallbackReason
from booking_core.model.ids import Reference, TenantId
from tests.support.demo import Demo, Guest, settled
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


async def is_confirmed(demo: Demo, reference: str) -> bool:
    async with demo.services.database.read() as work:
        booking = await work.bookings.find(SALON, Reference(reference))
    return booking is not None and booking.status == "confirmed"


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
    # The request without an answer may still get through; that it does not take place is certain all the same.
    assert (guest.code, guest.last["booking"]["status"]) == ("cancelled", "cancelled")
    assert "Die Absage geht an" not in guest.text  # nor did an invitation
    said = len(await transcript(demo, guest))
    pass_time(demo, minutes=2)
    await worked_until(demo, lambda: has_status(demo, guest, "cancelled"))
    assert await demo.sandbox_bookings() == []
    assert await mails(demo) == []
    assert len(await transcript(demo, guest)) == said


NOT_YET = {"de": "vorgemerkt, aber noch nicht bestätigt", "en": "noted but not confirmed yet"}


@pytest.mark.parametrize(
    ("language", "words", "entered"),
    [
        (
            "de",
            ("ja", "Welche Termine habe ich?", "Bitte auf Donnerstag 16 Uhr verschieben"),
            "bereits eingetragen",
        ),
        (
            "en",
            ("yes", "what appointments do I have?", "please move it to Thursday at 4 pm"),
            "already in the book",
        ),
    ],
)
async def test_a_promise_is_never_told_as_an_entry(demo, language, words, entered):
    guest = await promised(demo, language)
    reference = guest.last["booking"]["reference"]
    for said in words:
        await guest.say(said)
        assert NOT_YET[language] in guest.text, guest.text
        assert entered not in guest.text
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    await worked_until(demo, lambda: is_confirmed(demo, reference))
    await guest.say(words[1])
    assert NOT_YET[language] not in guest.text


@pytest.mark.parametrize(
    ("language", "no", "question"),
    [
        ("de", "nein, doch nicht", "Soll ich diesen Termin absagen?"),
        ("de", "nein", "Soll ich diesen Termin absagen?"),
        ("en", "no, rather not", "cancel"),
    ],
)
async def test_a_no_right_after_a_promise_offers_to_call_it_off(demo, language, no, question):
    guest = await promised(demo, language)
    await guest.say(no)
    assert guest.last["expects"] == "confirm", guest.text
    assert question in guest.text
    await guest.say(YES[language])
    assert (guest.code, guest.last["booking"]["status"]) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    ("language", "cancel", "words", "leaving"),
    [
        (
            "de",
            "Ich möchte meinen Termin absagen",
            (
                "nein, doch nicht",
                "Welche Termine habe ich?",
                "Bitte absagen",
                "Bitte auf Freitag 11 Uhr verschieben",
            ),
            "wird abgesagt",
        ),
        (
            "en",
            "please cancel my appointment",
            (
                "no",
                "what appointments do I have?",
                "please cancel my appointment",
                "please move it to Friday at 11 am",
            ),
            "being cancelled",
        ),
    ],
)
async def test_a_noted_cancellation_is_told_as_one(demo, language, cancel, words, leaving):
    guest = await booked(demo, language)
    await guest.say(cancel)
    await calendar_down(demo)
    await guest.say(YES[language])
    assert_pending(guest)
    for said in words:
        await guest.say(said)
        assert leaving in guest.text, (said, guest.text)
        assert guest.last["expects"] == "anything"


@pytest.mark.parametrize(
    ("said", "last"),
    [("Bitte auf Donnerstag 17 Uhr verschieben", "Verschoben"), ("Ich möchte meinen Termin absagen", "Abgesagt")],
)
async def test_what_has_been_overtaken_is_not_the_last_word(demo, said, last):
    guest = await promised(demo)
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    booking = await stored(demo, guest)
    # The promise is kept, but nobody has told the guest yet when the next wish comes.
    await settled(demo.services, booking)
    await guest.say(said)
    await guest.say("ja")
    assert last in guest.text, guest.text
    count = len(await transcript(demo, guest))
    await work_off(demo)
    lines = [line["text"] for line in await transcript(demo, guest)]
    assert lines[count:] == []
    assert not any("Ihr Termin steht fest" in text for text in lines)


async def work_off(demo: Demo) -> None:
    """Whatever is due now, and what comes of it."""
    for _ in range(3):
        await demo.services.worker.settle()
        await demo.services.worker.sweep()


@pytest.mark.parametrize(
    ("language", "move", "not_yet", "taken"),
    [
        ("de", "Bitte auf Freitag 11 Uhr verschieben", "ist noch nicht bestätigt", "anderweitig vergeben"),
        ("en", "please move it to Friday at 11 am", "is not confirmed yet", "has just been taken"),
    ],
)
async def test_a_promise_that_cannot_be_moved_yet_has_lost_no_time(demo, language, move, not_yet, taken):
    guest = await promised(demo, language)
    reference = guest.last["booking"]["reference"]
    await guest.say(move)
    assert guest.last["expects"] == "confirm", guest.text
    await guest.say(YES[language])
    assert guest.code == "info"
    assert not_yet in guest.text
    assert taken not in guest.text
    # The time that was asked for is not kept from others.
    await calendar_up(demo)
    pass_time(demo, minutes=2)
    await worked_until(demo, lambda: is_confirmed(demo, reference))
    await guest.say(move)
    await guest.say(YES[language])
    assert guest.code == "moved"


async def test_a_second_move_while_the_first_is_under_way_has_lost_no_time(demo):
    guest = await booked(demo)
    await guest.say("Bitte auf Freitag 11 Uhr verschieben")
    await calendar_down(demo)
    await guest.say("ja")
    assert_pending(guest)
    await guest.say("Bitte auf Freitag 13 Uhr verschieben")
    await guest.say("ja")
    assert "wird gerade bearbeitet" in guest.text
    assert "anderweitig vergeben" not in guest.text
    await guest.say("Welche Termine habe ich?")
    assert "die Verlegung auf Freitag, 27. März, 11:00 Uhr ist noch nicht bestätigt" in guest.text


async def test_a_cancellation_while_a_move_is_under_way_is_written_down_and_the_last_word(demo):
    guest = await booked(demo)
    reference = guest.last["booking"]["reference"]
    await worked_until(demo, mails_after(demo, 0))
    await guest.say("Bitte auf Freitag 11 Uhr verschieben")
    await calendar_down(demo)
    await guest.say("ja")
    assert_pending(guest)
    await guest.say("Ich möchte meinen Termin absagen")
    await guest.say("ja")
    assert_pending(guest)
    assert "ist vermerkt" in guest.text
    said = len(await transcript(demo, guest))
    await calendar_up(demo)
    for _ in range(3):
        pass_time(demo, minutes=10)
        await work_off(demo)
    messages = await later_than(demo, guest, said)()
    assert ["Ihre Absage ist eingetragen" in text for text in messages] == [True], messages
    assert await demo.sandbox_bookings() == []
    async with demo.services.database.read() as work:
        booking = await work.bookings.find(SALON, Reference(reference))
    assert booking is not None and booking.status == "cancelled"


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
    unlucky = [await ready(demo, clock) for clock in (10, 11, 14)]
    await calendar_down(demo)
    for guest in unlucky:
        await guest.say("ja")
        assert_pending(guest)
    # Three who got no answer are not chance.
    second, third = [await ready(demo, clock) for clock in (16, 17)]
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
    for guest in unlucky:
        await worked_until(demo, partial(has_status, demo, guest, "confirmed"))
    starts = sorted(entry["start"] for entry in await demo.sandbox_bookings())
    assert starts == [f"2026-03-26T{hour:02}:00:00.000Z" for hour in (9, 10, 13, 15, 16)]


async def has_status(demo: Demo, guest: Guest, status: str) -> bool:
    return (await stored(demo, guest)).status == status
