"""Finding times: a guest's wish in, free plans or an honest no with the nearest ones out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.rules import HolidayOf, Impediment, Reason, Window, find_impediment, open_intervals
from booking_core.availability.single import single_plans
from booking_core.model.ids import (
    ConversationId,
    Reference,
    ResourceId,
    StaffId,
    equipment_resource,
    staff_resource,
)
from booking_core.model.interval import Interval, days_of
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.ports.closures import Closures
from booking_core.ports.unit_of_work import Database
from booking_core.services.free_time import RecentFreeTime

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
    free_time: RecentFreeTime
    closures: Closures

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
        segment = wish.service.segments[0]
        staff = [wish.staff] if wish.staff else list(segment.staff)
        longest = max(segment.minutes_with(member) for member in staff) + segment.buffer_after
        span = Interval(
            within.starts_at - timedelta(minutes=segment.buffer_before),
            within.ends_at + timedelta(minutes=longest),
        )
        free = await self.free_ticks(tenant, staff, span, now=now, conversation=conversation, moving=wish.moving)
        if segment.resource is not None:
            room = equipment_resource(segment.resource)
            full = await self._full(tenant, [room], span, now=now, conversation=conversation, moving=wish.moving)
            free = {member: ticks - full.get(room, frozenset()) for member, ticks in free.items()}
        plans = single_plans(wish.service, staff, free, within)
        return [plan for plan in plans if plan.starts_at not in wish.without] if wish.without else plans

    async def free_ticks(
        self,
        tenant: Tenant,
        staff: Sequence[StaffId],
        span: Interval,
        *,
        now: datetime,
        conversation: ConversationId | None = None,
        moving: Reference | None = None,
    ) -> dict[StaffId, frozenset[int]]:
        """Ticks in which each staff member can work: calendar, own hours, closures and claims all agree."""
        holiday_of = self.holiday_of(tenant)
        own = [staff_resource(member) for member in staff]
        full = await self._full(tenant, own, span, now=now, conversation=conversation, moving=moving)
        released = await self._own_ticks(tenant, moving) if moving else frozenset()
        open_hours = [
            hours for day in days_of(span, tenant.zone) for hours in open_intervals(tenant, day, holiday_of)
        ]
        result: dict[StaffId, frozenset[int]] = {}
        for member in staff:
            known = tenant.find_staff(member)
            if known is None:
                continue
            working = _ticks_of(
                piece
                for day in days_of(span, tenant.zone)
                for hours in known.hours.intervals(day, tenant.zone)
                for opened in open_hours
                if (piece := hours.intersection(opened))
            )
            if not working:
                result[member] = frozenset()
                continue
            read = await self.free_time.read(tenant.id, member, span)
            resource = staff_resource(member)
            mine = frozenset(tick for owner, tick in released if owner == resource)
            result[member] = ((read.ticks | mine) & working) - full.get(resource, frozenset())
        return result

    async def _full(
        self,
        tenant: Tenant,
        resources: Sequence[ResourceId],
        span: Interval,
        *,
        now: datetime,
        conversation: ConversationId | None,
        moving: Reference | None,
    ) -> Mapping[ResourceId, frozenset[int]]:
        async with self.database.read() as work:
            return await work.claims.full_ticks(
                tenant.id,
                resources,
                span,
                seats=seats_of(tenant),
                now=now,
                not_conversation=conversation,
                not_owner=moving,
            )

    async def _own_ticks(self, tenant: Tenant, reference: Reference) -> frozenset[tuple[ResourceId, int]]:
        async with self.database.read() as work:
            booking = await work.bookings.find(tenant.id, reference)
        return booking.plan.needs() if booking else frozenset()


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


def _ticks_of(intervals: Iterable[Interval]) -> frozenset[int]:
    return frozenset[int]().union(*(interval.ticks() for interval in intervals))


async def _first_found(plans_within: PlansWithin, starts: Interval) -> list[Plan]:
    """Search chunk by chunk until one has plans: a wish for "next month" need not read the whole month."""
    begin = starts.starts_at
    while begin < starts.ends_at:
        end = min(begin + _CHUNK, starts.ends_at)
        if plans := await plans_within(Interval(begin, end)):
            return plans
        begin = end
    return []
