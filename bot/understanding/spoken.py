"""Number words as digits, for phone numbers and ordinals that are spoken. Times of day are the time engine's."""

# ruff: noqa: SIM905 - rows of words read better than quoted lists

from __future__ import annotations

import re

from bot.understanding.text import fold

_GERMAN_ONES = ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_GERMAN_TEENS = "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_ENGLISH_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ENGLISH_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _digits() -> dict[str, str]:
    digits = {"zwo": "2", "oh": "0", "o": "0", "nought": "0", "fuenef": "5", "eine": "1"}
    for ones in (_GERMAN_ONES, _ENGLISH_ONES):
        digits |= {word: str(value) for value, word in enumerate(ones)}
    for teens in (_GERMAN_TEENS, _ENGLISH_TEENS):
        digits |= {word: str(value) for value, word in enumerate(teens, 10)}
    for tens in (_GERMAN_TENS, _ENGLISH_TENS):
        digits |= {word: str(value * 10) for value, word in enumerate(tens, 2)}
    for ten, word in enumerate(_GERMAN_TENS, 2):
        for one, unit in enumerate(("ein", *_GERMAN_ONES[2:]), 1):
            digits[f"{unit}und{word}"] = str(ten * 10 + one)
    return {fold(word): value for word, value in digits.items()}


DIGITS_SAID = _digits()
"""Folded number word to digits, 0 to 99 (German), 0 to 19 and tens (English)."""

REPEATS = {"doppel": 2, "doppelt": 2, "zweimal": 2, "dreimal": 3, "double": 2, "triple": 3}

PHONE_CUE = re.compile(
    r"(?<!\w)(?:tel(?:efon)?(?:nummer)?|handy(?:nummer)?|mobil(?:nummer)?|(?:ruf)?nummer|phone(?: number)?|mobile|cell|number"
    r"|erreichbar|erreichen|anrufen|reach me|call me|text me)(?!\w)"
)
