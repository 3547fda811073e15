"""Times of day: clock times, day parts, and which half of the day a bare hour means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

from bot.understanding.when.model import OpeningHours

Half = Literal["am", "pm", ""]

DAY = 24 * 3600

# name -> (start, end) in hours; the table of day parts
PARTS: dict[str, tuple[float, float]] = {
    "early": (6, 9),
    "morning": (6, 12),
    "forenoon": (9, 12),
    "noon": (11, 14),
    "lunch": (12, 14),
    "afternoon": (12, 18),
    "evening": (17, 22),
    "night": (20, 24),
    "after_work": (17, 21),
    "business": (9, 17),
    "early_morning": (6, 9),
    "late_morning": (10, 12),
    "early_forenoon": (9, 10.5),
    "late_forenoon": (10.5, 12),
    "early_afternoon": (12, 15),
    "late_afternoon": (15, 18),
    "early_evening": (17, 19),
    "late_evening": (20, 22),
    "late_night": (22, 24),
    "small_hours": (0, 6),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was said. `fixed`: a 24-hour form; `grain` minute if minutes were said; `zone` if another was named."""

    hour: int
    minute: int = 0
    second: int = 0
    half: Half = ""
    fixed: bool = False
    minutes_said: bool = False
    approximate: bool = False
    zone: str = ""

    @property
    def seconds(self) -> int:
        """Seconds since midnight, as said."""
        return self.hour * 3600 + self.minute * 60 + self.second


@dataclass(frozen=True, slots=True)
class DayPart:
    """A named part of the day, as seconds since midnight; an end past 24 h is on the next day."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From a clock time to another."""

    first: Clock
    last: Clock


def part(name: str) -> DayPart:
    """The day part of the table."""
    start, end = PARTS[name]
    return DayPart(name, int(start * 3600), int(end * 3600))


def narrow(p: DayPart, which: Literal["early", "late"]) -> DayPart:
    """The early or late piece of a day part."""
    name = f"{which}_{p.name}"
    if name in PARTS:
        return part(name)
    middle = (p.start + p.end) // 2
    return replace(p, end=middle) if which == "early" else replace(p, start=middle)


def is_fixed(c: Clock) -> bool:
    """Whether the clock time leaves no question of the half of the day."""
    return c.fixed or c.half != "" or c.hour == 0 or c.hour > 12


def apply_half(c: Clock, half: Half) -> Clock:
    """The clock time in a half of the day that was said."""
    if half == "" or c.hour > 12 or (c.hour == 0 and half == "am"):
        return replace(c, fixed=True) if c.hour > 12 else c
    hour = c.hour % 12 + (12 if half == "pm" else 0)
    return replace(c, hour=hour, half=half, fixed=True)


def in_part(c: Clock, p: DayPart) -> Clock | None:
    """The clock time with its half chosen by a day part; None if they contradict each other."""
    if is_fixed(c) and c.hour != 12:
        return c
    h = c.hour
    name = p.name.rpartition("_")[2] if p.name not in PARTS or "_" in p.name else p.name
    if p.name in ("early", "early_morning", "morning", "late_morning", "forenoon") or name in (
        "forenoon",
        "morning",
    ):
        half: Half = "am" if h != 12 else "pm"
    elif name == "noon" or p.name == "lunch":
        half = "am" if h in (10, 11) else "pm"
    elif name in ("night", "hours"):
        half = "pm" if 6 <= h <= 11 else "am"
        if h == 12:
            return replace(c, hour=24, fixed=True)
    elif name == "evening":
        if h == 12:
            return replace(c, hour=24, fixed=True)
        half = "pm"
    else:
        half = "pm"
    return apply_half(c, half)


def like(c: Clock, other: Clock) -> Clock:
    """A bare hour that is said in place of another: seven instead of six in the afternoon is in the evening."""
    late = other.hour > 12 if is_fixed(other) else other.hour <= 6
    return apply_half(c, "pm") if late and not is_fixed(c) and 7 <= c.hour <= 8 else c


def choices(c: Clock, opening: OpeningHours | None, weekday: int | None) -> list[Clock]:
    """The clock times a bare hour may mean, the likeliest first.

    Opening hours decide where they tell the halves apart; else 1-6 is afternoon, 7-8 morning (both
    if the house is open at both), 9-12 as said.
    """
    if is_fixed(c):
        return [c]
    early = replace(c, fixed=True)
    late = replace(c, hour=c.hour + 12 if c.hour < 12 else 12, fixed=True)
    if c.hour >= 9:
        return [early]
    if opening is None:
        return [late] if c.hour <= 6 else [early]
    is_open = [
        opening.covers(weekday, _wall(x))
        if weekday is not None and opening.on(weekday)
        else opening.covers_any_day(_wall(x))
        for x in (early, late)
    ]
    if is_open == [True, False]:
        return [early]
    if is_open == [False, True]:
        return [late]
    if is_open == [True, True] and c.hour >= 7:
        return [early, late]
    return [late] if c.hour <= 6 else [early]


def _wall(c: Clock) -> time:
    return time(c.hour % 24, c.minute)


def settle(r: ClockRange, opening: OpeningHours | None, weekday: int | None) -> tuple[Clock, Clock]:
    """The two ends of a range with halves chosen so that the end follows the start."""
    a, b = r.first, r.last
    if not is_fixed(a) and is_fixed(b):
        pm, am = replace(a, hour=a.hour % 12 + 12, fixed=True), replace(a, hour=a.hour % 12, fixed=True)
        if b.half == "pm" and pm.seconds < b.seconds and not (am.hour in (9, 10, 11) and b.hour % 12 < am.hour):
            a = pm
        elif b.half == "am":
            a = am
        else:
            usual = choices(a, opening, weekday)[0]
            a = usual if usual.seconds < b.seconds or am.seconds >= b.seconds else am
    else:
        a = choices(a, opening, weekday)[0]
    if not is_fixed(b):
        later = replace(b, hour=b.hour % 12 + 12, fixed=True)
        earlier = replace(b, hour=b.hour % 12, fixed=True) if b.hour != 12 else replace(b, fixed=True)
        b = next((x for x in sorted((earlier, later), key=lambda x: x.seconds) if x.seconds > a.seconds), earlier)
    return a, b
