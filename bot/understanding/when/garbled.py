"""Days that nobody knows: misspelled beyond recognition, or of the guest's own; a time beside one is on no day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.when.grammar import Item
from bot.understanding.when.kinds import CLOCKS, is_time, names_day
from bot.understanding.when.language import Language

_NO_TIMES = frozenset(("ordnoun", "slipped", "neardow"))
_DAY_CUES = frozenset(("on", "this", "next", "coming"))
_REACH = 4  # tokens from a day to its time


def slipped(items: Sequence[Item], language: Language) -> list[Item]:
    """ "Am Mobntaag", "mobntaag um zehn": where a day is due, a word that is nearly one is one, nobody knows which."""
    out = list(items)
    for i, item in enumerate(items):
        if "neardow" in item.values:
            cued = i > 0 and not _DAY_CUES.isdisjoint(items[i - 1].values)
            named = item.upper or (language.names is not None and item.text in language.names.first)
            timed = i + 1 < len(items) and not (CLOCKS | {"part"}).isdisjoint(items[i + 1].values)
            if cued or (timed and not named):
                out[i] = replace(item, values={"slipped": True})
    return out


def mark_garbled(items: list[Item], i: int, language: Language) -> None:
    """ "Donertsag um zehn oder Freitag um elf": the first time is on a day that nobody knows."""
    at = _time_beside(items, i, language)
    if at is not None and not names_day(items[at]):
        items[at] = replace(items[at], told="garbled")


def unknown_day(items: Sequence[Item], language: Language) -> bool:
    """Whether a day is named that no rule knows, and the time stands beside it: "an meinem Geburtstag um zehn"."""
    if language.dayish is None:
        return False
    return any(
        it.values.keys() <= _NO_TIMES
        and it.text
        and ("slipped" in it.values or language.dayish(it.text))
        and (_beside_time(items, i, language) or (i and items[i - 1].text in language.dow_cues))
        for i, it in enumerate(items)
    )


def _beside_time(items: Sequence[Item], i: int, language: Language) -> bool:
    return _time_beside(items, i, language) is not None


def _time_beside(items: Sequence[Item], i: int, language: Language) -> int | None:
    """Where the time stands that belongs to a word, small words between them aside."""
    for step in (1, -1):
        k = i + step
        while 0 <= k < len(items) and abs(k - i) <= _REACH:
            if is_time(items[k]):
                return k
            if "glue" not in items[k].values and items[k].text not in language.time_cues:
                break
            k += step
    return None
