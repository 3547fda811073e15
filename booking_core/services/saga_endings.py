"""What a finished saga means for the booking, its claims and its guest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ResourceId
from booking_core.model.saga import Saga, SagaKind, StepState
from booking_core.services.notices import Notice
from booking_core.services.saga_steps import appointments_after

PROMISE = timedelta(hours=2)
"""How long a guest may wait for what was promised."""
PROMISE_BEFORE_START = timedelta(hours=1)
_AT_LEAST = timedelta(minutes=5)
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"
_CALL_WITHIN = timedelta(hours=2)
_ACTORS: Mapping[str, str] = {"worker": "system", "api": "staff"}


@dataclass(frozen=True, slots=True)
class Ending:
    """The booking as it is from now on and what is written with it.

    ``keep`` are the claims that stay. ``mail`` and ``message`` tell the guest, ``check`` has the calendar looked at.
    """

    booking: Booking
    keep: frozenset[tuple[ResourceId, int]]
    mail: Notice | None = None
    message: Notice | None = None
    check: bool = False
    callbacks: tuple[Callback, ...] = ()


def overdue(saga: Saga) -> datetime:
    """When a promise is withdrawn: two hours after it, or an hour before its start, whichever comes first.

    What starts sooner than that gets a few minutes: most outages are over by then.
    """
    early_enough = max(saga.plan.starts_at - PROMISE_BEFORE_START, saga.created_at + _AT_LEAST)
    return min(saga.created_at + PROMISE, early_enough)


def ending_of(booking: Booking, saga: Saga, *, now: datetime, heard: bool) -> Ending:
    """The ending of a saga all of whose steps are settled; ``booking`` is the stored one.

    ``heard``: the guest is waiting for the answer and needs no later message, unless already told to wait.
    """
    match saga.kind:
        case SagaKind.BOOK:
            ending = _not_booked(booking, saga, now) if saga.back else _booked(booking, saga, now)
        case SagaKind.MOVE:
            ending = _not_moved(booking, saga, now) if saga.back else _moved(booking, saga, now)
        case SagaKind.CANCEL:
            ending = _cancelled(booking, saga, now)
    if (heard or saga.told) and not promised(booking, saga):
        failed = ending.mail in {Notice.WITHDRAWN, Notice.NOT_MOVED}
        ending = replace(ending, message=None, mail=None if failed else ending.mail)
    stuck = [
        at
        for at, step in enumerate(saga.steps)
        if step.state is StepState.REFUSED and (step.undoes is not None or saga.kind is SagaKind.CANCEL)
    ]
    calls = [callback_of(booking, CallbackReason.STUCK, f"{saga.id}:{at}", now=now) for at in stuck]
    if ending.message in {Notice.WITHDRAWN, Notice.NOT_MOVED} and not booking.attendee.email:
        calls.append(callback_of(booking, CallbackReason.WITHDRAWN, saga.id, now=now))
    return replace(ending, callbacks=(*ending.callbacks, *calls))


def promised(booking: Booking, saga: Saga) -> bool:
    """Whether the guest was told to wait for this change."""
    return any(entry.event == "promised" and entry.data.get("saga") == saga.id for entry in booking.history)


def promise_of(booking: Booking, saga: Saga, *, now: datetime) -> Booking:
    """The booking of which the guest is told to wait: a new one is pending, one that stands stays as it is."""
    entry = entry_of(now, "promised", saga.door, saga=saga.id, change=saga.kind.value)
    status = BookingStatus.PENDING if saga.kind is SagaKind.BOOK else booking.status
    return booking.with_status(status, entry)


def callback_of(booking: Booking, reason: CallbackReason, cause: str, *, now: datetime) -> Callback:
    """A request to call the guest of this booking, before it begins."""
    return Callback(
        tenant=booking.tenant,
        key=f"{reason.value}:{cause}",
        reason=reason,
        created_at=now,
        deadline=max(now, min(now + _CALL_WITHIN, booking.starts_at - PROMISE_BEFORE_START)),
        booking=booking.reference,
        conversation=booking.conversation,
        name=booking.attendee.name,
        phone=booking.attendee.phone,
    )


def entry_of(at: datetime, event: str, door: str, **data: str) -> HistoryEntry:
    """A line of history; what comes through no door of a guest's is the staff's or the system's doing."""
    return HistoryEntry(at, event, _ACTORS.get(door, "guest"), door, data)


def _booked(booking: Booking, saga: Saga, now: datetime) -> Ending:
    made = replace(
        booking.with_status(BookingStatus.CONFIRMED, entry_of(now, "confirmed", saga.door)),
        appointments=appointments_after(booking, saga.plan, saga),
    )
    return Ending(made, saga.plan.needs(), Notice.CONFIRMED, Notice.CONFIRMED, check=True)


def _not_booked(booking: Booking, saga: Saga, now: datetime) -> Ending:
    why = saga.why or ""
    status = BookingStatus.CANCELLED if why == CANCELLED else BookingStatus.FAILED
    event = why if why in {CANCELLED, WITHDRAWN} else "failed"
    ended = booking.with_status(status, entry_of(now, event, saga.door, reason=why))
    if why == CANCELLED:
        return Ending(ended, frozenset(), message=Notice.CANCELLED)
    return Ending(ended, frozenset(), Notice.WITHDRAWN, Notice.WITHDRAWN)


def _moved(booking: Booking, saga: Saga, now: datetime) -> Ending:
    data = {"from": booking.starts_at.isoformat(), **({"reason": saga.why} if saga.why else {})}
    moved = replace(
        booking.with_status(booking.status, entry_of(now, "moved", saga.door, **data)),
        plan=saga.plan,
        appointments=appointments_after(booking, saga.plan, saga),
        sequence=booking.sequence + 1,
    )
    return Ending(moved, saga.plan.needs(), Notice.MOVED, Notice.MOVED, check=True)


def _not_moved(booking: Booking, saga: Saga, now: datetime) -> Ending:
    data: Mapping[str, str] = {"reason": saga.why or "", "to": saga.plan.starts_at.isoformat()}
    stays = replace(
        booking.with_status(booking.status, entry_of(now, "not_moved", saga.door, **data)),
        appointments=appointments_after(booking, booking.plan, saga),
    )
    return Ending(stays, booking.plan.needs(), Notice.NOT_MOVED, Notice.NOT_MOVED)


def _cancelled(booking: Booking, saga: Saga, now: datetime) -> Ending:
    cancelled = replace(
        booking.with_status(BookingStatus.CANCELLED, entry_of(now, "cancelled", saga.door, reason=saga.why or "")),
        sequence=booking.sequence + 1,
    )
    return Ending(cancelled, frozenset(), Notice.CANCELLED, Notice.CANCELLED)
