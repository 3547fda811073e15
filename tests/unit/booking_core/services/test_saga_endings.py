"""What a finished saga means: status, history, claims that stay, and who hears of it how."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import CallbackReason
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
from booking_core.services.notices import Notice
from booking_core.services.saga_endings import (
    CANCELLED,
    WITHDRAWN,
    Words,
    call_off_of,
    callback_of,
    called_off,
    ending_of,
    entry_of,
    home_lost,
    overdue,
    promise_of,
    promised,
    words_of,
)
from booking_core.services.saga_steps import booking_steps, cancel_steps, move_steps
from tests.support.examples import NOW, booking_of, composite, minutes

LATER = NOW + minutes(30)
OLD, NEW = composite(600), composite(660)


def booking(status: BookingStatus, *, email: str | None = "juergen@example.org") -> Booking:
    made = booking_of("F7K2QX", OLD, status=status)
    return replace(made, attendee=replace(made.attendee, email=email))


def saga(kind: SagaKind, *, back: bool = False, why: str | None = None, of: Booking | None = None) -> Saga:
    stored = of or booking(BookingStatus.COMMITTING)
    steps = {
        SagaKind.BOOK: booking_steps(stored),
        SagaKind.MOVE: move_steps(stored, NEW),
        SagaKind.CANCEL: cancel_steps(stored),
    }[kind]
    done = tuple(done_of(step) for step in steps)
    plan = NEW if kind is SagaKind.MOVE else OLD
    return Saga("s-1", stored.tenant, stored.reference, kind, plan, done, "chat", NOW, back=back, why=why)


def done_of(step: Step) -> Step:
    placed = step.kind is StepKind.PLACE
    return replace(step, state=StepState.DONE, result_uid=f"v{step.segment}" if placed else None)


@pytest.mark.parametrize(
    ("kind", "back", "why", "before", "after", "event", "told"),
    [
        (SagaKind.BOOK, False, None, "committing", "confirmed", "confirmed", Notice.CONFIRMED),
        (SagaKind.BOOK, False, None, "pending", "confirmed", "confirmed", Notice.CONFIRMED),
        (SagaKind.BOOK, True, "taken", "compensating", "failed", "failed", Notice.WITHDRAWN),
        (SagaKind.BOOK, True, WITHDRAWN, "pending", "failed", "withdrawn", Notice.WITHDRAWN),
        (SagaKind.MOVE, False, None, "confirmed", "confirmed", "moved", Notice.MOVED),
        (SagaKind.MOVE, True, "taken", "confirmed", "confirmed", "not_moved", Notice.NOT_MOVED),
        (SagaKind.CANCEL, False, "guest", "confirmed", "cancelled", "cancelled", Notice.CANCELLED),
    ],
)
def test_how_it_ends_for_a_guest_who_is_no_longer_there(
    kind: SagaKind, back: bool, why: str | None, before: str, after: str, event: str, told: Notice
) -> None:
    """He is told by mail and in the conversation."""
    ending = ending_of(booking(BookingStatus(before)), saga(kind, back=back, why=why), now=LATER, heard=False)
    assert ending.booking.status == after
    assert ending.booking.history[-1].event == event
    assert ending.booking.history[-1].at == ending.booking.updated_at == LATER
    assert (ending.words.mail, ending.words.message) == (told, told)
    assert ending.callbacks == ()


@pytest.mark.parametrize(
    ("kind", "back", "mail"),
    [
        (SagaKind.BOOK, False, Notice.CONFIRMED),
        (SagaKind.BOOK, True, None),
        (SagaKind.MOVE, False, Notice.MOVED),
        (SagaKind.MOVE, True, None),
        (SagaKind.CANCEL, False, Notice.CANCELLED),
    ],
)
def test_who_hears_the_answer_needs_no_message_and_no_letter(
    kind: SagaKind, back: bool, mail: Notice | None
) -> None:
    """An invitation he gets all the same."""
    ending = ending_of(booking(BookingStatus.CONFIRMED), saga(kind, back=back), now=LATER, heard=True)
    assert (ending.words.mail, ending.words.message) == (mail, None)


@pytest.mark.parametrize("back", [False, True])
def test_who_was_told_to_wait_is_told_what_came_of_it(back: bool) -> None:
    """Even where somebody else waits for it now; the promise of another saga does not count."""
    open_saga = saga(SagaKind.BOOK, back=back, why="taken")
    waiting = promise_of(booking(BookingStatus.COMMITTING), open_saga, now=NOW)
    assert waiting.status is BookingStatus.PENDING
    assert promised(waiting, open_saga)
    ending = ending_of(waiting, open_saga, now=LATER, heard=True)
    assert ending.words.message is (Notice.WITHDRAWN if back else Notice.CONFIRMED)
    other = ending_of(waiting, replace(open_saga, id="s-2"), now=LATER, heard=True)
    assert other.words.message is None


def test_the_promise_of_a_move_leaves_the_booking_as_it_is() -> None:
    standing = booking(BookingStatus.CONFIRMED)
    assert promise_of(standing, saga(SagaKind.MOVE), now=LATER).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize(
    ("kind", "back", "kept"),
    [
        (SagaKind.BOOK, False, OLD.needs()),
        (SagaKind.BOOK, True, frozenset()),
        (SagaKind.MOVE, False, NEW.needs()),
        (SagaKind.MOVE, True, OLD.needs()),
        (SagaKind.CANCEL, False, frozenset()),
    ],
)
def test_the_claims_that_stay(kind: SagaKind, back: bool, kept: frozenset[object]) -> None:
    ending = ending_of(booking(BookingStatus.CONFIRMED), saga(kind, back=back), now=LATER, heard=False)
    assert ending.keep == kept


@pytest.mark.parametrize(
    ("kind", "back", "checked", "sequence"),
    [
        (SagaKind.BOOK, False, True, 0),
        (SagaKind.BOOK, True, False, 0),
        (SagaKind.MOVE, False, True, 1),
        (SagaKind.MOVE, True, True, 0),
        (SagaKind.CANCEL, False, False, 1),
    ],
)
def test_what_was_written_is_looked_at_and_what_changed_counts(
    kind: SagaKind, back: bool, checked: bool, sequence: int
) -> None:
    ending = ending_of(booking(BookingStatus.CONFIRMED), saga(kind, back=back), now=LATER, heard=False)
    assert (ending.check, ending.booking.sequence) == (checked, sequence)


def test_a_booking_knows_its_entries_in_the_end() -> None:
    ending = ending_of(booking(BookingStatus.COMMITTING), saga(SagaKind.BOOK), now=LATER, heard=True)
    assert [it.uid for it in ending.booking.appointments] == ["v0", "v1"]


@pytest.mark.parametrize(
    ("promised_before", "heard", "mail", "message"),
    [
        (False, False, None, Notice.CANCELLED),
        (False, True, None, None),
        (True, True, Notice.WITHDRAWN, None),
        (True, False, Notice.WITHDRAWN, Notice.CANCELLED),
    ],
)
def test_a_booking_called_off_before_it_was_made(
    promised_before: bool, heard: bool, mail: Notice | None, message: Notice | None
) -> None:
    """There never was an invitation to take back; who waits for one and did not call it off gets a letter."""
    off = replace(saga(SagaKind.BOOK, back=True, why=CANCELLED), called_off=CallOff("api", "Closed that day"))
    waiting = booking(BookingStatus.PENDING)
    ending = ending_of(
        promise_of(waiting, off, now=NOW) if promised_before else waiting, off, now=LATER, heard=heard
    )
    assert ending.booking.status is BookingStatus.CANCELLED
    entry = ending.booking.history[-1]
    assert (entry.event, entry.actor, entry.door, entry.data) == (
        "cancelled",
        "staff",
        "api",
        {"reason": "Closed that day"},
    )
    assert (ending.words.mail, ending.words.message, ending.keep) == (mail, message, frozenset())


def test_who_was_told_to_wait_for_a_cancellation_hears_of_it() -> None:
    """Although the promise of the booking itself is not kept any more."""
    off = replace(saga(SagaKind.BOOK, back=True, why=CANCELLED), called_off=CallOff("chat", ""))
    wished = call_off_of(booking(BookingStatus.PENDING), off, CallOff("chat", ""), now=NOW)
    assert called_off(wished, off) == CallOff("chat", "")
    assert call_off_of(wished, off, CallOff("api", "again"), now=LATER) == wished
    assert words_of(wished, off, heard=True, now=LATER).message is Notice.CANCELLED


def test_a_promise_is_noted_once() -> None:
    waiting = promise_of(booking(BookingStatus.COMMITTING), saga(SagaKind.BOOK), now=NOW)
    assert promise_of(waiting, saga(SagaKind.BOOK), now=LATER) == waiting


def test_what_the_guest_has_heard_is_not_told_again() -> None:
    told = replace(saga(SagaKind.BOOK, back=True, why=WITHDRAWN), told=True)
    waiting = promise_of(booking(BookingStatus.COMMITTING), told, now=NOW)
    assert words_of(waiting, told, heard=False, now=LATER) == Words()


def test_an_old_time_that_is_lost_is_told_to_everybody() -> None:
    """Whoever has heard that the old appointment stands has to hear that it does not."""
    back = saga(SagaKind.MOVE, back=True, why="taken")
    home = replace(back.steps[0], undoes=0, state=StepState.REFUSED, reason="taken")
    lost = replace(back, steps=(*back.steps, home), told=True)
    words = words_of(booking(BookingStatus.CONFIRMED), lost, heard=True, now=LATER)
    assert (words.mail, words.message) == (Notice.OVERLAPPED, Notice.OVERLAPPED)
    stands = ending_of(booking(BookingStatus.CONFIRMED), lost, now=LATER, heard=True).booking
    assert [it.event for it in stands.history[-2:]] == ["not_moved", "overlapped"]
    assert home_lost(stands)
    assert not home_lost(replace(stands, sequence=stands.sequence + 1))
    unwanted = call_off_of(booking(BookingStatus.CONFIRMED), lost, CallOff("chat", ""), now=NOW)
    assert home_lost(ending_of(unwanted, lost, now=LATER, heard=True).booking)


def test_a_move_that_failed_is_no_news_to_who_has_cancelled_since() -> None:
    back = saga(SagaKind.MOVE, back=True, why=WITHDRAWN)
    waiting = promise_of(booking(BookingStatus.CONFIRMED, email=None), back, now=NOW)
    assert words_of(waiting, back, heard=False, now=LATER).call is not None
    wished = call_off_of(waiting, back, CallOff("chat", ""), now=NOW)
    assert words_of(wished, back, heard=False, now=LATER) == Words()


def test_what_the_system_gives_up_is_nobody_elses_doing() -> None:
    given_up = saga(SagaKind.BOOK, back=True, why=WITHDRAWN)
    entry = ending_of(booking(BookingStatus.PENDING), given_up, now=LATER, heard=False).booking.history[-1]
    assert (entry.event, entry.actor, entry.door) == ("withdrawn", "system", "chat")


def test_a_move_says_where_it_came_from_and_a_failed_one_where_to() -> None:
    stands = booking(BookingStatus.CONFIRMED)
    moved = ending_of(stands, saga(SagaKind.MOVE), now=LATER, heard=True).booking
    assert moved.history[-1].data["from"] == OLD.starts_at.isoformat()
    assert (moved.plan, moved.starts_at) == (NEW, NEW.starts_at)
    stayed = ending_of(stands, saga(SagaKind.MOVE, back=True, why="taken"), now=LATER, heard=True).booking
    assert stayed.history[-1].data == {"reason": "taken", "to": NEW.starts_at.isoformat()}
    assert stayed.plan == OLD


def test_what_cannot_be_undone_is_a_call_for_staff() -> None:
    back = saga(SagaKind.BOOK, back=True, why="taken")
    undoing = replace(back.steps[0], kind=StepKind.REMOVE, undoes=0, state=StepState.REFUSED)
    stuck = replace(back, steps=(*back.steps, undoing))
    [call] = ending_of(booking(BookingStatus.COMMITTING), stuck, now=LATER, heard=True).callbacks
    assert (call.reason, call.key) == (CallbackReason.STUCK, "stuck:s-1:2")
    refused = replace(back, steps=(replace(back.steps[0], state=StepState.REFUSED), *back.steps[1:]))
    assert ending_of(booking(BookingStatus.COMMITTING), refused, now=LATER, heard=True).callbacks == ()


@pytest.mark.parametrize(
    ("email", "heard", "called"),
    [(None, False, True), (None, True, False), ("juergen@example.org", False, False)],
)
def test_whom_no_mail_reaches_staff_shall_call(email: str | None, heard: bool, called: bool) -> None:
    waiting = booking(BookingStatus.COMMITTING, email=email)
    ending = ending_of(waiting, saga(SagaKind.BOOK, back=True, why=WITHDRAWN), now=LATER, heard=heard)
    call = ending.words.call
    assert (call is not None and call.reason is CallbackReason.WITHDRAWN) == called


@pytest.mark.parametrize(
    ("starts_in", "withdrawn_after"),
    [(600, 120), (180, 120), (150, 90), (75, 15)],
    ids=["two hours", "just two hours", "an hour before the start", "an hour before a near start"],
)
def test_how_long_a_promise_is_kept(starts_in: int, withdrawn_after: int) -> None:
    promise = replace(saga(SagaKind.BOOK), plan=composite(starts_in))
    assert overdue(promise) == NOW + minutes(withdrawn_after)


def test_what_starts_soon_gets_a_few_minutes_all_the_same() -> None:
    promise = replace(saga(SagaKind.BOOK), plan=composite(30))
    assert NOW < overdue(promise) < NOW + minutes(15)


@pytest.mark.parametrize(
    ("now", "deadline"),
    [
        (NOW, NOW + minutes(120)),
        (OLD.starts_at - minutes(90), OLD.starts_at - minutes(60)),
        (OLD.starts_at - minutes(20), OLD.starts_at - minutes(20)),
    ],
    ids=["within two hours", "an hour before the start", "at once"],
)
def test_until_when_staff_shall_call(now: datetime, deadline: datetime) -> None:
    call = callback_of(booking(BookingStatus.CONFIRMED), CallbackReason.STUCK, "s-1", now=now)
    assert (call.deadline, call.created_at) == (deadline, now)
    assert (call.name, call.phone) == ("Jürgen Groß", "+4930123456")


@pytest.mark.parametrize(("door", "actor"), [("chat", "guest"), ("worker", "system"), ("api", "staff")])
def test_whose_doing_it_was(door: str, actor: str) -> None:
    assert entry_of(NOW, "moved", door, reason="x").actor == actor
