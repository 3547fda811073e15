"""What only the parts of a message together tell: a wish to book, a correction, what a question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.intents import Said
from bot.understanding.meaning import Asked, Intent, ServiceMention, StaffMention, Topic
from bot.understanding.text import pattern
from bot.understanding.when import When

_ABOUT_OPENING = frozenset({Topic.HOURS, Topic.POLICY})
_ABOUT_THE_HOUSE = frozenset({Topic.HOURS, Topic.POLICY, Topic.ADDRESS, Topic.PHONE, Topic.IDENTITY})
_NOT_A_BOOKING = frozenset({Intent.MOVE, Intent.CANCEL, Intent.LIST, Intent.STOP, Intent.BYE})
_ABOUT_BOOKINGS = frozenset({Intent.WHY, Intent.MOVE, Intent.CANCEL, Intent.LIST})
_ANSWERS_OFFERS = frozenset({Intent.LATER, Intent.EARLIER, Intent.OTHER, Intent.CANCEL, Intent.MOVE, Intent.STOP})
_SHIFTS = frozenset({Intent.LATER, Intent.EARLIER})
_OWN = re.compile(r"\b(?:meine[nrm]?|unsere[nrm]?|den|diesen|my|our|the) (?:termin|appointment|booking)\b")
_RESERVATION = re.compile(r"\b(?:aber|but|nur|only|except|if|wenn|falls|ausser|außer)\b")
_LAST = re.compile(r"\b(?:letzte[nrsm]?|last)\b")
_NO_ADDRESS = pattern(
    r"(?:keine?|ohne|no|without(?: an?)?|(?:haven't|have not) got(?: an?)?|don't have(?: an?)?|do not have(?: an?)?)(?: \w+){0,1} (?:e-?)?mail(?:s|adresse|-adresse| address)?"
    r"|(?:e-?)?mail(?:adresse|-adresse)? (?:habe?|besitze|benutze|nutze) (?:ich |wir )?(?:\w+ ){0,2}(?:nicht|keine?)"
)
_ASKS_WHAT = re.compile(
    r"(?:und |and )?(?:was|wie|wo|wer|woran|wofür|welche|brauch|muss|soll|ist|sind|what|how|where|which|is|are|should|does|do i)\b"
    r"|(?:und |and )?(?:brauche|braucht|muss|sollte) "
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts as the readers found them, or as they are left once put together."""

    intents: frozenset[Intent]
    topics: tuple[Topic, ...]
    service: ServiceMention
    staff: StaffMention
    when: When

    @property
    def named(self) -> bool:
        """Whether a service was named, known or not."""
        return self.service != ServiceMention()

    @property
    def content(self) -> bool:
        """Whether anything was said that a booking is made of."""
        return self.named or self.staff != StaffMention() or not self.when.none


def combine(
    said: Said,
    service: ServiceMention,
    staff: StaffMention,
    when: When,
    asked: Asked,
    *,
    guest: bool,
    goes_on: bool = False,
) -> Parts:
    """The parts of one message, each seen in the light of the others.

    `guest`: a name or contact was said. `goes_on`: the time belongs to a sentence after a question, which is not about it.
    """
    if service.unknown is not None and _ABOUT_THE_HOUSE.intersection(said.topics):
        service = ServiceMention()
    farewell = Intent.BYE in said.intents and asked.expects not in {"when", "choice", "confirm"}
    if farewell and service == ServiceMention():
        when = When()
    parts = Parts(said.intents, said.topics, service, staff, when)
    parts = _with_anyone(parts, said) if staff.anyone else _with(parts, topics=_topics(parts, said))
    goes_on = goes_on and Topic.HOURS in parts.topics and Topic.POLICY not in parts.topics
    if goes_on and Topic.AVAILABILITY not in parts.topics:
        parts = _with(parts, topics=(*parts.topics, Topic.AVAILABILITY))
    return _with(parts, intents=_intents(parts, said, asked, guest=guest, goes_on=goes_on))


def _with(
    parts: Parts, *, intents: frozenset[Intent] | None = None, topics: tuple[Topic, ...] | None = None
) -> Parts:
    return Parts(
        parts.intents if intents is None else intents,
        parts.topics if topics is None else topics,
        parts.service,
        parts.staff,
        parts.when,
    )


def _with_anyone(parts: Parts, said: Said) -> Parts:
    """ "Egal wer" and "I don't mind who" neither ask nor refuse."""
    intents, topics = set(parts.intents), tuple(topic for topic in parts.topics if topic is not Topic.STAFF)
    if "?" not in said.text:
        intents.discard(Intent.QUESTION)
        topics = ()
    if Intent.YES not in intents:
        intents -= {Intent.NO, Intent.UNSURE, Intent.CORRECT}
    return _with(parts, intents=frozenset(intents), topics=topics)


def _topics(parts: Parts, said: Said) -> tuple[Topic, ...]:
    """The topic of a question that no row explains."""
    intents, timed = parts.intents, not parts.when.none
    if parts.topics or Intent.QUESTION not in intents:
        return parts.topics
    if parts.service.unknown is not None:
        return (Topic.SERVICES,)
    if (
        (timed or parts.staff != StaffMention())
        and not intents & _ABOUT_BOOKINGS
        and Intent.SMALL_TALK not in intents
    ):
        # "Macht Anna Dauerwellen?" asks who does what, "Hat Anna am Freitag Zeit?" when.
        return (Topic.STAFF,) if parts.named and not timed else (Topic.AVAILABILITY,)
    if not said.open_question or timed or intents & _ANSWERS_OFFERS:
        return ()
    if not parts.named:
        return (Topic.UNKNOWN,)
    if said.opens_question:
        return (Topic.UNKNOWN,) if _ASKS_WHAT.match(said.text) else (Topic.SERVICES,)
    return ()


def _intents(parts: Parts, said: Said, asked: Asked, *, guest: bool, goes_on: bool) -> frozenset[Intent]:
    intents = set(parts.intents)
    content = parts.content or said.ordinal is not None or (guest and asked.expects == "confirm")
    if _wants_booking(parts, said, asked, goes_on=goes_on):
        intents.add(Intent.BOOK)
    elif not parts.named and not intents.isdisjoint(_SHIFTS) and _OWN.search(said.text):
        # "Kann ich meinen Termin eine Stunde später haben?" is about one that stands already.
        intents.discard(Intent.BOOK)
    if asked.expects in {"name", "contact"} and not guest and _NO_ADDRESS.search(said.text):
        intents.add(Intent.NO)
        intents.discard(Intent.YES)
    if Intent.YES in intents and parts.content and _RESERVATION.search(said.text):
        intents.add(Intent.CORRECT)
    if Intent.NO in intents and content and Intent.OTHER not in intents:
        intents.add(Intent.CORRECT)
    settled = asked.expects != "confirm" or Intent.CORRECT in intents
    if Intent.UNSURE in intents and content and settled:
        # "Vielleicht Donnerstag" says enough to go on with.
        intents.discard(Intent.UNSURE)
    return frozenset(intents)


def _wants_booking(parts: Parts, said: Said, asked: Asked, *, goes_on: bool) -> bool:
    """A service with a time, or with a word of wishing."""
    about_opening = _ABOUT_OPENING.intersection(parts.topics) and not goes_on
    if not parts.named or parts.intents & _NOT_A_BOOKING or about_opening:
        return False
    if not parts.when.none:
        return _LAST.search(said.text) is None
    return said.wishes and not parts.topics and asked.expects == "anything"
