"""Finding times: a guest's wish in, free plans or an honest no with the nearest ones out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking_core.availability.demand import PlanWish
from booking_core.availability.explain import Times
from booking_core.availability.reach import minutes_before_start, minutes_from_start
from booking_core.availability.rules import HolidayOf, Impediment, Reason, Window, find_impediment, open_intervals
from booking_core.availability.showing import Openings, nearest, nearest_days, on_quarter_hours, spread
from booking_core.availability.ticks import bits_of, bits_within
from booking_core.model.ids import (
    ConversationId,
    Reference,
    ResourceId,
    StaffId,
    equipment_resource,
    staff_resource,
)
from booking_core.model.interval import Interval, day_interval, days_of
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.closures import Closures
from booking_core.ports.unit_of_work import Database, UnitOfWork
from booking_core.services.mirror import Mirror

MAX_OFFERS = 3
OpeningsWithin = Callable[[Interval], Awaitable[Openings | None]]
_CHUNK = timedelta(days=10)
_WHOLE_DAY = timedelta(hours=12)
_LOOK_AHEAD = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a guest wants: a service, one or more windows in order of preference, perhaps somebody."""

    service: Service
    windows: tuple[Window, ...]
    staff: StaffId | None = None
    preferred: StaffId | None = None
    """Who should do it if nobody is wished: where it can be had, and at no cost in times."""
    whole: bool = False
    """Whether ``staff`` has to do every segment."""
    moving: Reference | None = None
    """The booking to be moved: its own time counts as free."""
    without: frozenset[datetime] = frozenset()
    """Starts that were offered already and are not wanted."""

    def plan_wish(self) -> PlanWish:
        """What the planner is to heed."""
        if self.staff is None:
            return PlanWish(preferred=self.preferred)
        if self.whole:
            return PlanWish(dict.fromkeys(range(len(self.service.segments)), self.staff))
        return PlanWish.by(self.service, self.staff)


