"""How often a turn asks the calendar: never to talk, offer, hold or explain; once per segment for a yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from bot.dialogue.turn import Dialogue
from integrations.calcom.gateway import CalcomGateway

CALLS = (
    "read_free_time",
    "create_entry",
    "find_entry",
    "get_entry",
    "list_entries",
    "move_entry",
    "cancel_entry",
    "push_event_types",
    "ping",
)
_turn: ContextVar[Counter[str] | None] = ContextVar("turn", default=None)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Counter[str]]:
    """What each turn asks of the calendar, by call; what the worker does in the background is not counted."""
    turns: list[Counter[str]] = []

    def counting(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:
            counter = _turn.get()
            if counter is not None:
                counter[name] += 1
            return await original(*given, **named)

        return call

    handle = Dialogue.handle

    async def counted(*given: Any, **named: Any) -> Any:
        turns.append(Counter())
        token = _turn.set(turns[-1])
        try:
            return await handle(*given, **named)
        finally:
            _turn.reset(token)

    for name in CALLS:
        monkeypatch.setattr(CalcomGateway, name, counting(name, getattr(CalcomGateway, name)))
    monkeypatch.setattr(Dialogue, "handle", counted)
    return turns


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            [
                "Guten Tag",
                "Was kostet eine Dauerwelle?",
                "Wann haben Sie geöffnet?",
                "Sind Sie ein Roboter?",
                "Danke",
                "Ansatzfärbung am Donnerstag",
                "später",
                "Ansatzfärbung am Sonntag",
                "Warum geht Sonntag nicht?",
                "Ansatzfärbung bei Anna am Donnerstag um 10 Uhr",
                "Warum?",
                "warum nicht bei Clara?",
                "Eva Muster, eva@example.org",
                "Warum nicht um 11:30?",
                "Welche Termine habe ich?",
                "nein",
                "Tschüss",
            ],
            id="de",
        ),
        pytest.param(
            [
                "Hello",
                "how much is a perm?",
                "full colour on Wednesday at 12 noon",
                "why not?",
                "the second one",
                "why isn't 12 noon possible?",
                "Jane Doe, jane@example.org",
                "perm with Clara on Saturday",
                "why?",
                "stop",
            ],
            id="en",
        ),
    ],
)
async def test_talking_offering_holding_and_explaining_ask_the_calendar_nothing(demo, calls, words):
    guest = demo.guest()
    met = set()
    for text in words:
        await guest.say(text)
        met.add(guest.code)
    assert [dict(turn) for turn in calls] == [{}] * len(words)
    assert met >= {"held", "info"}


@pytest.mark.parametrize(
    ("wish", "segments"),
    [
        ("Herrenhaarschnitt am Donnerstag um halb vier", 1),
        ("Ansatzfärbung am Donnerstag um halb vier", 2),
        ("Komplette Umfärbung am Samstag um 9 Uhr", 2),
        ("Dauerwelle am Mittwoch um 9 Uhr", 3),
        ("Dauerwelle bei Clara am Donnerstag um 11 Uhr", 3),
    ],
)
async def test_a_yes_creates_each_segment_once_and_reads_nothing(demo, calls, wish, segments):
    guest = demo.guest()
    await guest.say(f"{wish}, Eva Muster, eva@example.org")
    assert guest.last["expects"] == "confirm"
    await guest.say("ja")
    assert guest.code == "booked"
    assert [dict(turn) for turn in calls] == [{}, {"create_entry": segments}]
    assert len(await demo.sandbox_bookings()) == segments


async def test_a_repeated_yes_asks_nothing_more(demo, calls):
    guest = demo.guest()
    await guest.say("Herrenhaarschnitt am Donnerstag um halb vier, Eva Muster, eva@example.org")
    await guest.say("ja")
    await guest.say("ja")
    assert guest.code == "info"
    assert dict(calls[-1]) == {}
