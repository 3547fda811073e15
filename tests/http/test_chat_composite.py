"""Services with a pause inside: one sentence, one yes, every segment or none, one invitation."""

from __future__ import annotations

import pytest
from icalendar import Calendar


async def entries(demo):
    return sorted(
        (entry["start"], entry["end"], entry["hosts"][0]["username"]) for entry in await demo.sandbox_bookings()
    )


@pytest.mark.parametrize(
    ("words", "yes", "service", "sentence"),
    [
        (
            "Ansatzfärbung am Donnerstag um halb vier, Eva Muster, eva@example.org",
            "ja",
            "root-colour",
            ("15:30 bis 17:40 Uhr", "mit 25 Minuten Einwirkzeit", "bei Anna"),
        ),
        (
            "a perm on Wednesday at 9 am, Jane Doe, jane@example.org",
            "yes",
            "perm",
            ("9 am to 11.15 am", "15 minutes and 10 minutes to let it work", "with Anna"),
        ),
        (
            "Komplette Umfärbung am Samstag um 9 Uhr, Eva Muster, eva@example.org",
            "ja",
            "full-colour",
            ("9:00 bis 11:45 Uhr", "mit 30 Minuten Einwirkzeit", "alles bei Anna"),
        ),
    ],
)
async def test_one_yes_books_every_segment_and_one_invitation_tells_of_it(demo, words, yes, service, sentence):
    guest = demo.guest()
    answer = await guest.say(words)
    assert (guest.code, answer["expects"]) == ("held", "confirm")
    for part in sentence:
        assert part in guest.text
    await guest.say(yes)
    assert guest.code == "booked"
    booking = guest.last["booking"]
    assert booking["service"] == service
    standing = await demo.sandbox_bookings()
    assert len(standing) == len(booking["segments"]) == (3 if service == "perm" else 2)
    assert {entry["metadata"]["fermataBooking"] for entry in standing} == {booking["reference"]}
    await demo.services.queue.settled()
    await demo.services.worker.sweep()
    (mail,) = (await demo.http.get("/api/demo/mailbox")).json()["messages"]
    (calendar,) = [part["text"] for part in mail["parts"] if part["type"] == "text/calendar"]
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == booking["start"]
    assert event["DTEND"].dt.isoformat() == booking["end"]


async def test_staff_is_free_for_others_during_the_pause(demo):
    first, second = demo.guest(), demo.guest()
    await first.say("Ansatzfärbung bei Anna am Samstag um 9 Uhr, Eva Muster, eva@example.org")
    await first.say("ja")
    assert first.code == "booked"
    segments = first.last["booking"]["segments"]
    assert [segment["staff"] for segment in segments] == ["anna", "anna"]
    await second.say("Beratung bei Anna am Samstag um 9:30 Uhr, Max Muster, max@example.org")
    await second.say("ja")
    assert second.code == "booked"  # 9:30 to 9:45 lies in the pause
    third = demo.guest()
    await third.say("Herrenhaarschnitt bei Anna am Samstag um 9:45")
    assert third.code == "alternatives"  # ten minutes are left of it


async def test_the_colour_bar_serves_one_guest_at_a_time(demo):
    first, second = demo.guest(), demo.guest()
    await first.say("Komplette Umfärbung bei Anna am Freitag um 14 Uhr, Eva Muster, eva@example.org")
    await first.say("ja")
    assert first.code == "booked"
    await second.say("Komplette Umfärbung bei Clara am Freitag um 14:30 Uhr")
    assert second.code == "alternatives"
    assert all(not "2026-03-27T13:10" < choice["start"] < "2026-03-27T14:50" for choice in second.last["choices"])


async def test_a_composite_moves_and_is_cancelled_as_one(demo):
    guest = demo.guest()
    await guest.say("Ansatzfärbung am Donnerstag um halb vier, Eva Muster, eva@example.org")
    await guest.say("ja")
    reference = guest.last["booking"]["reference"]
    await guest.say("geht auch eine halbe Stunde später?")
    if guest.code == "held":
        await guest.say("ja")
    else:
        await guest.say("geht auch Donnerstag um 16 Uhr?")
        await guest.say("ja")
    assert guest.code == "moved", guest.text
    assert guest.last["booking"]["reference"] == reference
    assert guest.last["booking"]["start"] == "2026-03-26T16:00:00+01:00"
    assert [start for start, *_ in await entries(demo)] == ["2026-03-26T15:00:00.000Z", "2026-03-26T15:55:00.000Z"]
    await guest.say("ich muss leider absagen")
    await guest.say("ja")
    assert guest.code == "cancelled"
    assert await entries(demo) == []
    other = demo.guest()
    await other.say("Ansatzfärbung bei Anna am Donnerstag um halb vier")
    assert other.code == "held"


async def test_when_one_part_is_refused_none_is_booked_and_other_times_answer(demo):
    guest = demo.guest()
    await guest.say("Ansatzfärbung bei Anna am Samstag um 9 Uhr, Eva Muster, eva@example.org")
    assert guest.last["expects"] == "confirm"
    made = await demo.sandbox.post(
        "/_sandbox/bookings",
        json={"username": "anna", "start": "2026-03-28T09:30:00Z", "lengthInMinutes": 30, "title": "Outside"},
    )
    assert made.status_code == 201
    await guest.say("ja")
    assert guest.code == "slot_taken"
    assert guest.last["choices"]
    ours = [entry for entry in await demo.sandbox_bookings() if "fermataBooking" in (entry["metadata"] or {})]
    assert ours == []
    await guest.press(guest.last["choices"][0]["id"])
    await guest.say("ja")
    assert guest.code == "booked"
