"""The chat page in a browser: a booking from the first sentence to the card, by mouse, by keyboard, in both languages."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

CHAT = "/chat/salon-fermata"
WISH = {"de": "Ansatzfärbung am Donnerstagnachmittag, geht das?", "en": "Root colour on Thursday afternoon?"}
GUEST = "Max Muster, max@example.org"

Violations = Callable[[Page], Awaitable[list[str]]]


async def say(page: Page, text: str) -> None:
    await page.locator("#message").fill(text)
    await page.locator("#message").press("Enter")


async def book(page: Page, language: str = "de") -> None:
    """From the wish to the booking card."""
    await say(page, WISH[language])
    await page.locator(".offer:enabled").nth(1).click()
    await expect(page.locator(".message.bot")).to_have_count(2)
    await say(page, GUEST)
    await page.locator("#replies [data-choice=yes]").click()
    await expect(page.locator(".booking")).to_be_visible()


def saved(path: Path) -> str:
    """The text of a downloaded file with its line ends as they are."""
    return path.read_bytes().decode()


async def overflow(page: Page) -> int:
    """By how many pixels the page could be scrolled sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def unavailable() -> web.Response:
    return web.json_response(
        {"title": "Unavailable", "status": 503}, status=503, content_type="application/problem+json"
    )


def too_many() -> web.Response:
    return web.json_response({"title": "Slow down", "status": 429}, status=429, headers={"Retry-After": "7"})


def refused() -> web.Response:
    return web.json_response({"title": "No", "status": 422, "detail": "text: too long"}, status=422)


# --- a booking


