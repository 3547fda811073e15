"""What a saga means for the booking, its claims and its guest. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking_core.model.booking import Booking, BookingStatus, HistoryEntry
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ResourceId, StaffId
from booking_core.model.interval import Interval
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from booking_core.services.notices import Notice
from booking_core.services.saga_steps import appointments_after, cancel_steps

PROMISE = timedelta(hours=2)
"""How long a guest may wait for what was promised."""
PROMISE_BEFORE_START = timedelta(hours=1)
_AT_LEAST = timedelta(minutes=5)
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"
OVERLAPPED = "overlapped"
OURS, THEIRS = "ours", "theirs"
"""Who came first where a booking is overlapped, as its history has it."""
_FAILED = "failed"
_NOT_MADE = frozenset({_FAILED, WITHDRAWN})
_ABOUT_TIME = frozenset({"taken", "limit", "notice", WITHDRAWN, CANCELLED})
_PROMISED = "promised"
_CALLED_OFF = "called_off"
_CALL_WITHIN = timedelta(hours=2)
_ACTORS: Mapping[str, str] = {"worker": "system", "api": "staff"}
# A letter or message of these leaves the guest with nothing to rely on.
_BAD_NEWS = frozenset({Notice.WITHDRAWN, Notice.NOT_MOVED, Notice.OVERLAPPED})


@dataclass(frozen=True, slots=True)
class Words:
    """What the guest is told, by mail and in the conversation; ``call`` has staff tell whom no mail reaches."""

    mail: Notice | None = None
    message: Notice | None = None
    call: Callback | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The booking as it is from now on and what is written with it.

    ``keep`` are the claims that stay, ``check`` has the calendar looked at.
    """

    booking: Booking
    keep: frozenset[tuple[ResourceId, int]]
    words: Words = Words()
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
    stuck = [
        at
        for at, step in enumerate(saga.steps)
        if step.state is StepState.REFUSED and (step.undoes is not None or saga.kind is SagaKind.CANCEL)
    ]
    calls = tuple(callback_of(booking, CallbackReason.STUCK, f"{saga.id}:{at}", now=now) for at in stuck)
    return replace(ending, words=words_of(booking, saga, heard=heard, now=now), callbacks=calls)


def words_of(booking: Booking, saga: Saga, *, heard: bool, now: datetime) -> Words:
    """What the guest is told of a saga that has come about or is certain not to, besides the answer that is ``heard``."""
    notice = _notice_of(saga)
    if notice in {Notice.NOT_MOVED, Notice.OVERLAPPED} and called_off(booking, saga) is not None:
        return Words()  # whoever wants no appointment at all hears that it is cancelled
    if notice is Notice.OVERLAPPED:
        return Words(notice, notice)  # worse than what was said before
    if saga.told:
        return Words()
    hears = heard and not _waits(booking, saga)
    if saga.called_off is not None:
        # No invitation was ever sent. Who was promised one and did not call it off himself gets a letter.
        letter = promised(booking, saga) and saga.called_off.door != booking.door
        return Words(Notice.WITHDRAWN if letter else None, None if hears else notice)
    if notice not in _BAD_NEWS:
        return Words(notice, None if hears else notice)
    if hears:
        return Words()
    call = None if booking.attendee.email else callback_of(booking, CallbackReason.WITHDRAWN, saga.id, now=now)
    return Words(notice, notice, call)


def promised(booking: Booking, saga: Saga) -> bool:
    """Whether the guest was told to wait for this change."""
    return _noted(booking, saga, _PROMISED) is not None


def promise_of(booking: Booking, saga: Saga, *, now: datetime) -> Booking:
    """The booking of which the guest is told to wait: a new one is pending, one that stands stays as it is."""
    if promised(booking, saga):
        return booking
    entry = entry_of(now, _PROMISED, saga.door, saga=saga.id, change=saga.kind.value)
    status = BookingStatus.PENDING if saga.kind is SagaKind.BOOK else booking.status
    return booking.with_status(status, entry)


def called_off(booking: Booking, saga: Saga) -> CallOff | None:
    """Who wants the booking cancelled as soon as this saga is over."""
    noted = _noted(booking, saga, _CALLED_OFF)
    return None if noted is None else CallOff(noted.door, noted.data.get("reason", ""))


def call_off_of(booking: Booking, saga: Saga, wish: CallOff, *, now: datetime) -> Booking:
    """The booking with the wish written down."""
    if called_off(booking, saga) is not None:
        return booking
    entry = entry_of(now, _CALLED_OFF, wish.door, reason=wish.reason, saga=saga.id)
    return booking.with_status(booking.status, entry)


def cancellation(booking: Booking, wish: CallOff, *, id: str, now: datetime) -> Saga:
    """The saga that cancels a booking which stands."""
    return Saga(
        id=id,
        tenant=booking.tenant,
        booking=booking.reference,
        kind=SagaKind.CANCEL,
        plan=booking.plan,
        steps=cancel_steps(booking),
        door=wish.door,
        created_at=now,
        why=wish.reason,
    )


def home_lost(booking: Booking) -> bool:
    """Whether somebody has taken the booking's time while a move was being tried, so that it could not go back there."""
    return any(
        it.event == OVERLAPPED and "saga" in it.data and it.data.get("sequence") == str(booking.sequence)
        for it in booking.history
    )


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


def entry_of(at: datetime, event: str, door: str, *, actor: str | None = None, **data: str) -> HistoryEntry:
    """A line of history; by default what comes through no door of a guest's is the staff's or the system's doing."""
    return HistoryEntry(at, event, actor or _ACTORS.get(door, "guest"), door, data)


