"""The language of one message from its own words; what the conversation spoke so far is for others to weigh."""

from __future__ import annotations

import re
from collections.abc import Iterable

from booking_core.model.tenant import Tenant
from bot.understanding.text import Word, fold, lower, pattern, words_of
from bot.understanding.words import ENGLISH, GERMAN, SHARED, WEAK

LANGUAGES = ("de", "en")

# A word that both lists lack tells by its look: only in lower case, for names look like anything.
_GERMAN_LOOK = re.compile(
    r"[äöüß]|^ge\w{3,}t$|(?:lich|haar|schnit|ung|keit|heit|isch|schnitte?|termin|tag|tags|chen|mittag|abend|welle|woche)$"
)
_ENGLISH_LOOK = re.compile(r"(?:ing|ight|ould|tion|ally|wash|cut|colour|color)$|^wh[aeiou]")
_NAMED = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}
_NAME = "(?P<{}>deutsch|german|englisch|english)"
_WISHED = pattern(
    rf"(?:auf|in|switch to|change to) {_NAME.format('into')}"
    rf"|(?:können|könnten|wollen|lass uns|can|could|let's|shall|may) (?:wir |we |you |sie )?(?:bitte |please |lieber |mit mir |auch )*(?:sprechen|reden|speak|talk|write|continue)(?: in)? {_NAME.format('spoken')}"
)
_ALONE = pattern(
    rf"(?:(?:bitte|please|jetzt|now|lieber|rather|ok|okay|hi|hallo|hello|sorry|nur|only) )*{_NAME.format('alone')}(?: (?:bitte|please|thanks|danke|now|jetzt))*",
    whole=True,
)
_ABOUT_A_WORD = re.compile(r"hei(?:ß|ss)t|sagt man|\bcalled\b|\bsay\b|\bmean\b|bedeutet")
_CLEAR = 0.5
"""The least sum of evidence, and the least lead over the other language."""


def wished_language(lowered: str) -> str | None:
    """The language that a lower-case message asks for by name: "auf Deutsch bitte", "in English, please"."""
    if "utsch" not in lowered and "engl" not in lowered and "german" not in lowered:
        return None
    wish = _ALONE.match(lowered.strip(" .!?")) or _WISHED.search(lowered)
    if wish is None or _ABOUT_A_WORD.search(lowered):
        return None
    return next(_NAMED[name] for name in wish.groupdict().values() if name)


class LanguageDetector:
    """Knows the tenant's own words for its services beside the ordinary words of both languages."""

    def __init__(self, tenant: Tenant) -> None:
        spoken: dict[str, set[str]] = {language: set() for language in LANGUAGES}
        for service in tenant.services:
            for language in LANGUAGES:
                texts = [service.name.by_language.get(language, ""), *service.aliases.get(language, ())]
                spoken[language].update(_folded(texts))
        self._service_words = {
            "de": frozenset(spoken["de"] - spoken["en"]),
            "en": frozenset(spoken["en"] - spoken["de"]),
        }
        self._ignored = SHARED | frozenset(_folded(member.name for member in tenant.staff))

    def detect(self, words: Iterable[Word]) -> str | None:
        """``de``, ``en``, or None where the words do not tell (names, numbers, addresses, "ok")."""
        scores = {"de": 0.0, "en": 0.0}
        for word in words:
            language, weight = self._weigh(word)
            if language is not None:
                scores[language] += weight
        first, second = sorted(scores, key=lambda language: -scores[language])
        if scores[first] >= _CLEAR and scores[first] - scores[second] >= _CLEAR:
            return first
        return None

    def _weigh(self, word: Word) -> tuple[str | None, float]:
        folded = word.folded
        if folded in self._ignored or folded.isdigit():
            return None, 0.0
        german, english = folded in GERMAN, folded in ENGLISH
        if german != english:
            return ("de" if german else "en"), (0.6 if folded in WEAK else 1.0)
        if german:
            return None, 0.0
        for language, words in self._service_words.items():
            if folded in words:
                return language, 0.6
        if "'" in word.text and re.search(r"'(?:s|m|d|ll|re|ve|t)$", lower(word.text)) and not word.capital:
            return "en", 0.6
        if word.text != lower(word.text) and not _compound(folded):
            return None, 0.0
        if _GERMAN_LOOK.search(lower(word.text)):
            return "de", 0.6
        if _ENGLISH_LOOK.search(folded):
            return "en", 0.6
        return None, 0.0


def _compound(folded: str) -> bool:
    """A capitalised German compound of this trade, not a name: "Hernhaarschnit", "Donnerstagabend"."""
    return len(folded) > 9 and re.search(r"haar|schnit|faerb|welle|tag|woche|mittag", folded) is not None


def _folded(texts: Iterable[str]) -> set[str]:
    return {fold(word.text) for text in texts for word in words_of(text)}
