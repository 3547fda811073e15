"""Between the rows: which intent or topic gives way where another is said in the same message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.meaning import Asked, Intent, Topic
from bot.understanding.text import pattern

# Waiting for one of these, the guest is in the middle of a booking: "nein, ändern" is about it and no other.
_MIDWAY = frozenset({"service", "when", "choice", "name", "contact", "confirm"})


@dataclass(frozen=True, slots=True)
class Precedence:
    """Where one of `over` is said, what is in `under` is not meant; `but` keeps it where that is said too."""

    over: frozenset[Intent | Topic]
    under: frozenset[Intent | Topic]
    but: frozenset[Intent | Topic] = frozenset()


def _over(*over: Intent | Topic) -> frozenset[Intent | Topic]:
    return frozenset(over)


# In this order: what has given way gives way to nothing any more.
_PRECEDENCES = (
    Precedence(
        _over(Topic.POLICY),
        _over(
            Intent.CANCEL,
            Intent.MOVE,
            Intent.LATER,
            Intent.EARLIER,
            Intent.BOOK,
            Intent.LIST,
            Intent.NO,
            Topic.PRICE,
            Topic.HOURS,
            Topic.AVAILABILITY,
            Topic.DURATION,
            Topic.SERVICES,
            Topic.STAFF,
        ),
    ),
    # "Ich kann nicht kommen, können wir verschieben?": the visit stays.
    Precedence(
        _over(Intent.MOVE),
        _over(
            Intent.CANCEL,
            Intent.LIST,
            Intent.BOOK,
            Intent.LATER,
            Intent.EARLIER,
            Intent.OTHER,
            Topic.AVAILABILITY,
            Topic.HOURS,
        ),
    ),
    Precedence(_over(Intent.CANCEL), _over(Intent.LIST, Intent.BOOK, Intent.NO, Topic.AVAILABILITY)),
    Precedence(_over(Intent.LIST), _over(Intent.BOOK, Topic.AVAILABILITY)),
    Precedence(_over(Intent.WHY, Intent.SMALL_TALK, Intent.HELP), _over(Topic.AVAILABILITY)),
    Precedence(_over(Intent.HELP), _over(Topic.SERVICES)),
    Precedence(_over(Topic.IDENTITY), _over(Intent.HUMAN, Topic.STAFF)),
    Precedence(_over(Intent.HUMAN), _over(Intent.HELP, Topic.PHONE, Topic.STAFF, Topic.AVAILABILITY)),
    Precedence(_over(Intent.BYE), _over(Intent.LATER, Intent.EARLIER)),
    Precedence(_over(Intent.STOP), _over(Intent.NO, Intent.YES)),
    Precedence(
        _over(Topic.HOURS),
        _over(Topic.AVAILABILITY, Topic.DURATION, Topic.SERVICES, Intent.BOOK, Intent.LATER, Intent.EARLIER),
    ),
    Precedence(_over(Topic.STAFF, Topic.PRICE, Topic.DURATION), _over(Topic.AVAILABILITY), but=_over(Intent.BOOK)),
)

_ABOUT_THIS = re.compile(
    r"(?:bitte |please |nein |no |ok |ja )*(?:absagen|stornieren|storno|canceln|cancel)(?: (?:it|that|this|bitte|please|das|alles|everything))*"
)
_CANNOT = re.compile(r"kann|können|schaff\w*|can't|cannot|can not")
_AFTER_ALL = pattern(
    r"(?:passt|klappt)…(?:doch (?:leider )?nicht|nicht mehr)|(?:geht|ginge|schaffe?n?|kann|können)…doch (?:leider )?nicht(?= kommen|\s*[.!,]|\s*$)"
    r"|(?:geht|ginge)…(?:bei|für) (?:mir|mich|uns)…nicht mehr|(?:schaffe|schaffen)…nicht mehr"
    r"|(?:doesn't|does not|don't|won't|can't|cannot|can not) (?:work|suit|fit|do|make)…(?:after all|any ?more|any longer)"
)
_COMING = re.compile(r"absag|storn|cancel|termin|appointment|booking|krank|dazwischen|come up")
_WALKING_IN = re.compile(r"ohne termin|without (?:an? )?(?:appointment|booking)|walk[ -]?ins?\b")
_HAS_ONE = re.compile(
    r"\b(?:ich|wir|und)(?: \w+){0,3} (?:habe?|haben)(?! (?:gern|nur gern))(?: \w+){0,5} termin\b|\bi(?:'ve got| have| already have)(?: \w+){0,2} (?:appointment|booking)\b"
)
_WANTS_NONE = re.compile(
    r"nicht (?:mehr )?(?:buchen|reservieren)|keinen? (?:neuen )?(?:termin|buchung)|(?:don't|do not) (?:want|need|book)|no appointment"
)
_THE_BOOKING = re.compile(r"termin|buchung|appointment|booking|reservation")
_DECLINES_POLITELY = re.compile(r"danke nein|(?:nein|no|nee|nö|ne)[ ,]+(?:danke|thank)")


def settle(intents: set[Intent], topics: list[Topic], text: str, asked: Asked) -> None:
    """Removes and adds in place what follows from the rest of a lower-case text and from what was asked."""
    if Topic.POLICY in topics:
        intents.add(Intent.QUESTION)
    if {Intent.CANCEL, Intent.MOVE} <= intents:
        intents.discard(Intent.NO)
    if asked.expects == "anything" and "?" not in text and Intent.MOVE not in intents and _AFTER_ALL.search(text):
        # With nothing else talked about, what does not suit any more is what is booked.
        intents.add(Intent.CANCEL)
        intents.discard(Intent.OTHER)
    if Intent.CANCEL in intents:
        _cancelling(intents, text, asked)
    if Intent.MOVE in intents and asked.expects in _MIDWAY and not _THE_BOOKING.search(text):
        intents.add(Intent.CORRECT)
    if Topic.IDENTITY in topics:
        intents.add(Intent.SMALL_TALK)
    for row in _PRECEDENCES:
        said = {*intents, *topics}
        if said & row.over and not said & row.but:
            intents -= row.under
            topics[:] = [topic for topic in topics if topic not in row.under]
    if _WALKING_IN.search(text) or _HAS_ONE.search(text) or _WANTS_NONE.search(text):
        intents.discard(Intent.BOOK)
    if Topic.SERVICES in topics and not _THE_BOOKING.search(text):
        intents.discard(Intent.BOOK)
    if {Intent.NO, Intent.THANKS} <= intents and _DECLINES_POLITELY.search(text):
        intents.discard(Intent.THANKS)
    if {Intent.OTHER, Intent.YES, Intent.QUESTION} <= intents:
        intents.discard(Intent.YES)
    if {Intent.WHY, Intent.YES} <= intents and "?" not in text:
        # "Warum nicht" without a mark agrees.
        intents -= {Intent.WHY, Intent.QUESTION}


def _cancelling(intents: set[Intent], text: str, asked: Asked) -> None:
    """Before anything is booked, "cancel" may mean the conversation, and "da kann ich nicht" the time."""
    if asked.expects in _MIDWAY and _ABOUT_THIS.fullmatch(text.strip(" .!")):
        intents.add(Intent.STOP)
    if asked.expects in {"when", "choice", "confirm"} and _CANNOT.search(text) and not _COMING.search(text):
        intents.discard(Intent.CANCEL)
        intents |= {Intent.NO, Intent.OTHER}
