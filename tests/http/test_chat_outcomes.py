"""Every outcome that a wish can have, in both languages, and the rules about choices that go with it."""

from __future__ import annotations

import pytest

from booking_core.errors import Refused
from booking_core.model.ids import TenantId
from integrations.calcom.gateway import CalcomGateway
from tests.support.demo import running_demo, settled

CASES = [
    # language, words, code
    ("de", "Guten Tag", "greeted"),
    ("en", "Good morning", "greeted"),
    ("de", "Ich hätte gern einen Termin", "asked"),
    ("en", "I'd like to book an appointment", "asked"),
    ("de", "Herrenhaarschnitt bitte", "asked"),
    ("en", "a men's haircut please", "asked"),
    ("de", "Herrenhaarschnitt am Donnerstagnachmittag", "offers"),
    ("en", "men's haircut on Thursday afternoon", "offers"),
    ("de", "Herrenhaarschnitt am Donnerstag um 16 Uhr", "held"),
    ("en", "men's haircut on Thursday at 4 pm", "held"),
    ("de", "Herrenhaarschnitt bei Anna am Donnerstag um 15 Uhr", "alternatives"),  # her break
    ("en", "men's haircut with Anna on Thursday at 3 pm", "alternatives"),
    ("de", "Herrenhaarschnitt bei Clara am Samstag", "none_free"),  # not her day
    ("en", "men's haircut with Clara on Saturday", "none_free"),
    ("de", "Herrenhaarschnitt am Sonntag", "closed_day"),
    ("en", "men's haircut on Sunday at 3 pm", "closed_day"),
    ("de", "Herrenhaarschnitt am Karfreitag", "closed_day"),
    ("en", "men's haircut on 3 April", "closed_day"),
    ("de", "Herrenhaarschnitt am Mittwoch um 20 Uhr", "outside_hours"),
    ("en", "men's haircut on Wednesday at 8 pm", "outside_hours"),
    ("de", "Herrenhaarschnitt heute um neun Uhr morgens", "in_past"),
    ("en", "men's haircut today at 9 am", "in_past"),
    ("de", "Herrenhaarschnitt am 12. März 2025", "in_past"),
    ("en", "men's haircut on 12 March 2025", "in_past"),
    ("de", "Herrenhaarschnitt heute um 10:45 Uhr", "notice_too_short"),
    ("en", "men's haircut today at 10.45 am", "notice_too_short"),
    ("de", "Herrenhaarschnitt am 10. September um 15 Uhr", "beyond_horizon"),
    ("en", "men's haircut on 10 September at 3 pm", "beyond_horizon"),
    ("de", "Welche Termine habe ich?", "listed"),
    ("en", "what appointments do I have?", "listed"),
    ("de", "Was kostet ein Herrenhaarschnitt?", "info"),
    ("en", "how much is a men's haircut?", "info"),
    ("de", "Ich möchte mit einem Menschen sprechen", "handover"),
    ("en", "can I speak to a human?", "handover"),
    ("de", "Dauerwelle am Mittwoch um 9", "held"),
    ("en", "a perm on Wednesday at 9 am", "held"),
    ("de", "Ansatzfärbung am Donnerstagnachmittag, geht das?", "offers"),
    ("en", "root touch-up on Thursday afternoon", "offers"),
    ("de", "xyzzy plugh", "not_understood"),
    ("de", "Herrenhaarschnitt am Freitag, den 26. März", "ambiguous"),  # a Thursday
    ("en", "men's haircut on Friday 26 March", "ambiguous"),
]
WITH_CHOICES = {"choice", "which_booking", "confirm"}
REASONS = {"closed_day", "outside_hours", "in_past", "notice_too_short", "beyond_horizon"}


