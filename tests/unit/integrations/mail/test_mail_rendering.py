"""What guests read, in both languages."""

import re
from html.parser import HTMLParser
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from booking_core.services.notices import Notice
from integrations.mail.rendering import blocks

PLACEHOLDERS = Formatter()
DEADLINES = {"mail.change_until", "mail.move_until", "mail.cancel_until", "mail.moment"}
PRICES = {"mail.label.price", "mail.price.free"}
UNUSED = {
    Notice.CANCELLED: {"mail.contact", *PRICES, *DEADLINES},
    Notice.WITHDRAWN: {"mail.contact", *PRICES, *DEADLINES},
    Notice.OVERLAPPED: {"mail.contact", "mail.again", *DEADLINES},
}
"""Texts that a kind of message has no use for; the rest do without the way to a new appointment."""


class Words(HTMLParser):
    """Tags and visible words of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self._hidden = [], [], 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self._hidden:
            self.words += data.split()


def test_both_catalogues_have_the_same_keys_and_placeholders(catalogue):
    german, english = catalogue("de"), catalogue("en")
    assert german.keys() == english.keys()
    for key in german:
        names = [
            sorted(name for _, name, _, _ in PLACEHOLDERS.parse(text) if name)
            for text in (german[key], english[key])
        ]
        assert names[0] == names[1], key
        assert german[key].strip() and english[key].strip(), key


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", list(Notice))
def test_every_text_of_the_catalogue_is_used_and_none_is_missing(
    invite, renderer, catalogue, translator, language, kind
):
    used = set()

    def t(key, /, **values):
        used.add(key)
        return translator(language)(key, **values)

    renderer.render(invite(kind=kind, language=language, guest_zone=ZoneInfo("America/New_York")), t)
    renderer.render(invite(kind=kind, language=language, price=0.0, move_until=None), t)
    renderer.render(invite(kind=kind, language=language, cancel_until=None), t)
    others = tuple(f"mail.{other.value}." for other in Notice if other is not kind)
    mine = {key for key in catalogue(language) if not key.startswith(others)}
    assert used == mine - UNUSED.get(kind, {"mail.again"})


def test_the_german_letter(invite, renderer, translator):
    letter = renderer.render(invite(), translator("de"))
    assert letter.subject == "Ihr Termin am Donnerstag, 26. März 2026 um 15:30 Uhr: Ansatzfärbung"
    assert "Guten Tag Jürgen Groß,\n" in letter.text
    assert "Wann: Donnerstag, 26. März 2026, 15:30 bis 17:40 Uhr\n" in letter.text
    assert "15:30 ━━ 16:00 ┄𝄐┄ 16:25 ━━━━━ 17:40\n" in letter.text
    assert "  16:25 bis 17:40 Uhr  Auswaschen, schneiden und föhnen (Clara)\n" in letter.text
    assert "Preis: 65 €\n" in letter.text
    assert "Verschieben oder absagen können Sie bis Mittwoch, 25. März 2026, 15:30 Uhr.\n" in letter.text
    assert "Bei Ihnen" not in letter.text
    assert "\n\n\n" not in letter.text


def test_the_english_letter(invite, renderer, translator):
    letter = renderer.render(invite(language="en", service="Root colour", price=65.5), translator("en"))
    assert letter.subject == "Your appointment on Thursday, 26 March 2026 at 3.30 pm: Root colour"
    assert "When: Thursday, 26 March 2026, 3.30 pm to 5.40 pm\n" in letter.text
    assert "Price: €65.50\n" in letter.text


def test_a_single_segment_needs_no_list_of_steps(invite, renderer, translator):
    letter = renderer.render(invite(pieces=(("Schnitt", "Ben", 30, 0),)), translator("de"))
    assert "Der Ablauf" not in letter.text + letter.html
    assert "15:30 ━━ 16:00\n" in letter.text


def test_a_guest_elsewhere_reads_both_times(invite, renderer, translator):
    letter = renderer.render(invite(guest_zone=ZoneInfo("America/New_York")), translator("de"))
    assert "Wann: Donnerstag, 26. März 2026, 15:30 bis 17:40 Uhr\n" in letter.text
    assert "Bei Ihnen (New York): Donnerstag, 26. März 2026, 10:30 bis 12:40 Uhr\n" in letter.text
    same_time = renderer.render(invite(guest_zone=ZoneInfo("Europe/Vienna")), translator("de"))
    assert "Bei Ihnen" not in same_time.text


def test_a_guest_whose_clocks_change_on_another_day(invite, renderer, translator):
    """On 26 October New York is five hours behind Berlin, not six."""
    invitation = invite(start="2026-10-26T09:00", guest_zone=ZoneInfo("America/New_York"))
    assert "(New York): Montag, 26. Oktober 2026, 04:00 bis" in renderer.render(invitation, translator("de")).text


def test_a_cancellation_names_neither_price_nor_deadline(invite, renderer, translator):
    letter = renderer.render(invite(kind=Notice.CANCELLED), translator("de"))
    assert letter.subject == "Abgesagt: Ihr Termin am Donnerstag, 26. März 2026 um 15:30 Uhr, Ansatzfärbung"
    assert "Preis" not in letter.text
    assert "absagen können" not in letter.text


def test_a_withdrawn_promise_is_struck_out_and_names_no_price(invite, renderer, translator):
    letter = renderer.render(invite(kind=Notice.WITHDRAWN), translator("de"))
    assert letter.subject == "Leider nicht gebucht: Ansatzfärbung, Donnerstag, 26. März 2026 um 15:30 Uhr"
    assert "line-through" in letter.html
    assert "Preis" not in letter.text
    assert "können Sie bis" not in letter.text
    assert "Einen neuen Termin vereinbaren Sie im Chat oder unter +49 30 5550 1234." in letter.text


def test_a_move_that_failed_tells_the_time_that_stands(invite, renderer, translator):
    letter = renderer.render(invite(kind=Notice.NOT_MOVED), translator("de"))
    assert letter.subject == "Ihr Termin bleibt am Donnerstag, 26. März 2026 um 15:30 Uhr: Ansatzfärbung"
    assert "Wann: Donnerstag, 26. März 2026, 15:30 bis 17:40 Uhr\n" in letter.text
    assert "line-through" not in letter.html
    assert "Verschieben oder absagen können Sie bis Mittwoch" in letter.text


@pytest.mark.parametrize("phone", ["+49 30 5550 1234", ""])
def test_an_overlap_asks_for_another_time_and_sets_no_deadline(invite, renderer, translator, phone):
    letter = renderer.render(invite(kind=Notice.OVERLAPPED, phone=phone), translator("de"))
    assert letter.subject.startswith("Bitte wählen Sie eine andere Zeit: Ihr Termin am Donnerstag, 26. März 2026")
    assert "Bitte nennen Sie uns eine andere Zeit" in letter.text
    assert ("Eine andere Zeit nennen Sie uns im Chat oder unter" in letter.text) is bool(phone)
    assert "können Sie bis" not in letter.text
    assert "line-through" not in letter.html
    assert ("Eine andere Zeit nennen Sie uns im Chat oder unter" in letter.text) is bool(phone)


def test_different_deadlines_are_two_sentences(invite, renderer, translator):
    invitation = invite()
    later = invite(cancel_until=invitation.starts_at)
    text = renderer.render(later, translator("de")).text
    assert "Verschieben können Sie bis Mittwoch, 25. März 2026, 15:30 Uhr." in text
    assert "Absagen können Sie bis Donnerstag, 26. März 2026, 15:30 Uhr." in text
    late = renderer.render(invite(move_until=None, cancel_until=None), translator("de")).text
    assert "können Sie" not in late


def test_html_says_what_the_plain_text_says(invite, renderer, translator):
    letter = renderer.render(invite(), translator("de"))
    page = Words(letter.html)
    for line in letter.text.splitlines():
        if line.startswith("15:30 ━") or line.strip() in ("", "--"):
            continue
        words = re.sub(r"^(\S+):", r"\1", line).split()
        assert set(words) <= set(page.words), line


def test_html_needs_no_image_and_nothing_from_elsewhere(invite, renderer, translator):
    page = Words(renderer.render(invite(), translator("de")).html)
    tags = [tag for tag, _ in page.tags]
    assert not {"img", "script", "link", "iframe", "svg"} & set(tags)
    assert ("html", {"lang": "de"}) in page.tags
    assert {"name": "color-scheme", "content": "light dark"} in [
        attrs for tag, attrs in page.tags if tag == "meta"
    ]
    tables = [attrs for tag, attrs in page.tags if tag == "table"]
    assert all(attrs.get("role") == "presentation" for attrs in tables)
    html = renderer.render(invite(), translator("de")).html
    assert "prefers-color-scheme: dark" in html
    assert "http" not in html


def test_the_bar_is_a_row_of_cells_as_wide_as_their_minutes(invite, renderer, translator):
    cells = blocks(invite())
    assert [(cell.pause, cell.percent, cell.label) for cell in cells] == [
        (False, 23, "Auftragen"),
        (True, 19, ""),
        (False, 58, "Auswaschen, schneiden und föhnen"),
    ]
    html = renderer.render(invite(), translator("de")).html
    assert re.findall(r'class="(work|rest)" width="(\d+)%"', html) == [
        ("work", "23"),
        ("rest", "19"),
        ("work", "58"),
    ]


def test_a_short_block_carries_no_label(invite):
    pieces = (("Wickeln", "Anna", 50, 15), ("Fixieren", "Ben", 5, 10), ("Auswaschen", "Anna", 55, 0))
    labels = [cell.label for cell in blocks(invite(pieces=pieces)) if not cell.pause]
    assert labels == ["Wickeln", "", "Auswaschen"]


def test_markup_in_names_is_shown_not_run(invite, renderer, translator):
    name = '<script>alert(1)</script>" onload="x'
    letter = renderer.render(invite(guest=name, salon=name, service=name, location=name), translator("de"))
    page = Words(letter.html)
    assert "script" not in [tag for tag, _ in page.tags]
    assert not any("onload" in attrs for _, attrs in page.tags)
    assert name in letter.text


def test_braces_in_a_name_are_no_placeholders(invite, renderer, translator):
    assert "Guten Tag {salon} {0},\n" in renderer.render(invite(guest="{salon} {0}"), translator("de")).text


def test_an_unknown_language_has_english_dates(invite, renderer, translator):
    letter = renderer.render(invite(language="xx"), translator("en"))
    assert "Thursday, 26 March 2026" in letter.text
