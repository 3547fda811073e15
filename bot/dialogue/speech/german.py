"""Spoken German: times, dates, lengths, prices and digits as words a voice reads without guessing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from bot.dialogue.speech.voice import Voice
from bot.understanding.when.german.words import cardinal

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_ORDINALS = {1: "ersten", 3: "dritten", 7: "siebten", 8: "achten"}
_NEAR = {0: "heute", 1: "morgen", 2: "übermorgen"}
_LENGTHS = {15: "eine Viertelstunde", 30: "eine halbe Stunde", 45: "eine Dreiviertelstunde", 60: "eine Stunde", 90: "anderthalb Stunden"}  # fmt: skip
_CURRENCIES = {
    "EUR": ("Euro", "Cent"),
    "CHF": ("Franken", "Rappen"),
    "USD": ("Dollar", "Cent"),
    "GBP": ("Pfund", "Pence"),
}


def _number(n: int) -> str:
    """A number from 0 to 999,999 as one word."""
    if n < 100:
        return "eins" if n == 1 else cardinal(n)
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return f"{cardinal(hundreds)}hundert" + (_number(rest) if rest else "")
    thousands, rest = divmod(n, 1000)
    head = "ein" if thousands == 1 else _number(thousands)
    return f"{head}tausend" + (_number(rest) if rest else "")


def _ordinal(n: int) -> str:
    return _ORDINALS.get(n) or cardinal(n) + ("ten" if n < 20 else "sten")


def _time(at: time) -> str:
    hour = cardinal(at.hour)
    minute = f" {_number(at.minute)}" if at.minute else ""
    early = " früh" if 1 <= at.hour <= 6 else ""
    return f"{hour} Uhr{minute}{early}"


def _casual(at: time) -> str:
    """The way people say it: "halb drei", with a part of the day where the bare hour means another time."""
    if at.minute % 5 or at.hour == 0 or (at.hour, at.minute >= 25) == (23, True):
        return _time(at)
    hour, following = (_hour(at.hour + k) for k in (0, 1))
    said = {
        0: f"{'ein' if hour == 'eins' else hour} Uhr",
        5: f"fünf nach {hour}",
        10: f"zehn nach {hour}",
        15: f"Viertel nach {hour}",
        20: f"zwanzig nach {hour}",
        25: f"fünf vor halb {following}",
        30: f"halb {following}",
        35: f"fünf nach halb {following}",
        40: f"zwanzig vor {following}",
        45: f"Viertel vor {following}",
        50: f"zehn vor {following}",
        55: f"fünf vor {following}",
    }[at.minute]
    return said + _part(at)


def _hour(hour: int) -> str:
    return _number((hour - 1) % 12 + 1)


def _part(at: time) -> str:
    """What tells the hour from the one it would be taken for: one to six is taken for the afternoon."""
    hour = (at.hour - 1) % 12 + 1
    if at.hour == (hour + 12 if hour <= 6 else hour):
        return ""
    return " früh" if at.hour < 12 else " abends" if at.hour >= 17 else " nachmittags"


def _year(year: int) -> str:
    if 1900 <= year < 2000:
        return f"neunzehnhundert{_number(year - 1900) if year > 1900 else ''}"
    return _number(year)


def _date(day: date, with_year: bool) -> str:
    year = f" {_year(day.year)}" if with_year else ""
    return f"am {_WEEKDAYS[day.weekday()]}, den {_ordinal(day.day)} {_MONTHS[day.month - 1]}{year}"


def _duration(minutes: int) -> str:
    if minutes in _LENGTHS:
        return _LENGTHS[minutes]
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(
            "eine Stunde" if hours == 1 else f"{cardinal(hours) if hours < 100 else _number(hours)} Stunden"
        )
    if rest or not hours:
        parts.append("eine Minute" if rest == 1 else f"{cardinal(rest)} Minuten")
    return " und ".join(parts)


def _money(units: int, cents: int, currency: str) -> str:
    whole, small = _CURRENCIES[currency]
    if not units and cents:
        return f"{'ein' if cents == 1 else _number(cents)} {small}"
    head = f"{'ein' if units == 1 else _number(units)} {whole}"
    return f"{head} {_number(cents)}" if cents else head


def _list(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " oder " + items[-1]


GERMAN = Voice(
    number=_number,
    time=_time,
    casual_time=_casual,
    date=_date,
    near=_NEAR,
    joint=" um ",
    duration=_duration,
    money=_money,
    currencies=frozenset(_CURRENCIES),
    either=_list,
    digits=tuple(_number(n) for n in range(10)),
    plus="plus",
)
