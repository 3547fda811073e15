"""Numbers and days that are no times: things counted, letters of a name, measures, and what the guest tells beside the matter."""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from bot.understanding.spoken import DIGITS_SAID
from bot.understanding.text import Span, Word, overlaps, pattern
from bot.understanding.words import CALENDAR, ENGLISH, GERMAN, SHARED

# Before these a number is an hour, whatever follows it.
_BEFORE_HOURS = frozenset(
    """
    um gegen ab nach vor bis punkt kurz circa ca etwa zirka halb viertel dreiviertel zwischen von at by from after before till until
    around about past to half quarter between uhr am pm morgens mittags nachmittags abends heute morgen uebermorgen today tomorrow
    mo di mi do fr sa so mon tue wed thu fri sat sun
    """.split()
) | (CALENDAR - {"mai", "may"})
# Before these a thing is counted.
_BEFORE_THINGS = frozenset(
    """
    habe hab haben hat hast hatte bringe bringen mitbringe sind seien wegen mit plus fuer have has had got own bring bringing with
    are my our ve his her meine unsere
    """.split()
)
_HOUR_WORDS = frozenset(
    """
    uhr uhrzeit nachmittag nachmittags vormittag vormittags abend abends morgens mittag mittags frueh stunde stunden minute minuten tag
    tage tagen woche wochen monat monate monaten jahr jahre hours hour minutes minute mins hrs days day weeks week months month years
    year jan feb mrz apr jun jul aug sep sept okt oct nov dez dec mon tue tues wed thu thur thurs fri sat sun die mit don fre sam son
    mornings afternoons evenings oclock termin termine appointments appointment slots
    """.split()
)
_MEASURES = frozenset(
    """
    mm cm m millimeter zentimeter centimeter meter millimetre millimetres centimetre centimetres millimeters centimeters inch inches
    zoll prozent percent grad      kilo kg stufe stufen
    """.split()
)
_ENDINGS_OF_MANY = ("s", "n", "e", "r", "en", "children", "people", "mice")
_NO_HOURS = frozenset(("eine", "o", "oh", "null", "zero", "nought"))
_COUNTED = re.compile(r"(?:s|children|people|mice)$")
_OF_TIME = re.compile(
    r"(?:stunden?|minuten?|sekunden?|tage?n?|abende?|mittage?|wochen?|monate?|uhr|woche|hours?|minutes?)$"
)
# Third persons and the like that follow an hour: "two works", "three is fine".
_NO_THINGS = frozenset(
    """
    euro euros cent cents pfund pound pounds dollar dollars
    is was this as yes thus works suits fits sounds seems looks does has its thanks pls plus minus cheers unless always perhaps us ours
    yours his hers towards afterwards
    """.split()
)
_LETTERS = re.compile(
    r"(?<!\w)(?:mit|with|spelt|spelled)\s+(?:an?\s+|einem\s+)?(?P<count>\w+)\s+(?:mal\s+|times\s+)?[^\W\d_](?:'?s)?(?![\w'.:])",
    re.IGNORECASE,
)
_TOLD = r"(?:[ ](?!(?:und|aber|dann|oder|and|but|so|then|or)\b)[\w':]+(?:\.\d+)?)"
_BESIDE = pattern(
    rf"(?:habe|hab|hat|haben)(?:[ ](?:ich|er|sie|wir))?{_TOLD}{{0,6}}? (?:geburtstag|namenstag)|(?:am|heute|morgen|übermorgen|nächsten?){_TOLD}{{0,3}}? (?:habe|hab|hat|haben) (?:ich|er|sie|mein\w*|wir){_TOLD}{{0,3}}? geburtstag"
    rf"|mein geburtstag ist{_TOLD}{{0,5}}|my birthday(?:'s| is){_TOLD}{{0,5}}"
    rf"|(?:bin|sind) (?:ich |wir )?(?:dann |gleich |erst |wieder )*(?:in|ab|um|gegen|am|heute|morgen|nach){_TOLD}{{1,4}}? (?:wieder (?:da|zurück|online|erreichbar)|zurück|erreichbar)"
    rf"|(?:(?:melde?|rufe?) (?:ich )?(?:mich|sie|euch|dich)|(?:schreibe?|antworte) (?:ich )?(?:ihnen|euch|dir)|rufe? ich) (?:dann |gleich |wieder )*(?:in|ab|um|gegen|am|heute|morgen|nach){_TOLD}{{1,4}}"
    rf"|(?:i'll be|i will be|i'm|i am|be) (?:right )?back (?:in|at|on|after|by){_TOLD}{{1,4}}|(?:i'll|i will|let me) (?:get back(?: to you)?|write|answer|reply|call|text)(?: you)?(?: back)? (?:in|at|on|after|by){_TOLD}{{1,4}}"
)
"""What is told about the guest's own day, not wished of the salon."""
_HINT = re.compile(
    r"geburtstag|namenstag|birthday|\bback\b|zur(?:ü|ue|u)ck|wieder|erreichbar|meld|schreib|antwort|ruf|i'll|i will|let me"
)
"""A cheap sieve before `_BESIDE`; every one of its matches has one of these."""


def asides(text: str, lowered: str, words: tuple[Word, ...], taken: tuple[Span, ...]) -> tuple[Span, ...]:
    """The places of a message where numbers and days are no wish for a time; what other readers took is at `taken`."""
    found = [match.span() for match in _LETTERS.finditer(text) if _number(match.group("count").lower())]
    found += _counts(text, words, taken)
    if _HINT.search(lowered) is not None:
        found += [match.span() for match in _BESIDE.finditer(lowered)]
    return tuple(found)


def _counts(text: str, words: tuple[Word, ...], taken: tuple[Span, ...]) -> Iterator[Span]:
    """ "Drei Katzen", "two dogs", "3 Millimeter": the number with its noun, "zwei bis drei" with both."""
    for index in range(len(words) - 1):
        number, noun = words[index], words[index + 1]
        if not _number(number.folded) or text[number.end : noun.start].strip(" ") or noun.folded.isdigit():
            continue
        if any(overlaps((noun.start, noun.end), span) for span in taken):
            continue
        first = index
        if (
            index > 1
            and words[index - 1].folded in {"bis", "oder", "to", "or"}
            and _number(words[index - 2].folded)
        ):
            first = index - 2
        while (
            first
            and _number(words[first - 1].folded)
            and text[words[first - 1].end : words[first].start] in {" ", "-"}
        ):
            first -= 1
        before = words[first - 1].folded if first else ""
        if before in _BEFORE_HOURS or not _is_thing(noun, before):
            continue
        yield words[first].start, noun.end


def _is_thing(noun: Word, before: str) -> bool:
    folded = noun.folded
    if folded in _MEASURES:
        return True
    if (
        folded in _HOUR_WORDS
        or _OF_TIME.search(folded) is not None
        or folded in _NO_THINGS
        or folded in CALENDAR
        or len(folded) < 3
    ):
        return False
    if any(Levenshtein.distance(folded, known, score_cutoff=1) <= 1 for known in _HOUR_WORDS):
        return False
    counting = before in _BEFORE_THINGS
    if folded in GERMAN or folded in ENGLISH or folded in SHARED:
        # Ordinary words follow an hour as well; only "I have two dogs" counts them.
        return counting and _COUNTED.search(folded) is not None and folded in ENGLISH
    return counting or (noun.capital and folded.endswith(_ENDINGS_OF_MANY))


def _number(folded: str) -> bool:
    """Whether a word may be an hour."""
    return len(folded) < 3 if folded.isdigit() else folded in DIGITS_SAID and folded not in _NO_HOURS
