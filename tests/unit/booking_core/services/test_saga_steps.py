"""Steps in an order in which no segment stands in another one's way, and the way back from wherever it broke off."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booking_core.model.booking import Booking
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.interval import Interval
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from booking_core.model.slot import Placement, Plan
from booking_core.services.saga_endings import freed_by
from booking_core.services.saga_steps import (
    LATE,
    appointments_after,
    booking_steps,
    cancel_steps,
    move_steps,
    reason_of,
    reference_of,
    turned_back,
)
from tests.support.examples import NOW, booking_of, minutes

Piece = tuple[str, int, int]
"""Staff, start and length in minutes from ``NOW``."""


def plan_of(*pieces: Piece, buffer_after: int = 0) -> Plan:
    placements = (
        Placement(
            segment,
            StaffId(staff),
            NOW + minutes(start),
            NOW + minutes(start + length),
            buffer_after=buffer_after,
        )
        for segment, (staff, start, length) in enumerate(pieces)
    )
    return Plan(ServiceId("colour"), tuple(placements))


def standing(plan: Plan, sequence: int = 0) -> Booking:
    """A booking whose entries the calendar knows as ``u0``, ``u1``, …"""
    bare = replace(booking_of("F7K2QX", plan), sequence=sequence)
    appointments = tuple(
        replace(
            appointment,
            uid=f"u{appointment.segment}",
            entry_id=appointment.segment,
            reference=reference_of(bare, appointment.segment, sequence=0),
        )
        for appointment in bare.appointments
    )
    return replace(bare, appointments=appointments)


def saga_of(booking: Booking, plan: Plan, steps: tuple[Step, ...], kind: SagaKind = SagaKind.MOVE) -> Saga:
    return Saga("s", booking.tenant, booking.reference, kind, plan, steps, "chat", NOW)


def told(steps: tuple[Step, ...]) -> list[tuple[int, str, int, str]]:
    return [(step.stage, step.kind.value, step.segment, str(step.staff)) for step in steps]


OLD = (("anna", 0, 30), ("anna", 50, 60))


def test_a_booking_is_placed_all_at_once_under_its_own_references() -> None:
    booking = standing(plan_of(*OLD), sequence=3)
    steps = booking_steps(booking)
    assert told(steps) == [(0, "place", 0, "anna"), (0, "place", 1, "anna")]
    assert [step.reference for step in steps] == [f"{booking.hold}:0:3", f"{booking.hold}:1:3"]


def test_a_step_takes_the_buffers_with_it() -> None:
    [step] = booking_steps(standing(plan_of(("anna", 0, 30), buffer_after=10)))
    assert (step.starts_at, step.ends_at) == (NOW, NOW + minutes(40))


def test_a_cancellation_removes_what_each_entry_carries() -> None:
    booking = standing(plan_of(*OLD), sequence=2)
    steps = cancel_steps(booking)
    assert told(steps) == [(0, "remove", 0, "anna"), (0, "remove", 1, "anna")]
    assert [(step.uid, step.reference) for step in steps] == [
        ("u0", f"{booking.hold}:0:0"),
        ("u1", f"{booking.hold}:1:0"),
    ]


def test_removals_come_together_and_last() -> None:
    steps = move_steps(standing(plan_of(*OLD)), plan_of(("clara", 0, 30), ("clara", 50, 60)))
    assert told(steps) == [
        (0, "place", 0, "clara"),
        (0, "place", 1, "clara"),
        (1, "remove", 0, "anna"),
        (1, "remove", 1, "anna"),
    ]


def test_where_two_swap_only_who_stands_in_the_way_leaves_first() -> None:
    """The entry of the first segment hinders nobody and stays until everything else is done."""
    old = plan_of(("anna", 0, 30), ("anna", 50, 30), ("ben", 50, 30))
    new = plan_of(("clara", 0, 30), ("ben", 50, 30), ("anna", 50, 30))
    steps = told(move_steps(standing(old), new))
    assert steps[:2] == [(0, "place", 0, "clara"), (1, "remove", 1, "anna")]
    stage_of = {(kind, segment): stage for stage, kind, segment, _ in steps}
    assert stage_of["remove", 0] == max(stage_of.values())


def test_steps_that_block_each_other_are_taken_one_after_the_other() -> None:
    """Such a plan cannot be made; it must not hang."""
    old, new = plan_of(("anna", 0, 30), ("anna", 50, 60)), plan_of(("anna", 60, 30), ("anna", 0, 60))
    steps = move_steps(standing(old), new)
    assert [(step.stage, step.segment) for step in steps] == [(0, 0), (1, 1)]


def test_without_a_record_an_entry_carries_what_a_booking_is_first_made_with() -> None:
    booking = standing(plan_of(*OLD), sequence=2)
    bare = replace(booking, appointments=tuple(replace(it, reference=None) for it in booking.appointments))
    assert [step.reference for step in cancel_steps(bare)] == [f"{booking.hold}:0:0", f"{booking.hold}:1:0"]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, [], id="nowhere"),
        pytest.param(
            (("anna", 30, 30), ("anna", 80, 60)),
            [(0, "place", 1, "anna"), (1, "place", 0, "anna")],
            id="later onto the old time: the last segment first",
        ),
        pytest.param(
            (("anna", -30, 30), ("anna", 20, 60)),
            [(0, "place", 0, "anna"), (1, "place", 1, "anna")],
            id="earlier onto the old time: the first segment first",
        ),
        pytest.param(
            (("anna", 600, 30), ("anna", 650, 60)),
            [(0, "place", 0, "anna"), (0, "place", 1, "anna")],
            id="far away: all at once",
        ),
        pytest.param(
            (("anna", 0, 30), ("clara", 50, 60)),
            [(0, "place", 1, "clara"), (1, "remove", 1, "anna")],
            id="one with somebody else: the old one goes last",
        ),
        pytest.param(
            (("clara", 0, 30), ("anna", 20, 60)),
            [(0, "place", 0, "clara"), (1, "remove", 0, "anna"), (2, "place", 1, "anna")],
            id="into the time of one who leaves: he goes as soon as he must",
        ),
    ],
)
def test_the_steps_of_a_move(new: tuple[Piece, ...], expected: list[tuple[int, str, int, str]]) -> None:
    assert told(move_steps(standing(plan_of(*OLD)), plan_of(*new))) == expected


def test_two_who_swap_their_staff_in_one_anothers_time_let_one_leave_first() -> None:
    """Possible only with buffers that reach into the next segment."""
    old = plan_of(("anna", 0, 30), ("clara", 30, 30), buffer_after=15)
    new = plan_of(("clara", 0, 30), ("anna", 30, 30), buffer_after=15)
    assert told(move_steps(standing(old), new)) == [
        (0, "remove", 0, "anna"),
        (1, "place", 1, "anna"),
        (2, "remove", 1, "clara"),
        (3, "place", 0, "clara"),
    ]


def test_what_is_made_anew_carries_a_reference_of_the_next_sequence() -> None:
    booking = standing(plan_of(*OLD), sequence=4)
    made, gone = move_steps(booking, plan_of(OLD[0], ("clara", 50, 60)))
    assert (made.reference, made.uid) == (f"{booking.hold}:1:5", None)
    assert (gone.reference, gone.uid) == (f"{booking.hold}:1:0", "u1")


@pytest.mark.parametrize(
    ("state", "closed", "undone"),
    [
        (StepState.TODO, StepState.SKIPPED, False),
        (StepState.BEGUN, StepState.UNSURE, True),
        (StepState.DONE, StepState.DONE, True),
        (StepState.REFUSED, StepState.REFUSED, False),
    ],
)
def test_what_turning_back_makes_of_a_step(state: StepState, closed: StepState, undone: bool) -> None:
    booking = standing(plan_of(("anna", 0, 30)))
    [step] = booking_steps(booking)
    step = replace(step, state=state, begun_at=NOW, result_uid="u7" if state is StepState.DONE else None)
    back = turned_back(saga_of(booking, booking.plan, (step,), SagaKind.BOOK), booking, "taken")
    assert (back.back, back.why, back.steps[0].state) == (True, "taken", closed)
    assert [(it.kind, it.undoes, it.state) for it in back.steps[1:]] == (
        [(StepKind.REMOVE, 0, StepState.TODO)] if undone else []
    )
    for undoing in back.steps[1:]:
        assert undoing.uid == step.result_uid
        assert undoing.sure_from == (NOW + LATE if state is StepState.BEGUN else None)
        assert undoing.begun_at is None


def test_a_no_after_a_try_without_an_answer_undoes_what_that_may_have_made() -> None:
    booking = standing(plan_of(("anna", 0, 30)))
    [step] = booking_steps(booking)
    step = replace(step, state=StepState.REFUSED, begun_at=NOW + minutes(1), unanswered_at=NOW, reason="taken")
    back = turned_back(saga_of(booking, booking.plan, (step,), SagaKind.BOOK), booking, "taken")
    assert [(it.kind, it.undoes, it.sure_from) for it in back.steps[1:]] == [(StepKind.REMOVE, 0, NOW + LATE)]
    assert list(freed_by(back.with_step(1, replace(back.steps[1], state=StepState.DONE)), booking)) == []


@pytest.mark.parametrize(
    ("kind", "door", "undoes", "called_off", "reason"),
    [
        (SagaKind.CANCEL, "chat", None, None, "Cancelled by the guest"),
        (SagaKind.CANCEL, "api", None, None, "Cancelled by the business"),
        (SagaKind.MOVE, "chat", None, None, "Moved by the guest"),
        (SagaKind.BOOK, "chat", 0, None, "Not booked after all"),
        (SagaKind.BOOK, "chat", 0, CallOff("chat", ""), "Cancelled by the guest"),
        (SagaKind.BOOK, "chat", 0, CallOff("api", ""), "Cancelled by the business"),
    ],
)
def test_what_staff_read_in_the_calendar(
    kind: SagaKind, door: str, undoes: int | None, called_off: CallOff | None, reason: str
) -> None:
    booking = standing(plan_of(("anna", 0, 30)))
    [step] = cancel_steps(booking)
    saga = saga_of(booking, booking.plan, (replace(step, undoes=undoes),), kind)
    assert reason_of(replace(saga, door=door, called_off=called_off), 0) == reason


def test_a_moved_entry_goes_home_and_a_removed_one_is_made_anew() -> None:
    booking = standing(plan_of(*OLD))
    new = plan_of(("anna", 5, 30), ("clara", 55, 60))
    steps = move_steps(booking, new)
    done = tuple(replace(step, state=StepState.DONE, result_uid=f"v{at}") for at, step in enumerate(steps))
    back = turned_back(saga_of(booking, new, done), booking, "taken")
    undoing = {(step.kind, step.segment, step.staff): step for step in back.steps[len(steps) :]}
    home = undoing[StepKind.PLACE, 0, StaffId("anna")]
    assert (home.starts_at, home.ends_at) == (NOW, NOW + minutes(30))
    assert home.uid == next(step.result_uid for step in done if step.segment == 0)
    anew = undoing[StepKind.PLACE, 1, StaffId("anna")]
    assert (anew.uid, anew.reference, anew.starts_at) == (None, f"{booking.hold}:1:0", NOW + minutes(50))
    assert (StepKind.REMOVE, 1, StaffId("clara")) in undoing


def test_what_was_done_last_is_undone_first() -> None:
    booking = standing(plan_of(*OLD))
    new = plan_of(("anna", 30, 30), ("anna", 80, 60))
    done = tuple(replace(step, state=StepState.DONE) for step in move_steps(booking, new))
    back = turned_back(saga_of(booking, new, done), booking, "taken")
    in_order = sorted(back.steps[2:], key=lambda step: step.stage)
    assert [step.segment for step in in_order] == [0, 1]
    assert in_order[0].stage > max(step.stage for step in done)


def test_after_a_move_we_know_the_entries_by_their_new_names() -> None:
    booking = standing(plan_of(*OLD))
    new = plan_of(("anna", 5, 30), ("clara", 55, 60))
    done = tuple(
        replace(step, state=StepState.DONE, result_uid=f"v{step.segment}", result_id=7)
        if step.kind is StepKind.PLACE
        else replace(step, state=StepState.DONE)
        for step in move_steps(booking, new)
    )
    first, second = appointments_after(booking, new, saga_of(booking, new, done))
    assert (first.uid, first.reference, first.starts_at) == ("v0", f"{booking.hold}:0:0", NOW + minutes(5))
    assert (second.uid, second.reference, second.staff) == ("v1", f"{booking.hold}:1:1", "clara")


def test_an_entry_that_was_made_and_removed_again_leaves_the_old_name() -> None:
    """Otherwise a later cancellation would cancel what is gone, and leave what stands."""
    booking = standing(plan_of(*OLD))
    new = plan_of(("clara", 0, 30), ("clara", 50, 60))
    steps = [
        replace(step, state=StepState.DONE, result_uid="made", result_id=9) if step.segment == 0 else step
        for step in move_steps(booking, new)
        if step.kind is StepKind.PLACE
    ]
    steps[1] = replace(steps[1], state=StepState.REFUSED)
    back = turned_back(saga_of(booking, new, tuple(steps)), booking, "taken")
    undone = replace(back, steps=(*back.steps[:2], replace(back.steps[2], state=StepState.DONE)))
    assert appointments_after(booking, booking.plan, undone) == booking.appointments


class Refusal(Exception):
    """The model of a calendar has something else there."""


@dataclass
class ModelCalendar:
    """Entries by staff and reference; it refuses what overlaps another one of the same staff member."""

    entries: dict[tuple[StaffId, str], Interval] = field(default_factory=dict)

    def carry_out(self, step: Step) -> None:
        """Make it as the step wants it."""
        key, time = (step.staff, step.reference), Interval(step.starts_at, step.ends_at)
        if step.kind is StepKind.REMOVE:
            self.entries.pop(key, None)
            return
        for other, taken in self.entries.items():
            if other != key and other[0] == step.staff and taken.overlaps(time):
                raise Refusal(step, other)
        self.entries[key] = time


STAFF = ("anna", "ben", "clara")


@st.composite
def plans(draw: st.DrawFn, lengths: list[int], buffer_after: int) -> Plan:
    """Segments of these lengths, one after the other with gaps; a staff member is never in two places."""
    at = draw(st.integers(0, 12)) * 5
    pieces: list[Piece] = []
    for length in lengths:
        pieces.append((draw(st.sampled_from(STAFF)), at, length))
        at += length + draw(st.integers(0, 4)) * 5
    plan = plan_of(*pieces, buffer_after=buffer_after)
    taken = [(it.staff, it.occupied) for it in plan.placements]
    assume(
        not any(
            one[0] == other[0] and one[1].overlaps(other[1])
            for at, one in enumerate(taken)
            for other in taken[at + 1 :]
        )
    )
    return plan


@st.composite
def changes(draw: st.DrawFn) -> tuple[Plan, Plan]:
    """From one plan to another of the same service, often onto its own old time."""
    lengths = draw(st.lists(st.integers(1, 8).map(lambda ticks: 5 * ticks), min_size=2, max_size=4))
    buffer_after = draw(st.sampled_from((0, 0, 5, 15)))
    return draw(plans(lengths, buffer_after)), draw(plans(lengths, buffer_after))


@given(changes(), st.integers(0, 6), st.randoms(use_true_random=False))
def test_no_step_is_refused_because_of_a_sibling_and_every_way_leads_back(
    change: tuple[Plan, Plan], last: int, chance: random.Random
) -> None:
    """Steps of a stage come in any order; the way back begins after any of them, with siblings whose answer is missing."""
    old, new = change
    booking = standing(old)
    before = {
        (appointment.staff, str(appointment.reference)): placement.occupied
        for appointment, placement in zip(booking.appointments, old.placements, strict=True)
    }
    calendar = ModelCalendar(dict(before))
    saga = saga_of(booking, new, move_steps(booking, new))
    taken = 0
    while not saga.over and taken < last:
        positions = list(saga.current)
        chance.shuffle(positions)
        saga = begun(saga, positions)
        for at in positions[: last - taken]:
            calendar.carry_out(saga.steps[at])
            saga = saga.with_step(at, replace(saga.steps[at], state=StepState.DONE, result_uid=f"v{at}"))
            taken += 1
        for at in positions:
            if saga.steps[at].open and chance.random() < 0.5:
                # Carried out, and nobody has heard of it.
                calendar.carry_out(saga.steps[at])
    if saga.over:
        assert sorted((staff, str(time)) for (staff, _), time in calendar.entries.items()) == sorted(
            (placement.staff, str(placement.occupied)) for placement in new.placements
        )
    saga = turned_back(saga, booking, "taken")
    while not saga.over:
        positions = list(saga.current)
        chance.shuffle(positions)
        for at in positions:
            calendar.carry_out(saga.steps[at])
            saga = saga.with_step(at, replace(saga.steps[at], state=StepState.DONE, result_uid=f"w{at}"))
    assert calendar.entries == before


def begun(saga: Saga, positions: list[int]) -> Saga:
    for at in positions:
        saga = saga.with_step(
            at, replace(saga.steps[at], state=StepState.BEGUN, begun_at=NOW - timedelta(hours=1))
        )
    return saga