async def test_a_wish_becomes_a_booking(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await expect(page.locator("#empty")).to_be_visible()
    await say(page, WISH["de"])

    cards = page.locator(".offer")
    await expect(cards).to_have_count(3)
    await expect(page.locator("#empty")).to_be_hidden()
    first = cards.nth(0)
    await expect(first).to_contain_text("Donnerstag 26. März")
    await expect(first).to_contain_text("12:45")
    await expect(first).to_contain_text("bis 14:55 Uhr")
    await expect(first).to_contain_text("Anna, Clara")
    await expect(first).to_contain_text("65\N{NO-BREAK SPACE}€")

    await cards.nth(1).click()
    await expect(cards.nth(1)).to_contain_text("Gewählt")
    await expect(page.locator(".offer:enabled")).to_have_count(0)
    await expect(page.locator(".lapsed")).to_have_count(0)
    await expect(page.locator("#message")).to_have_attribute("placeholder", "Ihr Name")

    await say(page, GUEST)
    await page.locator("#replies [data-choice=yes]").click()
    booking = page.locator(".booking")
    await expect(booking).to_contain_text("Bestätigt")
    await expect(booking).to_contain_text("Ansatzfärbung")
    await expect(booking).to_contain_text("F7K2QX")
    await expect(booking).to_contain_text("Donnerstag, 26. März 2026")
    await expect(booking).to_contain_text("15:30–17:40 Uhr")
    await expect(booking.locator(".programme-list li")).to_have_text(
        [
            re.compile("15:30–16:00.*Auftragen.*Anna"),
            re.compile("16:00–16:25.*Pause, 25 Min"),
            re.compile("16:25–17:40.*Auswaschen, schneiden und föhnen.*Anna"),
        ]
    )
    assert [body.get("choice") for _, body in salon.posts] == [None, "o2", None, "yes"]
    assert len({body["conversation"] for _, body in salon.posts}) == 1
    assert re.fullmatch(r"c-[0-9a-f]{32}", salon.posts[0][1]["conversation"])
    assert len({key for key, _ in salon.posts}) == 4


async def test_the_bar_is_drawn_to_scale(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    await book(page)
    widths = await page.locator(".booking .block").evaluate_all(
        "(all) => all.map((b) => b.getBoundingClientRect().width)"
    )
    assert [round(width / sum(widths) * 130) for width in widths] == [30, 25, 75]
    label = await page.locator(".booking .bar").get_attribute("aria-label")
    assert label is not None and "Pause 25 Minuten" in label and "15:30 bis 16:00 Uhr Auftragen Anna" in label


async def test_english_speaks_english(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT, language="en-GB")
    await expect(page.locator("h2")).to_have_text("When would you like to come?")
    await say(page, WISH["en"])
    card = page.locator(".offer").nth(1)
    await expect(card).to_contain_text("Thursday 26 March")
    await expect(card).to_contain_text("3.30 pm")
    await expect(card).to_contain_text("€65")
    assert salon.posts[0][1]["language"] == "en"


async def test_switching_the_language_keeps_the_conversation(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator(".message.guest")).to_contain_text(WISH["de"])
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    await page.locator(".offer").nth(0).click()
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert len({body["conversation"] for _, body in salon.posts}) == 1
    assert [body["language"] for _, body in salon.posts] == ["de", "en"]


# --- choices


async def test_only_the_newest_choices_are_active(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(6)
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    await expect(page.locator(".lapsed")).to_have_text("Diese Zeiten gelten nicht mehr.")


async def test_choices_without_a_time_are_quick_replies(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, "Was bieten Sie an?")
    replies = page.locator("#replies button")
    await expect(replies).to_have_count(5)
    await expect(page.locator(".offer")).to_have_count(0)
    await replies.nth(3).click()
    await expect(page.locator(".message.guest").last).to_contain_text("Dauerwelle")
    await expect(page.locator("#replies button")).to_have_count(0)
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert salon.posts[-1][1]["choice"] == "s3"
    assert "text" not in salon.posts[-1][1]


async def test_choices_with_a_label_only_are_still_offers(visitor: Any, salon: Any) -> None:
    def plain() -> web.Response:
        choices = [{"id": "a", "label": "Do 26.11. 15:30, Anna", "start": "2026-11-26T15:30"}]
        return web.json_response(
            {
                "conversation": salon.posts[-1][1]["conversation"],
                "language": "de",
                "replies": [{"text": "Diese Zeit?"}],
                "expects": "choice",
                "choices": choices,
                "outcome": {"code": "offers"},
                "booking": None,
            }
        )

    salon.faults.append(plain)
    page = await visitor.open(CHAT)
    await say(page, "Hallo")
    card = page.locator(".offer")
    await expect(card).to_contain_text("15:30 Uhr")
    await expect(card).to_contain_text("Do 26.11. 15:30, Anna")
    await expect(card.locator(".bar")).to_have_count(0)


async def test_examples_start_the_conversation(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await expect(page.locator("[data-example]")).to_have_count(3)
    await page.locator("[data-example]").nth(1).click()
    await expect(page.locator(".offer")).to_have_count(3)
    assert salon.posts[0][1]["text"] == "Ansatzfärbung am Donnerstagnachmittag, geht das?"


# --- keyboard and composer


async def test_a_booking_by_keyboard_alone(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    keyboard = page.keyboard
    focused = "document.activeElement.dataset.choice ?? document.activeElement.id"
    assert await page.evaluate(focused) == "message"
    await keyboard.type(WISH["de"])
    await keyboard.press("Enter")
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    assert await page.evaluate(focused) == "message"

    await keyboard.press("Shift+Tab")
    assert await page.evaluate(focused) == "o3"
    await keyboard.press("Shift+Tab")
    assert await page.evaluate(focused) == "o2"
    outline = await page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in outline and "2px" in outline
    await keyboard.press("Enter")
    await expect(page.locator(".offer.chosen")).to_have_count(1)
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert await page.evaluate(focused) == "message"

    await keyboard.type(GUEST)
    await keyboard.press("Enter")
    await expect(page.locator("#replies button")).to_have_count(2)
    await keyboard.press("Shift+Tab")
    await keyboard.press("Shift+Tab")
    assert await page.evaluate(focused) == "yes"
    await keyboard.press("Space")
    await expect(page.locator(".booking")).to_be_visible()
    assert await page.evaluate(focused) == "message"


async def test_the_skip_link_leads_to_the_composer(visitor: Any) -> None:
    page = await visitor.open(CHAT + "?embed=1")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#message")).to_be_focused()


async def test_shift_enter_breaks_the_line(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    box = page.locator("#message")
    await box.type("Haare")
    await box.press("Shift+Enter")
    await box.type("schneiden")
    assert salon.posts == []
    await box.press("Enter")
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert salon.posts[0][1]["text"] == "Haare\nschneiden"
    await expect(box).to_have_value("")


async def test_nothing_is_sent_for_blanks(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, "   ")
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    assert len(salon.posts) == 1


async def test_two_thousand_characters_are_the_limit(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    count = page.locator("#count")
    await page.locator("#message").fill("ä" * 1599)
    await expect(count).to_be_hidden()
    await page.locator("#message").fill("\N{MUSICAL SYMBOL FERMATA}" * 2000)
    await expect(count).to_have_text("2.000 von 2.000 Zeichen")
    await page.locator("#message").fill("ä" * 2003)
    await expect(count).to_have_text("2.003 von 2.000 Zeichen. Bitte kürzen Sie die Nachricht um 3.")
    await page.locator("#message").press("Enter")
    await expect(page.locator("#announcement")).to_contain_text("2.003")
    assert salon.posts == []
    await page.locator("#message").fill("ä" * 2000)
    await page.locator("#message").press("Enter")
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert len(salon.posts) == 1


async def test_writing_is_shown_only_while_waiting(visitor: Any, salon: Any) -> None:
    salon.gate = asyncio.Event()
    page = await visitor.open(CHAT)
    await expect(page.locator(".waiting")).to_have_count(0)
    await say(page, WISH["de"])
    await expect(page.locator(".waiting")).to_have_text("Der Assistent schreibt")
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "true")
    salon.gate.set()
    await expect(page.locator(".offer")).to_have_count(3)
    await expect(page.locator(".waiting")).to_have_count(0)
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")


# --- trouble


async def test_a_failed_message_is_sent_again_under_the_same_key(visitor: Any, salon: Any) -> None:
    visitor.expected = "503"
    salon.faults.append(unavailable)
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".trouble")).to_contain_text("Der Assistent antwortet gerade nicht.")
    assert salon.handled == 0
    await page.locator(".retry").click()
    await expect(page.locator(".offer")).to_have_count(3)
    await expect(page.locator(".trouble")).to_have_count(0)
    await expect(page.locator(".message.guest")).to_have_count(1)
    assert salon.posts[0] == salon.posts[1]


async def test_a_lost_answer_has_one_effect_and_is_shown_once(visitor: Any, salon: Any) -> None:
    visitor.expected = "502"
    salon.lost = 1
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".retry")).to_be_visible()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await page.locator(".retry").click()
    await expect(page.locator(".offer")).to_have_count(3)
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert len(salon.posts) == 2
    assert salon.handled == 1


async def test_no_connection_is_said(visitor: Any, salon: Any) -> None:
    visitor.expected = "ERR_INTERNET_DISCONNECTED"
    page = await visitor.open(CHAT)
    await page.context.set_offline(True)
    await say(page, WISH["de"])
    await expect(page.locator(".trouble")).to_contain_text("Es besteht keine Verbindung.")
    await page.context.set_offline(False)
    await page.locator(".retry").click()
    await expect(page.locator(".offer")).to_have_count(3)
    assert len(salon.posts) == 1


async def test_too_many_messages_say_when_to_go_on(visitor: Any, salon: Any) -> None:
    visitor.expected = "429"
    salon.faults.append(too_many)
    page = await visitor.open(CHAT + "?lang=en")
    await say(page, WISH["en"])
    await expect(page.locator(".trouble")).to_contain_text("You can go on in 7 seconds.")
    await expect(page.locator(".retry")).to_be_visible()


async def test_an_answer_that_breaks_the_contract_does_not_block(visitor: Any, salon: Any) -> None:
    visitor.expected = "not iterable"
    salon.faults.append(lambda: web.json_response({"conversation": "c-12345678"}))
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".retry")).to_be_visible()
    await page.locator(".retry").click()
    await expect(page.locator(".offer")).to_have_count(3)


