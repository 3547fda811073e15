"""What guests were told: at the end it is held against what came about."""

from __future__ import annotations

from dataclasses import dataclass, field

from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, HoldId, Reference
from booking_core.model.slot import Plan


@dataclass(frozen=True, slots=True)
class Word:
    """The last word about a booking. ``plan`` is None where the guest cannot know which of two times holds."""

    cancelled: bool
    plan: Plan | None


@dataclass(slots=True)
class Told:
    """The last word about each booking, the conversations in which something was promised, and the holds of which nothing came."""

    last: dict[Reference, Word] = field(default_factory=dict)
    promised: dict[Reference, ConversationId | None] = field(default_factory=dict)
    lost: list[HoldId] = field(default_factory=list)
    conversations: list[ConversationId] = field(default_factory=list)

    def booked(self, booking: Booking, plan: Plan) -> None:
        """It stands, at this time."""
        self.last[booking.reference] = Word(False, plan)

    def is_cancelled(self, reference: Reference) -> bool:
        """Whether that was the last word."""
        word = self.last.get(reference)
        return word is not None and word.cancelled

    def cancelled(self, reference: Reference) -> None:
        """It is or will be cancelled."""
        self.last[reference] = Word(True, None)

    def unsure(self, reference: Reference) -> None:
        """It may stand at either time."""
        word = self.last.get(reference)
        if word is not None and not word.cancelled:
            self.last[reference] = Word(False, None)

    def nothing(self, reference: Reference) -> None:
        """Nobody answered: it may stand or not."""
        self.last.pop(reference, None)

    def promise(self, booking: Booking) -> None:
        """The answer comes later, in the conversation."""
        self.promised[booking.reference] = booking.conversation
