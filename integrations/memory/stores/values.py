"""Values as a database gives them back: instants in UTC, texts that can be stored. What is so already stays the same object."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from booking_core.model.booking import Appointment, Booking, HistoryEntry
from booking_core.model.saga import Saga, Step
from booking_core.model.slot import Placement, Plan

_Timed = TypeVar("_Timed", Placement, Appointment)


def in_utc(instant: datetime) -> datetime:
    """The instant in UTC; raises ValueError for a naive one."""
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def maybe_in_utc(instant: datetime | None) -> datetime | None:
    """The instant in UTC, or None."""
    return None if instant is None else in_utc(instant)


def words(text: str | None) -> str | None:
    """Free text as every database takes it: without NUL and lone surrogates."""
    if text is None or (text.isascii() and "\x00" not in text):
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def plan_in_utc(plan: Plan) -> Plan:
    """The plan with its instants in UTC."""
    if all(_in_utc(it.starts_at, it.ends_at) for it in plan.placements):
        return plan
    return replace(plan, placements=tuple(_moved(it) for it in plan.placements))


def booking_in_utc(booking: Booking) -> Booking:
    """The booking as it is stored."""
    note = words(booking.note)
    plan = plan_in_utc(booking.plan)
    appointments = booking.appointments
    if not all(_in_utc(it.starts_at, it.ends_at) for it in appointments):
        appointments = tuple(_moved(it) for it in appointments)
    history = history_in_utc(booking.history)
    same = plan is booking.plan and appointments is booking.appointments and history is booking.history
    if same and note == booking.note and _in_utc(booking.created_at, booking.updated_at):
        return booking
    return replace(
        booking,
        plan=plan,
        appointments=appointments,
        history=history,
        note=note,
        created_at=in_utc(booking.created_at),
        updated_at=in_utc(booking.updated_at),
    )


def history_in_utc(history: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    """The history with its instants in UTC."""
    if all(it.at.tzinfo is UTC for it in history):
        return history
    return tuple(replace(it, at=in_utc(it.at)) for it in history)


def saga_in_utc(saga: Saga) -> Saga:
    """The saga as it is stored."""
    plan = plan_in_utc(saga.plan)
    steps = tuple(_step_in_utc(it) for it in saga.steps)
    unchanged = all(new is old for new, old in zip(steps, saga.steps, strict=True))
    if plan is saga.plan and unchanged and saga.created_at.tzinfo is UTC:
        return saga
    return replace(saga, plan=plan, steps=steps, created_at=in_utc(saga.created_at))


def _step_in_utc(step: Step) -> Step:
    instants = (step.starts_at, step.ends_at, step.begun_at, step.unanswered_at, step.sure_from)
    if all(it is None or it.tzinfo is UTC for it in instants):
        return step
    return replace(
        step,
        starts_at=in_utc(step.starts_at),
        ends_at=in_utc(step.ends_at),
        begun_at=maybe_in_utc(step.begun_at),
        unanswered_at=maybe_in_utc(step.unanswered_at),
        sure_from=maybe_in_utc(step.sure_from),
    )


def _in_utc(first: datetime, second: datetime) -> bool:
    return first.tzinfo is UTC and second.tzinfo is UTC


def _moved(value: _Timed) -> _Timed:
    return replace(value, starts_at=in_utc(value.starts_at), ends_at=in_utc(value.ends_at))
