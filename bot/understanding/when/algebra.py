"""The algebra of time at the level of days: points, cycles, offsets, intersections, "nth X of Y".

A node says what was meant, without a language and without a now; `find` lays it on the calendar.
Clock times and day parts are the business of `clock`, wall time and zones that of `resolve`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.understanding.when import holidays

Unit = Literal["second", "minute", "hour", "day", "workday", "week", "weekend", "month", "quarter", "half", "year"]
Mode = Literal["bare", "coming", "next", "after_next", "last", "this"]

_SIZE = {"day": 0, "workday": 0, "weekend": 1, "week": 2, "month": 3, "quarter": 4, "half": 5, "year": 6}


@dataclass(frozen=True, slots=True)
class Fields:
    """A calendar pattern: any of year, month and day; what is missing repeats."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday (Monday 0), chosen by `mode`."""

    weekday: int
    mode: Mode = "bare"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of two days, it is not known which: "Tursday"."""

    first: Node
    second: Node


@dataclass(frozen=True, slots=True)
class IsoWeek:
    """A numbered ISO week."""

    number: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The nth quarter or half of a year."""

    unit: Literal["quarter", "half"]
    number: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The running unit of the calendar, moved by `offset`: today, next week, last month.

    A weekend may be marked `ask`: the nearest is meant, perhaps the one after.
    """

    unit: Unit
    offset: int = 0
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Cycle:
    """A unit that repeats and was named alone: "am Wochenende"; the running or the next one.

    Of a week that is counted in a month, `whole` leaves out those that begin or end outside it.
    """

    unit: Unit
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Rolling:
    """The next or last `count` whole units, the running one left out."""

    count: int
    unit: Unit
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Holiday:
    """A named day or group of days."""

    key: str
    mode: Mode = "bare"


@dataclass(frozen=True, slots=True)
class Within:
    """The first `inner` that starts inside `outer`."""

    inner: Node
    outer: Node


@dataclass(frozen=True, slots=True)
class Nth:
    """The nth weekday or unit inside `outer`; -1 is the last one."""

    n: int
    inner: Weekday | Cycle
    outer: Node


@dataclass(frozen=True, slots=True)
class NthAfter:
    """The nth weekday or unit strictly after (n > 0) or before (n < 0) `base`."""

    n: int
    inner: Weekday | Cycle
    base: Node


@dataclass(frozen=True, slots=True)
class Shift:
    """`base` moved by n units. The base counts today among its days."""

    base: Node
    n: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Third:
    """Beginning (0), middle (1) or end (2) of a unit."""

    base: Node
    part: int


@dataclass(frozen=True, slots=True)
class Containing:
    """The calendar unit that `base` lies in: "the week of 6 October"."""

    unit: Unit
    base: Node


@dataclass(frozen=True, slots=True)
class LongWeekend:
    """The weekend that a day off makes longer: from Friday or Thursday, or until Monday or Tuesday."""

    base: Node


@dataclass(frozen=True, slots=True)
class Days:
    """From the start of `first` to the end of `last`, both included."""

    first: Node
    last: Node


@dataclass(frozen=True, slots=True)
class Checked:
    """A date together with the weekday it was said to be."""

    day: Node
    weekday: int


Node = (
    Fields
    | Weekday
    | OneOf
    | IsoWeek
    | Part
    | Running
    | Cycle
    | Rolling
    | Holiday
    | Within
    | Nth
    | NthAfter
    | Shift
    | Third
    | Containing
    | LongWeekend
    | Days
    | Checked
)


TODAY = Running("day", 0)


def is_day(node: Node) -> bool:
    """Whether a node names a single day."""
    match node:
        case Fields(day=d):
            return d is not None
        case Weekday() | Checked() | OneOf():
            return True
        case Running(unit=u) | Cycle(unit=u):
            return u in ("day", "workday")
        case Holiday(key=k):
            return not holidays.is_season(k) and k not in holidays.SPANS
        case Within(inner=i) | Nth(inner=i) | NthAfter(inner=i):
            return is_day(i)
        case Shift(base=b, unit=u):
            return u in ("day", "workday", "week") or is_day(b)
        case _:
            return False


def grain_of(node: Node) -> str:
    """The unit a node names, as far as it can be told without a calendar."""
    match node:
        case Fields(year=y, month=m, day=d):
            return "day" if d else "month" if m else "year" if y else "day"
        case IsoWeek():
            return "week"
        case Part(unit=u) | Running(unit=u) | Cycle(unit=u) | Containing(unit=u):
            return "day" if u == "workday" else u
        case Within(inner=i) | Nth(inner=i) | NthAfter(inner=i):
            return grain_of(i)
        case Holiday(key=k):
            return "season" if holidays.is_season(k) else "day"
        case Shift(base=b):
            return grain_of(b)
        case Rolling() | Days() | Third() | LongWeekend():
            return "span"
        case _:
            return "day"


def names_past(node: Node) -> bool:
    """Whether the words themselves point backwards or pin a year, so that nothing may be moved."""
    match node:
        case Fields(year=y) | IsoWeek(year=y) | Part(year=y):
            return y is not None
        case Weekday(mode=m) | Holiday(mode=m):
            return m == "last"
        case Running() | Rolling():
            return True
        case Within(outer=o) | Nth(outer=o):
            return names_past(o)
        case Third(base=b) | Containing(base=b) | Shift(base=b) | NthAfter(base=b):
            return names_past(b)
        case _:
            return False


def intersect(a: Node, b: Node) -> Node | None:
    """The node that both describe ("Dienstag" and "nächste Woche"), or None if they cannot be one."""
    for one, two in ((a, b), (b, a)):
        hit = _meet(one, two)
        if hit is not None:
            return hit
    return None


def leaves_out(days: Node, day: Weekday) -> bool:
    """Whether the weekdays that a stretch is named by leave a weekday out: "Montag bis Donnerstag", "Freitag"."""
    if not isinstance(days, Days):
        return False
    first, last = _weekday_of(days.first), _weekday_of(days.last)
    return first is not None and last is not None and (day.weekday - first) % 7 > (last - first) % 7


def _meet(a: Node, b: Node) -> Node | None:
    if isinstance(a, Fields) and isinstance(b, Fields):
        return _merge_fields(a, b)
    if isinstance(a, Weekday):
        if isinstance(b, Weekday):
            return None
        if a.mode in ("bare", "coming", "this") and is_day(b):
            named = _weekday_of(b)
            if named is not None:
                return b if named == a.weekday else None
            return Checked(b, a.weekday)
        if isinstance(b, (Days, Rolling, Third)):
            return Within(a, b) if a.mode == "bare" and not leaves_out(b, a) else None
        if a.mode == "bare" and a.weekday < 5 and grain_of(b) == "weekend":
            # "towards the weekend, Friday": the days before it, not those inside
            if isinstance(b, Running):
                return Within(a, Running("week", b.offset))
            return a if isinstance(b, Cycle) else None
        if a.mode == "bare" and grain_of(b) in ("week", "weekend", "month", "quarter", "year", "season"):
            return Within(a, b)
        return None
    if isinstance(a, Fields) and a.day is not None:
        if isinstance(b, (Running, Cycle)) and grain_of(b) in ("month", "year") and a.year is None:
            return Within(a, b) if a.month is None or grain_of(b) == "year" else None
        if isinstance(b, Third) and a.month is None:
            return Within(a, b)
        return None
    if isinstance(a, Fields) and a.month is not None and a.day is None and a.year is None:
        if isinstance(b, Running) and b.unit == "year":
            return Within(a, b)
        return None
    if isinstance(a, Within) and isinstance(b, Fields) and b.day is not None and b.month is None:
        # "heuer im Mai", "am 8."
        inner = _merge_fields(a.inner, b) if isinstance(a.inner, Fields) and a.inner.day is None else None
        return Within(inner, a.outer) if inner is not None else None
    if isinstance(a, (Holiday, Part, IsoWeek)):
        if isinstance(b, Fields) and b.year and b.month is None:
            return replace(a, year=b.year) if isinstance(a, (Part, IsoWeek)) else Within(a, b)
        if isinstance(b, Running) and b.unit == "year":
            return Within(a, b)
        return None
    if isinstance(a, Third) and (
        (isinstance(b, Fields) and b.year and b.month is None) or (isinstance(b, Running) and b.unit == "year")
    ):
        base = intersect(a.base, b)
        return Third(base, a.part) if base is not None else None
    if isinstance(a, Third) and isinstance(a.base, Cycle) and isinstance(b, Running) and a.base.unit == b.unit:
        return Third(b, a.part)  # "midweek next week"
    if isinstance(a, Cycle) and not isinstance(b, Cycle) and grain_of(b) in _SIZE:
        if a.unit == "weekend" and grain_of(b) in ("week", "month"):
            return Within(a, b)
        return None
    if isinstance(a, (Within, Nth)) and isinstance(b, Fields) and b.month is None and b.day is None:
        return _push_year(a, b)
    return None


def _weekday_of(node: Node) -> int | None:
    """The weekday that the words of a node name, if they name one."""
    match node:
        case Weekday(weekday=w) | Checked(weekday=w):
            return w
        case Within(inner=i) | Nth(inner=i) | NthAfter(inner=i):
            return _weekday_of(i)
        case Shift(base=b, unit=u):
            return _weekday_of(b) if u == "week" else None
        case _:
            return None


def _push_year(a: Within | Nth, year: Fields) -> Node | None:
    outer = intersect(a.outer, year)
    return replace(a, outer=outer) if outer is not None else None


def _merge_fields(a: Fields, b: Fields) -> Fields | None:
    def one(x: int | None, y: int | None) -> int | None:
        if x is not None and y is not None and x != y:
            raise ValueError
        return x if x is not None else y

    if (a.day is not None and b.day is not None) or a == b:
        return a if a == b else None
    try:
        return Fields(one(a.year, b.year), one(a.month, b.month), one(a.day, b.day))
    except ValueError:
        return None
