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
        if text in language.introducers and i >= 3 and out[i - 2].text in _BETWEEN_NAME:
            out[i - 3] = _empty(out[i - 3])  # "Sonntag is my name"
        if text in language.titles:
            _blank_name(out, i, language)
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
            before = out[i - 1]
            out[i - 1] = Item("#", {"nth": before.values["ord"]}, before.start, before.end, upper=before.upper)
        i += 1
    _blank_runs(out)
    _settle_doubtful(out, language)
    return out


def _settle_doubtful(out: list[Item], language: Language) -> None:
    """Words that are a month or weekday only in the right company: "may", "march", "sat", "so", "do"."""
    n = len(out)
    for i, item in enumerate(out):
        v = item.values
        if "amon" not in v and "adow" not in v:
            continue
        before = out[i - 1] if i else _EDGE
        after = out[i + 1] if i + 1 < n else _EDGE
        alone = n <= 2 and all(x is item or not x.text.isalnum() for x in out)
        proper = item.upper and i > 0 and before.text not in ".!?" and before.text not in language.not_before_names
        if "amon" in v:
            near = bool(_DATE_BITS & before.values.keys()) or bool(_DATE_BITS & after.values.keys())
            cue = before.text in language.cues and not (before.text in _WEAK_CUES and not item.upper)
            opening = item.upper and i == 0 and after.text in language.month_openers
            if (near or cue or alone or proper or opening) and after.text not in language.not_after:
                out[i] = _as(item, "mon", v["amon"])
        else:
            cue = before.text in language.cues or before.text in language.dow_cues
            dotted = after.text == "." and i + 2 < n
            if (
                dotted
                and out[i + 2].text in language.time_cues
                and i + 3 < n
                and _TIME_BITS & out[i + 3].values.keys()
            ):
                cue = True
            follows = i + 1 < n and (
                bool(_TIME_BITS & after.values.keys())
                or (after.text in ",.-/" and i + 2 < n and bool(_TIME_BITS & out[i + 2].values.keys()))
                or (after.text in language.time_cues and i + 2 < n and bool(_TIME_BITS & out[i + 2].values.keys()))
            )
            if "weak" in v:
                follows = (follows and item.upper and i > 0 and before.text not in ".!?") or (
                    follows and item.upper and after.text in ",."
                )
                cue = before.text in language.dow_cues
                proper = alone = False
            if (
                (cue or follows or alone or proper)
                and after.text not in language.not_after
                and before.text not in language.not_before_names
            ):
                out[i] = _as(item, "dow", v["adow"])


_EDGE = Item("", {}, 0, 0)
_DATE_BITS = frozenset(("domord", "dom", "year", "yearw"))
_NAME_BITS = frozenset(("dow", "adow", "mon", "amon", "season"))
_TIME_BITS = frozenset(
    (
        "clock",
        "h",
        "part",
        "domord",
        "dm",
        "dmy",
        "slash",
        "mon",
        "amon",
        "dow",
        "adow",
        "time",
        "dot_time",
        "dot_date",
        "clockword",
        "week_word",
        "noon",
        "tonight",
        "today",
        "ymd",
        "d4",
    )
)
_WEAK_CUES = frozenset(("this", "for", "and", "from", "or", "to", "after", "before", "last", "-"))


def _as(item: Item, category: str, value: object) -> Item:
    return Item(item.text, {category: value}, item.start, item.end, upper=item.upper)


def _empty(item: Item) -> Item:
    return Item("#" if "num" in item.values else item.text + "\u0000", {}, item.start, item.end, upper=item.upper)


def _blank_counts(out: list[Item], i: int) -> None:
    j = i - 1
    if j >= 0 and (
        "num" in out[j].values or "dec" in out[j].values or "one" in out[j].values or "dot_time" in out[j].values
    ):
        out[j] = _empty(out[j])
        if j >= 2 and out[j - 1].text in _LINKS and "num" in out[j - 2].values:
            out[j - 2] = _empty(out[j - 2])


def _blank_name(out: list[Item], i: int, language: Language) -> None:
    """Empties the one or two words of a name after a title or "my name is"."""
    j = i + 1
    while j < len(out) and out[j].text in _BETWEEN_NAME:
        j += 1
    if j >= len(out) or not out[j].text.isalpha():
        return
    if _KEEP & out[j].values.keys() and not out[j].upper:
        return
    out[j] = _empty(out[j])
    j += 1
    if j < len(out) and out[j].text.isalpha() and out[j - 1].end + 1 == out[j].start:
        after = out[j + 1] if j + 1 < len(out) else _EDGE
        timed = after.text in language.time_cues or bool(_TIME_BITS & after.values.keys())
        surname = out[j].upper and "today" not in out[j].values
        spoken = out[i].text in language.introducers and bool(_NAME_BITS & out[j].values.keys())
        if (surname or spoken) and not timed:
            out[j] = _empty(out[j])


def _is_street(text: str, language: Language) -> bool:
    return text in language.streets or (
        language.code == "de" and text.endswith(("strasse", "gasse", "allee", "weg", "platz")) and len(text) > 5
    )


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
