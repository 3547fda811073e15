"""The guest's name: after words that announce it, beside a contact, or bare where it was asked for.

Words that are no names (greetings, services, days, the staff's names as a wish) are refused; nothing is invented.
"""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.first_names import FIRST_NAMES
from bot.understanding.meaning import Asked
from bot.understanding.text import Span, Word, fold, lower, mask, outside, pattern, words_of
from bot.understanding.words import (
    CALENDAR,
    ENGLISH,
    GERMAN,
    NAME_PARTICLES,
    NO_SURNAME,
    PLACEHOLDER_NAMES,
    POLITE,
    SHARED,
    SURNAMES,
    TITLES,
)

LONGEST_NAME = 80
_MOST_WORDS = 5

_CUES = pattern(
    r"(?:nachname|vorname|name|familienname) (?:ist|lautet|is)|(?:ich |i )?heiße|mein name (?:ist|lautet|wäre)|mein name|(?:der |auf den |unter dem |auf |im |den )?name[ns]?(?: (?:ist|lautet|wäre|von))?[ ]?:|auf den namen|unter dem namen|unter|name ist|name lautet|im namen von"
    r"|ich bin (?:der|die|das)|ich bin|hier ist|hier spricht|hier|am apparat|name|nennen sie mich|vor- und nachname|nachname|vorname|nachname ist|vorname ist"
    r"|my name is|my name's|name's|name is|my full name is|full name|the name is|the name's|i'm|i am|this is|it's for|it is for|is for|it's|its|under the name(?: of)?|under|on behalf of|call me|booking for|book it for|put it under|auf"
)
_TITLED = pattern(
    r"(?:für |for |hier ist |hier |bin |auf |an |unter |i'm |am )?(?:herrn?|frau|fräulein|mr\.?|mrs\.?|ms\.?|miss)"
)
_FOR = pattern(
    r"(?:termin|appointment|buchung|booking|platz|slot|it|den|das|bitte|reservierung) (?:für|for|auf)|^(?:für|for)"
)
_AFTER = pattern(r"hier|mein name|am apparat|here|speaking|my name")
# After these the guest says what, not who, he is; only a name that looks like one counts.
_WEAK_CUES = re.compile(
    r"(?:ich bin(?: der| die| das)?|i'm|i am|this is|it's|its|hier|hier ist|unter|under|name|it's for|it is for|is for|call me|auf den|auf|booking for|book it for|auf)"
)
_TITLE_BEFORE = re.compile(r"\b(?:herrn?|frau|fräulein|mr\.?|mrs\.?|ms\.?|miss)[ ]+$")
_DEGREES = frozenset({"dr", "prof"})
# Hints on the spelling: "Meier mit ei", "Schmidt with dt"; then the letters themselves.
_HINT = re.compile(
    r"\b(?:mit|with)\s+(?:a\s+|an\s+|one\s+|two\s+|zwei\s+|einem\s+)?(?:doppel[ -]?)?(?:[a-zäöü]{1,2}|scharfem s|umlaut)\b",
    re.IGNORECASE,
)
_SPELT = re.compile(r"\b[^\W\d_](?:[ .-]+[^\W\d_]){3,}\b")
_LISTED = re.compile(r"([^\W\d_]{2,}(?:-[^\W\d_]+)?),\s*([^\W\d_]{2,}(?:-[^\W\d_]+)?)")
_LABELLED = re.compile(
    r"(?:vorname|first name)(?: ist| is)?:?\s+([^\W\d_]+)\W+(?:und |and )?(?:nachname|last name|surname)(?: ist| is)?:?\s+([^\W\d_]+)",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"(?:[^,;.!?\n\x00()]|(?<=\b[dD]r)\.|(?<=\b[pP]rof)\.)+")