async def test_a_refused_message_comes_back_for_editing(visitor: Any, salon: Any) -> None:
    visitor.expected = "422"
    salon.faults.append(refused)
    page = await visitor.open(CHAT)
    await say(page, "Etwas")
    await expect(page.locator(".trouble")).to_contain_text("text: too long")
    await expect(page.locator(".retry")).to_have_count(0)
    await expect(page.locator("#message")).to_have_value("Etwas")


# --- before and later


async def test_a_reload_brings_the_transcript_and_the_open_offers_back(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    await page.reload()
    await expect(page.locator(".message.guest")).to_contain_text(WISH["de"])
    await expect(page.locator(".message.bot")).to_have_count(1)
    await expect(page.locator(".offer:enabled")).to_have_count(3)
    await page.locator(".offer").nth(0).click()
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert len({body["conversation"] for _, body in salon.posts}) == 1


async def test_later_messages_arrive_once(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".message.bot")).to_have_count(1)
    salon.say_later(salon.posts[0][1]["conversation"], "Ihr Termin ist nun bestätigt.")
    for _ in range(3):
        async with page.expect_response(lambda response: "conversation=" in response.url) as asked:
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await (await asked.value).finished()
        await expect(page.locator(".message.bot")).to_have_count(2)
    await expect(page.locator(".message.bot").last).to_contain_text("Ihr Termin ist nun bestätigt.")
    await expect(page.locator(".message.guest")).to_have_count(1)


