"""From what was understood about time to windows that can be searched. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking_core.availability.rules import Window
from booking_core.model.interval import day_interval, local
from bot.dialogue.state import TimeOfDay
from bot.understanding.when.model import Reading, When

_OPEN = timedelta(days=14)
_INSTANT = timedelta(minutes=1)
_DAYISH = frozenset({"day", "weekend", "week", "month", "quarter", "year"})


@dataclass(frozen=True, slots=True)
class WishedTime:
    """Windows in order of preference, and the time of day in them that should survive a change of the day."""

    windows: tuple[Window, ...]
    time_of_day: TimeOfDay | None


def wished_time(when: When, kept: TimeOfDay | None, *, now: datetime, zone: ZoneInfo) -> WishedTime:
    """Windows of the first reading, or of all where the guest named alternatives.

    A day said without a time keeps the time of day asked for before, unless the first time there is will do.
    """
    readings = when.readings if when.alternatives else when.readings[:1]
    windows: list[Window] = []
    of_day: TimeOfDay | None = None
    for reading in readings:
        if reading.time_said:
            of_day = of_day or _time_of_day(reading, zone)
            windows.extend(_by_day(reading, zone) or (_window(reading, now=now, zone=zone),))
        elif kept and _takes_over(reading):
            assert reading.start is not None
            windows.append(_on_day(reading.start.astimezone(zone).date(), kept, zone))
            of_day = kept
        else:
            windows.append(_window(reading, now=now, zone=zone))
    return WishedTime(tuple(windows), of_day)


def _takes_over(reading: Reading) -> bool:
    """Whether a time of day asked for before is meant on this day as well."""
    return reading.grain == "day" and reading.start is not None and not reading.past and not reading.earliest


def whole_days(windows: Sequence[Window], zone: ZoneInfo) -> tuple[Window, ...]:
    """The days of the windows without their time of day."""
    days = dict.fromkeys(window.starts_from.astimezone(zone).date() for window in windows)
    return tuple(
        Window(interval.starts_at, interval.ends_at) for interval in (day_interval(day, zone) for day in days)
    )


def _by_day(reading: Reading, zone: ZoneInfo) -> tuple[Window, ...]:
    """ "Nächste Woche vormittags": one window on each day; empty where the reading is no such thing."""
    if _clock_on_each_day(reading, zone):
        return tuple(_at_clock(reading, zone))
    if reading.grain != "daypart" or reading.start is None or reading.end is None:
        return ()
    first, last = reading.start.astimezone(zone), reading.end.astimezone(zone)
    if last - first <= timedelta(days=1):
        return ()
    days = [
        first.date() + timedelta(days=offset) for offset in range(min((last.date() - first.date()).days + 1, 31))
    ]
    return tuple(
        Window(local(day, first.time(), zone), local(day, last.time(), zone), bounds_end=reading.bounds_end)
        for day in days
        if first.time() < last.time()
    )


def _clock_on_each_day(reading: Reading, zone: ZoneInfo) -> bool:
    """ "Nächste Woche um 10 Uhr": several days, the first of which begins with the clock time that was said."""
    if (reading.kind, reading.grain) != ("interval", "day") or reading.start is None or reading.end is None:
        return False
    first, last = reading.start.astimezone(zone), reading.end.astimezone(zone)
    return first.time() != time.min == last.time() and last.date() - first.date() > timedelta(days=1)


def _at_clock(reading: Reading, zone: ZoneInfo) -> Iterator[Window]:
    """One start on each day; not exact, because the guest leaves open which of them it will be."""
    assert reading.start is not None and reading.end is not None
    first, last = reading.start.astimezone(zone), reading.end.astimezone(zone)
    for offset in range(min((last.date() - first.date()).days, 31)):
        start = local(first.date() + timedelta(days=offset), first.time(), zone)
        yield Window(start, start + _INSTANT)


def _window(reading: Reading, *, now: datetime, zone: ZoneInfo) -> Window:
    start, end = reading.start, reading.end
    match reading.kind:
        case "instant":
            assert start is not None
            if start <= now < start + _INSTANT:
                start = now  # "now" is said to the minute, and its minute has begun
            return Window(start, start + _INSTANT, exact=True)
        case "interval":
            assert start is not None and end is not None
            return Window(start, end, bounds_end=reading.bounds_end)
        case "open_end":
            assert start is not None
            if reading.grain in _DAYISH:
                return Window(start, start + _OPEN)
            return Window(start, max(day_interval(start.astimezone(zone).date(), zone).ends_at, start + _INSTANT))
        case "open_start":
            assert end is not None
            if reading.grain in _DAYISH:
                return Window(min(now, end), end)
            begin = day_interval((end - timedelta(seconds=1)).astimezone(zone).date(), zone).starts_at
            return Window(begin, max(end, begin), bounds_end=reading.bounds_end)


def _time_of_day(reading: Reading, zone: ZoneInfo) -> TimeOfDay | None:
    if reading.start is None:
        return None
    start = reading.start.astimezone(zone).timetz().replace(tzinfo=None)
    if reading.kind == "instant" or _clock_on_each_day(reading, zone):
        return TimeOfDay(start)
    if reading.kind == "interval" and reading.end is not None:
        end = reading.end.astimezone(zone)
        if reading.end - reading.start < timedelta(days=1) and end.time() > start:
            return TimeOfDay(start, end.time())
    return None


def _on_day(day: date, of_day: TimeOfDay, zone: ZoneInfo) -> Window:
    start = local(day, of_day.start, zone)
    if of_day.end is None:
        return Window(start, start + _INSTANT, exact=True)
    return Window(start, local(day, of_day.end or time.max, zone))
