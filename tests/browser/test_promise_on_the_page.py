"""A promise in the browser: the page itself shows what becomes of it, in the conversation and on the card."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.demo import Demo
from tests.support.jumping_clock import calendar_down, calendar_up, jumping_demo, pass_time, worked_until
from tests.support.salon_guest import ENGLISH, GERMAN, Chat, Journey
from tests.support.visitor import Visitor, visiting

CHAT = "/chat/salon-fermata"
POLL_MS = 15_000
"""The page looks every four seconds."""

Violations = Callable[[Page], Awaitable[list[str]]]


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """A fresh demo on Tuesday, 24 March 2026, 10:15, whose time can be made to pass."""
    async with jumping_demo(tmp_path / "data") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def guest(browser: Browser, demo: Demo) -> AsyncIterator[Visitor]:
    """A visitor of the demo."""
    async with visiting(browser, demo.base_url) as visitor:
        yield visitor


async def promised(demo: Demo, guest: Visitor, journey: Journey) -> tuple[Page, Chat]:
    """A page on which the calendar was down at the guest's yes."""
    page = await guest.open(CHAT, language=journey.language)
    chat = Chat(page, journey)
    await chat.choose()
    await chat.say(journey.who)
    await calendar_down(demo)
    await chat.yes()
    return page, chat


async def settled(demo: Demo, **span: float) -> None:
    """The calendar is back, time passes, and the worker does its rounds."""
    await calendar_up(demo)
    pass_time(demo, **span)

    async def nothing_is_under_way() -> bool:
        async with demo.services.database.read() as work:
            return not await work.sagas.list_due(now=demo.services.clock.real(), limit=1)

    await worked_until(demo, nothing_is_under_way)


@pytest.mark.parametrize(
    ("journey", "waits", "words"),
    [
        (GERMAN, "Wird noch bestätigt", "Ihr Termin steht fest"),
        (ENGLISH, "Confirmation to follow", "your appointment is confirmed"),
    ],
    ids=["de", "en"],
)
async def test_the_card_is_confirmed_by_itself(
    demo: Demo, guest: Visitor, violations: Violations, journey: Journey, waits: str, words: str
) -> None:
    page, chat = await promised(demo, guest, journey)
    card = chat.card()
    await expect(card.locator(".booking-status")).to_contain_text(waits)
    title = await card.locator("h2").inner_text()
    reference = await chat.reference()
    await settled(demo, minutes=2)
    await expect(card.locator(".booking-status")).to_contain_text(journey.confirmed, timeout=POLL_MS)
    await expect(page.locator(".message.bot").last).to_contain_text(words, timeout=POLL_MS)
    await expect(page.locator(".booking")).to_have_count(1)
    assert await card.locator("h2").inner_text() == title
    assert await chat.reference() == reference
    await expect(card.locator(".booking-actions button")).to_have_count(3)
    assert await violations(page) == []


async def test_a_withdrawn_promise_is_struck_out(demo: Demo, guest: Visitor) -> None:
    page, _ = await promised(demo, guest, GERMAN)
    await settled(demo, hours=2, minutes=5)
    await expect(page.locator(".booking.cancelled")).to_be_visible(timeout=POLL_MS)
    await expect(page.locator(".booking-actions")).to_have_count(0)
    await expect(page.locator(".message.bot").last).to_contain_text("ließ sich nicht buchen", timeout=POLL_MS)


async def test_a_card_waits_as_long_as_its_move_does_and_then_shows_the_time_that_stands(
    demo: Demo, guest: Visitor
) -> None:
    page = await guest.open(CHAT)
    chat = Chat(page, GERMAN)
    await chat.book()
    await chat.say(GERMAN.move)
    await calendar_down(demo)
    await chat.yes()
    card = chat.card()
    await expect(card.locator(".booking-when")).to_contain_text("27")
    for _ in range(2):
        async with page.expect_response(lambda response: "bookings=1" in response.url) as asked:
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await (await asked.value).finished()
        await expect(card.locator(".booking-status")).to_contain_text("Wird noch bestätigt")
        await expect(card.locator(".booking-when")).to_contain_text("27")
    await settled(demo, hours=2, minutes=5)
    await expect(card.locator(".booking-status")).to_contain_text("Bestätigt", timeout=POLL_MS)
    await expect(card.locator(".booking-when")).to_contain_text("26")
    await expect(page.locator(".message.bot").last).to_contain_text("Es bleibt bei", timeout=POLL_MS)
    assert "bookings=1" not in await next_question(page), "nothing is open any more"


async def next_question(page: Page) -> str:
    """The address that the page asks for later messages at."""
    async with page.expect_request(lambda request: "conversation=" in request.url) as asked:
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    return (await asked.value).url
