"""What a phrase of days, weeks, months or named days builds."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import DayPart
from bot.understanding.when.grammar import Args, Build, Values
from bot.understanding.when.phrases.pieces import date
from bot.understanding.when.units import safe_date

_CALENDAR = frozenset(("day", "workday", "week", "weekend", "month", "quarter", "half", "year"))


def weekday(mode: al.Mode = "bare") -> Build:
    """{dow} with its "next", "this", "last"."""

    def build(a: Args) -> Values | None:
        node = al.Weekday(a[-1], mode)
        return {"date": node, "d_dow": node, **({"lastdow": a[-1]} if mode == "last" else {})}

    return build


def every_weekday(a: Args) -> Values | None:
    """{dow} that is named as a habit: "immer dienstags", "every Tuesday"."""
    made = weekday()(a)
    return None if made is None else {**made, "habit": True}


def repeated_weekday(a: Args) -> Values | None:
    """{dow} that is wished again and again: "jeden zweiten Freitag"."""
    made = every_weekday(a)
    return None if made is None else {**made, "repeats": True}


def repeated_nth(a: Args) -> Values | None:
    """{ord} {dow} of every month."""
    made = nth_of()((a[0], a[1], "month"))
    return None if made is None else {**made, "habit": True, "repeats": True}


def every_but(node: al.Node, outer: al.Node, part: DayPart | None = None) -> Values | None:
    """Any day (or its evening) of a stretch except one: "any evening bar Thursday next week"."""
    if al.is_day(outer):
        return None
    dated = {"date": outer, "part": part} if part else {"date": outer}
    return {"dated": dated, "without": (node,)}


def whole_weeks(a: Args) -> Values | None:
    """{nthwhole} {date}? of a month: the nth week that has all its days in it"""
    outer = a[1] if len(a) > 1 else al.Cycle("month")
    return None if al.is_day(outer) else date(al.Nth(a[0], al.Cycle("week", whole=True), outer))


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
            if y <= 24:
                return None  # an hour of the day: "19.6. 14-16"
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
            if base not in _CALENDAR or base in ("day", "workday", "weekend"):
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


def day_bound(bound: str) -> Build:
    """{domord} with the side it is open to"""
    return lambda a: date(al.Fields(day=a[0]), p_bound=bound) if a[0] <= 31 else None


def holiday_in_year(key: str) -> Build:
    """{year} of a named day"""
    return lambda a: date(al.Within(al.Holiday(key), al.Fields(year=a[-1])))


def day_list(a: Args) -> Values | None:
    """Days of one month, one of which will do: "15., 16. oder 17. Juli" """
    month = a[-1][1] if isinstance(a[-1], tuple) else a[-1]
    days_ = [*a[:-1], a[-1][0]] if isinstance(a[-1], tuple) else a[:-1]
    made = [fields("y", "m", "d")((None, month, d)) for d in days_ if d is not None]
    return {"dates": [m["date"] for m in made if m is not None]} if all(made) else None


def numbered_days(a: Args) -> Values | None:
    """Days written one after the other, two of them in a form that alone is a date: "3. 4. oder 5. Juli" """
    numbers = [n for x in a[:-1] if x is not None for n in (x if isinstance(x, tuple) else (x,))]
    if any(isinstance(x, tuple) and x[1] == a[-1] for x in a[:-1]) and numbers[-1] - numbers[0] >= len(numbers):
        return None  # "3. 4. und 10. April"
    return day_list([*numbers, a[-1]]) if numbers == sorted(set(numbers)) else None


def days_in_a_row(a: Args, month: int | None = None) -> Values | None:
    """Such days beside one apart: only days in a row are surely no date ("3. 5. oder am 8." may be 3 May)."""
    numbers = [n for x in a if x is not None for n in (x if isinstance(x, tuple) else (x,))]
    return numbered_days([*a, month]) if numbers[-1] - numbers[0] == len(numbers) - 1 else None


def half_of(n: int, base: al.Node) -> Values | None:
    """The first or second half of a month."""
    if al.grain_of(base) != "month" or n not in (1, 2) or not isinstance(base, al.Fields) or base.month is None:
        return None
    first, last = ((1, 15), (16, 28))[n - 1]
    end: al.Node = al.Fields(base.year, base.month, last) if n == 1 else al.Nth(-1, al.Cycle("day"), base)
    return date(al.Days(al.Fields(base.year, base.month, first), end))


def edge_of(a: Args, *, last: bool) -> Values | None:
    """The first or last days or weeks, {dur}, inside {date} or the month: "the last two weeks of March"."""
    length, outer = (a[0], a[1]) if len(a) > 1 else (a[0], al.Cycle("month"))
    if length.unit not in ("day", "week") or al.is_day(outer) or not 1 < length.n < 32:
        return None
    n, inner = int(length.n), al.Cycle(length.unit)
    first, final = (-n, -1) if last else (1, n)
    return date(al.Days(al.Nth(first, inner, outer), al.Nth(final, inner, outer)))
