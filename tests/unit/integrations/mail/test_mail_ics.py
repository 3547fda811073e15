"""The .ics file as two independent libraries read it."""

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar

from booking_core.errors import InvalidModel
from booking_core.services.notices import Notice
from integrations.mail.ics import build_calendar, method_of

HOSTILE = 'Groß, Jürgen "J;R" :\r\nATTENDEE:mailto:x@evil.example\r\nBEGIN:VALARM\\n\u2028 end'


def read_both(raw):
    """The event as (start, end, uid, sequence, status, summary, description, location) of each library."""
    text = raw.decode()
    event = next(iter(Calendar.from_ical(raw).walk("VEVENT")))
    other = vobject.readOne(text).vevent
    first = (
        event.start.astimezone(UTC),
        event.end.astimezone(UTC),
        str(event["UID"]),
        int(event["SEQUENCE"]),
        str(event["STATUS"]),
        str(event["SUMMARY"]),
        str(event["DESCRIPTION"]),
        str(event["LOCATION"]),
    )
    second = (
        other.dtstart.value.astimezone(UTC),
        other.dtend.value.astimezone(UTC),
        other.uid.value,
        int(other.sequence.value),
        other.status.value,
        other.summary.value,
        other.description.value,
        other.location.value,
    )
    return first, second


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-26T15:30",  # winter
        "2026-03-28T23:30",  # into the night of the spring change
        "2026-03-29T01:30",  # over the missing hour
        "2026-03-29T03:00",
        "2026-03-31T09:00",
        "2026-10-24T10:00",
        "2026-10-25T01:30",  # over the hour that comes twice
        "2026-10-25T02:30",
        "2026-10-25T03:00",
        "2026-10-27T09:00",
        "2026-12-31T23:00",
        "2027-01-02T09:00",
    ],
)
def test_both_libraries_read_the_same_right_times(invite, start):
    invitation = invite(start=start)
    first, second = read_both(build_calendar(invitation, "REQUEST"))
    assert first == second
    assert first[:2] == (invitation.starts_at, invitation.ends_at)
    assert first[1] - first[0] == timedelta(minutes=130)


def test_the_second_of_two_equal_wall_times_is_written_in_utc(invite):
    invitation = invite(start="2026-10-25T02:30", fold=1, pieces=(("Schnitt", "Ben", 20, 0),))
    raw = build_calendar(invitation, "REQUEST")
    assert b"DTSTART:20261025T013000Z" in raw
    first, second = read_both(raw)
    assert first[:2] == second[:2] == (invitation.starts_at, invitation.ends_at)


def test_the_event_says_what_was_booked(invite):
    first, second = read_both(build_calendar(invite(), "REQUEST"))
    assert first == second
    assert first[2:] == (
        "0123456789abcdef@salon.fermata.invalid",
        0,
        "CONFIRMED",
        "Ansatzfärbung, Salon Fermata",
        "15:30–16:00 Auftragen (Anna)\n16:00–16:25 Pause\n16:25–17:40 Auswaschen, schneiden und föhnen (Clara)\n\n"
        "F7K2QX\n+49 30 5550 1234",
        "Kastanienallee 12, 10435 Berlin",
    )


def test_people_and_zone_of_the_event(invite):
    calendar = Calendar.from_ical(build_calendar(invite(), "REQUEST"))
    event = next(iter(calendar.walk("VEVENT")))
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["ORGANIZER"]) == "mailto:hallo@salon-fermata.example"
    assert event["ORGANIZER"].params["CN"] == "Salon Fermata"
    assert str(event["ATTENDEE"]) == "mailto:juergen@example.org"
    assert event["ATTENDEE"].params["CN"] == "Jürgen Groß"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert event["DTSTAMP"].dt == datetime(2026, 3, 24, 9, 15, 3, tzinfo=UTC)


def test_a_move_keeps_the_uid_and_raises_the_sequence(invite):
    booked = invite()
    moved = invite(kind=Notice.MOVED, sequence=1, start="2026-03-31T10:00")
    (first, _), (second, _) = (read_both(build_calendar(each, "REQUEST")) for each in (booked, moved))
    assert first[2] == second[2]
    assert (first[3], second[3]) == (0, 1)


def test_a_cancellation_is_one_in_method_and_status(invite):
    raw = build_calendar(invite(kind=Notice.CANCELLED, sequence=2), "CANCEL")
    calendar = Calendar.from_ical(raw)
    assert calendar["METHOD"] == "CANCEL"
    assert read_both(raw)[0][4] == "CANCELLED"


@pytest.mark.parametrize("kind", [kind for kind in Notice if not kind.invites])
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_what_leaves_the_guests_calendar_alone_has_no_calendar_object(invite, kind, method):
    with pytest.raises(ValueError, match="letter alone"):
        build_calendar(invite(kind=kind), method)


@pytest.mark.parametrize("kind", [kind for kind in Notice if kind.invites])
def test_method_and_kind_cannot_disagree(invite, kind):
    wrong = "REQUEST" if method_of(kind) == "CANCEL" else "CANCEL"
    with pytest.raises(ValueError, match=wrong):
        build_calendar(invite(kind=kind), wrong)


@pytest.mark.parametrize("field", ["guest", "salon", "service", "location"])
def test_a_hostile_text_stays_a_text(invite, field):
    raw = build_calendar(invite(**{field: HOSTILE}), "REQUEST")
    calendar = Calendar.from_ical(raw)
    assert [component.name for component in calendar.walk()].count("VALARM") == 0
    event = next(iter(calendar.walk("VEVENT")))
    assert str(event["ATTENDEE"]) == "mailto:juergen@example.org", "still exactly one"
    first, second = read_both(raw)
    assert first == second


def test_lines_are_folded_and_ended_as_the_standard_says(invite):
    raw = build_calendar(invite(service="Ä" * 300, location="日本" * 100), "REQUEST")
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two
    first, second = read_both(raw)
    assert first == second
    assert first[7] == "日本" * 100


def test_the_same_invitation_is_the_same_bytes(invite):
    assert build_calendar(invite(), "REQUEST") == build_calendar(invite(), "REQUEST")
    later = dataclasses.replace(invite(), stamp=datetime(2026, 3, 24, 9, 15, 4, tzinfo=UTC))
    assert build_calendar(later, "REQUEST") != build_calendar(invite(), "REQUEST")


def test_a_guest_without_address_gets_a_file_without_attendee(invite):
    event = next(iter(Calendar.from_ical(build_calendar(invite(email=None), "REQUEST")).walk("VEVENT")))
    assert "ATTENDEE" not in event


def test_a_salon_without_address_cannot_invite(invite):
    with pytest.raises(InvalidModel) as caught:
        build_calendar(invite(salon_email=None), "REQUEST")
    assert caught.value.data["field"] == "email"


def test_a_zone_without_changes(invite):
    invitation = invite(zone=ZoneInfo("Asia/Tokyo"))
    first, second = read_both(build_calendar(invitation, "REQUEST"))
    assert first[:2] == second[:2] == (invitation.starts_at, invitation.ends_at)