_AND_BEFORE = re.compile(r"(?i)\b(?:und|and)$")
_AROUND = frozenset(
    "ja jo klar gerne gern ok okay bitte danke yes yeah sure please thanks na also well hm aeh auf".split()
)
"""Said around an answer; unlike "Morgen" and "Tag" these are nobody's surname."""
_REFUSALS = frozenset("nein nee noe ne no nope nicht not".split())
_TIMELY = frozenset("morgen abend tag nacht sommer winter herbst day knight friday".split())
_FOREIGN_PARTICLES = frozenset("van thi".split())
_BETWEEN = re.compile(r"[ ]*[-.'’]?[ ]*")


@dataclass(frozen=True, slots=True)
class NameFound:
    """The name as it will be written, and where it stands."""

    name: str | None = None
    span: Span | None = None


_NOTHING = NameFound()


class NameReader:
    """Finds names; `is_staff` and `is_service_word` tell what belongs to the house."""

    def __init__(self, *, is_staff: Callable[[str], bool], is_service_word: Callable[[str], bool]) -> None:
        self._is_staff = is_staff
        self._is_service_word = is_service_word

    def find(
        self, text: str, words: tuple[Word, ...], *, asked: Asked, contacts: tuple[Span, ...] = ()
    ) -> NameFound:
        """The guest's name in a cleaned text of these words; contacts stand at `contacts`."""
        free = mask(text, contacts, "\x00")
        words = outside(words, contacts)
        lowered = lower(free)
        if asked.expects == "name":
            free = _HINT.sub(_spaces, free)
            if _SPELT.search(free) is not None and (rest := _SPELT.sub(_spaces, free)).strip(" ,.:!"):
                free = rest
            words, lowered = words_of(free), lower(free)
            if (found := _by_parts(free)).name is not None:
                return found
        for reader in (self._announced, self._titled, self._signed):
            if (found := reader(free, lowered, words, asked)).name is not None:
                return found
        expected = asked.expects in {"name", "contact"}
        if expected and (found := self._answered(free, words, asked)).name is not None:
            return found
        if expected and (found := self._bare(free, words, bool(contacts), asked)).name is not None:
            return found
        return self._beside(free, words, contacts, expected)

    # --- readers --------------------------------------------------------------------------------------------

    def _announced(self, text: str, lowered: str, words: tuple[Word, ...], asked: Asked) -> NameFound:
        for cue in _CUES.finditer(lowered):
            weak = _WEAK_CUES.fullmatch(cue.group().strip(" ,:")) is not None
            run = self._run(text, words, cue.end(), trusted=not weak, lenient=not weak)
            if not run:
                continue
            if weak and not self._looks_like_name(run, asked):
                continue
            return _as_name(text, run)
        for cue in _FOR.finditer(lowered):
            run = self._run(text, words, cue.end(), trusted=False)
            if len(run) >= 2 and self._looks_like_name(run, asked):
                return _as_name(text, run)
        return _NOTHING

    def _titled(self, text: str, lowered: str, words: tuple[Word, ...], asked: Asked) -> NameFound:
        del asked
        capitals = any(word.capital for word in words)
        for title in _TITLED.finditer(lowered):
            position = title.start()
            preceding = bisect_right(words, position, key=_end)
            before = words[preceding - 1].folded if preceding else ""
            own = re.match(r"für|for|hier|bin|i'm|am|auf|unter", title.group()) is not None
            # "bei Frau Meier" asks for somebody, "meine Frau" is the guest's wife.
            if (
                before in {"bei", "mit", "zu", "with", "by", "von", "meine", "meiner", "als", "eine", "der", "an"}
                and not own
            ):
                continue
            run = self._run(text, words, title.end(), trusted=True, lenient=True)
            if run and (run[-1].capital or not capitals):
                return _as_name(text, run)
        return _NOTHING

    def _signed(self, text: str, lowered: str, words: tuple[Word, ...], asked: Asked) -> NameFound:
        """ "Max Muster hier", "Jane Doe speaking"."""
        for cue in _AFTER.finditer(lowered):
            run = self._run_before(text, words, cue.start())
            if run and len(run) >= 2 and self._looks_like_name(run, asked):
                first = run[0].start
                if not any(map(str.isalnum, re.split(r"[,.!?;\n\x00]", text[:first])[-1])):
                    return _as_name(text, run)
        return _NOTHING

    def _bare(self, text: str, words: tuple[Word, ...], with_contact: bool, asked: Asked) -> NameFound:
        """The message is the name, with pleasantries and contacts around it."""
        core = [word for word in words if word.folded not in POLITE]
        while core and core[0].folded in TITLES:
            core = core[1:]
        if not core or len(core) > _MOST_WORDS or any(word.folded.isdigit() for word in core):
            return self._segment(text, words, asked)
        run = self._run(text, tuple(core), core[0].start, trusted=asked.expects == "name")
        if len(run) < len(core):
            return self._segment(text, words, asked)
        if len(run) == 1 and self._is_staff(run[0].text):
            return _NOTHING
        if asked.expects == "contact" and not (
            (with_contact and (len(run) > 1 or run[0].capital)) or self._looks_like_name(run, asked)
        ):
            return _NOTHING
        if "?" in text or (len(run) == 1 and run[0].folded in NAME_PARTICLES):
            return _NOTHING
        return _as_name(text, run)

    def _answered(self, text: str, words: tuple[Word, ...], asked: Asked) -> NameFound:
        """Names that are words as well ("Lang", "Herr Morgen", "Peter Morgen", "Anna"), as nothing but a part of the answer."""
        if "?" in text or (words and words[0].folded in _REFUSALS):
            return _NOTHING
        for segment in _SEGMENT.finditer(re.sub(r"(?i)\b(?:und|and)\b", ";;;", text)):
            inside = [word for word in words if segment.start() <= word.start < segment.end()]
            while len(inside) > 1 and inside[0].folded in _AROUND:
                inside = inside[1:]
            while len(inside) > 1 and inside[-1].folded in _AROUND:
                inside = inside[:-1]
            titled = len(inside) > 1 and inside[0].folded in TITLES
            run = inside[titled:]
            if len(run) == 1 and segment.start() and _AND_BEFORE.search(text[: segment.start()]):
                continue  # "bei Ben und Anna"
            if run and self._is_answer(run, titled=titled, asked=asked):
                return _as_name(text, run)
        return _NOTHING

    def _is_answer(self, run: list[Word], *, titled: bool, asked: Asked) -> bool:
        first, last = run[0], run[-1]
        if any(word.folded.isdigit() or word.folded in PLACEHOLDER_NAMES for word in run):
            return False
        if len(run) == 2 and first.capital and last.capital:
            # "Peter Morgen" and "Sonntag Peter"; "Peter morgen" speaks of tomorrow.
            return any(
                one.folded in FIRST_NAMES and other.folded in CALENDAR | _TIMELY
                for one, other in ((first, last), (last, first))
            )
        if asked.expects != "name":
            return False
        if len(run) == 1:
            return titled or self._is_staff(first.text) or first.folded in SURNAMES
        # "nguyen van an": after a particle a small word is part of the name.
        return (
            2 < len(run) <= 4
            and run[-2].folded in _FOREIGN_PARTICLES
            and last.folded not in NO_SURNAME
            and all(self._may_be_name(word, run[:index], trusted=True) for index, word in enumerate(run[:-1]))
        )

    def _segment(self, text: str, words: tuple[Word, ...], asked: Asked) -> NameFound:
        apart = re.sub(r"\b(?:und|and)\b", ";;;", text)
        for segment in re.finditer(r"(?:[^,;.!?\n\x00()]|(?<=\b[dD]r)\.|(?<=\b[pP]rof)\.)+", apart):
            inside = [w for w in words if segment.start() <= w.start < segment.end() and w.folded not in POLITE]
            if not 1 <= len(inside) <= 4:
                continue
            run = self._run(text, tuple(inside), inside[0].start, trusted=False)
            if len(run) == 1 and self._is_staff(run[0].text):
                continue
            if len(run) == len(inside) and self._looks_like_name(run, asked):
                return _as_name(text, run)
        return _NOTHING

    def _beside(self, text: str, words: tuple[Word, ...], contacts: tuple[Span, ...], expected: bool) -> NameFound:
        """ "…, Max Muster, max@example.org", with or without commas; without a contact only a known first name counts."""
        for segment in re.finditer(r"(?:[^,;.!?\n\x00()/]|(?<=\b[dD]r)\.|(?<=\b[pP]rof)\.)+", text):
            inside = tuple(w for w in words if segment.start() <= w.start < segment.end())
            if not 2 <= len(inside) <= 4:
                continue
            run = self._run(text, inside, inside[0].start, trusted=False)
            if len(run) != len(inside):
                continue
            capital = all(w.capital or w.folded in NAME_PARTICLES for w in run)
            known = run[0].folded in FIRST_NAMES
            if capital and (known or contacts or expected):
                return _as_name(text, run)
            if known and len(run) == 2 and (contacts or len(inside) == len(words)):
                return _as_name(text, run)
        for start, _ in contacts:
            run = self._run_before(text, words, start)
            if 1 < len(run) <= 4 and (run[0].folded in FIRST_NAMES or all(w.capital for w in run[-2:])):
                return _as_name(text, run)
            if len(run) > 2 and run[-2].folded in FIRST_NAMES:
                return _as_name(text, run[-2:])
        return _NOTHING

    # --- runs of words that may be a name -----------------------------------------------------------------------

    def _run(
        self, text: str, words: tuple[Word, ...], start: int, *, trusted: bool, lenient: bool = False
    ) -> list[Word]:
        """The name-like words right after `start`; `trusted` lets words pass that are names and words at once."""
        run: list[Word] = []
        position = start
        following = words[bisect_left(words, start, key=_start) :][: _MOST_WORDS + 2]
        gap = re.compile(r"[ ,:.\"„“”'-]*") if trusted else re.compile(r"[ :\"„“”]*")
        for word in following:
            between = text[position : word.start]
            allowed = gap if not run else _BETWEEN
            if allowed.fullmatch(between) is None:
                break
            if not run and word.folded in TITLES:
                position = word.end
                continue
            if not self._may_be_name(word, run, trusted=trusted) and not (
                lenient and word.capital and word.folded not in NO_SURNAME and word.folded not in PLACEHOLDER_NAMES
            ):
                break
            # A capitalised name ends where the small words go on.
            if run and run[-1].capital and not word.capital and word.folded not in NAME_PARTICLES:
                break
            run.append(word)
            position = word.end
            if len(run) == _MOST_WORDS:
                break
        while run and run[-1].folded in NAME_PARTICLES | _DEGREES:
            run.pop()
        return run if sum(len(word.text) for word in run) > 1 else []

    def _run_before(self, text: str, words: tuple[Word, ...], end: int) -> list[Word]:
        run: list[Word] = []
        position = end
        for word in reversed(words[: bisect_right(words, end, key=_end)][-_MOST_WORDS:]):
            between = text[word.end : position]
            allowed = re.compile(r"[ ,:(<]*") if not run else _BETWEEN
            if allowed.fullmatch(between) is None or not self._may_be_name(word, run, trusted=False):
                break
            if run and run[0].capital and not word.capital and word.folded not in NAME_PARTICLES:
                break
            run.insert(0, word)
            position = word.start
            if len(run) == _MOST_WORDS:
                break
        while run and (run[0].folded in NAME_PARTICLES and run[0].folded in {"st", "o", "zu", "zum", "zur"}):
            run.pop(0)
        return run

    def _may_be_name(self, word: Word, run: list[Word], *, trusted: bool) -> bool:
        folded = word.folded
        if folded.isdigit() or folded in PLACEHOLDER_NAMES:
            return False
        if folded in _DEGREES:
            return all(w.folded in _DEGREES for w in run)
        if folded in NAME_PARTICLES:
            return (
                bool(run)
                or folded in _DEGREES
                or folded in {"von", "van", "de", "o", "mc", "st", "el", "al", "di", "la", "le", "da"}
            )
        if folded in CALENDAR:
            return (
                word.capital
                and bool(run)
                and (trusted or run[0].folded in FIRST_NAMES)
                and not run[-1].folded.isdigit()
            )
        if folded in FIRST_NAMES and (word.capital or folded not in GERMAN | ENGLISH):
            return True
        if self._is_service_word(word.text) and not (trusted and word.capital and bool(run)):
            return False
        if folded in GERMAN or folded in ENGLISH or folded in SHARED:
            # "Max Lang", "Eva Klein" and "Jo Schneider" are people, "mir nicht" and "guten Tag" are none.
            begun = bool(run) and run[0].capital and any(w.folded in FIRST_NAMES | _DEGREES for w in run)
            return word.capital and begun and (folded not in NO_SURNAME or (trusted and folded in _TIMELY))
        return True

    def _looks_like_name(self, run: list[Word], asked: Asked) -> bool:
        proper = [word for word in run if word.folded not in NAME_PARTICLES]
        if not proper:
            return False
        known = any(word.folded in FIRST_NAMES for word in proper)
        capital = all(word.capital for word in proper)
        if len(proper) == 1:
            if self._is_staff(proper[0].text) and asked.expects != "name":
                return capital
            return (known and (capital or asked.expects == "name")) or (
                capital and asked.expects in {"name", "contact"}
            )
        return capital or known


