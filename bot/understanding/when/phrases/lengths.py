"""What a phrase of lengths and offsets builds: "in two hours", "a week later", "within three days"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock
from bot.understanding.when.grammar import Args, Build, Values
from bot.understanding.when.phrases.pieces import date


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
            if unit == "workday":
                return None
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


def between_lengths(a: Args) -> Values | None:
    """ "In two to three weeks": anywhere between the two."""
    few, d = float(a[0]), a[-1]
    if not 0 < few < d.n <= 100:
        return None
    if d.seconds is not None:
        return {"elapsed": Elapsed(Duration(few, d.unit).seconds or 0, d.seconds)}
    if few != int(few) or d.n != int(d.n):
        return None
    return date(al.Days(al.Shift(al.TODAY, int(few), d.unit), al.Shift(al.TODAY, int(d.n), d.unit)))


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


def relative(sign: int) -> Build:
    """{dur} later|earlier, than what was said or offered before"""
    return lambda a: {"relative": (sign, a[0])} if 0 < a[0].n <= 5000 else None


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
