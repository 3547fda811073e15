"""Services named in a message: the tenant's names and aliases with typos, generic words that mean several, and unknown wishes.

Explicit words decide; where they fit several services all are returned (three at most), and never a default.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from booking_core.model.ids import ServiceId
from booking_core.model.service import Service
from booking_core.model.tenant import Tenant
from bot.understanding.meaning import Asked, ServiceMention
from bot.understanding.service_words import (
    ACTIVITIES,
    AGE,
    AUDIENCE_OF_GUEST,
    AUDIENCE_OF_SERVICE,
    BARE,
    KIDS_UNTIL,
    UNOFFERED,
)
from bot.understanding.text import Span, Word, fold, lower, overlaps, pattern, words_of
from bot.understanding.words import ENGLISH, GERMAN, NO_SERVICE, SHARED

MOST_CANDIDATES = 3
_MOST_WORDS = 5
_CORRECTION = pattern(
    r"ach nein|nein|sondern|doch lieber|lieber|ich meinte|ich meine|quatsch|korrektur|stattdessen|i meant|i mean|no|sorry|actually|rather|make that|scratch that|instead of|not"
)
_SET_ASIDE = pattern(
    r"(?:statt|anstatt|anstelle|nicht|keine?n?|ohne|kein|weder|not|no|without|instead of|rather than)(?: (?:der|die|das|den|dem|einer?|eines|einem|einen|a|an|the|von|mehr|nur))*"
)
_ADDED = pattern(
    r"(?:mit|inklusive|inkl\.?|samt|plus|with|including|incl\.?)(?: (?:der|die|das|den|dem|einer?|einem|einen|a|an|the|anschließendem|anschließend))*"
)
_HAVING = pattern(
    r"(?:habe|hab|trage|haben|natürliche|have|got|with)(?: (?:sehr|ganz|so|viele|lange|kurze|dicke|very|long|short|natural|thick))* (?:natur)?(?:locken|curls|ansatz)"
)
_WISH = pattern(
    r"(?:termin|appointment|buchung|booking) (?:für|for) (?:einen?|eine|ein|a|an)|(?:möchte|hätte|brauche|bräuchte|will|würde|suche|wünsche)(?: (?:ich|mir|gerne?|bitte|gern|auch|mal|wir))* (?:eine?n?)|(?:macht|bietet|habt|machen|bieten|haben|gibt) (?:ihr|sie|es)(?: (?:auch|denn|bei euch|eigentlich|hier))*(?: eine?n?)?"
    r"|(?:do|can) you(?: (?:guys|also|even))* (?:offer|do|provide)(?: (?:an?|any))?"
)
_ANY_ACTIVITY = re.compile(
    r"haar|spitz|schn|cut|trim|f(?:ae|a)r|colo|dye|tint|perm|welle|curl|lock|wasch|foe?h?n|styl|dry|wash|berat|consul|advice"
)
"""A cheap sieve before `ACTIVITIES`; every one of their words passes it."""
_TOGETHER = re.compile(r"\b(?:mich|me|myself|ich) (?:und|and)\b")
"""Two people come: no one audience decides."""
_PLAIN_ANSWER = re.compile(r"(?:\w[\w&'+-]*[ ]?){1,4}")
# Signs that the words answer something else than "which service?".
_MUST_BE_NEW = GERMAN | ENGLISH | SHARED


@dataclass(frozen=True, slots=True)
class ServiceFound:
    """The mention and the places of the words it came from."""

    mention: ServiceMention
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words that name services, `distance` wrong letters away."""

    services: tuple[ServiceId, ...]
    span: Span
    distance: int
    length: int
    generic: str | None = None
    """The activity, where only that was named."""


