"""What comes of driving a saga: values that the use cases make their answers of."""

from __future__ import annotations

from dataclasses import dataclass

from booking_core.model.booking import Booking
from booking_core.model.saga import Saga


@dataclass(frozen=True, slots=True)
class Lease:
    """A saga in our hands; ``owner`` is the token that every write of it shows."""

    saga: Saga
    owner: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The saga is closed and the booking is what it says; ``refusal`` is the reason for which it turned back, if it did."""

    booking: Booking
    refusal: str | None

    @property
    def back(self) -> bool:
        """Whether it did not come about."""
        return self.refusal is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The saga stays open: somebody else has it, or the calendar does not answer.

    ``refusal``: why it is certain not to come about, once it is. ``trouble``: what broke in our own code on the way, if anything
    did.
    """

    refusal: str | None = None
    trouble: Exception | None = None

    @property
    def back(self) -> bool:
        """Whether it is certain not to come about."""
        return self.refusal is not None


Progress = Ended | Waiting
