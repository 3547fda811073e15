"""What looks like a time and is none: counts, prices, names, house numbers, numbers read out digit by digit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language

_KEEP = frozenset(("glue", "art", "and", "or", "to"))
_LINKS = frozenset(("-", "bis", "to", "oder", "or", "und", "and", "/", "x"))
_BETWEEN_NAME = frozenset((".", ":", "ist", "is", "lautet", "war", "was", "dr", "prof", "of", "mr", "mrs", "'s"))


def blank(items: Sequence[Item], language: Language) -> list[Item]:
    """The tokens with those that stand for something else emptied of meaning."""
    out = list(items)
    n = len(out)
    i = 0
    while i < n:
        text, values = out[i].text, out[i].values
        if "cnt" in values:
            _blank_counts(out, i)
        if text in language.titles:
            _blank_name(out, i)
        elif text in language.numbered and i + 1 < n:
            j = i + 1
            while j < n and out[j].text in (".", ":", "#", "ist", "is", "lautet"):
                j += 1
            if j < n and ("num" in out[j].values or "dec" in out[j].values):
                out[j] = _empty(out[j])
        elif _is_street(text, language):
            if i + 1 < n and "num" in out[i + 1].values:
                out[i + 1] = _empty(out[i + 1])
            for j in range(i - 1, max(i - 4, -1), -1):
                if "num" in out[j].values and language.code == "en":
                    out[j] = _empty(out[j])
        if "ordnoun" in values and i and "ord" in out[i - 1].values:
            out[i - 1] = _empty(out[i - 1])
        i += 1
    _blank_runs(out)
    return out


def _empty(item: Item) -> Item:
    return Item("#" if "num" in item.values else item.text + "\u0000", {}, item.start, item.end, upper=item.upper)


def _blank_counts(out: list[Item], i: int) -> None:
    j = i - 1
    if j >= 0 and ("num" in out[j].values or "dec" in out[j].values or "one" in out[j].values or "dot_time" in out[j].values):
        out[j] = _empty(out[j])
        if j >= 2 and out[j - 1].text in _LINKS and "num" in out[j - 2].values:
            out[j - 2] = _empty(out[j - 2])


def _blank_name(out: list[Item], i: int) -> None:
    j = i + 1
    while j < len(out) and out[j].text in _BETWEEN_NAME:
        j += 1
    taken = 0
    while j < len(out) and taken < 2 and out[j].text.isalpha() and (taken == 0 or out[j].upper):
        if taken == 0 and _KEEP & out[j].values.keys() and not out[j].upper:
            return
        if taken and not (out[j].upper and out[j - 1].end + 1 == out[j].start):
            return
        if taken and "today" in out[j].values:
            return
        out[j] = _empty(out[j])
        taken += 1
        j += 1


def _is_street(text: str, language: Language) -> bool:
    return text in language.streets or (language.code == "de" and text.endswith(("strasse", "gasse", "allee", "weg", "platz")) and len(text) > 5)


def _blank_runs(out: list[Item]) -> None:
    """Five or more single digits in a row are a number read out."""
    run = 0
    for i in range(len(out) + 1):
        single = i < len(out) and 0 <= out[i].values.get("num", 99) <= 9 and out[i].text != "."
        if single:
            run += 1
            continue
        if run >= 5:
            for j in range(i - run, i):
                out[j] = _empty(out[j])
        run = 0
