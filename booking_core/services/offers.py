"""Finding times: a guest's wish in, free plans or an honest no with the nearest ones out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.composite import find_plans
from booking_core.availability.demand import PlanWish
from booking_core.availability.rules import HolidayOf, Impediment, Reason, Window, find_impediment, open_intervals
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
PlansWithin = Callable[[Interval], Awaitable[list[Plan]]]
_CHUNK = timedelta(days=10)
_LOOK_AHEAD = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a guest wants: a service, one or more windows in order of preference, perhaps somebody."""

    service: Service
    windows: tuple[Window, ...]
    staff: StaffId | None = None
    moving: Reference | None = None
    """The booking to be moved: its own time counts as free."""
    without: frozenset[datetime] = frozenset()
    """Starts that were offered already and are not wanted."""


@dataclass(frozen=True, slots=True)
class ExactlyFree:
    """The exact wished start is free."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class FreeInWindow:
    """Up to three plans spread over the wished window, by start; ``more`` tells whether others exist."""

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

        async def plans_within(starts: Interval) -> list[Plan]:
            return await self._plans(tenant, wish, starts, now=now, conversation=conversation)

        for window in possible:
            if window.exact:
                tick = Interval(window.starts_from, window.starts_from + timedelta(seconds=1))
                if plans := await plans_within(tick):
                    return ExactlyFree(plans[0])
        loose = [window for window in possible if not window.exact]
        gathered: list[Plan] = []
        for window in loose:
            gathered += await _first_found(
                plans_within, Interval(window.starts_from, max(window.starts_before, window.starts_from))
            )
        if gathered:
            distinct = on_quarter_hours(gathered)
            shown = spread(distinct, MAX_OFFERS)
            return FreeInWindow(shown, more=len(distinct) > len(shown))
        anchor = (possible or list(wish.windows))[0]
        if no_each and not possible:
            # A closed day among several says less than why the open ones do not help.
            told = next((no for no in no_each if no.reason is not Reason.CLOSED_DAY), no_each[0])
            return Impossible(told, await self._nearest(plans_within, tenant, anchor, told, now))
        return NotFree(await self._nearest(plans_within, tenant, anchor, None, now), exact=anchor.exact)

    async def _nearest(
        self,
        plans_within: PlansWithin,
        tenant: Tenant,
        anchor: Window,
        impediment: Impediment | None,
        now: datetime,
    ) -> tuple[Plan, ...]:
        """Up to three possible plans closest to the wish; how "close" is judged depends on why it cannot be."""
        horizon = now + tenant.policies.horizon
        reason = impediment.reason if impediment else None
        wished = anchor.starts_from
        if not anchor.exact and reason is None:
            # A window ("Donnerstagnachmittag") is near at either of its ends.
            wished = anchor.starts_from + (anchor.starts_before - anchor.starts_from) / 2
        wished = min(max(wished, now), horizon)
        around = Interval(max(now, wished - timedelta(days=3)), max(now, wished + timedelta(days=5)))
        plans = on_quarter_hours(await plans_within(around))
        if not plans:
            later = Interval(around.ends_at, max(around.ends_at, min(around.ends_at + _LOOK_AHEAD, horizon)))
            plans = on_quarter_hours(await _first_found(plans_within, later))
        if reason in {Reason.CLOSED_DAY, Reason.BEYOND_HORIZON} or (reason is Reason.IN_PAST and not anchor.exact):
            return nearest_days(plans, anchor, tenant.zone, wished)
        if reason is Reason.IN_PAST:
            soonest = tuple(plans[: MAX_OFFERS - 1])
            rest = [plan for plan in plans if plan not in soonest]
            same_clock = nearest_days(rest, anchor, tenant.zone, wished + timedelta(days=1), count=1)
            return tuple(sorted((*soonest, *same_clock), key=lambda plan: plan.starts_at))
        return _closest(plans, wished, MAX_OFFERS)

    async def _plans(
        self,
        tenant: Tenant,
        wish: Wish,
        starts: Interval,
        *,
        now: datetime,
        conversation: ConversationId | None,
    ) -> list[Plan]:
        """Every bookable plan that starts within the interval, by start."""
        starts_from = max(starts.starts_at, now + tenant.policies.notice)
        starts_before = min(starts.ends_at, now + tenant.policies.horizon + timedelta(seconds=1))
        if starts_from >= starts_before:
            return []
        within = Interval(starts_from, starts_before)
        ground = await self._ground(tenant, wish, within, now=now, conversation=conversation)
        plans = find_plans(wish.service, ground.free, ground.base, within, PlanWish.first_by(wish.staff))
        return [plan for plan in plans if plan.starts_at not in wish.without] if wish.without else plans

    async def _ground(
        self, tenant: Tenant, wish: Wish, within: Interval, *, now: datetime, conversation: ConversationId | None
    ) -> FreeGround:
        """Who and what is free around the wished starts: calendar, own hours, closures and claims all agree."""
        service, zone = wish.service, tenant.zone
        earliest = within.starts_at - timedelta(minutes=service.segments[0].buffer_before)
        latest = within.ends_at + timedelta(minutes=longest_minutes(service))
        # Whole days: a bitmap cut off in the middle of free time makes the rest look like a small gap.
        days = list(days_of(Interval(earliest, latest), zone))
        span = Interval(day_interval(days[0], zone).starts_at, day_interval(days[-1], zone).ends_at)
        staff = service.staff()
        rooms = [equipment_resource(room) for room in service.rooms()]
        resources = [*(staff_resource(member) for member in staff), *rooms]

        async def claimed(work: UnitOfWork) -> Mapping[ResourceId, frozenset[int]]:
            return await work.claims.full_ticks(
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
        for member in staff:
            resource = staff_resource(member)
            known = tenant.find_staff(member)
            working = (
                opened & _bits((i for day in days for i in known.hours.intervals(day, zone)), base) if known else 0
            )
            mine = bits_of((tick for owner, tick in own if owner == resource), base)
            free[resource] = (view.free.get(member, 0) | mine) & working & ~bits_of(full.get(resource, ()), base)
        for room in rooms:
            free[room] = opened & ~bits_of(full.get(room, ()), base)
        return FreeGround(base, free, view.fresh_at)

    def _open_bits(self, tenant: Tenant, days: Sequence[date], base: int) -> int:
        holiday_of = self.holiday_of(tenant)
        return _bits((hours for day in days for hours in open_intervals(tenant, day, holiday_of)), base)


@dataclass(frozen=True, slots=True)
class FreeGround:
    """Bitmaps of free time by resource (bit *i*: absolute tick ``base + i``), and how old the calendar's part is at most."""

    base: int
    free: Mapping[ResourceId, int]
    fresh_at: datetime | None


