"""The wish of a conversation with what a message says of time and person. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from booking_core.availability.rules import Window
from booking_core.model.interval import day_interval
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from bot.dialogue.decisions import Shift
from bot.dialogue.facts import Facts
from bot.dialogue.people import NOBODY, people_of, served_by
from bot.dialogue.pointing import allows, is_with, shift_of
from bot.dialogue.state import State
from bot.dialogue.windows import wished_time
from bot.understanding.meaning import Meaning, StaffMention

_WEEK = timedelta(days=7)
_MINUTE = timedelta(minutes=1)


def with_time(state: State, meaning: Meaning, facts: Facts, *, pivot: datetime | None = None) -> State:
    """The time that was said; "later" and "earlier" are meant against ``pivot`` on its own day."""
    shift = shift_of(meaning)
    if meaning.when.none:
        if pivot is None or shift not in {"later", "earlier"} or state.task != "move":
            return state
        day = day_interval(pivot.astimezone(facts.tenant.zone).date(), facts.tenant.zone)
        return state.wishing(windows=(beyond(Window(day.starts_at, day.ends_at), pivot, shift),))
    wished = wished_time(meaning.when, state.time_of_day, now=facts.now, zone=facts.tenant.zone)
    windows = tuple(beyond(window, pivot, shift) for window in wished.windows)
    return state.wishing(windows=windows, time_of_day=wished.time_of_day)


def with_staff(state: State, meaning: Meaning, facts: Facts) -> State:
    """The person who was named, one of several, nobody in particular, or anybody but one."""
    mention = meaning.staff
    people = people_of(meaning, facts.tenant, _service_of(state, facts))
    if people.staff:
        kept = None if state.excluded in people.staff else state.excluded
        return state.wishing(staff=None, people=people, excluded=mention.excluded or kept)
    if mention != StaffMention(unknown=mention.unknown):
        state = replace(state, people=NOBODY)
    if mention.staff:
        kept = None if state.excluded == mention.staff else state.excluded
        return state.wishing(staff=mention.staff, excluded=mention.excluded or kept)
    if mention.anyone:
        return state.wishing(staff=None, excluded=mention.excluded)
    if mention.excluded:
        staff = None if state.staff == mention.excluded else state.staff
        return state.wishing(staff=staff, excluded=mention.excluded)
    return state


def pivot_of(state: State, facts: Facts) -> datetime | None:
    """What "later" is later than: the held time, the earliest offer, or the booking to be moved."""
    if state.held is not None:
        return state.held.plan.starts_at
    if state.offers:
        return min(offer.plan.starts_at for offer in state.offers)
    return next((booking.starts_at for booking in facts.bookings if booking.reference == state.target), None)


def beyond(window: Window, pivot: datetime | None, shift: Shift | None) -> Window:
    """The part of a window that lies on the wished side of ``pivot``; the window itself where that says nothing."""
    if pivot is None or window.exact or not window.starts_from <= pivot < window.starts_before:
        return window
    if shift == "later" and pivot + _MINUTE < window.starts_before:
        return replace(window, starts_from=pivot + _MINUTE)
    if shift == "earlier" and window.starts_from < pivot:
        return replace(window, starts_before=pivot, bounds_end=False)
    return window


def changes_wish(state: State, meaning: Meaning, facts: Facts) -> bool:
    """Whether the message asks for another service, person or time than the one held (or wished)."""
    if meaning.service.candidates and state.service not in meaning.service.candidates:
        return True
    if meaning.staff.unknown:
        return True
    mention = meaning.staff
    if state.held is None:
        somebody = mention.staff or mention.anyone or mention.excluded
        return bool(meaning.service.candidates or somebody or not meaning.when.none)
    plan = state.held.plan
    if mention.excluded in plan.staff:
        return True
    people = people_of(meaning, facts.tenant, facts.tenant.find_service(plan.service))
    if people.staff:
        return not served_by(plan, people) or _changes_time(meaning, plan)
    if meaning.staff.staff and not is_with(plan, meaning.staff.staff, state.staff):
        return True
    return _changes_time(meaning, plan)


def _changes_time(meaning: Meaning, plan: Plan) -> bool:
    return not meaning.when.none and not any(allows(reading, plan) for reading in meaning.when.readings)


def _service_of(state: State, facts: Facts) -> Service | None:
    target = next((booking for booking in facts.bookings if booking.reference == state.target), None)
    service = target.service if target is not None else state.service
    return facts.tenant.find_service(service) if service is not None else None


def far_apart(meaning: Meaning) -> tuple[datetime, ...]:
    """Starts to ask about; two that lie one week apart are not asked, the nearer one is read back with its date."""
    starts = [reading.start for reading in meaning.when.readings if reading.start is not None]
    if len(starts) < 2 or all(later - starts[0] == _WEEK for later in starts[1:]):
        return ()
    return tuple(sorted(set(starts)))[:3]


def window_of(stated: datetime, facts: Facts) -> Window:
    """The day that was chosen, or the exact time where the wish had one."""
    local_start = stated.astimezone(facts.tenant.zone)
    if local_start.hour or local_start.minute:
        return Window(stated, stated + timedelta(minutes=1), exact=True)
    whole = day_interval(local_start.date(), facts.tenant.zone)
    return Window(whole.starts_at, whole.ends_at)
