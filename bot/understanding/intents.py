"""What a guest does with a message and what a question is about: the vocabularies applied, and the few rules between rows.

Names, contacts and the like are blanked before; whether a yes is consent to anything is the dialogue's decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.meaning import Asked, Intent, Topic
from bot.understanding.precedence import settle
from bot.understanding.text import Clause, Span, clauses_of, pattern
from bot.understanding.vocabulary import Consent, Vocabulary
from bot.understanding.vocabulary_english import ENGLISH
from bot.understanding.vocabulary_german import GERMAN

_PICKING = frozenset({"choice", "service", "which_booking"})
_FILLER = re.compile(
    r"(?:(?:hm+|ähm*|aehm*|öh*m*|uhm*|um|erm*|uh|oh|ach|ach so|achso|puh|tja|na|naja|well|so|also|hi|hallo|hello|hey|gut|dann|bitte|super|great|and|und)[ ,.]+)+"
)
_ORDINAL_STOP = re.compile(r"(?<!\w)(?:am|vom|zum|dem|den|der) \d{1,2}\.(?:\d{1,2}\.)?(?= ?\w)")
_ONLY_SOUNDS = re.compile(
    r"(?:hm+|h+mm*|ähm*|äh+|öh+m*|uhm*|erm+|puh|tja|naja|na ja|well|\.+)(?:[ ,.]+(?:hm+|ähm*|äh+|naja))*[ ,.]*"
)


@dataclass(frozen=True, slots=True)
class Said:
    """Intents, topics in the order said, the place chosen among offers, and where the choice stands in the text."""

    text: str
    intents: frozenset[Intent]
    topics: tuple[Topic, ...]
    ordinal: int | None
    ordinal_span: Span | None
    open_question: bool
    """Begins like a question or ends as one, and no row says about what."""
    opens_question: bool
    """A sentence begins like a question, mark or not."""
    wishes: bool
    """Something is wished for; with a service, a booking."""


class _Rows:
    """The compiled rows of one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.signals = [(intent, pattern(row)) for intent, row in vocabulary.signals]
        self.clauses = [(intent, pattern(row, whole=True)) for intent, row in vocabulary.clauses]
        self.topics = [(topic, pattern(row)) for topic, row in vocabulary.topics]
        consent: Consent = vocabulary.consent
        self.yes_opener = pattern(f"(?:{consent.openers})(?= |$|[-.)!])")
        self.yes_weak = pattern(
            f"(?:(?:{consent.openers}|{consent.weak})[ ,]+)*(?:{consent.weak})(?:[ ,]+(?:{consent.tails}|{consent.weak}))*[ .!]*",
            whole=True,
        )
        self.yes_phrase = pattern(consent.phrases)
        self.yes_whole = pattern(consent.whole, whole=True)
        self.yes_idiom = pattern(consent.idioms)
        self.no_opener = pattern(vocabulary.refusing_openers)
        self.no_phrase = pattern(vocabulary.refusals)
        self.negation = pattern(vocabulary.negation)
        self.wishes = pattern(vocabulary.wishes)
        self.hesitation = pattern(vocabulary.hesitation)
        self.question = pattern(vocabulary.question_openers)
        self.policy = pattern(vocabulary.policy)
        self.any_of_them = pattern(vocabulary.any_of_them)
        self.ordinals = [(pattern(row, whole=True), place) for row, place in vocabulary.ordinals.items()]
        worded = "|".join(row for row in vocabulary.ordinals)
        words_only = "|".join(
            part for part in worded.split("|") if re.search(r"[^\W\d]{4}", part) and part != "eins"
        )
        self.frames = [
            pattern(
                frame.replace("WORD", f"(?:{words_only})")
                .replace("ANY", f"(?:{worded})")
                .replace("WOCHE", vocabulary.day_words)
            )
            for frame in vocabulary.ordinal_frames
        ]

    def place(self, word: str) -> int | None:
        """The place a word names, 1-based, negative from the end."""
        return next((place for row, place in self.ordinals if row.match(word)), None)


