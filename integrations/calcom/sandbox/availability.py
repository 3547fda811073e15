"""Free time of a host, as pure interval arithmetic on epoch milliseconds.

Hours are right on both sides of a clock change: the real server shifts or drops the first hours of a
night that spans one, and that defect is left out on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from integrations.calcom.sandbox.accounts import Schedule
from integrations.calcom.sandbox.times import MINUTE, clock_minutes, from_ms, get_zone, local_ms

Interval = tuple[int, int]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ALIGNMENTS = (60, 30, 20, 15, 10, 5)
_LAST_MINUTE = 23 * 60 + 59


@dataclass(frozen=True, slots=True)
class Buffers:
    """Minutes a host needs free before and after an event."""

    before: int = 0
    after: int = 0


def open_intervals(schedule: Schedule, window: Interval) -> list[Interval]:
    """Working time inside the window: overrides of a date replace its weekly hours, `00:00`–`00:00` closes it."""
    zone = get_zone(schedule.time_zone)
    overrides: dict[date, list[tuple[int, int]]] = {}
    for entry in schedule.overrides:
        day = date.fromisoformat(entry["date"])
        overrides.setdefault(day, []).append(_minutes(entry["startTime"], entry["endTime"]))
    weekly: dict[int, list[tuple[int, int]]] = {}
    for entry in schedule.availability:
        for name in entry["days"]:
            weekly.setdefault(_DAYS.index(name), []).append(_minutes(entry["startTime"], entry["endTime"]))
    opened: list[Interval] = []
    day = from_ms(window[0]).astimezone(zone).date() - timedelta(days=1)
    last = from_ms(window[1]).astimezone(zone).date()
    while day <= last:
        for start, end in overrides.get(day, weekly.get(day.weekday(), [])):
            if start < end:
                opened.append((local_ms(day, start, zone), local_ms(day, end, zone, fold=1)))
        day += timedelta(days=1)
    return _clip(_merge(opened), window)


def subtract(opened: Sequence[Interval], busy: Iterable[Interval]) -> list[Interval]:
    """What remains of sorted, disjoint intervals when busy ones are taken out."""
    taken = _merge(list(busy))
    free: list[Interval] = []
    index = 0
    for begin, end in opened:
        start = begin
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        at = index
        while at < len(taken) and taken[at][0] < end:
            if taken[at][0] > start:
                free.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < end:
            free.append((start, end))
    return free


def contains(free: Iterable[Interval], start: int, end: int) -> bool:
    """Whether one free interval holds the whole of start..end."""
    return any(begin <= start and end <= finish for begin, finish in free)


def blocked(start: int, end: int, theirs: Buffers, ours: Buffers) -> Interval:
    """The time a booking takes from another event: both events' buffers add up on each side."""
    return (
        start - (theirs.before + ours.after) * MINUTE,
        end + (theirs.after + ours.before) * MINUTE,
    )


def slot_starts(
    free: Iterable[Interval], *, length: int, step: int, earliest: int, offset: int, zone: ZoneInfo
) -> list[int]:
    """Starts of slots of `length` minutes every `step` minutes in the free intervals, not before `earliest`.

    The first start of each interval is rounded up within its hour to the largest of 60, 30, 20, 15, 10 or
    5 minutes that divides the step, as Cal.com does; `offset` minutes are added to every start.
    """
    align = next((minutes for minutes in _ALIGNMENTS if step % minutes == 0), 1)
    starts: list[int] = []
    for begin, end in free:
        start = _align(max(begin, earliest), align, zone) + offset * MINUTE
        while start + length * MINUTE <= end:
            starts.append(start)
            start += step * MINUTE
    return starts


def _align(ms: int, minutes: int, zone: ZoneInfo) -> int:
    whole = -(-ms // MINUTE) * MINUTE
    local = from_ms(whole).astimezone(zone)
    past = local.minute % minutes
    return whole if past == 0 else whole + (minutes - past) * MINUTE


def _minutes(start: str, end: str) -> tuple[int, int]:
    finish = clock_minutes(end)
    return clock_minutes(start), finish + 1 if finish == _LAST_MINUTE else finish


def _merge(intervals: list[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def _clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    clipped = ((max(start, window[0]), min(end, window[1])) for start, end in intervals)
    return [(start, end) for start, end in clipped if start < end]