def is_about_time(refusal: str) -> bool:
    """Whether another time might be taken, as opposed to a calendar that takes nothing."""
    return refusal in _ABOUT_TIME


def refusal_of(booking: Booking) -> str | None:
    """Why a booking was not made; None where it was, or may still be."""
    if booking.status is not BookingStatus.FAILED:
        return None
    return next((it.data.get("reason", "") for it in reversed(booking.history) if it.event in _NOT_MADE), "")


def refused_times(saga: Saga) -> Iterator[tuple[StaffId, Interval]]:
    """Times that the calendar would not take."""
    for step in saga.steps:
        if step.state is not StepState.REFUSED or step.kind is not StepKind.PLACE or step.undoes is not None:
            continue
        if is_about_time(step.reason or ""):
            yield step.staff, _time_of(step)


def freed_by(saga: Saga, before: Booking) -> Iterator[tuple[StaffId, Interval]]:
    """Times at which nothing of ours stands any more; ``before`` is the booking before the saga ended."""
    for step in saga.steps:
        if step.state is not StepState.DONE or _undoes_refused(saga, step):
            continue
        if step.kind is StepKind.REMOVE:
            yield step.staff, _time_of(step)
        elif step.uid is None:
            continue
        elif step.undoes is not None:
            yield step.staff, _time_of(saga.steps[step.undoes])
        elif not saga.back:
            left = before.plan.placements[step.segment]
            yield left.staff, left.occupied


def _undoes_refused(saga: Saga, step: Step) -> bool:
    """Whether somebody else has the time that a step leaves, or it is closed."""
    return step.undoes is not None and saga.steps[step.undoes].state is StepState.REFUSED


def _time_of(step: Step) -> Interval:
    return Interval(step.starts_at, step.ends_at)


def _noted(booking: Booking, saga: Saga, event: str) -> HistoryEntry | None:
    return next((it for it in booking.history if it.event == event and it.data.get("saga") == saga.id), None)


def _waits(booking: Booking, saga: Saga) -> bool:
    """Whether somebody was told to wait for this: of what is called off, whoever called it off."""
    if called_off(booking, saga) is not None:
        return True
    return saga.called_off is None and promised(booking, saga)


def _notice_of(saga: Saga) -> Notice:
    match saga.kind:
        case SagaKind.CANCEL:
            return Notice.CANCELLED
        case SagaKind.BOOK if saga.back:
            return Notice.CANCELLED if saga.called_off is not None else Notice.WITHDRAWN
        case SagaKind.BOOK:
            return Notice.CONFIRMED
        case SagaKind.MOVE if saga.back:
            return Notice.OVERLAPPED if _home_lost(saga) else Notice.NOT_MOVED
        case SagaKind.MOVE:
            return Notice.MOVED


def _home_lost(saga: Saga) -> bool:
    """Whether somebody has taken the old time before what had left it came back."""
    return any(
        step.undoes is not None and step.kind is StepKind.PLACE and step.reason == "taken" for step in saga.steps
    )


def _booked(booking: Booking, saga: Saga, now: datetime) -> Ending:
    made = replace(
        booking.with_status(BookingStatus.CONFIRMED, entry_of(now, "confirmed", saga.door)),
        appointments=appointments_after(booking, saga.plan, saga),
    )
    return Ending(made, saga.plan.needs(), check=True)


def _not_booked(booking: Booking, saga: Saga, now: datetime) -> Ending:
    if saga.called_off is not None:
        entry = entry_of(now, CANCELLED, saga.called_off.door, reason=saga.called_off.reason)
        return Ending(booking.with_status(BookingStatus.CANCELLED, entry), frozenset())
    event = WITHDRAWN if saga.why == WITHDRAWN else _FAILED
    entry = entry_of(now, event, saga.door, actor="system", reason=saga.why or "")
    return Ending(booking.with_status(BookingStatus.FAILED, entry), frozenset())


def _moved(booking: Booking, saga: Saga, now: datetime) -> Ending:
    data = {"from": booking.starts_at.isoformat(), **({"reason": saga.why} if saga.why else {})}
    moved = replace(
        booking.with_status(booking.status, entry_of(now, "moved", saga.door, **data)),
        plan=saga.plan,
        appointments=appointments_after(booking, saga.plan, saga),
        sequence=booking.sequence + 1,
    )
    return Ending(moved, saga.plan.needs(), check=True)


def _not_moved(booking: Booking, saga: Saga, now: datetime) -> Ending:
    data: Mapping[str, str] = {"reason": saga.why or "", "to": saga.plan.starts_at.isoformat()}
    stays = replace(
        booking.with_status(booking.status, entry_of(now, "not_moved", saga.door, actor="system", **data)),
        appointments=appointments_after(booking, booking.plan, saga),
    )
    if _home_lost(saga):
        lost = {"sequence": str(stays.sequence), "first": THEIRS, "saga": saga.id}
        stays = stays.with_status(stays.status, entry_of(now, OVERLAPPED, saga.door, actor="system", **lost))
    rewritten = any(step.state is StepState.DONE for step in saga.steps)
    return Ending(stays, booking.plan.needs(), check=rewritten)


def _cancelled(booking: Booking, saga: Saga, now: datetime) -> Ending:
    cancelled = replace(
        booking.with_status(BookingStatus.CANCELLED, entry_of(now, "cancelled", saga.door, reason=saga.why or "")),
        sequence=booking.sequence + 1,
    )
    return Ending(cancelled, frozenset())
