"""What a vocabulary is: the rows by which one language says intents and topics. The rows are in `vocabulary_<language>`.

All patterns are in the notation of `text.pattern`: a space is a gap, an umlaut also stands for "ae" and "a", "…" for up
to forty characters of the same sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.meaning import Intent, Topic


@dataclass(frozen=True, slots=True)
class Consent:
    """How a yes is said, one clause at a time; none of it counts in a clause that is negated.

    `openers` begin a consenting clause whatever follows; `weak` only with nothing but `tails` after it; `phrases` are
    found anywhere in the clause, `whole` is the whole clause; `idioms` are a yes although a negation is in them.
    """

    openers: str
    weak: str
    tails: str
    phrases: str
    whole: str
    idioms: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language.

    `wishes` with a service are a wish to book. `signals` are found anywhere in a message, `clauses` must be a whole clause; `refusals` are a no anywhere,
    `refusing_openers` at the beginning of a clause. `question_openers` begin a sentence that asks even without a mark.
    `ordinals` maps a pattern to a 1-based place (negative: from the end). `policy` marks questions about the rules of
    cancelling and moving, which are no wish to do it.
    """

    wishes: str
    signals: tuple[tuple[Intent, str], ...]
    clauses: tuple[tuple[Intent, str], ...]
    topics: tuple[tuple[Topic, str], ...]
    consent: Consent
    refusing_openers: str
    refusals: str
    negation: str
    hesitation: str
    question_openers: str
    policy: str
    ordinals: Mapping[str, int]
    ordinal_frames: tuple[str, ...]
    any_of_them: str
    day_words: str
