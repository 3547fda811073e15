"""What must hold at every moment: nobody has what another has, whatever stands is claimed, whatever is claimed is needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from booking_core.availability.ticks import bits_of
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import (
    ConversationId,
    HoldId,
    Reference,
    ResourceId,
    equipment_resource,
    staff_resource,
)
from booking_core.model.interval import Interval, instant_of, tick_of
from booking_core.model.slot import Hold, Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.booking import UNSETTLED
from booking_core.services.offers import seats_of
from bot.simulation.entries import OurEntries, given_up
from bot.simulation.noting import Changes
from bot.simulation.outside import Outside

STANDING = UNSETTLED | {BookingStatus.CONFIRMED}
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=33)
# Longer than it takes to ask for a hold and to lose it again.
_HOLDING = timedelta(minutes=15)

Need = tuple[ResourceId, int]


@dataclass(slots=True)
class _Line:
    """What a booking needed when it was last seen: of one that is being moved, both times."""

    plans: tuple[Plan, ...]
    needs: frozenset[Need]


_NOTHING: Final = _Line((), frozenset())


@dataclass(slots=True)
class Ledger:
    """Who needs what, kept from look to look: a look costs what has changed since the last one."""

    outside: Outside
    ours: OurEntries
    _lines: dict[Reference, _Line] = field(default_factory=dict)
    _users: dict[Need, list[Reference]] = field(default_factory=dict)
    _used: dict[ResourceId, int] = field(default_factory=dict)
    _noted: dict[Reference, None] = field(default_factory=dict)
    _claimed: bool = False
    _holders: dict[ConversationId, datetime] = field(default_factory=dict)
    _held: dict[HoldId, tuple[tuple[Plan, ...], list[tuple[ResourceId, int]]]] = field(default_factory=dict)
    _seats: dict[ResourceId, int] = field(init=False)
    window: Interval = field(init=False)

    def __post_init__(self) -> None:
        now = self.outside.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.window = Interval(now - _BEFORE, now + _AFTER)
        self._seats = seats_of(self.outside.tenant)

    def note(self, changes: Changes) -> None:
        """A transaction has been committed; the next look sees what it has changed."""
        self._noted |= changes.bookings
        self._claimed = self._claimed or changes.claims

    def expect_hold(self, conversation: ConversationId) -> None:
        """Somebody asks for a hold now."""
        self._holders[conversation] = self.outside.clock.now()

    async def look(self) -> list[str]:
        """Every finding is a sentence; none while nothing has changed."""
        if not self._noted and not self._claimed:
            return []
        async with self.outside.database.read() as work:
            # From here on nothing waits: what is noted is what this snapshot shows.
            noted, claimed = self._noted, self._claimed
            self._noted, self._claimed = {}, False
            crowded, settled = await self._update(work, noted)
            found = [*self._overlaps(crowded), *await self._against_calendar(work, settled)]
            if claimed:
                full, holds = await self.full(work), await self._live_holds(work)
                found += [*self._unclaimed(full), *self.orphans(full, holds), *self._endless(holds)]
        return found

    async def full(self, work: UnitOfWork) -> dict[ResourceId, int]:
        """Bitmaps of what is claimed to the last seat, from the first tick of the window on."""
        return dict(
            await work.claims.full_bits(
                self.outside.tenant.id,
                resources_of(self.outside.tenant),
                self.window,
                seats=self._seats,
                now=self.outside.clock.now(),
            )
        )

    def orphans(self, full: dict[ResourceId, int], holds: Collection[Hold]) -> list[str]:
        """What is claimed and nobody needs: neither a booking nor who holds it."""
        base = tick_of(self.window.starts_at)
        held: dict[ResourceId, int] = {}
        for hold in holds:
            for resource, bits in self._bits_of(hold):
                held[resource] = held.get(resource, 0) | bits
        found = []
        for resource, bits in full.items():
            if extra := bits & ~self._used.get(resource, 0) & ~held.get(resource, 0):
                at = instant_of(base + extra.bit_length() - 1)
                found.append(f"{resource} is claimed at {at:%d %b %H:%M} UTC by nobody")
        return found

    def _bits_of(self, hold: Hold) -> list[tuple[ResourceId, int]]:
        plans, known = self._held.get(hold.id, ((), []))
        if plans != hold.plans:
            base = tick_of(self.window.starts_at)
            needs = {need for plan in hold.plans for need in plan.needs()}
            resources = {resource for resource, _ in needs}
            known = [
                (resource, bits_of((tick for it, tick in needs if it == resource), base)) for resource in resources
            ]
            self._held[hold.id] = (hold.plans, known)
        return known

    async def _live_holds(self, work: UnitOfWork) -> list[Hold]:
        tenant, now = self.outside.tenant.id, self.outside.clock.now()
        for conversation in [it for it, at in self._holders.items() if at < now - _HOLDING]:
            del self._holders[conversation]
        found = [await work.claims.find_hold(tenant, conversation, now=now) for conversation in self._holders]
        return [hold for hold in found if hold is not None]

    def _endless(self, holds: Collection[Hold]) -> list[str]:
        latest = self.outside.clock.now() + timedelta(minutes=self.outside.tenant.policies.hold_minutes)
        return [f"the hold {hold.id} lasts too long" for hold in holds if hold.expires_at > latest]

    async def _update(self, work: UnitOfWork, noted: Collection[Reference]) -> tuple[set[Need], list[Booking]]:
        """Take over what has changed; needs that somebody has been added to, and bookings that nobody changes any more."""
        tenant = self.outside.tenant.id
        added: set[Need] = set()
        settled: list[Booking] = []
        for reference in noted:
            booking = await work.bookings.find(tenant, reference)
            if booking is None:
                continue
            saga = await work.sagas.find_open(tenant, reference)
            plans: tuple[Plan, ...] = ()
            # What is being undone may still be in the calendar.
            if booking.status in STANDING or saga is not None:
                plans = (booking.plan,) if saga is None else (booking.plan, saga.plan)
            line = self._lines.get(reference, _NOTHING)
            if plans != line.plans:
                needs = frozenset[Need]().union(*(plan.needs() for plan in plans))
                self._lines[reference] = _Line(plans, needs)
                self._change(reference, line.needs - needs, needs - line.needs)
                added |= needs - line.needs
            if saga is None:
                settled.append(booking)
        return added, settled

    async def _against_calendar(self, work: UnitOfWork, settled: Collection[Booking]) -> list[str]:
        """Whatever our record says of a booking that nobody changes, the calendar says as well."""
        found = {booking.reference: self.ours.of_settled(booking) for booking in settled}
        if not any(found.values()):
            return []
        known = given_up(await work.callbacks.list_open(self.outside.tenant.id))
        return [line for reference, lines in found.items() if reference not in known for line in lines]

    def _change(self, reference: Reference, gone: frozenset[Need], new: frozenset[Need]) -> None:
        base = tick_of(self.window.starts_at)
        for need in gone:
            self._users[need].remove(reference)
        for need in new:
            self._users.setdefault(need, []).append(reference)
        for resource in {resource for resource, _ in gone | new}:
            freed = (tick for it, tick in gone if it == resource and not self._users[it, tick])
            taken = (tick for it, tick in new if it == resource)
            used = self._used.get(resource, 0) & ~bits_of(freed, base)
            self._used[resource] = used | bits_of(taken, base)

    def _overlaps(self, needs: set[Need]) -> list[str]:
        crowded = [need for need in needs if len(self._users[need]) > self._seats.get(need[0], 1)]
        if not crowded:
            return []
        resource, tick = min(crowded)
        who = ", ".join(sorted(self._users[resource, tick]))
        return [f"overlap: {who} all have {resource} at {instant_of(tick):%d %b %H:%M} UTC"]

    def _unclaimed(self, full: dict[ResourceId, int]) -> list[str]:
        base = tick_of(self.window.starts_at)
        found = []
        for resource, used in sorted(self._used.items()):
            bare = used & ~full.get(resource, 0)
            if bare and self._seats.get(resource, 1) == 1:
                tick = base + bare.bit_length() - 1
                who = ", ".join(sorted(self._users[resource, tick]))
                found.append(f"{who} has {resource} without a claim at {instant_of(tick):%d %b %H:%M} UTC")
        return found


def resources_of(tenant: Tenant) -> list[ResourceId]:
    """Everybody and everything that can be claimed."""
    staff = [staff_resource(member.id) for member in tenant.staff]
    return [*staff, *(equipment_resource(item.id) for item in tenant.equipment)]
