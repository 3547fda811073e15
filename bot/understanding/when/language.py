"""What a language file provides: words, rows and the small words that tie a message together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.when.grammar import Build, Row, Tree
from bot.understanding.when.lexer import Lexicon, plain

_MACROS = {"$H": "{time}|{h}", "$Y": "{year}|{yearw}"}


def words(text: str) -> frozenset[str]:
    """A set of words as tokens spell them."""
    return frozenset(plain(text).split())


class Table:
    """Rows being written down. Patterns are separated by semicolons or new lines.

    `$H` stands for a clock time or a bare hour, `$Y` for a year.
    """

    def __init__(self, code: str) -> None:
        self.rows: list[Row] = []
        self._code = code

    def __call__(self, name: str, build: Build, *patterns: str, weight: int = 0) -> None:
        """Adds a row for each pattern."""
        for text in patterns:
            for pattern in text.replace("\n", ";").split(";"):
                if pattern.strip():
                    full = plain(pattern)
                    for macro, meaning in _MACROS.items():
                        full = full.replace(macro, meaning)
                    self.rows.append(Row(f"{self._code}.{name}", full, build, weight))


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the engine.

    `numbers` joins number words of several tokens, if the language has them. `core` reads clock
    times, dates and lengths; `frame` what is said around them. The sets of words:

    - `titles` are followed by a name, `introducers` by one that may be said in lower case, `numbered` by a number that is no time; `streets` follow one;
    - `corrections` take back what was said, `either` offers another wish, `refusals` refuse the time
      before (or after) them unless a word of `softeners` follows, `excluding` the time after them;
      `passing` are words that may stand between a refusal and its time; `why` turns "why not" around;
      `clause_ends` are where a refusal ends;
    - `moving` moves an appointment, `moving_to` stands before where it goes;
    - `cues`, `dow_cues`, `time_cues`, `month_openers`, `not_after` and `not_before_names` tell the
      doubtful months and weekdays ("may", "sat", "so") from the ordinary words.
    - `typical` words tell the language of a text.
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
    clause_ends: frozenset[str]
    softeners: frozenset[str]
    why: frozenset[str]
    introducers: frozenset[str]
