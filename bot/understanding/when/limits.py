"""Limits of a wish that the guest's own business sets: "um drei muss ich weg", "I work until three"."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import Clock, in_part
from bot.understanding.when.moments import Bound, Moment, join

_EARLY, _LATE = 11 * 3600, 20 * 3600  # what begins before, or ends after, leaves one side of the day


def limit_of(m: Moment) -> Moment | None:
    """The open side that is left for a wish beside what was told, or None if this sets no limit."""
    if m.clock is None or m.refused:
        return None
    ends = m.tbound in ("until", "before")
    if m.told in ("leaving", "ending") or (
        m.told == "due" and not ends
    ):  # "home by three", "im Büro bis drei": which side is open
        return replace(m, told="", tbound="until", bounds_end=True)
    if (m.told in ("busy", "busy?") and ends) or m.told == "over":
        return replace(m, told="", tbound="from")
    return None


def rest_of_day(m: Moment) -> Moment | None:
    """The open side that a refused part of the day leaves; None where it lies in the middle or more was refused than that."""
    if m.part is None or m.clock is not None or m.special or m.tbound:
        return None
    if m.part.start >= _EARLY and m.part.end <= _LATE:
        return None
    bound: Bound = "from" if m.part.start < _EARLY else "until"
    hour, rest = divmod(m.part.end if bound == "from" else m.part.start, 3600)
    clock = Clock(hour, rest // 60, fixed=True, minutes_said=bool(rest))
    return Moment(m.start, m.end, m.rules, date=m.date, clock=clock, tbound=bound)


def within(m: Moment, limit: Moment) -> Moment:
    """A wish for a day kept inside a limit; one with a clock time of its own, or of another day, stays as it is."""
    if m.refused or m.told or m.special or m.relative or m.dbound or m.date is None or not al.is_day(m.date):
        return m
    if limit.date not in (None, m.date) or limit.clock is None:
        return m
    if m.part is not None and m.clock is None:
        edge = in_part(limit.clock, m.part)
        if edge is None or m.tbound or not m.part.start < edge.seconds < m.part.end:
            return m
        until = limit.tbound == "until"
        start, end = (m.part.start, edge.seconds) if until else (edge.seconds, m.part.end)
        return replace(m, part=replace(m.part, start=start, end=end), bounds_end=limit.bounds_end)
    if m.timed and not (m.clock and m.tbound):
        return m
    return join(m, replace(limit, date=None, start=m.start, end=m.end)) or m
