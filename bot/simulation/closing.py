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
from booking_core.services.notices import Notice
from bot.simulation.entries import given_up
from bot.simulation.words import Ear, Promise, Told, broken_words, happened
from bot.simulation.world import World

_FAILURES = (Notice.WITHDRAWN, Notice.NOT_MOVED)


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything there is at the end. ``orphans`` are claims that nobody needs, in words; ``mails`` are those that the relay has accepted;
    ``mismatches`` is what the calendar has too little or too much, by booking, None for none."""

    bookings: Sequence[Booking]
    open_sagas: Sequence[Saga]
    holds: Sequence[Hold]
    callbacks: Sequence[Callback]
    dead_letters: Sequence[OutboxItem]
    waiting: int
    foreign: Sequence[Entry]
    mismatches: Sequence[tuple[Reference | None, str]]
    mails: Sequence[bytes]
    transcripts: dict[ConversationId, Sequence[TranscriptLine]]
    told: Told
    ear: Ear
    orphans: Sequence[str]

    @property
    def confirmed(self) -> list[Booking]:
        """Bookings that stand."""
        return [booking for booking in self.bookings if booking.status is BookingStatus.CONFIRMED]

    @property
    def outcomes(self) -> Counter[str]:
        """How often what has happened, callbacks among it."""
        counted: Counter[str] = Counter(entry.event for booking in self.bookings for entry in booking.history)
        counted.update(f"callback {it.reason}" for it in self.callbacks)
        return counted

    @classmethod
    async def read(cls, world: World, ear: Ear) -> Closing:
        """All of it, as it is now; the ledger has looked before."""
        outside, told = world.outside, world.told
        tenant, now, window = outside.tenant.id, outside.clock.now(), world.ledger.window
        async with outside.database.read() as work:
            bookings = await work.bookings.list_between(tenant, window.starts_at, window.ends_at)
            sagas = [await work.sagas.find_open(tenant, booking.reference) for booking in bookings]
            holds = [await work.claims.find_hold(tenant, it, now=now) for it in told.conversations]
            live_holds = [hold for hold in holds if hold is not None]
            conversations = {it.conversation for it in bookings if it.conversation is not None}
            return cls(
                bookings=bookings,
                open_sagas=[saga for saga in sagas if saga is not None],
                holds=live_holds,
                callbacks=await work.callbacks.list_open(tenant),
                dead_letters=await work.outbox.dead_letters(tenant),
                waiting=await work.outbox.depth(),
                foreign=_in_the_way(world),
                mismatches=list(_mismatches(world, bookings)),
                mails=world.relay.accepted,
                transcripts={it: await work.conversations.transcript(tenant, it) for it in conversations},
                told=told,
                ear=ear,
                orphans=world.ledger.orphans(await world.ledger.full(work), live_holds),
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
        *_overlaps(closing),
        *_mails(closing),
        *_last_words(closing),
        *_messages(closing),
    ]


def _in_the_way(world: World) -> list[Entry]:
    """Live entries that staff have put where they are."""
    entries = world.outside.calendar.entries(world.outside.tenant.id)
    return [it for it in entries if it.live and (it.reference is None or it.uid in world.ours.by_staff)]


def _mismatches(world: World, bookings: Sequence[Booking]) -> Iterator[tuple[Reference | None, str]]:
    """One live entry for each segment of a standing booking, at its time unless staff say otherwise, and no others of ours."""
    by_hold = {booking.hold: booking for booking in bookings}
    for booking in bookings:
        if booking.status is BookingStatus.CONFIRMED:
            yield from ((booking.reference, it) for it in world.ours.missing(booking))
    for hold in world.ours.holds():
        booking_of = by_hold.get(hold)
        reference = None if booking_of is None else booking_of.reference
        yield from ((reference, it) for it in world.ours.surplus(booking_of, hold))


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
    # What staff know that they have to put right is not lost.
    known = given_up(closing.callbacks)
    yield from (problem for reference, problem in closing.mismatches if reference not in known)


def _overlaps(closing: Closing) -> Iterator[str]:
    """What lay in the calendar before ours, on our time, is known to us, to the guest and to a person who looks into it."""
    known = {it.booking for it in closing.callbacks if it.reason is CallbackReason.OVERLAP}
    known |= given_up(closing.callbacks)
    for booking in closing.bookings:
        noticed = any(entry.event == "overlapped" for entry in booking.history)
        if noticed and booking.reference not in known:
            yield f"{booking.reference} was overlapped, and nobody looks into it"
        if booking.status is not BookingStatus.CONFIRMED or not _lies_on(booking, closing.foreign):
            continue
        if not noticed:
            yield f"{booking.reference} is overlapped and nobody knows"
        elif not happened(booking)[Notice.OVERLAPPED]:
            yield f"{booking.reference} is overlapped by what was there first, and the guest does not know"


def _lies_on(booking: Booking, others: Sequence[Entry]) -> bool:
    for appointment in booking.appointments:
        occupied = booking.plan.placements[appointment.segment].occupied
        for entry in others:
            if (
                entry.staff == appointment.staff
                and appointment.entry_id is not None
                and entry.entry_id < appointment.entry_id
                and occupied.overlaps(Interval(entry.starts_at, entry.ends_at))
                and not (entry.reference or "").startswith(f"{booking.hold}:")
            ):
                return True
    return False


def _mails(closing: Closing) -> Iterator[str]:
    """One invitation for each change of a booking with an address, one letter for each message that is bad news."""
    sent: Counter[tuple[str, str]] = Counter()
    for message in set(closing.mails):
        reference, _, kind, *_ = message.decode().split()
        sent[reference, kind] += 1
    wanted: Counter[tuple[str, str]] = Counter()
    allowed: Counter[tuple[str, str]] = Counter()
    for booking in closing.bookings:
        if not booking.attendee.email:
            continue
        came, said = happened(booking), _said(closing, booking)
        # What never stood is cancelled without an invitation; who waits for it may get a letter.
        called_off = 0 if came[Notice.CONFIRMED] else came.pop(Notice.CANCELLED, 0)
        for notice in Notice:
            wanted[booking.reference, notice.value] = came[notice] if notice.invites else said[notice]
        # A letter goes out although its message has been overtaken.
        allowed[booking.reference, Notice.WITHDRAWN.value] = called_off + said[Notice.WITHDRAWN]
        allowed[booking.reference, Notice.NOT_MOVED.value] = came[Notice.NOT_MOVED]
        allowed[booking.reference, Notice.OVERLAPPED.value] = came[Notice.OVERLAPPED] + came[Notice.NOT_MOVED]
    for (reference, kind), count in sorted((wanted - sent).items()):
        yield f"{reference}: {count} mail(s) {kind} lost"
    for (reference, kind), count in sorted((sent - (wanted | allowed)).items()):
        yield f"{reference}: {count} mail(s) {kind} too many"


def _last_words(closing: Closing) -> Iterator[str]:
    """What a guest was told has come about, or the guest was told so later."""
    by_reference: dict[Reference, Booking] = {booking.reference: booking for booking in closing.bookings}
    for reference, word in sorted(closing.told.last.items()):
        booking = by_reference.get(reference)
        stands = booking is not None and booking.status is BookingStatus.CONFIRMED
        if stands is word.cancelled:
            status = booking.status.value if booking is not None else "unknown"
            yield f"{reference}: the guest was told {'cancelled' if word.cancelled else 'booked'}, it is {status}"
        elif booking is not None and stands and word.plan is not None and word.plan != booking.plan:
            yield f"{reference}: the guest was told another time"
    for hold in closing.told.lost:
        for booking in closing.confirmed:
            # What a calendar has refused for good is tried again under a name that goes on.
            if booking.hold == hold or booking.hold.startswith(f"{hold}-"):
                yield f"{booking.reference}: the guest was told that it is lost, and it stands"


def _messages(closing: Closing) -> Iterator[str]:
    """Later messages fit what happened, and whoever gets no letter is called."""
    promises: dict[Reference, list[Promise]] = {}
    for promise in closing.told.promises:
        promises.setdefault(promise.reference, []).append(promise)
    calls = Counter(it.booking for it in closing.callbacks if it.reason is CallbackReason.WITHDRAWN)
    for booking in closing.bookings:
        lines = () if booking.conversation is None else closing.transcripts.get(booking.conversation, ())
        yield from broken_words(
            booking, closing.ear.hear(lines), promises.pop(booking.reference, ()), closing.told
        )
        said = _said(closing, booking)
        came = happened(booking)
        told, true = (sum(it[notice] for notice in _FAILURES) for it in (said, came))
        if not booking.attendee.email and calls[booking.reference] < told:
            yield f"{booking.reference}: bad news without an address, and nobody calls"
        elif calls[booking.reference] > (0 if booking.attendee.email else true):
            yield f"{booking.reference}: somebody calls, and there is no bad news"
    for reference in sorted(promises):
        yield f"{reference}: promised, and there is no such booking"


def _said(closing: Closing, booking: Booking) -> Counter[Notice | None]:
    lines = () if booking.conversation is None else closing.transcripts.get(booking.conversation, ())
    return Counter(notice for _, notice in closing.ear.hear(lines))