class ServiceMatcher:
    """Built once per tenant version from its services' names and aliases in all languages."""

    def __init__(self, tenant: Tenant) -> None:
        self._phrases: dict[str, list[ServiceId]] = defaultdict(list)
        self._activities: dict[str, list[ServiceId]] = defaultdict(list)
        self._audience: dict[ServiceId, str | None] = {}
        self._words: set[str] = set()
        for service in tenant.services:
            self._learn(service)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for phrase in self._phrases:
            self._by_length[len(phrase)].append(phrase)
        self._longest = max(self._by_length, default=0)

    def _learn(self, service: Service) -> None:
        texts = [*service.name.by_language.values()]
        texts += [alias for aliases in service.aliases.values() for alias in aliases]
        own: set[str] = set()
        for text in texts:
            words = [word.folded for word in words_of(text)]
            self._words.update(word for word in words if len(word) > 3)
            phrase = _joined(words)
            if phrase and service.id not in self._phrases[phrase]:
                self._phrases[phrase].append(service.id)
            own.update(name for name, row in ACTIVITIES.items() if row.search(" ".join(words)))
        # "Farbberatung" is advice, whatever it is about.
        for activity in own if "advice" not in own else {"advice"}:
            self._activities[activity].append(service.id)
        names = " ".join(fold(text) for text in texts)
        self._audience[service.id] = next(
            (audience for audience, row in AUDIENCE_OF_SERVICE.items() if row.search(names)), None
        )

    def is_service_word(self, word: str) -> bool:
        """Whether a word alone says a service or an activity (and so is nobody's name)."""
        folded = fold(word)
        return (
            folded in self._words
            or folded in self._phrases
            or any(row.fullmatch(folded) for row in ACTIVITIES.values())
            or UNOFFERED.fullmatch(lower(word)) is not None
        )

    def find(self, text: str, words: tuple[Word, ...], *, asked: Asked) -> ServiceFound:
        """The services named in a text in which names and contacts are blanked; `words` are its words."""
        lowered = lower(text)
        hits = _kept(self._hits(words, lowered), lowered)
        audience = self._guest_audience(lowered)
        if not hits:
            return self._without_hit(text, words, lowered, audience, asked)
        # An age is no hour: what is claimed here is kept from the time engine.
        ages = [said.span() for said in AGE.finditer(lowered)] if audience else []
        spans = (*(hit.span for hit in hits), *ages)
        specific = [hit for hit in hits if hit.generic is None]
        if specific:
            # Only one name that means several is narrowed: "Herrenschnitt und Dauerwelle" are two wishes.
            candidates = tuple(
                dict.fromkeys(
                    service
                    for hit in specific
                    for service in (
                        self._narrowed(hit.services, audience) if len(hit.services) > 1 else hit.services
                    )
                )
            )
            return ServiceFound(ServiceMention(candidates[:MOST_CANDIDATES]), spans)
        unoffered = UNOFFERED.search(lowered)
        if unoffered is not None and not all(hit.length > 6 and hit.generic != "cut" for hit in hits):
            # "Bart schneiden": the word for what is missing says more than "schneiden".
            return ServiceFound(ServiceMention(unknown=text[slice(*unoffered.span())]), (*spans, unoffered.span()))
        candidates = tuple(dict.fromkeys(service for hit in hits for service in hit.services))
        return ServiceFound(ServiceMention(self._narrowed(candidates, audience)[:MOST_CANDIDATES]), spans)

    # --- matching ---------------------------------------------------------------------------------------------

    def _hits(self, words: tuple[Word, ...], lowered: str) -> list[_Hit]:
        found: list[_Hit] = []
        for first in range(len(words)):
            joined = ""
            ordinary = True
            for last in range(first, min(first + _MOST_WORDS, len(words))):
                word = words[last]
                if last > first and not _adjacent(lowered, words[last - 1], word):
                    break
                joined += _american(word.folded)
                if len(joined) > self._longest + 3:
                    break
                ordinary = ordinary and (word.folded in _MUST_BE_NEW or word.folded.isdigit())
                span = (words[first].start, word.end)
                edges = (_american(words[first].folded), _american(word.folded)) if last > first else ()
                if (hit := self._phrase_hit(joined, span, edges, fuzzy=not ordinary)) is not None:
                    found.append(hit)
        found += self._generic_hits(words, lowered)
        return _best(found)

    def _phrase_hit(self, joined: str, span: Span, edges: tuple[str, ...], *, fuzzy: bool) -> _Hit | None:
        """What a run of words names; `edges` are its first and last word where it has several."""
        exact = self._phrases.get(joined) or self._phrases.get(_singular(joined))
        if exact:
            activity = _activity(joined)
            family = self._activities.get(activity, []) if activity and joined in BARE else []
            if len(family) > 1 and any(service in family for service in exact):
                # A bare "Färben" is an alias of one service and the business of several.
                return _Hit(tuple(dict.fromkeys([*exact, *family])), span, 0, len(joined), activity)
            return _Hit(tuple(exact), span, 0, len(joined))
        if not fuzzy or len(joined) < 5:
            return None
        best: list[str] = []
        least = _tolerance(len(joined))
        for length in range(len(joined) - least, len(joined) + least + 1):
            for phrase in self._by_length.get(length, ()):
                allowed = min(least, _tolerance(len(phrase)))
                distance = Levenshtein.distance(phrase, joined, score_cutoff=allowed)
                if distance > allowed or (len(phrase) < 8 and phrase[0] != joined[0]):
                    continue
                if distance < least:
                    best, least = [phrase], distance
                elif distance == least:
                    best.append(phrase)
        best = [phrase for phrase in best if _needs(phrase, joined, edges, least)]
        if not best:
            return None
        services = tuple(dict.fromkeys(service for phrase in best for service in self._phrases[phrase]))
        return _Hit(services, span, least, len(joined))

    def _generic_hits(self, words: tuple[Word, ...], lowered: str) -> list[_Hit]:
        """Words that name an activity ("Haarschnitt"), a compound of one ("Männerhaarschnitt"), or a part of several names."""
        hits = []
        for index, word in enumerate(words):
            for joined, last in ((word.folded, word), *_with_next(words, index, lowered)):
                span = (word.start, last.end)
                activity = _named_activity(joined)
                if activity is not None and self._activities.get(activity):
                    audience = _audience(joined)
                    if last is not word and any(
                        _named_activity(one.folded) and _audience(one.folded) == audience for one in (word, last)
                    ):
                        continue  # one of the two says it all; the other may be a day or an hour
                    family = tuple(self._activities[activity])
                    if audience and (own := tuple(s for s in family if self._audience[s] == audience)):
                        hits.append(_Hit(own, span, 1, len(joined)))
                    else:
                        hits.append(_Hit(family, span, 1, len(joined), activity))
            if len(word.folded) > 5 and word.folded not in _MUST_BE_NEW:
                part_of = tuple(
                    dict.fromkeys(s for p, ids in self._phrases.items() if word.folded in p for s in ids)
                )
                if part_of and _activity(word.folded) is None:
                    hits.append(_Hit(part_of, (word.start, word.end), 2, len(word.folded)))
        return hits

    # --- for whom ---------------------------------------------------------------------------------------------

    def _guest_audience(self, lowered: str) -> tuple[str, ...]:
        if _TOGETHER.search(lowered):
            return ()
        audience = [name for name, row in AUDIENCE_OF_GUEST.items() if row.search(lowered)]
        age = None
        for said in AGE.finditer(lowered):
            age = int(next(value for value in said.groups() if value))
        if "kids?" in audience:
            audience.remove("kids?")
            if age is not None and age > KIDS_UNTIL:
                audience.append("women" if re.search(r"tochter|daughter", lowered) else "men")
            elif "kids" not in audience:
                audience.append("kids")
        elif "kids" in audience and age is not None and age > KIDS_UNTIL:
            audience.remove("kids")
        if (
            "kids" in audience
            and len(audience) > 1
            and re.search(r"(?:sohn|tochter|\bson|daughter|kind\b|child\b)", lowered)
        ):
            # "Meine Frau fragt für unseren Sohn": the child is the one who comes.
            audience = ["kids"]
        return tuple(audience)

    def _narrowed(self, candidates: tuple[ServiceId, ...], audience: tuple[str, ...]) -> tuple[ServiceId, ...]:
        if audience and (fitting := tuple(s for s in candidates if self._audience[s] in audience)):
            return fitting
        return candidates

    def _without_hit(
        self, text: str, words: tuple[Word, ...], lowered: str, audience: tuple[str, ...], asked: Asked
    ) -> ServiceFound:
        if (unoffered := UNOFFERED.search(lowered)) is not None:
            return ServiceFound(ServiceMention(unknown=text[slice(*unoffered.span())]), (unoffered.span(),))
        if audience and (asked.expects == "service" or len(words) <= 2):
            fitting = tuple(service for service, whom in self._audience.items() if whom in audience)
            if fitting:
                return ServiceFound(ServiceMention(fitting[:MOST_CANDIDATES]), ())
        if (wished := _wished_noun(text, lowered)) is not None:
            return ServiceFound(ServiceMention(unknown=text[slice(*wished)]), (wished,))
        return ServiceFound(ServiceMention())

    def unknown_answer(self, text: str) -> str | None:
        """A short answer to "which service?" that says a thing nobody knows: its words; else None."""
        core = text.strip(" .!")
        words = words_of(core)
        if not words or _PLAIN_ANSWER.fullmatch(core) is None or "?" in text:
            return None
        new = [word for word in words if word.folded not in _MUST_BE_NEW and len(word.folded) > 3]
        return " ".join(core.split())[:80] if new and len(new) >= len(words) - 2 and not core.isdigit() else None


