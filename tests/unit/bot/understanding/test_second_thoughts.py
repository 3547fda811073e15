"""Who cannot come after all calls off what is booked; while times are being talked about it refuses one of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.understanding.meaning import Intent, Meaning, Topic


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "Das klappt bei mir doch nicht", None),
        ("de", "Ich schaffe es am 24. doch nicht", "12-24"),
        ("de", "Freitag passt mir doch nicht", "11-27"),
        ("de", "Am Freitag geht es bei mir doch nicht", "11-27"),
        ("de", "Ich kann am 28. leider nicht kommen", "11-28"),
        ("de", "Ich kann am 28.11. leider nicht kommen", "11-28"),
        ("de", "Der Termin passt mir nicht mehr", None),
        ("en", "Friday doesn't work for me after all", "11-27"),
        ("en", "I can't do Friday after all", "11-27"),
        ("en", "it doesn't suit me anymore", None),
    ],
)
def test_with_nothing_asked_it_calls_off(
    understand: Callable[..., Meaning], language: str, text: str, day: str | None
) -> None:
    meaning = understand(text, language=language)
    assert meaning.has(Intent.CANCEL)
    assert not meaning.has(Intent.THANKS, Intent.MOVE)
    first = meaning.when.first
    assert (f"{first.start:%m-%d}" if first is not None and first.start else None) == day


@pytest.mark.parametrize("expects", ["when", "choice", "confirm", "name", "contact"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das klappt bei mir doch nicht"),
        ("de", "Freitag passt mir doch nicht"),
        ("en", "Friday doesn't work for me after all"),
    ],
)
def test_in_the_middle_of_a_booking_it_refuses(
    understand: Callable[..., Meaning], language: str, text: str, expects: str
) -> None:
    meaning = understand(text, expects, 3 if expects == "choice" else 0, language=language)
    assert meaning.has(Intent.NO)
    assert not meaning.has(Intent.CANCEL)


@pytest.mark.parametrize(
    "text",
    [
        "Freitag passt mir nicht",
        "das passt doch",
        "Passt das doch nicht?",
        "doch nicht",
        "Die Webseite geht nicht mehr",
        "Ich kann nicht mehr warten",
        "Es geht nicht mehr länger als 15 Uhr",
        "I can't wait any longer",
    ],
)
def test_a_plain_refusal_calls_nothing_off(understand: Callable[..., Meaning], text: str) -> None:
    assert not understand(text).has(Intent.CANCEL)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jetzt auf Deutsch bitte", "de"),
        ("Auf Deutsch bitte", "de"),
        ("Auf Englisch bitte", "en"),
        ("Please in English", "en"),
        ("English please", "en"),
        ("in German, please", "de"),
        ("Können wir auf Englisch weitermachen?", "en"),
        ("can we continue in German?", "de"),
        ("Deutsch", "de"),
    ],
)
def test_a_language_may_be_wished_for(understand: Callable[..., Meaning], text: str, language: str) -> None:
    for spoken in ("de", "en"):
        meaning = understand(text, language=spoken)
        assert meaning.language == language
        assert meaning.topics == (Topic.UNKNOWN,)


def test_a_language_beside_something_else_is_answered_in_it(understand: Callable[..., Meaning]) -> None:
    meaning = understand("Auf Englisch bitte, ich hätte gern einen Termin am Freitag")
    assert meaning.language == "en"
    assert meaning.has(Intent.BOOK)
    assert Topic.UNKNOWN not in meaning.topics


@pytest.mark.parametrize(
    "text", ["Sprechen Sie Englisch?", "Ich bin Englischlehrer", "Mein Englisch ist schlecht"]
)
def test_speaking_of_a_language_wishes_for_none(understand: Callable[..., Meaning], text: str) -> None:
    assert understand(text).language == "de"
