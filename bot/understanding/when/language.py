"""What a language file provides: words, rows and the small words that tie a message together."""

from __future__ import annotations

from collections.abc import Callable
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


Pairs = tuple[tuple[frozenset[str], frozenset[str]], ...]
"""Words, and words one of which must be said with them."""

Triples = tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...]
"""The same with words between them of which one must be said too, if there are any."""


@dataclass(frozen=True, slots=True)
class Told:
    """The words by which a clause tells something instead of wishing it.

    - `openers` begin a new clause without a comma; `joining` ("and") do unless a time follows;
    - `past` are finite verbs of the past; `auxiliaries` make one with a `participle`, which ends its
      clause unless a word of `closing` follows; `planning` participles look ahead ("gedacht"),
      `booked` words speak of an appointment, which may lie ahead; `persons` are the speaker's words;
    - `busy` are pairs of finite verbs and what makes them the guest's own business (an empty set: anything);
      `ending` verbs before one of `askers` ask for the end of the appointment ("kann ich um vier fertig sein?"), while `over`
      pairs tell from when on the guest is free ("ich bin um vier fertig") and `appointed` ones what is booked;
      `due` such pairs of where the guest is expected (back there with a word of `again`), `leaving` those by which an appointment must be over; `perhaps` those of a business whose day may well be the one that is wanted;
    - `conditions` open a clause before one of `askers` ("…, wenn ich um zwei komme");
    - a verb of `holding` right before a day speaks of an appointment ("I had Tuesday at nine");
    - `wishing` words make any clause a wish; `finite` are the other verbs after which a comma ends a clause;
    - `asking` verbs begin a question, in which `negations` before the time refuse nothing;
    - `copulas` equate two days ("Weihnachten ist Freitag");
    - `dated` things are followed by a date of theirs ("Rechnung", "geboren"), words of `of` between;
    - `births` make all dates of their clause such ones; after a noun of `running` ("mein Kurs geht bis …") no clause opens;
    - `particles` open no clause after one of `carriers` or `verbs` ("das geht aber nicht") unless one of `heads` ("… aber bitte")
      or another verb follows;
    - `given_up` pairs speak of a plan that came to nothing ("I was meant to come on Friday");
    - `habits` tell what is always so, no wish beside what is for this time; those of `otherwise` do only before it;
    - a clause that one of `remarks` begins and "a Tuesday" ends says what day a date is;
    - `shut` words before a day say that the house is closed then;
    - `verb_last`: a participle ends its clause, as in German; `subjects` right before a form in "-ed" make it the past.
    """

    openers: frozenset[str]
    joining: frozenset[str]
    past: frozenset[str]
    auxiliaries: frozenset[str]
    participle: Callable[[str], bool]
    closing: frozenset[str]
    planning: frozenset[str]
    booked: frozenset[str]
    persons: frozenset[str]
    busy: Pairs
    due: Pairs
    leaving: Pairs
    perhaps: Pairs
    wishing: frozenset[str]
    finite: frozenset[str]
    asking: frozenset[str]
    negations: frozenset[str]
    copulas: frozenset[str]
    dated: frozenset[str]
    of: frozenset[str]
    verb_last: bool = True
    subjects: frozenset[str] = frozenset()
    ending: Triples = ()
    over: Pairs = ()
    appointed: Pairs = ()
    holding: frozenset[str] = frozenset()
    askers: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()
    running: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    given_up: Pairs = ()
    remarks: frozenset[str] = frozenset()
    habits: frozenset[str] = frozenset()
    otherwise: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """Where a month or weekday is a surname or part of a firm's name.

    `first` are first names; `introduced_by` two words before a name, `between` what may stand in between;
    `here` alone introduces one ("Hier Freitag, …"), `closings` stand before the name of who signs;
    `greetings` stand before a name at the beginning or end of a message, `speaking` after one; "`under`
    <name>" repeats it; `firms_before` a name, `firms_after` between it and `partners`.
    `announced_by` are single words before a name ("I'm"); `given` months and seasons that are first names themselves.
    """

    first: frozenset[str]
    introduced_by: frozenset[tuple[str, str]]
    between: frozenset[str]
    here: str
    closings: frozenset[str]
    greetings: frozenset[str]
    speaking: frozenset[str]
    under: frozenset[str]
    firms_before: frozenset[str]
    firms_after: frozenset[str]
    partners: frozenset[str]
    announced_by: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


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
    - words of `fallback` offer what is wished less, so what is said of it holds for it alone;
    - `moving` moves an appointment, `moving_to` stands before where it goes;
    - `cues`, `dow_cues`, `time_cues`, `month_openers`, `not_after` and `not_before_names` tell the
      doubtful months and weekdays ("may", "sat", "so") from the ordinary words.
    - `verdicts` are refusals that always follow their time ("ist schlecht"); `full` ones ("ist voll")
      count only if there is another time, `curt` ones ("is out") are verdicts that end their clause; `specifying` words say again, more exactly, what was just said;
      `after_that` and `before_that` are told from the time before them.
    - `possessives` stand before what happens at a time ("until my bus at two");
    - `sparing` words between a stretch of days and one day take this out of it ("next week bar Monday"), those of `sparing_last` if nothing follows;
    - `proposing` words lead to a time that is wished instead of one that was told ("could we do ten"); `doing` stand right before it,
      `instead` after it;
    - `dow_followers` after a doubtful weekday make it one; `dayish` tells the words that name a day, known or not;
    - `typical` words tell the language of a text; `names` are surnames like "Mai"; `told` are the clauses that wish nothing.
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
    verdicts: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    curt: frozenset[str] = frozenset()
    specifying: frozenset[str] = frozenset()
    after_that: frozenset[str] = frozenset()
    before_that: frozenset[str] = frozenset()
    fallback: frozenset[str] = frozenset()
    possessives: frozenset[str] = frozenset()
    sparing: frozenset[str] = frozenset()
    sparing_last: frozenset[str] = frozenset()
    proposing: frozenset[str] = frozenset()
    doing: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()
    dow_followers: frozenset[str] = frozenset()
    dayish: Callable[[str], bool] | None = None
    told: Told | None = None
    names: Names | None = None
