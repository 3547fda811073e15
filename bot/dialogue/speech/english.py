"""Spoken English: times, dates, lengths, prices and digits as words a voice reads without guessing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from bot.dialogue.speech.voice import Voice

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}  # fmt: skip
_NEAR = {0: "today", 1: "tomorrow", 2: "the day after tomorrow"}
_LENGTHS = {15: "a quarter of an hour", 30: "half an hour", 45: "three quarters of an hour", 60: "one hour", 90: "an hour and a half"}  # fmt: skip
_CURRENCIES = {
    "EUR": ("euro", "euros", "cent", "cents"),
    "CHF": ("franc", "francs", "rappen", "rappen"),
    "USD": ("dollar", "dollars", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
}


def _number(n: int) -> str:
    """A number from 0 to 999,999 in words."""
    if n < 20:
        return _ONES[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {_number(rest)}" if rest else "")
    thousands, rest = divmod(n, 1000)
    joint = " and " if 0 < rest < 100 else " "
    return f"{_number(thousands)} thousand" + (f"{joint}{_number(rest)}" if rest else "")


def _ordinal(n: int) -> str:
    head, dash, last = _number(n).rpartition("-")
    ending = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return f"{head}{dash}{ending}"


def _minute(minute: int) -> str:
    return f" oh {_ONES[minute]}" if 0 < minute < 10 else f" {_number(minute)}" if minute else ""


def _time(at: time) -> str:
    if at == time(12):
        return "noon"
    hour = _number((at.hour - 1) % 12 + 1)
    if 1 <= at.hour <= 6:
        return f"{hour}{_minute(at.minute)} in the morning"
    return f"{hour}{_minute(at.minute)} {'am' if at.hour < 12 else 'pm'}"


def _casual(at: time) -> str:
    """The way people say it: "half past two", with a part of the day where the bare hour means another time."""
    if at.minute % 5 or at.hour == 0 or (at.hour == 23 and at.minute > 30):
        return _time(at)
    hour, following = (_number((at.hour + k - 1) % 12 + 1) for k in (0, 1))
    said = {
        0: f"{hour} o'clock",
        5: f"five past {hour}",
        10: f"ten past {hour}",
        15: f"quarter past {hour}",
        20: f"twenty past {hour}",
        25: f"twenty-five past {hour}",
        30: f"half past {hour}",
        35: f"twenty-five to {following}",
        40: f"twenty to {following}",
        45: f"quarter to {following}",
        50: f"ten to {following}",
        55: f"five to {following}",
    }[at.minute]
    return said + _part(at)


def _part(at: time) -> str:
    """What tells the hour from the one it would be taken for: one to six is taken for the afternoon."""
    hour = (at.hour - 1) % 12 + 1
    if at.hour == (hour + 12 if hour <= 6 else hour):
        return ""
    return " in the morning" if at.hour < 12 else " in the evening" if at.hour >= 17 else " in the afternoon"


def _year(year: int) -> str:
    if 2000 <= year < 2010:
        return _number(year)
    century, rest = divmod(year, 100)
    return f"{_number(century)} {_number(rest) if rest >= 10 else f'oh {_ONES[rest]}' if rest else 'hundred'}"


def _date(day: date, with_year: bool) -> str:
    year = f" {_year(day.year)}" if with_year else ""
    return f"on {_WEEKDAYS[day.weekday()]}, the {_ordinal(day.day)} of {_MONTHS[day.month - 1]}{year}"


def _duration(minutes: int) -> str:
    if minutes in _LENGTHS:
        return _LENGTHS[minutes]
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append("one hour" if hours == 1 else f"{_number(hours)} hours")
    if rest or not hours:
        parts.append("one minute" if rest == 1 else f"{_number(rest)} minutes")
    return " and ".join(parts)


def _money(units: int, cents: int, currency: str) -> str:
    one, many, cent, more_cents = _CURRENCIES[currency]
    if not units and cents:
        return f"{_number(cents)} {cent if cents == 1 else more_cents}"
    head = f"{_number(units)} {one if units == 1 else many}"
    return f"{head} {_number(cents)}" if cents else head


def _list(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]


ENGLISH = Voice(
    number=_number,
    time=_time,
    casual_time=_casual,
    date=_date,
    near=_NEAR,
    joint=" at ",
    duration=_duration,
    money=_money,
    currencies=frozenset(_CURRENCIES),
    either=_list,
    digits=tuple(_ONES[:10]),
    plus="plus",
)
