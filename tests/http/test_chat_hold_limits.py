"""A guest may keep four times, in however many conversations, and hears so in plain words."""

from __future__ import annotations

import pytest

from booking_core.model.ids import ConversationId, TenantId

SALON = TenantId("salon-fermata")
GERMAN = (
    "Herrenhaarschnitt am Freitag um {} Uhr",
    "Max Muster, max@example.org",
    "Ich halte bereits 4 Zeiten",
    "nein",
)
ENGLISH = (
    "men's haircut on Friday at {}",
    "Jane Doe, jane@example.org",
    "I am already holding 4 times",
    "no",
)


async def holding(demo, *guests):
    now = demo.services.clock.now()
    async with demo.services.database.read() as work:
        return [
            await work.claims.find_hold(SALON, ConversationId(guest.conversation), now=now) is not None
            for guest in guests
        ]


async def four_guests(demo, wish, who):
    guests = []
    for hour in ("9", "10", "11", "13"):
        guest = demo.guest()
        await guest.say(f"{wish.format(hour)}, {who}")
        assert (guest.code, guest.last["expects"]) == ("held", "confirm")
        guests.append(guest)
    return guests


@pytest.mark.parametrize(("wish", "who", "words", "no"), [GERMAN, ENGLISH], ids=["de", "en"])
async def test_a_fifth_time_is_refused_until_one_is_given_back(demo, wish, who, words, no):
    guests = await four_guests(demo, wish, who)
    fifth = demo.guest()
    await fifth.say(f"{wish.format('14')}, {who}")
    assert (fifth.code, fifth.last["expects"]) == ("refused", "when")
    assert words in fifth.text
    assert "+49 30 5550 1234" in fifth.text
    assert await holding(demo, *guests, fifth) == [True] * 4 + [False]
    await guests[0].say(no)
    await fifth.say(wish.format("14"))
    assert (fifth.code, fifth.last["expects"]) == ("held", "confirm")


async def test_a_time_that_was_held_before_the_guest_was_known_counts_from_then_on(demo):
    wish, who, words, _ = GERMAN
    nameless = demo.guest()
    await nameless.say(wish.format("14"))
    assert (nameless.code, nameless.last["expects"]) == ("held", "name")
    guests = await four_guests(demo, wish, who)
    await nameless.say(who)
    assert nameless.code == "refused"
    assert words in nameless.text
    assert await holding(demo, *guests, nameless) == [True] * 4 + [False]


async def test_another_time_in_the_same_conversation_takes_the_place_of_the_first(demo):
    wish, who, _, _ = GERMAN
    guests = await four_guests(demo, wish, who)
    await guests[3].say("doch lieber um 15 Uhr")
    assert (guests[3].code, guests[3].last["expects"]) == ("held", "confirm")
    other = demo.guest()
    await other.say("Herrenhaarschnitt am Freitag um 13 Uhr")
    assert other.code == "held"


async def test_another_guest_is_not_concerned_and_offers_cost_nothing(demo):
    wish, who, _, _ = GERMAN
    await four_guests(demo, wish, who)
    other = demo.guest()
    await other.say(f"{wish.format('14')}, Eva Sommer, eva@example.org")
    assert other.code == "held"
    fifth = demo.guest()
    await fifth.say(f"Herrenhaarschnitt am Samstag, {who}")
    assert fifth.code == "offers"
    await fifth.press(fifth.last["choices"][0]["id"])
    assert (fifth.code, fifth.last["expects"]) == ("refused", "choice")
    assert len(fifth.last["choices"]) == 3


async def test_booking_one_makes_room(demo):
    wish, who, _, _ = GERMAN
    guests = await four_guests(demo, wish, who)
    await guests[0].say("ja")
    assert guests[0].code == "booked"
    fifth = demo.guest()
    await fifth.say(f"{wish.format('14')}, {who}")
    assert fifth.code == "held"
