"""The whole product in a browser: pages, assistant, calendar and mail together, as a guest meets them."""

import base64
import email
import email.policy
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Frame, Page, expect

from tests.support.demo import Demo, running_demo
from tests.support.salon_guest import ENGLISH, GERMAN, Chat, Journey
from tests.support.visitor import Visitor, overflow, visiting

CHAT = "/chat/salon-fermata"
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = "#day"
MAIL_MS = 20_000

Violations = Callable[[Page], Awaitable[list[str]]]


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


# --- the whole way


@pytest.mark.parametrize("journey", [GERMAN, ENGLISH], ids=["de by card", "en by words"])
async def test_a_guest_books_moves_and_cancels(demo: Demo, guest: Visitor, journey: Journey) -> None:
    page = await guest.open(CHAT, language=journey.language)
    chat = Chat(page, journey)
    clock, staff = await chat.book()
    start = clock_on_thursday(clock, journey.language)
    reference = await chat.reference()
    card = chat.card()
    await expect(card.locator("h2")).to_have_text(journey.service)
    await expect(card.locator(".booking-when")).to_contain_text(clock)
    await expect(card.get_by_role("img")).to_contain_text(staff)
    (entry,) = await demo.sandbox_bookings()
    assert entry["hosts"][0]["name"] == staff
    assert datetime.fromisoformat(entry["start"]) == start
    assert entry["metadata"]["fermataBooking"] == reference

    mailbox = await guest.open(f"/mailbox?lang={journey.language}")
    letters = mailbox.locator("#letters a")
    await expect(letters).to_have_count(1, timeout=MAIL_MS)
    await see_the_mail(mailbox, journey, reference, staff)
    invitation = await save_calendar(mailbox)
    assert invitation["METHOD"] == "REQUEST"
    event = the_event(invitation)
    assert event["SEQUENCE"] == 0
    assert event["DTSTART"].dt == start
    assert journey.service in event["SUMMARY"]

    await chat.say(journey.move)
    await chat.yes()
    await expect(card).to_contain_text(journey.confirmed)
    await expect(card).to_contain_text("27")
    assert await chat.reference() == reference
    (moved,) = await demo.sandbox_bookings()
    assert datetime.fromisoformat(moved["start"]) == datetime(2026, 3, 27, 11, tzinfo=BERLIN)

    await chat.say(journey.cancel)
    await chat.yes()
    await expect(card).to_contain_text(journey.cancelled)
    await expect(card.locator("button")).to_have_count(0)
    await expect(page.locator(".booking.retired")).to_have_count(2)
    assert await demo.sandbox_bookings() == []

    await expect(letters).to_have_count(3, timeout=MAIL_MS)
    calendars = []
    for number in (2, 1, 0):
        await letters.nth(number).click()
        await expect(letters.nth(number)).to_have_attribute("aria-current", "true")
        calendars.append(await save_calendar(mailbox))
    assert [str(calendar["METHOD"]) for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [the_event(calendar) for calendar in calendars]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert len({str(event["UID"]) for event in events}) == 1
    friday = datetime(2026, 3, 27, 11, tzinfo=BERLIN)
    assert [event["DTSTART"].dt for event in events] == [start, friday, friday]


async def see_the_mail(mailbox: Page, journey: Journey, reference: str, staff: str) -> None:
    """The newest mail as it is formatted, as plain text and as source."""
    frame = await mail_frame(mailbox)
    for part in (journey.service, reference, staff):
        await expect(frame.locator("body")).to_contain_text(part)
    for width in (400, 1280):
        await mailbox.set_viewport_size({"width": width, "height": 860})
        assert await fits(mailbox), f"the frame is not as tall as the mail at {width}"
    await mailbox.locator("[data-view=plain]").click()
    plain = mailbox.locator(".plain-text")
    await expect(plain).to_contain_text("━")
    await expect(plain).to_contain_text(reference)
    box = await plain.bounding_box()
    assert box is not None
    assert box["width"] > 400
    await mailbox.locator("[data-view=raw]").click()
    source = await mailbox.locator("pre").inner_text()
    message = email.message_from_string(source, policy=email.policy.default)
    types = [part.get_content_type() for part in message.walk()]
    assert {"text/plain", "text/html", "text/calendar"} <= set(types)


async def fits(mailbox: Page) -> bool:
    """Whether the frame becomes as tall as the mail in it within some hundred redraws."""
    return bool(
        await mailbox.evaluate(
            """async () => {
                const frame = document.querySelector(".view iframe");
                const slack = () => frame.clientHeight - frame.contentDocument.documentElement.offsetHeight;
                for (let round = 0; Math.abs(slack()) > 2 && round < 300; round += 1) {
                    await new Promise(requestAnimationFrame);
                }
                return Math.abs(slack()) <= 2;
            }"""
        )
    )


async def mail_frame(mailbox: Page) -> Frame:
    """The frame with the formatted mail."""
    handle = await mailbox.locator(".view iframe").element_handle()
    frame = await handle.content_frame()
    assert frame is not None
    await frame.wait_for_selector("h1")
    return frame


async def save_calendar(mailbox: Page) -> icalendar.Calendar:
    """The calendar part of the chosen mail, downloaded and read."""
    await mailbox.locator("[data-view=calendar]").click()
    async with mailbox.expect_download() as downloading:
        await mailbox.get_by_role("tabpanel").get_by_role("button").click()
    download = await downloading.value
    assert download.suggested_filename.endswith(".ics")
    calendar = icalendar.Calendar.from_ical(Path(await download.path()).read_bytes())
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def the_event(calendar: icalendar.Calendar) -> Any:
    (event,) = calendar.walk("VEVENT")
    return event


def clock_on_thursday(clock: str, language: str) -> datetime:
    """The afternoon's clock time of a card: `15:00` in German, `3.00` in English."""
    hour, minute = map(int, clock.replace(".", ":").split(":"))
    return datetime(2026, 3, 26, hour + 12 if language == "en" and hour < 12 else hour, minute, tzinfo=BERLIN)


# --- by keyboard alone


async def test_a_booking_by_keyboard_alone(demo: Demo, guest: Visitor) -> None:
    page = await guest.open(CHAT)
    chat, keyboard = Chat(page, GERMAN), page.keyboard
    await expect(page.locator("#message")).to_be_focused()
    await keyboard.type(GERMAN.wish)
    await keyboard.press("Enter")
    await chat.answered()
    await tab_to(page, ".offer:enabled", "Shift+Tab")
    await keyboard.press("Enter")
    await chat.answered()
    await expect(page.locator(".offer.chosen")).to_have_count(1)
    await expect(page.locator("#message")).to_be_focused()
    await keyboard.type(GERMAN.who)
    await keyboard.press("Enter")
    await chat.answered()
    await tab_to(page, "[data-choice=yes]", "Shift+Tab")
    await keyboard.press("Enter")
    await chat.answered()
    await expect(chat.card()).to_contain_text(GERMAN.confirmed)
    assert len(await demo.sandbox_bookings()) == 1

    mailbox = await guest.open("/mailbox")
    await expect(mailbox.locator("#letters a")).to_have_count(1, timeout=MAIL_MS)
    await tab_to(mailbox, "[role=tab][aria-selected=true]", "Tab")
    for _ in range(2):
        await mailbox.keyboard.press("ArrowRight")
    await expect(mailbox.locator("[data-view=calendar]")).to_be_focused()
    await tab_to(mailbox, ".booking-actions button", "Tab")
    async with mailbox.expect_download() as downloading:
        await mailbox.keyboard.press("Enter")
    assert (await downloading.value).suggested_filename.endswith(".ics")


async def tab_to(page: Page, selector: str, key: str) -> None:
    """Press Tab until the focus is there; on the way every stop must show where it is."""
    for _ in range(30):
        await page.keyboard.press(key)
        reached, outline = await page.evaluate(
            "(selector) => [document.activeElement.matches(selector), getComputedStyle(document.activeElement).outlineStyle]",
            selector,
        )
        assert outline == "solid"
        if reached:
            return
    raise AssertionError(f"{selector} cannot be reached by {key}")


# --- small and dark


async def test_small_and_dark_from_the_first_page_to_the_mail(guest: Visitor, tmp_path: Path) -> None:
    look: dict[str, Any] = {"width": 320, "height": 640, "color_scheme": "dark"}
    page = await guest.open(CHAT, **look)
    chat = Chat(page, GERMAN)
    assert await overflow(page) <= 0
    await chat.choose()
    assert await overflow(page) <= 0
    await chat.say(GERMAN.who)
    await expect(page.locator("#replies button")).to_have_count(2)
    assert await overflow(page) <= 0
    await chat.yes()
    await expect(chat.card()).to_contain_text(GERMAN.confirmed)
    assert await overflow(page) <= 0
    assert await brightness(page) < 0.3

    mailbox = await guest.open("/mailbox", **look)
    await expect(mailbox.locator("#letters a")).to_have_count(1, timeout=MAIL_MS)
    for view in ("raw", "calendar", "plain", "html"):
        await mailbox.locator(f"[data-view={view}]").click()
        assert await overflow(mailbox) <= 0, view
    frame = await mail_frame(mailbox)
    assert await frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await mailbox.locator(".view iframe").scroll_into_view_if_needed()
    assert await brightness(mailbox) < 0.3

    start = await guest.open("/", **look)
    await expect(start.locator("#mailbox .mails a")).to_have_count(1)
    assert await overflow(start) <= 0
    for inner in start.frames[1:]:
        await inner.wait_for_selector(f"html[data-ready], {CALENDAR}")
        assert await inner.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, inner.url
    assert await brightness(start) < 0.3


async def brightness(page: Page) -> float:
    """The mean of all pixels on the screen, from 0 for black to 1 for white."""
    picture = base64.b64encode(await page.screenshot()).decode()
    blank = await page.context.new_page()
    mean = await blank.evaluate(
        """async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, image.width, image.height);
            return data.reduce((sum, value, index) => (index % 4 === 3 ? sum : sum + value), 0) / (data.length * 0.75 * 255);
        }""",
        picture,
    )
    await blank.close()
    return float(mean)


# --- accessible


async def test_no_page_breaks_wcag(demo: Demo, guest: Visitor, violations: Violations) -> None:
    async def check(page: Page, name: str, *schemes: str) -> None:
        for scheme in schemes or ("light",):
            await page.emulate_media(color_scheme=scheme)
            assert await violations(page) == [], f"{name}, {scheme}"

    page = await guest.open(CHAT)
    await check(page, "empty chat")
    mailbox = await guest.open("/mailbox")
    await expect(mailbox.locator("#empty")).to_be_visible()
    await check(mailbox, "empty mailbox")

    chat = Chat(page, GERMAN)
    await chat.say(GERMAN.wish)
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    await check(page, "chat with offers")
    await page.locator(".offer:enabled").nth(1).click()
    await chat.answered()
    await chat.say(GERMAN.who)
    await chat.yes()
    await expect(chat.card()).to_contain_text(GERMAN.confirmed)
    await check(page, "chat with a booking", "light", "dark")

    await expect(mailbox.locator("#letters a")).to_have_count(1, timeout=MAIL_MS)
    await mail_frame(mailbox)
    await check(mailbox, "mailbox with a mail", "light", "dark")
    start = await guest.open("/")
    await expect(start.locator("#mailbox .mails a")).to_have_count(1)
    await check(start, "start page", "light", "dark")
    for query in ("", "&embed=1"):
        calendar = await guest.open(f"{demo.sandbox.base_url}?day=2026-03-26{query}", ready=CALENDAR)
        await expect(calendar.locator("[data-uid]")).to_have_count(1)
        await check(calendar, f"calendar{query}", "light", "dark")


# --- all at once


async def test_chat_calendar_and_mailbox_show_a_booking_side_by_side(guest: Visitor) -> None:
    page = await guest.open("/", height=900)
    places = [await pane.bounding_box() for pane in await page.locator(".pane").all()]
    assert len(places) == 3
    for place in places:
        assert place is not None
        assert place["y"] + 80 < 900, "every pane begins on the first screen"
    chat_place, calendar_place, mailbox_place = places
    assert chat_place and calendar_place and mailbox_place
    assert chat_place["x"] + chat_place["width"] <= calendar_place["x"]
    assert chat_place["y"] == calendar_place["y"] < mailbox_place["y"] < chat_place["y"] + chat_place["height"]

    chat = Chat(page.frame_locator("#chat iframe"), GERMAN)
    calendar = page.frame_locator("section:not(#chat) iframe")
    await expect(calendar.locator("h1")).to_have_text("Tuesday, 24 March 2026")
    await expect(page.locator("#mailbox [data-empty]")).to_be_visible()
    clock, staff = await chat.book()

    column = calendar.locator("section", has=calendar.locator("h2", has_text=staff))
    await expect(column.locator("[data-uid]")).to_contain_text(f"{clock}–")
    await expect(calendar.locator("h1")).to_have_text("Thursday, 26 March 2026")
    await expect(column.locator("[data-uid]")).to_be_in_viewport(ratio=1)
    await expect(page.locator("#mailbox .mails a")).to_contain_text(GERMAN.service, timeout=MAIL_MS)
    await expect(page.locator("#mailbox .mails a")).to_be_in_viewport(ratio=1)

    await chat.say(GERMAN.move)
    await chat.yes()
    await expect(calendar.locator("h1")).to_have_text("Friday, 27 March 2026")
    await expect(calendar.locator("[data-uid]")).to_contain_text("11:00–11:30")
    await expect(page.locator("#mailbox .mails a")).to_have_count(2, timeout=MAIL_MS)

    await chat.say(GERMAN.cancel)
    await chat.yes()
    await expect(calendar.locator("[data-uid]")).to_have_count(0)
    await expect(calendar.locator("#status")).to_have_text("No bookings")
