"""The message: structure, headers, hostile names, identical bytes, and golden mails."""

import dataclasses
import os
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from booking_core.errors import InvalidModel
from booking_core.services.notices import Notice
from integrations.mail.compose import compose
from integrations.mail.ics import build_calendar, method_of
from integrations.mail.message import Letter, build_message

GOLDEN = Path(__file__).with_name("golden")
SENDER = "termine@fermata.example"
LETTER = Letter("Betreff", "Grüße\n", "<p>Grüße</p>\n")


LETTERS = [kind for kind in Notice if not kind.invites]


def built(invitation, letter=LETTER, sender=SENDER):
    return build_message(invitation, letter, build_calendar(invitation, method_of(invitation.kind)), sender=sender)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    ("kind", "method"), [(Notice.CONFIRMED, "REQUEST"), (Notice.MOVED, "REQUEST"), (Notice.CANCELLED, "CANCEL")]
)
def test_the_structure_is_what_calendars_look_for(invite, kind, method):
    invitation = invite(kind=kind)
    message = parsed(built(invitation))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_, calendar, attached = message.walk()
    assert calendar["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content_disposition() == "attachment"
    ics = build_calendar(invitation, method)
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == ics
    assert Calendar.from_ical(ics)["METHOD"] == method
    assert message.get_body(("plain",)).get_content() == "Grüße\r\n"


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_letter_leaves_the_guests_calendar_alone(invite, renderer, translator, kind, language):
    invitation = invite(kind=kind, language=language, cause="saga-1", salon_email=None)
    raw = compose(invitation, renderer, translator(language), sender=SENDER)
    message = parsed(raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert b"calendar" not in raw.split(b"\r\n\r\n", 1)[0]
    assert message["Message-ID"]
    assert "F7K2QX" in message.get_body(("plain",)).get_content()


def test_headers_name_salon_and_guest(invite):
    message = parsed(built(invite()))
    assert message["From"].addresses[0].display_name == "Salon Fermata"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert message["Reply-To"].addresses[0].addr_spec == "hallo@salon-fermata.example"
    assert message["To"].addresses[0].display_name == "Jürgen Groß"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message["Date"].datetime == invite().stamp
    assert parsedate_to_datetime(message["Date"]).utcoffset().total_seconds() == 3600, "in the salon's zone"


def test_a_salon_that_sends_itself_needs_no_reply_to(invite):
    assert "Reply-To" not in parsed(built(invite(), sender="hallo@salon-fermata.example"))


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: victim@example.com",
        "Eve\nBcc: victim@example.com\n\nbody",
        "Müller, Jürgen",
        "Miller, John",
        'Anna "die Schnelle" \\ Groß',
        'Anna "quick" \\ Miller',
        "=?utf-8?q?Bcc=3A?=",
        "a@b.example, c@d.example",
        "Max <x@evil.example>",
        "日本語の名前" * 12,
        "Wolfeschlegelsteinhausenbergerdorff " * 5,
        "ß" * 500,
        "\x00\x1b[31m\u2028",
        "",
    ],
)
def test_a_hostile_name_changes_nothing_but_itself(invite, name):
    raw = built(invite(guest=name, salon=name or "S"))
    assert raw.isascii()
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    message = parsed(raw)
    assert [key for key in message if key in ("Bcc", "Cc")] == []
    assert [address.addr_spec for address in message["To"].addresses] == ["juergen@example.org"]
    assert [address.addr_spec for address in message["From"].addresses] == [SENDER]
    assert message.get_body(("plain",)).get_content() == "Grüße\r\n"


@pytest.mark.parametrize(
    "name", ["Müller, Jürgen", "Miller, John", 'Anna "die Schnelle" \\ Groß', 'A "q" \\ M', "日本語の名前" * 4]
)
def test_an_unusual_name_arrives_as_it_is(invite, name):
    # The library's own address parser puts a space between encoded words; RFC 2047, 6.2 says that there is none.
    line = message_from_bytes(built(invite(guest=name)))["To"]
    phrase, address = parseaddr(line.replace("\r\n", ""))
    assert address == "juergen@example.org"
    assert str(make_header(decode_header(phrase))) == name


