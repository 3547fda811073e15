"""A guest of the chat page in a browser: says and presses things, and waits for each answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import FrameLocator, Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Journey:
    """What a guest says from the wish to the cancellation, in one language, and what the pages show then."""

    language: str
    wish: str
    second: str | None
    who: str
    confirm: str
    yes: str
    move: str
    cancel: str
    service: str
    confirmed: str
    cancelled: str


GERMAN = Journey(
    language="de",
    wish="Herrenhaarschnitt am Donnerstagnachmittag",
    second=None,
    who="Max Muster, max@example.org",
    confirm="Soll ich das so eintragen?",
    yes="Ja, bitte",
    move="geht auch Freitag um 11?",
    cancel="ich muss leider absagen",
    service="Herrenhaarschnitt",
    confirmed="Bestätigt",
    cancelled="Abgesagt",
)
ENGLISH = Journey(
    language="en",
    wish="women's haircut on Thursday afternoon",
    second="the second one",
    who="Jane Doe, jane@example.org",
    confirm="Shall I book it?",
    yes="Yes, please",
    move="could we make it Friday at 11 am?",
    cancel="I need to cancel",
    service="Women's haircut",
    confirmed="Confirmed",
    cancelled="Cancelled",
)


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat page, or the frame with it; `second` of a journey is said if there are words for it, else the card is pressed."""

    place: Page | FrameLocator
    journey: Journey

    async def say(self, text: str) -> None:
        """Write and send, and wait for the answer."""
        box = self.place.locator("#message")
        await box.fill(text)
        await box.press("Enter")
        await self.answered()

    async def answered(self) -> None:
        """Wait until nothing is under way."""
        await expect(self.place.locator("#log")).to_have_attribute("aria-busy", "false", timeout=15000)

    async def yes(self) -> None:
        """Press the button for a yes."""
        button = self.place.locator("#replies [data-choice=yes]")
        await expect(button).to_have_text(self.journey.yes)
        await button.click()
        await self.answered()

    def card(self) -> Locator:
        """The booking card that holds now."""
        return self.place.locator(".booking:not(.retired)")

    async def choose(self) -> tuple[str, str]:
        """Ask for times and take the second; its clock time as the card writes it, and the name of the staff member."""
        await self.say(self.journey.wish)
        offer = self.place.locator(".offer:enabled").nth(1)
        clock = await offer.locator(".offer-time b").inner_text()
        staff = await offer.locator(".offer-facts span").first.inner_text()
        if self.journey.second is None:
            await offer.click()
            await self.answered()
        else:
            await self.say(self.journey.second)
        await expect(self.place.locator(".offer:enabled")).to_have_count(0)
        return clock, staff

    async def book(self) -> tuple[str, str]:
        """From the wish to the booking card; what `choose` gives."""
        chosen = await self.choose()
        await self.say(self.journey.who)
        await expect(self.place.locator(".message.bot").last).to_contain_text(self.journey.confirm)
        await expect(self.card()).to_have_count(0)
        await self.yes()
        await expect(self.card()).to_contain_text(self.journey.confirmed)
        return chosen

    async def reference(self) -> str:
        """The reference on the card."""
        text = await self.card().locator(".booking-reference b").inner_text()
        assert re.fullmatch(r"[A-Z0-9]{6}", text)
        return text
