"""What a turn that booked, moved or cancelled leaves of the state that another process has saved meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.availability.rules import Window
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import HoldId, Reference, ServiceId, StaffId
from booking_core.model.slot import Placement, Plan
from bot.dialogue.overtaking import merged, same_question
from bot.dialogue.state import Held, Offer, State
from tests.support.examples import booking_of

START = datetime(2026, 3, 26, 15, 0, tzinfo=UTC)
CUT, COLOUR = ServiceId("mens-cut"), ServiceId("root-colour")
REFERENCE = Reference("ABC234")


def plan(hours: int = 0, service: ServiceId = CUT) -> Plan:
    start = START + timedelta(hours=hours)
    return Plan(service, (Placement(0, StaffId("anna"), start, start + timedelta(minutes=30), None),))


def held(name: str, hours: int = 0, service: ServiceId = CUT) -> Held:
    return Held(HoldId(name), plan(hours, service), START - timedelta(days=1))


def booking(status: BookingStatus = BookingStatus.CONFIRMED) -> Booking:
    return replace(booking_of(REFERENCE, plan()), status=status)


ASKED = State(
    turn=3,
    language="de",
    service=CUT,
    name="Max Muster",
    email="max@example.org",
    held=held("first"),
    expects="confirm",
)
BOOKED = replace(ASKED.without_wish(), last_booking=REFERENCE, turn=4)


def test_an_aside_leaves_the_question_as_it_was_and_the_answer_counts() -> None:
    newer = replace(ASKED, turn=5, phone="+49301234567")
    assert same_question(ASKED, newer)
    state = merged(ASKED, BOOKED, newer, booking())
    assert state == replace(BOOKED, turn=5, phone="+49301234567")


@pytest.mark.parametrize(
    "changes",
    [
        {"held": held("second")},
        {"held": None, "expects": "when"},
        {"offers": (Offer("o5-1", plan(1)),)},
        {"task": "move", "target": REFERENCE},
        {"days": (START,)},
        {"expects": "contact"},
    ],
)
def test_what_makes_another_question(changes: dict[str, object]) -> None:
    assert not same_question(ASKED, replace(ASKED, **changes))  # type: ignore[arg-type]


def test_another_time_for_the_same_service_becomes_a_move() -> None:
    newer = replace(ASKED, turn=4, held=held("second", 1))
    state = merged(ASKED, BOOKED, newer, booking())
    assert (state.task, state.target, state.held) == ("move", REFERENCE, newer.held)
    assert state.service is None


def test_other_times_offered_for_the_same_service_are_times_to_move_to() -> None:
    offers = (Offer("o5-1", plan(1)), Offer("o5-2", plan(2)))
    window = Window(START, START + timedelta(hours=3))
    newer = replace(ASKED, turn=4, held=None, offers=offers, windows=(window,), expects="choice")
    state = merged(ASKED, BOOKED, newer, booking())
    assert (state.task, state.target, state.offers, state.windows) == ("move", REFERENCE, offers, (window,))


def test_a_no_that_came_too_late_asks_whether_to_cancel() -> None:
    newer = replace(ASKED, turn=4, held=None, expects="when")
    state = merged(ASKED, BOOKED, newer, booking())
    assert (state.task, state.target) == ("cancel", REFERENCE)


def test_a_wish_for_another_service_stays_a_wish() -> None:
    newer = replace(ASKED, turn=4, service=COLOUR, held=held("second", 1, COLOUR))
    state = merged(ASKED, BOOKED, newer, booking())
    assert state == replace(newer, last_booking=REFERENCE)


def test_what_the_other_process_asks_of_the_same_booking_stays_open() -> None:
    newer = replace(BOOKED, turn=4, task="cancel", target=REFERENCE, expects="confirm")
    assert merged(ASKED, BOOKED, newer, booking()) == newer


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.COMPENSATING])
def test_nothing_is_asked_any_more_of_what_is_cancelled(status: BookingStatus) -> None:
    asked = replace(BOOKED, task="cancel", target=REFERENCE, expects="confirm")
    newer = replace(BOOKED, turn=6, task="move", target=REFERENCE, held=held("second", 1), expects="confirm")
    state = merged(asked, asked.without_wish(), newer, booking(status))
    assert (state.task, state.target, state.held, state.last_booking) == ("book", None, None, None)
    other = replace(newer, target=Reference("XYZ789"))
    assert merged(asked, asked.without_wish(), other, booking(status)) == replace(other, last_booking=None)
