"""From characters to tokens: numbers in all their forms, known words, joined words and typos.

Language comes in as a `Lexicon`; what tokens mean together is the business of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from rapidfuzz.distance import OSA

from bot.understanding.when.algebra import Fields
from bot.understanding.when.clock import Clock, apply_half
from bot.understanding.when.grammar import Item, Values

_FOLD = {
    "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
    "…": ".", "“": '"', "”": '"', "„": '"', "：": ":", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_FOLD_TABLE = str.maketrans(_FOLD)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "à": "a"})
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})

_TOKEN = r"""
    (?P<mail>[\w.+-]{1,64}@[a-z0-9.-]{1,64}\.[a-z]{2,}|(?:https?://|www\.)[^\s]{1,2000}|@\w{1,64}|[^\W_]{1,64}_\w{1,64})
  | (?P<isot>[12]\d{3}-\d\d-\d\d[t\ ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z\b|[+-]\d\d:?\d\d)?)(?!\d)
  | (?P<iso>[12]\d{3}-[01]?\d-[0-3]?\d)(?!\d)(?:t(?=\d\d:\d\d))?
  | (?P<ymd>[12]\d{3}[/.][01]?\d[/.][0-3]?\d)(?!\d)
  | (?P<dmy>[0-3]?\d(?P<sep>[./-])[\ ]?[0-3]?\d(?P=sep)(?:[12]\d{3}|\ (?:202\d|(?:1\d|20)[6-9]\d)|\d\d))(?![\d:]|\.\d)
  | (?P<dm>[0-3]?\d\.[\ ]?[01]?\d\.)(?!\d)
  | (?P<halfday>\d{1,2}:\d\d[ap]|\d{1,2}p|\d{1,2}a(?=\ ?-\ ?\d|\ to\ \d)|(?<=[ap]-)\d{1,2}a|(?<=a\ to\ )\d{1,2}a)(?![a-z.])
  | (?P<clock>[0-2]?\d:[0-5]\d(?::[0-5]\d)?)(?!\d)
  | (?P<hm>[0-2]?\dh[0-5]\d)(?!\d)
  | (?P<phone>\b\d{3}[-.\ ]\d{3}[-.\ ]\d{4}\b|\b\d{3}-\d{4}\b|(?:\+\d|\b00[1-9]|\b0\d{2,4}(?=[\ /-]?\d{3}))(?:[\ /()-]{0,2}\d){5,18})
  | (?P<money>[€$£]\ ?\d+(?:[.,]\d+)?)
  | (?P<leet>2(?:moro|morrow|mrw|day|nite|night)\b|b4\b)
  | (?P<dot>\d{1,2}\.\d{1,2})(?![\d%€]|[.,]\d|\ ?(?:€|euro|eur\b|%|prozent))
  | (?P<slash>\d{1,2}/\d{1,2})(?![\d/])
  | (?P<suffix>\d{1,2}(?:st|nd|rd|th|s?te[nrs]?))(?![a-z])
  | (?P<ordd>\d{1,2}\.)(?!\d)
  | (?P<decimal>\d+[.,]\d+)
  | (?P<num>\d+)
  | (?P<ampm>[ap]\.\ ?m\b\.?)
  | (?P<word>week-ends?\b|[^\W\d_]+(?:'[^\W\d_]+)*)
  | (?P<punct>[^\s\w]|_)
    """

_NO_DOTS = frozenset(("fur", "hatte", "hatten", "wurde", "konnte"))  # words of their own

_CONTRACTED = ("'d", "'ll", "'re", "'ve", "'m")  # "we'd" is no Wednesday

_LONG = 6  # letters of a word whose first letter may be a typo
_BESIDE = {"m": "nk", "d": "sfe", "f": "dg", "s": "adw", "g": "fh", "h": "gj", "n": "bm", "v": "cb", "w": "qe"}
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_COUNT_MARKS = frozenset("€$£%°")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language.

    `words`: word (umlauts written out) to what it stands for; the shared values are never changed.
    `heads` and `tails`: words that may be joined ("freitag" + "nachmittag"). `typos`: what a word
    with one letter removed may have been. `known`: everyday words that are no typo of ours. `full`:
    words whose dots were dropped, to their full spelling. `dotted`: abbreviations that take a full stop,
    to what they stand for. `weekdays` are the full names of the days of the week by first letter.
    """

    words: Mapping[str, Values]
    heads: tuple[str, ...] = ()
    tails: frozenset[str] = frozenset()
    typos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    full: Mapping[str, str] = field(default_factory=dict)
    dotted: Mapping[str, str] = field(default_factory=dict)
    weekdays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def spellings(word: str) -> tuple[str, ...]:
    """The ways a word is written: with umlauts written out, and with their dots dropped."""
    full, dropped = word.translate(_UMLAUTS), word.translate(_DROPPED)
    return (full,) if full == dropped else (full, dropped)


def build_lexicon(
    rows: Iterable[tuple[str, object, str]],
    *,
    heads: str = "",
    tails: str = "",
    correctable: str = "",
    known: str = "",
    literals: Iterable[str] = (),
    apostrophes: str = "",
    dotted: Mapping[str, str] | None = None,
) -> Lexicon:
    """A lexicon from rows of (category, value, words). A word may stand in several rows.

    `literals` are the words that patterns name outright; `apostrophes` words that are also written without theirs.
    """
    words: dict[str, Values] = {}
    full: dict[str, str] = {}
    for word in literals:
        for spelling in spellings(word)[1:]:
            full.setdefault(spelling, word.translate(_UMLAUTS))
    for category, value, text in rows:
        for word in text.split():
            for spelling in spellings(word):
                words.setdefault(spelling, {})[category] = value
            for spelling in spellings(word)[1:]:
                full.setdefault(spelling, word.translate(_UMLAUTS))
    full.update({word.replace("'", ""): word for word in apostrophes.split()})
    typos: dict[str, set[str]] = {}
    for word in correctable.split():
        for spelling in spellings(word):
            words.setdefault(spelling, {})
            for cut in _cuts(spelling):
                typos.setdefault(cut, set()).add(spelling)
    weekdays = [word for word in correctable.split() if "dow" in words.get(word, ())]
    return Lexicon(
        words,
        tuple(sorted({s for w in heads.split() for s in spellings(w)}, key=len, reverse=True)),
        frozenset(s for w in tails.split() for s in spellings(w)),
        {k: tuple(sorted(v)) for k, v in typos.items()},
        frozenset(s for w in known.split() for s in spellings(w)),
        {k: v for k, v in full.items() if k not in _NO_DOTS},
        dotted or {},
        {day[0]: tuple(each for each in weekdays if each[0] == day[0]) for day in weekdays},
    )


def _cuts(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


@cache
def _pattern() -> re.Pattern[str]:
    """The pattern of a token, compiled when first needed."""
    return re.compile(_TOKEN, re.VERBOSE)


def plain(text: str) -> str:
    """A word or pattern with its umlauts written out, as tokens are."""
    return text.translate(_UMLAUTS)


def fold(text: str) -> str:
    """Lower case with plain quotes, dashes and spaces, of the same length as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLD_TABLE)


def number_values(n: int, digits: int = 0) -> Values:
    """What a whole number may be: an hour, a minute, a day of the month, a year."""
    values: Values = {"num": n}
    if n <= 24:
        values["h"] = n
    if n <= 59:
        values["min"] = n
        if digits == 2:
            values["mm"] = n
    if digits == 0 and 1 <= n <= 59:
        values["mw"] = n
        if n <= 24:
            values["hw"] = n
        if n >= 10 and n % 5 == 0:
            values["mstep"] = n
    if 1 <= n <= 31:
        values["dom"] = n
        if digits:
            values["domd"] = n
    if digits == 4 and n // 100 <= 24 and n % 100 <= 59:
        values["d4"] = n
    if digits == 3 and n % 100 <= 59:
        values["d3"] = n
    if 1900 <= n <= 2100:
        values["year"] = n
    if digits == 2:
        values["yy"] = n
    return values


def tokenize(text: str, lexicon: Lexicon, *, month_first: bool = False) -> list[Item]:
    """The tokens of a text, with spans into it. Of numeric dates the day comes first, or the month."""
    items: list[Item] = []
    shouted = text.isupper()  # capitals tell nothing where all letters are
    for match in _pattern().finditer(fold(text)):
        kind = match.lastgroup
        if kind == "sep":
            kind = "dmy"
        raw, start, end = match.group(), match.start(), match.end()
        if kind in ("word", "leet"):
            items.extend(_word(raw, start, end, text[start].isupper() and not shouted, lexicon))
        elif raw == "." and items and items[-1].end == start and items[-1].text in lexicon.dotted:
            items[-1] = _spelled_out(items[-1], end, lexicon)
        elif kind == "punct":
            values: Values = {"cnt": True} if raw in _COUNT_MARKS else {}
            items.append(Item(raw, {**values, **lexicon.words.get(raw, {})}, start, end))
        elif kind == "ampm":
            items.append(Item(raw[0] + "m", dict(lexicon.words.get(raw[0] + "m", {})), start, end))
        else:
            items.append(_numeric(kind or "", raw, start, end, month_first))
    return items


def _spelled_out(item: Item, end: int, lexicon: Lexicon) -> Item:
    """An abbreviation and its full stop as the word it stands for."""
    word = lexicon.dotted[item.text]
    return Item(word, lexicon.words.get(word, {}), item.start, end, upper=item.upper)


def _numeric(kind: str, raw: str, start: int, end: int, month_first: bool) -> Item:
    if kind == "ordd":
        day = _ordinal(raw)
        stop = {"stop_ord": day["domord"]} if "domord" in day else {}
        return Item(".", {**day, **stop, **_after_full_stop(raw), "stop": True}, start, end)
    values: Values = {}
    if kind == "isot":
        y, m, d, hour, minute, second = [*_ints(raw), 0][:6] if raw.count(":") == 1 else _ints(raw)[:6]
        if _valid(y, m, d) and hour <= 23 and minute <= 59 and second <= 59:
            c = Clock(hour, minute, second, fixed=True, minutes_said=True, zone=_offset_zone(raw))
            values["dated"] = {"date": Fields(y, m, d), "time": c}
    elif kind in ("iso", "ymd"):
        y, m, d = _ints(raw.rstrip("t"))
        if _valid(y, m, d):
            values["ymd"] = (y, m, d)
    elif kind in ("dmy", "dm", "slash"):
        values = _date(kind, raw, month_first)
        raw = raw.replace(" ", "")
    elif kind in ("clock", "hm", "halfday"):
        values = _clock(kind, raw)
    elif kind == "dot":
        values = _dotted(raw)
    elif kind == "suffix":
        values = {**_ordinal(raw), "digits_ord": _ints(raw)[0]}
    elif kind == "decimal":
        values = _decimal(raw)
    elif kind == "num" and len(raw) <= 4:
        values = number_values(int(raw), len(raw))
        if len(raw) > 1 and raw[0] == "0":
            values["zero"] = True
    return Item(raw if len(raw) <= 4 else "#", values, start, end)


def _offset_zone(raw: str) -> str:
    """The zone behind an ISO time: "Z", or a whole number of hours."""
    if raw.endswith("z"):
        return "Etc/GMT"
    said = re.search(r"([+-])(\d\d):?00$", raw[16:])
    if said is None or int(said[2]) > 12:
        return ""
    return f"Etc/GMT{'-' if said[1] == '+' else '+'}{int(said[2])}"


def _ints(raw: str) -> list[int]:
    return [int(x) for x in re.findall(r"\d+", raw)]


def _date(kind: str, raw: str, month_first: bool) -> Values:
    if raw == "24/7":
        return {}
    numbers = _ints(raw)
    if kind == "dm":
        day, month = numbers
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return {}
        # "3. 4." may also begin a list of days: "3. 4. oder 5. Juli"
        return (
            {"dm": (day, month), "dom_pair": (day, month)} if " " in raw and day < month else {"dm": (day, month)}
        )
    both = _day_month(numbers[0], numbers[1], month_first)
    if kind == "slash":
        return {"slash": both}
    year = numbers[2]
    if year < 100:
        year += 2000 if year < 70 else 1900
    return {"dmy": (*both, year)}


def _clock(kind: str, raw: str) -> Values:
    hour, minute, second = [*_ints(raw), 0, 0][:3]
    said = len(_ints(raw)) > 1
    if kind == "halfday":
        if hour > 12 or minute > 59:
            return {}
        return {"time": apply_half(Clock(hour, minute, minutes_said=said), "pm" if raw[-1] == "p" else "am")}
    if hour > 24 or (hour == 24 and minute):
        return {}
    fixed = kind == "hm" or (raw[0] == "0" and raw[1] != ":")
    return {"clock": Clock(hour, minute, second, fixed=fixed, minutes_said=True)}


def _dotted(raw: str) -> Values:
    """ "14.30", "3.10": a time or a date, whichever the calendar and the clock allow."""
    left, right = raw.split(".")
    first, second = int(left), int(right)
    values: Values = {"dec": float(raw)}
    if first <= 24 and second <= 59 and len(right) == 2:
        values["dot_time"] = Clock(first, second, fixed=left[0] == "0", minutes_said=True)
    if 1 <= first <= 31 and 1 <= second <= 12:
        values["dot_date"] = (first, second)
    return values


def _ordinal(raw: str) -> Values:
    n = _ints(raw)[0]
    if not 1 <= n <= 53:
        return {}
    return {"ord": n, "domord": n} if n <= 31 else {"ord": n}


def _after_full_stop(raw: str) -> Values:
    """A number before a full stop may also be a plain one at the end of a sentence."""
    plain_values = number_values(_ints(raw)[0], len(raw) - 1)
    return {k: v for k, v in plain_values.items() if k in ("h", "num", "mm", "min")}


def _decimal(raw: str) -> Values:
    values: Values = {"dec": float(raw.replace(",", ".")) if len(raw) < 12 else 0.0}
    left, _, right = raw.partition(",")
    if len(right) == 2 and int(left) <= 24 and int(right) <= 59:
        values["comma_time"] = Clock(int(left), int(right), minutes_said=True)
    return values


def _day_month(a: int, b: int, month_first: bool) -> tuple[int, int]:
    """Day and month of two numbers: in the order of the place, or the only one the calendar allows."""
    day, month = (b, a) if month_first else (a, b)
    return (month, day) if month > 12 >= day else (day, month)


def _valid(y: int, m: int, d: int) -> bool:
    try:
        date(y, m, d)
    except ValueError:
        return False
    return True


def _word(raw: str, start: int, end: int, upper: bool, lexicon: Lexicon) -> list[Item]:
    norm = raw.translate(_UMLAUTS) if not raw.isascii() else raw
    if "-" in norm:
        norm = norm.replace("-", "")
    norm = lexicon.full.get(norm, norm)
    values = lexicon.words.get(norm)
    if values is not None:
        return [Item(norm, values, start, end, upper=upper)]
    if "'" in norm and not norm.endswith(_CONTRACTED):
        short = norm.partition("'")[0] if norm.endswith("'s") else norm.replace("'", "")
        values = lexicon.words.get(short)
        if values is not None:
            return [Item(short, values, start, end, upper=upper)]
    if len(norm) < 5 or len(norm) > 32 or norm in lexicon.known:
        return [Item(norm, {}, start, end, upper=upper)]
    for head in lexicon.heads:
        if norm.startswith(head) and len(norm) > len(head):
            tail = norm[len(head) :]
            found = tail if tail in lexicon.tails else _correct(tail, lexicon) if len(tail) > 5 else None
            if found in lexicon.tails and found is not None:
                middle = start + _raw_length(raw, len(head))
                return [
                    Item(head, lexicon.words[head], start, middle, upper=upper),
                    Item(found, lexicon.words[found], middle, end),
                ]
    better = _correct(norm, lexicon)
    if better is None and not raw.isascii():
        better = _correct(raw.translate(_DROPPED), lexicon)
    if better is not None:
        return [Item(better, lexicon.words[better], start, end, upper=upper)]
    days = sorted(lexicon.words[hit]["dow"] for hit in _near(norm, lexicon) if "dow" in lexicon.words[hit])
    doubt: Values = {"twodow": (days[0], days[1])} if len(days) == 2 else {}
    if not doubt and any(_twice_mistyped(norm, day) for day in lexicon.weekdays.get(norm[0], ())):
        doubt = {"slipped": True}
    elif not doubt and any(OSA.distance(norm, day, score_cutoff=2) <= 2 for day in _all(lexicon.weekdays)):
        doubt = {"neardow": True}
    return [Item(norm, doubt, start, end, upper=upper)]


def _raw_length(raw: str, length: int) -> int:
    """How many characters of `raw` make up `length` characters with umlauts written out."""
    return next((k for k in range(length + 1) if len(raw[:k].translate(_UMLAUTS)) >= length), length)


def _correct(word: str, lexicon: Lexicon) -> str | None:
    """The only word of ours that is one typo away. The first letter of a short word is never wrong."""
    hits = _near(word, lexicon)
    if len(hits) > 1 and len({lexicon.words[hit].get("dow", hit) for hit in hits}) == 1:
        return min(hits)  # spellings of one day
    if len(hits) > 1:
        hits = {hit for hit in hits if len(word) > len(hit) and _doubled(word, hit)}
    return hits.pop() if len(hits) == 1 else None


def _near(word: str, lexicon: Lexicon) -> set[str]:
    """The words of ours that are one typo away."""
    hits: set[str] = set()
    for cut in _cuts(word):
        for candidate in lexicon.typos.get(cut, ()):
            right = candidate[0] == word[0] or (len(candidate) >= _LONG and _slipped(word, candidate))
            if right and _one_typo(word, candidate):
                hits.add(lexicon.full.get(candidate, candidate))
    return hits


def _twice_mistyped(word: str, day: str) -> bool:
    """Whether the word may be a weekday with two typos: too far to say which day, too near to be no day."""
    if OSA.distance(word, day, score_cutoff=2) > 2:
        return False
    # a short one with two other letters is any word, unless these lie beside the right ones
    return (
        len(day) > _LONG or sorted(word) == sorted(day) or (len(word) >= len(day) and _fingers_slipped(word, day))
    )


def _all(weekdays: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    return (day for days in weekdays.values() for day in days)


def _fingers_slipped(word: str, day: str) -> bool:
    """Whether the word becomes the day by letters that changed places, were typed twice or on the key beside."""
    if not word or not day:
        return word == day
    if word[0] == day[0] and (
        _fingers_slipped(word[1:], day[1:]) or (word[1:2] == day[0] and _fingers_slipped(word[1:], day))
    ):
        return True
    if len(word) > 1 and len(day) > 1 and word[0] == day[1] and word[1] == day[0]:
        return _fingers_slipped(word[2:], day[2:])
    return _keys_touch(word[0], day[0]) and _fingers_slipped(word[1:], day[1:])


def _keys_touch(a: str, b: str) -> bool:
    places = [(at, row) for key in (a, b) for row, keys in enumerate(_KEYBOARD) if (at := keys.find(key)) >= 0]
    if len(places) < 2:
        return False
    (first, upper), (second, lower) = places
    # each row of keys is half a key to the right of the one above
    return abs(upper - lower) <= 1 and abs((first + upper / 2) - (second + lower / 2)) <= 1


def _doubled(word: str, candidate: str) -> bool:
    """Whether the word is the candidate with one letter typed twice."""
    i = next((k for k, letter in enumerate(candidate) if word[k] != letter), len(candidate))
    return i > 0 and word[i] == word[i - 1]


def _slipped(word: str, candidate: str) -> bool:
    """Whether the first letter got lost, changed places with the second, or is a key beside the right one."""
    first, second = candidate[0], candidate[1]
    return word[0] == second or word[0] in _BESIDE.get(first, "")


def _one_typo(a: str, b: str) -> bool:
    """Whether a becomes b by one insertion, deletion, substitution or swap of neighbours."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        swapped = i + 1 < len(a) and a[i] == b[i + 1] and a[i + 1] == b[i] and a[i + 2 :] == b[i + 2 :]
        return a[i + 1 :] == b[i + 1 :] or swapped
    return a[i + 1 :] == b[i:] if len(a) > len(b) else a[i:] == b[i + 1 :]
