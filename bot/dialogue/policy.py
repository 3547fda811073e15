"""The decision table: state and meaning in, the changed state and one decision out. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from booking_core.availability.rules import Window
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Reference, ServiceId
from booking_core.model.interval import day_interval
from booking_core.model.saga import SagaKind
from bot.dialogue.decisions import (
    AlreadyBooked,
    AskService,
    AskWhen,
    AskWhichDay,
    Change,
    Confirm,
    Continue,
    Decision,
    Decline,
    Explain,
    ForeignReference,
    Greet,
    Handover,
    Inform,
    Justify,
    ListBookings,
    NotChangedHere,
    NotUnderstood,
    Search,
    SmallTalk,
    Stop,
    Take,
    TooLate,
)
from bot.dialogue.facts import Facts
from bot.dialogue.people import People
from bot.dialogue.pointing import (
    at_place,
    booking_by_place,
    chosen_by_time,
    named_booking,
    names_foreign_booking,
    only_one_with,
    shift_alone,
    shift_of,
)
from bot.dialogue.standing import is_called_off
from bot.dialogue.state import State
from bot.dialogue.wish import beyond, changes_wish, far_apart, pivot_of, window_of, with_staff, with_time
from bot.understanding.meaning import Intent, Meaning, StaffMention, Topic
from bot.understanding.wording import (
    Detail,
    altered_detail,
    asks_for_reference,
    means_all,
    named_detail,
    speaks_of_an_appointment,
    wishes_another,
)

PATIENCE = 3
"""After so many messages in a row that mean nothing, a human is offered."""

_MINUTE = timedelta(minutes=1)
_A_LANGUAGE = re.compile(r"\b(?:deutsch|englisch|english|german)\b", re.IGNORECASE)
_ASKED_BESIDE = frozenset({Topic.AVAILABILITY})
_SIDE_TOPICS = frozenset(Topic) - {Topic.AVAILABILITY}


def decide(state: State, meaning: Meaning, facts: Facts) -> tuple[State, Decision]:
    """The first row that fits wins; rows that need less certainty come later."""
    state = _absorb_guest(state, meaning)
    for row in _ROWS:
        if (answer := row(state, meaning, facts)) is not None:
            changed, decision = answer
            changed = replace(changed, asked_else=False)
            confusion = state.confusion + 1 if isinstance(decision, NotUnderstood) else 0
            if isinstance(decision, NotUnderstood) and confusion >= PATIENCE:
                return replace(changed, confusion=0), Handover("lost")
            return replace(changed, confusion=confusion), decision
    raise AssertionError("the last row always fits")


def decide_choice(state: State, choice: str, facts: Facts) -> tuple[State, Decision]:
    """What a pressed button means; one that is not on the table any more brings up the open question again."""
    state = replace(state, asked_else=False)
    kind, _, value = choice.partition(":")
    if state.expects == "confirm" and choice in {"yes", "no"}:
        return (state, Confirm()) if choice == "yes" else (state, Decline())
    if offer := next((offer for offer in state.offers if offer.id == choice), None):
        return state, Take(offer.plan)
    if kind == "service" and facts.tenant.find_service(value) and state.expects in {"service", "anything"}:
        return _next(state.wishing(service=ServiceId(value), candidates=()), facts)
    if kind == "booking" and state.expects == "which_booking" and state.task != "book":
        return state, Change(state.task, Reference(value))
    if kind == "day" and (day := _stated_day(state, value)) is not None:
        return _next(state.wishing(windows=(window_of(day, facts),)), facts)
    return state, Continue(stale=True)


def decide_further(state: State, meaning: Meaning, facts: Facts, first: Booking) -> tuple[State, Decision]:
    """What was wished beside the yes that has led to ``first``; for "one more" without a name it is the same service."""
    if not meaning.service.candidates and not meaning.service.unknown and not speaks_of_an_appointment(meaning):
        state = replace(state, service=first.service)
    intents = meaning.intents - {Intent.YES, Intent.OTHER} | {Intent.BOOK}
    return decide(state, replace(meaning, intents=intents), facts)


def decide_too_late(state: State, kind: SagaKind, reference: Reference) -> tuple[State, Decision]:
    """A no to a question that was answered already: a booking can still be cancelled. ``state`` is that after the yes."""
    match kind:
        case SagaKind.BOOK:
            return _cancelling(state, reference)
        case SagaKind.MOVE:
            return state, TooLate("move")
        case SagaKind.CANCEL:
            return state, TooLate("cancel")


Answer = tuple[State, Decision] | None


def _absorb_guest(state: State, meaning: Meaning) -> State:
    return replace(
        state,
        name=meaning.name or state.name,
        email=meaning.email or state.email,
        phone=meaning.phone or state.phone,
    )


def _human(state: State, meaning: Meaning, facts: Facts) -> Answer:
    return (state, Handover("asked")) if meaning.has(Intent.HUMAN) else None


def _consent(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """Only a plain yes to the final question books; a question, a doubt or another wish in its place is none."""
    if state.expects != "confirm":
        return None
    if meaning.has(Intent.YES) and _ASKED_BESIDE.issuperset(meaning.topics) and wishes_another(meaning):
        return state, Confirm(meaning)
    doubt = meaning.has(Intent.NO, Intent.UNSURE, Intent.QUESTION, Intent.CORRECT, Intent.WHY, Intent.STOP)
    other = meaning.topics or meaning.has(Intent.LATER, Intent.EARLIER, Intent.OTHER) or meaning.staff.unknown
    if meaning.has(Intent.YES) and not doubt and not other and not changes_wish(state, meaning, facts):
        return state, Confirm()
    if meaning.has(Intent.NO, Intent.STOP) and not changes_wish(state, meaning, facts) and not other:
        # "Nein, die Mail ist …" refuses what was read back of the guest, not the time.
        if state.task == "book" and not meaning.has(Intent.STOP):
            if _says_who(meaning):
                return None
            if (detail := named_detail(meaning)) is not None:
                return _without(state, detail), Continue()
        return state, Decline()
    return None


def _without(state: State, detail: Detail) -> State:
    """The state in which what was wrong about the guest is asked for again."""
    return replace(state, name=None) if detail == "name" else replace(state, email=None, phone=None)


def _says_who(meaning: Meaning) -> bool:
    return any((meaning.name, meaning.email, meaning.phone, meaning.bad_email, meaning.bad_phone))


def _stop(state: State, meaning: Meaning, facts: Facts) -> Answer:
    if not meaning.has(Intent.STOP):
        return None
    if state.task == "book":
        return _second_thoughts(state, facts) or (state.without_wish(), Stop())
    # "Stornieren bitte" in the middle of moving means the booking.
    return None if meaning.has(Intent.CANCEL) else (state, Decline())


def _listing(state: State, meaning: Meaning, facts: Facts) -> Answer:
    return (state, ListBookings()) if meaning.has(Intent.LIST) or asks_for_reference(meaning) else None


def _altering(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """Another name or contact: of the wish it is simply taken, of a booking the salon changes it."""
    detail = altered_detail(meaning)
    if state.task == "book" and state.service is not None:
        if (
            detail is None
            or state.held is None
            or meaning.has(Intent.CANCEL)
            or changes_wish(state, meaning, facts)
        ):
            return None
        if not _says_who(meaning):
            state = _without(state, detail)
        return _details(state, meaning, facts) or (state, Continue())
    spoken_of = _says_who(meaning) or named_detail(meaning) is not None
    alone = meaning.when.none and not meaning.topics and not meaning.has(Intent.MOVE, Intent.LIST)
    corrected = spoken_of and alone and meaning.has(Intent.NO, Intent.CORRECT)
    if not facts.bookings or meaning.service.candidates or meaning.has(Intent.CANCEL, Intent.BOOK):
        return None
    return (state, NotChangedHere()) if detail or (corrected and state.expects != "confirm") else None


def _change(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """Move and cancel, also the answer to "which one?"."""
    if meaning.has(Intent.CANCEL) and Topic.POLICY not in meaning.topics:
        if state.held is not None and not facts.bookings:
            return state.without_wish(), Stop()
        if names_foreign_booking(meaning, facts.bookings):
            return state, ForeignReference()
        return replace(state.without_wish(), task="cancel"), _change_of("cancel", meaning, facts)
    if meaning.has(Intent.MOVE):
        if not facts.bookings and state.service is not None:
            return None  # nothing is booked yet: "lieber verschieben auf Freitag" changes the wish
        if names_foreign_booking(meaning, facts.bookings):
            return state, ForeignReference()
        moving = replace(state.without_wish(), task="move")
        moving = with_staff(with_time(moving, meaning, facts), meaning, facts)
        return moving, _change_of("move", meaning, facts)
    if state.expects == "which_booking" and state.task != "book":
        change = _change_of(state.task, meaning, facts)
        if change.target is None:
            change = replace(change, target=booking_by_place(meaning, facts.bookings))
        if change.target is not None:
            return (with_time(state, meaning, facts) if state.task == "move" else state), change
    return None


def _change_of(task: Literal["move", "cancel"], meaning: Meaning, facts: Facts) -> Change:
    """What is to be done to which booking; of "both" to the first one first."""
    target = named_booking(meaning, facts.bookings) or facts.meant
    if target is None and len(facts.bookings) > 1 and means_all(meaning):
        return Change(task, facts.bookings[0].reference, in_turn=True)
    return Change(task, target)


def _alone(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """ "Kann das ganz Clara machen?", "warum macht das Anna?": about who shares the work on the time that is held."""
    person, held = meaning.staff.staff, state.held
    if held is None or person not in held.plan.staff or len(set(held.plan.staff)) < 2:
        return None
    if not meaning.when.none or meaning.service.candidates or meaning.has(Intent.YES, Intent.NO, Intent.MOVE):
        return None
    first = held.plan.placements[0].staff
    if meaning.has(Intent.WHY) and person not in {first, state.staff}:
        person = state.staff or first
    elif not meaning.has(Intent.WHY) and meaning.topics != (Topic.AVAILABILITY,):
        return None
    start = held.plan.starts_at
    windows = (Window(start, start + _MINUTE, exact=True),)
    return state, Explain(held.plan.service, windows, person, state.time_of_day, whole=True)


def _why(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """ "Warum geht 15 Uhr nicht?": what was said in the question, else what was refused last."""
    if not meaning.has(Intent.WHY) or any(topic is not Topic.AVAILABILITY for topic in meaning.topics):
        return None
    pivot = pivot_of(state, facts)
    shifted = pivot is not None and shift_of(meaning) in {"later", "earlier"}
    named = meaning.service.certain or meaning.staff.staff
    if meaning.staff.unknown:
        return (state, Continue()) if state.expects != "anything" else None  # who does it is told anyway
    if meaning.when.none and not shifted and not named:
        if state.refused:
            return state, Explain(state.service, state.refused, state.staff, state.time_of_day)
        if state.expects != "anything":
            return state, Justify()
        return (state, Inform((Topic.POLICY,))) if facts.bookings else None
    last = next((booking for booking in facts.bookings if booking.reference == state.last_booking), None)
    if last is not None and state.service is None and not meaning.service.candidates and state.task == "book":
        state = replace(state.without_wish(), task="move", target=last.reference)
        pivot = last.starts_at
    start = state.held.plan.starts_at if state.held else None
    of_day = state.time_of_day
    if not meaning.when.none:
        timed = with_time(state, meaning, facts, pivot=pivot)
        windows, of_day = timed.windows, timed.time_of_day
    elif shifted and pivot is not None:
        day = day_interval(pivot.astimezone(facts.tenant.zone).date(), facts.tenant.zone)
        windows = (beyond(Window(day.starts_at, day.ends_at), pivot, shift_of(meaning)),)
    else:
        windows = (Window(start, start + _MINUTE, exact=True),) if start else state.refused or state.windows
    kept = of_day is not None and not any(reading.time_said for reading in meaning.when.readings)
    staff = with_staff(state, meaning, facts).staff
    return state, Explain(meaning.service.certain or state.service, windows, staff, of_day, loosen=kept)


def _move_of_the_last(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """ "Geht auch Freitag?" or "bei Clara?" right after a booking moves it; a wish to book, or another service, does not."""
    shift = shift_of(meaning) in {"later", "earlier"}
    asks_for = meaning.staff.staff and (Topic.AVAILABILITY in meaning.topics or meaning.has(Intent.CORRECT))
    said = shift or not meaning.when.none or asks_for
    if state.last_booking is None or state.service is not None or not said:
        return None
    if meaning.service.candidates or meaning.has(Intent.BOOK) or state.task != "book":
        return None
    last = next((booking for booking in facts.bookings if booking.reference == state.last_booking), None)
    if last is None:
        return None
    moving = with_staff(replace(state.without_wish(), task="move"), meaning, facts)
    return with_time(moving, meaning, facts, pivot=last.starts_at), Change("move", last.reference)


def _side_question(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """A question about the salon; a time in the same message makes it a wish instead ("Was kostet … am Freitag?" is both)."""
    topics = tuple(topic for topic in meaning.topics if topic in _SIDE_TOPICS)
    wish = not meaning.when.none and (Topic.AVAILABILITY in meaning.topics or meaning.has(Intent.BOOK))
    if not topics or wish:
        return None
    if Topic.SERVICES in topics and meaning.service.unknown and state.service is None and state.task == "book":
        return state, AskService(unknown=meaning.service.unknown)
    if topics == (Topic.UNKNOWN,) and _A_LANGUAGE.search(meaning.text):
        return state, SmallTalk("language")
    asked = meaning.service.certain
    if state.service is None and asked and state.task == "book":
        state = state.wishing(service=asked, candidates=())
    services = meaning.service.candidates or ((state.service,) if state.service else state.candidates)
    return state, Inform(topics, services, _day_of_question(meaning, facts))


def _choice_in_words(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """The second, half past two, later: an answer to what is on the table."""
    if state.expects == "service" and state.candidates and meaning.ordinal is not None:
        if (service := at_place(state.candidates, meaning.ordinal)) is not None:
            return _next(state.wishing(service=service, candidates=()), facts)
    if not state.offers:
        if (state.held or state.windows) and (shift := shift_alone(state, meaning)):
            return replace(state, held=None), Search(shift)
        return None
    if meaning.service.certain not in {None, state.service}:
        return None
    if shift := shift_alone(state, meaning):
        return state, Search(shift)
    if (offer := chosen_by_time(state, meaning, facts.tenant.zone)) and not meaning.staff.unknown:
        return state, Take(offer.plan)
    ordinal = meaning.ordinal if meaning.when.none else None
    if ordinal is not None and (offer := at_place(state.offers, ordinal)) is not None:
        return state, Take(offer.plan)
    if meaning.when.none and meaning.staff.staff and (offer := only_one_with(state, meaning.staff.staff)):
        return state, Take(offer.plan)
    if meaning.when.none and len(state.offers) == 1 and meaning.has(Intent.YES):
        if not meaning.has(Intent.NO, Intent.QUESTION, Intent.UNSURE, Intent.CORRECT):
            return state, Take(state.offers[0].plan)
    return None


def _wish(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """A service, a time or a person was named: the wish changes and is looked up when it is complete."""
    if meaning.service.unknown and not meaning.service.candidates:
        return state.wishing(candidates=()), AskService(unknown=meaning.service.unknown)
    said_time = not meaning.when.none
    pivot = pivot_of(state, facts)
    shifted = said_time or (pivot is not None and shift_of(meaning) in {"later", "earlier"})
    if state.task == "move" and (shifted or meaning.staff != StaffMention()):
        moved = with_staff(with_time(state, meaning, facts, pivot=pivot), meaning, facts)
        return replace(moved, held=None), Change("move", state.target)
    if len(meaning.service.candidates) > 1 and state.service not in meaning.service.candidates:
        undecided = with_time(replace(state, service=None), meaning, facts)
        return with_staff(replace(undecided, candidates=meaning.service.candidates), meaning, facts), AskService()
    if not changes_wish(state, meaning, facts) and not meaning.has(Intent.BOOK):
        return None
    if state.service is None and not meaning.service.candidates and not said_time:
        if not meaning.has(Intent.BOOK) and not meaning.staff.staff:
            return None
    if meaning.service.certain:
        people = state.people if meaning.service.certain == state.service else People(state.people.either)
        state = state.wishing(service=meaning.service.certain, candidates=(), people=people)
    state = with_staff(with_time(state, meaning, facts, pivot=pivot), meaning, facts)
    if said_time and meaning.when.ambiguous and (days := far_apart(meaning)):
        return state.wishing(windows=(), held=None, days=days), AskWhichDay(days)
    kept = state.time_of_day is not None and not any(reading.time_said for reading in meaning.when.readings)
    changed, decision = _next(state, facts)
    once = any(reading.repeats for reading in meaning.when.readings)
    return changed, replace(decision, loosen=kept, once=once) if isinstance(decision, Search) else decision


def _small_talk(state: State, meaning: Meaning, facts: Facts) -> Answer:
    if meaning.has(Intent.HELP):
        return state, SmallTalk("help")
    if meaning.has(Intent.BYE):
        return state, SmallTalk("bye")
    if meaning.has(Intent.THANKS):
        return state, SmallTalk("thanks")
    if meaning.has(Intent.SMALL_TALK):
        return state, SmallTalk("chat")
    if meaning.has(Intent.GREET):
        return (state, Greet()) if state.expects == "anything" else (state, Continue())
    return None


def _details(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """A name or a contact was said, or one that cannot be right."""
    if meaning.email or meaning.phone or meaning.bad_email or meaning.bad_phone or meaning.name:
        corrected = (meaning.email or meaning.phone or meaning.name) and state.task == "book"
        if corrected and state.expects == "when" and state.service and state.windows and not state.offers:
            return state, Search()  # the last question was refused because of the details, not of the time
        return state, Continue(
            bad_email=meaning.bad_email is not None and meaning.email is None,
            bad_phone=meaning.bad_phone is not None and meaning.phone is None,
        )
    return None


def _leftover(state: State, meaning: Meaning, facts: Facts) -> Answer:
    """A no, a hm or a yes without its question."""
    if state.expects == "which_booking" and state.task != "book" and not meaning.has(Intent.NO):
        if meaning.has(Intent.YES, Intent.UNSURE) or means_all(meaning):
            return state, Change(state.task)
    if state.offers and meaning.has(Intent.NO) and state.expects == "choice":
        return state, Search("other")
    yes = meaning.has(Intent.YES)
    if yes and state.last_booking and state.expects == "anything" and not state.asked_else:
        return state, AlreadyBooked(state.last_booking)
    if yes and state.expects == "anything" and not meaning.has(Intent.QUESTION):
        return state, AskService()
    if meaning.has(Intent.NO) and state.expects in {"anything", "which_booking"}:
        return _second_thoughts(state, facts) or (state.without_wish(), SmallTalk("thanks"))
    if meaning.has(Intent.YES, Intent.NO, Intent.UNSURE, Intent.CORRECT) and state.expects != "anything":
        return state, Continue()
    if meaning.has(Intent.UNSURE):
        return state, SmallTalk("help")
    if meaning.reference:
        return state, ListBookings() if named_booking(meaning, facts.bookings) else ForeignReference()
    repeats = meaning.service.candidates or not meaning.when.none or meaning.staff != StaffMention()
    if repeats and state.expects != "anything":
        return state, Continue()  # what was said is what is held already
    if meaning.has(Intent.QUESTION):
        return state, Inform((Topic.UNKNOWN,))
    return state, NotUnderstood()


def _second_thoughts(state: State, facts: Facts) -> Answer:
    """A no right after a promise: it can be called off, unless the promise was to cancel."""
    if state.expects != "anything" or state.service is not None or state.asked_else:
        return None
    last = next((booking for booking in facts.bookings if booking.reference == state.last_booking), None)
    if last is None:
        return None
    if is_called_off(last):
        return state, AlreadyBooked(last.reference)
    return None if last.status is BookingStatus.CONFIRMED else _cancelling(state, last.reference)


def _cancelling(state: State, reference: Reference) -> tuple[State, Decision]:
    return replace(state.without_wish(), task="cancel"), Change("cancel", reference)


_ROWS = (
    _human,
    _consent,
    _stop,
    _listing,
    _altering,
    _change,
    _alone,
    _why,
    _move_of_the_last,
    _side_question,
    _choice_in_words,
    _wish,
    _details,
    _small_talk,
    _leftover,
)


def _next(state: State, facts: Facts) -> tuple[State, Decision]:
    """The wish is as complete as it is: search, or ask for what is missing."""
    if state.service is None:
        return state, AskService()
    if not state.windows:
        return state, AskWhen()
    return replace(state, held=None), Search()


def _stated_day(state: State, value: str) -> datetime | None:
    return next((day for day in state.days if day.isoformat() == value), None)


def _day_of_question(meaning: Meaning, facts: Facts) -> date | None:
    """ "Haben Sie am Samstag geöffnet?": the one date that is asked about."""
    said = meaning.when.first
    if Topic.HOURS not in meaning.topics or said is None or said.start is None or not said.day_said:
        return None
    if meaning.when.alternatives or said.grain not in {"day", "daypart", "hour", "minute"}:
        return None
    return said.start.astimezone(facts.tenant.zone).date()