class IntentReader:
    """Reads intents and topics in all languages at once: guests mix them, and the rows hardly meet."""

    def __init__(self) -> None:
        self._rows = (_Rows(GERMAN), _Rows(ENGLISH))

    def read(self, lowered: str, *, asked: Asked) -> Said:
        """Everything the rows say about a lower-case text."""
        # The stop of an ordinal ends no sentence: "am 28. nicht kommen".
        joined = _ORDINAL_STOP.sub(lambda date: date.group().replace(".", " "), lowered)
        stripped = " ".join(joined.split()).strip() if "\n" not in joined else joined.strip()
        clauses = clauses_of(joined)
        intents = {
            intent for rows in self._rows for intent, row in rows.signals if row.search(stripped) is not None
        }
        for clause in clauses:
            text = _without_filler(clause.text)
            intents |= {
                intent for rows in self._rows for intent, row in rows.clauses if row.match(text) is not None
            }
        topics = self._topics(stripped)
        opens = any(rows.question.match(clause.text) for rows in self._rows for clause in clauses)
        if opens or "?" in stripped:
            intents.add(Intent.QUESTION)
        self._agree(intents, clauses, stripped)
        ordinal, span = self._ordinal(lowered, asked)
        settle(intents, topics, stripped, asked)
        echo = all(
            any(r.yes_opener.match(c.text) or r.yes_weak.match(c.text) for r in self._rows) for c in clauses
        )
        unclear = Intent.QUESTION in intents and not topics and not intents & _EXPLAINED and not echo
        unclear = unclear and not (Intent.GREET in intents and len(stripped.split()) < 3)
        wishes = any(rows.wishes.search(stripped) for rows in self._rows)
        return Said(stripped, frozenset(intents), tuple(topics), ordinal, span, unclear, opens, wishes)

    # --- questions ------------------------------------------------------------------------------------------

    def _topics(self, text: str) -> list[Topic]:
        found: dict[Topic, int] = {}
        for rows in self._rows:
            for topic, row in rows.topics:
                if (match := row.search(text)) is not None:
                    found[topic] = min(match.start(), found.get(topic, match.start()))
        for rows in self._rows:
            if (match := rows.policy.search(text)) is not None:
                found[Topic.POLICY] = match.start()
        return sorted(found, key=lambda topic: found[topic])

    # --- yes, no and neither --------------------------------------------------------------------------------

    def _agree(self, intents: set[Intent], clauses: tuple[Clause, ...], text: str) -> None:
        yes = no = False
        for clause in clauses:
            if clause.text in {"bitte", "please"} and len(clauses) > 1:
                continue  # "den zweiten, bitte" chooses and agrees to nothing
            agreed, refused = self._stance(clause)
            yes, no = yes or agreed, no or refused
        yes, no = yes or any(sign in text for sign in "👍👌✅"), no or "👎" in text
        if no:
            intents.add(Intent.NO)
        elif yes:
            intents.add(Intent.YES)
        hesitates = any(rows.hesitation.search(text) for rows in self._rows)
        if _ONLY_SOUNDS.fullmatch(text.strip(" !?")) or (hesitates and not no):
            intents.add(Intent.UNSURE)
            intents.discard(Intent.YES)

    def _stance(self, clause: Clause) -> tuple[bool, bool]:
        """Whether a clause agrees, and whether it refuses."""
        text = _without_filler(clause.text)
        whole = clause.text
        if any(rows.yes_idiom.search(whole) for rows in self._rows):
            return not clause.asks, False
        if any(rows.no_opener.match(text) or rows.no_opener.match(whole) for rows in self._rows) or any(
            rows.no_phrase.search(whole) for rows in self._rows
        ):
            return False, not clause.asks or text.startswith(("nein", "no"))
        negated = any(rows.negation.search(whole) for rows in self._rows)
        if negated:
            return False, False
        opener = next((m for rows in self._rows for t in (whole, text) if (m := rows.yes_opener.match(t))), None)
        if opener is not None:
            # "Perfekt?", "ok?" fish for a yes; "ja?" and "gerne?" still are one, with a question beside it.
            return not clause.asks or opener.group().startswith(("ja", "yes", "gern", "jo")), False
        if clause.asks:
            return False, False
        if any(rows.question.match(whole) for rows in self._rows):
            return any(rows.yes_whole.match(whole) for rows in self._rows), False
        agreed = any(
            rows.yes_weak.match(whole)
            or rows.yes_weak.match(text)
            or rows.yes_whole.match(whole)
            or rows.yes_whole.match(text)
            or rows.yes_phrase.search(whole)
            for rows in self._rows
        )
        return agreed, False

    # --- choices --------------------------------------------------------------------------------------------

    def _ordinal(self, lowered: str, asked: Asked) -> tuple[int | None, Span | None]:
        if asked.offered < 1:
            return None, None
        flat = lowered.replace("\n", " ")
        bare = flat.strip(" .!)(?,")
        if asked.offered >= 2 and asked.expects in _PICKING:
            core = re.sub(
                r"^(?:die|the|ja|ok|bitte|dann|number|nr\.?|#)?[ ,]*(\w+)[ ,.)]*(?:bitte|please|danke|thanks)?$",
                r"\1",
                bare,
            )
            for rows in self._rows:
                if (place := rows.place(core)) is not None:
                    return _within(place, asked.offered), (0, len(lowered))
        for rows in self._rows:
            for frame in rows.frames:
                for match in frame.finditer(flat):
                    place = rows.place(match.group("place").strip())
                    if place is not None and (kept := _within(place, asked.offered)) is not None:
                        return kept, match.span()
        if "mittler" in flat or "middle one" in flat:
            return ((asked.offered + 1) // 2, None) if asked.offered % 2 else (None, None)
        if asked.expects in _PICKING and any(rows.any_of_them.search(flat) for rows in self._rows):
            return 1, None
        return None, None


_EXPLAINED = frozenset(
    {Intent.BOOK, Intent.MOVE, Intent.CANCEL, Intent.LIST, Intent.WHY, Intent.LATER, Intent.EARLIER, Intent.OTHER}
    | {Intent.HUMAN, Intent.HELP, Intent.STOP, Intent.SMALL_TALK}
)


def _within(place: int, offered: int) -> int | None:
    return place if 1 <= abs(place) <= offered else None


def _without_filler(text: str) -> str:
    match = _FILLER.match(text)
    return text[match.end() :] if match is not None and match.end() < len(text) else text
