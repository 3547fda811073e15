"""Why a wished time cannot be, before anybody's calendar is looked at: past, closed, notice, horizon, hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Protocol

from booking_core.availability.reach import shortest_first_minutes, shortest_minutes
from booking_core.model.interval import TICK_SECONDS, Interval, days_of, instant_of
from booking_core.model.service import Service
from booking_core.model.tenant import Tenant


class Reason(StrEnum):
    """Names are the outcome codes that guests' clients see."""

    IN_PAST = "in_past"
    CLOSED_DAY = "closed_day"
    OUTSIDE_HOURS = "outside_hours"
    NOTICE_TOO_SHORT = "notice_too_short"
    BEYOND_HORIZON = "beyond_horizon"


@dataclass(frozen=True, slots=True)
class Window:
    """A wish for a start: ``starts_from <= start < starts_before``; ``exact`` wants ``starts_from`` itself. Kept in UTC.

    With ``bounds_end`` the guest has to be gone by ``starts_before``; see `fitting`.
    """

    starts_from: datetime
    starts_before: datetime
    exact: bool = False
    bounds_end: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_from", self.starts_from.astimezone(UTC))
        object.__setattr__(self, "starts_before", self.starts_before.astimezone(UTC))

    def fitting(self, service: Service) -> Window:
        """Of a window that bounds the end, the starts from which the service can be over in time; any other as it is."""
        if not self.bounds_end:
            return self
        last = self.starts_before - timedelta(minutes=shortest_minutes(service))
        before = max(last, self.starts_from) + timedelta(seconds=1)
        return replace(self, starts_before=before, bounds_end=False)


@dataclass(frozen=True, slots=True)
class Impediment:
    """A reason with its facts: the day concerned, and the holiday's name where there is one."""

    reason: Reason
    day: date
    holiday: str | None = None


class HolidayOf(Protocol):
    """Tells the name of the holiday on a date, or None."""

    def __call__(self, day: date) -> str | None: ...


def open_intervals(tenant: Tenant, day: date, holiday_of: HolidayOf) -> tuple[Interval, ...]:
    """When the tenant is open on a local date; empty on a holiday."""
    return () if holiday_of(day) else tenant.hours.intervals(day, tenant.zone)


def find_impediment(
    tenant: Tenant, service: Service, window: Window, now: datetime, holiday_of: HolidayOf
) -> Impediment | None:
    """The rule that makes the whole window impossible, or None where at least one start passes all rules.

    Rules are judged in the order a guest would name them: the past first, then closed days, horizon, hours and notice.
    """
    first_day = window.starts_from.astimezone(tenant.zone).date()
    if _last_start(window) < now:
        return Impediment(Reason.IN_PAST, first_day)
    if window.starts_from > now + tenant.policies.horizon:
        return Impediment(Reason.BEYOND_HORIZON, first_day)
    rest = Interval(max(window.starts_from, now), max(window.starts_before, now + timedelta(seconds=1)))
    days = [day for _, day in zip(range(370), days_of(rest, tenant.zone), strict=False)]
    open_days = [(day, open_intervals(tenant, day, holiday_of)) for day in days]
    if not any(hours for _, hours in open_days):
        holiday = holiday_of(days[0]) if days else None
        return Impediment(Reason.CLOSED_DAY, days[0] if days else first_day, holiday)
    first_work = timedelta(minutes=shortest_first_minutes(service))
    whole = timedelta(minutes=shortest_minutes(service))
    startable = [
        overlap
        for _, hours in open_days
        for opened in hours
        # The work is done within the hours; a pause may cover the time between two of them.
        if (last := min(opened.ends_at - first_work, hours[-1].ends_at - whole)) >= opened.starts_at
        and (overlap := rest.intersection(Interval(opened.starts_at, last + timedelta(seconds=1))))
    ]
    if window.exact:
        startable = [piece for piece in startable if piece.starts_at <= window.starts_from < piece.ends_at]
    if not startable:
        return Impediment(Reason.OUTSIDE_HOURS, days[0])
    earliest = now + tenant.policies.notice
    first_tick = instant_of(ceil(earliest.timestamp() / TICK_SECONDS))
    if all(piece.ends_at <= first_tick for piece in startable) or (window.exact and window.starts_from < earliest):
        return Impediment(Reason.NOTICE_TOO_SHORT, first_day)
    return None


def _last_start(window: Window) -> datetime:
    return window.starts_from if window.exact else window.starts_before - timedelta(seconds=1)
