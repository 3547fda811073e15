"""Whole conversations over HTTP against the running demo: what a guest says, what is booked, what the sandbox shows."""

from __future__ import annotations

import pytest


async def test_a_german_guest_books_in_own_words_and_finds_the_appointment_in_the_calendar(demo):
    guest = demo.guest()
    answer = await guest.say("Guten Tag, ich hätte gern einen Herrenhaarschnitt am Donnerstag um halb vier")
    assert answer["language"] == "de"
    assert "KI-Assistent" in answer["replies"][0]["text"]
    assert guest.code == "held"
    assert answer["expects"] == "name"
    assert answer["outcome"]["requested"]["start"] == "2026-03-26T15:30"
    answer = await guest.say("Max Muster")
    assert answer["expects"] == "contact"
    answer = await guest.say("max@example.org")
    assert answer["expects"] == "confirm"
    assert [choice["id"] for choice in answer["choices"]] == ["yes", "no"]
    for part in ("Herrenhaarschnitt", "Donnerstag, 26. März", "15:30", "30 €"):
        assert part in guest.text
    answer = await guest.say("Ja, bitte")
    assert guest.code == "booked"
    booking = answer["booking"]
    assert booking["status"] == "confirmed"
    assert booking["start"] == "2026-03-26T15:30:00+01:00"
    assert booking["end"] == "2026-03-26T16:00:00+01:00"
    assert booking["segments"][0]["name"] == "Herrenhaarschnitt"
    (entry,) = await demo.sandbox_bookings()
    assert entry["start"] == "2026-03-26T14:30:00.000Z"
    assert entry["hosts"][0]["username"] == booking["segments"][0]["staff"]
    assert entry["metadata"]["fermataBooking"] == booking["reference"]


async def test_an_english_guest_says_everything_at_once_and_only_confirms(demo):
    guest = demo.guest()
    answer = await guest.say("Ladies cut with Clara tomorrow at 11am, Jane Doe, jane@example.org")
    assert answer["language"] == "en"
    assert "AI assistant" in answer["replies"][0]["text"]
    assert (guest.code, answer["expects"]) == ("held", "confirm")
    assert "Wednesday 25 March" in guest.text
    answer = await guest.press("yes")
    assert guest.code == "booked"
    assert answer["booking"]["segments"] == [
        {
            "name": "Women's haircut",
            "staff": "clara",
            "start": "2026-03-25T11:00:00+01:00",
            "end": "2026-03-25T11:45:00+01:00",
        }
    ]
    assert "j…e@example.org" in guest.text


