"""Takes the pictures of the documentation from a running demo: `.venv/bin/python -m tests.browser.take_screenshots`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.logs import configure_logging
from tests.support.demo import Demo, running_demo
from tests.support.salon_guest import ENGLISH, Chat
from tests.support.visitor import chromium_at, find_chromium, visiting

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "img"
WIDTH, HEIGHT = 1100, 900


async def main() -> int:
    """Write both pictures; 1 without a Chromium."""
    path = find_chromium()
    if path is None:
        sys.stderr.write("Chromium is missing.\n")
        return 1
    configure_logging("error", sys.stderr)
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with chromium_at(path) as browser:
        for take in (conversation, start):
            with tempfile.TemporaryDirectory(prefix="fermata-pictures-") as folder:
                async with running_demo(Path(folder)) as demo:
                    await take(browser, demo)
    return 0


async def conversation(browser: Browser, demo: Demo) -> None:
    """The chat from the wish over the offers to the question before the booking."""
    async with visiting(browser, demo.base_url) as visitor:
        page = await visitor.open("/chat/salon-fermata", language="en", width=WIDTH, height=HEIGHT)
        chat = Chat(page, replace(ENGLISH, second=None))
        await chat.choose()
        await chat.say(ENGLISH.who)
        await expect(page.locator("#replies button")).to_have_count(2)
        await page.set_viewport_size({"width": WIDTH, "height": HEIGHT + await hidden(page)})
        await page.mouse.move(0, 0)
        await page.screenshot(path=IMAGES / "conversation.png")


async def hidden(page: Page) -> int:
    """How many pixels of the conversation are out of sight."""
    return int(await page.locator("#log").evaluate("(log) => log.scrollHeight - log.clientHeight"))


async def start(browser: Browser, demo: Demo) -> None:
    """The start page after a booking in its chat: the same booking in all three panes."""
    async with visiting(browser, demo.base_url) as visitor:
        page = await visitor.open("/", language="en", width=1280, height=1010)
        chat = Chat(page.frame_locator("#chat iframe"), ENGLISH)
        await chat.book()
        await expect(page.frame_locator("section:not(#chat) iframe").locator("[data-uid]")).to_be_visible()
        await expect(page.locator("#mailbox .mails a")).to_be_visible(timeout=20_000)
        await page.mouse.move(0, 0)
        await page.screenshot(path=IMAGES / "start.png")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
