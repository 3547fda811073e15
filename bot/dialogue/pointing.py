"""What the words of a message point to among the things on the table: offers, the held time, bookings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from booking_core.model.booking import Booking
from booking_core.model.ids import Reference, StaffId
from booking_core.model.slot import Plan
from bot.dialogue.decisions import Shift
from bot.dialogue.state import Offer, State
from bot.understanding.meaning import Intent, Meaning
from bot.understanding.when.model import Reading

_T = TypeVar("_T")


def chosen_by_time(state: State, meaning: Meaning, zone: ZoneInfo) -> Offer | None:
    """The one offer that the words for a time point to: its clock time, its day, or both."""
    if meaning.when.none:
        return None
    wanted = meaning.staff.staff
    pool = [offer for offer in state.offers if wanted is None or is_with(offer.plan, wanted, state.staff)]
    for reading in meaning.when.readings:
        if reading.kind in {"open_end", "open_start"}:
            continue  # "ab 16 Uhr" is a wish, even where only one of the offers is
        fits = [offer for offer in pool if _covers(reading.start, reading.end, offer.plan.starts_at)]
        if not fits and reading.kind == "instant" and not reading.day_said and reading.start is not None:
            clock = reading.start.astimezone(zone).time()
            fits = [offer for offer in pool if offer.plan.starts_at.astimezone(zone).time() == clock]
        if len(fits) == 1:
            return fits[0]
    return None


def only_one_with(state: State, staff: StaffId) -> Offer | None:
    """The one offer that is with this person."""
    fits = [offer for offer in state.offers if is_with(offer.plan, staff, state.staff)]
    return fits[0] if len(fits) == 1 else None


def allows(reading: Reading, plan: Plan) -> bool:
    """Whether a plan is as was said; "bis Freitag" on leaving allows the Friday."""
    if reading.end is not None and reading.bounds_end and plan.ends_at > reading.end:
        return False
    if reading.kind == "open_start" and reading.end is not None:
        return plan.starts_at < reading.end
    if reading.kind == "open_end" and reading.start is not None:
        return plan.starts_at >= reading.start
    return _covers(reading.start, reading.end, plan.starts_at)


def is_with(plan: Plan, staff: StaffId, wished: StaffId | None) -> bool:
    """ "Bei Anna" means that she begins; of a plan that was searched for her, that she does her part."""
    return plan.placements[0].staff == staff or (staff == wished and staff in plan.staff)


def _covers(start: datetime | None, end: datetime | None, instant: datetime) -> bool:
    if start is not None and end is not None:
        return start <= instant < end
    return start == instant


def shift_of(meaning: Meaning) -> Shift | None:
    """Later, earlier or something else than what was shown."""
    if meaning.has(Intent.LATER):
        return "later"
    if meaning.has(Intent.EARLIER):
        return "earlier"
    return "other" if meaning.has(Intent.OTHER) else None


def shift_alone(state: State, meaning: Meaning) -> Shift | None:
    """A shift without a time of its own: "später" may come with the time on the table that it is later than."""
    shift = shift_of(meaning)
    if shift is None or meaning.when.none:
        return shift
    shown = {offer.plan.starts_at for offer in state.offers}
    if state.held is not None:
        shown.add(state.held.plan.starts_at)
    relative = shift in {"later", "earlier"} and all(
        reading.kind in {"open_end", "open_start"} and (reading.start or reading.end) in shown
        for reading in meaning.when.readings
    )
    return shift if relative else None


def at_place(items: Sequence[_T], ordinal: int) -> _T | None:
    """The item at a 1-based place, negative from the end."""
    index = ordinal - 1 if ordinal > 0 else len(items) + ordinal
    return items[index] if 0 <= index < len(items) else None


def named_booking(meaning: Meaning, bookings: Sequence[Booking]) -> Reference | None:
    """The booking whose reference was said, if it is one of these."""
    return next((b.reference for b in bookings if b.reference == meaning.reference), None)


def names_foreign_booking(meaning: Meaning, bookings: Sequence[Booking]) -> bool:
    """Whether a reference was said that is none of these."""
    return meaning.reference is not None and named_booking(meaning, bookings) is None


def booking_by_place(meaning: Meaning, bookings: Sequence[Booking]) -> Reference | None:
    """ "The second one"."""
    booking = at_place(bookings, meaning.ordinal) if meaning.ordinal is not None else None
    return booking.reference if booking else None


def described_booking(meaning: Meaning, bookings: Sequence[Booking], zone: ZoneInfo) -> Booking | None:
    """The one booking that service, day, hour and person fit, all of those that were said; None where nothing was."""
    services, person, readings = meaning.service.candidates, meaning.staff.staff, meaning.when.readings
    if not services and person is None and not readings:
        return None
    if len(bookings) == 1 and not services and not readings:
        return None  # who has one appointment names whom it shall be with, not whom it is with
    fits = [
        booking
        for booking in bookings
        if (not services or booking.service in services)
        and (person is None or person in booking.plan.staff)
        and (not readings or any(_is_at(reading, booking.starts_at, zone) for reading in readings))
    ]
    return fits[0] if len(fits) == 1 else None


def _is_at(reading: Reading, start: datetime, zone: ZoneInfo) -> bool:
    """Whether a booking starts when it is said to; a clock time alone may be on any day."""
    if _covers(reading.start, reading.end, start):
        return True
    if reading.day_said or not reading.time_said or reading.start is None:
        return False
    first, at = reading.start.astimezone(zone).time(), start.astimezone(zone).time()
    if reading.kind == "instant":
        return at == first
    if reading.kind != "interval" or reading.end is None:
        return False
    return first <= at < reading.end.astimezone(zone).time()
