"""The guest's characters made comparable: cleaning, lower case, folding, words, clauses, and the pattern notation of the vocabularies.

What the words mean is decided elsewhere. Every step after `clean` keeps the length, so spans fit all forms of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 2_000
"""Characters of a message that are looked at; the doors refuse more."""

Span = tuple[int, int]

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "–": "-", "—": "-", "‑": "-", "‐": "-"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "'": "", "&": ""})
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_CLAUSE = re.compile(r"[,;!?\n]+|[.:](?!\d)|(?<!\w)(?:aber|but|sondern)(?!\w)")


def clean(text: str) -> str:
    """NFC, without control and format characters (line ends stay), at most `LONGEST` characters."""
    composed = unicodedata.normalize("NFC", text[: 2 * LONGEST])
    if composed.isascii() and composed.isprintable():
        return composed[:LONGEST]
    return "".join(_clean_character(character) for character in composed)[:LONGEST].translate(_QUOTES)


def _clean_character(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return "\n" if category in {"Zl", "Zp"} or character in "\r\x0b\x0c" else " "
    return "" if category in {"Cf", "Cs", "Cn", "Co"} else character


def lower(text: str) -> str:
    """Lower case of the same length as `text`."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(
        small if len(small := character.lower()) == 1 else character for character in text
    )  # İ becomes two characters


def fold(word: str) -> str:
    """A word as it is compared: lower case, umlauts written out, no accents, no apostrophes."""
    folded = word.lower().translate(_UMLAUTS)
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))


class Word(NamedTuple):
    """One word or number of a text with its place."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()


def words_of(text: str) -> tuple[Word, ...]:
    """The words and numbers of a cleaned text, in order."""
    return tuple(Word(m.group(), fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))


def outside(words: Iterable[Word], spans: Collection[Span]) -> tuple[Word, ...]:
    """The words that none of these spans touches."""
    if not spans:
        return tuple(words)
    return tuple(word for word in words if not any(overlaps((word.start, word.end), span) for span in spans))


def mask(text: str, spans: Iterable[Span], filler: str = " ") -> str:
    """`text` with these spans blanked, the length kept."""
    for start, end in spans:
        text = text[:start] + filler * (end - start) + text[end:]
    return text


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message between two marks, in lower case; `asks` if it ends in a question mark."""

    text: str
    asks: bool


def clauses_of(lowered: str) -> tuple[Clause, ...]:
    """The non-empty clauses of a lower-case text."""
    clauses = []
    position = 0
    for mark in _CLAUSE.finditer(lowered):
        clauses.append((lowered[position : mark.start()], "?" in mark.group()))
        position = mark.end()
    clauses.append((lowered[position:], False))
    return tuple(
        Clause(" ".join(text.split()).strip(" -\"'()"), asks)
        for text, asks in clauses
        if any(map(str.isalnum, text))
    )


def overlaps(one: Span, other: Span) -> bool:
    """Whether two half-open spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


_NOTATION = {
    "ä": "(?:ä|ae|a)",
    "ö": "(?:ö|oe|o)",
    "ü": "(?:ü|ue|u)",
    "ß": "(?:ß|ss)",
    "ss": "(?:ss|ß)",
    "…": r"[^.!?\n]{0,40}?",
    " ": "[ ,]+",
}
# Sets and look-behinds (of fixed width) stay as they are, a quantified space too.
_SIGN = re.compile(r"\[[^\]]*\]|\(\?<[!=][^)]*\)|[ ][?*+{]|ss|[äöüß… ]")


def pattern(notation: str, *, whole: bool = False) -> re.Pattern[str]:
    """A compiled pattern over lower-case text from the notation of the vocabularies.

    It is a regular expression in which a space stands for spaces and commas, an umlaut also for its written-out and its
    dropped form, and "…" for up to forty characters of the same sentence. It matches at word boundaries; with `whole`
    only a whole clause.
    """
    notation = _SIGN.sub(lambda sign: _NOTATION.get(sign.group(), sign.group()), notation)
    if whole:
        return re.compile(rf"(?:{notation})\Z")
    return re.compile(rf"(?<!\w)(?:{notation})(?!\w)")
