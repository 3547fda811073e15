"""Wishes for somebody of the house: a known name, anybody, or a name that nobody there has.

A person's name counts as staff only where the words ask for one; the guest's own name is found elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from booking_core.model.ids import StaffId
from booking_core.model.tenant import Tenant
from bot.understanding.first_names import FIRST_NAMES
from bot.understanding.meaning import StaffMention
from bot.understanding.text import Span, Word, fold, lower, pattern, words_of
from bot.understanding.words import (
    ARTICLES,
    ENGLISH,
    GERMAN,
    NO_PERSON,
    PERSON_PREPOSITIONS,
    PLACEHOLDER_NAMES,
    RELATIVES,
    SETTING_ASIDE,
    SHARED,
    STAFF_PREPOSITIONS,
    STRONG_PREPOSITIONS,
    WORK_VERBS,
)

_ANYONE = pattern(
    r"egal (?:bei |von |mit |zu )?(?:wem|wer|welche[rmn]? (?:friseur\w*|stylist\w*|mitarbeiter\w*|kolleg\w*))|(?:bei |von |mit )?(?:wem|wer)…(?:ist |wäre )?(?:mir )?(?:egal|gleich)|irgend ?(?:wer|jemand|jemandem|einem|einer|wem)"
    r"|wer auch immer|wer (?:gerade |halt |eben |zuerst |dann |da )*(?:frei|zeit|da|kann) ?(?:ist|hat)?(?=$|[.!,])|(?:keine?n?|ohne) (?:präferenz|bevorzugung|bestimmten? (?:friseur|friseurin|person|stylist|stylistin|wunsch))"
    r"|bei (?:jedem|jeder|allen|beliebig\w*)|jede[rm]? (?:ist|wäre) (?:mir )?recht|kein(?:en)? (?:wunschfriseur|bestimmten?|besonderen)\w*"
    r"|any(?:one|body|(?: of the)? (?:stylists?|hairdressers?|barbers?|staff))|whoever|who ?ever|no preference|(?:don't|do not|dont|doesn't|does not|doesnt) (?:mind|care|matter) (?:who|which stylist|with whom)|with (?:anyone|anybody|whoever)|no one in particular|nobody in particular"
)
# "Anyone" alone may be a question; these are no wish: "is anyone there?", "kann mir irgendwer helfen?".
_NO_WISH = pattern(
    r"(?:is|are) any(?:one|body)…(?:there|here|in)|irgend ?(?:wer|jemand)…(?:da|helfen)|any(?:one|body) (?:there|home)"
)
# Below, @ is the name in question, in its clause.
_NEUTRAL = "(?:schon|wieder|mehr|nochmal|noch mal|unbedingt|gern|gerne|bei|beim|zu|zur|zum|mit|von|frau|herrn?|der|die|dem|want|wanna|like|need|wish|have|to|go|see|get|be|come|book|with|by|again)"
_ASIDE = "(?:als|than|except|außer|ausser|apart from|aside from|statt|anstatt|anstelle von|instead of|besides)"
_REFUSED = pattern(
    rf"(?:nicht|nie|never|not|(?:don|won|wouldn)'?t)(?: {_NEUTRAL})* @(?! (?:only|nur))"
    r"|@(?: (?:bitte|lieber|eher|möchte|will|mag|wollte|ich|wir|hat|mir|uns))* (?:nicht|auf keinen fall)(?: (?:so|mehr|wieder|haben|hin|gehen|gefallen|unbedingt))*(?! \w)"
)
_SET_ASIDE = pattern(
    rf"{_ASIDE}(?: (?:bei|zu|zur|mit|von|with|by|to|frau|herrn?|der|die|dem))* @|(?:any|every)\w*(?: else)? but(?: with)? @|all but @"
)
_NOBODY_ELSE = pattern(
    r"(?:niemand\w*|keine[rnm]?|nobody|none|no ?one)(?: (?:ander\w+|anders|else|other))? (?:außer|ausser|als|but|except|than|apart from)(?: (?:bei|zu|mit|with))? @"
)
_BEFORE = pattern(
    r"(?:letzte[sn]? (?:mal|woche|monat|jahr|termin)|war|waren|hatten?|sonst|normalerweise|immer|last (?:time|week|month|year)|was|were|had|usually|normally|always|used to)…@"
)
_SOMEBODY_ELSE = pattern(
    r"(?:bei |zu |von |mit |with |by |to )?(?:(?:irgend)?jemand(?:en|em)? ander\w+|wer anders|(?:ein|einer|einem|einen) ander\w+ \w+|(?:some|any)(?:one|body) (?:else|other)|another \w+|a different \w+)(?=…(?:als|than|außer|but|except) )"
    r"|(?:bei|zu|mit|with|by) (?:jemand(?:en|em)? ander\w+|wem ander(?:s|em)|(?:some|any)(?:one|body) else)"
)
_WINDOW = 80
"""Characters on each side of a name that may be of its clause."""
_HINT_OF_OTHERS = re.compile("ander|else|other|different")
"""In all that the pattern of somebody else matches; most messages have none."""
_MARK = re.compile(r"[,;.!?\n]|(?<!\w)(?:sondern|aber)(?!\w)")


@dataclass(frozen=True, slots=True)
class StaffFound:
    """The mention and where its words stand."""

    mention: StaffMention
    spans: tuple[Span, ...] = ()


class StaffMatcher:
    """Built once per tenant version from the names of its staff."""

    def __init__(self, tenant: Tenant) -> None:
        self._by_name: dict[str, StaffId] = {}
        self._by_sound: dict[str, StaffId] = {}
        shared: set[str] = set()
        for member in tenant.staff:
            parts = [word.folded for word in words_of(member.name)]
            for name in dict.fromkeys(part for part in parts if part not in ARTICLES and len(part) > 1):
                if name in self._by_name:
                    shared.add(name)
                self._by_name.setdefault(name, member.id)
        for name in shared:  # two colleagues of one surname: the surname alone names nobody
            del self._by_name[name]
        for name, staff in self._by_name.items():
            self._by_sound.setdefault(_sound(name), staff)

    def knows(self, word: str) -> bool:
        """Whether this is a name of the staff, as written."""
        return fold(word) in self._by_name

    def find(self, text: str, words: tuple[Word, ...]) -> StaffFound:
        """The staff wish in a cleaned text; `words` are those that are not the guest's name or contacts."""
        unknown: Word | None = None
        former: Word | None = None
        excluded: StaffId | None = None
        wished: tuple[StaffId, Span] | None = None
        lowered = lower(text)
        for index, word in enumerate(words):
            before, relative, negated = _surroundings(words, index)
            asked_for = before in PERSON_PREPOSITIONS or (before == "for" and word.capital)
            staff = self._match(word, fuzzy=asked_for or len(words) <= 2)
            if staff is not None:
                clause, asks = _clause_around(lowered, word)
                only = _NOBODY_ELSE.search(clause) is not None
                aside = _SET_ASIDE.search(clause) or (not asks and _REFUSED.search(clause))
                if (aside or negated) and not only:
                    excluded = excluded or staff
                    continue
                if wished or relative or (before in {"fuer", "for"} and not _scheduled(words, index)):
                    continue
                if asked_for or word.capital or word.folded not in GERMAN | ENGLISH | SHARED:
                    if _BEFORE.search(clause) is None:
                        wished = (staff, (word.start, word.end))
                    else:
                        former = former or word
            elif unknown is None and not relative and not negated and self._unknown(words, index, before):
                unknown = word
        if wished is None and former is not None and (staff := self._match(former, fuzzy=True)) is not None:
            wished = (staff, (former.start, former.end))
        if wished is not None:
            staff, span = wished
            return StaffFound(StaffMention(staff=staff, excluded=None if excluded == staff else excluded), (span,))
        anyone = _ANYONE.search(lowered)
        if anyone is None and _HINT_OF_OTHERS.search(lowered):
            anyone = _SOMEBODY_ELSE.search(lowered)
        if anyone is not None and not _NO_WISH.search(lowered):
            return StaffFound(StaffMention(anyone=True, excluded=excluded), (anyone.span(),))
        if unknown is not None:
            mention = StaffMention(unknown=unknown.text[:80], excluded=excluded)
            return StaffFound(mention, ((unknown.start, unknown.end),))
        return StaffFound(StaffMention(excluded=excluded))

    def _match(self, word: Word, *, fuzzy: bool) -> StaffId | None:
        name = word.folded
        if (exact := self._by_name.get(name)) is not None:
            return exact
        if not fuzzy or len(name) < 3 or name in GERMAN or name in ENGLISH:
            return None
        if name.endswith("s") and (genitive := self._by_name.get(name[:-1])) is not None:
            return genitive
        if (sounds := self._by_sound.get(_sound(name))) is not None:
            return sounds
        if name in FIRST_NAMES or len(name) < 5:
            return None
        close = [
            staff
            for known, staff in self._by_name.items()
            if Levenshtein.distance(known, name, score_cutoff=1) <= 1
        ]
        return close[0] if len(close) == 1 else None

    def _unknown(self, words: tuple[Word, ...], index: int, before: str | None) -> bool:
        word = words[index]
        if not word.folded.isalpha() or len(word.folded) < 3 or word.folded in NO_PERSON | PLACEHOLDER_NAMES:
            return False
        ordinary = word.folded in GERMAN or word.folded in ENGLISH or word.folded in SHARED
        if before in PERSON_PREPOSITIONS:
            direct = index > 0 and words[index - 1].folded in PERSON_PREPOSITIONS
            titled = index > 0 and words[index - 1].folded in {"frau", "herr", "herrn", "mr", "mrs", "ms"}
            if word.folded in FIRST_NAMES and (word.capital or not ordinary):
                return True
            if titled:
                return word.capital or not ordinary
            return (
                direct and not ordinary and before in STRONG_PREPOSITIONS and (word.capital or _bare(words, index))
            )
        following = words[index + 1].folded if index + 1 < len(words) else ""
        preceding = words[index - 1].folded if index else ""
        return (
            word.folded in FIRST_NAMES
            and not ordinary
            and word.capital
            and (preceding in WORK_VERBS or (following in WORK_VERBS and index == 0))
            and preceding not in {"ich", "i", "name"}
        )