@dataclass(frozen=True, slots=True)
class ExactlyFree:
    """The exact wished start is free."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class FreeInWindow:
    """Up to three plans spread over the wished window, by start; ``more`` tells whether there are others."""

    plans: tuple[Plan, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class NotFree:
    """Nothing as wished; the nearest plans, nearest first by start. ``exact`` tells what kind of wish it was."""

    nearest: tuple[Plan, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Impossible:
    """A rule forbids the wish; the nearest plans that are possible."""

    impediment: Impediment
    nearest: tuple[Plan, ...]


Found = ExactlyFree | FreeInWindow | NotFree | Impossible


@dataclass(frozen=True, slots=True)
class Offers:
    """The use case. ``calendar`` errors pass through to the caller."""

    database: Database
    mirror: Mirror
    closures: Closures
    read_deadline: float = 4.0
    """Seconds to wait for days that were never read."""

    def holiday_of(self, tenant: Tenant, language: str | None = None) -> HolidayOf:
        """The tenant's public holidays, named in a language (by default the tenant's first)."""
        spoken = language or tenant.language

        def holiday(day: date) -> str | None:
            return self.closures.reason(day, country=tenant.country, region=tenant.region, language=spoken)

        return holiday

    async def search(
        self,
        tenant: Tenant,
        wish: Wish,
        *,
        now: datetime,
        conversation: ConversationId | None = None,
        language: str | None = None,
    ) -> Found:
        """Answer a wish: the first window that has a free plan wins; with none, the first window's no is told."""
        holiday_of = self.holiday_of(tenant, language)
        no_each: list[Impediment] = []
        possible: list[Window] = []
        for window in wish.windows:
            no = find_impediment(tenant, wish.service, window, now, holiday_of)
            if no is None:
                possible.append(window)
            else:
                no_each.append(no)

        async def openings_within(starts: Interval) -> Openings | None:
            return await self._openings(tenant, wish, starts, now=now, conversation=conversation)

        for window in possible:
            if window.exact:
                tick = Interval(window.starts_from, window.starts_from + timedelta(seconds=1))
                if openings := await openings_within(tick):
                    return ExactlyFree(openings.plan_at(openings.starts[0]))
        loose = [window for window in possible if not window.exact]
        gathered: list[Openings] = []
        for window in loose:
            span = Interval(window.starts_from, max(window.starts_before, window.starts_from))
            if openings := await _first_found(openings_within, span):
                gathered.append(openings)
        if gathered:
            return FreeInWindow(*spread(gathered, MAX_OFFERS))
        anchor = (possible or list(wish.windows))[0]
        if no_each and not possible:
            # A closed day among several says less than why the open ones do not help.
            told = next((no for no in no_each if no.reason is not Reason.CLOSED_DAY), no_each[0])
            return Impossible(told, await self._nearest(openings_within, tenant, anchor, told, now))
        return NotFree(await self._nearest(openings_within, tenant, anchor, None, now), exact=anchor.exact)

    async def _nearest(
        self,
        openings_within: OpeningsWithin,
        tenant: Tenant,
        anchor: Window,
        impediment: Impediment | None,
        now: datetime,
    ) -> tuple[Plan, ...]:
        """Up to three possible plans closest to the wish; how "close" is judged depends on why it cannot be."""
        horizon = now + tenant.policies.horizon
        reason = impediment.reason if impediment else None
        # A window ("Donnerstagnachmittag") is near at either of its ends.
        until = anchor.starts_before if not anchor.exact and reason is None else anchor.starts_from
        wished = min(max(anchor.starts_from, now), horizon)
        until = min(max(until, wished), horizon)
        around = Interval(max(now, wished - timedelta(days=3)), max(now, until + timedelta(days=5)))
        openings = await openings_within(around)
        if openings is None:
            later = Interval(around.ends_at, max(around.ends_at, min(around.ends_at + _LOOK_AHEAD, horizon)))
            openings = await _first_found(openings_within, later)
        if openings is None:
            return ()
        starts = on_quarter_hours(openings.starts)
        whole_day = not anchor.exact and anchor.starts_before - anchor.starts_from >= _WHOLE_DAY
        if reason in {Reason.CLOSED_DAY, Reason.BEYOND_HORIZON} or (
            whole_day or (reason is Reason.IN_PAST and not anchor.exact)
        ):
            return nearest_days(openings, starts, anchor, tenant.zone, wished, MAX_OFFERS)
        if reason is Reason.IN_PAST:
            soonest, rest = starts[: MAX_OFFERS - 1], starts[MAX_OFFERS - 1 :]
            same_clock = nearest_days(openings, rest, anchor, tenant.zone, wished + timedelta(days=1), count=1)
            plans = (*(openings.plan_at(start) for start in soonest), *same_clock)
            return tuple(sorted(plans, key=lambda plan: plan.starts_at))
        return nearest(openings, Interval(wished, until), MAX_OFFERS)

    async def _openings(
        self,
        tenant: Tenant,
        wish: Wish,
        starts: Interval,
        *,
        now: datetime,
        conversation: ConversationId | None,
    ) -> Openings | None:
        """Every start within the interval that can be booked; None where there is none."""
        starts_from = max(starts.starts_at, now + tenant.policies.notice)
        starts_before = min(starts.ends_at, now + tenant.policies.horizon + timedelta(seconds=1))
        if starts_from >= starts_before:
            return None
        within = Interval(starts_from, starts_before)
        ground = await self.ground(tenant, wish, within, now=now, conversation=conversation)
        found = Openings.find(wish.service, ground.free, ground.base, within, wish.plan_wish(), wish.without)
        return found if found.starts else None

    async def ground(
        self, tenant: Tenant, wish: Wish, within: Interval, *, now: datetime, conversation: ConversationId | None
    ) -> FreeGround:
        """Who and what is free around the wished starts: calendar, own hours, closures and claims all agree."""
        service, zone = wish.service, tenant.zone
        earliest = within.starts_at - timedelta(minutes=minutes_before_start(service))
        latest = within.ends_at + timedelta(minutes=minutes_from_start(service))
        # Whole days: a bitmap cut off in the middle of free time makes the rest look like a small gap.
        days = list(days_of(Interval(earliest, latest), zone))
        span = Interval(day_interval(days[0], zone).starts_at, day_interval(days[-1], zone).ends_at)
        staff = service.staff()
        rooms = [equipment_resource(room) for room in service.rooms()]
        resources = [*(staff_resource(member) for member in staff), *rooms]

        async def claimed(work: UnitOfWork) -> Mapping[ResourceId, int]:
            return await work.claims.full_bits(
                tenant.id,
                resources,
                span,
                seats=seats_of(tenant),
                now=now,
                not_conversation=conversation,
                not_owner=wish.moving,
            )

        async with self.database.read() as work:
            view = await self.mirror.look(work, tenant, staff, span)
            full = await claimed(work)
            moved = await work.bookings.find(tenant.id, wish.moving) if wish.moving else None
        if view.missing:
            view = await self.mirror.read(tenant, staff, span, deadline=self.read_deadline)
            async with self.database.read() as work:
                full = await claimed(work)
        base = view.base
        opened = self._open_bits(tenant, days, base)
        own = moved.plan.needs() if moved else frozenset()
        free: dict[ResourceId, int] = {}
        working: dict[ResourceId, int] = {}
        for member in staff:
            resource = staff_resource(member)
            known = tenant.find_staff(member)
            hours = _bits((i for day in days for i in known.hours.intervals(day, zone)), base) if known else 0
            working[resource] = opened & hours
            mine = bits_of((tick for owner, tick in own if owner == resource), base)
            not_taken = (view.free.get(member, 0) | mine) & ~full[resource]
            free[resource] = working[resource] & not_taken
        for room in rooms:
            working[room] = opened
            free[room] = opened & ~full[room]
        return FreeGround(base, free, working, view.fresh_at)

    def _open_bits(self, tenant: Tenant, days: Sequence[date], base: int) -> int:
        holiday_of = self.holiday_of(tenant)
        return _bits((hours for day in days for hours in open_intervals(tenant, day, holiday_of)), base)


@dataclass(frozen=True, slots=True)
class FreeGround:
    """Bitmaps by resource (bit *i*: absolute tick ``base + i``), and how old the calendar's part is at most.

    ``working`` are the hours in which somebody could be free; what is not ``free`` of them is taken.
    """

    base: int
    free: Mapping[ResourceId, int]
    working: Mapping[ResourceId, int]
    fresh_at: datetime | None

    def times(self) -> Times:
        """The same for an explanation. Free time that is unknown never gets here, so the rest is busy."""
        busy = {name: bits & ~self.free.get(name, 0) for name, bits in self.working.items()}
        return Times(self.base, self.free, self.working, busy)


def seats_of(tenant: Tenant) -> dict[ResourceId, int]:
    """Capacity by resource; staff members have one seat and need not be listed."""
    return {equipment_resource(item.id): item.capacity for item in tenant.equipment}


def _bits(intervals: Iterable[Interval], base: int) -> int:
    bits = 0
    for interval in intervals:
        bits |= bits_within(interval, base)
    return bits


async def _first_found(openings_within: OpeningsWithin, starts: Interval) -> Openings | None:
    """Search chunk by chunk until one has starts: a wish for "next month" need not read the whole month."""
    begin = starts.starts_at
    while begin < starts.ends_at:
        end = min(begin + _CHUNK, starts.ends_at)
        if found := await openings_within(Interval(begin, end)):
            return found
        begin = end
    return None
