"""How a booking stands, and what a no right after it means."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.ids import Reference, ServiceId, StaffId
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Placement, Plan
from bot.dialogue.decisions import AlreadyBooked, Change, Decision, SmallTalk, TooLate
from bot.dialogue.facts import Facts
from bot.dialogue.policy import decide, decide_too_late
from bot.dialogue.standing import Standing, standing_of, was_confirmed
from bot.dialogue.state import State
from bot.understanding.meaning import Asked
from bot.understanding.understand import Understander
from bot.wiring.demo import demo_tenant
from tests.support.examples import NOW, booking_of

REFERENCE = Reference("ABC234")
TENANT = demo_tenant()
START = NOW + timedelta(hours=6)
PLAN = Plan(ServiceId("mens-cut"), (Placement(0, StaffId("anna"), START, START + timedelta(minutes=30), None),))


def booking(status: BookingStatus = BookingStatus.CONFIRMED, *events: tuple[str, dict[str, str]]) -> Booking:
    history = tuple(HistoryEntry(NOW, event, "guest", "chat", data) for event, data in events)
    return replace(booking_of(REFERENCE, PLAN), status=status, history=history)


def change(kind: SagaKind, *, back: bool = False) -> Saga:
    return Saga("saga-1", TENANT.id, REFERENCE, kind, PLAN, (), "chat", NOW, back=back)


CANCELLING = ("promised", {"saga": "saga-1", "change": "cancel"})
MOVING = ("promised", {"saga": "saga-1", "change": "move"})
CALLED_OFF = ("called_off", {"saga": "saga-1"})


@pytest.mark.parametrize(
    ("it", "under_way", "standing"),
    [
        (booking(), None, Standing.FIRM),
        (booking(BookingStatus.CONFIRMED, MOVING), None, Standing.FIRM),
        (booking(), change(SagaKind.MOVE), Standing.MOVING),
        (booking(), change(SagaKind.MOVE, back=True), Standing.FIRM),
        (booking(), change(SagaKind.CANCEL), Standing.LEAVING),
        (booking(BookingStatus.CONFIRMED, CANCELLING), None, Standing.LEAVING),
        (booking(BookingStatus.CONFIRMED, CALLED_OFF), change(SagaKind.MOVE), Standing.LEAVING),
        (booking(BookingStatus.PENDING), change(SagaKind.BOOK), Standing.NOTED),
        (booking(BookingStatus.COMMITTING), change(SagaKind.BOOK), Standing.NOTED),
        (booking(BookingStatus.PENDING, CALLED_OFF), change(SagaKind.BOOK), Standing.LEAVING),
    ],
)
def test_standing(it: Booking, under_way: Saga | None, standing: Standing) -> None:
    assert standing_of(it, under_way) is standing


def test_only_what_stood_once_had_an_invitation() -> None:
    assert was_confirmed(booking(BookingStatus.CANCELLED, ("requested", {}), ("confirmed", {}), ("cancelled", {})))
    assert not was_confirmed(booking(BookingStatus.CANCELLED, ("requested", {}), ("cancelled", {})))


def said(text: str, state: State, it: Booking) -> tuple[State, Decision]:
    meaning = Understander(TENANT).understand(text, now=NOW, language="de", asked=Asked(state.expects, 0))
    return decide(state, meaning, Facts(TENANT, NOW, [it]))


AFTER = State(turn=4, language="de", name="Max", email="max@example.org", last_booking=REFERENCE)


@pytest.mark.parametrize("no", ["nein", "nein, doch nicht", "no", "Abbrechen bitte"])
def test_a_no_right_after_a_promise_is_about_the_promise(no: str) -> None:
    state, decision = said(no, AFTER, booking(BookingStatus.PENDING))
    assert decision == Change("cancel", REFERENCE)
    assert state.task == "cancel"


def test_a_no_to_whether_there_is_anything_else_is_about_that() -> None:
    _, decision = said("nein", replace(AFTER, asked_else=True), booking(BookingStatus.PENDING))
    assert decision == SmallTalk("thanks")
    _, decision = said("nein", AFTER, booking())
    assert decision == SmallTalk("thanks")


def test_a_no_right_after_a_noted_cancellation_hears_how_it_stands() -> None:
    _, decision = said("nein", AFTER, booking(BookingStatus.CONFIRMED, CANCELLING))
    assert decision == AlreadyBooked(REFERENCE)


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (SagaKind.BOOK, Change("cancel", REFERENCE)),
        (SagaKind.MOVE, TooLate("move")),
        (SagaKind.CANCEL, TooLate("cancel")),
    ],
)
def test_what_a_no_that_comes_too_late_means(kind: SagaKind, decision: Decision) -> None:
    assert decide_too_late(AFTER, kind, REFERENCE)[1] == decision
