"""Every bookable start of a stretch of time, for clients that want all of them and not an offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.availability.composite import Planner
from booking_core.availability.demand import PlanWish
from booking_core.model.ids import StaffId
from booking_core.model.interval import TICK_SECONDS, Interval, instant_of
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.mirror import Versions
from booking_core.services.offers import Offers, Wish


@dataclass(frozen=True, slots=True)
class Times:
    """The best plan of each bookable start, in order of start.

    ``fresh_at`` is when the calendar said what this rests on, for the oldest part of it and on the business clock; None where
    nothing of the calendar was needed.
    """

    plans: tuple[Plan, ...]
    fresh_at: datetime | None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The use case. Answers from the mirror, also while the calendar is slow or down."""

    offers: Offers
    clock: Clock

    async def versions(self, tenant: Tenant) -> Versions:
        """While its counters for mirror and claims stand, only holds that run out change what is free."""
        async with self.offers.database.read() as work:
            return await work.mirror.versions(tenant.id)

    def bookable(self, tenant: Tenant, starts: Interval) -> Interval | None:
        """The part of the interval between notice and horizon, on whole ticks and with the same starts; None for nothing."""
        now = self.clock.now()
        begin = max(starts.starts_at, now + tenant.policies.notice)
        end = min(starts.ends_at, now + tenant.policies.horizon + timedelta(seconds=1))
        first, beyond = _tick_from(begin), _tick_from(end)
        return Interval(instant_of(first), instant_of(beyond)) if first < beyond else None

    async def look(
        self, tenant: Tenant, service: Service, starts: Interval, *, staff: StaffId | None = None
    ) -> Times:
        """Starts within the interval that are bookable; ``staff`` does the first segment and what else they can.

        Of a service that somebody else has to begin, all that they can. Raises CalendarUnavailable where a day was never read and
        cannot be read now.
        """
        within = self.bookable(tenant, starts)
        if within is None:
            return Times((), None)
        now = self.clock.now()
        ground = await self.offers.ground(tenant, Wish(service, (), staff), within, now=now, conversation=None)
        planner = Planner(service, ground.free, ground.base, PlanWish.by(service, staff))
        return Times(tuple(planner.plans(within)), on_business_clock(ground.fresh_at, now, self.clock.real()))


def _tick_from(instant: datetime) -> int:
    """The first tick that begins at or after an instant."""
    return -int(-instant.timestamp() // TICK_SECONDS)


def on_business_clock(moment: datetime | None, now: datetime, real: datetime) -> datetime | None:
    """A real moment on the business clock: as long before ``now`` as it is before ``real``, to the second.

    Clients compare it with the other times of the product, and only a demo's business clock is not the real one.
    """
    return None if moment is None else moment + timedelta(seconds=round((now - real).total_seconds()))
