"""Times, dates, lengths, prices, numbers and codes as spoken words: no digits, nothing for a voice to guess.

What is said here, the time engine understands again. Sentences around it are the business of the
renderer and the locales.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.dialogue.speech.english import ENGLISH
from bot.dialogue.speech.german import GERMAN
from bot.dialogue.speech.voice import Voice

__all__ = [
    "UnspeakableError",
    "speak_code",
    "speak_date",
    "speak_digits",
    "speak_duration",
    "speak_either",
    "speak_moment",
    "speak_money",
    "speak_number",
    "speak_time",
]

_VOICES = {"de": GERMAN, "en": ENGLISH}
_LARGEST = 999_999


class UnspeakableError(ValueError):
    """A value that has no spoken form here: an unknown language or currency, a number out of range."""


def _voice(language: str) -> Voice:
    voice = _VOICES.get(language[:2])
    if voice is None:
        raise UnspeakableError(f"no voice for language {language!r}")
    return voice


def speak_number(n: int, language: str) -> str:
    """A whole number from 0 to 999,999."""
    if not 0 <= n <= _LARGEST:
        raise UnspeakableError(f"{n} is out of range")
    return _voice(language).number(n)


def speak_time(at: time, language: str, *, casual: bool = False) -> str:
    """A wall time to the minute: "vierzehn Uhr dreißig"; `casual` says "halb drei" where that is usual.

    Casual forms are for echoing a caller, never for confirming.
    """
    voice = _voice(language)
    return (voice.casual_time if casual else voice.time)(at.replace(second=0, microsecond=0))


def speak_date(day: date, language: str, *, today: date, near: bool = False) -> str:
    """A day with its weekday: "am Dienstag, den ersten Dezember".

    The year is said only where the day and month alone would mean another one. With `near`, today
    and the two days after it are named as such.
    """
    voice = _voice(language)
    distance = (day - today).days
    if near and distance in voice.near:
        return voice.near[distance]
    return voice.date(day, not _is_next(day, today))


def _is_next(day: date, today: date) -> bool:
    """Whether the day is the next one of its day and month."""
    return today <= day < today + timedelta(days=365)


def speak_moment(at: datetime, language: str, *, today: date, near: bool = False, casual: bool = False) -> str:
    """Day and wall time: "am Dienstag, den ersten Dezember, um vierzehn Uhr dreißig"."""
    voice = _voice(language)
    day = speak_date(at.date(), language, today=today, near=near)
    comma = "," if "," in day else ""
    return f"{day}{comma}{voice.joint}{speak_time(at.time(), language, casual=casual)}"


def speak_duration(minutes: int, language: str) -> str:
    """A length in minutes: "eine Dreiviertelstunde"."""
    if not 0 <= minutes <= _LARGEST:
        raise UnspeakableError(f"{minutes} minutes are out of range")
    return _voice(language).duration(minutes)


def speak_money(hundredths: int, currency: str, language: str) -> str:
    """A price in hundredths of an ISO 4217 currency: 2450 EUR is "vierundzwanzig Euro fünfzig"."""
    voice = _voice(language)
    units, rest = divmod(hundredths, 100)
    if currency not in voice.currencies or not 0 <= units <= _LARGEST:
        raise UnspeakableError(f"no spoken form for {hundredths} {currency!r}")
    return voice.money(units, rest, currency)


def speak_digits(number: str, language: str) -> str:
    """A telephone number digit by digit, in groups of two to four as a person would say it."""
    voice = _voice(language)
    groups = _groups("".join(c for c in number if c.isdecimal() and c.isascii()))
    said = ", ".join(" ".join(voice.digits[int(d)] for d in group) for group in groups)
    return f"{voice.plus} {said}" if number.strip().startswith("+") else said


def _groups(digits: str) -> list[str]:
    """Groups of three; what is left over makes the last group (or the last two) two or four long."""
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def speak_code(code: str, language: str) -> str:
    """A code letter by letter and digit by digit: "A, sieben, K, zwei"."""
    voice = _voice(language)
    return ", ".join(
        voice.digits[int(c)] if c.isdecimal() and c.isascii() else c.upper() for c in code if c.isalnum()
    )


def speak_either(items: Sequence[str], language: str) -> str:
    """Spoken alternatives joined: "… oder …". Empty for none."""
    return _voice(language).either(items) if items else ""
