"""What looks like a time and is none: counts, prices, names, house numbers, numbers read out digit by digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language
from bot.understanding.when.names import blank_names

_KEEP = frozenset(("glue", "art", "and", "or", "to"))
_LINKS = frozenset(("-", "bis", "to", "oder", "or", "und", "and", "/", "x"))
_NAMES_ARE = frozenset(("ist", "is", "lautet", "war", "was"))
_BETWEEN_NAME = frozenset((".", ":", "ist", "is", "lautet", "war", "was", "dr", "prof", "of", "mr", "mrs", "'s"))


def blank(items: Sequence[Item], language: Language) -> list[Item]:
    """The tokens with those that stand for something else emptied of meaning."""
    out = list(items)
    blank_names(out, language)
    n = len(out)
    i = 0
    while i < n:
        text, values = out[i].text, out[i].values
        if "cnt" in values:
            _blank_counts(out, i)
        if "nmon" in values and i and not _OF_MONTH.isdisjoint(out[i - 1].values):
            out[i] = replace(out[i], values={k: v for k, v in values.items() if k != "nmon"})  # no first name
        if text in language.introducers and i >= 3 and out[i - 2].text in _NAMES_ARE:
            out[i - 3] = _empty(out[i - 3])  # "Sonntag is my name"
        elif text in language.titles:
            _blank_name(out, i, language)
        elif text in language.numbered and i + 1 < n and not _corrects(out, i, language):
            j = i + 1
            while j < n and out[j].text in (".", ":", "#", "ist", "is", "lautet"):
                j += 1
            if j < n and not _NUMBERS.isdisjoint(out[j].values):
                out[j] = _empty(out[j])
        elif _is_street(text, language):
            if i + 1 < n and "num" in out[i + 1].values:
                out[i + 1] = _empty(out[i + 1])
            if i and text in language.streets and not _NAME_BITS.isdisjoint(out[i - 1].values):
                out[i - 1] = _empty(out[i - 1])  # "Mai Straße"
            for j in range(i - 1, max(i - 4, -1), -1):
                if not _PARTING.isdisjoint(out[j].values):
                    break  # "at 4 or as close to it as you can"
                named = j == i - 1 and out[j].upper and not _NAME_BITS.isdisjoint(out[j].values)
                if language.code == "en" and ("num" in out[j].values or named):
                    out[j] = _empty(out[j])
        if "ordnoun" in values and i and "ord" in out[i - 1].values:
            before = out[i - 1]
            out[i - 1] = Item("#", {"nth": before.values["ord"]}, before.start, before.end, upper=before.upper)
        i += 1
    _blank_runs(out)
    _settle_doubtful(out, language)
    return _end_sentences(out, _AFTER_ORDINAL if language.code == "de" else _AFTER_NUMBER)


def _end_sentences(items: list[Item], ordinal: frozenset[str]) -> list[Item]:
    """The items, "10." taken apart where the stop ends a sentence and the number is a clock time: "Samstag ab 10. Danke!" """
    out: list[Item] = []
    for i, item in enumerate(items):
        if "stop" in item.values and "h" in item.values and _ends_sentence(items, i, ordinal):
            number = {k: v for k, v in item.values.items() if k in ("h", "num", "min", "mm")}
            out.append(replace(item, text=str(number["num"]), values=number, end=item.end - 1))
            out.append(Item(".", {}, item.end - 1, item.end))
        else:
            out.append(item)
    return out


def _ends_sentence(items: Sequence[Item], i: int, ordinal: frozenset[str]) -> bool:
    following = items[i + 1] if i + 1 < len(items) else None
    if following is not None and not {"or", "and"}.isdisjoint(following.values):
        after = items[i + 2].values if i + 2 < len(items) else {}
        if "domord" in after or _NAMED_DAYS.isdisjoint(after):
            return False  # "ab 8. oder 9. Mai", but "Montag ab 8. oder Dienstag ab 9."
    elif following is not None and "dow" not in ordinal and "dow" in following.values:
        pass  # of lower-case speech: "weekdays only after 5. thursday would be best"
    elif following is not None and (
        not (following.upper or ("dow" not in ordinal and following.text.isalpha()))
        or not ordinal.isdisjoint(following.values)
    ):
        return False
    k = i - 1
    while k >= 0 and "about" in items[k].values:
        k -= 1
    if k < 0 or items[i].values["h"] > 21:
        return k < i - 1
    before = items[k].values
    if k < i - 1 or not {"at", "b_before", "b_after"}.isdisjoint(before):
        return True  # of a day it would be "vor dem 10."
    if _BOUNDS.isdisjoint(before) and "and" not in before:
        return False
    if "to" in before or "and" in before:
        first = items[k - 1].values if k else {}
        if "domord" in first:
            return False
        if "h" in first:
            return True
        if "and" in before:
            return False
    return any(not _NAMED_DAYS.isdisjoint(it.values) for it in items[max(k - _SENTENCE, 0) : k])


def _settle_doubtful(out: list[Item], language: Language) -> None:
    """Words that are a month or weekday only in the right company: "may", "march", "sat", "so", "do"."""
    n = len(out)
    for i, item in enumerate(out):
        v = item.values
        if "amon" not in v and "adow" not in v and "atoday" not in v:
            continue
        before = out[i - 1] if i else _EDGE
        after = out[i + 1] if i + 1 < n else _EDGE
        alone = n <= 2 and all(x is item or not x.text.isalnum() for x in out)
        if "atoday" in v:
            following = out[i + 2] if i + 2 < n and after.text in language.time_cues else after
            counted = "glue" in after.values and i + 2 < n and bool({"num", "one"} & out[i + 2].values.keys())
            if alone or counted or (i + 1 < n and bool(_TIME_BITS & following.values.keys())):
                out[i] = _as(item, "today", v["atoday"])
            continue
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
                and (out[i + 2].text in language.time_cues or out[i + 2].text in _BREATHS)
                and i + 3 < n
                and _TIME_BITS & out[i + 3].values.keys()
            ):
                cue = True
            follows = i + 1 < n and (
                bool(_TIME_BITS & after.values.keys())
                or (after.text in ",.-/" and i + 2 < n and bool(_TIME_BITS & out[i + 2].values.keys()))
                or (after.text in language.time_cues and i + 2 < n and bool(_TIME_BITS & out[i + 2].values.keys()))
                or (after.text in language.dow_followers and before.text not in language.not_before_names)
            )
            if "title" in v and _is_title(out, i):
                continue
            follows = follows or ("weak" not in v and _goes_with_day(out, i))
            if "weak" in v:
                follows = (follows and item.upper and i > 0 and before.text not in ".!?") or (
                    follows and item.upper and after.text in ",."
                )
                follows = follows or (before.text in _JOINS and i > 1 and "dow" in out[i - 2].values)
                cue = before.text in language.dow_cues
                proper = alone = False
            if (
                (cue or follows or alone or proper)
                and after.text not in language.not_after
                and before.text not in language.not_before_names
            ):
                out[i] = _as(item, "dow", v["adow"])


def _corrects(items: Sequence[Item], i: int, language: Language) -> bool:
    """ "Three, no 3.30": a "no" after a pause is no number."""
    return (
        items[i].text in language.corrections
        and (not i or items[i - 1].text in _EDGES)
        and items[i + 1].text != "."
    )


def _goes_with_day(items: Sequence[Item], i: int) -> bool:
    """Whether an abbreviation is one of a list of days: "Mo, Di oder Mi"."""
    k = i - 1
    while k >= 0 and i - k <= _LIST:
        breath = items[k].text in _BREATHS or not _PARTING.isdisjoint(items[k].values)
        if not breath and not (items[k].text == "." and k < i - 1):
            break
        k -= 1
    return k >= 0 and "dow" in items[k].values


def _is_title(items: Sequence[Item], i: int) -> bool:
    """Whether an abbreviation that is also a title stands before a name: "Montag, Fr. Müller"."""
    dotted = i + 1 < len(items) and items[i + 1].text == "."
    name = items[i + 1 + dotted] if i + 1 + dotted < len(items) else _EDGE
    return name.upper and not name.values and name.text.isalpha()


_EDGE = Item("", {}, 0, 0)
_EDGES = frozenset(",.;!?-")
_OF_MONTH = frozenset(("of", "early", "mid", "late"))
_NUMBERS = frozenset(("num", "dec", "slash", "dot_time", "dot_date", "clock", "dm", "dmy", "d4"))
_NAMED_DAYS = frozenset(("dow", "today", "hol", "part", "dm", "dmy", "ymd", "noon", "tonight"))
_BOUNDS = frozenset(("b_from", "b_until", "b_before", "b_after", "to", "p_from", "p_until"))
_AFTER_ORDINAL = frozenset(("mon", "amon", "ordnoun", "unit", "week_word", "hol", "dow", "monord", "season"))
_AFTER_NUMBER = frozenset(("mon", "amon"))
_BREATHS = frozenset((",", "-", "/"))
_PARTING = frozenset(("or", "and"))
_JOINS = frozenset("/+-&")
_LIST = 3  # tokens from a day of a list to the next
_RUN = 5  # numbers in a row that are one, read out
_SENTENCE = 10  # tokens back to the day that a clock time belongs to
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
    named = {"nmon": True} if "nmon" in item.values else {}
    return Item(item.text, {category: value, **named}, item.start, item.end, upper=item.upper)


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
        beyond = out[j + 2] if j + 2 < len(out) else _EDGE
        cued = "and" not in after.values or bool(_TIME_BITS & beyond.values.keys())
        timed = (cued and after.text in language.time_cues) or bool(_TIME_BITS & after.values.keys())
        surname = out[j].upper and "today" not in out[j].values
        spoken = out[i].text in language.introducers and bool(_NAME_BITS & out[j].values.keys())
        if (surname or spoken) and not timed:
            out[j] = _empty(out[j])


def _blank_after_zero(out: list[Item]) -> None:
    """ "Null eins sieben sechs, zwölf dreißig": pairs of digits, with commas where the speaker breathes."""
    i = 0
    while i < len(out):
        run = []
        emptied = out[i].text == "#" and not out[i].values
        if emptied or (out[i].values.get("num") == 0 and out[i].text != "."):
            for j in range(i, len(out)):
                if (emptied and i == j) or ("num" in out[j].values and "stop" not in out[j].values):
                    run.append(j)
                elif out[j].text not in _BREATHS:
                    break
        if len(run) >= _RUN:
            for j in run:
                out[j] = _empty(out[j])
        i = run[-1] + 1 if run else i + 1


def _is_street(text: str, language: Language) -> bool:
    return text in language.streets or (
        language.code == "de" and text.endswith(("strasse", "gasse", "allee", "weg", "platz")) and len(text) > 5
    )


def _blank_runs(out: list[Item]) -> None:
    """Five or more single digits in a row are a number read out, and so are as many numbers after a zero."""
    _blank_after_zero(out)
    run = 0
    for i in range(len(out) + 1):
        single = i < len(out) and (
            (0 <= out[i].values.get("num", 99) <= 9 and out[i].text != ".") or "digitish" in out[i].values
        )
        if single:
            run += 1
            continue
        if run >= _RUN:
            for j in range(i - run, i):
                out[j] = _empty(out[j])
        run = 0
