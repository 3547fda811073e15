"""What a language file provides: words, rows and the small words that tie a message together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.when.grammar import Tree
from bot.understanding.when.lexer import Lexicon


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the engine.

    `numbers` joins number words of two tokens, if the language has them. `core` reads clock times, dates and lengths; `frame` what is said around them (bare hours after
    a preposition, ranges, "nth X of Y").
    Sets of words: see the field names; a phrase of several words is joined by spaces.
    """

    code: str
    lexicon: Lexicon
    numbers: Tree | None
    core: Tree
    frame: Tree
    titles: frozenset[str]
    numbered: frozenset[str]
    streets: frozenset[str]
    corrections: frozenset[str]
    either: frozenset[str]
    refusals: frozenset[str]
    excluding: frozenset[str]
    moving: frozenset[str]
    moving_to: frozenset[str]
    typical: frozenset[str]
    cues: frozenset[str]
    dow_cues: frozenset[str]
    time_cues: frozenset[str]
    not_after: frozenset[str]
    not_before_names: frozenset[str]
    passing: frozenset[str]
    month_openers: frozenset[str]
