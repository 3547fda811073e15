"""Dates that no calendar has: "31. April", "30 February". Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

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
