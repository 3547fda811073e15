"""What a phrase of clock times or day parts builds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock, ClockRange, DayPart, apply_half, in_part, like, narrow
from bot.understanding.when.grammar import Args, Build, Values


def clock(hour: int, minute: int = 0, **more: Any) -> Values | None:
    """A piece of meaning: this time of day."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (hour == 24 and minute):
        return None
    return {"time": Clock(hour, minute, fixed=hour in (0, 24) or hour > 12, **more)}


def as_clock(x: Clock | int) -> Clock:
    """A bare hour as a clock time."""
    return x if isinstance(x, Clock) else Clock(x, fixed=x == 0 or x > 12)


def set_aside(a: Args) -> Values | None:
    """{time|h} {date} that another is wished for: "instead of six on Friday"."""
    clock, node = a
    return {"dated": {"date": node, "time": as_clock(clock)}, "set_aside": True} if al.is_day(node) else None


def in_place_of(a: Args) -> Values | None:
    """{time|h} {time|h} {date}: "seven instead of six on Friday"."""
    clock, other, node = a
    said = like(as_clock(clock), as_clock(other))
    return {"dated": {"date": node, "time": said}} if al.is_day(node) else None


def in_place_of_on_day(a: Args) -> Values | None:
    """{date} {time|h} {time|h} {date}?: "Saturday at six instead of six on Friday"."""
    node, clock, other = a[:3]
    return in_place_of((clock, other, node))


def hours_on_day(first: Clock | int, second: Clock | int, node: Any) -> Values | None:
    """{h} or {time|h} {date}: "ten or eleven on Friday"."""
    if not al.is_day(node):
        return None
    return {"dateds": [{"date": node, "time": as_clock(x)} for x in (first, second)]}


def in_place(a: Args) -> Values | None:
    """{time|h} {time|h}: "at seven instead of six"."""
    return {"time": like(as_clock(a[0]), as_clock(a[1]))}


def hour(a: Args) -> Values | None:
    """{h}"""
    return clock(a[0])


def hour_minute(a: Args) -> Values | None:
    """{h} {min}"""
    return clock(a[0], a[1], minutes_said=True)


def said_clock(a: Args) -> Values | None:
    """{clock}"""
    return {"time": a[0]}


def weak_clock(a: Args) -> Values | None:
    """{h} {mm}: "10 30", which counts only alone or beside a day"""
    made = hour_minute(a)
    return None if made is None else {"wtime": made["time"]}


def digits4(a: Args) -> Values | None:
    """{d4}: "1430", "0830"."""
    return {"time": Clock(a[0] // 100, a[0] % 100, fixed=True, minutes_said=True)} if a[0] <= 2400 else None


def past_hour(minutes: int | None = None, sign: int = 1, base: int = 0) -> Build:
    """ "zwanzig nach drei", "quarter to five": minutes after (or before) an hour, or its half (`base`)."""

    def build(a: Args) -> Values | None:
        args = list(a)
        m = args.pop(0) if minutes is None else minutes
        c = as_clock(args[0])
        if c.minute and base == 0:
            return None
        total = c.hour * 60 + c.minute + base + sign * m
        if c.hour > 24 or m > 59 or (base and not 1 <= c.hour <= 24):
            return None
        if total < 60 or (c.hour == 0 and total < 0):
            total = total % 1440 if is_fixed_hour(c) else total if total >= 60 else total + 720
        c2 = Clock(total // 60, total % 60, half=c.half, fixed=c.fixed, minutes_said=True)
        if c.half and c.hour in (0, 12) and total // 60 != c.hour:
            c2 = replace(c2, hour=(total // 60) % 24)
        return {"time": c2} if total // 60 <= 24 else None

    return build


def is_fixed_hour(c: Clock) -> bool:
    """Whether the hour is on the 24-hour clock."""
    return c.fixed or c.hour == 0 or c.hour > 12


def about(a: Args) -> Values | None:
    """A clock time that was hedged."""
    return {"time": replace(as_clock(a[-1]), approximate=True)}


def at(a: Args) -> Values | None:
    """A bare hour with a word before it that makes it a clock time."""
    c = as_clock(a[-1])
    return {"time": c}


def clock_in_part(a: Args) -> Values | None:
    """{time|h} {part}"""
    first, second = (a[1], a[0]) if isinstance(a[0], DayPart) else (a[0], a[1])
    c = in_part(as_clock(first), second)
    return None if c is None else {"time": c}


def day_part(node: al.Node, part: DayPart, **more: Any) -> Values:
    """A day and a part of it in one phrase; kept together so that no other row takes one without the other."""
    return {"dated": {"date": node, "part": part, **more}}


def clock_in_dated(a: Args) -> Values | None:
    """{time|h} {dated}: "8 tonight" """
    dated = a[1]
    if "part" not in dated:
        return None
    c = in_part(as_clock(a[0]), dated["part"])
    return None if c is None else {"dated": {"date": dated["date"], "time": c}}


def clock_range(a: Args) -> Values | None:
    """{time|h} to {time|h}"""
    return {"trange": ClockRange(as_clock(a[0]), as_clock(a[-1]))}


def narrowed(which: str) -> Build:
    """ "am frühen Nachmittag", "late evening" """
    return lambda a: {"part": narrow(a[-1], "early" if which == "early" else "late")}


def digit_range(a: Args) -> Values | None:
    """{d4} to {d4}: "0900-1030", but not "2026-2027" """
    one, two = digits4((a[0],)), digits4((a[1],))
    if one is None or two is None or a[0] >= a[1] or (a[0] >= 1900 and 1900 <= a[1] <= 2100):
        return None
    return clock_range((one["time"], two["time"]))


def with_half(build: Build) -> Build:
    """{h} {ampm}? around a clock time: hedged, the half said or not"""

    def made(a: Args) -> Values | None:
        c = as_clock(a[0])
        half = a[1] if len(a) > 1 else None
        return build((apply_half(c, half) if half else c,))

    return made


def with_approximate(build: Build) -> Build:
    """The same clock time, hedged."""

    def made(a: Args) -> Values | None:
        values = build(a)
        return None if values is None else {"time": replace(values["time"], approximate=True)}

    return made


def bare_range(a: Args) -> Values | None:
    """{h} to {h} without any word that makes it a time; counts only alone or beside a day"""
    return {"wrange": ClockRange(as_clock(a[0]), as_clock(a[-1]))}
