"""Catalogues: strict, complete in every language; and dates, times and prices as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.translations import (
    BrokenCatalogue,
    MissingValue,
    Translations,
    UnknownText,
    clock,
    duration,
    long_date,
    price,
    short_date,
)

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)


def write(directory: Path, language: str, name: str, body: str) -> None:
    folder = directory / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / f"{name}.po").write_text(head + body, encoding="utf-8")


def entry(key: str, text: str) -> str:
    return f'msgid "{key}"\nmsgstr "{text}"\n\n'


def test_our_catalogues_say_the_same_in_every_language() -> None:
    translations = Translations.load()
    assert translations.languages == ("de", "en")
    assert translations.differences() == ()


def test_several_files_are_merged(tmp_path: Path) -> None:
    write(tmp_path, "de", "offers", entry("offer.one", "Am {day} um {time}"))
    write(tmp_path, "de", "errors", entry("error.one", "Schade"))
    translations = Translations.load(tmp_path)
    assert translations.text("de", "offer.one", day="Montag", time="15:00 Uhr") == "Am Montag um 15:00 Uhr"
    assert translations.text("de", "error.one", unused=1) == "Schade"
    assert translations.has("de", "error.one") and not translations.has("en", "error.one")


def test_values_are_not_read_as_templates(tmp_path: Path) -> None:
    write(tmp_path, "de", "a", entry("hello", "Guten Tag, {name}"))
    assert (
        Translations.load(tmp_path).text("de", "hello", name="{name.__class__}") == "Guten Tag, {name.__class__}"
    )


def test_what_is_missing_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "de", "a", entry("hello", "Guten Tag, {name}"))
    translations = Translations.load(tmp_path)
    with pytest.raises(UnknownText) as unknown:
        translations.text("de", "hallo")
    assert unknown.value.data == {"language": "de", "key": "hallo"}
    with pytest.raises(UnknownText):
        translations.text("fr", "hello", name="Max")
    with pytest.raises(MissingValue) as missing:
        translations.text("de", "hello")
    assert missing.value.data["placeholder"] == "name"


def test_a_guest_is_answered_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "de", "a", entry("hello", "Guten Tag, {name}"))
    write(tmp_path, "en", "a", entry("bye", "Goodbye"))
    lenient = Translations.load(tmp_path, strict=False)
    assert lenient.text("de", "hello") == "Guten Tag, …"
    assert lenient.text("de", "bye") == "Goodbye"
    assert lenient.text("de", "unknown.key") == "unknown.key"


@pytest.mark.parametrize(
    "body",
    [
        entry("twice", "a") + entry("twice", "a"),
        entry("empty", ""),
        entry("attribute", "{name.first}"),
        entry("index", "{0}"),
        entry("brace", "{name"),
        'msgid "plural"\nmsgid_plural "plurals"\nmsgstr[0] "a"\nmsgstr[1] "b"\n',
        "this is no catalogue\n",
    ],
)
def test_broken_catalogues_stop_the_start(tmp_path: Path, body: str) -> None:
    write(tmp_path, "de", "a", body)
    with pytest.raises(BrokenCatalogue, match=r"a\.po"):
        Translations.load(tmp_path)


def test_a_key_in_two_files_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "de", "a", entry("hello", "Hallo"))
    write(tmp_path, "de", "b", entry("hello", "Hallo"))
    with pytest.raises(BrokenCatalogue, match="hello"):
        Translations.load(tmp_path)
    with pytest.raises(BrokenCatalogue, match="no catalogues"):
        Translations.load(tmp_path / "nowhere")


def test_differences_are_found(tmp_path: Path) -> None:
    write(tmp_path, "de", "a", entry("same", "{a} und {b}") + entry("more", "x") + entry("named", "{wann}"))
    write(tmp_path, "en", "a", entry("same", "{b} and {a}") + entry("named", "{when}"))
    assert Translations.load(tmp_path).differences() == (
        "more: not in en",
        "named: placeholders de wann; en when",
    )


def test_dates_are_those_of_the_zone() -> None:
    assert long_date(THURSDAY, BERLIN, "de") == "Donnerstag, 26. November"
    assert long_date(THURSDAY, BERLIN, "en") == "Thursday 26 November"
    assert short_date(THURSDAY, BERLIN, "de") == "Do 26.11."
    assert short_date(THURSDAY, BERLIN, "en") == "Thu 26 Nov"
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert long_date(late, BERLIN, "en") == "Friday 27 November"


def test_the_year_is_told_where_it_is_another() -> None:
    new_year = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    assert long_date(new_year, BERLIN, "de", now=THURSDAY) == "Montag, 4. Januar 2027"
    assert long_date(new_year, BERLIN, "en", now=THURSDAY) == "Monday 4 January 2027"
    assert short_date(new_year, BERLIN, "de", now=THURSDAY) == "Mo 4.1.2027"
    assert short_date(new_year, BERLIN, "en", now=THURSDAY) == "Mon 4 Jan 2027"
    assert long_date(new_year, BERLIN, "de", now=new_year) == "Montag, 4. Januar"
    # The year changes at midnight of the zone.
    assert "2027" not in long_date(new_year, BERLIN, "de", now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("hour", "minute", "german", "english"),
    [
        (14, 30, "15:30 Uhr", "3.30 pm"),
        (14, 0, "15:00 Uhr", "3 pm"),
        (8, 5, "9:05 Uhr", "9.05 am"),
        (11, 0, "12:00 Uhr", "12 pm"),
        (23, 15, "0:15 Uhr", "12.15 am"),
    ],
)
def test_clock_times(hour: int, minute: int, german: str, english: str) -> None:
    instant = datetime(2026, 11, 26, hour, minute, tzinfo=UTC)
    assert clock(instant, BERLIN, "de") == german
    assert clock(instant, BERLIN, "en") == english


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [(30.0, "30 €", "€30"), (Decimal("30.5"), "30,50 €", "€30.50"), (1250, "1.250 €", "€1,250")],
)
def test_prices(amount: Decimal | float, german: str, english: str) -> None:
    assert price(amount, "de") == german
    assert price(amount, "en") == english


@pytest.mark.parametrize(
    ("minutes", "german", "english"),
    [
        (45, "45 Minuten", "45 minutes"),
        (60, "1 Stunde", "1 hour"),
        (90, "1 Stunde 30 Minuten", "1 hour 30 minutes"),
        (121, "2 Stunden 1 Minute", "2 hours 1 minute"),
    ],
)
def test_durations(minutes: int, german: str, english: str) -> None:
    assert duration(minutes, "de") == german
    assert duration(minutes, "en") == english


def test_a_language_without_formats_is_an_error() -> None:
    with pytest.raises(UnknownText):
        long_date(THURSDAY, BERLIN, "fr")
    with pytest.raises(ValueError, match="negative"):
        duration(-5, "de")