def _kept(hits: list[_Hit], lowered: str) -> list[_Hit]:
    """Without what is set aside ("statt", "keine"), merely added ("mit Föhnen"), or taken back ("…, ach nein, …")."""
    having = [match.span() for match in _HAVING.finditer(lowered)]
    hits = [hit for hit in hits if not any(overlaps(hit.span, span) for span in having)]
    aside = {match.end() for match in _SET_ASIDE.finditer(lowered)}
    added = {match.end() for match in _ADDED.finditer(lowered)}
    wanted = [hit for hit in hits if not _preceded(hit, aside, lowered)]
    main = [hit for hit in wanted if not _preceded(hit, added, lowered)]
    wanted = main or wanted
    if len(wanted) > 1:
        for taken_back in _CORRECTION.finditer(lowered):
            later = [hit for hit in wanted if hit.span[0] >= taken_back.end()]
            if later and len(later) < len(wanted) and not _set_aside_again(taken_back.group(), later):
                wanted = later
                break
    return wanted


def _set_aside_again(word: str, later: list[_Hit]) -> bool:
    return word in {"not", "no", "instead of"} and all(hit.generic for hit in later)


def _preceded(hit: _Hit, ends: set[int], lowered: str) -> bool:
    return any(end <= hit.span[0] and not lowered[end : hit.span[0]].strip() for end in ends)


