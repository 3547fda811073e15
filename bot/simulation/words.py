"""What guests were told, by answers and by later messages: at the end it is held against what came about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ConversationId, HoldId, Reference
from booking_core.model.saga import SagaKind
from booking_core.model.slot import Plan
from booking_core.ports.conversations import TranscriptLine
from booking_core.services.notices import Notice
from bot.simulation.outside import Outside

# How long a guest may wait for what was promised, written down once more: the product's own rule is what is examined.
_PROMISE = timedelta(hours=2)
_BEFORE_START = timedelta(hours=1)
_AT_LEAST = timedelta(minutes=5)
_MOMENT = timedelta(seconds=10)
# A dead process's lease has to run out, its row as well, and then somebody has to come by.
_MARGIN = timedelta(minutes=15)

_HAPPENED: Mapping[str, Notice] = {
    "confirmed": Notice.CONFIRMED,
    "withdrawn": Notice.WITHDRAWN,
    "failed": Notice.WITHDRAWN,
    "moved": Notice.MOVED,
    "not_moved": Notice.NOT_MOVED,
    "cancelled": Notice.CANCELLED,
}
# Nothing comes after these.
_FINAL = frozenset({Notice.CANCELLED, Notice.WITHDRAWN})
_OUTCOMES: Mapping[SagaKind, frozenset[Notice]] = {
    SagaKind.BOOK: frozenset({Notice.CONFIRMED, Notice.WITHDRAWN, Notice.CANCELLED}),
    SagaKind.MOVE: frozenset({Notice.MOVED, Notice.NOT_MOVED, Notice.OVERLAPPED}),
    # What was only being made may fail before it can be called off.
    SagaKind.CANCEL: frozenset({Notice.CANCELLED, Notice.WITHDRAWN}),
}


@dataclass(frozen=True, slots=True)
class Word:
    """The last word about a booking. ``plan`` is None where the guest cannot know which of two times holds."""

    cancelled: bool
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody was told to wait for this change, at a moment. ``until`` is when the outcome has to be told; None for no such time.

    ``asked`` is when it was asked for: what is told at once may come before an answer that is on its way for long.
    """

    reference: Reference
    kind: SagaKind
    at: datetime
    until: datetime | None
    asked: datetime


@dataclass(slots=True)
class Told:
    """The last word about each booking, what was promised, and the holds of which nothing came.

    ``off`` are the bookings of which an answer said that they do not take place any more: nobody needs to say it again.
    ``unwanted`` says since when guests want theirs cancelled: from then on they wait for nothing else.
    """

    last: dict[Reference, Word] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    lost: list[HoldId] = field(default_factory=list)
    off: set[Reference] = field(default_factory=set)
    unwanted: dict[Reference, datetime] = field(default_factory=dict)
    # A dictionary, because it has the same order in every run.
    conversations: dict[ConversationId, None] = field(default_factory=dict)

    def booked(self, booking: Booking, plan: Plan) -> None:
        """It stands, at this time."""
        self.last[booking.reference] = Word(False, plan)

    def is_cancelled(self, reference: Reference) -> bool:
        """Whether that was the last word."""
        word = self.last.get(reference)
        return word is not None and word.cancelled

    def cancelled(self, reference: Reference) -> None:
        """It is or will be cancelled."""
        self.last[reference] = Word(True, None)

    def unsure(self, reference: Reference) -> None:
        """It may stand at either time."""
        word = self.last.get(reference)
        if word is not None and not word.cancelled:
            self.last[reference] = Word(False, None)

    def nothing(self, reference: Reference) -> None:
        """Nobody answered: it may stand or not."""
        self.last.pop(reference, None)

    def promise(
        self, booking: Booking, kind: SagaKind, starts_at: datetime, now: datetime, *, asked: datetime
    ) -> None:
        """The answer comes later, in the conversation. A cancellation takes as long as it takes."""
        until = None
        if kind is not SagaKind.CANCEL:
            until = min(now + _PROMISE, max(starts_at - _BEFORE_START, now + _AT_LEAST))
        self.promises.append(Promise(booking.reference, kind, now, until, asked))


@dataclass(frozen=True, slots=True)
class Ear:
    """Understands later messages: the catalogue's own texts, with anything where something is filled in."""

    patterns: Sequence[tuple[re.Pattern[str], Notice]]

    @classmethod
    def of(cls, outside: Outside) -> Ear:
        """For the languages of the business."""
        gap = "\x00"
        found = []
        for language in outside.tenant.languages:
            say = outside.phrases_of(outside.tenant, language, outside.clock.now())
            for notice in Notice:
                text = say.t(f"later.{notice.value}", service=gap, span=gap, reference=gap, phone=gap)
                found.append((re.compile(re.escape(text).replace(re.escape(gap), ".+")), notice))
        return cls(found)

    def hear(self, lines: Sequence[TranscriptLine]) -> list[tuple[datetime, Notice | None]]:
        """When was what said; None for what cannot be understood."""
        return [(line.at, self._notice(line.text)) for line in lines]

    def _notice(self, text: str) -> Notice | None:
        return next((notice for pattern, notice in self.patterns if pattern.fullmatch(text)), None)