@pytest.mark.parametrize(("language", "words", "code"), CASES)
async def test_outcome(demo, language, words, code):
    guest = demo.guest(language=language)
    answer = await guest.say(words)
    assert guest.code == code, guest.text
    assert answer["language"] == language
    assert ("KI-Assistent" if language == "de" else "AI assistant") in guest.text
    assert answer["booking"] is None
    ids = [choice["id"] for choice in answer["choices"]]
    assert len(set(ids)) == len(ids)
    assert all(choice["label"] for choice in answer["choices"])
    if answer["expects"] in WITH_CHOICES:
        assert ids
    if code in REASONS:
        assert ids
        assert answer["expects"] == "choice"
        for choice in answer["choices"]:
            await guest.press(choice["id"])
            assert guest.code == "held"  # every time that is offered can be had
            break
    if code == "held":
        assert answer["expects"] == "name"


async def test_three_messages_without_meaning_lead_to_a_human(demo):
    guest = demo.guest(language="de")
    for _ in range(3):
        await guest.say("blubber wabber")
    assert guest.code == "handover"
    assert "+49 30 5550 1234" in guest.text


async def test_with_the_calendar_down_times_are_still_told_from_the_mirror(demo):
    guest = demo.guest()
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    await guest.say("Herrenhaarschnitt am Donnerstag um 16 Uhr")
    assert guest.code == "held"


async def test_days_never_read_are_unknown_while_the_calendar_is_down_and_nothing_is_lost(demo):
    guest = demo.guest()
    await demo.forget_free_time()
    await guest.say("Herrenhaarschnitt am Donnerstag um 16 Uhr")
    assert guest.code == "calendar_down"
    assert "+49 30 5550 1234" in guest.text
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    await guest.say("Donnerstag um 16 Uhr")
    assert guest.code == "held"


async def test_a_slow_calendar_is_waited_for(demo):
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org")
    await demo.sandbox.put("/_sandbox/faults", json={"delay_ms": 1000})
    await guest.say("ja")
    assert guest.code == "booked"
    assert len(await demo.sandbox_bookings()) == 1


async def test_a_promise_while_the_calendar_is_down_is_pending_and_settled_later(demo):
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org")
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    await guest.say("ja")
    assert guest.code == "held"
    assert guest.last["booking"]["status"] == "pending"
    reference = guest.last["booking"]["reference"]
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    async with demo.services.database.read() as work:
        booking = await work.bookings.find("salon-fermata", reference)
    assert (await settled(demo.services, booking)).status == "confirmed"
    (entry,) = await demo.sandbox_bookings()
    assert entry["metadata"]["fermataBooking"] == reference


async def test_an_answer_lost_after_the_calendar_committed_is_found_and_booked_once(demo):
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org")
    await demo.sandbox.put("/_sandbox/faults", json={"timeout_after_commit_rate": 1.0})
    answer = await guest.say("ja")
    await demo.sandbox.request("DELETE", "/_sandbox/faults")
    assert answer["booking"]["status"] in {"confirmed", "pending"}
    assert len(await demo.sandbox_bookings()) == 1


@pytest.mark.parametrize(
    ("language", "words", "move", "yes", "told"),
    [
        (
            "de",
            "Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org",
            "verlegen auf 17 Uhr",
            "ja",
            "bleibt",
        ),
        (
            "en",
            "men's haircut on Thursday at 4 pm, Max Muster, max@example.org",
            "move it to 5 pm",
            "yes",
            "stands",
        ),
    ],
)
async def test_a_calendar_that_takes_no_change_is_not_taken_for_a_lost_time(
    demo, monkeypatch, language, words, move, yes, told
):
    guest = demo.guest(language=language)
    await guest.say(words)
    await guest.say(yes)
    assert guest.code == "booked"

    async def refuses(*_, **__):
        raise Refused("no rights", status=403)

    monkeypatch.setattr(CalcomGateway, "move_entry", refuses)
    await guest.say(move)
    await guest.say(yes)
    assert guest.code == "refused", guest.text
    assert told in guest.text
    assert "+49 30 5550 1234" in guest.text
    assert guest.last["booking"] is None or guest.last["booking"]["status"] == "confirmed"


async def test_a_tenant_that_cannot_be_read_keeps_nobody_else_from_being_served(tmp_path):
    async with running_demo(tmp_path, work=False) as first, first.services.database.write() as work:
        await work.tenants.put(TenantId("broken"), {"name": 7})
    async with running_demo(tmp_path, work=False) as again:
        await again.guest(language="de").say("Guten Tag")
