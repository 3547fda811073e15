"""Days as the talk gives them a meaning: "der 16." among the offers, or in the month last spoken of; days that do not exist. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking_core.model.interval import local
from bot.understanding.meaning import Meaning
from bot.understanding.when.model import Reading

_DAY_NUMBER = re.compile(r"(?<!\w)(?:\w+\.)*?day\.of\.month(?:\.plain)?(?= |$)")
"""The rule of a reading that is nothing but a day of some month."""
_WHICH_MONTH = re.compile(r"\b(?:monats?|month)\b", re.IGNORECASE)
_A_LEAP_YEAR = 2024

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan",
            "februar february feb",
            "märz maerz march mär mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})"
_DATES = (
    re.compile(rf"(?<![\d.:,]){_DAY}(?:\.|st|nd|rd|th)?(?: of)? ?(?P<month>{_NAMES})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?P<month>{_NAMES})\.? (?:the )?{_DAY}(?:st|nd|rd|th)?\b(?![.:]\d|\.? ?(?:uhr|[ap]\.?m\b|min|euro|€))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\d.:,]){_DAY}\.(?P<month>0?[1-9]|1[0-2])(?:\.(?:\d{{4}}|\d{{2}})?(?!\d)|\.? ?$)"),
)


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """A day that no year has: "31. April"."""

    day: int
    month: int


def with_day_numbers(
    meaning: Meaning, named: Sequence[date], anchor: date | None, *, today: date, zone: ZoneInfo
) -> Meaning:
    """The meaning with bare day numbers taken for one of the ``named`` days, else for one in the month of ``anchor``."""
    if meaning.when.none or _WHICH_MONTH.search(meaning.text):
        return meaning
    readings = tuple(_placed(reading, named, anchor, today, zone) for reading in meaning.when.readings)
    if readings == meaning.when.readings:
        return meaning
    return replace(meaning, when=replace(meaning.when, readings=readings))


def _placed(reading: Reading, named: Sequence[date], anchor: date | None, today: date, zone: ZoneInfo) -> Reading:
    if reading.start is None or not _DAY_NUMBER.search(reading.rule):
        return reading
    said = reading.start.astimezone(zone).date()
    fits = {day for day in named if day.day == said.day}
    meant = fits.pop() if len(fits) == 1 else _in_month_of(anchor, said.day)
    if meant is None or meant < today or meant == said:
        return reading
    shift = meant - said

    def moved(instant: datetime | None) -> datetime | None:
        if instant is None:
            return None
        wall = instant.astimezone(zone)
        return local(wall.date() + shift, wall.time(), zone)

    return replace(reading, start=moved(reading.start), end=moved(reading.end), past=False)


def _in_month_of(anchor: date | None, day: int) -> date | None:
    if anchor is None or day > monthrange(anchor.year, anchor.month)[1]:
        return None
    return anchor.replace(day=day)


def no_such_day(text: str) -> NoSuchDay | None:
    """The first date in a text that does not exist in any year."""
    for row in _DATES:
        for match in row.finditer(text):
            day, month = int(match.group("day")), _month(match.group("month"))
            if monthrange(_A_LEAP_YEAR, month)[1] < day < 40:
                return NoSuchDay(day, month)
    return None


def _month(said: str) -> int:
    return int(said) if said.isdecimal() else _MONTHS[said.lower()]
