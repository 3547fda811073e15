"""A host's free time for one event type, read from the store: hours minus bookings with their buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.calcom.sandbox import booking_rows, event_type_rows
from integrations.calcom.sandbox.accounts import User, effective_schedule
from integrations.calcom.sandbox.availability import Buffers, Interval, blocked, open_intervals, subtract
from integrations.calcom.sandbox.booking_rows import ACCEPTED, PENDING, Booking
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import DAY, from_ms, get_zone, local_ms

_PERIODS = ("day", "week", "month", "year")
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Free intervals of a window, in the zone of the schedule they come from."""

    intervals: list[Interval]
    zone: ZoneInfo


def free_time(
    db: Db, host: User, event_type: EventType, window: Interval, *, ignore: str | None = None
) -> FreeTime:
    """What the host has free in the window for this event type.

    Accepted bookings of all the host's event types take time; pending ones only for their own event type
    and only when it says so. `ignore` is the uid of a booking being moved.
    """
    schedule = effective_schedule(db, host, event_type.get("scheduleId"))
    if schedule is None:
        return FreeTime([], get_zone(host.time_zone))
    opened = open_intervals(schedule, window)
    types = event_type_rows.all_by_id(db)
    busy: list[Interval] = []
    for booking in booking_rows.of_host(db, host.id, (window[0] - DAY, window[1] + DAY), (ACCEPTED, PENDING)):
        if booking.uid == ignore or not _takes_time(booking, event_type):
            continue
        theirs = types.get(booking.event_type_id or 0)
        busy.append(
            blocked(booking.start, booking.end, theirs.buffers if theirs else Buffers(), event_type.buffers)
        )
    return FreeTime(subtract(opened, busy), get_zone(schedule.time_zone))


def seated_bookings(db: Db, event_type: EventType, window: Interval) -> dict[int, Booking]:
    """Group bookings of a seated event type by start."""
    return {
        booking.start: booking
        for booking in booking_rows.of_event_type(db, event_type.id, (window[0] - DAY, window[1] + DAY))
    }


def booking_window(event_type: EventType, now: int, zone: ZoneInfo) -> Interval | None:
    """The instants between which a start may lie, None without a window (a rolling one has no firm end)."""
    policy = event_type.get("bookingWindow") or {}
    kind = policy.get("type")
    if policy.get("disabled") or kind is None:
        return None
    today = from_ms(now).astimezone(zone).date()
    if kind == "range":
        first, last = (date.fromisoformat(text[:10]) for text in policy["value"])
        return local_ms(first, 0, zone), local_ms(last + timedelta(days=1), 0, zone)
    if policy.get("rolling"):
        return None
    last = today
    left = int(policy["value"])
    while left > 0:
        last += timedelta(days=1)
        if kind == "calendarDays" or last.weekday() < _WEEKEND:
            left -= 1
    return now, local_ms(last + timedelta(days=1), 0, zone)


def limit_reached(db: Db, event_type: EventType, start: int, length: int, zone: ZoneInfo) -> bool:
    """Whether one more booking at `start` breaks a limit on count or minutes per day, week, month or year."""
    counts = event_type.get("bookingLimitsCount") or {}
    minutes = event_type.get("bookingLimitsDuration") or {}
    for period in _PERIODS:
        most, longest = counts.get(period), minutes.get(period)
        if most is None and longest is None:
            continue
        present = booking_rows.of_event_type(db, event_type.id, _period(start, period, zone))
        if most is not None and len(present) >= most:
            return True
        if longest is not None and sum(booking.duration for booking in present) + length > longest:
            return True
    return False


def has_limits(event_type: EventType) -> bool:
    """Whether the event type limits its bookings by count or minutes."""
    return bool(event_type.get("bookingLimitsCount") or event_type.get("bookingLimitsDuration"))


def without_own_overlaps(starts: Sequence[int], length_ms: int, seated: dict[int, Booking]) -> list[int]:
    """Starts of a seated type that equal a group's start or touch no group."""
    return [
        start
        for start in starts
        if start in seated
        or not any(start < group.end and group.start < start + length_ms for group in seated.values())
    ]


def _takes_time(booking: Booking, event_type: EventType) -> bool:
    own = booking.event_type_id == event_type.id
    if booking.status == PENDING:
        return own and event_type.pending_blocks
    return not (own and event_type.seats is not None)


def _period(instant: int, period: str, zone: ZoneInfo) -> Interval:
    local: datetime = from_ms(instant).astimezone(zone)
    day = local.date()
    match period:
        case "day":
            first, after = day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
        case _:
            first, after = day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)
    return local_ms(first, 0, zone), local_ms(after, 0, zone)