async def test_a_new_conversation_starts_afresh(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    await page.get_by_role("button", name="Neues Gespräch").click()
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#empty")).to_be_visible()
    await expect(page.locator("#message")).to_be_focused()
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    assert len({body["conversation"] for _, body in salon.posts}) == 2


async def test_markup_in_messages_stays_text(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, "<img src=x onerror=alert(1)> Haare")
    await expect(page.locator(".message.bot")).to_have_count(1)
    salon.say_later(
        salon.posts[0][1]["conversation"], "<b>fett</b> https://salon.example/a?b=c. \N{MUSICAL SYMBOL FERMATA}"
    )
    await page.reload()
    last = page.locator(".message.bot").last
    await expect(last).to_contain_text("<b>fett</b>")
    await expect(last.locator("a")).to_have_attribute("href", "https://salon.example/a?b=c")
    await expect(last.locator("p svg")).to_have_count(1)
    await expect(page.locator(".message img")).to_have_count(0)


# --- the booking card


async def test_the_card_goes_into_the_calendar(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    await book(page)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="In den Kalender").click()
    download = await downloading.value
    assert download.suggested_filename == "F7K2QX.ics"
    text = saved(await download.path())
    lines = text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART:20260326T143000Z" in lines
    assert "DTEND:20260326T164000Z" in lines
    assert "SUMMARY:Ansatzfärbung – Salon Fermata" in lines
    assert "LOCATION:Kastanienallee 12\\, 10435 Berlin" in lines
    assert text.count("\n") == text.count("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(("language", "button"), [("de", "Absagen"), ("en", "Cancel it")])
async def test_the_card_cancels_by_a_sentence(visitor: Any, salon: Any, language: str, button: str) -> None:
    page = await visitor.open(f"{CHAT}?lang={language}")
    await book(page, language)
    await page.get_by_role("button", name=button).click()
    await expect(page.locator(".booking.cancelled")).to_be_visible()
    await expect(page.locator(".booking.retired")).to_have_count(1)
    await expect(page.locator(".booking-actions")).to_have_count(0)
    assert "F7K2QX" in salon.posts[-1][1]["text"]


async def test_the_card_changes_by_a_sentence(visitor: Any, salon: Any) -> None:
    page = await visitor.open(CHAT)
    await book(page)
    await page.get_by_role("button", name="Ändern").click()
    await expect(page.locator("#replies button")).to_have_count(2)
    assert salon.posts[-1][1]["text"] == "Ich möchte den Termin F7K2QX verschieben."


async def test_print_shows_the_confirmation_alone(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    await book(page)
    await page.emulate_media(media="print")
    await expect(page.locator(".booking")).to_be_visible()
    await expect(page.locator(".message").first).to_be_hidden()
    await expect(page.locator("#composer")).to_be_hidden()


# --- every screen


@pytest.mark.parametrize("language", ["de", "en"])
async def test_nothing_sticks_out_at_320_pixels(visitor: Any, language: str) -> None:
    page = await visitor.open(f"{CHAT}?lang={language}", width=320, height=640)
    assert await overflow(page) <= 0
    await book(page, language)
    assert await overflow(page) <= 0
    lefts = await page.locator(".offer").evaluate_all(
        "(all) => all.map((card) => card.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1, "one column of offers"
    inner = await page.evaluate(
        "document.querySelector('#log').scrollWidth - document.querySelector('#log').clientWidth"
    )
    assert inner <= 0
    small = await page.evaluate(
        """[...document.querySelectorAll('button, textarea, .languages a')]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 43.5).map((node) => node.outerHTML)"""
    )
    assert small == []


@pytest.mark.parametrize(("width", "height"), [(640, 800), (320, 640), (320, 256)])
async def test_text_at_twice_its_size(visitor: Any, width: int, height: int) -> None:
    page = await visitor.open(CHAT, width=width, height=height)
    await page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    await book(page)
    assert await overflow(page) <= 0
    await page.locator("#message").fill("Danke")
    await expect(page.locator("#message")).to_be_in_viewport()
    await page.locator(".booking-actions button").last.scroll_into_view_if_needed()
    await expect(page.locator(".booking-actions button").last).to_be_in_viewport()


async def test_offers_stand_in_one_row_on_a_wide_page(visitor: Any) -> None:
    page = await visitor.open(CHAT)
    await say(page, WISH["de"])
    await expect(page.locator(".offer")).to_have_count(3)
    tops = await page.locator(".offer").evaluate_all(
        "(all) => all.map((card) => card.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(21, 23, 26)")])
async def test_both_colour_schemes(visitor: Any, scheme: str, paper: str) -> None:
    page = await visitor.open(CHAT, color_scheme=scheme)
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper


async def test_no_motion_if_none_is_wanted(visitor: Any, salon: Any) -> None:
    salon.gate = asyncio.Event()
    page = await visitor.open(CHAT, reduced_motion="reduce")
    await say(page, WISH["de"])
    await expect(page.locator(".waiting")).to_be_visible()
    assert await page.evaluate("document.getAnimations().length") == 0
    salon.gate.set()
    await expect(page.locator(".offer")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_accessible_from_empty_to_booked(
    visitor: Any, violations: Violations, scheme: str, language: str
) -> None:
    page = await visitor.open(f"{CHAT}?lang={language}", color_scheme=scheme)
    assert await violations(page) == []
    await say(page, WISH[language])
    await expect(page.locator(".offer")).to_have_count(3)
    assert await violations(page) == []
    await page.locator(".offer").nth(1).click()
    await expect(page.locator(".message.bot")).to_have_count(2)
    await say(page, GUEST)
    await expect(page.locator("#replies button")).to_have_count(2)
    assert await violations(page) == []
    await page.locator("#replies [data-choice=yes]").click()
    await expect(page.locator(".booking")).to_be_visible()
    assert await violations(page) == []
    await page.locator(".booking-actions .danger").click()
    await expect(page.locator(".booking.cancelled")).to_be_visible()
    assert await violations(page) == []


async def test_trouble_is_accessible(visitor: Any, salon: Any, violations: Violations) -> None:
    visitor.expected = "503"
    salon.faults.append(unavailable)
    page = await visitor.open(CHAT + "?embed=1", width=320, height=640)
    await say(page, WISH["de"])
    await expect(page.locator(".retry")).to_be_visible()
    assert await violations(page) == []
