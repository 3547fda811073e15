"""What a phrase builds, whatever its language: the functions behind the rows of the language tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.understanding.when import algebra as al
from bot.understanding.when.calendar import safe_date
from bot.understanding.when.clock import Clock, ClockRange, DayPart, apply_half, in_part, narrow
from bot.understanding.when.grammar import Args, Build, Values

_CALENDAR = frozenset(("day", "week", "weekend", "month", "quarter", "half", "year"))


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; `n` may be a fraction for hours and minutes."""

    n: float
    unit: al.Unit

    @property
    def seconds(self) -> float | None:
        """Seconds of a length below a day, else None."""
        size = {"second": 1, "minute": 60, "hour": 3600}.get(self.unit)
        return None if size is None else self.n * size


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment, `seconds` away from now; `fine` if seconds or minutes were said."""

    seconds: float
    fine: bool = True


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The running stretch until or from now: "within the next two hours", "the last 3 minutes"."""

    start: float
    end: float


def date(node: al.Node | None, **more: Any) -> Values | None:
    """A piece of meaning: these days."""
    return None if node is None else {"date": node, **more}


def clock(hour: int, minute: int = 0, **more: Any) -> Values | None:
    """A piece of meaning: this time of day."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59) or (hour == 24 and minute):
        return None
    return {"time": Clock(hour, minute, fixed=hour in (0, 24) or hour > 12, **more)}


def as_clock(x: Clock | int) -> Clock:
    """A bare hour as a clock time."""
    return x if isinstance(x, Clock) else Clock(x, fixed=x == 0 or x > 12)


# --- clock times -----------------------------------------------------------------------------------


def hour(a: Args) -> Values | None:
    """{h}"""
    return clock(a[0])


def hour_minute(a: Args) -> Values | None:
    """{h} {min}"""
    return clock(a[0], a[1], minutes_said=True)


def said_clock(a: Args) -> Values | None:
    """{clock}"""
    return {"time": a[0]}


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


# --- days ------------------------------------------------------------------------------------------


def weekday(mode: al.Mode = "bare") -> Build:
    """{dow} with its "next", "this", "last"."""

    def build(a: Args) -> Values | None:
        node = al.Weekday(a[-1], mode)
        return {"date": node, "d_dow": node, **({"lastdow": a[-1]} if mode == "last" else {})}

    return build


def running(offset: int) -> Build:
    """{unit} with its "next", "this", "last"."""

    def build(a: Args) -> Values | None:
        unit = a[-1]
        if unit not in _CALENDAR and unit != "fortnight":
            return None
        if unit == "fortnight":
            return date(al.Rolling(2, "week", offset < 0)) if offset else None
        if unit == "day" and offset == -1:
            return date(al.Running("day", -1), lastunit=unit)
        if unit == "day":
            return date(al.Shift(al.TODAY, offset, "day"), d_nextday=offset) if offset else date(al.TODAY)
        if unit == "weekend":
            if offset == 1:
                return date(al.Running("weekend", 0, ask=True))
            if offset == 2:
                return date(al.Running("weekend", 1, ask=True))
        node = al.Running(unit, offset)
        return date(node, d_unit=node, **({"lastunit": unit} if offset == -1 else {}))

    return build


def day(offset: int) -> Values:
    """today, tomorrow, …"""
    return {"date": al.Running("day", offset), "today": offset}


def fields(*order: str) -> Build:
    """A calendar date from parts in the order given: "d m", "m d y"."""

    def build(a: Args) -> Values | None:
        got = {k: v for k, v in zip(order, a, strict=False) if v is not None}
        y, m, d = got.get("y"), got.get("m"), got.get("d")
        if y is not None and y < 100:
            y += 2000 if y < 70 else 1900
        if m is not None and not 1 <= m <= 12:
            return None
        if d is not None and (not 1 <= d <= 31 or (m and not safe_date(y or 2024, m, d))):
            return None
        if got.get("w") is not None:
            return date(al.Checked(al.Fields(y, m, d), got["w"]))
        more = {"d_month": True} if d is None else {"d_date": True} if m else {"d_dom": d}
        return date(al.Fields(y, m, d), **more)

    return build


def tuple_date(a: Args) -> Values | None:
    """A date from one numeric token (day, month[, year]) and perhaps a year after it."""
    day_, month = a[0][0], a[0][1]
    year = a[0][2] if len(a[0]) > 2 else a[1] if len(a) > 1 else None
    return fields("y", "m", "d")((year, month, day_))


def iso(a: Args) -> Values | None:
    """{ymd}"""
    return date(al.Fields(*a[0]), d_date=True)


def iso_week(a: Args) -> Values | None:
    """{num} {year}?"""
    year = a[1] if len(a) > 1 else None
    return date(al.IsoWeek(a[0], year)) if 1 <= a[0] <= 53 else None


def part_of_year(unit: str, number: int | None = None) -> Build:
    """nth quarter or half, {ord} {year}?"""

    def build(a: Args) -> Values | None:
        args = list(a)
        n = args.pop(0) if number is None else number
        year = args[0] if args else None
        if not 1 <= n <= (4 if unit == "quarter" else 2):
            return None
        return date(al.Part("quarter" if unit == "quarter" else "half", n, year))

    return build


def holiday(key: str, mode: al.Mode = "bare") -> Build:
    """A named day."""
    return lambda a: date(al.Holiday(key, mode))


def holiday_mode(mode: al.Mode) -> Build:
    """{hol} with its "next", "this", "last"."""
    return lambda a: date(al.Holiday(a[-1].key, mode)) if isinstance(a[-1], al.Holiday) else None


def nth_of(n: int | None = None) -> Build:
    """{ord} {dow|unit} … {date}"""

    def build(a: Args) -> Values | None:
        args = list(a)
        which = args.pop(0) if n is None else n
        inner, outer = args[0], args[-1]
        if isinstance(outer, str):
            outer = al.Cycle(outer)  # type: ignore[arg-type]
        if isinstance(inner, str):
            if inner not in _CALENDAR or inner == "year":
                return None
            inner = al.Cycle(inner)  # type: ignore[arg-type]
        elif isinstance(inner, int):
            inner = al.Weekday(inner)
        if al.is_day(outer) and not isinstance(outer, al.Holiday):
            return None
        return date(al.Nth(which, inner, outer))

    return build


def third(which: int) -> Build:
    """Beginning, middle or end of {date}"""

    def build(a: Args) -> Values | None:
        base = a[-1]
        if isinstance(base, int):
            base = al.Fields(year=base)
        if isinstance(base, str):
            if base not in _CALENDAR or base in ("day", "weekend"):
                return None
            base = al.Cycle(base)  # type: ignore[arg-type]
        if al.is_day(base) or isinstance(base, (al.Third, al.Days)):
            return None
        return date(al.Third(base, which), d_third=True)

    return build


def thirds(first: int, last: int) -> Build:
    """From one third of {date} to another"""

    def build(a: Args) -> Values | None:
        one, two = third(first)(a), third(last)(a)
        return None if one is None or two is None else date(al.Days(one["date"], two["date"]))

    return build


def containing(unit: al.Unit) -> Build:
    """The week (or month) of {date}"""
    return lambda a: date(al.Containing(unit, a[-1]))


def days(a: Args) -> Values | None:
    """{date} to {date}"""
    first, last = a[0], a[-1]
    if isinstance(first, al.Fields) and isinstance(last, al.Fields):
        if first.day and last.day and first.month is None:
            first = replace(first, month=last.month, year=first.year or last.year)
        elif first.month and last.month and last.year and first.year is None:
            first = replace(first, year=last.year - (first.month > last.month))
        elif first.day and first.month and last.day and last.month is None:
            last = replace(last, month=first.month, year=first.year)
    if isinstance(first, al.Within) and isinstance(first.inner, al.Weekday) and isinstance(last, al.Weekday):
        last = al.Within(last, first.outer)
    if isinstance(last, al.Within) and isinstance(last.inner, al.Weekday) and isinstance(first, al.Weekday):
        first = al.Within(first, last.outer)
    return date(al.Days(first, last))


def day_days_month(*order: str) -> Build:
    """ "3. bis 5. Mai": day to day of one month, in the order given ("d", "e", "m", "y")"""

    def build(a: Args) -> Values | None:
        got = {k: v for k, v in zip(order, a, strict=False) if v is not None}
        y, m = got.get("y"), got["m"]
        if isinstance(m, tuple):
            m, got["e"] = m[1], m[0]
        first, last = fields("y", "m", "d")((y, m, got["d"])), fields("y", "m", "d")((y, m, got["e"]))
        if first is None or last is None or got["d"] > got["e"]:
            return None
        return date(al.Days(first["date"], last["date"]))

    return build


# --- lengths and offsets ---------------------------------------------------------------------------


def duration(scale: float | None = None) -> Build:
    """{num|one} {unit}, or a fixed number of units"""

    def build(a: Args) -> Values | None:
        args = [x for x in a if x is not None]
        n = scale if scale is not None else float(args[0])
        unit = args[-1]
        if unit == "fortnight":
            return {"dur": Duration(n * 2, "week")}
        if unit in ("quarter_hour", "three_quarter_hour", "half_hour"):
            minutes = {"quarter_hour": 15, "three_quarter_hour": 45, "half_hour": 30}[unit]
            return {"dur": Duration(n * minutes, "minute")}
        if n != int(n):
            if unit == "day":
                return {"dur": Duration(n * 24, "hour")}
            if unit == "week":
                return {"dur": Duration(round(n * 7), "day")}
            if unit == "year":
                return {"dur": Duration(round(n * 12), "month")}
            if unit not in ("second", "minute", "hour"):
                return None
        return {"dur": Duration(n, unit)}

    return build


def plus_half(a: Args) -> Values | None:
    """{num} and a half {unit}"""
    return duration()((a[0] + 0.5, a[-1]))


def from_now(sign: int, *, eight_is_a_week: bool = False) -> Build:
    """in {dur}, {dur} ago"""

    def build(a: Args) -> Values | None:
        d: Duration = a[0]
        if d.n > 100000:
            return None
        if d.seconds is not None:
            return {"offset": Offset(sign * d.seconds)}
        n = int(d.n) * sign
        if eight_is_a_week and d.unit == "day" and n == 8:
            n = 7
        if d.unit == "year":
            return date(al.Containing("month", al.Shift(al.TODAY, n, "year")), d_shift=(n, d.unit))
        return date(al.Shift(al.TODAY, n, d.unit), d_shift=(n, d.unit))

    return build


def shifted(sign: int) -> Build:
    """{dur} after|before {date}"""

    def build(a: Args) -> Values | None:
        d: Duration = a[0]
        base = a[-1]
        if isinstance(base, Clock):
            if d.seconds is None:
                return None
            total = base.seconds + sign * int(d.seconds)
            if not 0 <= total < 86400 * 2:
                return None
            return {"time": replace(base, hour=total // 3600, minute=total % 3600 // 60, minutes_said=True)}
        if d.seconds is not None or d.n > 5000:
            return None
        if d.unit == "day" and d.n == 8 and sign > 0:
            return date(al.Shift(base, 7, "day"))
        return date(al.Shift(base, int(d.n) * sign, d.unit))

    return build


def day_next_to(sign: int) -> Build:
    """the day after|before {date}"""

    def build(a: Args) -> Values | None:
        base = a[-1]
        if al.grain_of(base) == "day":
            return date(al.Shift(base, sign, "day"))
        return date(al.NthAfter(sign, al.Cycle("day"), base))

    return build


def nth_after(sign: int, n: int | None = None) -> Build:
    """the nth {dow|unit} after|before {date}"""

    def build(a: Args) -> Values | None:
        args = list(a)
        which = args.pop(0) if n is None else n
        inner = args[0]
        if isinstance(inner, str) and (inner not in _CALENDAR or inner == "year"):
            return None
        node = al.Cycle(inner) if isinstance(inner, str) else al.Weekday(inner)  # type: ignore[arg-type]
        return date(al.NthAfter(sign * which, node, args[-1]))

    return build


def after_length(a: Args) -> Values | None:
    """after {dur}: from then on"""
    made = from_now(1)(a)
    return None if made is None else {**made, "p_from": True}


def rolling(backwards: bool) -> Build:
    """the next|last {num} {unit}"""

    def build(a: Args) -> Values | None:
        d: Duration = a[-1]
        if not 0 < d.n <= 1000:
            return None
        if d.seconds is not None:
            return {"elapsed": Elapsed(-d.seconds, 0) if backwards else Elapsed(0, d.seconds)}
        return date(al.Rolling(int(d.n), d.unit, backwards))

    return build


def within(a: Args) -> Values | None:
    """within {dur}: from now on"""
    d: Duration = a[-1]
    if d.seconds is not None:
        return {"elapsed": Elapsed(0, d.seconds)}
    if not 0 < d.n <= 1000:
        return None
    last = al.Shift(al.Shift(al.TODAY, int(d.n), d.unit), -1, "day")
    return date(al.Days(al.TODAY, last), d_within=True)


def skip(a: Args) -> Values | None:
    """A phrase that is not about time, however it looks."""
    return {"skip": True}


def const(**values: Any) -> Build:
    """The same meaning whatever was captured."""
    return lambda a: dict(values)


def pick(key: str, index: int = 0) -> Build:
    """The captured value under another name."""
    return lambda a: {key: a[index]}


def digit_range(a: Args) -> Values | None:
    """{d4} to {d4}: "0900-1030", but not "2026-2027" """
    one, two = digits4((a[0],)), digits4((a[1],))
    if one is None or two is None or a[0] >= a[1] or (a[0] >= 1900 and 1900 <= a[1] <= 2100):
        return None
    return clock_range((one["time"], two["time"]))


def of_last(build: Build) -> Build:
    """Builds from the last captured value alone."""
    return lambda a: build(a[-1:])


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


def day_bound(bound: str) -> Build:
    """{domord} with the side it is open to"""
    return lambda a: date(al.Fields(day=a[0]), p_bound=bound) if a[0] <= 31 else None


def holiday_in_year(key: str) -> Build:
    """{year} of a named day"""
    return lambda a: date(al.Within(al.Holiday(key), al.Fields(year=a[-1])))


def relative(sign: int) -> Build:
    """{dur} later|earlier, than what was said or offered before"""
    return lambda a: {"relative": (sign, a[0])} if 0 < a[0].n <= 5000 else None


def day_list(a: Args) -> Values | None:
    """Days of one month, one of which will do: "15., 16. oder 17. Juli" """
    month = a[-1][1] if isinstance(a[-1], tuple) else a[-1]
    days_ = [*a[:-1], a[-1][0]] if isinstance(a[-1], tuple) else a[:-1]
    made = [fields("y", "m", "d")((None, month, d)) for d in days_ if d is not None]
    return {"dates": [m["date"] for m in made if m is not None]} if all(made) else None


def half_of(n: int, base: al.Node) -> Values | None:
    """The first or second half of a month."""
    if al.grain_of(base) != "month" or n not in (1, 2) or not isinstance(base, al.Fields) or base.month is None:
        return None
    first, last = ((1, 15), (16, 28))[n - 1]
    end: al.Node = al.Fields(base.year, base.month, last) if n == 1 else al.Nth(-1, al.Cycle("day"), base)
    return date(al.Days(al.Fields(base.year, base.month, first), end))


def total(a: Duration, b: Duration) -> Duration:
    """Two lengths as one: "a day and two hours", "a year and two months"."""
    days = {"day": 1, "week": 7}
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}
    if a.unit in months and b.unit in months:
        return Duration(a.n * months[a.unit] + b.n * months[b.unit], "month")
    if a.unit in days and b.unit in days:
        return Duration(a.n * days[a.unit] + b.n * days[b.unit], "day")
    if a.unit in months:
        return a
    seconds = sum(x.seconds if x.seconds is not None else x.n * days.get(x.unit, 30) * 86400 for x in (a, b))
    return Duration(seconds / 60, "minute")
