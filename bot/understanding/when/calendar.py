"""Laying nodes of the algebra on the calendar, seen from a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.understanding.when import holidays
from bot.understanding.when.algebra import (
    Checked,
    Containing,
    Cycle,
    Days,
    Fields,
    Holiday,
    IsoWeek,
    LongWeekend,
    Mode,
    Node,
    Nth,
    NthAfter,
    OneOf,
    Part,
    Rolling,
    Running,
    Shift,
    Third,
    Unit,
    Weekday,
    Within,
    is_day,
    names_past,
)
from bot.understanding.when.model import Grain
from bot.understanding.when.units import add_months, add_units, add_workdays, safe_date, unit_end, unit_start

_GRAINS: dict[str, Grain] = {
    "day": "day",
    "workday": "day",
    "week": "week",
    "weekend": "weekend",
    "month": "month",
    "quarter": "quarter",
    "half": "quarter",
    "year": "year",
}
_FEW_WEEKS = 20  # days; a week of something shorter lies inside it
_SEARCH_YEARS = 12  # the longest wait for a calendar pattern is 29 February across 2100


@dataclass(frozen=True, slots=True)
class Env:
    """What a node is laid against: today, whether today may answer a bare weekday, the region."""

    today: date
    today_counts: bool = False
    region: str = "DE"


@dataclass(frozen=True, slots=True)
class Found:
    """Days from `start` until `end` (exclusive). `other` is a second meaning worth asking about."""

    start: date
    end: date
    grain: Grain
    other: tuple[date, date] | None = None


def find(node: Node, env: Env) -> Found | None:
    """Where the node lies, seen from today; None if the calendar has no such day."""
    try:
        return _find(node, env)
    except (OverflowError, ValueError):
        return None


def _find(node: Node, env: Env) -> Found | None:
    today = env.today
    match node:
        case Weekday(weekday=w, mode=mode):
            return _weekday(w, mode, env)
        case OneOf(first=a, second=b):
            found = sorted((x for x in (find(a, env), find(b, env)) if x is not None), key=lambda x: x.start)
            if len(found) < 2 or found[0].start == found[1].start:
                return found[0] if found else None
            return replace(found[0], other=(found[1].start, found[1].end))
        case Running(unit="workday", offset=n):
            day = add_workdays(today, n, env.region)
            return Found(day, day + timedelta(days=1), "day")
        case Running(unit=u, offset=n, ask=ask):
            return _running(u, n, ask, today)
        case Rolling(count=count, unit=u, backwards=back):
            here = unit_start(today, u)
            if back:
                return Found(add_units(here, -count, u), here, _GRAINS[u])
            first = unit_end(here, u) if u != "weekend" or today > here else here
            return Found(first, add_units(first, count, u), _GRAINS[u])
        case Holiday(key=k, mode=mode):
            return _holiday(k, mode, today, env.region)
        case Within(inner=i, outer=o):
            return _within(i, o, env)
        case Nth(n=n, inner=i, outer=o):
            return _nth(n, i, o, env)
        case NthAfter(n=n, inner=i, base=b):
            base = _find(b, env)
            return None if base is None else _nth_from(n, i, base, env.region)
        case Shift(base=b, n=n, unit=u):
            base = _find(b, replace(env, today_counts=True))
            if base is None:
                return None
            if u == "workday":
                day = add_workdays(base.start if n < 0 else base.end - timedelta(days=1), n, env.region)
                return Found(day, day + timedelta(days=1), "day")
            return Found(add_units(base.start, n, u), add_units(base.end, n, u), base.grain)
        case Third(base=b, part=p):
            base = _find(b, env)
            if base is None:
                return None
            hit = _third(base, p)
            if hit.end <= today and isinstance(b, Cycle):
                # "Anfang der Woche" on a Thursday is the next one
                hit = _third(_running(b.unit, 1, False, today), p)
            return hit
        case Containing(unit=u, base=b):
            base = _find(b, env)
            if base is None:
                return None
            start = unit_start(base.start, u)
            return Found(start, unit_end(start, u), _GRAINS[u])
        case LongWeekend(base=b):
            base = _find(b, env)
            if base is None:
                return None
            day = base.start
            saturday = (
                day - timedelta(days=(day.weekday() - 5) % 7) if day.weekday() < 2 else unit_start(day, "weekend")
            )
            return Found(min(day, saturday), max(base.end, saturday + timedelta(days=2)), "weekend")
        case Days(first=a, last=b):
            return _days(a, b, env)
        case Checked(day=d, weekday=w):
            return _checked(d, w, env)
        case _:
            return next_from(node, today, env)


def next_from(node: Node, day: date, env: Env) -> Found | None:
    """The first occurrence of a repeating node that is not over on `day`."""
    match node:
        case Fields(year=y, month=m, day=d):
            return _fields(y, m, d, day)
        case Weekday(weekday=w):
            start = day + timedelta(days=(w - day.weekday()) % 7)
            return Found(start, start + timedelta(days=1), "day")
        case Cycle(unit="workday"):
            start = add_workdays(day - timedelta(days=1), 1, env.region)
            return Found(start, start + timedelta(days=1), "day")
        case Cycle(unit=u):
            start = unit_start(day, u)
            return Found(start, unit_end(start, u), _GRAINS[u])
        case IsoWeek(number=n, year=y):
            for year in (y,) if y else (day.year, day.year + 1, day.year + 2):
                if n == 53 and date(year, 12, 28).isocalendar().week != 53:
                    continue
                start = date.fromisocalendar(year, n, 1)
                if y or start + timedelta(days=7) > day:
                    return Found(start, start + timedelta(days=7), "week")
            return None
        case Part(unit=u, number=n, year=y):
            months = 3 if u == "quarter" else 6
            for year in (y,) if y else (day.year, day.year + 1):
                start = date(year, (n - 1) * months + 1, 1)
                if y or add_months(start, months) > day:
                    return Found(start, add_months(start, months), "quarter")
            return None
        case Holiday(key=k):
            return _holiday(k, "bare", day, env.region)
        case _:
            return _find(node, replace(env, today=day, today_counts=True))


def _fields(year: int | None, month: int | None, day: int | None, today: date) -> Found | None:
    if year is not None and month is None:
        return Found(date(year, 1, 1), date(year + 1, 1, 1), "year")
    if month is not None and day is None:
        start = date(year or today.year, month, 1)
        if year is None and add_months(start, 1) <= today:
            start = start.replace(year=today.year + 1)
        return Found(start, add_months(start, 1), "month")
    if day is None:
        return None
    hit: date | None
    if year is not None and month is not None:
        hit = safe_date(year, month, day)
    elif month is not None:
        hit = next(
            (
                d
                for y in range(today.year, today.year + _SEARCH_YEARS)
                if (d := safe_date(y, month, day)) and d >= today
            ),
            None,
        )
    else:
        first = today.replace(day=1)
        hit = next(
            (d for k in range(4) if (d := safe_date(*_month_of(first, k), day)) and d >= today),
            None,
        )
    return None if hit is None else Found(hit, hit + timedelta(days=1), "day")


def _month_of(first: date, k: int) -> tuple[int, int]:
    there = add_months(first, k)
    return there.year, there.month


def _weekday(weekday: int, mode: Mode, env: Env) -> Found:
    today = env.today
    one = timedelta(days=1)
    ahead = (weekday - today.weekday()) % 7
    if mode == "last":
        back = (today.weekday() - weekday) % 7 or 7
        day = today - timedelta(days=back)
        return Found(day, day + one, "day")
    if ahead == 0 and not env.today_counts:
        ahead = 7
    day = today + timedelta(days=ahead)
    if mode in ("next", "after_next"):
        if ahead == 0:
            day += timedelta(days=7)
        in_running_week = unit_start(day, "week") == unit_start(today, "week")
        if mode == "after_next":
            day += timedelta(days=7)
        if in_running_week:
            later = day + timedelta(days=7)
            return Found(day, day + one, "day", (later, later + one))
    return Found(day, day + one, "day")


def _running(unit: Unit, n: int, ask: bool, today: date) -> Found:
    start = add_units(unit_start(today, unit), n, unit)
    other = None
    if ask and start <= today:
        start = add_units(start, 1, unit)
    elif ask:
        later = add_units(start, 1, unit)
        other = (later, unit_end(later, unit))
    return Found(start, unit_end(start, unit), _GRAINS[unit], other)


def _holiday(key: str, mode: Mode, today: date, region: str) -> Found | None:
    if key in ("bank_holiday", "bank_holiday_monday"):
        day = holidays.next_bank_holiday(today, monday=key != "bank_holiday")
        return Found(day, day + timedelta(days=1), "day")
    grain: Grain = "month" if holidays.is_season(key) else "day"
    years = range(today.year - 1, today.year + 3)
    spans = [s for y in years if (s := holidays.span(key, y, region))]
    if mode == "last":
        past = [s for s in spans if s[1] <= today]
        return Found(*past[-1], grain) if past else None
    ahead = [s for s in spans if s[1] > today]
    if mode == "next":
        ahead = [s for s in ahead if s[0] > today]
    if mode == "after_next":
        ahead = ahead[1:]
    return Found(*ahead[0], grain) if ahead else None


def _within(inner: Node, outer: Node, env: Env) -> Found | None:
    frame = _find(outer, env)
    if frame is None:
        return None
    hit = next_from(inner, frame.start, env)
    if hit is not None and hit.start < frame.start and isinstance(inner, Cycle):
        hit = next_from(inner, hit.end, env)
    if hit is not None and frame.start <= hit.start < frame.end:
        other = None
        if frame.other is not None:
            second = next_from(inner, frame.other[0], env)
            other = (second.start, second.end) if second else None
        frame_is_free = not names_past(outer) and is_day(inner)
        running = frame.start <= env.today < frame.end  # "a Tuesday this month" is one of those that are left
        if (frame_is_free or running) and hit.end <= env.today:
            later = next_from(inner, env.today, env)
            if later is not None and later.start < frame.end:
                hit = later
        return Found(hit.start, hit.end, hit.grain, other)
    return None


def _units_in(inner: Weekday | Cycle, frame: Found, region: str) -> list[Found]:
    """The weekdays, or the whole units, inside a frame; at most a year."""
    out: list[Found] = []
    if isinstance(inner, Weekday):
        day = frame.start + timedelta(days=(inner.weekday - frame.start.weekday()) % 7)
        while day < frame.end and len(out) < 60:
            out.append(Found(day, day + timedelta(days=1), "day"))
            day += timedelta(days=7)
        return out
    if inner.unit == "week" and not inner.whole and (frame.end - frame.start).days > _FEW_WEEKS:
        return _weeks_of(frame)
    start = unit_start(frame.start, inner.unit)
    if inner.unit in ("week", "weekend") and start < frame.start:
        start += timedelta(days=7)
    while start < frame.end and len(out) < 400:
        end = unit_end(start, inner.unit)
        if inner.unit == "workday" and not holidays.is_workday(start, region):
            start = end
            continue
        if inner.unit != "week" or end <= frame.end:
            out.append(Found(start, end, _GRAINS[inner.unit]))
        start = start + timedelta(days=7) if inner.unit == "weekend" else end
    return out


def _weeks_of(frame: Found) -> list[Found]:
    """The weeks of a month or longer: those of whose working days it has the most; none of another month's are offered."""
    out: list[Found] = []
    start = unit_start(frame.start, "week")
    while start < frame.end and len(out) < 60:
        end = start + timedelta(days=7)
        if frame.start <= start + timedelta(days=2) < frame.end:
            friday_is_inside = start + timedelta(days=4) < frame.end
            out.append(Found(max(start, frame.start), end if friday_is_inside else frame.end, "week"))
        start = end
    return out


