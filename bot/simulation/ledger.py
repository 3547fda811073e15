"""What must hold at every moment: nobody has what another has, and whatever stands is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from booking_core.availability.ticks import bits_of
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import Reference, ResourceId, equipment_resource, staff_resource
from booking_core.model.interval import Interval, instant_of, tick_of
from booking_core.model.saga import Saga
from booking_core.model.tenant import Tenant
from booking_core.ports.unit_of_work import UnitOfWork
from booking_core.services.booking import UNSETTLED
from booking_core.services.offers import seats_of
from bot.simulation.outside import Outside

STANDING = UNSETTLED | {BookingStatus.CONFIRMED}
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=33)

Need = tuple[ResourceId, int]


@dataclass(slots=True)
class _Line:
    """A standing booking as it was last seen, and what it needs: of one that is being moved, both times."""

    booking: Booking
    saga: Saga | None
    needs: frozenset[Need]


@dataclass(slots=True)
class Ledger:
    """Who needs what, kept from look to look: a look costs what has changed since the last one."""

    outside: Outside
    _lines: dict[Reference, _Line] = field(default_factory=dict)
    _users: dict[Need, list[Reference]] = field(default_factory=dict)
    _used: dict[ResourceId, int] = field(default_factory=dict)
    _version: int = -1
    _seats: dict[ResourceId, int] = field(init=False)
    window: Interval = field(init=False)

    def __post_init__(self) -> None:
        now = self.outside.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.window = Interval(now - _BEFORE, now + _AFTER)
        self._seats = seats_of(self.outside.tenant)

    async def look(self) -> list[str]:
        """Every finding is a sentence. One read while no claim has changed."""
        tenant = self.outside.tenant
        async with self.outside.database.read() as work:
            version = (await work.mirror.versions(tenant.id)).claims
            if version == self._version:
                return []
            self._version = version
            crowded = await self._update(work)
            full = await self.full(work)
        return [*self._overlaps(crowded), *self._unclaimed(full)]

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

    def orphans(self, full: dict[ResourceId, int]) -> list[str]:
        """What is claimed and nobody needs."""
        base = tick_of(self.window.starts_at)
        found = []
        for resource, bits in full.items():
            if extra := bits & ~self._used.get(resource, 0):
                at = instant_of(base + extra.bit_length() - 1)
                found.append(f"{resource} is claimed at {at:%d %b %H:%M} UTC by nobody")
        return found

    async def _update(self, work: UnitOfWork) -> set[Need]:
        """Take over what has changed; needs that somebody has been added to."""
        tenant = self.outside.tenant.id
        added: set[Need] = set()
        for booking in await work.bookings.list_between(tenant, self.window.starts_at, self.window.ends_at):
            line = self._lines.get(booking.reference)
            stands = booking.status in STANDING
            saga = await work.sagas.find_open(tenant, booking.reference) if stands else None
            if line is not None and line.booking is booking and line.saga is saga:
                continue
            needs: frozenset[Need] = frozenset()
            if stands:
                needs = booking.plan.needs() | (saga.plan.needs() if saga is not None else needs)
            before = line.needs if line is not None else frozenset()
            self._lines[booking.reference] = _Line(booking, saga, needs)
            if needs != before:
                self._change(booking.reference, before - needs, needs - before)
                added |= needs - before
        return added

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
