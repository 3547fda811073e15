"""How a booking stands, as far as a guest may rely on it. Pure."""

from __future__ import annotations

from enum import Enum

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.saga import Saga, SagaKind


class Standing(Enum):
    """The values end the keys of texts. ``NOTED``: promised, but not confirmed yet."""

    FIRM = "firm"
    NOTED = "noted"
    MOVING = "moving"
    LEAVING = "leaving"


def standing_of(booking: Booking, change: Saga | None) -> Standing:
    """The standing of a live booking; ``change`` is what is under way with it."""
    if is_called_off(booking) or (change is not None and change.kind is SagaKind.CANCEL):
        return Standing.LEAVING
    if booking.status is not BookingStatus.CONFIRMED:
        return Standing.NOTED
    moving = change is not None and change.kind is SagaKind.MOVE and not change.back
    return Standing.MOVING if moving else Standing.FIRM


def is_called_off(booking: Booking) -> bool:
    """Whether somebody was told that it will be cancelled: that does not give up before it is done."""
    return any(
        entry.event == "called_off" or (entry.event == "promised" and entry.data.get("change") == SagaKind.CANCEL)
        for entry in booking.history
    )


def was_confirmed(booking: Booking) -> bool:
    """Whether it ever stood in the calendar, so that an invitation went out."""
    return any(entry.event == "confirmed" for entry in booking.history)
