"""Our entries in the simulated calendar: which there are, what staff have done with them, and what a booking needs of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import Callback, CallbackReason
from booking_core.model.ids import HoldId, Reference
from booking_core.model.interval import Interval
from booking_core.ports.calendar import Entry
from bot.simulation.outside import Outside

Part = tuple[HoldId, int]
"""A segment of a booking, by the hold that the booking was made from."""

_OVER = frozenset({BookingStatus.CANCELLED, BookingStatus.FAILED})


def part_of(entry: Entry) -> Part | None:
    """Whose entry it is; None for a foreign one."""
    if entry.reference is None:
        return None
    hold, segment, _ = entry.reference.rsplit(":", 2)
    return HoldId(hold), int(segment)


@dataclass(slots=True)
class OurEntries:
    """Every entry of ours that ever was. ``by_staff`` are the uids of those that staff have put where they are.

    ``shifted`` and ``struck`` are parts of which staff have moved or cancelled an entry: there the calendar may differ from our
    record, though nothing may get lost that staff have only moved.
    """

    outside: Outside
    by_staff: set[str] = field(default_factory=set)
    shifted: set[Part] = field(default_factory=set)
    struck: set[Part] = field(default_factory=set)
    _uids: dict[HoldId, list[str]] = field(default_factory=dict)

    def written(self, entry: Entry) -> list[str]:
        """A call has made or ended an entry; what must not be, in words."""
        part = part_of(entry)
        if part is None or not entry.live:
            return []
        self._know(entry, part)
        return [
            f"the calendar has {entry.reference} and {other.reference} at once, for {entry.staff}"
            for other in self.beside(entry)
            if other.uid not in self.by_staff
        ]

    def beside(self, entry: Entry) -> Iterator[Entry]:
        """Live entries of our other bookings that overlap this one."""
        part, span = part_of(entry), Interval(entry.starts_at, entry.ends_at)
        for other in self.outside.calendar.standing(self.outside.tenant.id, entry.staff, span):
            whose = part_of(other)
            if whose is not None and part is not None and whose[0] != part[0]:
                yield other

    def moved_by_staff(self, entry: Entry) -> None:
        """Staff have put an entry of ours here, under a new uid."""
        part = part_of(entry)
        if part is not None:
            self._know(entry, part)
            self.by_staff.add(entry.uid)
            self.shifted.add(part)

    def cancelled_by_staff(self, entry: Entry) -> None:
        """Staff have cancelled an entry of ours."""
        part = part_of(entry)
        if part is not None:
            self.struck.add(part)

    def live(self, hold: HoldId) -> list[Entry]:
        """The live entries of a booking."""
        found = (self.outside.calendar.peek(self.outside.tenant.id, uid) for uid in self._uids.get(hold, ()))
        return [entry for entry in found if entry is not None and entry.live]

    def live_of_all(self) -> list[Entry]:
        """All live entries of ours, in the order of their bookings."""
        return [entry for hold in self._uids for entry in self.live(hold)]

    def missing(self, booking: Booking) -> Iterator[str]:
        """What the calendar lacks of a booking that stands and that nobody is changing."""
        live = self.live(booking.hold)
        for appointment in booking.appointments:
            part = (booking.hold, appointment.segment)
            mine = [entry for entry in live if part_of(entry) == part]
            if part in self.struck:
                continue
            if part in self.shifted:
                if not mine:
                    yield f"{booking.reference}: segment {appointment.segment} is not in the calendar any more, staff had moved it"
                continue
            own = next((entry for entry in mine if entry.uid == appointment.uid), None)
            occupied = booking.plan.placements[appointment.segment].occupied
            if own is None:
                yield f"{booking.reference}: segment {appointment.segment} is not in the calendar"
            elif (own.staff, own.starts_at) != (appointment.staff, occupied.starts_at):
                yield f"{booking.reference}: segment {appointment.segment} is elsewhere in the calendar"

    def surplus(self, booking: Booking | None, hold: HoldId) -> Iterator[str]:
        """What stands in the calendar for a booking that is over or that there never was, or twice for one."""
        seen: set[Part | None] = set()
        for entry in self.live(hold):
            part = part_of(entry)
            if booking is None or booking.status in _OVER:
                yield f"entry {entry.entry_id} ({entry.reference}) stands in the calendar without a booking"
            # The calendar moves one entry twice where staff and we do it at the same moment.
            elif part in seen and part not in self.shifted:
                yield f"{booking.reference}: entry {entry.entry_id} stands in the calendar a second time"
            seen.add(part)

    def of_settled(self, booking: Booking) -> list[str]:
        """How the calendar differs from a booking that nobody is changing."""
        if booking.status in _OVER:
            return list(self._left(booking))
        return list(self.missing(booking)) if booking.status is BookingStatus.CONFIRMED else []

    def _left(self, booking: Booking) -> Iterator[str]:
        """What stands for a booking that is over.

        Where the booking once stood, a request that was given up on the way may still be carried out: what that makes is not ours yet,
        and is found and removed later.
        """
        own = {appointment.uid for appointment in booking.appointments}
        stood = any(it.event == "confirmed" for it in booking.history)
        for entry in self.live(booking.hold):
            if not stood or entry.uid in own:
                yield f"entry {entry.entry_id} ({entry.reference}) stands in the calendar without a booking"

    def holds(self) -> Collection[HoldId]:
        """Of everything that ever was in the calendar."""
        return self._uids.keys()

    def _know(self, entry: Entry, part: Part) -> None:
        self._uids.setdefault(part[0], []).append(entry.uid)


def given_up(callbacks: Collection[Callback]) -> frozenset[Reference]:
    """Bookings of which a person knows that the calendar refuses what has to be put right: that is not lost.

    One that only takes long is no excuse; it has a request of its own, which names the journal and no step of it.
    """
    return frozenset(
        it.booking
        for it in callbacks
        if it.reason is CallbackReason.STUCK and it.booking is not None and it.key.count(":") > 1
    )
