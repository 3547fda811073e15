"""What can be decided about a message: one small value per action, carried out by `turn`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from booking_core.availability.rules import Window
from booking_core.model.ids import Reference, ServiceId, StaffId
from booking_core.model.slot import Plan
from bot.dialogue.state import TimeOfDay
from bot.understanding.meaning import Meaning, Topic

Shift = Literal["later", "earlier", "other"]


@dataclass(frozen=True, slots=True)
class Greet:
    """Only a greeting was said."""


@dataclass(frozen=True, slots=True)
class AskService:
    """No service, or several that could be meant."""

    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class AskWhen:
    """The service is known, the time is not."""


@dataclass(frozen=True, slots=True)
class AskWhichDay:
    """The words lead to different days (or halves of a day)."""

    days: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Look for times for the wish in the state."""

    shift: Shift | None = None
    """Relative to what was offered before."""
    loosen: bool = False
    """The time of day was kept from an earlier wish: where the new day does not have it, any time will do."""
    once: bool = False
    """A series was wished ("every other Friday"): it is the next of it that is looked for, which has to be said."""


@dataclass(frozen=True, slots=True)
class Explain:
    """Tell why a wish cannot be, and what can. Nothing of the state is changed yet: it may turn out to be possible."""

    service: ServiceId | None
    windows: tuple[Window, ...]
    staff: StaffId | None = None
    time_of_day: TimeOfDay | None = None
    loosen: bool = False
    """As in a search."""
    whole: bool = False
    """Whether ``staff`` is to do every segment."""


@dataclass(frozen=True, slots=True)
class Justify:
    """Tell why the open question is asked; nothing was refused."""


@dataclass(frozen=True, slots=True)
class Take:
    """Hold the chosen plan."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Confirm:
    """An explicit yes to service, day and time. ``further`` is what else was wished in the same breath."""

    further: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """A clear no to the final question: free the time at once."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """A no to a change whose yes is carried out, or being carried out, already."""

    change: Literal["move", "cancel"]


@dataclass(frozen=True, slots=True)
class Continue:
    """Nothing to do but ask the next open question, perhaps with a word about a bad contact."""

    bad_email: bool = False
    bad_phone: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Inform:
    """Answer side questions and keep the thread. ``services`` are those asked about."""

    topics: tuple[Topic, ...]
    services: tuple[ServiceId, ...] = ()
    day: date | None = None
    """The date whose opening hours are asked for."""


@dataclass(frozen=True, slots=True)
class ListBookings:
    """Name the bookings of this conversation."""


@dataclass(frozen=True, slots=True)
class Change:
    """Move or cancel a booking; ``target`` None means the only one there is, or ask.

    ``in_turn``: several were meant, which go one after the other.
    """

    task: Literal["move", "cancel"]
    target: Reference | None = None
    in_turn: bool = False


@dataclass(frozen=True, slots=True)
class NotChangedHere:
    """The guest's name or contact in a booking, which only the salon changes."""


@dataclass(frozen=True, slots=True)
class ForeignReference:
    """A booking reference that this conversation does not have: it authorises nothing and reveals nothing."""


@dataclass(frozen=True, slots=True)
class Handover:
    """The guest wants a human, or we have not understood for too long, or cannot do it."""

    why: Literal["asked", "lost", "refused"]


@dataclass(frozen=True, slots=True)
class Stop:
    """The guest ends what is going on."""


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """A yes with nothing to agree to, right after a booking."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Thanks, goodbye, a kind word."""

    kind: Literal["thanks", "bye", "chat", "help", "language"]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing in the message means anything here."""


Decision = (
    Greet
    | AskService
    | AskWhen
    | AskWhichDay
    | Search
    | Explain
    | Justify
    | Take
    | Confirm
    | Decline
    | TooLate
    | Continue
    | Inform
    | ListBookings
    | Change
    | NotChangedHere
    | ForeignReference
    | Handover
    | Stop
    | AlreadyBooked
    | SmallTalk
    | NotUnderstood
)
