"""The language of short messages, and silence where the words do not tell."""

from __future__ import annotations

import pytest

from booking_core.model.tenant import Tenant
from bot.understanding.language import LanguageDetector
from bot.understanding.text import clean, words_of


@pytest.fixture(scope="module")
def detector(salon: Tenant) -> LanguageDetector:
    return LanguageDetector(salon)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ja", "de"),
        ("nö", "de"),
        ("Donnerstag", "de"),
        ("Herrenschnitt morgen um drei", "de"),
        ("was kostet das?", "de"),
        ("Danke!", "de"),
        ("Hernhaarschnit", "de"),
        ("hat Ben frei?", "de"),
        ("um 4", "de"),
        ("Ich moechte gerne einen Termin", "de"),
        ("Hi, ich hätte gern was", "de"),
        ("yes please", "en"),
        ("thursday", "en"),
        ("haircut tomorrow at 3", "en"),
        ("and on friday?", "en"),
        ("ok thanks", "en"),
        ("men's cut", "en"),
        ("Perm", "en"),
        ("3pm", "en"),
        ("is Ben in?", "en"),
        ("Herrenschnitt tomorrow at 3", "en"),
        ("ok", None),
        ("14:30", None),
        ("Max Muster", None),
        ("Jürgen Müller", None),
        ("Anna", None),
        ("Do", None),
        ("hi", None),
        ("2", None),
        ("April", None),
        ("Balayage", None),
        ("👍", None),
        ("", None),
    ],
)
def test_the_words_tell_or_nothing_does(detector: LanguageDetector, text: str, language: str | None) -> None:
    assert detector.detect(words_of(clean(text))) == language