def _best(hits: list[_Hit]) -> list[_Hit]:
    """Of overlapping hits the most specific: not generic, then longest, then nearest."""
    hits.sort(
        key=lambda hit: (
            hit.generic is not None and hit.distance > 0,
            -(hit.span[1] - hit.span[0]) if hit.distance < 2 else 0,
            hit.distance,
        )
    )
    kept: list[_Hit] = []
    for hit in hits:
        if not any(overlaps(hit.span, other.span) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.span)


def _needs(phrase: str, joined: str, edges: tuple[str, ...], distance: int) -> bool:
    """Whether a run of words is nearer to a phrase with both its first and its last word than without one of them.

    A word that only spends the letters that may be wrong ("Herrenhaarschnitt Do", "Beratung 5") is not of the name.
    """
    if not edges:
        return True
    shorter = (joined[len(edges[0]) :], joined[: -len(edges[1])])
    return all(Levenshtein.distance(phrase, rest, score_cutoff=distance) > distance for rest in shorter)


def _named_activity(joined: str) -> str | None:
    return _activity(joined) or (_misspelt(joined) if len(joined) > 8 else None)


def _audience(folded: str) -> str | None:
    return next((audience for audience, row in AUDIENCE_OF_SERVICE.items() if row.fullmatch(folded)), None)


def _activity(folded: str) -> str | None:
    """The activity that a folded word names."""
    if _ANY_ACTIVITY.search(folded) is None:
        return None
    return next((name for name, row in ACTIVITIES.items() if row.fullmatch(folded)), None)


def _tolerance(length: int) -> int:
    """Letters that may be wrong."""
    return 0 if length < 5 else 1 if length < 9 else 2 if length < 13 else 3


def _misspelt(joined: str) -> str | None:
    """An activity with one wrong letter; only the words that are heard most are worth it."""
    close = any(
        Levenshtein.distance(known, joined, score_cutoff=1) <= 1 for known in ("haarschnitt", "haareschneiden")
    )
    return "cut" if close else None


def _with_next(words: tuple[Word, ...], index: int, lowered: str) -> tuple[tuple[str, Word], ...]:
    if index + 1 < len(words) and _adjacent(lowered, words[index], words[index + 1]):
        following = words[index + 1]
        return (
            (words[index].folded + following.folded, following),
            (f"{words[index].folded} {following.folded}", following),
        )
    return ()


def _adjacent(lowered: str, one: Word, other: Word) -> bool:
    return all(character in " -&/'+" for character in lowered[one.end : other.start])


def _joined(words: Iterable[str]) -> str:
    return "".join(_american(word) for word in words)


def _american(folded: str) -> str:
    return folded.replace("colour", "color")


def _singular(joined: str) -> str:
    for ending in ("s", "en", "n", "e"):
        if joined.endswith(ending) and len(joined) - len(ending) >= 4:
            return joined.removesuffix(ending)
    return joined


def _wished_noun(text: str, lowered: str) -> Span | None:
    """The noun after "ich hätte gern eine …" or "do you offer …" where it is no ordinary word."""
    for wish in _WISH.finditer(lowered):
        following = re.match(r"[ ]+([^\W\d_][\w-]{3,})(?:[ ]+([A-ZÄÖÜ][\w-]{3,}))?", text[wish.end() :])
        if following is None:
            continue
        noun = following.group(1)
        folded = fold(noun)
        german = re.match(r"(?:do|can|appointment|booking)", wish.group()) is None
        if (
            (german and not noun[0].isupper())
            or folded in NO_SERVICE
            or folded in _MUST_BE_NEW
            or folded.endswith("termin")
        ):
            continue
        start = wish.end() + following.start(1)
        return start, wish.end() + following.end(2 if following.group(2) and german else 1)
    return None
