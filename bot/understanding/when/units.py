"""The units of the calendar: where they begin and end, and how to move by them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from bot.understanding.when import holidays
from bot.understanding.when.algebra import Unit

_MOST_WORKDAYS = 260


def add_months(day: date, n: int) -> date:
    """The same day n months on, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_units(day: date, n: int, unit: Unit) -> date:
    """`day` moved by n calendar units."""
    if unit in ("day", "workday"):
        return day + timedelta(days=n)
    if unit in ("week", "weekend"):
        return day + timedelta(weeks=n)
    return add_months(day, n * {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit])


def add_workdays(day: date, n: int, region: str) -> date:
    """`day` moved by n days on which offices work, at most a year."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(min(abs(n), _MOST_WORKDAYS)):
        day += step
        while not holidays.is_workday(day, region):
            day += step
    return day


def unit_start(day: date, unit: Unit) -> date:
    """The first day of the unit that `day` lies in; for a weekend, the Saturday of its ISO week."""
    if unit in ("day", "workday"):
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "weekend":
        return day + timedelta(days=5 - day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if unit == "half":
        return date(day.year, 1 if day.month < 7 else 7, 1)
    return date(day.year, 1, 1)


def unit_end(start: date, unit: Unit) -> date:
    """The day after the unit that begins on `start`."""
    return start + timedelta(days=2) if unit == "weekend" else add_units(start, 1, unit)


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