def _clause_around(lowered: str, word: Word) -> tuple[str, bool]:
    """The clause that a name stands in, the name as "@", and whether it asks."""
    first, last = max(word.start - _WINDOW, 0), word.end + _WINDOW
    begins = [mark.end() for mark in _MARK.finditer(lowered, first, word.start)]
    mark = _MARK.search(lowered, word.end, last)
    begin, end = begins[-1] if begins else first, mark.start() if mark else min(last, len(lowered))
    return f"{lowered[begin : word.start]} @ {lowered[word.end : end]}", lowered[end : end + 1] == "?"


def _surroundings(words: tuple[Word, ...], index: int) -> tuple[str | None, bool, bool]:
    """The preposition before a word (articles and titles skipped), whether a relative or a negation stands there."""
    position = index - 1
    relative = (
        position >= 0
        and words[position].folded in RELATIVES
        and words[position].folded not in {"frau", "kollegin", "kollege"}
    )
    if (
        position >= 1
        and words[position].folded == "frau"
        and words[position - 1].folded in {"meine", "meiner", "seine"}
    ):
        relative = True
    while position >= 0 and words[position].folded in ARTICLES and index - position <= 3:
        position -= 1
    before = words[position].folded if position >= 0 else None
    preposition = before if before in STAFF_PREPOSITIONS else None
    at = position - 1 if preposition else position
    if at >= 1 and words[at].folded == "fall" and words[at - 1].folded == "keinen":
        at -= 1
    negated = (at >= 0 and words[at].folded in SETTING_ASIDE) or before in SETTING_ASIDE
    return preposition, relative, negated


def _scheduled(words: tuple[Word, ...], index: int) -> bool:
    """ "Termin bei …" is a wish for somebody, "Termin für Anna" is for a guest of that name."""
    return any(word.folded in {"bei", "with"} for word in words[:index])


def _bare(words: tuple[Word, ...], index: int) -> bool:
    """Lower-case speech-to-text: nothing in the message is capitalised, so a lower-case word may be a name."""
    return (
        not any(word.capital for word in words)
        and re.search(r"(?:en|ung|heit|keit|ing)$", words[index].folded) is None
    )


def _sound(name: str) -> str:
    """A rough key under which spellings of one name meet: Clara/Klara, Philipp/Filip, Sarah/Sara."""
    key = (
        name.replace("ph", "f")
        .replace("th", "t")
        .replace("ck", "k")
        .replace("c", "k")
        .replace("y", "i")
        .replace("ae", "e")
    )
    key = re.sub(r"(.)\1+", r"\1", key)
    return re.sub(r"(?<=[aeiou])h", "", key)
