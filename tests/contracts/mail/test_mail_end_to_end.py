"""An invitation from the booking to the mailbox, as the guest's programs would find it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import vobject
from babel.messages.pofile import read_po
from icalendar import Calendar

from booking_core.services.invitations import Invitation, InvitedSegment, Party
from booking_core.services.notices import Notice
from integrations.mail.compose import compose
from integrations.mail.rendering import MailRenderer

START = datetime(2026, 3, 31, 7, 0, tzinfo=UTC)


@pytest.fixture
def german():
    path = Path(__file__).resolve().parents[3] / "locales" / "de" / "LC_MESSAGES" / "mail.po"
    with path.open("rb") as file:
        texts = {message.id: message.string for message in read_po(file)}
    return lambda key, /, **values: texts[key].format(**values)


def invitation(kind, sequence, start):
    return Invitation(
        kind=kind,
        uid="abc@salon.fermata.invalid",
        sequence=sequence,
        stamp=START - timedelta(days=5, minutes=-sequence),
        reference="F7K2QX",
        language="de",
        service="Schnitt",
        segments=(InvitedSegment("Schnitt", "Ben", start, start + timedelta(minutes=30)),),
        zone=ZoneInfo("Europe/Berlin"),
        guest_zone=ZoneInfo("Europe/Berlin"),
        organizer=Party("Salon Fermata", "hallo@salon.example"),
        guest=Party("Müller, Jürgen", "juergen@example.org"),
    )


async def test_booked_moved_and_cancelled_reach_the_guest_as_one_event(mailbox, mailer, german):
    renderer = MailRenderer()
    later = START + timedelta(hours=2)
    story = [(Notice.CONFIRMED, 0, START), (Notice.MOVED, 1, later), (Notice.CANCELLED, 2, later)]
    sent = [compose(invitation(*step), renderer, german, sender="termine@fermata.example") for step in story]
    for message in sent:
        await mailer.send(message, sender="termine@fermata.example", recipient="juergen@example.org")
    messages = (await mailbox.messages())[::-1]
    assert [message["raw"].encode() for message in messages] == sent
    assert {message["to"] for message in messages} == {'"Müller, Jürgen" <juergen@example.org>'}

    read = []
    for message in messages:
        [calendar] = [part["text"] for part in message["parts"] if part["type"] == "text/calendar"]
        [attached] = [part["text"] for part in message["parts"] if part["type"] == "application/ics"]
        assert calendar == attached
        first, second = Calendar.from_ical(calendar), vobject.readOne(calendar)
        event = next(iter(first.walk("VEVENT")))
        assert event.start == second.vevent.dtstart.value
        read.append((str(first["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event.start.astimezone(UTC)))
    uid = "abc@salon.fermata.invalid"
    assert read == [("REQUEST", uid, 0, START), ("REQUEST", uid, 1, later), ("CANCEL", uid, 2, later)]
    assert "9:00 bis 09:30 Uhr" in messages[0]["parts"][0]["text"], "summer time in Berlin"
