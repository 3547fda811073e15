"""What one message means, apart from what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from booking_core.model.ids import ServiceId, StaffId
from bot.understanding.when.model import When


class Intent(StrEnum):
    """What the guest does with a message; several may be true at once ("ja, und was kostet das?")."""

    GREET = "greet"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    LIST = "list"
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    """"hm", "ich weiß nicht", "maybe": neither yes nor no."""
    CORRECT = "correct"
    """The guest takes something back: "nein, Mittwoch", "ich meinte …", "I meant …"."""
    QUESTION = "question"
    WHY = "why"
    """"Warum geht 15 Uhr nicht?"."""
    LATER = "later"
    EARLIER = "earlier"
    OTHER = "other"
    """None of what was offered, something else."""
    HUMAN = "human"
    HELP = "help"
    STOP = "stop"
    """"Vergiss es", "stop": end what is going on."""
    THANKS = "thanks"
    BYE = "bye"
    SMALL_TALK = "small_talk"
    """"Wie geht es Ihnen?", "bist du ein Roboter?" """


class Topic(StrEnum):
    """What a question is about."""

    PRICE = "price"
    HOURS = "hours"
    ADDRESS = "address"
    PHONE = "phone"
    DURATION = "duration"
    STAFF = "staff"
    SERVICES = "services"
    AVAILABILITY = "availability"
    """"Haben Sie am Donnerstag etwas frei?": really a wish to book."""
    IDENTITY = "identity"
    """Who or what is speaking."""
    POLICY = "policy"
    """Cancelling and moving: until when, at what cost."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceMention:
    """Services named in a message, best first; one candidate is certain, several mean: ask."""

    candidates: tuple[ServiceId, ...] = ()
    unknown: str | None = None
    """Words that name a service the tenant does not have ("Maniküre")."""

    @property
    def certain(self) -> ServiceId | None:
        """The one service meant, or None."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class StaffMention:
    """A wish for somebody: a known id, ``anyone`` ("egal bei wem"), or an unknown name as it was said.

    ``excluded``: who shall not do it ("nicht bei Anna").
    """

    staff: StaffId | None = None
    anyone: bool = False
    unknown: str | None = None
    excluded: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """Everything one message says. ``text`` is the guest's words; empty parts were not said.

    ``ordinal`` is 1-based and negative from the end (-1 "der letzte"). ``phone`` is E.164, ``email`` normalised lower case
    in its domain. ``bad_email`` and ``bad_phone`` hold what looked like one and is none.
    """

    text: str
    language: str | None = None
    """The language of the message where its words tell; None for names, numbers and buttons."""
    intents: frozenset[Intent] = frozenset()
    topics: tuple[Topic, ...] = ()
    service: ServiceMention = ServiceMention()
    staff: StaffMention = StaffMention()
    when: When = field(default_factory=When)
    ordinal: int | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    bad_email: str | None = None
    bad_phone: str | None = None
    reference: str | None = None

    def has(self, *intents: Intent) -> bool:
        """Whether any of these intents is in the message."""
        return not self.intents.isdisjoint(intents)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the bot has just asked, as far as it changes how an answer reads."""

    expects: str = "anything"
    """``service | when | choice | name | contact | confirm | which_booking | anything``."""
    offered: int = 0
    """How many choices lie on the table (an ordinal beyond it is none)."""