def happened(booking: Booking) -> Counter[Notice]:
    """What has become of a booking, change by change, as a guest may be told of it."""
    found = Counter(_HAPPENED[it.event] for it in booking.history if it.event in _HAPPENED)
    found[Notice.OVERLAPPED] = sum(
        it.event == "overlapped" and it.data.get("first") != "ours" for it in booking.history
    )
    return found


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a change. ``promised``: somebody was told to wait for it. ``overtaken``: too soon after it something else came, and
    who is told of that need not be told of this."""

    at: datetime
    notice: Notice
    promised: bool
    overtaken: bool


def broken_words(
    booking: Booking, said: Sequence[tuple[datetime, Notice | None]], promises: Sequence[Promise], told: Told
) -> Iterator[str]:
    """What does not fit between what happened to a booking, the ``promises`` heard of it, and the messages in its conversation."""
    name, off = booking.reference, booking.reference in told.off
    over = booking.status in {BookingStatus.CANCELLED, BookingStatus.FAILED}
    if any(notice is None for _, notice in said):
        yield f"{name}: the guest was told something that nobody understands"
    counted = Counter(notice for _, notice in said if notice is not None)
    outcomes, open_promises = _outcomes(booking, told.unwanted.get(name) if over else None)
    came = happened(booking)
    due = Counter(it.notice for it in outcomes if it.promised and not it.overtaken)
    # A move that was taken back may find its old time taken: then the guest hears of that, perhaps instead.
    due[Notice.NOT_MOVED] -= sum(it.event == "overlapped" and "saga" in it.data for it in booking.history)
    if off:
        due[Notice.CANCELLED] = 0
    for notice in Notice:
        if counted[notice] > came[notice]:
            yield f"{name}: told {notice} {counted[notice]} times, which happened {came[notice]} times"
        if counted[notice] < due[notice]:
            yield f"{name}: it came to {notice}, and a guest who waits was never told"
    if open_promises:
        yield f"{name}: promised, and nothing came of it"
    for promise in promises:
        satisfied = off and Notice.CANCELLED in _OUTCOMES[promise.kind]
        yield from _late(said, outcomes, promise, satisfied=satisfied)
        if promise.kind is SagaKind.CANCEL and not over:
            yield f"{name}: promised to be cancelled, and it stands"


def _outcomes(booking: Booking, unwanted: datetime | None) -> tuple[list[_Outcome], bool]:
    """What came of every change, and whether of something promised nothing came."""
    waiting: dict[str, SagaKind] = {}
    found: list[_Outcome] = []
    made = False
    for number, entry in enumerate(booking.history):
        if entry.event == "promised":
            waiting.setdefault(entry.data.get("saga", ""), SagaKind(entry.data.get("change", SagaKind.BOOK)))
        notice = _HAPPENED.get(entry.event)
        if entry.event == "overlapped" and entry.data.get("first") != "ours":
            notice = Notice.OVERLAPPED
        if notice is None:
            continue
        kinds = {kind for kind, possible in _OUTCOMES.items() if notice in possible}
        kinds &= {SagaKind.MOVE, SagaKind.CANCEL} if made else {SagaKind.BOOK, SagaKind.CANCEL}
        ended = [saga for saga, kind in waiting.items() if kind in kinds and notice is not Notice.OVERLAPPED]
        for saga in ended:
            del waiting[saga]
        later = [it.at for it in booking.history[number + 1 :] if it.event in {"moved", "cancelled"}]
        later += [unwanted] if unwanted is not None else []
        overtaken = notice not in _FINAL and any(at <= entry.at + _MARGIN for at in later)
        found.append(_Outcome(entry.at, notice, bool(ended) or notice is Notice.OVERLAPPED, overtaken))
        made = made or notice is Notice.CONFIRMED
    return found, bool(waiting)


def _late(
    said: Sequence[tuple[datetime, Notice | None]],
    outcomes: Sequence[_Outcome],
    promise: Promise,
    *,
    satisfied: bool,
) -> Iterator[str]:
    possible = _OUTCOMES[promise.kind]
    # A new booking has one outcome only, and who repeats an old question hears the old answer again.
    ever = promise.kind is SagaKind.BOOK
    since = promise.asked - _MOMENT
    outcome = next((it for it in outcomes if it.notice in possible and (ever or it.at >= since)), None)
    if outcome is not None and outcome.overtaken:
        return
    heard = next(((at, notice) for at, notice in said if notice in possible and (ever or at >= since)), None)
    what = f"{promise.reference}: the {promise.kind} promised at {promise.at:%H:%M:%S} UTC"
    if heard is None:
        if not satisfied:
            yield f"{what}, and never told what came of it"
    elif promise.until is not None and heard[1] is not Notice.CANCELLED and heard[0] > promise.until + _MARGIN:
        minutes = (heard[0] - promise.until).total_seconds() / 60
        yield f"{what}, and told {minutes:.0f} minutes too late that it is {heard[1]}"
