"""VTIMEZONE components (RFC 5545, 3.6.5) from the time zone database; pure.

Regular zones become yearly rules, which every client reads; irregular ones get each change of the years around the event.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_YEARS_AFTER = 4  # as far as a rule must hold to be called one
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - onsets are wall times


@dataclass(frozen=True, slots=True)
class Change:
    """One change of offset; ``onset`` is the wall time at which it comes, still counted with ``offset_from``."""

    onset: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str


def timezone_component(zone: ZoneInfo, starts_at: datetime, ends_at: datetime) -> Timezone:
    """A VTIMEZONE that is right for every instant of the event's years and the one before."""
    first, last = starts_at.astimezone(zone).year - 1, ends_at.astimezone(zone).year
    component = Timezone()
    component.add("tzid", zone.key)
    changes = changes_between(zone, first, last + _YEARS_AFTER)
    if not changes:
        offset = starts_at.astimezone(zone).utcoffset() or timedelta()
        name = starts_at.astimezone(zone).tzname() or zone.key
        component.add_component(_observance(Change(_EPOCH, offset, offset, name), daylight=False))
        return component
    observances = _rules(changes, first)
    if observances is None:
        observances = [(change, None) for change in changes if change.onset.year <= last + 1]
    for change, rule in observances:
        daylight = change.offset_to > change.offset_from
        component.add_component(_observance(change, daylight=daylight, rule=rule))
    return component


def changes_between(zone: ZoneInfo, first_year: int, last_year: int) -> list[Change]:
    """Every change of offset in these years, in order."""
    found: list[Change] = []
    instant, beyond = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offset = _offset(zone, instant)
    while instant < beyond:
        later = instant + timedelta(days=1)
        if (offset_later := _offset(zone, later)) != offset:
            found.append(_change(zone, instant, later))
        instant, offset = later, offset_later
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    local = after.astimezone(zone)
    onset = (after + old).replace(tzinfo=None)
    return Change(onset, old, _offset(zone, after), local.tzname() or zone.key)


def _rules(changes: list[Change], first_year: int) -> list[tuple[Change, vRecur | None]] | None:
    """The first year's changes with their yearly rules; None where any later year breaks them."""
    years: dict[int, list[Change]] = {}
    for change in changes:
        years.setdefault(change.onset.year, []).append(change)
    models = years.get(first_year, [])
    if set(years) != set(range(first_year, max(years) + 1)) or any(
        len(year) != len(models) for year in years.values()
    ):
        return None
    rules: list[tuple[Change, vRecur | None]] = []
    for index, model in enumerate(models):
        same = [year[index] for year in years.values()]
        if any((each.offset_from, each.offset_to) != (model.offset_from, model.offset_to) for each in same):
            return None
        week = _week(each.onset for each in same)
        if week is None:
            return None
        byday = f"{week}{_DAYS[model.onset.weekday()]}"
        rules.append((model, vRecur({"FREQ": "YEARLY", "BYMONTH": model.onset.month, "BYDAY": byday})))
    return rules


def _week(onsets: Iterable[datetime]) -> int | None:
    """Which weekday of its month all onsets are: 1 to 4 from the start, -1 the last; None where they do not agree."""
    every = list(onsets)
    if len({(onset.month, onset.weekday(), onset.time()) for onset in every}) != 1:
        return None
    countings: tuple[Callable[[datetime], int], ...] = (_from_the_end, _from_the_start)
    for counting in countings:
        weeks = {counting(onset) for onset in every}
        if len(weeks) == 1 and 0 not in weeks:
            return weeks.pop()
    return None


def _from_the_start(onset: datetime) -> int:
    return (onset.day - 1) // 7 + 1


def _from_the_end(onset: datetime) -> int:
    return -1 if onset.day + 7 > calendar.monthrange(onset.year, onset.month)[1] else 0


def _observance(
    change: Change, *, daylight: bool, rule: vRecur | None = None
) -> TimezoneDaylight | TimezoneStandard:
    component = TimezoneDaylight() if daylight else TimezoneStandard()
    component.add("dtstart", change.onset)
    component.add("tzoffsetfrom", change.offset_from)
    component.add("tzoffsetto", change.offset_to)
    component.add("tzname", change.name)
    if rule is not None:
        component.add("rrule", rule)
    return component


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