def _nth(n: int, inner: Weekday | Cycle, outer: Node, env: Env) -> Found | None:
    frame = _find(outer, env)
    if frame is None:
        return None
    hit = _pick(_units_in(inner, frame, env.region), n)
    if hit is not None and hit.end <= env.today and not names_past(outer):
        later = _later_frame(outer, frame, env)
        if later is not None:
            hit = _pick(_units_in(inner, later, env.region), n) or hit
    return hit


def _later_frame(outer: Node, frame: Found, env: Env) -> Found | None:
    if isinstance(outer, (Fields, Cycle, Holiday, Part)):
        return next_from(outer, frame.end, env)
    return None


def _pick(hits: list[Found], n: int) -> Found | None:
    index = n - 1 if n > 0 else n
    return hits[index] if -len(hits) <= index < len(hits) else None


def _nth_from(n: int, inner: Weekday | Cycle, base: Found, region: str) -> Found:
    if isinstance(inner, Cycle) and inner.unit == "workday":
        day = add_workdays(base.end - timedelta(days=1) if n > 0 else base.start, n, region)
        return Found(day, day + timedelta(days=1), "day")
    if isinstance(inner, Weekday):
        if n > 0:
            day = base.end + timedelta(days=(inner.weekday - base.end.weekday()) % 7 + 7 * (n - 1))
        else:
            before = base.start - timedelta(days=1)
            day = before - timedelta(days=(before.weekday() - inner.weekday) % 7 + 7 * (-n - 1))
        return Found(day, day + timedelta(days=1), "day")
    unit = inner.unit
    if unit == "weekend" and n > 0:
        start = base.end + timedelta(days=(5 - base.end.weekday()) % 7 + 7 * (n - 1))
    elif n > 0:
        start = unit_start(base.end - timedelta(days=1), unit)
        start = add_units(start, n, unit)
    else:
        start = add_units(unit_start(base.start, unit), n, unit)
    return Found(start, unit_end(start, unit), _GRAINS[unit])