@pytest.mark.parametrize(
    "subject",
    [
        "Termin am Donnerstag, 26. März 2026 um 15:30 Uhr: Ansatzfärbung",
        "Your appointment on Thursday, 26 March 2026 at 3.30 pm, Ansatzfärbung",
        "A plain subject that is long enough to be folded somewhere, at a space and nowhere else, please",
        "Ä" * 150,
    ],
)
def test_a_subject_arrives_as_it_is(invite, subject):
    message = parsed(built(invite(), dataclasses.replace(LETTER, subject=subject)))
    assert message["Subject"] == subject


def test_a_subject_cannot_become_a_header(invite):
    message = parsed(built(invite(), dataclasses.replace(LETTER, subject="Hi\r\nBcc: x@evil.example")))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: x@evil.example"


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@example.org, b@example.org",
        "a@x.example>\r\nBcc: y@z.example",
        "jürgen@example.org",
        "<a@example.org>",
        "",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(invite, address):
    with pytest.raises(InvalidModel) as caught:
        built(invite(email=address))
    assert caught.value.data == {"field": "attendee.email"}
    assert not address or address not in str(caught.value)


def test_a_guest_without_address_cannot_be_written_to(invite):
    with pytest.raises(InvalidModel):
        built(invite(email=None))


def test_a_domain_with_umlauts_is_written_for_the_dns(invite):
    message = parsed(built(invite(email="max@käse.example")))
    assert message["To"].addresses[0].addr_spec == "max@xn--kse-qla.example"


def test_built_twice_is_the_same_mail_and_each_change_another(invite, renderer, translator):
    def make(**changes):
        return compose(invite(**changes), renderer, translator("de"), sender=SENDER)

    assert make() == make()
    ids = {
        parsed(make(**changes))["Message-ID"]
        for changes in ({}, {"sequence": 1}, {"kind": Notice.CANCELLED}, {"uid": "x@y"})
    }
    assert len(ids) == 4


@pytest.mark.parametrize("kind", LETTERS)
def test_two_letters_of_one_sequence_are_two_mails_and_each_of_them_one(invite, renderer, translator, kind):
    def make(cause):
        return compose(invite(kind=kind, cause=cause), renderer, translator("de"), sender=SENDER)

    assert make("saga-1") == make("saga-1")
    assert parsed(make("saga-1"))["Message-ID"] != parsed(make("saga-2"))["Message-ID"]


@pytest.mark.parametrize(
    ("name", "language", "changes"),
    [
        ("confirmed-de", "de", {}),
        ("moved-de", "de", {"kind": Notice.MOVED, "sequence": 1}),
        ("cancelled-en", "en", {"kind": Notice.CANCELLED, "sequence": 2, "service": "Root colour"}),
        (
            "confirmed-en",
            "en",
            {"service": "Men's haircut", "pieces": (("Men's haircut", "Ben", 30, 0),), "price": 0.0},
        ),
        ("withdrawn-de", "de", {"kind": Notice.WITHDRAWN, "cause": "saga-1"}),
        (
            "not-moved-en",
            "en",
            {"kind": Notice.NOT_MOVED, "cause": "saga-1", "sequence": 1, "service": "Root colour"},
        ),
        ("overlapped-de", "de", {"kind": Notice.OVERLAPPED, "cause": "saga-1"}),
    ],
)
def test_golden_mails(invite, renderer, translator, name, language, changes):
    """A changed mail is shown as a difference; with FERMATA_UPDATE_GOLDEN=1 the new one becomes the golden one."""
    raw = compose(invite(language=language, **changes), renderer, translator(language), sender=SENDER)
    path = GOLDEN / f"{name}.eml"
    if os.environ.get("FERMATA_UPDATE_GOLDEN") == "1":
        path.write_bytes(raw)
    assert readable(raw) == readable(path.read_bytes())
    assert raw == path.read_bytes()


def readable(raw):
    """Headers and decoded bodies, so that a failing comparison can be read."""
    message = parsed(raw)
    bodies = [part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart()]
    return [*(f"{key}: {value}" for key, value in message.items()), *bodies]
