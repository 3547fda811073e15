"""The rendered pages: language, escaping, what the content policy forbids, versions of assets, contrast of the colours."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.web.pages import STATIC_DIR, TEMPLATE_DIR, Pages, TenantView, asset_versions, page_language
from bot.web.texts import TEXTS

TENANT = TenantView(
    id="salon-fermata",
    name="Salon <Fermata> & Töchter",
    phone="+49 30 5550 1234",
    languages=("de", "en"),
    address="Kastanienallee 12, 10435 Berlin",
)


class Tags(HTMLParser):
    """Collects elements with their attributes, and the text of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.script_texts: list[tuple[dict[str, str | None], str]] = []
        self._script: dict[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._script = dict(attrs) if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._script is not None and data.strip():
            self.script_texts.append((self._script, data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def values(self, tag: str, name: str) -> list[str | None]:
        return [attributes[name] for element, attributes in self.elements if element == tag and name in attributes]

    def data(self) -> dict[str, object]:
        (text,) = [text for attributes, text in self.script_texts if attributes.get("id") == "page-data"]
        loaded = json.loads(text)
        assert isinstance(loaded, dict)
        return loaded


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


def _all(pages: Pages, language: str) -> dict[str, str]:
    return {
        "chat": pages.chat(TENANT, language),
        "chat embedded": pages.chat(TENANT, language, embed=True),
        "start": pages.start(TENANT, language, "http://127.0.0.1:4711"),
        "start without sandbox": pages.start(TENANT, language, None),
        "mailbox": pages.mailbox(TENANT, language),
        "error": pages.error(404, "Nichts <hier>", "Weiter & fort", language),
    }


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_say_their_language(pages: Pages, language: str) -> None:
    for name, html in _all(pages, language).items():
        assert Tags(html).values("html", "lang") == [language], name


def test_chat_is_translated(pages: Pages) -> None:
    assert "KI-Assistent" in pages.chat(TENANT, "de")
    assert "Wann möchten Sie kommen?" in pages.chat(TENANT, "de")
    assert "AI assistant" in pages.chat(TENANT, "en")
    assert "When would you like to come?" in pages.chat(TENANT, "en")


def test_chat_falls_back_to_a_language_of_the_tenant(pages: Pages) -> None:
    only_german = TenantView("x", "X", "", ("de",), "")
    html = pages.chat(only_german, "en")
    assert Tags(html).values("html", "lang") == ["de"]
    assert "hreflang" not in html


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_that_the_content_policy_forbids(pages: Pages, language: str) -> None:
    for name, html in _all(pages, language).items():
        tags = Tags(html)
        assert not [
            a for _, attributes in tags.elements for a in attributes if a.startswith("on") or a == "style"
        ], name
        assert "style" not in {tag for tag, _ in tags.elements}, name
        assert all(attributes.get("type") == "application/json" for attributes, _ in tags.script_texts), name


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_loaded_is_our_own(pages: Pages, language: str) -> None:
    for name, html in _all(pages, language).items():
        tags = Tags(html)
        loaded = tags.values("script", "src") + tags.values("link", "href") + tags.values("img", "src")
        assert loaded, name
        assert all(url and re.fullmatch(r"/static/[\w.-]+\?v=[0-9a-f]{12}", url) for url in loaded), name


def test_static_files_name_no_other_host() -> None:
    for path in [*STATIC_DIR.iterdir(), *TEMPLATE_DIR.iterdir()]:
        hosts = set(re.findall(r"https?://([\w.]+)", path.read_text(encoding="utf-8")))
        assert hosts <= {"www.w3.org"}, path.name


def test_names_are_escaped(pages: Pages) -> None:
    for name, html in _all(pages, "de").items():
        assert "<Fermata>" not in html, name
        assert "<hier>" not in html, name
    assert "Nichts &lt;hier&gt;" in pages.error(404, "Nichts <hier>", "", "de")


def test_script_data_cannot_close_its_element(pages: Pages) -> None:
    hostile = TenantView("x", "</script><script>alert(1)</script>", "", ("de",), "")
    tags = Tags(pages.chat(hostile, "de"))
    assert tags.data()["tenant"] == {"id": "x", "name": hostile.name, "address": ""}


def test_chat_gives_its_script_both_languages(pages: Pages) -> None:
    data = Tags(pages.chat(TENANT, "en")).data()
    assert data["api"] == "/api/chat/salon-fermata/messages"
    assert data["language"] == "en"
    texts = data["texts"]
    assert isinstance(texts, dict)
    assert texts["de"]["chosen"] == "Gewählt"
    assert texts["en"]["chosen"] == "Chosen"


def test_examples_name_services_of_the_tenant(pages: Pages) -> None:
    garage = TenantView("g", "Garage", "", ("de",), "", services={"de": ("Ölwechsel", "Inspektion")})
    html = pages.chat(garage, "de")
    assert "Ölwechsel morgen um drei" in html
    assert "Inspektion am Donnerstagnachmittag, geht das?" in html
    assert html.count("data-example") == 3
    assert pages.chat(TENANT, "en").count("data-example") == 3


def test_embedded_chat_keeps_embedding_when_the_language_changes(pages: Pages) -> None:
    assert "?lang=en&amp;embed=1" in pages.chat(TENANT, "de", embed=True)
    assert "embed=1" not in pages.chat(TENANT, "de")


def test_start_page_frames_chat_and_calendar(pages: Pages) -> None:
    tags = Tags(pages.start(TENANT, "en", "http://127.0.0.1:4711/"))
    assert tags.values("iframe", "src") == [
        "/chat/salon-fermata?embed=1&lang=en",
        "http://127.0.0.1:4711/?embed=1",
    ]
    assert {"de", "en"} <= set(tags.values("p", "lang"))
    assert {"/console", "/docs", "/openapi.json", "http://127.0.0.1:4711/"} <= set(tags.values("a", "href"))


def test_start_page_without_a_sandbox_has_no_calendar_frame(pages: Pages) -> None:
    tags = Tags(pages.start(TENANT, "de", None))
    assert tags.values("iframe", "src") == ["/chat/salon-fermata?embed=1&lang=de"]
    assert "None" not in pages.start(TENANT, "de", None)


def test_error_page_says_reason_way_out_and_status(pages: Pages) -> None:
    html = pages.error(503, "Der Kalender antwortet nicht.", "Bitte rufen Sie an.", "de")
    assert "Der Kalender antwortet nicht." in html
    assert "Bitte rufen Sie an." in html
    assert "Status 503" in html


def test_languages_have_the_same_texts() -> None:
    german, english = TEXTS["de"], TEXTS["en"]
    assert german.keys() == english.keys()
    for section in german:
        assert german[section].keys() == english[section].keys(), section
        for key, text in german[section].items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[section][key])), key
            assert text.strip() and english[section][key].strip(), key


@pytest.mark.parametrize(
    ("requested", "header", "expected"),
    [
        ("en", "de-DE,de;q=0.9", "en"),
        ("fr", "en-GB,en;q=0.8,de;q=0.5", "en"),
        (None, "de-AT", "de"),
        (None, "fr-FR, de;q=0.3, en;q=0.7", "en"),
        (None, "en;q=0, de;q=0.1", "de"),
        (None, "en;q=nonsense,de;q=0.2", "de"),
        (None, "*", "de"),
        (None, None, "de"),
        (None, "fr", "de"),
    ],
)
def test_page_language(requested: str | None, header: str | None, expected: str) -> None:
    assert page_language(requested, header, ("de", "en")) == expected


def test_assets_change_their_address_with_their_content(tmp_path: Path) -> None:
    for name in ("page.css", "one.js", "two.js"):
        (tmp_path / name).write_text("first", encoding="utf-8")
    before = asset_versions(tmp_path)
    (tmp_path / "two.js").write_text("second", encoding="utf-8")
    after = asset_versions(tmp_path)
    assert after["page.css"] == before["page.css"]
    assert after["two.js"] != before["two.js"]
    assert after["one.js"] != before["one.js"], "scripts import each other without a version"


def test_only_the_present_version_is_current(pages: Pages) -> None:
    version = pages.asset("chat.js").partition("?v=")[2]
    assert pages.is_current_asset("chat.js", version)
    assert not pages.is_current_asset("chat.js", "0" * 12)
    assert not pages.is_current_asset("chat.js", None)
    assert not pages.is_current_asset("gone.js", None)
    with pytest.raises(KeyError):
        pages.asset("gone.js")


# --- colours (WCAG 2.2, 1.4.3 and 1.4.11)


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _schemes() -> dict[str, dict[str, str]]:
    css = (STATIC_DIR / "fermata.css").read_text(encoding="utf-8")
    light, dark = [
        dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    ]
    return {"light": light, "dark": dark}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 4.5),
        ("quiet", "paper", 4.5),
        ("accent", "paper", 4.5),
        ("accent-strong", "paper", 4.5),
        ("danger", "paper", 4.5),
        ("on-accent", "accent", 4.5),
        ("ink", "tint", 4.5),
        ("quiet", "tint", 4.5),
        ("accent", "tint", 4.5),
        ("paper", "edge", 4.5),
        ("ink", "pause-tint", 4.5),
        ("pause", "paper", 3.0),
        ("pause", "pause-tint", 3.0),
        ("edge", "paper", 3.0),
    ],
)
def test_colours_have_contrast(scheme: str, front: str, back: str, least: float) -> None:
    colours = _schemes()[scheme]
    assert _contrast(colours[front], colours[back]) >= least
