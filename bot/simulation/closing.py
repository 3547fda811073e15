"""What must hold once everything has come to rest: claims, bookings, calendar, mails and what guests were told agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import ConversationId, Reference
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga
from booking_core.model.slot import Hold
from booking_core.ports.calendar import Entry
from booking_core.ports.conversations import TranscriptLine
from booking_core.ports.outbox import OutboxItem
from booking_core.services.booking import UNSETTLED
from bot.simulation.ledger import Ledger
from bot.simulation.outside import Outside
from bot.simulation.words import Told

_MAILED = frozenset({"confirmed", "moved", "cancelled"})


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything there is at the end. ``orphans`` are claims that nobody needs, in words; ``mails`` are those that the relay has accepted."""

    bookings: Sequence[Booking]
    open_sagas: Sequence[Saga]
    holds: Sequence[Hold]
    callbacks: Sequence[Callback]
    dead_letters: Sequence[OutboxItem]
    waiting: int
    entries: Sequence[Entry]
    mails: Sequence[bytes]
    transcripts: dict[ConversationId, Sequence[TranscriptLine]]
    told: Told
    orphans: Sequence[str]

    @property
    def confirmed(self) -> list[Booking]:
        """Bookings that stand."""
        return [booking for booking in self.bookings if booking.status is BookingStatus.CONFIRMED]

    @classmethod
    async def read(cls, outside: Outside, ledger: Ledger, mails: Sequence[bytes], told: Told) -> Closing:
        """All of it, as it is now; the ledger has looked before."""
        tenant, now = outside.tenant.id, outside.clock.now()
        async with outside.database.read() as work:
            bookings = await work.bookings.list_between(tenant, ledger.window.starts_at, ledger.window.ends_at)
            sagas = [await work.sagas.find_open(tenant, booking.reference) for booking in bookings]
            holds = [await work.claims.find_hold(tenant, it, now=now) for it in told.conversations]
            conversations = {it.conversation for it in bookings if it.conversation is not None}
            return cls(
                bookings=bookings,
                open_sagas=[saga for saga in sagas if saga is not None],
                holds=[hold for hold in holds if hold is not None],
                callbacks=await work.callbacks.list_open(tenant),
                dead_letters=await work.outbox.dead_letters(tenant),
                waiting=await work.outbox.depth(),
                entries=outside.calendar.entries(tenant),
                mails=mails,
                transcripts={it: await work.conversations.transcript(tenant, it) for it in conversations},
                told=told,
                orphans=ledger.orphans(await ledger.full(work)),
            )

    @property
    def restless(self) -> bool:
        """Whether something is still on its way."""
        return bool(self.open_sagas or self.waiting or self.holds)


def problems_of(closing: Closing) -> list[str]:
    """Every broken promise in words; empty when all is well."""
    return [
        *closing.orphans,
        *_unfinished(closing),
        *_calendar(closing),
        *_foreign(closing),
        *_mails(closing),
        *_words(closing),
    ]


def _unfinished(closing: Closing) -> Iterator[str]:
    for saga in closing.open_sagas:
        yield f"{saga.booking}: its {saga.kind} is still open"
    for booking in closing.bookings:
        if booking.status in UNSETTLED:
            yield f"{booking.reference}: still {booking.status}"
    for hold in closing.holds:
        yield f"the hold {hold.id} never ended"
    for item in closing.dead_letters:
        yield f"{item.kind} {item.key} was given up"
    if closing.waiting:
        yield f"{closing.waiting} rows of the outbox still wait"


def _calendar(closing: Closing) -> Iterator[str]:
    """One live entry for each segment of a standing booking, at its time, and no others of ours."""
    live = {entry.uid: entry for entry in closing.entries if entry.live and entry.reference is not None}
    stuck = {it.booking for it in closing.callbacks if it.reason is CallbackReason.STUCK}
    for booking in closing.confirmed:
        for appointment in booking.appointments:
            occupied = booking.plan.placements[appointment.segment].occupied
            entry = live.pop(appointment.uid or "", None)
            # What staff know that they have to put right is not lost.
            if booking.reference in stuck:
                continue
            if entry is None:
                yield f"{booking.reference}: segment {appointment.segment} is not in the calendar"
            elif (entry.staff, entry.starts_at) != (appointment.staff, occupied.starts_at):
                yield f"{booking.reference}: segment {appointment.segment} is elsewhere in the calendar"
    for entry in live.values():
        yield f"entry {entry.entry_id} ({entry.reference}) stands in the calendar without a booking"


def _foreign(closing: Closing) -> Iterator[str]:
    """An entry that was in the calendar before ours, on our time, is known to us and to a person who looks into it."""
    foreign = [entry for entry in closing.entries if entry.live and entry.reference is None]
    known = {it.booking for it in closing.callbacks if it.reason is CallbackReason.OVERLAP}
    for booking in closing.confirmed:
        for appointment in booking.appointments:
            occupied = booking.plan.placements[appointment.segment].occupied
            hit = any(
                entry.staff == appointment.staff
                and appointment.entry_id is not None
                and entry.entry_id < appointment.entry_id
                and occupied.overlaps(Interval(entry.starts_at, entry.ends_at))
                for entry in foreign
            )
            if hit and booking.reference not in known:
                yield f"{booking.reference} is overlapped and nobody knows"


def _mails(closing: Closing) -> Iterator[str]:
    """One mail for each change of a booking with an address, each as often as it was sent the same."""
    wanted: Counter[tuple[str, str]] = Counter()
    for booking in closing.bookings:
        events = [entry.event for entry in booking.history] if booking.attendee.email else []
        wanted.update((booking.reference, it) for it in events if it in {"confirmed", "moved"})
        if "confirmed" in events and "cancelled" in events:
            wanted[booking.reference, "cancelled"] += 1
    sent: Counter[tuple[str, str]] = Counter()
    for message in set(closing.mails):
        reference, _, kind, *_ = message.decode().split()
        if kind in _MAILED:
            sent[reference, kind] += 1
    for (reference, kind), count in sorted((wanted - sent).items()):
        yield f"{reference}: {count} mail(s) {kind} lost"
    for (reference, kind), count in sorted((sent - wanted).items()):
        yield f"{reference}: {count} mail(s) {kind} too many"


def _words(closing: Closing) -> Iterator[str]:
    """What a guest was told has come about, or the guest was told so later."""
    by_reference: dict[Reference, Booking] = {booking.reference: booking for booking in closing.bookings}
    standing = {booking.hold: booking.reference for booking in closing.confirmed}
    for reference, word in sorted(closing.told.last.items()):
        booking = by_reference.get(reference)
        stands = booking is not None and booking.status is BookingStatus.CONFIRMED
        if stands is word.cancelled:
            status = booking.status.value if booking is not None else "unknown"
            yield f"{reference}: the guest was told {'cancelled' if word.cancelled else 'booked'}, it is {status}"
        elif booking is not None and stands and word.plan is not None and word.plan != booking.plan:
            yield f"{reference}: the guest was told another time"
    for reference, conversation in sorted(closing.told.promised.items()):
        if conversation is None or not closing.transcripts.get(conversation):
            yield f"{reference}: promised, and never told what came of it"
    for hold in closing.told.lost:
        if hold in standing:
            yield f"{standing[hold]}: the guest was told that it is lost, and it stands"