def _third(base: Found, part: int) -> Found:
    days = (base.end - base.start).days
    if base.grain == "week":
        cuts = (0, 2, 3, 5)
    elif base.grain == "month" and 28 <= days <= 31:
        cuts = (0, 10, 20, days)
    elif base.grain == "quarter" and 85 <= days <= 93:
        return Found(add_months(base.start, part), add_months(base.start, part + 1), "month")
    elif base.grain == "year":
        start = base.start
        first, last = add_months(start, 4 * part), add_months(start, 4 * part + 4)
        return Found(first, last, "month")
    else:
        cuts = (0, max(days // 3, 1), max(2 * days // 3, 1), days)
    start = base.start + timedelta(days=cuts[part])
    return Found(start, base.start + timedelta(days=cuts[part + 1]), "day")


def _days(a: Node, b: Node, env: Env) -> Found | None:
    """A range of days; of a pattern without year the end follows the start, so both stay together."""
    last_alone = find(b, env)
    if isinstance(b, Weekday) or last_alone is None:
        first = find(a, env)
    elif isinstance(a, Fields) and isinstance(b, Fields) and a.year is None:
        # "10. bis 20. Juni" on the 15th is the running range, not one that starts next year
        last = last_alone
        floor = last.start - timedelta(days=366 if a.month else 40)
        hit = next_from(a, floor, env)
        first = None
        while hit is not None and hit.start <= last.start:
            first = hit
            hit = next_from(a, hit.end, env)
        if first is None:
            return None
        return Found(first.start, last.end, last.grain)
    else:
        first = find(a, env)
    if first is None:
        return None
    last2 = next_from(b, first.start, replace(env, today_counts=True)) if _repeats(b) else last_alone
    if last2 is None or last2.end <= first.start:
        return None
    return Found(first.start, last2.end, last2.grain)


def _repeats(node: Node) -> bool:
    match node:
        case Fields(year=y, month=m):
            return y is None or m is not None
        case Weekday(mode=m):
            return m != "last"
        case Holiday() | Cycle() | IsoWeek() | Part():
            return True
        case _:
            return False


def _checked(day: Node, weekday: int, env: Env) -> Found | None:
    hit = _find(day, env)
    if hit is None or hit.start.weekday() == weekday:
        return hit
    if isinstance(day, Fields) and day.month is None and day.day is not None:
        again = next_from(day, hit.end, env)
        if again is not None and again.start.weekday() == weekday:
            return again
    nearest = hit.start + timedelta(days=(weekday - hit.start.weekday() + 3) % 7 - 3)
    if nearest <= env.today:
        nearest += timedelta(days=7)
    return Found(hit.start, hit.end, hit.grain, (nearest, nearest + timedelta(days=1)))
