"""Headless Chromium and a visitor who opens pages in it and notes whatever a guest must never cause."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = "html[data-ready]"
"""What our own pages carry once their scripts have drawn them."""


def find_chromium() -> str | None:
    """The path of an installed Chromium."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@asynccontextmanager
async def chromium_at(path: str) -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGS)
        yield launched
        await launched.close()


@dataclass
class Visitor:
    """Opens pages as a guest would, far from Berlin; `problems` are script errors, policy violations and third-party requests."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    expected: str | None = None

    async def open(
        self,
        path: str,
        *,
        ready: str = READY,
        language: str = "de",
        width: int = 1280,
        height: int = 860,
        **options: Any,
    ) -> Page:
        """A page in a context of its own: an address, or a path below `url`, once `ready` is there."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            timezone_id="America/New_York",
            **options,
        )
        self.contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", lambda request: self._check(request.url))
        await page.goto(urljoin(self.url, path))
        await page.wait_for_selector(ready)
        return page

    def _note(self, text: str) -> None:
        if not (self.expected and re.search(self.expected, text)):
            self.problems.append(text)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            self.problems.append(f"request to {parts.hostname}")


@asynccontextmanager
async def visiting(browser: Browser, url: str) -> AsyncIterator[Visitor]:
    """A visitor of the pages at `url`; what a guest must never cause fails the test at its end."""
    visitor = Visitor(browser, url)
    try:
        yield visitor
    finally:
        for context in visitor.contexts:
            await context.close()
    assert visitor.problems == [], visitor.problems


async def overflow(page: Page) -> int:
    """By how many pixels the page could be scrolled sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
