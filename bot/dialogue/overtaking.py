"""Two turns of one conversation at the same moment, in two processes: the later one to save finds another state than it began with.

Pure.
"""

from __future__ import annotations

from dataclasses import replace

from booking_core.model.booking import Booking
from booking_core.services.booking import OVER
from bot.dialogue import decisions
from bot.dialogue.state import State

ANSWERS = decisions.Confirm | decisions.Decline | decisions.Stop | decisions.Take | decisions.TooLate
"""Decisions that answer the very question they were said to."""


def same_question(one: State, other: State) -> bool:
    """Whether the same thing lies on the table in both."""
    return _table(one) == _table(other)


def merged(before: State, after: State, newer: State, booking: Booking) -> State:
    """The ``newer`` state with what a turn from ``before`` to ``after`` did to ``booking``, which cannot be undone.

    What the guest has come to ask meanwhile stays open. Another time for the same service, asked for before anybody could know
    of the booking, becomes a move of it: nobody who names two times for one wish wants both.
    """
    if same_question(before, newer):
        return replace(after, turn=newer.turn, name=newer.name, email=newer.email, phone=newer.phone)
    reference = booking.reference
    if booking.status in OVER:
        kept = newer.without_wish() if newer.target == reference else newer
        return replace(kept, last_booking=None) if kept.last_booking == reference else kept
    newer = replace(newer, last_booking=reference)
    if newer.target == reference or before.task != "book" or newer.task != "book":
        return newer
    if newer.service not in {None, booking.service}:
        return newer
    if newer.held is None and not newer.offers:
        # A no that came too late; a mere question leaves what is on the table.
        declined = before.held is not None and newer.service is not None
        return replace(newer.without_wish(), task="cancel", target=reference) if declined else newer
    return replace(
        newer.without_wish(),
        task="move",
        target=reference,
        staff=newer.staff,
        windows=newer.windows,
        offers=newer.offers,
        held=newer.held,
    )


def _table(state: State) -> tuple[object, ...]:
    held = state.held.hold if state.held is not None else None
    return (state.task, state.target, held, state.offers, state.days, state.candidates, state.expects == "confirm")
