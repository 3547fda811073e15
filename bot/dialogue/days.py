"""Days as the talk gives them a meaning: "der 16." among the offers, or in the month last spoken of. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking_core.model.interval import local
from bot.understanding.meaning import Meaning
from bot.understanding.when.model import Reading

_DAY_NUMBER = re.compile(r"(?<!\w)(?:\w+\.)*?day\.of\.month(?:\.plain)?(?= |$)")
"""The rule of a reading that is nothing but a day of some month."""
_WHICH_MONTH = re.compile(r"\b(?:monats?|month)\b", re.IGNORECASE)


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
