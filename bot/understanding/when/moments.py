"""What is wished of a day and a time of day, and how two pieces of it become one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock, ClockRange, DayPart, in_part, is_fixed
from bot.understanding.when.grammar import Item
from bot.understanding.when.phrases import Duration, Elapsed, Offset

Bound = Literal["", "from", "after", "until", "before"]

Gap = list[Item]
"""The words between two moments."""

_RULES = 16  # names kept for explanation


@dataclass(frozen=True, slots=True)
class Moment:
    """One wish in the making: a day, a time of day, and on which side of them it is open."""

    start: int
    end: int
    rules: tuple[str, ...]
    date: al.Node | None = None
    clock: Clock | None = None
    part: DayPart | None = None
    trange: ClockRange | None = None
    prange: tuple[DayPart, DayPart] | None = None
    offset: Offset | None = None
    elapsed: Elapsed | None = None
    now: bool = False
    soonest: bool = False
    relative: tuple[int, Duration] | None = None
    choice: str | int | None = None
    dbound: Bound = ""
    tbound: Bound = ""
    shift: tuple[int, al.Unit] | None = None
    next_day: bool = False
    length: float | None = None
    same: bool = False
    from_now: bool = False
    until: Moment | None = None
    listed: bool = False
    either: bool = False
    refused: bool = False
    told: str = ""
    beside: tuple[int, al.Weekday | al.Cycle] | None = None
    time_first: bool = False
    instead: bool = False
    bounds_end: bool = False
    earliest: bool = False
    repeats: bool = False
    without: tuple[al.Node, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether a time of day is part of it."""
        return (
            self.clock is not None
            or self.part is not None
            or self.trange is not None
            or self.prange is not None
            or self.same
        )

    @property
    def special(self) -> bool:
        """Whether it stands for itself and takes no day or time from its neighbours."""
        return (
            self.offset is not None
            or self.elapsed is not None
            or self.now
            or self.soonest
            or self.until is not None
            or self.choice is not None
        )


def rules_of(a: Moment, b: Moment, *more: str) -> tuple[str, ...]:
    return (*a.rules, *b.rules, *more)[-_RULES:]


def join(a: Moment, b: Moment) -> Moment | None:
    """The moment that two pieces describe together, or None if they contradict each other."""
    if a.special or b.special or a.relative or b.relative:
        return _join_special(a, b)
    merged = replace(
        a,
        start=min(a.start, b.start),
        end=max(a.end, b.end),
        rules=rules_of(a, b),
        bounds_end=a.bounds_end or b.bounds_end,
        repeats=a.repeats or b.repeats,
        earliest=a.earliest or b.earliest,
    )
    if a.date is not None and b.date is not None:
        node = _join_dates(a, b)
        if node is None:
            return None
        closed = a.dbound in ("from", "after") and b.dbound == "until"
        side: Bound = "" if closed else a.dbound or b.dbound
        merged = replace(merged, date=node, dbound=side, shift=None, next_day=False)
    elif b.date is not None:
        merged = replace(
            merged, date=b.date, dbound=b.dbound, shift=b.shift, next_day=b.next_day, time_first=a.timed
        )
    if not b.timed:
        return merged
    if not a.timed:
        return replace(
            merged,
            clock=b.clock,
            part=b.part,
            trange=b.trange,
            prange=b.prange,
            length=b.length,
            same=b.same,
            tbound=b.tbound or (a.tbound if a.date is None else ""),
        )
    if a.clock and b.clock:
        if a.tbound in ("from", "after") and b.tbound in ("until", "before"):
            return replace(merged, clock=None, trange=ClockRange(a.clock, b.clock), tbound="")
        if b.tbound in ("from", "after") and a.tbound in ("until", "before") and _precedes(b.clock, a.clock):
            return replace(merged, clock=None, trange=ClockRange(b.clock, a.clock), tbound="")
        return None
    if (a.clock or a.trange) and b.part:
        return _with_part(merged, a, b.part)
    if a.part and (b.clock or b.trange):
        return _with_part(replace(merged, part=None), b, a.part)
    if a.part and b.part and a.part != b.part:
        inner, outer = sorted((a.part, b.part), key=lambda x: x.end - x.start)
        if outer.start <= inner.start and inner.end <= outer.end:
            return replace(merged, part=inner)
        return None
    return merged if a.part and a.part == b.part else None


def _precedes(first: Clock, last: Clock) -> bool:
    """Whether a range between the two stays on one day, as far as their halves of the day are known."""
    return not (is_fixed(first) and is_fixed(last)) or first.seconds < last.seconds


def _with_part(merged: Moment, timed: Moment, part: DayPart) -> Moment | None:
    if timed.clock is not None:
        c = in_part(timed.clock, part)
        return (
            None
            if c is None
            else replace(
                merged, clock=c, trange=None, part=part if "night" in part.name else None, tbound=timed.tbound
            )
        )
    if timed.trange is None:
        return None
    first, last = in_part(timed.trange.first, part), timed.trange.last
    if first is None:
        return None
    last_in = in_part(last, part)
    if last_in is not None and last_in.seconds > first.seconds:
        last = last_in
    return replace(merged, trange=ClockRange(first, last), clock=None, part=None, tbound=timed.tbound)


def _join_special(a: Moment, b: Moment) -> Moment | None:
    today = al.Running("day", 0)
    for one, two in ((a, b), (b, a)):
        if one.relative is not None and two.same and two.date is None:
            return replace(one, start=min(a.start, b.start), end=max(a.end, b.end), rules=rules_of(a, b))
    for one, two in ((a, b), (b, a)):
        if one.soonest and not two.special:
            start, end = min(a.start, b.start), max(a.end, b.end)
            return replace(two, start=start, end=end, rules=rules_of(a, b), earliest=True)
    for one, two in ((a, b), (b, a)):
        if one.offset is not None and two.date == today and not two.timed and not two.special:
            return replace(one, start=min(a.start, b.start), end=max(a.end, b.end), rules=rules_of(a, b))
        if one.now and not two.special and not two.relative:
            return None
    return None


def _is_full(node: al.Node) -> bool:
    """Whether a day is a date of its own, which no length is counted from without a word for it."""
    return isinstance(node, al.Checked) or (isinstance(node, al.Fields) and node.month is not None)


def _join_dates(a: Moment, b: Moment) -> al.Node | None:
    if a.date is None or b.date is None:
        return None
    for one, two in ((a, b), (b, a)):
        if one.shift is not None and two.shift is None and two.date is not None and al.is_day(two.date):
            n, unit = one.shift
            if (
                unit == "day"
                and n % 7
                and one is a
                and isinstance(two.date, al.Weekday)
                and two.date.mode == "bare"
            ):
                return al.Checked(one.date or al.TODAY, two.date.weekday)  # "in vier Tagen, am Montag"
            if unit in ("day", "week", "workday") and n > 0 and not _is_full(two.date):
                return al.Shift(two.date, n, unit)
    if isinstance(b.date, al.Days) or isinstance(a.date, al.Days):
        days, other = (a.date, b.date) if isinstance(a.date, al.Days) else (b.date, a.date)
        if isinstance(other, al.Weekday) and other.mode == "bare":
            return None if al.leaves_out(days, other) else al.Within(other, days)
        if isinstance(days, al.Days):
            first, last = al.intersect(days.first, other), al.intersect(days.last, other)
            return al.Days(first, last) if first is not None and last is not None else None
    if a.dbound in ("from", "after") and b.dbound in ("until",):
        return al.Days(a.date, b.date)
    return al.intersect(a.date, b.date)