def longest_minutes(service: Service) -> int:
    """From start to end with the longest pauses, the slowest staff, and the last buffer."""
    work = sum(max(segment.minutes_with(member) for member in segment.staff) for segment in service.segments)
    pauses = sum(segment.pause_after.max_minutes for segment in service.segments if segment.pause_after)
    return work + pauses + service.segments[-1].buffer_after


def seats_of(tenant: Tenant) -> dict[ResourceId, int]:
    """Capacity by resource; staff members have one seat and need not be listed."""
    return {equipment_resource(item.id): item.capacity for item in tenant.equipment}


def on_quarter_hours(plans: Sequence[Plan]) -> list[Plan]:
    """One plan per start, on quarter hours where there are any; guests like round times."""
    by_start: dict[datetime, Plan] = {}
    for plan in sorted(plans, key=lambda plan: plan.starts_at):
        by_start.setdefault(plan.starts_at, plan)
    distinct = list(by_start.values())
    return [plan for plan in distinct if plan.starts_at.minute % 15 == 0] or distinct


def spread(plans: Sequence[Plan], count: int) -> tuple[Plan, ...]:
    """At most ``count`` plans, evenly spread from the first to the last."""
    if len(plans) <= count:
        return tuple(plans)
    return tuple(plans[round(index * (len(plans) - 1) / (count - 1))] for index in range(count))


def nearest_days(
    plans: Sequence[Plan], anchor: Window, zone: ZoneInfo, wished: datetime, count: int = MAX_OFFERS
) -> tuple[Plan, ...]:
    """One plan on each of the days nearest to the wish, at the wished time of day or else about midday; by start."""
    local_wish = anchor.starts_from.astimezone(zone)
    of_day = local_wish.hour * 60 + local_wish.minute
    if not anchor.exact and of_day == 0:
        of_day = 12 * 60
    by_day: dict[date, Plan] = {}

    def distance(plan: Plan) -> int:
        start = plan.starts_at.astimezone(zone)
        return abs(start.hour * 60 + start.minute - of_day)

    for plan in plans:
        day = plan.starts_at.astimezone(zone).date()
        if day not in by_day or distance(plan) < distance(by_day[day]):
            by_day[day] = plan
    around = wished.astimezone(zone).date()
    days = sorted(by_day, key=lambda day: (abs((day - around).days), day))[:count]
    return tuple(by_day[day] for day in sorted(days))


def _closest(plans: Sequence[Plan], wished: datetime, count: int) -> tuple[Plan, ...]:
    """The nearest starts to the wish, nearest first, at most ``count``."""
    return tuple(sorted(plans, key=lambda plan: abs(plan.starts_at - wished))[:count])


def _bits(intervals: Iterable[Interval], base: int) -> int:
    bits = 0
    for interval in intervals:
        bits |= bits_within(interval, base)
    return bits


async def _first_found(plans_within: PlansWithin, starts: Interval) -> list[Plan]:
    """Search chunk by chunk until one has plans: a wish for "next month" need not read the whole month."""
    begin = starts.starts_at
    while begin < starts.ends_at:
        end = min(begin + _CHUNK, starts.ends_at)
        if plans := await plans_within(Interval(begin, end)):
            return plans
        begin = end
    return []