async def test_the_guests_real_address_never_reaches_the_calendar(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org, 0170 1234567")
    await guest.press("yes")
    assert guest.code == "booked"
    everything = (await demo.sandbox.get("/_sandbox/bookings")).text
    assert "max@example.org" not in everything
    assert "1701234567" not in everything
    (entry,) = await demo.sandbox_bookings()
    assert entry["attendees"][0]["email"].endswith("@guests.fermata.example")


@pytest.mark.parametrize("way", ["button", "2", "den zweiten", "clock"])
async def test_a_button_a_number_an_ordinal_and_a_clock_time_choose_alike(demo, way):
    guest = demo.guest()
    answer = await guest.say("Herrenschnitt am Donnerstagnachmittag")
    assert guest.code == "offers"
    assert len(answer["choices"]) == 3
    second = answer["choices"][1]
    if way == "button":
        await guest.press(second["id"])
    else:
        await guest.say(second["start"][-5:] + " Uhr" if way == "clock" else way)
    assert guest.code == "held"
    assert guest.last["outcome"]["requested"]["start"] == second["start"]


async def test_offers_lie_in_the_wished_window_and_are_spread(demo):
    guest = demo.guest()
    answer = await guest.say("Damenhaarschnitt am Freitag zwischen 10 und 16 Uhr")
    starts = [choice["start"] for choice in answer["choices"]]
    assert len(starts) == 3
    assert starts == sorted(set(starts))
    assert all("2026-03-27T10:00" <= start < "2026-03-27T16:00" for start in starts)
    for choice in answer["choices"]:
        assert "27.3." in choice["label"]
        assert choice["segments"][0]["staff_name"] in choice["label"]


async def test_later_is_later_than_the_earliest_shown(demo):
    guest = demo.guest()
    first = await guest.say("men's haircut on Friday")
    earliest = first["choices"][0]["start"]
    later = await guest.say("anything later?")
    assert later["choices"]
    assert all(choice["start"] > earliest for choice in later["choices"])


@pytest.mark.parametrize(
    "doubt", ["hm", "Was kostet das?", "ich weiß nicht", "moment", "muss ich das?", "max@example.com"]
)
async def test_nothing_but_a_yes_books(demo, doubt):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    answer = await guest.say(doubt)
    assert answer["booking"] is None
    assert answer["expects"] == "confirm"
    assert await demo.sandbox_bookings() == []


async def test_a_no_frees_the_held_time_at_once(demo):
    first, second = demo.guest(), demo.guest()
    await first.say("Damenhaarschnitt bei Anna morgen um 10 Uhr, Eva Muster, eva@example.org")
    assert first.code == "held"
    await second.say("Damenhaarschnitt bei Anna morgen um 10 Uhr")
    assert second.code == "alternatives"
    await first.say("nein")
    await second.say("Damenhaarschnitt bei Anna morgen um 10 Uhr")
    assert second.code == "held"


async def test_a_correction_at_the_last_question_changes_the_wish(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    answer = await guest.say("nein, lieber am Freitag um 11")
    assert answer["expects"] == "confirm"
    assert answer["outcome"]["requested"]["start"] == "2026-03-27T11:00"
    await guest.say("ja")
    assert guest.last["booking"]["start"] == "2026-03-27T11:00:00+01:00"
    assert len(await demo.sandbox_bookings()) == 1


async def test_a_yes_with_another_time_books_nothing_yet(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    answer = await guest.say("ja, aber lieber um vier")
    assert answer["expects"] == "confirm"
    assert answer["outcome"]["requested"]["start"] == "2026-03-25T16:00"
    assert await demo.sandbox_bookings() == []


async def test_a_second_yes_books_nothing_new(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    await guest.say("ja")
    reference = guest.last["booking"]["reference"]
    await guest.say("ja")
    assert guest.last["booking"] is None
    assert reference in guest.text
    await guest.press("yes")
    assert len(await demo.sandbox_bookings()) == 1


async def test_a_side_question_is_answered_and_the_thread_is_kept(demo):
    guest = demo.guest()
    await guest.say("men's haircut tomorrow at 3 pm")
    answer = await guest.say("where are you?")
    assert guest.code == "info"
    assert "Kastanienallee 12" in guest.text
    assert answer["expects"] == "name"
    answer = await guest.say("and what are your opening hours?")
    assert "9 am" in guest.text
    await guest.say("Jane Doe, jane@example.org")
    await guest.say("yes")
    assert guest.code == "booked"


async def test_bookings_of_this_conversation_are_listed_and_those_of_others_are_not(demo):
    guest, stranger = demo.guest(), demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    await guest.say("ja")
    reference = guest.last["booking"]["reference"]
    await guest.say("Welche Termine habe ich?")
    assert guest.code == "listed"
    assert reference in guest.text
    await stranger.say(f"Welche Termine habe ich? Buchung {reference}")
    assert stranger.code == "listed"
    assert reference not in stranger.text
    assert "Mittwoch" not in stranger.text


async def test_the_language_follows_the_guest(demo):
    guest = demo.guest()
    assert (await guest.say("Herrenschnitt am Donnerstagnachmittag"))["language"] == "de"
    assert (await guest.say("could we speak English please?"))["language"] == "en"
    assert (await guest.say("Max Muster"))["language"] == "en"
    assert (await guest.say("doch lieber am Freitag um elf"))["language"] == "de"


async def test_a_slot_lost_to_somebody_in_the_calendar_is_answered_with_others_in_the_same_turn(demo):
    guest = demo.guest()
    await guest.say("Damenhaarschnitt bei Clara morgen um 11 Uhr, Eva Muster, eva@example.org")
    assert guest.last["expects"] == "confirm"
    made = await demo.sandbox.post(
        "/_sandbox/bookings",
        json={"username": "clara", "start": "2026-03-25T10:00:00Z", "lengthInMinutes": 30, "title": "Outside"},
    )
    assert made.status_code in {200, 201}, made.text
    await guest.say("ja")
    assert guest.code == "slot_taken"
    assert guest.last["choices"]
    assert all(choice["start"] != "2026-03-25T11:00" for choice in guest.last["choices"])
    await guest.press(guest.last["choices"][0]["id"])
    await guest.say("ja")
    assert guest.code == "booked"
