"""Which steps in the calendar a change takes, in which order, and how to take them back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking_core.model.booking import Appointment, Booking
from booking_core.model.interval import Interval
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from booking_core.model.slot import Placement, Plan

# How long after a request without an answer the calendar may still carry it out.
LATE = timedelta(seconds=90)


def reference_of(booking: Booking, segment: int, *, sequence: int | None = None) -> str:
    """What a segment's entry carries in the calendar when it is created at this sequence of the booking."""
    return f"{booking.hold}:{segment}:{booking.sequence if sequence is None else sequence}"


def booking_steps(booking: Booking) -> tuple[Step, ...]:
    """Place every segment, all together: their times do not touch."""
    return tuple(
        _place(placement, reference_of(booking, placement.segment), stage=0)
        for placement in booking.plan.placements
    )


def cancel_steps(booking: Booking) -> tuple[Step, ...]:
    """Remove every entry, all together."""
    return tuple(
        _remove(appointment, placement, _carried(booking, appointment), stage=0)
        for appointment, placement in zip(booking.appointments, booking.plan.placements, strict=True)
    )


def move_steps(booking: Booking, plan: Plan) -> tuple[Step, ...]:
    """From where the booking is to ``plan``.

    With the same staff member an entry is moved, with another one made anew and the old one removed. A step into the old time
    of a sibling waits until the sibling has left it, whatever the direction; removals come last, since they cannot be taken
    back as they were.
    """
    changes: list[_Change] = []
    for appointment, old, new in zip(booking.appointments, booking.plan.placements, plan.placements, strict=True):
        if (old.staff, old.occupied) == (new.staff, new.occupied):
            continue
        if old.staff == new.staff:
            step = _place(new, _carried(booking, appointment), stage=0, uid=appointment.uid)
            changes.append(_Change(old.segment, step, enters=new, leaves=old))
        else:
            made = _place(new, reference_of(booking, new.segment, sequence=booking.sequence + 1), stage=0)
            gone = _remove(appointment, old, _carried(booking, appointment), stage=0)
            changes.append(_Change(old.segment, made, enters=new, leaves=None))
            changes.append(_Change(old.segment, gone, enters=None, leaves=old))
    return tuple(_in_stages(changes))


def turned_back(saga: Saga, booking: Booking, why: str, *, called_off: CallOff | None = None) -> Saga:
    """The saga on its way back: what was not begun is dropped, what was done (or may have been) is undone, last first."""
    steps = [replace(step, state=_CLOSED.get(step.state, step.state)) for step in saga.steps]
    last = max((step.stage for step in steps), default=0)
    undoing: list[Step] = []
    for at, step in reversed(list(enumerate(steps))):
        if step.state in {StepState.DONE, StepState.UNSURE} or _refused_too_late(step):
            stage = 2 * last + 1 - step.stage
            undoing.append(replace(_inverse(step, booking), stage=stage, undoes=at, sure_from=_sure_from(step)))
    return replace(saga, steps=(*steps, *undoing), back=True, why=why, called_off=called_off)


def reason_of(saga: Saga, at: int) -> str:
    """Why a step is taken, as staff read it in the calendar."""
    step = saga.steps[at]
    if step.undoes is not None and saga.called_off is None:
        return "Moved back" if step.kind is StepKind.PLACE else "Not booked after all"
    by = "business" if (saga.called_off.door if saga.called_off else saga.door) in _DOORS_OF_STAFF else "guest"
    done = "Moved" if saga.kind is SagaKind.MOVE else "Cancelled"
    return f"{done} by the {by}"


def appointments_after(booking: Booking, plan: Plan, saga: Saga) -> tuple[Appointment, ...]:
    """The booking's appointments at ``plan``, each with the entry that the saga has last put in its place."""
    known = {appointment.segment: appointment for appointment in booking.appointments}
    removed = {step.undoes for step in saga.steps if step.kind is StepKind.REMOVE and step.undoes is not None}
    for at, step in enumerate(saga.steps):
        if at in removed or step.segment not in known:
            continue
        if step.kind is StepKind.PLACE and step.state is StepState.DONE:
            known[step.segment] = replace(
                known[step.segment], uid=step.result_uid, entry_id=step.result_id, reference=step.reference
            )
    return tuple(
        replace(
            known[placement.segment],
            staff=placement.staff,
            starts_at=placement.starts_at,
            ends_at=placement.ends_at,
        )
        for placement in plan.placements
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A step, with the time it needs to be free and the time it makes free."""

    segment: int
    step: Step
    enters: Placement | None
    leaves: Placement | None

    def blocked_by(self, other: _Change) -> bool:
        enters, leaves = self.enters, other.leaves
        if enters is None or leaves is None or self is other:
            return False
        return enters.staff == leaves.staff and enters.occupied.overlaps(leaves.occupied)


def _in_stages(changes: Sequence[_Change]) -> list[Step]:
    left = list(changes)
    ordered: list[Step] = []
    stage = 0
    while left:
        entering = [change for change in left if change.enters is not None]
        ready = [
            change for change in entering if not any(change.blocked_by(other) for other in left)
        ] or [  # Two that swap their staff members: one has to leave before anybody can come.
            change
            for change in left
            if change.enters is None and (not entering or any(it.blocked_by(change) for it in entering))
        ]
        if entering and not any(change.enters is not None for change in ready):
            ready = ready[:1]
        # Only plans whose own segments overlap could block each other for good; they cannot be made.
        ready = ready or left[:1]
        ordered += [replace(change.step, stage=stage) for change in ready]
        left = [change for change in left if change not in ready]
        stage += 1
    return ordered


_DOORS_OF_STAFF = frozenset({"api"})
_CLOSED = {StepState.TODO: StepState.SKIPPED, StepState.BEGUN: StepState.UNSURE}


def _inverse(step: Step, booking: Booking) -> Step:
    blank = replace(
        step,
        state=StepState.TODO,
        begun_at=None,
        unanswered_at=None,
        result_uid=None,
        result_id=None,
        reason=None,
        uid=step.result_uid,
    )
    if step.kind is StepKind.REMOVE:
        return replace(blank, kind=StepKind.PLACE, uid=None)
    if step.uid is None:
        return replace(blank, kind=StepKind.REMOVE)
    home = booking.plan.placements[step.segment].occupied
    return replace(blank, starts_at=home.starts_at, ends_at=home.ends_at)


def _refused_too_late(step: Step) -> bool:
    """Whether a no came after a try without an answer: that one may have been carried out, or may still be."""
    return step.state is StepState.REFUSED and step.unanswered_at is not None


def _sure_from(step: Step) -> datetime | None:
    """A step that was done in the end may have had a try without an answer before."""
    unanswered = step.begun_at if step.state is StepState.UNSURE else step.unanswered_at
    return None if unanswered is None else unanswered + LATE


def _place(placement: Placement, reference: str, *, stage: int, uid: str | None = None) -> Step:
    occupied = placement.occupied
    return Step(
        StepKind.PLACE,
        stage,
        placement.segment,
        placement.staff,
        occupied.starts_at,
        occupied.ends_at,
        reference,
        uid,
    )


def _remove(appointment: Appointment, placement: Placement, reference: str, *, stage: int) -> Step:
    occupied: Interval = placement.occupied
    return Step(
        StepKind.REMOVE,
        stage,
        placement.segment,
        placement.staff,
        occupied.starts_at,
        occupied.ends_at,
        reference,
        appointment.uid,
    )


def _carried(booking: Booking, appointment: Appointment) -> str:
    """What the entry carries; without a record of it, what it was created with."""
    return appointment.reference or reference_of(booking, appointment.segment, sequence=0)
