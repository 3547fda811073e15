"""Start page and mailbox of the demo in a browser."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

Violations = Callable[[Page], Awaitable[list[str]]]

CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "UID:F7K2QX@salon-fermata.example",
        "DTSTART;TZID=Europe/Berlin:20260326T153000",
        "DTEND;TZID=Europe/Berlin:20260326T174000",
        "SUMMARY:Ansatzfärbung",
        "LOCATION:Kastanienallee 12\\, 10435",
        "  Berlin",
        'ATTENDEE;CN="Muster, Max";RSVP=TRUE:mailto:max@example.org',
        "STATUS:CONFIRMED",
        "SEQUENCE:2",
        "BEGIN:VALARM",
        "DESCRIPTION:nicht diese",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)
HTML = """<html><head><style>h1 { font-weight: 400 }</style>
<meta http-equiv="refresh" content="0;url=http://elsewhere.example/"></head>
<body onload="top.hacked = 1"><h1 style="color: rgb(14, 107, 102)">Ihr Termin</h1>
<script>top.hacked = 1</script><img src="http://elsewhere.example/pixel.gif" alt="">
<a href="javascript:top.hacked = 1" id="bad">x</a> <a href="http://127.0.0.1:1/my/token" id="good">Ändern</a>
<table><tr><td style="background: #0E6B66; padding: 8px" background="http://elsewhere.example/t.gif">Auftragen</td></tr></table></body></html>"""


def mail(number: int, subject: str) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "from": "Salon Fermata <hallo@salon-fermata.example>",
        "to": "Max Muster <max@example.org>",
        "subject": subject,
        "date": f"Tue, 24 Mar 2026 10:{10 + number}:03 +0100",
        "headers": {},
        "parts": [
            {"type": "text/plain; charset=utf-8", "text": "Ihr Termin\n15:30 ━━ 16:00"},
            {"type": "text/html", "text": HTML},
            {"type": "text/calendar; method=REQUEST", "text": CALENDAR},
        ],
        "raw": f"Subject: {subject}\r\n\r\nIhr Termin",
    }


async def look_again(page: Page) -> None:
    """What happens when the page comes back into view: it asks at once."""
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def saved(path: Path) -> str:
    """The text of a downloaded file with its line ends as they are."""
    return path.read_bytes().decode()


async def overflow(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


# --- start page


async def test_the_start_page_tells_the_whole_story(visitor: Any, salon: Any) -> None:
    page = await visitor.open("/")
    chat = page.frame_locator("#chat iframe")
    await chat.locator("#message").fill("Ansatzfärbung am Donnerstag")
    await chat.locator("#message").press("Enter")
    await expect(chat.locator(".offer")).to_have_count(3)
    await expect(page.frame_locator("iframe[title=Kalender]").locator("h1")).to_have_text("Calendar")
    await expect(page.locator("#clock")).to_contain_text("Dienstag, 24. März, 10:15 Uhr")
    await expect(page.locator("#mailbox [data-empty]")).to_be_visible()
    salon.mails.append(mail(1, "Ihr Termin am Donnerstag"))
    await look_again(page)
    await expect(page.locator("#mailbox .mails a")).to_have_count(1)
    await expect(page.locator("#mailbox [data-empty]")).to_be_hidden()
    await expect(page.locator("#mailbox [role=status]")).to_have_text("Eine neue Nachricht.")
    await page.locator("#mailbox .mails a").click()
    await expect(page.locator(".letter h2")).to_have_text("Ihr Termin am Donnerstag")


async def test_without_a_mailbox_its_pane_is_hidden(visitor: Any, salon: Any) -> None:
    visitor.expected = "404"
    salon.mails = None
    page = await visitor.open("/?lang=en")
    await expect(page.locator("#clock")).to_be_visible()
    await expect(page.locator("#mailbox")).to_be_hidden()


async def test_both_languages_are_introduced(visitor: Any) -> None:
    page = await visitor.open("/", language="en-GB")
    await expect(page.locator(".programme p").first).to_have_attribute("lang", "en")
    await expect(page.locator(".programme p[lang=de]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_start_page_is_accessible(visitor: Any, salon: Any, violations: Violations, scheme: str) -> None:
    salon.mails.append(mail(1, "Ihr Termin am Donnerstag"))
    page = await visitor.open("/", color_scheme=scheme)
    await expect(page.locator("#mailbox .mails a")).to_have_count(1)
    assert await violations(page) == []


# --- mailbox


async def test_an_empty_mailbox_says_so(visitor: Any, violations: Violations) -> None:
    page = await visitor.open("/mailbox")
    await expect(page.locator("#empty")).to_contain_text("Noch keine Nachricht")
    await expect(page.locator("#desk")).to_be_hidden()
    assert await violations(page) == []


async def test_new_mail_appears_and_does_not_disturb_reading(visitor: Any, salon: Any) -> None:
    salon.mails.append(mail(1, "Erste"))
    page = await visitor.open("/mailbox")
    await expect(page.locator(".letter h2")).to_have_text("Erste")
    salon.mails.append(mail(2, "Zweite"))
    await look_again(page)
    await expect(page.locator("#letters a")).to_have_count(2)
    await expect(page.locator("#letters a").first).to_contain_text("neu")
    await expect(page.locator("#announcement")).to_have_text("Eine neue Nachricht.")
    await expect(page.locator(".letter h2")).to_have_text("Erste")
    await page.locator("#letters a").first.click()
    await expect(page.locator(".letter h2")).to_have_text("Zweite")
    await expect(page.locator("#letters .unread")).to_have_count(0)


async def test_a_mailbox_that_is_away_says_so_and_recovers(visitor: Any, salon: Any) -> None:
    visitor.expected = "404"
    salon.mails = None
    page = await visitor.open("/mailbox?lang=en")
    await expect(page.locator("#trouble")).to_have_text("The mailbox exists in the demonstration only.")
    salon.mails = [mail(1, "Back")]
    await look_again(page)
    await expect(page.locator(".letter h2")).to_have_text("Back")
    await expect(page.locator("#trouble")).to_be_hidden()


async def test_html_is_dressed_but_sealed(visitor: Any, salon: Any) -> None:
    salon.mails.append(mail(1, "Erste"))
    visitor.expected = (
        "elsewhere.example/pixel.gif' because it violates|violates the following Content Security Policy"
    )
    page = await visitor.open("/mailbox")
    letter = page.frame_locator(".view iframe")
    await expect(letter.locator("h1")).to_have_css("color", "rgb(14, 107, 102)")
    await expect(letter.locator("h1")).to_have_css("font-weight", "400")
    await expect(letter.locator("td")).to_have_css("background-color", "rgb(14, 107, 102)")
    await expect(letter.locator("#good")).to_have_attribute("href", "http://127.0.0.1:1/my/token")
    assert await letter.locator("#bad").get_attribute("href") is None
    assert await letter.locator("script, meta[http-equiv], [onload], [background], [src]").count() == 0
    assert await page.evaluate("window.hacked") is None
    sandbox = await page.locator(".view iframe").get_attribute("sandbox")
    assert sandbox is not None and "allow-scripts" not in sandbox


async def test_views_are_tabs_for_the_keyboard(visitor: Any, salon: Any) -> None:
    salon.mails.append(mail(1, "Erste"))
    page = await visitor.open("/mailbox")
    await page.get_by_role("tab", name="Gestaltet").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Text", exact=True)).to_be_focused()
    await expect(page.get_by_role("tabpanel")).to_contain_text("15:30 ━━ 16:00")
    await page.keyboard.press("End")
    await expect(page.get_by_role("tabpanel")).to_contain_text("Subject: Erste")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Gestaltet")).to_have_attribute("aria-selected", "true")


async def test_the_calendar_part_is_readable_and_can_be_kept(visitor: Any, salon: Any) -> None:
    salon.mails.append(mail(1, "Erste"))
    page = await visitor.open("/mailbox")
    await page.get_by_role("tab", name="Kalender").click()
    card = page.get_by_role("tabpanel")
    await expect(card).to_contain_text("Einladung")
    await expect(card).to_contain_text("Donnerstag, 26. März 2026")
    await expect(card).to_contain_text("15:30–17:40 Uhr")
    await expect(card).to_contain_text("Kastanienallee 12, 10435 Berlin")
    await expect(card).to_contain_text("Muster, Max (max@example.org)")
    await expect(card).not_to_contain_text("nicht diese")
    async with page.expect_download() as downloading:
        await card.get_by_role("button").click()
    download = await downloading.value
    assert download.suggested_filename == "Erste.ics"
    assert saved(await download.path()) == CALENDAR


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_mailbox_is_accessible_in_every_view(
    visitor: Any, salon: Any, violations: Violations, scheme: str
) -> None:
    salon.mails.extend([mail(1, "Erste"), mail(2, "Zweite")])
    page = await visitor.open("/mailbox", color_scheme=scheme)
    for name in ("html", "plain", "calendar", "raw"):
        await page.locator(f"[data-view={name}]").click()
        assert await violations(page) == [], name


@pytest.mark.parametrize("path", ["/", "/mailbox"])
async def test_nothing_sticks_out_at_320_pixels(visitor: Any, salon: Any, path: str) -> None:
    salon.mails.append(mail(1, "Ihr Termin am Donnerstag, dem 26. März, im Salon Fermata"))
    page = await visitor.open(path, width=320, height=640)
    await expect(page.locator(".mails a")).to_have_count(1)
    assert await overflow(page) <= 0
