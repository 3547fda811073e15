"""Services with pauses in a browser, in both languages: the card, the calendar and the one mail tell of the same segments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.support.demo import Demo, running_demo
from tests.support.salon_guest import ENGLISH, GERMAN, Chat, Journey
from tests.support.visitor import Visitor, overflow, visiting

BERLIN = ZoneInfo("Europe/Berlin")
CHAT = "/chat/salon-fermata"


@dataclass(frozen=True, slots=True)
class Booked:
    """A wish with all details, and the lines of the programme on the card: when, what, who."""

    wish: str
    day: datetime
    title: str
    programme: tuple[tuple[str, str, str], ...]


def _at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=BERLIN)


IN_GERMAN = (
    Booked(
        "Ansatzfärbung am Donnerstag um halb vier, Eva Muster, eva@example.org",
        _at(26),
        "Ansatzfärbung",
        (
            ("15:30–16:00", "Auftragen", "Anna"),
            ("16:00–16:25", "Pause, 25 Min.", ""),
            ("16:25–17:40", "Auswaschen, schneiden und föhnen", "Anna"),
        ),
    ),
    Booked(
        "Dauerwelle am Mittwoch um 9 Uhr, Eva Muster, eva@example.org",
        _at(25),
        "Dauerwelle",
        (
            ("9:00–9:50", "Wickeln", "Anna"),
            ("9:50–10:05", "Pause, 15 Min.", ""),
            ("10:05–10:10", "Fixieren", "Anna"),
            ("10:10–10:20", "Pause, 10 Min.", ""),
            ("10:20–11:15", "Auswaschen und schneiden", "Anna"),
        ),
    ),
    Booked(
        "Komplette Umfärbung am Samstag um 9 Uhr, Eva Muster, eva@example.org",
        _at(28),
        "Komplette Umfärbung",
        (
            ("9:00–9:50", "Auftragen", "Anna"),
            ("9:50–10:20", "Pause, 30 Min.", ""),
            ("10:20–11:45", "Auswaschen, schneiden und föhnen", "Anna"),
        ),
    ),
)
IN_ENGLISH = (
    Booked(
        "root colour on Thursday at 3.30 pm, Jane Doe, jane@example.org",
        _at(26),
        "Root colour",
        (
            ("3.30–4.00", "Application", "Anna"),
            ("4.00–4.25", "Pause, 25 min", ""),
            ("4.25–5.40", "Rinse, cut and dry", "Anna"),
        ),
    ),
    Booked(
        "a perm on Wednesday at 9 am, Jane Doe, jane@example.org",
        _at(25),
        "Perm",
        (
            ("9.00–9.50", "Rolling", "Anna"),
            ("9.50–10.05", "Pause, 15 min", ""),
            ("10.05–10.10", "Fixing", "Anna"),
            ("10.10–10.20", "Pause, 10 min", ""),
            ("10.20–11.15", "Rinse and cut", "Anna"),
        ),
    ),
    Booked(
        "full colour on Saturday at 9 am, Jane Doe, jane@example.org",
        _at(28),
        "Full colour",
        (
            ("9.00–9.50", "Application", "Anna"),
            ("9.50–10.20", "Pause, 30 min", ""),
            ("10.20–11.45", "Rinse, cut and dry", "Anna"),
        ),
    ),
)


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """A fresh demo on Tuesday, 24 March 2026, 10:15."""
    async with running_demo(tmp_path / "data") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def guest(browser: Browser, demo: Demo) -> AsyncIterator[Visitor]:
    """A visitor of the demo."""
    async with visiting(browser, demo.base_url) as visitor:
        yield visitor


@pytest.mark.parametrize(("journey", "wishes"), [(GERMAN, IN_GERMAN), (ENGLISH, IN_ENGLISH)], ids=["de", "en"])
async def test_card_calendar_and_mail_tell_of_the_same_segments(
    demo: Demo, guest: Visitor, journey: Journey, wishes: tuple[Booked, ...]
) -> None:
    for number, wish in enumerate(wishes, start=1):
        page = await guest.open(CHAT, language=journey.language)
        chat = Chat(page, journey)
        await chat.say(wish.wish)
        await expect(page.locator(".message.bot").last).to_contain_text(journey.confirm)
        await chat.yes()
        card = chat.card()
        await expect(card).to_contain_text(journey.confirmed)
        await expect(card.locator("h2")).to_have_text(wish.title)
        assert await programme(card) == list(wish.programme)
        await expect(card.locator(".bar .block")).to_have_count(len(wish.programme))
        await check_shape(card, wish)
        reference = await chat.reference()
        work = [(*edges(wish, when), who) for when, _, who in wish.programme if who]
        assert await entries_of(demo, reference) == work
        event = await the_one_event(demo, number)
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (work[0][0], work[-1][1])
        assert reference in str(event["DESCRIPTION"])
        for _, what, _ in wish.programme:
            if "Pause" not in what:
                assert what in str(event["DESCRIPTION"])


@pytest.mark.parametrize("width", [320, 375, 1280])
async def test_the_longest_programme_fits_every_width(guest: Visitor, width: int) -> None:
    page = await guest.open(CHAT, language="de", width=width, height=740)
    chat = Chat(page, GERMAN)
    await chat.say(IN_GERMAN[1].wish)
    await chat.yes()
    await expect(chat.card()).to_contain_text(GERMAN.confirmed)
    assert await overflow(page) <= 0
    for line in await chat.card().locator(".programme-list li").all():
        box, inner = await line.bounding_box(), await line.locator(".what").bounding_box()
        assert box is not None
        assert inner is not None
        assert inner["width"] >= 60, "a name squeezed to a column of letters"


@pytest.mark.parametrize(
    ("journey", "wish", "rests"),
    [
        (GERMAN, "Dauerwelle am Freitag", "Pause, 15 + 10 Min."),
        (GERMAN, "Ansatzfärbung am Freitag", "Pause, 25 Min."),
        (ENGLISH, "a perm on Friday", "Pause, 15 + 10 min"),
    ],
    ids=["perm de", "root colour de", "perm en"],
)
async def test_an_offer_names_every_pause(guest: Visitor, journey: Journey, wish: str, rests: str) -> None:
    page = await guest.open(CHAT, language=journey.language)
    await Chat(page, journey).say(wish)
    await expect(page.locator(".offer-rest").first).to_have_text(rests)


async def programme(card: Locator) -> list[tuple[str, str, str]]:
    """When, what and who of each line."""
    return [
        tuple([(await line.locator(f".{part}").inner_text()).strip() for part in ("when", "what", "who")])  # type: ignore[misc]
        for line in await card.locator(".programme-list li").all()
    ]


async def check_shape(card: Locator, wish: Booked) -> None:
    """Every block of the bar is as long as its time, within a hair."""
    boxes = [await block.bounding_box() for block in await card.locator(".bar .block").all()]
    widths = [box["width"] for box in boxes if box is not None]
    minutes = []
    for when, *_ in wish.programme:
        begin, end = edges(wish, when)
        minutes.append((end - begin).total_seconds() / 60)
    for width, length in zip(widths, minutes, strict=True):
        assert abs(width / sum(widths) - length / sum(minutes)) < 0.03


def edges(wish: Booked, when: str) -> tuple[datetime, datetime]:
    """Begin and end of a line: `15:30–16:00` in German, `3.30–4.00` in English, where the afternoon is not written."""
    begin, end = (
        wish.day.replace(hour=hour + 12 if hour < 8 else hour, minute=minute)
        for hour, minute in (map(int, clock.replace(".", ":").split(":")) for clock in when.split("–"))
    )
    return begin, end


async def entries_of(demo: Demo, reference: str) -> list[tuple[datetime, datetime, str]]:
    """What stands in the sandbox calendar for a booking: begin, end and host."""
    found = []
    for entry in await demo.sandbox_bookings():
        if entry["metadata"]["fermataBooking"] == reference:
            begin, end = (datetime.fromisoformat(entry[edge]).astimezone(BERLIN) for edge in ("start", "end"))
            found.append((begin, end, entry["hosts"][0]["name"]))
    return sorted(found)


async def the_one_event(demo: Demo, mails: int) -> Any:
    """The event of the newest of so many mails."""
    await demo.services.queue.settled()  # type: ignore[attr-defined]
    await demo.services.worker.sweep()
    messages = (await demo.http.get("/api/demo/mailbox")).json()["messages"]
    assert len(messages) == mails
    (part,) = [part["text"] for part in messages[0]["parts"] if part["type"] == "text/calendar"]
    (event,) = icalendar.Calendar.from_ical(part).walk("VEVENT")
    return event