def _spaces(match: re.Match[str]) -> str:
    return "," * len(match.group())


def _by_parts(text: str) -> NameFound:
    """ "Muster, Max", "Vorname Max, Nachname Muster" and a name that is only spelt."""
    if (spelt := _SPELT.fullmatch(text.strip(" .!"))) is not None:
        letters = re.sub(r"[\W_]", "", spelt.group())
        return NameFound(letters.capitalize(), (0, len(text)))
    if (listed := _LISTED.fullmatch(text.strip(" .!"))) is not None:
        last, first = listed.groups()
        if {fold(last), fold(first)} & (GERMAN | ENGLISH | SHARED | POLITE):
            return _NOTHING
        if fold(first) not in FIRST_NAMES and fold(last) in FIRST_NAMES:
            last, first = first, last
        elif fold(first) not in FIRST_NAMES:
            return _NOTHING
        return NameFound(_written(f"{first} {last}"), (0, len(text)))
    if (labelled := _LABELLED.search(text)) is not None:
        return NameFound(_written(f"{labelled.group(1)} {labelled.group(2)}"), labelled.span())
    return _NOTHING


def _start(word: Word) -> int:
    return word.start


def _end(word: Word) -> int:
    return word.end


def _as_name(text: str, run: list[Word]) -> NameFound:
    """The run as it stands in the text, written as a name."""
    start, end = run[0].start, run[-1].end
    title = _TITLE_BEFORE.search(lower(text[:start]))
    return NameFound(_written(" ".join(text[start:end].split())), (title.start() if title else start, end))


def _written(name: str) -> str:
    letters = "".join(filter(str.isalpha, name))
    if letters.islower() or (letters.isupper() and len(letters) > 2):
        name = " ".join(_capitalised(part) for part in name.split())
    return name[:LONGEST_NAME].strip()


def _capitalised(part: str) -> str:
    if part.lower() in NAME_PARTICLES - {"st", "o", "mc"}:
        return part.lower()
    return "-".join("'".join(piece.capitalize() for piece in half.split("'")) for half in part.split("-"))
